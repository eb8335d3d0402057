//! Reputation: what fees have bought, fading by half in ninety days in 64 steps, cut by a third for each fault.

use {super::Slot, crate::model::greatest, num_bigint::BigUint, num_traits::ToPrimitive, std::sync::OnceLock};

const HALF_LIFE: i64 = 90 * 86_400;
const STEPS: i64 = 64;
const STEP: i64 = HALF_LIFE / STEPS;

/// A score in 2⁻³² and up to when it has faded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The score.
    pub q32: u64,
    /// Unix seconds.
    pub ts: i64,
}

/// The greatest x with x⁶⁴ ≤ 2^(32·64 − i), which is ⌊2^(32 − i/64)⌋.
fn factor(i: usize) -> u64 {
    static TABLE: OnceLock<Vec<u64>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let one = |i: usize| {
            let bound = BigUint::from(1u32) << (32 * 64 - i);
            greatest(1 << 33, |x| BigUint::from(x).pow(64) <= bound)
                .to_u64()
                .unwrap()
        };
        (0..64).map(one).collect()
    });
    table[i]
}

impl Score {
    /// What is left of it at a time. Nothing of nothing fades; time goes in whole steps.
    pub fn at(self, now_ts: i64) -> Score {
        if self.q32 == 0 {
            return Score {
                q32: 0,
                ts: self.ts.max(now_ts),
            };
        }
        let steps = (now_ts - self.ts).max(0) / STEP;
        let halved = self.q32.checked_shr(u32::try_from(steps / STEPS).unwrap()).unwrap_or(0);
        let left = (BigUint::from(halved) * factor((steps % STEPS) as usize)) >> 32u32;
        Score {
            q32: left.to_u64().unwrap(),
            ts: self.ts + steps * STEP,
        }
    }
}

/// Two thirds.
pub fn after_fault(q32: u64) -> u64 {
    (BigUint::from(q32) * 2u32 / 3u32).to_u64().unwrap()
}

impl Slot {
    pub(super) fn fade(&mut self, now_ts: i64) {
        let ts = self.score.ts;
        self.unfolded.0 = Score {
            q32: self.unfolded.0,
            ts,
        }
        .at(now_ts)
        .q32;
        self.score = self.score.at(now_ts);
    }

    pub(super) fn gain(&mut self, fee: u64, decimals: u8, now_ts: i64) {
        let gain = (BigUint::from(fee) << 32u32) / BigUint::from(10u32).pow(u32::from(decimals));
        // fees of more whole tokens than 32 bits hold count nothing
        let gain = gain.to_u64().unwrap_or(0);
        if gain > 0 {
            self.fade(now_ts);
            self.score.q32 = self.score.q32.saturating_add(gain);
            self.unfolded.0 = self.unfolded.0.saturating_add(gain);
        }
    }

    pub(super) fn fault(&mut self, now_ts: i64) {
        self.fade(now_ts);
        self.score.q32 = after_fault(self.score.q32);
        self.unfolded = (after_fault(self.unfolded.0), self.unfolded.1.saturating_add(1));
    }
}
