use {
    super::expect::{fee, transfer_fee, ANCHOR_DUPLICATE, ANCHOR_NOT_WRITABLE, ANCHOR_WRONG_ADDRESS, TOKEN_FROZEN},
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{code, Ground, PoolWorld, FEE_PPM, FIRST_A, FIRST_B, PROTOCOL_SHARE_PPM},
        world::MintExtension,
    },
    liquidity_pool::{
        errors::PoolError,
        events::ProtocolFeesCollected,
        state::{ConfigUpdate, Side},
    },
    solana_address::Address,
    solana_signer::Signer,
};

/// What the stage's traders sold.
const SOLD_A: u64 = 77_777_777;
const SOLD_B: u64 = 111_111_111_111_111;

/// The treasury's part of the fee of a sale.
fn owed_for(arrived: u64) -> u64 {
    fee(arrived, FEE_PPM, PROTOCOL_SHARE_PPM).1
}

/// A pool that owes both tokens, and the treasury's accounts.
fn stage() -> (PoolWorld, (Address, Address)) {
    traded(PoolWorld::new(0))
}

fn traded(mut pool: PoolWorld) -> (PoolWorld, (Address, Address)) {
    sell(&mut pool, Side::A, SOLD_A);
    sell(&mut pool, Side::B, SOLD_B);
    let treasury = pool.treasury_accounts();
    (pool, treasury)
}

fn sell(pool: &mut PoolWorld, input: Side, amount: u64) {
    let creator = pool.creator.clone();
    let swap = pool.swap_in(&creator, input, amount, 1);
    pool.run(swap, &creator);
}

fn paid(pool: &PoolWorld, (a, b): (Address, Address)) -> (u64, u64) {
    (pool.world.tokens(&a), pool.world.tokens(&b))
}

fn hundredth() -> MintExtension {
    MintExtension::TransferFee {
        basis_points: 100,
        maximum_atoms: u64::MAX,
    }
}

#[test]
fn anybody_pays_the_treasury_exactly_what_is_owed() {
    let (mut pool, treasury) = stage();
    let owed = (owed_for(SOLD_A), owed_for(SOLD_B));
    assert_eq!(pool.owed(), owed);
    let (reserves, vaults, before) = (pool.reserves(), pool.vaults(), pool.pool());
    let collect = pool.collect(treasury, 3);
    assert!(
        collect.accounts.iter().all(|meta| !meta.is_signer),
        "nobody's consent is asked"
    );
    let receipt = pool.run_unsigned(collect);
    assert_eq!(paid(&pool, treasury), owed);
    assert_eq!(pool.vaults(), (vaults.0 - owed.0, vaults.1 - owed.1));
    assert_eq!(pool.vaults(), reserves, "nothing but the reserves remains");
    assert_eq!((pool.owed(), pool.reserves()), ((0, 0), reserves));
    let mut expected = before;
    expected.protocol_owed_a_atoms = 0.into();
    expected.protocol_owed_b_atoms = 0.into();
    expected.sequence = (before.sequence.get() + 1).into();
    assert_eq!(
        bytemuck::bytes_of(&pool.pool()),
        bytemuck::bytes_of(&expected),
        "nothing else of the pool changed"
    );
    let event = &receipt.events::<ProtocolFeesCollected>()[0];
    assert_eq!(
        (event.pool, event.treasury, event.sequence),
        (pool.at.pool.0, pool.config().treasury, before.sequence.get() + 1)
    );
    assert_eq!((event.collected_a_atoms, event.collected_b_atoms), owed);
    assert_eq!((event.received_a_atoms, event.received_b_atoms), owed);
}

#[test]
fn a_second_collection_finds_nothing_until_somebody_trades() {
    let (mut pool, treasury) = stage();
    let collect = pool.collect(treasury, 3);
    pool.run_unsigned(collect.clone());
    pool.refuses_unsigned(collect.clone(), PoolError::NothingOwed);
    sell(&mut pool, Side::A, SOLD_A);
    pool.run_unsigned(collect);
    assert_eq!(
        paid(&pool, treasury),
        (2 * owed_for(SOLD_A), owed_for(SOLD_B)),
        "each fee is paid once"
    );
}

