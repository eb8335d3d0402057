//! `attest_result`, and the end of jobs that need it.

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, supply::*, *},
    core::mem::offset_of,
};

const FLAG_ATTESTED: u8 = 8;

/// An attested job whose result is revealed.
fn revealed() -> (Escrow, Order) {
    let mut e = Escrow::ready(0);
    e.appoint(&["attestor", "other"]);
    let order = e.post_with(&attested_terms());
    e.drive(&order, state_code::CHALLENGEABLE);
    (e, order)
}

#[test]
fn a_countersigned_job_is_paid_when_its_time_is_over() {
    let (mut e, order) = revealed();
    e.run(e.countersign("attestor", &order), &["attestor"]);
    assert_eq!(e.job(&order).flags & FLAG_ATTESTED, FLAG_ATTESTED);
    assert_eq!(e.job(&order).state, state_code::CHALLENGEABLE);
    e.fails(e.settle(&order), &[], EscrowError::TooEarly);
    e.world.warp_seconds(3_600);
    // it lacks nothing: there is nothing to crank
    e.fails(e.crank(&order), &["cranker"], EscrowError::NothingToCrank);
    e.run(e.settle(&order), &[]);
    assert_eq!(e.payout_state().claimable_atoms.get(), PROVIDER_PART);
}

#[test]
fn without_a_countersignature_nobody_is_paid_and_nobody_loses() {
    let (mut e, order) = revealed();
    let (payer, cranker) = (e.world.lamports(&e.key("payer")), e.world.lamports(&e.key("cranker")));
    let held = e.world.lamports(&order.job) + e.world.lamports(&order.vault);
    e.fails(e.settle(&order), &[], EscrowError::TooEarly);
    e.fails(e.crank(&order), &["cranker"], EscrowError::TooEarly);
    // 3,600 s are 4,500 slots: neither the clock nor the slots alone
    e.world.warp(3_599, 4_500);
    e.fails(e.crank(&order), &["cranker"], EscrowError::TooEarly);
    e.world.warp(1, 0);
    e.fails(e.settle(&order), &[], EscrowError::NotAttested);
    let crank = e.crank(&order);
    e.fails(
        optional_left_out(crank.clone(), 6),
        &["cranker"],
        EscrowError::SlotRequired,
    );
    e.run(crank.clone(), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
    assert_eq!(e.world.lamports(&e.key("cranker")), cranker + BOUNTY);
    assert_eq!(e.world.lamports(&e.key("payer")), payer + held - BOUNTY);
    let slot = e.slot_state();
    assert_eq!(
        (
            slot.bond_lamports.get(),
            slot.locked_lamports.get(),
            slot.locked_jobs.get()
        ),
        (DEPOSIT, 0, 0)
    );
    assert_eq!(
        (slot.jobs_completed.get(), slot.jobs_failed.get(), slot.score_q32.get()),
        (0, 0, 0)
    );
    let receipt = sha(&[
        b"commonweal:rcp:1",
        &[0; 32],
        &0u64.to_le_bytes(),
        &order.uid,
        &[0x11; 32],
        &RESULT,
        &[5],
        &[0; 24],
    ]);
    assert_eq!(slot.receipt_head, receipt);
    e.fails_as(crank, &["cranker"], builtin::AccountDataTooSmall);
}

#[test]
fn a_halted_cluster_ends_no_attestation() {
    let (mut e, order) = revealed();
    e.world.warp(1_000_000, 4_499);
    e.fails(e.crank(&order), &["cranker"], EscrowError::TooEarly);
    e.run(e.countersign("attestor", &order), &["attestor"]);
    e.world.warp(0, 1);
    e.run(e.settle(&order), &[]);
}

#[test]
fn the_slot_that_is_let_go_is_the_one_that_worked() {
    let (mut e, order) = revealed();
    let rivals = e.rival("rival");
    e.world.warp_seconds(3_600);
    let crank = ix::with(e.crank(&order), 6, rivals);
    e.fails(crank, &["cranker"], EscrowError::NotTheAssignedSlot);
}

#[test]
fn a_frozen_client_of_an_unattested_job_holds_no_slot() {
    let (mut e, order) = revealed();
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &account);
    e.world.warp_seconds(3_600);
    let cranker = e.world.lamports(&e.key("cranker"));
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.job(&order).state, state_code::REFUNDABLE);
    assert_eq!(e.slot_state().locked_lamports.get(), 0);
    e.fails(e.crank(&order), &["cranker"], EscrowError::ClientAccountFrozen);
    e.world.thaw(&mint, &account);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
    assert_eq!(
        e.world.lamports(&e.key("cranker")),
        cranker + BOUNTY,
        "one bounty, for the first"
    );
}

