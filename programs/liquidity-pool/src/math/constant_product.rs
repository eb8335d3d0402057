//! The curve x·y = k (the constant product of Uniswap v1/v2; Angeris et al., "An analysis of Uniswap markets").

use {
    super::{MathError, MathResult},
    commonweal_interface::math::{mul_div_ceil, mul_div_floor, mul_wide},
};

/// What `input` (net of fees) buys: ⌊Δx·y / (x + Δx)⌋.
///
/// It is the most that keeps x·y: one atom more would break it (P2). It never reaches the reserve while x > 0.
pub fn output_floor(input: u64, reserve_in: u64, reserve_out: u64) -> MathResult<u64> {
    let reserve_in_after = reserve_in.checked_add(input).ok_or(MathError::Overflow)?;
    mul_div_floor(input, reserve_out, reserve_in_after).ok_or(MathError::Overflow)
}

/// What `output` costs (net of fees): ⌈x·Δy / (y − Δy)⌉.
///
/// Errors: [`MathError::InsufficientLiquidity`] for the whole reserve or more.
pub fn input_ceil(output: u64, reserve_in: u64, reserve_out: u64) -> MathResult<u64> {
    let reserve_out_after = reserve_out
        .checked_sub(output)
        .ok_or(MathError::InsufficientLiquidity)?;
    if reserve_out_after == 0 {
        return Err(MathError::InsufficientLiquidity);
    }
    mul_div_ceil(reserve_in, output, reserve_out_after).ok_or(MathError::Overflow)
}

/// Refuses an output that is not ⌊Δx·y / (x + Δx)⌋ (P2).
///
/// What the product gains, (x + Δx)·(y − o) − x·y = Δx·y − o·(x + Δx), is that division's remainder: below the divisor and
/// not negative. Modulo 2⁶⁴ that is two multiplications, where comparing the products takes eight.
#[inline(always)]
pub fn remainder_kept(input: u64, output: u64, reserve_in_after: u64, reserve_out: u64) -> MathResult<()> {
    let gain = input
        .wrapping_mul(reserve_out)
        .wrapping_sub(output.wrapping_mul(reserve_in_after));
    if gain >= reserve_in_after {
        return Err(MathError::ProductFell);
    }
    Ok(())
}

/// Refuses a change of the reserves that lowers their product (P2).
pub fn product_kept(before: (u64, u64), after: (u64, u64)) -> MathResult<()> {
    let product = |(x, y): (u64, u64)| {
        let (low, high) = mul_wide(x, y);
        (high, low)
    };
    if product(after) < product(before) {
        return Err(MathError::ProductFell);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    #[test]
    fn a_tenth_in_buys_an_eleventh() {
        assert_eq!(output_floor(100, 1_000, 1_000), Ok(90));
        assert_eq!(input_ceil(90, 1_000, 1_000), Ok(99));
    }

    #[test]
    fn the_whole_reserve_has_no_price() {
        assert_eq!(input_ceil(1_000, 1_000, 1_000), Err(MathError::InsufficientLiquidity));
        assert_eq!(input_ceil(1_001, 1_000, 1_000), Err(MathError::InsufficientLiquidity));
    }

    #[test]
    fn an_atom_more_or_less_leaves_no_remainder() {
        let (input, x, y) = (1_000_003, 5_000_000_000, 3_000_000_000_000_000);
        let output = output_floor(input, x, y).unwrap();
        assert_eq!(remainder_kept(input, output, x + input, y), Ok(()));
        for wrong in [output - 1, output + 1, output + 2, 0, u64::MAX] {
            assert_eq!(remainder_kept(input, wrong, x + input, y), Err(MathError::ProductFell));
        }
    }

    #[test]
    fn a_falling_product_is_refused() {
        assert_eq!(product_kept((10, 10), (9, 11)), Err(MathError::ProductFell));
        assert_eq!(product_kept((10, 10), (10, 10)), Ok(()));
    }

    proptest! {
        #[test]
        fn one_atom_more_out_would_break_the_product(dx in 1u64..1 << 62, x in 1u64..1 << 62, y: u64) {
            let dy = output_floor(dx, x, y).unwrap();
            let k = u128::from(x) * u128::from(y);
            prop_assert!(u128::from(x + dx) * u128::from(y - dy) >= k);
            if y > dy {
                prop_assert!(u128::from(x + dx) * u128::from(y - dy - 1) < k);
            }
        }

        #[test]
        fn one_atom_less_in_would_not_buy_it(x in 1u64..1 << 40, y in 2u64..1 << 40, part in 1u64..1 << 40) {
            let dy = 1 + part % (y - 1);
            let dx = input_ceil(dy, x, y).unwrap();
            let k = u128::from(x) * u128::from(y);
            prop_assert!((u128::from(x) + u128::from(dx)) * u128::from(y - dy) >= k);
            prop_assert!((u128::from(x) + u128::from(dx) - 1) * u128::from(y - dy) < k);
        }
    }
}
