//! `exclude_bucket`: when, and what becomes of the decision

use {
    crate::prelude::*,
    quadratic_governance::events::{BucketExcluded, ProposalFinalized},
};

#[path = "exclude_bucket_by.rs"]
mod exclude_bucket_by;

/// Four attestors, two of which sign a registration; each member's bucket is the slot of the first. Cohorts of two count in
/// full up to five votes, of one up to two and a half.
fn parameters() -> RealmParameters {
    RealmParameters {
        attestations: 2,
        cohort_floor_votes: 1,
        ..rehearsal_parameters()
    }
}

/// Members of these buckets vote with an option and votes each; then comes the challenge, second 40 of epoch 2.
fn challenged(parameters: RealmParameters, votes: &[(u8, u8, u32)]) -> (Community, Address) {
    let mut community = Community::with_parameters(0, 6, parameters);
    for (index, (bucket, _, _)) in votes.iter().enumerate() {
        let second = (bucket + 1) % 6;
        community.register(
            &format!("member {index}"),
            &[*bucket, second][..usize::from(parameters.attestations)],
        );
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    for (member, (_, option, votes)) in votes.iter().enumerate() {
        if *votes != 0 {
            community.cast(member, proposal, *option, *votes);
        }
    }
    community.to_vote_second(40);
    (community, proposal)
}

fn by_guardian(community: &Community, proposal: Address, slot: u8) -> (Instruction, Keypair) {
    let guardian = community.guardian.insecure_clone();
    let exclude = gov::exclude_bucket(&community.realm, &guardian.pubkey(), &proposal, &[], slot);
    (exclude, guardian)
}

#[track_caller]
fn excludes(community: &mut Community, proposal: Address, slot: u8) {
    let (exclude, guardian) = by_guardian(community, proposal, slot);
    community.world.succeeds(exclude, &[&guardian]);
}

#[track_caller]
fn refuses(community: &mut Community, proposal: Address, slot: u8, expected: GovernanceError) {
    let (exclude, guardian) = by_guardian(community, proposal, slot);
    community.world.fails_with(exclude, &[&guardian], error(expected));
}

/// Somebody's exclusion with the attestors of these slots, and the signers.
fn by_attestors(community: &mut Community, proposal: Address, slot: u8, by: &[u8]) -> (Instruction, Vec<Keypair>) {
    let mut signers = vec![community.world.actor("anybody")];
    let keys: Vec<Address> = by.iter().map(|slot| community.attestor_key(*slot).pubkey()).collect();
    for slot in by {
        let key = community.attestor_key(*slot);
        if !signers.iter().any(|signer| signer.pubkey() == key.pubkey()) {
            signers.push(key);
        }
    }
    let exclude = gov::exclude_bucket(&community.realm, &signers[0].pubkey(), &proposal, &keys, slot);
    (exclude, signers)
}

#[track_caller]
fn attestors_fail(community: &mut Community, proposal: Address, slot: u8, by: &[u8], expected: GovernanceError) {
    let (exclude, signers) = by_attestors(community, proposal, slot, by);
    let signers: Vec<&Keypair> = signers.iter().collect();
    community.world.fails_with(exclude, &signers, error(expected));
}

/// What the decision rests on.
fn result(community: &Community, proposal: Address) -> (u8, u8, u32, u64, Vec<u64>) {
    let state = community.proposal_state(proposal);
    (
        state.status,
        state.winner,
        state.voters.get(),
        state.spent_credits.get(),
        state.totals_q16.iter().map(|total| total.get()).collect(),
    )
}

#[test]
fn the_result_is_as_if_the_bucket_had_not_voted() {
    // bucket 0 carries option 1 with √(5·20) = 10 discounted votes against √(2.5·10) = 5 of bucket 1
    let votes = [(0, 1, 10), (0, 1, 10), (1, 2, 10), (2, 2, 2)];
    let (mut with, proposal) = challenged(parameters(), &votes);
    excludes(&mut with, proposal, 0);
    with.to_vote_second(50);
    let receipt = with.finalize(proposal);
    let event = receipt.events::<ProposalFinalized>()[0];
    assert_eq!((event.excluded_mask.get(), event.winner, event.voters.get()), (1, 2, 2));

    let silent = [(0, 1, 0), (0, 1, 0), (1, 2, 10), (2, 2, 2)];
    let (mut without, same_proposal) = challenged(parameters(), &silent);
    without.to_vote_second(50);
    without.finalize(same_proposal);
    assert_eq!(result(&with, proposal), result(&without, same_proposal));
    // by hand: five votes of bucket 1 and two of bucket 2
    let mut totals = vec![0; 9];
    totals[2] = 7 << 16;
    assert_eq!(result(&with, proposal), (Status::Executed as u8, 2, 2, 104, totals));

    // and without any exclusion the bucket had won
    let (mut all, other) = challenged(parameters(), &votes);
    all.to_vote_second(50);
    all.finalize(other);
    let state = all.proposal_state(other);
    assert_eq!((state.winner, state.total_of(1), state.voters.get()), (1, 10 << 16, 4));
}

#[test]
fn it_tells_who_left_out_what() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10), (1, 2, 10)]);
    let (exclude, guardian) = by_guardian(&community, proposal, 3);
    let event = community
        .world
        .succeeds(exclude, &[&guardian])
        .events::<BucketExcluded>()[0];
    assert_eq!((event.proposal, event.excluded_mask.get()), (proposal, 8));
    assert_eq!((event.slot, event.by_guardian), (3, 1));
    let (exclude, signers) = by_attestors(&mut community, proposal, 0, &[1, 2]);
    let signers: Vec<&Keypair> = signers.iter().collect();
    let event = community.world.succeeds(exclude, &signers).events::<BucketExcluded>()[0];
    assert_eq!((event.excluded_mask.get(), event.slot, event.by_guardian), (9, 0, 0));
    assert_eq!(community.proposal_state(proposal).excluded_mask.get(), 9);
}

