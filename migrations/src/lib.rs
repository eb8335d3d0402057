//! Ordered, idempotent steps from an empty cluster to a running Commonweal.
//!
//! Each step looks first and acts on what it finds missing, so that a second run changes nothing and says so. Steps are
//! append-only and never edited once they have run on a public cluster. `deploy.js` beside this crate is a shim to
//! `commonweal deploy`, for `anchor migrate`.

pub mod local;
mod m0001_deploy_programs;
mod m0002_create_local_mints;
mod m0003_create_realm;
mod m0004_create_pool_config;
mod m0005_create_escrow_config;

use {
    commonweal_client::{deploy, keys, programs::Program, send::Sender, Error, Result},
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{fs, path::PathBuf},
};

/// The committed keys of the programs' local addresses, with the programs' names.
const LOCAL_PROGRAM_KEYS: [(&str, &str); 3] = [
    ("liquidity-pool", include_str!("../localnet-keys/liquidity-pool.json")),
    (
        "quadratic-governance",
        include_str!("../localnet-keys/quadratic-governance.json"),
    ),
    ("compute-escrow", include_str!("../localnet-keys/compute-escrow.json")),
];

/// Where the keys of the programs' addresses come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramKeys {
    /// The committed ones; refused anywhere but on a local network.
    Committed,
    /// A folder outside of the repository, with `<program>.json` files readable by their owner alone.
    Folder(PathBuf),
}

impl ProgramKeys {
    /// The key of a program's address, if there is one.
    pub fn of(&self, program: &Program) -> Result<Option<Keypair>> {
        match self {
            Self::Committed => LOCAL_PROGRAM_KEYS
                .iter()
                .find(|(name, _)| *name == program.name)
                .map(|(name, text)| {
                    keys::parse(text).map_err(|error| {
                        Error::local(
                            format!("the committed key of {name}"),
                            error,
                            "Restore the file from the repository",
                        )
                    })
                })
                .transpose(),
            Self::Folder(folder) => {
                let path = folder.join(format!("{}.json", program.name));
                if path.exists() {
                    keys::read(&path).map(Some)
                } else {
                    Ok(None)
                }
            }
        }
    }
}

/// What the steps work with.
pub struct Context<'a> {
    /// The cluster.
    pub sender: &'a Sender,
    /// Pays, and is the upgrade authority of what is deployed.
    pub payer: &'a Keypair,
    /// The folder of the bytecode.
    pub bytecode: PathBuf,
    /// The keys of the programs' addresses.
    pub program_keys: ProgramKeys,
    /// Whether this is a network of this machine, where demo mints and a rehearsal realm are made.
    pub is_local: bool,
    /// Told of long work: what, how much is done, of how much.
    pub progress: &'a dyn Fn(&str, usize, usize),
}

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The step's name.
    pub step: &'static str,
    /// What changed, a sentence each; empty when all was in place.
    pub changes: Vec<String>,
}

/// Runs all steps in order.
pub async fn run(context: &Context<'_>) -> Result<Vec<Done>> {
    // Keys that everybody knows are refused before anything is sent, whatever the steps would do with them.
    if context.program_keys == ProgramKeys::Committed {
        deploy::require_local(&context.sender.rpc).await?;
    }
    let mut done = vec![Done {
        step: "m0001_deploy_programs",
        changes: m0001_deploy_programs::run(context).await?,
    }];
    // Elsewhere the realm and the configs are decisions of people, with `commonweal gov realm` and `… config`.
    if context.is_local {
        done.push(Done {
            step: "m0002_create_local_mints",
            changes: m0002_create_local_mints::run(context).await?,
        });
        done.push(Done {
            step: "m0003_create_realm",
            changes: m0003_create_realm::run(context).await?,
        });
        done.push(Done {
            step: "m0004_create_pool_config",
            changes: m0004_create_pool_config::run(context).await?,
        });
        done.push(Done {
            step: "m0005_create_escrow_config",
            changes: m0005_create_escrow_config::run(context).await?,
        });
    }
    Ok(done)
}

/// Reads the bytecode of a program.
fn bytecode(context: &Context<'_>, program: &Program) -> Result<Vec<u8>> {
    let path = context.bytecode.join(program.file);
    fs::read(&path).map_err(|error| {
        Error::local(
            format!("bytecode {}", path.display()),
            error,
            "Build it with `cargo xtask build`, or set COMMONWEAL_DEPLOY_DIR",
        )
    })
}

/// The account that pays, for messages.
fn payer_address(context: &Context<'_>) -> String {
    context.payer.pubkey().to_string()
}
