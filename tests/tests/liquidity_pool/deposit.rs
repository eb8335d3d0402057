use {
    super::expect::{
        share_ceil, transfer_fee, ANCHOR_NOT_WRITABLE, ANCHOR_WRONG_ADDRESS, TOKEN_FROZEN, TOKEN_INSUFFICIENT_FUNDS,
        TOKEN_MINT_MISMATCH, TOKEN_OWNER_MISMATCH,
    },
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{code, Ground, PoolWorld, FIRST_A, FIRST_B, NEVER_TS},
        world::MintExtension,
    },
    liquidity_pool::{errors::PoolError, events::Deposited, state::Side},
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

#[test]
fn a_deposit_mints_exactly_what_was_asked_for_and_rounds_its_price_up() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let (x, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    let (a, b) = (share_ceil(x, 777_777, all), share_ceil(y, 777_777, all));
    let deposit = pool.deposit(&provider, 777_777, a, b);
    let receipt = pool.run(deposit, &provider);
    assert_eq!(pool.balances(&provider), (FIRST_A - a, FIRST_B - b, 777_777));
    assert_eq!(pool.reserves(), (x + a, y + b));
    assert_eq!(pool.vaults(), (x + a, y + b));
    assert_eq!(pool.pool().lp_supply_atoms.get(), all - 1_000 + 777_777);
    let event = &receipt.events::<Deposited>()[0];
    assert_eq!(
        (event.sequence, event.lp_atoms, event.sent_a_atoms, event.sent_b_atoms),
        (2, 777_777, a, b)
    );
    assert_eq!(
        (event.reserve_a_atoms, event.reserve_b_atoms, event.lp_supply_atoms),
        (x + a, y + b, all - 1_000 + 777_777)
    );
    assert_eq!(event.provider, provider.key.pubkey());
}

#[test]
fn one_atom_less_than_the_price_of_either_token_is_slippage() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let (x, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    let (a, b) = (share_ceil(x, 1_000_000, all), share_ceil(y, 1_000_000, all));
    let short_a = pool.deposit(&provider, 1_000_000, a - 1, b);
    let short_b = pool.deposit(&provider, 1_000_000, a, b - 1);
    pool.refuses(short_a, &provider, PoolError::SlippageExceeded);
    pool.refuses(short_b, &provider, PoolError::SlippageExceeded);
}

#[test]
fn a_single_share_costs_at_least_an_atom_of_each() {
    let mut pool = Ground::new(0).open(2_000, 2_000);
    let provider = pool.holder("provider", 10, 10);
    let deposit = pool.deposit(&provider, 1, 10, 10);
    pool.run(deposit, &provider);
    assert_eq!(pool.balances(&provider), (9, 9, 1));
}

#[test]
fn zero_shares_an_expired_deadline_and_a_pause_are_refused() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let zero = pool.deposit(&provider, 0, u64::MAX, u64::MAX);
    pool.refuses(zero, &provider, PoolError::ZeroAmount);
    let now = pool.world.now();
    let late = pool.deposit_before(&provider, 1, u64::MAX, u64::MAX, now - 1);
    pool.refuses(late, &provider, PoolError::DeadlineExpired);
    pool.pause(2);
    let paused = pool.deposit(&provider, 1, u64::MAX, u64::MAX);
    pool.refuses(paused, &provider, PoolError::Paused);
    pool.pause(1 | 4);
    let open = pool.deposit_before(&provider, 1, u64::MAX, u64::MAX, now);
    pool.run(open, &provider);
}

#[test]
fn shares_beyond_the_range_are_refused() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let too_many = pool.deposit(&provider, u64::MAX, u64::MAX, u64::MAX);
    pool.refuses(too_many, &provider, PoolError::Overflow);
}

#[test]
fn more_than_the_provider_has_is_refused_by_the_token_program() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", 1, FIRST_B);
    let key = provider.key.insecure_clone();
    let deposit = pool.deposit(&provider, 1_000_000, u64::MAX, u64::MAX);
    pool.world.fails_with(deposit, &[&key], TOKEN_INSUFFICIENT_FUNDS);
}

#[test]
fn accounts_of_another_pool_are_refused() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let key = provider.key.insecure_clone();
    let elsewhere = pool.world.keypair("elsewhere").pubkey();
    let stand_in = |pool: &mut PoolWorld, from| {
        let raw = pool.world.raw(&from);
        pool.world.set_raw(elsewhere, raw);
    };
    let cases = [
        (2, pool.config, ANCHOR_WRONG_ADDRESS),
        (3, pool.at.lp_mint.0, ANCHOR_WRONG_ADDRESS),
        (4, pool.at.vault_a.0, code(PoolError::VaultMismatch)),
        (5, pool.at.vault_b.0, code(PoolError::VaultMismatch)),
        (9, pool.mint_a.address, code(PoolError::MintMismatch)),
        (10, pool.mint_b.address, code(PoolError::MintMismatch)),
    ];
    for (index, like, expected) in cases {
        stand_in(&mut pool, like);
        let mut deposit = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
        deposit.accounts[index].pubkey = elsewhere;
        pool.world.fails_with(deposit, &[&key], expected);
    }
    let mut deposit = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    deposit.accounts[11].pubkey = ids::TOKEN_2022;
    pool.world.fails_with(deposit, &[&key], ANCHOR_WRONG_ADDRESS);
}

