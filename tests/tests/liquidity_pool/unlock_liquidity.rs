use {
    super::expect::{ANCHOR_WRONG_ADDRESS, TOKEN_MINT_MISMATCH},
    commonweal_interface::ids,
    commonweal_tests::fixtures::pool::{Ground, Holder, Lock, PoolWorld, DAY, FIRST_A, FIRST_B},
    liquidity_pool::{constants::FOREVER_TS, errors::PoolError, events::LockChanged},
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

const SHARES: u64 = 10_000_000;

/// A pool and an owner who has locked ten million shares for a day.
fn stage() -> (PoolWorld, Holder, Lock) {
    locked_until(|now| now + DAY)
}

fn locked_until(end: impl FnOnce(i64) -> i64) -> (PoolWorld, Holder, Lock) {
    let mut pool = PoolWorld::new(0);
    let owner = pool.holder("owner", FIRST_A, FIRST_B);
    let deposit = pool.deposit(&owner, SHARES, u64::MAX, u64::MAX);
    pool.run(deposit, &owner);
    let lock = pool.lock_of(&owner, 0);
    let make = pool.lock(&owner, 0, SHARES, end(pool.world.now()));
    pool.run(make, &owner);
    (pool, owner, lock)
}

#[test]
fn shares_are_unlocked_from_the_locks_second_on_and_not_before() {
    let (mut pool, owner, lock) = stage();
    let end = pool.lock_state(&lock).unlock_ts.get();
    pool.world.warp(end - 1 - pool.world.now(), 10);
    let unlock = pool.unlock(&owner, &lock, 1);
    pool.refuses(unlock.clone(), &owner, PoolError::LockNotExpired);
    pool.world.warp(1, 1);
    let receipt = pool.run(unlock, &owner);
    assert_eq!(pool.balances(&owner).2, 1);
    assert_eq!(
        (pool.locked(), pool.lock_state(&lock).lp_atoms.get()),
        ((SHARES - 1, 0), SHARES - 1)
    );
    let event = &receipt.events::<LockChanged>()[0];
    assert_eq!((event.kind, event.moved_atoms, event.lp_atoms), (1, 1, SHARES - 1));
    assert_eq!(event.lock_sequence, 2);
}

#[test]
fn the_emptied_lock_is_closed_and_its_rent_goes_to_who_paid_it() {
    let (mut pool, owner, lock) = stage();
    pool.world.warp_seconds(DAY);
    let part = pool.unlock(&owner, &lock, SHARES - 1);
    pool.run(part, &owner);
    let (rent, before) = (
        pool.world.lamports(&lock.address),
        pool.world.lamports(&lock.rent_payer),
    );
    assert!(rent > 0);
    let last = pool.unlock(&owner, &lock, 1);
    pool.run(last, &owner);
    assert!(!pool.world.exists(&lock.address));
    assert_eq!(pool.world.lamports(&lock.rent_payer), before + rent);
    assert_eq!((pool.locked(), pool.pool().lock_count.get()), ((0, 0), 0));
    assert_eq!(pool.balances(&owner).2, SHARES);
    // its number is free again
    let again = pool.lock(&owner, 0, 5, FOREVER_TS);
    pool.run(again, &owner);
    assert_eq!(pool.lock_state(&lock).sequence.get(), 1);
}

#[test]
fn a_lock_for_ever_is_never_unlocked() {
    let (mut pool, owner, lock) = locked_until(|_| FOREVER_TS);
    pool.world.warp(i64::MAX / 2, 1_000_000);
    let unlock = pool.unlock(&owner, &lock, 1);
    pool.refuses(unlock, &owner, PoolError::LockNotExpired);
}

#[test]
fn only_the_owner_unlocks() {
    let (mut pool, owner, lock) = stage();
    let stranger = pool.holder("stranger", 0, 0);
    pool.world.warp_seconds(DAY);
    let theft = pool.unlock(&stranger, &lock, 1);
    pool.refuses(theft, &stranger, PoolError::NotTheOwner);
    let mut unsigned = pool.unlock(&owner, &lock, 1);
    unsigned.accounts[0].is_signer = false;
    // the owner pays the rent too and is named twice: both without signature
    pool.world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
}

#[test]
fn nothing_and_more_than_the_lock_holds_are_refused() {
    let (mut pool, owner, lock) = stage();
    pool.world.warp_seconds(DAY);
    let zero = pool.unlock(&owner, &lock, 0);
    pool.refuses(zero, &owner, PoolError::ZeroAmount);
    for more in [SHARES + 1, u64::MAX] {
        let unlock = pool.unlock(&owner, &lock, more);
        pool.refuses(unlock, &owner, PoolError::LockTooSmall);
    }
}

#[test]
fn nothing_pauses_unlocking() {
    let (mut pool, owner, lock) = stage();
    pool.pause(15);
    pool.world.warp_seconds(DAY);
    let unlock = pool.unlock(&owner, &lock, SHARES);
    pool.run(unlock, &owner);
}

#[test]
fn shares_given_to_the_lock_vault_change_nothing() {
    let (mut pool, owner, lock) = stage();
    let creator = pool.creator.clone();
    let give = spl_token_2022_interface::instruction::transfer_checked(
        &ids::TOKEN,
        &creator.lp,
        &pool.at.lp_mint.0,
        &pool.lock_vault().0,
        &creator.key.pubkey(),
        &[],
        5_000,
        9,
    )
    .unwrap();
    let before = pool.pool();
    pool.world.succeeds(give, &[&creator.key]);
    assert_eq!(bytemuck::bytes_of(&before), bytemuck::bytes_of(&pool.pool()));
    pool.world.warp_seconds(DAY);
    let more = pool.unlock(&owner, &lock, SHARES + 1);
    pool.refuses(more, &owner, PoolError::LockTooSmall);
    let all = pool.unlock(&owner, &lock, SHARES);
    pool.run(all, &owner);
    assert_eq!(pool.world.tokens(&pool.lock_vault().0), 5_000);
    assert_eq!(pool.locked(), (0, 0));
}

#[test]
fn another_owners_shares_stay_when_one_unlocks() {
    let (mut pool, owner, lock) = stage();
    let creator = pool.creator.clone();
    let other = pool.lock(&creator, 0, 777, FOREVER_TS);
    pool.run(other, &creator);
    pool.world.warp_seconds(DAY);
    let all = pool.unlock(&owner, &lock, SHARES);
    pool.run(all, &owner);
    assert_eq!(
        (pool.locked(), pool.world.tokens(&pool.lock_vault().0)),
        ((0, 777), 777)
    );
}

#[test]
fn accounts_of_another_pool_or_lock_are_refused() {
    let (mut pool, owner, lock) = stage();
    let key = owner.key.insecure_clone();
    pool.world.warp_seconds(DAY);
    for (index, address) in [
        (2, pool.at.pool.0),
        (3, pool.mint_a.address),
        (6, owner.lp),
        (7, pool.creator.key.pubkey()),
        (8, ids::TOKEN_2022),
    ] {
        let mut unlock = pool.unlock(&owner, &lock, 1);
        unlock.accounts[index].pubkey = address;
        if index != 2 {
            let expected = if index == 6 { 2_040 } else { ANCHOR_WRONG_ADDRESS };
            pool.world.fails_with(unlock, &[&key], expected);
        } else {
            assert!(pool.world.send(&[unlock], &[&key]).failure().is_some());
        }
    }
    let mut wrong_mint = pool.unlock(&owner, &lock, 1);
    wrong_mint.accounts[4].pubkey = owner.a;
    pool.world.fails_with(wrong_mint, &[&key], TOKEN_MINT_MISMATCH);
    // a lock of another pool, by the same owner
    let mut other = Ground::new(1).open(FIRST_A, FIRST_B);
    let raw = pool.world.raw(&lock.address);
    other.world.set_raw(lock.address, raw);
    let vault = pool.world.raw(&pool.lock_vault().0);
    other.world.set_raw(pool.lock_vault().0, vault);
    let creator = other.creator.clone();
    let mut foreign = other.unlock(&creator, &lock, 1);
    foreign.accounts[6].pubkey = pool.lock_vault().0;
    other.refuses(foreign, &creator, PoolError::PoolMismatch);
}
