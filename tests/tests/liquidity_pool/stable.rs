//! Pools on the stable curve. Expected amounts are exact integer solutions by bisection, made elsewhere.

use {
    commonweal_tests::fixtures::pool::{ramp_amplification, stable_terms, Ground, Holder, PoolWorld},
    liquidity_pool::state::Side,
    solana_signer::Signer,
};

/// A million of six decimals beside 1.1 million of nine, A = 200.
const STABLE_A: u64 = 1_000_000_000_000;
const STABLE_B: u64 = 1_100_000_000_000_000;

fn stage() -> (PoolWorld, Holder) {
    let mut pool = Ground::under(0, stable_terms).open(STABLE_A, STABLE_B);
    let trader = pool.holder("trader", STABLE_A, STABLE_B);
    (pool, trader)
}

fn swap(pool: &mut PoolWorld, trader: &Holder, input: Side, atoms: u64) -> u64 {
    let before = pool.balances(trader);
    let swap = pool.swap_in(trader, input, atoms, 1);
    pool.run(swap, trader);
    let after = pool.balances(trader);
    match input {
        Side::A => after.1 - before.1,
        Side::B => after.0 - before.0,
    }
}

#[test]
fn the_first_shares_are_the_invariant_but_for_a_thousand() {
    let (pool, _) = stage();
    assert_eq!(pool.pool().stable_invariant.get(), 2_099_988_127_744_956);
    assert_eq!(pool.pool().lp_supply_atoms.get(), 2_099_988_127_743_956);
    assert_eq!(pool.pool().stable_amplification.get(), 200);
}

#[test]
fn trades_in_both_directions_and_along_a_ramp_computed_by_bisection() {
    let (mut pool, trader) = stage();
    assert_eq!(swap(&mut pool, &trader, Side::A, 50_000_000_000), 49_861_872_156_703);
    assert_eq!(pool.reserves(), (1_049_970_000_000, 1_050_138_127_843_297));
    assert_eq!(swap(&mut pool, &trader, Side::B, 70_000_000_000_000), 69_766_773_340);
    assert_eq!(pool.reserves(), (980_203_226_660, 1_120_096_127_843_297));
    // half way from 200 to 400
    let authority = pool.authority.insecure_clone();
    let end_ts = pool.world.now() + 200_000;
    let ramp = ramp_amplification(&authority.pubkey(), &pool.config, 400, end_ts);
    pool.world.succeeds(ramp, &[&authority]);
    pool.world.warp_seconds(100_000);
    assert_eq!(swap(&mut pool, &trader, Side::A, 50_000_000_000), 49_864_269_341_897);
    assert_eq!(pool.pool().stable_amplification.get(), 300);
}

#[test]
fn an_exact_output_costs_no_atom_more_than_needed() {
    let (mut pool, trader) = stage();
    let bought = swap(&mut pool, &trader, Side::A, 50_000_000_000);
    let (mut other, buyer) = stage();
    let buy = other.swap_out(&buyer, Side::A, bought, 50_000_000_000);
    other.run(buy, &buyer);
    let paid = STABLE_A - other.balances(&buyer).0;
    assert!((49_999_999_999..=50_000_000_000).contains(&paid), "{paid}");
    assert_eq!(other.balances(&buyer).1, STABLE_B + bought);
}

#[test]
fn deposits_and_withdrawals_keep_the_price_and_leave_the_curve_to_be_solved() {
    let (mut pool, trader) = stage();
    swap(&mut pool, &trader, Side::A, 50_000_000_000);
    let deposit = pool.deposit(&trader, 1_000_000_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &trader);
    assert_eq!(pool.pool().stable_amplification.get(), 0);
    let kept = pool.pool().last_price_q64.get();
    let sums = pool.pool().price_seconds.get();
    pool.world.warp_seconds(90);
    let withdraw = pool.withdraw(&trader, 1_000_000_000_000, 1, 1);
    pool.run(withdraw, &trader);
    assert_eq!(pool.pool().last_price_q64.get(), kept);
    assert_eq!(pool.pool().price_seconds.get() - sums, 90 * kept);
    swap(&mut pool, &trader, Side::B, 1_000_000_000);
    assert_eq!(pool.pool().stable_amplification.get(), 200);
}

#[test]
fn a_round_trip_never_gains() {
    let (mut pool, trader) = stage();
    for atoms in [1_000, 999_999, 300_000_000_000] {
        let bought = swap(&mut pool, &trader, Side::A, atoms);
        assert!(swap(&mut pool, &trader, Side::B, bought) < atoms);
    }
}
