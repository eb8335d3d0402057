//! Prices for people: Q64.64 of atoms as decimal text, without a float.

// wide integers neither overflow nor wrap, and every divisor is compared with zero first
#![allow(clippy::arithmetic_side_effects)]

use num_bigint::BigUint;

/// Significant digits of a price in text.
const DIGITS: usize = 10;
/// Places computed before the text is cut to its significant digits; the smallest price is 2⁻⁶⁴ of atoms whose decimals may
/// differ by 255.
const PLACES: u32 = 300;

/// A price of B atoms per A atom as whole B per whole A, ten significant digits, rounded down.
pub fn text(price_q64: u128, decimals_a: u8, decimals_b: u8) -> String {
    if price_q64 == 0 {
        return "0".to_owned();
    }
    // price · 10^(PLACES + decimals_a − decimals_b) / 2⁶⁴
    let exponent = PLACES
        .saturating_add(u32::from(decimals_a))
        .saturating_sub(u32::from(decimals_b));
    let scaled = (BigUint::from(price_q64) * BigUint::from(10u8).pow(exponent)) >> 64u32;
    let places = usize::try_from(PLACES).unwrap_or(0);
    let digits = format!("{scaled:0>width$}", width = places.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
    let leading = if whole == "0" {
        fraction.bytes().take_while(|digit| *digit == b'0').count()
    } else {
        0
    };
    let shown = if whole == "0" {
        DIGITS
    } else {
        DIGITS.saturating_sub(whole.len())
    };
    let fraction: String = fraction.chars().take(leading.saturating_add(shown)).collect();
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

/// Parts per million as a percentage, such as `0.3 %` or `-12.0001 %`.
pub fn percent(ppm: i128) -> String {
    let magnitude = ppm.unsigned_abs();
    let sign = if ppm < 0 { "-" } else { "" };
    let (whole, rest) = (magnitude / 10_000, magnitude % 10_000);
    let fraction = format!("{rest:04}");
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        format!("{sign}{whole} %")
    } else {
        format!("{sign}{whole}.{fraction} %")
    }
}

/// By how much a price changed, in parts per million of the first, towards zero; none from nothing.
pub fn change_ppm(before_q64: u128, after_q64: u128) -> Option<i128> {
    let moved = BigUint::from(before_q64.abs_diff(after_q64)) * 1_000_000u32;
    if before_q64 == 0 {
        return None;
    }
    let ppm = i128::try_from(moved / before_q64).ok()?;
    Some(if after_q64 < before_q64 {
        ppm.saturating_neg()
    } else {
        ppm
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: u128 = 1 << 64;

    #[test]
    fn a_price_is_told_in_whole_tokens() {
        assert_eq!(text(ONE, 6, 6), "1");
        assert_eq!(text(ONE / 4, 6, 6), "0.25");
        assert_eq!(text(150 * ONE, 9, 9), "150");
        // one lamport-like atom for 150 micro-atoms: 9 decimals against 6
        assert_eq!(text(ONE * 15 / 100, 9, 6), "149.9999999");
        assert_eq!(text(3 * ONE, 0, 6), "0.000003");
        assert_eq!(text(0, 9, 6), "0");
        assert_eq!(text(1, 6, 6), "0.00000000000000000005421010862");
        assert_eq!(text(u128::MAX, 6, 6), "18446744073709551615");
    }

    #[test]
    fn parts_per_million_are_told_as_percent() {
        assert_eq!(percent(0), "0 %");
        assert_eq!(percent(3_000), "0.3 %");
        assert_eq!(percent(-120_001), "-12.0001 %");
        assert_eq!(percent(1_000_000), "100 %");
    }

    #[test]
    fn a_change_is_measured_from_where_it_began() {
        assert_eq!(change_ppm(ONE, 2 * ONE), Some(1_000_000));
        assert_eq!(change_ppm(2 * ONE, ONE), Some(-500_000));
        assert_eq!(change_ppm(ONE, ONE), Some(0));
        assert_eq!(change_ppm(0, ONE), None);
        assert_eq!(change_ppm(u128::MAX, 0), Some(-1_000_000));
    }
}
