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

/// A double word as (low, high).
#[inline(always)]
pub fn split(n: u128) -> (u64, u64) {
    words::split(n)
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

/// ⌊rest·2⁶⁴ / divisor⌋, the binary fraction of a quotient; `rest` is below `divisor`, which is not zero.
#[inline(always)]
pub fn fraction_q64(rest: u64, divisor: u64) -> u64 {
    words::div_wide_shared(rest, 0, divisor).0
}

/// ⌊√n⌋ of a 64-bit integer.
///
/// Newton's method from above (Warren, *Hacker's Delight*, 2nd ed., 11-1): the estimates fall until they reach the root.
#[inline(never)]
pub fn isqrt_u64(n: u64) -> u64 {
    if n == 0 {
        return 0;
    }
    // the least power of two above the root: at most 2³²
    let mut root = 1u64 << (64u32.saturating_sub(words::leading_zeros(n) & !1) >> 1);
    while let Some(quotient) = n.checked_div(root) {
        if quotient >= root {
            break;
        }
        root = root.wrapping_add(quotient) >> 1;
    }
    root
}

/// ⌊√n⌋ of a 128-bit integer; the root always fits 64 bits.
#[inline(never)]
pub fn isqrt_u128(n: u128) -> u64 {
    let (low, high) = words::split(n);
    let head = isqrt_u64(high);
    if head == 0 {
        return isqrt_u64(low);
    }
    // above the root by less than 2³², or the largest word: one or two of Newton's steps
    let mut root = head.saturating_add(1).saturating_mul(1 << 32);
    // an estimate above the root is above the high word, unless both are the largest
    while high < root {
        let (quotient, _) = words::div_wide_shared(high, low, root);
        if quotient >= root {
            break;
        }
        // (root + quotient) / 2, rounded down
        root = root.wrapping_sub(root.wrapping_sub(quotient).div_ceil(2));
    }
    root
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
        fn a_fraction_equals_the_wide_quotient(rest: u64, divisor in 1u64.., bits in 0u32..64) {
            let divisor = (divisor >> bits).max(1);
            let rest = rest % divisor;
            let exact = (u128::from(rest) << 64) / u128::from(divisor);
            prop_assert_eq!(u128::from(fraction_q64(rest, divisor)), exact);
        }
    }

    #[test]
    fn roots_at_the_edges() {
        for root in [
            0,
            1,
            2,
            1 << 31,
            (1 << 32) - 1,
            1 << 32,
            (1 << 63) - 1,
            1 << 63,
            u64::MAX - 1,
            u64::MAX,
        ] {
            let square = u128::from(root) * u128::from(root);
            assert_eq!(isqrt_u128(square), root);
            assert_eq!(isqrt_u64(root), root.isqrt());
            assert_eq!(isqrt_u128(square + u128::from(root)), root);
            assert_eq!(isqrt_u128(square + 2 * u128::from(root)), root);
            assert_eq!(isqrt_u128(square.saturating_sub(1)), root.saturating_sub(1));
        }
        assert_eq!(isqrt_u128(u128::MAX), u64::MAX);
    }

    proptest! {
        #[test]
        fn a_root_is_that_of_the_standard_library(n: u128, shift in 0u32..128) {
            prop_assert_eq!(u128::from(isqrt_u128(n >> shift)), (n >> shift).isqrt());
            let word = words::split(n).0 >> (shift >> 1);
            prop_assert_eq!(isqrt_u64(word), word.isqrt());
        }

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
