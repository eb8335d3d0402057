//! Verbs of `pool`.

mod farm;
mod lock;
mod terms;

pub use {farm::*, lock::*, terms::*};

use {
    super::span,
    clap::{ArgGroup, Args, Subcommand, ValueEnum},
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
    /// Show a pool: reserves, price, fee, shares, risks, oracle.
    Show {
        /// The pool.
        pool: Pubkey,
        /// Over how much of the past the oracle's mean price is taken.
        #[arg(long, value_parser = span::seconds, default_value = "10m")]
        window: u64,
    },
    /// Show what a swap, deposit or withdrawal would do, without sending anything: the program computes it.
    Quote(Quote),
    /// Swap: sell an exact amount, or buy one.
    Swap(Swap),
    /// Deposit both tokens in the pool's proportion, or one of them.
    Deposit(Deposit),
    /// Withdraw; nothing can stop it.
    Withdraw(Withdraw),
    /// Pay out what a withdrawal had to defer.
    Claim {
        /// The pool.
        pool: Pubkey,
        /// Only the claim of this mint.
        #[arg(long)]
        of: Option<Pubkey>,
        /// Token account that is paid (default: your own).
        #[arg(long, requires = "of")]
        to: Option<Pubkey>,
    },
    /// Pay a pool's protocol fees to the treasury. Anybody may.
    Collect {
        /// The pool.
        pool: Pubkey,
        /// Only what is owed of this mint: what is frozen on the other side then holds nothing back.
        #[arg(long)]
        only: Option<Pubkey>,
    },
    /// Give the providers what was sent to the vaults. Anybody may.
    Skim {
        /// The pool.
        pool: Pubkey,
    },
    /// Read again what the mints' authorities can do to holders. Anybody may.
    SyncRisk {
        /// The pool.
        pool: Pubkey,
    },
    /// Show the oracle's mean price.
    Twap {
        /// The pool.
        pool: Pubkey,
        /// Over how much of the past.
        #[arg(long, value_parser = span::seconds, default_value = "10m")]
        window: u64,
        /// Show the ring's observations, too.
        #[arg(long)]
        observations: bool,
    },
    /// Shares held until a time or for ever.
    #[command(subcommand)]
    Lock(Lock),
    /// Rewards for staked shares.
    #[command(subcommand)]
    Farm(Farm),
    /// Borrow and repay at once: what a flash loan costs, tried.
    Flash {
        /// The pool.
        pool: Pubkey,
        /// How much of token A to borrow.
        #[arg(long, default_value = "0")]
        a: String,
        /// How much of token B to borrow.
        #[arg(long, default_value = "0")]
        b: String,
    },
    /// Show a position: worth now, worth if it had been kept, impermanent loss, fees earned.
    Position {
        /// The pool.
        pool: Pubkey,
        /// Whose (default: yours).
        #[arg(long)]
        wallet: Option<Pubkey>,
        /// Most transactions of the wallet's share account that are read.
        #[arg(long, default_value_t = 10_000)]
        limit: usize,
    },
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
    /// Lock your shares for this time, in the same transaction.
    #[arg(long, value_parser = span::seconds)]
    pub lock_for: Option<u64>,
    /// Lock your shares for ever, in the same transaction.
    #[arg(long, conflicts_with = "lock_for")]
    pub lock_forever: bool,
}

/// Options of `pool swap`.
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

/// Options of `pool quote`.
#[derive(Args)]
#[command(group(ArgGroup::new("what").required(true).args(["sell", "buy", "deposit", "withdraw", "one_side"])))]
pub struct Quote {
    /// The pool.
    pub pool: Pubkey,
    /// Sell exactly this much.
    #[arg(long, requires = "of")]
    pub sell: Option<String>,
    /// Buy exactly this much.
    #[arg(long, requires = "of")]
    pub buy: Option<String>,
    /// Deposit for this many shares.
    #[arg(long)]
    pub deposit: Option<String>,
    /// Withdraw this many shares.
    #[arg(long)]
    pub withdraw: Option<String>,
    /// Deposit at most this much of one token.
    #[arg(long, requires = "of")]
    pub one_side: Option<String>,
    /// The mint of the amount.
    #[arg(long)]
    pub of: Option<Pubkey>,
    /// How much worse than the quote is accepted, in hundredths of a percent.
    #[arg(long, default_value_t = 50)]
    pub slippage_bps: u16,
}

/// Options of `pool deposit`.
#[derive(Args)]
#[command(group(ArgGroup::new("how").required(true).args(["max_a", "one_side"])))]
pub struct Deposit {
    /// The pool.
    pub pool: Pubkey,
    /// The most of token A to deposit, such as 12.5.
    #[arg(requires = "max_b")]
    pub max_a: Option<String>,
    /// The most of token B to deposit.
    pub max_b: Option<String>,
    /// Deposit at most this much of one token: a swap with all its fees, then a deposit.
    #[arg(long, requires = "of")]
    pub one_side: Option<String>,
    /// The mint of that token.
    #[arg(long, requires = "one_side")]
    pub of: Option<Pubkey>,
    /// Room left for a change of the price, in hundredths of a percent.
    #[arg(long, default_value_t = 50)]
    pub slippage_bps: u16,
}

/// Options of `pool withdraw`.
#[derive(Args)]
pub struct Withdraw {
    /// The pool.
    pub pool: Pubkey,
    /// Shares to burn, such as 0.25, or `all`.
    pub shares: String,
    /// Which tokens are paid; the other is set apart as your claim, for when its account is frozen.
    #[arg(long, value_enum, default_value_t = Legs::Both)]
    pub legs: Legs,
    /// How much less than the quote is accepted, in hundredths of a percent.
    #[arg(long, default_value_t = 50)]
    pub slippage_bps: u16,
}

/// The tokens a withdrawal pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Legs {
    /// Both.
    Both,
    /// Token A; token B becomes a claim.
    A,
    /// Token B; token A becomes a claim.
    B,
    /// Neither: both become claims.
    None,
}

impl Legs {
    /// The bits of the instruction: 1 for token A, 2 for token B.
    pub fn bits(self) -> u8 {
        match self {
            Self::None => 0,
            Self::A => 1,
            Self::B => 2,
            Self::Both => 3,
        }
    }
}
