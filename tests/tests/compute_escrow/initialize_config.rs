use {
    crate::builtin,
    commonweal_tests::{
        fixtures::escrow::{ix, *},
        world::MintExtension,
    },
    solana_address::Address,
};

fn with_params(e: &Escrow, change: impl Fn(&mut ConfigParams)) -> solana_instruction::Instruction {
    let mut p = params(&e.world);
    change(&mut p);
    ix::initialize_config(
        e.key("admin"),
        e.config_id,
        false,
        e.key("admin"),
        &p,
        e.realm,
        e.mint.address,
    )
}

#[test]
fn a_config_keeps_what_it_was_given() {
    let mut e = Escrow::bare(3);
    e.run(e.initialize_config(), &["admin"]);
    let config: EscrowConfig = e.world.state(&e.config);
    assert_eq!((config.version, config.bump, config.id.get()), (1, ix::config(3).1, 3));
    assert_eq!(
        (config.authority, config.treasury, config.realm),
        (e.key("admin"), e.key("treasury"), e.realm)
    );
    assert_eq!(
        (config.fee_ppm.get(), config.crank_bounty_lamports.get()),
        (FEE_PPM, BOUNTY)
    );
    assert_eq!((config.min_bond_lamports.get(), config.is_rehearsal), (MIN_BOND, 0));
    assert_eq!(config.genesis_hash, [7; 32]);
    assert_eq!(
        (config.payment_mint_count, config.payment_mints[0].mint),
        (1, e.mint.address)
    );
    assert_eq!(
        (config.payment_mints[0].decimals, config.payment_mints[0].flags),
        (6, 1),
        "a freeze authority is flagged"
    );
    assert_eq!(e.world.lamports(&e.config), e.world.rent(760));
}

#[test]
fn a_config_is_made_at_an_address_that_already_has_lamports() {
    let mut e = Escrow::bare(0);
    e.world.airdrop(&e.config.clone(), 1_000_000);
    e.run(e.initialize_config(), &["admin"]);
    assert_eq!(e.world.lamports(&e.config), e.world.rent(760));
}

#[test]
fn a_config_is_made_once() {
    let mut e = Escrow::configured(0);
    e.fails_as(e.initialize_config(), &["admin"], builtin::SYSTEM_IN_USE);
}

#[test]
fn a_fee_above_five_percent_is_refused() {
    let mut e = Escrow::bare(0);
    let instruction = with_params(&e, |p| p.fee_ppm = 50_001);
    e.fails(instruction, &["admin"], EscrowError::FeeAboveCeiling);
    let instruction = with_params(&e, |p| p.fee_ppm = 50_000);
    e.run(instruction, &["admin"]);
}

#[test]
fn parameters_outside_their_bounds_are_refused() {
    let mut e = Escrow::bare(0);
    for bounty in [9_999, 10_000_001] {
        let instruction = with_params(&e, |p| p.crank_bounty_lamports = bounty);
        e.fails(instruction, &["admin"], EscrowError::BountyOutOfBounds);
    }
    let instruction = with_params(&e, |p| p.min_bond_lamports = 10_000_000_001);
    e.fails(instruction, &["admin"], EscrowError::MinBondAboveCeiling);
    let instruction = with_params(&e, |p| p.treasury = Address::default());
    e.fails(instruction, &["admin"], EscrowError::ZeroAddress);
    let instruction = ix::initialize_config(
        e.key("admin"),
        e.config_id,
        false,
        Address::default(),
        &params(&e.world),
        e.realm,
        e.mint.address,
    );
    e.fails(instruction, &["admin"], EscrowError::ZeroAddress);
}

#[test]
fn the_rehearsal_flag_must_be_the_realms() {
    let mut e = Escrow::bare(0);
    let rehearsal = put_realm(&mut e.world, "rehearsal realm", true);
    e.fails(
        ix::with(e.initialize_config(), 2, rehearsal),
        &["admin"],
        EscrowError::RehearsalMismatch,
    );
}

#[test]
fn only_a_realm_of_the_governance_program_is_a_realm() {
    let mut e = Escrow::bare(0);
    e.fails(
        ix::with(e.initialize_config(), 2, e.mint.address),
        &["admin"],
        EscrowError::NotARealm,
    );

    let mut account = e.world.raw(&e.realm);
    account.data[0] ^= 1;
    let another_type = e.key("another type");
    e.world.set_raw(another_type, account.clone());
    e.fails(
        ix::with(e.initialize_config(), 2, another_type),
        &["admin"],
        EscrowError::NotARealm,
    );

    account.data[0] ^= 1;
    account.owner = e.key("stranger");
    let look_alike = e.key("look-alike");
    e.world.set_raw(look_alike, account);
    e.fails(
        ix::with(e.initialize_config(), 2, look_alike),
        &["admin"],
        EscrowError::NotARealm,
    );
}

#[test]
fn mints_that_change_move_or_stop_balances_are_refused() {
    let mut e = Escrow::bare(0);
    for (number, extension) in [
        MintExtension::TransferFee {
            basis_points: 1,
            maximum_atoms: 1,
        },
        MintExtension::PermanentDelegate,
        MintExtension::Pausable,
        MintExtension::DefaultFrozen,
        MintExtension::Confidential,
        MintExtension::MintClose,
        MintExtension::NonTransferable,
        MintExtension::ScaledUiAmount,
        MintExtension::InterestBearing,
    ]
    .into_iter()
    .enumerate()
    {
        let mint = e.world.mint_2022(&format!("bad money {number}"), 6, &[extension]);
        e.fails(
            ix::with(e.initialize_config(), 3, mint.address),
            &["admin"],
            EscrowError::MintRefused,
        );
    }
    let hooked = hooked_mint(&mut e.world, "hooked money");
    e.fails(
        ix::with(e.initialize_config(), 3, hooked),
        &["admin"],
        EscrowError::MintRefused,
    );
    e.fails(
        ix::with(e.initialize_config(), 3, e.client_token),
        &["admin"],
        EscrowError::MintRefused,
    );
}

#[test]
fn the_payer_must_sign() {
    let mut e = Escrow::bare(0);
    e.fails_as(
        ix::unsigned(e.initialize_config(), 0),
        &["admin"],
        builtin::MissingRequiredSignature,
    );
}

#[test]
fn the_realm_is_read_where_the_governance_program_writes_it() {
    use {anchor_lang::Discriminator, quadratic_governance::state::Realm};
    assert_eq!(Realm::DISCRIMINATOR, &sha(&[b"account:Realm"])[..8]);
    assert_eq!(8 + core::mem::offset_of!(Realm, rehearsal), 10);
}
