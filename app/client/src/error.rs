//! What can go wrong off chain, each as a sentence that ends in a remedy.

use {
    crate::{explain::Explained, Address},
    solana_signature::Signature,
    std::path::PathBuf,
};

/// The result of this crate's calls.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the client.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is not an amount.
    #[error("`{text}` is not an amount: {reason}. Write digits with at most one point, such as 12.5")]
    Amount {
        /// What was typed.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A keypair file cannot be used.
    #[error("keypair file {}: {reason}. {remedy}", path.display())]
    Keypair {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The cluster could not be asked, or its answer could not be read.
    #[error("the RPC at {url} did not answer `{method}`: {reason}. Check --url and try again; nothing was lost")]
    Rpc {
        /// Whom we asked.
        url: String,
        /// What we asked.
        method: String,
        /// Why it failed.
        reason: String,
    },
    /// A rehearsal of the transaction on the node failed; nothing was sent.
    #[error("{label}: {explained}. Nothing was sent")]
    Simulation {
        /// What was to be done.
        label: String,
        /// The failure, explained.
        explained: Box<Explained>,
    },
    /// The transaction is on chain and failed.
    #[error("{label}: {explained} (transaction {signature})")]
    OnChain {
        /// What was to be done.
        label: String,
        /// The transaction.
        signature: Signature,
        /// The failure, explained.
        explained: Box<Explained>,
    },
    /// The transaction can no longer land: its blockhash is proven to have expired.
    #[error(
        "{label}: transaction {signature} expired and can no longer land. Nothing was done; run the command again"
    )]
    Expired {
        /// What was to be done.
        label: String,
        /// The transaction.
        signature: Signature,
    },
    /// Nobody knows yet.
    #[error(
        "{label}: the outcome of transaction {signature} is unknown ({reason}). It may still land: do not repeat it; run \
         `commonweal status`, which resumes it from the journal"
    )]
    Unknown {
        /// What was to be done.
        label: String,
        /// The transaction.
        signature: Signature,
        /// Why it is unknown.
        reason: String,
    },
    /// The transaction could not be built.
    #[error("{label}: the transaction cannot be built: {reason}")]
    Build {
        /// What was to be done.
        label: String,
        /// Why not.
        reason: String,
    },
    /// An account is not what it should be.
    #[error("account {address}: expected {expected}, found {found}. {remedy}")]
    Account {
        /// The account.
        address: Address,
        /// What was expected there.
        expected: String,
        /// What is there.
        found: String,
        /// What to do.
        remedy: String,
    },
    /// Something on this machine failed.
    #[error("{what}: {reason}. {remedy}")]
    Local {
        /// What was tried.
        what: String,
        /// Why it failed.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// What was asked for is refused.
    #[error("{what}. {remedy}")]
    Refused {
        /// What and why.
        what: String,
        /// What to do instead.
        remedy: String,
    },
}

impl Error {
    /// A failure of this machine (files, processes).
    pub fn local(what: impl Into<String>, reason: impl ToString, remedy: impl Into<String>) -> Self {
        Self::Local {
            what: what.into(),
            reason: reason.to_string(),
            remedy: remedy.into(),
        }
    }

    /// A refusal with its remedy.
    pub fn refused(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Refused {
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// An account that is not what it should be.
    pub fn account(
        address: Address,
        expected: impl Into<String>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Account {
            address,
            expected: expected.into(),
            found: found.into(),
            remedy: remedy.into(),
        }
    }

    /// The process exit code: 2 for what was asked wrongly, 3 for what the cluster refused, 4 for an unknown outcome, 1 else.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Amount { .. } | Self::Keypair { .. } | Self::Refused { .. } | Self::Build { .. } => 2,
            Self::Simulation { .. } | Self::OnChain { .. } | Self::Account { .. } => 3,
            Self::Unknown { .. } => 4,
            Self::Rpc { .. } | Self::Expired { .. } | Self::Local { .. } => 1,
        }
    }
}
