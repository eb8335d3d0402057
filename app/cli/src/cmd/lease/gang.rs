//! Leases that begin together or not at all.

use {
    super::{nonce_or_time, now},
    crate::{
        app::{App, Outcome},
        args::Gang,
        cmd::job::config::seconds,
        output,
    },
    commonweal_client::{escrow, send::Plan, Address, Error},
    solana_signer::Signer,
};

/// Carries a verb of `lease gang` out.
pub async fn run(app: &App, verb: Gang) -> Outcome {
    match verb {
        Gang::Open {
            size,
            gather_for,
            nonce,
            config,
        } => {
            let signer = app.signer()?;
            let client = signer.pubkey();
            let nonce = nonce_or_time(app, nonce).await?;
            let open = escrow::open_gang(client, client, config, nonce, size, seconds(gather_for)?);
            let address = escrow::gang_address(&client, nonce);
            let label = format!("open gang {nonce} at {address}");
            app.execute(Plan::new(label, vec![open], &[&signer])).await?;
            Ok(())
        }
        Gang::Close { gang } => {
            let signer = app.signer()?;
            let close = escrow::close_gang(signer.pubkey(), gang, &fetch(app, gang).await?);
            app.execute(Plan::new(format!("close gang {gang}"), vec![close], &[&signer]))
                .await?;
            Ok(())
        }
        Gang::Show { gang } => show(app, gang).await,
    }
}

async fn fetch(app: &App, address: Address) -> Outcome<escrow::Gang> {
    Ok(escrow::gang(&app.rpc, &address)
        .await?
        .ok_or_else(|| Error::account(address, "a gang", "nothing", "Check the address; it may be closed"))?)
}

async fn show(app: &App, address: Address) -> Outcome {
    let gang = fetch(app, address).await?;
    let state = if gang.is_active == 1 {
        "complete"
    } else if gang.has_failed(now(app).await?).unwrap_or(false) {
        "not complete in time"
    } else {
        "gathers"
    };
    output::facts(
        &[
            ("gang", address.to_string()),
            ("client", gang.client.to_string()),
            ("number", gang.nonce.get().to_string()),
            ("state", state.to_owned()),
            ("leases it is made of", gang.size.to_string()),
            ("posted and not ended", gang.leases.to_string()),
            ("joined", gang.joined.to_string()),
            ("gathers for seconds", gang.gather_seconds.get().to_string()),
        ],
        app.global.json,
    );
    Ok(())
}
