//! Verbs of `lease`.

use {
    super::{span, WorkerArgs},
    clap::{Args, Subcommand},
    solana_program::pubkey::Pubkey,
    std::path::PathBuf,
};

/// Verbs of `lease`.
#[derive(Subcommand)]
pub enum Lease {
    /// Rent a slot by the second and put the deposit into the lease's vault.
    Post(Box<PostLease>),
    /// Take an open lease for a slot; its bond is locked.
    Accept(AtLease),
    /// Start a lease whose gang is complete. Anybody may.
    Start {
        /// The lease.
        lease: Pubkey,
    },
    /// Go on with a paused lease that is funded again.
    Resume(AtLease),
    /// Announce that you take the slot back; after the notice you leave at no cost.
    Notice(AtLease),
    /// Put more in. Anybody may.
    TopUp {
        /// The lease.
        lease: Pubkey,
        /// How much, such as 12.5.
        amount: String,
    },
    /// End a lease: the client now, refunded after the settling time (an open one at once); the provider at once.
    Close {
        /// The lease.
        lease: Pubkey,
        /// Close as the provider's side, with its authority or session key.
        #[arg(long)]
        as_provider: bool,
        /// Where the refund of an open lease goes (default: the client's canonical account).
        #[arg(long, conflicts_with = "as_provider")]
        to: Option<Pubkey>,
    },
    /// Move a lease on whose deadline has passed, for the bounty. Anybody may.
    Crank {
        /// The lease.
        lease: Pubkey,
    },
    /// Take a refund that was delayed because your token account was frozen.
    Refund {
        /// The lease.
        lease: Pubkey,
        /// Your token account that can be paid.
        #[arg(long)]
        to: Pubkey,
    },
    /// Show a lease with its runway: how long it is funded.
    Show {
        /// The lease.
        lease: Pubkey,
    },
    /// List leases.
    List {
        /// Only of this client.
        #[arg(long)]
        client: Option<Pubkey>,
        /// Only at this slot.
        #[arg(long)]
        slot: Option<Pubkey>,
    },
    /// Leases that begin together or not at all.
    #[command(subcommand)]
    Gang(Gang),
    /// What both sides sign for each other.
    #[command(subcommand)]
    Voucher(Voucher),
}

/// Which lease, and who works.
#[derive(Args)]
pub struct AtLease {
    /// The lease.
    pub lease: Pubkey,
    /// Who works.
    #[command(flatten)]
    pub worker: WorkerArgs,
}

/// Options of `lease post`.
#[derive(Args)]
pub struct PostLease {
    /// The mint it is paid in.
    #[arg(long)]
    pub mint: Pubkey,
    /// Price of a second, fee included, such as 0.01.
    #[arg(long)]
    pub rate: String,
    /// What is put in at first, such as 36.
    #[arg(long)]
    pub deposit: String,
    /// The file of the environment's specification; its SHA-256 is stored.
    #[arg(long)]
    pub spec: PathBuf,
    /// The bond its slot locks, in SOL.
    #[arg(long, default_value = "0.1")]
    pub bond: String,
    /// What you get of it when the provider leaves without notice, in SOL.
    #[arg(long, default_value = "0.02")]
    pub compensation: String,
    /// How long it waits for a slot.
    #[arg(long, value_parser = span::seconds, default_value = "1h")]
    pub open_for: u64,
    /// A provider's notice to the end.
    #[arg(long, value_parser = span::seconds, default_value = "10m")]
    pub notice: u64,
    /// How long it may stay empty before it ends.
    #[arg(long, value_parser = span::seconds, default_value = "1h")]
    pub pause: u64,
    /// Time between vouchers; a top-up pays at least as much time.
    #[arg(long, value_parser = span::seconds, default_value = "5m")]
    pub interval: u64,
    /// Key of your machine that signs vouchers; it moves nothing else (default: your own).
    #[arg(long)]
    pub voucher_key: Option<Pubkey>,
    /// The only slot that may take it.
    #[arg(long)]
    pub slot: Option<Pubkey>,
    /// Model of the GPU, a code; 0 for any.
    #[arg(long, default_value_t = 0)]
    pub model: u32,
    /// Least measured score; 0 for any.
    #[arg(long, default_value_t = 0)]
    pub min_score: u32,
    /// Least memory in GiB.
    #[arg(long, default_value_t = 0)]
    pub min_vram_gib: u8,
    /// Only providers with a linked person may take it.
    #[arg(long)]
    pub persons_only: bool,
    /// Your number of the gang that it joins.
    #[arg(long)]
    pub gang: Option<u64>,
    /// Number of the config.
    #[arg(long, default_value_t = 0)]
    pub config: u16,
    /// Your number for the lease (default: the time).
    #[arg(long)]
    pub nonce: Option<u64>,
}

