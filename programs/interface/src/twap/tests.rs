//! Mean prices over histories written here byte by byte.

use super::*;

const ONE: u128 = 1 << 64;
const T: i64 = 1_700_000_000;

/// A pool's bytes with a history of (time, price from then on), an entry for each, sums beginning at `origin`.
struct Account {
    data: [u8; POOL_SPACE],
    sums: Sums,
    written: usize,
}

impl Account {
    fn new(origin: u128) -> Self {
        let mut data = [0; POOL_SPACE];
        data[..8].copy_from_slice(&POOL_DISCRIMINATOR);
        data[offsets::VERSION] = 1;
        let sums = Sums {
            ts: T,
            price: origin,
            capped: origin,
        };
        let mut account = Self { data, sums, written: 0 };
        account.price(1, 1);
        account.put(offsets::CAPPED_PRICE, &ONE.to_le_bytes());
        account.observe();
        account
    }

    fn put(&mut self, offset: usize, bytes: &[u8]) {
        self.data[offset..offset + bytes.len()].copy_from_slice(bytes);
    }

    fn price(&mut self, a: u64, b: u64) {
        self.put(offsets::RESERVE_A, &a.to_le_bytes());
        self.put(offsets::RESERVE_B, &b.to_le_bytes());
    }

    /// Sums up to `ts` at whole prices, as the program does before a change.
    fn accumulate(&mut self, ts: i64, price: u128, capped: u128) {
        let elapsed = (ts - self.sums.ts) as u128;
        self.sums = Sums {
            ts,
            price: self.sums.price.wrapping_add(price * ONE * elapsed),
            capped: self.sums.capped.wrapping_add(capped * ONE * elapsed),
        };
        self.store();
    }

    fn store(&mut self) {
        let sums = self.sums;
        self.put(offsets::ORACLE_TS, &sums.ts.to_le_bytes());
        self.put(offsets::PRICE_SECONDS, &sums.price.to_le_bytes());
        self.put(offsets::CAPPED_PRICE_SECONDS, &sums.capped.to_le_bytes());
    }

    fn observe(&mut self) {
        self.store();
        let sums = self.sums;
        let at = offsets::OBSERVATIONS + self.written % OBSERVATIONS * offsets::OBSERVATION_SPACE;
        self.put(at, &u32::try_from(sums.ts).unwrap().to_le_bytes());
        self.put(at + 4, &sums.price.to_le_bytes());
        self.put(at + 20, &sums.capped.to_le_bytes());
        self.written += 1;
        let next = u16::try_from(self.written % OBSERVATIONS).unwrap();
        let count = u16::try_from(self.written.min(OBSERVATIONS)).unwrap();
        self.put(offsets::OBSERVATION_NEXT, &next.to_le_bytes());
        self.put(offsets::OBSERVATION_COUNT, &count.to_le_bytes());
    }

    fn read(&self, now_ts: i64, window: u32) -> Result<Twap, TwapError> {
        read_twap(&ids::LIQUIDITY_POOL, &self.data, now_ts, window)
    }
}

fn twap(price_q64: u128, capped_q64: u128) -> Result<Twap, TwapError> {
    Ok(Twap { price_q64, capped_q64 })
}

/// A minute at 1, a minute at 3 (capped 1, then 2), then 5 (capped 2), changed at T + 60 and T + 120.
fn three_prices(origin: u128) -> Account {
    let mut account = Account::new(origin);
    account.accumulate(T + 60, 1, 1);
    account.observe();
    account.accumulate(T + 120, 3, 2);
    account.observe();
    account.price(1, 5);
    account.put(offsets::CAPPED_PRICE, &(2 * ONE).to_le_bytes());
    account
}

#[test]
fn a_window_after_the_last_change_has_the_price_since_then() {
    let account = three_prices(0);
    assert_eq!(account.read(T + 180, 60), twap(5 * ONE, 2 * ONE));
    assert_eq!(account.read(T + 180, 1), twap(5 * ONE, 2 * ONE));
}

#[test]
fn a_window_over_changes_has_their_weighted_mean() {
    let account = three_prices(0);
    // 60 s at 5, 60 at 3, 60 at 1
    assert_eq!(account.read(T + 180, 120), twap(4 * ONE, 2 * ONE));
    assert_eq!(account.read(T + 180, 180), twap(3 * ONE, (2 + 2 + 1) * ONE / 3));
    // half of the second minute
    assert_eq!(account.read(T + 180, 90), twap((5 * 60 + 3 * 30) * ONE / 90, 2 * ONE));
    // at the moment of the last change
    assert_eq!(account.read(T + 120, 120), twap(2 * ONE, 3 * ONE / 2));
}

