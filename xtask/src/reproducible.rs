//! Two builds from two directories must give the same bytes.

use {
    crate::{
        build,
        error::{at, Error, Result},
        paths::{self, PROGRAMS},
        run::{lock, output, run},
        toolchain,
    },
    std::{path::Path, process::Command},
};

/// Builds from the workspace and from a copy of it elsewhere, with target directories of their own, and compares.
///
/// Errors: [`Error::Check`] naming the first program whose bytes differ.
pub fn check() -> Result<()> {
    build::all()?;
    let copy = paths::cache().join("reproducible").join("a-second-directory");
    let target = paths::cache().join("reproducible").join("target");
    let _lock = lock(&paths::cache().join("reproducible.lock"))?;
    copy_sources(&copy)?;
    println!("{}", toolchain::describe()?);
    for program in &PROGRAMS {
        let first = paths::deploy().join(format!("{}.so", program.lib));
        let second = build::program_in(&copy, &target, program)?;
        let (a, b) = (at(&first, std::fs::read(&first))?, at(&second, std::fs::read(&second))?);
        if a != b {
            return Err(Error::Check(format!(
                "{} is not reproducible: {} from {}, {} from {}",
                program.package,
                build::hash(&a),
                paths::root().display(),
                build::hash(&b),
                copy.display()
            )));
        }
        println!("{}  twice the same", build::describe(program, &first)?);
    }
    Ok(())
}

/// Copies what git knows of (and what it would add), so that nothing of the first build can leak into the second.
fn copy_sources(to: &Path) -> Result<()> {
    if to.exists() {
        at(to, std::fs::remove_dir_all(to))?;
    }
    let root = paths::root();
    let files = output(Command::new("git").current_dir(&root).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    for file in files.lines() {
        let (from, destination) = (root.join(file), to.join(file));
        if !from.is_file() {
            continue;
        }
        if let Some(parent) = destination.parent() {
            at(parent, std::fs::create_dir_all(parent))?;
        }
        at(&from, std::fs::copy(&from, &destination))?;
    }
    // cargo looks for a git repository above; a boundary of its own keeps both builds alike
    run(Command::new("git").current_dir(to).args(["init", "--quiet"]))
}
