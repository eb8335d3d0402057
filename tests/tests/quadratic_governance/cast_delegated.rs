//! The vote [0, 40) of epoch 2 or 3, its late window [30, 40), its extension [40, 50), its challenge.

use {crate::prelude::*, commonweal_tests::fixtures::governance::delegation::WHOLE};

/// ⌈2¹⁶ / √2⌉: two of them are a little more than a whole budget.
const HALF_OF_SQUARES: u32 = 46_341;

#[track_caller]
pub fn refuse(community: &mut Community, proposal: Address, option: u8, share: u32, expected: GovernanceError) {
    let (instruction, wallet) = community.share_instruction(0, proposal, option, share);
    community.world.fails_with(instruction, &[&wallet], error(expected));
}

pub fn total(community: &Community, proposal: Address, option: usize) -> u64 {
    community.proposal_state(proposal).totals_q16[option].get()
}

#[test]
fn a_share_gives_the_roots_votes_the_squares_credits_and_every_person() {
    let mut community = Community::with_members(0, 4);
    community.stake(3, 300_000);
    community.to_epoch(1);
    community.open_pool(0);
    for member in 1..4 {
        community.join(member, 0);
    }
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    let receipt = community.cast_share(0, proposal, 2, HALF_OF_SQUARES);
    // roots 10, 10 and 20; 600 credits · 46,341² / 2³² = 300.006
    let state = community.proposal_state(proposal);
    assert_eq!(state.buckets_q16[2][0].get(), 40 * 46_341);
    assert_eq!((state.voters.get(), state.spent_credits.get()), (3, 300));
    assert_eq!((state.bucket_voters[0].get(), state.bucket_credits[0].get()), (3, 300));
    assert_eq!(community.pool_state(0).spent_q32.get(), 46_341 * 46_341);
    let [event] = receipt.events::<quadratic_governance::events::SharesCast>()[..] else {
        panic!("one event");
    };
    assert_eq!((event.old_share_q16.get(), event.new_share_q16.get()), (0, 46_341));
    assert_eq!((event.old_option, event.new_option, event.extended), (2, 2, 0));
}

#[test]
fn a_whole_share_is_what_the_lenders_could_have_cast_themselves() {
    let (mut community, proposal) = Community::lent_vote(0, 4);
    community.cast_share(0, proposal, 1, WHOLE);
    let delegated = community.proposal_state(proposal);
    let (mut community, proposal) = Community::in_vote(0, 4);
    for member in 1..4 {
        community.cast(member, proposal, 1, 10);
    }
    let direct = community.proposal_state(proposal);
    assert_eq!(delegated.totals_q16[1].get(), direct.totals_q16[1].get());
    assert_eq!((delegated.voters.get(), delegated.spent_credits.get()), (3, 300));
    assert_eq!((direct.voters.get(), direct.spent_credits.get()), (3, 300));
}

#[test]
fn sixteen_cohorts_and_direct_votes_are_counted_to_the_unit() {
    let parameters = RealmParameters {
        cohort_floor_votes: 1,
        ..rehearsal_parameters()
    };
    let (mut community, proposal) = Community::lent_by_all_cohorts(0, parameters);
    community.open_ballot(0);
    // every cast holds the tallies against ballots, pools and persons
    community.cast(0, proposal, 1, 7);
    community.cast_share(0, proposal, 1, 30_000);
    community.cast_share(0, proposal, 1, 61_234);
    community.cast(0, proposal, 2, 3);
    community.cast_share(0, proposal, 2, 12_345);
    community.cast_share(0, proposal, 0, 12_345);
    community.cast_share(0, proposal, 1, 54_321);
    community.leave(9);
    community.open_ballot(9);
    community.cast(9, proposal, 1, 10);
    let state = community.proposal_state(proposal);
    // fifteen lenders, the delegate's and the leaver's own ballots
    assert_eq!(state.voters.get(), 17);
    for bucket in 0..16 {
        let own = [8, 0][usize::from(bucket == 8)];
        let expected = if own == 0 { 10 << 16 } else { 10 * 54_321 };
        assert_eq!(state.buckets_q16[1][bucket].get(), expected, "bucket {bucket}");
    }
    assert_eq!(state.buckets_q16[2][0].get(), 3 << 16);
    community.cast_share(0, proposal, 1, 0);
    community.cast(0, proposal, 2, 0);
    community.cast(9, proposal, 1, 0);
    let state = community.proposal_state(proposal);
    assert_eq!((state.voters.get(), state.spent_credits.get()), (0, 0));
    assert!(bytemuck::bytes_of(&state.buckets_q16).iter().all(|byte| *byte == 0));
    assert!(state.totals_q16.iter().all(|total| total.get() == 0));
}

