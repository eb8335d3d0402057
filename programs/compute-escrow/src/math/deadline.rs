//! When a time is over.
//!
//! A halted cluster restarts with the wall clock far ahead, and a validator's clock may run fast; neither may slash anyone.
//! So a stage is over only when the clock *and* the number of slots produced say so. A healthy cluster produces 2.5 slots a
//! second; half of that is demanded.

/// A point in time: the cluster's clock and its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Unix time in seconds.
    pub ts: i64,
    /// Slot number.
    pub slot: u64,
}

impl Moment {
    /// This moment, with a clock that never runs behind `earlier`.
    pub fn not_before(self, earlier: Moment) -> Moment {
        Moment {
            ts: self.ts.max(earlier.ts),
            slot: self.slot.max(earlier.slot),
        }
    }
}

/// Slots that must have been produced for `seconds` to count: ⌈1.25·seconds⌉.
pub fn slots_ceil(seconds: u32) -> u64 {
    u64::from(seconds).saturating_mul(5).div_ceil(4)
}

/// Whether `seconds` have passed since `start`, by clock and by slots. Overflow is `None`.
pub fn has_passed(start: Moment, seconds: u32, now: Moment) -> Option<bool> {
    let deadline_ts = start.ts.checked_add(i64::from(seconds))?;
    let deadline_slot = start.slot.checked_add(slots_ceil(seconds))?;
    Some(now.ts >= deadline_ts && now.slot >= deadline_slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment { ts: 1_000, slot: 500 };

    #[test]
    fn both_the_clock_and_the_slots_must_agree() {
        // 60 s are 75 slots
        assert_eq!(has_passed(START, 60, Moment { ts: 1_060, slot: 575 }), Some(true));
        assert_eq!(has_passed(START, 60, Moment { ts: 1_059, slot: 575 }), Some(false));
        assert_eq!(has_passed(START, 60, Moment { ts: 1_060, slot: 574 }), Some(false));
    }

    #[test]
    fn an_outage_with_a_jumped_clock_does_not_end_a_stage() {
        assert_eq!(
            has_passed(
                START,
                60,
                Moment {
                    ts: 1_000_000,
                    slot: 501
                }
            ),
            Some(false)
        );
    }

    #[test]
    fn slots_round_up() {
        assert_eq!(slots_ceil(0), 0);
        assert_eq!(slots_ceil(1), 2);
        assert_eq!(slots_ceil(2), 3);
        assert_eq!(slots_ceil(4), 5);
        assert_eq!(slots_ceil(u32::MAX), 5_368_709_119);
    }

    #[test]
    fn a_stage_of_no_length_is_over_at_once() {
        assert_eq!(has_passed(START, 0, START), Some(true));
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        assert_eq!(has_passed(Moment { ts: i64::MAX, slot: 0 }, 1, START), None);
        assert_eq!(has_passed(Moment { ts: 0, slot: u64::MAX }, 1, START), None);
    }

    #[test]
    fn a_clock_that_steps_back_is_not_believed() {
        let back = Moment { ts: 900, slot: 510 };
        assert_eq!(back.not_before(START), Moment { ts: 1_000, slot: 510 });
    }
}
