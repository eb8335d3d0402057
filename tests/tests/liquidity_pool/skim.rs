use {
    super::expect::{share_ceil, share_floor},
    commonweal_tests::fixtures::pool::{
        full_terms, stable_terms, usual_terms, Ground, Holder, PoolWorld, FIRST_A, FIRST_B, VESTING_SLOTS,
    },
    liquidity_pool::{
        errors::PoolError,
        events::Skimmed,
        state::{ConfigTerms, Side},
    },
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

/// The usual terms with vesting and nothing else.
fn vesting_terms(authority: Address, treasury: Address) -> ConfigTerms {
    ConfigTerms {
        vesting_slots: VESTING_SLOTS,
        ..usual_terms(authority, treasury)
    }
}

fn donate(pool: &mut PoolWorld, a_atoms: u64, b_atoms: u64) {
    let (mint_a, mint_b, at) = (pool.mint_a.clone(), pool.mint_b.clone(), pool.at);
    pool.world.mint_into(&mint_a, &at.vault_a.0, a_atoms);
    pool.world.mint_into(&mint_b, &at.vault_b.0, b_atoms);
}

#[test]
fn a_donation_enters_the_reserves_and_nothing_else_moves() {
    let mut pool = PoolWorld::new(0);
    let (supply, vaults) = (pool.pool().lp_supply_atoms.get(), pool.vaults());
    donate(&mut pool, 5_000, 7_000);
    pool.world.warp_seconds(90);
    let skim = pool.skim();
    let receipt = pool.run_unsigned(skim);
    assert_eq!(pool.reserves(), (FIRST_A + 5_000, FIRST_B + 7_000));
    assert_eq!(pool.vaults(), (vaults.0 + 5_000, vaults.1 + 7_000));
    let state = pool.pool();
    assert_eq!(state.lp_supply_atoms.get(), supply);
    assert_eq!(state.vesting_shares.get(), 0, "this config's fees do not vest");
    assert_eq!(state.sequence.get(), 2);
    let event = &receipt.events::<Skimmed>()[0];
    assert_eq!((event.pool, event.sequence), (pool.at.pool.0, 2));
    assert_eq!((event.skimmed_a_atoms, event.skimmed_b_atoms), (5_000, 7_000));
    assert_eq!(
        (event.reserve_a_atoms, event.reserve_b_atoms),
        (FIRST_A + 5_000, FIRST_B + 7_000)
    );
}

#[test]
fn nothing_to_skim_is_an_error() {
    let mut pool = PoolWorld::new(0);
    let skim = pool.skim();
    pool.refuses_unsigned(skim, PoolError::NothingToSkim);
    // fees owed are nobody's donation
    let trader = pool.holder("trader", FIRST_A, 0);
    let swap = pool.swap_in(&trader, Side::A, FIRST_A, 1);
    pool.run(swap, &trader);
    assert!(pool.owed().0 > 0);
    let skim = pool.skim();
    pool.refuses_unsigned(skim, PoolError::NothingToSkim);
    donate(&mut pool, 0, 1);
    let (skim, owed) = (pool.skim(), pool.owed());
    pool.run_unsigned(skim);
    assert_eq!(pool.owed(), owed);
    let skim = pool.skim();
    pool.refuses_unsigned(skim, PoolError::NothingToSkim);
}

#[test]
fn a_donation_vests_like_a_fee_each_token_in_turn() {
    let mut pool = Ground::under(0, vesting_terms).open(FIRST_A, FIRST_B);
    let (a, b) = (FIRST_A / 10, FIRST_B / 7);
    donate(&mut pool, a, b);
    let skim = pool.skim();
    pool.run_unsigned(skim);
    let part =
        |shares: u128, fee: u64, reserve: u64| shares * u128::from(fee) / (2 * u128::from(reserve) + u128::from(fee));
    let shares = u128::from(pool.pool().lp_supply_atoms.get()) + 1_000;
    let of_a = part(shares, a, FIRST_A);
    let of_b = part(shares + of_a, b, FIRST_B);
    let state = pool.pool();
    assert_eq!(u128::from(state.vesting_shares.get()), of_a + of_b);
    assert_eq!(state.vesting_remaining_slots.get(), VESTING_SLOTS);
}

/// Deposits, skims a donation, withdraws; what is gained, in token A's atoms at the pool's price.
fn sandwich(terms: fn(Address, Address) -> ConfigTerms, slots: u64) -> i128 {
    let mut pool = Ground::under(0, terms).open(FIRST_A, FIRST_B);
    let attacker = pool.holder("attacker", FIRST_A * 10, FIRST_B * 10);
    donate(&mut pool, FIRST_A / 10, FIRST_B / 10);
    let before = pool.balances(&attacker);
    let shares = pool.pool().lp_supply_atoms.get();
    let deposit = pool.deposit(&attacker, shares, u64::MAX, u64::MAX);
    pool.run(deposit, &attacker);
    let skim = pool.skim();
    pool.run_unsigned(skim);
    pool.world.warp(0, slots);
    let withdraw = pool.withdraw(&attacker, shares, 0, 0);
    pool.run(withdraw, &attacker);
    i128::from(pool.balances(&attacker).0) - i128::from(before.0)
}

#[test]
fn a_skim_cannot_be_sandwiched_while_fees_vest() {
    // half of the pool for one transaction takes half of the donation without vesting, almost nothing with it: the shares of
    // two gifts in turn fall short of their root by the product of both parts
    let gained = sandwich(usual_terms, 0);
    assert!(gained > i128::from(FIRST_A / 21));
    assert!(sandwich(vesting_terms, 0) < gained / 30);
    // and who stays until it has vested has it
    assert!(sandwich(vesting_terms, u64::from(VESTING_SLOTS)) > i128::from(FIRST_A / 21));
}

#[test]
fn a_donation_moves_no_price_until_it_is_skimmed() {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", FIRST_A, 0);
    let before = pool.quoted(0, Side::A, 1_000_000);
    donate(&mut pool, 0, FIRST_B);
    assert_eq!(pool.quoted(0, Side::A, 1_000_000), before);
    let skim = pool.skim();
    pool.run_unsigned(skim);
    let after = pool.quoted(0, Side::A, 1_000_000);
    assert!(after.received_b_atoms > before.received_b_atoms);
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, after.received_b_atoms);
    pool.run(swap, &trader);
}

