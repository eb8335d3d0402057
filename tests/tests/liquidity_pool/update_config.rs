use {
    super::expect::ANCHOR_NOT_WRITABLE,
    commonweal_tests::fixtures::pool::{code, full_terms, update_config, Ground, PoolWorld, FIRST_A, FIRST_B},
    liquidity_pool::{
        errors::PoolError,
        events::ConfigUpdated,
        state::{ConfigUpdate, Side},
    },
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

const NOTHING: ConfigUpdate = ConfigUpdate {
    base_fee_ppm: None,
    protocol_share_ppm: None,
    pause_bits: None,
    authority: None,
    treasury: None,
    dynamic_fee_cap_ppm: None,
    dynamic_fee_slope_ppm: None,
    volatility_threshold_ppm: None,
    launch_fee_ppm: None,
    flash_fee_ppm: None,
};

#[track_caller]
fn refuses(pool: &mut PoolWorld, update: ConfigUpdate, error: PoolError) {
    let authority = pool.authority.insecure_clone();
    let instruction = update_config(&authority.pubkey(), &pool.config, update);
    pool.world.fails_with(instruction, &[&authority], code(error));
}

#[test]
fn an_update_changes_what_it_names_and_nothing_else() {
    let mut pool = PoolWorld::new(0);
    let authority = pool.authority.insecure_clone();
    let treasury = pool.world.keypair("new treasury").pubkey();
    pool.pause(4);
    let before = pool.config();
    let update = ConfigUpdate {
        base_fee_ppm: Some(5_000),
        treasury: Some(treasury),
        ..NOTHING
    };
    let instruction = update_config(&authority.pubkey(), &pool.config, update);
    let receipt = pool.world.succeeds(instruction, &[&authority]);
    let mut expected = before;
    expected.base_fee_ppm = 5_000u32.into();
    expected.treasury = treasury;
    expected.sequence = 2u64.into();
    assert_eq!(bytemuck::bytes_of(&pool.config()), bytemuck::bytes_of(&expected));
    let event = &receipt.events::<ConfigUpdated>()[0];
    assert_eq!(
        (event.sequence, event.base_fee_ppm, event.protocol_share_ppm),
        (2, 5_000, 200_000)
    );
    assert_eq!(
        (event.pause_bits, event.treasury),
        (4, treasury),
        "a fee vote lifts no pause"
    );
}

#[test]
fn a_new_fee_holds_for_the_next_swap() {
    let mut pool = PoolWorld::new(0);
    let trader = pool.holder("trader", 1_000_000, 0);
    pool.update(ConfigUpdate {
        base_fee_ppm: Some(0),
        protocol_share_ppm: Some(0),
        ..NOTHING
    });
    let (x, y) = pool.reserves();
    let swap = pool.swap_in(&trader, Side::A, 1_000_000, 1);
    pool.run(swap, &trader);
    assert_eq!(pool.balances(&trader).1, super::expect::bought(1_000_000, x, y));
    assert_eq!(pool.pool().protocol_owed_a_atoms.get(), 0);
}

#[test]
fn only_the_authority_updates() {
    let mut pool = PoolWorld::new(0);
    let stranger = pool.world.actor("stranger");
    let update = ConfigUpdate {
        base_fee_ppm: Some(1),
        ..NOTHING
    };
    let instruction = update_config(&stranger.pubkey(), &pool.config, update);
    pool.world
        .fails_with(instruction, &[&stranger], code(PoolError::NotTheAuthority));
    let mut unsigned = update_config(&pool.authority.pubkey(), &pool.config, update);
    unsigned.accounts[0].is_signer = false;
    pool.world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
}

#[test]
fn nothing_leaves_the_ceilings() {
    let mut pool = PoolWorld::new(0);
    refuses(
        &mut pool,
        ConfigUpdate {
            base_fee_ppm: Some(10_001),
            ..NOTHING
        },
        PoolError::FeeAboveCeiling,
    );
    refuses(
        &mut pool,
        ConfigUpdate {
            protocol_share_ppm: Some(250_001),
            ..NOTHING
        },
        PoolError::ProtocolShareAboveCeiling,
    );
    pool.update(ConfigUpdate {
        base_fee_ppm: Some(10_000),
        protocol_share_ppm: Some(250_000),
        ..NOTHING
    });
}

#[test]
fn the_terms_of_dynamic_launch_and_flash_fees_change_within_their_ceilings() {
    let mut pool = Ground::under(0, full_terms).open(FIRST_A, FIRST_B);
    let authority = pool.authority.insecure_clone();
    let mut expected = pool.config();
    let update = ConfigUpdate {
        dynamic_fee_cap_ppm: Some(50_000),
        dynamic_fee_slope_ppm: Some(1_000_000),
        volatility_threshold_ppm: Some(100_000),
        launch_fee_ppm: Some(300_000),
        flash_fee_ppm: Some(10_000),
        ..NOTHING
    };
    let instruction = update_config(&authority.pubkey(), &pool.config, update);
    let receipt = pool.world.succeeds(instruction, &[&authority]);
    expected.dynamic_fee_cap_ppm = 50_000u32.into();
    expected.dynamic_fee_slope_ppm = 1_000_000u32.into();
    expected.volatility_threshold_ppm = 100_000u32.into();
    expected.launch_fee_ppm = 300_000u32.into();
    expected.flash_fee_ppm = 10_000u32.into();
    expected.sequence = 1u64.into();
    assert_eq!(bytemuck::bytes_of(&pool.config()), bytemuck::bytes_of(&expected));
    let event = &receipt.events::<ConfigUpdated>()[0];
    assert_eq!(
        [
            event.dynamic_fee_cap_ppm,
            event.dynamic_fee_slope_ppm,
            event.volatility_threshold_ppm,
            event.launch_fee_ppm,
            event.flash_fee_ppm
        ],
        [50_000, 1_000_000, 100_000, 300_000, 10_000]
    );
    type Change = fn(&mut ConfigUpdate);
    let cases: [(Change, PoolError); 7] = [
        (|u| u.dynamic_fee_cap_ppm = Some(50_001), PoolError::FeeAboveCeiling),
        (|u| u.launch_fee_ppm = Some(300_001), PoolError::FeeAboveCeiling),
        (|u| u.flash_fee_ppm = Some(10_001), PoolError::FeeAboveCeiling),
        (
            |u| u.dynamic_fee_slope_ppm = Some(1_000_001),
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (
            |u| u.volatility_threshold_ppm = Some(0),
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (
            |u| u.volatility_threshold_ppm = Some(100_001),
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (|u| u.pause_bits = Some(31), PoolError::UnknownPauseBit),
    ];
    for (change, error) in cases {
        let mut update = NOTHING;
        change(&mut update);
        refuses(&mut pool, update, error);
    }
}

#[test]
fn a_mechanism_whose_ceiling_is_zero_stays_off() {
    let mut pool = PoolWorld::new(0);
    type Change = fn(&mut ConfigUpdate);
    let cases: [(Change, PoolError); 5] = [
        (|u| u.dynamic_fee_cap_ppm = Some(1), PoolError::FeeAboveCeiling),
        (|u| u.launch_fee_ppm = Some(1), PoolError::FeeAboveCeiling),
        (|u| u.flash_fee_ppm = Some(1), PoolError::FeeAboveCeiling),
        (
            |u| u.dynamic_fee_slope_ppm = Some(1),
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (
            |u| u.volatility_threshold_ppm = Some(1),
            PoolError::DynamicFeeTermsOutOfRange,
        ),
    ];
    for (change, error) in cases {
        let mut update = NOTHING;
        change(&mut update);
        refuses(&mut pool, update, error);
    }
}

#[test]
fn an_empty_update_an_unknown_bit_and_a_zero_address_are_refused() {
    let mut pool = PoolWorld::new(0);
    refuses(&mut pool, NOTHING, PoolError::NothingToUpdate);
    refuses(
        &mut pool,
        ConfigUpdate {
            pause_bits: Some(16),
            ..NOTHING
        },
        PoolError::UnknownPauseBit,
    );
    let zero = Some(Address::default());
    refuses(
        &mut pool,
        ConfigUpdate {
            authority: zero,
            ..NOTHING
        },
        PoolError::ZeroAddress,
    );
    refuses(
        &mut pool,
        ConfigUpdate {
            treasury: zero,
            ..NOTHING
        },
        PoolError::ZeroAddress,
    );
}

#[test]
fn a_replaced_authority_has_no_power_left() {
    let mut pool = PoolWorld::new(0);
    let heir = pool.world.actor("heir");
    pool.update(ConfigUpdate {
        authority: Some(heir.pubkey()),
        ..NOTHING
    });
    refuses(
        &mut pool,
        ConfigUpdate {
            pause_bits: Some(15),
            ..NOTHING
        },
        PoolError::NotTheAuthority,
    );
    pool.authority = heir;
    pool.pause(15);
}

#[test]
fn a_config_passed_read_only_or_of_another_kind_is_refused() {
    let mut pool = PoolWorld::new(0);
    let authority = pool.authority.insecure_clone();
    let update = ConfigUpdate {
        pause_bits: Some(1),
        ..NOTHING
    };
    let mut read_only = update_config(&authority.pubkey(), &pool.config, update);
    read_only.accounts[1].is_writable = false;
    pool.world.fails_with(read_only, &[&authority], ANCHOR_NOT_WRITABLE);
    let other_kind = update_config(&authority.pubkey(), &pool.at.pool.0, update);
    pool.world
        .fails_with(other_kind, &[&authority], InstructionError::InvalidAccountData);
    let mut raw = pool.world.raw(&pool.config);
    raw.owner = commonweal_interface::ids::COMPUTE_ESCROW;
    let look_alike = pool.world.keypair("look-alike").pubkey();
    pool.world.set_raw(look_alike, raw);
    let foreign = update_config(&authority.pubkey(), &look_alike, update);
    pool.world
        .fails_with(foreign, &[&authority], InstructionError::IllegalOwner);
}
