use {
    super::expect::{bought, cost, fee, gross, transfer_fee, ANCHOR_WRONG_ADDRESS, TOKEN_INSUFFICIENT_FUNDS},
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{code, Ground, Holder, PoolWorld, FEE_PPM, PROTOCOL_SHARE_PPM},
        world::MintExtension,
    },
    liquidity_pool::{errors::PoolError, events::Swapped, state::Side},
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

fn stage() -> (PoolWorld, Holder) {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", 1_000_000_000, 1_000_000_000_000_000);
    (pool, trader)
}

#[test]
fn a_purchase_computed_by_hand() {
    let (mut pool, trader) = stage();
    // 10¹² atoms of B of 2·10¹⁵ : net ⌈10⁹ · 10¹² / (2·10¹⁵ − 10¹²)⌉ = 500,251, gross ⌈500,251 / 0.997⌉ = 501,757,
    // fee ⌈1,505.271⌉ = 1,506, of which ⌊301.2⌋ = 301 the protocol's
    let swap = pool.swap_out(&trader, Side::A, 1_000_000_000_000, 501_757);
    let receipt = pool.run(swap, &trader);
    let event = &receipt.events::<Swapped>()[0];
    assert_eq!(
        (event.input_sent_atoms, event.output_received_atoms),
        (501_757, 1_000_000_000_000)
    );
    assert_eq!((event.lp_fee_atoms, event.protocol_fee_atoms), (1_205, 301));
    assert_eq!(
        pool.reserves(),
        (1_000_000_000 + 501_757 - 301, 2_000_000_000_000_000 - 1_000_000_000_000)
    );
    assert_eq!(pool.pool().protocol_owed_a_atoms.get(), 301);
}

#[test]
fn both_directions_pay_the_least_that_buys_it() {
    let (mut pool, trader) = stage();
    for (input, wanted) in [
        (Side::A, 3_333_333_333u64),
        (Side::B, 12_345),
        (Side::A, 1),
        (Side::B, 1),
    ] {
        let (x, y) = pool.reserves();
        let (reserve_in, reserve_out) = if input == Side::A { (x, y) } else { (y, x) };
        let paid = gross(cost(wanted, reserve_in, reserve_out), FEE_PPM);
        let short = pool.swap_out(&trader, input, wanted, paid - 1);
        pool.refuses(short, &trader, PoolError::SlippageExceeded);
        let before = pool.balances(&trader);
        let swap = pool.swap_out(&trader, input, wanted, paid);
        pool.run(swap, &trader);
        let after = pool.balances(&trader);
        let (spent, got) = match input {
            Side::A => (before.0 - after.0, after.1 - before.1),
            Side::B => (before.1 - after.1, after.0 - before.0),
        };
        assert_eq!((spent, got), (paid, wanted));
        // an atom less as exact input would have bought less
        let (lp, protocol) = fee(paid - 1, FEE_PPM, PROTOCOL_SHARE_PPM);
        assert!(bought(paid - 1 - lp - protocol, reserve_in, reserve_out) < wanted);
    }
}

#[test]
fn the_whole_reserve_or_more_cannot_be_bought() {
    let (mut pool, trader) = stage();
    let (x, _) = pool.reserves();
    for wanted in [x, x + 1, u64::MAX] {
        let swap = pool.swap_out(&trader, Side::B, wanted, u64::MAX);
        pool.refuses(swap, &trader, PoolError::InsufficientLiquidity);
    }
    let nearly_all = pool.swap_out(&trader, Side::B, x - 1, u64::MAX);
    pool.refuses(nearly_all, &trader, PoolError::Overflow);
}

#[test]
fn nothing_wanted_an_expired_deadline_and_a_pause_are_refused() {
    let (mut pool, trader) = stage();
    let now = pool.world.now();
    let zero = pool.swap_out(&trader, Side::A, 0, u64::MAX);
    pool.refuses(zero, &trader, PoolError::ZeroAmount);
    let late = pool.swap_out_before(&trader, Side::A, 1_000, u64::MAX, now - 1);
    pool.refuses(late, &trader, PoolError::DeadlineExpired);
    pool.pause(4);
    let paused = pool.swap_out(&trader, Side::A, 1_000, u64::MAX);
    pool.refuses(paused, &trader, PoolError::Paused);
}

#[test]
fn wrong_accounts_are_refused_as_in_the_other_swap() {
    let (mut pool, trader) = stage();
    let key = trader.key.insecure_clone();
    let right = pool.swap_out(&trader, Side::A, 1_000, u64::MAX);
    let mut mints = right.clone();
    mints.accounts.swap(7, 8);
    pool.refuses(mints, &trader, PoolError::VaultMismatch);
    let mut same_mint = right.clone();
    same_mint.accounts[8].pubkey = pool.mint_a.address;
    pool.refuses(same_mint, &trader, PoolError::MintMismatch);
    let mut program = right.clone();
    program.accounts[9].pubkey = ids::TOKEN_2022;
    pool.refuses(program, &trader, PoolError::TokenProgramMismatch);
    let mut config = right.clone();
    let elsewhere = pool.world.keypair("elsewhere").pubkey();
    let raw = pool.world.raw(&pool.config);
    pool.world.set_raw(elsewhere, raw);
    config.accounts[2].pubkey = elsewhere;
    pool.world.fails_with(config, &[&key], ANCHOR_WRONG_ADDRESS);
    let mut unsigned = right;
    unsigned.accounts[0].is_signer = false;
    pool.world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
}

#[test]
fn what_the_trader_does_not_have_is_refused_by_the_token_program() {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", 10, 0);
    let key = trader.key.insecure_clone();
    let swap = pool.swap_out(&trader, Side::A, 1_000_000_000_000, u64::MAX);
    pool.world.fails_with(swap, &[&key], TOKEN_INSUFFICIENT_FUNDS);
}

