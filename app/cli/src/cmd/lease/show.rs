//! Leases as they are: their runway, what is paid, what comes next.

use {
    super::now,
    crate::{
        app::{App, Outcome},
        args::span,
        output,
    },
    commonweal_client::{
        amount,
        escrow::{self, lease_state_name, runway, LeaseState, Rental},
        job::wasm::hex,
        tokens, Address,
    },
};

fn some(address: &Address, none: &str) -> String {
    if address == &Address::default() {
        none.to_owned()
    } else {
        address.to_string()
    }
}

/// Whether anybody can move it on, and where to.
async fn next(app: &App, rental: &Rental) -> Outcome<&'static str> {
    let gang = match rental.gang() {
        Some(address) => escrow::gang(&app.rpc, &address).await?,
        None => None,
    };
    let lease = &rental.lease;
    let is_complete = gang.is_some_and(|gang| gang.is_active == 1);
    if lease.is(LeaseState::Joined) && is_complete {
        return Ok("anybody can start it");
    }
    let is_due = escrow::is_due(lease, gang.as_ref(), now(app).await?);
    Ok(match (is_due, lease.state) {
        (false, _) => "nothing is due",
        (true, 1 | 2 | 6) => "anybody can crank it: the refund",
        (true, 3) => "anybody can crank it: it has run empty and pauses",
        (true, 4 | 5) => "anybody can crank it: it settles",
        _ => "the client can take its refund: `lease refund`",
    })
}

/// One lease.
pub async fn lease(app: &App, address: Address) -> Outcome {
    let rental = Rental::fetch(&app.rpc, address).await?;
    let lease = &rental.lease;
    let runway = runway(lease, now(app).await?);
    let atoms = |atoms| amount::format(atoms, lease.decimals);
    let (provider, fee) = escrow::lease_paid(lease);
    let held = tokens::balance(&app.rpc, &rental.vault()).await?;
    let earned = lease.rate_per_second_atoms.get().saturating_mul(runway.counted);
    let funds_end = match runway.until_ts {
        Some(ts) => format!("{ts} (Unix time)"),
        None => "it does not run".to_owned(),
    };
    let seconds = [
        lease.open_seconds,
        lease.notice_seconds,
        lease.pause_seconds,
        lease.interval_seconds,
    ]
    .map(|seconds| span::words(u64::from(seconds.get())));
    let sol = |lamports| format!("{} SOL", amount::sol(lamports));
    output::facts(
        &[
            ("lease", address.to_string()),
            ("state", lease_state_name(lease.state).to_owned()),
            ("next", next(app, &rental).await?.to_owned()),
            ("client", lease.client.to_string()),
            ("voucher key", lease.voucher_key.to_string()),
            ("slot", some(&lease.slot, "any")),
            ("provider", some(&rental.provider, "none yet")),
            ("mint", lease.mint.to_string()),
            ("a second costs", atoms(lease.rate_per_second_atoms.get())),
            ("put in", atoms(lease.deposit_atoms.get())),
            ("vault holds", atoms(held)),
            ("seconds counted", runway.counted.to_string()),
            ("due for them at most", atoms(earned)),
            (
                "runway",
                format!("{} ({} s)", span::words(runway.left()), runway.left()),
            ),
            ("funds end", funds_end),
            ("paid to the provider", atoms(provider)),
            ("paid in fees", atoms(fee)),
            ("last voucher's number", lease.voucher_seq.get().to_string()),
            ("last voucher's amount", atoms(lease.cumulative_atoms.get())),
            ("bond", sol(lease.bond_lamports.get())),
            ("compensation", sol(lease.compensation_lamports.get())),
            (
                "gang",
                rental.gang().map_or_else(|| "none".to_owned(), |gang| gang.to_string()),
            ),
            ("times open/notice/pause/interval", seconds.join("/")),
            ("uid", hex(&lease.uid)),
            ("specification", hex(&lease.spec_hash)),
        ],
        app.global.json,
    );
    Ok(())
}

/// All leases that were asked for.
pub async fn list(app: &App, client: Option<Address>, slot: Option<Address>) -> Outcome {
    let now = now(app).await?;
    let rows = escrow::leases(&app.rpc, client, slot)
        .await?
        .iter()
        .map(|(address, lease)| {
            let runway = runway(lease, now);
            vec![
                address.to_string(),
                lease_state_name(lease.state).to_owned(),
                amount::format(lease.rate_per_second_atoms.get(), lease.decimals),
                amount::format(lease.deposit_atoms.get(), lease.decimals),
                amount::format(lease.paid_atoms.get(), lease.decimals),
                span::words(runway.left()),
                some(&lease.slot, "any"),
                lease.mint.to_string(),
            ]
        })
        .collect();
    let headings = ["lease", "state", "a second", "put in", "paid", "runway", "slot", "mint"];
    output::list(&headings, rows, &[2, 3, 4, 5], app.global.json);
    Ok(())
}