#[test]
fn an_open_challenge_stops_settling_letting_go_and_closing() {
    let open = offset_of!(Job, challenges_open);
    let (mut e, order) = revealed();
    e.world.warp_seconds(3_600);
    e.poke(order.job, open, &[1]);
    e.fails(e.crank(&order), &["cranker"], EscrowError::ChallengesOpen);
    e.fails(e.settle(&order), &[], EscrowError::ChallengesOpen);
    e.poke(order.job, open, &[0]);
    e.run(e.crank(&order), &["cranker"]);
    let order = e.job_in(state_code::FINAL);
    e.poke(order.job, open, &[1]);
    e.fails(e.close(&order), &[], EscrowError::ChallengesOpen);
    e.fails(
        e.claim_refund(&order, e.client_token),
        &["client"],
        EscrowError::ChallengesOpen,
    );
    e.poke(order.job, open, &[0]);
    e.run(e.close(&order), &[]);
}

#[test]
fn only_a_listed_attestor_countersigns() {
    let (mut e, order) = revealed();
    for name in ["stranger", "session", "client"] {
        e.fails(e.countersign(name, &order), &[name], EscrowError::NotAnAttestor);
    }
    e.fails_as(
        ix::unsigned(e.countersign("attestor", &order), 0),
        &[],
        builtin::MissingRequiredSignature,
    );
    let own = e.another_config(777, e.realm);
    e.run(
        update_court(own, e.key("admin"), &court(&[e.key("stranger")])),
        &["admin"],
    );
    let by_stranger = ix::with(e.countersign("stranger", &order), 1, own);
    e.fails(by_stranger, &["stranger"], EscrowError::ConfigMismatch);
    // whoever is delisted, does not; whoever is listed later, does
    e.appoint(&["newcomer"]);
    e.fails(
        e.countersign("attestor", &order),
        &["attestor"],
        EscrowError::NotAnAttestor,
    );
    e.run(e.countersign("newcomer", &order), &["newcomer"]);
}

#[test]
fn a_countersignature_is_for_this_very_result_in_time_and_with_evidence() {
    let (mut e, order) = revealed();
    let other = Order { uid: [9; 32], ..order };
    e.fails(e.countersign("attestor", &other), &["attestor"], EscrowError::WrongUid);
    let without = attest_result(e.key("attestor"), e.config, &order, &[0; 32]);
    e.fails(without, &["attestor"], EscrowError::ZeroHash);
    let read_only = writable(e.countersign("attestor", &order), 2, false);
    e.fails_as(read_only, &["attestor"], builtin::MUT);
    e.world.warp_seconds(3_600);
    e.fails(
        e.countersign("attestor", &order),
        &["attestor"],
        EscrowError::DeadlinePassed,
    );
}

#[test]
fn a_result_is_countersigned_when_it_is_public_and_asked_for() {
    let mut e = Escrow::ready(0);
    e.appoint(&["attestor"]);
    for state in [state_code::OPEN, state_code::RUNNING, state_code::COMMITTED] {
        let order = e.post_with(&attested_terms());
        e.drive(&order, state);
        e.fails(
            e.countersign("attestor", &order),
            &["attestor"],
            EscrowError::WrongJobState,
        );
        if state != state_code::OPEN {
            e.world.warp_seconds(300);
            e.run(e.crank(&order), &["cranker"]);
        }
    }
    for verification in [0, 1, 2] {
        let order = e.post_with(&JobTerms {
            verification,
            ..terms()
        });
        e.drive(&order, state_code::CHALLENGEABLE);
        e.fails(e.countersign("attestor", &order), &["attestor"], EscrowError::WrongKind);
        e.world.warp_seconds(3_600);
        // they need none
        e.fails(e.crank(&order), &["cranker"], EscrowError::NothingToCrank);
        e.run(e.settle(&order), &[]);
    }
}
