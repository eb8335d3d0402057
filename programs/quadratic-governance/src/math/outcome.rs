//! Who leads, whether a quorum is met, whether the leader passes.

use {
    super::MathError,
    crate::constants::{NONE_OPTION, NO_LEADER, PPM, QUORUM_BASE_DIVISOR},
};

/// The option with strictly more than every other, or `NO_LEADER`: a tie leads nothing.
pub fn leader(totals_q16: impl Iterator<Item = u64>) -> u8 {
    let mut best = 0u64;
    let mut leader = NO_LEADER;
    for (total, option) in totals_q16.zip(0u8..) {
        if total > best {
            best = total;
            leader = option;
        } else if total == best {
            leader = NO_LEADER;
        }
    }
    leader
}

/// T_w ≥ θ·(T_w + T_none), compared without division.
pub fn reaches(winner_q16: u64, none_q16: u64, threshold_ppm: u32) -> bool {
    let both = u128::from(winner_q16).saturating_add(u128::from(none_q16));
    u128::from(winner_q16).saturating_mul(u128::from(PPM)) >= both.saturating_mul(u128::from(threshold_ppm))
}

/// Whether the leader passes; "none" never does.
pub fn passes(leader: u8, winner_q16: u64, none_q16: u64, threshold_ppm: u32, quorum_met: bool) -> bool {
    leader != NO_LEADER && leader != NONE_OPTION && quorum_met && reaches(winner_q16, none_q16, threshold_ppm)
}

/// What a proposal needs besides votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// max(ballots of the last whole epoch, ballots so far in the current one, ⌈N/4⌉).
    pub base_persons: u32,
    /// Voters needed: max(floor, ⌈p·base⌉).
    pub persons: u32,
    /// Credits needed: ⌈q·base·b₀⌉.
    pub credits: u64,
}

/// The quorum frozen into a proposal. Every rounding is up: against the proposal.
pub fn quorum_ceil(
    ballots: u32,
    persons: u32,
    min_persons: u32,
    persons_ppm: u32,
    credits_ppm: u32,
    base_credits: u32,
) -> Result<Quorum, MathError> {
    let base = ballots.max(persons.div_ceil(QUORUM_BASE_DIVISOR));
    let part = u64::from(base)
        .checked_mul(u64::from(persons_ppm))
        .ok_or(MathError::Overflow)?
        .div_ceil(PPM);
    let credits = u64::from(base)
        .checked_mul(u64::from(base_credits))
        .ok_or(MathError::Overflow)?;
    Ok(Quorum {
        base_persons: base,
        persons: u32::try_from(part).map_err(|_| MathError::Overflow)?.max(min_persons),
        credits: commonweal_interface::math::mul_div_ceil(credits, u64::from(credits_ppm), PPM)
            .ok_or(MathError::Overflow)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_leads_nothing_and_neither_do_no_votes() {
        assert_eq!(leader([0, 0, 0].into_iter()), NO_LEADER);
        assert_eq!(leader([3, 5, 5].into_iter()), NO_LEADER);
        assert_eq!(leader([5, 3, 5].into_iter()), NO_LEADER);
    }

    #[test]
    fn strictly_more_than_every_other_leads() {
        assert_eq!(leader([3, 5, 4].into_iter()), 1);
        assert_eq!(leader([6, 5, 5].into_iter()), 0);
        assert_eq!(leader([5, 5, 6].into_iter()), 2);
    }

    #[test]
    fn sixty_percent_is_reached_at_sixty_and_missed_below() {
        assert!(reaches(60, 40, 600_000));
        assert!(!reaches(59, 41, 600_000));
        assert!(reaches(u64::MAX, u64::MAX, 500_000));
    }

    #[test]
    fn none_never_passes_and_neither_does_a_missed_quorum() {
        assert!(passes(1, 10, 0, 500_000, true));
        assert!(!passes(0, 10, 10, 500_000, true));
        assert!(!passes(NO_LEADER, 10, 10, 500_000, true));
        assert!(!passes(1, 10, 0, 500_000, false));
    }

    #[test]
    fn the_quorum_rounds_up_and_knows_its_floors() {
        // 5 persons: base ⌈5/4⌉ = 2; 10 % of 2 is 1 person after rounding; credits ⌈2·100·0.333⌉ = 67
        assert_eq!(
            quorum_ceil(0, 5, 1, 100_000, 333_333, 100),
            Ok(Quorum {
                base_persons: 2,
                persons: 1,
                credits: 67
            })
        );
        assert_eq!(
            quorum_ceil(40, 5, 3, 100_000, 0, 100),
            Ok(Quorum {
                base_persons: 40,
                persons: 4,
                credits: 0
            })
        );
        assert_eq!(
            quorum_ceil(0, 0, 3, 0, 0, 100),
            Ok(Quorum {
                base_persons: 0,
                persons: 3,
                credits: 0
            })
        );
    }
}
