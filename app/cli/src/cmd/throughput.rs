//! `commonweal throughput`: how many transactions of jobs a local validator carries in a second when the jobs share no account,
//! and how many when the same transactions have one written account in common, as with a global market account.

use {
    super::{deploy, localnet},
    crate::{
        app::{App, Failure, Outcome},
        args::Throughput,
        output,
    },
    commonweal_client::{
        accounts::decode,
        escrow::{self, Eligibility, Job, JobTerms, JobToken, Order, SlotOffer, Worker},
        keys, paths,
        rpc::{AccountState, Rpc},
        send::{burst, Burst, Compute, Plan},
        tokens, Address,
    },
    commonweal_interface::ids,
    commonweal_migrations::{
        local::{self, Addresses},
        ProgramKeys,
    },
    serde_json::json,
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
    solana_system_interface::instruction as system,
    std::time::Duration,
    tokio::time::{sleep, Instant},
};

/// What a job pays.
const PRICE_ATOMS: u64 = 1_000_003;
/// What each client and each provider gets to begin with: rent, bond, fees.
const POCKET_LAMPORTS: u64 = 100_000_000;
/// Rent of a wallet that is only ever sent one lamport at a time.
const WALLET_LAMPORTS: u64 = 1_000_000;
/// Seconds of each stage: none is over before the measurement is.
const STAGE_SECONDS: u32 = 3_600;
/// Compute limits of a step of a life and of the preparations, with the older SPL Token program.
const STEP_UNITS: u32 = 60_000;
const PREPARATION_UNITS: u32 = 400_000;
/// How long the node may take to confirm what it has processed.
const PATIENCE: Duration = Duration::from_secs(30);
/// Hashes of what is computed; nobody computes it.
const INPUT: [u8; 32] = [1; 32];
const RESULT: [u8; 32] = [2; 32];
const SALT: [u8; 32] = [3; 32];
/// A life's transactions, in order.
const STEPS: [Step; 8] = [
    Step::Post,
    Step::Claim,
    Step::Start,
    Step::Commit,
    Step::Reveal,
    Step::Settle,
    Step::Withdraw,
    Step::Close,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Post,
    Claim,
    Start,
    Commit,
    Reveal,
    Settle,
    Withdraw,
    Close,
}

/// What the transactions of different jobs have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Design {
    /// Nothing they write to: the lamport that each transaction moves besides goes to the job's other side.
    Disjoint,
    /// The account that this lamport goes to.
    OneHotAccount,
}

/// A client and a provider who have nothing to do with others.
struct Pair {
    client: Keypair,
    provider: Keypair,
    worker: Worker,
}

/// The network and what all transactions read.
struct Network<'a> {
    rpc: &'a Rpc,
    funder: &'a Keypair,
    at: Addresses,
    token: JobToken,
    hot: Address,
}

impl Pair {
    fn numbered(funder: &Keypair, number: u32) -> Self {
        let key = |role: &[u8]| keys::derive(funder, &[b"throughput", role, &number.to_le_bytes()]);
        let provider = key(b"provider");
        Self {
            client: key(b"client"),
            worker: Worker::of_authority(provider.pubkey(), 0),
            provider,
        }
    }

    /// Tokens and SOL for both, by the funder.
    fn funding(&self, network: &Network<'_>) -> Outcome<Vec<Instruction>> {
        let (from, mint) = (network.funder.pubkey(), network.token.mint);
        let [client, provider] = [self.client.pubkey(), self.provider.pubkey()];
        let account = tokens::associated(&client, &mint, &ids::TOKEN);
        Ok(vec![
            system::transfer(&from, &client, POCKET_LAMPORTS),
            system::transfer(&from, &provider, POCKET_LAMPORTS),
            tokens::create_associated(&from, &client, &mint, &ids::TOKEN),
            tokens::create_associated(&from, &provider, &mint, &ids::TOKEN),
            tokens::mint_to(&mint, &account, &from, PRICE_ATOMS.saturating_mul(8), &ids::TOKEN)?,
        ])
    }

    /// A bonded device and an account to be paid into, by the provider.
    fn offering(&self, network: &Network<'_>) -> Vec<Instruction> {
        let provider = self.provider.pubkey();
        let offer = SlotOffer {
            is_paused: false,
            ask_mint: network.token.mint,
            ask_per_second_atoms: 1,
            off_peak_ask_per_second_atoms: 1,
            off_peak_mask: [0; 21],
        };
        vec![
            escrow::register_provider(provider, provider, 0),
            self.worker.add_slot(network.at.escrow_config, 1, 1_024, offer),
            self.worker.deposit_bond(local::MIN_BOND_LAMPORTS),
            escrow::open_payout(provider, self.worker.slot, &network.token),
        ]
    }

    /// One transaction of a life and who signs and pays it.
    fn step(&self, network: &Network<'_>, step: Step, order: &Order) -> (Instruction, &Keypair) {
        let (job, uid) = (order.address, order.job.uid);
        let (worker, client) = (&self.worker, self.client.pubkey());
        let account = |wallet: &Address| tokens::associated(wallet, &network.token.mint, &ids::TOKEN);
        let instruction = match step {
            Step::Post => {
                let (config, from) = (network.at.escrow_config, account(&client));
                let nonce = order.job.nonce.get();
                let post = escrow::post_job(client, client, config, &network.token, from, nonce, terms());
                return (post, &self.client);
            }
            Step::Close => return (order.close(false), &self.client),
            Step::Claim => worker.claim_job(job, uid),
            Step::Start => worker.start_job(job, INPUT),
            Step::Commit => worker.commit_result(job, &RESULT, &SALT, &uid),
            Step::Reveal => worker.reveal_result(job, RESULT, SALT),
            Step::Settle => order.settle(),
            Step::Withdraw => worker.withdraw_payout(&network.token, account(&self.provider.pubkey())),
        };
        (instruction, &self.provider)
    }

