//! Another program calls the pool: `tests/programs/pool-caller`, the worked example of the integration guide.

use {
    super::expect::{
        bought, fee, share_ceil, share_floor, transfer_fee, TOKEN_FROZEN, TOKEN_INSUFFICIENT_FUNDS,
        TOKEN_OWNER_MISMATCH,
    },
    anchor_lang::{InstructionData, ToAccountMetas},
    commonweal_tests::{
        fixtures::pool::{
            assert_invariants, code, full_terms, Ground, Holder, PoolWorld, ShareValue, FEE_PPM, FIRST_A, FIRST_B,
            NEVER_TS, PROTOCOL_SHARE_PPM,
        },
        world::{program_bytes, Failure, Mint, MintExtension, Receipt},
    },
    liquidity_pool::{
        constants::INSTRUCTIONS_SYSVAR,
        errors::PoolError,
        instruction::{FlashBorrow, FlashRepay},
        state::{Claim, ConfigUpdate, Side},
    },
    solana_address::Address,
    solana_instruction::{error::InstructionError, AccountMeta, Instruction},
    solana_signer::Signer,
};

/// First bytes of the caller's instructions.
const SWAP: u8 = 0;
const DEPOSIT: u8 = 2;
const WITHDRAW: u8 = 4;
const FORWARD: u8 = 6;
const LEAN: u8 = 7;

/// What a desk holds: its accounts of token A, token B and shares.
struct Desk {
    /// As a holder whose key is the owner's.
    holder: Holder,
    address: Address,
}

fn with_caller(ground: Ground, a_atoms: u64, b_atoms: u64) -> PoolWorld {
    let mut pool = ground.open(a_atoms, b_atoms);
    pool.world
        .svm
        .add_program(pool_caller::ID, &program_bytes("pool_caller"))
        .unwrap();
    pool
}

fn desk(pool: &mut PoolWorld, owner: &str, a_atoms: u64, b_atoms: u64) -> Desk {
    let key = pool.world.actor(owner);
    let address = Address::find_program_address(&[pool_caller::DESK, key.pubkey().as_ref()], &pool_caller::ID).0;
    let (mint_a, mint_b) = (pool.mint_a.clone(), pool.mint_b.clone());
    let lp_mint = Mint::of_token(pool.at.lp_mint.0, 9);
    Desk {
        holder: Holder {
            key,
            a: pool.world.funded(&mint_a, &address, a_atoms),
            b: pool.world.funded(&mint_b, &address, b_atoms),
            lp: pool.world.token_account_named(&lp_mint, &address, "the desk's shares"),
        },
        address,
    }
}

/// The caller's instruction around the pool's: the pool's first account is who acts, the rest goes on as it is.
fn through(pools: Instruction, kind: u8, desk: Option<&Desk>) -> Instruction {
    let who = pools.accounts[0].pubkey;
    let mut accounts = match desk {
        None => vec![AccountMeta::new_readonly(who, true)],
        Some(desk) => vec![
            AccountMeta::new_readonly(who, true),
            AccountMeta::new_readonly(desk.address, false),
        ],
    };
    accounts.push(AccountMeta::new_readonly(liquidity_pool::ID, false));
    accounts.extend_from_slice(&pools.accounts[1..]);
    let mut data = pools.data.clone();
    data[0] = kind + u8::from(desk.is_some());
    Instruction {
        program_id: pool_caller::ID,
        accounts,
        data,
    }
}

fn swap(pool: &PoolWorld, who: &Holder, desk: Option<&Desk>, input: Side, input_atoms: u64, min: u64) -> Instruction {
    through(pool.swap_in(who, input, input_atoms, min), SWAP, desk)
}

fn deposit(pool: &PoolWorld, who: &Holder, desk: Option<&Desk>, lp_atoms: u64, max: u64) -> Instruction {
    through(pool.deposit(who, lp_atoms, max, max), DEPOSIT, desk)
}

/// The caller's withdrawal names the config, as its deposit does.
fn withdraw(pool: &PoolWorld, who: &Holder, desk: Option<&Desk>, lp_atoms: u64, min: u64) -> Instruction {
    let mut pools = pool.withdraw(who, lp_atoms, min, min);
    pools.accounts.insert(2, AccountMeta::new_readonly(pool.config, false));
    through(pools, WITHDRAW, desk)
}

/// Any instruction of the pool, called by the other program with the accounts and bytes it has.
fn forward(pools: Instruction) -> Instruction {
    let mut data = vec![FORWARD];
    data.extend(u32::try_from(pools.data.len()).unwrap().to_le_bytes());
    data.extend(pools.data);
    let mut accounts = vec![AccountMeta::new_readonly(liquidity_pool::ID, false)];
    accounts.extend(pools.accounts);
    Instruction {
        program_id: pool_caller::ID,
        accounts,
        data,
    }
}