/// Verbs of `lease gang`.
#[derive(Subcommand)]
pub enum Gang {
    /// Open one; then post its leases with `lease post --gang`.
    Open {
        /// Leases it is made of, 2 to 16.
        #[arg(long)]
        size: u8,
        /// How long it gathers.
        #[arg(long = "for", value_parser = span::seconds, default_value = "1h")]
        gather_for: u64,
        /// Your number for it (default: the time).
        #[arg(long)]
        nonce: Option<u64>,
        /// Number of the config.
        #[arg(long, default_value_t = 0)]
        config: u16,
    },
    /// Close one without leases; its rent returns. Anybody may once the gathering is over.
    Close {
        /// The gang.
        gang: Pubkey,
    },
    /// Show one.
    Show {
        /// The gang.
        gang: Pubkey,
    },
}

/// Verbs of `lease voucher`.
#[derive(Subcommand)]
pub enum Voucher {
    /// Sign a voucher for the client, with the lease's voucher key; it is printed.
    Sign {
        /// The lease.
        lease: Pubkey,
        /// All that is due up to it, fee included, such as 12.5 (default: for the seconds counted so far).
        #[arg(long)]
        amount: Option<String>,
        /// The voucher before it: this one continues its number and is not below it.
        #[arg(long)]
        after: Option<PathBuf>,
        /// Its number (default: one more than the last one's).
        #[arg(long)]
        seq: Option<u64>,
        /// The file of the usage records; its SHA-256 is signed for.
        #[arg(long)]
        usage: Option<PathBuf>,
        /// How long it can be redeemed.
        #[arg(long = "for", value_parser = span::seconds, default_value = "1d")]
        valid_for: u64,
    },
    /// Sign a voucher for the provider, with its session key, if it would pay; it is printed with both signatures.
    Countersign {
        /// The file of the voucher.
        voucher: PathBuf,
        /// The least that must be due by it, fee included; less is not signed.
        #[arg(long)]
        at_least: Option<String>,
    },
    /// Check a voucher by the program's rules: what it would pay, or why nothing.
    Check {
        /// The file of the voucher.
        voucher: PathBuf,
    },
    /// Show what a voucher says; the cluster is not asked.
    Show {
        /// The file of the voucher.
        voucher: PathBuf,
    },
    /// Redeem a voucher that both sides have signed. Anybody may.
    Redeem {
        /// The file of the voucher.
        voucher: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use {crate::args::Args, clap::Parser};

    #[test]
    fn leases_are_typed_in_units_and_spans() {
        const KEY: &str = "PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE";
        let accepts = |line: &str| {
            let line = format!("commonweal lease {line}").replace('@', KEY);
            Args::try_parse_from(line.split(' ')).is_ok()
        };
        for line in [
            "post --mint @ --rate 0.01 --deposit 36 --spec f",
            "post --mint @ --rate 0.01 --deposit 36 --spec f --interval 90s --gang 3 --slot @ --persons-only",
            "accept @ --index 1",
            "top-up @ 1.5",
            "close @",
            "close @ --as-provider --provider @",
            "close @ --to @",
            "gang open --size 4 --for 10m",
            "voucher sign @ --amount 1.5 --for 2h",
            "voucher countersign f --at-least 2",
            "voucher redeem f",
            "list --client @",
        ] {
            let expected = !line.contains("--as-provider --provider");
            assert_eq!(accepts(line), expected, "{line}");
        }
        for line in [
            "post --mint @ --rate 0.01 --spec f",
            "post --mint @ --rate 0.01 --deposit 36 --spec f --interval 90",
            "close @ --as-provider --to @",
            "gang open",
            "refund @",
        ] {
            assert!(!accepts(line), "{line} was accepted");
        }
    }
}
