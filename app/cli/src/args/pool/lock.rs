//! Verbs of `pool lock`.

use {
    crate::args::span,
    clap::{ArgGroup, Args, Subcommand},
    solana_program::pubkey::Pubkey,
};

/// Verbs of `pool lock`.
#[derive(Subcommand)]
pub enum Lock {
    /// Lock shares until a time or for ever.
    Create(CreateLock),
    /// List locks.
    List {
        /// Of this pool.
        #[arg(long)]
        pool: Option<Pubkey>,
        /// Of this owner.
        #[arg(long)]
        owner: Option<Pubkey>,
    },
    /// Take shares out of a lock whose time has come; at zero it is closed and its rent returns.
    Unlock {
        /// The lock.
        lock: Pubkey,
        /// Shares, such as 0.25, or `all`.
        #[arg(default_value = "all")]
        shares: String,
    },
    /// Take out of a lock for ever the shares its fees have grown by; what stays is worth what was locked.
    ClaimFees {
        /// The lock.
        lock: Pubkey,
    },
    /// Give a lock to another owner.
    Transfer {
        /// The lock.
        lock: Pubkey,
        /// The new owner.
        to: Pubkey,
    },
}

/// Options of `pool lock create`.
#[derive(Args)]
#[command(group(ArgGroup::new("how_long").required(true).args(["span", "until", "forever"])))]
pub struct CreateLock {
    /// The pool.
    pub pool: Pubkey,
    /// Shares, such as 0.25, or `all`.
    pub shares: String,
    /// For this long, such as 30d.
    #[arg(long = "for", value_parser = span::seconds)]
    pub span: Option<u64>,
    /// Until this Unix time.
    #[arg(long)]
    pub until: Option<i64>,
    /// For ever. Nobody can undo it.
    #[arg(long)]
    pub forever: bool,
    /// Any number not yet used by you for this pool (default: the first free one).
    #[arg(long)]
    pub index: Option<u16>,
}
