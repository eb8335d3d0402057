//! `cargo xtask …`: builds the programs, generates what is generated, runs tests and the demo, and checks the house.

mod bench;
mod build;
mod demo;
mod error;
mod gen;
mod paths;
mod reproducible;
mod run;
mod snapshots;
mod test;
mod tidy;
mod toolchain;

use clap::{Parser, Subcommand};

/// Everything a developer of Commonweal runs.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the three programs to target/deploy/*.so and their IDLs to app/idl/*.json.
    Build {
        /// Use the official platform-tools (`cargo-build-sbf`) instead of upstream rustc and sbpf-linker.
        #[arg(long)]
        platform_tools: bool,
        /// Build a second time from another directory and compare byte by byte.
        #[arg(long, conflicts_with = "platform_tools")]
        check_reproducible: bool,
    },
    /// Generate the IDLs.
    Gen {
        /// Change nothing; fail where what is committed differs.
        #[arg(long)]
        check: bool,
    },
    /// Build what is missing and run every test.
    Test {
        /// Passed on to `cargo test`, e.g. a test's name.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        filter: Vec<String>,
    },
    /// Play the whole story on a local validator.
    Demo {
        /// Leave the validator up afterwards and print addresses and keys.
        #[arg(long)]
        keep: bool,
    },
    /// Measure compute units, the stable curve's distribution, layouts and error codes, and write them to tests/snapshots.
    Snapshots,
    /// Print what is measured beside limits, peers and the floor of the VM.
    Bench {
        /// Measure on a local validator instead: jobs that share no account, and the same with one account that all of them write.
        #[arg(long)]
        local: bool,
        /// How many jobs at once.
        #[arg(long, requires = "local", default_value_t = 1_000)]
        jobs: u32,
    },
    /// Check the house: documentation in the IDLs, ids that must agree, names that must not be there.
    Tidy,
    /// Run clippy and rustfmt as CI does.
    Lint,
}

fn main() -> std::process::ExitCode {
    let outcome = match Cli::parse().task {
        Task::Build {
            platform_tools: true, ..
        } => build::with_platform_tools().and_then(|()| gen::write()),
        Task::Build {
            check_reproducible: true,
            ..
        } => reproducible::check(),
        Task::Build { .. } => build::all().and_then(|()| gen::write()),
        Task::Gen { check: false } => gen::write(),
        Task::Gen { check: true } => gen::check(),
        Task::Test { filter } => test::run_all(&filter),
        Task::Demo { keep } => demo::demo(keep),
        Task::Snapshots => snapshots::write(),
        Task::Bench { local: true, jobs } => demo::throughput(jobs),
        Task::Bench { .. } => bench::bench(),
        Task::Tidy => tidy::check(),
        Task::Lint => test::lint(),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
