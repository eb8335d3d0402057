//! A local chain in memory with the suite deployed on it.

mod bank;
mod extensions;
mod outcome;
mod tokens;

use {
    anchor_lang::Discriminator,
    litesvm::LiteSVM,
    rand_chacha::ChaCha8Rng,
    sha2::{Digest, Sha256},
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
    std::{collections::BTreeMap, path::PathBuf},
};
pub use {
    extensions::MintExtension,
    outcome::{Failure, Outcome, Receipt},
    tokens::Mint,
};

/// Where the story of every world begins: 2026-01-01 00:00:00 UTC, an arbitrary moment that is not zero.
pub const GENESIS_TS: i64 = 1_767_225_600;
/// What each actor owns at the start.
pub const ACTOR_LAMPORTS: u64 = 1_000_000_000_000;
/// Slots that pass in a second of [`World::warp_seconds`], doubled so that a fraction stays whole: 2.5 a second.
const SLOTS_PER_TWO_SECONDS: u64 = 5;

/// Directory of the built programs: `COMMONWEAL_DEPLOY_DIR`, or `target/deploy` of the workspace.
pub fn deploy_dir() -> PathBuf {
    std::env::var_os("COMMONWEAL_DEPLOY_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/deploy")),
        PathBuf::from,
    )
}

