//! Attestors.

use {
    super::attest::read_all,
    crate::{
        app::{App, Outcome},
        args::{Attestor, AttestorTerms},
        output,
    },
    commonweal_client::{
        accounts,
        governance::{self, AttestorChoice, AttestorKind},
        send::Plan,
        Address, Error,
    },
    commonweal_interface::ids,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::path::PathBuf,
};

/// Reads 64 hexadecimal digits.
pub fn nullifier(text: &str) -> Outcome<[u8; 32]> {
    let bytes = super::members::hexadecimal(text)?;
    Ok(bytes
        .try_into()
        .map_err(|_| Error::refused("a nullifier has 32 bytes", "Write 64 hexadecimal digits"))?)
}

/// What an attestor is and may, from the options of a verb.
pub async fn choice(app: &App, terms: &AttestorTerms) -> Outcome<AttestorChoice> {
    let mut label = [0u8; 32];
    let space = label.get_mut(..terms.label.len()).ok_or_else(|| {
        Error::refused(
            format!("the label has {} bytes", terms.label.len()),
            "Use 32 bytes at most",
        )
    })?;
    space.copy_from_slice(terms.label.as_bytes());
    let term = i64::try_from(terms.term).unwrap_or(i64::MAX);
    let kind = match terms.schema {
        Some(_) => AttestorKind::Issuer,
        None => AttestorKind::Key,
    };
    Ok(AttestorChoice {
        slot: terms.slot,
        kind: kind as u8,
        quota_per_epoch: terms.quota,
        enabled_until_ts: app.rpc.clock().await?.unix_ts.saturating_add(term),
        schema: terms.schema.unwrap_or_default().to_bytes(),
        label,
    })
}

/// An attestor's label, for people: what is no text is not shown.
pub fn label_of(label: &[u8; 32]) -> String {
    let bytes: Vec<u8> = label.iter().copied().take_while(|byte| *byte != 0).collect();
    String::from_utf8(bytes).map_or_else(|_| String::new(), |text| text.escape_debug().to_string())
}

/// Carries a verb of `gov attestor` out.
pub async fn run(app: &App, verb: Attestor) -> Outcome {
    let realm = app.realm();
    match verb {
        Attestor::Add { key, terms } => {
            let signer = app.signer()?;
            let choice = choice(app, &terms).await?;
            let add = governance::add_attestor(signer.pubkey(), realm, key, choice);
            let label = format!("add attestor {key} in slot {}", terms.slot);
            app.execute(Plan::new(label, vec![add], &[&signer])).await?;
        }
        Attestor::Disable { key } => {
            let signer = app.signer()?;
            let address = governance::attestor_address(&realm, &key);
            let state: governance::Attestor = accounts::fetch(&app.rpc, &ids::QUADRATIC_GOVERNANCE, &address).await?;
            let disable = governance::disable_attestor(signer.pubkey(), realm, key, state.rent_payer);
            let plan = Plan::new(format!("disable attestor {key}"), vec![disable], &[&signer]);
            app.execute(plan).await?;
        }
        Attestor::List => list(app).await?,
    }
    Ok(())
}

async fn list(app: &App) -> Outcome {
    let realm = governance::realm(&app.rpc, &app.realm()).await?;
    let now_ts = app.rpc.clock().await?.unix_ts;
    let epoch = realm.epoch_at(now_ts).unwrap_or(0);
    let rows = governance::attestors(&app.rpc, &app.realm())
        .await?
        .iter()
        .map(|(_, attestor)| {
            let used = if attestor.quota_epoch == epoch {
                attestor.quota_used.get()
            } else {
                0
            };
            let until = attestor.enabled_until_ts.get();
            vec![
                attestor.slot.to_string(),
                label_of(&attestor.label),
                attestor.key.to_string(),
                if attestor.kind == AttestorKind::Issuer as u8 {
                    format!("credentials of schema {}", attestor.schema)
                } else {
                    "key".to_owned()
                },
                format!("{used} of {}", attestor.quota_per_epoch.get()),
                if now_ts < until {
                    until.to_string()
                } else {
                    "over".to_owned()
                },
            ]
        })
        .collect();
    let headings = ["slot", "label", "key", "proves by", "registered this epoch", "until"];
    output::list(&headings, rows, &[0], app.global.json);
    Ok(())
}

/// Leaves a cohort out of a decision.
pub async fn exclude(app: &App, index: u32, slot: u8, attestors: &[PathBuf]) -> Outcome {
    let signer = app.signer()?;
    let realm = app.realm();
    let keys = read_all(attestors)?;
    let vouching: Vec<Address> = keys.iter().map(Keypair::pubkey).collect();
    let proposal = governance::proposal_address(&realm, index);
    let exclude = governance::exclude_bucket(signer.pubkey(), realm, proposal, slot, &vouching);
    let signers: Vec<&Keypair> = [&signer].into_iter().chain(&keys).collect();
    let label = format!("leave cohort {slot} out of proposal {index}");
    app.execute(Plan::new(label, vec![exclude], &signers)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_text_up_to_its_first_zero_and_cannot_play_with_the_terminal() {
        let label = |text: &[u8]| {
            let mut label = [0u8; 32];
            if let Some(space) = label.get_mut(..text.len()) {
                space.copy_from_slice(text);
            }
            label_of(&label)
        };
        assert_eq!(label("Zürich".as_bytes()), "Zürich");
        assert_eq!(label(b"\x1b[31m"), "\\u{1b}[31m");
        assert_eq!(label(&[0xff, 0xfe]), "");
    }
}
