//! Verbs of `pool farm`.

use {
    crate::args::span,
    clap::{ArgGroup, Args, Subcommand},
    solana_program::pubkey::Pubkey,
};

/// Verbs of `pool farm`.
#[derive(Subcommand)]
pub enum Farm {
    /// Create a farm and fund it.
    Create(CreateFarm),
    /// Add to what a farm pays; its rates never fall. Anybody may; the end only its funder may move, and only away.
    Fund(FundFarm),
    /// List farms.
    List {
        /// Of this pool.
        #[arg(long)]
        pool: Option<Pubkey>,
    },
    /// Show a farm and your position in it.
    Show {
        /// The farm.
        farm: Pubkey,
        /// Whose position (default: yours).
        #[arg(long)]
        wallet: Option<Pubkey>,
    },
    /// Stake shares.
    Stake {
        /// The farm.
        farm: Pubkey,
        /// Shares, such as 0.25, or `all`.
        shares: String,
    },
    /// Take shares back; nothing can stop it.
    Unstake {
        /// The farm.
        farm: Pubkey,
        /// Shares, such as 0.25, or `all`.
        #[arg(default_value = "all")]
        shares: String,
    },
    /// Be paid what has accrued.
    Harvest {
        /// The farm.
        farm: Pubkey,
    },
    /// The plural lane: rewards by the root of a verified person's stake.
    #[command(subcommand)]
    Seat(Seat),
    /// Pay the funder what stayed unspent after the end; the last one closes the farm. Anybody may.
    Reclaim {
        /// The farm.
        farm: Pubkey,
    },
}

/// Verbs of `pool farm seat`.
#[derive(Subcommand)]
pub enum Seat {
    /// Take a seat for the person you are registered as, with your position.
    Take {
        /// The farm.
        farm: Pubkey,
    },
    /// Leave your seat; its rent returns.
    Leave {
        /// The farm.
        farm: Pubkey,
    },
    /// Close the seat of somebody who is no longer verified. Anybody may.
    Sync {
        /// The farm.
        farm: Pubkey,
        /// The wallet whose position has the seat.
        wallet: Pubkey,
    },
}

/// Options of `pool farm create`.
#[derive(Args)]
#[command(group(ArgGroup::new("end").required(true).args(["span", "until"])))]
pub struct CreateFarm {
    /// The pool.
    pub pool: Pubkey,
    /// Mint of the rewards.
    pub reward: Pubkey,
    /// How much it pays in all.
    pub amount: String,
    /// It pays for this long, such as 30d.
    #[arg(long = "for", value_parser = span::seconds)]
    pub span: Option<u64>,
    /// It pays until this Unix time.
    #[arg(long)]
    pub until: Option<i64>,
    /// Unix time of its start (default: now).
    #[arg(long)]
    pub start: Option<i64>,
    /// Part of the funding that verified persons share by the roots of their stakes, in parts per million; at most 900,000.
    #[arg(long, default_value_t = 0)]
    pub plural_share_ppm: u32,
    /// A seat is paid at most this many times what its stake earns in the open lane.
    #[arg(long, default_value_t = 10)]
    pub plural_cap: u16,
    /// Any number not yet used by you for this pool and mint.
    #[arg(long, default_value_t = 0)]
    pub index: u16,
}

/// Options of `pool farm fund`.
#[derive(Args)]
pub struct FundFarm {
    /// The farm.
    pub farm: Pubkey,
    /// How much.
    pub amount: String,
    /// New end, this long from now.
    #[arg(long = "for", value_parser = span::seconds, conflicts_with = "until")]
    pub span: Option<u64>,
    /// New end as Unix time (default: the present one).
    #[arg(long)]
    pub until: Option<i64>,
}
