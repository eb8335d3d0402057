//! Creates the local pool config: governed and paid by the realm's treasury.

use {
    crate::{local, Context},
    commonweal_client::{pool, send::Plan, Result},
    solana_signer::Signer,
};

/// Creates the config if it is not there.
pub async fn run(context: &Context<'_>) -> Result<Vec<String>> {
    let at = local::addresses(context.payer);
    if context.sender.rpc.account(&at.pool_config).await?.is_some() {
        return Ok(Vec::new());
    }
    let terms = pool::plain_terms(
        true,
        at.treasury,
        at.treasury,
        local::POOL_FEE_PPM,
        local::POOL_MAX_FEE_PPM,
        local::POOL_PROTOCOL_SHARE_PPM,
        local::POOL_MAX_PROTOCOL_SHARE_PPM,
    );
    let create = pool::initialize_config(context.payer.pubkey(), at.realm, local::POOL_CONFIG_ID, terms);
    context
        .sender
        .run(&Plan::new("create the pool config", vec![create], &[context.payer]))
        .await?;
    Ok(vec![format!(
        "created the pool config {} (authority and treasury {})",
        at.pool_config, at.treasury
    )])
}
