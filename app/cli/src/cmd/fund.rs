//! `commonweal fund`: a local network's faucet.

use {
    crate::{
        app::{App, Outcome},
        args::Fund,
    },
    commonweal_client::{amount, deploy, send::Plan, tokens},
    commonweal_interface::ids,
    commonweal_migrations::local,
    solana_signer::Signer,
    solana_system_interface::instruction as system,
};

/// Sends SOL and issues tokens of the mints that the migrations made under the signer's authority.
pub async fn run(app: &App, options: Fund) -> Outcome {
    deploy::require_local(&app.rpc).await?;
    let funder = app.signer()?;
    let (from, to) = (funder.pubkey(), options.wallet);
    let at = local::addresses(&funder);
    let mut instructions = Vec::new();
    let lamports = amount::parse(&options.sol, amount::SOL_DECIMALS)?;
    if lamports > 0 {
        instructions.push(system::transfer(&from, &to, lamports));
    }
    for (mint, text) in [
        (at.governing_mint, &options.governing),
        (at.payment_mint, &options.payment),
    ] {
        let atoms = amount::parse(text, local::MINT_DECIMALS)?;
        if atoms > 0 {
            let account = tokens::associated(&to, &mint, &ids::TOKEN);
            instructions.push(tokens::create_associated(&from, &to, &mint, &ids::TOKEN));
            instructions.push(tokens::mint_to(&mint, &account, &from, atoms, &ids::TOKEN)?);
        }
    }
    app.execute(Plan::new(format!("fund {to}"), instructions, &[&funder]))
        .await?;
    Ok(())
}
