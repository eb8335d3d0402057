//! The escrow's chain and its model side by side.

use {
    crate::{
        fixtures::escrow::{self as real, ix, put_realm, state_code::*},
        model::{
            escrow::{Book, Now, Spoil},
            Refusal,
        },
        world::{Mint, MintExtension, World},
    },
    commonweal_interface::ids,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// Clients.
pub const CLIENTS: [&str; 2] = ["anna", "bert"];
/// Providers; each has a session key of the name with " session".
pub const PROVIDERS: [&str; 3] = ["pia", "quin", "rob"];
/// Everybody else.
pub const OTHERS: [&str; 4] = ["admin", "payer", "cranker", "treasurer"];
/// Mints that actors have; the others only stand in lists.
pub const HELD_MINTS: usize = 3;
/// What each client owns of each mint at the start.
const PURSE: u64 = 1 << 45;

/// Chain and model.
pub struct Game {
    /// The chain.
    pub world: World,
    /// What it should be.
    pub book: Book,
    /// All keys.
    pub keys: BTreeMap<Address, Keypair>,
    /// Mints the policy accepts; the first few are held.
    pub mints: Vec<Mint>,
    /// A mint the policy refuses.
    pub refused_mint: Mint,
    /// Realms: real, rehearsal.
    pub realms: [Address; 2],
    /// Next number of each client's jobs.
    pub nonces: [u64; 2],
    /// Nonces whose job is over.
    pub old_nonces: Vec<(usize, u64)>,
    /// Nonce of a live job.
    pub nonce_of: BTreeMap<Address, (usize, u64)>,
    /// Job addresses that are closed now.
    pub ghosts: Vec<Address>,
    /// Lamports that the book accounts for: they only come from outside.
    pub lamports_in: u64,
}

impl Game {
    /// Actors, mints and wallets; nothing of the escrow yet.
    pub fn new(seed: u64) -> Self {
        let mut world = World::seeded(seed);
        let mut mints = vec![
            world.mint("gold", 6),
            world.mint("silver", 0),
            world.mint_2022("bronze", 9, &[MintExtension::MetadataPointer]),
        ];
        for coin in 0..7 {
            mints.push(world.mint_without_freeze(&format!("coin {coin}"), 2));
        }
        let refused_mint = world.mint_2022("owned", 6, &[MintExtension::PermanentDelegate]);
        let mut book = Book {
            rents: [world.rent(165), world.rent(436)],
            ..Book::default()
        };
        let mut keys = BTreeMap::new();
        let sessions = PROVIDERS.map(|name| format!("{name} session"));
        let names = CLIENTS.iter().chain(&PROVIDERS).chain(&OTHERS).copied();
        for name in names.chain(sessions.iter().map(String::as_str)) {
            let key = world.actor(name);
            book.lamports.insert(key.pubkey(), world.lamports(&key.pubkey()));
            keys.insert(key.pubkey(), key);
        }
        for mint in &mints[..HELD_MINTS] {
            if mint.program == ids::TOKEN_2022 {
                book.tokens.of_token_2022.insert(mint.address);
            }
            for owner in keys.keys().copied().collect::<Vec<_>>() {
                let account = world.token_account(mint, &owner);
                book.tokens.open(account, mint.address, owner);
            }
            for client in CLIENTS {
                let account = world.token_account(mint, &world.keypair(client).pubkey());
                world.mint_into(mint, &account, PURSE);
                book.tokens.mint_to(&account, PURSE).unwrap();
            }
        }
        let realms = [
            put_realm(&mut world, "realm", false),
            put_realm(&mut world, "rehearsal realm", true),
        ];
        let lamports_in = book.lamports.values().sum();
        Self {
            world,
            book,
            keys,
            mints,
            refused_mint,
            realms,
            nonces: [0; 2],
            old_nonces: Vec::new(),
            nonce_of: BTreeMap::new(),
            ghosts: Vec::new(),
            lamports_in,
        }
    }

    /// An actor's address.
    pub fn key(&self, name: &str) -> Address {
        self.world.keypair(name).pubkey()
    }

    /// The chain's moment.
    pub fn now(&self) -> Now {
        let clock = self.world.clock();
        Now {
            ts: clock.unix_timestamp,
            slot: clock.slot,
        }
    }

    /// The wallet of an owner for a held mint.
    pub fn wallet(&mut self, mint: &Address, owner: &Address) -> Address {
        let mint = self.mints.iter().find(|m| m.address == *mint).unwrap().clone();
        self.world.token_account(&mint, owner)
    }

    /// The token program of a mint.
    pub fn program(&self, mint: &Address) -> Address {
        self.mints.iter().find(|m| m.address == *mint).unwrap().program
    }

    /// Spoils accounts of an instruction: where the signer, the vault, the mint and the token program stand.
    pub fn spoil(
        &self,
        mut instruction: Instruction,
        spoil: Spoil,
        places: [Option<usize>; 4],
    ) -> (Instruction, Option<Refusal>) {
        let [signer, vault, mint, program] = places;
        match (spoil, signer, vault, mint, program) {
            (Spoil::Unsigned, Some(place), ..) => {
                // a key that signs in one place signs in all
                let key = instruction.accounts[place].pubkey;
                for meta in instruction.accounts.iter_mut().filter(|meta| meta.pubkey == key) {
                    meta.is_signer = false;
                }
                let missing = solana_instruction::error::InstructionError::MissingRequiredSignature;
                return (instruction, Some(Refusal::Instruction(missing)));
            }
            (Spoil::Vault, _, Some(place), ..) => {
                // a real token account that is no vault: the treasurer's, which no instruction here names elsewhere
                let somewhere = self.book.tokens.holdings.iter();
                let stranger = self.key("treasurer");
                let other = somewhere.filter(|(_, holding)| holding.owner == stranger);
                let named = |address: &Address| instruction.accounts.iter().any(|meta| meta.pubkey == *address);
                let other = *other
                    .map(|(address, _)| address)
                    .find(|address| !named(address))
                    .unwrap();
                instruction.accounts[place].pubkey = other;
            }
            (Spoil::Mint, _, _, Some(place), _) => {
                let other = self
                    .mints
                    .iter()
                    .find(|m| m.address != instruction.accounts[place].pubkey);
                instruction.accounts[place].pubkey = other.unwrap().address;
            }
            (Spoil::Program, _, _, _, Some(place)) => {
                let right = instruction.accounts[place].pubkey;
                instruction.accounts[place].pubkey = if right == ids::TOKEN {
                    ids::TOKEN_2022
                } else {
                    ids::TOKEN
                };
            }
            _ => {}
        }
        (instruction, None)
    }

    /// Runs an instruction; chain and prediction must agree, and so must everything it names.
    pub fn run(&mut self, instruction: &Instruction, prediction: Result<Book, Refusal>) -> Option<String> {
        let mut signers: Vec<&Keypair> = Vec::new();
        for meta in instruction.accounts.iter().filter(|meta| meta.is_signer) {
            if !signers.iter().any(|key| key.pubkey() == meta.pubkey) {
                signers.push(&self.keys[&meta.pubkey]);
            }
        }
        let signers: Vec<Keypair> = signers.into_iter().map(Keypair::insecure_clone).collect();
        let signers: Vec<&Keypair> = signers.iter().collect();
        let outcome = self.world.send(std::slice::from_ref(instruction), &signers);
        let refusal = match prediction {
            Ok(next) => {
                outcome.succeeded();
                self.remember_ends(&next);
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
        self.compare(Some(instruction));
        refusal
    }

    fn remember_ends(&mut self, next: &Book) {
        for job in self.book.jobs.keys().filter(|job| !next.jobs.contains_key(*job)) {
            self.ghosts.push(*job);
            self.old_nonces.extend(self.nonce_of.remove(job));
        }
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
        for address in self.book.jobs.keys().filter(|address| concerns(address)) {
            self.compare_job(address);
        }
        for address in self.book.slots.keys().filter(|address| concerns(address)) {
            self.compare_slot(address);
        }
        for address in self.book.payouts.keys().filter(|address| concerns(address)) {
            self.compare_payout(address);
        }
        for config in self.book.configs.values().filter(|config| concerns(&config.address)) {
            let state: real::EscrowConfig = self.world.state(&config.address);
            assert_eq!((state.authority, state.treasury), (config.authority, config.treasury));
            assert_eq!(state.fee_ppm.get(), config.fee_ppm);
            assert!(config.fee_ppm <= 50_000, "E7");
            assert_eq!(state.crank_bounty_lamports.get(), config.bounty);
            assert_eq!(state.min_bond_lamports.get(), config.min_bond);
            let count = usize::from(state.payment_mint_count);
            let listed = &state.payment_mints[..count];
            assert!(count == config.mints.len() && listed.iter().all(|m| config.mints.contains(&m.mint)));
        }
        for provider in self
            .book
            .providers
            .values()
            .filter(|provider| concerns(&provider.address))
        {
            let state: real::Provider = self.world.state(&provider.address);
            assert_eq!(
                (state.authority, state.session_key, state.slot_count.get()),
                (provider.authority, provider.session, provider.slots)
            );
        }
        // E1 of lamports: whatever came in is somewhere
        assert_eq!(
            self.book.lamports.values().sum::<u64>(),
            self.lamports_in,
            "lamports of the book"
        );
    }

    fn compare_job(&self, address: &Address) {
        let job = &self.book.jobs[address];
        let state: real::Job = self.world.state(address);
        assert_eq!(state.state, job.state, "state");
        assert_eq!(
            state.slot,
            job.slot.unwrap_or(Address::new_from_array([0; 32])),
            "slot of the job"
        );
        assert_eq!((state.uid, state.result), (job.uid, job.result));
        assert_eq!(
            (state.entered_ts.get(), state.entered_slot.get()),
            (job.entered.ts, job.entered.slot)
        );
        assert_eq!(
            (state.created_ts.get(), state.created_slot.get()),
            (job.created.ts, job.created.slot)
        );
        assert_eq!(
            (state.client, state.rent_payer, state.mint),
            (job.client, job.payer, job.mint)
        );
        let amounts = [
            state.price_atoms.get(),
            state.bond_lamports.get(),
            u64::from(state.crank_reserve_lamports.get()),
        ];
        assert_eq!(amounts, [job.terms.price_atoms, job.terms.bond_lamports, job.reserve]);
        // E1 of tokens: until it is paid the vault holds the price
        assert!(
            job.state == FINAL || self.world.tokens(&job.vault) >= job.terms.price_atoms,
            "E1"
        );
        assert!(
            self.world.lamports(address) >= self.book.rents[1] + job.reserve,
            "the reserve is there"
        );
    }

    fn compare_slot(&self, address: &Address) {
        let slot = &self.book.slots[address];
        let state: real::Slot = self.world.state(address);
        assert_eq!(
            [
                state.bond_lamports,
                state.locked_lamports,
                state.slashed_lamports,
                state.burnt_lamports,
                state.deposited_lamports,
                state.withdrawn_lamports,
                state.bonded_slot,
                state.receipt_seq,
            ]
            .map(|n| n.get()),
            [
                slot.bond,
                slot.locked,
                slot.slashed,
                slot.burnt,
                slot.deposited,
                slot.withdrawn,
                slot.bonded_slot,
                slot.seq
            ],
            "slot"
        );
        assert_eq!(
            state.current_job,
            slot.current.unwrap_or(Address::new_from_array([0; 32]))
        );
        assert_eq!(state.receipt_head, slot.head, "receipts");
        assert_eq!(
            [state.locked_jobs, state.jobs_completed, state.jobs_failed].map(|n| n.get()),
            [slot.locked_jobs, slot.completed, slot.failed]
        );
        // E4 on the real account, and the locked part is what its jobs hold
        assert_eq!(slot.deposited, slot.bond + slot.slashed + slot.withdrawn, "E4");
        assert!(
            self.world.lamports(address) >= self.world.rent(336) + slot.bond + slot.burnt,
            "E4"
        );
        let mine = || self.book.jobs.values().filter(|job| job.slot == Some(*address));
        let holding = mine().filter(|job| (CLAIMED..=CHALLENGEABLE).contains(&job.state));
        assert_eq!(
            holding.map(|job| job.terms.bond_lamports).sum::<u64>(),
            slot.locked,
            "E4"
        );
        // E8
        let live: Vec<Address> = mine()
            .filter(|job| [CLAIMED, RUNNING].contains(&job.state))
            .map(|job| job.address)
            .collect();
        assert_eq!(live, slot.current.into_iter().collect::<Vec<_>>(), "E8");
    }

    fn compare_payout(&self, address: &Address) {
        let payout = &self.book.payouts[address];
        let state: real::Payout = self.world.state(address);
        assert_eq!(
            [state.claimable_atoms, state.earned_atoms, state.withdrawn_atoms].map(|n| n.get()),
            payout.provider_atoms
        );
        assert_eq!(
            [state.fee_due_atoms, state.fees_atoms, state.swept_atoms].map(|n| n.get()),
            payout.fee_atoms
        );
        for [due, ever, out] in [payout.provider_atoms, payout.fee_atoms] {
            assert_eq!(due + out, ever, "E1");
        }
        let due = payout.provider_atoms[0] + payout.fee_atoms[0];
        assert!(self.world.tokens(&payout.vault) >= due, "E1");
    }

    /// E1 of tokens over everything: no atom was made or lost.
    pub fn assert_atoms(&self) {
        for mint in &self.mints[..HELD_MINTS] {
            let held = self.book.tokens.holdings.iter();
            let held = held.filter(|(_, holding)| holding.mint == mint.address);
            let sum: u64 = held.map(|(address, _)| self.world.tokens(address)).sum();
            assert_eq!(sum, self.world.supply(&mint.address), "E1 of {}", mint.address);
        }
    }

    /// Lamports from outside to any address.
    pub fn donate_lamports(&mut self, to: &Address, lamports: u64) {
        // two equal airdrops under one blockhash would be one
        self.world.svm.expire_blockhash();
        self.world.airdrop(to, lamports);
        *self.book.lamports.entry(*to).or_default() += lamports;
        self.lamports_in += lamports;
    }

    /// Address of a payout.
    pub fn payout_of(&self, slot: &Address, mint: &Address) -> Address {
        ix::payout(slot, mint).0
    }
}
