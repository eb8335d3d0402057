//! Tallies with the cohort discount: T = Σ_g f_g(S_g), f(x) = x up to M_g, then ⌊√(M_g·x)⌋; everything in Q16.
//!
//! T moves with each cast by f(S′) − f(S), so it is reversible and independent of the order of casts.

use {super::MathError, commonweal_interface::math::isqrt_u128};

/// f(x): the votes of one cohort count in full up to `cap_q16` and by the root above. Continuous at the cap.
pub fn discount_floor(votes_q16: u64, cap_q16: u64) -> u64 {
    if votes_q16 <= cap_q16 {
        return votes_q16;
    }
    // both factors fit 64 bits, so the product fits 128
    isqrt_u128(u128::from(cap_q16).saturating_mul(u128::from(votes_q16)))
}

/// One option's tally after votes of one bucket changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TallyChange {
    /// S: the bucket's votes.
    pub bucket_q16: u64,
    /// T: the option's discounted votes.
    pub total_q16: u64,
}

/// Takes `old_votes_q16` out of the bucket and puts `new_votes_q16` in.
pub fn shift(
    bucket_q16: u64,
    total_q16: u64,
    cap_q16: u64,
    old_votes_q16: u64,
    new_votes_q16: u64,
) -> Result<TallyChange, MathError> {
    let shifted = bucket_q16
        .checked_sub(old_votes_q16)
        .and_then(|rest| rest.checked_add(new_votes_q16))
        .ok_or(MathError::Overflow)?;
    let total = total_q16
        .checked_sub(discount_floor(bucket_q16, cap_q16))
        .and_then(|rest| rest.checked_add(discount_floor(shifted, cap_q16)))
        .ok_or(MathError::Overflow)?;
    Ok(TallyChange {
        bucket_q16: shifted,
        total_q16: total,
    })
}

/// Votes in Q16.
pub fn votes_q16(votes: u32) -> u64 {
    // 32 bits shifted by 16 fit 64
    u64::from(votes) << crate::constants::Q16_BITS
}

/// √b₀ in Q16, rounded down.
pub fn base_root_q16_floor(base_credits: u32) -> u64 {
    (u64::from(base_credits) << 32).isqrt()
}

/// M_g = max(M_min, ⌊n_g·√b₀ / 4⌋) in Q16.
pub fn cohort_cap_q16_floor(floor_votes: u32, persons: u32, base_root_q16: u64) -> Result<u64, MathError> {
    let full = u64::from(persons)
        .checked_mul(base_root_q16)
        .ok_or(MathError::Overflow)?;
    let part = full
        .checked_div(crate::constants::COHORT_DIVISOR)
        .ok_or(MathError::Overflow)?;
    Ok(part.max(votes_q16(floor_votes)))
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    const ONE: u64 = 1 << 16;

    #[test]
    fn votes_up_to_the_cap_count_in_full() {
        assert_eq!(discount_floor(5 * ONE, 5 * ONE), 5 * ONE);
        assert_eq!(discount_floor(0, 0), 0);
    }

    #[test]
    fn above_the_cap_a_hundred_times_the_votes_count_ten_times() {
        assert_eq!(discount_floor(500 * ONE, 5 * ONE), 50 * ONE);
    }

    #[test]
    fn a_cohort_of_eight_with_a_hundred_credits_counts_in_full_up_to_twenty_votes() {
        assert_eq!(base_root_q16_floor(100), 10 * ONE);
        assert_eq!(cohort_cap_q16_floor(1, 8, 10 * ONE), Ok(20 * ONE));
        assert_eq!(cohort_cap_q16_floor(30, 8, 10 * ONE), Ok(30 * ONE));
    }

    proptest! {
        #[test]
        fn the_discount_equals_the_big_integer_root(x in any::<u64>(), m in any::<u64>()) {
            let expected = if x <= m { BigUint::from(x) } else { (BigUint::from(x) * BigUint::from(m)).sqrt() };
            prop_assert_eq!(BigUint::from(discount_floor(x, m)), expected);
        }

        #[test]
        fn casting_and_uncasting_are_inverse(start in 0u32..1_000_000, old in 0u32..3_000, new in 0u32..3_000, cap in 1u64..1 << 40) {
            let bucket = votes_q16(start + old);
            let total = discount_floor(bucket, cap);
            let there = shift(bucket, total, cap, votes_q16(old), votes_q16(new)).unwrap();
            prop_assert_eq!(there.total_q16, discount_floor(there.bucket_q16, cap));
            let back = shift(there.bucket_q16, there.total_q16, cap, votes_q16(new), votes_q16(old)).unwrap();
            prop_assert_eq!((back.bucket_q16, back.total_q16), (bucket, total));
        }

        #[test]
        fn the_discount_is_monotone(x in any::<u64>(), m in any::<u64>()) {
            prop_assert!(discount_floor(x, m) <= discount_floor(x.saturating_add(1), m));
        }
    }
}
