//! What a swap costs besides the base fee, and when the providers have it: launch fee, dynamic fee, vesting.

use {
    commonweal_interface::ids,
    commonweal_tests::fixtures::pool::{full_terms, usual_terms, Ground, Holder, PoolWorld, FIRST_A, FIRST_B},
    liquidity_pool::{
        events::Swapped,
        state::{ConfigTerms, Side},
    },
    solana_address::Address,
    solana_signer::Signer,
};

fn launching(authority: Address, treasury: Address) -> ConfigTerms {
    ConfigTerms {
        launch_fee_ppm: 200_000,
        max_launch_fee_ppm: 200_000,
        launch_seconds: 3_600,
        ..usual_terms(authority, treasury)
    }
}

fn volatile(authority: Address, treasury: Address) -> ConfigTerms {
    let full = full_terms(authority, treasury);
    ConfigTerms {
        dynamic_fee_cap_ppm: full.dynamic_fee_cap_ppm,
        max_dynamic_fee_cap_ppm: full.max_dynamic_fee_cap_ppm,
        dynamic_fee_slope_ppm: full.dynamic_fee_slope_ppm,
        volatility_threshold_ppm: full.volatility_threshold_ppm,
        ..usual_terms(authority, treasury)
    }
}

fn vesting(authority: Address, treasury: Address) -> ConfigTerms {
    ConfigTerms {
        vesting_slots: 4_500,
        ..usual_terms(authority, treasury)
    }
}

fn stage(terms: fn(Address, Address) -> ConfigTerms) -> (PoolWorld, Holder) {
    let mut pool = Ground::under(0, terms).open(FIRST_A, FIRST_B);
    let trader = pool.holder("trader", FIRST_A, FIRST_B);
    (pool, trader)
}

/// (output, providers' fee, protocol's fee, dynamic rate, launch rate) of a sale of A.
fn sell(pool: &mut PoolWorld, trader: &Holder, atoms: u64) -> (u64, u64, u64, u32, u32) {
    let swap = pool.swap_in(trader, Side::A, atoms, 1);
    let receipt = pool.run(swap, trader);
    let event = &receipt.events::<Swapped>()[0];
    assert_eq!(event.vesting_shares, pool.pool().vesting_shares.get());
    (
        event.output_received_atoms,
        event.lp_fee_atoms,
        event.protocol_fee_atoms,
        event.dynamic_fee_ppm,
        event.launch_fee_ppm,
    )
}

#[test]
fn the_launch_fee_decays_and_is_wholly_the_protocols() {
    let (mut pool, trader) = stage(launching);
    let mut owed = 0;
    // 20.3 % of a million: 200,000 launch; of the other 3,000 a fifth. Then half of it, the last second's ⌈200,000 / 3,600⌉ ppm
    // and nothing
    let expected = [
        (0, (1_592_730_593_716, 2_400, 200_600, 0, 200_000)),
        (1_800, (1_789_535_552_546, 2_400, 100_600, 0, 100_000)),
        (1_799, (1_985_164_574_568, 2_400, 656, 0, 56)),
        (1, (1_981_327_381_585, 2_400, 600, 0, 0)),
    ];
    for (seconds, values) in expected {
        pool.world.warp(seconds, 1);
        assert_eq!(sell(&mut pool, &trader, 1_000_000), values, "after {seconds} s more");
        owed += values.2;
        assert_eq!(pool.owed(), (owed, 0));
    }
}

#[test]
fn a_creator_who_snipes_his_own_launch_pays_the_launch_fee_to_the_treasury() {
    let (mut pool, _) = stage(launching);
    let creator = pool.creator.clone();
    let before = pool.reserves();
    let (_, lp_fee, protocol_fee, _, _) = sell(&mut pool, &creator, 1_000_000);
    assert_eq!((lp_fee, protocol_fee), (2_400, 200_600));
    // of what was paid 799,400 is the pool's: even all its shares bring no more of it back
    assert_eq!(pool.reserves().0 - before.0, 799_400);
}

#[test]
fn the_dynamic_fee_follows_the_price_decays_and_is_forgotten() {
    let (mut pool, trader) = stage(volatile);
    // the first price is the reference
    assert_eq!(
        sell(&mut pool, &trader, 10_000_000),
        (19_743_160_687_941, 24_000, 6_000, 0, 0)
    );
    // it moved by 19,669 ppm: a tenth of that, rounded up
    assert_eq!(
        sell(&mut pool, &trader, 10_000_000),
        (19_318_906_391_598, 39_736, 9_934, 1_967, 0)
    );
    // half an hour later half of it is left, and the second trade's 19,454 ppm are added
    pool.world.warp_seconds(1_800);
    assert_eq!(
        sell(&mut pool, &trader, 1_000_000),
        (1_909_258_838_435, 4_744, 1_185, 2_929, 0)
    );
    // an hour after the reference moved everything is forgotten
    pool.world.warp_seconds(3_600);
    assert_eq!(
        sell(&mut pool, &trader, 1_000_000),
        (1_911_144_851_646, 2_400, 600, 0, 0)
    );
}

