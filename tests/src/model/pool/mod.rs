//! The liquidity pool as its design describes it.

mod claims;
mod config;
mod curve;
mod farm;
mod fees;
mod flash;
mod locks;
mod oracle;
mod shares;
mod trade;
mod vesting;

use {
    super::{code, least, tokens::Tokens, Refusal},
    liquidity_pool::errors::PoolError,
    num_bigint::BigUint,
    num_traits::ToPrimitive,
    solana_address::Address,
};
pub use {
    claims::Claim,
    config::{Config, Ramp, Update},
    curve::{first_worth, invariant, units},
    farm::{farm_start, seat_weight, Farm, Lane, Person, Position, Seat},
    fees::{part_ceil, Rates, Split, Volatility},
    locks::Lock,
    oracle::{Observation, Oracle, RING},
    shares::{first_shares, Legs},
    trade::Trade,
    vesting::Vesting,
};

/// Pause bits: creating, depositing, swapping, flash loans.
pub const PAUSE: [u8; 4] = [1, 2, 4, 8];
/// Shares that belong to nobody.
pub const VIRTUAL: u64 = 1_000;
const MILLION: u128 = 1_000_000;
const U64: u128 = u64::MAX as u128;
/// Anchor's code of an account that is named twice as writable.
const NAMED_TWICE: u32 = 2_040;

/// An error of the pool as a refusal.
pub fn refusal(error: PoolError) -> Refusal {
    code(6_000 + error as u32)
}

fn big(number: u128) -> BigUint {
    BigUint::from(number)
}

fn narrow(number: u128) -> Result<u64, Refusal> {
    u64::try_from(number).map_err(|_| refusal(PoolError::Overflow))
}

/// A moment on the chain.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Unix time.
    pub ts: i64,
    /// Slot.
    pub slot: u64,
    /// Epoch.
    pub epoch: u64,
}

/// A pool; index 0 is token A.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its address.
    pub address: Address,
    /// Index of its config.
    pub config: usize,
    /// Indices of its mints among the play's.
    pub mint_ids: [usize; 2],
    /// Its mints.
    pub mints: [Address; 2],
    /// Decimal places of its mints.
    pub decimals: [u8; 2],
    /// Its vaults.
    pub vaults: [Address; 2],
    /// Mint of its shares.
    pub lp_mint: Address,
    /// 0 constant product, 1 stable.
    pub curve: u8,
    /// When it was created.
    pub created_ts: i64,
    /// Added to the fee at its creation, in ppm.
    pub launch_fee: u32,
    /// Seconds in which that decays.
    pub launch_seconds: u32,
    /// What belongs to the providers.
    pub reserves: [u64; 2],
    /// What belongs to the treasury.
    pub owed: [u64; 2],
    /// What belongs to claims.
    pub deferred: [u64; 2],
    /// Protocol fees of all trades so far.
    pub accrued: [u128; 2],
    /// What the treasury has been paid so far, before what mints keep of transfers.
    pub collected: [u128; 2],
    /// Shares as of the last deposit or withdrawal.
    pub recorded_supply: u64,
    /// Shares locked until a time, and for ever.
    pub locked: [u64; 2],
    /// Locks that exist.
    pub lock_count: u32,
    /// Virtual shares.
    pub vesting: Vesting,
    /// The reference of the dynamic fee.
    pub volatility: Volatility,
    /// Prices.
    pub oracle: Oracle,
    /// Most the capped price follows in a minute, in ppm.
    pub oracle_step: u32,
    /// Amplification at which a stable curve is solved; 0 while it must be solved again.
    pub solved: u32,
    /// When the risk flags were read.
    pub risk_checked_ts: i64,
    /// Changes so far.
    pub sequence: u64,
}

/// The least amount to send so that `wanted` arrive.
fn sending(tokens: &Tokens, mint: &Address, epoch: u64, wanted: u64) -> Result<u64, Refusal> {
    let fee = tokens.fee(mint, epoch);
    let found = least(u128::from(wanted), U64, |sent| fee.arriving(sent as u64) >= wanted);
    found
        .map(|sent| sent as u64)
        .ok_or_else(|| refusal(PoolError::TransferFeeUnbounded))
}

impl Pool {
    /// S_eff for a supply of the LP mint.
    pub fn effective_shares(&self, supply: u64) -> u128 {
        u128::from(supply) + u128::from(VIRTUAL) + u128::from(self.vesting.shares)
    }

    /// Before a change at a solved curve: the amplification of now, the price that has held until now, what has vested.
    fn begin(&mut self, config: &Config, now: &Now) -> Result<(), Refusal> {
        if self.is_stable() && self.solved != config.amplification_at(now.ts) {
            self.within_range()?;
            self.solved = config.amplification_at(now.ts);
        }
        if now.ts > self.oracle.ts {
            let price = self.price(self.solved);
            self.oracle.accumulate(now.ts, price, self.oracle_step);
        }
        self.vesting.decay(now.slot);
        Ok(())
    }

