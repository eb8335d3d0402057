use {
    super::expect::{
        bought, fee, transfer_fee, ANCHOR_DUPLICATE, ANCHOR_NOT_WRITABLE, ANCHOR_WRONG_ADDRESS, TOKEN_FROZEN,
        TOKEN_INSUFFICIENT_FUNDS, TOKEN_OWNER_MISMATCH,
    },
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{code, Ground, Holder, PoolWorld, FEE_PPM, PROTOCOL_SHARE_PPM},
        world::MintExtension,
    },
    liquidity_pool::{
        errors::PoolError,
        events::Swapped,
        state::{ConfigUpdate, Side},
    },
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

fn stage() -> (PoolWorld, Holder) {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", 1_000_000_000, 1_000_000_000_000_000);
    (pool, trader)
}

#[test]
fn a_trade_computed_by_hand() {
    let (mut pool, trader) = stage();
    // 1,000,000 atoms of A at 0.3 %: fee 3,000, of which 600 the protocol's; net 997,000 against 10⁹ : 2·10¹⁵;
    // ⌊997,000 · 2·10¹⁵ / 1,000,997,000⌋ = 1,992,013,962,079
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, 1_992_013_962_079);
    let receipt = pool.run(swap, &trader);
    assert_eq!(
        pool.reserves(),
        (1_000_999_400, 2_000_000_000_000_000 - 1_992_013_962_079)
    );
    assert_eq!(
        pool.vaults().0,
        1_001_000_000,
        "the protocol's fee stays in the vault, apart from the reserve"
    );
    assert_eq!(pool.pool().protocol_owed_a_atoms.get(), 600);
    assert_eq!(pool.pool().protocol_owed_b_atoms.get(), 0);
    let (a, b, _) = pool.balances(&trader);
    assert_eq!((a, b), (999_000_000, 1_000_000_000_000_000 + 1_992_013_962_079));
    let event = &receipt.events::<Swapped>()[0];
    assert_eq!(
        (event.pool, event.trader, event.sequence),
        (pool.at.pool.0, trader.key.pubkey(), 2)
    );
    assert_eq!(
        (event.input_sent_atoms, event.input_received_atoms),
        (1_000_000, 1_000_000)
    );
    assert_eq!(
        (event.output_sent_atoms, event.output_received_atoms),
        (1_992_013_962_079, 1_992_013_962_079)
    );
    assert_eq!(
        (event.lp_fee_atoms, event.protocol_fee_atoms, event.is_a_to_b),
        (2_400, 600, 1)
    );
    assert_eq!((event.reserve_a_atoms, event.reserve_b_atoms), pool.reserves());
}

#[test]
fn two_direction_amounts_swapped() {
    // the same trades in both directions must use each direction's own reserves, vaults, fees and mints
    let (mut pool, trader) = stage();
    for (input, amount) in [
        (Side::A, 1_234_567u64),
        (Side::B, 7_654_321_000),
        (Side::B, 1),
        (Side::A, 999_999),
    ] {
        let (x, y) = pool.reserves();
        let (reserve_in, reserve_out) = if input == Side::A { (x, y) } else { (y, x) };
        let (lp, protocol) = fee(amount, FEE_PPM, PROTOCOL_SHARE_PPM);
        let out = bought(amount - lp - protocol, reserve_in, reserve_out);
        let owed = (
            pool.pool().protocol_owed_a_atoms.get(),
            pool.pool().protocol_owed_b_atoms.get(),
        );
        let swap = pool.swap_in(&trader, input, amount, out);
        if out == 0 {
            pool.refuses(swap, &trader, PoolError::NothingOut);
            continue;
        }
        pool.run(swap, &trader);
        let (after, owed_after) = (
            pool.reserves(),
            (
                pool.pool().protocol_owed_a_atoms.get(),
                pool.pool().protocol_owed_b_atoms.get(),
            ),
        );
        match input {
            Side::A => {
                assert_eq!(after, (x + amount - protocol, y - out));
                assert_eq!(owed_after, (owed.0 + protocol, owed.1));
            }
            Side::B => {
                assert_eq!(after, (x - out, y + amount - protocol));
                assert_eq!(owed_after, (owed.0, owed.1 + protocol));
            }
        }
    }
}

#[test]
fn one_atom_more_out_would_break_the_product() {
    let (mut pool, trader) = stage();
    for (input, amount) in [(Side::A, 1_000_003u64), (Side::B, 777_777_777_777), (Side::A, 17)] {
        let (x, y) = pool.reserves();
        let swap = pool.swap_in(&trader, input, amount, 0);
        let receipt = pool.run(swap, &trader);
        let event = &receipt.events::<Swapped>()[0];
        let net = u128::from(amount - event.lp_fee_atoms - event.protocol_fee_atoms);
        let (reserve_in, reserve_out) = if input == Side::A { (x, y) } else { (y, x) };
        let k = u128::from(x) * u128::from(y);
        let left = u128::from(reserve_out - event.output_sent_atoms);
        assert!((u128::from(reserve_in) + net) * left >= k, "P2: x·y fell");
        assert!(
            (u128::from(reserve_in) + net) * (left - 1) < k,
            "P2: the trader was given too little"
        );
    }
}

