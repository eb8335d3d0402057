//! Integer arithmetic whose rounding is in its name.
//!
//! Every function returns `None` on overflow or on a zero divisor and never panics.

use commonweal_libcalls::words;

/// Full product of two words as (low, high).
///
/// A `u128` product is the same number; on chain it is a call that multiplies 128 by 128 bits, and this is four machine
/// multiplications.
#[inline(always)]
pub fn mul_wide(a: u64, b: u64) -> (u64, u64) {
    words::mul_wide(a, b)
}

/// Quotient and remainder of a product whose quotient fits a word.
///
/// Out of line: every caller shares one body. 40 CU where the product fits a word, about 110 where it does not.
#[inline(never)]
fn mul_div_rem(a: u64, b: u64, d: u64) -> Option<(u64, u64)> {
    let (low, high) = mul_wide(a, b);
    if high == 0 {
        return Some((low.checked_div(d)?, low.checked_rem(d)?));
    }
    // also refuses d = 0
    if high >= d {
        return None;
    }
    Some(words::div_wide(high, low, d))
}

/// ⌊a·b / d⌋ with a 128-bit intermediate.
#[inline(always)]
pub fn mul_div_floor(a: u64, b: u64, d: u64) -> Option<u64> {
    mul_div_rem(a, b, d).map(|(quotient, _)| quotient)
}

/// ⌈a·b / d⌉ with a 128-bit intermediate.
#[inline(always)]
pub fn mul_div_ceil(a: u64, b: u64, d: u64) -> Option<u64> {
    let (quotient, remainder) = mul_div_rem(a, b, d)?;
    if remainder == 0 {
        Some(quotient)
    } else {
        quotient.checked_add(1)
    }
}

/// ⌊√n⌋ of a 64-bit integer.
#[inline]
pub fn isqrt_u64(n: u64) -> u64 {
    n.isqrt()
}

/// ⌊√n⌋ of a 128-bit integer; the root always fits 64 bits.
#[inline]
pub fn isqrt_u128(n: u128) -> u64 {
    u64::try_from(n.isqrt()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    fn wide(a: u64, b: u64, d: u64) -> Option<(u128, u128)> {
        let product = u128::from(a) * u128::from(b);
        (d != 0).then(|| (product / u128::from(d), product % u128::from(d)))
    }

    #[test]
    fn a_zero_divisor_has_no_result() {
        for (a, b) in [(0, 0), (1, 1), (u64::MAX, u64::MAX)] {
            assert_eq!(mul_div_floor(a, b, 0), None);
            assert_eq!(mul_div_ceil(a, b, 0), None);
        }
    }

    #[test]
    fn a_ceiling_of_65_bits_has_no_result() {
        // 2⁶⁴ − 1 and a remainder
        assert_eq!(mul_div_floor(u64::MAX, u64::MAX, u64::MAX), Some(u64::MAX));
        assert_eq!(mul_div_floor(1 << 63, (1 << 63) + 1, 1 << 62), None);
        assert_eq!(mul_div_floor(u64::MAX, 3, 3), Some(u64::MAX));
        // 2⁶⁵ − 1 = 2·(2⁶⁴ − 1) + 1
        let (a, b) = (253_921, 145_295_143_558_111);
        assert_eq!(mul_div_floor(a, b, 2), Some(u64::MAX));
        assert_eq!(mul_div_ceil(a, b, 2), None);
    }

    proptest! {
        #[test]
        fn quotients_equal_the_wide_formula(a: u64, b: u64, d: u64, sa in 0u32..64, sb in 0u32..64, sd in 0u32..64) {
            let (a, b, d) = (a >> sa, b >> sb, d >> sd);
            let fits = |n: u128| u64::try_from(n).ok();
            let floor = wide(a, b, d).and_then(|(q, _)| fits(q));
            let ceil = wide(a, b, d).and_then(|(q, r)| fits(q + u128::from(r != 0)));
            prop_assert_eq!(mul_div_floor(a, b, d), floor);
            prop_assert_eq!(mul_div_ceil(a, b, d), ceil);
        }

        #[test]
        fn a_wide_product_is_the_product(a: u64, b: u64) {
            let (low, high) = mul_wide(a, b);
            prop_assert_eq!(u128::from(low) | u128::from(high) << 64, u128::from(a) * u128::from(b));
        }
    }
}