#[test]
fn a_move_below_the_threshold_counts_but_leaves_the_reference() {
    let (mut pool, trader) = stage(volatile);
    sell(&mut pool, &trader, 100_000);
    let reference = pool.pool().volatility_price_q64.get();
    // the price has moved by 199 ppm; the threshold is 1,000
    pool.world.warp_seconds(60);
    assert_eq!(sell(&mut pool, &trader, 100_000).3, 20);
    assert_eq!(pool.pool().volatility_price_q64.get(), reference);
    assert_eq!(pool.pool().volatility_ppm.get(), 0);
}

#[test]
fn a_split_trade_pays_no_less_dynamic_fee_than_the_whole() {
    let dearest = |parts: u64| {
        let (mut pool, trader) = stage(volatile);
        sell(&mut pool, &trader, 1_000);
        for _ in 0..parts {
            sell(&mut pool, &trader, 50_000_000 / parts);
        }
        sell(&mut pool, &trader, 1_000).3
    };
    assert!(dearest(50) >= dearest(1) - 100);
}

#[test]
fn a_fee_vests_slot_by_slot() {
    let (mut pool, trader) = stage(vesting);
    // 240,000 atoms on a reserve of 1,099,700,000: ⌊1,414,213,562,373 · f / (2x + f)⌋
    sell(&mut pool, &trader, 100_000_000);
    let state = pool.pool();
    assert_eq!(
        (state.vesting_shares.get(), state.vesting_remaining_slots.get()),
        (154_303_092, 4_500)
    );
    // a third later two thirds are left; the new fee's 141,459,935 shares take theirs along
    pool.world.warp(600, 1_500);
    sell(&mut pool, &trader, 100_000_000);
    let state = pool.pool();
    assert_eq!(
        (state.vesting_shares.get(), state.vesting_remaining_slots.get()),
        (244_328_663, 3_868)
    );
    pool.world.warp(1_600, 3_868);
    let deposit = pool.deposit(&trader, 1_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &trader);
    assert_eq!(pool.pool().vesting_shares.get(), 0);
}

/// What a holder of nine tenths of the pool around one trade, who leaves `slots` later, has gained: in ppm of x·y of the stake.
fn gained_ppm(terms: fn(Address, Address) -> ConfigTerms, slots: u64) -> u128 {
    let (mut pool, trader) = stage(terms);
    let visitor = pool.holder("visitor", 20 * FIRST_A, 20 * FIRST_B);
    let shares = 9 * pool.pool().lp_supply_atoms.get();
    let deposit = pool.deposit(&visitor, shares, u64::MAX, u64::MAX);
    pool.run(deposit, &visitor);
    let held = pool.balances(&visitor);
    let paid = u128::from(20 * FIRST_A - held.0) * u128::from(20 * FIRST_B - held.1);
    sell(&mut pool, &trader, FIRST_A);
    pool.world.warp(slots as i64 / 3, slots);
    let withdraw = pool.withdraw(&visitor, shares, 1, 1);
    pool.run(withdraw, &visitor);
    let after = pool.balances(&visitor);
    let got = u128::from(after.0 - held.0) * u128::from(after.1 - held.1);
    got.saturating_sub(paid) / (paid / 1_000_000)
}

#[test]
fn liquidity_that_comes_for_one_trade_takes_almost_nothing_of_its_fee() {
    // the providers' 0.24 % of a trade of a tenth of the reserve, which it makes eleven of ten: 218 ppm of x·y
    let at_once = gained_ppm(usual_terms, 0);
    assert_eq!(at_once, 218);
    assert_eq!(gained_ppm(vesting, 0), 0);
    assert!(gained_ppm(vesting, 45) <= at_once / 90);
    assert!(gained_ppm(vesting, 4_500) >= at_once - 1);
}

#[test]
fn sandwiching_the_vest_gains_nothing() {
    let (mut pool, trader) = stage(vesting);
    let visitor = pool.holder("visitor", 20 * FIRST_A, 20 * FIRST_B);
    sell(&mut pool, &trader, FIRST_A / 2);
    let before = pool.balances(&visitor);
    let shares = 9 * pool.pool().lp_supply_atoms.get();
    let deposit = pool.deposit(&visitor, shares, u64::MAX, u64::MAX);
    pool.run(deposit, &visitor);
    let withdraw = pool.withdraw(&visitor, shares, 1, 1);
    pool.run(withdraw, &visitor);
    let after = pool.balances(&visitor);
    assert!(after.0 <= before.0 && after.1 <= before.1);
}

#[test]
fn burnt_shares_take_their_part_of_the_vesting_along() {
    let (mut pool, trader) = stage(vesting);
    sell(&mut pool, &trader, 100_000_000);
    let (stored, vesting) = (pool.pool().lp_supply_atoms.get(), pool.pool().vesting_shares.get());
    let creator = pool.creator.clone();
    let mint = pool.at.lp_mint.0;
    let burn = spl_token_2022_interface::instruction::burn(
        &ids::TOKEN,
        &creator.lp,
        &mint,
        &creator.key.pubkey(),
        &[],
        stored / 2,
    );
    pool.world.succeeds(burn.unwrap(), &[&creator.key]);
    let deposit = pool.deposit(&trader, 1_000, u64::MAX, u64::MAX);
    pool.run(deposit, &trader);
    let left = u128::from(stored - stored / 2) + 1_000;
    assert_eq!(
        u128::from(pool.pool().vesting_shares.get()),
        u128::from(vesting) * left / (u128::from(stored) + 1_000)
    );
}
