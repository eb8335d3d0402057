//! `commonweal throughput`: how many transactions of jobs a local validator carries in a second when the jobs share no account,
//! and how many when the same transactions have one written account in common, as with a global market account.

mod pairs;

use {
    super::{deploy, localnet},
    crate::{
        app::{App, Failure, Outcome},
        args::Throughput,
        output,
    },
    commonweal_client::{
        accounts::decode,
        escrow::{JobToken, Order},
        keys, paths,
        rpc::{AccountState, Rpc},
        send::{burst, Burst, Compute, Plan},
        Address,
    },
    commonweal_interface::ids,
    commonweal_migrations::{
        local::{self, Addresses},
        ProgramKeys,
    },
    pairs::{Jobs, Pair, Step, STEPS},
    serde_json::json,
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
    solana_system_interface::instruction as system,
    std::time::Duration,
    tokio::time::{sleep, Instant},
};

/// Rent of a wallet that is only ever sent one lamport at a time.
const WALLET_LAMPORTS: u64 = 1_000_000;
/// Compute limits of a step of a life and of the preparations, with the older SPL Token program.
const STEP_UNITS: u32 = 60_000;
const PREPARATION_UNITS: u32 = 400_000;
/// How long the node may take to confirm what it has processed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The network and what all transactions read.
pub struct Network<'a> {
    rpc: &'a Rpc,
    funder: &'a Keypair,
    at: Addresses,
    token: JobToken,
    hot: Address,
}

/// What the transactions of different jobs have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Design {
    /// Nothing they write to: the lamport that each transaction moves besides goes to the job's other side.
    Disjoint,
    /// The account that this lamport goes to.
    OneHotAccount,
}

fn fixed<'a>(label: &str, instructions: Vec<Instruction>, signer: &'a Keypair, units: u32) -> Plan<'a> {
    Plan {
        compute: Compute::Fixed(units),
        ..Plan::new(label, instructions, &[signer])
    }
}

