//! The pool's invariants P1 to P8, each by name. Random play holds them after every step besides.

use {
    super::expect::fee,
    commonweal_tests::{
        fixtures::pool::{
            assert_invariants,
            farming::{FarmWorld, FUNDING},
            full_stable_terms, full_terms, stable_terms, Ground, Holder, PoolWorld, ShareValue, DAY, FEE_PPM, FIRST_A,
            FIRST_B, PROTOCOL_SHARE_PPM,
        },
        model::pool::invariant,
    },
    liquidity_pool::{
        errors::PoolError,
        state::{ConfigUpdate, Side},
    },
    solana_signer::Signer,
};

const FOREVER: i64 = i64::MAX;

fn full(seed: u64) -> PoolWorld {
    Ground::under(seed, full_terms).open(FIRST_A, FIRST_B)
}

/// A stable pool of a thousand units of each token.
fn stable(seed: u64) -> PoolWorld {
    Ground::under(seed, full_stable_terms).open(1_000_000_000, 1_000_000_000_000)
}

/// The stable invariant of the reserves, by the model.
fn d(pool: &PoolWorld) -> u128 {
    let (a, b) = pool.reserves();
    let amplification = pool.config().amplification_at(pool.world.now());
    invariant([u128::from(a) * 1_000, u128::from(b)], amplification)
}

/// Vaults hold exactly reserves, fees owed and deferred claims, where nobody has donated.
fn assert_exact(pool: &PoolWorld) {
    let (reserves, owed, deferred, vaults) = (pool.reserves(), pool.owed(), pool.deferred(), pool.vaults());
    assert_eq!(vaults.0, reserves.0 + owed.0 + deferred.0);
    assert_eq!(vaults.1, reserves.1 + owed.1 + deferred.1);
}

#[test]
fn p1_vaults_always_cover_what_the_pool_owes() {
    for mut pool in [full(0), stable(0)] {
        let user = pool.holder("user", FIRST_A, FIRST_B);
        for round in 1..6u64 {
            let steps = [
                pool.deposit(&user, 1_000_000 * round, u64::MAX, u64::MAX),
                pool.swap_in(&user, Side::A, 1_234_567 * round, 1),
                pool.swap_out(&user, Side::B, 7_654_321 * round, u64::MAX),
                pool.deposit_one_side(&user, Side::A, 1_000_000 * round, u64::MAX, 1),
                pool.withdraw_deferring(&user, 300_000, (0, 0), (round % 4) as u8),
            ];
            for step in steps {
                pool.run(step, &user);
                assert_exact(&pool);
            }
            pool.run_around(&user, (1_000_000, 0), &[]);
            assert_exact(&pool);
            pool.world.warp_seconds(100);
        }
        assert_ne!(pool.deferred(), (0, 0));
        assert_ne!(pool.owed(), (0, 0));
    }
}

#[test]
fn p1_holds_for_what_is_lent_until_it_is_repaid() {
    let mut pool = full(0);
    let user = pool.holder("user", FIRST_A, FIRST_B);
    let all = pool.reserves();
    // all of both reserves are out, and nothing of the pool works meanwhile
    let between = [
        pool.swap_in(&user, Side::A, 1_000, 0),
        pool.withdraw(&user, 1, 0, 0),
        pool.deposit(&user, 1, u64::MAX, u64::MAX),
        pool.skim(),
    ];
    for instruction in between {
        let loan = [
            pool.flash_borrow(&user, all.0, all.1),
            instruction,
            pool.flash_repay(&user),
        ];
        let key = user.key.insecure_clone();
        let active = commonweal_tests::fixtures::pool::code(PoolError::FlashLoanActive);
        pool.world.all_fail_with(&loan, &[&key], active);
    }
    pool.run_around(&user, all, &[]);
    assert_exact(&pool);
    assert!(
        pool.reserves().0 > all.0 && pool.reserves().1 > all.1,
        "the fee is the providers'"
    );
}