#[test]
fn vaults_in_the_wrong_order_are_refused() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let mut deposit = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    deposit.accounts.swap(4, 5);
    pool.refuses(deposit, &provider, PoolError::VaultMismatch);
}

#[test]
fn tokens_swapped_between_the_two_sides_are_refused_by_the_token_program() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let key = provider.key.insecure_clone();
    let mut deposit = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    deposit.accounts.swap(6, 7);
    pool.world.fails_with(deposit, &[&key], TOKEN_MINT_MISMATCH);
}

#[test]
fn an_unsigned_deposit_a_read_only_pool_and_a_foreign_pool_are_refused() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let key = provider.key.insecure_clone();
    let mut unsigned = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    unsigned.accounts[0].is_signer = false;
    pool.world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let mut read_only = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    read_only.accounts[1].is_writable = false;
    pool.world.fails_with(read_only, &[&key], ANCHOR_NOT_WRITABLE);
    let mut other_kind = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    other_kind.accounts[1].pubkey = pool.config;
    let failure = pool.world.send(&[other_kind], &[&key]);
    assert!(failure.failure().is_some(), "a config is not a pool");
    let pool_address = pool.at.pool.0;
    let mut raw = pool.world.raw(&pool_address);
    raw.owner = ids::COMPUTE_ESCROW;
    pool.world.set_raw(pool_address, raw);
    let foreign = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    pool.world.fails_with(foreign, &[&key], InstructionError::IllegalOwner);
}

#[test]
fn somebody_elses_tokens_and_frozen_tokens_are_refused_by_the_token_program() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let stranger = pool.holder("stranger", FIRST_A, FIRST_B);
    let key = provider.key.insecure_clone();
    let mut theft = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    theft.accounts[6].pubkey = stranger.a;
    pool.world.fails_with(theft, &[&key], TOKEN_OWNER_MISMATCH);
    let mint = pool.mint_b.clone();
    pool.world.freeze(&mint, &provider.b);
    let frozen = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    pool.world.fails_with(frozen, &[&key], TOKEN_FROZEN);
}

#[test]
fn an_account_of_another_layout_version_is_refused() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let address = pool.at.pool.0;
    let mut raw = pool.world.raw(&address);
    raw.data[8] = 2;
    pool.world.set_raw(address, raw);
    let deposit = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    pool.refuses(deposit, &provider, PoolError::LayoutVersionMismatch);
    let withdraw = pool.withdraw(&provider, 1_000, 0, 0);
    pool.refuses(withdraw, &provider, PoolError::LayoutVersionMismatch);
    let swap = pool.swap_in(&provider, Side::A, 1_000, 0);
    pool.refuses(swap, &provider, PoolError::LayoutVersionMismatch);
}

#[test]
fn of_a_mint_with_transfer_fee_the_provider_sends_what_lets_the_price_arrive() {
    let fee = MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: 5_000,
    };
    let mut pool = Ground::mixed(0, &[fee], true).open(1_000_000_000, 1_000_000_000);
    let provider = pool.holder("provider", 10_000_000, 10_000_000);
    let (x, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    for shares in [10_000, 2_000_000] {
        let ((x0, y0), held) = (pool.reserves(), pool.balances(&provider));
        let supply = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
        let needed = share_ceil(x0, shares, supply);
        let deposit = pool.deposit(&provider, shares, u64::MAX, u64::MAX);
        pool.run(deposit, &provider);
        let now = pool.balances(&provider);
        let (sent_a, sent_b) = (held.0 - now.0, held.1 - now.1);
        let arrived = sent_a - transfer_fee(sent_a, 100, 5_000);
        assert!(arrived >= needed);
        assert!(
            sent_a - 1 - transfer_fee(sent_a - 1, 100, 5_000) < needed,
            "not an atom more than needed"
        );
        assert_eq!(pool.reserves(), (x0 + arrived, y0 + share_ceil(y0, shares, supply)));
        assert_eq!(sent_b, share_ceil(y0, shares, supply));
    }
    assert!(pool.reserves() > (x, y) && all > 0);
}

#[test]
fn the_limit_counts_the_transfer_fee_too() {
    let fee = MintExtension::TransferFee {
        basis_points: 1_000,
        maximum_atoms: u64::MAX,
    };
    let mut pool = Ground::mixed(0, &[fee], false).open(1_000_000, 1_000_000);
    let provider = pool.holder("provider", 1_000_000, 1_000_000);
    let (_, y) = pool.reserves();
    let all = pool.world.supply(&pool.at.lp_mint.0) + 1_000;
    let needed = share_ceil(y, 90_000, all);
    let deposit = pool.deposit(&provider, 90_000, u64::MAX, needed);
    pool.refuses(deposit, &provider, PoolError::SlippageExceeded);
}

#[test]
fn the_missing_second_token_program_is_named() {
    let mut pool = Ground::mixed(0, &[], true).open(FIRST_A, FIRST_B);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    let mut deposit = pool.deposit_before(&provider, 1_000, u64::MAX, u64::MAX, NEVER_TS);
    deposit.accounts.pop();
    pool.refuses(deposit, &provider, PoolError::TokenProgramMissing);
    let mut wrong = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    wrong.accounts.last_mut().unwrap().pubkey = ids::TOKEN;
    pool.refuses(wrong, &provider, PoolError::TokenProgramMissing);
    let right = pool.deposit(&provider, 1_000, u64::MAX, u64::MAX);
    pool.run(right, &provider);
}
