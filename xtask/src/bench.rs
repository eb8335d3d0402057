//! The measured figures beside limits, peers and the floor. Integers only, as everywhere.

use {
    crate::{
        error::{at, Error, Result},
        paths::{self, PROGRAMS},
    },
    serde_json::Value,
};

/// What an account of `n` bytes costs: 128 bytes of overhead, 6,960 lamports a byte (two years' rent, never paid out).
const ACCOUNT_OVERHEAD: u64 = 128;
const LAMPORTS_PER_BYTE: u64 = 6_960;
/// What a pool comes with: LP mint and two vaults.
const BESIDE_A_POOL: [u64; 3] = [82, 165, 165];
/// Bytes of the loader's header before a program in its account.
const PROGRAM_HEADER: u64 = 45;

/// Units of a block and of the part of it that may write one account, of a signature, a write lock and a page of loaded accounts.
const BLOCK_UNITS: u64 = 60_000_000;
const ACCOUNT_UNITS: u64 = 24_000_000;
const SIGNATURE_UNITS: u64 = 720;
const WRITE_LOCK_UNITS: u64 = 300;
const PAGE_UNITS: u64 = 8;
const PAGE_BYTES: u64 = 32_768;
/// Bytes of instruction data that cost one unit.
const DATA_BYTES_A_UNIT: u64 = 4;
/// The two instructions that set a transaction's limits, without which it would be charged for the most it could use.
const LIMIT_INSTRUCTIONS_UNITS: u64 = 300;
/// Bytes of the accounts a vote loads beside the program: proposal, ballot or pool, person.
const ACCOUNTS_OF_A_VOTE: u64 = 8_192;
/// Five slots of 400 ms.
const BLOCKS_IN_TWO_SECONDS: u64 = 5;
/// The instructions of voting: accounts written, the fee payer among them; bytes of data with the limits'; whether those of
/// different proposals share no written account (a ballot is counted in the realm when it is opened).
const VOTES: [(&str, u64, u64, bool); 4] = [
    ("open_ballot", 4, 20, false),
    ("cast_votes", 3, 21, true),
    ("cast_delegated", 3, 21, true),
    ("strip_votes", 3, 16, true),
];

/// Prints everything.
pub fn bench() -> Result<()> {
    let figures = Figures::read()?;
    figures.instructions();
    figures.limits();
    figures.programs();
    figures.stable();
    figures.rent();
    figures.votes();
    figures.floor();
    Ok(())
}

struct Figures {
    measured: Value,
    stable: Value,
    layouts: Value,
    limits: Value,
    peers: Value,
}

impl Figures {
    fn read() -> Result<Self> {
        Ok(Self {
            measured: read("cu.json")?,
            stable: read("stable_cost.json")?,
            layouts: read("layout.json")?,
            limits: read("limits.json")?,
            peers: read("peers.json")?,
        })
    }

    /// Each instruction and its variants, each peer's counterpart below with the ratios.
    fn instructions(&self) {
        println!(
            "{:<76} {:>9} {:>9} {:>8} {:>8}",
            "whole transactions with one instruction, p-token", "median CU", "max CU", "accounts", "bytes"
        );
        for (program, instructions) in entries(&self.measured) {
            for (instruction, ours) in entries(instructions) {
                let name = format!("{program}.{instruction}");
                println!(
                    "{name:<76} {:>9} {:>9} {:>8} {:>8}",
                    show(number(ours, "median")),
                    show(number(ours, "max")),
                    number(ours, "accounts"),
                    number(ours, "tx_bytes")
                );
                for peer in self.peers_beside("instructions", &name) {
                    let label = format!("    {}, {}", text(peer, "peer"), text(peer, "instruction"));
                    println!(
                        "{label:<76} {:>9} {:>9} {:>8} {:>8}   {} the units, {} the accounts, {} the bytes",
                        show(number(peer, "cu")),
                        "",
                        number(peer, "accounts"),
                        number(peer, "tx_bytes"),
                        ratio(number(peer, "cu"), number(ours, "median")),
                        ratio(number(peer, "accounts"), number(ours, "accounts")),
                        ratio(number(peer, "tx_bytes"), number(ours, "tx_bytes")),
                    );
                }
            }
        }
    }

