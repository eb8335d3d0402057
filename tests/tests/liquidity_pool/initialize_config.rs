use {
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{code, config_address, full_terms, initialize_config, place_realm, stable_terms, usual_terms},
        world::World,
    },
    liquidity_pool::{
        errors::PoolError,
        events::ConfigInitialized,
        state::{ConfigTerms, PoolConfig},
    },
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

fn stage() -> (World, Keypair, Address, ConfigTerms) {
    let mut world = World::new();
    let payer = world.actor("payer");
    let realm = place_realm(&mut world, "realm", 0);
    let terms = usual_terms(world.keypair("authority").pubkey(), world.keypair("treasury").pubkey());
    (world, payer, realm, terms)
}

#[test]
fn a_config_holds_its_terms_and_nothing_else() {
    let (mut world, payer, realm, terms) = stage();
    let before = world.lamports(&payer.pubkey());
    let receipt = world.succeeds(initialize_config(&payer.pubkey(), &realm, 7, terms), &[&payer]);
    let (address, bump) = config_address(7);
    let config: PoolConfig = world.state(&address);
    assert_eq!(
        (config.version, config.bump, config.rehearsal, config.curve),
        (1, bump, 0, 0)
    );
    assert_eq!((config.id.get(), config.realm, config.pause_bits), (7, realm, 0));
    assert_eq!((config.authority, config.treasury), (terms.authority, terms.treasury));
    assert_eq!(
        (config.base_fee_ppm.get(), config.max_base_fee_ppm.get()),
        (3_000, 10_000)
    );
    assert_eq!(
        (config.protocol_share_ppm.get(), config.max_protocol_share_ppm.get()),
        (200_000, 250_000)
    );
    assert_eq!(
        (
            config.vesting_slots.get(),
            config.amplification_to.get(),
            config.sequence.get()
        ),
        (0, 0, 0)
    );
    assert_eq!(config.reserved, [0; 64]);
    assert_eq!(world.raw(&address).data.len(), 280);
    assert_eq!(
        before - world.lamports(&payer.pubkey()),
        world.rent(280),
        "the payer pays exactly the rent"
    );
    let event = &receipt.events::<ConfigInitialized>()[0];
    assert_eq!(
        (event.config, event.realm, event.id, event.base_fee_ppm),
        (address, realm, 7, 3_000)
    );
}

#[test]
fn a_config_of_a_rehearsal_realm_says_so() {
    let (mut world, payer, _, terms) = stage();
    let realm = place_realm(&mut world, "rehearsal realm", 1);
    let terms = ConfigTerms {
        rehearsal: true,
        ..terms
    };
    world.succeeds(initialize_config(&payer.pubkey(), &realm, 0, terms), &[&payer]);
    assert_eq!(world.state::<PoolConfig>(&config_address(0).0).rehearsal, 1);
}

#[test]
fn a_rehearsal_flag_that_is_not_the_realms_is_refused() {
    let (mut world, payer, realm, terms) = stage();
    let rehearsal = place_realm(&mut world, "rehearsal realm", 1);
    let pretending = ConfigTerms {
        rehearsal: true,
        ..terms
    };
    for (realm, terms) in [(realm, pretending), (rehearsal, terms)] {
        let instruction = initialize_config(&payer.pubkey(), &realm, 0, terms);
        world.fails_with(instruction, &[&payer], code(PoolError::RehearsalMismatch));
    }
}

#[test]
fn an_account_that_is_no_realm_is_refused() {
    let (mut world, payer, realm, terms) = stage();
    let genuine = world.raw(&realm);
    let mut foreign = genuine.clone();
    foreign.owner = ids::COMPUTE_ESCROW;
    let mut other_kind = genuine.clone();
    other_kind.data[0] ^= 1;
    let mut strange_flag = genuine.clone();
    strange_flag.data[10] = 2;
    let mut short = genuine;
    short.data.truncate(10);
    for fake in [foreign, other_kind, strange_flag, short] {
        world.set_raw(realm, fake);
        let instruction = initialize_config(&payer.pubkey(), &realm, 0, terms);
        world.fails_with(instruction, &[&payer], code(PoolError::NotARealm));
    }
}

