//! Governance's chain and its model side by side.

use {
    super::{chance, pick},
    crate::{
        fixtures::governance as real,
        model::{
            governance::{Book, Status, NOBODY_LEADS},
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

/// People who may register.
pub const VOTERS: usize = 14;
/// Keys that may be attestors.
pub const KEYS: usize = 5;
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
    /// Wallets of the voters.
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
    let base_credits = *pick(rng, &[1u32, 2, 50, 100, 1_000, 12_345, 1_000_000]);
    RealmParameters {
        epoch_s,
        voting_s,
        extension_s,
        late_window_s: rng.random_range(1..=voting_s),
        challenge_s,
        review_s: rng.random_range(0..epoch_s / 3),
        timelock_s: rng.random_range(1..30),
        upgrade_timelock_s: rng.random_range(30..60),
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
        identity_cost_lamports: *pick(rng, &[1u64, 1_000_000, 100_000_000_000]),
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
        let voters: Vec<Address> = (0..VOTERS).map(|n| actor(&mut world, &format!("voter {n}"))).collect();
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
                rules,
                genesis: now,
                powers,
                lanes,
                outflow: Default::default(),
                attestors: BTreeMap::new(),
                persons: BTreeMap::new(),
                stakes: BTreeMap::new(),
                ballots: BTreeMap::new(),
                proposals: BTreeMap::new(),
                made: Vec::new(),
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
        if let Some(first) = first.filter(|_| chance(&mut self.world.rng, 1)) {
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

    /// Everything (or everything an instruction names) is on the chain as the model has it.
    pub fn compare(&self, named: Option<&Instruction>) {
        let concerns = |address: &Address| {
            named.is_none_or(|instruction| instruction.accounts.iter().any(|meta| meta.pubkey == *address))
        };
        for (address, lamports) in self.book.lamports.iter().filter(|(address, _)| concerns(address)) {
            assert_eq!(self.world.lamports(address), *lamports, "lamports of {address}");
        }
        for (address, holding) in self
            .book
            .tokens
            .holdings
            .iter()
            .filter(|(address, _)| concerns(address))
        {
            assert_eq!(self.world.tokens(address), holding.atoms, "atoms of {address}");
        }
        let realm: state::Realm = self.world.state(&self.book.realm);
        assert_eq!(realm.persons.get() as usize, self.book.persons.len(), "persons");
        assert_eq!(realm.proposal_count.get() as usize, self.book.made.len(), "proposals");
        assert_eq!(
            usize::from(realm.attestor_count),
            self.book.attestors.len(),
            "attestors"
        );
        for address in self.book.ballots.keys().filter(|address| concerns(address)) {
            self.compare_ballot(address);
        }
        for address in self.book.proposals.keys().filter(|address| concerns(address)) {
            self.compare_proposal(address);
        }
        for stake in self.book.stakes.values().filter(|stake| concerns(&stake.address)) {
            let real: state::Stake = self.world.state(&stake.address);
            assert_eq!(real.amount_atoms.get(), stake.atoms());
            for epoch in [self.epoch(), self.epoch() + 1] {
                let pending = if real.pending_epoch.get() >= epoch {
                    real.pending_atoms.get()
                } else {
                    0
                };
                assert_eq!(
                    real.amount_atoms.get() - pending,
                    stake.active(epoch),
                    "active stake in {epoch}"
                );
            }
            // G5
            assert!(self.world.tokens(&stake.vault) >= stake.atoms(), "G5");
        }
        for person in self.book.persons.values().filter(|person| concerns(&person.address)) {
            let real: state::Person = self.world.state(&person.address);
            assert_eq!(real.wallet, person.wallet);
            assert_eq!(
                (real.bucket, real.registered_epoch.get()),
                (person.bucket, person.registered)
            );
            let last = person.ballots.iter().max().copied().unwrap_or(u32::MAX);
            assert_eq!(real.last_ballot_epoch.get(), last);
        }
        assert_eq!(
            self.book.lamports.values().sum::<u64>(),
            self.lamports_in,
            "lamports of the book"
        );
    }

    fn compare_ballot(&self, address: &Address) {
        let ballot = &self.book.ballots[address];
        let real: state::Ballot = self.world.state(address);
        assert_eq!(u64::from(real.budget_credits.get()), ballot.budget, "budget");
        assert_eq!(u64::from(real.spent_credits.get()), ballot.spent(), "spent");
        // G1 on the account's own entries
        let live = real.entries.iter().filter(|entry| entry.votes.get() > 0);
        let entries: BTreeMap<u32, (u8, u32)> = live
            .map(|entry| (entry.proposal_index.get(), (entry.option, u32::from(entry.votes.get()))))
            .collect();
        assert_eq!(entries, ballot.votes, "entries");
        let squares: u64 = entries.values().map(|(_, votes)| u64::from(*votes).pow(2)).sum();
        assert!(squares <= ballot.budget, "G1");
    }

    fn compare_proposal(&self, address: &Address) {
        let proposal = &self.book.proposals[address];
        let real: state::Proposal = self.world.state(address);
        assert_eq!(real.status, proposal.status as u8, "status");
        assert_eq!(usize::from(real.actions_open), proposal.actions.len(), "open actions");
        assert_eq!(real.winner, proposal.winner.unwrap_or(NOBODY_LEADS), "winner");
        // G4: executed once each, in order (closing takes the accounts of a finished one away)
        if !proposal.is_finished() {
            let done = proposal.actions.iter().filter(|action| action.is_executed).count();
            assert_eq!(usize::from(real.executed_count), done, "G4");
        }
        if proposal.status < Status::Submitted {
            return;
        }
        let (persons, credits) = proposal.turnout();
        assert_eq!(
            (u64::from(real.voters.get()), u128::from(real.spent_credits.get())),
            (persons, credits)
        );
        if proposal.vote_epoch.is_some() {
            let quorum = (
                u64::from(real.quorum_persons.get()),
                u128::from(real.quorum_credits.get()),
            );
            assert_eq!(quorum, proposal.quorum, "quorum");
            assert_eq!(real.caps_q16.map(|cap| u128::from(cap.get())), proposal.caps, "caps");
        }
        // G2: tallies are what the votes make, whatever the order of the casts
        for option in 0..=proposal.choices {
            let at = usize::from(option);
            assert_eq!(
                u128::from(real.totals_q16[at].get()),
                proposal.total(option),
                "G2: T of {option}"
            );
            for bucket in 0..16u8 {
                let cell = u128::from(real.buckets_q16[at][usize::from(bucket)].get());
                assert_eq!(cell, proposal.cell(option, bucket) << 16, "G2: S of {option}, {bucket}");
            }
        }
    }
}
