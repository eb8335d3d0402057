//! Amounts as people write them, exactly: decimal text to atoms and back, never through a float.

use crate::{Error, Result};

/// Decimal places of SOL.
pub const SOL_DECIMALS: u8 = 9;

fn refuse(text: &str, reason: impl Into<String>) -> Error {
    Error::Amount {
        text: text.to_owned(),
        reason: reason.into(),
    }
}

/// Reads `text` (such as `12.5`, `0.000001` or `1_000`) as atoms of a token with `decimals` places.
///
/// Underscores between digits are allowed; signs, exponents, spaces and more places than the token has are not: a digit that
/// cannot be kept is an error, never a rounding.
pub fn parse(text: &str, decimals: u8) -> Result<u64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if fraction == Some("") || whole.is_empty() {
        return Err(refuse(text, "digits are missing beside the point"));
    }
    let fraction = fraction.unwrap_or("");
    let places = fraction.bytes().filter(|byte| *byte != b'_').count();
    if places > usize::from(decimals) {
        return Err(refuse(
            text,
            format!("it has {places} decimal places and the token has {decimals}"),
        ));
    }
    let mut atoms: u64 = 0;
    let mut previous_was_digit = false;
    for byte in whole.bytes().chain(fraction.bytes()) {
        if byte == b'_' && previous_was_digit {
            previous_was_digit = false;
            continue;
        }
        if !byte.is_ascii_digit() {
            return Err(refuse(
                text,
                "only digits, one point and underscores between digits are allowed",
            ));
        }
        previous_was_digit = true;
        atoms = push_digit(atoms, byte.wrapping_sub(b'0')).ok_or_else(|| refuse(text, "it is too large"))?;
    }
    if !previous_was_digit {
        return Err(refuse(text, "an underscore stands between digits"));
    }
    for _ in places..usize::from(decimals) {
        atoms = push_digit(atoms, 0).ok_or_else(|| refuse(text, "it is too large"))?;
    }
    Ok(atoms)
}

fn push_digit(atoms: u64, digit: u8) -> Option<u64> {
    atoms.checked_mul(10)?.checked_add(u64::from(digit))
}

/// Writes `atoms` of a token with `decimals` places, without trailing zeros: the inverse of [`parse`].
pub fn format(atoms: u64, decimals: u8) -> String {
    let digits = format!("{atoms:0>width$}", width = usize::from(decimals).saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(usize::from(decimals)));
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

/// As [`format`], for a change: with its sign, also for zero's absence of one.
pub fn format_change(atoms: i128, decimals: u8) -> String {
    let sign = match atoms {
        0 => "",
        1.. => "+",
        _ => "-",
    };
    match u64::try_from(atoms.unsigned_abs()) {
        Ok(magnitude) => format!("{sign}{}", format(magnitude, decimals)),
        Err(_) => format!("{sign}{} atoms", atoms.unsigned_abs()),
    }
}

/// Lamports as SOL.
pub fn sol(lamports: u64) -> String {
    format(lamports, SOL_DECIMALS)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_text_becomes_exactly_its_atoms() {
        assert_eq!(parse("12.5", 6).unwrap(), 12_500_000);
        assert_eq!(parse("0.000001", 6).unwrap(), 1);
        assert_eq!(parse("1_000", 0).unwrap(), 1_000);
        assert_eq!(parse("18446744073.709551615", 9).unwrap(), u64::MAX);
        // through a double this one ends in ...992
        assert_eq!(parse("9007199254740993", 0).unwrap(), 9_007_199_254_740_993);
    }

    #[test]
    fn a_digit_that_cannot_be_kept_is_an_error_and_never_a_rounding() {
        assert!(parse("0.0000001", 6).is_err());
        assert!(parse("1.0", 0).is_err());
    }

    #[test]
    fn what_does_not_fit_or_is_not_a_number_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            " 1",
            "1,5",
            "1.2.3",
            "0x10",
            "1_",
            "_1",
            "1__0",
            "18446744073709551616",
        ] {
            assert!(parse(text, 0).is_err(), "{text:?} was accepted");
        }
        assert!(parse("18446744073.709551616", 9).is_err());
    }

    #[test]
    fn writing_and_reading_are_inverse() {
        for atoms in [0, 1, 9, 10, 999_999, 1_000_000, 1_000_001, 123_456_789_012, u64::MAX] {
            for decimals in [0, 1, 6, 9, 19] {
                assert_eq!(parse(&format(atoms, decimals), decimals).unwrap(), atoms);
            }
        }
    }

    #[test]
    fn a_change_shows_its_sign() {
        assert_eq!(format_change(-1_500_000, 6), "-1.5");
        assert_eq!(format_change(1, 9), "+0.000000001");
        assert_eq!(format_change(0, 9), "0");
    }
}
