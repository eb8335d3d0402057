use crate::prelude::*;

#[test]
fn rent_and_bond_return_to_the_proposer() {
    let parameters = RealmParameters {
        proposal_bond_lamports: 7_000_000,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    community.register("ada", &[0]);
    let wallet = community.wallet(0);
    let before = community.world.lamports(&wallet.pubkey());
    let proposal = community.create_proposal(0, 1);
    assert!(community.world.lamports(&wallet.pubkey()) < before - 7_000_000);
    let (cancel, wallet) = community.cancellation(proposal);
    community.world.succeeds(cancel, &[&wallet]);
    community.to_epoch(1);
    let close = community.closing(proposal);
    community.world.succeeds(close, &[]);
    assert_eq!(community.world.lamports(&wallet.pubkey()), before);
    assert!(!community.world.exists(&proposal));
}

#[test]
fn a_draft_and_a_running_vote_stay() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let draft = community.create_proposal(0, 1);
    for address in [draft, proposal] {
        let instruction = community.closing(address);
        community
            .world
            .fails_with(instruction, &[], error(GovernanceError::ProposalNotFinished));
    }
}

#[test]
fn actions_are_closed_first() {
    let mut community = Community::with_members(0, 1);
    let proposal = community.create_proposal(0, 2);
    let call = community.payment(0, &ids::TOKEN, 1);
    let action = community.add_action(proposal, call);
    let (cancel, wallet) = community.cancellation(proposal);
    community.world.succeeds(cancel, &[&wallet]);
    let instruction = community.closing(proposal);
    community
        .world
        .fails_with(instruction.clone(), &[], error(GovernanceError::ActionsNotClosed));
    community
        .world
        .succeeds(gov::close_action(&proposal, &action, &wallet.pubkey()), &[]);
    community.world.succeeds(instruction, &[]);
}

#[test]
fn the_rent_goes_to_nobody_else() {
    let mut community = Community::with_members(0, 1);
    let proposal = community.create_proposal(0, 2);
    let (cancel, wallet) = community.cancellation(proposal);
    community.world.succeeds(cancel, &[&wallet]);
    let thief = community.world.actor("thief").pubkey();
    let person = community.proposing_person(proposal);
    let instruction = gov::close_proposal(&community.realm, &proposal, &person, &thief);
    community.world.fails_with(instruction, &[], ADDRESS);
}

#[test]
fn every_lamport_of_a_whole_life_returns() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![community.payment(0, &payee, 1_000_000)]
    });
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
    let wallet = community.wallet(0);
    let action = gov::action_address(&proposal, 0);
    community
        .world
        .succeeds(gov::close_action(&proposal, &action, &wallet.pubkey()), &[]);
    let close = community.closing(proposal);
    community.world.succeeds(close, &[]);
    community.to_epoch(3);
    for member in 0..3 {
        let wallet = community.wallet(member);
        let ballot = community.ballot_of(member, 2);
        community.world.succeeds(
            gov::close_ballot(
                &wallet.pubkey(),
                &community.members[member].person,
                &ballot,
                &wallet.pubkey(),
            ),
            &[&wallet],
        );
        let full = commonweal_tests::world::ACTOR_LAMPORTS;
        assert_eq!(community.world.lamports(&wallet.pubkey()), full, "member {member}");
    }
}
