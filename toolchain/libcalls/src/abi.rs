//! The names and the calling convention LLVM expects: arguments in r1..r4, the result in r0 and r2.
// These are called by generated code only; their contracts are LLVM's.
#![allow(
    clippy::missing_safety_doc,
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects
)]

use crate::words::{div_rem, join, mul, split};
#[cfg(not(feature = "lean"))]
use crate::words::{div_signed, rem_signed};

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

#[cfg(not(feature = "lean"))]
#[unsafe(no_mangle)]
unsafe extern "unadjusted" fn __divti3(n: i128, d: i128) -> i128 {
    div_signed(n, d)
}

#[cfg(not(feature = "lean"))]
#[unsafe(no_mangle)]
unsafe extern "unadjusted" fn __modti3(n: i128, d: i128) -> i128 {
    rem_signed(n, d)
}

// Two floating-point helpers that std's formatting refers to and `solana-compiler-builtins` 0.3 lacks. The arguments are raw
// bit patterns. No program computes with floats; the linker merely wants the names.
#[cfg(not(feature = "lean"))]
#[unsafe(no_mangle)]
unsafe extern "C" fn __unorddf2(a: u64, b: u64) -> i32 {
    let is_nan = |x: u64| (x & (u64::MAX >> 1)) > 0x7ff0_0000_0000_0000;
    i32::from(is_nan(a) || is_nan(b))
}

#[cfg(not(feature = "lean"))]
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

// Equality of addresses and discriminators is most of what these compare, at a length the compiler knows and with the order
// unused: of a loop over words that ends at the first difference nothing is left but loads and branches. The versions of
// `solana-compiler-builtins` (weak symbols, these win) look for the differing byte, which stays in every inlined copy.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, len: usize) -> i32 {
    let order = |less: bool| if less { -1 } else { 1 };
    let mut at = 0;
    while at + 8 <= len {
        // SAFETY: both pointers are readable for `len` bytes by contract.
        let (x, y) = unsafe {
            (
                a.add(at).cast::<u64>().read_unaligned(),
                b.add(at).cast::<u64>().read_unaligned(),
            )
        };
        if x != y {
            return order(x.swap_bytes() < y.swap_bytes());
        }
        at += 8;
    }
    while at < len {
        // SAFETY: as above.
        let (x, y) = unsafe { (a.add(at).read(), b.add(at).read()) };
        if x != y {
            return order(x < y);
        }
        at += 1;
    }
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, len: usize) -> i32 {
    // SAFETY: the contract is the same.
    unsafe { memcmp(a, b, len) }
}

#[cfg(feature = "lean")]
macro_rules! trap {
    ($($name:ident)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name() -> u64 {
            unreachable!()
        }
    )*};
}

// Nothing calls these in a lean program. The linker keeps what has these names all the same, so what has them is short.
#[cfg(feature = "lean")]
trap! {
    __divti3 __modti3
    __adddf3 __subdf3 __negdf2 __muldf3 __divdf3 __floatundidf __fixunsdfdi __gedf2 __gtdf2
}
