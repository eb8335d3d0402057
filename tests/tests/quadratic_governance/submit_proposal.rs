use crate::prelude::*;

fn submission(community: &Community, proposal: Address) -> (Instruction, Keypair) {
    let wallet = community.proposer(proposal);
    (
        gov::submit_proposal(
            &community.realm,
            &wallet.pubkey(),
            &community.proposing_person(proposal),
            &proposal,
        ),
        wallet,
    )
}

#[test]
fn the_vote_is_in_the_next_epoch_under_the_rules_of_now() {
    let (community, proposal) = Community::with_submitted(0, 5);
    let state = community.proposal_state(proposal);
    assert_eq!((state.status, state.vote_epoch.get()), (Status::Submitted as u8, 2));
    assert_eq!(state.voting_starts_ts.get(), community.epoch_start(2));
    assert_eq!(state.rules.voting_s.get(), 40);
    // base ⌈5/4⌉ = 2 persons; 10 % of it is one person, 10 % of 200 credits are 20
    assert_eq!(
        (
            state.quorum_base.get(),
            state.quorum_persons.get(),
            state.quorum_credits.get()
        ),
        (2, 1, 20)
    );
}

#[test]
fn ballots_of_the_epoch_before_raise_the_quorum_base() {
    let mut community = Community::with_members(0, 4);
    community.to_epoch(2);
    community.open_all_ballots();
    community.to_epoch(3);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    assert_eq!(community.proposal_state(proposal).quorum_base.get(), 4);
    community.to_epoch(4);
    let later = community.create_proposal(0, 2);
    community.submit(later);
    assert_eq!(
        community.proposal_state(later).quorum_base.get(),
        1,
        "an empty epoch leaves a quarter of the persons"
    );
}

#[test]
fn cohort_bounds_are_a_quarter_of_the_roots_of_the_persons_before_the_epoch() {
    let parameters = RealmParameters {
        cohort_floor_votes: 3,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 2, parameters);
    for index in 0..8 {
        community.register(&format!("early {index}"), &[0]);
    }
    community.to_epoch(1);
    community.register("late", &[0]);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    let caps = community.proposal_state(proposal).caps_q16;
    // 8 persons · √100 / 4 = 20 votes; the late one does not count; an empty bucket has the floor
    assert_eq!(caps[0].get(), 20 << 16);
    assert_eq!(caps[1].get(), 3 << 16);
}

#[test]
fn too_little_time_for_review_is_refused() {
    let mut community = Community::with_members(0, 1);
    let proposal = community.create_proposal(0, 2);
    let vote = community.epoch_start(1);
    let (instruction, wallet) = submission(&community, proposal);
    community.world.warp_to(vote - 4);
    community
        .world
        .fails_with(instruction.clone(), &[&wallet], error(GovernanceError::ReviewTooShort));
    community.world.warp(-1, 1);
    community.world.succeeds(instruction, &[&wallet]);
}

#[test]
fn a_proposal_is_submitted_once_and_by_its_proposer() {
    let mut community = Community::with_members(0, 2);
    let proposal = community.create_proposal(0, 2);
    let intruder = community.wallet(1);
    for member in 0..2 {
        let person = community.members[member].person;
        let foreign = gov::submit_proposal(&community.realm, &intruder.pubkey(), &person, &proposal);
        community.world.fails_with(foreign, &[&intruder], ADDRESS);
    }
    community.submit(proposal);
    let (instruction, wallet) = submission(&community, proposal);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::ProposalIsNotDraft));
}

#[test]
fn another_realms_rules_are_refused() {
    let mut community = Community::with_members(0, 1);
    let proposal = community.create_proposal(0, 2);
    let other = community.create_second_realm();
    let wallet = community.wallet(0);
    let instruction = gov::submit_proposal(&other, &wallet.pubkey(), &community.members[0].person, &proposal);
    community.world.fails_with(instruction, &[&wallet], ADDRESS);
}

#[test]
fn a_young_real_realm_refuses_actions_but_not_opinions() {
    let mut community = Community::empty(0, gov::real_parameters(), false);
    for slot in 0..2 {
        community.add_attestor(slot, 10);
    }
    community.register("ada", &[0, 1]);
    let proposal = community.create_proposal(0, 1);
    let payee = community.world.actor("payee").pubkey();
    let call = community.payment(0, &payee, 1);
    community.add_action(proposal, call);
    let (instruction, wallet) = submission(&community, proposal);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::ActionsLocked));
    let opinion = community.create_proposal(0, 1);
    community.submit(opinion);
}

#[test]
fn a_rehearsal_realm_needs_a_person_registered_before_the_epoch_for_actions() {
    let mut community = Community::with_members(0, 1);
    let proposal = community.create_proposal(0, 1);
    let payee = community.world.actor("payee").pubkey();
    let call = community.payment(0, &payee, 1);
    community.add_action(proposal, call);
    let (instruction, wallet) = submission(&community, proposal);
    community
        .world
        .fails_with(instruction.clone(), &[&wallet], error(GovernanceError::ActionsLocked));
    community.to_epoch(1);
    community.world.succeeds(instruction, &[&wallet]);
}