#[test]
fn p2_the_product_never_falls_and_one_atom_more_out_would_break_it() {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", FIRST_A, FIRST_B);
    for (input, amount) in [
        (Side::A, 1_000u64),
        (Side::B, 3_000_001),
        (Side::A, 77),
        (Side::B, FIRST_B / 3),
        (Side::A, FIRST_A / 2),
    ] {
        let (a, b) = pool.reserves();
        let (x, y) = if input == Side::A { (a, b) } else { (b, a) };
        let swap = pool.swap_in(&trader, input, amount, 1);
        pool.run(swap, &trader);
        let (a, b) = pool.reserves();
        let (x_after, y_after) = if input == Side::A { (a, b) } else { (b, a) };
        let (lp, protocol) = fee(amount, FEE_PPM, PROTOCOL_SHARE_PPM);
        let net = u128::from(amount - lp - protocol);
        assert_eq!(x_after, x + amount - protocol);
        let k = u128::from(x) * u128::from(y);
        assert!((u128::from(x) + net) * u128::from(y_after) >= k, "P2");
        assert!(
            (u128::from(x) + net) * u128::from(y_after - 1) < k,
            "one atom more was possible"
        );
    }
}

#[test]
fn p2_the_stable_invariant_never_falls_by_a_swap() {
    // without any fee, so that nothing hides a loss
    let no_fee = |authority, treasury| liquidity_pool::state::ConfigTerms {
        base_fee_ppm: 0,
        ..stable_terms(authority, treasury)
    };
    let mut pool = Ground::under(0, no_fee).open(1_000_000_000, 1_000_000_000_000);
    let trader = pool.holder("trader", FIRST_A, FIRST_B);
    for step in 1..40u64 {
        let before = d(&pool);
        let (input, amount) = match step % 4 {
            0 => (Side::A, step * 1_000_003),
            1 => (Side::B, step * 999_999_937),
            2 => (Side::A, step),
            _ => (Side::B, step * 1_001),
        };
        let swap = if step % 3 == 0 {
            pool.swap_out(&trader, input, amount, u64::MAX)
        } else {
            pool.swap_in(&trader, input, amount, 0)
        };
        let key = trader.key.insecure_clone();
        if pool.world.send(&[swap], &[&key]).failure().is_none() {
            assert!(d(&pool) >= before, "P2 at step {step}");
        }
    }
    assert!(pool.pool().sequence.get() > 25, "hardly anything was traded");
}

#[test]
fn p3_the_value_of_a_share_never_falls() {
    for mut pool in [full(0), stable(0)] {
        let user = pool.holder("user", FIRST_A, FIRST_B);
        let donor = pool.holder("donor", 1_000_000, 0);
        let deposit = pool.deposit(&user, 50_000_000, u64::MAX, u64::MAX);
        pool.run(deposit, &user);
        for round in 1..8u64 {
            // `run` compares the value of a share around each
            let swap = pool.swap_in(&user, Side::A, 10_000_000 * round, 0);
            pool.run(swap, &user);
            let back = pool.swap_in(&user, Side::B, 9_000_000_000 * round, 0);
            pool.run(back, &user);
            pool.world.warp_seconds(61 * round as i64);
            let withdraw = pool.withdraw(&user, 1_234_567 * round, 0, 0);
            pool.run(withdraw, &user);
            let one_side = pool.deposit_one_side(&user, Side::A, 700_000, u64::MAX, 0);
            pool.run(one_side, &user);
        }
        let (mint, vault) = (pool.mint_a.clone(), pool.at.vault_a.0);
        pool.world.transfer(&mint, &donor.a, &vault, &donor.key, 1_000_000);
        let skim = pool.skim();
        pool.run_unsigned(skim);
        // burnt shares belong to those who stay
        let before = ShareValue::of(&pool.world, &pool.at);
        burn(&mut pool, &user, 1_000_000);
        before.assert_kept(&ShareValue::of(&pool.world, &pool.at));
        let withdraw = pool.withdraw(&user, 1_000_000, 0, 0);
        pool.run(withdraw, &user);
    }
}

/// A holder burns shares past the program.
fn burn(pool: &mut PoolWorld, who: &Holder, lp_atoms: u64) {
    let burn = spl_token_2022_interface::instruction::burn_checked(
        &commonweal_interface::ids::TOKEN,
        &who.lp,
        &pool.at.lp_mint.0,
        &who.key.pubkey(),
        &[],
        lp_atoms,
        9,
    )
    .unwrap();
    pool.world.succeeds(burn, &[&who.key]);
}

