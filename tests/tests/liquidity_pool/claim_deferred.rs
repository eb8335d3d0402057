use {
    super::expect::{share_floor, transfer_fee, TOKEN_FROZEN},
    anchor_lang::ErrorCode,
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{code, Ground, Holder, PoolWorld, FIRST_A, FIRST_B},
        world::MintExtension,
    },
    liquidity_pool::{
        errors::PoolError,
        events::{ClaimPaid, WithdrawalDeferred, Withdrawn},
        state::Side,
    },
    solana_instruction::AccountMeta,
    solana_signer::Signer,
};

const SHARES: u64 = 10_000_000;

/// A pool and a provider of ten million shares.
fn stage() -> (PoolWorld, Holder) {
    let mut pool = PoolWorld::new(0);
    let owner = provider(&mut pool, "owner");
    (pool, owner)
}

fn provider(pool: &mut PoolWorld, name: &str) -> Holder {
    let holder = pool.holder(name, FIRST_A, FIRST_B);
    let deposit = pool.deposit(&holder, SHARES, u64::MAX, u64::MAX);
    pool.run(deposit, &holder);
    holder
}

/// What shares are worth now.
fn parts(pool: &PoolWorld, shares: u64) -> (u64, u64) {
    let (x, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    (share_floor(x, shares, all), share_floor(y, shares, all))
}

#[test]
fn a_frozen_destination_holds_back_one_token_only() {
    let (mut pool, owner) = stage();
    let mint = pool.mint_a.clone();
    pool.world.freeze(&mint, &owner.a);
    let (a, b) = parts(&pool, SHARES);
    let (reserves, vaults, before) = (pool.reserves(), pool.vaults(), pool.balances(&owner));
    let both = pool.withdraw(&owner, SHARES, 0, 0);
    pool.world.fails_with(both, &[&owner.key], TOKEN_FROZEN);
    // the minima hold for what is set apart too
    let too_much = pool.withdraw_deferring(&owner, SHARES, (a + 1, b), 2);
    pool.refuses(too_much, &owner, PoolError::SlippageExceeded);
    let withdraw = pool.withdraw_deferring(&owner, SHARES, (a, b), 2);
    let receipt = pool.run(withdraw, &owner);
    assert_eq!(pool.balances(&owner), (before.0, before.1 + b, 0));
    assert_eq!(pool.reserves(), (reserves.0 - a, reserves.1 - b));
    assert_eq!(pool.vaults(), (vaults.0, vaults.1 - b));
    assert_eq!(pool.deferred(), (a, 0));
    let claim = pool.claim_state(&owner, Side::A);
    assert_eq!(
        (claim.atoms.get(), claim.owner, claim.mint),
        (a, owner.key.pubkey(), mint.address)
    );
    assert_eq!(
        (claim.pool, claim.rent_payer, claim.sequence.get()),
        (pool.at.pool.0, claim.owner, 1)
    );
    let event = &receipt.events::<WithdrawalDeferred>()[0];
    assert_eq!(
        (event.deferred_atoms, event.claim_atoms, event.mint),
        (a, a, mint.address)
    );
    let withdrawn = &receipt.events::<Withdrawn>()[0];
    assert_eq!((withdrawn.sequence, withdrawn.received_a_atoms), (event.sequence, 0));
    assert_eq!(withdrawn.received_b_atoms, b);

    // to another account at once, or to the same after its thaw
    let frozen = pool.claim_deferred(&owner, Side::A, owner.a);
    pool.world.fails_with(frozen.clone(), &[&owner.key], TOKEN_FROZEN);
    pool.world.thaw(&mint, &owner.a);
    let address = pool.claim_address(&owner, Side::A);
    let (rent, lamports) = (pool.world.lamports(&address), pool.world.lamports(&owner.key.pubkey()));
    let receipt = pool.run(frozen, &owner);
    assert_eq!(pool.balances(&owner).0, before.0 + a);
    assert_eq!((pool.deferred(), pool.vaults().0), ((0, 0), vaults.0 - a));
    assert!(!pool.world.exists(&address));
    assert_eq!(pool.world.lamports(&owner.key.pubkey()), lamports + rent);
    let event = &receipt.events::<ClaimPaid>()[0];
    assert_eq!(
        (event.paid_atoms, event.received_atoms, event.owner),
        (a, a, owner.key.pubkey())
    );
}

#[test]
fn a_frozen_vault_holds_back_its_token_until_the_thaw() {
    let (mut pool, owner) = stage();
    let (mint, vault) = (pool.mint_b.clone(), pool.at.vault_b.0);
    pool.world.freeze(&mint, &vault);
    let (a, b) = parts(&pool, SHARES);
    let withdraw = pool.withdraw_deferring(&owner, SHARES, (a, b), 1);
    pool.run(withdraw, &owner);
    assert_eq!(pool.deferred(), (0, b));
    let claim = pool.claim_deferred(&owner, Side::B, owner.b);
    pool.world.fails_with(claim.clone(), &[&owner.key], TOKEN_FROZEN);
    pool.world.thaw(&mint, &vault);
    let before = pool.balances(&owner).1;
    pool.run(claim, &owner);
    assert_eq!(pool.balances(&owner).1, before + b);
}

#[test]
fn both_legs_can_be_set_apart() {
    let (mut pool, owner) = stage();
    let (a, b) = parts(&pool, SHARES);
    let vaults = pool.vaults();
    let withdraw = pool.withdraw_deferring(&owner, SHARES, (a, b), 0);
    pool.run(withdraw, &owner);
    assert_eq!((pool.deferred(), pool.vaults()), ((a, b), vaults));
    for side in [Side::A, Side::B] {
        let destination = if side == Side::A { owner.a } else { owner.b };
        let claim = pool.claim_deferred(&owner, side, destination);
        pool.run(claim, &owner);
    }
    assert_eq!(pool.vaults(), (vaults.0 - a, vaults.1 - b));
    assert_eq!(pool.deferred(), (0, 0));
}

#[test]
fn a_second_deferral_adds_to_the_claim() {
    let (mut pool, owner) = stage();
    let (first, _) = parts(&pool, 4_000_000);
    let withdraw = pool.withdraw_deferring(&owner, 4_000_000, (0, 0), 2);
    pool.run(withdraw, &owner);
    let (second, _) = parts(&pool, 6_000_000);
    let withdraw = pool.withdraw_deferring(&owner, 6_000_000, (0, 0), 2);
    pool.run(withdraw, &owner);
    let claim = pool.claim_state(&owner, Side::A);
    assert_eq!((claim.atoms.get(), claim.sequence.get()), (first + second, 2));
    assert_eq!(pool.deferred(), (first + second, 0));
    let before = pool.balances(&owner).0;
    let claim = pool.claim_deferred(&owner, Side::A, owner.a);
    pool.run(claim.clone(), &owner);
    assert_eq!(pool.balances(&owner).0, before + first + second);
    // paid once
    assert!(pool.world.send(&[claim], &[&owner.key]).failure().is_some());
    assert_eq!(pool.balances(&owner).0, before + first + second);
}

#[test]
fn claims_of_different_owners_are_apart_and_only_the_owner_is_paid() {
    let (mut pool, owner) = stage();
    let other = provider(&mut pool, "other");
    for (who, shares) in [(&owner, 1_000_000), (&other, 2_000_000)] {
        let withdraw = pool.withdraw_deferring(who, shares, (0, 0), 2);
        pool.run(withdraw, who);
    }
    let (one, two) = (
        pool.claim_state(&owner, Side::A).atoms.get(),
        pool.claim_state(&other, Side::A).atoms.get(),
    );
    assert!(one > 0 && two > one);
    assert_eq!(pool.deferred().0, one + two, "P1: deferred is the sum of the claims");
    let mut theft = pool.claim_deferred(&other, Side::A, other.a);
    theft.accounts[2].pubkey = pool.claim_address(&owner, Side::A);
    theft.accounts[7].pubkey = owner.key.pubkey();
    pool.refuses(theft, &other, PoolError::NotTheOwner);
    let claim = pool.claim_deferred(&other, Side::A, other.a);
    pool.run(claim, &other);
    assert_eq!(pool.deferred().0, one);
    assert_eq!(pool.claim_state(&owner, Side::A).atoms.get(), one);
}

#[test]
fn a_deferred_leg_needs_the_claim_of_pool_provider_and_mint() {
    let (mut pool, owner) = stage();
    let other = provider(&mut pool, "other");
    let theirs = pool.withdraw_deferring(&other, 1_000_000, (0, 0), 0);
    pool.run(theirs, &other);
    for legs in [0, 1, 2] {
        let without = pool.withdraw_before(&owner, 1_000_000, 0, 0, i64::MAX, legs);
        pool.refuses(without, &owner, PoolError::ClaimMismatch);
    }
    let right = pool.withdraw_deferring(&owner, 1_000_000, (0, 0), 2);
    let place = right.accounts.len() - 2;
    let with = |address| {
        let mut wrong = right.clone();
        wrong.accounts[place] = AccountMeta::new(address, false);
        wrong
    };
    // another's claim, one's own of the other token, no claim at all
    let another = with(pool.claim_address(&other, Side::A));
    pool.refuses(another, &owner, PoolError::ClaimMismatch);
    let other_token = with(pool.claim_address(&owner, Side::B));
    pool.world
        .fails_with(other_token, &[&owner.key], ErrorCode::ConstraintSeeds);
    let nowhere = with(pool.world.keypair("nowhere").pubkey());
    pool.world
        .fails_with(nowhere, &[&owner.key], ErrorCode::ConstraintSeeds);
    // an account that is listed already
    let listed = with(pool.at.pool.0);
    pool.refuses(listed, &owner, PoolError::ClaimMismatch);
    pool.run(right, &owner);
}

#[test]
fn unknown_legs_are_refused() {
    let (mut pool, owner) = stage();
    for legs in [4, 5, 7, 128, 255] {
        let withdraw = pool.withdraw_before(&owner, 1_000, 0, 0, i64::MAX, legs);
        pool.refuses(withdraw, &owner, PoolError::UnknownLegs);
    }
}

#[test]
fn what_is_set_apart_is_no_part_of_the_reserves() {
    let (mut pool, owner) = stage();
    let (a, _) = parts(&pool, SHARES);
    let withdraw = pool.withdraw_deferring(&owner, SHARES, (0, 0), 2);
    pool.run(withdraw, &owner);
    // everybody else leaves, somebody trades: the claim stays what it was
    let creator = pool.creator.clone();
    let rest = pool.withdraw(&creator, pool.world.tokens(&creator.lp), 0, 0);
    pool.run(rest, &creator);
    let swap = pool.swap_in(&creator, Side::A, 1_000, 1);
    pool.run(swap, &creator);
    assert!(pool.reserves().0 < a);
    let before = pool.balances(&owner).0;
    let claim = pool.claim_deferred(&owner, Side::A, owner.a);
    pool.run(claim, &owner);
    assert_eq!(pool.balances(&owner).0, before + a);
}

#[test]
fn nothing_pauses_deferring_and_claiming() {
    let (mut pool, owner) = stage();
    pool.pause(15);
    let withdraw = pool.withdraw_deferring(&owner, SHARES, (0, 0), 0);
    pool.run(withdraw, &owner);
    let claim = pool.claim_deferred(&owner, Side::A, owner.a);
    assert!(claim.accounts.iter().all(|meta| meta.pubkey != pool.config));
    pool.run(claim, &owner);
}

#[test]
fn the_transfer_fee_is_the_owners_and_all_of_the_claim_leaves() {
    let fee = MintExtension::TransferFee {
        basis_points: 500,
        maximum_atoms: u64::MAX,
    };
    let mut pool = Ground::both_2022(0, &[fee]).open(1_000_000_000, 1_000_000_000);
    let creator = pool.creator.clone();
    let (a, b) = parts(&pool, 10_000_000);
    let withdraw = pool.withdraw_deferring(&creator, 10_000_000, (a, 0), 2);
    pool.run(withdraw, &creator);
    assert!(b > 0);
    assert_eq!(pool.deferred(), (a, 0));
    let (vault, before) = (pool.vaults().0, pool.balances(&creator).0);
    let claim = pool.claim_deferred(&creator, Side::A, creator.a);
    let receipt = pool.run(claim, &creator);
    let kept = transfer_fee(a, 500, u64::MAX);
    assert_eq!(pool.balances(&creator).0, before + a - kept);
    assert_eq!((pool.vaults().0, pool.deferred()), (vault - a, (0, 0)));
    let event = &receipt.events::<ClaimPaid>()[0];
    assert_eq!((event.paid_atoms, event.received_atoms), (a, a - kept));
}

#[test]
fn a_risen_transfer_fee_takes_its_part_and_nothing_else_is_lost() {
    let fee = MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: u64::MAX,
    };
    let mut pool = Ground::both_2022(0, &[fee]).open(1_000_000_000, 1_000_000_000);
    let creator = pool.creator.clone();
    let withdraw = pool.withdraw_deferring(&creator, 10_000_000, (0, 0), 0);
    pool.run(withdraw, &creator);
    let (a, b) = pool.deferred();
    let mint = pool.mint_a.clone();
    let authority = pool.world.mint_authority(&mint);
    let raise = spl_token_2022_interface::extension::transfer_fee::instruction::set_transfer_fee(
        &ids::TOKEN_2022,
        &mint.address,
        &authority.pubkey(),
        &[],
        9_000,
        u64::MAX,
    )
    .unwrap();
    pool.world.succeeds(raise, &[&authority]);
    let mut clock = pool.world.clock();
    clock.epoch += 2;
    pool.world.svm.set_sysvar(&clock);
    let before = pool.balances(&creator);
    for (side, destination) in [(Side::A, creator.a), (Side::B, creator.b)] {
        let claim = pool.claim_deferred(&creator, side, destination);
        pool.run(claim, &creator);
    }
    let after = pool.balances(&creator);
    assert_eq!(after.0 - before.0, a - transfer_fee(a, 9_000, u64::MAX));
    assert_eq!(after.1 - before.1, b - transfer_fee(b, 100, u64::MAX));
    assert_eq!(pool.deferred(), (0, 0));
}

