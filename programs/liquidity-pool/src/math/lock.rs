//! What a lock's shares are worth, and how many of them its fees have paid off.
//!
//! The value of a share is q = L / S_eff in Q64, L = √(a·b) on the constant product and D on the stable curve. It never falls
//! (P3); what it rises by is fees. A lock for ever keeps the value it was made with and releases the shares beyond it.

use {
    super::{wide, MathError, MathResult},
    commonweal_interface::math::isqrt_u128,
};

/// A pool's liquidity between two integers, one apart at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidity {
    /// Rounded down.
    pub floor: u128,
    /// Rounded up.
    pub ceil: u128,
}

impl Liquidity {
    /// √(a·b) of the constant product.
    pub fn of_product(reserve_a_atoms: u64, reserve_b_atoms: u64) -> Self {
        // 64 bits each: neither product can wrap
        let product = u128::from(reserve_a_atoms).wrapping_mul(u128::from(reserve_b_atoms));
        let root = u128::from(isqrt_u128(product));
        let is_exact = root.wrapping_mul(root) == product;
        Self {
            floor: root,
            ceil: root.saturating_add(u128::from(!is_exact)),
        }
    }

    /// The invariant of the stable curve, which is solved rounded down.
    pub fn of_invariant(invariant: u128) -> Self {
        Self {
            floor: invariant,
            ceil: invariant.saturating_add(1),
        }
    }

    /// q = ⌈L·2⁶⁴ / S_eff⌉, as a lock stores it.
    ///
    /// Errors: [`MathError::Overflow`] where it leaves 128 bits.
    pub fn value_ceil_q64(&self, effective_shares: u64) -> MathResult<u128> {
        wide::mul_div_ceil(self.ceil, 1 << 64, u128::from(effective_shares)).ok_or(MathError::Overflow)
    }

    /// q = ⌊L·2⁶⁴ / S_eff⌋, as a claim compares it.
    ///
    /// Errors: [`MathError::Overflow`] where it leaves 128 bits.
    pub fn value_floor_q64(&self, effective_shares: u64) -> MathResult<u128> {
        wide::mul_div_floor(self.floor, 1 << 64, u128::from(effective_shares)).ok_or(MathError::Overflow)
    }
}

/// Shares whose value is fees: s − ⌈s·q₀ / q₁⌉; none where the value has not risen.
///
/// Errors: [`MathError::Overflow`] never for q₁ above zero.
pub fn released_floor(locked_atoms: u64, value_then_q64: u128, value_now_q64: u128) -> MathResult<u64> {
    if value_now_q64 <= value_then_q64 {
        return Ok(0);
    }
    let kept = wide::mul_div_ceil(u128::from(locked_atoms), value_then_q64, value_now_q64)
        .and_then(|kept| u64::try_from(kept).ok())
        .ok_or(MathError::Overflow)?;
    locked_atoms.checked_sub(kept).ok_or(MathError::Overflow)
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    #[test]
    fn a_doubled_value_releases_half_and_an_equal_one_nothing() {
        assert_eq!(released_floor(1_001, 5, 10), Ok(500));
        assert_eq!(released_floor(1_001, 5, 5), Ok(0));
        assert_eq!(released_floor(1_001, 5, 4), Ok(0));
        assert_eq!(released_floor(u64::MAX, 1, u128::MAX), Ok(u64::MAX - 1));
    }

    #[test]
    fn liquidity_rounds_both_ways() {
        assert_eq!(Liquidity::of_product(4, 9), Liquidity { floor: 6, ceil: 6 });
        assert_eq!(Liquidity::of_product(4, 10), Liquidity { floor: 6, ceil: 7 });
        assert_eq!(Liquidity::of_product(u64::MAX, u64::MAX).ceil, u128::from(u64::MAX));
    }

    proptest! {
        #[test]
        fn what_stays_locked_is_worth_what_was_locked(locked: u64, then in 1u128..1 << 100, now in 1u128..1 << 100) {
            let kept = locked - released_floor(locked, then, now).unwrap();
            prop_assert!(BigUint::from(kept) * now >= BigUint::from(locked) * then || now <= then);
            if kept > 0 && now > then {
                prop_assert!(BigUint::from(kept - 1) * now < BigUint::from(locked) * then);
            }
        }

        #[test]
        fn values_enclose_the_true_one(a in 1u64.., b in 1u64.., shares in 1_000u64..) {
            let liquidity = Liquidity::of_product(a, b);
            // q²·S² against a·b·2¹²⁸
            let true_square = (BigUint::from(a) * b) << 128u32;
            let square = |q: u128| (BigUint::from(q) * shares).pow(2);
            prop_assert!(square(liquidity.value_floor_q64(shares).unwrap()) <= true_square);
            prop_assert!(square(liquidity.value_ceil_q64(shares).unwrap()) >= true_square);
        }
    }
}
