use {
    commonweal_tests::fixtures::pool::{
        full_terms, ramp_amplification, stable_terms, Ground, Holder, Lock, PoolWorld, AMPLIFICATION, DAY, FIRST_A,
        FIRST_B, VESTING_SLOTS,
    },
    liquidity_pool::{constants::FOREVER_TS, errors::PoolError, events::LockChanged, state::Side},
    num_bigint::BigUint,
    solana_signer::Signer,
};

const SHARES: u64 = 10_000_000_000;
/// Reserves near a price of one: 1,000 units of six decimals and of nine.
const STABLE_A: u64 = FIRST_A;
const STABLE_B: u64 = FIRST_A * 1_000;

fn stage() -> (PoolWorld, Holder, Lock) {
    locked(PoolWorld::new(0), FOREVER_TS)
}

fn locked(mut pool: PoolWorld, unlock_ts: i64) -> (PoolWorld, Holder, Lock) {
    let owner = pool.holder("owner", FIRST_A, FIRST_B);
    let deposit = pool.deposit(&owner, SHARES, u64::MAX, u64::MAX);
    pool.run(deposit, &owner);
    let lock = pool.lock_of(&owner, 0);
    let make = pool.lock(&owner, 0, SHARES, unlock_ts);
    pool.run(make, &owner);
    (pool, owner, lock)
}

/// Trades to and fro, so that fees are earned.
fn trade(pool: &mut PoolWorld) {
    let creator = pool.creator.clone();
    for (input, amount) in [(Side::A, FIRST_A / 3), (Side::B, FIRST_B / 3)] {
        let swap = pool.swap_in(&creator, input, amount, 1);
        pool.run(swap, &creator);
    }
}

/// (x·y, S_eff) with the mint's own supply: √(x·y) / S_eff is what a share is worth.
fn worth(pool: &PoolWorld) -> (BigUint, BigUint) {
    let (x, y) = pool.reserves();
    let shares = pool.world.supply(&pool.at.lp_mint.0) + 1_000 + pool.pool().vesting_shares.get();
    (BigUint::from(x) * y, BigUint::from(shares))
}

/// `a` shares at one worth are worth at least `b` shares at another: a²·k·S'² ≥ b²·k'·S².
fn is_worth_at_least(a: u64, at: &(BigUint, BigUint), b: u64, than: &(BigUint, BigUint)) -> bool {
    BigUint::from(a).pow(2) * &at.0 * than.1.pow(2) >= BigUint::from(b).pow(2) * &than.0 * at.1.pow(2)
}

#[test]
fn fees_are_released_and_what_stays_locked_is_worth_what_was_locked() {
    let (mut pool, owner, lock) = stage();
    let at_first = worth(&pool);
    let mut claimed = 0;
    for round in 1..=3u64 {
        trade(&mut pool);
        let before = pool.lock_state(&lock).lp_atoms.get();
        let claim = pool.claim_lock_fees(&owner, &lock);
        let receipt = pool.run(claim, &owner);
        let state = pool.lock_state(&lock);
        let released = before - state.lp_atoms.get();
        claimed += released;
        assert!(released > 0);
        assert_eq!(pool.balances(&owner).2, claimed);
        assert_eq!((state.claimed_atoms.get(), state.sequence.get()), (claimed, 1 + round));
        assert_eq!(pool.locked(), (0, SHARES - claimed));
        assert_eq!(pool.world.tokens(&pool.lock_vault().0), SHARES - claimed);
        let event = &receipt.events::<LockChanged>()[0];
        assert_eq!(
            (event.kind, event.moved_atoms, event.lp_atoms),
            (2, released, SHARES - claimed)
        );
        // against the first day, over all claims: never less, and at most a few shares more
        let now = worth(&pool);
        assert!(is_worth_at_least(SHARES - claimed, &now, SHARES, &at_first));
        assert!(!is_worth_at_least(
            SHARES - claimed - 4 * round,
            &now,
            SHARES,
            &at_first
        ));
    }
}

#[test]
fn a_second_claim_finds_nothing_until_new_fees() {
    let (mut pool, owner, lock) = stage();
    let claim = pool.claim_lock_fees(&owner, &lock);
    pool.refuses(claim.clone(), &owner, PoolError::NoLockFees);
    trade(&mut pool);
    pool.run(claim.clone(), &owner);
    pool.refuses(claim.clone(), &owner, PoolError::NoLockFees);
    // deposits, withdrawals and time are no fees
    let creator = pool.creator.clone();
    let deposit = pool.deposit(&creator, 77_777_777, u64::MAX, u64::MAX);
    pool.run(deposit, &creator);
    let withdraw = pool.withdraw(&creator, 33_333, 0, 0);
    pool.run(withdraw, &creator);
    pool.world.warp_seconds(DAY);
    let before = pool.lock_state(&lock).lp_atoms.get();
    let _ = pool.world.send(std::slice::from_ref(&claim), &[&owner.key]);
    // what their rounding leaves to the providers is worth an atom of token A or two: some shares in ten thousand million
    let dust = before - pool.lock_state(&lock).lp_atoms.get();
    assert!(dust <= SHARES / (FIRST_A / 2) * 2, "{dust} shares");
    trade(&mut pool);
    pool.run(claim, &owner);
}

