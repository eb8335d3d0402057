//! Verbs about attestors and persons.

use {
    super::super::span,
    clap::{Args, Subcommand, ValueEnum},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// What an attestor may.
#[derive(Args)]
pub struct AttestorTerms {
    /// A free slot, 0 to 15: the cohort of its persons.
    #[arg(long)]
    pub slot: u8,
    /// Registrations it may sign in an epoch.
    #[arg(long, default_value_t = 100)]
    pub quota: u32,
    /// How long it may attest, such as 180d; two years at most.
    #[arg(long = "for", default_value = "1y", value_parser = span::seconds)]
    pub term: u64,
    /// The name of its cohort for people to read, 32 bytes at most.
    #[arg(long, default_value = "")]
    pub label: String,
    /// The key is an issuer of the Solana Attestation Service, and credentials of this schema count. The schema has one field of
    /// bytes: the nullifier.
    #[arg(long)]
    pub schema: Option<Pubkey>,
}

/// Verbs of `gov attestor`.
#[derive(Subcommand)]
pub enum Attestor {
    /// Add an attestor, by the founder.
    Add {
        /// Its key; of an issuer, its credential account at the attestation service.
        key: Pubkey,
        /// What it may.
        #[command(flatten)]
        terms: AttestorTerms,
    },
    /// Disable an attestor: by founder or guardian, after its term by anybody.
    Disable {
        /// Its key.
        key: Pubkey,
    },
    /// List the attestors: slot, label, quota, term.
    List,
}

/// What an attestor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Said {
    /// The person is registered.
    Register,
    /// The registration lasts longer.
    Renew,
    /// The registration is revoked.
    Revoke,
    /// A revocation or suspension is taken back.
    Reinstate,
    /// The person gets another wallet.
    Recover,
    /// The person rests for two epochs.
    Suspend,
}

/// Verbs of `gov attest`.
#[derive(Subcommand)]
pub enum Attest {
    /// Make and sign a statement. What is not given is asked of the cluster; with --cluster, --slot and --nonce nothing is.
    Sign(Box<AttestSign>),
    /// Sign what another attestor has signed: the same bytes, after they were shown to you.
    Countersign {
        /// File with the other's statement.
        statement: PathBuf,
    },
    /// Show what a statement says, and whether its signature holds.
    Show {
        /// File with the statement.
        statement: PathBuf,
    },
}

/// Options of `gov attest sign`.
#[derive(Args)]
pub struct AttestSign {
    /// What is said.
    pub act: Said,
    /// What was derived from the person, 64 hexadecimal digits.
    #[arg(long)]
    pub nullifier: String,
    /// The person's wallet; of a recovery the one to be.
    #[arg(long)]
    pub wallet: Pubkey,
    /// How long the registration is to last from now, such as 365d (to register or renew).
    #[arg(long, default_value = "1y", value_parser = span::seconds)]
    pub valid_for: u64,
    /// The registration's end as Unix time, instead.
    #[arg(long, conflicts_with = "valid_for")]
    pub expires: Option<i64>,
    /// How long the statement can be used, a week at most.
    #[arg(long, default_value = "6d", value_parser = span::seconds)]
    pub usable_for: u64,
    /// Until when it can be used as Unix time, instead.
    #[arg(long, conflicts_with = "usable_for")]
    pub deadline: Option<i64>,
    /// Genesis hash of the cluster, as the realm states it.
    #[arg(long)]
    pub cluster: Option<String>,
    /// The cohort: the first attestor's slot, which all of them sign.
    #[arg(long)]
    pub slot: Option<u8>,
    /// Number of the statement: the person's counter plus one.
    #[arg(long)]
    pub nonce: Option<u64>,
}

/// How attestors prove what they say. The first one's slot is the cohort of whom they register.
#[derive(Args)]
pub struct Vouching {
    /// Keypair file of an attestor that signs this transaction.
    #[arg(long = "attestor")]
    pub attestors: Vec<PathBuf>,
    /// File with a statement that an attestor has signed (`gov attest`); all of them say the same.
    #[arg(long = "statement")]
    pub statements: Vec<PathBuf>,
    /// Key of an attestor that is an issuer: its credential for the wallet counts (to register or renew).
    #[arg(long = "credential")]
    pub credentials: Vec<Pubkey>,
}

/// Whom an act is about.
#[derive(Args)]
pub struct Whom {
    /// The person's wallet (with a statement: what that says).
    #[arg(long)]
    pub wallet: Option<Pubkey>,
    /// How they prove it.
    #[command(flatten)]
    pub vouching: Vouching,
}

/// Verbs of `gov person`.
#[derive(Subcommand)]
pub enum Person {
    /// Register a person: `--keypair` pays and the wallet signs; attestors sign, too, or have signed a statement before.
    Register {
        /// Keypair file of the wallet that will act for the person (default: the one that pays).
        #[arg(long)]
        wallet: Option<PathBuf>,
        /// How they prove it.
        #[command(flatten)]
        vouching: Vouching,
        /// What the attestors derived from the person, 64 hexadecimal digits (with a statement: what that says).
        #[arg(long)]
        nullifier: Option<String>,
        /// Days of validity (with a statement: what that says).
        #[arg(long, default_value_t = 365)]
        days: u16,
    },
    /// Let a registration last longer.
    Renew {
        /// Whom.
        #[command(flatten)]
        whom: Whom,
        /// Days of validity from now (with a statement: what that says).
        #[arg(long, default_value_t = 365)]
        days: u16,
    },
    /// Revoke a registration; until the appeal window ends it can be taken back.
    Revoke(Whom),
    /// Take a revocation or a suspension back.
    Reinstate(Whom),
    /// Let a person rest for the next two epochs, by one attestor.
    Suspend(Whom),
    /// Begin to give a person another wallet: `--keypair` is the new one. An epoch later `gov person move --recovered` completes it.
    Recover {
        /// The person.
        person: Pubkey,
        /// How they prove it.
        #[command(flatten)]
        vouching: Vouching,
    },
    /// Cancel a recovery, by the present wallet.
    CancelRecovery,
    /// Move to another wallet; the old one is dead at once.
    Move {
        /// Keypair file of the new wallet.
        to: PathBuf,
        /// Complete a recovery of this person: the old wallet does not sign.
        #[arg(long)]
        recovered: Option<Pubkey>,
    },
    /// Take an expired person out of the realm's counts. Anybody may.
    Retire {
        /// The person.
        person: Pubkey,
    },
    /// Show the person of a wallet (default: of `--keypair`).
    Show {
        /// The wallet.
        wallet: Option<Pubkey>,
    },
    /// List the realm's persons.
    List,
}
