//! The bounds of a job's times.

use crate::constants::*;

/// Seconds of each stage, as the client sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stages {
    /// Posting to expiry while unclaimed.
    pub open_seconds: u32,
    /// Claim to start.
    pub start_seconds: u32,
    /// Start to commit.
    pub run_seconds: u32,
    /// Commit to reveal.
    pub reveal_seconds: u32,
    /// Reveal to final.
    pub challenge_seconds: u32,
}

impl Stages {
    /// Whether each time is within its bounds. An unverified job needs no challenge time; a rehearsal's bounds begin at 2 s.
    pub fn are_within_bounds(&self, is_rehearsal: bool, is_optimistic: bool) -> bool {
        let least = |real: u32| if is_rehearsal { MIN_REHEARSAL_SECONDS } else { real };
        let challenge_least = if is_optimistic { least(MIN_CHALLENGE_SECONDS) } else { 0 };
        (least(MIN_STAGE_SECONDS)..=MAX_OPEN_SECONDS).contains(&self.open_seconds)
            && (least(MIN_STAGE_SECONDS)..=MAX_START_SECONDS).contains(&self.start_seconds)
            && (least(MIN_STAGE_SECONDS)..=MAX_RUN_SECONDS).contains(&self.run_seconds)
            && (least(MIN_REVEAL_SECONDS)..=MAX_REVEAL_SECONDS).contains(&self.reveal_seconds)
            && (challenge_least..=MAX_CHALLENGE_SECONDS).contains(&self.challenge_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: Stages = Stages {
        open_seconds: 60,
        start_seconds: 60,
        run_seconds: 60,
        reveal_seconds: 300,
        challenge_seconds: 3_600,
    };
    const MOST: Stages = Stages {
        open_seconds: 2_592_000,
        start_seconds: 86_400,
        run_seconds: 2_592_000,
        reveal_seconds: 86_400,
        challenge_seconds: 604_800,
    };

    #[test]
    fn the_edges_are_inside() {
        assert!(LEAST.are_within_bounds(false, true));
        assert!(MOST.are_within_bounds(false, true));
    }

    #[test]
    fn one_second_beyond_any_edge_is_outside() {
        for (least, most) in [(false, true), (true, false)].map(|(l, _)| (l, !l)) {
            for field in 0..5 {
                let mut stages = if least { LEAST } else { MOST };
                let value = match field {
                    0 => &mut stages.open_seconds,
                    1 => &mut stages.start_seconds,
                    2 => &mut stages.run_seconds,
                    3 => &mut stages.reveal_seconds,
                    _ => &mut stages.challenge_seconds,
                };
                *value = if most { *value + 1 } else { *value - 1 };
                assert!(!stages.are_within_bounds(false, true), "field {field} of {stages:?}");
            }
        }
    }

    #[test]
    fn a_rehearsal_begins_at_two_seconds() {
        let two = Stages {
            open_seconds: 2,
            start_seconds: 2,
            run_seconds: 2,
            reveal_seconds: 2,
            challenge_seconds: 2,
        };
        assert!(two.are_within_bounds(true, true));
        assert!(!two.are_within_bounds(false, true));
        assert!(!Stages {
            challenge_seconds: 1,
            ..two
        }
        .are_within_bounds(true, true));
    }

    #[test]
    fn an_unverified_job_may_be_final_at_once() {
        assert!(Stages {
            challenge_seconds: 0,
            ..LEAST
        }
        .are_within_bounds(false, false));
        assert!(!Stages {
            challenge_seconds: 0,
            ..LEAST
        }
        .are_within_bounds(false, true));
    }
}
