//! 256-bit integers on 64-bit words: what the stable curve's cubic and the value of a lock need.
//!
//! The VM multiplies and divides 64-bit words in one unit of compute; a product of two words is built of four (Warren,
//! *Hacker's Delight*, 2nd ed., 8-2). The stable curve is solved without a wide division: it evaluates its polynomials
//! exactly and takes Newton's steps from [`U256::quotient_low`], one machine division. [`mul_div_floor`] and
//! [`mul_div_ceil`] divide in full, by Knuth's algorithm D (TAOCP vol. 2, 4.3.1) in base 2⁶⁴; they are for cold paths.
// Shifts and word arithmetic are bounded by construction; a cast to u64 takes a word out of a wider integer.
#![allow(clippy::cast_possible_truncation)]

/// An unsigned 256-bit integer; words from low to high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct U256([u64; 4]);

const LOW: u64 = 0xffff_ffff;

/// Full product of two words as (low, high).
#[inline(always)]
fn mul_wide(a: u64, b: u64) -> (u64, u64) {
    let (a_lo, a_hi, b_lo, b_hi) = (a & LOW, a >> 32, b & LOW, b >> 32);
    let low = a_lo.wrapping_mul(b_lo);
    // neither sum reaches 2⁶⁴: (2³²−1)² + 2·(2³²−1) = 2⁶⁴ − 1
    let cross = a_hi.wrapping_mul(b_lo).wrapping_add(low >> 32);
    let middle = a_lo.wrapping_mul(b_hi).wrapping_add(cross & LOW);
    (
        (low & LOW) | (middle << 32),
        a_hi.wrapping_mul(b_hi)
            .wrapping_add(cross >> 32)
            .wrapping_add(middle >> 32),
    )
}

/// a·b + carry as (low, high); it fits two words.
#[inline(always)]
fn mul_add(a: u64, b: u64, carry: u64) -> (u64, u64) {
    let (low, high) = mul_wide(a, b);
    let (low, wraps) = low.overflowing_add(carry);
    (low, high.wrapping_add(u64::from(wraps)))
}

/// a·b.
#[inline(always)]
pub fn widening(a: u64, b: u64) -> u128 {
    let (low, high) = mul_wide(a, b);
    u128::from(low) | u128::from(high) << 64
}

/// The low 128 bits of a·b for b < 2³²: three multiplications, where the general product is a call.
#[inline(always)]
pub fn times_short(a: u128, b: u64) -> u128 {
    let (low, high) = (a as u64, (a >> 64) as u64);
    // two digits and the carry between them
    let first = (low & 0xffff_ffff).wrapping_mul(b);
    let second = (low >> 32).wrapping_mul(b).wrapping_add(first >> 32);
    let high = high.wrapping_mul(b).wrapping_add(second >> 32);
    u128::from(second << 32 | first & 0xffff_ffff) | u128::from(high) << 64
}

/// Number of bits up to the highest one that is set. The VM has no instruction for it.
#[inline(always)]
pub fn bit_length_u64(mut word: u64) -> u32 {
    let mut bits = 0u32;
    // written out, since the compiler leaves a loop of six
    if word >> 32 != 0 {
        word >>= 32;
        bits = 32;
    }
    if word >> 16 != 0 {
        word >>= 16;
        bits = bits.wrapping_add(16);
    }
    if word >> 8 != 0 {
        word >>= 8;
        bits = bits.wrapping_add(8);
    }
    if word >> 4 != 0 {
        word >>= 4;
        bits = bits.wrapping_add(4);
    }
    if word >> 2 != 0 {
        word >>= 2;
        bits = bits.wrapping_add(2);
    }
    if word >> 1 != 0 {
        return bits.wrapping_add(2);
    }
    // what is left is the top bit, or zero
    bits.wrapping_add(word as u32)
}

/// Number of bits up to the highest one that is set.
#[inline(always)]
pub fn bit_length_u128(value: u128) -> u32 {
    let (low, high) = (value as u64, (value >> 64) as u64);
    if high == 0 {
        bit_length_u64(low)
    } else {
        bit_length_u64(high).wrapping_add(64)
    }
}

