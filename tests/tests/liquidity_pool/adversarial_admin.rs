//! Every admin key against every user: whatever they do together, nothing of the users' is lost or frozen for ever.
//!
//! The keys: a config's authority, the mints' mint and freeze authorities, the farm's funder, the pool's creator, the first
//! owner of a lock, and a registry that disowns every person.

use {
    commonweal_tests::{
        fixtures::pool::{
            assert_invariants,
            farming::{revoke_person, FarmWorld, Staker},
            full_stable_terms, full_terms, ramp_amplification, Ground, Holder, ShareValue, DAY, FIRST_A,
        },
        world::Mint,
    },
    liquidity_pool::{
        errors::PoolError,
        state::{ConfigTerms, ConfigUpdate, FarmTerms, Side},
    },
    solana_address::Address,
    solana_signer::Signer,
};

/// What each staker stakes and each locker locks.
const STAKE: u64 = 5_000_000;

/// Users of every kind, and what is theirs.
struct Users {
    farm: FarmWorld,
    staker: Staker,
    person: Address,
    locker: Holder,
    claimant: Holder,
    provider: Holder,
    until: i64,
}

/// A pool with every mechanism on, a farm over it, and users who hold, stake, lock and wait for a claim.
fn users(terms: fn(Address, Address) -> ConfigTerms) -> Users {
    let mut pool = Ground::under(0, terms).open(FIRST_A, FIRST_A * 1_000);
    let reward = pool.world.mint("reward", 6);
    let mut farm = FarmWorld::over(pool, reward);
    let now = farm.now();
    farm.open(
        FarmTerms {
            start_ts: now,
            end_ts: now + 10 * DAY,
            plural_share_ppm: 500_000,
            plural_cap_multiple: 10,
        },
        1_000_000_000,
    );
    let staker = farm.staked("staker", STAKE);
    let person = farm.seated("person", &staker);
    let (locker, claimant, provider) = (
        farm.staker("locker", 2 * STAKE).holder,
        farm.staker("claimant", STAKE).holder,
        farm.staker("provider", STAKE).holder,
    );
    let until = now + 2 * DAY;
    for (index, end) in [(0, until), (1, i64::MAX)] {
        let lock = farm.pool.lock(&locker, index, STAKE, end);
        farm.pool.run(lock, &locker);
    }
    let defer = farm.pool.withdraw_deferring(&claimant, STAKE, (0, 0), 0);
    farm.pool.run(defer, &claimant);
    let trader = farm.pool.holder("trader", FIRST_A, FIRST_A * 1_000);
    for input in [Side::A, Side::B] {
        let amount = if input == Side::A { FIRST_A / 10 } else { FIRST_A * 100 };
        let swap = farm.pool.swap_in(&trader, input, amount, 0);
        farm.pool.run(swap, &trader);
    }
    farm.wait(DAY);
    Users {
        farm,
        staker,
        person,
        locker,
        claimant,
        provider,
        until,
    }
}

/// What the users would be paid for their shares, by the pool's own quote.
fn shares_worth(users: &mut Users, lp_atoms: u64) -> (u64, u64) {
    let quote = users.farm.pool.quoted(3, Side::A, lp_atoms);
    (quote.received_a_atoms, quote.received_b_atoms)
}

/// The config's authority does its worst.
fn worst_config(users: &mut Users) {
    let thief = users.farm.pool.world.keypair("thief").pubkey();
    let config = users.farm.pool.config();
    users.farm.pool.update(ConfigUpdate {
        base_fee_ppm: Some(config.max_base_fee_ppm.get()),
        protocol_share_ppm: Some(config.max_protocol_share_ppm.get()),
        pause_bits: Some(15),
        treasury: Some(thief),
        dynamic_fee_cap_ppm: Some(config.max_dynamic_fee_cap_ppm.get()),
        dynamic_fee_slope_ppm: Some(1_000_000),
        volatility_threshold_ppm: Some(1),
        launch_fee_ppm: Some(config.max_launch_fee_ppm.get()),
        flash_fee_ppm: Some(config.max_flash_fee_ppm.get()),
        ..ConfigUpdate::default()
    });
    if config.curve == 1 {
        let authority = users.farm.pool.authority.insecure_clone();
        let end = users.farm.now() + DAY;
        let target = config.amplification_to.get() / 10;
        let ramp = ramp_amplification(&authority.pubkey(), &users.farm.pool.config, target, end);
        users.farm.pool.world.succeeds(ramp, &[&authority]);
    }
}

