//! What has gone wrong with votes elsewhere, and must not here.

use {crate::prelude::*, commonweal_tests::fixtures::governance::delegation::WHOLE};

#[test]
fn deposit_vote_withdraw_in_one_transaction() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let tokens = community.stake(0, 5_000);
    let mint = community.mint.clone();
    community.world.mint_into(&mint, &tokens, 1_000_000);
    community.to_epoch(2);
    let wallet = community.wallet(0);
    let (key, realm, stake) = (wallet.pubkey(), community.realm, community.stake_of(0));
    let person = community.members[0].person;
    let ballot = community.ballot_of(0, 2);
    let deposit = gov::stake_tokens(&realm, &key, &stake, &tokens, &mint, 1_000_000);
    let open = gov::open_ballot(&realm, &key, &key, &person, Some(stake), 2);
    let withdraw = gov::unstake_tokens(&realm, &key, &person, &tokens, &mint, 1_000_000);
    // with the borrowed million the budget would be 400; it is 105
    let greedy = [
        deposit.clone(),
        open.clone(),
        gov::cast_votes(&key, &person, &ballot, &proposal, 1, 20),
    ];
    community
        .world
        .all_fail_with(&greedy, &[&wallet], error(GovernanceError::BudgetExceeded));
    let modest = [
        deposit,
        open,
        gov::cast_votes(&key, &person, &ballot, &proposal, 1, 10),
        withdraw,
    ];
    community
        .world
        .all_fail_with(&modest, &[&wallet], error(GovernanceError::StakeCounts));
}

#[test]
fn stale_weight_after_withdrawal() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 300_000);
    community.to_epoch(2);
    let first = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&first).budget_credits.get(), 400);
    community.to_epoch(3);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let withdraw = gov::unstake_tokens(
        &community.realm,
        &wallet.pubkey(),
        &person,
        &tokens,
        &community.mint,
        300_000,
    );
    community.world.succeeds(withdraw, &[&wallet]);
    let second = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&second).budget_credits.get(), 100);
}

#[test]
fn close_and_reopen_a_ballot_for_a_fresh_budget() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    community.cast(0, proposal, 1, 10);
    let wallet = community.wallet(0);
    let (key, person, ballot) = (wallet.pubkey(), community.members[0].person, community.ballot_of(0, 2));
    let close = gov::close_ballot(&key, &person, &ballot, &key);
    let open = gov::open_ballot(&community.realm, &key, &key, &person, None, 2);
    let both = [close.clone(), open.clone()];
    community
        .world
        .all_fail_with(&both, &[&wallet], error(GovernanceError::BallotEpochNotOver));
    community.to_epoch(3);
    let both = [close, open];
    community
        .world
        .all_fail_with(&both, &[&wallet], error(GovernanceError::EpochIsNotCurrent));
}

#[test]
fn a_clock_that_steps_back_over_an_epoch_gives_no_second_ballot() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(3);
    community.open_ballot(0);
    community.world.warp(-1, 1);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let open = gov::open_ballot(&community.realm, &wallet.pubkey(), &wallet.pubkey(), &person, None, 2);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::BallotOpenedAlready));
}

#[test]
fn last_minute_cancel_parking_opponents_credits() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(1, proposal, 0, 10);
    community.to_vote_second(39);
    let (cancel, wallet) = community.cancellation(proposal);
    community
        .world
        .fails_with(cancel, &[&wallet], error(GovernanceError::CancelTooLate));
}