impl From<u128> for U256 {
    #[inline(always)]
    fn from(value: u128) -> Self {
        Self([value as u64, (value >> 64) as u64, 0, 0])
    }
}

impl U256 {
    /// a·b.
    #[inline(always)]
    pub fn product(a: u128, b: u128) -> Self {
        Self::from(a).times(b)
    }

    #[inline(never)]
    fn times_word(&self, word: u64) -> Self {
        let [a0, a1, a2, a3] = self.0;
        let (r0, carry) = mul_wide(a0, word);
        // most numbers are short: zero words cost a test instead of a product
        if a1 | a2 | a3 == 0 {
            return Self([r0, carry, 0, 0]);
        }
        let (r1, carry) = mul_add(a1, word, carry);
        if a2 | a3 == 0 {
            return Self([r0, r1, carry, 0]);
        }
        let (r2, carry) = mul_add(a2, word, carry);
        Self([r0, r1, r2, a3.wrapping_mul(word).wrapping_add(carry)])
    }

    /// The low 256 bits of a product; callers bound their factors so that these are all.
    #[inline(never)]
    pub fn times(&self, factor: u128) -> Self {
        let (low, high) = (factor as u64, (factor >> 64) as u64);
        let row = self.times_word(low);
        if high == 0 {
            return row;
        }
        let [r0, r1, r2, _] = self.times_word(high).0;
        row.plus(&Self([0, r0, r1, r2]))
    }

    /// The low 256 bits of a sum; callers bound their terms so that these are all.
    #[inline(always)]
    pub fn plus(&self, other: &Self) -> Self {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.0, other.0);
        let add = |a: u64, b: u64, carry: bool| {
            let (sum, over) = a.overflowing_add(b);
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            (sum, over | again)
        };
        let (r0, carry) = a0.overflowing_add(b0);
        let (r1, carry) = add(a1, b1, carry);
        let (r2, carry) = add(a2, b2, carry);
        let (r3, _) = add(a3, b3, carry);
        Self([r0, r1, r2, r3])
    }

    #[inline(always)]
    fn minus(&self, other: &Self) -> (Self, bool) {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.0, other.0);
        let sub = |a: u64, b: u64, borrow: bool| {
            let (rest, under) = a.overflowing_sub(b);
            let (rest, again) = rest.overflowing_sub(u64::from(borrow));
            (rest, under | again)
        };
        let (r0, borrow) = a0.overflowing_sub(b0);
        let (r1, borrow) = sub(a1, b1, borrow);
        let (r2, borrow) = sub(a2, b2, borrow);
        let (r3, borrow) = sub(a3, b3, borrow);
        (Self([r0, r1, r2, r3]), borrow)
    }

    /// |self − other|, and whether `self` is the smaller.
    #[inline(never)]
    pub fn distance(&self, other: &Self) -> (Self, bool) {
        let (rest, is_less) = self.minus(other);
        if is_less {
            (other.minus(self).0, true)
        } else {
            (rest, false)
        }
    }

    /// Whether `self` is the smaller.
    #[inline(always)]
    pub fn is_less(&self, other: &Self) -> bool {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.0, other.0);
        (a3, a2, a1, a0) < (b3, b2, b1, b0)
    }

    /// Number of bits up to the highest one that is set.
    #[inline(never)]
    pub fn bit_length(&self) -> u32 {
        let [a0, a1, a2, a3] = self.0;
        let (word, below) = if a3 != 0 {
            (a3, 192)
        } else if a2 != 0 {
            (a2, 128)
        } else if a1 != 0 {
            (a1, 64)
        } else {
            (a0, 0)
        };
        bit_length_u64(word).wrapping_add(below)
    }

    /// The highest `bits` (at most 64) bits, and how many bits below them are cut off.
    #[inline(never)]
    pub fn top(&self, bits: u32) -> (u64, u32) {
        let [a0, a1, a2, a3] = self.0;
        let shift = self.bit_length().saturating_sub(bits);
        let (low, high) = match shift >> 6 {
            0 => (a0, a1),
            1 => (a1, a2),
            2 => (a2, a3),
            _ => (a3, 0),
        };
        let within = shift & 63;
        let word = if within == 0 {
            low
        } else {
            (low >> within) | (high << 64u32.wrapping_sub(within))
        };
        (word, shift)
    }

    /// At most self / divisor, short of it by less than 2⁻²⁹ of it and one; for a divisor above zero.
    ///
    /// The numerator's 64 highest bits by the divisor's 32 highest, rounded up: one machine division. Saturates at 2¹²⁷.
    #[inline(never)]
    pub fn quotient_low(&self, divisor: &Self) -> u128 {
        let (numerator, cut) = self.top(64);
        let (head, divisor_cut) = divisor.top(32);
        let head = head.wrapping_add(u64::from(divisor_cut != 0));
        let quotient = u128::from(numerator.checked_div(head).unwrap_or(0));
        if cut < divisor_cut {
            let down = divisor_cut.wrapping_sub(cut);
            quotient.checked_shr(down).unwrap_or(0)
        } else {
            let up = cut.wrapping_sub(divisor_cut);
            if up > 62 && quotient.checked_shr(127u32.saturating_sub(up)).unwrap_or(0) != 0 {
                1 << 127
            } else {
                quotient << up
            }
        }
    }

    /// Quotient and remainder; `None` where the divisor is zero or the quotient does not fit 128 bits.
    #[inline(never)]
    pub fn div_rem(&self, divisor: u128) -> Option<(u128, u128)> {
        let [a0, a1, a2, a3] = self.0;
        let join = |low: u64, high: u64| u128::from(low) | (u128::from(high) << 64);
        let (low, high) = (join(a0, a1), join(a2, a3));
        if high >= divisor {
            return None;
        }
        // above zero, since it is above `high`
        let shift = 128u32.wrapping_sub(bit_length_u128(divisor));
        let divisor = divisor << shift;
        let (low, high) = if shift == 0 {
            (low, high)
        } else {
            (low << shift, (high << shift) | (low >> 128u32.wrapping_sub(shift)))
        };
        let (q1, rest) = digit(high, (low >> 64) as u64, divisor)?;
        let (q0, rest) = digit(rest, low as u64, divisor)?;
        Some((join(q0, q1), rest >> shift))
    }
}

