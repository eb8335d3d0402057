//! What is stripped decides no extension that was decided before, and reopens no vote.

use super::*;

/// Member 0 leads with option 1; in the late window members 1 and 2 make option 2 lead.
fn swung() -> (Community, Address) {
    let (mut community, proposal) = Community::in_vote(0, 4);
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(35);
    community.cast(1, proposal, 2, 8);
    community.cast(2, proposal, 2, 8);
    (community, proposal)
}

#[track_caller]
fn not_decidable_yet(community: &mut Community, proposal: Address) {
    let instruction = gov::finalize(&community.realm, &proposal);
    let expected = error(GovernanceError::ChallengeNotOver);
    community.world.fails_with(instruction, &[], expected);
}

#[track_caller]
fn vote_is_over(community: &mut Community, proposal: Address) {
    let (cast, wallet) = community.cast_instruction(3, proposal, 1, 1);
    let expected = error(GovernanceError::VotingIsNotOpen);
    community.world.fails_with(cast, &[&wallet], expected);
}

#[test]
fn in_the_extension_votes_are_taken_out_and_it_goes_on() {
    let (mut community, proposal) = swung();
    community.revoke(1);
    community.to_vote_second(41);
    // the leader of before is back: the extension goes on all the same, and its own leader is still option 2
    assert_eq!(strip(&mut community, 1, proposal).extended, 1);
    let state = community.proposal_state(proposal);
    assert_eq!((state.voters.get(), state.extension_leader), (2, 2));
    community.to_vote_second(49);
    let (rise, wallet) = community.cast_instruction(3, proposal, 2, 1);
    let refused = error(GovernanceError::LeaderCannotRise);
    community.world.fails_with(rise, &[&wallet], refused);
    community.cast(3, proposal, 1, 1);
    community.to_vote_second(50);
    vote_is_over(&mut community, proposal);
    community.to_vote_second(59);
    not_decidable_yet(&mut community, proposal);
    community.to_vote_second(60);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).winner, 1);
}

#[test]
fn in_the_challenge_a_changed_leader_reopens_no_vote() {
    let (mut community, proposal) = Community::in_vote(0, 4);
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(35);
    community.cast(1, proposal, 2, 8);
    community.revoke(0);
    for second in [40, 49] {
        community.to_vote_second(second);
        if second == 40 {
            strip(&mut community, 0, proposal);
        }
        // another option than before the late window leads now, and yet voting is over
        assert_eq!(community.proposal_state(proposal).leader(), 2);
        vote_is_over(&mut community, proposal);
        not_decidable_yet(&mut community, proposal);
    }
    community.to_vote_second(50);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).winner, 2);
}

#[test]
fn in_the_challenge_a_lost_quorum_reopens_no_vote() {
    let parameters = RealmParameters {
        min_persons: 2,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for name in ["ada", "bob", "cleo", "dan"] {
        community.register(name, &[0]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    for member in 0..2 {
        community.cast(member, proposal, 1, 5);
    }
    community.to_vote_second(35);
    community.cast(0, proposal, 1, 6);
    community.revoke(0);
    community.to_vote_second(41);
    strip(&mut community, 0, proposal);
    vote_is_over(&mut community, proposal);
    community.to_vote_second(50);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).status, Status::Defeated as u8);
}

#[test]
fn in_the_challenge_after_an_extension_without_casts_its_end_stays() {
    let (mut community, proposal) = swung();
    community.revoke(1);
    community.to_vote_second(51);
    // with these votes out, option 1 leads as before the late window: that must not end the challenge at 50
    strip(&mut community, 1, proposal);
    assert_eq!(community.proposal_state(proposal).leader(), 1);
    vote_is_over(&mut community, proposal);
    not_decidable_yet(&mut community, proposal);
    community.to_vote_second(59);
    not_decidable_yet(&mut community, proposal);
    community.to_vote_second(60);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).winner, 1);
}

#[test]
fn in_the_late_window_a_stripping_is_held_against_the_leader_before_it() {
    let (mut community, proposal) = Community::in_vote(0, 4);
    community.cast(0, proposal, 1, 10);
    community.cast(1, proposal, 2, 8);
    community.revoke(0);
    community.to_vote_second(31);
    strip(&mut community, 0, proposal);
    let state = community.proposal_state(proposal);
    assert_eq!((state.late_recorded, state.late_leader, state.leader()), (1, 1, 2));
    // the others have time to answer
    community.to_vote_second(45);
    community.cast(3, proposal, 1, 9);
    community.to_vote_second(60);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).winner, 1);
}
