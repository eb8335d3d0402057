//! The numbered invariants, a story each. `assert_invariants` works them out again after every cast of the other tests; here they
//! are said by name, with the numbers in view.

use crate::prelude::*;

#[test]
fn g1_what_is_spent_is_the_sum_of_squares_and_never_more_than_the_budget() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(1);
    let proposals: Vec<Address> = (0..3).map(|_| community.create_proposal(0, 1)).collect();
    for proposal in &proposals {
        community.submit(*proposal);
    }
    community.to_epoch(2);
    let ballot = community.open_ballot(0);
    for (proposal, votes) in proposals.iter().zip([7, 5, 5]) {
        community.cast(0, *proposal, 1, votes);
    }
    // 49 + 25 + 25 of 100: one more vote anywhere would cost eleven or fifteen
    assert_eq!(community.world.state::<Ballot>(&ballot).spent_credits.get(), 99);
    for (proposal, votes) in proposals.iter().zip([8, 6, 6]) {
        let (cast, wallet) = community.cast_instruction(0, *proposal, 1, votes);
        community
            .world
            .fails_with(cast, &[&wallet], error(GovernanceError::BudgetExceeded));
    }
}

#[test]
fn g2_tallies_are_the_same_whatever_the_order_of_casts() {
    let casts = [(0, 1, 9), (1, 2, 4), (2, 1, 3), (1, 1, 6), (0, 0, 2), (2, 2, 0)];
    let tallies = |order: &[usize]| {
        let (mut community, proposal) = Community::in_vote(0, 3);
        for place in order {
            let (member, option, votes) = casts[*place];
            community.cast(member, proposal, option, votes);
        }
        let state = community.proposal_state(proposal);
        (
            state.totals_q16.map(|total| total.get()),
            state.voters.get(),
            state.spent_credits.get(),
        )
    };
    let expected = tallies(&[0, 1, 2, 3, 4, 5]);
    // each member's own casts keep their order: the last one stands
    assert_eq!(tallies(&[2, 1, 0, 5, 3, 4]), expected);
    assert_eq!(tallies(&[1, 0, 4, 2, 3, 5]), expected);
    // what stands: member 0 two votes for none, member 1 six for option 1, member 2 nothing
    assert_eq!(
        (&expected.0[..3], expected.1, expected.2),
        (&[2 << 16, 6 << 16, 0][..], 2, 40)
    );
}

#[test]
fn g3_a_person_has_one_wallet_one_ballot_and_never_a_delegation_beside_it() {
    let mut community = Community::with_members(0, 3);
    let double = community.stranger("double");
    let (mut again, signers) = community.register_instruction(&double, &[0]);
    // the nullifier of member 0, for another wallet
    again.data[1..33].copy_from_slice(&community.members[0].nullifier);
    again.accounts[5].pubkey = community.members[0].person;
    let signers: Vec<&Keypair> = signers.iter().collect();
    // the system program's: the account exists
    community.world.fails_with(again, &signers, 0);

    community.to_epoch(1);
    community.open_pool(1);
    community.join(0, 1);
    community.to_epoch(2);
    let (wallet, person) = (community.wallet(0), community.members[0].person);
    let open = gov::open_ballot(&community.realm, &wallet.pubkey(), &wallet.pubkey(), &person, None, 2);
    community
        .world
        .fails_with(open.clone(), &[&wallet], error(GovernanceError::PersonDelegates));
    community.leave(0);
    community.world.succeeds(open.clone(), &[&wallet]);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::BallotOpenedAlready));
}

#[test]
fn g4_an_action_is_executed_once_and_in_order() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        (1..=2).map(|n| community.payment(0, &payee, n * 1_000_000)).collect()
    });
    let (first, second) = (community.execution(proposal, 0), community.execution(proposal, 1));
    community
        .world
        .fails_with(second.clone(), &[], error(GovernanceError::ActionOutOfOrder));
    community.world.succeeds(first.clone(), &[]);
    community
        .world
        .fails_with(first, &[], error(GovernanceError::ActionExecutedAlready));
    community.world.succeeds(second.clone(), &[]);
    assert_eq!(community.proposal_state(proposal).status, Status::Executed as u8);
    community
        .world
        .fails_with(second, &[], error(GovernanceError::NotExecutable));
}