#[test]
fn the_order_of_casts_does_not_matter() {
    let parameters = RealmParameters {
        cohort_floor_votes: 1,
        ..rehearsal_parameters()
    };
    let mut results = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let (mut community, proposal) = Community::with_lenders(0, parameters, 4);
        community.to_epoch(2);
        community.leave(3);
        for member in [0, 3] {
            community.open_ballot(member);
        }
        for place in order {
            match place {
                0 => community.cast_share(0, proposal, 1, 40_000),
                1 => community.cast(0, proposal, 1, 9),
                2 => community.cast(3, proposal, 1, 5),
                _ => community.leave(2),
            };
        }
        let state = community.proposal_state(proposal);
        results.push((
            state.buckets_q16[1][0].get(),
            state.totals_q16[1].get(),
            state.spent_credits.get(),
        ));
    }
    // one lender's ten votes at 40,000/65,536, nine and five direct ones; 37 + 81 + 25 credits
    assert_eq!((results[0].0, results[0].2), (10 * 40_000 + (14 << 16), 143));
    assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
}

#[test]
fn shares_change_up_down_across_and_to_nothing() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    for (option, share) in [
        (1, WHOLE),
        (1, 20_000),
        (2, 20_000),
        (2, 30_000),
        (1, 30_000),
        (0, 50_000),
    ] {
        community.cast_share(0, proposal, option, share);
        for other in 0..3 {
            let expected = if other == usize::from(option) {
                20 * u64::from(share)
            } else {
                0
            };
            assert_eq!(total(&community, proposal, other), expected, "option {other}");
        }
        assert_eq!(community.proposal_state(proposal).voters.get(), 2);
    }
    // the option of a share that is taken out does not matter
    community.cast_share(0, proposal, 2, 0);
    let state = community.proposal_state(proposal);
    assert_eq!((state.voters.get(), state.spent_credits.get()), (0, 0));
    let pool = community.pool_state(0);
    assert!(bytemuck::bytes_of(&pool.entries).iter().all(|byte| *byte == 0));
    assert!(!pool.has_votes());
}

#[test]
fn a_join_after_a_cast_changes_nothing_in_this_epoch() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.leave(2);
    community.cast_share(0, proposal, 1, WHOLE);
    let before = community.proposal_state(proposal);
    community.join(2, 0);
    let same = bytemuck::bytes_of(&before) == bytemuck::bytes_of(&community.proposal_state(proposal));
    assert!(same);
    community.cast_share(0, proposal, 2, WHOLE);
    assert_eq!(total(&community, proposal, 2), 10 << 16);
    // from the next epoch on it counts
    let next = community.create_proposal(0, 1);
    community.submit(next);
    community.to_epoch(3);
    community.cast_share(0, next, 1, WHOLE);
    assert_eq!(total(&community, next, 1), 20 << 16);
}

#[test]
fn a_delegation_counts_for_eight_epochs_and_then_a_ballot_opens() {
    let (mut community, _) = Community::with_lenders(0, rehearsal_parameters(), 2);
    community.to_epoch(8);
    let last = community.create_proposal(0, 1);
    community.submit(last);
    community.to_epoch(9);
    community.cast_share(0, last, 1, WHOLE);
    assert_eq!(total(&community, last, 1), 10 << 16);
    let wallet = community.wallet(1);
    let one = community.members[1].person;
    let open = gov::open_ballot(&community.realm, &wallet.pubkey(), &wallet.pubkey(), &one, None, 9);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::PersonDelegates));
    let after = community.create_proposal(0, 1);
    community.submit(after);
    community.to_epoch(10);
    community.cast_share(0, after, 1, WHOLE);
    let state = community.proposal_state(after);
    assert_eq!((state.voters.get(), state.totals_q16[1].get()), (0, 0));
    community.open_ballot(1);
    community.cast(1, after, 1, 10);
}

#[test]
fn a_delegation_ends_before_the_epoch_in_which_the_registration_does() {
    let mut community = Community::with_members(0, 1);
    let start = community.epoch_start(0);
    community.register_until("short", start + 380);
    community.to_epoch(1);
    community.open_pool(0);
    community.join(1, 0);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_epoch(2);
    community.cast_share(0, proposal, 1, WHOLE);
    assert_eq!(total(&community, proposal, 1), 10 << 16);
    let next = community.create_proposal(0, 1);
    community.submit(next);
    community.to_epoch(3);
    community.cast_share(0, next, 1, WHOLE);
    assert_eq!(total(&community, next, 1), 0);
}

