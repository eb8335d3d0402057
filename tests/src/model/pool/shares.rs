//! What shares cost and what they are paid.

use {
    super::{big, curve::first_worth, narrow, refusal, sending, Config, Now, Pool, Trade, U64, VIRTUAL},
    crate::model::{greatest, least, tokens::Tokens, Refusal},
    liquidity_pool::errors::PoolError,
    solana_address::Address,
};

/// What a deposit or withdrawal moves, per token.
#[derive(Clone, Copy, Debug, Default)]
pub struct Legs {
    /// Leaves its source.
    pub sent: [u64; 2],
    /// Arrives.
    pub received: [u64; 2],
}

/// The first deposit: the shares of what arrives of `sent`.
pub fn first_shares(
    tokens: &Tokens,
    config: &Config,
    mints: &[Address; 2],
    decimals: [u8; 2],
    now: &Now,
    sent: [u64; 2],
) -> Result<([u64; 2], u64), Refusal> {
    if sent.contains(&0) {
        return Err(refusal(PoolError::ZeroAmount));
    }
    let received = [0, 1].map(|i| tokens.fee(&mints[i], now.epoch).arriving(sent[i]));
    let worth = first_worth(config.curve, decimals, config.amplification_at(now.ts), received)?;
    if worth <= u128::from(VIRTUAL) {
        return Err(refusal(PoolError::FirstDepositTooSmall));
    }
    Ok((received, worth as u64 - VIRTUAL))
}

impl Pool {
    /// What `shares` cost, applied to the pool; the caller moves the tokens.
    pub fn deposit(&mut self, tokens: &Tokens, now: &Now, shares: u64) -> Result<Legs, Refusal> {
        if shares == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let all = self.begin_shares(tokens, now);
        let mut legs = Legs::default();
        for side in [0, 1] {
            let owed = big(u128::from(self.reserves[side])) * shares;
            let received = narrow(least(0, u128::MAX >> 1, |a| big(a) * all >= owed).unwrap())?;
            legs.sent[side] = sending(tokens, &self.mints[side], now.epoch, received)?;
            legs.received[side] = tokens.fee(&self.mints[side], now.epoch).arriving(legs.sent[side]);
            self.reserves[side] = narrow(u128::from(self.reserves[side]) + u128::from(legs.received[side]))?;
        }
        narrow(all + u128::from(shares))?;
        self.recorded_supply += shares;
        self.solved = 0;
        self.sequence += 1;
        Ok(legs)
    }

    /// What `shares` are paid, applied to the pool; the caller moves the tokens.
    pub fn withdraw(&mut self, tokens: &Tokens, now: &Now, shares: u64) -> Result<Legs, Refusal> {
        if shares == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let all = self.begin_shares(tokens, now);
        if shares > self.recorded_supply {
            return Err(refusal(PoolError::Overflow));
        }
        let mut legs = Legs::default();
        for side in [0, 1] {
            let due = big(u128::from(self.reserves[side])) * shares;
            legs.sent[side] = greatest(U64, |a| big(a) * all <= due) as u64;
            legs.received[side] = tokens.fee(&self.mints[side], now.epoch).arriving(legs.sent[side]);
            self.reserves[side] -= legs.sent[side];
        }
        if legs.sent == [0, 0] {
            return Err(refusal(PoolError::NothingOut));
        }
        self.recorded_supply -= shares;
        self.solved = 0;
        self.sequence += 1;
        Ok(legs)
    }

    /// A swap of `sold` of what arrives, and a deposit of what it buys with as much of the input as the proportion needs;
    /// applied to the pool. What is sent, and the shares.
    pub fn deposit_one_side(
        &mut self,
        tokens: &Tokens,
        config: &Config,
        now: &Now,
        input: usize,
        sold: u64,
    ) -> Result<(Trade, u64, u64), Refusal> {
        self.settle_shares(tokens, now);
        self.begin(config, now)?;
        let rates = self.take_rates(config, now.ts);
        if sold == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let split = rates.split(sold, config.share);
        let net = u128::from(sold - split.total);
        let output = 1 - input;
        narrow(u128::from(self.reserves[input]) + net)?;
        let out = self.bought(input, net, config.amplification_at(now.ts))?;
        if out == 0 {
            return Err(refusal(PoolError::NothingOut));
        }
        let trade = Trade {
            sent: sold,
            received: sold,
            out,
            delivered: out,
            protocol: split.protocol,
            lp_fee: split.lp,
            rates,
        };
        self.settle(config, now, input, &trade)?;
        self.keep_price();
        let all = self.effective_shares(self.recorded_supply);
        let due = big(out.into()) * all;
        let shares = narrow(greatest(u128::MAX >> 1, |shares| {
            big(shares) * self.reserves[output] <= due
        }))?;
        if shares == 0 {
            return Err(refusal(PoolError::NothingOut));
        }
        let owed = big(self.reserves[input].into()) * shares;
        let beside = least(0, u128::MAX >> 1, |a| big(a) * all >= owed).unwrap();
        let needed = narrow(u128::from(sold) + narrow(beside).map(u128::from)?)?;
        let sent = sending(tokens, &self.mints[input], now.epoch, needed)?;
        let received = tokens.fee(&self.mints[input], now.epoch).arriving(sent);
        self.reserves[input] = narrow(u128::from(self.reserves[input]) + u128::from(received - sold))?;
        self.reserves[output] += out;
        narrow(all + u128::from(shares))?;
        self.recorded_supply += shares;
        self.solved = 0;
        self.sequence += 2;
        Ok((trade, sent, shares))
    }

    /// Before both reserves change in proportion: S_eff. Neither config nor a new solution takes part; a stable curve's price
    /// is the one kept.
    fn begin_shares(&mut self, tokens: &Tokens, now: &Now) -> u128 {
        self.keep_price();
        if now.ts > self.oracle.ts {
            let price = if self.is_stable() {
                self.oracle.last
            } else {
                self.price(0)
            };
            self.oracle.accumulate(now.ts, price, self.oracle_step);
        }
        self.settle_shares(tokens, now);
        self.effective_shares(self.recorded_supply)
    }
}
