//! What the tests of several modules share: numbers of every size, and the stable curve in big integers, by bisection of the
//! equation as the paper has it. Nothing here is taken from the code under test.

use {
    num_bigint::BigUint,
    proptest::{prelude::*, test_runner::Config},
};

/// A property's configuration: so many cases, or `COMMONWEAL_MATH_CASES`.
pub fn cases(usual: u32) -> Config {
    let wanted = std::env::var("COMMONWEAL_MATH_CASES").ok();
    Config::with_cases(wanted.as_deref().and_then(|n| n.parse().ok()).unwrap_or(usual))
}

/// Amounts above zero of every length up to `bits`, a third of them of 1 to 30 atoms.
pub fn amount(bits: u32) -> impl Strategy<Value = u64> {
    (any::<u64>(), 0..bits, 0u8..3).prop_map(move |(n, length, kind)| {
        if kind == 0 {
            1 + n % 30
        } else {
            ((1u64 << length) | (n & ((1u64 << length) - 1))).max(1)
        }
    })
}

/// Amplifications of every size.
pub fn amplification() -> impl Strategy<Value = u32> {
    (0u32..=6, 1u32..=10).prop_map(|(power, digit)| (10u32.pow(power) * digit).min(1_000_000))
}

/// Whether balances have an invariant of at least `d`: Ann·(a+b) + D ≥ Ann·D + D³/(4ab).
pub fn is_invariant_at_least(a: &BigUint, b: &BigUint, amplification: u32, d: &BigUint) -> bool {
    let ann = BigUint::from(amplification) * 2u32;
    let quadruple = a * b * 4u32;
    (&ann * (a + b) + d) * &quadruple >= ann * d * quadruple + d * d * d
}

/// ⌊D⌋ by bisection.
pub fn invariant_floor(a: &BigUint, b: &BigUint, amplification: u32) -> BigUint {
    let (mut low, mut high) = (BigUint::from(0u32), a + b + 1u32);
    while &low + 1u32 < high {
        let middle = (&low + &high) / 2u32;
        if is_invariant_at_least(a, b, amplification, &middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// D·2³² rounded down: the invariant is homogeneous of degree one, so that scaled balances give its fraction.
pub fn invariant_fine(a: &BigUint, b: &BigUint, amplification: u32) -> BigUint {
    invariant_floor(&(a << 32u32), &(b << 32u32), amplification)
}