#[test]
fn a_config_with_every_mechanism_on_holds_every_term() {
    let (mut world, payer, realm, terms) = stage();
    let terms = ConfigTerms {
        curve: 1,
        amplification: 85,
        ..full_terms(terms.authority, terms.treasury)
    };
    let receipt = world.succeeds(initialize_config(&payer.pubkey(), &realm, 7, terms), &[&payer]);
    let config: PoolConfig = world.state(&config_address(7).0);
    assert_eq!(
        [
            config.dynamic_fee_cap_ppm.get(),
            config.max_dynamic_fee_cap_ppm.get(),
            config.dynamic_fee_slope_ppm.get(),
            config.volatility_threshold_ppm.get(),
            config.volatility_reset_seconds.get(),
            config.launch_fee_ppm.get(),
            config.max_launch_fee_ppm.get(),
            config.launch_seconds.get(),
            config.flash_fee_ppm.get(),
            config.max_flash_fee_ppm.get(),
            config.vesting_slots.get(),
            config.oracle_step_ppm.get(),
        ],
        [20_000, 50_000, 100_000, 1_000, 3_600, 200_000, 300_000, 3_600, 900, 10_000, 4_500, 10_000]
    );
    assert_eq!(
        (
            config.curve,
            config.amplification_from.get(),
            config.amplification_to.get()
        ),
        (1, 85, 85)
    );
    assert_eq!((config.ramp_start_ts.get(), config.ramp_end_ts.get()), (0, 0));
    let event = &receipt.events::<ConfigInitialized>()[0];
    assert_eq!(
        [
            event.base_fee_ppm,
            event.max_base_fee_ppm,
            event.protocol_share_ppm,
            event.max_protocol_share_ppm,
            event.dynamic_fee_cap_ppm,
            event.max_dynamic_fee_cap_ppm,
            event.dynamic_fee_slope_ppm,
            event.volatility_threshold_ppm,
            event.launch_fee_ppm,
            event.max_launch_fee_ppm,
            event.launch_seconds,
            event.flash_fee_ppm,
            event.max_flash_fee_ppm,
            event.vesting_slots,
            event.oracle_step_ppm,
            event.amplification,
        ],
        [
            3_000, 10_000, 200_000, 250_000, 20_000, 50_000, 100_000, 1_000, 200_000, 300_000, 3_600, 900, 10_000,
            4_500, 10_000, 85
        ]
    );
}

