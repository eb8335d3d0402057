//! Running other programs, and locks so that two runs do not build the same thing.

use {
    crate::error::{at, Error, Result},
    std::{
        fs::File,
        path::Path,
        process::{Command, Stdio},
    },
};

/// Runs a command with the terminal's input and output; an unsuccessful end is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|source| missing_or(command, source))?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::CommandFailed {
            command: show(command),
            status: status.to_string(),
        })
    }
}

/// Runs a command and returns what it prints; its messages go to the terminal.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| missing_or(command, source))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Error::CommandFailed {
            command: show(command),
            status: output.status.to_string(),
        })
    }
}

/// Runs a command and shows what it says only if it fails: some warnings of the compiler cannot be switched off.
pub fn quietly(command: &mut Command) -> Result<()> {
    let output = command.output().map_err(|source| missing_or(command, source))?;
    if output.status.success() {
        return Ok(());
    }
    eprint!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Err(Error::CommandFailed {
        command: show(command),
        status: output.status.to_string(),
    })
}

/// Whether a command can be started and succeeds, silently.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// `cargo` with the flag that the Solana crates need: they declare a newer compiler than they use, and no setting stands
/// in for the flag.
pub fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new("cargo");
    command
        .current_dir(crate::paths::root())
        .arg(subcommand)
        .arg("--ignore-rust-version");
    command
}

/// Holds a lock on `path` until dropped; says so when it has to wait.
pub fn lock(path: &Path) -> Result<File> {
    if let Some(parent) = path.parent() {
        at(parent, std::fs::create_dir_all(parent))?;
    }
    let file = at(path, File::create(path))?;
    if file.try_lock().is_err() {
        eprintln!("waiting for another build that holds {}", path.display());
        at(path, file.lock())?;
    }
    Ok(file)
}

/// Takes a shared target directory for this clone.
///
/// Cargo tells the members of two clones apart by nothing but the age of their files, so that after a build of another clone
/// it could take that clone's artifacts for fresh ones. Where another clone was the last to build, the members' fingerprints
/// go, and cargo builds them again; dependencies stay.
pub fn claim(target: &Path) -> Result<()> {
    let marker = target.join("last-clone");
    let root = crate::paths::root().display().to_string();
    if std::fs::read_to_string(&marker).is_ok_and(|last| last == root) {
        return Ok(());
    }
    let members = members()?;
    for profile in profiles(target) {
        let Ok(units) = std::fs::read_dir(profile.join(".fingerprint")) else {
            continue;
        };
        for unit in units.flatten() {
            let name = unit.file_name().to_string_lossy().into_owned();
            let package = name.rsplit_once('-').map_or(name.as_str(), |(package, _)| package);
            if members.iter().any(|member| member == package) {
                at(&unit.path(), std::fs::remove_dir_all(unit.path()))?;
            }
        }
    }
    at(target, std::fs::create_dir_all(target))?;
    at(&marker, std::fs::write(&marker, root))
}

/// The directories of a target directory that hold artifacts: `debug`, `release` and the same below a target's name.
fn profiles(target: &Path) -> Vec<std::path::PathBuf> {
    let children = |folder: &Path| -> Vec<std::path::PathBuf> {
        std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
            .collect()
    };
    let first = children(target);
    let second: Vec<_> = first.iter().flat_map(|folder| children(folder)).collect();
    first.into_iter().chain(second).collect()
}

/// Names of the workspace's packages.
fn members() -> Result<Vec<String>> {
    let text = output(Command::new("cargo").current_dir(crate::paths::root()).args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| Error::Check(format!("cargo metadata: {error}")))?;
    let packages = metadata.get("packages").and_then(serde_json::Value::as_array);
    Ok(packages
        .into_iter()
        .flatten()
        .filter_map(|package| package.get("name").and_then(serde_json::Value::as_str))
        .map(String::from)
        .collect())
}

fn show(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|argument| argument.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

fn missing_or(command: &Command, source: std::io::Error) -> Error {
    if source.kind() == std::io::ErrorKind::NotFound {
        Error::MissingTool {
            tool: command.get_program().to_string_lossy().into_owned(),
            why: format!("`{}` needs it", show(command)),
            remedy: "your system's package manager".into(),
        }
    } else {
        Error::File {
            path: command.get_program().to_string_lossy().into_owned(),
            source,
        }
    }
}
