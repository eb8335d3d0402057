//! Governance's chain and its model side by side.

mod compare;

use {
    super::{chance, pick},
    crate::{
        fixtures::governance as real,
        model::{
            governance::{Book, Era},
            tokens::Tokens,
            Refusal,
        },
        world::{Mint, World},
    },
    quadratic_governance::{
        state::{self, RealmParameters},
        ChamberChoice, RealmChoice,
    },
    rand::Rng,
    rand_chacha::ChaCha8Rng,
    solana_address::Address,
    solana_instruction::{error::InstructionError, Instruction},
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// Wallets that people use.
pub const WALLETS: usize = 18;
/// People who register; the other wallets are to move to.
pub const VOTERS: usize = 13;
/// Keys that may be attestors.
pub const KEYS: usize = 7;
/// Discriminator of `act_on_person`.
const ACT_ON_PERSON: u8 = 23;
/// Lamports of each lane at the start.
const LANE_LAMPORTS: u64 = 400_000_000_000;

/// Chain and model.
pub struct Game {
    /// The chain.
    pub world: World,
    /// What it should be.
    pub book: Book,
    /// All keys.
    pub keys: BTreeMap<Address, Keypair>,
    /// The governing mint.
    pub mint: Mint,
    /// Wallets of the voters, those of nobody yet included.
    pub voters: Vec<Address>,
    /// Keys of attestors.
    pub attestor_keys: Vec<Address>,
    /// Lamports that the book accounts for: they only come from outside.
    pub lamports_in: u64,
    /// Hash of the realm's name.
    pub name_hash: [u8; 32],
    /// What the realm was created with.
    pub choice: RealmChoice,
}

/// Parameters of a rehearsal realm, different for each seed, within every bound.
pub fn parameters(rng: &mut ChaCha8Rng) -> RealmParameters {
    let voting_s = rng.random_range(10..60);
    let (extension_s, challenge_s) = (rng.random_range(1..30), rng.random_range(1..20));
    let epoch_s = voting_s + extension_s + challenge_s + rng.random_range(0..50);
    // some longer than epochs
    let timelock_s = *pick(rng, &[1u32, 5, 20, 30, 30, 200, 400]);
    let base_credits = *pick(rng, &[1u32, 2, 50, 100, 1_000, 12_345, 1_000_000]);
    RealmParameters {
        epoch_s,
        voting_s,
        extension_s,
        late_window_s: rng.random_range(1..=voting_s),
        challenge_s,
        review_s: rng.random_range(0..epoch_s / 3),
        timelock_s,
        upgrade_timelock_s: timelock_s + rng.random_range(1..30),
        execution_window_s: rng.random_range(30..120),
        base_credits,
        max_bonus_credits: *pick(rng, &[0, base_credits, base_credits * 8]),
        stake_atoms_per_credit: *pick(rng, &[1u64, 7, 1_000]),
        min_persons: rng.random_range(1..3),
        quorum_persons_ppm: *pick(rng, &[0u32, 1, 100_000, 333_333]),
        quorum_credits_ppm: *pick(rng, &[0u32, 1, 50_000, 200_000]),
        normal_threshold_ppm: *pick(rng, &[500_000u32, 500_001, 600_000]),
        high_threshold_ppm: *pick(rng, &[600_000u32, 666_667, 670_000]),
        cohort_floor_votes: *pick(rng, &[1u32, 3, 20, 1_000_000]),
        proposal_bond_lamports: *pick(rng, &[0u64, 1, 1_000_000]),
        identity_cost_lamports: *pick(rng, &[100_000_000u64, 10_000_000_000, 100_000_000_000, u64::MAX / 2]),
        attestations: rng.random_range(1..3),
    }
}

impl Game {
    /// A realm without attestors.
    pub fn new(seed: u64) -> Self {
        let mut world = World::seeded(seed);
        let mint = world.mint_without_freeze("governing mint", 6);
        let rules = parameters(&mut world.rng);
        let mut keys = BTreeMap::new();
        let mut lamports = BTreeMap::new();
        let mut tokens = Tokens::default();
        let mut actor = |world: &mut World, name: &str| {
            let key = world.actor(name);
            let address = key.pubkey();
            lamports.insert(address, world.lamports(&address));
            keys.insert(address, key);
            address
        };
        let founder = actor(&mut world, "founder");
        let guardian = actor(&mut world, "guardian");
        actor(&mut world, "sponsor");
        let voters: Vec<Address> = (0..WALLETS).map(|n| actor(&mut world, &format!("voter {n}"))).collect();
        let attestor_keys = (0..KEYS).map(|n| actor(&mut world, &format!("attestor {n}"))).collect();
        for voter in &voters {
            let account = world.funded(&mint, voter, 50_000_000);
            tokens.open(account, mint.address, *voter);
            tokens.mint_to(&account, 50_000_000).unwrap();
        }
        let now = world.now();
        let name_hash = real::hash(&format!("realm {seed}"));
        let realm = real::realm_address(&name_hash);
        let epochs = i64::from(rules.epoch_s);
        let choice = RealmChoice {
            rehearsal: true,
            nullifier_scheme: 1,
            cluster: real::hash("a test cluster"),
            chambers: ChamberChoice::default(),
            guardian: guardian.to_bytes(),
            founder_sunset_ts: now + epochs * world.rng.random_range(50..600),
            guardian_sunset_ts: now + epochs * world.rng.random_range(50..600),
            parameters: rules,
        };
        let instruction = real::create_realm(&founder, &mint.address, name_hash, choice);
        world.succeeds(instruction, &[&keys[&founder]]);
        *lamports.get_mut(&founder).unwrap() -= world.rent(state::REALM_LEN);
        lamports.insert(realm, world.rent(state::REALM_LEN));
        let lanes = [0, 1, 2, 3].map(|lane| real::treasury_address(&realm, lane));
        for lane in lanes {
            world.airdrop(&lane, LANE_LAMPORTS);
            lamports.insert(lane, LANE_LAMPORTS);
        }
        let lamports_in = lamports.values().sum();
        let powers = [
            (founder, choice.founder_sunset_ts),
            (guardian, choice.guardian_sunset_ts),
        ];
        Self {
            world,
            book: Book {
                realm,
                eras: vec![Era {
                    from: 0,
                    starts_ts: now,
                    rules,
                    version: 0,
                }],
                powers,
                lanes,
                outflow: Default::default(),
                attestors: BTreeMap::new(),
                persons: BTreeMap::new(),
                counts: Vec::new(),
                stakes: BTreeMap::new(),
                ballots: BTreeMap::new(),
                pools: BTreeMap::new(),
                proposals: BTreeMap::new(),
                made: Vec::new(),
                decided: Vec::new(),
                tokens,
                lamports,
            },
            keys,
            mint,
            voters,
            attestor_keys,
            lamports_in,
            name_hash,
            choice,
        }
    }

    /// An actor's address.
    pub fn key(&self, name: &str) -> Address {
        self.world.keypair(name).pubkey()
    }

    /// The chain's time.
    pub fn now(&self) -> i64 {
        self.world.now()
    }

    /// The current epoch.
    pub fn epoch(&self) -> u32 {
        self.book.epoch(self.now())
    }

    /// A voter's wallet of governing tokens.
    pub fn wallet(&mut self, owner: &Address) -> Address {
        let mint = self.mint.clone();
        self.world.token_account(&mint, owner)
    }

    /// Runs an instruction; chain and prediction must agree, and so must everything it names. Now and then its first signer
    /// forgets to sign.
    pub fn run(&mut self, mut instruction: Instruction, prediction: Result<Book, Refusal>) -> Option<String> {
        let mut prediction = prediction;
        let first = instruction
            .accounts
            .iter()
            .find(|meta| meta.is_signer)
            .map(|meta| meta.pubkey);
        // an attestor who does not sign is another case: the precompile could speak for it
        let may_forget = instruction.data[0] != ACT_ON_PERSON;
        if let Some(first) = first.filter(|_| may_forget && chance(&mut self.world.rng, 1)) {
            for meta in instruction.accounts.iter_mut().filter(|meta| meta.pubkey == first) {
                meta.is_signer = false;
            }
            prediction = Err(Refusal::Instruction(InstructionError::MissingRequiredSignature));
        }
        let mut signers: BTreeMap<Address, Keypair> = BTreeMap::new();
        for meta in instruction.accounts.iter().filter(|meta| meta.is_signer) {
            signers.insert(meta.pubkey, self.keys[&meta.pubkey].insecure_clone());
        }
        let signers: Vec<&Keypair> = signers.values().collect();
        let outcome = self.world.send(std::slice::from_ref(&instruction), &signers);
        let refusal = match prediction {
            Ok(next) => {
                outcome.succeeded();
                self.book = next;
                None
            }
            Err(expected) => {
                let failure = outcome.failure().cloned();
                assert_eq!(
                    failure.as_ref(),
                    Some(&expected),
                    "chain (left), model (right): {outcome:?}"
                );
                Some(format!("{expected:?}"))
            }
        };
        self.compare(Some(&instruction));
        refusal
    }
}