#[test]
fn a_pool_that_owes_nothing_on_the_chosen_sides_refuses() {
    let mut pool = PoolWorld::new(0);
    let treasury = pool.treasury_accounts();
    for legs in [1, 2, 3] {
        let collect = pool.collect(treasury, legs);
        pool.refuses_unsigned(collect, PoolError::NothingOwed);
    }
    sell(&mut pool, Side::A, SOLD_A);
    let other_side = pool.collect(treasury, 2);
    pool.refuses_unsigned(other_side, PoolError::NothingOwed);
}

#[test]
fn legs_choose_the_sides_and_others_are_refused() {
    let (mut pool, treasury) = stage();
    for legs in [0, 4, 5, 7, 128, 255] {
        let collect = pool.collect(treasury, legs);
        pool.refuses_unsigned(collect, PoolError::UnknownLegs);
    }
    let only_a = pool.collect(treasury, 1);
    let receipt = pool.run_unsigned(only_a);
    assert_eq!(paid(&pool, treasury), (owed_for(SOLD_A), 0));
    assert_eq!(pool.owed(), (0, owed_for(SOLD_B)));
    let event = &receipt.events::<ProtocolFeesCollected>()[0];
    assert_eq!((event.collected_b_atoms, event.received_b_atoms), (0, 0));
    let only_b = pool.collect(treasury, 2);
    pool.run_unsigned(only_b);
    assert_eq!(paid(&pool, treasury), (owed_for(SOLD_A), owed_for(SOLD_B)));
}

#[test]
fn a_side_that_is_not_paid_needs_no_account_of_the_treasury() {
    let mut pool = PoolWorld::new(0);
    sell(&mut pool, Side::B, SOLD_B);
    let (_, treasury_b) = pool.treasury_accounts();
    let nowhere = pool.world.keypair("nowhere").pubkey();
    let collect = pool.collect((nowhere, treasury_b), 3);
    pool.run_unsigned(collect);
    assert_eq!(paid(&pool, (nowhere, treasury_b)), (0, owed_for(SOLD_B)));
    assert!(!pool.world.exists(&nowhere));

    let (mut pool, (treasury_a, _)) = stage();
    let strangers = pool.holder("stranger", 0, 0);
    let collect = pool.collect((treasury_a, strangers.b), 1);
    pool.run_unsigned(collect);
    assert_eq!(paid(&pool, (treasury_a, strangers.b)), (owed_for(SOLD_A), 0));
}

#[test]
fn nobody_but_the_treasury_is_paid() {
    let (mut pool, (treasury_a, treasury_b)) = stage();
    let stranger = pool.holder("stranger", 0, 0);
    let creator = pool.creator.clone();
    let authority = pool.authority.pubkey();
    let authority_a = pool.world.token_account(&pool.mint_a.clone(), &authority);
    for (a, b) in [
        (stranger.a, treasury_b),
        (treasury_a, stranger.b),
        (stranger.a, stranger.b),
        (creator.a, treasury_b),
        (authority_a, treasury_b),
    ] {
        let collect = pool.collect((a, b), 3);
        pool.refuses_unsigned(collect, PoolError::NotTheTreasurysAccount);
    }
    let one_side = pool.collect((stranger.a, treasury_b), 1);
    pool.refuses_unsigned(one_side, PoolError::NotTheTreasurysAccount);
}

#[test]
fn an_account_the_treasury_may_only_spend_from_is_refused() {
    let (mut pool, (_, treasury_b)) = stage();
    let stranger = pool.holder("stranger", 0, 0);
    let treasury = pool.config().treasury;
    let approve = spl_token_2022_interface::instruction::approve(
        &ids::TOKEN,
        &stranger.a,
        &treasury,
        &stranger.key.pubkey(),
        &[],
        u64::MAX,
    )
    .unwrap();
    pool.world.succeeds(approve, &[&stranger.key]);
    let collect = pool.collect((stranger.a, treasury_b), 3);
    pool.refuses_unsigned(collect, PoolError::NotTheTreasurysAccount);
}

#[test]
fn the_treasurys_account_of_another_mint_is_refused() {
    let (mut pool, (treasury_a, treasury_b)) = stage();
    let swapped = pool.collect((treasury_b, treasury_a), 3);
    pool.refuses_unsigned(swapped, PoolError::NotTheTreasurysAccount);
    let gold = pool.world.mint("gold", 6);
    let treasury = pool.config().treasury;
    let golden = pool.world.token_account(&gold, &treasury);
    for (a, b) in [(golden, treasury_b), (treasury_a, golden)] {
        let collect = pool.collect((a, b), 3);
        pool.refuses_unsigned(collect, PoolError::NotTheTreasurysAccount);
    }
}

