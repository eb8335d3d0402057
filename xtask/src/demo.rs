//! The main job: a local validator, the programs on it and a story played through the real client.

use crate::{
    build,
    error::Result,
    paths,
    run::{cargo, claim, lock, run},
    toolchain,
};

/// Builds what is missing, then hands over to the client.
pub fn demo(keep: bool) -> Result<()> {
    toolchain::ensure_native_tools()?;
    build::all()?;
    eprintln!("building the client");
    {
        let _lock = lock(&paths::cache().join("target-host.lock"))?;
        claim(&paths::host_target())?;
        run(cargo("build").env("CARGO_TARGET_DIR", paths::host_target()).args([
            "--quiet",
            "--locked",
            "--package",
            "commonweal-cli",
        ]))?;
    }
    let client = paths::host_target().join("debug/commonweal");
    let mut command = std::process::Command::new(client);
    command
        .current_dir(paths::root())
        .env("COMMONWEAL_DEPLOY_DIR", paths::deploy())
        .arg("demo");
    if keep {
        command.arg("--keep");
    }
    run(&mut command)
}
