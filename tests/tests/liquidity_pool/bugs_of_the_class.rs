//! The bugs that programs of this class have had, each by name. Those that have a file of their own elsewhere: a hundred tiny
//! operations and changed extensions in `incidents`, those of farms in `bugs_of_farms`, every account substituted in the matrix.

use {
    super::expect::{bought, fee, transfer_fee},
    commonweal_tests::{
        fixtures::pool::{
            code, full_stable_terms, full_terms, usual_terms, Ground, Holder, PoolWorld, FEE_PPM, FIRST_A, FIRST_B,
            PROTOCOL_SHARE_PPM, VESTING_SLOTS,
        },
        world::{MintExtension, World},
    },
    liquidity_pool::{
        errors::PoolError,
        state::{ConfigTerms, Side},
    },
    solana_address::Address,
    solana_signer::Signer,
};

/// What a full pool's launch fee has decayed to nothing in, and a moment more.
const AFTER_LAUNCH: i64 = 3_601;

fn full(seed: u64) -> PoolWorld {
    Ground::under(seed, full_terms).open(FIRST_A, FIRST_B)
}

fn no_fee(authority: Address, treasury: Address) -> ConfigTerms {
    ConfigTerms {
        base_fee_ppm: 0,
        ..usual_terms(authority, treasury)
    }
}

#[test]
fn two_direction_amounts_swapped() {
    // reserves a million apart: an amount taken for the other side's would be far off
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", FIRST_A, FIRST_B);
    for (input, amount) in [(Side::A, 1_000_003u64), (Side::B, 2_000_000_000_011)] {
        let (a, b) = pool.reserves();
        let (x, y) = if input == Side::A { (a, b) } else { (b, a) };
        let (lp, protocol) = fee(amount, FEE_PPM, PROTOCOL_SHARE_PPM);
        let out = bought(amount - lp - protocol, x, y);
        let (before, owed) = (pool.balances(&trader), pool.owed());
        let swap = pool.swap_in(&trader, input, amount, out);
        pool.run(swap, &trader);
        let after = pool.balances(&trader);
        let reserves = pool.reserves();
        if input == Side::A {
            assert_eq!((before.0 - after.0, after.1 - before.1), (amount, out));
            assert_eq!(reserves, (a + amount - protocol, b - out));
            assert_eq!(pool.owed(), (owed.0 + protocol, owed.1));
        } else {
            assert_eq!((before.1 - after.1, after.0 - before.0), (amount, out));
            assert_eq!(reserves, (a - out, b + amount - protocol));
            assert_eq!(pool.owed(), (owed.0, owed.1 + protocol));
        }
    }
}

#[test]
fn stack_overflow_on_the_real_vm() {
    // the deepest paths: a cold stable curve with every mechanism on, of mints with transfer fees
    let extension = MintExtension::TransferFee {
        basis_points: 25,
        maximum_atoms: u64::MAX,
    };
    let mut world = World::new();
    let (one, other) = (
        world.mint_2022("one", 6, &[extension]),
        world.mint_2022("other", 9, &[extension]),
    );
    let (mint_a, mint_b) = if one.address < other.address {
        (one, other)
    } else {
        (other, one)
    };
    let mut pool = Ground::with_terms(world, mint_a, mint_b, full_stable_terms).open(FIRST_A, FIRST_A * 1_000);
    let user = pool.holder("user", FIRST_A, FIRST_B);
    for round in 0..3 {
        let steps = [
            // leaves the curve unsolved
            pool.deposit(&user, 1_000_000_000, u64::MAX, u64::MAX),
            pool.swap_out(&user, Side::A, 1_000_000_000, u64::MAX),
            pool.deposit_one_side(&user, Side::B, 1_000_000_000, u64::MAX, 1),
            pool.swap_in(&user, Side::B, 1_000_000_000, 1),
            pool.withdraw_deferring(&user, 1_000_000, (0, 0), 0),
        ];
        for step in steps {
            pool.run(step, &user);
        }
        for mode in 0..5 {
            pool.quoted(mode, Side::A, 1_000_000);
        }
        pool.world.warp_seconds(100 + round);
    }
}

