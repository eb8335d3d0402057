//! A local network: Solana's own validator, found or built once, started on free ports of this machine.

use {
    crate::{paths, rpc::Rpc, Error, Result},
    solana_program::pubkey::Pubkey,
    std::{
        fs::{self, File},
        net::{TcpListener, UdpSocket},
        path::{Path, PathBuf},
        process::Stdio,
        time::Duration,
    },
    tokio::{
        process::{Child, Command},
        time::{sleep, Instant},
    },
};

/// The version that is built where no validator is found.
const VALIDATOR_VERSION: &str = "4.2.2";
/// Its name.
const VALIDATOR: &str = "solana-test-validator";
/// Ticks of a slot: 8 of 6.25 ms make slots of 50 ms, an eighth of the usual, so that confirmations do not dominate a story.
const TICKS_PER_SLOT: &str = "8";
/// How long a start may take (genesis and the first snapshot, on a busy machine).
const START_PATIENCE: Duration = Duration::from_secs(120);
/// How long it may take to end by itself.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// Ports of its own that the validator needs besides the named ones.
const DYNAMIC_PORTS: u16 = 40;

/// What to start.
pub struct Options {
    /// Where the ledger lives. Without one a temporary folder is used, and removed at the end.
    pub ledger: Option<PathBuf>,
    /// Who owns the SOL of the genesis block.
    pub mint: Pubkey,
    /// The port of the RPC; free ones are chosen without it.
    pub rpc_port: Option<u16>,
}

/// A running local network. Dropping it ends the validator.
pub struct Localnet {
    child: Child,
    /// The address of its RPC.
    pub rpc_url: String,
    /// The address of its WebSocket.
    pub ws_url: String,
    /// Where its ledger lives.
    pub ledger: PathBuf,
    removes_ledger: bool,
}

fn fail(what: &str, reason: impl ToString, remedy: &str) -> Error {
    Error::local(what, reason, remedy)
}

/// Where the validator is on PATH, if it is there.
fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(VALIDATOR))
        .find(|file| file.is_file())
}

/// Finds the validator, or has cargo build it once into the cache. `say` is told what happens, a line at a time.
pub async fn find_or_build(say: &dyn Fn(&str)) -> Result<PathBuf> {
    if let Some(found) = on_path() {
        return Ok(found);
    }
    let cache = paths::cache();
    let built = cache.join("validator-root/bin").join(VALIDATOR);
    if built.is_file() {
        return Ok(built);
    }
    fs::create_dir_all(&cache).map_err(|error| fail("the cache folder", error, "Set COMMONWEAL_CACHE"))?;
    let lock_path = cache.join("validator.lock");
    let lock = File::create(&lock_path).map_err(|error| fail("the validator's lock", error, "Set COMMONWEAL_CACHE"))?;
    if lock.try_lock().is_err() {
        say("another process is building the validator; waiting for it");
        let (waited, lock) = tokio::task::spawn_blocking(move || (lock.lock(), lock))
            .await
            .map_err(|error| fail("the validator's lock", error, "Run again"))?;
        waited.map_err(|error| fail("the validator's lock", error, "Run again"))?;
        return if built.is_file() {
            Ok(built)
        } else {
            build(&cache, &built, say, lock).await
        };
    }
    build(&cache, &built, say, lock).await
}

async fn build(cache: &Path, built: &Path, say: &dyn Fn(&str), _lock: File) -> Result<PathBuf> {
    say(&format!(
        "building {VALIDATOR} {VALIDATOR_VERSION} with cargo, once; about half an hour of two cores (log: {})",
        cache.join("validator.log").display()
    ));
    let log = File::create(cache.join("validator.log"))
        .map_err(|error| fail("the build's log", error, "Check the cache folder"))?;
    let errors = log
        .try_clone()
        .map_err(|error| fail("the build's log", error, "Check the cache folder"))?;
    let root = cache.join("validator-root");
    let mut command = Command::new("cargo");
    command
        .args([
            "install",
            "agave-validator",
            "--version",
            VALIDATOR_VERSION,
            "--locked",
            "--bin",
            VALIDATOR,
            "--root",
        ])
        .arg(&root)
        .env("CARGO_TARGET_DIR", cache.join("validator"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null())
        .stdout(Stdio::from(log))
        .stderr(Stdio::from(errors))
        .kill_on_drop(true);
    let mut child = command
        .spawn()
        .map_err(|error| fail("cargo", error, "Install Rust with rustup, then run again"))?;
    let started = Instant::now();
    loop {
        tokio::select! {
            status = child.wait() => {
                let status = status.map_err(|error| fail("cargo install agave-validator", error, "Run again"))?;
                if status.success() && built.is_file() {
                    return Ok(built.to_owned());
                }
                return Err(fail(
                    "cargo install agave-validator",
                    status,
                    "Read validator.log in the cache; clang, pkg-config, protobuf-compiler and libudev-dev are needed. \
                     What is built is kept: run again",
                ));
            }
            () = sleep(Duration::from_secs(20)) => {
                say(&format!("… {} min: {}", started.elapsed().as_secs() / 60, last_line(&cache.join("validator.log"))));
            }
        }
    }
}

fn last_line(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().next_back().unwrap_or("").trim().to_owned()
}

/// Whether a port is free for both protocols on the loopback address.
fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok() && UdpSocket::bind(("127.0.0.1", port)).is_ok()
}

