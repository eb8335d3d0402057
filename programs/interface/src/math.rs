//! Integer arithmetic whose rounding is in its name.
//!
//! Every function returns `None` on overflow or on a zero divisor and never panics.

/// ⌊a·b / d⌋ with a 128-bit intermediate.
#[inline(always)]
pub fn mul_div_floor(a: u64, b: u64, d: u64) -> Option<u64> {
    let product = u128::from(a).checked_mul(u128::from(b))?;
    u64::try_from(product.checked_div(u128::from(d))?).ok()
}

/// ⌈a·b / d⌉ with a 128-bit intermediate.
#[inline(always)]
pub fn mul_div_ceil(a: u64, b: u64, d: u64) -> Option<u64> {
    let product = u128::from(a).checked_mul(u128::from(b))?;
    let divisor = u128::from(d);
    let quotient = product.checked_div(divisor)?;
    // quotient·divisor ≤ product, so neither step can wrap
    let remainder = product.checked_sub(quotient.checked_mul(divisor)?)?;
    let rounded = if remainder == 0 {
        quotient
    } else {
        quotient.checked_add(1)?
    };
    u64::try_from(rounded).ok()
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
