//! What runs on a local validator through the real client: the story, which is the main job, and a measurement.

use {
    crate::{
        build,
        error::Result,
        paths,
        run::{cargo, claim, lock, run},
        toolchain,
    },
    std::process::Command,
};

/// Builds what is missing, then hands over to the client.
pub fn demo(keep: bool) -> Result<()> {
    let mut command = client()?;
    command.arg("demo");
    if keep {
        command.arg("--keep");
    }
    run(&mut command)
}

/// How many transactions of jobs a local validator carries in a second.
pub fn throughput(jobs: u32) -> Result<()> {
    run(client()?.args(["throughput", "--jobs", &jobs.to_string()]))
}

/// The client with the programs it deploys, all built.
fn client() -> Result<Command> {
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
    let mut command = Command::new(paths::host_target().join("debug/commonweal"));
    command
        .current_dir(paths::root())
        .env("COMMONWEAL_DEPLOY_DIR", paths::deploy());
    Ok(command)
}