#[test]
fn the_buckets_voters_do_not_make_the_quorum() {
    let parameters = RealmParameters {
        min_persons: 2,
        ..parameters()
    };
    for (excluded, expected) in [(0, Status::Defeated), (1, Status::Executed)] {
        let (mut community, proposal) = challenged(parameters, &[(0, 1, 10), (0, 1, 10), (1, 1, 10)]);
        excludes(&mut community, proposal, excluded);
        community.to_vote_second(50);
        community.finalize(proposal);
        assert_eq!(community.proposal_state(proposal).status, expected as u8);
    }
}

#[test]
fn the_buckets_credits_do_not_make_the_quorum() {
    // the base is one person of three; half of its hundred credits are asked
    let parameters = RealmParameters {
        quorum_credits_ppm: 500_000,
        ..parameters()
    };
    for (votes, expected) in [(7, Status::Defeated), (8, Status::Executed)] {
        let (mut community, proposal) = challenged(parameters, &[(0, 1, 10), (0, 1, 10), (1, 1, votes)]);
        excludes(&mut community, proposal, 0);
        community.to_vote_second(50);
        community.finalize(proposal);
        assert_eq!(community.proposal_state(proposal).quorum_credits.get(), 50);
        assert_eq!(community.proposal_state(proposal).status, expected as u8);
    }
}

#[test]
fn a_bucket_that_nobody_else_voted_against_leaves_nothing() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10), (0, 2, 3)]);
    excludes(&mut community, proposal, 0);
    community.to_vote_second(50);
    community.finalize(proposal);
    assert_eq!(
        result(&community, proposal),
        (Status::Defeated as u8, NO_LEADER, 0, 0, vec![0; 9])
    );
}