fn run(pool: &mut PoolWorld, instruction: Instruction, who: &Holder) -> Receipt {
    let before = ShareValue::of(&pool.world, &pool.at);
    let receipt = pool.world.succeeds(instruction, &[&who.key]);
    assert_invariants(&pool.world, &pool.at.pool.0);
    before.assert_kept(&ShareValue::of(&pool.world, &pool.at));
    receipt
}

fn returned(receipt: &Receipt) -> u64 {
    u64::from_le_bytes(receipt.return_data.clone().try_into().unwrap())
}

/// Pools of every mixture of token programs: (name, ground).
fn mixtures() -> Vec<(&'static str, Ground)> {
    vec![
        ("both SPL Token", Ground::new(0)),
        ("both Token-2022", Ground::both_2022(0, &[])),
        (
            "A of Token-2022",
            Ground::mixed(0, &[MintExtension::MetadataPointer], true),
        ),
        ("B of Token-2022", Ground::mixed(0, &[], false)),
    ]
}

#[test]
fn a_program_swaps_for_a_user_and_for_its_own_address_with_either_token_program() {
    for (name, ground) in mixtures() {
        let mut pool = with_caller(ground, FIRST_A, FIRST_B);
        let user = pool.holder("user", 10_000_000, FIRST_B);
        let desk = desk(&mut pool, "owner", 10_000_000, FIRST_B);
        for (who, of_desk) in [(user.clone(), None), (desk.holder.clone(), Some(&desk))] {
            for input in [Side::A, Side::B] {
                let (a, b) = pool.reserves();
                let (x, y) = if input == Side::A { (a, b) } else { (b, a) };
                // B is worth two million times less
                let sold = if input == Side::A { 1_000_000 } else { 1_000_000_000_000 };
                let (lp, protocol) = fee(sold, FEE_PPM, PROTOCOL_SHARE_PPM);
                let expected = bought(sold - lp - protocol, x, y);
                let before = pool.balances(&who);
                let instruction = swap(&pool, &who, of_desk, input, sold, expected);
                let receipt = run(&mut pool, instruction, &who);
                let after = pool.balances(&who);
                let (paid, got) = match input {
                    Side::A => (before.0 - after.0, after.1 - before.1),
                    Side::B => (before.1 - after.1, after.0 - before.0),
                };
                assert_eq!((paid, got), (sold, expected), "{name}, {input:?}");
                assert_eq!(returned(&receipt), expected, "{name}: what the caller measured");
            }
        }
    }
}

#[test]
fn a_program_deposits_and_withdraws_for_a_user_and_for_its_own_address_with_either_token_program() {
    for (name, ground) in mixtures() {
        let mut pool = with_caller(ground, FIRST_A, FIRST_B);
        let user = pool.holder("user", FIRST_A, FIRST_B);
        let desk = desk(&mut pool, "owner", FIRST_A, FIRST_B);
        for (who, of_desk) in [(user.clone(), None), (desk.holder.clone(), Some(&desk))] {
            let (x, y) = pool.reserves();
            let all = pool.pool().lp_supply_atoms.get() + 1_000;
            let instruction = deposit(&pool, &who, of_desk, 777_777_777, u64::MAX);
            run(&mut pool, instruction, &who);
            let paid = (share_ceil(x, 777_777_777, all), share_ceil(y, 777_777_777, all));
            assert_eq!(
                pool.balances(&who),
                (FIRST_A - paid.0, FIRST_B - paid.1, 777_777_777),
                "{name}"
            );
            let (x, y) = pool.reserves();
            let all = all + 777_777_777;
            let instruction = withdraw(&pool, &who, of_desk, 777_777_777, 1);
            run(&mut pool, instruction, &who);
            let got = (share_floor(x, 777_777_777, all), share_floor(y, 777_777_777, all));
            assert_eq!(
                pool.balances(&who),
                (FIRST_A - paid.0 + got.0, FIRST_B - paid.1 + got.1, 0),
                "{name}"
            );
        }
    }
}