/// Both mints' authorities freeze what they can, then mint themselves a fortune and try to trade it.
fn worst_mints(users: &mut Users, frozen: &[(Mint, Address)]) {
    for (mint, account) in frozen {
        users.farm.pool.world.freeze(mint, account);
    }
}

fn thaw(users: &mut Users, frozen: &[(Mint, Address)]) {
    for (mint, account) in frozen {
        users.farm.pool.world.thaw(mint, account);
    }
}

/// Everybody takes what is theirs, and gets it.
fn everybody_leaves(users: &mut Users) {
    let (staker, person) = (users.staker.clone(), users.person);
    let unstake = users.farm.unstake(&staker, STAKE);
    users.farm.run_by(unstake, &staker);
    assert!(users.farm.harvested(&staker) > 0, "rewards are lost");
    assert!(!users.farm.pool.world.exists(&users.farm.seat_address(&person)));
    users.farm.pool.world.warp_to(users.until);
    let locker = users.locker.clone();
    let pool = &mut users.farm.pool;
    let (timed, forever) = (pool.lock_of(&locker, 0), pool.lock_of(&locker, 1));
    let unlock = pool.unlock(&locker, &timed, STAKE);
    pool.run(unlock, &locker);
    let fees = pool.claim_lock_fees(&locker, &forever);
    pool.run(fees, &locker);
    let earned = pool.balances(&locker).2 - STAKE;
    // a ramp lets the count of a lock's fees begin anew: what was not claimed before stays locked, with what was locked
    let was_ramped = !pool.config().ramp_start_ts.is_zero();
    assert_eq!(earned == 0, was_ramped, "the fees of a lock for ever are lost");
    let claimant = users.claimant.clone();
    for (side, to) in [(Side::A, claimant.a), (Side::B, claimant.b)] {
        let claim = pool.claim_deferred(&claimant, side, to);
        pool.run(claim, &claimant);
    }
    let (a, b, _) = pool.balances(&claimant);
    assert!(a > 0 && b > 0, "a claim is lost");
    for who in [&staker.holder, &locker, &users.provider.clone()] {
        let shares = users.farm.pool.balances(who).2;
        let worth = shares_worth(users, shares);
        let before = users.farm.pool.balances(who);
        let withdraw = users.farm.pool.withdraw(who, shares, worth.0, worth.1);
        users.farm.pool.run(withdraw, who);
        let after = users.farm.pool.balances(who);
        assert_eq!((after.0 - before.0, after.1 - before.1), worth);
        assert!(worth.0 > 0 && worth.1 > 0);
    }
    assert_invariants(&users.farm.pool.world, &users.farm.pool.at.pool.0);
}