#[test]
fn buckets_are_left_out_in_the_challenge_alone() {
    let mut community = Community::with_parameters(0, 6, parameters());
    for index in 0..2 {
        community.register(&format!("member {index}"), &[0, 1]);
    }
    let refused = GovernanceError::NotInChallenge;
    let draft = community.create_proposal(0, 2);
    refuses(&mut community, draft, 0, refused);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    for second in [-1, 0, 39] {
        community.to_vote_second(second);
        let refused = GovernanceError::NotInChallenge;
        refuses(&mut community, proposal, 0, refused);
    }
    community.to_vote_second(40);
    excludes(&mut community, proposal, 0);
    community.to_vote_second(49);
    excludes(&mut community, proposal, 1);
    community.to_vote_second(50);
    let refused = GovernanceError::NotInChallenge;
    refuses(&mut community, proposal, 2, refused);
    community.finalize(proposal);
    let refused = GovernanceError::NotInChallenge;
    refuses(&mut community, proposal, 2, refused);
    // vetoed in its challenge, it has none any more
    let (mut community, vetoed) = challenged(parameters(), &[(0, 1, 10)]);
    let guardian = community.guardian.insecure_clone();
    let veto = gov::veto(&community.realm, &guardian.pubkey(), &vetoed, false);
    community.world.succeeds(veto, &[&guardian]);
    refuses(&mut community, vetoed, 0, GovernanceError::NotInChallenge);
}

#[test]
fn an_exclusion_does_not_reopen_the_vote() {
    // a late vote that changes neither leader nor quorum: no extension, and the excluded bucket led
    let mut community = Community::with_parameters(0, 6, parameters());
    for (index, bucket) in [0, 0, 1].into_iter().enumerate() {
        community.register(&format!("member {index}"), &[bucket, bucket + 1]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(35);
    community.cast(2, proposal, 2, 4);
    community.to_vote_second(40);
    excludes(&mut community, proposal, 0);
    assert_eq!(community.proposal_state(proposal).extended, EXTENSION_OFF);
    let (cast, wallet) = community.cast_instruction(1, proposal, 1, 10);
    community
        .world
        .fails_with(cast, &[&wallet], error(GovernanceError::VotingIsNotOpen));
    community.to_vote_second(49);
    let finalize = gov::finalize(&community.realm, &proposal);
    community
        .world
        .fails_with(finalize, &[], error(GovernanceError::ChallengeNotOver));
    community.to_vote_second(50);
    community.finalize(proposal);
    let state = community.proposal_state(proposal);
    assert_eq!(
        (state.winner, state.executable_from_ts.get()),
        (2, community.epoch_start(2) + 70)
    );
}

#[test]
fn after_an_extension_the_challenge_is_later_and_stays_so() {
    let mut community = Community::with_parameters(0, 6, parameters());
    for (index, bucket) in [0, 0, 1].into_iter().enumerate() {
        community.register(&format!("member {index}"), &[bucket, bucket + 1]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(2, proposal, 2, 4);
    community.to_vote_second(35);
    // bucket 0 takes the lead late
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(49);
    refuses(&mut community, proposal, 0, GovernanceError::NotInChallenge);
    community.to_vote_second(50);
    excludes(&mut community, proposal, 0);
    assert_eq!(community.proposal_state(proposal).extended, EXTENSION_ON);
    community.to_vote_second(59);
    excludes(&mut community, proposal, 3);
    let finalize = gov::finalize(&community.realm, &proposal);
    community
        .world
        .fails_with(finalize, &[], error(GovernanceError::ChallengeNotOver));
    community.to_vote_second(60);
    community.finalize(proposal);
    let state = community.proposal_state(proposal);
    assert_eq!(
        (state.winner, state.executable_from_ts.get()),
        (2, community.epoch_start(2) + 80)
    );
}

#[test]
fn four_buckets_are_the_most() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10)]);
    for slot in [0, 5, 9, 15] {
        excludes(&mut community, proposal, slot);
    }
    refuses(&mut community, proposal, 1, GovernanceError::ExclusionsExhausted);
    // one of the four once more changes nothing
    excludes(&mut community, proposal, 5);
    assert_eq!(
        community.proposal_state(proposal).excluded_mask.get(),
        0b1000_0010_0010_0001
    );
}

#[test]
fn there_are_sixteen_buckets() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10)]);
    for slot in [16, 255] {
        refuses(&mut community, proposal, slot, GovernanceError::SlotOutOfBounds);
        attestors_fail(
            &mut community,
            proposal,
            slot,
            &[1, 2],
            GovernanceError::SlotOutOfBounds,
        );
    }
}
