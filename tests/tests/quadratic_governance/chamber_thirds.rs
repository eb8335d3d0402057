//! `veto_as_chamber`: how many seats stop a proposal, and which count

use {
    super::chamber_veto::{assert_status, refuses},
    crate::prelude::*,
    commonweal_tests::fixtures::{governance::Chambers, pool::DAY},
    quadratic_governance::events::{ChamberVetoed, ProposalEnded},
};

#[test]
fn two_of_four_seats_are_a_third_and_one_is_not() {
    let (mut all, proposal) = Chambers::in_timelock(0, 4);
    let state = all.community.proposal_state(proposal);
    assert_eq!(
        (state.touches, state.chamber_seats.map(|seats| seats.get())),
        (1, [4, 0])
    );
    let receipt = all.veto_by_seat(2, LIQUIDITY_CHAMBER, proposal);
    let state = all.community.proposal_state(proposal);
    assert_eq!(
        (state.status, state.veto_seats.map(|seats| seats.get())),
        (Status::Succeeded as u8, [1, 0])
    );
    assert!(receipt.events::<ProposalEnded>().is_empty());
    let veto = all.seat_state(2, LIQUIDITY_CHAMBER).vetoes[0];
    assert_eq!(
        (veto.proposal_index, veto.until_ts),
        (state.index, state.executable_from_ts)
    );
    let event = receipt.events::<ChamberVetoed>()[0];
    assert_eq!((event.proposal, event.seat), (proposal, all.seat(2, LIQUIDITY_CHAMBER)));
    assert_eq!((event.seats.get(), event.of_seats.get(), event.chamber), (1, 4, 0));

    let receipt = all.veto_by_seat(0, LIQUIDITY_CHAMBER, proposal);
    let state = all.community.proposal_state(proposal);
    assert_eq!(
        (state.status, state.vetoed_by, state.winner),
        (Status::Vetoed as u8, VETO_CHAMBER, NO_LEADER)
    );
    // vetoed in epoch 2: a vote over it can be called to the end of epoch 3
    assert_eq!(state.expires_ts.get(), all.community.epoch_start(4));
    let event = receipt.events::<ProposalEnded>()[0];
    assert_eq!(
        (event.proposal, event.status, event.vetoed_by),
        (proposal, Status::Vetoed as u8, VETO_CHAMBER)
    );
    all.community.to_vote_second(70);
    let execution = all.community.execution(proposal, 0);
    all.community
        .world
        .fails_with(execution, &[], error(GovernanceError::NotExecutable));
}

#[test]
fn one_of_three_seats_is_exactly_a_third() {
    let (mut all, proposal) = Chambers::in_timelock(0, 3);
    all.veto_by_seat(1, LIQUIDITY_CHAMBER, proposal);
    assert_status(&all, proposal, Status::Vetoed);
    // what is vetoed cannot be vetoed again
    refuses(&mut all, 0, LIQUIDITY_CHAMBER, proposal, GovernanceError::VetoTooLate);
}

#[test]
fn a_chamber_that_does_not_object_lets_the_action_run() {
    let (mut all, proposal) = Chambers::in_timelock(0, 4);
    all.veto_by_seat(2, LIQUIDITY_CHAMBER, proposal);
    all.community.to_vote_second(70);
    let execution = all.community.execution(proposal, 0);
    all.community.world.succeeds(execution, &[]);
    assert_status(&all, proposal, Status::Executed);
    let bits = all.in_pool(|pool| pool.config().pause_bits);
    assert_eq!(bits, 1, "the pool's config was changed by its realm");
}

#[test]
fn seats_of_the_submissions_epoch_neither_veto_nor_count() {
    let mut all = Chambers::new(0, 4);
    for member in 0..2 {
        all.enroll_lock(member);
    }
    all.community.to_epoch(1);
    for member in 2..4 {
        all.enroll_lock(member);
    }
    let call = all.pool_call();
    let proposal = all.submitted(call);
    assert_eq!(all.community.proposal_state(proposal).chamber_seats[0].get(), 2);
    all.win(&[proposal]);
    refuses(
        &mut all,
        2,
        LIQUIDITY_CHAMBER,
        proposal,
        GovernanceError::SeatNotEligible,
    );
    // one of the two that count is enough
    all.veto_by_seat(1, LIQUIDITY_CHAMBER, proposal);
    assert_status(&all, proposal, Status::Vetoed);
}

