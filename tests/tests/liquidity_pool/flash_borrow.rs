use {
    super::expect::{ANCHOR_DUPLICATE, ANCHOR_WRONG_ADDRESS},
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{
            associated_account, code, flash_terms, full_terms, stable_terms, Ground, Holder, PoolAddresses, PoolWorld,
            AMPLIFICATION, DAY, FIRST_A, FIRST_B, FLASH_FEE_PPM, NEVER_TS,
        },
        world::{Failure, MintExtension},
    },
    liquidity_pool::{
        constants::FOREVER_TS,
        errors::PoolError,
        events::FlashLoanRepaid,
        instruction,
        instructions::CreatePoolArgs,
        state::{ConfigUpdate, Side},
    },
    num_bigint::BigUint,
    solana_instruction::{error::InstructionError, AccountMeta, Instruction},
    solana_signer::Signer,
};

const LENT_A: u64 = 123_456_789;
const LENT_B: u64 = 987_654_321_987;

fn fee(lent: u64) -> u64 {
    (u128::from(lent) * u128::from(FLASH_FEE_PPM)).div_ceil(1_000_000) as u64
}

fn stage() -> (PoolWorld, Holder) {
    let mut pool = PoolWorld::lending(0);
    let borrower = pool.holder("borrower", FIRST_A, FIRST_B);
    (pool, borrower)
}

/// Fails with this error whatever the transaction's other instructions would do, and changes nothing.
#[track_caller]
fn refuses_all(pool: &mut PoolWorld, instructions: &[Instruction], who: &Holder, error: PoolError) {
    pool.world.all_fail_with(instructions, &[&who.key], code(error));
}

#[test]
fn a_loan_is_repaid_with_a_fee_rounded_up_for_the_providers() {
    let (mut pool, borrower) = stage();
    let (before, reserves, vaults) = (pool.pool(), pool.reserves(), pool.vaults());
    let held = pool.balances(&borrower);
    let receipt = pool.run_around(&borrower, (LENT_A, LENT_B), &[]);
    let fees = (fee(LENT_A), fee(LENT_B));
    assert!(fees.0 * 1_000_000 > LENT_A * 900, "rounded up");
    assert_eq!(pool.reserves(), (reserves.0 + fees.0, reserves.1 + fees.1));
    assert_eq!(pool.vaults(), (vaults.0 + fees.0, vaults.1 + fees.1));
    assert_eq!(pool.balances(&borrower), (held.0 - fees.0, held.1 - fees.1, 0));
    assert_eq!(pool.owed(), (0, 0), "nothing of it is the protocol's");
    let after = pool.pool();
    assert_eq!(after.sequence.get(), before.sequence.get() + 1);
    assert_eq!(after.lp_supply_atoms.get(), before.lp_supply_atoms.get());
    let event = &receipt.events::<FlashLoanRepaid>()[0];
    assert_eq!((event.lent_a_atoms, event.lent_b_atoms), (LENT_A, LENT_B));
    assert_eq!((event.fee_a_atoms, event.fee_b_atoms), fees);
    assert_eq!((event.reserve_a_atoms, event.reserve_b_atoms), pool.reserves());
    assert_eq!((event.sequence, event.borrower), (2, borrower.key.pubkey()));
}

#[test]
fn the_fee_vests_like_the_fee_of_a_swap() {
    let mut pool = Ground::under(0, full_terms).open(FIRST_A, FIRST_B);
    let borrower = pool.holder("borrower", FIRST_A, FIRST_B);
    let (x, y) = pool.reserves();
    let supply = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    pool.run_around(&borrower, (LENT_A, LENT_B), &[]);
    // ⌊S_eff·f / (2x + f)⌋, one token after the other
    let added = |shares: u64, fee: u64, reserve: u64| -> u64 {
        let divisor = BigUint::from(reserve) * 2u32 + fee;
        (BigUint::from(shares) * fee / divisor).try_into().unwrap()
    };
    let from_a = added(supply, fee(LENT_A), x);
    let from_b = added(supply + from_a, fee(LENT_B), y);
    assert_eq!(pool.pool().vesting_shares.get(), from_a + from_b);
    assert!(from_a > 0 && from_b > 0);
    assert!(pool.pool().vesting_remaining_slots.get() > 0);
}