#[test]
fn the_configs_authority_can_neither_take_nor_hold_back_anything() {
    for terms in [full_terms, full_stable_terms] {
        let mut users = users(terms);
        let before = shares_worth(&mut users, STAKE);
        let value = ShareValue::of(&users.farm.pool.world, &users.farm.pool.at);
        let owed = users.farm.pool.owed();
        worst_config(&mut users);
        let after = shares_worth(&mut users, STAKE);
        assert!(
            after.0 >= before.0 && after.1 >= before.1,
            "an update took from the providers"
        );
        if users.farm.pool.config().curve == 0 {
            value.assert_kept(&ShareValue::of(&users.farm.pool.world, &users.farm.pool.at));
        }
        assert_eq!(users.farm.pool.owed(), owed, "an update made fees of what was none");
        // new risk is blocked, leaving is not
        let provider = users.provider.clone();
        let deposit = users.farm.pool.deposit(&provider, 1, u64::MAX, u64::MAX);
        users.farm.pool.refuses(deposit, &provider, PoolError::Paused);
        everybody_leaves(&mut users);
        // what is owed to a treasury goes to the one of now, and nothing else does
        let thief = users.farm.pool.treasury_accounts();
        let collect = users.farm.pool.collect(thief, 3);
        users.farm.pool.run_unsigned(collect);
        assert_eq!(users.farm.pool.world.tokens(&thief.0), owed.0);
    }
}

#[test]
fn nobody_raises_a_ceiling() {
    let users = users(full_terms);
    let mut pool = users.farm.pool;
    let config = pool.config();
    let above = [
        ConfigUpdate {
            base_fee_ppm: Some(config.max_base_fee_ppm.get() + 1),
            ..ConfigUpdate::default()
        },
        ConfigUpdate {
            dynamic_fee_cap_ppm: Some(config.max_dynamic_fee_cap_ppm.get() + 1),
            ..ConfigUpdate::default()
        },
        ConfigUpdate {
            launch_fee_ppm: Some(config.max_launch_fee_ppm.get() + 1),
            ..ConfigUpdate::default()
        },
        ConfigUpdate {
            flash_fee_ppm: Some(config.max_flash_fee_ppm.get() + 1),
            ..ConfigUpdate::default()
        },
    ];
    let authority = pool.authority.insecure_clone();
    for update in above {
        let instruction = commonweal_tests::fixtures::pool::update_config(&authority.pubkey(), &pool.config, update);
        let refused = commonweal_tests::fixtures::pool::code(PoolError::FeeAboveCeiling);
        pool.world.fails_with(instruction, &[&authority], refused);
    }
}

#[test]
fn a_frozen_token_holds_back_that_token_alone_and_only_while_it_is_frozen() {
    let mut users = users(full_terms);
    let pool = &users.farm.pool;
    // vault A, and the provider's own account of token A
    let frozen = [
        (pool.mint_a.clone(), pool.at.vault_a.0),
        (pool.mint_a.clone(), users.provider.a),
    ];
    worst_mints(&mut users, &frozen);
    let provider = users.provider.clone();
    let worth = shares_worth(&mut users, STAKE);
    let pool = &mut users.farm.pool;
    let both = pool.withdraw(&provider, STAKE, 0, 0);
    let key = provider.key.insecure_clone();
    pool.world.fails_with(both, &[&key], 17u32);
    // token B is paid, token A waits in a claim
    let b_only = pool.withdraw_deferring(&provider, STAKE, worth, 2);
    pool.run(b_only, &provider);
    assert_eq!(pool.balances(&provider).1, worth.1);
    assert_eq!(pool.claim_state(&provider, Side::A).atoms.get(), worth.0);
    // neither trades nor fees of others touch it
    thaw(&mut users, &frozen);
    let pool = &mut users.farm.pool;
    let claim = pool.claim_deferred(&provider, Side::A, provider.a);
    pool.run(claim, &provider);
    assert_eq!(pool.balances(&provider).0, worth.0);
}

#[test]
fn a_freeze_for_ever_of_one_token_leaves_the_other_to_everybody() {
    let mut users = users(full_terms);
    let pool = &users.farm.pool;
    let frozen = [(pool.mint_a.clone(), pool.at.vault_a.0)];
    worst_mints(&mut users, &frozen);
    let (staker, provider, locker) = (users.staker.clone(), users.provider.clone(), users.locker.clone());
    let unstake = users.farm.unstake(&staker, STAKE);
    users.farm.run_by(unstake, &staker);
    users.farm.pool.world.warp_to(users.until);
    let pool = &mut users.farm.pool;
    let timed = pool.lock_of(&locker, 0);
    let unlock = pool.unlock(&locker, &timed, STAKE);
    pool.run(unlock, &locker);
    for who in [&staker.holder, &provider, &locker] {
        let withdraw = pool.withdraw_deferring(who, STAKE, (0, 1), 2);
        pool.run(withdraw, who);
        assert!(pool.balances(who).1 > 0);
    }
    // the claim of token B too, while that of A waits
    let claimant = users.claimant.clone();
    let pool = &mut users.farm.pool;
    let claim = pool.claim_deferred(&claimant, Side::B, claimant.b);
    pool.run(claim, &claimant);
}

