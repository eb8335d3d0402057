//! The test command and the lints of CI.

use crate::{
    build,
    error::Result,
    paths,
    run::{cargo, claim, lock, run},
    toolchain,
};

/// Builds the programs and runs every test of the workspace.
pub fn run_all(filter: &[String]) -> Result<()> {
    toolchain::ensure_native_tools()?;
    build::all()?;
    build::for_tests()?;
    let _lock = lock(&paths::cache().join("target-host.lock"))?;
    claim(&paths::host_target())?;
    run(cargo("test")
        .env("CARGO_TARGET_DIR", paths::host_target())
        .env("COMMONWEAL_DEPLOY_DIR", paths::deploy())
        .args(["--workspace", "--locked"])
        .args(filter))
}

/// Formatting, then clippy with warnings as errors.
pub fn lint() -> Result<()> {
    toolchain::ensure_native_tools()?;
    crate::run::run(
        std::process::Command::new("cargo")
            .current_dir(paths::root())
            .args(["fmt", "--all", "--check"]),
    )?;
    let _lock = lock(&paths::cache().join("target-lint.lock"))?;
    claim(&paths::lint_target())?;
    run(cargo("clippy").env("CARGO_TARGET_DIR", paths::lint_target()).args([
        "--quiet",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))
}
