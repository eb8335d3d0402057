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

#[test]
fn another_realm_person_or_treasury_is_refused() {
    let mut community = Community::with_members(0, 2);
    let proposal = community.create_proposal(0, 2);
    let (cancel, wallet) = community.cancellation(proposal);
    community.world.succeeds(cancel, &[&wallet]);
    let other_realm = community.create_second_realm();
    let other_person = community.members[1].person;
    let other_lane = community.treasury(1);
    for (place, other) in [(0, other_realm), (2, other_person), (4, other_lane)] {
        let mut instruction = community.closing(proposal);
        instruction.accounts[place].pubkey = other;
        community.world.fails_with(instruction, &[], ADDRESS);
    }
}

#[test]
fn a_vetoed_proposal_stays_until_no_vote_over_the_veto_can_be_called() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let guardian = community.guardian.insecure_clone();
    let veto = gov::veto(&community.realm, &guardian.pubkey(), &proposal, false);
    community.world.succeeds(veto, &[&guardian]);
    let instruction = community.closing(proposal);
    // vetoed in epoch 1: a vote over it can be called to the end of epoch 2
    community.to_second_of(2, 99);
    community
        .world
        .fails_with(instruction.clone(), &[], error(GovernanceError::ProposalNotFinished));
    community.to_epoch(3);
    community.world.succeeds(instruction, &[]);
}

#[test]
fn the_bond_of_what_was_vetoed_as_spam_goes_to_the_treasury() {
    for as_spam in [true, false] {
        let parameters = RealmParameters {
            proposal_bond_lamports: 7_000_000,
            ..rehearsal_parameters()
        };
        let mut community = Community::with_parameters(0, 1, parameters);
        community.register("ada", &[0]);
        let wallet = community.wallet(0).pubkey();
        let (full, treasury) = (community.world.lamports(&wallet), community.treasury(0));
        let proposal = community.create_proposal(0, 1);
        community.submit(proposal);
        let guardian = community.guardian.insecure_clone();
        let veto = gov::veto(&community.realm, &guardian.pubkey(), &proposal, as_spam);
        community.world.succeeds(veto, &[&guardian]);
        community.to_epoch(2);
        let (had, close) = (community.world.lamports(&treasury), community.closing(proposal));
        community.world.succeeds(close, &[]);
        let forfeited = if as_spam { 7_000_000 } else { 0 };
        assert_eq!(community.world.lamports(&treasury) - had, forfeited);
        assert_eq!(full - community.world.lamports(&wallet), forfeited);
    }
}
