//! Mean prices of a liquidity pool over a window, for programs and clients that read the account.
//!
//! The pool sums price · seconds at every change and keeps entries of the sums at least a minute apart (see the pool's
//! `math::oracle`; Adams et al., "Uniswap v2 Core", 2020, 2.2, and "Uniswap v3 Core", 2021, 5.2). A mean over a window is the
//! difference of the sums at its ends over its length. The sum at the end goes on from the last change to the present with the
//! price since then; the sum at the beginning is interpolated between two entries.
//!
//! A reader checks the account's address first: anybody can create a pool of any pair. What to take: [`Twap::capped_q64`]
//! follows the market slowly and is costly to force, [`Twap::price_q64`] follows it at once.

use {crate::ids, pinocchio::Address};

/// First eight bytes of SHA-256 of `account:Pool`.
pub const POOL_DISCRIMINATOR: [u8; 8] = [0xf1, 0x9a, 0x6d, 0x04, 0x11, 0xb1, 0x6d, 0xbc];
/// Bytes of a pool's account.
pub const POOL_SPACE: usize = 2_304;

/// Where the pool's account has what is read here; a test of the pool equates them with its struct.
pub mod offsets {
    /// Layout version, one byte.
    pub const VERSION: usize = 8;
    /// Curve, one byte: 0 constant product, 1 stable.
    pub const CURVE: usize = 13;
    /// Reserve of token A, u64.
    pub const RESERVE_A: usize = 248;
    /// Reserve of token B, u64.
    pub const RESERVE_B: usize = 256;
    /// Atoms of token A lent within the transaction, u64.
    pub const FLASH_OWED_A: usize = 296;
    /// Atoms of token B lent within the transaction, u64.
    pub const FLASH_OWED_B: usize = 304;
    /// Time up to which the sums go, i64.
    pub const ORACLE_TS: usize = 432;
    /// Σ price · seconds, u128.
    pub const PRICE_SECONDS: usize = 440;
    /// The same of the capped price, u128.
    pub const CAPPED_PRICE_SECONDS: usize = 456;
    /// The capped price, u128.
    pub const CAPPED_PRICE: usize = 472;
    /// The price of the last accumulation, u128.
    pub const LAST_PRICE: usize = 488;
    /// Entry of the ring written next, u16.
    pub const OBSERVATION_NEXT: usize = 504;
    /// Entries of the ring that are written, u16.
    pub const OBSERVATION_COUNT: usize = 506;
    /// The ring.
    pub const OBSERVATIONS: usize = 576;
    /// Bytes of an entry: time u32, sum u128, capped sum u128.
    pub const OBSERVATION_SPACE: usize = 36;
}

/// Entries of the ring.
pub const OBSERVATIONS: usize = 48;

/// The layout version read here.
const VERSION: u8 = 1;
const CURVE_CONSTANT_PRODUCT: u8 = 0;

/// Mean prices over a window, Q64.64, in atoms of token B per atom of token A; rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twap {
    /// Mean of the price.
    pub price_q64: u128,
    /// Mean of the capped price, which follows the price by a bounded step per minute.
    pub capped_q64: u128,
}

/// Why there is no mean price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TwapError {
    /// The liquidity-pool program does not own the account.
    #[error("the liquidity-pool program does not own the account")]
    NotOwnedByPool,
    /// The account is of another kind, version or size.
    #[error("the account is not a pool of a known version")]
    WrongKind,
    /// The window is empty, begins before time does, or the price has held for too long: price · seconds leaves 128 bits.
    #[error("the window is empty, begins before 1970, or price times seconds leaves 128 bits")]
    WindowOutOfRange,
    /// The pool's entries do not reach back to the beginning of the window.
    #[error("the pool's observations do not reach back to the beginning of the window")]
    NotEnoughHistory,
    /// Tokens of the pool are lent within this transaction.
    #[error("tokens of the pool are lent within this transaction")]
    FlashLoanActive,
}

/// The sums at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sums {
    ts: i64,
    price: u128,
    capped: u128,
}

impl Sums {
    /// The sums `seconds` later, at constant prices.
    fn later(&self, seconds: i64, price_q64: u128, capped_q64: u128) -> Self {
        let elapsed = u128::from(seconds.unsigned_abs());
        Self {
            ts: self.ts.saturating_add(seconds),
            price: self.price.wrapping_add(price_q64.wrapping_mul(elapsed)),
            capped: self.capped.wrapping_add(capped_q64.wrapping_mul(elapsed)),
        }
    }

    /// The sums at `ts` on the straight line from here to `end`; `ts` lies between them.
    fn towards(&self, end: &Self, ts: i64) -> Self {
        let length = u128::from(end.ts.abs_diff(self.ts));
        let part = u128::from(ts.abs_diff(self.ts));
        let between = |from: u128, to: u128| {
            let rise = to.wrapping_sub(from);
            let (whole, rest) = (
                rise.checked_div(length).unwrap_or(0),
                rise.checked_rem(length).unwrap_or(0),
            );
            // part ≤ length: the result is at most the rise, and the rest's product is below 2⁶⁴·2⁶⁴
            let fraction = rest.wrapping_mul(part).checked_div(length).unwrap_or(0);
            from.wrapping_add(whole.wrapping_mul(part)).wrapping_add(fraction)
        };
        Self {
            ts,
            price: between(self.price, end.price),
            capped: between(self.capped, end.capped),
        }
    }
}