/// The first port of a free run of `count`, at or after `from`.
fn free_run(from: u16, count: u16) -> Result<u16> {
    let mut start = from;
    while let Some(end) = start.checked_add(count) {
        match (start..end).find(|port| !is_free(*port)) {
            None => return Ok(start),
            Some(taken) => start = taken.saturating_add(1),
        }
    }
    Err(fail(
        "free ports on 127.0.0.1",
        "there are too few",
        "End what listens there",
    ))
}

/// The usual port of an RPC, if it and the WebSocket's beside it are free.
pub fn usual_port() -> Option<u16> {
    const USUAL: u16 = 8_899;
    (is_free(USUAL) && is_free(USUAL.saturating_add(1))).then_some(USUAL)
}

impl Localnet {
    /// Starts the validator and waits until it is healthy.
    pub async fn start(validator: &Path, options: &Options) -> Result<Self> {
        // a start of its own for each process, so that two local networks rarely try the same ports at once
        let spread = u16::try_from(std::process::id() % 100).unwrap_or(0).saturating_mul(200);
        let base = free_run(20_000u16.saturating_add(spread), DYNAMIC_PORTS.saturating_add(4))?;
        let rpc_port = options.rpc_port.unwrap_or(base);
        let faucet_port = base.saturating_add(2);
        let gossip_port = base.saturating_add(3);
        let first_dynamic = base.saturating_add(4);
        let (ledger, removes_ledger) = match &options.ledger {
            Some(ledger) => (ledger.clone(), false),
            None => (
                std::env::temp_dir().join(format!("commonweal-localnet-{}-{base}", std::process::id())),
                true,
            ),
        };
        fs::create_dir_all(&ledger)
            .map_err(|error| fail("the ledger folder", error, "Choose another with --ledger"))?;
        let log = File::create(ledger.join("commonweal-start.log"))
            .map_err(|error| fail("the ledger folder", error, "Choose another with --ledger"))?;
        let errors = log
            .try_clone()
            .map_err(|error| fail("the ledger folder", error, "Choose another with --ledger"))?;
        let mut command = Command::new(validator);
        command
            .args([
                "--quiet",
                "--bind-address",
                "127.0.0.1",
                "--ticks-per-slot",
                TICKS_PER_SLOT,
                "--ledger",
            ])
            .arg(&ledger)
            .args(["--mint", &options.mint.to_string()])
            .args(["--rpc-port", &rpc_port.to_string()])
            .args(["--faucet-port", &faucet_port.to_string()])
            .args(["--gossip-port", &gossip_port.to_string()])
            .args([
                "--dynamic-port-range",
                &format!("{first_dynamic}-{}", first_dynamic.saturating_add(DYNAMIC_PORTS)),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::from(log))
            .stderr(Stdio::from(errors))
            .kill_on_drop(true);
        let child = command
            .spawn()
            .map_err(|error| fail(VALIDATOR, error, "Check that the file can be run"))?;
        let mut localnet = Self {
            child,
            rpc_url: format!("http://127.0.0.1:{rpc_port}"),
            ws_url: format!("ws://127.0.0.1:{}", rpc_port.saturating_add(1)),
            ledger,
            removes_ledger,
        };
        localnet.wait_until_healthy().await?;
        Ok(localnet)
    }

    async fn wait_until_healthy(&mut self) -> Result<()> {
        let rpc = Rpc::new(&self.rpc_url);
        let started = Instant::now();
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                let said = last_line(&self.ledger.join("commonweal-start.log"));
                return Err(fail(
                    VALIDATOR,
                    format!("it ended with {status}: {said}"),
                    "Read validator.log in the ledger",
                ));
            }
            // healthy, and past the first slots, whose blockhashes a fresh validator does not know yet
            if rpc.is_healthy().await && rpc.slot().await.is_ok_and(|slot| slot > 2) {
                return Ok(());
            }
            if started.elapsed() > START_PATIENCE {
                return Err(fail(
                    VALIDATOR,
                    "it did not become healthy in two minutes",
                    "Read validator.log in the ledger",
                ));
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// The validator's process id.
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits until the validator ends by itself.
    pub async fn wait(&mut self) -> Result<()> {
        let status = self
            .child
            .wait()
            .await
            .map_err(|error| fail(VALIDATOR, error, "Start it again"))?;
        Err(fail(
            VALIDATOR,
            format!("it ended with {status}"),
            "Read validator.log in the ledger",
        ))
    }

    /// Ends the validator and removes a temporary ledger.
    pub async fn stop(mut self) -> Result<()> {
        self.child
            .start_kill()
            .map_err(|error| fail(VALIDATOR, error, "End it by its process id"))?;
        let ended = tokio::time::timeout(STOP_PATIENCE, self.child.wait()).await;
        ended
            .map_err(|_| fail(VALIDATOR, "it does not end", "End it by its process id"))?
            .map_err(|error| fail(VALIDATOR, error, "End it by its process id"))?;
        Ok(())
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        // `kill_on_drop` sends the signal; a temporary ledger goes as well as it can while the process ends
        let _ = self.child.start_kill();
        if self.removes_ledger {
            for _ in 0..50 {
                if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = fs::remove_dir_all(&self.ledger);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_free_ports_leaves_out_taken_ones() {
        let start = free_run(42_000, 10).unwrap();
        let taken = TcpListener::bind(("127.0.0.1", start.saturating_add(4))).unwrap();
        let next = free_run(start, 10).unwrap();
        assert!(next > start.saturating_add(4), "{next}");
        drop(taken);
    }
}