/// Bytecode of a program of the suite, as `cargo xtask build` left it.
pub fn program_bytes(name: &str) -> Vec<u8> {
    let path = deploy_dir().join(format!("{name}.so"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask build` makes it", path.display()))
}

/// The programs of the suite and the stems of their bytecode files.
const SUITE: [(Address, &str); 3] = [
    (liquidity_pool::ID, "liquidity_pool"),
    (quadratic_governance::ID, "quadratic_governance"),
    (compute_escrow::ID, "compute_escrow"),
];

/// A chain, its clock and its actors. Everything in it follows from one seed.
pub struct World {
    /// The VM. Tests may reach into it; what they do often has a method here. Idle where the world is on a bank.
    pub svm: LiteSVM,
    bank: Option<bank::Bank>,
    /// The seed that every key follows from.
    pub seed: u64,
    /// Pays the fees, so that an actor's balance changes only by what the programs do.
    pub fee_payer: Keypair,
    /// Source of numbers for random play.
    pub rng: ChaCha8Rng,
    /// What stands around a scenario's instruction.
    pub companions: Companions,
}

/// Instructions of the same transaction without which a scenario's one cannot succeed, and their signers: a flash loan and its
/// repayment need each other.
#[derive(Default)]
pub struct Companions {
    /// Run before it.
    pub before: Vec<Instruction>,
    /// Run after it.
    pub after: Vec<Instruction>,
    /// Sign them.
    pub signers: Vec<Keypair>,
}

impl Companions {
    /// The whole transaction around an instruction.
    pub fn around(&self, instruction: &Instruction) -> Vec<Instruction> {
        let mut all = self.before.clone();
        all.push(instruction.clone());
        all.extend(self.after.iter().cloned());
        all
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world from seed 0.
    pub fn new() -> Self {
        Self::seeded(0)
    }

    /// A world in which the three programs are deployed and nothing else has happened.
    pub fn seeded(seed: u64) -> Self {
        let mut svm = LiteSVM::new().with_log_bytes_limit(Some(100_000));
        for (id, name) in SUITE {
            svm.add_program(id, &program_bytes(name)).unwrap();
        }
        let mut clock: Clock = svm.get_sysvar();
        clock.unix_timestamp = GENESIS_TS;
        clock.slot = 1_000;
        svm.warp_to_slot(clock.slot);
        svm.set_sysvar(&clock);
        Self::around(seed, svm, None)
    }

    /// The same where nobody's signature is verified and no transaction is remembered: for tens of thousands of transactions,
    /// sent by [`Self::send_unsigned`]. Who must sign is still asked for.
    pub fn without_signatures(seed: u64) -> Self {
        let mut world = Self::seeded(seed);
        let svm = std::mem::take(&mut world.svm);
        world.svm = svm.with_sigverify(false).with_transaction_history(0);
        world
    }

    /// The same on a bank of `solana-program-test`, inside tokio's multi-threaded runtime.
    pub fn on_a_bank(seed: u64) -> Self {
        Self::around(seed, LiteSVM::new(), Some(bank::Bank::start(&SUITE)))
    }

    /// A world without programs or accounts; stands in for one that is lent away.
    pub fn idle() -> Self {
        use rand::SeedableRng;
        Self {
            svm: LiteSVM::default(),
            bank: None,
            seed: 0,
            fee_payer: derive_keypair(0, "fee payer"),
            rng: ChaCha8Rng::seed_from_u64(0),
            companions: Companions::default(),
        }
    }

    /// The same chain once more, in the VM: what happens on one does not happen on the other.
    pub fn fork(&self) -> Self {
        Self {
            svm: self.svm.clone(),
            bank: None,
            seed: self.seed,
            fee_payer: self.fee_payer.insecure_clone(),
            rng: self.rng.clone(),
            companions: Companions::default(),
        }
    }

    fn around(seed: u64, svm: LiteSVM, bank: Option<bank::Bank>) -> Self {
        use rand::SeedableRng;
        let mut world = Self {
            svm,
            bank,
            seed,
            fee_payer: derive_keypair(seed, "fee payer"),
            rng: ChaCha8Rng::seed_from_u64(seed),
            companions: Companions::default(),
        };
        world.airdrop(&world.fee_payer.pubkey(), ACTOR_LAMPORTS);
        world
    }

    /// The key of that name: always the same in a world of the same seed.
    pub fn keypair(&self, name: &str) -> Keypair {
        derive_keypair(self.seed, name)
    }

    /// The key of that name, with [`ACTOR_LAMPORTS`] on first call.
    pub fn actor(&mut self, name: &str) -> Keypair {
        let keypair = self.keypair(name);
        if self.lamports(&keypair.pubkey()) == 0 {
            self.airdrop(&keypair.pubkey(), ACTOR_LAMPORTS);
        }
        keypair
    }

    /// Gives lamports out of nothing.
    pub fn airdrop(&mut self, to: &Address, lamports: u64) {
        let mut account = self.account(to).unwrap_or_default();
        account.lamports += lamports;
        self.set_raw(*to, account);
    }

    /// Lamports of an account, 0 where there is none.
    pub fn lamports(&self, address: &Address) -> u64 {
        self.account(address).map_or(0, |account| account.lamports)
    }

    /// The rent-exempt minimum of an account with that many bytes of data.
    pub fn rent(&self, bytes: usize) -> u64 {
        match &self.bank {
            Some(bank) => bank.rent(bytes),
            None => self.svm.minimum_balance_for_rent_exemption(bytes),
        }
    }

    /// Whether there is an account with lamports at the address.
    pub fn exists(&self, address: &Address) -> bool {
        self.lamports(address) > 0
    }

    /// The account at the address, if there is one.
    pub fn account(&self, address: &Address) -> Option<Account> {
        match &self.bank {
            Some(bank) => bank.account(address),
            None => self.svm.get_account(address),
        }
    }

    /// The account at the address, which must be there.
    pub fn raw(&self, address: &Address) -> Account {
        self.account(address)
            .unwrap_or_else(|| panic!("no account at {address}"))
    }

    /// The state of an account of one of the programs, its discriminator checked.
    pub fn state<T: bytemuck::Pod + Discriminator>(&self, address: &Address) -> T {
        let account = self.raw(address);
        let body = account
            .data
            .strip_prefix(T::DISCRIMINATOR)
            .unwrap_or_else(|| panic!("{address} is not a {}", std::any::type_name::<T>()));
        bytemuck::pod_read_unaligned(&body[..core::mem::size_of::<T>()])
    }

    /// Puts an account in place by force: only for what no program can make (a hostile look-alike, say).
    pub fn set_raw(&mut self, address: Address, account: Account) {
        match &mut self.bank {
            Some(bank) => bank.set_account(&address, account),
            None => self.svm.set_account(address, account).unwrap(),
        }
    }

    /// The chain's clock.
    pub fn clock(&self) -> Clock {
        match &self.bank {
            Some(bank) => bank.clock(),
            None => self.svm.get_sysvar(),
        }
    }

    /// The chain's time in unix seconds.
    pub fn now(&self) -> i64 {
        self.clock().unix_timestamp
    }

    /// Lets seconds pass, and the slots of a healthy cluster with them (2.5 a second).
    pub fn warp_seconds(&mut self, seconds: i64) {
        let slots = seconds.unsigned_abs() * SLOTS_PER_TWO_SECONDS / 2 + 1;
        self.warp(seconds, slots);
    }

    /// Lets time pass up to a moment (nothing if it is past).
    pub fn warp_to(&mut self, ts: i64) {
        let seconds = ts - self.now();
        if seconds > 0 {
            self.warp_seconds(seconds);
        }
    }

    /// Moves clock and slot apart from each other: a halted cluster, a fast one, a clock that jumps or goes back.
    pub fn warp(&mut self, seconds: i64, slots: u64) {
        let mut clock = self.clock();
        clock.unix_timestamp += seconds;
        clock.slot += slots;
        match &mut self.bank {
            Some(bank) => bank.set_clock(&clock),
            None => {
                self.svm.warp_to_slot(clock.slot);
                self.svm.set_sysvar(&clock);
            }
        }
    }

    /// Runs instructions in one transaction. The world pays the fee; `signers` are the actors.
    pub fn send(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Outcome {
        let fee_payer = self.fee_payer.insecure_clone();
        self.send_paid_by(&fee_payer, instructions, signers)
    }

    /// Runs instructions in one transaction whose fee `fee_payer` pays.
    pub fn send_paid_by(&mut self, fee_payer: &Keypair, instructions: &[Instruction], signers: &[&Keypair]) -> Outcome {
        // the same bytes twice would be refused as a replay
        let Some(bank) = &mut self.bank else {
            self.svm.expire_blockhash();
            let transaction = self.transaction(fee_payer, instructions, signers);
            return Outcome::from_svm(self.svm.send_transaction(transaction));
        };
        let mut transaction = sign(fee_payer, instructions, signers, bank.latest_blockhash());
        if bank.has_seen(&transaction) {
            transaction = sign(fee_payer, instructions, signers, bank.next_blockhash());
        }
        bank.send(transaction)
    }

    /// Runs instructions in one transaction that carries no valid signature, in a world without them. The world pays the fee.
    pub fn send_unsigned(&mut self, instructions: &[Instruction]) -> Outcome {
        let blockhash = self.svm.latest_blockhash();
        let message = Message::new_with_blockhash(instructions, Some(&self.fee_payer.pubkey()), &blockhash);
        let signatures = usize::from(message.header.num_required_signatures);
        let transaction = VersionedTransaction {
            signatures: vec![Signature::default(); signatures],
            message: VersionedMessage::Legacy(message),
        };
        Outcome::from_svm(self.svm.send_transaction(transaction))
    }

    /// The signed transaction, as a wallet would send it.
    pub fn transaction(
        &self,
        fee_payer: &Keypair,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> VersionedTransaction {
        sign(fee_payer, instructions, signers, self.svm.latest_blockhash())
    }

    /// Runs one instruction that must succeed.
    #[track_caller]
    pub fn succeeds(&mut self, instruction: Instruction, signers: &[&Keypair]) -> Receipt {
        self.all_succeed(&[instruction], signers)
    }

    /// Runs instructions of one transaction that must succeed.
    #[track_caller]
    pub fn all_succeed(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Receipt {
        self.send(instructions, signers).succeeded()
    }

    /// Runs one instruction that must fail with exactly this error and change nothing.
    #[track_caller]
    pub fn fails_with(&mut self, instruction: Instruction, signers: &[&Keypair], expected: impl Into<Failure>) {
        self.all_fail_with(&[instruction], signers, expected);
    }

    /// Runs instructions of one transaction that must fail with exactly this error (of whichever instruction) and change
    /// nothing.
    #[track_caller]
    pub fn all_fail_with(&mut self, instructions: &[Instruction], signers: &[&Keypair], expected: impl Into<Failure>) {
        let before = self.snapshot(instructions);
        let outcome = self.send(instructions, signers);
        let expected = expected.into();
        match outcome {
            Outcome::Succeeded(_) => panic!("succeeded, where {expected:?} was expected"),
            Outcome::Failed { failure, logs } => {
                assert_eq!(failure, expected, "the wrong error; logs:\n{}", logs.join("\n"));
            }
        }
        assert_eq!(
            before,
            self.snapshot(instructions),
            "a failed instruction changed an account"
        );
    }

    /// Every account the instructions name, the fee payer apart.
    pub fn snapshot(&self, instructions: &[Instruction]) -> BTreeMap<Address, Option<Account>> {
        instructions
            .iter()
            .flat_map(|instruction| instruction.accounts.iter())
            .filter(|meta| meta.pubkey != self.fee_payer.pubkey())
            .map(|meta| (meta.pubkey, self.account(&meta.pubkey)))
            .collect()
    }
}

fn sign(
    fee_payer: &Keypair,
    instructions: &[Instruction],
    signers: &[&Keypair],
    blockhash: Hash,
) -> VersionedTransaction {
    let message = Message::new_with_blockhash(instructions, Some(&fee_payer.pubkey()), &blockhash);
    let mut all: Vec<&Keypair> = vec![fee_payer];
    all.extend(signers.iter().filter(|signer| signer.pubkey() != fee_payer.pubkey()));
    VersionedTransaction::try_new(VersionedMessage::Legacy(message), &all).unwrap()
}

/// The key that follows from a seed and a name.
pub fn derive_keypair(seed: u64, name: &str) -> Keypair {
    let mut hasher = Sha256::new();
    hasher.update(b"commonweal test key");
    hasher.update(seed.to_le_bytes());
    hasher.update(name.as_bytes());
    let secret: [u8; 32] = hasher.finalize().into();
    Keypair::new_from_array(secret)
}
