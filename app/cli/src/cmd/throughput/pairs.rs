//! Clients and providers who have nothing to do with each other, and the transactions of their jobs.

use {
    super::Network,
    crate::app::Outcome,
    commonweal_client::{
        escrow::{self, Eligibility, Job, JobTerms, Order, SlotOffer, Worker},
        keys, tokens, Address,
    },
    commonweal_interface::ids,
    commonweal_migrations::local,
    solana_keypair::Keypair,
    solana_program::instruction::Instruction,
    solana_signer::Signer,
    solana_system_interface::instruction as system,
};

/// What a job pays.
const PRICE_ATOMS: u64 = 1_000_003;
/// What each client and each provider gets to begin with: rent, bond, fees.
const POCKET_LAMPORTS: u64 = 100_000_000;
/// Seconds of each stage: none is over before the measurement is.
const STAGE_SECONDS: u32 = 3_600;
/// Hashes of what is computed; nobody computes it.
const INPUT: [u8; 32] = [1; 32];
const RESULT: [u8; 32] = [2; 32];
const SALT: [u8; 32] = [3; 32];
/// A life's transactions, in order.
pub const STEPS: [Step; 8] = [
    Step::Post,
    Step::Claim,
    Step::Start,
    Step::Commit,
    Step::Reveal,
    Step::Settle,
    Step::Withdraw,
    Step::Close,
];

/// What a transaction does, as the program names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By the client.
    Post,
    /// By the provider, as the next ones.
    Claim,
    /// Having the input.
    Start,
    /// The hash of the result.
    Commit,
    /// The result.
    Reveal,
    /// By anybody; here by the provider.
    Settle,
    /// By the provider.
    Withdraw,
    /// By anybody; here by the client.
    Close,
}

/// A client and a provider who have nothing to do with others.
pub struct Pair {
    client: Keypair,
    /// The provider's authority.
    pub provider: Keypair,
    /// Its only device.
    pub worker: Worker,
}

impl Pair {
    /// Keys that follow from the funder's.
    pub fn numbered(funder: &Keypair, number: u32) -> Self {
        let key = |role: &[u8]| keys::derive(funder, &[b"throughput", role, &number.to_le_bytes()]);
        let provider = key(b"provider");
        Self {
            client: key(b"client"),
            worker: Worker::of_authority(provider.pubkey(), 0),
            provider,
        }
    }

    /// Tokens and SOL for both, by the funder.
    pub fn funding(&self, network: &Network<'_>) -> Outcome<Vec<Instruction>> {
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
    pub fn offering(&self, network: &Network<'_>) -> Vec<Instruction> {
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
    pub fn step(&self, network: &Network<'_>, step: Step, order: &Order) -> (Instruction, &Keypair) {
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

    /// The other side of the job.
    pub fn other(&self, payer: &Keypair) -> Address {
        let client = self.client.pubkey();
        if payer.pubkey() == client {
            self.provider.pubkey()
        } else {
            client
        }
    }
}

/// Pairs and their present jobs.
pub struct Jobs {
    /// Who.
    pub pairs: Vec<Pair>,
    /// What, in the same order.
    pub orders: Vec<Order>,
}

impl Jobs {
    /// No job yet.
    pub fn of(pairs: Vec<Pair>) -> Self {
        Self {
            pairs,
            orders: Vec::new(),
        }
    }

    /// Orders before they are posted: what their postings and addresses need.
    pub fn order(&mut self, network: &Network<'_>, nonce: u64) {
        let order = |pair: &Pair| {
            let client = pair.client.pubkey();
            let mut job = Job {
                client,
                mint: network.token.mint,
                rent_payer: client,
                ..anchor_lang::bytemuck::Zeroable::zeroed()
            };
            job.nonce = nonce.into();
            Order {
                address: escrow::job_address(&client, nonce),
                job,
                token: network.token,
            }
        };
        self.orders = self.pairs.iter().map(order).collect();
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
