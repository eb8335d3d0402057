use crate::prelude::*;

fn cancelled() -> (Community, Address, Address) {
    let mut community = Community::with_members(0, 2);
    let proposal = community.create_proposal(0, 2);
    let call = community.payment(0, &ids::TOKEN, 1);
    let action = community.add_action(proposal, call);
    let (cancel, wallet) = community.cancellation(proposal);
    community.world.succeeds(cancel, &[&wallet]);
    (community, proposal, action)
}

#[test]
fn all_rent_returns_to_whoever_paid() {
    let (mut community, proposal, action) = cancelled();
    let wallet = community.wallet(0).pubkey();
    let (before, rent) = (community.world.lamports(&wallet), community.world.lamports(&action));
    community
        .world
        .succeeds(gov::close_action(&proposal, &action, &wallet), &[]);
    assert_eq!(community.world.lamports(&wallet), before + rent);
    assert!(!community.world.exists(&action));
    assert_eq!(community.proposal_state(proposal).actions_open, 0);
}

#[test]
fn an_action_of_an_unfinished_proposal_stays() {
    let mut community = Community::with_members(0, 1);
    let proposal = community.create_proposal(0, 2);
    let call = community.payment(0, &ids::TOKEN, 1);
    let action = community.add_action(proposal, call);
    let wallet = community.wallet(0).pubkey();
    let instruction = gov::close_action(&proposal, &action, &wallet);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::ProposalNotFinished));
}

#[test]
fn an_action_waiting_for_its_execution_stays() {
    let (mut community, proposal) = Community::executable(0, |community| vec![community.payment(0, &ids::TOKEN, 1)]);
    let wallet = community.wallet(0).pubkey();
    let instruction = gov::close_action(&proposal, &gov::action_address(&proposal, 0), &wallet);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::ProposalNotFinished));
}

#[test]
fn the_rent_goes_to_nobody_else_and_another_proposal_cannot_close_it() {
    let (mut community, proposal, action) = cancelled();
    let thief = community.world.actor("thief").pubkey();
    community
        .world
        .fails_with(gov::close_action(&proposal, &action, &thief), &[], ADDRESS);
    let other = community.create_proposal(1, 1);
    let (cancel, wallet) = community.cancellation(other);
    community.world.succeeds(cancel, &[&wallet]);
    let payer = community.wallet(0).pubkey();
    let instruction = gov::close_action(&other, &action, &payer);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::ActionOfOtherProposal));
}
