//! `commonweal job`.

mod bid;
mod canary;
pub mod challenge;
pub mod config;
pub mod crank;
mod part;
pub mod post;
mod show;
mod work;

pub use super::provider::worker;

use {
    crate::{
        app::{App, Outcome},
        args::Job,
        cmd::provider,
    },
    commonweal_client::{
        escrow::{self, JobToken, Moment, Order},
        send::Plan,
        tokens, Address, Error,
    },
    solana_signer::Signer,
    std::{fs, path::Path},
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Job) -> Outcome {
    match verb {
        Job::Config(verb) => config::run(app, verb).await,
        Job::Provider(verb) => provider::run(app, verb).await,
        Job::Slot(verb) => provider::slots::run(app, verb).await,
        Job::Post(options) => post::post(app, options).await,
        Job::Bid(verb) => bid::run(app, verb).await,
        Job::Part(verb) => part::run(app, verb).await,
        Job::Challenge(verb) => challenge::run(app, verb).await,
        Job::Canary(verb) => canary::run(app, verb),
        Job::Claim(options) => work::claim(app, options).await,
        Job::Decline(options) => work::decline(app, options).await,
        Job::Start { work, arguments } => work::start(app, work, &arguments).await,
        Job::Run {
            job,
            module,
            arguments,
            result,
        } => work::run(app, job, &module, &arguments, &result).await,
        Job::Commit { work, result } => work::commit(app, work, &result).await,
        Job::Reveal(options) => work::reveal(app, options).await,
        Job::Withdraw { worker, mint } => provider::slots::withdraw(app, worker, mint).await,
        Job::Sweep { slot, mint, config } => sweep(app, slot, mint, config).await,
        Job::Settle { job } => settle(app, job).await,
        Job::Crank { job } => crank::run(app, job).await,
        Job::Close { job } => close(app, job).await,
        Job::Cancel { job } => by_anyone(app, job, "cancel", |order, _| order.cancel(order.client_token())).await,
        Job::Refund { job, to } => by_anyone(app, job, "take the refund of", |order, _| order.claim_refund(to)).await,
        Job::List => show::list(app).await,
        Job::Show { job } => show::show(app, job).await,
    }
}

/// Reads a file that was named.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    Ok(fs::read(path).map_err(|error| Error::local(path.display().to_string(), error, "Name a readable file"))?)
}

/// The cluster's time, as deadlines count it.
pub async fn moment(app: &App) -> Outcome<Moment> {
    let now = app.rpc.clock().await?;
    Ok(Moment {
        ts: now.unix_ts,
        slot: now.slot,
    })
}

/// Sends one instruction about a job.
async fn by_anyone(
    app: &App,
    job: Address,
    what: &str,
    instruction: impl FnOnce(&Order, Address) -> solana_program::instruction::Instruction,
) -> Outcome {
    let signer = app.signer()?;
    let order = Order::fetch(&app.rpc, job).await?;
    let instruction = instruction(&order, signer.pubkey());
    app.execute(Plan::new(format!("{what} job {job}"), vec![instruction], &[&signer]))
        .await?;
    Ok(())
}

/// That a slot can be paid in a mint.
pub async fn require_payout(app: &App, slot: Address, mint: Address) -> Outcome {
    if slot != Address::default() && escrow::payout(&app.rpc, &slot, &mint).await?.is_none() {
        let address = escrow::payout_address(&slot, &mint);
        let remedy = format!("Open it, anyone may: `commonweal provider payout open {slot} {mint}`");
        return Err(Error::account(address, format!("the payout of slot {slot}"), "nothing", remedy).into());
    }
    Ok(())
}

async fn settle(app: &App, job: Address) -> Outcome {
    let order = Order::fetch(&app.rpc, job).await?;
    require_payout(app, order.job.slot, order.job.mint).await?;
    by_anyone(app, job, "settle", |order, _| order.settle()).await
}

async fn close(app: &App, job: Address) -> Outcome {
    let order = Order::fetch(&app.rpc, job).await?;
    let donated = tokens::balance(&app.rpc, &escrow::vault_address(&job)).await?;
    by_anyone(app, job, "close", |_, _| order.close(donated > 0)).await
}

async fn sweep(app: &App, slot: Address, mint: Address, config: u16) -> Outcome {
    let signer = app.signer()?;
    let token = JobToken::fetch(&app.rpc, &mint).await?;
    let config_address = escrow::config_address(config);
    let treasury = escrow::config(&app.rpc, &config_address).await?.treasury;
    let to = tokens::associated(&treasury, &token.mint, &token.program);
    let instructions = vec![
        tokens::create_associated(&signer.pubkey(), &treasury, &token.mint, &token.program),
        escrow::sweep_fees(config_address, slot, &token, to),
    ];
    app.execute(Plan::new(
        format!("sweep the fees of slot {slot}"),
        instructions,
        &[&signer],
    ))
    .await?;
    Ok(())
}
