//! Makes a governing mint and a payment mint on a local network, both under the funder's authority.

use {
    crate::{local, Context},
    commonweal_client::{send::Plan, tokens, Result},
    commonweal_interface::ids,
    solana_signer::Signer,
};

/// Creates the mints that are missing.
pub async fn run(context: &Context<'_>) -> Result<Vec<String>> {
    let mut changes = Vec::new();
    let rpc = &context.sender.rpc;
    let payer = context.payer.pubkey();
    let mints = [
        ("governing mint", local::governing_mint_key(context.payer)),
        ("payment mint", local::payment_mint_key(context.payer)),
    ];
    for (name, key) in mints {
        if rpc.account(&key.pubkey()).await?.is_some() {
            continue;
        }
        let create = tokens::create_mint(rpc, &payer, &key.pubkey(), &payer, local::MINT_DECIMALS, &ids::TOKEN).await?;
        context
            .sender
            .run(&Plan::new(format!("create the {name}"), create, &[context.payer, &key]))
            .await?;
        changes.push(format!("created the {name} {}", key.pubkey()));
    }
    Ok(changes)
}