    fn other(&self, payer: &Keypair) -> Address {
        let client = self.client.pubkey();
        if payer.pubkey() == client {
            self.provider.pubkey()
        } else {
            client
        }
    }
}

/// Terms of an order that nobody checks and that ends when it is settled.
fn terms() -> JobTerms {
    JobTerms {
        kind: 0,
        verification: 0,
        price_atoms: PRICE_ATOMS,
        bond_lamports: local::MIN_BOND_LAMPORTS,
        compensation_lamports: 0,
        max_fee_ppm: local::ESCROW_FEE_PPM,
        open_seconds: STAGE_SECONDS,
        start_seconds: STAGE_SECONDS,
        run_seconds: STAGE_SECONDS,
        reveal_seconds: STAGE_SECONDS,
        challenge_seconds: 0,
        spec_hash: INPUT,
        module_hash: INPUT,
        input_hash: INPUT,
        eligibility: Eligibility::default(),
        redundancy_k: 0,
        redundancy_n: 0,
        milestone_bps: [0; 8],
    }
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

    /// A job of each pair, from the posting to the closing: each step of all jobs is sent at once, the next one when the node has
    /// processed it.
    async fn lives(&self, pairs: &[Pair], design: Design, nonce: u64) -> Outcome<Burst> {
        let mut orders: Vec<Order> = pairs.iter().map(|pair| self.order(pair, nonce)).collect();
        let mut all = Burst::default();
        for step in STEPS {
            let plans: Vec<_> = pairs
                .iter()
                .zip(&orders)
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
            all = all.and(burst(self.rpc, &plans).await?);
            if step == Step::Post {
                let states = self.confirmed(&orders, pairs.len()).await?;
                for ((order, pair), state) in orders.iter_mut().zip(pairs).zip(&states) {
                    order.job = decode(&ids::COMPUTE_ESCROW, &order.address, state)?;
                    order.job.slot = pair.worker.slot;
                }
            }
        }
        self.confirmed(&orders, 0).await?;
        Ok(all)
    }

    /// An order before it is posted: what its posting and its address need.
    fn order(&self, pair: &Pair, nonce: u64) -> Order {
        let client = pair.client.pubkey();
        let mut job = Job {
            client,
            mint: self.token.mint,
            rent_payer: client,
            ..anchor_lang::bytemuck::Zeroable::zeroed()
        };
        job.nonce = nonce.into();
        Order {
            address: escrow::job_address(&client, nonce),
            job,
            token: self.token,
        }
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
    let pairs: Vec<Pair> = (0..options.jobs)
        .map(|number| Pair::numbered(&started.funder, number))
        .collect();
    let spinner = output::spinner("funding everybody", app.global.json);
    network.prepare(&pairs).await?;
    spinner.set_message("lives of jobs");
    // there and back, so that neither is always the one on a colder or fuller network
    let mut disjoint = network.lives(&pairs, Design::Disjoint, 1).await?;
    let mut hot = network.lives(&pairs, Design::OneHotAccount, 2).await?;
    hot = hot.and(network.lives(&pairs, Design::OneHotAccount, 3).await?);
    disjoint = disjoint.and(network.lives(&pairs, Design::Disjoint, 4).await?);
    spinner.finish_and_clear();
    report(&disjoint, &hot, options.jobs, app.global.json);
    started.localnet.stop().await?;
    if !app.global.json {
        say!("({} s)", began.elapsed().as_secs());
    }
    Ok(())
}

/// One run's figures; what a busy machine adds to one side it may add to the other.
fn report(disjoint: &Burst, hot: &Burst, jobs: u32, json: bool) {
    let most = |burst: &Burst| burst.slots.values().copied().max().unwrap_or(0);
    let hundredths = disjoint.rate().saturating_mul(100).checked_div(hot.rate()).unwrap_or(0);
    let ratio = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let designs = [("disjoint accounts", disjoint), ("one hot account", hot)];
    if json {
        let of = |burst: &Burst| {
            json!({
                "transactions": burst.transactions,
                "milliseconds": u64::try_from(burst.elapsed.as_millis()).unwrap_or(u64::MAX),
                "per_second": burst.rate(),
                "slots": burst.slots.len(),
                "most_in_a_slot": most(burst),
            })
        };
        let [(_, disjoint), (_, hot)] = designs.map(|(name, burst)| (name, of(burst)));
        return output::json_line(&json!({
            "jobs_at_once": jobs, "disjoint": disjoint, "hot": hot, "ratio": ratio,
        }));
    }
    let rows = designs
        .iter()
        .map(|(name, burst)| {
            vec![
                (*name).to_owned(),
                burst.transactions.to_string(),
                burst.elapsed.as_millis().to_string(),
                burst.rate().to_string(),
                burst.slots.len().to_string(),
                most(burst).to_string(),
            ]
        })
        .collect();
    say!(
        "{jobs} jobs at once on a local validator, posted, worked, paid, withdrawn and closed, twice for each design:"
    );
    let headings = ["design", "transactions", "ms", "a second", "slots", "most in a slot"];
    output::table(&headings, rows, &[1, 2, 3, 4, 5]);
    say!("ratio of the rates: {ratio}");
}
