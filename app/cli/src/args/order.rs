//! Verbs of `job` for bids, parts, challenges and canaries, and the terms of an order.

use {
    super::Work,
    clap::{Args, Subcommand, ValueEnum},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// Kinds of orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// One slot takes it at your price.
    Batch,
    /// The lowest of sealed bids makes the price; yours is the highest accepted.
    Auction,
    /// Several slots compute the same; equal results win.
    Redundant,
}

/// Who checks a result before its worker is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Verification {
    /// Nobody.
    None,
    /// Anybody may challenge it in time.
    Optimistic,
    /// The same, and the specification binds outputs that you know.
    Canary,
    /// An attestor of the config must countersign.
    Attested,
}

/// What kind of order it is and who may take it.
#[derive(Args)]
pub struct Terms {
    /// Kind of order.
    #[arg(long, value_enum, default_value_t = Kind::Batch)]
    pub kind: Kind,
    /// Who checks the result.
    #[arg(long, value_enum, default_value_t = Verification::Optimistic, conflicts_with = "unverified")]
    pub verification: Verification,
    /// The canaries of a canary job: the file that `job canary new` wrote.
    #[arg(long)]
    pub canaries: Option<PathBuf>,
    /// Workers of a redundant order.
    #[arg(long, required_if_eq("kind", "redundant"))]
    pub workers: Option<u8>,
    /// Equal results of a redundant order that win: more than half of the workers.
    #[arg(long, required_if_eq("kind", "redundant"))]
    pub agree: Option<u8>,
    /// Percent of the price of each milestone, such as 25,25,50: paid as you accept them.
    #[arg(long, value_delimiter = ',', num_args = 1..=8)]
    pub milestones: Vec<String>,
    /// Code of the GPU's model (default: any).
    #[arg(long, default_value_t = 0)]
    pub model: u32,
    /// Least memory of the GPU in GiB.
    #[arg(long, default_value_t = 0)]
    pub min_vram_gib: u8,
    /// Least measured score.
    #[arg(long, default_value_t = 0)]
    pub min_score: u32,
    /// Slots in which the circle of eligible workers doubles, drawn by lot, at most 16; 0: first come, first served.
    #[arg(long, default_value_t = 0)]
    pub spread_slots: u8,
    /// Only providers with a verified person behind them.
    #[arg(long)]
    pub persons_only: bool,
    /// How often a result is computed again, in percent: for what a cheat would have to lose.
    #[arg(long, default_value = "10")]
    pub inspection_percent: String,
    /// What one whole token of the price is worth in SOL: for how far the bond deters.
    #[arg(long)]
    pub sol_per_token: Option<String>,
}

/// Taking a job.
#[derive(Args)]
pub struct Claim {
    /// Which job and who works.
    #[command(flatten)]
    pub work: Work,
    /// Wait until the lot lets the slot claim.
    #[arg(long)]
    pub wait: bool,
}

/// A result, by the file of its bytes or by the files of its outputs.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct ResultArgs {
    /// The file of the result.
    #[arg(long)]
    pub result: Option<PathBuf>,
    /// The files of a canary job's outputs, in order; the result is the root of their tree.
    #[arg(long, num_args = 1..)]
    pub outputs: Vec<PathBuf>,
}

/// Verbs of `job bid`.
#[derive(Subcommand)]
pub enum Bid {
    /// Bid for an auction; the price stays sealed, price and salt are kept on this machine.
    Place {
        /// Which job and who works.
        #[command(flatten)]
        work: Work,
        /// The price, such as 12.5, fee included.
        #[arg(long)]
        price: String,
    },
    /// Show the price of the bid placed from this machine, when the bidding is over.
    Reveal(Work),
    /// Move an auction on whose deadline has passed, for the bounty. Anybody may.
    Award {
        /// The job.
        job: Pubkey,
    },
    /// Close bids that have not won; their bonds are free. Anybody may.
    Reclaim {
        /// The job.
        job: Pubkey,
        /// Authority of the provider that bid (default: every bid that can be closed).
        #[arg(long)]
        provider: Option<Pubkey>,
    },
    /// List the bids of a job.
    List {
        /// The job.
        job: Pubkey,
    },
}

