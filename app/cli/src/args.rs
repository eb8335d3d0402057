//! What can be typed.

pub mod court;
mod gov;
mod job;
mod lease;
pub mod order;
mod pool;
mod provider;
pub mod span;

pub use {court::Court, gov::*, job::*, lease::*, pool::*, provider::*};

use {
    clap::{Args as ClapArgs, Parser, Subcommand},
    std::path::PathBuf,
};

/// Commonweal: a liquidity pool, quadratic governance and a compute escrow on Solana.
#[derive(Parser)]
#[command(
    name = "commonweal",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub struct Args {
    /// What holds for every verb.
    #[command(flatten)]
    pub global: Global,
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What holds for every verb.
#[derive(ClapArgs, Clone)]
pub struct Global {
    /// RPC of the cluster.
    #[arg(long, global = true, env = "COMMONWEAL_URL", default_value = "http://127.0.0.1:8899")]
    pub url: String,
    /// Keypair file that pays and signs; only its owner may read it.
    #[arg(long, global = true, env = "COMMONWEAL_KEYPAIR")]
    pub keypair: Option<PathBuf>,
    /// Print JSON for programs instead of tables for people.
    #[arg(long, global = true)]
    pub json: bool,
    /// Rehearse only: print what balances would change, send nothing.
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Print the transaction in base64 instead of signing and sending it: for a multisig or a key elsewhere.
    #[arg(long, global = true, conflicts_with = "dry_run")]
    pub unsigned: bool,
    /// The most to bid for a place in a block, in micro-lamports per compute unit.
    #[arg(long, global = true, default_value_t = 2_500_000)]
    pub max_priority_fee: u64,
    /// The realm (default: the rehearsal realm that `deploy` makes on a local network).
    #[arg(long, global = true, env = "COMMONWEAL_REALM")]
    pub realm: Option<solana_program::pubkey::Pubkey>,
}

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Start a local validator with the three programs deployed and initialised; ctrl-C ends it.
    Localnet(Localnet),
    /// Deploy or upgrade the programs and run the migrations; a second run changes nothing.
    Deploy(Deploy),
    /// Show the cluster, the programs and what an earlier command left open.
    Status,
    /// Pools: quote, swap, deposit, withdraw; locks, farms, oracle, flash loans.
    #[command(subcommand)]
    Pool(Pool),
    /// Governance: persons, stakes, proposals, votes.
    #[command(subcommand)]
    Gov(Gov),
    /// Compute: jobs.
    #[command(subcommand)]
    Job(Job),
    /// Compute: leases by the second, and the vouchers that pay them.
    #[command(subcommand)]
    Lease(Lease),
    /// Compute: providers with their slots, bonds, earnings, persons and attestations.
    #[command(subcommand)]
    Provider(Provider),
    /// The court: the jury, disputes about results, panels, rulings.
    #[command(subcommand)]
    Court(Court),
    /// Give a wallet SOL and tokens of a local network, from the keypair that its `localnet` printed.
    Fund(Fund),
    /// Keypair files.
    #[command(subcommand)]
    Key(Key),
    /// Measure on a local validator what sharing no account is worth.
    #[command(hide = true)]
    Throughput(Throughput),
    /// Play the whole story on a local validator and check every balance.
    #[command(hide = true)]
    Demo(Demo),
}

/// Options of `localnet`.
#[derive(ClapArgs)]
pub struct Localnet {
    /// Keep the ledger and the demo keys in this folder, and continue from it.
    #[arg(long)]
    pub ledger: Option<PathBuf>,
    /// Port of the RPC; the WebSocket's is the next one (default: 8899 where it is free).
    #[arg(long)]
    pub port: Option<u16>,
}

/// Options of `deploy`.
#[derive(ClapArgs)]
pub struct Deploy {
    /// Folder with the keys of the programs' addresses, `<program>.json`. Without it the committed ones are used, on a local
    /// network only.
    #[arg(long)]
    pub program_keys: Option<PathBuf>,
    /// Folder of the bytecode (default: COMMONWEAL_DEPLOY_DIR or target/deploy).
    #[arg(long)]
    pub bytecode: Option<PathBuf>,
}

/// Options of `fund`.
#[derive(ClapArgs)]
pub struct Fund {
    /// The wallet.
    pub wallet: solana_program::pubkey::Pubkey,
    /// How much SOL.
    #[arg(long, default_value = "10")]
    pub sol: String,
    /// How much of the local governing mint.
    #[arg(long, default_value = "0")]
    pub governing: String,
    /// How much of the local payment mint.
    #[arg(long, default_value = "0")]
    pub payment: String,
}

/// Verbs of `key`.
#[derive(Subcommand)]
pub enum Key {
    /// Make a new keypair file, readable by its owner alone.
    New {
        /// The file; never one that exists.
        file: PathBuf,
    },
    /// Show the address of a keypair file (default: --keypair).
    Show,
}

