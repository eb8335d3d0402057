//! `commonweal lease`.

mod gang;
mod show;
mod voucher;

use {
    super::{job::config::seconds, provider::worker},
    crate::{
        app::{App, Outcome},
        args::{AtLease, Lease, PostLease},
        cmd::job::read,
    },
    commonweal_client::{
        amount,
        escrow::{self, JobToken, LeaseTerms, Moment, Rental, Tenancy, Worker},
        job::wasm::sha256,
        send::Plan,
        tokens, Address, Error,
    },
    solana_program::instruction::Instruction,
    solana_signer::Signer,
};

/// Carries a verb out.
pub async fn run(app: &App, verb: Lease) -> Outcome {
    match verb {
        Lease::Post(options) => post(app, *options).await,
        Lease::Accept(of) => work(app, of, "accept", Rental::accept).await,
        Lease::Start { lease } => by_anyone(app, lease, "start", |rental, signer| rental.start(signer)).await,
        Lease::Resume(of) => work(app, of, "resume", Rental::resume).await,
        Lease::Notice(of) => work(app, of, "give notice of", Rental::notice).await,
        Lease::TopUp { lease, amount } => top_up(app, lease, &amount).await,
        Lease::Close { lease, as_provider, to } => close(app, lease, as_provider, to).await,
        Lease::Crank { lease } => by_anyone(app, lease, "crank", |rental, signer| rental.crank(signer)).await,
        Lease::Refund { lease, to } => close(app, lease, false, Some(to)).await,
        Lease::Show { lease } => show::lease(app, lease).await,
        Lease::List { client, slot } => show::list(app, client, slot).await,
        Lease::Gang(verb) => gang::run(app, verb).await,
        Lease::Voucher(verb) => voucher::run(app, verb).await,
    }
}

/// The cluster's clock and slot, as deadlines are compared with them.
async fn now(app: &App) -> Outcome<Moment> {
    let clock = app.rpc.clock().await?;
    Ok(Moment {
        ts: clock.unix_ts,
        slot: clock.slot,
    })
}

/// The client's number that was named, or the time.
async fn nonce_or_time(app: &App, nonce: Option<u64>) -> Outcome<u64> {
    Ok(match nonce {
        Some(nonce) => nonce,
        None => u64::try_from(app.rpc.clock().await?.unix_ts).unwrap_or(0),
    })
}

/// What the worker of a slot does with a lease.
async fn work(app: &App, of: AtLease, what: &str, call: impl FnOnce(&Rental, &Worker) -> Instruction) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, &of.worker);
    let rental = Rental::fetch(&app.rpc, of.lease).await?;
    let call = call(&rental, &worker);
    let label = format!("{what} lease {} at slot {}", of.lease, worker.slot);
    app.execute(Plan::new(label, vec![call], &[&signer])).await?;
    Ok(())
}

/// What anybody does with a lease.
async fn by_anyone(
    app: &App,
    lease: Address,
    what: &str,
    call: impl FnOnce(&Rental, Address) -> Instruction,
) -> Outcome {
    let signer = app.signer()?;
    let rental = Rental::fetch(&app.rpc, lease).await?;
    let call = call(&rental, signer.pubkey());
    app.execute(Plan::new(format!("{what} lease {lease}"), vec![call], &[&signer]))
        .await?;
    Ok(())
}

async fn post(app: &App, options: PostLease) -> Outcome {
    let signer = app.signer()?;
    let client = signer.pubkey();
    let config = escrow::config(&app.rpc, &escrow::config_address(options.config)).await?;
    let mint = tokens::mint(&app.rpc, &options.mint).await?;
    let token = JobToken {
        mint: mint.address,
        program: mint.token_program,
    };
    let nonce = nonce_or_time(app, options.nonce).await?;
    let terms = LeaseTerms {
        rate_per_second_atoms: amount::parse(&options.rate, mint.state.decimals)?,
        deposit_atoms: amount::parse(&options.deposit, mint.state.decimals)?,
        bond_lamports: amount::parse(&options.bond, amount::SOL_DECIMALS)?,
        compensation_lamports: amount::parse(&options.compensation, amount::SOL_DECIMALS)?,
        // what is in force now and no more: a rise between now and then refuses the order
        max_fee_ppm: config.fee_ppm.get(),
        open_seconds: seconds(options.open_for)?,
        notice_seconds: seconds(options.notice)?,
        pause_seconds: seconds(options.pause)?,
        interval_seconds: seconds(options.interval)?,
        voucher_key: options.voucher_key.unwrap_or(client),
        slot: options.slot.unwrap_or_default(),
        spec_hash: sha256(&read(&options.spec)?),
        model_id: options.model,
        min_score: options.min_score,
        min_vram_gib: options.min_vram_gib,
        persons_only: options.persons_only,
    };
    let from = tokens::associated(&client, &token.mint, &token.program);
    tokens::require(&app.rpc, &from, &mint, terms.deposit_atoms).await?;
    let tenancy = Tenancy {
        client,
        payer: client,
        config: options.config,
        token,
        client_token: from,
        gang: options.gang,
    };
    let paid = terms
        .deposit_atoms
        .checked_div(terms.rate_per_second_atoms)
        .unwrap_or(0);
    let label = format!(
        "post lease {}: {} pay {}",
        escrow::lease_address(&client, nonce),
        options.deposit,
        crate::args::span::words(paid)
    );
    let post = escrow::post_lease(&tenancy, nonce, terms);
    app.execute(Plan::new(label, vec![post], &[&signer])).await?;
    Ok(())
}

async fn top_up(app: &App, lease: Address, text: &str) -> Outcome {
    let signer = app.signer()?;
    let rental = Rental::fetch(&app.rpc, lease).await?;
    let mint = tokens::mint(&app.rpc, &rental.token.mint).await?;
    let atoms = amount::parse(text, mint.state.decimals)?;
    let from = tokens::associated(&signer.pubkey(), &mint.address, &mint.token_program);
    tokens::require(&app.rpc, &from, &mint, atoms).await?;
    let top_up = rental.top_up(signer.pubkey(), from, atoms);
    let label = format!("top lease {lease} up by {text}");
    app.execute(Plan::new(label, vec![top_up], &[&signer])).await?;
    Ok(())
}

async fn close(app: &App, lease: Address, as_provider: bool, to: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let rental = Rental::fetch(&app.rpc, lease).await?;
    let is_client = rental.lease.client == signer.pubkey();
    if !as_provider && !is_client {
        let fact = format!("{} is not the client of lease {lease}", signer.pubkey());
        return Err(Error::refused(fact, "Sign with the client's key, or close --as-provider").into());
    }
    let (side, close) = if as_provider {
        ("the provider", rental.close_by_provider(signer.pubkey()))
    } else {
        let to = to.unwrap_or_else(|| rental.client_token());
        ("the client", rental.close_by_client(to))
    };
    let label = format!("close lease {lease} for {side}");
    app.execute(Plan::new(label, vec![close], &[&signer])).await?;
    Ok(())
}
