//! `commonweal pool collect`.

use {
    crate::{
        app::{App, Outcome},
        output,
    },
    commonweal_client::{amount, pool::Collection, send::Plan, Address},
    solana_signer::Signer,
};

/// Pays the treasury, then shows what it got: a mint's transfer fee is its loss.
pub async fn run(app: &App, address: Address, only: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let collection = Collection::fetch(&app.rpc, address, only.as_ref()).await?;
    let instructions = collection.instructions(&signer.pubkey());
    let label = format!("collect the protocol fees of pool {address}");
    let Some(receipt) = app.execute(Plan::new(label, instructions, &[&signer])).await? else {
        return Ok(());
    };
    let moves = output::moved(&receipt.landed);
    let pool = &collection.located.pool;
    let rows = collection
        .sides()
        .iter()
        .map(|side| {
            let account = collection.treasury_account(*side);
            let moved = |account: &Address| {
                let found = moves
                    .iter()
                    .find(|moved| moved.mint.is_some() && moved.account == *account);
                let atoms = found.map_or(0, |moved| moved.change.unsigned_abs());
                amount::format(u64::try_from(atoms).unwrap_or(u64::MAX), pool.decimals(*side))
            };
            vec![
                pool.mint(*side).to_string(),
                moved(pool.vault(*side)),
                moved(&account),
                account.to_string(),
            ]
        })
        .collect();
    output::list(
        &["mint", "collected", "received", "treasury account"],
        rows,
        &[1, 2],
        app.global.json,
    );
    Ok(())
}