#[test]
fn lowering_quorum_does_not_revive_old_proposals() {
    let parameters = RealmParameters {
        min_persons: 3,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for index in 0..4 {
        community.register(&format!("member {index}"), &[0]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    // set_parameters never reaches an epoch whose proposals may be submitted; even if it did, the copy is what counts
    let realm = community.realm;
    community.force(realm, |realm: &mut Realm| {
        realm.rules.min_persons = 0u32.into();
        realm.rules.timelock_s = 0u32.into();
    });
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(60);
    community.finalize(proposal);
    let state = community.proposal_state(proposal);
    assert_eq!((state.status, state.quorum_persons.get()), (Status::Defeated as u8, 3));
}

#[test]
fn ten_thousand_sybils_from_one_attestor() {
    // scaled down: an attestor's twenty puppets against four persons of four other attestors
    let parameters = RealmParameters {
        cohort_floor_votes: 10,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 5, parameters);
    for slot in 1..5 {
        community.register(&format!("person {slot}"), &[slot]);
    }
    for index in 0..6 {
        community.register(&format!("puppet {index}"), &[0]);
    }
    // the growth of an epoch is used up, whatever the attestor signs
    let puppet = community.stranger("puppet 6");
    let (instruction, signers) = community.register_instruction(&puppet, &[0]);
    let signers: Vec<&Keypair> = signers.iter().collect();
    community
        .world
        .fails_with(instruction, &signers, error(GovernanceError::GrowthExhausted));
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    for member in 0..4 {
        community.cast(member, proposal, 1, 8);
    }
    for member in 4..10 {
        community.cast(member, proposal, 2, 10);
    }
    community.to_vote_second(60);
    community.finalize(proposal);
    // 60 puppet votes count √(15·60) = 30, four persons' 32 votes count in full
    let state = community.proposal_state(proposal);
    assert_eq!(
        (state.totals_q16[1].get(), state.totals_q16[2].get()),
        (32 << 16, 30 << 16)
    );
    assert_eq!(state.winner, 1);
}

#[test]
fn splitting_a_stake_over_proposals_or_options_gains_nothing() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    community.cast(0, proposal, 1, 10);
    community.cast(0, proposal, 2, 10);
    let state = community.proposal_state(proposal);
    assert_eq!((state.totals_q16[1].get(), state.totals_q16[2].get()), (0, 10 << 16));
    assert_eq!(state.voters.get(), 1);
}

#[test]
fn decoy_proposals_draining_credits() {
    let mut community = Community::with_members(0, 3);
    community.to_epoch(1);
    // a person keeps at most eight proposals open, whatever they are for
    let decoys: Vec<Address> = (0..8)
        .map(|_| {
            let decoy = community.create_proposal(2, 1);
            community.submit(decoy);
            decoy
        })
        .collect();
    let wallet = community.wallet(2);
    let (realm, person) = (community.realm, community.members[2].person);
    let ninth = gov::create_proposal(&realm, &wallet.pubkey(), &person, 8, hash("text"), 1);
    community
        .world
        .fails_with(ninth, &[&wallet], error(GovernanceError::TooManyOpenProposals));
    let target = community.create_proposal(1, 1);
    community.submit(target);
    community.to_epoch(2);
    community.open_all_ballots();
    // an opponent who has spent all on decoys takes it back in full as soon as the target shows
    for decoy in &decoys {
        community.cast(0, *decoy, 0, 3);
    }
    community.cast(1, target, 1, 9);
    community.cast(2, target, 1, 9);
    for decoy in &decoys {
        community.cast(0, *decoy, 0, 0);
    }
    community.cast(0, target, 0, 10);
    assert!(decoys
        .iter()
        .all(|decoy| community.proposal_state(*decoy).voters.get() == 0));
    // and nothing new can show in this epoch: its vote is in the next one, with new budgets
    let late = community.create_proposal(1, 1);
    community.submit(late);
    let (instruction, wallet) = community.cast_instruction(1, late, 1, 1);
    assert!(!community.world.exists(&instruction.accounts[2].pubkey));
    let mut with_present_ballot = instruction;
    with_present_ballot.accounts[2].pubkey = community.ballot_of(1, 2);
    community.world.fails_with(
        with_present_ballot,
        &[&wallet],
        error(GovernanceError::BallotOfOtherEpoch),
    );
    community.to_epoch(3);
    let ballot = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&ballot).budget_credits.get(), 100);
}