#[test]
fn p4_depositing_then_withdrawing_never_gains() {
    for mut pool in [full(0), stable(0)] {
        let trader = pool.holder("trader", FIRST_A, FIRST_B);
        let user = pool.holder("user", FIRST_A, FIRST_B);
        for shares in [1u64, 2, 3, 997, 1_000_001, 123_456_789] {
            // fees are vesting while the user is there
            let swap = pool.swap_in(&trader, Side::A, 1_000_000, 0);
            pool.run(swap, &trader);
            let before = pool.balances(&user);
            let deposit = pool.deposit(&user, shares, u64::MAX, u64::MAX);
            pool.run(deposit, &user);
            let withdraw = pool.withdraw(&user, shares, 0, 0);
            let key = user.key.insecure_clone();
            // a share that is worth no atom stays
            let _ = pool.world.send(&[withdraw], &[&key]);
            let after = pool.balances(&user);
            assert!(after.0 <= before.0 && after.1 <= before.1, "P4 with {shares} shares");
        }
    }
}

#[test]
fn p5_rewards_owed_never_exceed_the_reward_vault() {
    let mut farm = FarmWorld::new(0);
    // `run` adds up what is owed after every instruction
    let (one, two) = (farm.staked("one", 1_000_003), farm.staked("two", 77));
    farm.wait(1_234);
    let person = farm.seated("person", &one);
    farm.wait(777);
    let more = farm.fund(999_999);
    let funder = farm.funder.insecure_clone();
    farm.run(more, &funder);
    let unstake = farm.unstake(&two, 13);
    farm.run_by(unstake, &two);
    farm.wait(3_333);
    let leave = farm.leave_seat(&one, &person);
    farm.run_by(leave, &one);
    farm.wait_for_end();
    let mut paid = 0;
    for (staker, stake) in [(&one, 1_000_003), (&two, 64)] {
        let unstake = farm.unstake(staker, stake);
        farm.run_by(unstake, staker);
        paid += farm.harvested(staker);
    }
    assert!(paid <= FUNDING + 999_999, "P5");
    // everything else goes back: nothing is lost to roundings
    let before = farm.pool.world.tokens(&farm.funder_rewards);
    let reclaim = farm.reclaim();
    farm.run_unsigned(reclaim);
    assert_eq!(
        farm.pool.world.tokens(&farm.funder_rewards) - before + paid,
        FUNDING + 999_999
    );
}

#[test]
fn p6_locks_hold_what_they_say_and_the_supply_counts_every_share_once() {
    let mut pool = full(0);
    let creator = pool.creator.clone();
    let user = pool.holder("user", FIRST_A, FIRST_B);
    let deposit = pool.deposit(&user, 9_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &user);
    let until = pool.world.now() + DAY;
    for (who, index, atoms, end) in [
        (&creator, 0, 1_000_000, FOREVER),
        (&user, 0, 2_000_000, until),
        (&user, 1, 3_000_000, FOREVER),
    ] {
        let lock = pool.lock(who, index, atoms, end);
        pool.run(lock, who);
    }
    let assert_supply = |pool: &PoolWorld| {
        let (timed, forever) = pool.locked();
        let locked = pool.world.tokens(&pool.lock_vault().0);
        assert_eq!(locked, timed + forever, "P6");
        let free = pool.balances(&creator).2 + pool.balances(&user).2;
        assert_eq!(
            pool.world.supply(&pool.at.lp_mint.0),
            free + locked,
            "a share counted twice"
        );
        assert_eq!(pool.pool().lp_supply_atoms.get(), free + locked);
    };
    assert_eq!(pool.locked(), (2_000_000, 4_000_000));
    assert_supply(&pool);
    pool.world.warp_to(until);
    let lock = pool.lock_of(&user, 0);
    let unlock = pool.unlock(&user, &lock, 1_500_000);
    pool.run(unlock, &user);
    assert_eq!(pool.locked(), (500_000, 4_000_000));
    assert_supply(&pool);
    let trade = pool.swap_in(&user, Side::A, FIRST_A / 2, 0);
    pool.run(trade, &user);
    pool.world.warp_seconds(DAY);
    let lock = pool.lock_of(&creator, 0);
    let claim = pool.claim_lock_fees(&creator, &lock);
    pool.run(claim, &creator);
    assert!(pool.locked().1 < 4_000_000, "the lock has earned something");
    assert_supply(&pool);
}

