use crate::prelude::*;

#[test]
fn a_draft_and_a_submission_are_cancelled_before_the_vote() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let draft = community.create_proposal(0, 2);
    let vote = community.epoch_start(2);
    community.world.warp_to(vote - 1);
    for address in [proposal, draft] {
        let (cancel, wallet) = community.cancellation(address);
        community.world.succeeds(cancel, &[&wallet]);
        assert_eq!(community.proposal_state(address).status, Status::Cancelled as u8);
    }
}

#[test]
fn from_the_start_of_the_vote_on_it_is_too_late() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    community.to_epoch(2);
    let (instruction, wallet) = community.cancellation(proposal);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::CancelTooLate));
}

#[test]
fn nobody_else_cancels_and_nothing_is_cancelled_twice() {
    let (mut community, proposal) = Community::with_submitted(0, 2);
    let intruder = community.wallet(1);
    for member in 0..2 {
        let person = community.members[member].person;
        let instruction = gov::cancel_proposal(&intruder.pubkey(), &person, &proposal);
        community.world.fails_with(instruction, &[&intruder], ADDRESS);
    }
    let (instruction, wallet) = community.cancellation(proposal);
    community.world.succeeds(instruction.clone(), &[&wallet]);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::CancelTooLate));
}

#[test]
fn a_cancelled_proposal_takes_no_votes() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let (cancel, wallet) = community.cancellation(proposal);
    community.world.succeeds(cancel, &[&wallet]);
    community.to_epoch(2);
    community.open_all_ballots();
    let (instruction, wallet) = community.cast_instruction(0, proposal, 1, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::VotingIsNotOpen));
}
