//! Creates the local escrow config: governed and paid by the realm's treasury.

use {
    crate::{local, Context},
    commonweal_client::{
        escrow::{self, ConfigParams},
        send::Plan,
        Result,
    },
    solana_signer::Signer,
};

/// Creates the config if it is not there.
pub async fn run(context: &Context<'_>) -> Result<Vec<String>> {
    let rpc = &context.sender.rpc;
    let at = local::addresses(context.payer);
    if rpc.account(&at.escrow_config).await?.is_some() {
        return Ok(Vec::new());
    }
    let genesis_hash = rpc.genesis_hash().await?.to_bytes();
    let params = ConfigParams {
        fee_ppm: local::ESCROW_FEE_PPM,
        crank_bounty_lamports: local::CRANK_BOUNTY_LAMPORTS,
        min_bond_lamports: local::MIN_BOND_LAMPORTS,
        treasury: at.treasury,
    };
    let args = escrow::config_args(local::ESCROW_CONFIG_ID, true, at.treasury, genesis_hash, params);
    let create = escrow::initialize_config(context.payer.pubkey(), at.realm, at.payment_mint, args);
    context
        .sender
        .run(&Plan::new("create the escrow config", vec![create], &[context.payer]))
        .await?;
    Ok(vec![format!(
        "created the escrow config {} (authority and treasury {})",
        at.escrow_config, at.treasury
    )])
}