#[test]
fn a_fee_enters_the_invariant_of_a_stable_pool() {
    let mut pool = Ground::under(0, |authority, treasury| liquidity_pool::state::ConfigTerms {
        flash_fee_ppm: FLASH_FEE_PPM,
        max_flash_fee_ppm: FLASH_FEE_PPM,
        ..stable_terms(authority, treasury)
    })
    .open(1_000_000_000, 1_000_000_000_000);
    let borrower = pool.holder("borrower", FIRST_A, FIRST_B);
    let (x, y) = pool.reserves();
    pool.run_around(&borrower, (500_000_000, 0), &[]);
    assert_eq!(pool.reserves(), (x + fee(500_000_000), y));
    let after = pool.pool();
    // nearly balanced reserves of 10⁹ and 10¹² in units of 10⁻⁹: D is just below their sum
    let sum = u128::from(x + fee(500_000_000)) * 1_000 + u128::from(y);
    assert!(after.stable_invariant.get() <= sum && after.stable_invariant.get() > sum - sum / 1_000);
    assert_eq!(after.stable_amplification.get(), AMPLIFICATION);
}

#[test]
fn one_token_can_be_borrowed_alone() {
    let (mut pool, borrower) = stage();
    let (x, y) = pool.reserves();
    let mut borrow = pool.flash_borrow(&borrower, LENT_A, 0);
    let mut repay = pool.flash_repay(&borrower);
    // where nothing moves any writable address may stand
    let nowhere = pool.world.keypair("nowhere").pubkey();
    borrow.accounts[6].pubkey = nowhere;
    repay.accounts[6].pubkey = nowhere;
    pool.run_all(&[borrow, repay], &[&borrower.key]);
    assert_eq!(pool.reserves(), (x + fee(LENT_A), y));
    pool.run_around(&borrower, (0, 1), &[]);
    assert_eq!(pool.reserves(), (x + fee(LENT_A), y + 1), "the least fee is an atom");
}

#[test]
fn all_of_the_reserves_can_be_borrowed_and_not_an_atom_more() {
    let (mut pool, borrower) = stage();
    let (x, y) = pool.reserves();
    for (a, b) in [(x + 1, 0), (0, y + 1), (u64::MAX, u64::MAX)] {
        let all = [pool.flash_borrow(&borrower, a, b), pool.flash_repay(&borrower)];
        refuses_all(&mut pool, &all, &borrower, PoolError::InsufficientLiquidity);
    }
    pool.run_around(&borrower, (x, y), &[]);
    assert_eq!(pool.reserves(), (x + fee(x), y + fee(y)));
}

#[test]
fn what_is_owed_to_treasury_and_claims_is_not_lent() {
    let (mut pool, borrower) = stage();
    let creator = pool.creator.clone();
    let swap = pool.swap_in(&creator, Side::A, FIRST_A / 10, 1);
    pool.run(swap, &creator);
    let defer = pool.withdraw_deferring(&creator, 1_000_000, (0, 0), 2);
    pool.run(defer, &creator);
    assert!(pool.vaults().0 > pool.reserves().0);
    let beyond = pool.reserves().0 + 1;
    let all = [pool.flash_borrow(&borrower, beyond, 0), pool.flash_repay(&borrower)];
    refuses_all(&mut pool, &all, &borrower, PoolError::InsufficientLiquidity);
}

#[test]
fn nothing_borrowed_is_an_error() {
    let (mut pool, borrower) = stage();
    let all = [pool.flash_borrow(&borrower, 0, 0), pool.flash_repay(&borrower)];
    refuses_all(&mut pool, &all, &borrower, PoolError::ZeroAmount);
}

#[test]
fn a_loan_without_exactly_one_later_repayment_fails() {
    let (mut pool, borrower) = stage();
    let borrow = pool.flash_borrow(&borrower, LENT_A, LENT_B);
    let repay = pool.flash_repay(&borrower);
    let repay_twice = [borrow.clone(), repay.clone(), repay.clone()];
    for all in [&[borrow.clone()][..], &repay_twice[..]] {
        refuses_all(&mut pool, all, &borrower, PoolError::FlashRepayMissing);
    }
    // a repayment before the loan finds none
    refuses_all(&mut pool, &[repay, borrow], &borrower, PoolError::NoFlashLoan);
}

