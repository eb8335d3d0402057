//! A job that is paid and one whose provider never answers.

use commonweal_tests::{
    fixtures::escrow::{state_code, Escrow, CLIENT_ATOMS, DEPOSIT, FEE_PART, PROVIDER_PART},
    world::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn one_job_is_paid_another_is_refunded_and_every_atom_is_accounted_for() {
    let mut escrow = Escrow::ready_in(World::on_a_bank(12));
    let paid = escrow.job_in(state_code::FINAL);
    escrow.run(escrow.close(&paid), &[]);
    assert!(!escrow.world.exists(&paid.job) && !escrow.world.exists(&paid.vault));

    let silent = escrow.job_in(state_code::RUNNING);
    let client_before = escrow.world.lamports(&escrow.key("client"));
    let client_tokens = escrow.world.tokens(&escrow.client_token);
    escrow.world.warp_seconds(31 * 86_400);
    escrow.run(escrow.crank(&silent), &["cranker"]);
    assert!(!escrow.world.exists(&silent.job) && !escrow.world.exists(&silent.vault));
    assert!(
        escrow.world.tokens(&escrow.client_token) > client_tokens,
        "the price came back"
    );
    assert!(
        escrow.world.lamports(&escrow.key("client")) > client_before,
        "and so did the compensation"
    );

    let (provider, treasury) = (escrow.tokens_of("provider"), escrow.tokens_of("treasury"));
    escrow.run(escrow.withdraw_payout(provider), &["provider"]);
    escrow.run(escrow.sweep(treasury), &[]);
    assert_eq!(
        (escrow.world.tokens(&provider), escrow.world.tokens(&treasury)),
        (PROVIDER_PART, FEE_PART)
    );
    let held = [escrow.client_token, provider, treasury];
    assert_eq!(
        held.iter().map(|account| escrow.world.tokens(account)).sum::<u64>(),
        CLIENT_ATOMS
    );
    let bond = escrow.slot_state();
    assert_eq!(bond.locked_lamports.get(), 0, "no bond stays locked");
    assert!(bond.bond_lamports.get() < DEPOSIT, "the silent provider lost its bond");
}
