//! A farm's arithmetic: what a lane releases over time, and what a position's weight is paid of it.
//!
//! Reward per unit of weight is accumulated, never shared out (Batog, Boca & Johnson, *Scalable Reward Distribution on the
//! Ethereum Blockchain*, 2018; MasterChef; Synthetix `StakingRewards`): each weight remembers the accumulator it was last
//! paid at, and is paid the difference. The accumulator is Q64.64 and wraps; differences are right all the same.
//!
//! A plural weight is the root of a stake, as a person's influence is the root of what it spends in quadratic funding
//! (Buterin, Hitzig & Weyl, *A Flexible Design for Funding Public Goods*, 2019).

use commonweal_interface::math::{mul_div_floor, mul_wide};

/// One lane of a farm at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneState {
    /// Atoms released a second, Q64.
    pub rate_q64: u128,
    /// Σ atoms released per unit of weight, Q64.64, wrapping.
    pub per_weight_q64: u128,
    /// What is released and not yet in the accumulator, in 2⁻⁶⁴ atoms: less than one for each unit of weight.
    pub carry_q64: u64,
    /// Σ weights.
    pub weight: u64,
}

impl LaneState {
    /// Releases what is due for `seconds` at the present rate and weight.
    ///
    /// Returns the whole atoms that nobody's weight was there to earn. The remainder of the division stays in the carry, so
    /// that releasing every second releases as much as releasing once. rate · seconds + carry is at most what the lane was
    /// funded with, below 2¹²⁸: nothing wraps.
    #[must_use]
    pub fn release(&mut self, seconds: u64) -> u64 {
        let due = self
            .rate_q64
            .wrapping_mul(u128::from(seconds))
            .wrapping_add(u128::from(self.carry_q64));
        let weight = u128::from(self.weight);
        let Some(each) = due.checked_div(weight) else {
            let (fraction, atoms) = halves(due);
            self.carry_q64 = fraction;
            return atoms;
        };
        self.per_weight_q64 = self.per_weight_q64.wrapping_add(each);
        // less than the weight
        (self.carry_q64, _) = halves(due.wrapping_sub(each.wrapping_mul(weight)));
        0
    }

    /// The rate at which what is left of `seconds_left` at the present rate, and `added_atoms`, last for `seconds`, rounded
    /// down; the rest, less than 2⁻³⁰ atoms, is released to nobody. `None` for no seconds or beyond 2¹²⁸.
    #[must_use]
    pub fn funded_rate(&self, seconds_left: u64, added_atoms: u64, seconds: u64) -> Option<u128> {
        self.rate_q64
            .checked_mul(u128::from(seconds_left))?
            .checked_add(u128::from(added_atoms) << 64)?
            .checked_div(u128::from(seconds))
    }
}

/// Splits a Q64.64 number: its fraction, and its whole part.
// both fit by construction
#[allow(clippy::cast_possible_truncation)]
fn halves(n: u128) -> (u64, u64) {
    (n as u64, (n >> 64) as u64)
}

/// ⌊weight · grown / 2⁶⁴⌋: what a weight is paid for the growth of the accumulator since it was last paid.
///
/// The growth times the weight is at most what was released meanwhile, so the result fits; if it did not, it would be the
/// largest amount, which no vault holds.
#[must_use]
pub fn pay_floor(weight: u64, grown_q64: u128) -> u64 {
    let (fraction, whole) = halves(grown_q64);
    let (_, of_fraction) = mul_wide(weight, fraction);
    times(weight, whole).saturating_add(of_fraction)
}

/// What a seat keeps of its lane's pay: at most `multiple` times what the open lane paid the same position for the same time.
#[must_use]
pub fn capped(plural_atoms: u64, open_atoms: u64, multiple: u16) -> u64 {
    plural_atoms.min(times(open_atoms, u64::from(multiple)))
}

/// a·b, or the largest word.
fn times(a: u64, b: u64) -> u64 {
    match mul_wide(a, b) {
        (product, 0) => product,
        _ => u64::MAX,
    }
}

