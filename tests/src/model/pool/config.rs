//! Configs: their terms, ceilings and amplification.

use {super::refusal, crate::model::Refusal, liquidity_pool::errors::PoolError, solana_address::Address};

const DAY: i64 = 86_400;

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

    /// Under which amplification a lock's value was taken: the start of the last ramp, none while one runs.
    pub fn ramp_mark(&self, now: i64) -> Option<i64> {
        (now >= self.ramp.end).then_some(self.ramp.start)
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
