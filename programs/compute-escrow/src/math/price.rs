//! How a price is shared between the provider and the treasury.

use {crate::constants::PPM, commonweal_interface::math::mul_div_floor};

/// A price, divided without remainder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceSplit {
    /// The provider's part, rounded down.
    pub provider_atoms: u64,
    /// The treasury's part: all the rest.
    pub fee_atoms: u64,
}

/// Divides `price_atoms` at `fee_ppm`: the provider gets ⌊price·(10⁶ − fee)/10⁶⌋, the treasury the rest.
///
/// Rounding is against the provider, so that many small jobs never pay out more than one large (E6). A fee above one whole
/// is `None`.
pub fn split_price_floor(price_atoms: u64, fee_ppm: u32) -> Option<PriceSplit> {
    let kept_ppm = PPM.checked_sub(u64::from(fee_ppm))?;
    let provider_atoms = mul_div_floor(price_atoms, kept_ppm, PPM)?;
    let fee_atoms = price_atoms.checked_sub(provider_atoms)?;
    Some(PriceSplit {
        provider_atoms,
        fee_atoms,
    })
}

/// What is paid when the part of a price that has been paid grows from `from_atoms` to `to_atoms`: the difference of both totals'
/// splits. However many steps lead to a total, in whatever order, they pay what one would (E6).
pub fn split_between_floor(from_atoms: u64, to_atoms: u64, fee_ppm: u32) -> Option<PriceSplit> {
    let (before, after) = (
        split_price_floor(from_atoms, fee_ppm)?,
        split_price_floor(to_atoms, fee_ppm)?,
    );
    Some(PriceSplit {
        provider_atoms: after.provider_atoms.checked_sub(before.provider_atoms)?,
        fee_atoms: after.fee_atoms.checked_sub(before.fee_atoms)?,
    })
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    #[test]
    fn a_fee_is_never_rounded_away() {
        assert_eq!(
            split_price_floor(1, 1),
            Some(PriceSplit {
                provider_atoms: 0,
                fee_atoms: 1
            })
        );
        assert_eq!(
            split_price_floor(1_000_000, 20_000),
            Some(PriceSplit {
                provider_atoms: 980_000,
                fee_atoms: 20_000
            })
        );
        assert_eq!(
            split_price_floor(999, 50_000),
            Some(PriceSplit {
                provider_atoms: 949,
                fee_atoms: 50
            })
        );
    }

    #[test]
    fn no_fee_leaves_the_price_whole() {
        assert_eq!(
            split_price_floor(u64::MAX, 0),
            Some(PriceSplit {
                provider_atoms: u64::MAX,
                fee_atoms: 0
            })
        );
    }

    #[test]
    fn more_than_the_whole_is_refused() {
        assert_eq!(split_price_floor(1, 1_000_001), None);
    }

    proptest! {
        #[test]
        fn the_parts_make_the_price_and_match_big_integers(price in any::<u64>(), ppm in 0u32..=1_000_000) {
            let split = split_price_floor(price, ppm).unwrap();
            prop_assert_eq!(u128::from(split.provider_atoms) + u128::from(split.fee_atoms), u128::from(price));
            let exact = BigUint::from(price) * BigUint::from(1_000_000 - ppm) / BigUint::from(1_000_000u32);
            prop_assert_eq!(BigUint::from(split.provider_atoms), exact);
        }

        #[test]
        fn steps_pay_what_one_payment_does(a in any::<u64>(), b in any::<u64>(), c in any::<u64>(), ppm in 0u32..=1_000_000) {
            let mut at = [a, b, c];
            at.sort_unstable();
            let steps = [(0, at[0]), (at[0], at[1]), (at[1], at[2])]
                .map(|(from, to)| (from, to, split_between_floor(from, to, ppm).unwrap()));
            for (from, to, step) in steps {
                prop_assert_eq!(step.provider_atoms + step.fee_atoms, to - from);
            }
            let whole = split_price_floor(at[2], ppm).unwrap();
            prop_assert_eq!(steps.iter().map(|(_, _, step)| step.provider_atoms).sum::<u64>(), whole.provider_atoms);
            prop_assert_eq!(split_between_floor(at[2], at[0], ppm).is_none(), at[0] < at[2]);
        }

        #[test]
        fn many_jobs_never_beat_one(a in 0u64..u64::MAX / 2, b in 0u64..u64::MAX / 2, ppm in 0u32..=50_000) {
            let one = split_price_floor(a + b, ppm).unwrap().provider_atoms;
            let two = split_price_floor(a, ppm).unwrap().provider_atoms + split_price_floor(b, ppm).unwrap().provider_atoms;
            prop_assert!(two <= one);
        }
    }
}
