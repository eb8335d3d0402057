//! The oracle inside a pool: what counts, what does not, and how fast the capped price follows.

use {
    commonweal_tests::fixtures::pool::{Holder, PoolWorld},
    core::mem::offset_of,
    liquidity_pool::state::{Pool, Side},
};

/// ⌊2·10¹⁵ · 2⁶⁴ / 10⁹⌋
const FIRST_PRICE: u128 = 2_000_000 << 64;
/// Of 1,099,940,000 : 1,818,677,821,223,971, after a hundred million of A.
const NEXT_PRICE: u128 = 30_500_467_589_732_427_620_421_760;

fn stage() -> (PoolWorld, Holder) {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", 2_000_000_000, 2_000_000_000_000_000);
    (pool, trader)
}

fn sell(pool: &mut PoolWorld, trader: &Holder, atoms: u64) {
    let swap = pool.swap_in(trader, Side::A, atoms, 1);
    pool.run(swap, trader);
}

#[test]
fn the_first_reserves_are_the_first_price() {
    let (pool, _) = stage();
    let state = pool.pool();
    assert_eq!(state.last_price_q64.get(), FIRST_PRICE);
    assert_eq!(state.capped_price_q64.get(), FIRST_PRICE);
    assert_eq!(state.oracle_ts.get(), state.created_ts.get());
    assert_eq!((state.observation_next.get(), state.observation_count.get()), (1, 1));
    assert_eq!(i64::from(state.observations[0].ts.get()), state.created_ts.get());
    assert_eq!(state.observations[0].price_seconds.get(), 0);
}

#[test]
fn prices_count_for_the_seconds_they_held() {
    let (mut pool, trader) = stage();
    pool.world.warp_seconds(30);
    sell(&mut pool, &trader, 100_000_000);
    let state = pool.pool();
    assert_eq!(state.price_seconds.get(), 30 * FIRST_PRICE);
    assert_eq!(state.capped_price_seconds.get(), 30 * FIRST_PRICE);
    assert_eq!(state.observation_count.get(), 1, "a minute has not passed");
    pool.world.warp_seconds(30);
    sell(&mut pool, &trader, 1_000);
    let state = pool.pool();
    // the price fell by a sixth; the capped one may follow by a hundredth
    let capped = FIRST_PRICE - FIRST_PRICE / 100;
    assert_eq!(state.price_seconds.get(), 30 * (FIRST_PRICE + NEXT_PRICE));
    assert_eq!(state.capped_price_q64.get(), capped);
    assert_eq!(state.capped_price_seconds.get(), 30 * (FIRST_PRICE + capped));
    assert_eq!((state.observation_next.get(), state.observation_count.get()), (2, 2));
    assert_eq!(i64::from(state.observations[1].ts.get()), state.created_ts.get() + 60);
    assert_eq!(state.observations[1].price_seconds.get(), state.price_seconds.get());
}

#[test]
fn trades_within_a_second_have_no_weight() {
    let (mut pool, trader) = stage();
    pool.world.warp_seconds(100);
    sell(&mut pool, &trader, 1_000);
    let before = pool.pool();
    for _ in 0..5 {
        pool.world.warp(0, 1);
        sell(&mut pool, &trader, 100_000_000);
    }
    let after = pool.pool();
    assert_eq!(after.price_seconds.get(), before.price_seconds.get());
    assert_eq!(after.capped_price_seconds.get(), before.capped_price_seconds.get());
    assert_eq!(after.observation_count.get(), before.observation_count.get());
}

#[test]
fn a_donation_moves_no_price() {
    let (mut pool, trader) = stage();
    let vault = pool.at.vault_b.0;
    pool.world.warp_seconds(50);
    pool.world.mint_into(&pool.mint_b, &vault, 20_000_000_000_000_000);
    pool.world.warp_seconds(50);
    sell(&mut pool, &trader, 1_000);
    assert_eq!(pool.pool().price_seconds.get(), 100 * FIRST_PRICE);
    assert_eq!(pool.pool().capped_price_q64.get(), FIRST_PRICE);
}

#[test]
fn deposits_and_withdrawals_count_time_too() {
    let (mut pool, trader) = stage();
    pool.world.warp_seconds(70);
    let deposit = pool.deposit(&trader, 1_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &trader);
    assert_eq!(pool.pool().price_seconds.get(), 70 * FIRST_PRICE);
    assert_eq!(pool.pool().observation_count.get(), 2);
    pool.world.warp_seconds(10);
    let withdraw = pool.withdraw(&trader, 1_000_000, 1, 1);
    pool.run(withdraw, &trader);
    assert_eq!(pool.pool().oracle_ts.get(), pool.pool().created_ts.get() + 80);
}

#[test]
fn the_ring_takes_one_entry_a_minute_and_overwrites_the_oldest() {
    let (mut pool, trader) = stage();
    for _ in 0..120 {
        pool.world.warp_seconds(30);
        sell(&mut pool, &trader, 1_000);
    }
    let state = pool.pool();
    // sixty entries and the first: thirteen of them have been overwritten
    assert_eq!((state.observation_next.get(), state.observation_count.get()), (13, 48));
    let newest = state.observations[12].ts.get();
    assert_eq!(i64::from(newest), state.created_ts.get() + 3_600);
    assert_eq!(newest - state.observations[13].ts.get(), 47 * 60);
}

#[test]
fn a_clock_that_steps_back_counts_nothing() {
    let (mut pool, trader) = stage();
    pool.world.warp_seconds(100);
    sell(&mut pool, &trader, 1_000);
    let before = pool.pool();
    pool.world.warp(-50, 1);
    sell(&mut pool, &trader, 1_000);
    assert_eq!(pool.pool().price_seconds.get(), before.price_seconds.get());
    assert_eq!(pool.pool().oracle_ts.get(), before.oracle_ts.get());
}

#[test]
fn sums_wrap_around() {
    let (mut pool, trader) = stage();
    let address = pool.at.pool.0;
    let mut account = pool.world.raw(&address);
    let at = 8 + offset_of!(Pool, price_seconds);
    account.data[at..at + 16].copy_from_slice(&(u128::MAX - 4).to_le_bytes());
    pool.world.set_raw(address, account);
    pool.world.warp_seconds(10);
    sell(&mut pool, &trader, 1_000);
    assert_eq!(pool.pool().price_seconds.get(), 10 * FIRST_PRICE - 5);
}