    /// Each limit with what is measured.
    fn limits(&self) {
        println!(
            "\n{:<76} {:>10} {:>12} {:>12}  reason",
            "limits", "figure", "is", "at most"
        );
        for limit in list(&self.limits, "limits") {
            let (of, figure) = (text(limit, "of"), text(limit, "figure"));
            let at_most = number(limit, "at_most");
            let (is, mark) = match self.figure(of, figure) {
                None => ("-".into(), " NOT MEASURED"),
                Some(is) if is > at_most => (show(is), " EXCEEDED"),
                Some(is) => (show(is), ""),
            };
            println!(
                "{of:<76} {figure:>10} {is:>12} {:>12}  {}{mark}",
                show(at_most),
                text(limit, "reason")
            );
        }
    }

    /// Size of each program and what its deployment locks up.
    fn programs(&self) {
        println!("\n{:<44} {:>12} {:>16}", "programs", "bytes", "rent in SOL");
        for program in &PROGRAMS {
            let name = format!("{}.so", program.lib);
            match bytecode(&name) {
                Some(bytes) => println!(
                    "{name:<44} {:>12} {:>16}",
                    show(bytes),
                    sol(rent(bytes.saturating_add(PROGRAM_HEADER)))
                ),
                None => println!("{name:<44} not built: `cargo xtask build` makes it"),
            }
        }
    }

    /// The distribution of swaps on the stable curve.
    fn stable(&self) {
        println!(
            "\n{:<44} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "swaps on random stable pools, CU", "samples", "min", "median", "p90", "p99", "max"
        );
        for (kind, figures) in entries(&self.stable) {
            print!("{kind:<44}");
            for figure in ["samples", "min", "median", "p90", "p99", "max"] {
                print!(" {:>9}", show(number(figures, figure)));
            }
            println!();
        }
    }

    /// How many votes a block carries, by the cost model of Agave (`solana-cost-model` 4.3): what a transaction costs is its
    /// signatures, its write locks, its data and its compute units, plus the pages of the accounts it loads.
    fn votes(&self) {
        println!(
            "\n{:<44} {:>12} {:>20} {:>22} {:>18}",
            "transactions in a block of 60 million CU",
            "cost",
            "disjoint accounts",
            "one account",
            "a second, disjoint"
        );
        for (instruction, write_locks, data_bytes, is_disjoint) in VOTES {
            let name = format!("quadratic_governance.{instruction}");
            let Some(units) = self.figure(&name, "median") else {
                continue;
            };
            let program = bytecode("quadratic_governance.so").unwrap_or(0);
            let pages = program.saturating_add(ACCOUNTS_OF_A_VOTE).div_ceil(PAGE_BYTES);
            let cost = units
                .saturating_add(SIGNATURE_UNITS)
                .saturating_add(WRITE_LOCK_UNITS.saturating_mul(write_locks))
                .saturating_add(data_bytes / DATA_BYTES_A_UNIT)
                .saturating_add(LIMIT_INSTRUCTIONS_UNITS)
                .saturating_add(PAGE_UNITS.saturating_mul(pages));
            let per_block = |units: u64| units.checked_div(cost).unwrap_or(0);
            let limit = if is_disjoint { BLOCK_UNITS } else { ACCOUNT_UNITS };
            println!(
                "{name:<44} {:>12} {:>20} {:>22} {:>18}",
                show(cost),
                if is_disjoint {
                    show(per_block(limit))
                } else {
                    "–".into()
                },
                show(per_block(ACCOUNT_UNITS)),
                show(per_block(limit).saturating_mul(BLOCKS_IN_TWO_SECONDS) / 2),
            );
        }
    }

