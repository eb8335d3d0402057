//! Secrets that must outlive a commitment: written and synced to disk, for their owner alone, before anything is sent.

use {
    crate::{paths, Error, Result},
    serde::{de::DeserializeOwned, Serialize},
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{
        fs::{self, OpenOptions},
        io::Write,
        path::PathBuf,
    },
};

/// Where a kind's secret of a name lies.
pub fn path(kind: &str, name: &str) -> PathBuf {
    paths::state().join(kind).join(format!("{name}.json"))
}

fn fail(kind: &str, name: &str, reason: impl ToString, remedy: &str) -> Error {
    Error::local(format!("the secret {kind}/{name}"), reason, remedy)
}

/// Random bytes: those of a new public key are as good.
pub fn random() -> [u8; 32] {
    Keypair::new().pubkey().to_bytes()
}

/// The secret that is kept under a name, or `made`, kept from now on. Never over one that exists.
pub fn keep<T: Serialize + DeserializeOwned>(kind: &str, name: &str, made: T) -> Result<T> {
    let path = path(kind, name);
    if path.exists() {
        return read(kind, name);
    }
    let remedy = "Check the disk; nothing was sent";
    let text = serde_json::to_string(&made).map_err(|error| fail(kind, name, error, remedy))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| fail(kind, name, error, remedy))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(|error| fail(kind, name, error, remedy))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| fail(kind, name, error, remedy))?;
    Ok(made)
}

/// The secret kept under a name.
pub fn read<T: DeserializeOwned>(kind: &str, name: &str) -> Result<T> {
    let remedy = "Reveal on the machine (and as the user) that committed";
    let text = fs::read_to_string(path(kind, name)).map_err(|error| fail(kind, name, error, remedy))?;
    serde_json::from_str(&text).map_err(|error| fail(kind, name, error, remedy))
}
