//! Reputation: what a slot has earned for the commons, fading by half in ninety days.
//!
//! A score is the sum of protocol fees paid, in whole tokens, Q32. It decays by 2^(−1/64) in each 64th of the half-life; a fault
//! multiplies it by 2/3. Every step rounds down, against the provider.

use {
    crate::constants::{REPUTATION_HALF_LIFE_SECONDS, REPUTATION_STEPS},
    commonweal_interface::math::{mul_div_floor, mul_wide},
};

/// ⌊2^(32 − i/64)⌋ for i from 1 to 63.
const DECAY_Q32: [u32; 63] = [
    4_248_701_964,
    4_202_935_003,
    4_157_661_043,
    4_112_874_773,
    4_068_570_940,
    4_024_744_347,
    3_981_389_854,
    3_938_502_375,
    3_896_076_880,
    3_854_108_391,
    3_812_591_986,
    3_771_522_796,
    3_730_896_002,
    3_690_706_839,
    3_650_950_594,
    3_611_622_602,
    3_572_718_251,
    3_534_232_977,
    3_496_162_266,
    3_458_501_653,
    3_421_246_718,
    3_384_393_094,
    3_347_936_456,
    3_311_872_529,
    3_276_197_082,
    3_240_905_930,
    3_205_994_934,
    3_171_459_999,
    3_137_297_074,
    3_103_502_151,
    3_070_071_267,
    3_037_000_499,
    3_004_285_970,
    2_971_923_841,
    2_939_910_317,
    2_908_241_642,
    2_876_914_101,
    2_845_924_020,
    2_815_267_764,
    2_784_941_737,
    2_754_942_382,
    2_725_266_179,
    2_695_909_647,
    2_666_869_344,
    2_638_141_863,
    2_609_723_833,
    2_581_611_923,
    2_553_802_833,
    2_526_293_303,
    2_499_080_104,
    2_472_160_047,
    2_445_529_971,
    2_419_186_755,
    2_393_127_307,
    2_367_348_571,
    2_341_847_523,
    2_316_621_173,
    2_291_666_560,
    2_266_980_758,
    2_242_560_871,
    2_218_404_035,
    2_194_507_416,
    2_170_868_211,
];

/// Seconds of one step of decay.
pub const STEP_SECONDS: u64 = REPUTATION_HALF_LIFE_SECONDS / REPUTATION_STEPS;

/// A score and up to when it has decayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// The score, Q32.
    pub q32: u64,
    /// Unix seconds.
    pub ts: i64,
}

impl Score {
    /// The score at `now_ts`, rounded down. Time advances by whole steps, so that looking often costs nothing; a clock that steps
    /// back changes nothing.
    #[inline(never)]
    pub fn decayed_floor(self, now_ts: i64) -> Score {
        if self.q32 == 0 {
            return Score {
                q32: 0,
                ts: self.ts.max(now_ts),
            };
        }
        let elapsed = u64::try_from(now_ts.saturating_sub(self.ts)).unwrap_or(0);
        let steps = elapsed.checked_div(STEP_SECONDS).unwrap_or(0);
        let halvings = steps.checked_div(REPUTATION_STEPS).unwrap_or(0);
        let rest = steps.wrapping_sub(halvings.saturating_mul(REPUTATION_STEPS));
        let halved = u32::try_from(halvings)
            .ok()
            .and_then(|halvings| self.q32.checked_shr(halvings))
            .unwrap_or(0);
        let factor = usize::try_from(rest)
            .ok()
            .and_then(|rest| rest.checked_sub(1))
            .and_then(|at| DECAY_Q32.get(at));
        let q32 = match factor {
            None => halved,
            Some(factor) => {
                let (low, high) = mul_wide(halved, u64::from(*factor));
                (high << 32) | (low >> 32)
            }
        };
        let passed = i64::try_from(steps.saturating_mul(STEP_SECONDS)).unwrap_or(i64::MAX);
        Score {
            q32,
            ts: self.ts.saturating_add(passed),
        }
    }
}

