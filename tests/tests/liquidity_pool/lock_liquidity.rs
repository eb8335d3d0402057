use {
    super::expect::{share_floor, TOKEN_INSUFFICIENT_FUNDS, TOKEN_OWNER_MISMATCH},
    anchor_lang::ErrorCode,
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{Ground, Holder, PoolWorld, DAY, FIRST_A, FIRST_B},
        world::Failure,
    },
    liquidity_pool::{constants::FOREVER_TS, errors::PoolError, events::LockChanged},
    num_bigint::BigUint,
    solana_signer::Signer,
};

const SHARES: u64 = 10_000_000;
const CENTURY: i64 = 3_153_600_000;

/// A pool and an owner of ten million shares.
fn stage() -> (PoolWorld, Holder) {
    let mut pool = PoolWorld::new(0);
    let owner = owner(&mut pool, "owner");
    (pool, owner)
}

fn owner(pool: &mut PoolWorld, name: &str) -> Holder {
    let owner = pool.holder(name, FIRST_A, FIRST_B);
    let deposit = pool.deposit(&owner, SHARES, u64::MAX, u64::MAX);
    pool.run(deposit, &owner);
    owner
}

#[test]
fn locked_shares_move_to_the_lock_vault_and_the_pool_tells_how_many() {
    let (mut pool, owner) = stage();
    let supply = pool.world.supply(&pool.at.lp_mint.0);
    let until = pool.world.now() + DAY;
    let (timed, forever) = (pool.lock_of(&owner, 0), pool.lock_of(&owner, 1));
    let lock = pool.lock(&owner, 0, 4_000_000, until);
    let receipt = pool.run(lock, &owner);
    assert_eq!(pool.balances(&owner).2, SHARES - 4_000_000);
    assert_eq!(pool.world.tokens(&pool.lock_vault().0), 4_000_000);
    assert_eq!(pool.locked(), (4_000_000, 0));
    let event = &receipt.events::<LockChanged>()[0];
    assert_eq!(
        (event.kind, event.moved_atoms, event.lp_atoms),
        (0, 4_000_000, 4_000_000)
    );
    assert_eq!((event.lock, event.owner), (timed.address, owner.key.pubkey()));
    assert_eq!((event.sequence, event.lock_sequence), (3, 1));
    assert_eq!((event.unlock_ts, event.lp_locked_atoms), (until, 4_000_000));

    let lock = pool.lock(&owner, 1, 5_000_000, FOREVER_TS);
    pool.run(lock, &owner);
    assert_eq!(pool.locked(), (4_000_000, 5_000_000));
    assert_eq!(pool.world.tokens(&pool.lock_vault().0), 9_000_000);
    assert_eq!(pool.pool().lock_count.get(), 2);
    assert_eq!(
        pool.world.supply(&pool.at.lp_mint.0),
        supply,
        "the supply counts every share once"
    );
    assert_eq!(pool.pool().lp_supply_atoms.get(), supply);

    let state = pool.lock_state(&timed);
    assert_eq!((state.pool, state.owner), (pool.at.pool.0, owner.key.pubkey()));
    assert_eq!((state.seed_owner, state.rent_payer), (state.owner, state.owner));
    assert_eq!((state.lp_atoms.get(), state.unlock_ts.get()), (4_000_000, until));
    assert_eq!((state.forever, state.index.get(), state.bump), (0, 0, timed.bump));
    assert_eq!(state.created_ts.get(), pool.world.now());
    let state = pool.lock_state(&forever);
    assert_eq!(
        (state.forever, state.index.get(), state.unlock_ts.get()),
        (1, 1, i64::MAX)
    );
}

#[test]
fn the_value_of_a_share_is_stored_rounded_up() {
    let (mut pool, owner) = stage();
    let lock = pool.lock(&owner, 0, SHARES, FOREVER_TS);
    pool.run(lock, &owner);
    let stored = pool.lock_state(&pool.lock_of(&owner, 0)).share_value_q64.get();
    let (x, y) = pool.reserves();
    let shares = BigUint::from(pool.world.supply(&pool.at.lp_mint.0) + 1_000);
    // q²·S² against x·y·2¹²⁸: above, and by no more than an atom of √(x·y) and one of q
    let value = (BigUint::from(x) * y) << 128u32;
    let square = |q: u128| (BigUint::from(q) * &shares).pow(2);
    assert!(square(stored) >= value);
    let atom = (BigUint::from(1u32) << 64u32) / &shares + 2u32;
    let below = BigUint::from(stored) - atom;
    assert!((below * &shares).pow(2) <= value);
}

#[test]
fn a_lock_ends_in_the_future_and_within_a_century_or_never() {
    let (mut pool, owner) = stage();
    let now = pool.world.now();
    for unlock_ts in [i64::MIN, -1, 0, now - 1, now, now + CENTURY + 1, i64::MAX - 1] {
        let lock = pool.lock(&owner, 0, 1, unlock_ts);
        pool.refuses(lock, &owner, PoolError::LockTimeOutOfRange);
    }
    for (index, unlock_ts) in [(0, now + 1), (1, now + CENTURY), (2, FOREVER_TS)] {
        let lock = pool.lock(&owner, index, 1, unlock_ts);
        pool.run(lock, &owner);
    }
    assert_eq!(pool.locked(), (2, 1));
}

