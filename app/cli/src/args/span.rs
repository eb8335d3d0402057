//! Spans of time as people write them.

/// Units and their seconds. A year is 365 days.
const UNITS: [(char, u64); 6] = [
    ('s', 1),
    ('m', 60),
    ('h', 3_600),
    ('d', 86_400),
    ('w', 604_800),
    ('y', 31_536_000),
];

/// Reads `90s`, `15m`, `12h`, `30d`, `2w` or `1y` as seconds: digits and one unit, nothing else.
pub fn seconds(text: &str) -> Result<u64, String> {
    let refuse = || format!("`{text}` is not a span of time: write digits and one of s, m, h, d, w, y, such as 30d");
    let unit = text.chars().next_back().ok_or_else(refuse)?;
    let digits = text.strip_suffix(unit).unwrap_or_default();
    let (_, in_seconds) = UNITS.iter().find(|(known, _)| *known == unit).ok_or_else(refuse)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse());
    }
    digits
        .parse::<u64>()
        .ok()
        .and_then(|count| count.checked_mul(*in_seconds))
        .filter(|total| *total > 0)
        .ok_or_else(refuse)
}

/// Seconds in their largest units, such as `1d 2h`.
pub fn words(mut total: u64) -> String {
    let mut parts = Vec::new();
    for (unit, in_seconds) in UNITS.iter().rev().filter(|(unit, _)| *unit != 'w') {
        let count = total.checked_div(*in_seconds).unwrap_or(0);
        if count > 0 && parts.len() < 2 {
            parts.push(format!("{count}{unit}"));
        }
        total = total.checked_rem(*in_seconds).unwrap_or(0);
    }
    if parts.is_empty() {
        "0s".to_owned()
    } else {
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_digits_and_one_unit() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("15m"), Ok(900));
        assert_eq!(seconds("30d"), Ok(2_592_000));
        assert_eq!(seconds("2w"), Ok(1_209_600));
        assert_eq!(seconds("1y"), Ok(31_536_000));
        for text in [
            "",
            "d",
            "30",
            "0d",
            "-1d",
            "1.5h",
            "1d2h",
            "1 d",
            "99999999999999999999s",
            "900000000000y",
            "1é",
        ] {
            assert!(seconds(text).is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn a_span_is_told_in_its_two_largest_units() {
        assert_eq!(words(0), "0s");
        assert_eq!(words(59), "59s");
        assert_eq!(words(3_600), "1h");
        assert_eq!(words(93_784), "1d 2h");
        assert_eq!(words(31_536_000), "1y");
    }
}