#[test]
fn ceil_div_in_exact_in() {
    // rounding an output up by one atom lets a stream of small trades drain a pool
    let mut pool = Ground::under(0, no_fee).open(1_000_003, 7_000_009);
    let trader = pool.holder("trader", 1_000_000, 1_000_000);
    for amount in 1..60u64 {
        let input = if amount % 2 == 0 { Side::A } else { Side::B };
        let (a, b) = pool.reserves();
        let (x, y) = if input == Side::A { (a, b) } else { (b, a) };
        let out = bought(amount, x, y);
        if out == 0 {
            let swap = pool.swap_in(&trader, input, amount, 0);
            pool.refuses(swap, &trader, PoolError::NothingOut);
            continue;
        }
        let greedy = pool.swap_in(&trader, input, amount, out + 1);
        pool.refuses(greedy, &trader, PoolError::SlippageExceeded);
        let swap = pool.swap_in(&trader, input, amount, out);
        pool.run(swap, &trader);
    }
}

#[test]
fn transfer_fees_at_the_corners_of_rate_and_maximum() {
    for basis_points in [0u16, 1, 9_999, 10_000] {
        for maximum_atoms in [0u64, 1, 5_000, u64::MAX] {
            fee_corner(basis_points, maximum_atoms);
        }
    }
}

fn fee_corner(basis_points: u16, maximum_atoms: u64) {
    let extension = MintExtension::TransferFee {
        basis_points: 0,
        maximum_atoms: 0,
    };
    let mut pool = Ground::mixed(0, &[extension], true).open(1_000_000_000, 1_000_000_000);
    let trader = pool.holder("trader", 100_000_000, 100_000_000);
    let mint = pool.mint_a.clone();
    let authority = pool.world.mint_authority(&mint);
    let set = spl_token_2022_interface::extension::transfer_fee::instruction::set_transfer_fee(
        &mint.program,
        &mint.address,
        &authority.pubkey(),
        &[],
        basis_points,
        maximum_atoms,
    )
    .unwrap();
    pool.world.succeeds(set, &[&authority]);
    let mut clock = pool.world.clock();
    clock.epoch += 2;
    pool.world.svm.set_sysvar(&clock);

    let amount = 1_000_000;
    let kept = transfer_fee(amount, basis_points, maximum_atoms);
    let (x, y) = pool.reserves();
    // into the pool: what arrives is what counts
    let sell = pool.swap_in(&trader, Side::A, amount, 0);
    let (lp, protocol) = fee(amount - kept, FEE_PPM, PROTOCOL_SHARE_PPM);
    let out = bought(amount - kept - lp - protocol, x, y);
    if out == 0 {
        pool.refuses(sell, &trader, PoolError::NothingOut);
    } else {
        let before = pool.balances(&trader);
        pool.run(sell, &trader);
        assert_eq!(pool.balances(&trader).1 - before.1, out);
        assert_eq!(pool.reserves(), (x + amount - kept - protocol, y - out));
    }
    // out of the pool: the minimum is held against what arrives
    let (x, y) = pool.reserves();
    let (lp, protocol) = fee(amount, FEE_PPM, PROTOCOL_SHARE_PPM);
    let out = bought(amount - lp - protocol, y, x);
    let arriving = out - transfer_fee(out, basis_points, maximum_atoms);
    if arriving == 0 {
        let buy = pool.swap_in(&trader, Side::B, amount, 0);
        pool.refuses(buy, &trader, PoolError::NothingOut);
    } else {
        let greedy = pool.swap_in(&trader, Side::B, amount, arriving + 1);
        pool.refuses(greedy, &trader, PoolError::SlippageExceeded);
        let before = pool.balances(&trader);
        let buy = pool.swap_in(&trader, Side::B, amount, arriving);
        pool.run(buy, &trader);
        assert_eq!(pool.balances(&trader).0 - before.0, arriving);
    }
    // an exact output that no amount delivers is an error, one that a maximum bounds is not
    let wanted = pool.swap_out(&trader, Side::B, 10_000, u64::MAX);
    if basis_points == 10_000 && maximum_atoms == u64::MAX {
        pool.refuses(wanted, &trader, PoolError::TransferFeeUnbounded);
    } else {
        let before = pool.balances(&trader);
        let key = trader.key.insecure_clone();
        if pool.world.send(&[wanted], &[&key]).failure().is_none() {
            assert!(pool.balances(&trader).0 - before.0 >= 10_000);
        } else {
            // 99.99 % of it is kept: a hundred million atoms would have to leave for it
            assert!(basis_points == 9_999 && maximum_atoms == u64::MAX);
        }
    }
}