#[test]
fn a_program_learns_what_arrived_when_the_mints_keep_a_fee() {
    let extension = MintExtension::TransferFee {
        basis_points: 300,
        maximum_atoms: u64::MAX,
    };
    let mut pool = with_caller(Ground::both_2022(0, &[extension]), 1_000_000_000, 3_000_000_000);
    let user = pool.holder("user", 10_000_000, 0);
    let net = |atoms| atoms - transfer_fee(atoms, 300, u64::MAX);
    let (x, y) = pool.reserves();
    let (lp, protocol) = fee(net(5_000_000), FEE_PPM, PROTOCOL_SHARE_PPM);
    let expected = net(bought(net(5_000_000) - lp - protocol, x, y));
    let greedy = swap(&pool, &user, None, Side::A, 5_000_000, expected + 1);
    refuses(&mut pool, greedy, &user, code(PoolError::SlippageExceeded));
    let instruction = swap(&pool, &user, None, Side::A, 5_000_000, expected);
    let receipt = run(&mut pool, instruction, &user);
    assert_eq!((returned(&receipt), pool.balances(&user).1), (expected, expected));
}

#[track_caller]
fn refuses(pool: &mut PoolWorld, instruction: Instruction, who: &Holder, expected: impl Into<Failure>) {
    let key = who.key.insecure_clone();
    pool.world.fails_with(instruction, &[&key], expected);
}

#[test]
fn errors_of_the_pool_and_of_the_token_programs_come_through_with_their_codes() {
    let mut pool = with_caller(Ground::mixed(0, &[], true), FIRST_A, FIRST_B);
    let user = pool.holder("user", 1_000_000, 1_000_000);
    let desk = desk(&mut pool, "owner", 1_000_000, 1_000_000);
    for (who, of_desk) in [(user.clone(), None), (desk.holder.clone(), Some(&desk))] {
        let late = through(
            pool.swap_in_before(&who, Side::A, 1_000, 0, pool.world.now() - 1),
            SWAP,
            of_desk,
        );
        refuses(&mut pool, late, &who, code(PoolError::DeadlineExpired));
        let greedy = swap(&pool, &who, of_desk, Side::A, 1_000, u64::MAX);
        refuses(&mut pool, greedy, &who, code(PoolError::SlippageExceeded));
        let rich = swap(&pool, &who, of_desk, Side::A, 1_000_001, 0);
        refuses(&mut pool, rich, &who, TOKEN_INSUFFICIENT_FUNDS);
        let mut alone = swap(&pool, &who, of_desk, Side::A, 1_000, 0);
        alone.accounts.pop();
        refuses(&mut pool, alone, &who, code(PoolError::TokenProgramMissing));
        let nothing = deposit(&pool, &who, of_desk, 0, u64::MAX);
        refuses(&mut pool, nothing, &who, code(PoolError::ZeroAmount));
        let dear = deposit(&pool, &who, of_desk, 1_000_000_000, 1);
        refuses(&mut pool, dear, &who, code(PoolError::SlippageExceeded));
    }
}

#[test]
fn a_paused_pool_pays_withdrawals_that_come_through_a_program() {
    let mut pool = with_caller(Ground::new(0), FIRST_A, FIRST_B);
    let desk = desk(&mut pool, "owner", FIRST_A, FIRST_B);
    let who = desk.holder.clone();
    let enter = deposit(&pool, &who, Some(&desk), 1_000_000, u64::MAX);
    run(&mut pool, enter, &who);
    pool.update(ConfigUpdate {
        pause_bits: Some(7),
        ..ConfigUpdate::default()
    });
    let enter = deposit(&pool, &who, Some(&desk), 1_000_000, u64::MAX);
    refuses(&mut pool, enter, &who, code(PoolError::Paused));
    let trade = swap(&pool, &who, Some(&desk), Side::A, 1_000, 0);
    refuses(&mut pool, trade, &who, code(PoolError::Paused));
    let leave = withdraw(&pool, &who, Some(&desk), 1_000_000, 0);
    run(&mut pool, leave, &who);
}

/// The pool's `withdraw` of both legs but A, through the caller: what follows the listed accounts is the claim, the system
/// program, and once more who pays for the claim, writable, since Anchor's struct hands the provider on as read-only.
fn withdraw_without_a(pool: &PoolWorld, who: &Holder, desk: Option<&Desk>, lp_atoms: u64) -> (Instruction, Address) {
    let provider = desk.map_or(who.key.pubkey(), |desk| desk.address);
    let (pool_address, mint) = (pool.at.pool.0, pool.mint_a.address);
    let seeds: [&[u8]; 4] = [b"claim", pool_address.as_ref(), provider.as_ref(), mint.as_ref()];
    let claim = Address::find_program_address(&seeds, &liquidity_pool::ID).0;
    let mut pools = pool.withdraw_before(who, lp_atoms, 1, 1, NEVER_TS, 2);
    pools.accounts.insert(2, AccountMeta::new_readonly(pool.config, false));
    let mut instruction = through(pools, WITHDRAW, desk);
    instruction.accounts.extend([
        AccountMeta::new(claim, false),
        AccountMeta::new_readonly(commonweal_interface::ids::SYSTEM, false),
        AccountMeta::new(provider, desk.is_none()),
    ]);
    (instruction, claim)
}

