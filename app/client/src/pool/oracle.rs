//! The oracle's mean prices, read as any program reads them.

use {
    super::{price, Located, Pool, PROGRAM},
    crate::{rpc::Rpc, Error, Result},
    anchor_lang::Discriminator,
    bytemuck::bytes_of,
    commonweal_interface::twap::{read_twap, Twap, TwapError},
};

/// Mean prices over a window that ends now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mean {
    /// The means.
    pub twap: Twap,
    /// The window in seconds.
    pub window: u32,
    /// Unix time of its end.
    pub now_ts: i64,
}

/// One entry of the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Unix time.
    pub ts: i64,
    /// Mean price from the entry before, Q64.64; none for the oldest.
    pub mean_q64: Option<u128>,
    /// The same of the capped price.
    pub capped_q64: Option<u128>,
}

impl Located {
    /// A price of this pool as whole tokens B per whole token A.
    pub fn price_text(&self, price_q64: u128) -> String {
        price::text(price_q64, self.pool.decimals_a, self.pool.decimals_b)
    }

    /// The mean prices of the last `window` seconds.
    pub async fn mean(&self, rpc: &Rpc, window: u64) -> Result<Mean> {
        let now_ts = rpc.clock().await?.unix_ts;
        let window = u32::try_from(window).map_err(|_| {
            Error::refused(
                "the window is longer than the oracle's times",
                "Choose a shorter --window",
            )
        })?;
        let bytes = [Pool::DISCRIMINATOR, bytes_of(&self.pool)].concat();
        let twap = read_twap(&PROGRAM, &bytes, now_ts, window).map_err(|error| {
            let remedy = match (error, oldest_ts(&self.pool)) {
                (TwapError::NotEnoughHistory, Some(oldest)) => {
                    format!("Choose a --window of at most {} s", now_ts.saturating_sub(oldest))
                }
                (TwapError::NotEnoughHistory, None) => "Wait for the pool's first observation".to_owned(),
                (TwapError::WindowOutOfRange, _) => "Choose a --window above zero".to_owned(),
                _ => "Check the pool's address and the client's version".to_owned(),
            };
            Error::refused(format!("pool {}: {error}", self.address), remedy)
        })?;
        Ok(Mean { twap, window, now_ts })
    }

    /// The ring's entries, oldest first, each with the mean price since the one before.
    pub fn observations(&self) -> Vec<Entry> {
        let mut before: Option<(i64, u128, u128)> = None;
        let mut entries = Vec::new();
        for observation in ring(&self.pool) {
            let ts = i64::from(observation.ts.get());
            let (price, capped) = (observation.price_seconds.get(), observation.capped_price_seconds.get());
            let since = before.and_then(|(then, price_then, capped_then)| {
                let seconds = u128::from(u64::try_from(ts.saturating_sub(then)).ok()?);
                let mean = |now: u128, then: u128| now.wrapping_sub(then).checked_div(seconds);
                Some((mean(price, price_then)?, mean(capped, capped_then)?))
            });
            entries.push(Entry {
                ts,
                mean_q64: since.map(|(mean, _)| mean),
                capped_q64: since.map(|(_, capped)| capped),
            });
            before = Some((ts, price, capped));
        }
        entries
    }
}

/// The ring's written entries, oldest first.
fn ring(pool: &Pool) -> impl Iterator<Item = &liquidity_pool::state::Observation> {
    let count = usize::from(pool.observation_count.get()).min(pool.observations.len());
    let next = usize::from(pool.observation_next.get()).min(pool.observations.len());
    // a ring that is not yet full begins at its start; a full one begins where the next entry will be written
    let oldest = if count < pool.observations.len() { 0 } else { next };
    pool.observations.iter().cycle().skip(oldest).take(count)
}

/// Unix time of the oldest entry.
fn oldest_ts(pool: &Pool) -> Option<i64> {
    ring(pool).next().map(|observation| i64::from(observation.ts.get()))
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
mod tests {
    use {super::*, crate::Address, bytemuck::Zeroable};

    fn located(entries: &[(u32, u128)], next: u16, count: u16) -> Located {
        let mut pool = Pool::zeroed();
        for (slot, (ts, sum)) in pool.observations.iter_mut().zip(entries) {
            slot.ts = (*ts).into();
            slot.price_seconds = (*sum).into();
            slot.capped_price_seconds = (*sum).into();
        }
        pool.observation_next = next.into();
        pool.observation_count = count.into();
        Located {
            address: Address::default(),
            pool,
        }
    }

    #[test]
    fn entries_are_read_oldest_first_with_the_mean_between_them() {
        let found = located(&[(100, 0), (160, 600), (260, 1_100)], 3, 3).observations();
        let means: Vec<_> = found.iter().map(|entry| (entry.ts, entry.mean_q64)).collect();
        assert_eq!(means, vec![(100, None), (160, Some(10)), (260, Some(5))]);
        assert!(located(&[], 0, 0).observations().is_empty());
    }

    #[test]
    fn a_full_ring_begins_where_it_is_written_next() {
        let mut entries: Vec<(u32, u128)> = (0..48u32).map(|index| (1_000 + index * 60, 0)).collect();
        entries[0] = (9_000, 0);
        let found = located(&entries, 1, 48).observations();
        assert_eq!(found.len(), 48);
        assert_eq!(found.first().map(|entry| entry.ts), Some(1_060));
        assert_eq!(found.last().map(|entry| entry.ts), Some(9_000));
    }

    #[test]
    fn sums_that_wrapped_around_give_the_same_mean() {
        let found = located(&[(0, u128::MAX - 99), (100, 900)], 2, 2).observations();
        assert_eq!(found.last().and_then(|entry| entry.mean_q64), Some(10));
    }
}