#[test]
fn working_providers_veto_what_touches_the_escrow_and_idle_ones_do_not() {
    let mut all = Chambers::new(0, 3);
    for member in 0..2 {
        all.enroll_slot(member);
    }
    for epoch in [1, 2] {
        for member in 0..2 {
            all.work_in(member, epoch);
        }
    }
    // both count from epoch 3 on; only the first works in it
    all.work_in(0, 3);
    all.community.to_epoch(4);
    let (escrow, pool) = (all.escrow_call(), all.pool_call());
    let (proposal, other) = (all.submitted(escrow), all.submitted(pool));
    let state = all.community.proposal_state(proposal);
    assert_eq!(
        (state.touches, state.chamber_seats.map(|seats| seats.get())),
        (2, [0, 2])
    );
    all.win(&[proposal, other]);
    // the second's last job was seen in epoch 2: in epoch 5 its seat is idle
    refuses(
        &mut all,
        1,
        PROVIDER_CHAMBER,
        proposal,
        GovernanceError::SeatNotEligible,
    );
    refuses(
        &mut all,
        0,
        PROVIDER_CHAMBER,
        other,
        GovernanceError::ProposalNotTouching,
    );
    all.veto_by_seat(0, PROVIDER_CHAMBER, proposal);
    let state = all.community.proposal_state(proposal);
    assert_eq!((state.status, state.vetoed_by), (Status::Vetoed as u8, VETO_CHAMBER));
    assert_eq!(state.veto_seats.map(|seats| seats.get()), [0, 1]);
}

#[test]
fn a_provider_that_has_not_worked_two_epochs_yet_vetoes_nothing() {
    let mut all = Chambers::new(0, 2);
    all.enroll_slot(0);
    all.work_in(0, 1);
    let call = all.escrow_call();
    let proposal = all.submitted(call);
    all.win(&[proposal]);
    refuses(
        &mut all,
        0,
        PROVIDER_CHAMBER,
        proposal,
        GovernanceError::SeatNotEligible,
    );
    // that it counts by the time of the timelock is too late: it did not at the submission
    all.work(0);
    let refresh = all.refreshing(0);
    all.community.world.succeeds(refresh, &[]);
    assert_eq!(all.seat_state(0, PROVIDER_CHAMBER).active_from_epoch.get(), 3);
    refuses(
        &mut all,
        0,
        PROVIDER_CHAMBER,
        proposal,
        GovernanceError::SeatNotEligible,
    );
}

#[test]
fn in_a_real_realm_a_veto_needs_five_seats_whatever_the_third_is() {
    let mut all = Chambers::under(0, gov::real_parameters(), false);
    for slot in 0..2 {
        all.community.add_attestor(slot, 10);
    }
    for epoch in 0..5 {
        all.community.to_epoch(epoch);
        for index in 0..10 {
            all.community.register(&format!("person {epoch}/{index}"), &[0, 1]);
        }
    }
    for member in 0..6 {
        all.enroll_lock(member);
    }
    all.community.to_epoch(5);
    let call = all.pool_call();
    let proposal = all.submitted(call);
    assert_eq!(all.community.proposal_state(proposal).chamber_seats[0].get(), 6);
    all.community.to_epoch(6);
    for member in [0, 11, 22, 33, 44] {
        all.community.open_ballot(member);
        all.community.cast(member, proposal, 1, 8);
    }
    let start = all.community.epoch_start(6);
    all.community.world.warp_to(start + 4 * DAY);
    all.community.finalize(proposal);
    for member in 0..4 {
        all.veto_by_seat(member, LIQUIDITY_CHAMBER, proposal);
    }
    // four of six are two thirds, and too few all the same
    assert_status(&all, proposal, Status::Succeeded);
    all.veto_by_seat(5, LIQUIDITY_CHAMBER, proposal);
    assert_status(&all, proposal, Status::Vetoed);
}
