//! The tools that builds need: made or installed once, into the cache.

use {
    crate::{
        error::{at, Error, Result},
        paths,
        run::{output, run, succeeds},
    },
    std::{path::PathBuf, process::Command},
};

/// The version of the linker's crate. The LLVM inside comes from a moving suite, hence its own line in published hashes.
pub const LINKER_VERSION: &str = "0.2.6";

/// What off-chain crates link or run at build time, as Debian packages: the check that one is there, and its name.
const DEBIAN_PACKAGES: [(&str, &[&str], &str); 5] = [
    ("pkg-config", &["--version"], "pkg-config"),
    ("clang", &["--version"], "clang libclang-dev"),
    ("protoc", &["--version"], "protobuf-compiler"),
    ("cmake", &["--version"], "cmake"),
    (
        "pkg-config",
        &["--exists", "libudev", "openssl"],
        "libudev-dev libssl-dev",
    ),
];

/// Makes sure of the C libraries and tools that the Solana crates build with.
///
/// Errors: [`Error::MissingTool`] where they are missing and cannot be installed from here.
pub fn ensure_native_tools() -> Result<()> {
    let missing: Vec<&str> = DEBIAN_PACKAGES
        .iter()
        .filter(|(tool, arguments, _)| !succeeds(Command::new(tool).args(*arguments)))
        .flat_map(|(_, _, packages)| packages.split(' '))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    install_debian(&missing, "the Solana crates build with them")
}

/// Installs Debian packages as root; elsewhere says which command would.
fn install_debian(packages: &[&str], why: &str) -> Result<()> {
    let remedy = format!("apt-get install -y {}", packages.join(" "));
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !is_root || !succeeds(Command::new("apt-get").arg("--version")) {
        return Err(Error::MissingTool {
            tool: packages.join(", "),
            why: why.into(),
            remedy,
        });
    }
    eprintln!("installing {} ({why})", packages.join(", "));
    let mut install = Command::new("apt-get");
    install
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "-q"])
        .args(packages);
    if run(&mut install).is_err() {
        run(Command::new("apt-get").args(["update", "-q"]))?;
        run(&mut install)?;
    }
    Ok(())
}

/// Makes sure of the standard library's source, from which `std` is built for the SBF target.
pub fn ensure_rust_src() -> Result<()> {
    let sysroot = output(
        Command::new("rustc")
            .current_dir(paths::root())
            .args(["--print", "sysroot"]),
    )?;
    let source = PathBuf::from(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    if source.exists() {
        return Ok(());
    }
    eprintln!("installing rust-src (the standard library is built from source for the SBF target)");
    run(Command::new("rustup")
        .current_dir(paths::root())
        .args(["component", "add", "rust-src"]))
    .map_err(|_| Error::MissingTool {
        tool: "rust-src".into(),
        why: "the standard library is built from source for the SBF target".into(),
        remedy: "rustup component add rust-src".into(),
    })
}

/// Makes sure of `sbpf-linker` and returns where it is: `SBPF_LINKER` if set, else built once into the cache.
pub fn ensure_linker() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("SBPF_LINKER") {
        return Ok(PathBuf::from(given));
    }
    let linker = paths::cache().join("sbpf-linker");
    let works = |path: &PathBuf| succeeds(Command::new(path).arg("--version"));
    if works(&linker) {
        return Ok(linker);
    }
    let _lock = crate::run::lock(&paths::cache().join("sbpf-linker.lock"))?;
    if works(&linker) {
        return Ok(linker);
    }
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let script = paths::root().join("toolchain/build-sbpf-linker.sh");
    if !is_root {
        return Err(Error::MissingTool {
            tool: "sbpf-linker".into(),
            why: "it links the programs for the SBF target; making it needs root once (debootstrap)".into(),
            remedy: format!("sudo {} {}", script.display(), linker.display()),
        });
    }
    eprintln!(
        "making sbpf-linker {LINKER_VERSION} in {} (once, about two minutes)",
        paths::cache().display()
    );
    at(&paths::cache(), std::fs::create_dir_all(paths::cache()))?;
    run(Command::new("bash").arg(&script).arg(&linker))?;
    Ok(linker)
}

/// What the bytecode depends on beside the sources, as one line to print beside its hashes.
pub fn describe() -> Result<String> {
    let linker = ensure_linker()?;
    let rustc = output(Command::new("rustc").current_dir(paths::root()).arg("--version"))?;
    let version = output(Command::new(linker).arg("--version"))?;
    Ok(format!(
        "{}, sbpf-linker {LINKER_VERSION} ({})",
        rustc.trim(),
        version.replace('\n', " ").trim()
    ))
}
