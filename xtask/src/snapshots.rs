//! Measured figures, written by the tests that measure them.

use crate::{
    build,
    error::Result,
    paths,
    run::{cargo, claim, lock, run},
    toolchain,
};

/// Runs the measuring tests so that they write instead of compare.
pub fn write() -> Result<()> {
    toolchain::ensure_native_tools()?;
    build::all()?;
    build::for_tests()?;
    let _lock = lock(&paths::cache().join("target-host.lock"))?;
    claim(&paths::host_target())?;
    for tests in [
        // first: the limits of the others are held against what it writes
        ["--test", "liquidity_pool", "stable_cost"].as_slice(),
        &["--test", "snapshots"],
    ] {
        run(cargo("test")
            .env("CARGO_TARGET_DIR", paths::host_target())
            .env("COMMONWEAL_DEPLOY_DIR", paths::deploy())
            .env("UPDATE_SNAPSHOTS", "1")
            .args(["--quiet", "--locked", "--package", "commonweal-tests"])
            .args(tests))?;
    }
    Ok(())
}
