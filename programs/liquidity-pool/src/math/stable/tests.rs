//! The stable curve against big integers and bisection.

use {
    super::*,
    crate::math::testing::{amount, amplification, cases, invariant_floor, is_invariant_at_least},
    num_bigint::BigUint,
    proptest::prelude::*,
};

/// Most steps a search has been seen to take from the bounds where cold searches start.
const STEPS_SEEN: u32 = 12;

fn big(n: impl Into<BigUint>) -> BigUint {
    n.into()
}

fn terms(amplification: u32, scale_in: u64, scale_out: u64) -> StableTerms {
    StableTerms {
        amplification,
        scale_in,
        scale_out,
        invariant: 0,
        solved_amplification: 0,
    }
}

/// Scaled balances of every length up to the limit, a third of them tiny.
fn balance() -> impl Strategy<Value = u128> {
    (any::<u128>(), 0u32..77, 0u8..3).prop_map(|(n, length, kind)| {
        if kind == 0 {
            1 + n % 30
        } else {
            (1 << length) | (n & ((1 << length) - 1))
        }
    })
}

#[test]
fn equal_balances_have_their_sum_as_invariant() {
    for a in [1u128, 2, 30, 1_000_000, 1 << 62, SCALED_LIMIT - 1] {
        for amplification in [1, 100, 1_000_000] {
            assert_eq!(invariant(a, a, amplification, 0), Ok(2 * a));
        }
    }
}

#[test]
fn a_trade_near_balance_is_almost_one_for_one() {
    // A = 100, 10⁶ of each, 10⁴ in: the equation gives 9,999 out (1,000,000 − 990,001, with the invariant one higher)
    let got = terms(100, 1, 1)
        .output_floor(2_000_000, 10_000, 1_000_000, 1_000_000)
        .unwrap();
    let kept = |out: u64| is_invariant_at_least(&big(1_010_000u64), &big(1_000_000 - out), 100, &big(2_000_001u64));
    assert!(kept(got) && !kept(got + 1));
    assert!((9_990..10_000).contains(&got));
}

#[test]
fn empty_or_excessive_balances_have_no_invariant() {
    assert_eq!(invariant(0, 5, 100, 0), Err(MathError::InsufficientLiquidity));
    assert_eq!(invariant(5, 0, 100, 0), Err(MathError::InsufficientLiquidity));
    assert_eq!(invariant(5, SCALED_LIMIT, 100, 0), Err(MathError::Overflow));
    assert_eq!(invariant(5, 5, 0, 0), Err(MathError::Overflow));
    assert_eq!(invariant(5, 5, 1_000_001, 0), Err(MathError::Overflow));
    assert_eq!(other_balance(0, 5, 100, 0), Err(MathError::InsufficientLiquidity));
    assert_eq!(other_balance(1, 1 << 78, 100, 0), Err(MathError::Overflow));
    // the other balance would be far beyond the limit
    assert_eq!(other_balance(1, 1 << 76, 1, 1), Err(MathError::Overflow));
}

#[test]
fn a_search_that_runs_out_of_steps_is_an_error() {
    assert_eq!(invariant_within(0, 5, 7, 100, 0), Err(MathError::NotConverged));
    assert_eq!(invariant_within(1, 1, 1 << 70, 100, 0), Err(MathError::NotConverged));
    assert_eq!(
        other_balance_within(1, 1, 1 << 40, 100, 1),
        Err(MathError::NotConverged)
    );
}

#[test]
fn the_whole_reserve_has_no_price() {
    assert_eq!(
        terms(100, 1, 1).input_ceil(20, 10, 10, 10),
        Err(MathError::InsufficientLiquidity)
    );
    assert_eq!(
        terms(100, 1, 1).input_ceil(20, 11, 10, 10),
        Err(MathError::InsufficientLiquidity)
    );
}

#[test]
fn decimals_scale_to_the_larger() {
    assert_eq!(scales(6, 9), Ok((1_000, 1)));
    assert_eq!(scales(9, 6), Ok((1, 1_000)));
    assert_eq!(scales(6, 6), Ok((1, 1)));
    assert_eq!(scales(0, 12), Ok((1_000_000_000_000, 1)));
    assert_eq!(scales(0, 13), Err(MathError::DecimalsTooFarApart));
    assert_eq!(scales(255, 0), Err(MathError::DecimalsTooFarApart));
}

#[test]
fn a_ramp_is_linear_and_rounds_down() {
    let grid = [
        ((100, 200, 0), 100),
        ((100, 200, -5), 100),
        ((100, 200, 500), 150),
        ((100, 200, 999), 199),
        ((100, 200, 1_000), 200),
        ((100, 200, 5_000), 200),
        ((200, 100, 1), 199),
        ((200, 100, 500), 150),
        ((200, 100, 999), 100),
        ((7, 7, 3), 7),
    ];
    for ((from, to, now), expected) in grid {
        assert_eq!(amplification_at(from, to, 0, 1_000, now), expected, "{from} {to} {now}");
    }
    assert_eq!(amplification_at(1, 1_000_000, -(1 << 61), 1 << 61, 0), 500_000);
    // a config without a ramp
    assert_eq!(amplification_at(85, 85, 0, 0, 1), 85);
}

