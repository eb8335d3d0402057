use {
    super::expect::{
        share_floor, transfer_fee, ANCHOR_NOT_WRITABLE, ANCHOR_WRONG_ADDRESS, TOKEN_FROZEN, TOKEN_INSUFFICIENT_FUNDS,
        TOKEN_OWNER_MISMATCH,
    },
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{code, Ground, Holder, PoolWorld, FIRST_A, FIRST_B, NEVER_TS},
        world::{MintExtension, World},
    },
    liquidity_pool::{errors::PoolError, events::Withdrawn, state::Side},
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

/// A pool, and a provider with a million shares and no other tokens.
fn stage() -> (PoolWorld, Holder) {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", 0, 0);
    give_shares(&mut pool, &provider, 1_000_000);
    (pool, provider)
}

fn give_shares(pool: &mut PoolWorld, to: &Holder, amount: u64) {
    let creator = pool.creator.clone();
    let transfer = spl_token_2022_interface::instruction::transfer_checked(
        &ids::TOKEN,
        &creator.lp,
        &pool.at.lp_mint.0,
        &to.lp,
        &creator.key.pubkey(),
        &[],
        amount,
        9,
    )
    .unwrap();
    pool.world.succeeds(transfer, &[&creator.key]);
}

#[test]
fn a_withdrawal_pays_the_shares_part_rounded_down() {
    let (mut pool, provider) = stage();
    let (x, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    let (a, b) = (share_floor(x, 777_777, all), share_floor(y, 777_777, all));
    let withdraw = pool.withdraw(&provider, 777_777, a, b);
    let receipt = pool.run(withdraw, &provider);
    assert_eq!(pool.balances(&provider), (a, b, 222_223));
    assert_eq!(pool.reserves(), (x - a, y - b));
    assert_eq!(pool.vaults(), (x - a, y - b));
    let event = &receipt.events::<Withdrawn>()[0];
    assert_eq!(
        (
            event.sequence,
            event.lp_atoms,
            event.received_a_atoms,
            event.received_b_atoms
        ),
        (2, 777_777, a, b)
    );
    assert_eq!(
        (event.reserve_a_atoms, event.lp_supply_atoms),
        (x - a, all - 1_000 - 777_777)
    );
}

#[test]
fn nothing_pauses_a_withdrawal() {
    let (mut pool, provider) = stage();
    pool.pause(7);
    let withdraw = pool.withdraw(&provider, 1_000_000, 0, 0);
    assert!(
        withdraw.accounts.iter().all(|meta| meta.pubkey != pool.config),
        "the config takes no part"
    );
    pool.run(withdraw, &provider);
    let creator = pool.creator.clone();
    let rest = pool.withdraw(&creator, pool.world.tokens(&creator.lp), 0, 0);
    pool.run(rest, &creator);
    assert_eq!(pool.world.supply(&pool.at.lp_mint.0), 0);
}

#[test]
fn one_atom_more_than_the_part_of_either_token_is_slippage() {
    let (mut pool, provider) = stage();
    let (x, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    let (a, b) = (share_floor(x, 1_000_000, all), share_floor(y, 1_000_000, all));
    let short_a = pool.withdraw(&provider, 1_000_000, a + 1, b);
    let short_b = pool.withdraw(&provider, 1_000_000, a, b + 1);
    pool.refuses(short_a, &provider, PoolError::SlippageExceeded);
    pool.refuses(short_b, &provider, PoolError::SlippageExceeded);
}

#[test]
fn zero_shares_an_expired_deadline_and_unknown_legs_are_refused() {
    let (mut pool, provider) = stage();
    let now = pool.world.now();
    let zero = pool.withdraw(&provider, 0, 0, 0);
    pool.refuses(zero, &provider, PoolError::ZeroAmount);
    let late = pool.withdraw_before(&provider, 1_000, 0, 0, now - 1, 3);
    pool.refuses(late, &provider, PoolError::DeadlineExpired);
    for legs in [4, 7, 255] {
        let withdraw = pool.withdraw_before(&provider, 1_000, 0, 0, NEVER_TS, legs);
        pool.refuses(withdraw, &provider, PoolError::UnknownLegs);
    }
}

#[test]
fn more_shares_than_one_holds_are_refused_by_the_token_program() {
    let (mut pool, provider) = stage();
    let key = provider.key.insecure_clone();
    let withdraw = pool.withdraw(&provider, 1_000_001, 0, 0);
    pool.world.fails_with(withdraw, &[&key], TOKEN_INSUFFICIENT_FUNDS);
    let beyond_supply = pool.withdraw(&provider, u64::MAX, 0, 0);
    pool.refuses(beyond_supply, &provider, PoolError::Overflow);
}

#[test]
fn somebody_elses_shares_are_refused_by_the_token_program() {
    let (mut pool, provider) = stage();
    let key = provider.key.insecure_clone();
    let mut theft = pool.withdraw(&provider, 1_000, 0, 0);
    theft.accounts[7].pubkey = pool.creator.lp;
    pool.world.fails_with(theft, &[&key], TOKEN_OWNER_MISMATCH);
}

#[test]
fn accounts_of_another_pool_are_refused() {
    let (mut pool, provider) = stage();
    let key = provider.key.insecure_clone();
    let elsewhere = pool.world.keypair("elsewhere").pubkey();
    for (index, like, expected) in [
        (2, pool.at.lp_mint.0, ANCHOR_WRONG_ADDRESS),
        (3, pool.at.vault_a.0, code(PoolError::VaultMismatch)),
        (4, pool.at.vault_b.0, code(PoolError::VaultMismatch)),
        (8, pool.mint_a.address, code(PoolError::MintMismatch)),
        (9, pool.mint_b.address, code(PoolError::MintMismatch)),
    ] {
        let raw = pool.world.raw(&like);
        pool.world.set_raw(elsewhere, raw);
        let mut withdraw = pool.withdraw(&provider, 1_000, 0, 0);
        withdraw.accounts[index].pubkey = elsewhere;
        pool.world.fails_with(withdraw, &[&key], expected);
    }
    let mut withdraw = pool.withdraw(&provider, 1_000, 0, 0);
    withdraw.accounts[10].pubkey = ids::TOKEN_2022;
    pool.world.fails_with(withdraw, &[&key], ANCHOR_WRONG_ADDRESS);
}

#[test]
fn an_unsigned_withdrawal_and_a_read_only_pool_are_refused() {
    let (mut pool, provider) = stage();
    let key = provider.key.insecure_clone();
    let mut unsigned = pool.withdraw(&provider, 1_000, 0, 0);
    unsigned.accounts[0].is_signer = false;
    pool.world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let mut read_only = pool.withdraw(&provider, 1_000, 0, 0);
    read_only.accounts[1].is_writable = false;
    pool.world.fails_with(read_only, &[&key], ANCHOR_NOT_WRITABLE);
}

#[test]
fn a_frozen_destination_is_refused_by_the_token_program_and_another_one_is_paid() {
    let (mut pool, provider) = stage();
    let key = provider.key.insecure_clone();
    let mint = pool.mint_a.clone();
    pool.world.freeze(&mint, &provider.a);
    let frozen = pool.withdraw(&provider, 1_000_000, 0, 0);
    pool.world.fails_with(frozen, &[&key], TOKEN_FROZEN);
    let other = pool.world.token_account_named(&mint, &key.pubkey(), "another account");
    let mut withdraw = pool.withdraw(&provider, 1_000_000, 0, 0);
    withdraw.accounts[5].pubkey = other;
    pool.run(withdraw, &provider);
    assert!(pool.world.tokens(&other) > 0);
}

#[test]
fn a_leg_that_rounds_to_nothing_is_not_paid_and_two_are_an_error() {
    // reserves of 1 and 4·10⁹ atoms cannot be opened directly: the pool is opened at 1,001 and traded down
    let mut pool = Ground::new(0).open(2_000, 4_000_000_000);
    let provider = pool.holder("provider", 0, 0);
    give_shares(&mut pool, &provider, 10);
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    let (x, y) = pool.reserves();
    assert_eq!(share_floor(x, 10, all), 0);
    let expected = share_floor(y, 10, all);
    assert!(expected > 0);
    let withdraw = pool.withdraw(&provider, 10, 0, 1);
    pool.run(withdraw, &provider);
    assert_eq!(pool.balances(&provider), (0, expected, 0));

    let mut pool = Ground::new(1).open(1_100, 1_100);
    let creator = pool.creator.clone();
    let trader = pool.holder("trader", 0, u64::MAX / 16);
    let drain = pool.swap_in(&trader, Side::B, 1_000_000_000, 1);
    pool.run(drain, &trader);
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    assert_eq!(share_floor(pool.reserves().0, 1, all), 0);
    let one_leg = pool.withdraw(&creator, 1, 0, 1);
    pool.run(one_leg, &creator);
}

#[test]
fn shares_too_few_for_an_atom_of_either_token_are_refused() {
    let world = World::new();
    let mut pool = with_supply_above_reserves(world);
    let creator = pool.creator.clone();
    let withdraw = pool.withdraw(&creator, 1, 0, 0);
    pool.refuses(withdraw, &creator, PoolError::NothingOut);
}

/// A pool whose shares are finer than its atoms: everybody but one share has left with most of the reserves.
fn with_supply_above_reserves(mut world: World) -> PoolWorld {
    let (a, b) = world.mint_pair("pair", (0, 0));
    let mut pool = Ground::with_mints(world, a, b).open(1_500, 1_500);
    // donations do not count, so the ratio is set by force: reserves of 3 atoms each for 1,500 shares
    let address = pool.at.pool.0;
    let mut raw = pool.world.raw(&address);
    raw.data[248..256].copy_from_slice(&3u64.to_le_bytes());
    raw.data[256..264].copy_from_slice(&3u64.to_le_bytes());
    pool.world.set_raw(address, raw);
    pool
}

#[test]
fn burn_then_withdraw_all() {
    let (mut pool, provider) = stage();
    let creator = pool.creator.clone();
    let lp = pool.at.lp_mint.0;
    let held = pool.world.tokens(&creator.lp);
    let burn =
        spl_token_2022_interface::instruction::burn(&ids::TOKEN, &creator.lp, &lp, &creator.key.pubkey(), &[], held)
            .unwrap();
    pool.world.succeeds(burn, &[&creator.key]);
    let (x, y) = pool.reserves();
    // what the creator burned belongs to the one provider left, and to the thousand shares of nobody
    let expected = (
        share_floor(x, 1_000_000, 1_001_000),
        share_floor(y, 1_000_000, 1_001_000),
    );
    let withdraw = pool.withdraw(&provider, 1_000_000, 0, 0);
    pool.run(withdraw, &provider);
    let (a, b, lp_left) = pool.balances(&provider);
    assert_eq!(((a, b), lp_left), (expected, 0));
    assert_eq!(pool.pool().lp_supply_atoms.get(), 0);
    let back = pool.holder("newcomer", FIRST_A, FIRST_B);
    let deposit = pool.deposit(&back, 5_000, u64::MAX, u64::MAX);
    pool.run(deposit, &back);
}

#[test]
fn when_everybody_has_left_a_thousand_shares_of_reserves_remain() {
    let mut pool = PoolWorld::new(0);
    let creator = pool.creator.clone();
    let (x, y) = pool.reserves();
    let held = pool.world.tokens(&creator.lp);
    let withdraw = pool.withdraw(&creator, held, 0, 0);
    pool.run(withdraw, &creator);
    let left = pool.reserves();
    assert_eq!(
        left,
        (
            x - share_floor(x, held, held + 1_000),
            y - share_floor(y, held, held + 1_000)
        )
    );
    assert!(left.0 >= 1 && left.1 >= 1);
    let again = pool.withdraw(&creator, 1, 0, 0);
    pool.refuses(again, &creator, PoolError::Overflow);
}

#[test]
fn minima_are_what_arrives_after_the_transfer_fee() {
    let fee = MintExtension::TransferFee {
        basis_points: 500,
        maximum_atoms: u64::MAX,
    };
    let mut pool = Ground::both_2022(0, &[fee]).open(1_000_000_000, 1_000_000_000);
    let creator = pool.creator.clone();
    let (x, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    let (a, b) = (share_floor(x, 10_000_000, all), share_floor(y, 10_000_000, all));
    let net = |amount| amount - transfer_fee(amount, 500, u64::MAX);
    let too_much = pool.withdraw(&creator, 10_000_000, net(a) + 1, 0);
    pool.refuses(too_much, &creator, PoolError::SlippageExceeded);
    let before = pool.balances(&creator);
    let withdraw = pool.withdraw(&creator, 10_000_000, net(a), net(b));
    pool.run(withdraw, &creator);
    let after = pool.balances(&creator);
    assert_eq!((after.0 - before.0, after.1 - before.1), (net(a), net(b)));
    assert_eq!(pool.reserves(), (x - a, y - b));
}

#[test]
fn the_missing_second_token_program_is_named() {
    let mut pool = Ground::mixed(0, &[], false).open(FIRST_A, FIRST_B);
    let creator = pool.creator.clone();
    let mut withdraw = pool.withdraw(&creator, 1_000_000, 0, 0);
    withdraw.accounts.pop();
    pool.refuses(withdraw, &creator, PoolError::TokenProgramMissing);
    let right = pool.withdraw(&creator, 1_000_000, 0, 0);
    pool.run(right, &creator);
}
