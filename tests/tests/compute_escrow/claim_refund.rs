use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn a_frozen_client_is_paid_to_the_account_it_names() {
    let mut e = Escrow::ready(0);
    let payer = e.world.lamports(&e.key("payer"));
    let order = e.refundable();
    let job = e.job(&order);
    assert_eq!(
        (job.state, job.crank_reserve_lamports.get()),
        (state_code::REFUNDABLE, 0)
    );
    let other = e.tokens_of("stranger");
    e.run(e.claim_refund(&order, other), &["client"]);
    assert_eq!(e.world.tokens(&other), PRICE);
    assert_eq!(
        e.world.lamports(&e.key("payer")),
        payer - BOUNTY,
        "the rent is back, the bounty went to the cranker"
    );
    assert!(!e.world.exists(&order.job) && !e.world.exists(&order.vault));
}

#[test]
fn only_a_delayed_refund_is_claimed() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    e.fails(
        e.claim_refund(&order, e.client_token),
        &["client"],
        EscrowError::WrongJobState,
    );
    e.drive(&order, state_code::FINAL);
    e.fails(
        e.claim_refund(&order, e.client_token),
        &["client"],
        EscrowError::WrongJobState,
    );
}

#[test]
fn only_the_client_claims_it() {
    let mut e = Escrow::ready(0);
    let other = e.post();
    let order = e.refundable();
    let strangers = e.tokens_of("stranger");
    let claim = e.claim_refund(&order, strangers);
    e.fails_as(
        ix::with(claim.clone(), 0, e.key("stranger")),
        &["stranger"],
        builtin::ADDRESS,
    );
    e.fails_as(
        ix::with(claim.clone(), 4, e.key("stranger")),
        &["client"],
        builtin::ADDRESS,
    );
    e.fails(
        ix::with(claim.clone(), 2, other.vault),
        &["client"],
        EscrowError::NotTheVault,
    );
    e.fails_as(ix::with(claim.clone(), 5, other.vault), &["client"], builtin::ADDRESS);
    e.fails_as(ix::unsigned(claim, 0), &[], builtin::MissingRequiredSignature);
    e.fails_as(
        e.claim_refund(&order, e.client_token),
        &["client"],
        builtin::TOKEN_FROZEN,
    );
}
