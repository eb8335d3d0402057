use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn an_open_job_returns_everything_to_who_paid_it() {
    let mut e = Escrow::ready(0);
    let (client, payer) = (e.world.lamports(&e.key("client")), e.world.lamports(&e.key("payer")));
    let order = e.post();
    e.run(e.cancel(&order), &["client"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
    assert_eq!(e.world.lamports(&e.key("payer")), payer);
    assert_eq!(e.world.lamports(&e.key("client")), client);
    assert!(!e.world.exists(&order.job) && !e.world.exists(&order.vault));
}

#[test]
fn a_taken_job_cannot_be_canceled() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    for state in [
        state_code::CLAIMED,
        state_code::RUNNING,
        state_code::COMMITTED,
        state_code::CHALLENGEABLE,
    ] {
        match state {
            state_code::CLAIMED => e.run(e.claim(&order), &["session"]),
            state_code::RUNNING => e.run(e.start(&order), &["session"]),
            state_code::COMMITTED => e.run(e.commit(&order), &["session"]),
            _ => e.run(e.reveal(&order), &["session"]),
        };
        e.fails(e.cancel(&order), &["client"], EscrowError::WrongJobState);
    }
}

#[test]
fn a_donated_atom_goes_to_the_client_and_blocks_nothing() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    let mint = e.mint.clone();
    e.world.mint_into(&mint, &order.vault, 5);
    e.run(e.cancel(&order), &["client"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS + 5);
}

#[test]
fn only_the_client_cancels_and_only_its_payer_gets_the_rent() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    let other = e.post();
    for thief in ["payer", "admin", "stranger"] {
        e.fails_as(ix::with(e.cancel(&order), 0, e.key(thief)), &[thief], builtin::ADDRESS);
    }
    e.fails_as(
        ix::with(e.cancel(&order), 4, e.key("stranger")),
        &["client"],
        builtin::ADDRESS,
    );
    e.fails(
        ix::with(e.cancel(&order), 2, other.vault),
        &["client"],
        EscrowError::NotTheVault,
    );
    e.fails_as(ix::with(e.cancel(&order), 5, e.slot), &["client"], builtin::ADDRESS);
    e.fails_as(
        ix::unsigned(e.cancel(&order), 0),
        &[],
        builtin::MissingRequiredSignature,
    );
}

#[test]
fn a_frozen_account_cannot_be_named_and_another_can() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &account);
    e.fails_as(e.cancel(&order), &["client"], builtin::TOKEN_FROZEN);
    let other = e.tokens_of("stranger");
    e.run(ix::with(e.cancel(&order), 3, other), &["client"]);
    assert_eq!(e.world.tokens(&other), PRICE);
}

#[test]
fn a_job_is_not_canceled_in_the_slot_of_its_posting() {
    let mut e = Escrow::ready(0);
    let post = e.post_job(1, &terms());
    let order = e.order(1);
    e.orders.push(order);
    e.run(post, &["client", "payer"]);
    e.fails(e.cancel(&order), &["client"], EscrowError::SameSlot);
    e.world.warp(0, 1);
    e.run(e.cancel(&order), &["client"]);
}
