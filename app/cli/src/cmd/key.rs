//! `commonweal key`.

use {
    crate::{
        app::{App, Outcome},
        args::Key,
        output,
    },
    commonweal_client::keys,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Makes or shows a keypair.
pub fn run(app: &App, verb: Key) -> Outcome {
    let (file, keypair) = match verb {
        Key::New { file } => {
            let keypair = Keypair::new();
            keys::write_new(&file, &keypair)?;
            (file, keypair)
        }
        Key::Show => (
            app.global.keypair.clone().unwrap_or_else(keys::default_path),
            app.signer()?,
        ),
    };
    output::facts(
        &[
            ("address", keypair.pubkey().to_string()),
            ("file", file.display().to_string()),
        ],
        app.global.json,
    );
    Ok(())
}