#[test]
fn what_is_no_token_account_is_refused() {
    let (mut pool, (treasury_a, treasury_b)) = stage();
    let wallet = pool.config().treasury;
    pool.world.airdrop(&wallet, 1_000_000_000);
    let fake = pool.world.keypair("fake").pubkey();
    let mut forged = pool.world.raw(&treasury_a);
    forged.owner = ids::QUADRATIC_GOVERNANCE;
    pool.world.set_raw(fake, forged);
    let blank = pool.world.keypair("blank").pubkey();
    let mut uninitialised = pool.world.raw(&treasury_a);
    uninitialised.data.fill(0);
    pool.world.set_raw(blank, uninitialised);
    // the same bytes, but of the token program that the mint does not belong to
    let foreign = pool.world.keypair("foreign").pubkey();
    let mut token_2022 = pool.world.raw(&treasury_a);
    token_2022.owner = ids::TOKEN_2022;
    pool.world.set_raw(foreign, token_2022);
    let nowhere = pool.world.keypair("nowhere").pubkey();
    for a in [wallet, fake, blank, foreign, nowhere, pool.at.lp_mint.0] {
        let collect = pool.collect((a, treasury_b), 3);
        pool.refuses_unsigned(collect, PoolError::NotTheTreasurysAccount);
    }
}

#[test]
fn a_vault_is_no_destination_even_where_the_pool_is_named_as_treasury() {
    let (mut pool, (treasury_a, _)) = stage();
    let (vault_a, vault_b) = (pool.at.vault_a.0, pool.at.vault_b.0);
    pool.update(ConfigUpdate {
        treasury: Some(pool.at.pool.0),
        ..ConfigUpdate::default()
    });
    for destinations in [(vault_a, vault_b), (vault_b, vault_a), (treasury_a, treasury_a)] {
        let collect = pool.collect(destinations, 3);
        pool.world.fails_with(collect, &[], ANCHOR_DUPLICATE);
    }
}

#[test]
fn a_new_treasury_is_paid_and_the_old_one_no_longer() {
    let (mut pool, old) = stage();
    let new = pool.world.keypair("new treasury").pubkey();
    pool.update(ConfigUpdate {
        treasury: Some(new),
        ..ConfigUpdate::default()
    });
    let to_old = pool.collect(old, 3);
    pool.refuses_unsigned(to_old, PoolError::NotTheTreasurysAccount);
    let accounts = pool.treasury_accounts();
    let to_new = pool.collect(accounts, 3);
    let receipt = pool.run_unsigned(to_new);
    assert_eq!(paid(&pool, accounts), (owed_for(SOLD_A), owed_for(SOLD_B)));
    assert_eq!(receipt.events::<ProtocolFeesCollected>()[0].treasury, new);
}

#[test]
fn nothing_pauses_a_collection() {
    let (mut pool, treasury) = stage();
    pool.pause(7);
    let collect = pool.collect(treasury, 3);
    pool.run_unsigned(collect);
    assert_eq!(pool.owed(), (0, 0));
}

#[test]
fn a_frozen_account_of_the_treasury_holds_back_its_own_side_only() {
    for side in [Side::A, Side::B] {
        let (mut pool, treasury) = stage();
        let (mint, frozen, other_leg) = match side {
            Side::A => (pool.mint_a.clone(), treasury.0, 2),
            Side::B => (pool.mint_b.clone(), treasury.1, 1),
        };
        pool.world.freeze(&mint, &frozen);
        for legs in [3, 3 - other_leg] {
            let collect = pool.collect(treasury, legs);
            pool.world.fails_with(collect, &[], TOKEN_FROZEN);
        }
        let other = pool.collect(treasury, other_leg);
        pool.run_unsigned(other);
        // another account of the treasury is as good
        let owner = pool.config().treasury;
        let second = pool.world.token_account_named(&mint, &owner, "second account");
        let (destinations, owed) = match side {
            Side::A => ((second, treasury.1), owed_for(SOLD_A)),
            Side::B => ((treasury.0, second), owed_for(SOLD_B)),
        };
        let collect = pool.collect(destinations, 3);
        pool.run_unsigned(collect);
        assert_eq!((pool.world.tokens(&second), pool.owed()), (owed, (0, 0)));
    }
}

