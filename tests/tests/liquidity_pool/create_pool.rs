use {
    super::expect::{
        transfer_fee, ANCHOR_DUPLICATE, ANCHOR_WRONG_ADDRESS, TOKEN_FROZEN, TOKEN_INSUFFICIENT_FUNDS,
        TOKEN_OWNER_MISMATCH,
    },
    commonweal_interface::{ids, token::MintState},
    commonweal_tests::{
        fixtures::pool::{
            assert_invariants, associated_account, code, update_config, Ground, CREATOR_LP, FIRST_A, FIRST_B,
        },
        world::{Failure, MintExtension, Outcome, World},
    },
    liquidity_pool::{
        constants::{RISK_FREEZE_AUTHORITY, RISK_MINT_AUTHORITY, RISK_TRANSFER_FEE},
        errors::PoolError,
        events::PoolCreated,
        state::ConfigUpdate,
    },
    num_bigint::BigUint,
    solana_instruction::{error::InstructionError, Instruction},
    solana_signer::Signer,
};

#[track_caller]
fn refuses(ground: &mut Ground, instruction: Instruction, expected: impl Into<Failure>) {
    let creator = ground.creator.insecure_clone();
    ground.world.fails_with(instruction, &[&creator], expected);
}

#[test]
fn a_pool_starts_with_what_arrived_and_a_thousand_shares_of_nobody() {
    let mut ground = Ground::new(0);
    let creator = ground.creator.insecure_clone();
    let receipt = ground.world.succeeds(ground.create_pool(FIRST_A, FIRST_B), &[&creator]);
    let pool = ground.opened();
    assert_invariants(&pool.world, &pool.at.pool.0);
    let state = pool.pool();
    // ⌊√(10⁹ · 2·10¹⁵)⌋ − 1000 = ⌊√2 · 10¹²⌋ − 1000
    let shares = 1_414_213_562_373 - 1_000;
    assert_eq!(
        (BigUint::from(FIRST_A) * FIRST_B).sqrt(),
        BigUint::from(shares + 1_000u64)
    );
    assert_eq!(pool.reserves(), (FIRST_A, FIRST_B));
    assert_eq!(pool.vaults(), (FIRST_A, FIRST_B));
    assert_eq!(
        (state.lp_supply_atoms.get(), pool.world.tokens(&pool.creator.lp)),
        (shares, shares)
    );
    assert_eq!(pool.world.supply(&pool.at.lp_mint.0), shares);
    assert_eq!((state.version, state.bump, state.index.get()), (1, pool.at.pool.1, 0));
    assert_eq!((state.mint_a, state.mint_b), (pool.mint_a.address, pool.mint_b.address));
    assert_eq!(
        (state.vault_a, state.vault_b, state.lp_mint),
        (pool.at.vault_a.0, pool.at.vault_b.0, pool.at.lp_mint.0)
    );
    assert_eq!((state.decimals_a, state.decimals_b), (6, 9));
    assert_eq!((state.config, state.creator), (pool.config, creator.pubkey()));
    assert_eq!(state.created_ts.get(), pool.world.now());
    assert_eq!(state.risk_flags_a.get(), RISK_FREEZE_AUTHORITY | RISK_MINT_AUTHORITY);
    assert_eq!(state.sequence.get(), 1);
    let event = &receipt.events::<PoolCreated>()[0];
    assert_eq!(
        (event.pool, event.lp_atoms, event.sequence),
        (pool.at.pool.0, shares, 1)
    );
    assert_eq!((event.reserve_a_atoms, event.reserve_b_atoms), (FIRST_A, FIRST_B));
}

#[test]
fn the_lp_mint_has_nine_decimals_the_pool_as_authority_and_nobody_to_freeze() {
    let pool = Ground::new(0).open(FIRST_A, FIRST_B);
    let raw = pool.world.raw(&pool.at.lp_mint.0);
    let mint = MintState::read(&raw.owner, &raw.data).unwrap();
    assert_eq!((mint.decimals, mint.freeze_authority), (9, None));
    assert_eq!((mint.mint_authority, raw.owner), (Some(pool.at.pool.0), ids::TOKEN));
}

#[test]
fn a_pools_rent_with_the_ring_is_below_the_limit() {
    let pool = Ground::new(0).open(FIRST_A, FIRST_B);
    let raw = pool.world.raw(&pool.at.pool.0);
    assert_eq!((raw.data.len(), raw.lamports), (2_304, pool.world.rent(2_304)));
    assert!(raw.lamports <= 18_000_000);
}

