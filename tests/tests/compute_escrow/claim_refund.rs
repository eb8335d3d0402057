use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

/// Brings a job one state on.
fn step_to(e: &mut Escrow, order: &Order, state: u8) {
    let step = match state {
        state_code::CLAIMED => e.claim(order),
        state_code::RUNNING => e.start(order),
        state_code::COMMITTED => e.commit(order),
        state_code::CHALLENGEABLE => e.reveal(order),
        _ => return,
    };
    e.run(step, &["session"]);
}

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
fn a_refund_is_claimed_when_it_was_delayed_or_the_job_is_final() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    for state in [
        state_code::OPEN,
        state_code::CLAIMED,
        state_code::RUNNING,
        state_code::COMMITTED,
        state_code::CHALLENGEABLE,
    ] {
        step_to(&mut e, &order, state);
        e.fails(
            e.claim_refund(&order, e.client_token),
            &["client"],
            EscrowError::WrongJobState,
        );
    }
    e.world.warp_seconds(3_600);
    e.run(e.settle(&order), &[]);
    e.run(e.claim_refund(&order, e.client_token), &["client"]);
    // all of the price was the worker's
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - PRICE);
    assert!(!e.world.exists(&order.job) && !e.world.exists(&order.vault));
    e.fails_as(
        e.claim_refund(&order, e.client_token),
        &["client"],
        builtin::AccountDataTooSmall,
    );
}

#[test]
fn what_a_final_jobs_vault_holds_goes_to_the_account_its_frozen_client_names() {
    let mut e = Escrow::ready(0);
    let payer = e.world.lamports(&e.key("payer"));
    let order = e.job_in(state_code::FINAL);
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.mint_into(&mint, &order.vault, 77);
    e.world.freeze(&mint, &account);
    let other = e.tokens_of("stranger");
    let claim = e.claim_refund(&order, other);
    e.fails_as(
        ix::with(claim.clone(), 0, e.key("stranger")),
        &["stranger"],
        builtin::ADDRESS,
    );
    e.run(claim, &["client"]);
    assert_eq!(e.world.tokens(&other), 77);
    assert_eq!(e.world.lamports(&e.key("payer")), payer, "rent and the unspent reserve");
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