#[test]
fn p7_protocol_fees_leave_only_to_the_treasury() {
    let mut pool = full(0);
    let user = pool.holder("user", FIRST_A, FIRST_B);
    let swap = pool.swap_in(&user, Side::A, FIRST_A / 4, 0);
    pool.run(swap, &user);
    let owed = pool.owed();
    assert!(owed.0 > 0);
    // neither a withdrawal of everything, nor a loan, nor a skim touches them
    let creator = pool.creator.clone();
    let everything = pool.withdraw(&creator, pool.balances(&creator).2, 0, 0);
    pool.run(everything, &creator);
    let reserves = pool.reserves();
    let more = [pool.flash_borrow(&user, reserves.0 + 1, 0), pool.flash_repay(&user)];
    let key = user.key.insecure_clone();
    let refused = commonweal_tests::fixtures::pool::code(PoolError::InsufficientLiquidity);
    pool.world.all_fail_with(&more, &[&key], refused);
    let skim = pool.skim();
    pool.refuses_unsigned(skim, PoolError::NothingToSkim);
    assert_eq!(pool.owed(), owed);
    // a stranger's accounts are refused, the treasury's are paid, whoever asks
    let stranger = pool.collect((user.a, user.b), 1);
    pool.refuses_unsigned(stranger, PoolError::NotTheTreasurysAccount);
    let treasury = pool.treasury_accounts();
    let collect = pool.collect(treasury, 1);
    pool.run_unsigned(collect);
    assert_eq!(pool.world.tokens(&treasury.0), owed.0);
    assert_eq!(pool.owed().0, 0);
    assert_invariants(&pool.world, &pool.at.pool.0);
}

#[test]
fn p8_nothing_pauses_leaving() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 5_000_000);
    let person = farm.seated("person", &staker);
    let creator = farm.pool.creator.clone();
    let until = farm.now() + DAY;
    for (index, end) in [(0, until), (1, FOREVER)] {
        let lock = farm.pool.lock(&creator, index, 1_000_000, end);
        farm.pool.run(lock, &creator);
    }
    let defer = farm.pool.withdraw_deferring(&creator, 1_000_000, (0, 0), 2);
    farm.pool.run(defer, &creator);
    let trader = farm.pool.holder("trader", FIRST_A, 0);
    let swap = farm.pool.swap_in(&trader, Side::A, FIRST_A / 3, 0);
    farm.pool.run(swap, &trader);
    farm.pool.world.warp_to(until);

    // every switch there is
    farm.pool.update(ConfigUpdate {
        pause_bits: Some(15),
        ..ConfigUpdate::default()
    });
    let swap = farm.pool.swap_in(&trader, Side::A, 1_000, 0);
    farm.pool.refuses(swap, &trader, PoolError::Paused);

    let unstake = farm.unstake(&staker, 5_000_000);
    farm.run_by(unstake, &staker);
    assert!(farm.harvested(&staker) > 0);
    assert!(
        !farm.pool.world.exists(&farm.seat_address(&person)),
        "the seat went with the position"
    );
    let pool = &mut farm.pool;
    let (timed, forever) = (pool.lock_of(&creator, 0), pool.lock_of(&creator, 1));
    let leaving = [
        (pool.unlock(&creator, &timed, 1_000_000), &creator),
        (pool.claim_lock_fees(&creator, &forever), &creator),
        (pool.claim_deferred(&creator, Side::A, creator.a), &creator),
        (pool.withdraw(&staker.holder, 5_000_000, 1, 1), &staker.holder),
    ];
    for (instruction, who) in leaving {
        pool.run(instruction, who);
    }
    let everything = pool.withdraw(&creator, pool.balances(&creator).2, 1, 1);
    pool.run(everything, &creator);
    let treasury = pool.treasury_accounts();
    let collect = pool.collect(treasury, 3);
    pool.run_unsigned(collect);
    assert_eq!((pool.owed(), pool.deferred()), ((0, 0), (0, 0)));
}