#[test]
fn a_frozen_vault_holds_back_its_own_side_only_and_only_until_it_is_thawed() {
    let (mut pool, treasury) = stage();
    let (mint, vault) = (pool.mint_b.clone(), pool.at.vault_b.0);
    pool.world.freeze(&mint, &vault);
    let both = pool.collect(treasury, 3);
    pool.world.fails_with(both.clone(), &[], TOKEN_FROZEN);
    let only_a = pool.collect(treasury, 1);
    pool.run_unsigned(only_a);
    assert_eq!(paid(&pool, treasury), (owed_for(SOLD_A), 0));
    pool.world.thaw(&mint, &vault);
    pool.run_unsigned(both);
    assert_eq!(paid(&pool, treasury), (owed_for(SOLD_A), owed_for(SOLD_B)));
}

#[test]
fn a_donation_to_a_vault_is_not_collected() {
    let (mut pool, treasury) = stage();
    let (mint, vault) = (pool.mint_a.clone(), pool.at.vault_a.0);
    pool.world.mint_into(&mint, &vault, 5_000_000);
    let collect = pool.collect(treasury, 3);
    pool.run_unsigned(collect);
    assert_eq!(paid(&pool, treasury), (owed_for(SOLD_A), owed_for(SOLD_B)));
    assert_eq!(pool.vaults().0, pool.reserves().0 + 5_000_000);
}

#[test]
fn a_vault_that_would_not_cover_the_reserve_pays_nothing() {
    for side in [Side::A, Side::B] {
        let (mut pool, treasury) = stage();
        // no instruction makes a vault short: its balance is set by force
        let (vault, held) = match side {
            Side::A => (pool.at.vault_a.0, pool.vaults().0),
            Side::B => (pool.at.vault_b.0, pool.vaults().1),
        };
        let mut raw = pool.world.raw(&vault);
        raw.data[64..72].copy_from_slice(&(held - 1).to_le_bytes());
        pool.world.set_raw(vault, raw);
        let collect = pool.collect(treasury, 3);
        pool.refuses_unsigned(collect, PoolError::VaultShort);
    }
}

#[test]
fn a_transfer_fee_is_the_treasurys_loss_and_what_leaves_the_vaults_is_what_was_owed() {
    let pool = Ground::both_2022(0, &[hundredth()]).open(1_000_000_000, 1_000_000_000);
    let mut pool = pool;
    sell(&mut pool, Side::A, 100_000_000);
    sell(&mut pool, Side::B, 50_000_000);
    // the fee is on what arrived: 99,000,000 and 49,500,000
    let owed = (owed_for(99_000_000), owed_for(49_500_000));
    assert_eq!((pool.owed(), owed), (owed, (59_400, 29_700)));
    let (reserves, vaults) = (pool.reserves(), pool.vaults());
    let treasury = pool.treasury_accounts();
    let collect = pool.collect(treasury, 3);
    let receipt = pool.run_unsigned(collect);
    let net = |amount| amount - transfer_fee(amount, 100, u64::MAX);
    assert_eq!(paid(&pool, treasury), (net(owed.0), net(owed.1)));
    assert_eq!(pool.vaults(), (vaults.0 - owed.0, vaults.1 - owed.1));
    assert_eq!((pool.owed(), pool.reserves()), ((0, 0), reserves));
    let event = &receipt.events::<ProtocolFeesCollected>()[0];
    assert_eq!((event.collected_a_atoms, event.collected_b_atoms), owed);
    assert_eq!(
        (event.received_a_atoms, event.received_b_atoms),
        (net(owed.0), net(owed.1))
    );
}

#[test]
fn mints_of_different_token_programs_are_both_paid() {
    for is_extended_a in [true, false] {
        let mut pool = Ground::mixed(0, &[hundredth()], is_extended_a).open(1_000_000_000, 1_000_000_000);
        sell(&mut pool, Side::A, 100_000_000);
        sell(&mut pool, Side::B, 100_000_000);
        let (owed, vaults) = (pool.owed(), pool.vaults());
        let net = |amount, has_fee| {
            amount
                - if has_fee {
                    transfer_fee(amount, 100, u64::MAX)
                } else {
                    0
                }
        };
        assert!(owed.0 > 0 && owed.1 > 0);
        let treasury = pool.treasury_accounts();
        let collect = pool.collect(treasury, 3);
        pool.run_unsigned(collect);
        assert_eq!(
            paid(&pool, treasury),
            (net(owed.0, is_extended_a), net(owed.1, !is_extended_a))
        );
        assert_eq!(pool.vaults(), (vaults.0 - owed.0, vaults.1 - owed.1));
    }
}