#[test]
fn terms_out_of_their_ranges_are_refused_by_name() {
    let (mut world, payer, realm, terms) = stage();
    let full = full_terms(terms.authority, terms.treasury);
    let stable = stable_terms(terms.authority, terms.treasury);
    type Change = fn(&mut ConfigTerms);
    let cases: [(ConfigTerms, Change, PoolError); 25] = [
        (terms, |t| t.curve = 2, PoolError::CurveNotSupported),
        (terms, |t| t.curve = 255, PoolError::CurveNotSupported),
        (terms, |t| t.amplification = 100, PoolError::AmplificationNotSupported),
        (stable, |t| t.amplification = 0, PoolError::AmplificationNotSupported),
        (
            stable,
            |t| t.amplification = 1_000_001,
            PoolError::AmplificationNotSupported,
        ),
        (full, |t| t.vesting_slots = 9_001, PoolError::VestingNotSupported),
        (full, |t| t.dynamic_fee_cap_ppm = 50_001, PoolError::FeeAboveCeiling),
        (terms, |t| t.dynamic_fee_cap_ppm = 1, PoolError::FeeAboveCeiling),
        (
            full,
            |t| t.dynamic_fee_slope_ppm = 1_000_001,
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (
            full,
            |t| t.volatility_threshold_ppm = 0,
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (
            full,
            |t| t.volatility_threshold_ppm = 100_001,
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (
            terms,
            |t| t.dynamic_fee_slope_ppm = 1,
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (
            terms,
            |t| t.volatility_threshold_ppm = 1,
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (
            terms,
            |t| t.max_dynamic_fee_cap_ppm = 1,
            PoolError::DynamicFeeTermsOutOfRange,
        ),
        (full, |t| t.launch_fee_ppm = 300_001, PoolError::FeeAboveCeiling),
        (terms, |t| t.launch_fee_ppm = 1, PoolError::FeeAboveCeiling),
        (full, |t| t.launch_seconds = 0, PoolError::LaunchTermsOutOfRange),
        (full, |t| t.launch_seconds = 86_401, PoolError::LaunchTermsOutOfRange),
        (terms, |t| t.launch_seconds = 1, PoolError::LaunchTermsOutOfRange),
        (terms, |t| t.max_launch_fee_ppm = 1, PoolError::LaunchTermsOutOfRange),
        (full, |t| t.flash_fee_ppm = 10_001, PoolError::FeeAboveCeiling),
        (terms, |t| t.flash_fee_ppm = 1, PoolError::FeeAboveCeiling),
        (terms, |t| t.oracle_step_ppm = 0, PoolError::OracleStepOutOfRange),
        (terms, |t| t.oracle_step_ppm = 100_001, PoolError::OracleStepOutOfRange),
        (terms, |t| t.oracle_step_ppm = u32::MAX, PoolError::OracleStepOutOfRange),
    ];
    for (mut terms, change, error) in cases {
        change(&mut terms);
        world.fails_with(
            initialize_config(&payer.pubkey(), &realm, 0, terms),
            &[&payer],
            code(error),
        );
    }
}

#[test]
fn terms_at_the_ends_of_their_ranges_are_accepted() {
    let (mut world, payer, realm, terms) = stage();
    let full = full_terms(terms.authority, terms.treasury);
    let stable = stable_terms(terms.authority, terms.treasury);
    type Change = fn(&mut ConfigTerms);
    let cases: [(ConfigTerms, Change); 8] = [
        (stable, |t| t.amplification = 1),
        (stable, |t| t.amplification = 1_000_000),
        (full, |t| (t.vesting_slots, t.oracle_step_ppm) = (9_000, 1)),
        (full, |t| t.oracle_step_ppm = 100_000),
        (full, |t| {
            (t.dynamic_fee_slope_ppm, t.volatility_threshold_ppm) = (1_000_000, 100_000)
        }),
        (full, |t| (t.dynamic_fee_slope_ppm, t.volatility_threshold_ppm) = (0, 1)),
        (full, |t| t.launch_seconds = 86_400),
        (full, |t| {
            (t.max_base_fee_ppm, t.max_dynamic_fee_cap_ppm, t.max_launch_fee_ppm) = (50_000, 50_000, 500_000);
            (t.max_flash_fee_ppm, t.flash_fee_ppm) = (100_000, 100_000);
        }),
    ];
    for (id, (mut terms, change)) in cases.into_iter().enumerate() {
        change(&mut terms);
        let create = initialize_config(&payer.pubkey(), &realm, id as u64, terms);
        world.succeeds(create, &[&payer]);
    }
}

#[test]
fn ceilings_above_the_programs_and_fees_above_the_ceilings_are_refused() {
    let (mut world, payer, realm, terms) = stage();
    type Change = fn(&mut ConfigTerms);
    let cases: [(Change, PoolError); 9] = [
        (|t| t.max_base_fee_ppm = 100_001, PoolError::CeilingTooHigh),
        (|t| t.max_dynamic_fee_cap_ppm = 100_001, PoolError::CeilingTooHigh),
        (|t| t.max_launch_fee_ppm = 500_001, PoolError::CeilingTooHigh),
        (
            // 60.0001 % together, each within its own limit
            |t| (t.max_base_fee_ppm, t.max_dynamic_fee_cap_ppm, t.max_launch_fee_ppm) = (50_001, 50_000, 500_000),
            PoolError::CeilingTooHigh,
        ),
        (|t| t.max_launch_fee_ppm = u32::MAX, PoolError::CeilingTooHigh),
        (|t| t.max_flash_fee_ppm = 100_001, PoolError::CeilingTooHigh),
        (|t| t.max_protocol_share_ppm = 250_001, PoolError::CeilingTooHigh),
        (|t| t.base_fee_ppm = 10_001, PoolError::FeeAboveCeiling),
        (
            |t| (t.protocol_share_ppm, t.max_protocol_share_ppm) = (100_001, 100_000),
            PoolError::ProtocolShareAboveCeiling,
        ),
    ];
    for (change, error) in cases {
        let mut terms = terms;
        change(&mut terms);
        world.fails_with(
            initialize_config(&payer.pubkey(), &realm, 0, terms),
            &[&payer],
            code(error),
        );
    }
    let highest = ConfigTerms {
        base_fee_ppm: 100_000,
        max_base_fee_ppm: 100_000,
        protocol_share_ppm: 250_000,
        ..terms
    };
    world.succeeds(initialize_config(&payer.pubkey(), &realm, 0, highest), &[&payer]);
}

#[test]
fn nobody_as_authority_or_treasury_is_refused() {
    let (mut world, payer, realm, terms) = stage();
    let zero = Address::default();
    for terms in [
        ConfigTerms {
            authority: zero,
            ..terms
        },
        ConfigTerms {
            treasury: zero,
            ..terms
        },
    ] {
        let instruction = initialize_config(&payer.pubkey(), &realm, 0, terms);
        world.fails_with(instruction, &[&payer], code(PoolError::ZeroAddress));
    }
}

#[test]
fn an_id_is_taken_once() {
    let (mut world, payer, realm, terms) = stage();
    world.succeeds(initialize_config(&payer.pubkey(), &realm, 3, terms), &[&payer]);
    let again = initialize_config(&payer.pubkey(), &realm, 3, terms);
    // the address holds lamports now, so the system program refuses to allocate it again
    world.fails_with(again, &[&payer], 0u32);
}

#[test]
fn another_ids_address_is_refused() {
    let (mut world, payer, realm, terms) = stage();
    let mut instruction = initialize_config(&payer.pubkey(), &realm, 3, terms);
    instruction.accounts[1].pubkey = config_address(4).0;
    world.fails_with(instruction, &[&payer], InstructionError::InvalidSeeds);
}

#[test]
fn an_address_prefunded_by_an_attacker_is_still_usable() {
    let (mut world, payer, realm, terms) = stage();
    world.airdrop(&config_address(5).0, 1_000_000);
    world.succeeds(initialize_config(&payer.pubkey(), &realm, 5, terms), &[&payer]);
    assert_eq!(world.lamports(&config_address(5).0), world.rent(280));
}

#[test]
fn the_payer_must_sign() {
    let (mut world, payer, realm, terms) = stage();
    let mut instruction = initialize_config(&payer.pubkey(), &realm, 0, terms);
    instruction.accounts[0].is_signer = false;
    world.fails_with(instruction, &[], InstructionError::MissingRequiredSignature);
}

#[test]
fn the_prefix_read_of_a_realm_is_the_one_governance_writes() {
    use {anchor_lang::Discriminator, core::mem::offset_of, quadratic_governance::state::Realm};
    assert_eq!(Realm::DISCRIMINATOR, commonweal_interface::views::REALM_DISCRIMINATOR);
    assert_eq!(8 + offset_of!(Realm, version), 8);
    assert_eq!(8 + offset_of!(Realm, bump), 9);
    assert_eq!(8 + offset_of!(Realm, rehearsal), 10);
}