impl Network<'_> {
    /// Everybody is funded and every provider is ready.
    async fn prepare(&self, pairs: &[Pair]) -> Outcome {
        let wallet = system::transfer(&self.funder.pubkey(), &self.hot, WALLET_LAMPORTS);
        let mut plans = vec![fixed(
            "the common account",
            vec![wallet],
            self.funder,
            PREPARATION_UNITS,
        )];
        for pair in pairs {
            plans.push(fixed("funds", pair.funding(self)?, self.funder, PREPARATION_UNITS));
        }
        burst(self.rpc, &plans).await?;
        let plans: Vec<_> = pairs
            .iter()
            .map(|pair| fixed("a device", pair.offering(self), &pair.provider, PREPARATION_UNITS))
            .collect();
        burst(self.rpc, &plans).await?;
        Ok(())
    }

    /// One step of all jobs at once.
    async fn step(&self, jobs: &mut Jobs, step: Step, design: Design) -> Outcome<Burst> {
        let plans: Vec<_> = jobs
            .pairs
            .iter()
            .zip(&jobs.orders)
            .map(|(pair, order)| {
                let (instruction, payer) = pair.step(self, step, order);
                let to = match design {
                    Design::Disjoint => pair.other(payer),
                    Design::OneHotAccount => self.hot,
                };
                let lamport = system::transfer(&payer.pubkey(), &to, 1);
                fixed(&format!("{step:?}"), vec![instruction, lamport], payer, STEP_UNITS)
            })
            .collect();
        let burst = burst(self.rpc, &plans).await?;
        drop(plans);
        if step == Step::Post {
            let states = self.confirmed(&jobs.orders, jobs.pairs.len()).await?;
            for ((order, pair), state) in jobs.orders.iter_mut().zip(&jobs.pairs).zip(&states) {
                order.job = decode(&ids::COMPUTE_ESCROW, &order.address, state)?;
                order.job.slot = pair.worker.slot;
            }
        }
        if step == Step::Close {
            self.confirmed(&jobs.orders, 0).await?;
        }
        Ok(burst)
    }

    /// Lives of as many jobs in both designs, step by step in turn, and then with the sides changed: what else the machine does
    /// meets both. Each pair of bursts is one comparison.
    async fn compare(&self, mut one: Jobs, mut other: Jobs) -> Outcome<Vec<[Burst; 2]>> {
        let mut bursts = Vec::new();
        for nonce in [1, 2] {
            one.order(self, nonce);
            other.order(self, nonce);
            for step in STEPS {
                let (disjoint, hot);
                if nonce == 1 {
                    disjoint = self.step(&mut one, step, Design::Disjoint).await?;
                    hot = self.step(&mut other, step, Design::OneHotAccount).await?;
                } else {
                    hot = self.step(&mut one, step, Design::OneHotAccount).await?;
                    disjoint = self.step(&mut other, step, Design::Disjoint).await?;
                }
                bursts.push([disjoint, hot]);
            }
        }
        Ok(bursts)
    }

    /// What the node has confirmed of these jobs, once it is so many.
    async fn confirmed(&self, orders: &[Order], count: usize) -> Outcome<Vec<AccountState>> {
        let addresses: Vec<Address> = orders.iter().map(|order| order.address).collect();
        let began = Instant::now();
        loop {
            let states: Vec<_> = self.rpc.accounts(&addresses).await?.into_iter().flatten().collect();
            if states.len() == count {
                return Ok(states);
            }
            if began.elapsed() > PATIENCE {
                return Err(Failure::Mismatch {
                    what: "the jobs that there are".to_owned(),
                    expected: count.to_string(),
                    found: states.len().to_string(),
                });
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Starts a network, measures and ends it.
pub async fn run(app: &App, options: Throughput) -> Outcome {
    let began = Instant::now();
    let started = localnet::start(&app.global, None, None).await?;
    let (bytecode, keys) = (paths::bytecode(), ProgramKeys::Committed);
    deploy::migrate(&started.app, &started.sender, &started.funder, bytecode, keys).await?;
    let at = local::addresses(&started.funder);
    let network = Network {
        rpc: &started.app.rpc,
        funder: &started.funder,
        at,
        token: JobToken {
            mint: at.payment_mint,
            program: ids::TOKEN,
        },
        hot: keys::derive(&started.funder, &[b"throughput", b"hot"]).pubkey(),
    };
    let pairs = |first: u32| -> Vec<Pair> {
        (first..first.saturating_add(options.jobs))
            .map(|number| Pair::numbered(&started.funder, number))
            .collect()
    };
    let (one, other) = (pairs(0), pairs(options.jobs));
    let spinner = output::spinner("funding everybody", app.global.json);
    network.prepare(&one).await?;
    network.prepare(&other).await?;
    spinner.set_message("lives of jobs");
    let bursts = network.compare(Jobs::of(one), Jobs::of(other)).await?;
    spinner.finish_and_clear();
    report(&bursts, options.jobs, app.global.json);
    started.localnet.stop().await?;
    if !app.global.json {
        say!("({} s)", began.elapsed().as_secs());
    }
    Ok(())
}

/// `a / b` in hundredths.
fn hundredths(a: u64, b: u64) -> u64 {
    a.saturating_mul(100).checked_div(b).unwrap_or(0)
}

fn ratio(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The middle one, of an even number the lower.
fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or(0)
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// One run's figures: a machine that does other things as well measures other figures the next time.
fn report(bursts: &[[Burst; 2]], jobs: u32, json: bool) {
    let sum = |side: fn(&[Burst; 2]) -> &Burst| {
        let all = bursts.iter().map(|pair| side(pair).clone());
        all.fold(Burst::default(), Burst::and)
    };
    let (disjoint, hot) = (sum(|[disjoint, _]| disjoint), sum(|[_, hot]| hot));
    let most = |burst: &Burst| burst.slots.values().copied().max().unwrap_or(0);
    let a_slot = |burst: &Burst| burst.transactions.checked_div(count(burst.slots.len())).unwrap_or(0);
    let pairs = bursts
        .iter()
        .map(|[disjoint, hot]| hundredths(disjoint.rate(), hot.rate()));
    let ratios = [
        ("of the rates, all together", hundredths(disjoint.rate(), hot.rate())),
        ("of the rates, median of the pairs of bursts", median(pairs.collect())),
        ("of what lands in a slot", hundredths(a_slot(&disjoint), a_slot(&hot))),
    ];
    if json {
        let of = |burst: &Burst| {
            json!({
                "transactions": burst.transactions,
                "milliseconds": u64::try_from(burst.elapsed.as_millis()).unwrap_or(u64::MAX),
                "per_second": burst.rate(),
                "slots": burst.slots.len(),
                "per_slot": a_slot(burst),
                "most_in_a_slot": most(burst),
            })
        };
        let [together, paired, slots] = ratios.map(|(_, hundredths)| ratio(hundredths));
        return output::json_line(&json!({
            "jobs_at_once": jobs, "disjoint": of(&disjoint), "hot": of(&hot),
            "ratio": together, "ratio_median": paired, "ratio_per_slot": slots,
        }));
    }
    let rows = [("disjoint accounts", &disjoint), ("one hot account", &hot)].map(|(name, burst)| {
        vec![
            name.to_owned(),
            burst.transactions.to_string(),
            burst.elapsed.as_millis().to_string(),
            burst.rate().to_string(),
            burst.slots.len().to_string(),
            a_slot(burst).to_string(),
            most(burst).to_string(),
        ]
    });
    say!(
        "{jobs} jobs at once on a local validator, posted, worked, paid, withdrawn and closed, twice for each design:"
    );
    let headings = [
        "design",
        "transactions",
        "ms",
        "a second",
        "slots",
        "a slot",
        "most in a slot",
    ];
    output::table(&headings, rows.to_vec(), &[1, 2, 3, 4, 5, 6]);
    for (of, hundredths) in ratios {
        say!("ratio {of}: {}", ratio(hundredths));
    }
    say!("On few cores signatures and requests are the limit, not locks, and slots grow longer where more is done at once;");
    say!(
        "what a cluster's block allows is in `cargo xtask bench`: 60 million units in all, 24 million for one account."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_rounded_down_and_medians_are_values_that_occur() {
        assert_eq!(ratio(hundredths(2, 3)), "0.66");
        assert_eq!(ratio(hundredths(7, 5)), "1.40");
        assert_eq!(ratio(hundredths(1, 0)), "0.00");
        assert_eq!(median(vec![5, 1, 9]), 5);
        assert_eq!(median(vec![4, 1, 3, 2]), 2);
        assert_eq!(median(vec![]), 0);
    }
}