#[test]
fn what_only_looks_like_a_repayment_does_not_count() {
    let (mut pool, borrower) = stage();
    let borrow = pool.flash_borrow(&borrower, LENT_A, LENT_B);
    let repay = pool.flash_repay(&borrower);
    let elsewhere = pool.world.keypair("elsewhere").pubkey();
    let with = |change: &dyn Fn(&mut Instruction)| {
        let mut fake = repay.clone();
        change(&mut fake);
        [borrow.clone(), fake]
    };
    let fakes = [
        // another program, which might call flash_repay or not
        with(&|it| it.program_id = ids::COMPUTE_ESCROW),
        with(&|it| it.program_id = ids::TOKEN),
        // another instruction of this program, or none
        with(&|it| it.data[0] = 12 + 2),
        with(&|it| it.data.clear()),
        // fewer accounts
        with(&|it| it.accounts.truncate(10)),
        with(&|it| it.accounts.truncate(2)),
        with(&|it| it.accounts.clear()),
        // another pool, or this one at another position
        with(&|it| it.accounts[1].pubkey = elsewhere),
        with(&|it| it.accounts.swap(1, 2)),
        with(&|it| {
            let pool = it.accounts[1].clone();
            it.accounts[1].pubkey = elsewhere;
            it.accounts.push(pool);
        }),
    ];
    for all in fakes {
        refuses_all(&mut pool, &all, &borrower, PoolError::FlashRepayMissing);
    }
}

#[test]
fn a_second_loan_of_the_same_pool_is_refused() {
    let (mut pool, borrower) = stage();
    let borrow = pool.flash_borrow(&borrower, LENT_A, LENT_B);
    let repay = pool.flash_repay(&borrower);
    for all in [
        vec![borrow.clone(), borrow.clone(), repay.clone()],
        vec![borrow.clone(), borrow.clone(), repay.clone(), repay.clone()],
        vec![borrow.clone(), repay.clone(), borrow.clone(), repay.clone()],
    ] {
        refuses_all(&mut pool, &all, &borrower, PoolError::FlashLoanNested);
    }
}

#[test]
fn a_second_pool_can_be_borrowed_from_in_the_same_transaction() {
    let (mut pool, second) = two_pools();
    let borrower = pool.holder("borrower", FIRST_A, FIRST_B);
    let first = pool.at;
    let one = (pool.flash_borrow(&borrower, LENT_A, 0), pool.flash_repay(&borrower));
    pool.at = second;
    let other = (pool.flash_borrow(&borrower, 0, LENT_B), pool.flash_repay(&borrower));
    let key = borrower.key.insecure_clone();
    for order in [
        [&one.0, &other.0, &other.1, &one.1],
        [&one.0, &other.0, &one.1, &other.1],
        [&one.0, &one.1, &other.0, &other.1],
    ] {
        let all: Vec<Instruction> = order.into_iter().cloned().collect();
        pool.at = first;
        let before = (pool.reserves().0, pool.vaults().0);
        pool.run_all(&all, &[&key]);
        assert_eq!(pool.reserves().0, before.0 + fee(LENT_A));
        assert_eq!(pool.vaults().0, before.1 + fee(LENT_A));
    }
    // the other pool's repayment is none of this one's
    let all = [one.0.clone(), other.1.clone()];
    refuses_all(&mut pool, &all, &borrower, PoolError::FlashRepayMissing);
}

/// A lending pool, and a second one of the same pair and config.
fn two_pools() -> (PoolWorld, PoolAddresses) {
    let ground = Ground::under(0, flash_terms);
    let at = ground.addresses(1);
    let mut instruction = ground.create_pool(FIRST_A, FIRST_B);
    let args = CreatePoolArgs {
        amount_a_atoms: FIRST_A,
        amount_b_atoms: FIRST_B,
        deadline_ts: NEVER_TS,
        vault_a_bump: at.vault_a.1,
        vault_b_bump: at.vault_b.1,
        lp_mint_bump: at.lp_mint.1,
    };
    instruction.data = anchor_lang::InstructionData::data(&instruction::CreatePool { index: 1, args });
    for (position, address) in [
        (4, at.pool.0),
        (5, at.vault_a.0),
        (6, at.vault_b.0),
        (7, at.lp_mint.0),
        (10, associated_account(&ground.creator.pubkey(), &at.lp_mint.0)),
    ] {
        instruction.accounts[position].pubkey = address;
    }
    let mut pool = ground.open(FIRST_A, FIRST_B);
    let creator = pool.creator.clone();
    pool.world.succeeds(instruction, &[&creator.key]);
    (pool, at)
}

