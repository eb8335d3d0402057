use crate::prelude::*;

/// Casts (member, option, votes), lets the challenge end and decides.
fn decide(mut community: Community, proposal: Address, casts: &[(usize, u8, u32)]) -> Proposal {
    for (member, option, votes) in casts {
        community.cast(*member, proposal, *option, *votes);
    }
    community.to_vote_second(60);
    community.finalize(proposal);
    community.assert_invariants();
    community.proposal_state(proposal)
}

fn decide_in(members: usize, casts: &[(usize, u8, u32)]) -> Proposal {
    let (community, proposal) = Community::in_vote(0, members);
    decide(community, proposal, casts)
}

#[test]
fn the_strict_leader_wins_and_without_actions_is_done() {
    let state = decide_in(3, &[(0, 1, 5), (1, 1, 5), (2, 2, 9)]);
    assert_eq!((state.status, state.winner), (Status::Executed as u8, 1));
}

#[test]
fn a_tie_defeats() {
    let state = decide_in(2, &[(0, 1, 5), (1, 2, 5)]);
    assert_eq!((state.status, state.winner), (Status::Defeated as u8, NO_LEADER));
}

#[test]
fn none_defeats_and_so_does_no_vote() {
    assert_eq!(decide_in(2, &[(0, 1, 5), (1, 0, 6)]).status, Status::Defeated as u8);
    assert_eq!(decide_in(2, &[]).status, Status::Defeated as u8);
}

#[test]
fn a_plurality_needs_its_threshold_against_none_only() {
    // 5 > 4 and 5 ≥ 50 % of 9
    let state = decide_in(3, &[(0, 1, 5), (1, 0, 4), (2, 2, 4)]);
    assert_eq!((state.status, state.winner), (Status::Executed as u8, 1));
}

#[test]
fn passing_on_tiny_support_is_defeated_for_credits() {
    // eight persons: base 2, half of 200 credits needed
    let parameters = RealmParameters {
        quorum_credits_ppm: 500_000,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for index in 0..8 {
        community.register(&format!("member {index}"), &[0]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    assert_eq!(community.proposal_state(proposal).quorum_credits.get(), 100);
    let state = decide(community, proposal, &[(0, 1, 9)]);
    assert_eq!(state.status, Status::Defeated as u8);
}

#[test]
fn passing_on_tiny_support_is_defeated_for_persons() {
    let parameters = RealmParameters {
        min_persons: 2,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for index in 0..3 {
        community.register(&format!("member {index}"), &[0]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    let state = decide(community, proposal, &[(0, 1, 10)]);
    assert_eq!(state.status, Status::Defeated as u8);
}

#[test]
fn a_high_proposal_needs_sixty_percent() {
    for (none, status) in [(4, Status::Succeeded), (5, Status::Defeated)] {
        let mut community = Community::with_members(0, 2);
        community.to_epoch(1);
        let proposal = community.create_proposal(0, 1);
        // an unknown program: high
        let call = ActionCall {
            program: ids::COMPUTE_ESCROW.to_bytes(),
            ..community.payment(0, &ids::TOKEN, 0)
        };
        community.add_action(proposal, call);
        community.submit(proposal);
        community.to_epoch(2);
        community.open_all_ballots();
        // 6 of 10 is 60 %, 6 of 11 is less
        assert_eq!(
            decide(community, proposal, &[(0, 1, 6), (1, 0, none)]).status,
            status as u8
        );
    }
}

#[test]
fn the_timelock_counts_from_the_end_of_the_challenge_however_late_it_is_decided() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    let call = community.payment(0, &ids::TOKEN, 1);
    community.add_action(proposal, call);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(77);
    community.finalize(proposal);
    let state = community.proposal_state(proposal);
    let start = community.epoch_start(2);
    assert_eq!(state.status, Status::Succeeded as u8);
    assert_eq!(
        (state.executable_from_ts.get(), state.expires_ts.get()),
        (start + 70, start + 120)
    );
    assert_eq!(state.finalized_ts.get(), start + 77);
}

#[test]
fn before_the_challenge_has_ended_nothing_is_decided() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    community.cast(0, proposal, 1, 10);
    for second in [0, 39, 40, 49] {
        community.to_vote_second(second);
        community.world.fails_with(
            gov::finalize(&community.realm, &proposal),
            &[],
            error(GovernanceError::ChallengeNotOver),
        );
    }
    community.to_vote_second(50);
    community.finalize(proposal);
}

#[test]
fn drafts_cancelled_and_decided_proposals_are_not_decided() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let draft = community.create_proposal(0, 1);
    let cancelled = community.create_proposal(0, 1);
    let (cancel, wallet) = community.cancellation(cancelled);
    community.world.succeeds(cancel, &[&wallet]);
    community.to_epoch(3);
    community.finalize(proposal);
    for address in [draft, cancelled, proposal] {
        community.world.fails_with(
            gov::finalize(&community.realm, &address),
            &[],
            error(GovernanceError::NotDecidable),
        );
    }
}

#[test]
fn another_realm_is_refused() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    community.to_vote_second(60);
    let other = community.create_second_realm();
    community
        .world
        .fails_with(gov::finalize(&other, &proposal), &[], ADDRESS);
}

#[test]
fn the_realm_notes_how_many_persons_could_have_cast_the_votes() {
    // the largest budget is 400 credits, so twenty votes are a person; three options' 10 + 10 + 5 votes are one and a quarter
    let (mut community, proposal) = Community::in_vote(0, 3);
    for (member, option, votes) in [(0, 1, 10), (1, 2, 10), (2, 0, 5)] {
        community.cast(member, proposal, option, votes);
    }
    assert_eq!(community.realm_state().voted[0].epoch.get(), NO_EPOCH);
    community.to_vote_second(60);
    community.finalize(proposal);
    let voted = community.realm_state().voted;
    assert_eq!((voted[0].epoch.get(), voted[0].persons_q16.get()), (2, 5 << 14));
    assert_eq!(voted[1].epoch.get(), NO_EPOCH);
}

#[test]
fn delegated_votes_win_as_direct_ones_do() {
    let (mut community, proposal) = Community::with_lenders(0, rehearsal_parameters(), 4);
    community.to_epoch(2);
    community.open_ballot(0);
    community.cast(0, proposal, 2, 10);
    community.cast_share(0, proposal, 1, 65_536 / 2);
    community.to_vote_second(60);
    community.finalize(proposal);
    // half of three persons' ten votes: fifteen against ten, four voters, 75 + 100 credits
    let state = community.proposal_state(proposal);
    assert_eq!((state.winner, state.totals_q16[1].get()), (1, 15 << 16));
    assert_eq!((state.voters.get(), state.spent_credits.get()), (4, 175));
}
