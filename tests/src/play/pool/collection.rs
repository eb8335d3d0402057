//! Collections of protocol fees.

use {
    super::{Game, Model, Twist},
    crate::model::{pool::refusal, Refusal},
    commonweal_interface::ids,
    liquidity_pool::errors::PoolError,
    solana_address::Address,
    solana_instruction::AccountMeta,
};

impl Game {
    /// A token account of the treasury of a pool's config for a side: one it has, else a new one.
    pub fn treasury_account(&mut self, pool: usize, side: usize) -> Address {
        let state = &self.model.pools[pool];
        let treasury = self.model.configs[state.config].treasury;
        let mint = self.mints[state.mint_ids[side]].clone();
        let known = self.model.tokens.holdings.iter().find(|(account, held)| {
            // the pool itself may be named as treasury
            held.mint == mint.address && held.owner == treasury && !state.vaults.contains(account)
        });
        if let Some((account, _)) = known {
            return *account;
        }
        let account = self.world.token_account(&mint, &treasury);
        self.model.tokens.open(account, mint.address, treasury);
        account
    }

    /// The accounts of `collect_protocol_fees`, in the order of the IDL.
    pub fn collect_metas(&self, pool: usize, destinations: [Address; 2], twist: Twist) -> Vec<AccountMeta> {
        let state = &self.model.pools[pool];
        let read = |address: Address| AccountMeta::new_readonly(address, false);
        let write = |address: Address| AccountMeta::new(address, false);
        let token_program = if twist == Twist::WrongProgram {
            ids::TOKEN_2022
        } else {
            ids::TOKEN
        };
        let mut metas = vec![
            self.pool_meta(pool, twist),
            self.config_meta(pool, twist),
            write(if twist == Twist::ForeignVault {
                self.foreign_to(&destinations)
            } else {
                state.vaults[0]
            }),
            write(state.vaults[1]),
            write(destinations[0]),
            write(destinations[1]),
            read(state.mints[0]),
            read(state.mints[usize::from(twist != Twist::WrongMint)]),
            read(token_program),
        ];
        if self.needs_trailing(pool) && twist != Twist::NoTrailing {
            metas.push(read(ids::TOKEN_2022));
        }
        metas
    }

    /// A token account of a user that is not among these.
    fn foreign_to(&self, others: &[Address; 2]) -> Address {
        let mut wallets = self.wallets.iter().flatten();
        *wallets.find(|wallet| !others.contains(wallet)).unwrap()
    }

    /// P7 on the chain's own accounts: what is paid goes to token accounts of the treasury that the config names.
    pub fn assert_of_treasury(&self, pool: usize, side: usize, destination: &Address) {
        let state = &self.model.pools[pool];
        let real: liquidity_pool::state::Pool = self.world.state(&state.address);
        let config: liquidity_pool::state::PoolConfig = self.world.state(&real.config);
        let paid = self.world.token_state(destination);
        assert_eq!(paid.owner, config.treasury, "P7: a stranger is paid");
        assert_eq!(paid.mint, state.mints[side], "P7: another token is paid");
    }
}

impl Model {
    /// Applies a collection: each paid side goes to a token account of its mint and of the config's treasury.
    pub fn collect(
        &mut self,
        pool: usize,
        legs: u8,
        destinations: &[Address; 2],
        epoch: u64,
    ) -> Result<[u64; 2], Refusal> {
        let state = &mut self.pools[pool];
        let treasury = self.configs[state.config].treasury;
        let taken = state.collection(legs)?;
        for side in [0, 1] {
            let held = self.tokens.holdings.get(&destinations[side]);
            let is_right = held.is_some_and(|held| held.mint == state.mints[side] && held.owner == treasury);
            if taken[side] > 0 && !is_right {
                return Err(refusal(PoolError::NotTheTreasurysAccount));
            }
        }
        for side in [0, 1] {
            // a side that owes nothing is not transferred, whatever stands for its destination
            if taken[side] > 0 {
                let (from, to) = (&state.vaults[side], &destinations[side]);
                self.tokens.transfer(from, to, &state.address, taken[side], epoch)?;
                state.owed[side] -= taken[side];
                state.collected[side] += u128::from(taken[side]);
            }
        }
        state.sequence += 1;
        Ok(taken)
    }
}
