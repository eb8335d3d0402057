//! The person behind a provider.

use {
    crate::app::{App, Outcome},
    commonweal_client::{escrow, governance::Member, keys, send::Plan, Address, Error},
    solana_signer::Signer,
    std::path::PathBuf,
};

/// Puts a person behind the signer's provider.
pub async fn link(app: &App, person: Option<PathBuf>, config: u16) -> Outcome {
    let authority = app.signer()?;
    let wallet = match person {
        Some(path) => keys::read(&path)?,
        None => authority.insecure_clone(),
    };
    let realm = escrow::config(&app.rpc, &escrow::config_address(config)).await?.realm;
    let member = Member::of_wallet(&app.rpc, realm, wallet.pubkey()).await?;
    let link = escrow::link_person(wallet.pubkey(), authority.pubkey(), member.person, config);
    let label = format!(
        "put person {} behind provider {}",
        member.person,
        escrow::provider_address(&authority.pubkey())
    );
    let mut signers = vec![&authority];
    if wallet.pubkey() != authority.pubkey() {
        signers.push(&wallet);
    }
    app.execute(Plan::new(label, vec![link], &signers)).await?;
    Ok(())
}

/// Parts a provider and its person.
pub async fn unlink(app: &App, authority: Option<Address>) -> Outcome {
    let signer = app.signer()?;
    let authority = authority.unwrap_or_else(|| signer.pubkey());
    let provider = escrow::provider(&app.rpc, &authority).await?;
    let address = escrow::provider_address(&authority);
    if provider.person == Address::default() {
        let remedy = "Nothing is to be done";
        return Err(Error::account(address, "a provider with a person", "none", remedy).into());
    }
    let unlink = escrow::unlink_person(signer.pubkey(), address, &provider);
    let label = format!("part provider {address} and person {}", provider.person);
    app.execute(Plan::new(label, vec![unlink], &[&signer])).await?;
    Ok(())
}
