//! Incidents of this class of program, each reproduced by name.

use {
    super::expect::{bought, fee, transfer_fee},
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{Ground, PoolWorld, FEE_PPM, FIRST_A, FIRST_B, PROTOCOL_SHARE_PPM},
        world::{MintExtension, World},
    },
    liquidity_pool::{errors::PoolError, state::Side},
    solana_signer::Signer,
};

#[test]
fn a_donation_moves_no_price_and_no_share() {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", 10_000_000, 0);
    let donor = pool.holder("donor", 0, FIRST_B);
    let (mint, vault) = (pool.mint_b.clone(), pool.at.vault_b.0);
    pool.world.transfer(&mint, &donor.b, &vault, &donor.key, FIRST_B);
    assert_eq!(pool.reserves(), (FIRST_A, FIRST_B), "stored reserves do not see it");
    let (lp, protocol) = fee(1_000_000, FEE_PPM, PROTOCOL_SHARE_PPM);
    let expected = bought(1_000_000 - lp - protocol, FIRST_A, FIRST_B);
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, expected);
    pool.run(swap, &trader);
    assert_eq!(pool.balances(&trader).1, expected);
    assert_eq!(pool.vaults().1, 2 * FIRST_B - expected);
}

#[test]
fn inflating_the_first_share_costs_the_attacker_and_not_the_next_provider() {
    // classic: one share, a large donation, and the victim's deposit rounds to nothing
    let mut pool = Ground::new(0).open(1_001, 1_001);
    let attacker = pool.creator.clone();
    let (mint, vault) = (pool.mint_a.clone(), pool.at.vault_a.0);
    pool.world
        .transfer(&mint, &attacker.a, &vault, &attacker.key, 1_000_000_000);
    let victim = pool.holder("victim", 1_000_000, 1_000_000);
    let deposit = pool.deposit(&victim, 500_000, 1_000_000, 1_000_000);
    pool.run(deposit, &victim);
    let withdraw = pool.withdraw(&victim, 500_000, 0, 0);
    pool.run(withdraw, &victim);
    let (a, b, _) = pool.balances(&victim);
    assert!(
        1_000_000 - a <= 1 && 1_000_000 - b <= 1,
        "the victim lost {} and {}",
        1_000_000 - a,
        1_000_000 - b
    );
}

#[test]
fn depositing_then_withdrawing_never_gains() {
    let mut pool = PoolWorld::new(0);
    let provider = pool.holder("provider", FIRST_A, FIRST_B);
    for shares in [1u64, 2, 999, 1_000_001, 123_456_789] {
        let before = pool.balances(&provider);
        let deposit = pool.deposit(&provider, shares, u64::MAX, u64::MAX);
        pool.run(deposit, &provider);
        let withdraw = pool.withdraw(&provider, shares, 0, 0);
        // a single share is worth less than an atom of the coarser token and then pays one leg only
        pool.run(withdraw, &provider);
        let after = pool.balances(&provider);
        assert!(after.0 <= before.0 && after.1 <= before.1);
    }
}

#[test]
fn a_hundred_tiny_operations_at_reserves_of_a_few_atoms() {
    for (a, b) in [(1u64, 30u64), (30, 1), (7, 13), (1, 1)] {
        let mut pool = small_pool(a, b);
        let player = pool.holder("player", 1_000_000, 1_000_000);
        let mut done = 0;
        for step in 0..120u64 {
            let amount = 1 + step % 29;
            let instruction = match step % 4 {
                0 => pool.swap_in(&player, Side::A, amount, 0),
                1 => pool.swap_in(&player, Side::B, amount, 0),
                2 => pool.deposit(&player, amount, u64::MAX, u64::MAX),
                _ => pool.withdraw(&player, amount, 0, 0),
            };
            let key = player.key.insecure_clone();
            let before = commonweal_tests::fixtures::pool::ShareValue::of(&pool.world, &pool.at);
            if pool.world.send(&[instruction], &[&key]).failure().is_none() {
                done += 1;
            }
            commonweal_tests::fixtures::pool::assert_invariants(&pool.world, &pool.at.pool.0);
            before.assert_kept(&commonweal_tests::fixtures::pool::ShareValue::of(&pool.world, &pool.at));
        }
        assert!(done >= 40, "only {done} operations went through");
    }
}

