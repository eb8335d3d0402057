//! `commonweal job`.

mod bid;
mod canary;
pub mod challenge;
pub mod crank;
mod part;
pub mod post;
mod provider;
mod show;
mod work;

use {
    crate::{
        app::{App, Outcome},
        args::{EscrowConfig, Job, WorkerArgs},
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, ConfigParams, JobToken, Moment, Order, Worker},
        governance,
        send::Plan,
        tokens, Address, Error,
    },
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{fs, path::Path},
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Job) -> Outcome {
    match verb {
        Job::Config(verb) => config(app, verb).await,
        Job::Provider(verb) => provider::provider(app, verb).await,
        Job::Slot(verb) => provider::slot(app, verb).await,
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
        Job::Withdraw { worker, mint } => provider::withdraw(app, worker, mint).await,
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

/// The slot that was named, worked by the signer.
pub fn worker(signer: &Keypair, args: &WorkerArgs) -> Worker {
    let of = Worker::of_authority(args.provider.unwrap_or_else(|| signer.pubkey()), args.index);
    Worker {
        key: signer.pubkey(),
        ..of
    }
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
        let remedy = format!("Open it, anyone may: `commonweal job slot open-payout {slot} {mint}`");
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

async fn config(app: &App, verb: EscrowConfig) -> Outcome {
    match verb {
        EscrowConfig::Show { id } => {
            let address = escrow::config_address(id);
            let config = escrow::config(&app.rpc, &address).await?;
            let mints: Vec<String> = config
                .payment_mints
                .iter()
                .take(usize::from(config.payment_mint_count))
                .map(|entry| entry.mint.to_string())
                .collect();
            output::facts(
                &[
                    ("config", address.to_string()),
                    ("realm", config.realm.to_string()),
                    ("authority", config.authority.to_string()),
                    ("treasury", config.treasury.to_string()),
                    ("rehearsal", (config.is_rehearsal == 1).to_string()),
                    ("fee ppm", config.fee_ppm.get().to_string()),
                    (
                        "crank bounty",
                        format!("{} SOL", amount::sol(config.crank_bounty_lamports.get())),
                    ),
                    (
                        "least bond",
                        format!("{} SOL", amount::sol(config.min_bond_lamports.get())),
                    ),
                    ("payment mints", mints.join(", ")),
                ],
                app.global.json,
            );
            Ok(())
        }
        EscrowConfig::Create {
            id,
            mint,
            fee_ppm,
            bounty,
            min_bond,
        } => {
            let signer = app.signer()?;
            let realm = app.realm();
            let rehearsal = governance::realm(&app.rpc, &realm).await?.is_rehearsal();
            let treasury = governance::treasury_address(&realm, 0);
            let params = ConfigParams {
                fee_ppm,
                crank_bounty_lamports: amount::parse(&bounty, amount::SOL_DECIMALS)?,
                min_bond_lamports: amount::parse(&min_bond, amount::SOL_DECIMALS)?,
                treasury,
            };
            let genesis = app.rpc.genesis_hash().await?.to_bytes();
            let args = escrow::config_args(id, rehearsal, treasury, genesis, params);
            let create = escrow::initialize_config(signer.pubkey(), realm, mint, args);
            let label = format!("create escrow config {id} at {}", escrow::config_address(id));
            app.execute(Plan::new(label, vec![create], &[&signer])).await?;
            Ok(())
        }
    }
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
