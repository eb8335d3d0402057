//! What instructions do to the model.

use {
    super::Model,
    crate::model::{
        pool::{refusal, Legs, Now, Trade},
        Refusal,
    },
    liquidity_pool::errors::PoolError,
    solana_address::Address,
};

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
        let legs = state.deposit(&self.tokens, now, shares)?;
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
        let mut legs = state.withdraw(&self.tokens, now, shares)?;
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
