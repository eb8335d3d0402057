//! The price oracle: sums of price · seconds that a reader takes the difference of (Adams et al., "Uniswap v2 Core", 2020,
//! 2.2; observations in a ring as in "Uniswap v3 Core", 2021, 5.1).
//!
//! What is summed is the price of the *stored* reserves before a change, for the time since the change before it: neither a
//! donation nor trades within one second have weight. A second sum takes a capped price that follows the first by a bounded
//! step per minute, so that one minute at a forced price moves it little.

use {
    super::{wide::times_short, MathError, MathResult},
    commonweal_interface::math::{fraction_q64, split},
};

/// Seconds between two entries of the ring; dust trades cannot flush it faster.
pub const OBSERVATION_SECONDS: i64 = 60;
/// One, in the steps' unit.
const WHOLE_PPM: u64 = 1_000_000;
const WHOLE_PPM_WIDE: u128 = WHOLE_PPM as u128;
const MINUTE: u64 = OBSERVATION_SECONDS.unsigned_abs();

/// What a pool stores of its oracle besides the ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oracle {
    /// Unix time up to which it has accumulated.
    pub ts: i64,
    /// Σ price · seconds, Q64.64, wrapping.
    pub price_seconds: u128,
    /// The same of the capped price.
    pub capped_price_seconds: u128,
    /// The capped price, Q64.64; 0 before the first.
    pub capped_price_q64: u128,
}

impl Oracle {
    /// Whether time has passed since the last accumulation; while it has not, [`Oracle::accumulate`] changes nothing and the
    /// price need not be computed.
    #[inline(always)]
    pub fn is_due(&self, now_ts: i64) -> bool {
        now_ts > self.ts
    }

    /// Whether an entry is written at the next accumulation: a minute after the last one, or none is there.
    #[inline(always)]
    pub fn is_observed(last_observation_ts: Option<i64>, now_ts: i64) -> bool {
        last_observation_ts.is_none_or(|last| seconds_since(last, now_ts) >= MINUTE)
    }

    /// Accumulates `price_q64` up to `now_ts`; says whether the result is to be written to the ring as the entry of `now_ts`.
    ///
    /// `step_ppm` is how far the capped price may follow in each whole minute since the last entry.
    #[inline(always)]
    pub fn accumulate(
        &mut self,
        price_q64: u128,
        step_ppm: u32,
        last_observation_ts: Option<i64>,
        now_ts: i64,
    ) -> bool {
        if !self.is_due(now_ts) {
            return false;
        }
        let is_observed = Self::is_observed(last_observation_ts, now_ts);
        if is_observed {
            self.capped_price_q64 = match last_observation_ts {
                Some(last) if self.capped_price_q64 != 0 => {
                    let seconds = seconds_since(last, now_ts);
                    capped(self.capped_price_q64, price_q64, step_ppm, seconds)
                }
                _ => price_q64,
            };
        }
        let elapsed = seconds_since(self.ts, now_ts);
        self.price_seconds = self.price_seconds.wrapping_add(times(price_q64, elapsed));
        self.capped_price_seconds = self
            .capped_price_seconds
            .wrapping_add(times(self.capped_price_q64, elapsed));
        self.ts = now_ts;
        is_observed
    }
}

/// Seconds from one time to another, none where the clock has stepped back.
#[inline(always)]
pub fn seconds_since(then_ts: i64, now_ts: i64) -> u64 {
    if now_ts > then_ts {
        now_ts.abs_diff(then_ts)
    } else {
        0
    }
}

/// price·seconds, wrapping.
#[inline(always)]
fn times(price: u128, seconds: u64) -> u128 {
    if seconds >> 32 != 0 {
        return price.wrapping_mul(u128::from(seconds));
    }
    times_short(price, seconds)
}

/// The price, held within capped ∓ ⌊capped·w / 10⁶⌋, w = min(10⁶, step·⌊seconds / 60⌋).
#[inline(always)]
fn capped(capped: u128, price: u128, step_ppm: u32, seconds: u64) -> u128 {
    let minutes = seconds.wrapping_div(MINUTE);
    // a million minutes at the smallest step are the whole; 32 bits each do not wrap
    let width = u64::from(step_ppm).wrapping_mul(minutes.min(WHOLE_PPM)).min(WHOLE_PPM);
    let ((low, high), (low_apart, high_apart)) = (split(capped), split(price.abs_diff(capped)));
    // where |price − capped| < capped·w / 2²⁰, whose bits cut off count against it, the price is within the step
    let whole = high | high_apart;
    let more = if whole >> 20 == 0 { 0 } else { 20u32 };
    let part = |low: u64, high: u64, bits: u32| high << (64u32.wrapping_sub(bits) & 63) | low >> (bits & 63);
    let least = part(low, high, more.wrapping_add(40)).wrapping_mul(width);
    if whole >> 40 == 0 && part(low_apart, high_apart, more.wrapping_add(20)) < least {
        return price;
    }
    clamped(capped, price, width)
}