#[test]
fn pool_address_squatted_by_an_attacker_first() {
    let mut ground = Ground::new(0);
    let at = ground.addresses(0);
    // lamports at every address the pool needs, so that plain creation would fail
    for address in [at.pool.0, at.vault_a.0, at.vault_b.0, at.lp_mint.0] {
        ground.world.airdrop(&address, 1_000_000);
    }
    let mut pool = ground.open(FIRST_A, FIRST_B);
    let trader = pool.holder("trader", 1_000_000, 0);
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, 1);
    pool.run(swap, &trader);
}

#[test]
fn donation_before_an_observation() {
    let mut pool = full(0);
    let trader = pool.holder("trader", FIRST_A, FIRST_B);
    let donor = pool.holder("donor", 0, 10 * FIRST_B);
    pool.world.warp_seconds(120);
    let price = pool.pool().last_price_q64.get();
    // the vault holds eleven times as much when the window is written
    let (mint, vault) = (pool.mint_b.clone(), pool.at.vault_b.0);
    pool.world.transfer(&mint, &donor.b, &vault, &donor.key, 10 * FIRST_B);
    let before = pool.pool();
    let swap = pool.swap_in(&trader, Side::A, 1_000, 0);
    pool.run(swap, &trader);
    let after = pool.pool();
    let seconds = u128::try_from(after.oracle_ts.get() - before.oracle_ts.get()).unwrap();
    assert_eq!(after.price_seconds.get() - before.price_seconds.get(), price * seconds);
    assert_eq!(after.capped_price_q64.get(), price);
    // taken in, it counts from then on and not before, and no trade within the same second has weight
    let skim = pool.skim();
    pool.run_unsigned(skim);
    let swap = pool.swap_in(&trader, Side::A, 1_000, 0);
    pool.run(swap, &trader);
    assert_eq!(pool.pool().price_seconds.get(), after.price_seconds.get());
}

#[test]
fn a_hundred_tiny_operations_at_reserves_of_a_few_atoms_on_the_stable_curve() {
    let terms = |authority, treasury| ConfigTerms {
        vesting_slots: 0,
        ..full_stable_terms(authority, treasury)
    };
    for (a, b) in [(1u64, 30u64), (30, 1), (7, 13), (1, 1)] {
        let mut world = World::new();
        let (mint_a, mint_b) = world.mint_pair("pair", (0, 0));
        let mut pool = Ground::with_terms(world, mint_a, mint_b, terms).open(1_500, 1_500);
        let address = pool.at.pool.0;
        let mut raw = pool.world.raw(&address);
        raw.data[248..256].copy_from_slice(&a.to_le_bytes());
        raw.data[256..264].copy_from_slice(&b.to_le_bytes());
        // to be solved again
        let mut state: liquidity_pool::state::Pool = bytemuck::pod_read_unaligned(&raw.data[8..2_304]);
        state.stable_amplification = 0u32.into();
        raw.data[8..2_304].copy_from_slice(bytemuck::bytes_of(&state));
        pool.world.set_raw(address, raw);
        let player = pool.holder("player", 1_000_000, 1_000_000);
        let mut done = 0;
        for step in 0..150u64 {
            let amount = 1 + step % 29;
            let instruction = match step % 5 {
                0 => pool.swap_in(&player, Side::A, amount, 0),
                1 => pool.swap_in(&player, Side::B, amount, 0),
                2 => pool.deposit(&player, amount * 40, u64::MAX, u64::MAX),
                3 => pool.swap_out(&player, Side::A, 1 + amount % 3, u64::MAX),
                _ => pool.withdraw(&player, amount, 0, 0),
            };
            let before = commonweal_tests::fixtures::pool::ShareValue::of(&pool.world, &pool.at);
            let key = player.key.insecure_clone();
            done += u32::from(pool.world.send(&[instruction], &[&key]).failure().is_none());
            commonweal_tests::fixtures::pool::assert_invariants(&pool.world, &pool.at.pool.0);
            before.assert_kept(&commonweal_tests::fixtures::pool::ShareValue::of(&pool.world, &pool.at));
        }
        assert!(done >= 40, "only {done} operations went through");
    }
}

