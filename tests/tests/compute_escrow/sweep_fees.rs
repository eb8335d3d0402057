use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn anyone_sweeps_the_fee_to_the_treasury() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::FINAL);
    let account = e.tokens_of("treasury");
    e.run(e.sweep(account), &[]);
    assert_eq!(e.world.tokens(&account), FEE_PART);
    let payout = e.payout_state();
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (PROVIDER_PART, 0)
    );
    e.fails(e.sweep(account), &[], EscrowError::NothingDue);
}

#[test]
fn fees_go_to_the_treasury_and_nobody_else() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::FINAL);
    let strangers = e.tokens_of("stranger");
    e.fails(e.sweep(strangers), &[], EscrowError::NotTheTreasurysAccount);
    let gold = e.world.mint("gold", 6);
    let treasury = e.key("treasury");
    let other_mint = e.world.token_account(&gold, &treasury);
    e.fails(e.sweep(other_mint), &[], EscrowError::NotTheTreasurysAccount);
    e.fails(e.sweep(e.slot), &[], EscrowError::NotTheTreasurysAccount);
}

#[test]
fn the_config_must_be_the_payouts_own() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::FINAL);
    let stranger = e.key("stranger");
    let own = ConfigParams {
        treasury: stranger,
        ..params(&e.world)
    };
    e.run(
        ix::initialize_config(stranger, 666, false, stranger, &own, e.realm, e.mint.address),
        &["stranger"],
    );
    let strangers = e.tokens_of("stranger");
    e.fails(
        ix::with(e.sweep(strangers), 0, ix::config(666).0),
        &[],
        EscrowError::ConfigMismatch,
    );
    e.fails_as(ix::with(e.sweep(strangers), 2, e.client_token), &[], builtin::ADDRESS);
}
