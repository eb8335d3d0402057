//! Where this crate keeps things.

use std::path::PathBuf;

/// The user's home, or the current folder where there is none.
pub fn home() -> PathBuf {
    std::env::var_os("HOME").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// What can be made again: `COMMONWEAL_CACHE` or `~/.cache/commonweal`.
pub fn cache() -> PathBuf {
    std::env::var_os("COMMONWEAL_CACHE").map_or_else(|| home().join(".cache/commonweal"), PathBuf::from)
}

/// What cannot (journals): `COMMONWEAL_HOME` or `~/.commonweal`.
pub fn state() -> PathBuf {
    std::env::var_os("COMMONWEAL_HOME").map_or_else(|| home().join(".commonweal"), PathBuf::from)
}

/// Where the programs' bytecode lies: `COMMONWEAL_DEPLOY_DIR` or `target/deploy`.
pub fn bytecode() -> PathBuf {
    std::env::var_os("COMMONWEAL_DEPLOY_DIR").map_or_else(|| PathBuf::from("target/deploy"), PathBuf::from)
}