#[test]
fn donations_to_vaults_and_lock_vault_are_no_fees() {
    let (mut pool, owner, lock) = stage();
    let (vault_a, vault_b) = (pool.at.vault_a.0, pool.at.vault_b.0);
    let (mint_a, mint_b) = (pool.mint_a.clone(), pool.mint_b.clone());
    pool.world.mint_into(&mint_a, &vault_a, FIRST_A);
    pool.world.mint_into(&mint_b, &vault_b, FIRST_B);
    let creator = pool.creator.clone();
    let give = spl_token_2022_interface::instruction::transfer_checked(
        &commonweal_interface::ids::TOKEN,
        &creator.lp,
        &pool.at.lp_mint.0,
        &pool.lock_vault().0,
        &creator.key.pubkey(),
        &[],
        1_000_000,
        9,
    )
    .unwrap();
    pool.world.succeeds(give, &[&creator.key]);
    let claim = pool.claim_lock_fees(&owner, &lock);
    pool.refuses(claim, &owner, PoolError::NoLockFees);
}

#[test]
fn a_ramp_of_the_amplification_releases_nothing_of_a_lock_for_ever() {
    // far from balance D rises with the amplification, without a single trade
    let mut pool = Ground::under(0, stable_terms).open(STABLE_A / 100, STABLE_B);
    let owner = pool.creator.clone();
    let lock = pool.lock_of(&owner, 0);
    let make = pool.lock(&owner, 0, SHARES, FOREVER_TS);
    pool.run(make, &owner);
    let authority = pool.authority.insecure_clone();
    let end = pool.world.now() + 2 * DAY;
    let ramp = ramp_amplification(&authority.pubkey(), &pool.config, 10 * AMPLIFICATION, end);
    pool.world.succeeds(ramp, &[&authority]);
    pool.world.warp_seconds(DAY);
    let claim = pool.claim_lock_fees(&owner, &lock);
    pool.refuses(claim.clone(), &owner, PoolError::NoLockFees);
    pool.world.warp_to(end);
    let worth_before = pool.lock_state(&lock).share_value_q64.get();
    pool.run(claim.clone(), &owner);
    let state = pool.lock_state(&lock);
    assert_eq!(
        (state.lp_atoms.get(), state.claimed_atoms.get()),
        (SHARES, 0),
        "counted anew"
    );
    let worth_after = state.share_value_q64.get();
    assert!(
        worth_after > worth_before + worth_before / 1_000,
        "{worth_before} {worth_after}"
    );
    pool.refuses(claim.clone(), &owner, PoolError::NoLockFees);
    // fees earned from then on are paid again
    for (input, amount) in [(Side::B, STABLE_B / 100), (Side::A, STABLE_A / 300)] {
        let swap = pool.swap_in(&owner, input, amount, 1);
        pool.run(swap, &owner);
    }
    pool.run(claim, &owner);
    assert!(pool.lock_state(&lock).claimed_atoms.get() > 0);
}

#[test]
fn a_lock_until_a_time_pays_no_fees() {
    let pool = PoolWorld::new(0);
    let until = pool.world.now() + DAY;
    let (mut pool, owner, lock) = locked(pool, until);
    trade(&mut pool);
    let claim = pool.claim_lock_fees(&owner, &lock);
    pool.refuses(claim.clone(), &owner, PoolError::NotLockedForever);
    pool.world.warp_seconds(DAY);
    pool.refuses(claim, &owner, PoolError::NotLockedForever);
}

#[test]
fn only_the_owner_claims() {
    let (mut pool, _, lock) = stage();
    trade(&mut pool);
    let stranger = pool.holder("stranger", 0, 0);
    let theft = pool.claim_lock_fees(&stranger, &lock);
    pool.refuses(theft, &stranger, PoolError::NotTheOwner);
}

#[test]
fn nothing_pauses_a_claim() {
    let (mut pool, owner, lock) = stage();
    trade(&mut pool);
    pool.pause(15);
    let claim = pool.claim_lock_fees(&owner, &lock);
    pool.run(claim, &owner);
}

#[test]
fn fees_that_have_not_vested_are_not_released() {
    let (mut pool, owner, lock) = locked(Ground::under(0, full_terms).open(FIRST_A, FIRST_B), FOREVER_TS);
    let borrower = pool.holder("borrower", FIRST_A, FIRST_B);
    let at_first = worth(&pool);
    pool.run_around(&borrower, (FIRST_A, FIRST_B), &[]);
    let claim = pool.claim_lock_fees(&owner, &lock);
    pool.run(claim.clone(), &owner);
    let at_once = pool.world.tokens(&owner.lp);
    pool.world.warp(60, u64::from(VESTING_SLOTS) / 2);
    pool.run(claim.clone(), &owner);
    let half = pool.world.tokens(&owner.lp);
    pool.world.warp(60, u64::from(VESTING_SLOTS));
    pool.run(claim, &owner);
    let all = pool.world.tokens(&owner.lp);
    // at once only what the virtual shares leave of the root's curvature
    assert!(at_once * 1_000 < all, "{at_once} of {all}");
    assert!(half > 0 && all > half + half / 2, "{half} of {all}");
    assert!(is_worth_at_least(SHARES - all, &worth(&pool), SHARES, &at_first));
}