    /// What each account locks up.
    fn rent(&self) {
        println!("\n{:<44} {:>12} {:>16}", "accounts", "bytes", "rent in SOL");
        for (program, accounts) in entries(&self.layouts) {
            for (account, layout) in entries(accounts) {
                let name = format!("{program}.{account}");
                let bytes = number(layout, "size");
                self.account(&name, bytes, rent(bytes));
                if name == "liquidity_pool.Pool" {
                    let more = |first: u64, of: fn(u64) -> u64| {
                        BESIDE_A_POOL
                            .iter()
                            .fold(first, |sum, bytes| sum.saturating_add(of(*bytes)))
                    };
                    let all = format!("{name}, LP mint and vaults");
                    self.account(&all, more(bytes, |bytes| bytes), more(rent(bytes), rent));
                }
            }
        }
    }

    fn account(&self, name: &str, bytes: u64, lamports: u64) {
        println!("{name:<44} {:>12} {:>16}", show(bytes), sol(lamports));
        for peer in self.peers_beside("rent", name) {
            let theirs = number(peer, "lamports");
            println!(
                "    {:<40} {:>12} {:>16}   {}: {}",
                text(peer, "peer"),
                "",
                sol(theirs),
                ratio(theirs, lamports),
                text(peer, "account"),
            );
        }
    }

    fn floor(&self) {
        println!("\n{:<76} {:>9}", "the floor of this VM", "CU");
        let floor = self.peers.get("floor").unwrap_or(&Value::Null);
        for operation in list(floor, "operations") {
            println!(
                "{:<76} {:>9}",
                text(operation, "operation"),
                show(number(operation, "cu"))
            );
        }
    }

    fn peers_beside<'a>(&'a self, kind: &'a str, name: &'a str) -> impl Iterator<Item = &'a Value> {
        list(&self.peers, kind).filter(move |peer| list(peer, "beside").any(|ours| ours.as_str() == Some(name)))
    }

    /// A figure by the name a limit gives it.
    fn figure(&self, of: &str, figure: &str) -> Option<u64> {
        if of.ends_with(".so") {
            return bytecode(of);
        }
        let of_stable = || self.stable.get(of.strip_prefix("stable_swap_")?)?.get(figure)?.as_u64();
        let (program, rest) = of.split_once('.').unwrap_or((of, ""));
        let of_instruction = || self.measured.get(program)?.get(rest)?.get(figure)?.as_u64();
        let of_account = || Some(rent(self.layouts.get(program)?.get(rest)?.get("size")?.as_u64()?));
        of_stable().or_else(of_instruction).or_else(of_account)
    }
}

fn bytecode(name: &str) -> Option<u64> {
    std::fs::metadata(paths::deploy().join(name))
        .ok()
        .map(|file| file.len())
}

fn rent(bytes: u64) -> u64 {
    bytes.saturating_add(ACCOUNT_OVERHEAD).saturating_mul(LAMPORTS_PER_BYTE)
}

/// `a / b` with one decimal place.
fn ratio(a: u64, b: u64) -> String {
    match a.saturating_mul(10).checked_div(b) {
        Some(tenths) => format!(
            "{}.{}×",
            show(tenths.checked_div(10).unwrap_or(0)),
            tenths.checked_rem(10).unwrap_or(0)
        ),
        None => "–".into(),
    }
}

/// Lamports as SOL with five places, rounded up.
fn sol(lamports: u64) -> String {
    let units = lamports.div_ceil(10_000);
    format!(
        "{}.{:05}",
        units.checked_div(100_000).unwrap_or(0),
        units.checked_rem(100_000).unwrap_or(0)
    )
}

/// A number with its thousands set apart.
fn show(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).checked_rem(3) == Some(0) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn number(value: &Value, key: &str) -> u64 {
    value.get(key).and_then(Value::as_u64).unwrap_or(0)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("?")
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn read(file: &str) -> Result<Value> {
    let path = paths::root().join("tests/snapshots").join(file);
    let text = at(&path, std::fs::read_to_string(&path))?;
    serde_json::from_str(&text).map_err(|error| Error::Check(format!("{}: {error}", path.display())))
}