#[test]
fn the_first_shares_may_go_to_a_new_key_that_signs() {
    let mut ground = Ground::new(0);
    let creator = ground.creator.insecure_clone();
    let (instruction, key) = ground.create_pool_fresh(FIRST_A, FIRST_B);
    let receipt = ground.world.succeeds(instruction, &[&creator, &key]);
    let state = ground.world.token_state(&key.pubkey());
    assert_eq!((state.owner, state.amount_atoms), (creator.pubkey(), 1_414_213_561_373));
    assert!(receipt.compute_units <= 28_000, "{}", receipt.compute_units);
}

#[test]
fn the_first_shares_never_go_to_an_address_that_neither_signs_nor_belongs_to_the_creator() {
    let mut ground = Ground::new(0);
    let stranger = ground.world.actor("stranger");
    let at = ground.addresses(0);
    let mut instruction = ground.create_pool(FIRST_A, FIRST_B);
    instruction.accounts[CREATOR_LP].pubkey = associated_account(&stranger.pubkey(), &at.lp_mint.0);
    refuses(&mut ground, instruction, InstructionError::InvalidSeeds);
}

#[test]
fn mints_in_the_wrong_order_or_equal_are_refused() {
    let mut ground = Ground::new(0);
    core::mem::swap(&mut ground.mint_a, &mut ground.mint_b);
    core::mem::swap(&mut ground.creator_a, &mut ground.creator_b);
    let instruction = ground.create_pool(FIRST_A, FIRST_B);
    refuses(&mut ground, instruction, code(PoolError::WrongMintOrder));
    let mut ground = Ground::new(0);
    ground.mint_b = ground.mint_a.clone();
    ground.creator_b = ground
        .world
        .token_account_named(&ground.mint_a, &ground.creator.pubkey(), "a second account");
    let mut instruction = ground.create_pool(FIRST_A, FIRST_B);
    refuses(&mut ground, instruction.clone(), ANCHOR_DUPLICATE);
    // with different vault addresses nothing but the order stops it
    instruction.accounts[6].pubkey = ground.world.keypair("other vault").pubkey();
    refuses(&mut ground, instruction, code(PoolError::WrongMintOrder));
}

#[test]
fn an_expired_deadline_is_refused_and_its_own_second_is_not() {
    let mut ground = Ground::new(0);
    let now = ground.world.now();
    let late = ground.create_pool_before(FIRST_A, FIRST_B, now - 1);
    refuses(&mut ground, late, code(PoolError::DeadlineExpired));
    let creator = ground.creator.insecure_clone();
    ground
        .world
        .succeeds(ground.create_pool_before(FIRST_A, FIRST_B, now), &[&creator]);
}

#[test]
fn creating_can_be_paused() {
    let mut ground = Ground::new(0);
    let authority = ground.authority.insecure_clone();
    let pause = ConfigUpdate {
        pause_bits: Some(1),
        ..ConfigUpdate::default()
    };
    ground
        .world
        .succeeds(update_config(&authority.pubkey(), &ground.config, pause), &[&authority]);
    let instruction = ground.create_pool(FIRST_A, FIRST_B);
    refuses(&mut ground, instruction, code(PoolError::Paused));
}

#[test]
fn nothing_or_too_little_as_first_deposit_is_refused() {
    let mut ground = Ground::new(0);
    for (a, b, error) in [
        (0, FIRST_B, PoolError::ZeroAmount),
        (FIRST_A, 0, PoolError::ZeroAmount),
        (1, 1, PoolError::FirstDepositTooSmall),
        (1_000, 1_000, PoolError::FirstDepositTooSmall),
    ] {
        let instruction = ground.create_pool(a, b);
        refuses(&mut ground, instruction, code(error));
    }
    let pool = ground.open(1_001, 1_001);
    assert_eq!(pool.world.tokens(&pool.creator.lp), 1);
}

#[test]
fn more_than_the_creator_has_is_refused_by_the_token_program() {
    let mut ground = Ground::new(0);
    let instruction = ground.create_pool(u64::MAX / 8 + 1, FIRST_B);
    refuses(&mut ground, instruction, TOKEN_INSUFFICIENT_FUNDS);
}

#[test]
fn mints_with_a_denied_extension_are_refused_by_name() {
    use MintExtension as E;
    for (extension, error) in [
        (E::TransferHook, PoolError::MintHasTransferHook),
        (E::PermanentDelegate, PoolError::MintHasPermanentDelegate),
        (E::Pausable, PoolError::MintIsPausable),
        (E::DefaultFrozen, PoolError::MintIsDefaultFrozen),
        (E::Confidential, PoolError::MintIsConfidential),
        (E::MintClose, PoolError::MintIsClosable),
        (E::NonTransferable, PoolError::MintIsNonTransferable),
        (E::ScaledUiAmount, PoolError::MintHasScaledAmount),
        (E::InterestBearing, PoolError::MintIsInterestBearing),
    ] {
        for is_a in [true, false] {
            let mut ground = ground_without_tokens(extension, is_a);
            let instruction = ground.create_pool(FIRST_A, FIRST_B);
            refuses(&mut ground, instruction, code(error));
        }
    }
}

