//! Volatility as trades see it: how far the price has moved from a reference, and what is left of earlier moves.
//!
//! The idea of a reference that volatility is measured from, and of a decay between trades, is that of the volatility
//! accumulators of Trader Joe's Liquidity Book and Meteora's DLMM. Here the reference moves only when the price has left it
//! by a threshold, or after an hour: dust trades cannot carry it along and a split trade pays as the whole one does.

use super::{oracle::seconds_since, wide::bit_length_u128};
use commonweal_interface::math::split;

/// Seconds in which volatility decays to nothing and after which the reference follows the price.
pub const RESET_SECONDS: u64 = 3_600;
/// Highest volatility, in ppm.
pub const MAX_VOLATILITY_PPM: u32 = 1_000_000;
/// Bits of a price that are compared; with them and 10⁶ < 2²⁰ a product stays within 64 bits.
const COMPARED_BITS: u32 = 44;

/// What a pool stores of its volatility.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volatility {
    /// The reference, Q64.64; 0 before the first.
    pub price_q64: u128,
    /// Volatility at the time of the reference, in ppm.
    pub volatility_ppm: u32,
    /// Unix time of the reference.
    pub ts: i64,
}

impl Volatility {
    /// The volatility at a price before a trade, in ppm, and what is to be stored if the reference moves.
    ///
    /// vol = min(10⁶, ⌊vol_ref·(3600 − e) / 3600⌋ + move), e seconds after the reference; a clock that steps back counts as
    /// standing still.
    #[inline(always)]
    pub fn observe(&self, price_q64: u128, threshold_ppm: u32, now_ts: i64) -> (u32, Option<Self>) {
        let elapsed = seconds_since(self.ts, now_ts);
        let moved_to = |volatility_ppm: u32| Self {
            price_q64,
            volatility_ppm,
            ts: now_ts,
        };
        if self.price_q64 == 0 || elapsed >= RESET_SECONDS {
            return (0, Some(moved_to(0)));
        }
        // elapsed < 3600 and 32 bits of volatility: no product wraps
        let carried = u64::from(self.volatility_ppm)
            .wrapping_mul(RESET_SECONDS.wrapping_sub(elapsed))
            .wrapping_div(RESET_SECONDS);
        let moved = move_ppm(price_q64, self.price_q64);
        // at most 2³² and 2⁴⁴·10⁶
        let sum = carried.wrapping_add(moved).min(u64::from(MAX_VOLATILITY_PPM));
        let volatility_ppm = u32::try_from(sum).unwrap_or(MAX_VOLATILITY_PPM);
        let stored = (moved >= u64::from(threshold_ppm)).then(|| moved_to(volatility_ppm));
        (volatility_ppm, stored)
    }
}

/// A price without its lowest bits, at most 44 of which are left. A shift of 128 bits would be twice as long.
#[inline(always)]
fn cut(price: u128, shift: u32) -> u64 {
    let (low, high) = split(price);
    if shift >= 64 {
        return high >> (shift & 63);
    }
    // without a shift there is no high word; the VM counts shifts modulo 64, and so does this
    high.wrapping_shl(64u32.wrapping_sub(shift)) | low.wrapping_shr(shift)
}

/// |p − p_ref| in ppm of p_ref, of the 44 highest bits of the larger; the whole where nothing is left of the reference.
#[inline(always)]
fn move_ppm(price: u128, reference: u128) -> u64 {
    if price == reference {
        return 0;
    }
    // as many bits as the larger has
    let shift = bit_length_u128(price | reference).saturating_sub(COMPARED_BITS);
    let (price, reference) = (cut(price, shift), cut(reference, shift));
    price
        .abs_diff(reference)
        .wrapping_mul(u64::from(MAX_VOLATILITY_PPM))
        .checked_div(reference)
        .unwrap_or(u64::from(MAX_VOLATILITY_PPM))
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    const ONE: u128 = 1 << 64;

    fn at(price_q64: u128, volatility_ppm: u32, ts: i64) -> Volatility {
        Volatility {
            price_q64,
            volatility_ppm,
            ts,
        }
    }

    #[test]
    fn the_first_price_is_the_reference() {
        let (volatility, stored) = Volatility::default().observe(ONE, 1, 50);
        assert_eq!((volatility, stored), (0, Some(at(ONE, 0, 50))));
    }

    #[test]
    fn a_move_counts_and_moves_the_reference_from_the_threshold_on() {
        // 1 % above: ⌊…⌋ of cut prices is 9,999 or 10,000
        let price = ONE + ONE / 100;
        let (volatility, stored) = at(ONE, 0, 100).observe(price, 10_001, 100);
        assert!((9_999..=10_000).contains(&volatility));
        assert_eq!(stored, None);
        let (volatility, stored) = at(ONE, 0, 100).observe(price, 9_999, 100);
        assert_eq!(stored, Some(at(price, volatility, 100)));
    }

    #[test]
    fn half_an_hour_later_half_of_it_is_left_and_after_an_hour_nothing() {
        assert_eq!(at(ONE, 20_000, 0).observe(ONE, 1, 1_800), (10_000, None));
        assert_eq!(at(ONE, 20_000, 0).observe(ONE, 1, 3_599), (5, None));
        assert_eq!(
            at(ONE, 20_000, 0).observe(ONE * 2, 1, 3_600),
            (0, Some(at(ONE * 2, 0, 3_600)))
        );
    }

    #[test]
    fn a_clock_that_steps_back_stands_still() {
        assert_eq!(at(ONE, 20_000, 1_000).observe(ONE, 1, 10), (20_000, None));
        assert_eq!(at(ONE, 7, i64::MAX).observe(ONE, 1, i64::MIN), (7, None));
    }

    #[test]
    fn extremes_stay_at_the_whole() {
        for (price, reference) in [(u128::MAX, 1), (1, u128::MAX), (u128::MAX, u128::MAX - 1), (2, 1)] {
            let (volatility, _) = at(reference, 1_000_000, 0).observe(price, 1, 0);
            assert!(volatility <= MAX_VOLATILITY_PPM);
        }
        assert_eq!(at(1, 0, 0).observe(u128::MAX, 1, 0).0, MAX_VOLATILITY_PPM);
    }

    proptest! {
        #[test]
        fn the_move_is_within_a_ppm_of_the_exact_one(price in ONE / 1_000..ONE * 1_000, factor in 1u32..4_000_000) {
            let reference = price / 1_000_000 * u128::from(factor) + 1;
            let exact = price.abs_diff(reference).checked_mul(1_000_000).map(|p| p / reference);
            prop_assume!(price / reference < 1_000 );
            if let Some(exact) = exact {
                let got = u128::from(move_ppm(price, reference));
                prop_assert!(got.abs_diff(exact) <= 1 + exact / 1_000_000);
            }
        }

        #[test]
        fn moving_in_steps_below_the_threshold_pays_as_the_whole(step in 1u32..999, steps in 1u32..50) {
            let mut state = at(ONE, 0, 0);
            let mut price = ONE;
            let mut last = 0;
            for _ in 0..steps {
                price += ONE / 1_000_000 * u128::from(step);
                let (volatility, stored) = state.observe(price, 100_000, 0);
                prop_assert_eq!(stored, None);
                last = volatility;
            }
            prop_assert_eq!(at(ONE, 0, 0).observe(price, 100_000, 0).0, last);
            if let (_, Some(next)) = state.observe(price, 1, 0) { state = next; }
            prop_assert!(state.price_q64 == price || last == 0);
        }
    }
}
