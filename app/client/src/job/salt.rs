//! What a worker must remember between committing to a result and revealing it.

use {
    super::wasm::hex,
    crate::{paths, Error, Result},
    serde::{Deserialize, Serialize},
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{
        fs::{self, OpenOptions},
        io::Write,
        path::PathBuf,
    },
};

/// A result's hash and the salt of its commitment, kept in a file named by the job's uid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// SHA-256 of the result.
    pub result: [u8; 32],
    /// The salt.
    pub salt: [u8; 32],
}

fn path(uid: &[u8; 32]) -> PathBuf {
    paths::state().join("results").join(format!("{}.json", hex(uid)))
}

fn fail(uid: &[u8; 32], reason: impl ToString, remedy: &str) -> Error {
    Error::local(format!("the secret of job uid {}", hex(uid)), reason, remedy)
}

impl Secret {
    /// The secret for this result, made and synced to disk unless it is there already. Another result for the same job is refused:
    /// what was committed to once must stay revealable.
    pub fn for_result(uid: &[u8; 32], result: [u8; 32]) -> Result<Self> {
        if path(uid).exists() {
            let kept = Self::read(uid)?;
            if kept.result == result {
                return Ok(kept);
            }
            return Err(Error::refused(
                format!(
                    "this machine has prepared the result {} for this job",
                    hex(&kept.result)
                ),
                format!(
                    "Commit to that one, or remove {} if nothing was committed",
                    path(uid).display()
                ),
            ));
        }
        // the bytes of a new public key are as good as random ones
        let secret = Self {
            result,
            salt: Keypair::new().pubkey().to_bytes(),
        };
        let remedy = "Check the disk; nothing was sent";
        let text = serde_json::to_string(&secret).map_err(|error| fail(uid, error, remedy))?;
        let file = path(uid);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| fail(uid, error, remedy))?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(file).map_err(|error| fail(uid, error, remedy))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| fail(uid, error, remedy))?;
        Ok(secret)
    }

    /// The secret of a job.
    pub fn read(uid: &[u8; 32]) -> Result<Self> {
        let remedy = "Reveal on the machine (and as the user) that committed";
        let text = fs::read_to_string(path(uid)).map_err(|error| fail(uid, error, remedy))?;
        serde_json::from_str(&text).map_err(|error| fail(uid, error, remedy))
    }
}
