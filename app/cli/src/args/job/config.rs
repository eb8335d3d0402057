//! Verbs of `job config`.

use {
    super::super::{ChangeCourt, ChangeEscrow},
    clap::Subcommand,
    solana_program::pubkey::Pubkey,
};

/// Verbs of `job config`.
#[derive(Subcommand)]
pub enum EscrowConfig {
    /// Show a config.
    Show {
        /// Its number.
        #[arg(long, visible_alias = "config", default_value_t = 0)]
        id: u16,
    },
    /// Create a config of the realm.
    Create {
        /// Its number, any that is free.
        #[arg(long)]
        id: u16,
        /// The first mint that jobs may be paid in.
        #[arg(long)]
        mint: Pubkey,
        /// Fee in parts per million.
        #[arg(long)]
        fee_ppm: u32,
        /// What a crank earns, in SOL.
        #[arg(long, default_value = "0.0001")]
        bounty: String,
        /// The least bond of a job, in SOL.
        #[arg(long, default_value = "0.01")]
        min_bond: String,
        /// Who may change it (default: lane 0 of the realm's treasury).
        #[arg(long)]
        authority: Option<Pubkey>,
    },
    /// Change fee, bounty, least bond or treasury, by the config's authority. What is not named stays.
    Update(ChangeEscrow),
    /// Change the court's parameters and the attestors, by the config's authority. What is not named stays.
    Court(ChangeCourt),
    /// List a mint that new orders may be paid in, by the config's authority.
    AllowMint {
        /// The mint.
        mint: Pubkey,
        /// Number of the config.
        #[arg(long, visible_alias = "config", default_value_t = 0)]
        id: u16,
    },
    /// Take a mint off the list, by the config's authority.
    DisallowMint {
        /// The mint.
        mint: Pubkey,
        /// Number of the config.
        #[arg(long, visible_alias = "config", default_value_t = 0)]
        id: u16,
    },
}