#[test]
fn join_after_a_cast() {
    // flash delegation: the delegate has voted, and somebody who has voted too lends it another budget
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.leave(2);
    community.open_ballot(2);
    community.cast(2, proposal, 1, 10);
    community.cast_share(0, proposal, 1, WHOLE);
    let before = community.proposal_state(proposal);
    community.join(2, 0);
    assert!(bytemuck::bytes_of(&before) == bytemuck::bytes_of(&community.proposal_state(proposal)));
    // nor by a new cast, nor by leaving again, which takes out nothing that was never in
    community.cast_share(0, proposal, 1, WHOLE - 1);
    community.cast_share(0, proposal, 1, WHOLE);
    community.leave(2);
    assert!(bytemuck::bytes_of(&before) == bytemuck::bytes_of(&community.proposal_state(proposal)));
    assert_eq!(before.totals_q16[1].get(), 20 << 16);
}

/// 1,000 joins, 1,000 leaves, and with each of them shares that divide nothing evenly.
#[test]
fn override_dust() {
    let parameters = RealmParameters {
        cohort_floor_votes: 1,
        ..rehearsal_parameters()
    };
    let (mut community, first) = Community::with_lenders(0, parameters, 10);
    let mut proposal = first;
    for round in 0..125u32 {
        let epoch = 2 + round;
        community.to_epoch(epoch);
        for member in 1..9usize {
            let step = round * 8 + member as u32;
            let option = u8::try_from(step % 3).unwrap();
            let (cast, delegate) = community.share_instruction(0, proposal, option, 6_554 + step * 7 % 58_983);
            let wallet = community.wallet(member);
            community.world.succeeds(cast, &[&delegate]);
            let leave = community.leave_instruction(member, &wallet.pubkey(), false);
            let (join, _) = community.join_instruction(member, 0);
            community.world.all_succeed(&[leave, join], &[&wallet]);
        }
        community.assert_invariants();
        let state = community.proposal_state(proposal);
        // member 9 alone is left: its root of ten by the last share
        let share = 6_554 + (round * 8 + 8) * 7 % 58_983;
        let rest: u64 = state.buckets_q16.iter().flatten().map(|cell| cell.get()).sum();
        assert_eq!((rest, state.voters.get()), (10 * u64::from(share), 1), "round {round}");
        community.cast_share(0, proposal, 0, 0);
        let state = community.proposal_state(proposal);
        assert!(bytemuck::bytes_of(&state.buckets_q16).iter().all(|byte| *byte == 0));
        assert!(bytemuck::bytes_of(&state.totals_q16).iter().all(|byte| *byte == 0));
        assert_eq!((state.voters.get(), state.spent_credits.get()), (0, 0));
        // the next epoch's vote; the place of this one's is given back
        let next = community.create_proposal(1 + round as usize % 9, 2);
        community.submit(next);
        community.to_second_of(epoch, 60);
        community.finalize(proposal);
        let close = community.closing(proposal);
        community.world.succeeds(close, &[]);
        community.proposals.retain(|live| *live == next);
        if person_of(&community, 9).delegate_until_epoch.get() == epoch + 2 {
            community.extend(9);
        }
        proposal = next;
    }
    let pool = community.pool_state(0);
    assert_eq!((pool.lent[0].persons.get(), pool.joining[0].persons.get()), (1, 8));
}

fn person_of(community: &Community, member: usize) -> Person {
    community.world.state(&community.members[member].person)
}

