//! The oracle: prices times seconds, raw and capped, and the ring of observations.

use {
    super::{big, MILLION},
    num_traits::ToPrimitive,
};

/// Entries of the ring.
pub const RING: usize = 48;
/// Least seconds between two entries.
const LEAST_SECONDS: i64 = 60;

/// An entry of the ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// When it was written.
    pub ts: u32,
    /// The raw accumulator then.
    pub raw: u128,
    /// The capped accumulator then.
    pub capped: u128,
}

/// Unix time as an entry stores it: until the year 2106.
fn seconds(now: i64) -> u32 {
    now.clamp(0, i64::from(u32::MAX)) as u32
}

/// What a pool remembers of its prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oracle {
    /// Accumulated up to this time.
    pub ts: i64,
    /// Σ price · seconds.
    pub raw_sum: u128,
    /// Σ capped price · seconds.
    pub capped_sum: u128,
    /// The capped price.
    pub capped: u128,
    /// The price of the last accumulation.
    pub last: u128,
    /// All entries in the order they were written; the ring keeps the newest.
    pub written: Vec<Observation>,
}

impl Oracle {
    /// A pool's first moment.
    pub fn open(now: i64, price: u128) -> Self {
        Self {
            ts: now,
            raw_sum: 0,
            capped_sum: 0,
            capped: price,
            last: price,
            written: vec![Observation {
                ts: seconds(now),
                raw: 0,
                capped: 0,
            }],
        }
    }

    /// Before a change of the reserves: `price` has held since the last one.
    pub fn accumulate(&mut self, now: i64, price: u128, step: u32) {
        let elapsed = now - self.ts;
        if elapsed <= 0 {
            return;
        }
        let newest = self.written.last().map(|entry| i64::from(entry.ts));
        let is_due = newest.is_none_or(|newest| now - newest >= LEAST_SECONDS);
        if is_due {
            self.capped = newest.map_or(price, |newest| {
                let minutes = ((now - newest) / LEAST_SECONDS) as u128;
                let width = (u128::from(step) * minutes).min(MILLION);
                let most = (big(self.capped) * width / MILLION).to_u128().unwrap();
                price.clamp(self.capped - most, self.capped.saturating_add(most))
            });
        }
        self.raw_sum = self.raw_sum.wrapping_add(price.wrapping_mul(elapsed as u128));
        self.capped_sum = self.capped_sum.wrapping_add(self.capped.wrapping_mul(elapsed as u128));
        self.ts = now;
        self.last = price;
        if is_due {
            self.written.push(Observation {
                ts: seconds(now),
                raw: self.raw_sum,
                capped: self.capped_sum,
            });
            // what the ring has overwritten is never read again; an entry's place stays the same modulo its length
            if self.written.len() == 2 * RING {
                self.written.drain(..RING);
            }
        }
    }

    /// The entries that the ring still holds, oldest first.
    pub fn kept(&self) -> &[Observation] {
        &self.written[self.written.len().saturating_sub(RING)..]
    }

    /// The mean prices, raw and capped, of the last `window` seconds, at `price` since the last change: straight lines
    /// between entries, the last change and now. None where the entries do not reach back.
    pub fn mean(&self, now: i64, price: u128, window: u32) -> Option<[u128; 2]> {
        let end = now.max(self.ts);
        let start = end - i64::from(window);
        let held = (end - self.ts) as u128;
        let later = |sum: u128, price: u128| sum.wrapping_add(price.wrapping_mul(held));
        let entries = self.kept().iter();
        let mut points: Vec<(i64, [u128; 2])> = entries.map(|it| (i64::from(it.ts), [it.raw, it.capped])).collect();
        points.push((self.ts, [self.raw_sum, self.capped_sum]));
        points.push((end, [later(self.raw_sum, price), later(self.capped_sum, self.capped)]));
        if window == 0 || start < points[0].0 {
            return None;
        }
        let last = points[points.len() - 1].1;
        let next = points.iter().position(|point| point.0 > start)?;
        let ((from, low), (to, high)) = (points[next - 1], points[next]);
        Some([0, 1].map(|which| {
            let rise = big(high[which].wrapping_sub(low[which])) * (start - from) as u64 / (to - from) as u64;
            let at_start = low[which].wrapping_add(rise.to_u128().unwrap());
            last[which].wrapping_sub(at_start) / u128::from(window)
        }))
    }
}
