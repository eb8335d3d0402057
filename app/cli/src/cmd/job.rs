//! `commonweal job`.

mod provider;
mod work;

use {
    super::pool,
    crate::{
        app::{App, Outcome},
        args::{EscrowConfig, Job, Post, WorkerArgs},
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, ConfigParams, Eligibility, Exchange, JobTerms, JobToken, Moment, Order, Purchase, Worker},
        governance,
        job::wasm,
        pool::{Ask, Located},
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
        Job::Post(options) => post(app, options).await,
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
        Job::Crank { job } => by_anyone(app, job, "crank", |order, signer| order.crank(signer)).await,
        Job::Close { job } => close(app, job).await,
        Job::Cancel { job } => by_anyone(app, job, "cancel", |order, _| order.cancel(order.client_token())).await,
        Job::Refund { job, to } => by_anyone(app, job, "take the refund of", |order, _| order.claim_refund(to)).await,
        Job::List => list(app).await,
        Job::Show { job } => show(app, job).await,
    }
}

/// Reads a file that was named.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    Ok(fs::read(path).map_err(|error| Error::local(path.display().to_string(), error, "Name a readable file"))?)
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

async fn settle(app: &App, job: Address) -> Outcome {
    let order = Order::fetch(&app.rpc, job).await?;
    let (slot, mint) = (order.job.slot, order.job.mint);
    if slot != Address::default() && escrow::payout(&app.rpc, &slot, &mint).await?.is_none() {
        let address = escrow::payout_address(&slot, &mint);
        let remedy = format!("Open it, anyone may: `commonweal job slot open-payout {slot} {mint}`");
        return Err(Error::account(address, format!("the payout of slot {slot}"), "nothing", remedy).into());
    }
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

async fn post(app: &App, options: Post) -> Outcome {
    let signer = app.signer()?;
    let client = signer.pubkey();
    let config_address = escrow::config_address(options.config);
    let config = escrow::config(&app.rpc, &config_address).await?;
    let mint = tokens::mint(&app.rpc, &options.mint).await?;
    let token = JobToken {
        mint: mint.address,
        program: mint.token_program,
    };
    let module_hash = wasm::sha256(&wasm::module_bytes(&read(&options.module)?)?);
    let nonce = match options.nonce {
        Some(nonce) => nonce,
        None => u64::try_from(app.rpc.clock().await?.unix_ts).unwrap_or(0),
    };
    let terms = JobTerms {
        kind: 0,
        verification: u8::from(!options.unverified),
        price_atoms: amount::parse(&options.price, mint.state.decimals)?,
        bond_lamports: amount::parse(&options.bond, amount::SOL_DECIMALS)?,
        compensation_lamports: amount::parse(&options.compensation, amount::SOL_DECIMALS)?,
        // what is in force now and no more: a rise between now and then refuses the order
        max_fee_ppm: config.fee_ppm.get(),
        open_seconds: options.open_seconds,
        start_seconds: options.start_seconds,
        run_seconds: options.run_seconds,
        reveal_seconds: options.reveal_seconds,
        challenge_seconds: if options.unverified {
            0
        } else {
            options.challenge_seconds
        },
        spec_hash: wasm::sha256(wasm::specification(&module_hash).as_bytes()),
        module_hash,
        input_hash: wasm::sha256(&read(&options.arguments)?),
        eligibility: Eligibility::default(),
        redundancy_k: 0,
        redundancy_n: 0,
        milestone_bps: [0; 8],
    };
    let mut label = format!("post job {}", escrow::job_address(&client, nonce));
    let instructions = if let (Some(pays), Some(pool)) = (options.pay_with, options.pool) {
        let located = Located::fetch(&app.rpc, pool).await?;
        let exchange = Exchange::new(&located, &pays, &mint.address)?;
        let (purchase, cost) = purchase(app, &located, &exchange, &options, &terms).await?;
        label = format!("{label}, {cost} of {pays}");
        let bound = (purchase, pool::deadline(app, pool::VALID_SECONDS).await?);
        exchange.post_job(bound, client, client, config_address, nonce, terms)
    } else {
        let from = tokens::associated(&client, &token.mint, &token.program);
        tokens::require(&app.rpc, &from, &mint, terms.price_atoms).await?;
        vec![escrow::post_job(
            client,
            client,
            config_address,
            &token,
            from,
            nonce,
            terms,
        )]
    };
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

/// How the price is bought in a pool, and that in words; the wallet must have as much.
async fn purchase(
    app: &App,
    located: &Located,
    exchange: &Exchange<'_>,
    options: &Post,
    terms: &JobTerms,
) -> Outcome<(Purchase, String)> {
    let input = exchange.input();
    let sold = located.token(input);
    let mint = tokens::mint(&app.rpc, &sold.mint).await?;
    let text = |atoms| amount::format(atoms, mint.state.decimals);
    let atoms = terms.price_atoms;
    let (purchase, needed, cost) = if let Some(sell) = &options.sell {
        let input_atoms = amount::parse(sell, mint.state.decimals)?;
        let cost = format!("selling {}", text(input_atoms));
        (Purchase::Sell { input_atoms }, input_atoms, cost)
    } else {
        let quote = pool::ask(app, located, Ask::ExactOut { input, atoms }).await?;
        let quoted = quote.sent_of(input);
        let max_input_atoms = pool::at_most(quoted, options.slippage_bps);
        let cost = format!("for {} and at most {}", text(quoted), text(max_input_atoms));
        (Purchase::Buy { max_input_atoms }, quoted, cost)
    };
    let account = tokens::associated(&app.signer()?.pubkey(), &sold.mint, &sold.program);
    tokens::require(&app.rpc, &account, &mint, needed).await?;
    Ok((purchase, cost))
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

async fn list(app: &App) -> Outcome {
    let now = app.rpc.clock().await?;
    let now = Moment {
        ts: now.unix_ts,
        slot: now.slot,
    };
    let rows = escrow::jobs(&app.rpc, None)
        .await?
        .iter()
        .map(|(address, job)| {
            let overdue = job.is_overdue(now).unwrap_or(false);
            vec![
                address.to_string(),
                escrow::state_name(job.state).to_owned(),
                if overdue { "over" } else { "" }.to_owned(),
                amount::format(job.price_atoms.get(), job.decimals),
                job.mint.to_string(),
                amount::sol(job.bond_lamports.get()),
            ]
        })
        .collect();
    output::list(
        &["job", "state", "its time", "price", "mint", "bond"],
        rows,
        &[3, 5],
        app.global.json,
    );
    Ok(())
}

async fn show(app: &App, address: Address) -> Outcome {
    let order = Order::fetch(&app.rpc, address).await?;
    let job = &order.job;
    let clock = app.rpc.clock().await?;
    let now = Moment {
        ts: clock.unix_ts,
        slot: clock.slot,
    };
    let slot = if job.slot == Address::default() {
        "none".to_owned()
    } else {
        job.slot.to_string()
    };
    output::facts(
        &[
            ("job", address.to_string()),
            ("state", escrow::state_name(job.state).to_owned()),
            ("its time is over", order.is_overdue(now).to_string()),
            ("client", job.client.to_string()),
            ("slot", slot),
            (
                "price",
                format!(
                    "{} of {}",
                    amount::format(job.price_atoms.get(), job.decimals),
                    job.mint
                ),
            ),
            ("fee ppm", job.fee_ppm.get().to_string()),
            ("bond", format!("{} SOL", amount::sol(job.bond_lamports.get()))),
            (
                "compensation",
                format!("{} SOL", amount::sol(job.compensation_lamports.get())),
            ),
            ("uid", wasm::hex(&job.uid)),
            ("module", wasm::hex(&job.module_hash)),
            ("arguments", wasm::hex(&job.input_hash)),
            ("specification", wasm::hex(&job.spec_hash)),
            ("result or commitment", wasm::hex(&job.result)),
            (
                "seconds open/start/run/reveal/challenge",
                format!(
                    "{}/{}/{}/{}/{}",
                    job.open_seconds.get(),
                    job.start_seconds.get(),
                    job.run_seconds.get(),
                    job.reveal_seconds.get(),
                    job.challenge_seconds.get()
                ),
            ),
        ],
        app.global.json,
    );
    Ok(())
}
