//! A vote changes the epoch's length: numbers go on, and nothing that is open moves.

use crate::prelude::*;

/// A realm of three in epoch 2 whose epochs last `epoch_s` seconds from epoch 4 on; its first second.
fn changed(epoch_s: u32) -> (Community, i64) {
    let mut community = Community::with_members(0, 3);
    community.to_epoch(1);
    let parameters = RealmParameters {
        epoch_s,
        ..community.parameters
    };
    community.enact(vec![community.parameter_vote(parameters)]);
    let genesis = community.realm_state().genesis_ts.get();
    (community, genesis)
}

/// The epoch the program says it is: the only one a ballot opens in.
#[track_caller]
fn assert_epoch(community: &mut Community, member: usize, epoch: u32) {
    let wallet = community.wallet(member);
    let person = community.members[member].person;
    let open = |epoch| {
        gov::open_ballot(
            &community.realm,
            &wallet.pubkey(),
            &wallet.pubkey(),
            &person,
            None,
            epoch,
        )
    };
    let others = [open(epoch - 1), open(epoch + 1)];
    let this = open(epoch);
    for instruction in others {
        let other = error(GovernanceError::EpochIsNotCurrent);
        community.world.fails_with(instruction, &[&wallet], other);
    }
    community.world.succeeds(this, &[&wallet]);
    let ballot = community.ballot_of(member, epoch);
    community.ballots.push(ballot);
}

/// First seconds of the epochs from 4 on, in seconds from the genesis.
fn starts(epoch_s: i64) -> [i64; 4] {
    [400, 400 + epoch_s, 400 + 2 * epoch_s, 400 + 3 * epoch_s]
}

#[test]
fn epochs_keep_their_numbers_and_begin_where_the_last_one_ended() {
    for epoch_s in [60, 100, 250] {
        let (mut community, genesis) = changed(epoch_s);
        community.world.warp_to(genesis + 399);
        assert_epoch(&mut community, 0, 3);
        for (epoch, start) in (4u32..).zip(starts(i64::from(epoch_s))) {
            community.world.warp_to(genesis + start);
            assert_epoch(&mut community, 0, epoch);
            // the last second belongs to the same epoch
            community.world.warp_to(genesis + start + i64::from(epoch_s) - 1);
            assert_epoch(&mut community, 1, epoch);
        }
        let realm = community.realm_state();
        assert_eq!((realm.base_epoch.get(), realm.genesis_ts.get()), (4, genesis + 400));
        assert_eq!((realm.epoch_s.get(), realm.next_rules_epoch.get()), (epoch_s, 0));
    }
}

#[test]
fn epochs_are_counted_right_when_nothing_was_written_for_a_long_time() {
    for (epoch_s, seconds, epoch) in [(60, 400 + 17 * 60, 21), (250, 400 + 250 * 3 - 1, 6)] {
        let (mut community, genesis) = changed(epoch_s);
        community.world.warp_to(genesis + seconds);
        assert_epoch(&mut community, 0, epoch);
    }
}

#[test]
fn ballots_across_the_change_close_at_the_end_of_their_own_epoch() {
    for epoch_s in [60, 250] {
        let (mut community, genesis) = changed(epoch_s);
        let ends = starts(i64::from(epoch_s));
        // opened before and after the change, and with it in force but not written yet
        for (at, epoch, end) in [(350, 3, ends[0]), (410, 4, ends[1])] {
            community.world.warp_to(genesis + at);
            community.open_missing_ballots(epoch);
            let address = community.ballot_of(0, epoch);
            let ballot: Ballot = community.world.state(&address);
            assert_eq!(ballot.closable_from_ts.get(), genesis + end);
            let (wallet, person) = (community.wallet(0), community.members[0].person);
            let close = gov::close_ballot(&wallet.pubkey(), &person, &address, &wallet.pubkey());
            community.world.warp_to(genesis + end - 1);
            let early = error(GovernanceError::BallotEpochNotOver);
            community.world.fails_with(close.clone(), &[&wallet], early);
            community.world.warp_to(genesis + end);
            community.world.succeeds(close, &[&wallet]);
        }
    }
}

#[test]
fn proposals_across_the_change_are_voted_on_in_their_own_epoch() {
    for epoch_s in [60, 250] {
        let (mut community, genesis) = changed(epoch_s);
        let starts = starts(i64::from(epoch_s));
        // submitted in 2 for 3, in 3 for the first new epoch, in 4 for the second
        for (at, epoch, start) in [(280, 3, 300), (380, 4, starts[0]), (410, 5, starts[1])] {
            community.world.warp_to(genesis + at);
            let proposal = community.propose(vec![]);
            let state = community.proposal_state(proposal);
            assert_eq!(
                (state.vote_epoch.get(), state.voting_starts_ts.get()),
                (epoch, genesis + start)
            );
            if epoch == 4 {
                // alive across the change; the others are looked at alone
                community.carry(proposal, 7);
                community.decide(proposal);
                assert_eq!(community.proposal_state(proposal).status, Status::Executed as u8);
            }
        }
    }
}

#[test]
fn a_vote_under_way_ends_when_it_would_have_ended() {
    // voting in epoch 3, executed in epoch 4 of another length
    let (mut community, genesis) = changed(60);
    let payee = community.world.actor("payee").pubkey();
    let treasury = community.treasury(0);
    community.world.airdrop(&treasury, 1_000_000_000_000);
    let call = community.payment(0, &payee, 1_000_000);
    let proposal = community.propose(vec![call]);
    community.carry(proposal, 7);
    community.decide(proposal);
    assert_eq!(
        community.proposal_state(proposal).executable_from_ts.get(),
        genesis + 300 + 40 + 10 + 20
    );
    community.world.warp_to(genesis + 419);
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
    // the lane's book counts by the new numbers
    assert_eq!(community.realm_state().lanes[0].epoch.get(), 4);
}

#[test]
fn a_clock_that_steps_back_over_the_change_stays_in_the_new_numbers() {
    let (mut community, genesis) = changed(60);
    community.world.warp_to(genesis + 400);
    assert_epoch(&mut community, 0, 4);
    community.world.warp(-3, 1);
    assert_epoch(&mut community, 1, 4);
}