/// A pool with reserves of that many atoms, set by force: no first deposit is that small.
fn small_pool(a: u64, b: u64) -> PoolWorld {
    let mut world = World::new();
    let (mint_a, mint_b) = world.mint_pair("pair", (0, 0));
    let mut pool = Ground::with_mints(world, mint_a, mint_b).open(1_500, 1_500);
    let address = pool.at.pool.0;
    let mut raw = pool.world.raw(&address);
    raw.data[248..256].copy_from_slice(&a.to_le_bytes());
    raw.data[256..264].copy_from_slice(&b.to_le_bytes());
    pool.world.set_raw(address, raw);
    pool
}

#[test]
fn extension_changed_after_creation() {
    // the transfer fee is raised two epochs ahead: the old one holds until then, the new one from then on
    let extension = MintExtension::TransferFee {
        basis_points: 0,
        maximum_atoms: 0,
    };
    let mut pool = Ground::mixed(0, &[extension], true).open(1_000_000_000, 1_000_000_000);
    let trader = pool.holder("trader", 10_000_000, 10_000_000);
    let mint = pool.mint_a.clone();
    let authority = pool.world.mint_authority(&mint);
    let raise = spl_token_2022_interface::extension::transfer_fee::instruction::set_transfer_fee(
        &ids::TOKEN_2022,
        &mint.address,
        &authority.pubkey(),
        &[],
        500,
        u64::MAX,
    )
    .unwrap();
    pool.world.succeeds(raise, &[&authority]);
    for epochs in 0..3u64 {
        let bps = if epochs < 2 { 0 } else { 500 };
        let (x, y) = pool.reserves();
        let arrived = 1_000_000 - transfer_fee(1_000_000, bps, u64::MAX);
        let (lp, protocol) = fee(arrived, FEE_PPM, PROTOCOL_SHARE_PPM);
        let expected = bought(arrived - lp - protocol, x, y);
        if bps > 0 {
            // a quote from before the raise is protected by its minimum
            let (lp, protocol) = fee(1_000_000, FEE_PPM, PROTOCOL_SHARE_PPM);
            let stale = pool.swap_in(&trader, Side::A, 1_000_000, bought(1_000_000 - lp - protocol, x, y));
            pool.refuses(stale, &trader, PoolError::SlippageExceeded);
        }
        let swap = pool.swap_in(&trader, Side::A, 1_000_000, expected);
        pool.run(swap, &trader);
        assert_eq!(pool.reserves(), (x + arrived - protocol, y - expected));
        let mut clock = pool.world.clock();
        clock.epoch += 1;
        pool.world.svm.set_sysvar(&clock);
    }
}

#[test]
fn protocol_fees_are_no_part_of_what_providers_withdraw() {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", 500_000_000, 0);
    let swap = pool.swap_in(&trader, Side::A, 500_000_000, 0);
    pool.run(swap, &trader);
    let owed = pool.pool().protocol_owed_a_atoms.get();
    assert_eq!(owed, 300_000, "a fifth of 0.3 % of 5·10⁸");
    let creator = pool.creator.clone();
    let everything = pool.withdraw(&creator, pool.world.tokens(&creator.lp), 0, 0);
    pool.run(everything, &creator);
    assert!(pool.vaults().0 >= owed + pool.reserves().0);
    assert_eq!(
        pool.pool().protocol_owed_a_atoms.get(),
        owed,
        "P7: nobody but the treasury takes them"
    );
}