#[test]
fn everything_else_of_the_pool_fails_until_the_repayment() {
    let (mut pool, borrower) = stage();
    let deposit = pool.deposit(&borrower, 10_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &borrower);
    let swap = pool.swap_in(&borrower, Side::A, FIRST_A / 10, 1);
    pool.run(swap, &borrower);
    let defer = pool.withdraw_deferring(&borrower, 1_000_000, (0, 0), 2);
    pool.run(defer, &borrower);
    let until = pool.world.now() + DAY;
    let (timed, forever) = (pool.lock_of(&borrower, 0), pool.lock_of(&borrower, 1));
    let locks = [
        pool.lock(&borrower, 0, 1_000_000, until),
        pool.lock(&borrower, 1, 1_000_000, FOREVER_TS),
    ];
    pool.run_all(&locks, &[&borrower.key]);
    let swap = pool.swap_in(&borrower, Side::A, FIRST_A / 10, 1);
    pool.run(swap, &borrower);
    pool.world.warp_seconds(DAY);
    let treasury = pool.treasury_accounts();
    let between = [
        ("deposit", pool.deposit(&borrower, 1_000, u64::MAX, u64::MAX)),
        ("withdraw", pool.withdraw(&borrower, 1_000, 0, 0)),
        ("swap_exact_in", pool.swap_in(&borrower, Side::A, 1_000_000, 1)),
        ("swap_exact_out", pool.swap_out(&borrower, Side::A, 1_000_000, u64::MAX)),
        ("collect_protocol_fees", pool.collect(treasury, 3)),
        ("lock_liquidity", pool.lock(&borrower, 2, 1_000, FOREVER_TS)),
        ("unlock_liquidity", pool.unlock(&borrower, &timed, 1_000)),
        ("claim_lock_fees", pool.claim_lock_fees(&borrower, &forever)),
        ("transfer_lock", pool.transfer_lock(&borrower, &timed, borrower.a)),
        ("claim_deferred", pool.claim_deferred(&borrower, Side::A, borrower.a)),
        ("sync_mint_risk", pool.sync_mint_risk()),
    ];
    for (name, instruction) in between {
        let all = [
            pool.flash_borrow(&borrower, LENT_A, LENT_B),
            instruction.clone(),
            pool.flash_repay(&borrower),
        ];
        println!("{name}");
        refuses_all(&mut pool, &all, &borrower, PoolError::FlashLoanActive);
        // alone, and around a loan, it works
        let all = [
            pool.flash_borrow(&borrower, LENT_A, LENT_B),
            pool.flash_repay(&borrower),
            instruction,
        ];
        pool.run_all(&all, &[&borrower.key]);
    }
}

#[test]
fn mints_that_keep_transfer_fees_are_not_lent() {
    let hundredth = MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: u64::MAX,
    };
    for is_a in [true, false] {
        let mut pool = Ground::mixed(0, &[hundredth], is_a).open(FIRST_A, FIRST_A);
        let creator = pool.creator.clone();
        for (a, b) in [(1_000, 0), (0, 1_000)] {
            let all = [pool.flash_borrow(&creator, a, b), pool.flash_repay(&creator)];
            refuses_all(&mut pool, &all, &creator, PoolError::FlashMintHasTransferFee);
        }
    }
}

#[test]
fn tokens_of_token_2022_are_lent_and_the_missing_program_is_named() {
    let mut pool = Ground::mixed(0, &[], false).open(FIRST_A, FIRST_A);
    let creator = pool.creator.clone();
    pool.run_around(&creator, (1_000, 1_000), &[]);
    let mut borrow = pool.flash_borrow(&creator, 1_000, 1_000);
    let mut repay = pool.flash_repay(&creator);
    borrow.accounts.pop();
    let all = [borrow, repay.clone()];
    refuses_all(&mut pool, &all, &creator, PoolError::TokenProgramMissing);
    repay.accounts.pop();
    let all = [pool.flash_borrow(&creator, 1_000, 1_000), repay];
    refuses_all(&mut pool, &all, &creator, PoolError::TokenProgramMissing);
}

