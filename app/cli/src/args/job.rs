//! Verbs of `job`.

mod config;

pub use config::EscrowConfig;

use {
    super::{
        order::{Bid, Canary, Challenge, Claim, Part, ResultArgs, Terms},
        Provider, Slot, WorkerArgs,
    },
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// Verbs of `job`.
// one is made in a run
#[allow(clippy::large_enum_variant)]
#[derive(Subcommand)]
pub enum Job {
    /// The parameters of the escrow.
    #[command(subcommand)]
    Config(EscrowConfig),
    /// The same as `commonweal provider`.
    #[command(subcommand, hide = true)]
    Provider(Provider),
    /// The same as `commonweal provider slot`.
    #[command(subcommand, hide = true)]
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