#[test]
fn equal_reserves_trade_at_par_whatever_their_decimals() {
    let exact = 1u128 << 64;
    let price = price_q64(&terms(100, 1, 1), 2_000_000, 1_000_000, 1_000_000).unwrap();
    assert!(exact - price <= (exact >> 59) + 1);
    // a million of 6 decimals against a million of 9: a thousand atoms of B per atom of A
    let mixed = price_q64(&terms(100, 1_000, 1), 2 * 10u128.pow(15), 10u64.pow(12), 10u64.pow(15)).unwrap();
    assert!(1_000 * exact - mixed <= ((1_000 * exact) >> 59) + 1);
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// Random pools up to 2⁷⁶ : 1, cold and from any guess: always the same integer, the one bisection finds.
    #[test]
    fn the_invariant_is_the_floor_of_the_root(a in balance(), b in balance(), amplification in amplification(), guess in 0u128..1 << 78, near in 0u128..1_000) {
        let expected = invariant_floor(&big(a), &big(b), amplification);
        let cold = invariant_within(STEPS_SEEN, a, b, amplification, 0).unwrap();
        prop_assert_eq!(big(cold), expected);
        prop_assert_eq!(invariant(a, b, amplification, guess), Ok(cold));
        prop_assert_eq!(invariant_within(STEPS_SEEN, a, b, amplification, cold + near), Ok(cold));
        prop_assert_eq!(invariant_within(STEPS_SEEN, a, b, amplification, cold.saturating_sub(near)), Ok(cold));
    }

    #[test]
    fn the_other_balance_is_the_least_that_keeps_the_invariant(
        a in balance(), b in balance(), x in balance(), amplification in amplification(), guess in 0u128..1 << 78,
    ) {
        let d = invariant(a, b, amplification, 0).unwrap();
        let enough = |y: u128| is_invariant_at_least(&big(x), &big(y), amplification, &big(d));
        match other_balance_within(STEPS_SEEN, x, d, amplification, guess) {
            Ok(y) => {
                prop_assert!(enough(y));
                prop_assert!(y == 1 || !enough(y - 1));
                prop_assert_eq!(other_balance(x, d, amplification, b), Ok(y));
                prop_assert_eq!(other_balance(x, d, amplification, 0), Ok(y));
            }
            Err(error) => {
                prop_assert_eq!(error, MathError::Overflow);
                prop_assert!(!enough(SCALED_LIMIT - 1));
            }
        }
    }

    /// One atom more out, or one less in, would take the invariant below D + 1.
    #[test]
    fn an_output_is_the_most_and_an_input_the_least(
        x in amount(63), y in amount(63), dx in amount(62), amplification in amplification(), decimals in 0u8..4, swapped: bool,
    ) {
        let (scale_in, scale_out) = scales(6 + if swapped { decimals } else { 0 }, 6 + if swapped { 0 } else { decimals }).unwrap();
        let terms = terms(amplification, scale_in, scale_out);
        let Ok(d) = terms.invariant_of(x, y, 0) else { return Ok(()) };
        let kept = |x: u64, y: u64| {
            is_invariant_at_least(&(big(x) * scale_in), &(big(y) * scale_out), amplification, &big(d + 1))
        };
        let Ok(dy) = terms.output_floor(d, dx, x, y) else { return Ok(()) };
        prop_assert!(dy < y);
        prop_assert!(dy == 0 || kept(x + dx, y - dy));
        prop_assert!(!kept(x + dx, y - dy - 1) || y - dy == 1);
        if dy > 0 {
            let back = terms.input_ceil(d, dy, x, y).unwrap();
            prop_assert!(back <= dx);
            prop_assert!(kept(x + back, y - dy));
            prop_assert!(back == 0 || !kept(x + back - 1, y - dy));
        }
        // more in never buys less
        if let Ok(more) = terms.output_floor(d, dx + 1, x, y) {
            prop_assert!(more >= dy);
        }
    }

    #[test]
    fn the_price_is_the_formulas_within_its_bound(a in amount(63), b in amount(63), amplification in amplification(), decimals in 0u8..4) {
        let (scale_in, scale_out) = scales(6, 6 + decimals).unwrap();
        let terms = terms(amplification, scale_in, scale_out);
        let Ok(d) = terms.invariant_of(a, b, 0) else { return Ok(()) };
        let (x, y, ann) = (big(a) * scale_in, big(b) * scale_out, big(amplification) * 2u32);
        let cube = big(d) * d * d;
        let common = &x * &y * 4u32 * ann;
        // b·(4xy·Ann·x + D³)·2⁶⁴ / (a·(4xy·Ann·y + D³))
        let exact = ((big(b) * (&common * &x + &cube)) << 64u32) / (big(a) * (common * y + cube));
        let got = big(price_q64(&terms, d, a, b).unwrap());
        if exact.bits() > 128 { return Ok(()); }
        prop_assert!(got <= exact.clone().max(big(1u32)));
        prop_assert!(&exact - (&got).min(&exact) <= (&exact >> 59u32) + 1u32, "{got} {exact}");
    }

    /// The price is the slope of the curve: what a thousandth of the pool buys is within a hundredth of it, near balance.
    #[test]
    fn the_price_is_the_slope_of_the_curve(a in 1u64 << 40..1 << 50, part in 80u64..120, amplification in 10u32..10_000) {
        let b = a / 100 * part;
        let terms = terms(amplification, 1, 1);
        let d = terms.invariant_of(a, b, 0).unwrap();
        let price = price_q64(&terms, d, a, b).unwrap();
        let dx = a >> 16;
        let dy = terms.output_floor(d, dx, a, b).unwrap();
        let linear = (price * u128::from(dx)) >> 64;
        prop_assert!(u128::from(dy) <= linear + 1);
        prop_assert!(u128::from(dy) >= linear - linear / 100 - 2);
    }
}