#[test]
fn burn_then_withdraw_all() {
    let mut pool = full(0);
    let user = pool.holder("user", FIRST_A, FIRST_B);
    let deposit = pool.deposit(&user, 1_000_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &user);
    let creator = pool.creator.clone();
    let swap = pool.swap_in(&user, Side::A, 100_000_000, 0);
    pool.run(swap, &user);
    // the creator burns all but one share past the program, while fees vest; then everybody leaves
    let held = pool.balances(&creator).2;
    let burn = spl_token_2022_interface::instruction::burn_checked(
        &commonweal_interface::ids::TOKEN,
        &creator.lp,
        &pool.at.lp_mint.0,
        &creator.key.pubkey(),
        &[],
        held - 1,
        9,
    )
    .unwrap();
    pool.world.succeeds(burn, &[&creator.key]);
    for (who, shares) in [(&creator, 1), (&user, 1_000_000_000)] {
        let withdraw = pool.withdraw(who, shares, 0, 0);
        pool.run(withdraw, who);
    }
    assert_eq!(pool.world.supply(&pool.at.lp_mint.0), 0);
    let (a, b) = pool.reserves();
    assert!(a >= 1 && b >= 1, "a reserve is empty");
    // and the pool lives on
    let deposit = pool.deposit(&user, 5_000, u64::MAX, u64::MAX);
    pool.run(deposit, &user);
    let swap = pool.swap_in(&user, Side::A, 1_000, 0);
    pool.run(swap, &user);
}

#[test]
fn sandwiching_the_vest() {
    // liquidity that comes for one trade and leaves takes almost none of its fee; who stays gets it
    let mut pool = full(0);
    pool.world.warp_seconds(AFTER_LAUNCH);
    let trader = pool.holder("trader", FIRST_A, 0);
    let sniper = pool.holder("sniper", FIRST_A * 2, FIRST_B * 2);
    let creator = pool.creator.clone();
    let half = pool.balances(&creator).2;
    let deposit = pool.deposit(&sniper, half, u64::MAX, u64::MAX);
    pool.run(deposit, &sniper);
    let swap = pool.swap_in(&trader, Side::A, FIRST_A / 10, 0);
    pool.run(swap, &trader);
    let worth = |pool: &PoolWorld, before: (u64, u64, u64), after: (u64, u64, u64)| {
        // in token A, at the pool's price
        let (a, b) = pool.reserves();
        let value = |balances: (u64, u64, u64)| {
            f64::from(u32::try_from(balances.0 / 1_000).unwrap()) * 1_000.0 + balances.1 as f64 * a as f64 / b as f64
        };
        value(after) - value(before)
    };
    let before = pool.balances(&sniper);
    let quote = pool.quoted(3, Side::A, half);
    let leave = pool.withdraw(&sniper, half, 0, 0);
    pool.run(leave, &sniper);
    let after = pool.balances(&sniper);
    assert_eq!(quote.received_a_atoms, after.0 - before.0);
    let at_once = worth(&pool, before, after);
    // the same shares, had they waited until everything has vested
    let mut patient = full(0);
    patient.world.warp_seconds(AFTER_LAUNCH);
    let trader = patient.holder("trader", FIRST_A, 0);
    let sniper = patient.holder("sniper", FIRST_A * 2, FIRST_B * 2);
    let deposit = patient.deposit(&sniper, half, u64::MAX, u64::MAX);
    patient.run(deposit, &sniper);
    let swap = patient.swap_in(&trader, Side::A, FIRST_A / 10, 0);
    patient.run(swap, &trader);
    patient.world.warp(2_000, u64::from(VESTING_SLOTS) + 1);
    let before = patient.balances(&sniper);
    let leave = patient.withdraw(&sniper, half, 0, 0);
    patient.run(leave, &sniper);
    let later = worth(&patient, before, patient.balances(&sniper));
    // the whole fee is about 0.3 % of a tenth of a reserve; half of the providers' part is the sniper's if it stays
    assert!(
        later > at_once,
        "waiting earned nothing: {at_once} at once, {later} later"
    );
    let whole = (FIRST_A / 10) as f64 * 0.003 * 0.8 / 2.0;
    assert!(
        later - at_once > whole * 0.9,
        "{} of {whole} was held back",
        later - at_once
    );
}