#[test]
fn a_frozen_reward_vault_or_a_disowned_person_holds_no_stake() {
    let mut users = users(full_terms);
    let frozen = [(users.farm.reward.clone(), users.farm.reward_vault)];
    worst_mints(&mut users, &frozen);
    let person = users.person;
    revoke_person(&mut users.farm.pool.world, &person);
    let staker = users.staker.clone();
    let unstake = users.farm.unstake(&staker, STAKE);
    users.farm.run_by(unstake, &staker);
    let withdraw = users.farm.pool.withdraw(&staker.holder, STAKE, 1, 1);
    users.farm.pool.run(withdraw, &staker.holder);
    // what was earned waits, but for what a person earned who is none any more
    thaw(&mut users, &frozen);
    assert!(users.farm.harvested(&staker) > 0);
    assert!(users.farm.state().unspent_atoms.get() > 0);
}

#[test]
fn the_farms_funder_cannot_take_back_what_is_earned() {
    let mut users = users(full_terms);
    let funder = users.farm.funder.insecure_clone();
    let reclaim = users.farm.reclaim();
    let refused = commonweal_tests::fixtures::pool::code(PoolError::FarmNotEnded);
    users.farm.pool.world.fails_with(reclaim, &[], refused);
    // an end far away with hardly anything more would starve those who earn now
    let end = users.farm.state().end_ts.get();
    let stretch = users.farm.fund_until(1, end + 1_000 * DAY);
    users.farm.refuses_funder(stretch, PoolError::RateWouldFall);
    users.farm.wait_for_end();
    let staker = users.staker.clone();
    let due = 1_000_000_000 / 2;
    // after the end the funder takes what is unspent, and never what is pending
    if users.farm.state().unspent_atoms.get() > 0 {
        let reclaim = users.farm.reclaim();
        users.farm.run(reclaim, &funder);
    }
    let unstake = users.farm.unstake(&staker, STAKE);
    users.farm.run_by(unstake, &staker);
    let paid = users.farm.harvested(&staker);
    assert!(paid + 2 >= due, "{paid} of {due}");
}

#[test]
fn a_pools_creator_and_a_locks_former_owner_have_no_power() {
    let mut users = users(full_terms);
    let (locker, provider) = (users.locker.clone(), users.provider.clone());
    let pool = &mut users.farm.pool;
    let lock = pool.lock_of(&locker, 0);
    let give = pool.transfer_lock(&locker, &lock, provider.key.pubkey());
    pool.run(give, &locker);
    pool.world.warp_to(users.until);
    let steal = pool.unlock(&locker, &lock, STAKE);
    pool.refuses(steal, &locker, PoolError::NotTheOwner);
    let unlock = pool.unlock(&provider, &lock, STAKE);
    pool.run(unlock, &provider);
    // the creator's key opens nothing of others': not their locks, claims or positions
    let creator = pool.creator.clone();
    let forever = pool.lock_of(&locker, 1);
    let steal = pool.claim_lock_fees(&creator, &forever);
    pool.refuses(steal, &creator, PoolError::NotTheOwner);
    let mut steal = pool.claim_deferred(&users.claimant, Side::A, creator.a);
    steal.accounts[0].pubkey = creator.key.pubkey();
    pool.refuses(steal, &creator, PoolError::NotTheOwner);
}
