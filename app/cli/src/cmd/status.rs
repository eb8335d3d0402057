//! `commonweal status`.

use {
    crate::{
        app::{App, Outcome},
        output,
    },
    commonweal_client::{amount, deploy, programs, send::Outcome as Sent},
    solana_signer::Signer,
};

/// Shows the cluster and the programs, and takes up what an earlier command left open.
pub async fn run(app: &App) -> Outcome {
    let json = app.global.json;
    let genesis = app.rpc.genesis_hash().await?;
    let clock = app.rpc.clock().await?;
    let mut facts = vec![
        ("url", app.rpc.url().to_owned()),
        (
            "cluster",
            deploy::public_cluster(&genesis).map_or_else(|| format!("genesis {genesis}"), str::to_owned),
        ),
        ("version", app.rpc.version().await?),
        ("slot", clock.slot.to_string()),
        ("unix time", clock.unix_ts.to_string()),
    ];
    if let Ok(signer) = app.signer() {
        let lamports = app
            .rpc
            .account(&signer.pubkey())
            .await?
            .map_or(0, |account| account.lamports);
        facts.push(("signer", signer.pubkey().to_string()));
        facts.push(("balance", format!("{} SOL", amount::sol(lamports))));
    }
    output::facts(&facts, json);
    let mut rows = Vec::new();
    for program in &programs::ALL {
        let row = match deploy::deployed(&app.rpc, &program.id).await? {
            None => vec![String::new(), String::new(), "not deployed".to_owned()],
            Some(deployed) => vec![
                deployed.slot.to_string(),
                deployed
                    .upgrade_authority
                    .map_or_else(|| "nobody".to_owned(), |authority| authority.to_string()),
                deployed.hash(),
            ],
        };
        rows.push([vec![program.name.to_owned(), program.id.to_string()], row].concat());
    }
    output::list(
        &["program", "address", "slot", "upgrade authority", "sha256"],
        rows,
        &[2],
        json,
    );
    let resumed = app.sender().await?.resume().await?;
    let rows = resumed
        .into_iter()
        .map(|(pending, outcome)| {
            let outcome = match outcome {
                Sent::Confirmed { slot } => format!("confirmed in slot {slot}"),
                Sent::Failed { error, .. } => format!("failed on chain: {error}"),
                Sent::Expired => "expired; nothing was done".to_owned(),
                Sent::Unknown { reason } => format!("still unknown: {reason}"),
            };
            vec![pending.label, pending.signature.to_string(), outcome]
        })
        .collect::<Vec<_>>();
    if !rows.is_empty() {
        output::list(&["left open", "signature", "now"], rows, &[], json);
    }
    Ok(())
}