#[test]
fn claims_of_a_pool_of_both_token_programs_follow_the_second_program() {
    for is_extended_a in [true, false] {
        let mut pool = Ground::mixed(0, &[], is_extended_a).open(FIRST_A, FIRST_A);
        let creator = pool.creator.clone();
        let withdraw = pool.withdraw_deferring(&creator, 1_000_000, (0, 0), 0);
        pool.run(withdraw, &creator);
        for (side, destination) in [(Side::A, creator.a), (Side::B, creator.b)] {
            let mut wrong = pool.claim_deferred(&creator, side, destination);
            let program = &mut wrong.accounts[8].pubkey;
            *program = if *program == ids::TOKEN {
                ids::TOKEN_2022
            } else {
                ids::TOKEN
            };
            pool.refuses(wrong, &creator, PoolError::TokenProgramMismatch);
            let claim = pool.claim_deferred(&creator, side, destination);
            pool.run(claim, &creator);
        }
    }
}

#[test]
fn a_prefunded_claim_address_is_no_obstacle_and_accounts_of_others_are_refused() {
    let (mut pool, owner) = stage();
    let address = pool.claim_address(&owner, Side::A);
    pool.world.airdrop(&address, 1);
    let withdraw = pool.withdraw_deferring(&owner, 1_000_000, (0, 0), 2);
    pool.run(withdraw, &owner);
    for (index, substitute, expected) in [
        (3, pool.at.lp_mint.0, code(PoolError::VaultMismatch)),
        (4, pool.at.lp_mint.0, code(PoolError::VaultMismatch)),
        (6, pool.mint_b.address, code(PoolError::MintMismatch)),
        (7, pool.creator.key.pubkey(), super::expect::ANCHOR_WRONG_ADDRESS),
    ] {
        let mut claim = pool.claim_deferred(&owner, Side::A, owner.a);
        claim.accounts[index].pubkey = substitute;
        pool.world.fails_with(claim, &[&owner.key], expected);
    }
    // a foreign pool
    let other = Ground::new(1).open(FIRST_A, FIRST_B);
    for address in [other.at.pool.0, other.at.vault_a.0, other.at.vault_b.0] {
        let raw = other.world.raw(&address);
        pool.world.set_raw(address, raw);
    }
    let mut claim = pool.claim_deferred(&owner, Side::A, owner.a);
    claim.accounts[1].pubkey = other.at.pool.0;
    claim.accounts[3].pubkey = other.at.vault_a.0;
    claim.accounts[4].pubkey = other.at.vault_b.0;
    pool.refuses(claim, &owner, PoolError::PoolMismatch);
}
