use crate::prelude::*;

fn creation(community: &Community, member: usize, choices: u8) -> (Instruction, Keypair) {
    let wallet = community.wallet(member);
    let person = community.members[member].person;
    let index = community.realm_state().proposal_count.get();
    (
        gov::create_proposal(
            &community.realm,
            &wallet.pubkey(),
            &person,
            index,
            hash("text"),
            choices,
        ),
        wallet,
    )
}

#[test]
fn a_draft_remembers_its_proposer_and_text() {
    let mut community = Community::with_members(0, 1);
    let address = community.create_proposal(0, 3);
    let proposal = community.proposal_state(address);
    assert_eq!(
        (proposal.status, proposal.choices, proposal.index.get()),
        (Status::Draft as u8, 3, 0)
    );
    assert_eq!(proposal.authority, community.wallet(0).pubkey());
    assert_eq!(proposal.proposer, community.members[0].person);
    assert_eq!(proposal.content_hash, hash("text"));
    assert_eq!((proposal.winner, proposal.vote_epoch.get()), (NO_LEADER, NO_EPOCH));
    assert_eq!(community.realm_state().proposal_count.get(), 1);
    assert_eq!(community.world.raw(&address).data.len(), PROPOSAL_LEN);
}

#[test]
fn one_to_eight_choices_are_offered() {
    let mut community = Community::with_members(0, 1);
    for choices in [0, 9, 255] {
        let (instruction, wallet) = creation(&community, 0, choices);
        community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::ChoicesOutOfBounds));
    }
    community.create_proposal(0, 1);
    community.create_proposal(0, 8);
}

#[test]
fn only_a_persons_own_wallet_proposes() {
    let mut community = Community::with_members(0, 2);
    let intruder = community.wallet(1);
    let person = community.members[0].person;
    let instruction = gov::create_proposal(&community.realm, &intruder.pubkey(), &person, 0, hash("text"), 2);
    community.world.fails_with(instruction, &[&intruder], ADDRESS);
}

#[test]
fn an_expired_person_does_not_propose() {
    let mut community = Community::with_members(0, 1);
    let expires = community
        .world
        .state::<Person>(&community.members[0].person)
        .expires_ts
        .get();
    community.world.warp_to(expires);
    let (instruction, wallet) = creation(&community, 0, 2);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonExpired));
}

#[test]
fn the_bond_doubles_after_sixteen_proposals_of_an_epoch_and_starts_again_in_the_next() {
    let parameters = RealmParameters {
        proposal_bond_lamports: 1_000_000,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for name in ["ada", "bob", "cyd"] {
        community.register(name, &[0]);
    }
    let rent = community.world.rent(PROPOSAL_LEN);
    for index in 0..17 {
        let wallet = community.wallet(index / 8).pubkey();
        let before = community.world.lamports(&wallet);
        let proposal = community.create_proposal(index / 8, 1);
        let bond = if index < 16 { 1_000_000 } else { 2_000_000 };
        assert_eq!(before - community.world.lamports(&wallet), rent + bond);
        assert_eq!(community.world.lamports(&proposal), rent + bond);
        assert_eq!(community.proposal_state(proposal).bond_lamports.get(), bond);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(2, 1);
    assert_eq!(community.proposal_state(proposal).bond_lamports.get(), 1_000_000);
}

#[test]
fn an_index_that_is_not_the_next_is_refused() {
    let mut community = Community::with_members(0, 1);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let instruction = gov::create_proposal(&community.realm, &wallet.pubkey(), &person, 1, hash("text"), 2);
    community
        .world
        .fails_with(instruction, &[&wallet], InstructionError::InvalidSeeds);
}

#[test]
fn a_revoked_person_does_not_propose() {
    let mut community = Community::with_members(0, 1);
    let person = community.members[0].person;
    community.force(person, |person: &mut Person| person.revoked_at_ts = 1i64.into());
    let (instruction, wallet) = creation(&community, 0, 2);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonRevoked));
}

#[test]
fn eight_proposals_of_a_person_are_open_at_most_and_a_closed_one_makes_room() {
    let mut community = Community::with_members(0, 2);
    let first = community.create_proposal(0, 1);
    for _ in 1..8 {
        community.create_proposal(0, 1);
    }
    let (instruction, wallet) = creation(&community, 0, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::TooManyOpenProposals));
    community.create_proposal(1, 1);
    let (cancel, wallet) = community.cancellation(first);
    community.world.succeeds(cancel, &[&wallet]);
    // cancelled is not closed
    let (instruction, wallet) = creation(&community, 0, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::TooManyOpenProposals));
    let close = community.closing(first);
    community.world.succeeds(close, &[]);
    community.create_proposal(0, 1);
    assert_eq!(
        community
            .world
            .state::<Person>(&community.members[0].person)
            .open_proposals,
        8
    );
}

#[test]
fn another_realm_is_refused() {
    let mut community = Community::with_members(0, 1);
    let other = community.create_second_realm();
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let instruction = gov::create_proposal(&other, &wallet.pubkey(), &person, 0, hash("text"), 2);
    community.world.fails_with(instruction, &[&wallet], ADDRESS);
}
