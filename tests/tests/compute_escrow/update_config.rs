use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn the_authority_changes_the_parameters() {
    let mut e = Escrow::configured(0);
    let p = ConfigParams {
        fee_ppm: 50_000,
        crank_bounty_lamports: 10_000_000,
        min_bond_lamports: 0,
        treasury: e.key("stranger"),
    };
    e.run(ix::update_config(e.config, e.key("admin"), &p), &["admin"]);
    let config: EscrowConfig = e.world.state(&e.config);
    assert_eq!(
        (config.fee_ppm.get(), config.crank_bounty_lamports.get()),
        (50_000, 10_000_000)
    );
    assert_eq!(
        (config.min_bond_lamports.get(), config.treasury),
        (0, e.key("stranger"))
    );
    assert_eq!(
        (config.authority, config.realm, config.genesis_hash),
        (e.key("admin"), e.realm, [7; 32]),
        "fixed"
    );
}

#[test]
fn nobody_else_changes_them() {
    let mut e = Escrow::configured(0);
    let p = params(&e.world);
    e.fails_as(
        ix::update_config(e.config, e.key("stranger"), &p),
        &["stranger"],
        builtin::ADDRESS,
    );
    let unsigned = ix::unsigned(ix::update_config(e.config, e.key("admin"), &p), 1);
    e.fails_as(unsigned, &[], builtin::MissingRequiredSignature);
}

#[test]
fn no_authority_raises_the_fee_above_its_ceiling() {
    let mut e = Escrow::configured(0);
    let p = ConfigParams {
        fee_ppm: 50_001,
        ..params(&e.world)
    };
    e.fails(
        ix::update_config(e.config, e.key("admin"), &p),
        &["admin"],
        EscrowError::FeeAboveCeiling,
    );
    let p = ConfigParams {
        crank_bounty_lamports: 0,
        ..params(&e.world)
    };
    e.fails(
        ix::update_config(e.config, e.key("admin"), &p),
        &["admin"],
        EscrowError::BountyOutOfBounds,
    );
}

#[test]
fn a_raised_fee_does_not_reach_posted_jobs() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CHALLENGEABLE);
    let p = ConfigParams {
        fee_ppm: 50_000,
        ..params(&e.world)
    };
    e.run(ix::update_config(e.config, e.key("admin"), &p), &["admin"]);
    e.world.warp_seconds(3_600);
    e.run(e.settle(&order), &[]);
    assert_eq!(e.payout_state().fee_due_atoms.get(), FEE_PART);
}

#[test]
fn another_type_of_account_is_no_config() {
    let mut e = Escrow::ready(0);
    let p = params(&e.world);
    e.fails_as(
        ix::update_config(e.slot, e.key("provider"), &p),
        &["provider"],
        builtin::AccountDataTooSmall,
    );
}