#[test]
fn only_its_own_pause_bit_stops_lending() {
    let (mut pool, borrower) = stage();
    pool.pause(8);
    let all = [pool.flash_borrow(&borrower, 1_000, 0), pool.flash_repay(&borrower)];
    refuses_all(&mut pool, &all, &borrower, PoolError::Paused);
    pool.pause(7);
    pool.run_around(&borrower, (1_000, 0), &[]);
}

#[test]
fn the_rate_is_the_configs() {
    let (mut pool, borrower) = stage();
    pool.update(ConfigUpdate {
        flash_fee_ppm: Some(0),
        ..ConfigUpdate::default()
    });
    let reserves = pool.reserves();
    pool.run_around(&borrower, (LENT_A, LENT_B), &[]);
    assert_eq!(pool.reserves(), reserves);
}

#[test]
fn another_account_in_the_sysvars_place_is_refused() {
    let (mut pool, borrower) = stage();
    // the very bytes of a transaction that repays, at an address of the borrower's
    let elsewhere = pool.world.keypair("sysvar").pubkey();
    let like = pool.world.raw(&pool.at.vault_a.0);
    pool.world.set_raw(elsewhere, like);
    let mut borrow = pool.flash_borrow(&borrower, LENT_A, 0);
    borrow.accounts[9].pubkey = elsewhere;
    let all = [borrow, pool.flash_repay(&borrower)];
    pool.world.all_fail_with(&all, &[&borrower.key], ANCHOR_WRONG_ADDRESS);
}

#[test]
fn accounts_of_another_pool_are_refused() {
    let (mut pool, second) = two_pools();
    let borrower = pool.holder("borrower", FIRST_A, FIRST_B);
    for (index, address, expected) in [
        (2, pool.world.keypair("config payer").pubkey(), None),
        (3, second.vault_a.0, Some(code(PoolError::VaultMismatch))),
        (4, second.vault_b.0, Some(code(PoolError::VaultMismatch))),
        (7, second.lp_mint.0, Some(code(PoolError::MintMismatch))),
        (8, second.lp_mint.0, Some(code(PoolError::MintMismatch))),
        (10, ids::TOKEN_2022, Some(ANCHOR_WRONG_ADDRESS)),
    ] {
        let mut borrow = pool.flash_borrow(&borrower, LENT_A, LENT_B);
        borrow.accounts[index].pubkey = address;
        let all = [borrow, pool.flash_repay(&borrower)];
        match expected {
            Some(expected) => pool.world.all_fail_with(&all, &[&borrower.key], expected),
            None => pool
                .world
                .all_fail_with(&all, &[&borrower.key], Failure::from(InstructionError::IllegalOwner)),
        }
    }
    let mut borrow = pool.flash_borrow(&borrower, LENT_A, LENT_B);
    borrow.accounts[6].pubkey = borrower.a;
    let all = [borrow, pool.flash_repay(&borrower)];
    pool.world.all_fail_with(&all, &[&borrower.key], ANCHOR_DUPLICATE);
}

#[test]
fn the_borrower_signs() {
    let (mut pool, borrower) = stage();
    let repayer = pool.holder("repayer", FIRST_A, FIRST_B);
    let mut borrow = pool.flash_borrow(&borrower, LENT_A, 0);
    borrow.accounts[0] = AccountMeta::new_readonly(borrower.key.pubkey(), false);
    let all = [borrow, pool.flash_repay(&repayer)];
    pool.world
        .all_fail_with(&all, &[&repayer.key], InstructionError::MissingRequiredSignature);
}

#[test]
fn the_listed_accounts_are_as_many_as_introspection_asks_for() {
    let (pool, borrower) = stage();
    assert_eq!(
        pool.flash_repay(&borrower).accounts.len(),
        liquidity_pool::constants::FLASH_ACCOUNTS
    );
    assert_eq!(
        pool.flash_repay(&borrower).accounts[liquidity_pool::constants::FLASH_POOL].pubkey,
        pool.at.pool.0
    );
}
