//! What is to be seen of providers: reputation, slots, earnings, receipts.

use {
    crate::{
        app::{App, Outcome},
        args::span,
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, decayed, score_text, Provider, Slot},
        job::wasm::hex,
        Address,
    },
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// A time that is left, or that it is over.
pub fn until(left: i64) -> String {
    u64::try_from(left)
        .ok()
        .filter(|left| *left > 0)
        .map_or_else(|| "over".to_owned(), span::words)
}

fn reputation(provider: &Provider, now_ts: i64) -> u64 {
    decayed(provider.score_q32.get(), provider.score_ts.get(), now_ts)
}

/// What a slot does, in a word.
fn work(slot: &Slot) -> &'static str {
    match (slot.is_paused == 1, slot.current_job != Address::default()) {
        (true, true) => "paused, at work",
        (true, false) => "paused",
        (false, true) => "at work",
        (false, false) => "free",
    }
}

fn some(address: &Address) -> String {
    if address == &Address::default() {
        "none".to_owned()
    } else {
        address.to_string()
    }
}

fn named(app: &App, authority: Option<Address>) -> Outcome<Address> {
    match authority {
        Some(authority) => Ok(authority),
        None => Ok(app.signer()?.pubkey()),
    }
}

/// One provider with its slots.
pub async fn provider(app: &App, authority: Option<Address>) -> Outcome {
    let authority = named(app, authority)?;
    let state = escrow::provider(&app.rpc, &authority).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let address = escrow::provider_address(&authority);
    let left = |ts: i64| until(ts.saturating_sub(now_ts));
    let mut facts = vec![
        ("provider", address.to_string()),
        ("authority", authority.to_string()),
        ("session key", state.session_key.to_string()),
        ("region", state.region.get().to_string()),
        ("config of its reputation", state.config_id.get().to_string()),
        ("reputation now", score_text(reputation(&state, now_ts))),
        ("jobs done (folded)", state.jobs_completed.get().to_string()),
        ("jobs failed (folded)", state.jobs_failed.get().to_string()),
        ("person", some(&state.person)),
        ("slots", state.slot_count.get().to_string()),
    ];
    if state.person != Address::default() {
        facts.push(("its registration", left(state.person_until_ts.get())));
        facts.push(("its head start", left(state.head_start_until_ts.get())));
    }
    if state.previous_session_key != Address::default() {
        let good = left(state.previous_valid_until_ts.get());
        facts.push(("session key before", format!("{} ({good})", state.previous_session_key)));
    }
    output::facts(&facts, app.global.json);
    let rows = escrow::slots(&app.rpc, &address)
        .await?
        .iter()
        .map(|(address, slot)| slot_row(address, slot, now_ts))
        .collect();
    let headings = [
        "slot",
        "address",
        "model",
        "MiB",
        "state",
        "bond",
        "locked",
        "score",
        "reputation",
        "done",
        "failed",
    ];
    output::list(&headings, rows, &[0, 2, 3, 5, 6, 7, 8, 9, 10], app.global.json);
    Ok(())
}

/// The measured score that counts now.
fn score(slot: &Slot, now_ts: i64) -> u64 {
    if now_ts < slot.score_until_ts.get() {
        slot.measured_score.get()
    } else {
        0
    }
}

fn slot_row(address: &Address, slot: &Slot, now_ts: i64) -> Vec<String> {
    vec![
        slot.index.get().to_string(),
        address.to_string(),
        slot.model_id.get().to_string(),
        slot.vram_mib.get().to_string(),
        work(slot).to_owned(),
        amount::sol(slot.bond_lamports.get()),
        amount::sol(slot.locked_lamports.get()),
        score(slot, now_ts).to_string(),
        score_text(decayed(slot.score_q32.get(), slot.score_ts.get(), now_ts)),
        slot.jobs_completed.get().to_string(),
        slot.jobs_failed.get().to_string(),
    ]
}

