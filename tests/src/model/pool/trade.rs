//! Swaps.

use {
    super::{narrow, part_ceil, refusal, sending, vesting, Config, Now, Pool, Rates, U64},
    crate::model::{least, tokens::Tokens, Refusal},
    liquidity_pool::errors::PoolError,
};

/// What a swap moves.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// Leaves the trader.
    pub sent: u64,
    /// Arrives in the vault.
    pub received: u64,
    /// Leaves the vault.
    pub out: u64,
    /// Arrives at the trader.
    pub delivered: u64,
    /// Goes to the treasury.
    pub protocol: u64,
    /// Is the providers'.
    pub lp_fee: u64,
    /// By which rates.
    pub rates: Rates,
}

impl Pool {
    /// Applies a trade's effect on the pool: reserves, fees, what vests.
    pub(super) fn settle(&mut self, config: &Config, now: &Now, input: usize, trade: &Trade) -> Result<(), Refusal> {
        let net = u128::from(trade.received) - u128::from(trade.protocol) - u128::from(trade.lp_fee);
        let before_fee = narrow(u128::from(self.reserves[input]) + net)?;
        let after = narrow(u128::from(before_fee) + u128::from(trade.lp_fee))?;
        let effective = self.effective_shares(self.recorded_supply);
        self.reserves[1 - input] -= trade.out;
        self.reserves[input] = before_fee;
        let a = config.amplification_at(now.ts);
        let before = self.is_stable().then(|| self.stable_invariant(a));
        self.reserves[input] = after;
        self.within_range()?;
        let added = match before {
            None => vesting::of_fee(effective, trade.lp_fee, before_fee),
            Some(before) => vesting::of_growth(effective, before, self.stable_invariant(a)),
        };
        self.vesting.add(added, config.vesting_slots, self.recorded_supply);
        self.owed[input] = narrow(u128::from(self.owed[input]) + u128::from(trade.protocol))?;
        self.accrued[input] += u128::from(trade.protocol);
        Ok(())
    }

    /// A sale of exactly `sent`, applied to the pool; the caller moves the tokens.
    pub fn exact_in(
        &mut self,
        tokens: &Tokens,
        now: &Now,
        config: &Config,
        input: usize,
        sent: u64,
    ) -> Result<Trade, Refusal> {
        self.begin(config, now)?;
        let rates = self.take_rates(config, now.ts);
        if sent == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let received = tokens.fee(&self.mints[input], now.epoch).arriving(sent);
        let split = rates.split(received, config.share);
        let net = u128::from(received - split.total);
        narrow(u128::from(self.reserves[input]) + net)?;
        let out = self.bought(input, net, config.amplification_at(now.ts))?;
        let delivered = tokens.fee(&self.mints[1 - input], now.epoch).arriving(out);
        if delivered == 0 {
            return Err(refusal(PoolError::NothingOut));
        }
        let trade = Trade {
            sent,
            received,
            out,
            delivered,
            protocol: split.protocol,
            lp_fee: split.lp,
            rates,
        };
        // all that arrives has room beside the reserve, the protocol's part included: a vault holds both
        narrow(u128::from(self.reserves[input]) + u128::from(received))?;
        self.settle(config, now, input, &trade)?;
        Ok(trade)
    }

    /// A purchase of exactly `wanted`, applied to the pool; the caller moves the tokens.
    pub fn exact_out(
        &mut self,
        tokens: &Tokens,
        now: &Now,
        config: &Config,
        input: usize,
        wanted: u64,
    ) -> Result<Trade, Refusal> {
        self.begin(config, now)?;
        let rates = self.take_rates(config, now.ts);
        if wanted == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let out = sending(tokens, &self.mints[1 - input], now.epoch, wanted)?;
        if out >= self.reserves[1 - input] {
            return Err(refusal(PoolError::InsufficientLiquidity));
        }
        let net = self.cost(input, out, config.amplification_at(now.ts))?;
        let gross = least(net, U64, |gross| gross - part_ceil(gross, rates.total()) >= net);
        let gross = gross.ok_or_else(|| refusal(PoolError::Overflow))? as u64;
        let sent = sending(tokens, &self.mints[input], now.epoch, gross)?;
        let received = tokens.fee(&self.mints[input], now.epoch).arriving(sent);
        let split = rates.split(received, config.share);
        let trade = Trade {
            sent,
            received,
            out,
            delivered: tokens.fee(&self.mints[1 - input], now.epoch).arriving(out),
            protocol: split.protocol,
            lp_fee: split.lp,
            rates,
        };
        // all that arrives has room beside the reserve, the protocol's part included: a vault holds both
        narrow(u128::from(self.reserves[input]) + u128::from(received))?;
        self.settle(config, now, input, &trade)?;
        Ok(trade)
    }
}
