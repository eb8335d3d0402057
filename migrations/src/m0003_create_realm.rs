//! Founds the rehearsal realm on a local network.

use {
    crate::{local, Context},
    commonweal_client::{
        governance::{self, ChamberChoice, RealmChoice},
        send::Plan,
        Result,
    },
    solana_signer::Signer,
};

/// The founder's and the guardian's terms: thirty days, then only executed proposals change attestors.
const SUNSET_SECONDS: i64 = 30 * 86_400;

/// Creates the realm if it is not there.
pub async fn run(context: &Context<'_>) -> Result<Vec<String>> {
    let rpc = &context.sender.rpc;
    let at = local::addresses(context.payer);
    if rpc.account(&at.realm).await?.is_some() {
        return Ok(Vec::new());
    }
    let founder = context.payer.pubkey();
    let sunset_ts = rpc.clock().await?.unix_ts.saturating_add(SUNSET_SECONDS);
    let choice = RealmChoice {
        rehearsal: true,
        nullifier_scheme: 0,
        // what attestors sign is good on this network alone
        cluster: rpc.genesis_hash().await?.to_bytes(),
        chambers: ChamberChoice {
            liquidity_config: at.pool_config.to_bytes(),
            escrow_config_number: u32::from(local::ESCROW_CONFIG_ID).saturating_add(1),
        },
        guardian: founder.to_bytes(),
        founder_sunset_ts: sunset_ts,
        guardian_sunset_ts: sunset_ts,
        parameters: local::realm_parameters(),
    };
    let create = governance::create_realm(founder, local::REALM_NAME, at.governing_mint, choice);
    context
        .sender
        .run(&Plan::new("found the rehearsal realm", vec![create], &[context.payer]))
        .await?;
    Ok(vec![format!(
        "founded the rehearsal realm {} with treasury {} (founder {founder}, until {sunset_ts})",
        at.realm, at.treasury
    )])
}
