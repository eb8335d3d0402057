use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::ResultRevealed,
};

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

#[test]
fn a_reveal_shows_what_was_committed_to() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT, RESULT, ODD_RESULT]);
    e.fails(
        e.reveal_part("anna", &order, &ODD_RESULT),
        &["anna"],
        EscrowError::CommitmentMismatch,
    );
    let mut salted = e.reveal_part("anna", &order, &RESULT);
    salted.data[33] ^= 1;
    e.fails(salted, &["anna"], EscrowError::CommitmentMismatch);
    let receipt = e.run(e.reveal_part("anna", &order, &RESULT), &["anna"]);
    let part = e.part_state("anna", &order);
    assert_eq!((part.state, part.hash, e.job(&order).reveals), (3, RESULT, 1));
    assert_eq!(e.job(&order).state, state_code::COMMITTED);
    let event = receipt.events::<ResultRevealed>()[0];
    assert_eq!(
        (event.uid, event.slot, event.result),
        (order.uid, e.slot_of("anna"), RESULT)
    );
    e.fails(
        e.reveal_part("anna", &order, &RESULT),
        &["anna"],
        EscrowError::ContributionMismatch,
    );
}

#[test]
fn a_copied_commitment_cannot_be_revealed() {
    let mut e = ready();
    let order = e.joined_order();
    e.run(e.commit_part("anna", &order, &RESULT), &["anna"]);
    let copied = e.part_state("anna", &order).hash;
    e.run(e.commit_part_hash("ben", &order, &copied), &["ben"]);
    e.run(e.commit_part("cleo", &order, &RESULT), &["cleo"]);
    e.run(e.reveal_part("anna", &order, &RESULT), &["anna"]);
    e.fails(
        e.reveal_part("ben", &order, &RESULT),
        &["ben"],
        EscrowError::CommitmentMismatch,
    );
}

#[test]
fn zero_is_no_result() {
    let mut e = ready();
    let order = e.committed_order(&[[0; 32]; 3]);
    e.fails(
        e.reveal_part("anna", &order, &[0; 32]),
        &["anna"],
        EscrowError::ZeroHash,
    );
}

#[test]
fn nothing_is_revealed_while_others_may_commit() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT, RESULT]);
    e.world.warp(299, 10_000);
    e.fails(e.reveal_part("anna", &order, &RESULT), &["anna"], EscrowError::TooEarly);
    // the run is over and two of two that are needed have committed
    e.world.warp(1, 0);
    e.run(e.reveal_part("anna", &order, &RESULT), &["anna"]);
    let job = e.job(&order);
    assert_eq!(
        (job.state, job.entered_ts.get()),
        (state_code::COMMITTED, e.world.now())
    );
    e.world.warp(299, 10_000);
    e.run(e.reveal_part("ben", &order, &RESULT), &["ben"]);
}

#[test]
fn fewer_than_k_commitments_are_not_revealed() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT]);
    e.world.warp_seconds(300);
    e.fails(
        e.reveal_part("anna", &order, &RESULT),
        &["anna"],
        EscrowError::TooFewTookPart,
    );
}

#[test]
fn a_late_reveal_of_a_part_is_refused() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT; 3]);
    e.world.warp(299, 10_000);
    e.run(e.reveal_part("anna", &order, &RESULT), &["anna"]);
    e.world.warp(1, 0);
    e.fails(
        e.reveal_part("ben", &order, &RESULT),
        &["ben"],
        EscrowError::DeadlinePassed,
    );
}

#[test]
fn only_a_part_that_is_committed_to_is_revealed() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT, RESULT]);
    e.world.warp_seconds(300);
    e.fails(
        e.reveal_part("cleo", &order, &RESULT),
        &["cleo"],
        EscrowError::ContributionMismatch,
    );
    let reveal = e.reveal_part("anna", &order, &RESULT);
    let bens = e.part_of("ben", &order);
    e.fails(
        ix::with(reveal.clone(), 4, bens),
        &["anna"],
        EscrowError::ContributionMismatch,
    );
    e.fails(
        ix::with(reveal.clone(), 0, e.key("ben")),
        &["ben"],
        EscrowError::NotTheProvider,
    );
    e.fails_as(ix::unsigned(reveal, 0), &[], builtin::MissingRequiredSignature);
    let batch_reveal = ix::reveal_result(
        e.key("anna"),
        e.provider_of("anna"),
        e.slot_of("anna"),
        order.job,
        &RESULT,
        &SALT,
    );
    e.fails(batch_reveal, &["anna"], EscrowError::WrongJobState);
}