#[inline(never)]
fn clamped(capped: u128, price: u128, width: u64) -> u128 {
    let width = u128::from(width);
    let quotient = capped.wrapping_div(WHOLE_PPM_WIDE);
    let rest = capped.wrapping_rem(WHOLE_PPM_WIDE);
    // at most `capped`, since the width is at most the whole
    let slack = quotient
        .wrapping_mul(width)
        .wrapping_add(rest.wrapping_mul(width).wrapping_div(WHOLE_PPM_WIDE));
    price.clamp(capped.saturating_sub(slack), capped.saturating_add(slack))
}

/// Price of token A in atoms of token B on the constant product: ⌊b·2⁶⁴ / a⌋, Q64.64. Never zero for reserves above zero.
///
/// Errors: [`MathError::Overflow`] for an empty reserve of A.
#[inline(always)]
pub fn price_q64(reserve_a_atoms: u64, reserve_b_atoms: u64) -> MathResult<u128> {
    let whole = reserve_b_atoms
        .checked_div(reserve_a_atoms)
        .ok_or(MathError::Overflow)?;
    let rest = reserve_b_atoms.wrapping_sub(whole.wrapping_mul(reserve_a_atoms));
    Ok(u128::from(fraction_q64(rest, reserve_a_atoms)) | u128::from(whole) << 64)
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    const ONE: u128 = 1 << 64;

    fn oracle() -> Oracle {
        Oracle {
            ts: 1_000,
            capped_price_q64: ONE,
            ..Oracle::default()
        }
    }

    #[test]
    fn no_time_no_weight() {
        let mut state = oracle();
        assert!(!state.accumulate(5 * ONE, 10_000, Some(0), 1_000));
        assert!(!state.accumulate(5 * ONE, 10_000, Some(0), 999));
        assert_eq!(state, oracle());
    }

    #[test]
    fn an_entry_is_written_a_minute_after_the_last_and_the_capped_price_moves_only_then() {
        let mut state = oracle();
        assert!(!state.accumulate(2 * ONE, 10_000, Some(1_000), 1_059));
        assert_eq!(state.price_seconds, 118 * ONE);
        assert_eq!(state.capped_price_seconds, 59 * ONE);
        assert!(state.accumulate(2 * ONE, 10_000, Some(1_000), 1_060));
        assert_eq!(state.price_seconds, 120 * ONE);
        let step = ONE / 1_000_000 * 10_000 + ONE % 1_000_000 * 10_000 / 1_000_000;
        assert_eq!(state.capped_price_q64, ONE + step);
        assert_eq!(state.capped_price_seconds, 60 * ONE + step);
    }

    #[test]
    fn the_step_grows_by_the_minute_up_to_the_whole() {
        assert_eq!(capped(1_000_000, 0, 10_000, 179), 980_000);
        assert_eq!(capped(1_000_000, 1_500_000, 10_000, 180), 1_030_000);
        assert_eq!(capped(1_000_000, u128::MAX, 10_000, u64::MAX), 2_000_000);
        assert_eq!(capped(1_000_000, 1_005_000, 10_000, 60), 1_005_000);
        assert_eq!(capped(u128::MAX, u128::MAX, 100_000, 600), u128::MAX);
    }

    #[test]
    fn the_first_entry_takes_the_price_as_it_is() {
        let mut state = Oracle::default();
        assert!(state.accumulate(7 * ONE, 1, None, 10));
        assert_eq!((state.capped_price_q64, state.price_seconds), (7 * ONE, 70 * ONE));
    }

    #[test]
    fn sums_wrap() {
        let mut state = Oracle {
            price_seconds: u128::MAX,
            capped_price_seconds: u128::MAX,
            ..oracle()
        };
        state.accumulate(3, 10_000, Some(1_000), 1_001);
        assert_eq!((state.price_seconds, state.capped_price_seconds), (2, ONE - 1));
    }

    proptest! {
        #[test]
        fn prices_and_caps_equal_the_formulas(a in 1u64.., b in 1u64.., step in 1u32..=100_000, seconds in 60u64..100_000, at: u128) {
            let price = price_q64(a, b).unwrap();
            prop_assert_eq!(BigUint::from(price), (BigUint::from(b) << 64u32) / a);
            prop_assert!(price > 0);
            let width = (u64::from(step) * (seconds / 60)).min(1_000_000);
            let slack = BigUint::from(at) * width / 1_000_000u32;
            let (low, high) = (BigUint::from(at) - &slack, BigUint::from(at) + &slack);
            prop_assert_eq!(BigUint::from(capped(at, price, step, seconds)), BigUint::from(price).clamp(low, high.min(BigUint::from(u128::MAX))));
        }
    }
}
