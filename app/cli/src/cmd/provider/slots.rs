//! Slots, bonds and payouts.

use {
    super::{send, show, worker},
    crate::{
        app::{App, Outcome},
        args::{Ask, Bond, PayoutVerb, Slot, WorkerArgs},
    },
    commonweal_client::{
        amount,
        escrow::{self, JobToken, SlotOffer, Worker},
        send::Plan,
        tokens, Address, Error,
    },
    solana_signer::Signer,
};

/// Carries a verb of `provider slot` out.
pub async fn run(app: &App, verb: Slot) -> Outcome {
    match verb {
        Slot::Add {
            model,
            vram_mib,
            config,
            ask,
        } => {
            let signer = app.signer()?;
            let index = escrow::provider(&app.rpc, &signer.pubkey()).await?.slot_count.get();
            let worker = Worker::of_authority(signer.pubkey(), index);
            let offer = offer(app, &ask, false).await?;
            let add = worker.add_slot(escrow::config_address(config), model, vram_mib, offer);
            send(app, &signer, format!("add slot {index} at {}", worker.slot), add).await
        }
        Slot::Update { worker, ask, pause } => update(app, worker, &ask, pause).await,
        Slot::Pause(args) => set_paused(app, &args, true).await,
        Slot::Resume(args) => set_paused(app, &args, false).await,
        Slot::Drain(args) => drain(app, &args).await,
        Slot::Bond { worker, amount } => deposit(app, &worker, &amount).await,
        Slot::Unbond { worker, amount } => unbond(app, &worker, &amount).await,
        Slot::OpenPayout { slot, mint } => open_payout(app, slot, mint).await,
        Slot::ClosePayout { worker, mint } => close_payout(app, &worker, mint).await,
        Slot::Show { slot } => show::slot(app, slot).await,
    }
}

/// Carries a verb of `provider bond` out.
pub async fn bond(app: &App, verb: Bond) -> Outcome {
    match verb {
        Bond::Deposit { worker, amount } => deposit(app, &worker, &amount).await,
        Bond::Withdraw { worker, amount } => unbond(app, &worker, &amount).await,
    }
}

/// Carries a verb of `provider payout` out.
pub async fn payouts(app: &App, verb: PayoutVerb) -> Outcome {
    match verb {
        PayoutVerb::Open { slot, mint } => open_payout(app, slot, mint).await,
        PayoutVerb::Withdraw { worker, mint } => withdraw(app, worker, mint).await,
        PayoutVerb::Close { worker, mint } => close_payout(app, &worker, mint).await,
    }
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
        off_peak_mask: ask.off_peak_hours.unwrap_or([0; 21]),
    })
}

/// What a slot offers now.
fn offered(slot: &escrow::Slot) -> SlotOffer {
    SlotOffer {
        is_paused: slot.is_paused == 1,
        ask_mint: slot.ask_mint,
        ask_per_second_atoms: slot.ask_per_second_atoms.get(),
        off_peak_ask_per_second_atoms: slot.off_peak_ask_per_second_atoms.get(),
        off_peak_mask: slot.off_peak_mask,
    }
}

async fn update(app: &App, args: WorkerArgs, ask: &Ask, pause: bool) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, &args);
    let mut offer = offer(app, ask, pause).await?;
    if ask.off_peak_hours.is_none() {
        offer.off_peak_mask = escrow::slot(&app.rpc, &worker.slot).await?.off_peak_mask;
    }
    let label = format!("update slot {}", worker.slot);
    send(app, &signer, label, worker.update_slot(offer)).await
}

async fn set_paused(app: &App, args: &WorkerArgs, is_paused: bool) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, args);
    let slot = escrow::slot(&app.rpc, &worker.slot).await?;
    let offer = SlotOffer {
        is_paused,
        ..offered(&slot)
    };
    let what = if is_paused { "pause" } else { "resume" };
    let label = format!("{what} slot {}", worker.slot);
    send(app, &signer, label, worker.update_slot(offer)).await
}

/// Pauses a slot and takes what is free of its bond.
async fn drain(app: &App, args: &WorkerArgs) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, args);
    let slot = escrow::slot(&app.rpc, &worker.slot).await?;
    let free = slot.free_lamports().unwrap_or(0);
    let mut instructions = Vec::new();
    if slot.is_paused == 0 {
        let offer = SlotOffer {
            is_paused: true,
            ..offered(&slot)
        };
        instructions.push(worker.update_slot(offer));
    }
    if free > 0 {
        instructions.push(worker.withdraw_bond(free));
    }
    if instructions.is_empty() {
        let remedy = match slot.locked_jobs.get() {
            0 => "Nothing is left to be done".to_owned(),
            orders => format!("Wait until its orders have ended: {orders}"),
        };
        return Err(Error::refused("the slot is paused and nothing of its bond is free", remedy).into());
    }
    let label = format!(
        "drain slot {}: {} SOL out, {} SOL stay locked",
        worker.slot,
        amount::sol(free),
        amount::sol(slot.locked_lamports.get())
    );
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}

async fn deposit(app: &App, args: &WorkerArgs, text: &str) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, args);
    let lamports = amount::parse(text, amount::SOL_DECIMALS)?;
    let label = format!("bond slot {} with {text} SOL", worker.slot);
    send(app, &signer, label, worker.deposit_bond(lamports)).await
}

async fn unbond(app: &App, args: &WorkerArgs, text: &str) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, args);
    let lamports = if text == "all" {
        let slot = escrow::slot(&app.rpc, &worker.slot).await?;
        slot.free_lamports().unwrap_or(0)
    } else {
        amount::parse(text, amount::SOL_DECIMALS)?
    };
    let label = format!("take {} SOL out of slot {}", amount::sol(lamports), worker.slot);
    send(app, &signer, label, worker.withdraw_bond(lamports)).await
}

async fn open_payout(app: &App, slot: Address, mint: Address) -> Outcome {
    let signer = app.signer()?;
    let token = JobToken::fetch(&app.rpc, &mint).await?;
    let open = escrow::open_payout(signer.pubkey(), slot, &token);
    send(app, &signer, format!("open the payout of slot {slot}"), open).await
}

async fn close_payout(app: &App, args: &WorkerArgs, mint: Address) -> Outcome {
    let signer = app.signer()?;
    let worker = worker(&signer, args);
    let token = JobToken::fetch(&app.rpc, &mint).await?;
    let payout = payout(app, &worker, &mint).await?;
    let surplus = tokens::associated(&signer.pubkey(), &mint, &token.program);
    let close = worker.close_payout(&token, surplus, payout.rent_payer);
    let label = format!("close the payout of slot {}", worker.slot);
    send(app, &signer, label, close).await
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