/// A score after a fault: two thirds, rounded down.
#[inline(never)]
pub fn after_fault_floor(q32: u64) -> u64 {
    q32.saturating_sub(q32.div_ceil(3))
}

/// What a fee of `fee_atoms` adds: whole tokens of the mint, Q32, rounded down. The mints are those governance lists: a fee in
/// them costs whoever pays it to himself.
pub fn gain_q32_floor(fee_atoms: u64, decimals: u8) -> u64 {
    10u64
        .checked_pow(u32::from(decimals))
        .and_then(|whole| mul_div_floor(fee_atoms, 1 << 32, whole))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    const DAY: i64 = 86_400;

    #[test]
    fn each_entry_is_the_64th_root_rounded_down() {
        for (at, entry) in DECAY_Q32.iter().enumerate() {
            // entry^64 ≤ 2^(32·64 − i) < (entry + 1)^64
            let exact = BigUint::from(1u8) << (32 * 64 - (at + 1));
            assert!(BigUint::from(*entry).pow(64) <= exact, "{at}");
            assert!(BigUint::from(*entry + 1).pow(64) > exact, "{at}");
        }
    }

    #[test]
    fn a_score_halves_in_ninety_days() {
        let score = Score {
            q32: 1 << 40,
            ts: 1_000,
        };
        assert_eq!(score.decayed_floor(1_000 + 90 * DAY).q32, 1 << 39);
        assert_eq!(score.decayed_floor(1_000 + 180 * DAY).q32, 1 << 38);
        assert_eq!(score.decayed_floor(1_000 + 90 * DAY * 64).q32, 0);
        assert_eq!(score.decayed_floor(i64::MAX).q32, 0);
    }

    #[test]
    fn less_than_a_step_changes_nothing_and_is_not_lost() {
        let score = Score { q32: 1 << 40, ts: 0 };
        assert_eq!(score.decayed_floor(121_499), score);
        let once = score.decayed_floor(121_501);
        assert_eq!(once.ts, 121_500);
        assert_eq!(once.decayed_floor(243_000).ts, 243_000);
    }

    #[test]
    fn a_clock_that_steps_back_changes_nothing() {
        let score = Score { q32: 7, ts: 1_000_000 };
        assert_eq!(score.decayed_floor(0), score);
        assert_eq!(Score { q32: 0, ts: 5 }.decayed_floor(3).ts, 5);
    }

    #[test]
    fn a_fault_takes_a_third_rounded_up() {
        let after = after_fault_floor;
        assert_eq!((after(9), after(10), after(1), after(0)), (6, 6, 0, 0));
        assert_eq!(after(u64::MAX), 12_297_829_382_473_034_410);
    }

    #[test]
    fn a_whole_token_of_fees_is_one() {
        assert_eq!(gain_q32_floor(1_000_000, 6), 1 << 32);
        assert_eq!(gain_q32_floor(1, 6), 4_294);
        assert_eq!(gain_q32_floor(5, 0), 5 << 32);
        assert_eq!(gain_q32_floor(u64::MAX, 20), 0);
        assert_eq!(
            gain_q32_floor(u64::MAX, 0),
            0,
            "beyond the range: no gain rather than a wrong one"
        );
    }

    proptest! {
        #[test]
        fn decay_matches_big_integers(q32: u64, steps in 0u64..5_000) {
            let ts = i64::try_from(steps * STEP_SECONDS).unwrap();
            let halved = q32.checked_shr(u32::try_from(steps / 64).unwrap()).unwrap_or(0);
            let exact = match usize::try_from(steps % 64).unwrap() {
                0 => BigUint::from(halved),
                rest => (BigUint::from(halved) * BigUint::from(DECAY_Q32[rest - 1])) >> 32,
            };
            prop_assert_eq!(BigUint::from(Score { q32, ts: 0 }.decayed_floor(ts).q32), exact);
        }
    }
}