#[test]
fn no_pause_stops_it() {
    let mut pool = PoolWorld::new(0);
    donate(&mut pool, 1, 1);
    pool.pause(15);
    let skim = pool.skim();
    pool.run_unsigned(skim);
}

#[test]
fn a_stable_pools_donation_vests_by_the_growth_of_its_invariant() {
    let terms = |authority: Address, treasury: Address| ConfigTerms {
        vesting_slots: VESTING_SLOTS,
        ..stable_terms(authority, treasury)
    };
    // six and nine decimals: a thousand units each
    let mut pool = Ground::under(0, terms).open(FIRST_A, FIRST_A * 1_000);
    donate(&mut pool, FIRST_A / 10, 0);
    let before = pool.pool();
    let skim = pool.skim();
    pool.run_unsigned(skim);
    let after = pool.pool();
    let (d, grown) = (before.stable_invariant.get(), after.stable_invariant.get());
    let shares = u128::from(before.lp_supply_atoms.get()) + 1_000;
    assert!(grown > d);
    assert_eq!(
        u128::from(after.vesting_shares.get()),
        shares * (grown - d - 1) / (d + 1)
    );
}

#[test]
fn with_every_mechanism_on_who_comes_after_a_skim_pays_for_what_has_vested_only() {
    let mut pool = Ground::under(0, full_terms).open(FIRST_A, FIRST_B);
    donate(&mut pool, FIRST_A / 2, 0);
    let skim = pool.skim();
    pool.run_unsigned(skim);
    let late: Holder = pool.holder("late", FIRST_A, FIRST_B);
    let (a, b) = pool.reserves();
    let state = pool.pool();
    let all = state.lp_supply_atoms.get() + 1_000 + state.vesting_shares.get();
    let deposit = pool.deposit(&late, 1_000_000, u64::MAX, u64::MAX);
    pool.run(deposit, &late);
    let held = pool.balances(&late);
    assert_eq!(
        (FIRST_A - held.0, FIRST_B - held.1),
        (share_ceil(a, 1_000_000, all), share_ceil(b, 1_000_000, all))
    );
    let (a, b) = pool.reserves();
    let withdraw = pool.withdraw(&late, 1_000_000, 0, 0);
    pool.run(withdraw, &late);
    let back = pool.balances(&late);
    assert_eq!(
        (back.0 - held.0, back.1 - held.1),
        (
            share_floor(a, 1_000_000, all + 1_000_000),
            share_floor(b, 1_000_000, all + 1_000_000)
        )
    );
}

#[test]
fn accounts_of_another_pool_are_refused() {
    let mut pool = PoolWorld::new(0);
    donate(&mut pool, 1, 1);
    let stranger = pool.world.keypair("stranger").pubkey();
    let mint_a = pool.mint_a.clone();
    let theirs = pool.world.funded(&mint_a, &stranger, 5_000);
    for place in [2, 3] {
        let mut skim = pool.skim();
        skim.accounts[place].pubkey = theirs;
        pool.refuses_unsigned(skim, PoolError::VaultMismatch);
    }
    let mut exchanged = pool.skim();
    exchanged.accounts.swap(2, 3);
    pool.refuses_unsigned(exchanged, PoolError::VaultMismatch);
    let mut other_kind = pool.skim();
    other_kind.accounts[0].pubkey = pool.at.lp_mint.0;
    pool.world
        .fails_with(other_kind, &[], InstructionError::AccountDataTooSmall);
}