/// Verbs of `job canary`.
#[derive(Subcommand)]
pub enum Canary {
    /// Choose canaries: outputs you know already. The file is your secret, and the order names it.
    New {
        /// The module, as .wasm or .wat.
        #[arg(long)]
        module: PathBuf,
        /// An output you know, as INDEX=FILE.
        #[arg(long = "expect", required = true)]
        expected: Vec<String>,
        /// Where the canaries go; never over a file that exists.
        #[arg(long)]
        out: PathBuf,
    },
    /// Show what canaries bind.
    Show {
        /// Their file.
        file: PathBuf,
    },
    /// Show the result that outputs make.
    Outputs {
        /// Their files, in order.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Verbs of `job` about challenges.
// the verbs are named for those who type them
#[allow(clippy::enum_variant_names)]
#[derive(Subcommand)]
pub enum Challenge {
    /// Challenge a revealed result with a bond: you have computed another one.
    Challenge {
        /// The job.
        job: Pubkey,
        /// The result that is right.
        #[command(flatten)]
        result: ResultArgs,
        /// A key that acts for you before the court (default: you).
        #[arg(long)]
        agent: Option<Pubkey>,
    },
    /// Challenge a result by a canary whose output is wrong.
    ProveCanary {
        /// The job.
        job: Pubkey,
        /// The canaries: the file that `job canary new` wrote.
        #[arg(long)]
        canaries: PathBuf,
        /// The files of the outputs that the worker published, in order.
        #[arg(long, num_args = 1.., required = true)]
        outputs: Vec<PathBuf>,
        /// Keypair file of an attestor who countersigns: then no court is needed.
        #[arg(long)]
        attestor: Option<PathBuf>,
    },
    /// Answer a challenge with as large a deposit, by the authority of the provider that worked.
    Answer {
        /// Which job and who worked.
        #[command(flatten)]
        work: Work,
        /// Who challenged (default: the only one).
        #[arg(long)]
        challenger: Option<Pubkey>,
        /// A key that acts for you before the court (default: you).
        #[arg(long)]
        agent: Option<Pubkey>,
    },
    /// End challenges that nobody answered in time, or that a verdict has decided. Anybody may.
    Resolve {
        /// The job.
        job: Pubkey,
        /// Who challenged (default: every one that can be ended).
        #[arg(long)]
        challenger: Option<Pubkey>,
    },
    /// Countersign the evidence of an attested job, by an attestor of its config.
    Attest {
        /// The job.
        job: Pubkey,
        /// The file of the evidence; its hash is recorded.
        #[arg(long)]
        evidence: PathBuf,
    },
}

/// Verbs of `job` about orders of several workers, and paid in parts.
// the verbs are named for those who type them
#[allow(clippy::enum_variant_names)]
#[derive(Subcommand)]
pub enum Part {
    /// Take part in a redundant order.
    Join(Work),
    /// Compare the results of a redundant order, or move it on whose deadline has passed, for the bounty. Anybody may.
    Compare {
        /// The job.
        job: Pubkey,
    },
    /// Pay or let go the workers of a decided redundant order. Anybody may.
    SettlePart {
        /// The job.
        job: Pubkey,
        /// Only the part of this worker.
        #[command(flatten)]
        only: Only,
    },
    /// Accept a milestone of a running job: it is paid at once.
    Milestone {
        /// The job.
        job: Pubkey,
        /// Its number, from 0.
        index: u8,
    },
}

/// One worker, or all.
#[derive(Args)]
pub struct Only {
    /// The slot (default: all).
    #[arg(long)]
    pub slot: Option<Pubkey>,
}

#[cfg(test)]
mod tests {
    use {crate::args::Args, clap::Parser};

    const KEY: &str = "PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE";

    fn accepts(rest: &str) -> bool {
        let line = format!("commonweal job {rest}").replace('@', KEY);
        Args::try_parse_from(line.split_whitespace()).is_ok()
    }

    #[test]
    fn orders_of_every_kind_can_be_typed() {
        let post = "post --module m --arguments a --mint @ --price 1";
        for rest in [
            "--kind auction",
            "--kind redundant --workers 3 --agree 2",
            "--milestones 25,25,50",
            "--verification canary --canaries c",
            "--verification attested --model 4090 --min-vram-gib 24 --min-score 5 --spread-slots 16 --persons-only",
            "--unverified",
            "--inspection-percent 2.5 --sol-per-token 0.01",
        ] {
            assert!(accepts(&format!("{post} {rest}")), "{rest} was refused");
        }
        for rest in [
            "--kind redundant",
            "--kind redundant --workers 3",
            "--kind lottery",
            "--unverified --verification optimistic",
        ] {
            assert!(!accepts(&format!("{post} {rest}")), "{rest} was accepted");
        }
    }

    #[test]
    fn every_step_of_an_order_can_be_typed() {
        for rest in [
            "claim @ --wait",
            "claim @ --provider @ --index 2",
            "join @",
            "commit @ --result r",
            "commit @ --outputs a b c",
            "compare @",
            "settle-part @",
            "settle-part @ --slot @",
            "milestone @ 2",
            "bid place @ --price 3.5",
            "bid reveal @",
            "bid award @",
            "bid reclaim @",
            "bid list @",
            "challenge @ --result r",
            "challenge @ --outputs a b --agent @",
            "prove-canary @ --canaries c --outputs a b --attestor k",
            "answer @",
            "resolve @ --challenger @",
            "attest @ --evidence e",
            "canary new --module m --expect 3=f --expect 5=g --out c",
            "canary show c",
            "canary outputs a b",
            "crank @",
            "crank",
        ] {
            assert!(accepts(rest), "{rest} was refused");
        }
        for rest in [
            "commit @",
            "commit @ --result r --outputs a",
            "challenge @",
            "bid place @",
            "milestone @",
        ] {
            assert!(!accepts(rest), "{rest} was accepted");
        }
    }
}