#[test]
fn nothing_more_than_held_and_nobody_elses_shares_can_be_locked() {
    let (mut pool, owner) = stage();
    let key = owner.key.insecure_clone();
    let zero = pool.lock(&owner, 0, 0, FOREVER_TS);
    pool.refuses(zero, &owner, PoolError::ZeroAmount);
    let more = pool.lock(&owner, 0, SHARES + 1, FOREVER_TS);
    pool.world.fails_with(more, &[&key], TOKEN_INSUFFICIENT_FUNDS);
    let mut theft = pool.lock(&owner, 0, 1, FOREVER_TS);
    theft.accounts[4].pubkey = pool.creator.lp;
    pool.world.fails_with(theft, &[&key], TOKEN_OWNER_MISMATCH);
    assert!(!pool.world.exists(&pool.lock_vault().0));
}

#[test]
fn a_number_is_used_once() {
    let (mut pool, owner) = stage();
    let key = owner.key.insecure_clone();
    let lock = pool.lock(&owner, 7, 1, FOREVER_TS);
    pool.run(lock.clone(), &owner);
    // the system program's «account already in use»
    pool.world.fails_with(lock, &[&key], Failure::from(0u32));
    let other = self::owner(&mut pool, "other");
    let same_number = pool.lock(&other, 7, 1, FOREVER_TS);
    pool.run(same_number, &other);
}

#[test]
fn addresses_are_derived() {
    let (mut pool, owner) = stage();
    let key = owner.key.insecure_clone();
    let elsewhere = pool.world.keypair("elsewhere").pubkey();
    for index in [5, 6] {
        let mut lock = pool.lock(&owner, 0, 1, FOREVER_TS);
        lock.accounts[index].pubkey = elsewhere;
        pool.world.fails_with(lock, &[&key], ErrorCode::ConstraintSeeds);
    }
    // nor does a token account of the pool's elsewhere serve, a vault of its own least of all
    let mut lock = pool.lock(&owner, 0, 1, FOREVER_TS);
    lock.accounts[6].pubkey = pool.at.vault_a.0;
    pool.world.fails_with(lock, &[&key], ErrorCode::ConstraintSeeds);
}

#[test]
fn prefunded_addresses_are_no_obstacle() {
    let (mut pool, owner) = stage();
    let (vault, lock) = (pool.lock_vault().0, pool.lock_of(&owner, 0).address);
    pool.world.airdrop(&vault, 1);
    pool.world.airdrop(&lock, 10_000_000_000);
    let make = pool.lock(&owner, 0, 1_000, FOREVER_TS);
    pool.run(make, &owner);
    assert_eq!(pool.world.tokens(&vault), 1_000);
}

#[test]
fn a_pool_is_created_and_its_first_shares_locked_in_one_transaction() {
    let mut ground = Ground::new(0);
    let create = ground.create_pool(FIRST_A, FIRST_B);
    let first = {
        let product = BigUint::from(FIRST_A) * FIRST_B;
        u64::try_from(product.sqrt()).unwrap() - 1_000
    };
    let creator = ground.creator.insecure_clone();
    let mut probe = Ground::new(0);
    probe.world.succeeds(create.clone(), &[&creator]);
    let planned = probe.opened();
    let holder = planned.creator.clone();
    let lock = planned.lock(&holder, 0, first, FOREVER_TS);
    ground.world.all_succeed(&[create, lock], &[&creator]);
    let pool = ground.opened();
    assert_eq!(pool.locked(), (0, first));
    assert_eq!(pool.world.tokens(&holder.lp), 0);
    assert_eq!(pool.world.supply(&pool.at.lp_mint.0), first, "nothing circulates");
}

#[test]
fn withdrawing_everything_else_leaves_locks_whole() {
    let (mut pool, owner) = stage();
    let lock = pool.lock(&owner, 0, SHARES, FOREVER_TS);
    pool.run(lock, &owner);
    let (x, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    let creator = pool.creator.clone();
    let rest = pool.withdraw(&creator, pool.world.tokens(&creator.lp), 0, 0);
    pool.run(rest, &creator);
    assert_eq!(pool.world.supply(&pool.at.lp_mint.0), SHARES);
    assert_eq!(pool.world.tokens(&pool.lock_vault().0), SHARES);
    // the locked part of the reserves is still there
    let left = pool.reserves();
    assert!(left.0 >= share_floor(x, SHARES, all) && left.1 >= share_floor(y, SHARES, all));
}

#[test]
fn what_others_have_burnt_is_counted_before_the_value_is_taken() {
    let (mut pool, owner) = stage();
    let creator = pool.creator.clone();
    let held = pool.world.tokens(&creator.lp);
    let burn = spl_token_2022_interface::instruction::burn(
        &ids::TOKEN,
        &creator.lp,
        &pool.at.lp_mint.0,
        &creator.key.pubkey(),
        &[],
        held,
    )
    .unwrap();
    pool.world.succeeds(burn, &[&creator.key]);
    let lock = pool.lock(&owner, 0, SHARES, FOREVER_TS);
    pool.run(lock, &owner);
    assert_eq!(pool.pool().lp_supply_atoms.get(), SHARES);
    // so the burn of somebody else is no fee of this lock
    let lock = pool.lock_of(&owner, 0);
    let claim = pool.claim_lock_fees(&owner, &lock);
    pool.refuses(claim, &owner, PoolError::NoLockFees);
}

#[test]
fn no_pause_bit_stops_locking() {
    let (mut pool, owner) = stage();
    pool.pause(15);
    let lock = pool.lock(&owner, 0, 1_000, FOREVER_TS);
    pool.run(lock, &owner);
}