#[test]
fn g5_a_stake_that_counts_or_is_lent_stays() {
    let mut community = Community::with_members(0, 2);
    let tokens = community.stake(0, 5_000);
    community.to_epoch(2);
    community.open_ballot(0);
    let (wallet, person, mint) = (community.wallet(0), community.members[0].person, community.mint.clone());
    let unstake = gov::unstake_tokens(&community.realm, &wallet.pubkey(), &person, &tokens, &mint, 1);
    community
        .world
        .fails_with(unstake.clone(), &[&wallet], error(GovernanceError::StakeCounts));
    community.open_pool(1);
    community.join(0, 1);
    community.to_epoch(3);
    community
        .world
        .fails_with(unstake.clone(), &[&wallet], error(GovernanceError::StakeDelegated));
    community.leave(0);
    community.world.succeeds(unstake, &[&wallet]);
}

#[test]
fn g6_no_more_than_a_twentieth_leaves_a_lane_in_an_epoch() {
    // lane 0 holds 1,000 SOL: 50 may go
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![
            community.payment(0, &payee, 50_000_000_000),
            community.payment(0, &payee, 1),
        ]
    });
    let first = community.execution(proposal, 0);
    community.world.succeeds(first, &[]);
    let second = community.execution(proposal, 1);
    community
        .world
        .fails_with(second.clone(), &[], error(GovernanceError::OutflowExceedsCap));
    community.to_epoch(3);
    community.world.succeeds(second, &[]);
}

#[test]
fn g7_a_submitted_proposal_keeps_its_rules() {
    let mut community = Community::with_members(0, 3);
    community.to_epoch(1);
    let frozen = rehearsal_parameters();
    let vote = community.parameter_vote(RealmParameters {
        normal_threshold_ppm: 600_000,
        ..frozen
    });
    community.enact(vec![vote]);
    // the epoch of the execution: its proposals vote in the next one, and the change begins after that
    let old = community.create_proposal(0, 1);
    community.submit(old);
    let next = community.epoch() + 1;
    community.to_epoch(next);
    let new = community.create_proposal(0, 1);
    community.submit(new);
    let rules = |community: &Community, proposal| {
        let state = community.proposal_state(proposal);
        (state.vote_epoch.get(), state.rules.normal_threshold_ppm.get())
    };
    assert_eq!(rules(&community, old), (next, 500_000));
    assert_eq!(rules(&community, new), (next + 1, 600_000));
    community.to_epoch(next + 1);
    assert_eq!(rules(&community, old), (next, 500_000));
}

#[test]
fn g8_a_revoked_persons_votes_can_be_taken_out_until_the_challenge_ends() {
    for (second, strips) in [(49, true), (50, false)] {
        let (mut community, proposal) = Community::in_vote(0, 2);
        community.cast(0, proposal, 1, 9);
        community.cast(1, proposal, 0, 5);
        community.to_vote_second(45);
        community.revoke(0);
        community.to_vote_second(second);
        let strip = gov::strip_votes(&community.members[0].person, &community.ballot_of(0, 2), &proposal);
        if strips {
            community.world.succeeds(strip, &[]);
            community.assert_invariants();
        } else {
            community
                .world
                .fails_with(strip, &[], error(GovernanceError::VotingIsNotOpen));
        }
        let state = community.proposal_state(proposal);
        let expected = if strips { (0, 5 << 16, 1) } else { (9 << 16, 5 << 16, 2) };
        assert_eq!(
            (state.totals_q16[1].get(), state.totals_q16[0].get(), state.voters.get()),
            expected
        );
    }
}

#[test]
fn g9_shares_claimed_are_never_more_than_was_funded() {
    let mut community = Community::sharing(0, 3);
    let mint = community.mint.clone();
    let epoch = community.epoch() + 1;
    community.to_epoch(epoch);
    community.open_all_ballots();
    community.collect(&mint, 1_000);
    community.to_epoch(epoch + 1);
    let (fund, payer) = community.funding(&mint, epoch);
    community.world.succeeds(fund, &[&payer]);
    let dividend = community.dividend_state(&mint, epoch);
    // ⌊1,000 / 3⌋ each; the one atom that is over stays in the lane
    assert_eq!((dividend.share_atoms.get(), dividend.funded_atoms.get()), (333, 999));
    for member in 0..3 {
        let (claim, wallet, destination) = community.claim(member, &mint, epoch);
        community.world.succeeds(claim.clone(), &[&wallet]);
        assert_eq!(community.world.tokens(&destination), 333);
        community
            .world
            .fails_with(claim, &[&wallet], error(GovernanceError::DividendClaimedAlready));
    }
    assert_eq!(community.world.tokens(&dividend.vault), 0);
    let source = community.dividend_source(&mint);
    assert_eq!(community.world.tokens(&source), 1);
}
