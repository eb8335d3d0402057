use crate::prelude::*;

#[track_caller]
fn refuse(community: &mut Community, proposal: Address, option: u8, votes: u32, expected: GovernanceError) {
    let (instruction, wallet) = community.cast_instruction(0, proposal, option, votes);
    community.world.fails_with(instruction, &[&wallet], error(expected));
}

#[test]
fn votes_cost_their_square_and_move_the_tallies() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(0, proposal, 1, 7);
    community.cast(1, proposal, 0, 3);
    let ballot: Ballot = community.world.state(&community.ballot_of(0, 2));
    assert_eq!(ballot.spent_credits.get(), 49);
    let state = community.proposal_state(proposal);
    assert_eq!(
        (state.totals_q16[1].get(), state.totals_q16[0].get()),
        (7 << 16, 3 << 16)
    );
    assert_eq!((state.voters.get(), state.spent_credits.get()), (2, 58));
}

#[test]
fn votes_change_up_down_across_and_to_nothing() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    community.cast(0, proposal, 1, 10);
    community.cast(0, proposal, 1, 4);
    community.cast(0, proposal, 2, 6);
    let state = community.proposal_state(proposal);
    assert_eq!(
        (state.totals_q16[1].get(), state.totals_q16[2].get(), state.voters.get()),
        (0, 6 << 16, 1)
    );
    community.cast(0, proposal, 0, 0);
    let state = community.proposal_state(proposal);
    assert_eq!((state.voters.get(), state.spent_credits.get()), (0, 0));
    assert!(state.totals_q16.iter().all(|total| total.get() == 0));
    let ballot: Ballot = community.world.state(&community.ballot_of(0, 2));
    assert_eq!(ballot.spent_credits.get(), 0);
    assert!(bytemuck::bytes_of(&ballot.entries).iter().all(|byte| *byte == 0));
}

#[test]
fn votes_over_the_budget_are_refused() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    refuse(&mut community, proposal, 1, 11, GovernanceError::BudgetExceeded);
    refuse(&mut community, proposal, 1, u32::MAX, GovernanceError::BudgetExceeded);
    refuse(&mut community, proposal, 1, 65_536, GovernanceError::BudgetExceeded);
    community.cast(0, proposal, 1, 10);
    refuse(&mut community, proposal, 1, 11, GovernanceError::BudgetExceeded);
}

#[test]
fn one_budget_serves_all_proposals_of_the_epoch() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(1);
    let first = community.create_proposal(0, 1);
    let second = community.create_proposal(0, 1);
    community.submit(first);
    community.submit(second);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, first, 1, 8);
    refuse(&mut community, second, 1, 7, GovernanceError::BudgetExceeded);
    community.cast(0, second, 1, 6);
    community.cast(0, first, 1, 0);
    community.cast(0, second, 1, 10);
}

#[test]
fn votes_outside_the_window_are_refused() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let draft = community.create_proposal(0, 1);
    community.to_epoch(2);
    community.open_all_ballots();
    // the clock one second before the vote, with the ballot that will be valid
    community.world.warp(-1, 1);
    refuse(&mut community, proposal, 1, 1, GovernanceError::VotingIsNotOpen);
    community.world.warp(1, 1);
    community.cast(0, proposal, 1, 1);
    community.to_vote_second(39);
    community.cast(0, proposal, 1, 1);
    for second in [40, 49, 50, 99] {
        community.to_vote_second(second);
        refuse(&mut community, proposal, 1, 2, GovernanceError::VotingIsNotOpen);
    }
    let (mut instruction, wallet) = community.cast_instruction(0, proposal, 1, 1);
    instruction.accounts[3].pubkey = draft;
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::BallotOfOtherEpoch));
}

#[test]
fn an_option_that_is_not_offered_is_refused() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    refuse(&mut community, proposal, 3, 1, GovernanceError::OptionNotOffered);
    refuse(&mut community, proposal, 255, 1, GovernanceError::OptionNotOffered);
}

#[test]
fn taking_back_nothing_is_refused() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    refuse(&mut community, proposal, 1, 0, GovernanceError::NothingToChange);
}

#[test]
fn a_ballot_of_another_epoch_is_refused() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(2);
    community.open_all_ballots();
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_epoch(3);
    let wallet = community.wallet(0);
    let old = community.ballot_of(0, 2);
    let person = community.members[0].person;
    let instruction = gov::cast_votes(&wallet.pubkey(), &person, &old, &proposal, 1, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::BallotOfOtherEpoch));
}