/// Like `Ground::mixed`, without minting: some denied extensions forbid even that.
fn ground_without_tokens(extension: MintExtension, is_extended_a: bool) -> Ground {
    let mut plain = Ground::mixed(0, &[], is_extended_a);
    let mut world = World::seeded(9);
    let mut attempt = 0;
    let other = if is_extended_a {
        plain.mint_b.address
    } else {
        plain.mint_a.address
    };
    let extended = loop {
        let name = format!("denied {attempt}");
        if (world.keypair(&name).pubkey() < other) == is_extended_a {
            break world.mint_2022(&name, 9, &[extension]);
        }
        attempt += 1;
    };
    plain.world.set_raw(extended.address, world.raw(&extended.address));
    if is_extended_a {
        plain.mint_a = extended;
    } else {
        plain.mint_b = extended;
    }
    plain
}

#[test]
fn unknown_and_unmakeable_extensions_are_refused() {
    // permissioned burn (28), a number nobody has given yet, a length beyond the end, a half header
    let cases: [(&[u8], PoolError); 4] = [
        (&[28, 0, 0, 0], PoolError::MintHasPermissionedBurn),
        (&[200, 0, 1, 0, 7], PoolError::MintHasUnknownExtension),
        (&[18, 0, 64, 0, 1, 2], PoolError::MintHasUnknownExtension),
        (&[255, 255, 0, 0], PoolError::MintHasUnknownExtension),
    ];
    for (bytes, error) in cases {
        let mut ground = Ground::mixed(0, &[], true);
        let mut mint = ground.world.raw(&ground.mint_a.address);
        mint.data.resize(165, 0);
        mint.data.push(1);
        mint.data.extend_from_slice(bytes);
        mint.lamports = ground.world.rent(mint.data.len());
        ground.world.set_raw(ground.mint_a.address, mint);
        let instruction = ground.create_pool(FIRST_A, FIRST_B);
        refuses(&mut ground, instruction, code(error));
    }
}

#[test]
fn descriptive_extensions_are_accepted_on_both_sides() {
    let extensions = [MintExtension::MetadataPointer, MintExtension::GroupPointer];
    let pool = Ground::both_2022(0, &extensions).open(FIRST_A, FIRST_B);
    assert_eq!((pool.pool().token_2022_a, pool.pool().token_2022_b), (1, 1));
    for is_a in [true, false] {
        let pool = Ground::mixed(0, &extensions, is_a).open(FIRST_A, FIRST_B);
        assert_eq!(
            (pool.pool().token_2022_a, pool.pool().token_2022_b),
            (u8::from(is_a), u8::from(!is_a))
        );
    }
}

#[test]
fn of_a_mint_with_transfer_fee_what_arrives_is_credited() {
    let fee = MintExtension::TransferFee {
        basis_points: 250,
        maximum_atoms: 1_000_000,
    };
    for is_a in [true, false] {
        let pool = Ground::mixed(0, &[fee], is_a).open(10_000_000, 20_000_000);
        let withheld = |amount| transfer_fee(amount, 250, 1_000_000);
        let expected = if is_a {
            (10_000_000 - withheld(10_000_000), 20_000_000)
        } else {
            (10_000_000, 20_000_000 - withheld(20_000_000))
        };
        assert_eq!(pool.reserves(), expected);
        assert_eq!(pool.vaults(), expected);
        let flags = if is_a {
            pool.pool().risk_flags_a
        } else {
            pool.pool().risk_flags_b
        };
        assert_eq!(
            flags.get(),
            RISK_FREEZE_AUTHORITY | RISK_MINT_AUTHORITY | RISK_TRANSFER_FEE
        );
    }
}

#[test]
fn a_mint_nobody_can_freeze_has_no_such_flag() {
    let mut world = World::new();
    let (one, other) = (
        world.mint_without_freeze("one", 6),
        world.mint_without_freeze("other", 6),
    );
    let (a, b) = if one.address < other.address {
        (one, other)
    } else {
        (other, one)
    };
    let pool = Ground::with_mints(world, a, b).open(FIRST_A, FIRST_B);
    assert_eq!(pool.pool().risk_flags_a.get(), RISK_MINT_AUTHORITY);
}

