//! The pool's chain and its model side by side.

mod collection;
mod compare;
mod effects;
mod farms;
mod locks;
mod metas;

pub use {farms::FarmRents, locks::FOREVER};

use {
    super::chance,
    crate::{
        fixtures::pool::{associated_account, create_associated_account, place_realm},
        model::{
            pool::{Claim, Config, Farm, Lock, Now, Person, Pool, Position, Seat},
            tokens::{Fee, Fees, Tokens},
            Refusal,
        },
        world::{Mint, MintExtension, Outcome, World},
    },
    commonweal_interface::ids,
    rand::Rng,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
    std::collections::BTreeMap,
};

/// What the model knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// Balances.
    pub tokens: Tokens,
    /// Configs.
    pub configs: Vec<Config>,
    /// Pools.
    pub pools: Vec<Pool>,
    /// Locks that exist.
    pub locks: BTreeMap<Address, Lock>,
    /// Claims that exist.
    pub claims: BTreeMap<Address, Claim>,
    /// Farms, closed ones too.
    pub farms: Vec<Farm>,
    /// Positions that exist.
    pub positions: BTreeMap<Address, Position>,
    /// Seats that exist.
    pub seats: BTreeMap<Address, Seat>,
    /// Persons of both realms.
    pub persons: Vec<Person>,
    /// Lamports of the actors.
    pub lamports: BTreeMap<Address, u64>,
}

/// Chain and model.
pub struct Game {
    /// The chain.
    pub world: World,
    /// What it should be.
    pub model: Model,
    /// Everybody.
    pub actors: Vec<Keypair>,
    /// All mints.
    pub mints: Vec<Mint>,
    /// Token account of actor and mint.
    pub wallets: Vec<Vec<Address>>,
    /// A realm (0 real, 1 rehearsal) for configs.
    pub realms: [Address; 2],
    /// Return data of the last transaction that succeeded.
    pub returned: Vec<u8>,
    /// For each pool, everybody's accounts of its shares and the account of its locked shares: looked up in every step.
    derived: Vec<(Vec<Address>, Address)>,
    sent: u64,
}

/// How an instruction is spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Not at all.
    None,
    /// The user does not sign.
    Unsigned,
    /// The pool is read-only.
    ReadOnlyPool,
    /// A config stands where the pool belongs.
    ConfigAsPool,
    /// Another config.
    OtherConfig,
    /// Another LP mint.
    OtherLpMint,
    /// A token account of a user where vault A (or the output vault) belongs.
    ForeignVault,
    /// Another mint than the pool's B (or the output's).
    WrongMint,
    /// A wrong token program.
    WrongProgram,
    /// The program that should follow is missing.
    NoTrailing,
    /// Somebody else's token account pays.
    StrangerPays,
}

/// All twists.
pub const TWISTS: [Twist; 10] = [
    Twist::Unsigned,
    Twist::ReadOnlyPool,
    Twist::ConfigAsPool,
    Twist::OtherConfig,
    Twist::OtherLpMint,
    Twist::ForeignVault,
    Twist::WrongMint,
    Twist::WrongProgram,
    Twist::NoTrailing,
    Twist::StrangerPays,
];

/// The least balance each actor begins with, from a whale to a mouse.
const PURSES: [u64; 4] = [1 << 62, 1 << 48, 1 << 33, 4_000_000];

impl Game {
    /// Mints of every accepted kind, actors with purses of every size, two configs.
    pub fn new(seed: u64) -> Self {
        let mut world = World::seeded(seed);
        world.svm = std::mem::take(&mut world.svm).with_sigverify(false);
        let basis_points = *super::pick(&mut world.rng, &[1u16, 50, 100, 2_500, 9_999, 10_000]);
        let maximum = *super::pick(&mut world.rng, &[0u64, 1, 7, 5_000, 1 << 40]);
        let taxed = |basis_points, maximum_atoms| MintExtension::TransferFee {
            basis_points,
            maximum_atoms,
        };
        let mints = vec![
            world.mint("plain", 6),
            world.mint("other plain", 9),
            world.mint_2022("described", 2, &[MintExtension::MetadataPointer]),
            world.mint_2022("taxed", 0, &[taxed(basis_points, maximum)]),
            world.mint_2022("zero taxed", 8, &[taxed(0, 0)]),
        ];
        let mut tokens = Tokens::default();
        let of_2022 = mints.iter().filter(|mint| mint.program == ids::TOKEN_2022);
        tokens.of_token_2022 = of_2022.map(|mint| mint.address).collect();
        for (mint, fee) in [(3, Fee { basis_points, maximum }), (4, Fee::default())] {
            tokens.fees.insert(mints[mint].address, Fees::constant(fee));
        }
        let actors: Vec<Keypair> = ["whale", "dolphin", "fish", "mouse"]
            .map(|name| world.actor(name))
            .into();
        let mut wallets = Vec::new();
        let mut lamports = BTreeMap::new();
        for (actor, purse) in actors.iter().zip(PURSES) {
            let owner = actor.pubkey();
            let mut accounts = Vec::new();
            for mint in &mints {
                let account = world.funded(mint, &owner, purse);
                tokens.open(account, mint.address, owner);
                tokens.mint_to(&account, purse).unwrap();
                accounts.push(account);
            }
            wallets.push(accounts);
            lamports.insert(owner, world.lamports(&owner));
        }
        let realms = [
            place_realm(&mut world, "realm", 0),
            place_realm(&mut world, "rehearsal realm", 1),
        ];
        Self {
            world,
            model: Model {
                tokens,
                configs: Vec::new(),
                pools: Vec::new(),
                locks: BTreeMap::new(),
                claims: BTreeMap::new(),
                farms: Vec::new(),
                positions: BTreeMap::new(),
                seats: BTreeMap::new(),
                persons: Vec::new(),
                lamports,
            },
            actors,
            mints,
            wallets,
            realms,
            returned: Vec::new(),
            derived: Vec::new(),
            sent: 0,
        }
    }