#[test]
fn the_missing_second_token_program_is_named() {
    let (mut pool, treasury) = traded(Ground::mixed(0, &[], false).open(FIRST_A, FIRST_B));
    let mut missing = pool.collect(treasury, 3);
    missing.accounts.pop();
    pool.refuses_unsigned(missing, PoolError::TokenProgramMissing);
    let mut wrong = pool.collect(treasury, 3);
    wrong.accounts[9].pubkey = ids::TOKEN;
    pool.refuses_unsigned(wrong, PoolError::TokenProgramMissing);
    let right = pool.collect(treasury, 3);
    pool.run_unsigned(right);
}

#[test]
fn accounts_of_another_pool_are_refused() {
    let (mut pool, treasury) = stage();
    let elsewhere = pool.world.keypair("elsewhere").pubkey();
    for (index, like, expected) in [
        (1, pool.config, ANCHOR_WRONG_ADDRESS),
        (2, pool.at.vault_a.0, code(PoolError::VaultMismatch)),
        (3, pool.at.vault_b.0, code(PoolError::VaultMismatch)),
        (6, pool.mint_a.address, code(PoolError::MintMismatch)),
        (7, pool.mint_b.address, code(PoolError::MintMismatch)),
    ] {
        let raw = pool.world.raw(&like);
        pool.world.set_raw(elsewhere, raw);
        let mut collect = pool.collect(treasury, 3);
        collect.accounts[index].pubkey = elsewhere;
        pool.world.fails_with(collect, &[], expected);
    }
    let mut collect = pool.collect(treasury, 3);
    collect.accounts[8].pubkey = ids::TOKEN_2022;
    pool.world.fails_with(collect, &[], ANCHOR_WRONG_ADDRESS);
}

#[test]
fn a_stranger_cannot_name_the_treasury_by_a_config_of_his_own() {
    use commonweal_tests::fixtures::pool::{config_address, initialize_config, place_realm, usual_terms};
    let (mut pool, (_, treasury_b)) = stage();
    let stranger = pool.holder("stranger", 0, 0);
    let owner = stranger.key.pubkey();
    let realm = place_realm(&mut pool.world, "his realm", 0);
    let create = initialize_config(&owner, &realm, 666, usual_terms(owner, owner));
    pool.world.succeeds(create, &[&stranger.key]);
    let mut collect = pool.collect((stranger.a, treasury_b), 1);
    collect.accounts[1].pubkey = config_address(666).0;
    pool.world.fails_with(collect, &[], ANCHOR_WRONG_ADDRESS);
}

#[test]
fn read_only_accounts_are_refused() {
    let (mut pool, treasury) = stage();
    for index in [0, 2, 3, 4, 5] {
        let mut collect = pool.collect(treasury, 3);
        collect.accounts[index].is_writable = false;
        pool.world.fails_with(collect, &[], ANCHOR_NOT_WRITABLE);
    }
}

#[test]
fn another_layout_of_pool_or_config_is_refused() {
    for is_config in [false, true] {
        let (mut pool, treasury) = stage();
        let address = if is_config { pool.config } else { pool.at.pool.0 };
        let mut raw = pool.world.raw(&address);
        raw.data[8] = 2;
        pool.world.set_raw(address, raw);
        let collect = pool.collect(treasury, 3);
        pool.refuses_unsigned(collect, PoolError::LayoutVersionMismatch);
    }
}

#[test]
fn after_everybody_has_left_the_treasury_still_is_paid() {
    let (mut pool, treasury) = stage();
    pool.pause(7);
    let creator = pool.creator.clone();
    let all = pool.world.tokens(&creator.lp);
    let leave = pool.withdraw(&creator, all, 0, 0);
    pool.run(leave, &creator);
    let collect = pool.collect(treasury, 3);
    pool.run_unsigned(collect);
    assert_eq!(paid(&pool, treasury), (owed_for(SOLD_A), owed_for(SOLD_B)));
    assert_eq!(pool.vaults(), pool.reserves());
}