#[test]
fn creator_sniping_his_own_launch() {
    // the creator owns every share: without care a launch fee would come back to who paid it
    let mut pool = full(0);
    let creator = pool.creator.clone();
    let swap = pool.swap_in(&creator, Side::A, FIRST_A / 10, 0);
    pool.run(swap, &creator);
    // 20 % of a tenth of the reserve, and a fifth of the base fee, are the treasury's
    let launch = FIRST_A / 10 / 5;
    assert!(
        pool.owed().0 >= launch,
        "{} of {launch} is owed to the treasury",
        pool.owed().0
    );
    let before = pool.balances(&creator);
    let everything = pool.withdraw(&creator, before.2, 0, 0);
    pool.run(everything, &creator);
    assert!(pool.owed().0 >= launch, "and stays so when the creator has left");
}

#[test]
fn one_side_deposit_then_withdraw_as_a_swap() {
    for terms in [full_terms, full_stable_terms] {
        let open = || {
            let mut pool = Ground::under(0, terms).open(1_000_000_000, 1_000_000_000_000);
            let user: Holder = pool.holder("user", FIRST_A, FIRST_B);
            (pool, user)
        };
        for sold in [10_007u64, 1_000_003, 100_000_007] {
            let (mut pool, user) = open();
            let start = pool.balances(&user);
            let deposit = pool.deposit_one_side(&user, Side::A, sold, u64::MAX, 0);
            pool.run(deposit, &user);
            let shares = pool.balances(&user).2;
            let withdraw = pool.withdraw(&user, shares, 0, 0);
            pool.run(withdraw, &user);
            let end = pool.balances(&user);
            let (spent, gained) = (start.0 - end.0, end.1 - start.1);
            let (mut plain, user) = open();
            let before = plain.balances(&user).1;
            let swap = plain.swap_in(&user, Side::A, spent, 0);
            plain.run(swap, &user);
            let fair = plain.balances(&user).1 - before;
            assert!(gained <= fair, "{sold}: {gained} for {spent} where a swap gives {fair}");
        }
    }
}

#[test]
fn a_claim_of_somebody_else_cannot_be_filled_or_paid() {
    let mut pool = PoolWorld::new(0);
    let creator = pool.creator.clone();
    let thief = pool.holder("thief", FIRST_A, FIRST_B);
    let defer = pool.withdraw_deferring(&creator, 1_000_000, (0, 0), 2);
    pool.run(defer, &creator);
    let mut claim = pool.claim_deferred(&creator, Side::A, thief.a);
    claim.accounts[0].pubkey = thief.key.pubkey();
    let key = thief.key.insecure_clone();
    pool.world.fails_with(claim, &[&key], code(PoolError::NotTheOwner));
}
