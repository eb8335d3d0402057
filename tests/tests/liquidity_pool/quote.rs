use {
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{
            full_terms, ramp_amplification, stable_terms, usual_terms, Ground, Holder, PoolWorld, AMPLIFICATION,
            FIRST_A, FIRST_B,
        },
        world::{Failure, MintExtension},
    },
    liquidity_pool::{
        constants::MAX_RAMP_FACTOR,
        errors::PoolError,
        instructions::quote::Quote,
        state::{ConfigTerms, Side},
    },
    solana_address::Address,
    solana_instruction::{error::InstructionError, Instruction},
    solana_signer::Signer,
};

const MODES: [u8; 5] = [0, 1, 2, 3, 4];

fn stable_full(authority: Address, treasury: Address) -> ConfigTerms {
    ConfigTerms {
        curve: 1,
        amplification: 100,
        ..full_terms(authority, treasury)
    }
}

/// The instruction a quote speaks of.
fn quoted_instruction(pool: &PoolWorld, who: &Holder, mode: u8, input: Side, amount: u64) -> Instruction {
    match mode {
        0 => pool.swap_in(who, input, amount, 0),
        1 => pool.swap_out(who, input, amount, u64::MAX),
        2 => pool.deposit(who, amount, u64::MAX, u64::MAX),
        3 => pool.withdraw(who, amount, 0, 0),
        _ => pool.deposit_one_side(who, input, amount, u64::MAX, 0),
    }
}

/// Quotes, does it, and compares: what moved in wallets and vaults, the reserves, the shares, the fees owed.
#[track_caller]
fn holds(pool: &mut PoolWorld, who: &Holder, mode: u8, input: Side, amount: u64) -> Option<Quote> {
    let instruction = quoted_instruction(pool, who, mode, input, amount);
    let quote = pool.quote(mode, input, amount);
    let (balances, vaults, owed) = (pool.balances(who), pool.vaults(), pool.owed());
    let outcome = pool.world.send(&[quote], &[]);
    if let Some(refusal) = outcome.failure() {
        // what is refused is refused with the same code
        let key = who.key.insecure_clone();
        pool.world.fails_with(instruction, &[&key], refusal_code(refusal));
        return None;
    }
    let mut bytes = outcome.succeeded().return_data;
    bytes.resize(core::mem::size_of::<Quote>(), 0);
    let quote: Quote = bytemuck::pod_read_unaligned(&bytes);
    assert_eq!((quote.mode, quote.quoted_ts), (mode, pool.world.now()));
    pool.run(instruction, who);
    let now = pool.balances(who);
    let (held, owed_now) = (pool.vaults(), pool.owed());
    let sides = [
        (
            (balances.0, now.0),
            (vaults.0, held.0),
            (quote.sent_a_atoms, quote.received_a_atoms),
        ),
        (
            (balances.1, now.1),
            (vaults.1, held.1),
            (quote.sent_b_atoms, quote.received_b_atoms),
        ),
    ];
    for ((wallet_before, wallet_after), (vault_before, vault_after), (sent, received)) in sides {
        if vault_after >= vault_before {
            assert_eq!(
                (wallet_before - wallet_after, vault_after - vault_before),
                (sent, received),
                "in, mode {mode}"
            );
        } else {
            assert_eq!(
                (vault_before - vault_after, wallet_after - wallet_before),
                (sent, received),
                "out, mode {mode}"
            );
        }
    }
    let state = pool.pool();
    assert_eq!(
        (
            quote.reserve_a_after_atoms,
            quote.reserve_b_after_atoms,
            quote.lp_supply_after_atoms
        ),
        (
            state.reserve_a_atoms.get(),
            state.reserve_b_atoms.get(),
            state.lp_supply_atoms.get()
        ),
        "mode {mode}"
    );
    assert_eq!(now.2.abs_diff(balances.2), quote.lp_atoms, "mode {mode}");
    assert_eq!(
        owed_now.0 + owed_now.1 - owed.0 - owed.1,
        quote.protocol_fee_atoms,
        "mode {mode}"
    );
    Some(quote)
}

fn refusal_code(failure: &Failure) -> u32 {
    match failure {
        Failure::Instruction(InstructionError::Custom(code)) => *code,
        other => panic!("{other:?}"),
    }
}

/// Every mode and side, of amounts from dust to most of the pool, at many moments.
fn holds_throughout(ground: Ground, first_b: u64) {
    let mut pool = ground.open(FIRST_A, first_b);
    let who = pool.holder("somebody", FIRST_A * 1_000, first_b * 1_000);
    let deposit = pool.deposit(&who, 50_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &who);
    let (mut quotes, mut fees) = (0, Vec::new());
    for (round, (seconds, slots)) in [
        (0, 0),
        (1, 3),
        (59, 150),
        (61, 160),
        (700, 1_800),
        (3_700, 9_000),
        (1, 1),
    ]
    .into_iter()
    .enumerate()
    {
        pool.world.warp(seconds, slots);
        if round == 3 {
            // somebody burns shares
            let key = who.key.insecure_clone();
            let burn = spl_token_2022_interface::instruction::burn(
                &ids::TOKEN,
                &who.lp,
                &pool.at.lp_mint.0,
                &key.pubkey(),
                &[],
                12_345,
            )
            .unwrap();
            pool.world.succeeds(burn, &[&key]);
        }
        for mode in MODES {
            for input in [Side::A, Side::B] {
                let reserve = match (mode, input) {
                    (2 | 3, _) => 1_000_000,
                    (1, Side::A) | (0 | 4, Side::B) => pool.reserves().1,
                    _ => pool.reserves().0,
                };
                for amount in [0, 1, 2, 999, reserve / 1_000, reserve / 7] {
                    if let Some(quote) = holds(&mut pool, &who, mode, input, amount) {
                        quotes += 1;
                        fees.push((quote.dynamic_fee_ppm, quote.launch_fee_ppm));
                    }
                }
            }
        }
    }
    assert!(quotes > 200, "{quotes}");
    if pool.config().dynamic_fee_cap_ppm.get() != 0 {
        assert!(fees.iter().any(|(dynamic, _)| *dynamic > 0));
        assert!(fees.iter().any(|(_, launch)| *launch > 0) && fees.iter().any(|(_, launch)| *launch == 0));
    }
}

