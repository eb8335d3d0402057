//! The epoch clock: epoch e covers [genesis + e·L, genesis + (e+1)·L).

use super::MathError;

/// The epoch of a moment. Moments before the genesis belong to epoch 0 (a cluster's clock can step back by seconds).
pub fn epoch_at(genesis_ts: i64, epoch_s: u32, now_ts: i64) -> Result<u32, MathError> {
    let elapsed = u64::try_from(now_ts.checked_sub(genesis_ts).ok_or(MathError::Overflow)?).unwrap_or(0);
    let epoch = elapsed.checked_div(u64::from(epoch_s)).ok_or(MathError::Overflow)?;
    u32::try_from(epoch).map_err(|_| MathError::Overflow)
}

/// The first moment of an epoch.
pub fn epoch_start(genesis_ts: i64, epoch_s: u32, epoch: u32) -> Result<i64, MathError> {
    i64::from(epoch)
        .checked_mul(i64::from(epoch_s))
        .and_then(|offset| genesis_ts.checked_add(offset))
        .ok_or(MathError::Overflow)
}

/// An epoch some epochs later.
pub fn add(epoch: u32, epochs: u32) -> Result<u32, MathError> {
    epoch.checked_add(epochs).ok_or(MathError::Overflow)
}

/// A moment some seconds later.
pub fn later(ts: i64, seconds: u32) -> Result<i64, MathError> {
    ts.checked_add(i64::from(seconds)).ok_or(MathError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_starts_at_its_first_second_and_ends_before_the_next() {
        assert_eq!(epoch_at(100, 10, 100), Ok(0));
        assert_eq!(epoch_at(100, 10, 109), Ok(0));
        assert_eq!(epoch_at(100, 10, 110), Ok(1));
        assert_eq!(epoch_start(100, 10, 1), Ok(110));
    }

    #[test]
    fn a_moment_before_the_genesis_is_epoch_zero() {
        assert_eq!(epoch_at(100, 10, 99), Ok(0));
    }

    #[test]
    fn an_epoch_of_zero_seconds_or_beyond_range_is_refused() {
        assert_eq!(epoch_at(0, 0, 5), Err(MathError::Overflow));
        assert_eq!(epoch_at(0, 1, i64::MAX), Err(MathError::Overflow));
        assert_eq!(epoch_at(i64::MIN, 1, i64::MAX), Err(MathError::Overflow));
        assert_eq!(epoch_start(i64::MAX, 1, 1), Err(MathError::Overflow));
    }
}