/// One digit of algorithm D: (head·2⁶⁴ + next) / divisor and the remainder, for a divisor of 128 bits above head.
fn digit(head: u128, next: u64, divisor: u128) -> Option<(u64, u128)> {
    let (top, bottom) = (divisor >> 64, divisor & u128::from(u64::MAX));
    let mut quotient = head.checked_div(top)?;
    let mut rest = head.wrapping_sub(quotient.wrapping_mul(top));
    // at most two corrections; a quotient of 2⁶⁴ or more is corrected before its product could wrap
    while quotient >> 64 != 0 || quotient.wrapping_mul(bottom) > (rest << 64) | u128::from(next) {
        quotient = quotient.wrapping_sub(1);
        rest = rest.wrapping_add(top);
        if rest >> 64 != 0 {
            break;
        }
    }
    // wraps by design: the true value fits, its parts do not
    let rest = (head << 64 | u128::from(next)).wrapping_sub(quotient.wrapping_mul(divisor));
    Some((quotient as u64, rest))
}

/// ⌊a·b / d⌋ with a 256-bit intermediate; `None` on overflow or a zero divisor.
pub fn mul_div_floor(a: u128, b: u128, d: u128) -> Option<u128> {
    U256::product(a, b).div_rem(d).map(|(quotient, _)| quotient)
}