#[test]
fn somebody_elses_ballot_is_refused() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    let intruder = community.wallet(1);
    let ballot = community.ballot_of(0, 2);
    // neither as the owner's person nor as her own
    for member in 0..2 {
        let person = community.members[member].person;
        let instruction = gov::cast_votes(&intruder.pubkey(), &person, &ballot, &proposal, 1, 1);
        community.world.fails_with(instruction, &[&intruder], ADDRESS);
    }
}

#[test]
fn a_ballot_of_another_realm_is_refused() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    let wallet = community.wallet(0);
    let address = community.ballot_of(0, 2);
    let mut raw = community.world.raw(&address);
    raw.data[16..48].copy_from_slice(community.mint.address.as_ref());
    let elsewhere = community.world.keypair("ballot elsewhere").pubkey();
    community.world.set_raw(elsewhere, raw);
    let person = community.members[0].person;
    let instruction = gov::cast_votes(&wallet.pubkey(), &person, &elsewhere, &proposal, 1, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::BallotOfOtherRealm));
}

#[test]
fn a_seventeenth_proposal_needs_a_freed_entry() {
    // eight open proposals are the most of a person
    let mut community = Community::with_members(0, 3);
    community.to_epoch(1);
    let proposals: Vec<Address> = (0..17)
        .map(|index| {
            let proposal = community.create_proposal(index % 3, 1);
            community.submit(proposal);
            proposal
        })
        .collect();
    community.to_epoch(2);
    community.open_all_ballots();
    for proposal in &proposals[..16] {
        community.cast(0, *proposal, 1, 1);
    }
    refuse(&mut community, proposals[16], 1, 1, GovernanceError::BallotFull);
    community.cast(0, proposals[3], 1, 0);
    community.cast(0, proposals[16], 1, 1);
}

#[test]
fn a_cohort_counts_by_the_root_beyond_a_quarter_of_what_it_could_give() {
    let parameters = RealmParameters {
        cohort_floor_votes: 1,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 2, parameters);
    for index in 0..8 {
        community.register(&format!("crowd {index}"), &[0]);
    }
    for index in 0..2 {
        community.register(&format!("few {index}"), &[1]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    for member in 0..8 {
        community.cast(member, proposal, 1, 10);
    }
    for member in 8..10 {
        community.cast(member, proposal, 2, 10);
    }
    let totals = community.proposal_state(proposal).totals_q16;
    // 80 votes over a bound of 20: √(20·80) = 40; 20 votes over a bound of 5: √(5·20) = 10
    assert_eq!((totals[1].get(), totals[2].get()), (40 << 16, 10 << 16));
}

#[test]
fn voters_on_different_proposals_share_no_writable_account() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(1);
    let first = community.create_proposal(0, 1);
    let second = community.create_proposal(1, 1);
    community.submit(first);
    community.submit(second);
    community.to_epoch(2);
    community.open_all_ballots();
    let written = |instruction: Instruction| -> Vec<Address> {
        instruction
            .accounts
            .iter()
            .filter(|meta| meta.is_writable)
            .map(|meta| meta.pubkey)
            .collect()
    };
    let one = written(community.cast_instruction(0, first, 1, 1).0);
    let other = written(community.cast_instruction(1, second, 1, 1).0);
    assert!(one.iter().all(|address| !other.contains(address)));
}

#[test]
fn a_revoked_or_expired_person_does_not_cast() {
    let mut community = Community::with_members(0, 1);
    let start = community.epoch_start(0);
    community.register_until("short", start + 220);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, proposal, 1, 5);
    community.cast(1, proposal, 1, 5);
    community.act_on(0, PersonAct::Revoke);
    refuse(&mut community, proposal, 1, 4, GovernanceError::PersonRevoked);
    community.to_vote_second(20);
    let (instruction, wallet) = community.cast_instruction(1, proposal, 1, 4);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonExpired));
}

#[test]
fn the_persons_wallet_of_the_moment_casts() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    community.cast(0, proposal, 1, 5);
    let (old, new) = (community.wallet(0), community.world.actor("new wallet"));
    let payer = community.world.actor("sponsor");
    let person = community.members[0].person;
    let (from, to) = (old.pubkey(), new.pubkey());
    let rent_payer = payer.pubkey();
    let movement = gov::move_wallet(&community.realm, &rent_payer, &person, &from, &to, &rent_payer, true);
    community.world.succeeds(movement, &[&payer, &old, &new]);
    let (stale, _) = community.cast_instruction(0, proposal, 1, 6);
    community.world.fails_with(stale, &[&old], ADDRESS);
    let ballot = community.ballot_of(0, 2);
    let cast = gov::cast_votes(&to, &person, &ballot, &proposal, 1, 6);
    community.world.succeeds(cast, &[&new]);
    community.assert_invariants();
}
