//! Providers, slots and payouts.

use {
    super::worker,
    crate::{
        app::{App, Outcome},
        args::{Ask, Provider, Slot, WorkerArgs},
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, JobToken, SlotOffer, Worker},
        send::Plan,
        tokens, Address, Error,
    },
    solana_signer::Signer,
};

/// Carries a verb of `job provider` out.
pub async fn provider(app: &App, verb: Provider) -> Outcome {
    let signer = app.signer()?;
    let authority = signer.pubkey();
    let plan = match verb {
        Provider::Register { session_key, region } => {
            let register = escrow::register_provider(authority, session_key.unwrap_or(authority), region);
            Plan::new(
                format!("register provider {}", escrow::provider_address(&authority)),
                vec![register],
                &[&signer],
            )
        }
        Provider::Rotate { session_key } => {
            let rotate = escrow::rotate_session_key(authority, session_key);
            Plan::new(format!("make {session_key} the session key"), vec![rotate], &[&signer])
        }
        Provider::Show { authority: named } => return show(app, named.unwrap_or(authority)).await,
    };
    app.execute(plan).await?;
    Ok(())
}

async fn show(app: &App, authority: Address) -> Outcome {
    let state = escrow::provider(&app.rpc, &authority).await?;
    let address = escrow::provider_address(&authority);
    output::facts(
        &[
            ("provider", address.to_string()),
            ("authority", authority.to_string()),
            ("session key", state.session_key.to_string()),
            ("slots", state.slot_count.get().to_string()),
        ],
        app.global.json,
    );
    let rows = escrow::slots(&app.rpc, &address)
        .await?
        .iter()
        .map(|(address, slot)| {
            let works = slot.current_job != Address::default();
            vec![
                slot.index.get().to_string(),
                address.to_string(),
                slot.model_id.get().to_string(),
                slot.vram_mib.get().to_string(),
                if slot.is_paused == 1 {
                    "paused"
                } else if works {
                    "at work"
                } else {
                    "free"
                }
                .to_owned(),
                amount::sol(slot.bond_lamports.get()),
                amount::sol(slot.locked_lamports.get()),
                slot.jobs_completed.get().to_string(),
                slot.jobs_failed.get().to_string(),
            ]
        })
        .collect();
    let headings = [
        "slot", "address", "model", "MiB", "state", "bond", "locked", "done", "failed",
    ];
    output::list(&headings, rows, &[0, 2, 3, 5, 6, 7, 8], app.global.json);
    Ok(())
}

async fn offer(app: &App, ask: &Ask, is_paused: bool) -> Outcome<SlotOffer> {
    let decimals = tokens::mint(&app.rpc, &ask.ask_mint).await?.state.decimals;
    let price = amount::parse(&ask.ask, decimals)?;
    let off_peak = ask
        .off_peak_ask
        .as_ref()
        .map(|text| amount::parse(text, decimals))
        .transpose()?;
    Ok(SlotOffer {
        is_paused,
        ask_mint: ask.ask_mint,
        ask_per_second_atoms: price,
        off_peak_ask_per_second_atoms: off_peak.unwrap_or(price),
        off_peak_mask: [0; 21],
    })
}

/// Carries a verb of `job slot` out.
pub async fn slot(app: &App, verb: Slot) -> Outcome {
    let signer = app.signer()?;
    let (label, instruction) = match verb {
        Slot::Add {
            model,
            vram_mib,
            config,
            ask,
        } => {
            let index = escrow::provider(&app.rpc, &signer.pubkey()).await?.slot_count.get();
            let worker = Worker::of_authority(signer.pubkey(), index);
            let offer = offer(app, &ask, false).await?;
            let add = worker.add_slot(escrow::config_address(config), model, vram_mib, offer);
            (format!("add slot {index} at {}", worker.slot), add)
        }
        Slot::Update {
            worker: args,
            ask,
            pause,
        } => {
            let worker = worker(&signer, &args);
            // the hours stay as they are
            let hours = escrow::slot(&app.rpc, &worker.slot).await?.off_peak_mask;
            let offer = SlotOffer {
                off_peak_mask: hours,
                ..offer(app, &ask, pause).await?
            };
            (format!("update slot {}", worker.slot), worker.update_slot(offer))
        }
        Slot::Bond {
            worker: args,
            amount: text,
        } => {
            let worker = worker(&signer, &args);
            let lamports = amount::parse(&text, amount::SOL_DECIMALS)?;
            (
                format!("bond slot {} with {text} SOL", worker.slot),
                worker.deposit_bond(lamports),
            )
        }
        Slot::Unbond {
            worker: args,
            amount: text,
        } => {
            let worker = worker(&signer, &args);
            let lamports = amount::parse(&text, amount::SOL_DECIMALS)?;
            (
                format!("take {text} SOL out of slot {}", worker.slot),
                worker.withdraw_bond(lamports),
            )
        }
        Slot::OpenPayout { slot, mint } => {
            let token = JobToken::fetch(&app.rpc, &mint).await?;
            (
                format!("open the payout of slot {slot}"),
                escrow::open_payout(signer.pubkey(), slot, &token),
            )
        }
        Slot::ClosePayout { worker: args, mint } => {
            let worker = worker(&signer, &args);
            let token = JobToken::fetch(&app.rpc, &mint).await?;
            let payout = payout(app, &worker, &mint).await?;
            let surplus = tokens::associated(&signer.pubkey(), &mint, &token.program);
            let close = worker.close_payout(&token, surplus, payout.rent_payer);
            (format!("close the payout of slot {}", worker.slot), close)
        }
    };
    app.execute(Plan::new(label, vec![instruction], &[&signer])).await?;
    Ok(())
}

async fn payout(app: &App, worker: &Worker, mint: &Address) -> Outcome<escrow::Payout> {
    Ok(escrow::payout(&app.rpc, &worker.slot, mint).await?.ok_or_else(|| {
        let address = escrow::payout_address(&worker.slot, mint);
        Error::account(
            address,
            format!("the payout of slot {}", worker.slot),
            "nothing",
            "Check --index and the mint",
        )
    })?)
}

/// Takes a slot's earnings out.
pub async fn withdraw(app: &App, args: WorkerArgs, mint: Address) -> Outcome {
    let signer = app.signer()?;
    let authority = signer.pubkey();
    let worker = worker(&signer, &args);
    let state = payout(app, &worker, &mint).await?;
    let token = JobToken::fetch(&app.rpc, &mint).await?;
    let to = tokens::associated(&authority, &mint, &token.program);
    let instructions = vec![
        tokens::create_associated(&authority, &authority, &mint, &token.program),
        worker.withdraw_payout(&token, to),
    ];
    let due = amount::format(state.claimable_atoms.get(), state.decimals);
    app.execute(Plan::new(format!("take {due} of earnings"), instructions, &[&signer]))
        .await?;
    Ok(())
}
