//! The late window [30, 40) of the vote, its extension [40, 50), its challenge: [40, 50) without extension, [50, 60) with it.

use {crate::prelude::*, quadratic_governance::events::VotesCast};

fn stripping(community: &Community, member: usize, proposal: Address) -> Instruction {
    let epoch = community.proposal_state(proposal).vote_epoch.get();
    gov::strip_votes(
        &community.members[member].person,
        &community.ballot_of(member, epoch),
        &proposal,
    )
}

#[track_caller]
fn strip(community: &mut Community, member: usize, proposal: Address) -> VotesCast {
    let instruction = stripping(community, member, proposal);
    let receipt = community.world.succeeds(instruction, &[]);
    community.assert_invariants();
    receipt.events::<VotesCast>()[0]
}

/// What casts and strips move: totals, buckets, voters and credits, in all and by bucket.
fn tallies(community: &Community, proposal: Address) -> Vec<u64> {
    let state = community.proposal_state(proposal);
    let mut all = vec![u64::from(state.voters.get()), state.spent_credits.get()];
    all.extend(state.bucket_voters.iter().map(|count| u64::from(count.get())));
    all.extend(state.bucket_credits.iter().map(|credits| credits.get()));
    all.extend(state.totals_q16.iter().map(|total| total.get()));
    all.extend(state.buckets_q16.iter().flatten().map(|votes| votes.get()));
    all
}

#[test]
fn while_voting_the_proposal_is_as_if_the_votes_were_never_cast() {
    let story = |revoked_votes: bool| {
        let (mut community, proposal) = Community::in_vote(0, 3);
        community.cast(1, proposal, 2, 4);
        if revoked_votes {
            community.cast(0, proposal, 1, 7);
        }
        community.cast(2, proposal, 0, 3);
        community.revoke(0);
        (community, proposal)
    };
    let (mut community, proposal) = story(true);
    let event = strip(&mut community, 0, proposal);
    let (without, _) = story(false);
    assert_eq!(
        community.world.raw(&proposal).data,
        without.world.raw(&proposal).data,
        "every byte of the proposal"
    );
    assert_eq!(
        community.world.raw(&community.ballot_of(0, 2)).data,
        without.world.raw(&without.ballot_of(0, 2)).data,
        "every byte of the ballot"
    );
    assert_eq!(
        (
            event.proposal,
            event.ballot,
            event.old_votes.get(),
            event.new_votes.get()
        ),
        (proposal, community.ballot_of(0, 2), 7, 0)
    );
    assert_eq!(
        (
            event.old_option,
            event.new_option,
            event.spent_credits.get(),
            event.extended
        ),
        (1, 1, 0, 0)
    );
}

#[test]
fn of_a_discounted_cohort_the_votes_are_taken_out_exactly() {
    let parameters = RealmParameters {
        cohort_floor_votes: 1,
        ..rehearsal_parameters()
    };
    let story = |revoked_votes: bool| {
        let mut community = Community::with_parameters(0, 2, parameters);
        for (name, slot) in [("ada", 0), ("bob", 0), ("cleo", 1), ("dan", 0)] {
            community.register(name, &[slot]);
        }
        community.to_epoch(1);
        let proposal = community.create_proposal(2, 2);
        community.submit(proposal);
        community.to_epoch(2);
        community.open_all_ballots();
        for member in [1, 0, 2, 3] {
            if member != 0 || revoked_votes {
                community.cast(member, proposal, 1, 9);
            }
        }
        community.act(0, PersonAct::Revoke, 0, &[1]);
        (community, proposal)
    };
    let (mut community, proposal) = story(true);
    // 27 votes of bucket 0 are beyond what counts in full
    let state = community.proposal_state(proposal);
    assert!(state.buckets_q16[1][0].get() > state.caps_q16[0].get());
    assert_eq!(state.buckets_q16[1][0].get(), 27 << 16);
    community.to_vote_second(45);
    strip(&mut community, 0, proposal);
    let (without, _) = story(false);
    assert_eq!(tallies(&community, proposal), tallies(&without, proposal));
}

#[test]
fn other_proposals_keep_the_persons_votes_and_credits_until_they_are_stripped_too() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(1);
    let proposals = [community.create_proposal(0, 1), community.create_proposal(0, 1)];
    for proposal in proposals {
        community.submit(proposal);
    }
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(1, proposals[0], 1, 6);
    community.cast(1, proposals[1], 1, 8);
    community.revoke(1);
    assert_eq!(strip(&mut community, 1, proposals[0]).spent_credits.get(), 64);
    let spent = |community: &Community, index: usize| community.proposal_state(proposals[index]).spent_credits.get();
    assert_eq!((spent(&community, 0), spent(&community, 1)), (0, 64));
    assert_eq!(strip(&mut community, 1, proposals[1]).spent_credits.get(), 0);
    assert_eq!((spent(&community, 0), spent(&community, 1)), (0, 0));
}

