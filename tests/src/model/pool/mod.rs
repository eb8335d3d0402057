//! The liquidity pool as its design describes it.

mod claims;
mod curve;
mod farm;
mod fees;
mod flash;
mod locks;
mod oracle;
mod shares;
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
    curve::{first_worth, invariant, units},
    farm::{farm_start, seat_weight, Farm, Lane, Person, Position, Seat},
    fees::{part_ceil, Rates, Split, Volatility},
    locks::Lock,
    oracle::{Observation, Oracle, RING},
    shares::{first_shares, Legs},
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
const DAY: i64 = 86_400;

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

/// Amplification that moves in a straight line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ramp {
    /// At the start.
    pub from: u32,
    /// At the end.
    pub to: u32,
    /// When it starts.
    pub start: i64,
    /// When it ends.
    pub end: i64,
}

/// A config.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Its address.
    pub address: Address,
    /// Its realm.
    pub realm: Address,
    /// Who may change it.
    pub authority: Address,
    /// Where protocol fees go.
    pub treasury: Address,
    /// 0 constant product, 1 stable.
    pub curve: u8,
    /// Fee in ppm.
    pub fee: u32,
    /// Its ceiling.
    pub max_fee: u32,
    /// The protocol's part of the fee in ppm.
    pub share: u32,
    /// Its ceiling.
    pub max_share: u32,
    /// Most that is added for volatility, in ppm.
    pub dynamic_cap: u32,
    /// Its ceiling.
    pub max_dynamic_cap: u32,
    /// Fee for each unit of volatility, in ppm.
    pub slope: u32,
    /// Least move that moves the reference, in ppm.
    pub threshold: u32,
    /// Added to the fee of a new pool, in ppm.
    pub launch_fee: u32,
    /// Its ceiling.
    pub max_launch_fee: u32,
    /// Seconds in which it decays.
    pub launch_seconds: u32,
    /// Fee of a flash loan, in ppm.
    pub flash_fee: u32,
    /// Its ceiling.
    pub max_flash_fee: u32,
    /// Slots in which fees vest.
    pub vesting_slots: u32,
    /// Most the capped price follows in a minute, in ppm.
    pub oracle_step: u32,
    /// Amplification.
    pub ramp: Ramp,
    /// What is paused.
    pub pause: u8,
    /// Updates so far.
    pub sequence: u64,
}

/// Changes of a config, in the order of the IDL.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// Fee in ppm.
    pub fee: Option<u32>,
    /// Protocol share in ppm.
    pub share: Option<u32>,
    /// Pause bits.
    pub pause: Option<u8>,
    /// Authority.
    pub authority: Option<Address>,
    /// Treasury.
    pub treasury: Option<Address>,
    /// Cap of the dynamic fee in ppm.
    pub dynamic_cap: Option<u32>,
    /// Slope of the dynamic fee in ppm.
    pub slope: Option<u32>,
    /// Threshold of the dynamic fee in ppm.
    pub threshold: Option<u32>,
    /// Launch fee in ppm.
    pub launch_fee: Option<u32>,
    /// Flash fee in ppm.
    pub flash_fee: Option<u32>,
}

impl Config {
    /// An update signed by `signer`.
    pub fn update(&mut self, signer: &Address, update: &Update) -> Result<(), Refusal> {
        if *signer != self.authority {
            return Err(refusal(PoolError::NotTheAuthority));
        }
        let numbers = [
            update.fee,
            update.share,
            update.dynamic_cap,
            update.slope,
            update.threshold,
            update.launch_fee,
            update.flash_fee,
        ];
        let addresses = [update.authority, update.treasury];
        let changes_nothing = numbers.iter().all(Option::is_none) && addresses.iter().all(Option::is_none);
        if changes_nothing && update.pause.is_none() {
            return Err(refusal(PoolError::NothingToUpdate));
        }
        let mut next = self.clone();
        next.fee = update.fee.unwrap_or(self.fee);
        next.share = update.share.unwrap_or(self.share);
        next.pause = update.pause.unwrap_or(self.pause);
        next.dynamic_cap = update.dynamic_cap.unwrap_or(self.dynamic_cap);
        next.slope = update.slope.unwrap_or(self.slope);
        next.threshold = update.threshold.unwrap_or(self.threshold);
        next.launch_fee = update.launch_fee.unwrap_or(self.launch_fee);
        next.flash_fee = update.flash_fee.unwrap_or(self.flash_fee);
        next.authority = update.authority.unwrap_or(self.authority);
        next.treasury = update.treasury.unwrap_or(self.treasury);
        next.within_ceilings()?;
        next.sequence += 1;
        *self = next;
        Ok(())
    }

