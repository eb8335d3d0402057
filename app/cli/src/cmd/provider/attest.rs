//! What attestors say about slots and results.

use {
    super::send,
    crate::{
        app::{App, Outcome},
        args::{AttestSlot, AttestationVerb, Attested},
        cmd::job::read,
        output,
    },
    commonweal_client::{
        escrow::{self, AttestationClaim, ATTESTED_ENCLAVE, ATTESTED_PLACE, ATTESTED_SCORE},
        job::wasm::{hex, sha256},
        Address, Error,
    },
    solana_signer::Signer,
};

/// Says something about a slot.
pub async fn slot(app: &App, options: AttestSlot) -> Outcome {
    let signer = app.signer()?;
    let slot = escrow::slot(&app.rpc, &options.slot).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let kind = match options.kind {
        Attested::Speed => ATTESTED_SCORE,
        Attested::Enclave => ATTESTED_ENCLAVE,
        Attested::Place => ATTESTED_PLACE,
    };
    if (kind == ATTESTED_SCORE) != options.score.is_some() {
        let remedy = "Give --score with --kind speed, and only there";
        return Err(Error::refused("a speed has a score and nothing else has", remedy).into());
    }
    let claim = AttestationClaim {
        kind,
        score: options.score.unwrap_or(0),
        evidence_hash: sha256(&read(&options.evidence)?),
        expires_ts: now_ts.saturating_add_unsigned(options.valid_for),
    };
    let attest = escrow::attest_slot(signer.pubkey(), slot.config_id.get(), options.slot, claim);
    let label = format!("attest the {} of slot {}", escrow::attested_name(kind), options.slot);
    send(app, &signer, label, attest).await
}

/// Carries a verb of `provider attestation` out.
pub async fn run(app: &App, verb: AttestationVerb) -> Outcome {
    match verb {
        AttestationVerb::List { slot } => list(app, slot).await,
        AttestationVerb::Close { attestation } => {
            let signer = app.signer()?;
            let state = escrow::attestation(&app.rpc, &attestation).await?;
            let close = escrow::close_attestation(signer.pubkey(), attestation, &state);
            let label = format!("close the attestation of slot {}", state.slot);
            send(app, &signer, label, close).await
        }
    }
}

async fn list(app: &App, slot: Address) -> Outcome {
    let now_ts = app.rpc.clock().await?.unix_ts;
    let rows = escrow::attestations(&app.rpc, &slot)
        .await?
        .iter()
        .map(|(address, state)| {
            let left = state.expires_ts.get().saturating_sub(now_ts);
            vec![
                address.to_string(),
                escrow::attested_name(state.kind).to_owned(),
                state.attestor.to_string(),
                state.score.get().to_string(),
                super::show::until(left),
                hex(&state.evidence_hash),
            ]
        })
        .collect();
    let headings = ["attestation", "of", "attestor", "score", "counts for", "evidence"];
    output::list(&headings, rows, &[3], app.global.json);
    Ok(())
}