#[test]
fn a_program_leaves_a_pool_whose_vault_is_frozen_with_the_other_leg_and_a_claim() {
    for is_desk in [false, true] {
        let mut pool = with_caller(Ground::new(0), FIRST_A, FIRST_B);
        let owned = desk(&mut pool, "owner", FIRST_A, FIRST_B);
        let user = pool.holder("user", FIRST_A, FIRST_B);
        let (who, of_desk) = if is_desk {
            (owned.holder.clone(), Some(&owned))
        } else {
            (user, None)
        };
        // a desk pays for its claim as anybody does
        pool.world.airdrop(&owned.address, 10_000_000);
        let enter = deposit(&pool, &who, of_desk, 777_777_777, u64::MAX);
        run(&mut pool, enter, &who);
        let (mint, vault) = (pool.mint_a.clone(), pool.at.vault_a.0);
        pool.world.freeze(&mint, &vault);
        let both = withdraw(&pool, &who, of_desk, 777_777_777, 1);
        refuses(&mut pool, both, &who, TOKEN_FROZEN);
        let (x, y) = pool.reserves();
        let all = pool.pool().lp_supply_atoms.get() + 1_000;
        let before = pool.balances(&who);
        let (leave, claim) = withdraw_without_a(&pool, &who, of_desk, 777_777_777);
        let mut unpaid = leave.clone();
        unpaid.accounts.pop();
        assert!(
            pool.world.send(&[unpaid], &[&who.key]).failure().is_some(),
            "nobody could pay for the claim"
        );
        run(&mut pool, leave, &who);
        let (a, b) = (share_floor(x, 777_777_777, all), share_floor(y, 777_777_777, all));
        assert_eq!(pool.balances(&who), (before.0, before.1 + b, 0));
        assert_eq!(pool.pool().deferred_a_atoms.get(), a);
        let held: Claim = pool.world.state(&claim);
        let provider = of_desk.map_or(who.key.pubkey(), |desk| desk.address);
        assert_eq!((held.owner, held.mint, held.atoms.get()), (provider, mint.address, a));
    }
}

/// `flash_borrow` (12, with amounts) or `flash_repay` (13) of a borrower.
fn flash(pool: &PoolWorld, who: &Holder, data: &impl InstructionData) -> Instruction {
    let accounts = liquidity_pool::accounts::FlashLoan {
        borrower: who.key.pubkey(),
        pool: pool.at.pool.0,
        config: pool.config,
        vault_a: pool.at.vault_a.0,
        vault_b: pool.at.vault_b.0,
        borrower_a: who.a,
        borrower_b: who.b,
        mint_a: pool.mint_a.address,
        mint_b: pool.mint_b.address,
        instructions: INSTRUCTIONS_SYSVAR,
        token_program: commonweal_interface::ids::TOKEN,
    };
    let metas = accounts.to_account_metas(None).into_iter();
    Instruction {
        program_id: liquidity_pool::ID,
        accounts: metas
            .map(|meta| AccountMeta {
                pubkey: meta.pubkey,
                is_signer: meta.is_signer,
                is_writable: meta.is_writable,
            })
            .collect(),
        data: data.data(),
    }
}

