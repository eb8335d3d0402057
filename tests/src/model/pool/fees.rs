//! What a trade pays: base, dynamic and launch fee, and how it is split.

use {
    super::{big, Config, Pool, MILLION},
    num_traits::ToPrimitive,
};

/// Seconds after which the volatility's reference follows the price.
const RESET_SECONDS: i64 = 3_600;

/// Rates of a trade, in ppm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// The config's fee.
    pub base: u32,
    /// Added for volatility.
    pub dynamic: u32,
    /// Added while the pool is new.
    pub launch: u32,
}

/// A fee and whose it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// All of it.
    pub total: u64,
    /// The treasury's part.
    pub protocol: u64,
    /// The providers' part.
    pub lp: u64,
}

/// From where volatility is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volatility {
    /// Carried over from the last reference, in ppm.
    pub ppm: u32,
    /// The reference.
    pub price: u128,
    /// Its time.
    pub ts: i64,
}

/// The part of `amount`, rounded up.
pub fn part_ceil(amount: u128, ppm: u32) -> u128 {
    (amount * u128::from(ppm)).div_ceil(MILLION)
}

impl Rates {
    /// Their sum.
    pub fn total(&self) -> u32 {
        self.base + self.dynamic + self.launch
    }

    /// The fee of `arrived`: the launch fee is the treasury's, of the rest the protocol's share.
    pub fn split(&self, arrived: u64, share: u32) -> Split {
        let total = part_ceil(arrived.into(), self.total());
        let launch = match self.total() {
            0 => 0,
            all => total * u128::from(self.launch) / u128::from(all),
        };
        let protocol = launch + (total - launch) * u128::from(share) / MILLION;
        Split {
            total: total as u64,
            protocol: protocol as u64,
            lp: (total - protocol) as u64,
        }
    }
}

impl Volatility {
    /// The volatility at a trade that finds `price`, in ppm; what is kept of it for the next one.
    pub fn observe(&mut self, price: u128, now: i64, threshold: u32) -> u32 {
        let elapsed = (now - self.ts).max(0);
        if self.price == 0 || elapsed >= RESET_SECONDS {
            *self = Self { ppm: 0, price, ts: now };
            return 0;
        }
        let bits = 128 - price.max(self.price).leading_zeros();
        let shift = bits.saturating_sub(44);
        let (q, reference) = (price >> shift, self.price >> shift);
        let moved = (q.abs_diff(reference) * MILLION)
            .checked_div(reference)
            .unwrap_or(MILLION);
        let carried = u128::from(self.ppm) * (RESET_SECONDS - elapsed) as u128 / RESET_SECONDS as u128;
        let volatility = (carried + moved).min(MILLION) as u32;
        if moved >= u128::from(threshold) {
            *self = Self {
                ppm: volatility,
                price,
                ts: now,
            };
        }
        volatility
    }
}

impl Pool {
    /// What is left of the launch fee.
    pub fn launch_rate(&self, now: i64) -> u32 {
        if self.launch_seconds == 0 {
            return 0;
        }
        let whole = u128::from(self.launch_seconds);
        let elapsed = ((now - self.created_ts).max(0) as u128).min(whole);
        (u128::from(self.launch_fee) * (whole - elapsed)).div_ceil(whole) as u32
    }

    /// The rates of a trade now; the volatility's reference follows.
    pub fn take_rates(&mut self, config: &Config, now: i64) -> Rates {
        let mut dynamic = 0;
        if config.dynamic_cap > 0 {
            let price = self.price(config.amplification_at(now));
            let volatility = self.volatility.observe(price, now, config.threshold);
            let rate = (big(volatility.into()) * config.slope + 999_999u32) / 1_000_000u32;
            dynamic = rate.to_u32().unwrap().min(config.dynamic_cap);
        }
        Rates {
            base: config.fee,
            dynamic,
            launch: self.launch_rate(now),
        }
    }
}
