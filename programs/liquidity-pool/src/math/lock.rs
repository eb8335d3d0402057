//! What a share is worth, and what a lock for ever has earned.

use {
    super::{MathError, MathResult},
    commonweal_interface::math::{isqrt_u128, mul_div_ceil},
};

/// Bits after the point of a share's value.
const FRACTION_BITS: u32 = 64;

/// What a share is worth: √(x·y) / S, or D / S of a stable curve. Q64.64, from below and from above, so that a comparison of
/// two moments can round against whom it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareValue {
    /// At most the value.
    pub floor_q64: u128,
    /// At least the value.
    pub ceil_q64: u128,
}

impl ShareValue {
    /// Of a constant product: √(x·y) / shares, the root to 63 significant bits however small the reserves.
    pub fn of_product(x_atoms: u64, y_atoms: u64, shares: u128) -> MathResult<Self> {
        let product = u128::from(x_atoms)
            .checked_mul(u128::from(y_atoms))
            .ok_or(MathError::Overflow)?;
        // an even number of places, so that the root moves by whole ones
        let places = product.leading_zeros() & !1;
        let scaled = product.checked_shl(places).ok_or(MathError::InsufficientLiquidity)?;
        let root = u128::from(isqrt_u128(scaled));
        let is_exact = root.checked_mul(root) == Some(scaled);
        let left = FRACTION_BITS.saturating_sub(places >> 1);
        // below 2¹²⁸: the root has 64 bits, and one above the largest word is never needed without places
        let value = |root: u128| root.checked_shl(left).ok_or(MathError::Overflow);
        let above = if is_exact { root } else { root.saturating_add(1) };
        Ok(Self {
            floor_q64: value(root)?.checked_div(shares).ok_or(MathError::Overflow)?,
            ceil_q64: div_ceil(value(above)?, shares)?,
        })
    }

    /// Of a stable curve: D / shares.
    pub fn of_invariant(invariant: u128, shares: u128) -> MathResult<Self> {
        let places = invariant.leading_zeros().min(FRACTION_BITS);
        let scaled = invariant.checked_shl(places).ok_or(MathError::Overflow)?;
        let left = FRACTION_BITS.saturating_sub(places);
        let value = |quotient: u128| {
            if quotient.leading_zeros() < left {
                return Err(MathError::Overflow);
            }
            quotient.checked_shl(left).ok_or(MathError::Overflow)
        };
        Ok(Self {
            floor_q64: value(scaled.checked_div(shares).ok_or(MathError::Overflow)?)?,
            ceil_q64: value(div_ceil(scaled, shares)?)?,
        })
    }
}

fn div_ceil(dividend: u128, divisor: u128) -> MathResult<u128> {
    let quotient = dividend.checked_div(divisor).ok_or(MathError::Overflow)?;
    let is_exact = quotient.checked_mul(divisor) == Some(dividend);
    quotient.checked_add(u128::from(!is_exact)).ok_or(MathError::Overflow)
}

