//! The measured figures beside limits, peers and the floor. Integers only, as everywhere.

mod blocks;

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
/// Accounts that come with others: the first, what they are called together, the bytes of the rest.
const TOGETHER: [(&str, &str, &[u64]); 2] = [
    ("liquidity_pool.Pool", "LP mint and vaults", &[82, 165, 165]),
    ("compute_escrow.Job", "its vault", &[165]),
];
/// Bytes of the loader's header before a program in its account.
const PROGRAM_HEADER: u64 = 45;

/// Prints everything.
pub fn bench() -> Result<()> {
    let figures = Figures::read()?;
    figures.instructions();
    figures.limits();
    figures.programs();
    figures.stable();
    figures.rent();
    figures.lives();
    figures.blocks();
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

    /// What each account locks up.
    fn rent(&self) {
        println!("\n{:<44} {:>12} {:>16}", "accounts", "bytes", "rent in SOL");
        for (program, accounts) in entries(&self.layouts) {
            for (account, layout) in entries(accounts) {
                let name = format!("{program}.{account}");
                let bytes = number(layout, "size");
                self.account(&name, bytes, rent(bytes));
                for (_, rest, beside) in TOGETHER.iter().filter(|(first, ..)| *first == name) {
                    let more = |first: u64, of: fn(u64) -> u64| {
                        beside.iter().fold(first, |sum, bytes| sum.saturating_add(of(*bytes)))
                    };
                    let all = format!("{name}, {rest}");
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

    /// What a whole life takes, the units of its transactions added up, and the same of a peer.
    fn lives(&self) {
        println!(
            "\n{:<76} {:>9} {:>12}",
            "whole lives, medians added up", "CU", "transactions"
        );
        for life in list(&self.peers, "lives") {
            let ours: Vec<&str> = list(life, "ours").filter_map(Value::as_str).collect();
            let sum: Option<u64> = ours.iter().map(|name| self.figure(name, "median")).sum();
            let is = sum.map_or_else(|| "-  NOT MEASURED".into(), show);
            println!("{:<76} {is:>9} {:>12}", text(life, "of"), ours.len());
            let peer = text(life, "peer");
            let theirs: Vec<&str> = list(life, "theirs").filter_map(Value::as_str).collect();
            let their_sum = list(&self.peers, "instructions")
                .filter(|other| text(other, "peer") == peer && theirs.contains(&text(other, "instruction")))
                .map(|other| number(other, "cu"))
                .fold(0, u64::saturating_add);
            let label = format!("    {peer}: {}", theirs.join("; "));
            println!(
                "{label:<76} {:>9} {:>12}   {} the units",
                show(their_sum),
                theirs.len(),
                ratio(their_sum, sum.unwrap_or(0))
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
