//! The names and the calling convention LLVM expects: arguments in r1..r4, the result in r0 and r2.
// These are called by generated code only; their contracts are LLVM's.
#![allow(
    clippy::missing_safety_doc,
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects
)]

use crate::words::{div_rem, div_signed, join, mul, rem_signed, split};

#[unsafe(no_mangle)]
unsafe extern "unadjusted" fn __multi3(a: u128, b: u128) -> u128 {
    join(mul(split(a), split(b)))
}

#[unsafe(no_mangle)]
unsafe extern "unadjusted" fn __udivti3(n: u128, d: u128) -> u128 {
    join(div_rem(split(n), split(d)).0)
}

#[unsafe(no_mangle)]
unsafe extern "unadjusted" fn __umodti3(n: u128, d: u128) -> u128 {
    join(div_rem(split(n), split(d)).1)
}

#[unsafe(no_mangle)]
unsafe extern "unadjusted" fn __divti3(n: i128, d: i128) -> i128 {
    div_signed(n, d)
}

#[unsafe(no_mangle)]
unsafe extern "unadjusted" fn __modti3(n: i128, d: i128) -> i128 {
    rem_signed(n, d)
}

// Two floating-point helpers that std's formatting refers to and `solana-compiler-builtins` 0.3 lacks. The arguments are raw
// bit patterns. No program computes with floats; the linker merely wants the names.
#[unsafe(no_mangle)]
unsafe extern "C" fn __unorddf2(a: u64, b: u64) -> i32 {
    let is_nan = |x: u64| (x & (u64::MAX >> 1)) > 0x7ff0_0000_0000_0000;
    i32::from(is_nan(a) || is_nan(b))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn __fixdfdi(a: u64) -> i64 {
    let exponent = ((a >> 52) & 0x7ff) as i64 - 1023;
    if exponent < 0 {
        return 0;
    }
    let negative = a >> 63 == 1;
    if exponent >= 63 {
        return if negative { i64::MIN } else { i64::MAX };
    }
    let mantissa = (a & ((1 << 52) - 1)) | (1 << 52);
    let value = if exponent <= 52 {
        mantissa >> (52 - exponent) as u32
    } else {
        mantissa << (exponent - 52) as u32
    } as i64;
    if negative {
        value.wrapping_neg()
    } else {
        value
    }
}
