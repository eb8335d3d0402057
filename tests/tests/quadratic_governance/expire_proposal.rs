use crate::prelude::*;

fn succeeded() -> (Community, Address) {
    Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![community.payment(0, &payee, 1_000_000); 2]
    })
}

#[test]
fn after_the_window_a_half_executed_proposal_ends() {
    let (mut community, proposal) = succeeded();
    let first = community.execution(proposal, 0);
    community.world.succeeds(first, &[]);
    community.to_vote_second(120);
    community.world.succeeds(gov::expire_proposal(&proposal), &[]);
    assert_eq!(community.proposal_state(proposal).status, Status::Expired as u8);
    let second = community.execution(proposal, 1);
    community
        .world
        .fails_with(second, &[], error(GovernanceError::NotExecutable));
}

#[test]
fn within_the_window_it_does_not_expire() {
    let (mut community, proposal) = succeeded();
    community.to_vote_second(119);
    community
        .world
        .fails_with(gov::expire_proposal(&proposal), &[], error(GovernanceError::NotExpired));
}

#[test]
fn only_a_succeeded_proposal_expires() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    community.world.fails_with(
        gov::expire_proposal(&proposal),
        &[],
        error(GovernanceError::NotExecutable),
    );
    community.to_epoch(4);
    community.finalize(proposal);
    community.world.fails_with(
        gov::expire_proposal(&proposal),
        &[],
        error(GovernanceError::NotExecutable),
    );
}
