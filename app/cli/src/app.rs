//! What every verb works with: the cluster, the signer, and how an instruction is carried out or rehearsed.

use {
    crate::{args::Global, output},
    commonweal_client::{
        deploy, governance,
        journal::Journal,
        keys, paths,
        rpc::Rpc,
        send::{Plan, PriorityFee, Receipt, Sender},
        tokens, Address, Error,
    },
    commonweal_migrations::local::REALM_NAME,
    solana_keypair::Keypair,
    std::{collections::BTreeMap, sync::Arc},
};

/// Why a command did not end well.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The client's error.
    #[error("{0}")]
    Client(#[from] Error),
    /// A check of the demo that does not hold.
    #[error("the check \"{what}\" does not hold: expected {expected}, found {found}")]
    Mismatch {
        /// What was checked.
        what: String,
        /// What must be.
        expected: String,
        /// What is.
        found: String,
    },
    /// A job's module.
    #[error("{0}")]
    Wasm(#[from] commonweal_client::job::wasm::WasmError),
    /// ctrl-C.
    #[error("interrupted. What was sent is in the journal; `commonweal status` takes it up")]
    Interrupted,
}

impl Failure {
    /// The process exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Client(error) => error.exit_code(),
            Self::Mismatch { .. } => 5,
            Self::Wasm(_) => 3,
            Self::Interrupted => 130,
        }
    }
}

/// The result of a verb.
pub type Outcome<T = ()> = std::result::Result<T, Failure>;

/// A command under way.
pub struct App {
    /// What was asked for on the command line.
    pub global: Global,
    /// The cluster.
    pub rpc: Arc<Rpc>,
}

impl App {
    /// Nothing is asked of the cluster yet.
    pub fn new(global: Global) -> Self {
        let rpc = Arc::new(Rpc::new(&global.url));
        Self { global, rpc }
    }

    /// The keypair that signs.
    pub fn signer(&self) -> Outcome<Keypair> {
        let path = self.global.keypair.clone().unwrap_or_else(keys::default_path);
        Ok(keys::read(&path)?)
    }

    /// The pipeline, with the journal of this cluster.
    pub async fn sender(&self) -> Outcome<Sender> {
        let genesis = self.rpc.genesis_hash().await?.to_string();
        let path = paths::state().join(format!("journal-{genesis}.jsonl"));
        let fee = PriorityFee {
            cap_micro_lamports: self.global.max_priority_fee,
            ..PriorityFee::default()
        };
        Ok(Sender::new(Arc::clone(&self.rpc), Journal::open(&path)?, fee))
    }

    /// The realm that was named, or the rehearsal realm.
    pub fn realm(&self) -> Address {
        self.global
            .realm
            .unwrap_or_else(|| governance::realm_address(REALM_NAME))
    }

    /// Whether the cluster is this machine's own.
    pub async fn is_local(&self) -> Outcome<bool> {
        let genesis = self.rpc.genesis_hash().await?;
        Ok(deploy::is_loopback(self.rpc.url()) && deploy::public_cluster(&genesis).is_none())
    }

    /// Carries a plan out and shows what it did, or rehearses it and shows what it would do, or prints it unsigned.
    pub async fn execute(&self, plan: Plan<'_>) -> Outcome<Option<Receipt>> {
        let sender = self.sender().await?;
        if self.global.unsigned {
            output::unsigned(&sender.unsigned(&plan).await?, self.global.json);
            return Ok(None);
        }
        if self.global.dry_run {
            let preview = sender.preview(&plan).await?;
            let mut decimals = BTreeMap::new();
            for mint in output::previewed_mints(&preview) {
                // a mint that the transaction itself creates is not there yet; its tokens show as atoms
                if let Ok(mint) = tokens::mint(&self.rpc, &mint).await {
                    decimals.insert(mint.address, mint.state.decimals);
                }
            }
            output::preview(&preview, &decimals, self.global.json);
            return Ok(None);
        }
        let spinner = output::spinner(&plan.label, self.global.json);
        let receipt = sender.run(&plan).await;
        spinner.finish_and_clear();
        let receipt = receipt?;
        output::receipt(&receipt, self.global.json);
        Ok(Some(receipt))
    }
}

/// Waits for ctrl-C or a polite request to end.
pub async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{signal, SignalKind};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
