//! The late window [30, 40) of the vote, its extension [40, 50), its challenge [50, 60).

use {
    super::cast_delegated::refuse as refuse_share, crate::prelude::*,
    commonweal_tests::fixtures::governance::delegation::WHOLE,
};

/// Member 0 leads with option 1; in the late window members 1 and 2 make option 2 lead.
fn swung() -> (Community, Address) {
    let (mut community, proposal) = Community::in_vote(0, 4);
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(35);
    community.cast(1, proposal, 2, 8);
    community.cast(2, proposal, 2, 8);
    (community, proposal)
}

#[test]
fn a_swing_in_the_late_window_extends_the_vote() {
    let (mut community, proposal) = swung();
    let state = community.proposal_state(proposal);
    assert_eq!((state.late_recorded, state.late_leader, state.late_quorum), (1, 1, 1));
    community.to_vote_second(49);
    community.cast(3, proposal, 1, 9);
    community.to_vote_second(50);
    let (instruction, wallet) = community.cast_instruction(3, proposal, 1, 10);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::VotingIsNotOpen));
    community.world.fails_with(
        gov::finalize(&community.realm, &proposal),
        &[],
        error(GovernanceError::ChallengeNotOver),
    );
    community.to_vote_second(60);
    community.finalize(proposal);
    // 19 votes for option 1 against 16
    assert_eq!(community.proposal_state(proposal).winner, 1);
}

#[test]
fn in_the_extension_the_new_leaders_votes_cannot_rise_but_fall() {
    let (mut community, proposal) = swung();
    community.to_vote_second(41);
    for (member, votes) in [(3, 1), (1, 9)] {
        let (instruction, wallet) = community.cast_instruction(member, proposal, 2, votes);
        community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::LeaderCannotRise));
    }
    let (instruction, wallet) = community.cast_instruction(0, proposal, 2, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::LeaderCannotRise));
    community.cast(1, proposal, 2, 3);
    let (instruction, wallet) = community.cast_instruction(1, proposal, 2, 4);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::LeaderCannotRise));
    community.cast(1, proposal, 1, 5);
    assert_eq!(community.proposal_state(proposal).extension_leader, 2);
}

#[test]
fn a_leader_who_returns_in_the_extension_does_not_shorten_it() {
    let (mut community, proposal) = swung();
    community.to_vote_second(41);
    community.cast(1, proposal, 1, 8);
    // option 1 leads again, as before the late window: the extension goes on all the same
    community.to_vote_second(45);
    community.cast(3, proposal, 0, 1);
    community.to_vote_second(55);
    community.world.fails_with(
        gov::finalize(&community.realm, &proposal),
        &[],
        error(GovernanceError::ChallengeNotOver),
    );
}

#[test]
fn without_a_swing_the_vote_ends_on_time() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(35);
    community.cast(1, proposal, 2, 5);
    community.to_vote_second(40);
    let (instruction, wallet) = community.cast_instruction(1, proposal, 2, 6);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::VotingIsNotOpen));
    community.to_vote_second(49);
    community.world.fails_with(
        gov::finalize(&community.realm, &proposal),
        &[],
        error(GovernanceError::ChallengeNotOver),
    );
    community.to_vote_second(50);
    community.finalize(proposal);
}

#[test]
fn a_swing_that_is_taken_back_in_time_does_not_extend() {
    let (mut community, proposal) = swung();
    community.cast(1, proposal, 2, 0);
    community.to_vote_second(50);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).winner, 1);
}

#[test]
fn a_quorum_reached_in_the_late_window_extends_too() {
    let parameters = RealmParameters {
        min_persons: 2,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for name in ["ada", "bob"] {
        community.register(name, &[0]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, proposal, 1, 5);
    community.to_vote_second(39);
    community.cast(1, proposal, 1, 5);
    community.to_vote_second(50);
    community.world.fails_with(
        gov::finalize(&community.realm, &proposal),
        &[],
        error(GovernanceError::ChallengeNotOver),
    );
    community.to_vote_second(60);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).winner, 1);
}

#[test]
fn a_delegates_swing_in_the_late_window_extends_the_vote() {
    let (mut community, proposal) = Community::with_lenders(0, rehearsal_parameters(), 3);
    community.to_epoch(2);
    community.open_ballot(0);
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(35);
    community.cast_share(0, proposal, 2, 40_000);
    let state = community.proposal_state(proposal);
    assert_eq!((state.late_recorded, state.late_leader, state.late_quorum), (1, 1, 1));
    // in the extension the new leader's share cannot rise, from within or from another option, but fall
    community.to_vote_second(41);
    refuse_share(&mut community, proposal, 2, 40_001, GovernanceError::LeaderCannotRise);
    community.cast_share(0, proposal, 2, 39_000);
    assert_eq!(community.proposal_state(proposal).extension_leader, 2);
    refuse_share(&mut community, proposal, 2, 39_001, GovernanceError::LeaderCannotRise);
    community.cast_share(0, proposal, 1, 39_000);
    refuse_share(&mut community, proposal, 2, 10_000, GovernanceError::LeaderCannotRise);
    community.cast_share(0, proposal, 1, WHOLE);
    let (finalize, too_late) = (
        gov::finalize(&community.realm, &proposal),
        GovernanceError::ChallengeNotOver,
    );
    community.to_vote_second(59);
    community.world.fails_with(finalize.clone(), &[], error(too_late));
    community.to_vote_second(60);
    community.world.succeeds(finalize, &[]);
    let state = community.proposal_state(proposal);
    assert_eq!((state.winner, state.totals_q16[1].get()), (1, 30 << 16));
}

#[test]
fn a_new_share_for_the_extensions_leader_is_refused() {
    let (mut community, proposal) = Community::with_lenders(0, rehearsal_parameters(), 3);
    community.to_epoch(2);
    community.open_ballot(0);
    community.to_vote_second(35);
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(45);
    refuse_share(&mut community, proposal, 1, WHOLE, GovernanceError::LeaderCannotRise);
    community.cast_share(0, proposal, 2, WHOLE);
}

#[test]
fn a_leave_in_the_late_window_and_in_the_extension_marks_what_was_before() {
    let (mut community, proposal) = Community::with_lenders(0, rehearsal_parameters(), 3);
    community.to_epoch(2);
    community.open_ballot(0);
    community.cast(0, proposal, 2, 9);
    // 20 · 32,768 / 65,536 = 10 votes against 9
    community.cast_share(0, proposal, 1, WHOLE / 2);
    community.to_vote_second(35);
    community.leave(1);
    let state = community.proposal_state(proposal);
    assert_eq!((state.late_recorded, state.late_leader, state.leader()), (1, 1, 2));
    community.to_vote_second(45);
    community.leave(2);
    let state = community.proposal_state(proposal);
    assert_eq!((state.extended, state.extension_leader), (EXTENSION_ON, 2));
    community.to_vote_second(60);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).winner, 2);
}