#[test]
fn an_expired_persons_votes_are_taken_out_from_its_end_on() {
    let mut community = Community::with_members(0, 1);
    let member = community.stranger("brief");
    let (mut instruction, keys) = community.register_instruction(&member, &[0]);
    let end = community.epoch_start(2) + 20;
    let at = instruction.data.len() - 16;
    instruction.data[at..at + 8].copy_from_slice(&end.to_le_bytes());
    let signers: Vec<&Keypair> = keys.iter().collect();
    community.world.succeeds(instruction, &signers);
    community.members.push(member);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(1, proposal, 1, 5);
    community.to_vote_second(19);
    let instruction = stripping(&community, 1, proposal);
    let holds = error(GovernanceError::PersonNotStrippable);
    community.world.fails_with(instruction, &[], holds);
    community.to_vote_second(20);
    strip(&mut community, 1, proposal);
    assert_eq!(community.proposal_state(proposal).voters.get(), 0);
}

#[test]
fn while_a_registration_holds_nobody_takes_its_votes() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(0, proposal, 1, 5);
    let instruction = stripping(&community, 0, proposal);
    let holds = || error(GovernanceError::PersonNotStrippable);
    community.world.fails_with(instruction.clone(), &[], holds());
    // nor of a suspended person, nor once a revocation was taken back
    community.act(0, PersonAct::Suspend, 0, &[0]);
    community.world.fails_with(instruction.clone(), &[], holds());
    let mut community = Community::in_vote(0, 2).0;
    community.cast(0, proposal, 1, 5);
    community.revoke(0);
    community.reinstate(0);
    community.world.fails_with(instruction, &[], holds());
    community.cast(0, proposal, 2, 6);
}

#[test]
fn votes_are_taken_out_to_the_last_second_of_the_challenge_and_not_after() {
    let (mut community, proposal) = Community::in_vote(0, 3);
    for member in 0..3 {
        community.cast(member, proposal, 1, 5);
    }
    community.revoke(0);
    let instruction = stripping(&community, 0, proposal);
    community.to_vote_second(50);
    let closed = || error(GovernanceError::VotingIsNotOpen);
    community.world.fails_with(instruction.clone(), &[], closed());
    community.world.warp(-1, 1);
    strip(&mut community, 0, proposal);
    assert_eq!(community.proposal_state(proposal).voters.get(), 2);

    let (mut community, proposal) = Community::in_vote(0, 3);
    for member in 0..3 {
        community.cast(member, proposal, 1, 5);
    }
    community.revoke(0);
    community.to_vote_second(50);
    community.finalize(proposal);
    // decided is decided, whatever the clock does
    community.world.warp(-5, 1);
    community.world.fails_with(instruction, &[], closed());
}

#[test]
fn a_stripped_majority_loses_and_a_stripped_quorum_fails() {
    for (second, votes, winner) in [(45, [9, 4], 2), (45, [9, 0], NO_LEADER)] {
        let (mut community, proposal) = Community::in_vote(0, 2);
        community.cast(0, proposal, 1, votes[0]);
        if votes[1] > 0 {
            community.cast(1, proposal, 2, votes[1]);
        }
        community.revoke(0);
        community.to_vote_second(second);
        strip(&mut community, 0, proposal);
        community.to_vote_second(50);
        community.finalize(proposal);
        let state = community.proposal_state(proposal);
        let status = if winner == NO_LEADER {
            Status::Defeated
        } else {
            Status::Executed
        };
        assert_eq!((state.winner, state.status), (winner, status as u8));
    }
}

#[test]
fn there_must_be_votes_and_they_are_taken_out_once() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(0, proposal, 1, 5);
    community.act(1, PersonAct::Revoke, 0, &[0]);
    let nothing = || error(GovernanceError::NothingToStrip);
    let silent = stripping(&community, 1, proposal);
    community.world.fails_with(silent, &[], nothing());
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(0, proposal, 1, 5);
    community.revoke(0);
    strip(&mut community, 0, proposal);
    let again = stripping(&community, 0, proposal);
    community.world.fails_with(again, &[], nothing());
}

#[test]
fn who_is_reinstated_after_the_stripping_votes_anew() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(0, proposal, 1, 5);
    community.revoke(0);
    strip(&mut community, 0, proposal);
    let (cast, wallet) = community.cast_instruction(0, proposal, 1, 5);
    let revoked = error(GovernanceError::PersonRevoked);
    community.world.fails_with(cast, &[&wallet], revoked);
    community.reinstate(0);
    community.cast(0, proposal, 1, 10);
}

#[test]
fn person_ballot_and_proposal_belong_together() {
    let (mut community, proposal) = Community::in_vote(0, 3);
    community.cast(0, proposal, 1, 5);
    community.cast(1, proposal, 1, 5);
    community.revoke(0);
    let instruction = stripping(&community, 0, proposal);
    let mut of_another = instruction.clone();
    of_another.accounts[1].pubkey = community.ballot_of(1, 2);
    community.world.fails_with(of_another, &[], ADDRESS);

    let next = community.create_proposal(1, 1);
    community.submit(next);
    let mut later = instruction.clone();
    later.accounts[2].pubkey = next;
    let other_epoch = error(GovernanceError::BallotOfOtherEpoch);
    community.world.fails_with(later, &[], other_epoch);

    let other = community.create_second_realm();
    community.force(proposal, |state: &mut Proposal| state.realm = other);
    let other_realm = error(GovernanceError::BallotOfOtherRealm);
    community.world.fails_with(instruction, &[], other_realm);
}

#[path = "strip_votes/extension.rs"]
mod extension;
