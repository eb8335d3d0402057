use {
    commonweal_tests::fixtures::pool::{Holder, Lock, PoolWorld, DAY, FIRST_A, FIRST_B},
    liquidity_pool::{errors::PoolError, events::LockChanged},
    solana_address::Address,
    solana_signer::Signer,
};

const SHARES: u64 = 10_000_000;

fn stage() -> (PoolWorld, Holder, Lock, Holder) {
    let mut pool = PoolWorld::new(0);
    let owner = pool.holder("owner", FIRST_A, FIRST_B);
    let deposit = pool.deposit(&owner, SHARES, u64::MAX, u64::MAX);
    pool.run(deposit, &owner);
    let lock = pool.lock_of(&owner, 0);
    let make = pool.lock(&owner, 0, SHARES, pool.world.now() + DAY);
    pool.run(make, &owner);
    let heir = pool.holder("heir", 0, 0);
    (pool, owner, lock, heir)
}

#[test]
fn the_new_owner_has_all_the_rights_and_the_old_one_none() {
    let (mut pool, owner, lock, heir) = stage();
    let transfer = pool.transfer_lock(&owner, &lock, heir.key.pubkey());
    let receipt = pool.run(transfer.clone(), &owner);
    let event = &receipt.events::<LockChanged>()[0];
    assert_eq!((event.kind, event.owner, event.moved_atoms), (3, heir.key.pubkey(), 0));
    let state = pool.lock_state(&lock);
    assert_eq!((state.owner, state.seed_owner), (heir.key.pubkey(), owner.key.pubkey()));
    assert_eq!(state.sequence.get(), 2);
    pool.world.warp_seconds(DAY);
    let by_the_old = pool.unlock(&owner, &lock, 1);
    pool.refuses(by_the_old, &owner, PoolError::NotTheOwner);
    pool.refuses(transfer, &owner, PoolError::NotTheOwner);
    let rent = pool.world.lamports(&lock.address);
    let before = pool.world.lamports(&owner.key.pubkey());
    let by_the_new = pool.unlock(&heir, &lock, SHARES);
    pool.run(by_the_new, &heir);
    assert_eq!(pool.balances(&heir).2, SHARES);
    assert_eq!(
        pool.world.lamports(&owner.key.pubkey()),
        before + rent,
        "rent goes to who paid it"
    );
}

#[test]
fn a_lock_is_not_given_to_nobody() {
    let (mut pool, owner, lock, _) = stage();
    let transfer = pool.transfer_lock(&owner, &lock, Address::default());
    pool.refuses(transfer, &owner, PoolError::ZeroAddress);
}

#[test]
fn only_the_owner_gives_a_lock_away_and_nothing_pauses_it() {
    let (mut pool, owner, lock, heir) = stage();
    let theft = pool.transfer_lock(&heir, &lock, heir.key.pubkey());
    pool.refuses(theft, &heir, PoolError::NotTheOwner);
    pool.pause(15);
    let transfer = pool.transfer_lock(&owner, &lock, heir.key.pubkey());
    pool.run(transfer, &owner);
}
