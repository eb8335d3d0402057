//! Keypair files: sixty-four numbers in JSON, readable by their owner alone.

use {
    crate::{Error, Result},
    sha2::{Digest, Sha256},
    solana_keypair::Keypair,
    std::{
        fs,
        io::Write,
        path::{Path, PathBuf},
    },
};

/// Bits of a file's mode that let its group or others at it.
const SHARED_MODE_BITS: u32 = 0o077;

fn refuse(path: &Path, reason: impl ToString, remedy: impl Into<String>) -> Error {
    Error::Keypair {
        path: path.to_owned(),
        reason: reason.to_string(),
        remedy: remedy.into(),
    }
}

/// Where a wallet's keypair is looked for when none is named: Solana's own place.
pub fn default_path() -> PathBuf {
    crate::paths::home().join(".config/solana/id.json")
}

/// Reads a wallet's keypair. A file that the group or others may read is refused: whoever can read it can spend.
pub fn read(path: &Path) -> Result<Keypair> {
    let metadata = fs::metadata(path).map_err(|reason| {
        refuse(
            path,
            reason,
            "Name an existing file with --keypair, or make one with `commonweal key new FILE`",
        )
    })?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode();
        if mode & SHARED_MODE_BITS != 0 {
            return Err(refuse(
                path,
                format!("others may read it (mode {:03o})", mode & 0o777),
                format!("Run `chmod 600 {}`", path.display()),
            ));
        }
    }
    let _ = metadata;
    let text = fs::read_to_string(path).map_err(|reason| refuse(path, reason, "Check that it is a text file"))?;
    parse(&text).map_err(|reason| refuse(path, reason, "It must hold a JSON list of 64 numbers"))
}

/// Reads the JSON of a keypair.
pub fn parse(text: &str) -> std::result::Result<Keypair, String> {
    let bytes: Vec<u8> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Keypair::try_from(bytes.as_slice()).map_err(|error| error.to_string())
}

/// Writes a new keypair for its owner alone; never over an existing file.
pub fn write_new(path: &Path, keypair: &Keypair) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|reason| refuse(path, reason, "Check the folder's permissions"))?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options
        .open(path)
        .map_err(|reason| refuse(path, reason, "Choose a name that is free"))?;
    let numbers: Vec<u8> = keypair.to_bytes().to_vec();
    let text =
        serde_json::to_string(&numbers).map_err(|reason| refuse(path, reason, "This is a fault of the program"))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|reason| refuse(path, reason, "Check the disk"))
}

/// Reads the keypair at `path`, or makes and keeps one there (a local network's demo keys).
pub fn read_or_create(path: &Path) -> Result<Keypair> {
    if path.exists() {
        return read(path);
    }
    let keypair = Keypair::new();
    write_new(path, &keypair)?;
    Ok(keypair)
}

/// A keypair that only the holder of `from` can derive, the same each time for the same parts: upload buffers that are found again
/// after an interruption, a local network's mints.
pub fn derive(from: &Keypair, parts: &[&[u8]]) -> Keypair {
    let mut hasher = Sha256::new();
    hasher.update(b"commonweal derived key");
    hasher.update(from.to_bytes());
    for part in parts {
        // a hash of each, so that no two lists of parts can run together
        hasher.update(Sha256::digest(part));
    }
    Keypair::new_from_array(hasher.finalize().into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {super::*, solana_signer::Signer};

    fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("commonweal-keys-{}-{name}", std::process::id()));
        let _ = fs::remove_file(&path);
        path
    }

    #[test]
    fn a_written_keypair_reads_back_as_itself() {
        let path = scratch("roundtrip");
        let keypair = Keypair::new();
        write_new(&path, &keypair).unwrap();
        assert_eq!(read(&path).unwrap().pubkey(), keypair.pubkey());
        fs::remove_file(path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_keypair_file_that_others_may_read_is_refused_with_the_command_that_helps() {
        use std::os::unix::fs::PermissionsExt;
        for mode in [0o640, 0o604, 0o644, 0o660] {
            let path = scratch("shared");
            write_new(&path, &Keypair::new()).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let message = read(&path).unwrap_err().to_string();
            assert!(message.contains("chmod 600"), "{message}");
            fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn an_existing_keypair_file_is_never_written_over() {
        let path = scratch("existing");
        write_new(&path, &Keypair::new()).unwrap();
        assert!(write_new(&path, &Keypair::new()).is_err());
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_derived_key_is_the_same_each_time_and_another_for_other_parts() {
        let from = Keypair::new();
        let at = |parts: &[&[u8]]| derive(&from, parts).pubkey();
        assert_eq!(at(&[b"a", b"b"]), at(&[b"a", b"b"]));
        assert_ne!(at(&[b"a", b"b"]), at(&[b"ab"]));
        assert_ne!(at(&[b"a"]), derive(&Keypair::new(), &[b"a"]).pubkey());
    }

    #[test]
    fn a_file_that_is_no_keypair_is_refused() {
        assert!(parse("[1,2,3]").is_err());
        assert!(parse("hello").is_err());
    }
}
