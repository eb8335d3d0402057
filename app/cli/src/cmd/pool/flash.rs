//! `commonweal pool flash`: borrows and repays in one transaction. What programs do in between is theirs to write.

use {
    crate::app::{App, Outcome},
    commonweal_client::{
        amount,
        pool::{Located, Side},
        send::Plan,
        tokens, Address, Error,
    },
    solana_signer::Signer,
};

/// Borrows and repays at once; the fee is what it costs.
pub async fn run(app: &App, address: Address, a: &str, b: &str) -> Outcome {
    let signer = app.signer()?;
    let borrower = signer.pubkey();
    let located = Located::fetch(&app.rpc, address).await?;
    let atoms = [
        amount::parse(a, located.pool.decimals_a)?,
        amount::parse(b, located.pool.decimals_b)?,
    ];
    if atoms == [0, 0] {
        return Err(Error::refused("nothing is borrowed", "Name an amount with --a or --b").into());
    }
    let mut instructions: Vec<_> = [Side::A, Side::B]
        .into_iter()
        .map(|side| located.token(side))
        .map(|token| tokens::create_associated(&borrower, &borrower, &token.mint, &token.program))
        .collect();
    instructions.extend(located.flash(borrower, atoms, Vec::new()));
    let label = format!("borrow {a} of A and {b} of B from pool {address} and repay them");
    app.execute(Plan::new(label, instructions, &[&signer])).await?;
    Ok(())
}