/// Reads the mean prices of the last `window_seconds` before `now_ts` from a pool's account.
///
/// `owner` and `data` are the account's; `now_ts` is the clock's Unix time. Since the last change of a constant product its
/// reserves give the price; on the stable curve it is the price the pool stored with its last accumulation, at most one trade
/// old. A clock behind the pool's own time counts as that time.
///
/// The sums wrap at 128 bits, which differences do not notice as long as price · seconds stays below that between two entries: a
/// price of 10¹³ atoms of B for one of A and twenty quiet days. Lenders read the capped price.
///
/// Errors: [`TwapError`].
pub fn read_twap(owner: &Address, data: &[u8], now_ts: i64, window_seconds: u32) -> Result<Twap, TwapError> {
    if owner != &ids::LIQUIDITY_POOL {
        return Err(TwapError::NotOwnedByPool);
    }
    let is_pool = data.len() == POOL_SPACE
        && data.get(..8) == Some(POOL_DISCRIMINATOR.as_slice())
        && byte(data, offsets::VERSION)? == VERSION;
    if !is_pool {
        return Err(TwapError::WrongKind);
    }
    if long(data, offsets::FLASH_OWED_A)? != 0 || long(data, offsets::FLASH_OWED_B)? != 0 {
        return Err(TwapError::FlashLoanActive);
    }
    if window_seconds == 0 {
        return Err(TwapError::WindowOutOfRange);
    }
    let current = Sums {
        ts: i64::from_le_bytes(bytes(data, offsets::ORACLE_TS)?),
        price: wide(data, offsets::PRICE_SECONDS)?,
        capped: wide(data, offsets::CAPPED_PRICE_SECONDS)?,
    };
    let price_q64 = present_price(data)?;
    let capped_q64 = wide(data, offsets::CAPPED_PRICE)?;

    let end_ts = now_ts.max(current.ts);
    let start_ts = end_ts
        .checked_sub(i64::from(window_seconds))
        .filter(|start| *start >= 0)
        .ok_or(TwapError::WindowOutOfRange)?;
    // beyond this a difference of the sums, which wrap, would say nothing
    let held = u128::from(end_ts.abs_diff(current.ts));
    if price_q64.max(capped_q64).checked_mul(held).is_none() {
        return Err(TwapError::WindowOutOfRange);
    }
    let since = |ts: i64| current.later(ts.saturating_sub(current.ts), price_q64, capped_q64);
    let end = since(end_ts);
    // also for a window after the last change the entries must reach back: a pool has no price before its first
    let start = if start_ts >= current.ts {
        if usize::from(short(data, offsets::OBSERVATION_COUNT)?) == 0 {
            return Err(TwapError::NotEnoughHistory);
        }
        since(start_ts)
    } else {
        sums_at(data, &current, start_ts)?
    };
    let mean = |from: u128, to: u128| {
        to.wrapping_sub(from)
            .checked_div(u128::from(window_seconds))
            .unwrap_or(0)
    };
    Ok(Twap {
        price_q64: mean(start.price, end.price),
        capped_q64: mean(start.capped, end.capped),
    })
}

/// The price since the pool's last change.
fn present_price(data: &[u8]) -> Result<u128, TwapError> {
    if byte(data, offsets::CURVE)? != CURVE_CONSTANT_PRODUCT {
        return wide(data, offsets::LAST_PRICE);
    }
    let (reserve_a, reserve_b) = (long(data, offsets::RESERVE_A)?, long(data, offsets::RESERVE_B)?);
    (u128::from(reserve_b) << 64)
        .checked_div(u128::from(reserve_a))
        .ok_or(TwapError::WrongKind)
}

/// The sums at a moment before `current`, between the two entries around it; the newest line ends at `current`.
fn sums_at(data: &[u8], current: &Sums, ts: i64) -> Result<Sums, TwapError> {
    let next = usize::from(short(data, offsets::OBSERVATION_NEXT)?);
    let count = usize::from(short(data, offsets::OBSERVATION_COUNT)?);
    if next >= OBSERVATIONS || count > OBSERVATIONS {
        return Err(TwapError::WrongKind);
    }
    let mut later = *current;
    // from the newest back: the entry before `next` is the last one written
    for age in 1..=count {
        let index = next
            .wrapping_add(OBSERVATIONS)
            .wrapping_sub(age)
            .checked_rem(OBSERVATIONS)
            .unwrap_or(0);
        let entry = observation(data, index)?;
        if entry.ts <= ts {
            return Ok(entry.towards(&later, ts));
        }
        later = entry;
    }
    Err(TwapError::NotEnoughHistory)
}

fn observation(data: &[u8], index: usize) -> Result<Sums, TwapError> {
    // at most 47 entries of 36 bytes
    let at = offsets::OBSERVATIONS.wrapping_add(index.wrapping_mul(offsets::OBSERVATION_SPACE));
    Ok(Sums {
        ts: i64::from(u32::from_le_bytes(bytes(data, at)?)),
        price: wide(data, at.wrapping_add(4))?,
        capped: wide(data, at.wrapping_add(20))?,
    })
}

fn bytes<const N: usize>(data: &[u8], offset: usize) -> Result<[u8; N], TwapError> {
    let end = offset.checked_add(N).ok_or(TwapError::WrongKind)?;
    data.get(offset..end)
        .and_then(|part| part.try_into().ok())
        .ok_or(TwapError::WrongKind)
}

fn byte(data: &[u8], offset: usize) -> Result<u8, TwapError> {
    bytes(data, offset).map(|[byte]| byte)
}

fn short(data: &[u8], offset: usize) -> Result<u16, TwapError> {
    bytes(data, offset).map(u16::from_le_bytes)
}

fn long(data: &[u8], offset: usize) -> Result<u64, TwapError> {
    bytes(data, offset).map(u64::from_le_bytes)
}

fn wide(data: &[u8], offset: usize) -> Result<u128, TwapError> {
    bytes(data, offset).map(u128::from_le_bytes)
}

#[cfg(test)]
mod tests;