    /// The epoch on the clock.
    pub fn epoch(&self) -> u64 {
        self.world.clock().epoch
    }

    /// The moment on the clock.
    pub fn now(&self) -> Now {
        let clock = self.world.clock();
        Now {
            ts: clock.unix_timestamp,
            slot: clock.slot,
            epoch: clock.epoch,
        }
    }

    /// The actor of that address.
    pub fn actor(&self, address: &Address) -> Option<&Keypair> {
        self.actors.iter().find(|actor| actor.pubkey() == *address)
    }

    /// An actor's account of a pool's shares; everybody has one.
    pub fn shares_account(&self, actor: usize, pool: usize) -> Address {
        self.derived[pool].0[actor]
    }

    /// Where a pool's locked shares are.
    pub fn lock_vault(&self, pool: usize) -> Address {
        self.derived[pool].1
    }

    /// Opens everybody's account of the newest pool's shares.
    pub fn open_shares_accounts(&mut self) {
        let pool = self.model.pools.last().unwrap().clone();
        let payer = self.world.fee_payer.pubkey();
        let mut accounts = Vec::new();
        for actor in &self.actors {
            let owner = actor.pubkey();
            let account = associated_account(&owner, &pool.lp_mint);
            accounts.push(account);
            if !self.model.tokens.holdings.contains_key(&account) {
                let instruction = create_associated_account(&payer, &owner, &pool.lp_mint);
                self.world.succeeds(instruction, &[]);
                self.model.tokens.open(account, pool.lp_mint, owner);
            }
        }
        let seeds: [&[u8]; 2] = [b"lock_vault", pool.address.as_ref()];
        let lock_vault = Address::find_program_address(&seeds, &liquidity_pool::ID).0;
        self.derived.push((accounts, lock_vault));
    }

    fn program_of(&self, mint: usize) -> Address {
        self.mints[mint].program
    }

    /// Runs an instruction; chain and prediction must agree, and so must everything it names.
    pub fn run(
        &mut self,
        instruction: &Instruction,
        signer: usize,
        prediction: Result<Model, Refusal>,
    ) -> Option<String> {
        self.run_all(std::slice::from_ref(instruction), signer, prediction)
    }

    /// Sends a transaction with numbers for signatures, which this world does not verify: they cost more than all the rest.
    fn send(&mut self, instructions: &[Instruction]) -> Outcome {
        self.world.svm.expire_blockhash();
        let blockhash = self.world.svm.latest_blockhash();
        let payer = self.world.fee_payer.pubkey();
        let message = Message::new_with_blockhash(instructions, Some(&payer), &blockhash);
        self.sent += 1;
        let mut bytes = [0; 64];
        bytes[..8].copy_from_slice(&self.sent.to_le_bytes());
        let signatures = vec![Signature::from(bytes); usize::from(message.header.num_required_signatures)];
        let transaction = VersionedTransaction {
            signatures,
            message: VersionedMessage::Legacy(message),
        };
        Outcome::from_svm(self.world.svm.send_transaction(transaction))
    }

    /// The same for instructions of one transaction.
    pub fn run_all(
        &mut self,
        instructions: &[Instruction],
        signer: usize,
        prediction: Result<Model, Refusal>,
    ) -> Option<String> {
        let mut metas = instructions.iter().flat_map(|instruction| &instruction.accounts);
        let signer = self.actors[signer].pubkey();
        assert!(
            metas.all(|meta| !meta.is_signer || meta.pubkey == signer),
            "a key that is not there"
        );
        let outcome = self.send(instructions);
        let refusal = match prediction {
            Ok(next) => {
                self.returned = outcome.succeeded().return_data;
                self.model = next;
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
        for instruction in instructions {
            self.compare(Some(instruction));
        }
        refusal
    }
}

/// A deadline: nearly always far, sometimes this very second, sometimes just past.
pub fn deadline(world: &mut World) -> i64 {
    let now = world.now();
    if chance(&mut world.rng, 93) {
        return i64::MAX;
    }
    now + world.rng.random_range(-2..2)
}