#[test]
fn no_program_borrows_or_repays_and_during_a_loan_none_trades() {
    let mut pool = with_caller(Ground::under(0, full_terms), FIRST_A, FIRST_B);
    let user = pool.holder("user", 10_000_000, FIRST_B);
    let enter = deposit(&pool, &user, None, 1_000_000, u64::MAX);
    run(&mut pool, enter, &user);
    let borrow = flash(
        &pool,
        &user,
        &FlashBorrow {
            a_atoms: 1_000_000,
            b_atoms: 0,
        },
    );
    let repay = flash(&pool, &user, &FlashRepay {});
    let key = user.key.insecure_clone();
    // the loan itself is fine, so that what follows fails for its own reason
    pool.world.all_succeed(&[borrow.clone(), repay.clone()], &[&key]);
    assert_invariants(&pool.world, &pool.at.pool.0);
    let hidden = [
        (vec![forward(borrow.clone()), repay.clone()], PoolError::TopLevelOnly),
        (
            vec![forward(borrow.clone()), forward(repay.clone())],
            PoolError::TopLevelOnly,
        ),
        // a repayment inside another program is none: the loan is refused before anything leaves
        (
            vec![borrow.clone(), forward(repay.clone())],
            PoolError::FlashRepayMissing,
        ),
        // and beside a proper one it is refused as it comes
        (
            vec![borrow.clone(), forward(repay.clone()), repay.clone()],
            PoolError::TopLevelOnly,
        ),
        // a loan hidden behind a proper one
        (
            vec![borrow.clone(), forward(borrow.clone()), repay.clone()],
            PoolError::TopLevelOnly,
        ),
    ];
    for (instructions, error) in hidden {
        pool.world.all_fail_with(&instructions, &[&key], code(error));
    }
    let meanwhile = [
        swap(&pool, &user, None, Side::A, 1_000_000, 1),
        through(pool.swap_in(&user, Side::A, 1_000_000, 1), LEAN, None),
        forward(pool.swap_out(&user, Side::A, 1_000_000, u64::MAX)),
        deposit(&pool, &user, None, 1_000_000, u64::MAX),
        withdraw(&pool, &user, None, 1_000_000, 1),
        forward(pool.sync_mint_risk()),
    ];
    for instruction in meanwhile {
        let between = [borrow.clone(), instruction.clone(), repay.clone()];
        pool.world
            .all_fail_with(&between, &[&key], code(PoolError::FlashLoanActive));
        // before the loan and after the repayment it may
        pool.world
            .all_succeed(&[instruction.clone(), borrow.clone(), repay.clone()], &[&key]);
        assert_invariants(&pool.world, &pool.at.pool.0);
    }
    // the withdrawal took the shares
    let enter = deposit(&pool, &user, None, 1_000_000, u64::MAX);
    pool.world.all_succeed(&[borrow, repay, enter], &[&key]);
}

#[test]
fn nobody_but_its_owner_moves_a_desk_and_no_other_program_is_called_in_the_pools_place() {
    let mut pool = with_caller(Ground::new(0), FIRST_A, FIRST_B);
    let desk = desk(&mut pool, "owner", FIRST_A, FIRST_B);
    let thief = pool.holder("thief", 0, 0);
    // the thief's own desk with the owner's accounts
    let mut steal = swap(&pool, &desk.holder, Some(&desk), Side::A, 1_000, 0);
    steal.accounts[0].pubkey = thief.key.pubkey();
    steal.accounts[1].pubkey =
        Address::find_program_address(&[pool_caller::DESK, thief.key.pubkey().as_ref()], &pool_caller::ID).0;
    refuses(&mut pool, steal.clone(), &thief, TOKEN_OWNER_MISMATCH);
    // the owner's desk signed for by the thief
    steal.accounts[1].pubkey = desk.address;
    refuses(&mut pool, steal, &thief, InstructionError::InvalidSeeds);
    // the owner does not sign
    let mut unsigned = swap(&pool, &desk.holder, Some(&desk), Side::A, 1_000, 0);
    unsigned.accounts[0].is_signer = false;
    pool.world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let mut other = swap(&pool, &desk.holder, Some(&desk), Side::A, 1_000, 0);
    other.accounts[2].pubkey = quadratic_governance::ID;
    refuses(
        &mut pool,
        other,
        &desk.holder.clone(),
        super::expect::ANCHOR_WRONG_ADDRESS,
    );
}

#[test]
fn the_pool_takes_the_same_bytes_from_a_program_as_from_a_wallet() {
    let mut pool = with_caller(Ground::new(0), FIRST_A, FIRST_B);
    let user = pool.holder("user", 10_000_000, 0);
    let mut direct = pool.swap_in(&user, Side::A, 1_000_000, 1);
    direct.data[17..25].copy_from_slice(&NEVER_TS.to_le_bytes());
    let instruction = forward(direct.clone());
    let called = run(&mut pool, instruction, &user);
    let sent = run(&mut pool, direct, &user);
    let typed = swap(&pool, &user, None, Side::A, 1_000_000, 1);
    let typed = run(&mut pool, typed, &user);
    let lean = through(pool.swap_in(&user, Side::A, 1_000_000, 1), LEAN, None);
    let lean = run(&mut pool, lean, &user);
    // what a call costs above the swap itself; the guide names the figures
    println!(
        "swap {} CU, forwarded {}, through the typed interface {}, from the stack {}",
        sent.compute_units, called.compute_units, typed.compute_units, lean.compute_units
    );
    assert!(lean.compute_units < sent.compute_units + 4_000);
    assert!(typed.compute_units < sent.compute_units + 14_000);
    assert!(called.compute_units < sent.compute_units + 22_000);
}
