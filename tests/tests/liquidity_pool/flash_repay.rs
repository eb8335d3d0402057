use {
    super::expect::{ANCHOR_WRONG_ADDRESS, TOKEN_INSUFFICIENT_FUNDS, TOKEN_OWNER_MISMATCH},
    commonweal_interface::ids,
    commonweal_tests::fixtures::pool::{code, PoolWorld, FIRST_A, FIRST_B, FLASH_FEE_PPM},
    liquidity_pool::errors::PoolError,
    solana_instruction::{error::InstructionError, AccountMeta},
    solana_signer::Signer,
};

fn fee(lent: u64) -> u64 {
    (u128::from(lent) * u128::from(FLASH_FEE_PPM)).div_ceil(1_000_000) as u64
}

#[test]
fn a_repayment_without_a_loan_is_refused() {
    let mut pool = PoolWorld::lending(0);
    let creator = pool.creator.clone();
    let repay = pool.flash_repay(&creator);
    pool.refuses(repay, &creator, PoolError::NoFlashLoan);
    // and after one
    let all = [
        pool.flash_repay(&creator),
        pool.flash_borrow(&creator, 1_000, 0),
        pool.flash_repay(&creator),
    ];
    pool.world
        .all_fail_with(&all, &[&creator.key], code(PoolError::NoFlashLoan));
}

#[test]
fn too_little_cannot_be_repaid() {
    let mut pool = PoolWorld::lending(0);
    let lent = 10_000_000;
    let poor = pool.holder("one atom short", fee(lent) - 1, 0);
    let key = poor.key.insecure_clone();
    let all = [pool.flash_borrow(&poor, lent, 0), pool.flash_repay(&poor)];
    pool.world.all_fail_with(&all, &[&key], TOKEN_INSUFFICIENT_FUNDS);
    let exact = pool.holder("exact", fee(lent), 0);
    pool.run_around(&exact, (lent, 0), &[]);
    assert_eq!(pool.balances(&exact), (0, 0, 0));
}

#[test]
fn a_failed_repayment_undoes_everything_between() {
    let mut pool = PoolWorld::lending(0);
    let thief = pool.holder("thief", 0, 0);
    let den = pool.holder("den", 0, 0);
    let carry_off = spl_token_2022_interface::instruction::transfer_checked(
        &ids::TOKEN,
        &thief.a,
        &pool.mint_a.address,
        &den.a,
        &thief.key.pubkey(),
        &[],
        FIRST_A,
        6,
    )
    .unwrap();
    let key = thief.key.insecure_clone();
    let all = [
        pool.flash_borrow(&thief, FIRST_A, 0),
        carry_off,
        pool.flash_repay(&thief),
    ];
    pool.world.all_fail_with(&all, &[&key], TOKEN_INSUFFICIENT_FUNDS);
    assert_eq!((pool.balances(&den).0, pool.vaults().0), (0, FIRST_A));
}

#[test]
fn anybody_may_repay_out_of_accounts_of_theirs() {
    let mut pool = PoolWorld::lending(0);
    let borrower = pool.holder("borrower", 0, 0);
    let friend = pool.holder("friend", FIRST_A, FIRST_B);
    let all = [pool.flash_borrow(&borrower, 1_000_000, 0), pool.flash_repay(&friend)];
    pool.run_all(&all, &[&borrower.key, &friend.key]);
    assert_eq!(pool.balances(&borrower).0, 1_000_000);
    assert_eq!(pool.balances(&friend).0, FIRST_A - 1_000_000 - fee(1_000_000));
    // not out of somebody else's
    let mut repay = pool.flash_repay(&borrower);
    repay.accounts[5].pubkey = friend.a;
    let all = [pool.flash_borrow(&borrower, 1_000_000, 0), repay];
    pool.world.all_fail_with(&all, &[&borrower.key], TOKEN_OWNER_MISMATCH);
}

#[test]
fn who_repays_signs_and_names_the_pools_own_accounts() {
    let mut pool = PoolWorld::lending(0);
    let borrower = pool.holder("borrower", FIRST_A, FIRST_B);
    let friend = pool.holder("friend", FIRST_A, FIRST_B);
    let borrow = pool.flash_borrow(&borrower, 1_000_000, 1_000_000);
    let mut unsigned = pool.flash_repay(&friend);
    unsigned.accounts[0] = AccountMeta::new_readonly(friend.key.pubkey(), false);
    pool.world.all_fail_with(
        &[borrow.clone(), unsigned],
        &[&borrower.key],
        InstructionError::MissingRequiredSignature,
    );
    for (index, address, expected) in [
        (3, friend.a, code(PoolError::VaultMismatch)),
        (4, friend.b, code(PoolError::VaultMismatch)),
        (7, pool.at.lp_mint.0, code(PoolError::MintMismatch)),
        (8, pool.at.lp_mint.0, code(PoolError::MintMismatch)),
        (9, friend.a, ANCHOR_WRONG_ADDRESS),
    ] {
        let mut repay = pool.flash_repay(&borrower);
        repay.accounts[index].pubkey = address;
        pool.world
            .all_fail_with(&[borrow.clone(), repay], &[&borrower.key], expected);
    }
}

#[test]
fn a_donation_between_pays_nothing_back() {
    let mut pool = PoolWorld::lending(0);
    let borrower = pool.holder("borrower", FIRST_A, 0);
    let give = spl_token_2022_interface::instruction::transfer_checked(
        &ids::TOKEN,
        &borrower.a,
        &pool.mint_a.address,
        &pool.at.vault_a.0,
        &borrower.key.pubkey(),
        &[],
        1_000,
        6,
    )
    .unwrap();
    let (reserve, vault) = (pool.reserves().0, pool.vaults().0);
    pool.run_around(&borrower, (1_000_000, 0), &[give]);
    assert_eq!(pool.reserves().0, reserve + fee(1_000_000));
    assert_eq!(pool.vaults().0, vault + fee(1_000_000) + 1_000);
}
