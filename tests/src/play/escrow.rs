//! The escrow's chain and its model side by side.

pub mod by_hand;
mod compare;

use {
    crate::{
        fixtures::escrow::{ix, put_realm, supply::put_person},
        model::{
            escrow::{remembered_slots, slot_hash, Book, Now, Person, Refusals, Spoil, INCINERATOR},
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
pub const PROVIDERS: [&str; 7] = ["pia", "quin", "rob", "sue", "tom", "uma", "vic"];
/// Everybody else.
pub const OTHERS: [&str; 8] = [
    "admin",
    "payer",
    "cranker",
    "treasurer",
    "attestor",
    "examiner",
    "machine",
    "stranger",
];
/// People who may sit on juries.
pub const JURORS: usize = 32;
/// Clients whose orders have numbers of their own.
const NUMBERED: usize = 2;
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
    /// Those that have wallets and do things at random.
    pub actors: Vec<Address>,
    /// Wallets of people who may sit on juries.
    pub jurors: Vec<Address>,
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
    /// Next number of each client's leases and gangs.
    pub lease_nonces: [u64; NUMBERED],
    /// Proposals made.
    pub proposals: u64,
    /// Whether nobody acts but a stranger.
    pub only_strangers: bool,
    /// Slot hashes the sysvar holds.
    hashes: BTreeMap<u64, [u8; 32]>,
}

/// A year, in seconds.
const YEAR: i64 = 365 * 86_400;

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
            rent_parts: [world.rent(0), world.rent(1) - world.rent(0)],
            ..Book::default()
        };
        book.lamports.insert(INCINERATOR, world.lamports(&INCINERATOR));
        for (mint, decimals) in mints.iter().zip([6, 0, 9, 2, 2, 2, 2, 2, 2, 2]) {
            book.decimals.insert(mint.address, decimals);
        }
        let mut keys = BTreeMap::new();
        let sessions = PROVIDERS.map(|name| format!("{name} session"));
        let names = CLIENTS.iter().chain(&PROVIDERS).chain(&OTHERS).copied();
        for name in names.chain(sessions.iter().map(String::as_str)) {
            let key = world.actor(name);
            book.lamports.insert(key.pubkey(), world.lamports(&key.pubkey()));
            keys.insert(key.pubkey(), key);
        }
        let actors: Vec<Address> = keys.keys().copied().collect();
        for mint in &mints[..HELD_MINTS] {
            if mint.program == ids::TOKEN_2022 {
                book.tokens.of_token_2022.insert(mint.address);
            }
            for owner in actors.iter().copied() {
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
        let names = (0..JURORS).map(|number| format!("juror {number}"));
        let mut jurors = Vec::new();
        for name in names
            .clone()
            .chain(PROVIDERS.map(str::to_owned))
            .chain(["anna".to_owned()])
        {
            let key = world.actor(&name);
            let wallet = key.pubkey();
            if let std::collections::btree_map::Entry::Vacant(place) = keys.entry(wallet) {
                book.lamports.insert(wallet, world.lamports(&wallet));
                place.insert(key);
                jurors.push(wallet);
            }
            let expires_ts = world.now() + 5 * YEAR;
            let address = put_person(
                &mut world,
                &format!("person {name}"),
                &realms[1],
                &wallet,
                expires_ts,
                0,
            );
            book.persons.insert(
                address,
                Person {
                    address,
                    wallet,
                    realm: realms[1],
                    expires_ts,
                    revoked_ts: 0,
                },
            );
        }
        let lamports_in = book.lamports.values().sum();
        let mut game = Self {
            actors,
            jurors,
            lease_nonces: [0; NUMBERED],
            proposals: 0,
            only_strangers: false,
            hashes: BTreeMap::new(),
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
        };
        game.remember_hashes();
        game
    }

    /// Chain and model once more.
    pub fn fork(&self) -> Self {
        Self {
            world: self.world.fork(),
            book: self.book.clone(),
            keys: self
                .keys
                .iter()
                .map(|(address, key)| (*address, key.insecure_clone()))
                .collect(),
            actors: self.actors.clone(),
            jurors: self.jurors.clone(),
            mints: self.mints.clone(),
            refused_mint: self.refused_mint.clone(),
            realms: self.realms,
            nonces: self.nonces,
            old_nonces: self.old_nonces.clone(),
            nonce_of: self.nonce_of.clone(),
            ghosts: self.ghosts.clone(),
            lamports_in: self.lamports_in,
            lease_nonces: self.lease_nonces,
            proposals: self.proposals,
            only_strangers: self.only_strangers,
            hashes: self.hashes.clone(),
        }
    }

    /// Lets time pass; the clock may step back.
    pub fn warp(&mut self, seconds: i64, slots: u64) {
        self.world.warp(seconds, slots);
        self.remember_hashes();
    }

    /// Writes the SlotHashes sysvar as the cluster would have it now.
    fn remember_hashes(&mut self) {
        let slots: Vec<u64> = remembered_slots(self.now().slot).collect();
        let mut data = (slots.len() as u64).to_le_bytes().to_vec();
        for slot in &slots {
            let known = self.hashes.get(slot).copied();
            let hash = known.or_else(|| slot_hash(*slot)).unwrap_or_default();
            self.hashes.insert(*slot, hash);
            data.extend_from_slice(&slot.to_le_bytes());
            data.extend_from_slice(&hash);
        }
        self.hashes
            .retain(|slot, _| slots.last().is_some_and(|last| slot >= last));
        data.resize(8 + 512 * 40, 0);
        let mut account = self.world.raw(&by_hand::SLOT_HASHES);
        account.data = data;
        self.world.set_raw(by_hand::SLOT_HASHES, account);
    }

    /// A proposal of governance appears, or changes.
    pub fn put_proposal(&mut self, address: Address, realm: Address, status: u8) {
        let mut data = crate::fixtures::escrow::sha(&[b"account:Proposal"])[..8].to_vec();
        data.extend_from_slice(&[1, 255, status]);
        data.resize(24, 0);
        data.extend_from_slice(realm.as_ref());
        data.resize(1_000, 0);
        let account = solana_account::Account {
            lamports: self.world.rent(1_000),
            data,
            owner: ids::QUADRATIC_GOVERNANCE,
            executable: false,
            rent_epoch: 0,
        };
        self.world.set_raw(address, account);
        let is_live = ![3, 4, 5, 7].contains(&status);
        self.book.proposals.insert(address, (realm, is_live));
    }

    /// A person's registration changes.
    pub fn put_person(&mut self, person: Person) {
        let mut account = self.world.raw(&person.address);
        account.data[112..120].copy_from_slice(&person.expires_ts.to_le_bytes());
        account.data[120..128].copy_from_slice(&person.revoked_ts.to_le_bytes());
        self.world.set_raw(person.address, account);
        self.book.persons.insert(person.address, person);
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

    /// Runs an instruction, with one before it if there is one; chain and prediction must agree, and so must everything it names.
    pub fn run(
        &mut self,
        before: Option<&Instruction>,
        instruction: &Instruction,
        prediction: Result<Book, Refusals>,
    ) -> Option<String> {
        let mut signers: Vec<&Keypair> = Vec::new();
        for meta in instruction.accounts.iter().filter(|meta| meta.is_signer) {
            if !signers.iter().any(|key| key.pubkey() == meta.pubkey) {
                signers.push(&self.keys[&meta.pubkey]);
            }
        }
        let signers: Vec<Keypair> = signers.into_iter().map(Keypair::insecure_clone).collect();
        let signers: Vec<&Keypair> = signers.iter().collect();
        let all: Vec<Instruction> = before.into_iter().chain([instruction]).cloned().collect();
        let outcome = self.world.send(&all, &signers);
        let refusal = match prediction {
            Ok(next) => {
                outcome.succeeded();
                self.remember_ends(&next);
                self.book = next;
                None
            }
            Err(expected) => {
                let failure = outcome.failure().cloned();
                assert!(
                    failure.as_ref().is_some_and(|failure| expected.0.contains(failure)),
                    "chain: {failure:?}, model: {expected:?}: {outcome:?}"
                );
                failure.map(|failure| format!("{failure:?}"))
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
