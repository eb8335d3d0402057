//! The programs, from source to SBF bytecode.

use {
    crate::{
        error::{at, Error, Result},
        paths::{self, Program, PROGRAMS, TEST_PROGRAMS},
        run::{claim, lock, quietly, run, succeeds},
        toolchain,
    },
    sha2::{Digest, Sha256},
    std::{
        path::{Path, PathBuf},
        process::Command,
    },
};

/// Compiler and linker flags of the SBF target; `toolchain/README.md` says why each is there.
const RUSTFLAGS: &[&str] = &[
    "--cfg=target_arch=\"csky\"",
    "--cfg=target_os=\"solana\"",
    "-Aexplicit_builtin_cfgs_in_flags",
    "-Cpasses=lower-atomic",
    "-Ctarget-cpu=v3",
    "-Ctarget-feature=+allows-misaligned-mem-access",
    "-Clink-arg=--arch=v3",
    "-Clink-arg=--llvm-args=--bpf-stack-size=4096",
    "-Clink-arg=--llvm-args=--bpf-allows-libcalls",
    "-Clink-arg=--llvm-args=--bpf-min-jump-table-entries=1000000",
    "-Cllvm-args=--unroll-threshold=150",
    "-Clink-arg=--llvm-args=--unroll-full-max-count=4",
    "-Clink-arg=--llvm-args=--disable-movsx",
    "-Clink-arg=--llvm-args=--disable-ldsx",
    "-Clink-arg=--deploy=false",
];

/// Builds the suite's programs and prints size and hash of each.
pub fn all() -> Result<()> {
    programs(&PROGRAMS, &paths::sbf_target())
}

/// Builds the programs that only tests run, in a target directory of their own: cargo names a library of the workspace
/// without a hash, so that the pool as a dependency of its caller would take the place of the pool itself.
pub fn for_tests() -> Result<()> {
    programs(&TEST_PROGRAMS, &paths::sbf_test_target())
}

fn programs(programs: &[Program], target: &Path) -> Result<()> {
    let _lock = lock(&paths::cache().join("target-sbf.lock"))?;
    claim(target)?;
    for program in programs {
        let bytecode = program_in(&paths::root(), target, program)?;
        let destination = paths::deploy().join(format!("{}.so", program.lib));
        at(&paths::deploy(), std::fs::create_dir_all(paths::deploy()))?;
        install(&bytecode, &destination)?;
        println!("{}", describe(program, &destination)?);
    }
    Ok(())
}

/// Copies only what differs, so that an unchanged program keeps its time stamp and nothing after it is rebuilt.
fn install(from: &Path, to: &Path) -> Result<()> {
    let new = at(from, std::fs::read(from))?;
    if std::fs::read(to).is_ok_and(|old| old == new) {
        return Ok(());
    }
    at(to, std::fs::write(to, new))
}

/// One line: name, bytes, hash.
pub fn describe(program: &Program, bytecode: &Path) -> Result<String> {
    let bytes = at(bytecode, std::fs::read(bytecode))?;
    Ok(format!(
        "{:<22} {:>7} bytes  sha256 {}",
        program.package,
        bytes.len(),
        hash(&bytes)
    ))
}

/// SHA-256 of bytecode without trailing zeros, in hexadecimal: what explorers, verifiers and `commonweal status` show, since
/// an account of the loader may be longer than the program in it.
pub fn hash(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last.saturating_add(1));
    Sha256::digest(bytes.get(..end).unwrap_or(&[]))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Builds one program of the workspace at `root` and returns where its bytecode is.
///
/// One invocation per program: built together, feature unification would change the binaries.
pub fn program_in(root: &Path, target: &Path, program: &Program) -> Result<PathBuf> {
    toolchain::ensure_rust_src()?;
    let linker = toolchain::ensure_linker()?;
    let linker_flag = format!("-Clinker={}", linker.display());
    let flags: Vec<&str> = RUSTFLAGS.iter().copied().chain([linker_flag.as_str()]).collect();
    eprintln!("building {}", program.package);
    quietly(
        Command::new("cargo")
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTC_BOOTSTRAP", "1")
        // read by the build script of `std`: lifts `restricted_std`
        .env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env_remove("RUSTFLAGS")
        .args(["build", "--release", "--quiet", "--ignore-rust-version", "--locked"])
        .args(["--target", "toolchain/sbpf-solana.json", "-Zjson-target-spec", "-Zbuild-std=std,panic_abort"])
        .args(["-p", program.package]),
    )?;
    Ok(target
        .join("sbpf-solana/release")
        .join(format!("lib{}.so", program.lib)))
}

/// Builds every program with the official tools, for those who have them. Not exercised by CI.
pub fn with_platform_tools() -> Result<()> {
    if !succeeds(Command::new("cargo").args(["build-sbf", "--version"])) {
        return Err(Error::MissingTool {
            tool: "cargo-build-sbf".into(),
            why: "`--platform-tools` builds with Solana's own compiler".into(),
            remedy: "the Solana CLI's installer, or leave the flag away".into(),
        });
    }
    for program in &PROGRAMS {
        let manifest = paths::root().join("programs").join(program.package).join("Cargo.toml");
        run(Command::new("cargo")
            .current_dir(paths::root())
            .args(["build-sbf", "--arch", "v3", "--manifest-path"])
            .arg(manifest)
            .arg("--sbf-out-dir")
            .arg(paths::deploy()))?;
        println!(
            "{}",
            describe(program, &paths::deploy().join(format!("{}.so", program.lib)))?
        );
    }
    Ok(())
}