/// Options of `throughput`.
#[derive(ClapArgs)]
pub struct Throughput {
    /// Jobs that live at once, each of another client and another provider.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub jobs: u32,
}

/// Options of `demo`.
#[derive(ClapArgs)]
pub struct Demo {
    /// Leave the validator up afterwards and print addresses and keys; ctrl-C ends it.
    #[arg(long)]
    pub keep: bool,
}

#[cfg(test)]
mod tests {
    use {super::*, clap::CommandFactory};

    /// Whether a line can be typed.
    fn is_accepted(line: &str) -> bool {
        const KEY: &str = "PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE";
        let words = format!("commonweal pool {line}").replace('@', KEY);
        Args::try_parse_from(words.split(' ')).is_ok()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn what_a_proposal_can_do_is_typed_the_same_for_a_draft_and_at_once() {
        const KEY: &str = "PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE";
        let accepts = |line: &str| {
            let words = format!("commonweal gov {line}").replace('@', KEY);
            Args::try_parse_from(words.split(' ')).is_ok()
        };
        for act in [
            "pool-fee {} --fee-ppm 2500",
            "pool-config {} --config 1 --fee-ppm 2500",
            "pool-ramp {} --target 200 --end 1",
            "escrow-config {} --fee-ppm 15000",
            "escrow-court {} --vote-seconds 86400 --attestor @",
            "escrow-rule {} @ --provider-percent 40",
            "pay {} @ 2.5 --lane 2",
            "pay-tokens {} @ 40 --mint @ --lane 2",
            "parameters {} --voting-s 432000 --bond 0.2",
            "chambers {} --pool-config 0 --escrow-config none",
            "identity-cost {} 60 --mint @",
            "add-attestor {} @ --slot 5 --label town --for 1y",
            "add-attestor {} @ --slot 5 --schema @",
            "disable-attestor {} @",
            "upgrade {} --program @ --buffer @",
            "upgrade {} --program @ --bytecode new.so --lane 1",
            "raw {} --program @ --account @:w:s --data 00ff",
        ] {
            let draft = format!("action {} --choice 2", act.replace("{}", "7"));
            let paper = format!("propose {} --draft", act.replace("{}", "text.md"));
            assert!(accepts(&draft), "{draft} was refused");
            assert!(accepts(&paper), "{paper} was refused");
        }
        let global = format!("commonweal --dry-run --json gov propose pay text.md {KEY} 1");
        assert!(Args::try_parse_from(global.split(' ')).is_ok());
        for line in [
            "propose text.md --choices 2",
            "attest sign register --nullifier 00 --wallet @ --valid-for 30d",
            "attest sign revoke --nullifier 00 --wallet @ --slot 1 --nonce 2 --cluster @",
            "person register --statement a --statement b",
            "person register --attestor a --credential @ --nullifier 00",
            "person revoke --wallet @ --attestor a --attestor b",
            "person recover @ --statement a",
            "person move new.json --recovered @",
            "delegate cast 0 --option 1 --share 0.5",
            "chamber veto 0 --chamber liquidity",
            "unstake all --person @",
            "exclude 0 --slot 3",
        ] {
            assert!(accepts(line), "{line} was refused");
        }
        for line in [
            "propose",
            "propose upgrade text.md --program @",
            "propose upgrade text.md --program @ --buffer @ --bytecode new.so",
            "propose chambers text.md",
            "propose pay text.md @",
            "action pay 7 @",
            "delegate cast 0 --option 1",
            "chamber veto 0 --chamber senate",
        ] {
            assert!(!accepts(line), "{line} was accepted");
        }
    }

    #[test]
    fn amounts_come_with_what_they_are_of() {
        for line in [
            "quote @ --sell 1 --of @",
            "quote @ --deposit 1",
            "quote @ --one-side 1 --of @",
            "deposit @ 1 2",
            "deposit @ --one-side 1 --of @",
            "withdraw @ all --legs a",
            "create @ 1 @ 2 --lock-for 30d",
            "lock create @ all --forever",
            "farm create @ @ 10 --for 2w --plural-share-ppm 500000",
            "config update --id 1 --pause swap,flash",
            "config ramp --id 2 --target 0",
        ] {
            assert!(is_accepted(line), "{line} was refused");
        }
        for line in [
            "quote @",
            "quote @ --sell 1",
            "quote @ --sell 1 --buy 1 --of @",
            "deposit @",
            "deposit @ 1",
            "deposit @ 1 2 --one-side 1 --of @",
            "deposit @ --one-side 1",
            "create @ 1 @ 2 --lock-for 30d --lock-forever",
            "lock create @ all",
            "lock create @ all --for 1d --forever",
            "farm create @ @ 10",
            "config update --id 1",
            "claim @ --to @",
        ] {
            assert!(!is_accepted(line), "{line} was accepted");
        }
    }
}
