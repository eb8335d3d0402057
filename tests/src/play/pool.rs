//! The pool's chain and its model side by side.

mod collection;

use {
    super::chance,
    crate::{
        fixtures::pool::{associated_account, create_associated_account, place_realm},
        model::{
            pool::{Config, Legs, Pool, Trade},
            tokens::{Fee, Fees, Tokens},
            Refusal,
        },
        world::{Mint, MintExtension, World},
    },
    commonweal_interface::ids,
    num_bigint::BigUint,
    rand::Rng,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_keypair::Keypair,
    solana_signer::Signer,
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
                lamports,
            },
            actors,
            mints,
            wallets,
            realms,
        }
    }

    /// The epoch on the clock.
    pub fn epoch(&self) -> u64 {
        self.world.clock().epoch
    }

    /// The actor of that address.
    pub fn actor(&self, address: &Address) -> Option<&Keypair> {
        self.actors.iter().find(|actor| actor.pubkey() == *address)
    }

    /// An actor's account of a pool's shares; everybody has one.
    pub fn shares_account(&self, actor: usize, pool: usize) -> Address {
        associated_account(&self.actors[actor].pubkey(), &self.model.pools[pool].lp_mint)
    }

    /// Opens everybody's account of the newest pool's shares.
    pub fn open_shares_accounts(&mut self) {
        let pool = self.model.pools.last().unwrap().clone();
        let payer = self.world.fee_payer.pubkey();
        for actor in &self.actors {
            let owner = actor.pubkey();
            let account = associated_account(&owner, &pool.lp_mint);
            if !self.model.tokens.holdings.contains_key(&account) {
                let instruction = create_associated_account(&payer, &owner, &pool.lp_mint);
                self.world.succeeds(instruction, &[]);
                self.model.tokens.open(account, pool.lp_mint, owner);
            }
        }
    }

    fn program_of(&self, mint: usize) -> Address {
        self.mints[mint].program
    }

    /// The accounts of `deposit` (with the config) or `withdraw` (without), in the order of the IDL.
    pub fn share_metas(&self, pool: usize, actor: usize, with_config: bool, twist: Twist) -> Vec<AccountMeta> {
        let state = &self.model.pools[pool];
        let payer = if twist == Twist::StrangerPays {
            (actor + 1) % self.actors.len()
        } else {
            actor
        };
        let read = |address: Address| AccountMeta::new_readonly(address, false);
        let write = |address: Address| AccountMeta::new(address, false);
        let mut metas = vec![
            AccountMeta::new_readonly(self.actors[actor].pubkey(), twist != Twist::Unsigned),
            self.pool_meta(pool, twist),
        ];
        if with_config {
            metas.push(self.config_meta(pool, twist));
        }
        metas.extend([
            write(if twist == Twist::OtherLpMint {
                self.other_mint(pool)
            } else {
                state.lp_mint
            }),
            write(if twist == Twist::ForeignVault {
                self.foreign(actor)
            } else {
                state.vaults[0]
            }),
            write(state.vaults[1]),
            write(self.wallets[payer][state.mint_ids[0]]),
            write(self.wallets[payer][state.mint_ids[1]]),
            write(self.shares_account(if with_config { actor } else { payer }, pool)),
            read(state.mints[0]),
            read(if twist == Twist::WrongMint {
                state.mints[0]
            } else {
                state.mints[1]
            }),
            read(if twist == Twist::WrongProgram {
                ids::TOKEN_2022
            } else {
                ids::TOKEN
            }),
        ]);
        if self.needs_trailing(pool) && twist != Twist::NoTrailing {
            metas.push(read(ids::TOKEN_2022));
        }
        metas
    }

    /// Whether any mint of the pool belongs to Token-2022.
    pub fn needs_trailing(&self, pool: usize) -> bool {
        let ids_of = self.model.pools[pool].mint_ids;
        ids_of.iter().any(|mint| self.program_of(*mint) == ids::TOKEN_2022)
    }

    /// Whether the mints of the pool belong to different programs.
    pub fn is_mixed(&self, pool: usize) -> bool {
        let [a, b] = self.model.pools[pool].mint_ids;
        self.program_of(a) != self.program_of(b)
    }

    /// The accounts of a swap, in the order of the IDL.
    pub fn swap_metas(&self, pool: usize, actor: usize, input: usize, twist: Twist) -> Vec<AccountMeta> {
        let state = &self.model.pools[pool];
        let output = 1 - input;
        let payer = if twist == Twist::StrangerPays {
            (actor + 1) % self.actors.len()
        } else {
            actor
        };
        let read = |address: Address| AccountMeta::new_readonly(address, false);
        let write = |address: Address| AccountMeta::new(address, false);
        let program = self.program_of(state.mint_ids[input]);
        let wrong = if program == ids::TOKEN {
            ids::TOKEN_2022
        } else {
            ids::TOKEN
        };
        let mut metas = vec![
            AccountMeta::new_readonly(self.actors[actor].pubkey(), twist != Twist::Unsigned),
            self.pool_meta(pool, twist),
            self.config_meta(pool, twist),
            write(state.vaults[input]),
            write(if twist == Twist::ForeignVault {
                self.foreign(actor)
            } else {
                state.vaults[output]
            }),
            write(self.wallets[payer][state.mint_ids[input]]),
            write(self.wallets[actor][state.mint_ids[output]]),
            read(state.mints[input]),
            read(if twist == Twist::WrongMint {
                state.mints[input]
            } else {
                state.mints[output]
            }),
            read(if twist == Twist::WrongProgram { wrong } else { program }),
        ];
        if self.is_mixed(pool) && twist != Twist::NoTrailing {
            metas.push(read(self.program_of(state.mint_ids[output])));
        }
        metas
    }

    fn pool_meta(&self, pool: usize, twist: Twist) -> AccountMeta {
        let state = &self.model.pools[pool];
        match twist {
            Twist::ReadOnlyPool => AccountMeta::new_readonly(state.address, false),
            Twist::ConfigAsPool => AccountMeta::new(self.other_config(state.config), false),
            _ => AccountMeta::new(state.address, false),
        }
    }

    fn config_meta(&self, pool: usize, twist: Twist) -> AccountMeta {
        let config = self.model.pools[pool].config;
        let address = if twist == Twist::OtherConfig {
            self.other_config(config)
        } else {
            self.model.configs[config].address
        };
        AccountMeta::new_readonly(address, false)
    }

    fn other_config(&self, config: usize) -> Address {
        self.model.configs[(config + 1) % self.model.configs.len()].address
    }

    /// A mint that is none of the pool's.
    fn other_mint(&self, pool: usize) -> Address {
        let ids_of = self.model.pools[pool].mint_ids;
        let other = (0..).find(|mint| !ids_of.contains(mint)).unwrap();
        self.mints[other].address
    }

    /// A token account that is nobody's vault and not part of the instruction.
    fn foreign(&self, actor: usize) -> Address {
        let stranger = (actor + 2) % self.actors.len();
        self.wallets[stranger][0]
    }

    /// Runs an instruction; chain and prediction must agree, and so must everything it names.
    pub fn run(
        &mut self,
        instruction: &Instruction,
        signer: usize,
        prediction: Result<Model, Refusal>,
    ) -> Option<String> {
        let key = self.actors[signer].insecure_clone();
        let signs = instruction.accounts.iter().any(|meta| meta.is_signer);
        let signers: &[&Keypair] = if signs { &[&key] } else { &[] };
        let outcome = self.world.send(std::slice::from_ref(instruction), signers);
        let refusal = match prediction {
            Ok(next) => {
                outcome.succeeded();
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
        self.compare(Some(instruction));
        refusal
    }

    /// Everything (or everything an instruction names) is on the chain as the model has it.
    pub fn compare(&self, named: Option<&Instruction>) {
        let concerns = |address: &Address| {
            named.is_none_or(|instruction| instruction.accounts.iter().any(|meta| meta.pubkey == *address))
        };
        for (address, holding) in &self.model.tokens.holdings {
            if concerns(address) {
                assert_eq!(self.world.tokens(address), holding.atoms, "atoms of {address}");
            }
        }
        for (address, lamports) in &self.model.lamports {
            assert_eq!(self.world.lamports(address), *lamports, "lamports of {address}");
        }
        for config in self.model.configs.iter().filter(|config| concerns(&config.address)) {
            self.compare_config(config);
        }
        for pool in self.model.pools.iter().filter(|pool| concerns(&pool.address)) {
            self.compare_pool(pool);
        }
    }

    fn compare_config(&self, config: &Config) {
        let real: liquidity_pool::state::PoolConfig = self.world.state(&config.address);
        assert_eq!(
            (real.authority, real.treasury, real.pause_bits, real.sequence.get()),
            (config.authority, config.treasury, config.pause, config.sequence)
        );
        assert_eq!(
            [
                real.base_fee_ppm,
                real.max_base_fee_ppm,
                real.protocol_share_ppm,
                real.max_protocol_share_ppm
            ]
            .map(|ppm| ppm.get()),
            [config.fee, config.max_fee, config.share, config.max_share]
        );
        assert!(config.fee <= config.max_fee && config.max_fee <= 100_000, "fee ceiling");
        assert!(
            config.share <= config.max_share && config.max_share <= 250_000,
            "share ceiling"
        );
    }

    fn compare_pool(&self, pool: &Pool) {
        let real: liquidity_pool::state::Pool = self.world.state(&pool.address);
        assert_eq!(
            [real.reserve_a_atoms, real.reserve_b_atoms].map(|n| n.get()),
            pool.reserves,
            "reserves"
        );
        let owed = [real.protocol_owed_a_atoms, real.protocol_owed_b_atoms].map(|n| n.get());
        assert_eq!(owed, pool.owed, "owed protocol fees");
        // P7: what swaps set apart is owed until the treasury is paid it
        let accounted = [0, 1].map(|side| u128::from(owed[side]) + pool.collected[side]);
        assert_eq!(accounted, pool.accrued, "P7");
        assert_eq!(real.lp_supply_atoms.get(), pool.recorded_supply, "recorded supply");
        assert_eq!(real.sequence.get(), pool.sequence, "sequence");
        assert_eq!(
            self.world.supply(&pool.lp_mint),
            self.model.tokens.supply[&pool.lp_mint],
            "LP supply"
        );
        // P1 on real balances
        for side in [0, 1] {
            let held = u128::from(self.world.tokens(&pool.vaults[side]));
            assert!(
                held >= u128::from(pool.reserves[side]) + u128::from(pool.owed[side]),
                "P1"
            );
            assert!(pool.reserves[side] > 0, "an empty reserve");
        }
    }

    /// P3: √(x·y)/S_eff of a pool has not fallen since `before` with `supply_before`.
    pub fn assert_p3(&self, pool: usize, before: [u64; 2], supply_before: u64) {
        let real: liquidity_pool::state::Pool = self.world.state(&self.model.pools[pool].address);
        let now = [real.reserve_a_atoms.get(), real.reserve_b_atoms.get()];
        let shares = |supply| BigUint::from(Pool::effective_shares(supply));
        let (old, new) = (
            shares(supply_before),
            shares(self.world.supply(&self.model.pools[pool].lp_mint)),
        );
        let product = |r: [u64; 2]| BigUint::from(r[0]) * r[1];
        assert!(product(now) * &old * &old >= product(before) * &new * &new, "P3");
    }
}

impl Model {
    /// A swap of `actor`'s accounts, from his input account to his output account.
    pub fn trade(
        &mut self,
        pool: usize,
        input: usize,
        (is_exact_in, amount, limit): (bool, u64, u64),
        accounts: [&Address; 2],
        signer: &Address,
        now: &Now,
    ) -> Result<Trade, Refusal> {
        let state = &mut self.pools[pool];
        let config = &self.configs[state.config];
        let output = 1 - input;
        let trade = if is_exact_in {
            state.exact_in(&self.tokens, now, config, input, amount)?
        } else {
            state.exact_out(&self.tokens, now, config, input, amount)?
        };
        let is_beyond = if is_exact_in {
            trade.delivered < limit
        } else {
            trade.sent > limit
        };
        if is_beyond {
            return Err(refusal(PoolError::SlippageExceeded));
        }
        self.tokens
            .transfer(accounts[0], &state.vaults[input], signer, trade.sent, now.epoch)?;
        self.tokens
            .transfer(&state.vaults[output], accounts[1], &state.address, trade.out, now.epoch)?;
        state.sequence += 1;
        Ok(trade)
    }

    /// A deposit; `accounts` are those of A, B and shares.
    pub fn deposit(
        &mut self,
        pool: usize,
        (shares, most): (u64, [u64; 2]),
        accounts: [&Address; 3],
        signer: &Address,
        now: &Now,
    ) -> Result<Legs, Refusal> {
        let state = &mut self.pools[pool];
        let legs = state.deposit(&self.tokens, &self.configs[state.config], now, shares)?;
        if legs.sent[0] > most[0] || legs.sent[1] > most[1] {
            return Err(refusal(PoolError::SlippageExceeded));
        }
        for side in [0, 1] {
            self.tokens
                .transfer(accounts[side], &state.vaults[side], signer, legs.sent[side], now.epoch)?;
        }
        self.tokens.mint_to(accounts[2], shares)?;
        Ok(legs)
    }

    /// A withdrawal; `accounts` are those of A, B and shares. Legs not in `paid` go to claims.
    pub fn withdraw(
        &mut self,
        pool: usize,
        (shares, wanted, paid): (u64, [u64; 2], u8),
        accounts: [&Address; 3],
        signer: &Address,
        now: &Now,
    ) -> Result<Legs, Refusal> {
        let state = &mut self.pools[pool];
        let mut legs = state.withdraw(&self.tokens, &self.configs[state.config], now, shares)?;
        self.tokens.burn(accounts[2], signer, shares)?;
        for side in [0, 1] {
            if paid & (1 << side) == 0 {
                legs.received[side] = legs.sent[side];
                state.deferred[side] += legs.sent[side];
            } else if legs.sent[side] > 0 {
                // a leg of nothing is not transferred
                self.tokens.transfer(
                    &state.vaults[side],
                    accounts[side],
                    &state.address,
                    legs.sent[side],
                    now.epoch,
                )?;
            }
        }
        // what arrived is measured, so this is the last thing that can fail
        if legs.received[0] < wanted[0] || legs.received[1] < wanted[1] {
            return Err(refusal(PoolError::SlippageExceeded));
        }
        Ok(legs)
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