#[test]
fn one_atom_above_the_output_is_slippage() {
    let (mut pool, trader) = stage();
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, 1_992_013_962_080);
    pool.refuses(swap, &trader, PoolError::SlippageExceeded);
}

#[test]
fn nothing_in_dust_in_an_expired_deadline_and_a_pause_are_refused() {
    let (mut pool, trader) = stage();
    let now = pool.world.now();
    let zero = pool.swap_in(&trader, Side::A, 0, 0);
    pool.refuses(zero, &trader, PoolError::ZeroAmount);
    let dust = pool.swap_in(&trader, Side::B, 1, 0);
    pool.refuses(dust, &trader, PoolError::NothingOut);
    let late = pool.swap_in_before(&trader, Side::A, 1_000, 0, now - 1);
    pool.refuses(late, &trader, PoolError::DeadlineExpired);
    pool.pause(4);
    let paused = pool.swap_in(&trader, Side::A, 1_000, 0);
    pool.refuses(paused, &trader, PoolError::Paused);
    pool.pause(1 | 2);
    let just_in_time = pool.swap_in_before(&trader, Side::A, 1_000, 0, now);
    pool.run(just_in_time, &trader);
}

#[test]
fn an_input_beyond_the_range_of_the_reserve_is_refused() {
    let (mut pool, trader) = stage();
    // with the usual fee, net and reserve together would just fit
    pool.update(ConfigUpdate {
        base_fee_ppm: Some(0),
        ..ConfigUpdate::default()
    });
    let swap = pool.swap_in(&trader, Side::A, u64::MAX, 0);
    pool.refuses(swap, &trader, PoolError::Overflow);
}

#[test]
fn wrong_mint_order_and_vault_order_are_refused() {
    let (mut pool, trader) = stage();
    let right = pool.swap_in(&trader, Side::A, 1_000, 0);
    let mut mints = right.clone();
    mints.accounts.swap(7, 8);
    pool.refuses(mints, &trader, PoolError::VaultMismatch);
    let mut vaults = right.clone();
    vaults.accounts.swap(3, 4);
    pool.refuses(vaults, &trader, PoolError::VaultMismatch);
    let mut same_mint = right.clone();
    same_mint.accounts[8].pubkey = pool.mint_a.address;
    pool.refuses(same_mint, &trader, PoolError::MintMismatch);
    let mut foreign_mint = right.clone();
    foreign_mint.accounts[7].pubkey = pool.at.lp_mint.0;
    pool.refuses(foreign_mint, &trader, PoolError::MintMismatch);
    let mut same_vault = right;
    same_vault.accounts[4].pubkey = pool.at.vault_a.0;
    let key = trader.key.insecure_clone();
    pool.world.fails_with(same_vault, &[&key], ANCHOR_DUPLICATE);
}

#[test]
fn a_look_alike_vault_config_or_token_program_is_refused() {
    let (mut pool, trader) = stage();
    let key = trader.key.insecure_clone();
    let elsewhere = pool.world.keypair("elsewhere").pubkey();
    for (index, like, expected) in [
        (2, pool.config, ANCHOR_WRONG_ADDRESS),
        (3, pool.at.vault_a.0, code(PoolError::VaultMismatch)),
        (4, pool.at.vault_b.0, code(PoolError::VaultMismatch)),
        (7, pool.mint_a.address, code(PoolError::MintMismatch)),
        (8, pool.mint_b.address, code(PoolError::MintMismatch)),
    ] {
        let raw = pool.world.raw(&like);
        pool.world.set_raw(elsewhere, raw);
        let mut swap = pool.swap_in(&trader, Side::A, 1_000, 0);
        swap.accounts[index].pubkey = elsewhere;
        pool.world.fails_with(swap, &[&key], expected);
    }
    let mut swap = pool.swap_in(&trader, Side::A, 1_000, 0);
    swap.accounts[9].pubkey = ids::TOKEN_2022;
    pool.refuses(swap, &trader, PoolError::TokenProgramMismatch);
}

#[test]
fn an_unsigned_swap_a_read_only_pool_and_another_kind_of_account_are_refused() {
    let (mut pool, trader) = stage();
    let key = trader.key.insecure_clone();
    let right = pool.swap_in(&trader, Side::A, 1_000, 0);
    let mut unsigned = right.clone();
    unsigned.accounts[0].is_signer = false;
    pool.world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let mut read_only = right.clone();
    read_only.accounts[1].is_writable = false;
    pool.world.fails_with(read_only, &[&key], ANCHOR_NOT_WRITABLE);
    let pool_address = pool.at.pool.0;
    let genuine = pool.world.raw(&pool_address);
    let mut other_kind = genuine.clone();
    other_kind.data[0] ^= 1;
    pool.world.set_raw(pool_address, other_kind);
    pool.world
        .fails_with(right.clone(), &[&key], InstructionError::InvalidAccountData);
    let mut foreign = genuine;
    foreign.owner = ids::COMPUTE_ESCROW;
    pool.world.set_raw(pool_address, foreign);
    pool.world.fails_with(right, &[&key], InstructionError::IllegalOwner);
}

