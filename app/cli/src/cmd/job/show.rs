//! What jobs are, until when, and what is to be done next.

use {
    super::moment,
    crate::{
        app::{App, Outcome},
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, challenge::challenges, Job, Order},
        job::wasm,
        Address,
    },
};

/// Lists all jobs.
pub async fn list(app: &App) -> Outcome {
    let now = moment(app).await?;
    let rows = escrow::jobs(&app.rpc, None)
        .await?
        .iter()
        .map(|(address, job)| {
            let left = escrow::deadline(job).map(|deadline| deadline.ts.saturating_sub(now.ts));
            let left = match left {
                _ if job.is_overdue(now).unwrap_or(false) => "over".to_owned(),
                Some(seconds) => format!("{} s", seconds.max(0)),
                None => String::new(),
            };
            vec![
                address.to_string(),
                escrow::kind_name(job.kind).to_owned(),
                escrow::state_name(job.state).to_owned(),
                left,
                amount::format(job.price_atoms.get(), job.decimals),
                job.mint.to_string(),
                amount::sol(job.bond_lamports.get()),
                job.challenges_open.to_string(),
            ]
        })
        .collect();
    let headings = [
        "job",
        "kind",
        "state",
        "time left",
        "price",
        "mint",
        "bond",
        "challenges",
    ];
    output::list(&headings, rows, &[4, 6, 7], app.global.json);
    Ok(())
}

/// What only some kinds of orders have.
fn particulars(job: &Job) -> Vec<(&'static str, String)> {
    let text = |atoms| amount::format(atoms, job.decimals);
    let mut facts = Vec::new();
    match escrow::kind_name(job.kind) {
        "auction" => {
            facts.push(("bids placed, revealed", format!("{}, {}", job.commitments, job.reveals)));
            if matches!(job.state, 10 | 11) && job.second_price_atoms() > 0 {
                let second = format!("{} by {}", text(job.second_price_atoms()), job.second_slot());
                facts.push(("second bid", second));
            }
        }
        "redundant" => facts.push((
            "workers joined, committed, revealed, settled",
            format!(
                "{}, {}, {}, {} of {}; {} equal results win",
                job.joined, job.commitments, job.reveals, job.resolved, job.redundancy_n, job.redundancy_k
            ),
        )),
        _ => {
            let parts: Vec<String> = (0u8..)
                .zip(&job.milestone_bps)
                .filter(|(_, bps)| bps.get() > 0)
                .map(|(index, bps)| {
                    let is_paid = job.milestones_accepted & 1u8.checked_shl(u32::from(index)).unwrap_or(0) != 0;
                    let share = amount::format(u64::from(bps.get()), 2);
                    format!("{index}: {share} %{}", if is_paid { " paid" } else { "" })
                })
                .collect();
            if !parts.is_empty() {
                let paid = text(job.paid_atoms().unwrap_or(0));
                facts.push(("milestones", format!("{}; {paid} paid so far", parts.join(", "))));
            }
        }
    }
    let asks: Vec<String> = [
        (job.model_id.get() > 0).then(|| format!("model {}", job.model_id.get())),
        (job.min_vram_gib > 0).then(|| format!("{} GiB", job.min_vram_gib)),
        (job.min_score.get() > 0).then(|| format!("score {}", job.min_score.get())),
        (job.spread_slots > 0).then(|| format!("a lot that doubles every {} slots", job.spread_slots)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !asks.is_empty() {
        facts.push(("asks for", asks.join(", ")));
    }
    let findings = escrow::findings(job);
    if !findings.is_empty() {
        facts.push(("findings", findings));
    }
    facts
}

/// Shows a job.
pub async fn show(app: &App, address: Address) -> Outcome {
    let order = Order::fetch(&app.rpc, address).await?;
    let (job, now) = (&order.job, moment(app).await?);
    let slot = if job.slot == Address::default() {
        "none".to_owned()
    } else {
        job.slot.to_string()
    };
    let mut facts = vec![
        ("job", address.to_string()),
        ("kind", escrow::kind_name(job.kind).to_owned()),
        ("verification", escrow::verification_name(job.verification).to_owned()),
        ("state", escrow::state_name(job.state).to_owned()),
        ("time", escrow::time_left(escrow::deadline(job), now)),
        ("next", escrow::next(&address, job, now)),
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
    ];
    facts.extend(particulars(job));
    facts.extend([
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
    ]);
    output::facts(&facts, app.global.json);
    show_challenges(app, &order).await
}

async fn show_challenges(app: &App, order: &Order) -> Outcome {
    let now = moment(app).await?;
    let found = challenges(&app.rpc, &order.address).await?;
    if found.is_empty() {
        return Ok(());
    }
    let rows = found
        .iter()
        .map(|(_, challenge)| {
            let state = match challenge.state {
                1 if challenge.is_overdue(&order.job, now).unwrap_or(false) => "unanswered",
                1 => "waits for an answer",
                2 => "answered",
                3 => "proved",
                _ => "unknown",
            };
            vec![
                challenge.challenger.to_string(),
                state.to_owned(),
                if challenge.has_canary == 1 { "canary" } else { "result" }.to_owned(),
                wasm::hex(&challenge.claimed_result),
                amount::sol(challenge.terms.bond_lamports.get()),
            ]
        })
        .collect();
    let headings = ["challenger", "state", "claims a", "hash", "bond"];
    output::list(&headings, rows, &[4], app.global.json);
    Ok(())
}
