//! Where things are.

use std::path::{Path, PathBuf};

/// One program of the suite.
pub struct Program {
    /// Its package and folder name.
    pub package: &'static str,
    /// Its library name, the stem of its bytecode and IDL files.
    pub lib: &'static str,
}

/// The three programs, in the order they are built and shown.
pub const PROGRAMS: [Program; 3] = [
    Program {
        package: "liquidity-pool",
        lib: "liquidity_pool",
    },
    Program {
        package: "quadratic-governance",
        lib: "quadratic_governance",
    },
    Program {
        package: "compute-escrow",
        lib: "compute_escrow",
    },
];

/// Programs that only tests run.
pub const TEST_PROGRAMS: [Program; 3] = [
    Program {
        package: "hostile-target",
        lib: "hostile_target",
    },
    Program {
        package: "libcalls-probe",
        lib: "libcalls_probe",
    },
    Program {
        package: "pool-caller",
        lib: "pool_caller",
    },
];

/// The root of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    // xtask is a child of the root by the layout of this repository
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// Outside the clone, so that a fresh clone on a known machine is quick: `COMMONWEAL_CACHE` or `~/.cache/commonweal`.
pub fn cache() -> PathBuf {
    std::env::var_os("COMMONWEAL_CACHE")
        .map(PathBuf::from)
        .unwrap_or_else(|| {
            let home = std::env::var_os("HOME")
                .map(PathBuf::from)
                .unwrap_or_else(|| PathBuf::from("."));
            home.join(".cache/commonweal")
        })
}

/// The target directory of host builds: `CARGO_TARGET_DIR` if set, else in the cache.
pub fn host_target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map(PathBuf::from)
        .unwrap_or_else(|| cache().join("target-host"))
}

/// The target directory of lints: clippy's half-built crates would only crowd the tests' (and wait for their lock).
pub fn lint_target() -> PathBuf {
    cache().join("target-lint")
}

/// The target directory of builds for the SBF target: one of its own, since `std` is built from source there.
pub fn sbf_target() -> PathBuf {
    cache().join("target-sbf")
}

/// The same for the programs that only tests run.
pub fn sbf_test_target() -> PathBuf {
    cache().join("target-sbf-tests")
}

/// The target directory of IDL builds (they use other compiler flags).
pub fn idl_target() -> PathBuf {
    cache().join("target-idl")
}

/// Where the bytecode lies.
pub fn deploy() -> PathBuf {
    root().join("target/deploy")
}

/// Where the IDLs lie.
pub fn idl() -> PathBuf {
    root().join("app/idl")
}