#[test]
fn a_frozen_account_of_the_creator_is_refused_by_the_token_program() {
    let mut ground = Ground::new(0);
    let (mint, account) = (ground.mint_a.clone(), ground.creator_a);
    ground.world.freeze(&mint, &account);
    let instruction = ground.create_pool(FIRST_A, FIRST_B);
    refuses(&mut ground, instruction, TOKEN_FROZEN);
}

#[test]
fn somebody_elses_tokens_are_refused_by_the_token_program() {
    let mut ground = Ground::new(0);
    let stranger = ground.world.actor("stranger");
    let mint = ground.mint_a.clone();
    ground.creator_a = ground.world.funded(&mint, &stranger.pubkey(), FIRST_A);
    let instruction = ground.create_pool(FIRST_A, FIRST_B);
    refuses(&mut ground, instruction, TOKEN_OWNER_MISMATCH);
}

#[test]
fn what_is_not_a_mint_is_refused() {
    let mut ground = Ground::new(0);
    let mint = ground.mint_a.address;
    let mut raw = ground.world.raw(&mint);
    raw.data[45] = 0;
    ground.world.set_raw(mint, raw);
    let instruction = ground.create_pool(FIRST_A, FIRST_B);
    refuses(&mut ground, instruction, code(PoolError::NotAMint));
}

#[test]
fn token_programs_that_are_not_the_mints_are_refused() {
    let mut ground = Ground::new(0);
    for index in [11, 12] {
        let mut instruction = ground.create_pool(FIRST_A, FIRST_B);
        instruction.accounts[index].pubkey = ids::TOKEN_2022;
        refuses(&mut ground, instruction, code(PoolError::TokenProgramMismatch));
    }
    for index in [13, 14] {
        let mut instruction = ground.create_pool(FIRST_A, FIRST_B);
        instruction.accounts[index].pubkey = ids::TOKEN_2022;
        refuses(&mut ground, instruction, ANCHOR_WRONG_ADDRESS);
    }
}

#[test]
fn a_pool_of_another_index_or_a_wrong_vault_address_is_refused() {
    let mut ground = Ground::new(0);
    let mut instruction = ground.create_pool(FIRST_A, FIRST_B);
    instruction.accounts[4].pubkey = ground.addresses(1).pool.0;
    refuses(&mut ground, instruction, InstructionError::InvalidSeeds);
    for index in [5, 6, 7] {
        let mut instruction = ground.create_pool(FIRST_A, FIRST_B);
        instruction.accounts[index].pubkey = ground.world.keypair("elsewhere").pubkey();
        refuses(&mut ground, instruction, InstructionError::PrivilegeEscalation);
    }
}

#[test]
fn a_config_that_is_another_kind_of_account_is_refused() {
    let mut ground = Ground::new(0);
    let mut raw = ground.world.raw(&ground.config);
    raw.data[0] ^= 1;
    ground.world.set_raw(ground.config, raw);
    let instruction = ground.create_pool(FIRST_A, FIRST_B);
    refuses(&mut ground, instruction, InstructionError::InvalidAccountData);
}

#[test]
fn the_same_pool_is_created_once_and_another_index_is_free() {
    let mut ground = Ground::new(0);
    let creator = ground.creator.insecure_clone();
    ground.world.succeeds(ground.create_pool(FIRST_A, FIRST_B), &[&creator]);
    let instruction = ground.create_pool(FIRST_A, FIRST_B);
    refuses(&mut ground, instruction, 0u32);
    assert_ne!(ground.addresses(0).pool.0, ground.addresses(1).pool.0);
}

#[test]
fn pool_address_squatted_by_an_attacker_first() {
    let mut ground = Ground::new(0);
    let at = ground.addresses(0);
    let lp_account = associated_account(&ground.creator.pubkey(), &at.lp_mint.0);
    for address in [at.pool.0, at.vault_a.0, at.vault_b.0, at.lp_mint.0, lp_account] {
        ground.world.airdrop(&address, 1_000_000);
    }
    let pool = ground.open(FIRST_A, FIRST_B);
    assert_eq!(pool.reserves(), (FIRST_A, FIRST_B));
}

#[test]
fn an_unsigned_creation_fails() {
    let mut ground = Ground::new(0);
    let mut instruction = ground.create_pool(FIRST_A, FIRST_B);
    instruction.accounts[0].is_signer = false;
    match ground.world.send(&[instruction], &[]) {
        Outcome::Failed { failure, .. } => assert_eq!(failure, InstructionError::MissingRequiredSignature.into()),
        Outcome::Succeeded(_) => panic!("created without the creator"),
    }
}