#[test]
fn a_pool_deposit_withdraw_and_swap_in_one_transaction_keep_the_books() {
    let mut pool = PoolWorld::new(0);
    let player = pool.holder("player", FIRST_A, FIRST_B);
    let instructions = [
        pool.deposit(&player, 1_000_000, u64::MAX, u64::MAX),
        pool.swap_in(&player, Side::A, 10_000_000, 1),
        pool.withdraw(&player, 1_000_000, 0, 0),
    ];
    let key = player.key.insecure_clone();
    pool.world.all_succeed(&instructions, &[&key]);
    commonweal_tests::fixtures::pool::assert_invariants(&pool.world, &pool.at.pool.0);
    let (a, b, lp) = pool.balances(&player);
    assert_eq!(lp, 0);
    assert!(a < FIRST_A && b > FIRST_B);
    assert_eq!(pool.pool().sequence.get(), 4);
}

#[test]
fn nobody_but_the_program_moves_the_vaults() {
    let mut pool = PoolWorld::new(0);
    let thief = pool.holder("thief", 0, 0);
    let key = thief.key.insecure_clone();
    let vault = pool.at.vault_a.0;
    let steal = spl_token_2022_interface::instruction::transfer_checked(
        &ids::TOKEN,
        &vault,
        &pool.mint_a.address,
        &thief.a,
        &key.pubkey(),
        &[],
        1,
        6,
    )
    .unwrap();
    pool.world
        .fails_with(steal, &[&key], super::expect::TOKEN_OWNER_MISMATCH);
    // as trader's own account the vault is the pool's, and passed twice it is refused before anything moves
    let mut swap = pool.swap_in(&thief, Side::A, 1_000, 0);
    swap.accounts[5].pubkey = vault;
    pool.world.fails_with(swap, &[&key], super::expect::ANCHOR_DUPLICATE);
}

#[test]
fn a_shortfall_is_not_hidden_by_the_surplus_of_donations() {
    let extension = MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: u64::MAX,
    };
    let mut pool = Ground::mixed(0, &[extension], true).open(1_000_000_000, 1_000_000_000);
    let trader = pool.holder("trader", 100_000_000, 100_000_000);
    let donor = pool.holder("donor", 50_000_000, 0);
    let (mint, vault) = (pool.mint_a.clone(), pool.at.vault_a.0);
    pool.world.transfer(&mint, &donor.a, &vault, &donor.key, 50_000_000);
    // a mint that takes more than the pool knows of: the flag of the transfer fee is erased by force
    let address = pool.at.pool.0;
    let mut raw = pool.world.raw(&address);
    raw.data[20..22].fill(0);
    pool.world.set_raw(address, raw);
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, 0);
    pool.refuses(swap, &trader, PoolError::ArrivalMismatch);
    let deposit = pool.deposit(&trader, 1_000_000, u64::MAX, u64::MAX);
    pool.refuses(deposit, &trader, PoolError::ArrivalMismatch);
    let creator = pool.creator.clone();
    let withdraw = pool.withdraw(&creator, 1_000_000, 0, 0);
    pool.run(withdraw, &creator);
}

#[test]
fn a_mint_that_turns_unacceptable_stops_deposits_and_swaps_but_no_withdrawal() {
    let extension = MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: u64::MAX,
    };
    let mut pool = Ground::mixed(0, &[extension], true).open(1_000_000_000, 1_000_000_000);
    let trader = pool.holder("trader", 100_000_000, 100_000_000);
    // a close authority appears in the mint, as no instruction of today's Token-2022 can make it
    let mint = pool.mint_a.address;
    let mut raw = pool.world.raw(&mint);
    raw.data.extend_from_slice(&[3, 0, 32, 0]);
    raw.data.extend_from_slice(&[7; 32]);
    raw.lamports = pool.world.rent(raw.data.len());
    pool.world.set_raw(mint, raw);
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, 0);
    pool.refuses(swap, &trader, PoolError::MintIsClosable);
    let deposit = pool.deposit(&trader, 1_000_000, u64::MAX, u64::MAX);
    pool.refuses(deposit, &trader, PoolError::MintIsClosable);
    let creator = pool.creator.clone();
    let everything = pool.withdraw(&creator, pool.world.tokens(&creator.lp), 1, 1);
    pool.run(everything, &creator);
}
