//! `commonweal pool skim` and `sync-risk`: what anybody may do for a pool.

use {
    crate::app::{App, Outcome},
    commonweal_client::{pool::Located, send::Plan, Address},
};

/// Gives the providers what was sent to the vaults.
pub async fn skim(app: &App, address: Address) -> Outcome {
    let signer = app.signer()?;
    let located = Located::fetch(&app.rpc, address).await?;
    let label = format!("give the providers what was sent to the vaults of pool {address}");
    app.execute(Plan::new(label, vec![located.skim()], &[&signer])).await?;
    Ok(())
}

/// Reads the mints again and shows what changed.
pub async fn sync_risk(app: &App, address: Address) -> Outcome {
    let signer = app.signer()?;
    let before = Located::fetch(&app.rpc, address).await?;
    let label = format!("read the mint risks of pool {address} again");
    let plan = Plan::new(label, vec![before.sync_mint_risk()], &[&signer]);
    if app.execute(plan).await?.is_none() {
        return Ok(());
    }
    let after = Located::fetch(&app.rpc, address).await?;
    let row = |name: &str, before: u16, after: u16| {
        vec![name.to_owned(), super::show::risks(before), super::show::risks(after)]
    };
    crate::output::list(
        &["mint", "could", "can"],
        vec![
            row("A", before.pool.risk_flags_a.get(), after.pool.risk_flags_a.get()),
            row("B", before.pool.risk_flags_b.get(), after.pool.risk_flags_b.get()),
        ],
        &[],
        app.global.json,
    );
    Ok(())
}