/// Twenty persons, half of the quorum's base and of its credits needed: a base of five, three voters, 250 credits.
fn twenty() -> Community {
    let parameters = RealmParameters {
        quorum_persons_ppm: 500_000,
        quorum_credits_ppm: 500_000,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for index in 0..20 {
        community.to_epoch(index / 10);
        community.register(&format!("member {index}"), &[0]);
    }
    community
}

#[test]
fn passing_on_tiny_support() {
    for (voters, status) in [(1, Status::Defeated), (2, Status::Defeated), (3, Status::Executed)] {
        let mut community = twenty();
        community.to_epoch(3);
        let proposal = community.create_proposal(0, 1);
        community.submit(proposal);
        let state = community.proposal_state(proposal);
        assert_eq!((state.quorum_persons.get(), state.quorum_credits.get()), (3, 250));
        community.to_epoch(4);
        for member in 0..voters {
            community.open_ballot(member);
            community.cast(member, proposal, 1, 10);
        }
        // nobody is against
        community.to_second_of(4, 60);
        community.finalize(proposal);
        assert_eq!(
            community.proposal_state(proposal).status,
            status as u8,
            "{voters} voters"
        );
    }
}

#[test]
fn look_alike_proposals_in_a_sleepy_dao() {
    let mut community = twenty();
    let treasury = community.treasury(0);
    community.world.airdrop(&treasury, 100_000_000_000);
    // nobody has voted for ten epochs: the base is a quarter of the persons all the same
    community.to_epoch(12);
    let honest = community.create_proposal(0, 1);
    let look_alike = community.create_proposal(1, 1);
    let (payee, thief) = (
        community.world.actor("payee").pubkey(),
        community.world.actor("thief").pubkey(),
    );
    for (proposal, to) in [(honest, payee), (look_alike, thief)] {
        let call = community.payment(0, &to, 1_000_000);
        community.add_action(proposal, call);
        community.submit(proposal);
    }
    let (one, other) = (community.proposal_state(honest), community.proposal_state(look_alike));
    assert_eq!((one.content_hash, one.choices), (other.content_hash, other.choices));
    assert_eq!((other.quorum_persons.get(), other.quorum_credits.get()), (3, 250));
    community.to_epoch(13);
    for member in 0..6 {
        community.open_ballot(member);
        // two vote for what looks like the honest one, four for the honest one
        let proposal = if member < 2 { look_alike } else { honest };
        community.cast(member, proposal, 1, 10);
    }
    // votes are a proposal's, not a text's
    assert_eq!(community.proposal_state(look_alike).voters.get(), 2);
    community.to_second_of(13, 60);
    for (proposal, status) in [(honest, Status::Succeeded), (look_alike, Status::Defeated)] {
        community.finalize(proposal);
        assert_eq!(community.proposal_state(proposal).status, status as u8);
    }
    community.to_second_of(13, 70);
    let theft = community.execution(look_alike, 0);
    community
        .world
        .fails_with(theft, &[], error(GovernanceError::NotExecutable));
    // nor is the theft executed as the honest proposal's action
    let mut crossed = community.execution(look_alike, 0);
    crossed.accounts[1].pubkey = honest;
    community
        .world
        .fails_with(crossed, &[], error(GovernanceError::ActionOfOtherProposal));
    let payment = community.execution(honest, 0);
    community.world.succeeds(payment, &[]);
}

#[test]
fn relinquish_after_end_then_burn_supply() {
    // elsewhere votes were taken back after the end and the supply burnt, so that what was left made the quorum
    let mut community = Community::with_members(0, 3);
    let tokens = community.stake(1, 300_000);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, proposal, 1, 10);
    community.cast(1, proposal, 0, 20);
    let before = community.proposal_state(proposal);
    community.to_vote_second(40);
    let (relinquish, wallet) = community.cast_instruction(1, proposal, 0, 0);
    community
        .world
        .fails_with(relinquish, &[&wallet], error(GovernanceError::VotingIsNotOpen));
    // in the next epoch the stake leaves and the ballots are closed; the result is what it was
    community.to_epoch(3);
    let (realm, person, mint) = (community.realm, community.members[1].person, community.mint.clone());
    let unstake = gov::unstake_tokens(&realm, &wallet.pubkey(), &person, &tokens, &mint, 300_000);
    community.world.succeeds(unstake, &[&wallet]);
    for member in 0..3 {
        let wallet = community.wallet(member);
        let (person, ballot) = (community.members[member].person, community.ballot_of(member, 2));
        let close = gov::close_ballot(&wallet.pubkey(), &person, &ballot, &wallet.pubkey());
        community.world.succeeds(close, &[&wallet]);
    }
    community.finalize(proposal);
    let after = community.proposal_state(proposal);
    assert_eq!(after.status, Status::Defeated as u8);
    assert_eq!(before.totals_q16[0].get(), after.totals_q16[0].get());
    assert_eq!(
        (
            before.quorum_persons.get(),
            before.quorum_credits.get(),
            before.voters.get()
        ),
        (
            after.quorum_persons.get(),
            after.quorum_credits.get(),
            after.voters.get()
        )
    );
}
