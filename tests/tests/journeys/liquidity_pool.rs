//! A pool from its first deposit to its last withdrawal.

use {
    commonweal_tests::{
        fixtures::pool::{assert_invariants, Ground},
        world::World,
    },
    liquidity_pool::state::Side,
};

const A_ATOMS: u64 = 1_000_000_000;
const B_ATOMS: u64 = 4_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_is_funded_traded_in_both_directions_and_emptied() {
    let mut pool = Ground::on(World::on_a_bank(11)).open(A_ATOMS, B_ATOMS);
    // ⌊√(10⁹ · 4·10⁹)⌋ = 2·10⁹, of which 1,000 belong to nobody
    assert_eq!(pool.world.supply(&pool.at.lp_mint.0), 1_999_999_000);

    let trader = pool.holder("trader", 50_000_000, 0);
    // 50,000,000 at 0.3 %: fee 150,000, net 49,850,000; ⌊49,850,000 · 4·10⁹ / 1,049,850,000⌋ = 189,931,895
    let sell = pool.swap_in(&trader, Side::A, 50_000_000, 189_931_895);
    pool.run(sell, &trader);
    assert_eq!(pool.balances(&trader), (0, 189_931_895, 0));
    let back = pool.swap_in(&trader, Side::B, 189_931_895, 1);
    pool.run(back, &trader);
    let (a_after, b_after, _) = pool.balances(&trader);
    assert!(a_after < 50_000_000 && b_after == 0, "a round trip pays the fee twice");

    let provider = pool.holder("provider", 2_000_000_000, 8_000_000_000);
    let join = pool.deposit(&provider, 1_000_000_000, 2_000_000_000, 8_000_000_000);
    pool.run(join, &provider);
    let (_, _, shares) = pool.balances(&provider);
    assert_eq!(shares, 1_000_000_000);
    let leave = pool.withdraw(&provider, shares, 1, 1);
    pool.run(leave, &provider);
    let (a_atoms, b_atoms, shares) = pool.balances(&provider);
    assert_eq!(shares, 0);
    assert!(
        a_atoms <= 2_000_000_000 && b_atoms <= 8_000_000_000,
        "deposit then withdraw never gains"
    );
    assert!(
        a_atoms >= 1_999_999_998 && b_atoms >= 7_999_999_998,
        "and loses no more than the rounding"
    );

    let creator = pool.creator.clone();
    let (_, _, all) = pool.balances(&creator);
    let empty = pool.withdraw(&creator, all, 1, 1);
    pool.run(empty, &creator);
    assert_eq!(pool.world.supply(&pool.at.lp_mint.0), 0);
    let (reserve_a, reserve_b) = pool.reserves();
    assert!(
        reserve_a > 0 && reserve_b > 0,
        "the shares of nobody keep the pool alive"
    );
    assert_invariants(&pool.world, &pool.at.pool.0);
}