    /// The price of a solved stable curve is kept: reserves that move in proportion from then on do not change it.
    fn keep_price(&mut self) {
        if self.is_stable() && self.solved > 0 {
            self.oracle.last = self.price(self.solved);
        }
    }

    /// Brings vesting and burnt shares to the present.
    pub fn settle_shares(&mut self, tokens: &Tokens, now: &Now) {
        self.vesting.decay(now.slot);
        let minted = tokens.supply[&self.lp_mint];
        self.vesting.shrink(minted, self.recorded_supply);
        self.recorded_supply = minted;
    }

    /// What a collection of these legs takes of each vault.
    pub fn collection(&self, legs: u8) -> Result<[u64; 2], Refusal> {
        let chosen = match legs {
            1 => [true, false],
            2 => [false, true],
            3 => [true, true],
            _ => return Err(refusal(PoolError::UnknownLegs)),
        };
        let taken = [0, 1].map(|side| if chosen[side] { self.owed[side] } else { 0 });
        if taken == [0, 0] {
            return Err(refusal(PoolError::NothingOwed));
        }
        Ok(taken)
    }

    /// Donations become the providers', vested like fees; `held` is what the vaults hold. What was taken in.
    pub fn skim(&mut self, config: &Config, now: &Now, held: [u64; 2]) -> Result<[u64; 2], Refusal> {
        let accounted = |pool: &Self, side: usize| {
            u128::from(pool.reserves[side]) + u128::from(pool.owed[side]) + u128::from(pool.deferred[side])
        };
        let surplus = [0, 1].map(|side| (u128::from(held[side]) - accounted(self, side)) as u64);
        if surplus == [0, 0] {
            return Err(refusal(PoolError::NothingToSkim));
        }
        self.begin(config, now)?;
        self.take_in(config, now, surplus)?;
        self.sequence += 1;
        Ok(surplus)
    }

    /// Gains beside any trade: they vest like fees. On the stable curve the invariant before them is rounded up.
    fn take_in(&mut self, config: &Config, now: &Now, gains: [u64; 2]) -> Result<(), Refusal> {
        let a = config.amplification_at(now.ts);
        let before = self.is_stable().then(|| self.stable_invariant(a) + 1);
        for side in [0, 1] {
            let reserve = self.reserves[side];
            self.reserves[side] = narrow(u128::from(reserve) + u128::from(gains[side]))?;
            if before.is_none() {
                let effective = self.effective_shares(self.recorded_supply);
                let added = vesting::of_fee(effective, gains[side], reserve);
                self.vesting.add(added, config.vesting_slots, self.recorded_supply);
            }
        }
        self.within_range()?;
        if let Some(before) = before {
            let effective = self.effective_shares(self.recorded_supply);
            let added = vesting::of_growth(effective, before, self.stable_invariant(a));
            self.vesting.add(added, config.vesting_slots, self.recorded_supply);
        }
        Ok(())
    }

    /// Refuses a collection that names an account twice as writable, before anything else is looked at.
    pub fn named_once(&self, destinations: &[Address; 2]) -> Result<(), Refusal> {
        let written = [self.vaults[0], self.vaults[1], self.address];
        if destinations[0] == destinations[1] || destinations.iter().any(|account| written.contains(account)) {
            return Err(code(NAMED_TWICE));
        }
        Ok(())
    }

    /// P3 between two states of a pool at one amplification: √(x·y)/S_eff, or D/S_eff, has not fallen. D is known within one.
    pub fn assert_p3(&self, supply: u64, after: &Self, supply_after: u64, amplification: u32) {
        let (old, new) = (
            big(self.effective_shares(supply)),
            big(after.effective_shares(supply_after)),
        );
        let worth_old = self.worth_squared(amplification);
        let worth_new = if after.is_stable() {
            let d = big(after.stable_invariant(amplification) + 1);
            &d * &d
        } else {
            after.worth_squared(amplification)
        };
        assert!(&worth_new * &old * &old >= &worth_old * &new * &new, "P3");
    }

    /// What a share is worth to a lock, Q64: ⌊L·2⁶⁴ / S_eff⌋ of L rounded down, or ⌈L·2⁶⁴ / S_eff⌉ of L rounded up, L being
    /// √(x·y) or D.
    pub fn value_of_share(&self, config: &Config, now: i64, is_ceil: bool) -> Result<u128, Refusal> {
        self.within_range()?;
        let squared = self.worth_squared(config.amplification_at(now));
        let down = squared.sqrt();
        // the invariant is always taken as rounded down
        let is_exact = !self.is_stable() && &down * &down == squared;
        let worth = if is_ceil && !is_exact { down + 1u32 } else { down };
        let effective = big(self.effective_shares(self.recorded_supply));
        let scaled = worth << 64u32;
        let value = if is_ceil {
            (scaled + &effective - 1u32) / effective
        } else {
            scaled / effective
        };
        value.to_u128().ok_or_else(|| refusal(PoolError::Overflow))
    }
}
