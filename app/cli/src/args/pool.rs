//! Verbs of `pool`.

use {
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
};

/// Verbs of `pool`.
#[derive(Subcommand)]
pub enum Pool {
    /// The terms pools share.
    #[command(subcommand)]
    Config(PoolConfig),
    /// Create a pool and make its first deposit.
    Create(CreatePool),
    /// List pools.
    List {
        /// Number of a config; all without it.
        #[arg(long)]
        config: Option<u64>,
    },
    /// Show a pool.
    Show {
        /// The pool.
        pool: Pubkey,
    },
    /// Show what a swap would give, without sending anything.
    Quote(Swap),
    /// Swap: sell an exact amount, or buy one.
    Swap(Swap),
    /// Deposit both tokens in the pool's proportion.
    Deposit {
        /// The pool.
        pool: Pubkey,
        /// The most of token A to deposit, such as 12.5.
        max_a: String,
        /// The most of token B to deposit.
        max_b: String,
    },
    /// Withdraw both tokens; nothing can stop it.
    Withdraw {
        /// The pool.
        pool: Pubkey,
        /// Shares to burn, such as 0.25, or `all`.
        shares: String,
        /// How much less than the quote is accepted, in hundredths of a percent.
        #[arg(long, default_value_t = 50)]
        slippage_bps: u16,
    },
    /// Pay a pool's protocol fees to the treasury. Anybody may.
    Collect {
        /// The pool.
        pool: Pubkey,
        /// Only what is owed of this mint: what is frozen on the other side then holds nothing back.
        #[arg(long)]
        only: Option<Pubkey>,
    },
}

/// Verbs of `pool config`.
#[derive(Subcommand)]
pub enum PoolConfig {
    /// Show a config.
    Show {
        /// Its number.
        #[arg(long, default_value_t = 0)]
        id: u64,
    },
    /// Create a config of the realm; its ceilings can never be raised.
    Create(CreatePoolConfig),
}

/// Options of `pool config create`.
#[derive(Args)]
pub struct CreatePoolConfig {
    /// Its number, any that is free.
    #[arg(long)]
    pub id: u64,
    /// Swap fee in parts per million.
    #[arg(long)]
    pub fee_ppm: u32,
    /// Highest swap fee it can ever have.
    #[arg(long)]
    pub max_fee_ppm: u32,
    /// The treasury's part of the fee, in parts per million.
    #[arg(long)]
    pub protocol_share_ppm: u32,
    /// Highest such part it can ever have.
    #[arg(long)]
    pub max_protocol_share_ppm: u32,
    /// Who may update it (default: the realm's first treasury lane).
    #[arg(long)]
    pub authority: Option<Pubkey>,
}

/// Options of `pool create`.
#[derive(Args)]
pub struct CreatePool {
    /// One mint.
    pub mint: Pubkey,
    /// How much of it to deposit, such as 1000.5.
    pub amount: String,
    /// The other mint.
    pub other_mint: Pubkey,
    /// How much of that.
    pub other_amount: String,
    /// Number of the config.
    #[arg(long, default_value_t = 0)]
    pub config: u64,
    /// Any number not yet used for this pair and config by you.
    #[arg(long, default_value_t = 0)]
    pub index: u16,
}

/// Options of `pool swap` and `pool quote`.
#[derive(Args)]
pub struct Swap {
    /// The pool.
    pub pool: Pubkey,
    /// Sell exactly this much.
    #[arg(long, required_unless_present = "buy", conflicts_with = "buy")]
    pub sell: Option<String>,
    /// Buy exactly this much.
    #[arg(long)]
    pub buy: Option<String>,
    /// The mint of the amount.
    #[arg(long)]
    pub of: Pubkey,
    /// How much worse than the quote is accepted, in hundredths of a percent.
    #[arg(long, default_value_t = 50)]
    pub slippage_bps: u16,
    /// Seconds after which the swap is void.
    #[arg(long, default_value_t = 60)]
    pub valid_seconds: u32,
}