#[test]
fn the_squares_of_all_shares_are_at_most_one() {
    let mut community = Community::with_members(0, 4);
    community.to_epoch(1);
    community.open_pool(0);
    community.join(1, 0);
    // eight open proposals are the most of a person
    let proposals: Vec<Address> = (0..17)
        .map(|index| {
            let proposal = community.create_proposal(index % 4, 1);
            community.submit(proposal);
            proposal
        })
        .collect();
    community.to_epoch(2);
    refuse(
        &mut community,
        proposals[0],
        1,
        WHOLE + 1,
        GovernanceError::SharesExceeded,
    );
    refuse(
        &mut community,
        proposals[0],
        1,
        u32::MAX,
        GovernanceError::SharesExceeded,
    );
    community.cast_share(0, proposals[0], 1, HALF_OF_SQUARES);
    refuse(
        &mut community,
        proposals[1],
        1,
        HALF_OF_SQUARES,
        GovernanceError::SharesExceeded,
    );
    community.cast_share(0, proposals[1], 1, HALF_OF_SQUARES - 1);
    community.cast_share(0, proposals[1], 1, 0);
    // sixteen quarters: 16 · (1/4)² = 1 exactly
    for proposal in &proposals[..16] {
        community.cast_share(0, *proposal, 1, WHOLE / 4);
    }
    assert_eq!(community.pool_state(0).spent_q32.get(), 1 << 32);
    refuse(
        &mut community,
        proposals[15],
        1,
        WHOLE / 4 + 1,
        GovernanceError::SharesExceeded,
    );
    refuse(&mut community, proposals[16], 1, WHOLE / 4, GovernanceError::BallotFull);
    community.cast_share(0, proposals[3], 1, 0);
    community.cast_share(0, proposals[16], 1, WHOLE / 4);
}

#[test]
fn a_share_of_less_than_one_vote_of_the_base_budget_is_refused() {
    let (mut community, proposal) = Community::lent_vote(0, 2);
    // a tenth of ten votes: 6,553.6 of 65,536
    refuse(&mut community, proposal, 1, 1, GovernanceError::ShareTooSmall);
    refuse(&mut community, proposal, 1, 6_553, GovernanceError::ShareTooSmall);
    community.cast_share(0, proposal, 1, 6_554);
    let state = community.proposal_state(proposal);
    assert_eq!((state.voters.get(), state.spent_credits.get()), (1, 1));
}

#[test]
fn nothing_is_taken_back_and_no_option_invented() {
    let (mut community, proposal) = Community::lent_vote(0, 2);
    refuse(&mut community, proposal, 1, 0, GovernanceError::NothingToChange);
    refuse(&mut community, proposal, 3, WHOLE, GovernanceError::OptionNotOffered);
    refuse(&mut community, proposal, 255, WHOLE, GovernanceError::OptionNotOffered);
}

#[test]
fn shares_outside_the_vote_are_refused() {
    let (mut community, proposal) = Community::with_lenders(0, rehearsal_parameters(), 2);
    let start = community.epoch_start(2);
    community.world.warp_to(start - 1);
    refuse(&mut community, proposal, 1, WHOLE, GovernanceError::VotingIsNotOpen);
    community.to_epoch(2);
    let next = community.create_proposal(0, 1);
    refuse(&mut community, next, 1, WHOLE, GovernanceError::VotingIsNotOpen);
    community.submit(next);
    refuse(&mut community, next, 1, WHOLE, GovernanceError::VotingIsNotOpen);
    community.to_vote_second(39);
    // no leader and no quorum before it: a swing
    community.cast_share(0, proposal, 1, WHOLE);
    for second in [50, 59, 60, 99] {
        community.to_vote_second(second);
        refuse(&mut community, proposal, 1, WHOLE / 2, GovernanceError::VotingIsNotOpen);
    }
    community.to_epoch(3);
    refuse(&mut community, proposal, 1, WHOLE / 2, GovernanceError::VotingIsNotOpen);
}

#[test]
fn the_votes_of_an_epoch_are_forgotten_in_the_next() {
    let (mut community, proposal) = Community::lent_vote(0, 2);
    community.cast_share(0, proposal, 1, WHOLE);
    let next = community.create_proposal(0, 1);
    community.submit(next);
    community.to_epoch(3);
    community.cast_share(0, next, 1, WHOLE);
    let pool = community.pool_state(0);
    assert_eq!(pool.entries[0].proposal_index.get(), 1);
    assert_eq!((pool.entries[1].share_q16.get(), pool.epoch.get()), (0, 3));
    assert_eq!(total(&community, proposal, 1), 10 << 16);
}