/// ⌈a·b / d⌉ with a 256-bit intermediate; `None` on overflow or a zero divisor.
pub fn mul_div_ceil(a: u128, b: u128, d: u128) -> Option<u128> {
    let (quotient, rest) = U256::product(a, b).div_rem(d)?;
    if rest == 0 {
        Some(quotient)
    } else {
        quotient.checked_add(1)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    fn big(n: &U256) -> BigUint {
        n.0.iter()
            .rev()
            .fold(BigUint::from(0u32), |sum, word| (sum << 64u32) + BigUint::from(*word))
    }

    /// Numbers of every length, with runs of ones and zeros: uniform ones are almost never short.
    fn any_length() -> impl Strategy<Value = u128> {
        (any::<u128>(), 0u32..=128, any::<bool>()).prop_map(|(n, cut, fill)| {
            let short = n.checked_shr(cut).unwrap_or(0);
            if fill {
                short | (short >> 1) | (short >> 3)
            } else {
                short
            }
        })
    }

    fn wide() -> impl Strategy<Value = U256> {
        (any_length(), any_length())
            .prop_map(|(low, high)| U256([low as u64, (low >> 64) as u64, high as u64, (high >> 64) as u64]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn products_sums_and_distances_equal_the_big_integers(a in wide(), b in wide(), c in any_length()) {
            let modulus = BigUint::from(1u32) << 256u32;
            prop_assert_eq!(big(&a.times(c)), big(&a) * c % &modulus);
            prop_assert_eq!(big(&a.plus(&b)), (big(&a) + big(&b)) % &modulus);
            let (distance, is_less) = a.distance(&b);
            prop_assert_eq!(is_less, big(&a) < big(&b));
            prop_assert_eq!(a.is_less(&b), is_less);
            prop_assert_eq!(big(&distance), if is_less { big(&b) - big(&a) } else { big(&a) - big(&b) });
        }

        #[test]
        fn lengths_and_tops_equal_the_big_integers(a in wide(), bits in 1u32..=64) {
            prop_assert_eq!(u64::from(a.bit_length()), big(&a).bits());
            let (word, cut) = a.top(bits);
            prop_assert_eq!(u64::from(cut), big(&a).bits().saturating_sub(u64::from(bits)));
            prop_assert_eq!(BigUint::from(word), big(&a) >> cut);
        }

        #[test]
        fn the_short_quotient_is_below_the_true_one_and_close(a in wide(), b in wide()) {
            prop_assume!(b != U256::default());
            let (low, exact) = (a.quotient_low(&b), big(&a) / big(&b));
            if exact.bits() > 120 { return Ok(()); }
            prop_assert!(BigUint::from(low) <= exact);
            prop_assert!(&exact - low <= (&exact >> 29u32) + 1u32);
        }

        #[test]
        fn quotients_equal_the_big_integers(a in wide(), d in any_length()) {
            match a.div_rem(d) {
                Some((quotient, rest)) => {
                    prop_assert_eq!(BigUint::from(quotient), big(&a) / d);
                    prop_assert_eq!(BigUint::from(rest), big(&a) % d);
                }
                None => prop_assert!(d == 0 || (big(&a) / d).bits() > 128),
            }
        }

        #[test]
        fn rounding_is_in_the_name(a in any_length(), b in any_length(), d in any_length()) {
            prop_assume!(d != 0);
            let product = BigUint::from(a) * b;
            let (floor, ceil) = (&product / d, (&product + d - 1u32) / d);
            match (mul_div_floor(a, b, d), mul_div_ceil(a, b, d)) {
                (Some(low), Some(high)) => prop_assert_eq!((BigUint::from(low), BigUint::from(high)), (floor, ceil)),
                (_, None) => prop_assert!(ceil.bits() > 128),
                (None, Some(_)) => prop_assert!(false, "a floor that does not fit has no ceiling that does"),
            }
        }
    }

    #[test]
    fn the_corrections_of_algorithm_d_are_taken() {
        // the classic hard case: the estimate is two too large
        let n = U256([0, 0, 0x8000_0000_0000_0000, 0x7fff_ffff_ffff_ffff]);
        let d = 0x8000_0000_0000_0000_ffff_ffff_ffff_ffffu128;
        let (quotient, rest) = n.div_rem(d).unwrap();
        assert_eq!(BigUint::from(quotient) * d + rest, big(&n));
        assert!(rest < d);
    }

    #[test]
    fn lengths_of_words() {
        assert_eq!(
            (bit_length_u64(0), bit_length_u64(1), bit_length_u64(u64::MAX)),
            (0, 1, 64)
        );
        assert_eq!(
            (bit_length_u128(0), bit_length_u128(1 << 64), bit_length_u128(u128::MAX)),
            (0, 65, 128)
        );
    }
}