    /// Terms of a new config, or after an update, within their bounds.
    pub fn within_ceilings(&self) -> Result<(), Refusal> {
        let too_high = self.max_fee > 100_000
            || self.max_share > 250_000
            || self.max_dynamic_cap > 100_000
            || self.max_launch_fee > 500_000
            || self.max_flash_fee > 100_000
            || self.max_fee + self.max_dynamic_cap + self.max_launch_fee > 600_000;
        if too_high {
            return Err(refusal(PoolError::CeilingTooHigh));
        }
        let fees = [
            (self.fee, self.max_fee),
            (self.dynamic_cap, self.max_dynamic_cap),
            (self.launch_fee, self.max_launch_fee),
            (self.flash_fee, self.max_flash_fee),
        ];
        if fees.iter().any(|(fee, most)| fee > most) {
            return Err(refusal(PoolError::FeeAboveCeiling));
        }
        if self.share > self.max_share {
            return Err(refusal(PoolError::ProtocolShareAboveCeiling));
        }
        if self.pause > 15 {
            return Err(refusal(PoolError::UnknownPauseBit));
        }
        if [self.authority, self.treasury].contains(&Address::default()) {
            return Err(refusal(PoolError::ZeroAddress));
        }
        if self.curve > 1 {
            return Err(refusal(PoolError::CurveNotSupported));
        }
        let amplifications = if self.curve == 1 { 1..=1_000_000 } else { 0..=0 };
        if !amplifications.contains(&self.ramp.to) {
            return Err(refusal(PoolError::AmplificationNotSupported));
        }
        if self.vesting_slots > 9_000 {
            return Err(refusal(PoolError::VestingNotSupported));
        }
        let is_dynamic_right = if self.max_dynamic_cap > 0 {
            self.slope <= 1_000_000 && (1..=100_000).contains(&self.threshold)
        } else {
            self.slope == 0 && self.threshold == 0
        };
        if !is_dynamic_right {
            return Err(refusal(PoolError::DynamicFeeTermsOutOfRange));
        }
        let launch = if self.max_launch_fee > 0 { 1..=86_400 } else { 0..=0 };
        if !launch.contains(&self.launch_seconds) {
            return Err(refusal(PoolError::LaunchTermsOutOfRange));
        }
        if !(1..=100_000).contains(&self.oracle_step) {
            return Err(refusal(PoolError::OracleStepOutOfRange));
        }
        Ok(())
    }

    /// The amplification at a time, rounded down.
    pub fn amplification_at(&self, now: i64) -> u32 {
        let Ramp { from, to, start, end } = self.ramp;
        if now >= end || from == to {
            return to;
        }
        if now <= start {
            return from;
        }
        let (passed, whole) = (i128::from(now - start), i128::from(end - start));
        let moved = (i128::from(to) - i128::from(from)) * passed;
        (i128::from(from) + moved.div_euclid(whole)) as u32
    }

    /// A new ramp, signed by `signer`.
    pub fn ramp(&mut self, signer: &Address, target: u32, end: i64, now: i64) -> Result<(), Refusal> {
        if *signer != self.authority {
            return Err(refusal(PoolError::NotTheAuthority));
        }
        if self.curve != 1 {
            return Err(refusal(PoolError::NotAStableCurve));
        }
        let present = self.amplification_at(now);
        if now < self.ramp.end {
            if target != 0 && target != present {
                return Err(refusal(PoolError::RampInProgress));
            }
            // it stays where it is, and the day of the stopped one is waited for
            self.ramp = Ramp {
                from: present,
                to: present,
                start: self.ramp.start,
                end: now.max(self.ramp.start + DAY),
            };
        } else {
            let (low, high) = (target.min(present), target.max(present));
            if !(1..=1_000_000).contains(&target) || u64::from(high) > u64::from(low) * 10 {
                return Err(refusal(PoolError::AmplificationOutOfRange));
            }
            if end < now + DAY || end > now + 365 * DAY {
                return Err(refusal(PoolError::RampTimeOutOfRange));
            }
            self.ramp = Ramp {
                from: present,
                to: target,
                start: now,
                end,
            };
        }
        self.sequence += 1;
        Ok(())
    }
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
        self.settle(config, now, input, &trade)?;
        Ok(trade)
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
        self.begin(config, now)?;
        let accounted = |pool: &Self, side: usize| {
            u128::from(pool.reserves[side]) + u128::from(pool.owed[side]) + u128::from(pool.deferred[side])
        };
        let surplus = [0, 1].map(|side| (u128::from(held[side]) - accounted(self, side)) as u64);
        if surplus == [0, 0] {
            return Err(refusal(PoolError::NothingToSkim));
        }
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