#[test]
fn somebody_elses_missing_or_frozen_tokens_are_refused_by_the_token_program() {
    let (mut pool, trader) = stage();
    let stranger = pool.holder("stranger", 1_000, 1_000);
    let key = trader.key.insecure_clone();
    let mut theft = pool.swap_in(&trader, Side::A, 1_000, 0);
    theft.accounts[5].pubkey = stranger.a;
    pool.world.fails_with(theft, &[&key], TOKEN_OWNER_MISMATCH);
    let too_much = pool.swap_in(&trader, Side::A, 1_000_000_001, 0);
    pool.world.fails_with(too_much, &[&key], TOKEN_INSUFFICIENT_FUNDS);
    let (mint_a, mint_b) = (pool.mint_a.clone(), pool.mint_b.clone());
    pool.world.freeze(&mint_b, &trader.b);
    let frozen_destination = pool.swap_in(&trader, Side::A, 1_000, 0);
    pool.world.fails_with(frozen_destination, &[&key], TOKEN_FROZEN);
    pool.world.thaw(&mint_b, &trader.b);
    let vault = pool.at.vault_a.0;
    pool.world.freeze(&mint_a, &vault);
    let frozen_vault = pool.swap_in(&trader, Side::A, 1_000, 0);
    pool.world.fails_with(frozen_vault, &[&key], TOKEN_FROZEN);
}

#[test]
fn mixed_token_programs_take_the_second_as_one_more_account() {
    for is_a in [true, false] {
        let mut pool = Ground::mixed(0, &[MintExtension::MetadataPointer], is_a).open(1_000_000_000, 1_000_000_000);
        let trader = pool.holder("trader", 1_000_000, 1_000_000);
        for input in [Side::A, Side::B] {
            let swap = pool.swap_in(&trader, input, 500_000, 1);
            assert_eq!(swap.accounts.len(), 11);
            let mut missing = swap.clone();
            missing.accounts.pop();
            pool.refuses(missing, &trader, PoolError::TokenProgramMissing);
            let mut wrong = swap.clone();
            wrong.accounts[10].pubkey = ids::SYSTEM;
            pool.refuses(wrong, &trader, PoolError::TokenProgramMissing);
            pool.run(swap, &trader);
        }
    }
}

#[test]
fn two_token_2022_mints_need_one_program() {
    let mut pool = Ground::both_2022(0, &[]).open(1_000_000_000, 1_000_000_000);
    let trader = pool.holder("trader", 1_000_000, 1_000_000);
    for input in [Side::A, Side::B] {
        let swap = pool.swap_in(&trader, input, 500_000, 1);
        assert_eq!(swap.accounts.len(), 10);
        pool.run(swap, &trader);
    }
}

#[test]
fn the_pool_trades_what_arrives_and_the_minimum_is_what_the_trader_receives() {
    let (bps, maximum) = (300, 40_000);
    let extension = MintExtension::TransferFee {
        basis_points: bps,
        maximum_atoms: maximum,
    };
    let mut pool = Ground::both_2022(0, &[extension]).open(1_000_000_000, 3_000_000_000);
    let trader = pool.holder("trader", 100_000_000, 100_000_000);
    for amount in [1_000u64, 1_000_000, 20_000_000] {
        let (x, y) = pool.reserves();
        let arrived = amount - transfer_fee(amount, bps, maximum);
        let (lp, protocol) = fee(arrived, FEE_PPM, PROTOCOL_SHARE_PPM);
        let sent = bought(arrived - lp - protocol, x, y);
        let received = sent - transfer_fee(sent, bps, maximum);
        let too_much = pool.swap_in(&trader, Side::A, amount, received + 1);
        pool.refuses(too_much, &trader, PoolError::SlippageExceeded);
        let before = pool.balances(&trader);
        let swap = pool.swap_in(&trader, Side::A, amount, received);
        pool.run(swap, &trader);
        let after = pool.balances(&trader);
        assert_eq!((before.0 - after.0, after.1 - before.1), (amount, received));
        assert_eq!(pool.reserves(), (x + arrived - protocol, y - sent));
    }
}

#[test]
fn a_transfer_fee_of_everything_leaves_nothing_to_trade() {
    let extension = MintExtension::TransferFee {
        basis_points: 10_000,
        maximum_atoms: 1_000,
    };
    let mut pool = Ground::mixed(0, &[extension], true).open(1_000_000, 1_000_000);
    let trader = pool.holder("trader", 1_000_000, 1_000_000);
    let swallowed = pool.swap_in(&trader, Side::A, 1_000, 0);
    pool.refuses(swallowed, &trader, PoolError::NothingOut);
    let swallowed_out = pool.swap_in(&trader, Side::B, 1_000, 0);
    pool.refuses(swallowed_out, &trader, PoolError::NothingOut);
    let enough = pool.swap_in(&trader, Side::A, 10_000, 1);
    pool.run(enough, &trader);
}