#[test]
fn a_quote_is_what_happens_then_to_the_atom_on_the_usual_terms() {
    holds_throughout(Ground::under(0, usual_terms), FIRST_B);
}

#[test]
fn a_quote_is_what_happens_then_to_the_atom_with_launch_dynamic_fee_and_vesting() {
    holds_throughout(Ground::under(0, full_terms), FIRST_B);
}

#[test]
fn a_quote_is_what_happens_then_to_the_atom_on_the_stable_curve() {
    holds_throughout(Ground::under(0, stable_terms), FIRST_A * 1_000);
    holds_throughout(Ground::under(1, stable_full), FIRST_A * 1_000);
}

#[test]
fn a_quote_is_what_happens_then_to_the_atom_through_transfer_fees() {
    for (basis_points, maximum_atoms) in [(100, 1_000), (250, u64::MAX), (9_999, 5_000)] {
        let fee = MintExtension::TransferFee {
            basis_points,
            maximum_atoms,
        };
        for is_extended_a in [true, false] {
            let ground = Ground::mixed(0, &[fee], is_extended_a);
            let mut pool = ground.open(FIRST_A, FIRST_A * 1_000);
            let who = pool.holder("somebody", FIRST_A * 1_000, FIRST_A * 1_000_000);
            let deposit = pool.deposit(&who, 50_000_000, u64::MAX, u64::MAX);
            pool.run(deposit, &who);
            for mode in MODES {
                for input in [Side::A, Side::B] {
                    for amount in [1, 777, 1_000_003] {
                        holds(&mut pool, &who, mode, input, amount);
                    }
                }
            }
        }
    }
}

#[test]
fn a_quote_is_what_happens_then_to_the_atom_while_the_amplification_ramps() {
    let ground = Ground::under(0, stable_terms);
    let mut pool = ground.open(FIRST_A, FIRST_A * 1_500);
    let who = pool.holder("somebody", FIRST_A * 1_000, FIRST_A * 1_000_000);
    let deposit = pool.deposit(&who, 50_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &who);
    let authority = pool.authority.insecure_clone();
    let start = pool.world.now();
    let ramp = ramp_amplification(
        &authority.pubkey(),
        &pool.config,
        AMPLIFICATION * MAX_RAMP_FACTOR,
        start + 86_400,
    );
    pool.world.succeeds(ramp, &[&authority]);
    for seconds in [0, 1, 100, 40_000, 50_000] {
        pool.world.warp_seconds(seconds);
        for mode in MODES {
            for input in [Side::A, Side::B] {
                holds(&mut pool, &who, mode, input, 1_000_003);
            }
        }
    }
}

#[test]
fn what_is_paused_is_not_quoted() {
    let mut pool = PoolWorld::new(0);
    for (bits, refused) in [(4, vec![0, 1, 4]), (2, vec![2, 4]), (1 | 8, vec![])] {
        pool.pause(bits);
        for mode in MODES {
            let quote = pool.quote(mode, Side::A, 1_000_000);
            if refused.contains(&mode) {
                pool.refuses_unsigned(quote, PoolError::Paused);
            } else {
                pool.world.succeeds(quote, &[]);
            }
        }
    }
}

#[test]
fn a_mode_or_side_without_meaning_is_refused() {
    let mut pool = PoolWorld::new(0);
    for (mode, side) in [(5u8, 0u8), (255, 0), (0, 2), (3, 255)] {
        let mut quote = pool.quote(0, Side::A, 1_000_000);
        (quote.data[1], quote.data[2]) = (mode, side);
        pool.refuses_unsigned(quote, PoolError::UnknownQuote);
    }
}

#[test]
fn a_quote_writes_nothing() {
    let mut pool = Ground::under(0, full_terms).open(FIRST_A, FIRST_B);
    pool.world.warp_seconds(1_000);
    let before = pool.pool();
    for mode in MODES {
        let quote = pool.quote(mode, Side::A, 1_000_000);
        assert!(quote.accounts.iter().all(|meta| !meta.is_writable));
        pool.world.succeeds(quote, &[]);
    }
    assert_eq!(bytemuck::bytes_of(&pool.pool()), bytemuck::bytes_of(&before));
}

#[test]
fn accounts_of_another_pool_are_refused() {
    let mut pool = PoolWorld::new(0);
    let stranger = pool.world.mint("stranger's", 6).address;
    for place in [2, 3] {
        let mut quote = pool.quote(0, Side::A, 1_000_000);
        quote.accounts[place].pubkey = stranger;
        pool.refuses_unsigned(quote, PoolError::MintMismatch);
    }
    for place in [1, 4] {
        let mut quote = pool.quote(0, Side::A, 1_000_000);
        quote.accounts[place].pubkey = stranger;
        assert!(pool.world.send(&[quote], &[]).failure().is_some());
    }
}