/// Shares a lock may let go since a share's value rose: locked − ⌈locked·before/now⌉, so that what stays locked is worth at
/// least what was locked. `before_q64` is a value from above, `now_q64` from below.
///
/// The values are compared by their 64 leading bits; what that leaves out stays locked.
pub fn released_floor(locked_atoms: u64, before_q64: u128, now_q64: u128) -> u64 {
    if before_q64 >= now_q64 {
        return 0;
    }
    let dropped = u64::BITS.saturating_sub(now_q64.leading_zeros());
    let word = |value: u128| u64::try_from(value.checked_shr(dropped).unwrap_or(0)).unwrap_or(u64::MAX);
    let lost = before_q64.trailing_zeros() < dropped;
    let before = word(before_q64).saturating_add(u64::from(lost));
    let kept = mul_div_ceil(locked_atoms, before, word(now_q64)).unwrap_or(u64::MAX);
    locked_atoms.saturating_sub(kept)
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    fn big(number: u128) -> BigUint {
        BigUint::from(number)
    }

    /// ⌊√(x·y)·2⁶⁴ / S⌋ in wide integers: ⌊√(x·y·2¹²⁸ / S²)⌋ is the same number.
    fn exact_floor(x: u64, y: u64, shares: u128) -> BigUint {
        ((big(x.into()) * y << 128u32) / (big(shares) * shares)).sqrt()
    }

    fn atoms() -> impl Strategy<Value = u64> {
        prop_oneof![1u64..=30, 1u64..=1_000_000_000_000, any::<u64>().prop_map(|n| n.max(1))]
    }

    proptest! {
        #[test]
        fn a_shares_value_lies_between_its_bounds(x in atoms(), y in atoms(), supply in any::<u64>()) {
            let shares = u128::from(supply) + 1_000;
            let value = ShareValue::of_product(x, y, shares).unwrap();
            let exact = exact_floor(x, y, shares);
            prop_assert!(big(value.floor_q64) <= exact);
            // the exact value is below exact + 1
            prop_assert!(big(value.ceil_q64) >= exact);
            let square = big(value.ceil_q64) * value.ceil_q64 * shares * shares;
            prop_assert!(square >= big(x.into()) * y << 128u32, "the upper bound is above the value itself");
            // within a unit and one part in 2⁶²
            prop_assert!(value.ceil_q64 - value.floor_q64 <= 2 + (value.floor_q64 >> 62));
        }

        #[test]
        fn an_invariants_value_lies_between_its_bounds(d in 1u128..1 << 82, supply in any::<u64>()) {
            let shares = u128::from(supply) + 1_000;
            let (scaled, shares_big) = (big(d) << 64u32, big(shares));
            if let Ok(value) = ShareValue::of_invariant(d, shares) {
                prop_assert!(big(value.floor_q64) * &shares_big <= scaled);
                prop_assert!(big(value.ceil_q64) * &shares_big >= scaled);
            } else {
                prop_assert!(&scaled / &shares_big >= big(1) << 110u32, "only values out of range are refused");
            }
        }

        #[test]
        fn what_stays_locked_is_worth_what_was_locked(
            locked in any::<u64>(), before in 1u128.., rise in 0u128..1 << 100
        ) {
            let now = before.saturating_add(rise);
            let released = released_floor(locked, before, now);
            let kept = locked - released;
            prop_assert!(big(kept.into()) * now >= big(locked.into()) * before);
            // no more stays than the rounding asks: one share and a part in 2⁶²
            let least = (big(locked.into()) * before).div_ceil_by(now);
            prop_assert!(big(kept.into()) <= least + 2u32 + (locked >> 62));
        }
    }

    trait DivCeil {
        fn div_ceil_by(self, divisor: u128) -> BigUint;
    }

    impl DivCeil for BigUint {
        fn div_ceil_by(self, divisor: u128) -> BigUint {
            (self + (divisor - 1)) / divisor
        }
    }

    #[test]
    fn nothing_is_released_while_the_value_has_not_risen() {
        assert_eq!(released_floor(u64::MAX, 7 << 64, 7 << 64), 0);
        assert_eq!(released_floor(u64::MAX, 8 << 64, 7 << 64), 0);
        assert_eq!(released_floor(0, 1, u128::MAX), 0);
        assert_eq!(released_floor(1_000, 1 << 64, 2 << 64), 500);
        assert_eq!(released_floor(999, 1 << 64, 2 << 64), 499);
    }

    #[test]
    fn the_largest_reserves_have_a_value() {
        let value = ShareValue::of_product(u64::MAX, u64::MAX, 1).unwrap();
        assert_eq!(value.floor_q64, u128::from(u64::MAX) << 64);
        assert_eq!(value.ceil_q64, value.floor_q64);
        assert!(ShareValue::of_product(0, 5, 1).is_err());
    }
}