#[test]
fn nobody_but_the_delegate_casts() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    let intruder = community.wallet(1);
    let (delegate, one) = (community.members[0].person, community.members[1].person);
    let foreign = gov::cast_delegated(&community.realm, &intruder.pubkey(), &delegate, &proposal, 1, WHOLE);
    community.world.fails_with(foreign, &[&intruder], ADDRESS);
    let mut as_other = gov::cast_delegated(&community.realm, &intruder.pubkey(), &one, &proposal, 1, WHOLE);
    as_other.accounts[2].pubkey = community.pool_of(0);
    community.world.fails_with(as_other, &[&intruder], ADDRESS);
}

#[test]
fn a_pool_of_another_realm_is_refused() {
    let (mut community, proposal) = Community::lent_vote(0, 2);
    let mut raw = community.world.raw(&community.pool_of(0));
    raw.data[16..48].copy_from_slice(community.mint.address.as_ref());
    let elsewhere = community.world.keypair("pool elsewhere").pubkey();
    community.world.set_raw(elsewhere, raw);
    let (mut instruction, wallet) = community.share_instruction(0, proposal, 1, WHOLE);
    instruction.accounts[2].pubkey = elsewhere;
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::BallotOfOtherRealm));
}

#[test]
fn a_revoked_suspended_or_expired_delegate_does_not_cast() {
    let (mut community, proposal) = Community::lent_vote(0, 2);
    community.cast_share(0, proposal, 1, WHOLE);
    let next = community.create_proposal(0, 1);
    community.submit(next);
    community.act_on(0, PersonAct::Suspend);
    // from the next epoch on
    community.cast_share(0, proposal, 2, WHOLE);
    community.to_epoch(3);
    refuse(&mut community, next, 1, WHOLE, GovernanceError::PersonSuspended);
    community.act_on(0, PersonAct::Reinstate);
    community.cast_share(0, next, 1, WHOLE);
    community.act_on(0, PersonAct::Revoke);
    refuse(&mut community, next, 1, WHOLE / 2, GovernanceError::PersonRevoked);
}

#[test]
fn a_delegate_whose_registration_ends_in_the_vote_stops_there() {
    let mut community = Community::with_members(0, 2);
    let start = community.epoch_start(0);
    community.register_until("delegate", start + 220);
    community.to_epoch(1);
    community.open_pool(2);
    community.join(1, 2);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.to_vote_second(19);
    community.cast_share(2, proposal, 1, WHOLE);
    community.to_vote_second(20);
    let (instruction, wallet) = community.share_instruction(2, proposal, 1, WHOLE / 2);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonExpired));
}

#[test]
fn delegates_on_different_proposals_share_no_writable_account() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(1);
    let proposals = [community.create_proposal(0, 1), community.create_proposal(1, 1)];
    let written = |member: usize| -> Vec<Address> {
        let instruction = community.share_instruction(member, proposals[member], 1, WHOLE).0;
        let writable = instruction.accounts.iter().filter(|meta| meta.is_writable);
        writable.map(|meta| meta.pubkey).collect()
    };
    assert!(written(0).iter().all(|address| !written(1).contains(address)));
    assert_eq!(written(0).len(), 2);
}

/// The design's promise, and what the dearest casts take: another option moves every cohort twice, a saturated cohort takes roots.
#[test]
fn a_cast_over_sixteen_cohorts_costs_at_most_six_thousand_units() {
    for (floor_votes, most_of_another_option) in [(1_000, 8_000), (1, 14_000)] {
        let parameters = RealmParameters {
            cohort_floor_votes: floor_votes,
            ..rehearsal_parameters()
        };
        let (mut community, proposal) = Community::lent_by_all_cohorts(0, parameters);
        let [first, changed, moved] = [(1, WHOLE / 2), (1, WHOLE), (2, WHOLE)]
            .map(|(option, share)| community.cast_share(0, proposal, option, share).compute_units);
        println!(
            "cast_delegated over 16 cohorts, floor {floor_votes}: {first}, {changed}, to another option {moved} CU"
        );
        assert!(moved <= most_of_another_option, "{moved}");
        if floor_votes == 1_000 {
            assert!(first.max(changed) <= 6_000, "{first} and {changed}");
        }
    }
}