/// The two lanes' parts of a funding: open, and ⌊amount · share / 10⁶⌋ plural. The rounding is the open lane's.
#[must_use]
pub fn split(amount_atoms: u64, plural_share_ppm: u32) -> (u64, u64) {
    // a share below one of an amount fits
    let plural = mul_div_floor(amount_atoms, u64::from(plural_share_ppm), 1_000_000).unwrap_or(0);
    (amount_atoms.saturating_sub(plural), plural)
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    fn big(n: impl Into<BigUint>) -> BigUint {
        n.into()
    }

    #[test]
    fn releasing_every_second_releases_as_much_as_releasing_once() {
        // a third of an atom a second over a weight that divides nothing
        let start = LaneState {
            rate_q64: (1 << 64) / 3,
            weight: (1 << 63) + 12_345,
            ..LaneState::default()
        };
        let (mut often, mut once) = (start, start);
        for _ in 0..10_000 {
            assert_eq!(often.release(1), 0);
        }
        assert_eq!(once.release(10_000), 0);
        assert_eq!(often, once);
        assert!(once.per_weight_q64 > 0);
    }

    #[test]
    fn without_weight_whole_atoms_come_back_and_fractions_stay() {
        let mut lane = LaneState {
            rate_q64: 3 << 62,
            ..LaneState::default()
        };
        assert_eq!(lane.release(1), 0);
        assert_eq!(lane.carry_q64, 3 << 62);
        assert_eq!(lane.release(1), 1);
        assert_eq!(lane.carry_q64, 1 << 63);
        assert_eq!(lane.per_weight_q64, 0);
    }

    #[test]
    fn the_largest_funding_of_the_least_weight_fits() {
        let mut lane = LaneState {
            weight: 1,
            ..LaneState::default()
        };
        lane.rate_q64 = lane.funded_rate(0, u64::MAX, 3_600).unwrap();
        let before = u128::MAX - 5;
        lane.per_weight_q64 = before;
        assert_eq!(lane.release(3_600), 0);
        // what rounding the rate down took is less than one atom
        let paid = pay_floor(1, lane.per_weight_q64.wrapping_sub(before));
        assert!(paid == u64::MAX || paid == u64::MAX - 1);
    }

    #[test]
    fn an_amount_splits_without_loss() {
        assert_eq!(split(10, 900_000), (1, 9));
        assert_eq!(split(1, 900_000), (1, 0));
        assert_eq!(split(u64::MAX, 0), (u64::MAX, 0));
        let (open, plural) = split(u64::MAX, 900_000);
        assert_eq!(u128::from(open) + u128::from(plural), u128::from(u64::MAX));
    }

    proptest! {
        #[test]
        fn a_release_is_that_of_wide_integers(
            funded: u64,
            seconds in 1u64..157_680_000,
            part in 0.0f64..=1.0,
            weight: u64,
            shift in 0u32..64,
            carry: u64,
        ) {
            let weight = weight >> shift;
            let carry_q64 = if weight == 0 { carry } else { carry % weight };
            let mut lane = LaneState { weight, carry_q64, ..LaneState::default() };
            lane.rate_q64 = lane.funded_rate(0, funded >> 1, seconds).unwrap();
            let elapsed = (seconds as f64 * part) as u64;
            let due = big(lane.rate_q64) * elapsed + carry_q64;
            let given_back = lane.release(elapsed);
            if weight == 0 {
                prop_assert_eq!((big(given_back) << 64) + lane.carry_q64, due);
            } else {
                prop_assert_eq!(given_back, 0);
                prop_assert!(lane.carry_q64 < weight);
                prop_assert_eq!(big(lane.per_weight_q64) * weight + lane.carry_q64, due);
            }
        }

        #[test]
        fn a_pay_is_that_of_wide_integers(weight: u64, grown: u128, shift in 0u32..128) {
            let grown = grown >> shift;
            let exact = (big(weight) * grown) >> 64;
            prop_assert_eq!(pay_floor(weight, grown), u64::try_from(&exact).unwrap_or(u64::MAX));
        }

        #[test]
        fn the_weights_together_are_paid_no_more_than_was_released(
            a in 1u64..1 << 40, b in 1u64..1 << 40, funded: u64, seconds in 3_600u64..157_680_000,
        ) {
            let mut lane = LaneState { weight: a + b, ..LaneState::default() };
            lane.rate_q64 = lane.funded_rate(0, funded, seconds).unwrap();
            prop_assert_eq!(lane.release(seconds), 0);
            let paid = u128::from(pay_floor(a, lane.per_weight_q64)) + u128::from(pay_floor(b, lane.per_weight_q64));
            prop_assert!(paid <= u128::from(funded));
            // two floors, and the carry and the rate's remainder, each below one atom
            prop_assert!(paid + 4 >= u128::from(funded));
        }

        #[test]
        fn funding_never_lowers_a_rate_at_the_same_end(rate: u64, left in 1u64..157_680_000, added: u32) {
            let lane = LaneState { rate_q64: u128::from(rate) << 20, ..LaneState::default() };
            prop_assert!(lane.funded_rate(left, u64::from(added), left).unwrap() >= lane.rate_q64);
        }
    }
}
