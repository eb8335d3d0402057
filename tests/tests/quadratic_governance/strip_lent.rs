//! `leave_delegate` by anybody, where the member is revoked, expired or suspended.

use {
    super::leave_delegate::{forgets, one_over_and_one_extended},
    crate::prelude::*,
    commonweal_tests::fixtures::governance::delegation::WHOLE,
};

#[track_caller]
fn strip(community: &mut Community, member: usize) {
    let anybody = community.world.actor("anybody");
    let instruction = community.leave_instruction(member, &anybody.pubkey(), false);
    community.world.succeeds(instruction, &[&anybody]);
    community.assert_invariants();
}

#[test]
fn a_revoked_members_part_is_taken_out_by_anybody_in_the_vote_and_in_the_challenge() {
    for second in [5, 35, 39, 40, 49] {
        let (mut community, proposal) = Community::lent_vote(0, 4);
        community.open_ballot(0);
        community.cast(0, proposal, 1, 10);
        community.cast_share(0, proposal, 1, WHOLE / 2);
        community.to_vote_second(second);
        community.act_on(1, PersonAct::Revoke);
        strip(&mut community, 1);
        assert!(forgets(&community, 1));
        let state = community.proposal_state(proposal);
        assert_eq!(
            (state.voters.get(), state.totals_q16[1].get()),
            (3, 20 << 16),
            "second {second}"
        );
        // what is taken out in the challenge decides that voting was not extended
        let expected = if second < 40 { EXTENSION_OPEN } else { EXTENSION_OFF };
        assert_eq!(state.extended, expected, "second {second}");
        community.to_vote_second(60);
        community.finalize(proposal);
    }
}

#[test]
fn an_expired_members_part_is_taken_out_likewise() {
    let mut community = Community::with_members(0, 2);
    let start = community.epoch_start(0);
    // in epoch 3 it expires, so what is lent ends with epoch 2
    community.register_until("short", start + 320);
    community.to_epoch(1);
    community.open_pool(0);
    community.join(1, 0);
    community.join(2, 0);
    community.to_epoch(3);
    let anybody = community.world.actor("anybody");
    let leave = community.leave_instruction(2, &anybody.pubkey(), false);
    community
        .world
        .fails_with(leave.clone(), &[&anybody], error(GovernanceError::NotAuthorized));
    community.world.warp_to(start + 320);
    community.world.succeeds(leave, &[&anybody]);
    assert!(forgets(&community, 2));
}

#[test]
fn a_suspended_members_part_is_taken_out_by_anybody_from_the_next_epoch_on() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.cast_share(0, proposal, 1, WHOLE);
    community.act_on(1, PersonAct::Suspend);
    let anybody = community.world.actor("anybody");
    let leave = community.leave_instruction(1, &anybody.pubkey(), false);
    community
        .world
        .fails_with(leave, &[&anybody], error(GovernanceError::NotAuthorized));
    let next = community.create_proposal(0, 1);
    community.submit(next);
    community.to_epoch(3);
    community.cast_share(0, next, 1, WHOLE);
    assert_eq!(community.proposal_state(next).voters.get(), 2);
    strip(&mut community, 1);
    assert_eq!(community.proposal_state(next).voters.get(), 1);
}

#[test]
fn a_revoked_members_join_is_withdrawn_by_anybody() {
    let (mut community, _) = Community::lent_vote(0, 3);
    community.leave(2);
    community.join(2, 0);
    community.act_on(2, PersonAct::Revoke);
    strip(&mut community, 2);
    assert_eq!(community.pool_state(0).joining[0].persons.get(), 0);
}

#[test]
fn a_revoked_member_cannot_end_it_with_the_epoch_instead() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.cast_share(0, proposal, 1, WHOLE);
    community.act_on(1, PersonAct::Revoke);
    community.leave_at_epoch_end(1);
    assert!(forgets(&community, 1));
    assert_eq!(community.proposal_state(proposal).voters.get(), 1);
}

#[test]
fn after_the_challenge_what_was_lent_is_forgotten_but_the_result_stands() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.cast_share(0, proposal, 1, WHOLE);
    community.to_vote_second(50);
    community.act_on(1, PersonAct::Revoke);
    strip(&mut community, 1);
    assert_eq!(community.proposal_state(proposal).voters.get(), 2);
    assert_eq!(community.pool_state(0).lent[0].persons.get(), 1);
    community.finalize(proposal);
}

#[test]
fn a_decided_and_closed_proposal_does_not_keep_a_revoked_members_part_in_another() {
    let (mut community, [first, second]) = one_over_and_one_extended();
    community.act_on(1, PersonAct::Revoke);
    community.finalize(first);
    let close = community.closing(first);
    community.world.succeeds(close, &[]);
    // in the challenge of what was extended
    community.to_vote_second(75);
    strip(&mut community, 1);
    let state = community.proposal_state(second);
    assert_eq!((state.voters.get(), state.totals_q16[1].get()), (2, 10 << 16));
    assert_eq!(state.extended, EXTENSION_ON);
}