/// One slot.
pub async fn slot(app: &App, address: Address) -> Outcome {
    let slot = escrow::slot(&app.rpc, &address).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let decimals = match commonweal_client::tokens::mint(&app.rpc, &slot.ask_mint).await {
        Ok(mint) => mint.state.decimals,
        Err(_) => 0,
    };
    let ask = |atoms| format!("{} of {}", amount::format(atoms, decimals), slot.ask_mint);
    let hours: u32 = slot.off_peak_mask.iter().map(|byte| byte.count_ones()).sum();
    let sol = |lamports| format!("{} SOL", amount::sol(lamports));
    let score_left = slot.score_until_ts.get().saturating_sub(now_ts);
    let reputation = decayed(slot.score_q32.get(), slot.score_ts.get(), now_ts);
    let unfolded = decayed(slot.unfolded_gain_q32.get(), slot.score_ts.get(), now_ts);
    output::facts(
        &[
            ("slot", address.to_string()),
            ("provider", slot.provider.to_string()),
            ("index", slot.index.get().to_string()),
            ("config", slot.config_id.get().to_string()),
            ("model", slot.model_id.get().to_string()),
            ("MiB", slot.vram_mib.get().to_string()),
            ("state", work(&slot).to_owned()),
            ("works on", some(&slot.current_job)),
            ("asks a second", ask(slot.ask_per_second_atoms.get())),
            (
                "asks off-peak",
                format!("{}, {hours} h a week", ask(slot.off_peak_ask_per_second_atoms.get())),
            ),
            ("bond", sol(slot.bond_lamports.get())),
            (
                "of it locked",
                format!("{}, {} orders", sol(slot.locked_lamports.get()), slot.locked_jobs.get()),
            ),
            ("ever lost", sol(slot.slashed_lamports.get())),
            (
                "score",
                format!("{} ({})", slot.measured_score.get(), until(score_left)),
            ),
            ("reputation now", score_text(reputation)),
            ("of it not folded", score_text(unfolded)),
            ("done", slot.jobs_completed.get().to_string()),
            ("failed", slot.jobs_failed.get().to_string()),
            ("receipts", slot.receipt_seq.get().to_string()),
            ("head of their chain", hex(&slot.receipt_head)),
        ],
        app.global.json,
    );
    Ok(())
}

/// All providers.
pub async fn list(app: &App) -> Outcome {
    let now_ts = app.rpc.clock().await?.unix_ts;
    let mut found = escrow::providers(&app.rpc).await?;
    found.sort_by_key(|(address, state)| (std::cmp::Reverse(reputation(state, now_ts)), *address));
    let rows = found
        .iter()
        .map(|(address, state)| {
            vec![
                address.to_string(),
                state.authority.to_string(),
                score_text(reputation(state, now_ts)),
                state.slot_count.get().to_string(),
                state.jobs_completed.get().to_string(),
                state.jobs_failed.get().to_string(),
                some(&state.person),
            ]
        })
        .collect();
    let headings = [
        "provider",
        "authority",
        "reputation",
        "slots",
        "done",
        "failed",
        "person",
    ];
    output::list(&headings, rows, &[2, 3, 4, 5], app.global.json);
    Ok(())
}

/// What a provider has earned, summed by mint.
pub async fn earnings(app: &App, authority: Option<Address>) -> Outcome {
    let provider = escrow::provider_address(&named(app, authority)?);
    let mut sums: BTreeMap<Address, (u8, [u64; 5])> = BTreeMap::new();
    for (_, payout) in escrow::payouts(&app.rpc, &provider).await? {
        let of = [
            payout.earned_atoms,
            payout.withdrawn_atoms,
            payout.claimable_atoms,
            payout.fees_atoms,
            payout.fee_due_atoms,
        ];
        let (_, sum) = sums.entry(payout.mint).or_insert((payout.decimals, [0; 5]));
        for (total, part) in sum.iter_mut().zip(of) {
            *total = total.saturating_add(part.get());
        }
    }
    let rows = sums
        .iter()
        .map(|(mint, (decimals, sum))| {
            let numbers = sum.iter().map(|atoms| amount::format(*atoms, *decimals));
            std::iter::once(mint.to_string()).chain(numbers).collect()
        })
        .collect();
    let headings = ["mint", "earned", "taken out", "due to you", "fees", "fees due"];
    output::list(&headings, rows, &[1, 2, 3, 4, 5], app.global.json);
    Ok(())
}

/// The receipts of a slot.
pub async fn receipts(app: &App, address: Address, limit: usize) -> Outcome {
    let slot = escrow::slot(&app.rpc, &address).await?;
    let found = escrow::receipts(&app.rpc, &address, limit).await?;
    let told = u64::try_from(found.len()).unwrap_or(u64::MAX);
    output::facts(
        &[
            ("receipts in the chain", slot.receipt_seq.get().to_string()),
            ("of them told by transactions", told.to_string()),
            ("head of the chain", hex(&slot.receipt_head)),
        ],
        app.global.json,
    );
    let rows = found
        .iter()
        .map(|(signature, told)| {
            vec![
                hex(&told.uid),
                escrow::outcome_name(told.outcome).to_owned(),
                told.provider_atoms.map_or_else(String::new, |atoms| atoms.to_string()),
                told.head.map_or_else(String::new, |head| hex(&head)),
                signature.to_string(),
            ]
        })
        .collect();
    let headings = ["uid", "outcome", "atoms", "head after it", "transaction"];
    output::list(&headings, rows, &[2], app.global.json);
    Ok(())
}