#[test]
fn through_transfer_fees_the_wanted_amount_arrives_at_the_least_price() {
    let (bps, maximum) = (300, 40_000);
    let extension = MintExtension::TransferFee {
        basis_points: bps,
        maximum_atoms: maximum,
    };
    let mut pool = Ground::both_2022(0, &[extension]).open(1_000_000_000, 3_000_000_000);
    let trader = pool.holder("trader", 100_000_000, 100_000_000);
    let net = |amount: u64| amount - transfer_fee(amount, bps, maximum);
    for wanted in [1u64, 970, 9_999, 5_000_000] {
        let (x, y) = pool.reserves();
        // by trial: the least transfer that delivers, on either side
        let least = |target: u64| (target..).find(|&sent| net(sent) >= target).unwrap();
        let sent = least(wanted);
        let needed = gross(cost(sent, x, y), FEE_PPM);
        let paid = least(needed);
        let short = pool.swap_out(&trader, Side::A, wanted, paid - 1);
        pool.refuses(short, &trader, PoolError::SlippageExceeded);
        let before = pool.balances(&trader);
        let swap = pool.swap_out(&trader, Side::A, wanted, paid);
        pool.run(swap, &trader);
        let after = pool.balances(&trader);
        assert_eq!((before.0 - after.0, after.1 - before.1), (paid, net(sent)));
        assert!(net(sent) >= wanted);
        let (_, protocol) = fee(net(paid), FEE_PPM, PROTOCOL_SHARE_PPM);
        assert_eq!(pool.reserves(), (x + net(paid) - protocol, y - sent));
    }
}

#[test]
fn fee_grid_of_rates_and_maxima_in_both_directions() {
    for bps in [0, 1, 9_999, 10_000] {
        for maximum_atoms in [0, 1, 5_000, u64::MAX] {
            let extension = MintExtension::TransferFee {
                basis_points: bps,
                maximum_atoms,
            };
            let ground = Ground::mixed(0, &[extension], true);
            if (bps, maximum_atoms) == (10_000, u64::MAX) {
                // nothing arrives at all: no first deposit either
                let mut ground = ground;
                let creator = ground.creator.insecure_clone();
                let create = ground.create_pool(1_000_000, 1_000_000);
                ground
                    .world
                    .fails_with(create, &[&creator], code(PoolError::FirstDepositTooSmall));
                continue;
            }
            // of 10¹³ sent at 9,999 basis points 10⁹ arrive
            let first_a = if (bps, maximum_atoms) == (9_999, u64::MAX) {
                10_000_000_000_000
            } else {
                1_000_000_000
            };
            let mut pool = ground.open(first_a, 1_000_000_000);
            let trader = pool.holder("trader", 900_000_000, 900_000_000);
            let net = |amount: u64| amount - transfer_fee(amount, bps, maximum_atoms);
            for input in [Side::A, Side::B] {
                let before = pool.balances(&trader);
                let swap = pool.swap_out(&trader, input, 10_000, u64::MAX);
                let receipt = pool.run(swap, &trader);
                let event = &receipt.events::<Swapped>()[0];
                let after = pool.balances(&trader);
                assert!(event.output_received_atoms >= 10_000);
                match input {
                    Side::A => assert_eq!(event.input_received_atoms, net(before.0 - after.0)),
                    Side::B => assert_eq!(
                        (after.0 - before.0, event.output_received_atoms),
                        (net(event.output_sent_atoms), net(event.output_sent_atoms))
                    ),
                }
            }
        }
    }
}

#[test]
fn a_transfer_fee_of_everything_without_a_maximum_has_no_exact_output() {
    let extension = MintExtension::TransferFee {
        basis_points: 0,
        maximum_atoms: 0,
    };
    let mut pool = Ground::mixed(0, &[extension], true).open(1_000_000_000, 1_000_000_000);
    let trader = pool.holder("trader", 1_000_000, 1_000_000);
    raise_transfer_fee(&mut pool, 10_000, u64::MAX);
    for input in [Side::A, Side::B] {
        let swap = pool.swap_out(&trader, input, 1_000, u64::MAX);
        pool.refuses(swap, &trader, PoolError::TransferFeeUnbounded);
    }
    // bounded by a maximum it has one again
    raise_transfer_fee(&mut pool, 10_000, 7);
    for input in [Side::A, Side::B] {
        let swap = pool.swap_out(&trader, input, 1_000, u64::MAX);
        let receipt = pool.run(swap, &trader);
        let event = &receipt.events::<Swapped>()[0];
        let (taxed, untaxed) = match input {
            Side::A => (
                event.input_sent_atoms - event.input_received_atoms,
                event.output_sent_atoms - event.output_received_atoms,
            ),
            Side::B => (
                event.output_sent_atoms - event.output_received_atoms,
                event.input_sent_atoms - event.input_received_atoms,
            ),
        };
        assert_eq!((taxed, untaxed), (7, 0));
    }
}

/// Sets mint A's transfer fee and lets the two epochs pass after which it holds.
fn raise_transfer_fee(pool: &mut PoolWorld, basis_points: u16, maximum_atoms: u64) {
    let mint = pool.mint_a.clone();
    let authority = pool.world.mint_authority(&mint);
    let set = spl_token_2022_interface::extension::transfer_fee::instruction::set_transfer_fee(
        &ids::TOKEN_2022,
        &mint.address,
        &authority.pubkey(),
        &[],
        basis_points,
        maximum_atoms,
    )
    .unwrap();
    pool.world.succeeds(set, &[&authority]);
    let mut clock = pool.world.clock();
    clock.epoch += 2;
    pool.world.svm.set_sysvar(&clock);
}
