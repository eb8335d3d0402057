//! Verbs of `job`.

use {
    super::order::{Bid, Canary, Challenge, Claim, Part, ResultArgs, Terms},
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// Verbs of `job`.
#[derive(Subcommand)]
pub enum Job {
    /// The parameters of the escrow.
    #[command(subcommand)]
    Config(EscrowConfig),
    /// Providers of compute.
    #[command(subcommand)]
    Provider(Provider),
    /// A provider's GPUs.
    #[command(subcommand)]
    Slot(Slot),
    /// Order a job and put its price into its vault.
    Post(Post),
    /// Take an open job, when the lot lets the slot; or an auction that was won.
    Claim(Claim),
    /// Give a claimed job back before starting it; costs nothing.
    Decline(Work),
    /// Start a claimed job; its input's hash is attested.
    Start {
        /// Which job and who works.
        #[command(flatten)]
        work: Work,
        /// The file of the arguments.
        #[arg(long)]
        arguments: PathBuf,
    },
    /// Bids of auctions.
    #[command(subcommand)]
    Bid(Bid),
    /// Orders of several workers, and orders paid in parts.
    #[command(flatten)]
    Part(Part),
    /// Challenges and countersignatures of a result.
    #[command(flatten)]
    Challenge(Challenge),
    /// Outputs that a client knows, by which it catches a worker that did not compute.
    #[command(subcommand)]
    Canary(Canary),
    /// Run a job's module here and write its result; anybody may check a job so.
    Run {
        /// The job.
        job: Pubkey,
        /// The module, as .wasm or .wat.
        #[arg(long)]
        module: PathBuf,
        /// The file of the arguments.
        #[arg(long)]
        arguments: PathBuf,
        /// Where the result goes.
        #[arg(long)]
        result: PathBuf,
    },
    /// Commit to a result without showing it; the salt is kept on this machine.
    Commit {
        /// Which job and who works.
        #[command(flatten)]
        work: Work,
        /// What it is.
        #[command(flatten)]
        result: ResultArgs,
    },
    /// Show the result committed to from this machine.
    Reveal(Work),
    /// Pay the provider after the challenge time. Anybody may.
    Settle {
        /// The job.
        job: Pubkey,
    },
    /// Take a slot's earnings out.
    Withdraw {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// The mint.
        mint: Pubkey,
    },
    /// Pay a slot's fees to the treasury. Anybody may.
    Sweep {
        /// The slot.
        slot: Pubkey,
        /// The mint.
        mint: Pubkey,
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u16,
    },
    /// Take an open job back.
    Cancel {
        /// The job.
        job: Pubkey,
    },
    /// Take a refund that was delayed because your token account was frozen.
    Refund {
        /// The job.
        job: Pubkey,
        /// Your token account that can be paid.
        #[arg(long)]
        to: Pubkey,
    },
    /// Move everything on whose deadline has passed, for the bounties: of a job, or of all. Anybody may.
    Crank {
        /// The job (default: all, with disputes and bids).
        job: Option<Pubkey>,
    },
    /// Close a paid job; rent returns. Anybody may.
    Close {
        /// The job.
        job: Pubkey,
    },
    /// List jobs.
    List,
    /// Show a job.
    Show {
        /// The job.
        job: Pubkey,
    },
}

/// Verbs of `job config`.
#[derive(Subcommand)]
pub enum EscrowConfig {
    /// Show a config.
    Show {
        /// Its number.
        #[arg(long, default_value_t = 0)]
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
    },
}

/// Verbs of `job provider`.
#[derive(Subcommand)]
pub enum Provider {
    /// Become a provider.
    Register {
        /// Key of your machines (default: your own).
        #[arg(long)]
        session_key: Option<Pubkey>,
        /// Region, ISO 3166-1 numeric.
        #[arg(long, default_value_t = 0)]
        region: u16,
    },
    /// Replace the key of your machines.
    Rotate {
        /// The new key.
        session_key: Pubkey,
    },
    /// Show a provider with its slots (default: you).
    Show {
        /// Its authority.
        authority: Option<Pubkey>,
    },
}

/// Verbs of `job slot`.
#[derive(Subcommand)]
pub enum Slot {
    /// Offer one more GPU.
    Add {
        /// Code of its model.
        #[arg(long)]
        model: u32,
        /// Its memory in MiB.
        #[arg(long)]
        vram_mib: u32,
        /// Number of the config it works under.
        #[arg(long, default_value_t = 0)]
        config: u16,
        /// What it asks.
        #[command(flatten)]
        ask: Ask,
    },
    /// Change what a slot asks, pause it or resume it.
    Update {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// What it asks.
        #[command(flatten)]
        ask: Ask,
        /// Take no new work.
        #[arg(long)]
        pause: bool,
    },
    /// Add SOL to a slot's bond.
    Bond {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// How much SOL.
        amount: String,
    },
    /// Take free SOL out of a slot's bond.
    Unbond {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// How much SOL.
        amount: String,
    },
    /// Open the account that a slot is paid into. Anybody may.
    OpenPayout {
        /// The slot.
        slot: Pubkey,
        /// The mint.
        mint: Pubkey,
    },
    /// Close an emptied payout; its rent returns.
    ClosePayout {
        /// Who works.
        #[command(flatten)]
        worker: WorkerArgs,
        /// The mint.
        mint: Pubkey,
    },
}

/// What a slot asks.
#[derive(Args)]
pub struct Ask {
    /// Mint of the ask.
    #[arg(long)]
    pub ask_mint: Pubkey,
    /// Price per second, such as 0.01.
    #[arg(long)]
    pub ask: String,
    /// Price per second in off-peak hours (default: the same).
    #[arg(long)]
    pub off_peak_ask: Option<String>,
}

/// Which slot, and whose.
#[derive(Args)]
pub struct WorkerArgs {
    /// Authority of the provider (default: `--keypair` itself; name it when you sign with a session key).
    #[arg(long)]
    pub provider: Option<Pubkey>,
    /// Index of the slot.
    #[arg(long, default_value_t = 0)]
    pub index: u16,
}

/// Which job, and who works.
#[derive(Args)]
pub struct Work {
    /// The job.
    pub job: Pubkey,
    /// Who works.
    #[command(flatten)]
    pub worker: WorkerArgs,
}

/// Options of `job post`.
#[derive(Args)]
pub struct Post {
    /// The module, as .wasm or .wat.
    #[arg(long)]
    pub module: PathBuf,
    /// The file of its arguments.
    #[arg(long)]
    pub arguments: PathBuf,
    /// The mint of the price.
    #[arg(long)]
    pub mint: Pubkey,
    /// The price, such as 12.5.
    #[arg(long)]
    pub price: String,
    /// Pay with this mint instead: it is swapped for the price in --pool, in the same transaction.
    #[arg(long, requires = "pool")]
    pub pay_with: Option<Pubkey>,
    /// A pool of the two mints.
    #[arg(long, requires = "pay_with")]
    pub pool: Option<Pubkey>,
    /// How much dearer than its quote the price may get, in hundredths of a percent; beyond it nothing is done.
    #[arg(long, requires = "pay_with", default_value_t = 50)]
    pub slippage_bps: u16,
    /// Sell exactly this much of --pay-with for at least the price, and keep what is bought beyond it (default: buy exactly the
    /// price).
    #[arg(long, requires = "pay_with", conflicts_with = "slippage_bps")]
    pub sell: Option<String>,
    /// The bond its worker locks, in SOL.
    #[arg(long, default_value = "0.1")]
    pub bond: String,
    /// What you get of it when the worker fails, in SOL.
    #[arg(long, default_value = "0.02")]
    pub compensation: String,
    /// Pay without a challenge time: nobody checks the result. The same as --verification none.
    #[arg(long)]
    pub unverified: bool,
    /// What kind of order it is.
    #[command(flatten)]
    pub terms: Terms,
    /// Number of the config.
    #[arg(long, default_value_t = 0)]
    pub config: u16,
    /// Your number for the order (default: the time).
    #[arg(long)]
    pub nonce: Option<u64>,
    /// Seconds until it expires unclaimed.
    #[arg(long, default_value_t = 3_600)]
    pub open_seconds: u32,
    /// Seconds from claim to start.
    #[arg(long, default_value_t = 600)]
    pub start_seconds: u32,
    /// Seconds from start to commit.
    #[arg(long, default_value_t = 3_600)]
    pub run_seconds: u32,
    /// Seconds from commit to reveal.
    #[arg(long, default_value_t = 600)]
    pub reveal_seconds: u32,
    /// Seconds after the reveal in which the result can be challenged.
    #[arg(long, default_value_t = 3_600)]
    pub challenge_seconds: u32,
}

#[cfg(test)]
mod tests {
    use {crate::args::Args, clap::Parser};

    #[test]
    fn an_order_is_paid_in_its_mint_or_through_a_pool() {
        const KEY: &str = "PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE";
        let accepts = |rest: &str| {
            let line = format!("commonweal job post --module m --arguments a --mint @ --price 1 {rest}");
            Args::try_parse_from(line.replace('@', KEY).split_whitespace()).is_ok()
        };
        for rest in [
            "",
            "--pay-with @ --pool @",
            "--pay-with @ --pool @ --slippage-bps 10",
            "--pay-with @ --pool @ --sell 3",
        ] {
            assert!(accepts(rest), "{rest} was refused");
        }
        for rest in [
            "--pay-with @",
            "--pool @",
            "--slippage-bps 10",
            "--sell 3",
            "--pay-with @ --pool @ --sell 3 --slippage-bps 10",
        ] {
            assert!(!accepts(rest), "{rest} was accepted");
        }
    }
}