#[test]
fn the_beginning_may_be_the_first_entry_and_no_earlier() {
    let account = three_prices(0);
    assert!(account.read(T + 180, 180).is_ok());
    assert_eq!(account.read(T + 180, 181), Err(TwapError::NotEnoughHistory));
}

#[test]
fn sums_that_wrapped_give_the_same_means() {
    for origin in [u128::MAX, u128::MAX - 60 * ONE, u128::MAX - 200 * ONE] {
        for (now, window) in [
            (T + 180, 180),
            (T + 180, 120),
            (T + 180, 90),
            (T + 180, 60),
            (T + 120, 1),
        ] {
            assert_eq!(
                three_prices(origin).read(now, window),
                three_prices(0).read(now, window)
            );
        }
    }
}

#[test]
fn a_full_ring_reaches_back_to_its_oldest_entry() {
    let mut account = Account::new(7);
    for minute in 1..=100 {
        account.accumulate(T + 60 * minute, u128::from(minute.unsigned_abs()), 1);
        account.observe();
    }
    // 48 entries, the oldest of minute 53
    let last = T + 6_000;
    assert_eq!(
        account.read(last, 47 * 60),
        twap((54..=100).sum::<u128>() * ONE / 47, ONE)
    );
    assert_eq!(account.read(last, 47 * 60 + 1), Err(TwapError::NotEnoughHistory));
    assert_eq!(account.read(last, 60), twap(100 * ONE, ONE));
    assert_eq!(account.read(last, 90), twap((100 * 60 + 99 * 30) * ONE / 90, ONE));
}

#[test]
fn a_change_after_the_last_entry_counts() {
    let mut account = three_prices(0);
    // 30 s at 5 accumulated without an entry, then 9
    account.accumulate(T + 150, 5, 2);
    account.price(1, 9);
    assert_eq!(account.read(T + 160, 40), twap((5 * 30 + 9 * 10) * ONE / 40, 2 * ONE));
    // the line from the entry at T + 120 to T + 150
    assert_eq!(account.read(T + 160, 25), twap((5 * 15 + 9 * 10) * ONE / 25, 2 * ONE));
}

#[test]
fn a_stable_pool_goes_on_with_its_last_price() {
    let mut account = three_prices(0);
    account.data[offsets::CURVE] = 1;
    account.put(offsets::LAST_PRICE, &(4 * ONE).to_le_bytes());
    assert_eq!(account.read(T + 180, 60), twap(4 * ONE, 2 * ONE));
}

#[test]
fn a_clock_behind_the_pool_counts_as_its_time() {
    let account = three_prices(0);
    assert_eq!(account.read(T, 120), account.read(T + 120, 120));
}

#[test]
fn what_is_no_pool_or_no_window_is_refused() {
    let account = three_prices(0);
    assert_eq!(
        read_twap(&ids::SYSTEM, &account.data, T + 180, 60),
        Err(TwapError::NotOwnedByPool)
    );
    assert_eq!(
        read_twap(&ids::LIQUIDITY_POOL, &account.data[..POOL_SPACE - 1], T + 180, 60),
        Err(TwapError::WrongKind)
    );
    for (offset, value) in [(0, 0), (offsets::VERSION, 2), (offsets::OBSERVATION_NEXT, 48)] {
        let mut other = three_prices(0);
        other.data[offset] = value;
        assert_eq!(other.read(T + 180, 100), Err(TwapError::WrongKind));
    }
    assert_eq!(account.read(T + 180, 0), Err(TwapError::WindowOutOfRange));
    assert_eq!(account.read(T + 180, u32::MAX), Err(TwapError::WindowOutOfRange));
    let mut none = three_prices(0);
    none.put(offsets::OBSERVATION_COUNT, &[0, 0]);
    assert_eq!(none.read(T + 180, 60), Err(TwapError::NotEnoughHistory));
    assert_eq!(none.read(T + 180, 61), Err(TwapError::NotEnoughHistory));
}

#[test]
fn while_tokens_are_lent_there_is_no_price() {
    for offset in [offsets::FLASH_OWED_A, offsets::FLASH_OWED_B] {
        let mut lent = three_prices(0);
        lent.data[offset] = 1;
        assert_eq!(lent.read(T + 180, 60), Err(TwapError::FlashLoanActive));
    }
}
