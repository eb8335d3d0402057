//! `join_delegate` and `extend_delegation`

use crate::prelude::*;

/// Members in epoch 1, member 0 with a pool.
fn with_pool(members: usize) -> Community {
    let mut community = Community::with_members(0, members);
    community.to_epoch(1);
    community.open_pool(0);
    community
}

#[track_caller]
fn refuse(community: &mut Community, member: usize, delegate: usize, expected: GovernanceError) {
    let (instruction, wallet) = community.join_instruction(member, delegate);
    community.world.fails_with(instruction, &[&wallet], error(expected));
}

#[track_caller]
fn refuse_extension(community: &mut Community, member: usize, expected: GovernanceError) {
    let (instruction, wallet) = community.extension_instruction(member);
    community.world.fails_with(instruction, &[&wallet], error(expected));
}

fn person(community: &Community, member: usize) -> Person {
    community.world.state(&community.members[member].person)
}

/// First epoch, first epoch after, root.
fn terms(community: &Community, member: usize) -> (u32, u32, u32) {
    let person = person(community, member);
    (
        person.delegate_from_epoch.get(),
        person.delegate_until_epoch.get(),
        person.delegate_root.get(),
    )
}

#[test]
fn a_budget_is_lent_from_the_next_epoch_on_for_eight() {
    let mut community = with_pool(3);
    community.stake(2, 299_000);
    community.join(1, 0);
    community.join(2, 0);
    assert_eq!(person(&community, 1).delegate, community.members[0].person);
    assert_eq!(terms(&community, 1), (2, 10, 10));
    // 100 + 299 credits are 19 whole votes
    assert_eq!(terms(&community, 2), (2, 10, 19));
    let pool = community.pool_state(0);
    let sums = |cohort: &Cohort| (cohort.persons.get(), cohort.roots.get(), cohort.squares.get());
    assert_eq!(sums(&pool.lent[0]), (0, 0, 0));
    assert_eq!(sums(&pool.joining[0]), (2, 29, 461));
    assert_eq!(sums(&pool.ending[1][0]), (2, 29, 461));
    // an extension rolls the pool on
    community.to_epoch(2);
    community.extend(1);
    let pool = community.pool_state(0);
    assert_eq!(sums(&pool.lent[0]), (2, 29, 461));
    assert_eq!(sums(&pool.joining[0]), (0, 0, 0));
    assert_eq!(
        (sums(&pool.ending[1][0]), sums(&pool.ending[2][0])),
        ((1, 19, 361), (1, 10, 100))
    );
}

#[test]
fn a_pool_that_nobody_touched_for_many_epochs_rolls_over_all_of_them() {
    let mut community = with_pool(4);
    community.join(1, 0);
    community.to_epoch(3);
    community.join(2, 0);
    // member 1 lent until epoch 9, member 2 until epoch 11
    community.to_epoch(11);
    community.join(3, 0);
    let pool = community.pool_state(0);
    assert_eq!((pool.lent[0].persons.get(), pool.joining[0].persons.get()), (1, 1));
    community.to_epoch(500);
    community.join(1, 0);
    let pool = community.pool_state(0);
    assert_eq!((pool.lent[0].persons.get(), pool.joining[0].persons.get()), (0, 1));
}

#[test]
fn somebody_elses_stake_or_wallet_is_refused() {
    let mut community = with_pool(3);
    community.stake(2, 5_000);
    let (mut instruction, wallet) = community.join_instruction(1, 0);
    instruction.accounts[3].pubkey = community.stake_of(2);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::StakeOfOtherPerson));
    let intruder = community.wallet(2);
    let (realm, one, delegate) = (
        community.realm,
        community.members[1].person,
        community.members[0].person,
    );
    let foreign = gov::join_delegate(&realm, &intruder.pubkey(), &one, None, &delegate);
    community.world.fails_with(foreign, &[&intruder], ADDRESS);
}

#[test]
fn stake_that_is_lent_stays() {
    let mut community = with_pool(2);
    let tokens = community.stake(1, 5_000);
    community.join(1, 0);
    let wallet = community.wallet(1);
    let one = community.members[1].person;
    let (realm, mint) = (community.realm, community.mint.clone());
    let withdraw = gov::unstake_tokens(&realm, &wallet.pubkey(), &one, &tokens, &mint, 5_000);
    // before it counts, while it counts, and in the epoch with which it ends
    for epoch in [1, 2, 3] {
        community.to_epoch(epoch);
        if epoch == 3 {
            community.leave_at_epoch_end(1);
        }
        community
            .world
            .fails_with(withdraw.clone(), &[&wallet], error(GovernanceError::StakeDelegated));
    }
    community.to_epoch(4);
    community.world.succeeds(withdraw, &[&wallet]);
}

#[test]
fn who_is_too_young_revoked_expired_or_suspended_does_not_join() {
    let mut community = Community::with_members(0, 3);
    community.open_pool(0);
    let expires = community.world.now() + 150;
    let short = community.register_until("short", expires);
    refuse(&mut community, 1, 0, GovernanceError::PersonTooYoung);
    community.to_epoch(1);
    community.act_on(1, PersonAct::Revoke);
    refuse(&mut community, 1, 0, GovernanceError::PersonRevoked);
    community.world.warp_to(expires);
    refuse(&mut community, short, 0, GovernanceError::PersonExpired);
}

#[test]
fn who_is_suspended_in_the_next_epoch_does_not_join() {
    let mut community = with_pool(2);
    community.act_on(1, PersonAct::Suspend);
    // suspended in epochs 2 and 3
    refuse(&mut community, 1, 0, GovernanceError::PersonSuspended);
    community.to_epoch(2);
    refuse(&mut community, 1, 0, GovernanceError::PersonSuspended);
    community.to_epoch(3);
    community.join(1, 0);
}

#[test]
fn nobody_lends_twice() {
    let mut community = with_pool(3);
    community.open_pool(2);
    community.join(1, 0);
    refuse(&mut community, 1, 0, GovernanceError::AlreadyDelegates);
    refuse(&mut community, 1, 2, GovernanceError::AlreadyDelegates);
    community.to_epoch(9);
    refuse(&mut community, 1, 2, GovernanceError::AlreadyDelegates);
    community.to_epoch(10);
    community.join(1, 2);
    assert_eq!(terms(&community, 1), (11, 19, 10));
}

#[test]
fn there_are_no_chains_and_nobody_lends_to_itself() {
    let mut community = with_pool(3);
    community.open_pool(1);
    let (to_itself, wallet) = community.join_instruction(0, 0);
    community.world.fails_with(to_itself, &[&wallet], DUPLICATE);
    community.join(1, 0);
    refuse(&mut community, 2, 1, GovernanceError::DelegateInvalid);
}

#[test]
fn a_revoked_or_expired_delegate_is_refused() {
    let mut community = Community::with_members(0, 2);
    let expires = community.world.now() + 150;
    let short = community.register_until("short", expires);
    community.to_epoch(1);
    community.open_pool(0);
    community.open_pool(short);
    community.act_on(0, PersonAct::Revoke);
    refuse(&mut community, 1, 0, GovernanceError::PersonRevoked);
    community.world.warp_to(expires);
    refuse(&mut community, 1, short, GovernanceError::PersonExpired);
}

#[test]
fn a_pool_of_another_delegate_realm_or_kind_is_refused() {
    let mut community = with_pool(3);
    community.open_pool(2);
    let (mut instruction, wallet) = community.join_instruction(1, 0);
    instruction.accounts[5].pubkey = community.pool_of(2);
    community.world.fails_with(instruction.clone(), &[&wallet], ADDRESS);
    let mut raw = community.world.raw(&community.pool_of(0));
    raw.data[16..48].copy_from_slice(community.mint.address.as_ref());
    let elsewhere = community.world.keypair("pool elsewhere").pubkey();
    community.world.set_raw(elsewhere, raw);
    instruction.accounts[5].pubkey = elsewhere;
    community
        .world
        .fails_with(instruction.clone(), &[&wallet], error(GovernanceError::NotADelegator));
    let second = community.create_second_realm();
    let (mut instruction, wallet) = community.join_instruction(1, 0);
    instruction.accounts[1].pubkey = second;
    community.world.fails_with(instruction, &[&wallet], ADDRESS);
}

#[test]
fn a_delegation_ends_with_the_last_epoch_that_the_registration_outlives() {
    let mut community = Community::with_members(0, 1);
    let start = community.epoch_start(0);
    let names = ["in epoch 2", "at the start of epoch 3", "in epoch 4"];
    for (name, second) in names.iter().zip([250, 300, 450]) {
        community.register_until(name, start + second);
    }
    community.to_epoch(1);
    community.open_pool(0);
    refuse(&mut community, 1, 0, GovernanceError::DelegationTooShort);
    community.join(2, 0);
    community.join(3, 0);
    assert_eq!((terms(&community, 2), terms(&community, 3)), ((2, 3, 10), (2, 4, 10)));
}

#[test]
fn who_voted_in_this_epoch_may_lend_the_next_ones() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.open_pool(0);
    community.cast(1, proposal, 1, 10);
    community.join(1, 0);
    community.cast(1, proposal, 1, 9);
    community.to_epoch(3);
    let wallet = community.wallet(1);
    let one = community.members[1].person;
    let open = gov::open_ballot(&community.realm, &wallet.pubkey(), &wallet.pubkey(), &one, None, 3);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::PersonDelegates));
}

#[test]
fn a_clock_that_steps_back_does_not_take_a_pool_back() {
    let mut community = with_pool(3);
    community.to_epoch(2);
    community.join(1, 0);
    community.world.warp(-1, 1);
    refuse(&mut community, 2, 0, GovernanceError::PoolEpochAhead);
}

#[test]
fn a_clock_that_steps_back_lends_no_budget_that_a_ballot_has() {
    let mut community = with_pool(2);
    community.to_epoch(3);
    community.open_ballot(1);
    community.world.warp(-1, 1);
    // in epoch 2 again, it would be lent from epoch 3 on
    refuse(&mut community, 1, 0, GovernanceError::BallotOpenedAlready);
    community.world.warp(1, 1);
    community.join(1, 0);
}

#[test]
fn an_extension_lasts_as_long_as_a_delegation_given_now() {
    let mut community = with_pool(2);
    community.join(1, 0);
    refuse_extension(&mut community, 1, GovernanceError::DelegationUnchanged);
    community.to_epoch(4);
    community.extend(1);
    assert_eq!(terms(&community, 1), (2, 13, 10));
    refuse_extension(&mut community, 1, GovernanceError::DelegationUnchanged);
    community.to_epoch(12);
    community.extend(1);
    assert_eq!(terms(&community, 1), (2, 21, 10));
    // what ends with the epoch can be taken up again before it is over
    community.leave_at_epoch_end(1);
    community.extend(1);
    assert_eq!(terms(&community, 1), (2, 21, 10));
}

#[test]
fn an_extension_ends_with_the_registration() {
    let mut community = Community::with_members(0, 1);
    let start = community.epoch_start(0);
    community.register_until("short", start + 1_150);
    community.to_epoch(1);
    community.open_pool(0);
    community.join(1, 0);
    community.to_epoch(5);
    community.extend(1);
    assert_eq!(terms(&community, 1), (2, 11, 10));
    refuse_extension(&mut community, 1, GovernanceError::DelegationUnchanged);
}

#[test]
fn what_has_ended_is_not_extended() {
    let mut community = with_pool(2);
    community.join(1, 0);
    community.to_epoch(10);
    refuse_extension(&mut community, 1, GovernanceError::NotADelegator);
}

#[test]
fn a_revoked_member_and_others_do_not_extend() {
    let mut community = with_pool(3);
    community.open_pool(2);
    community.join(1, 0);
    community.to_epoch(2);
    let intruder = community.wallet(2);
    let (realm, one) = (community.realm, community.members[1].person);
    let (delegate, other) = (community.members[0].person, community.members[2].person);
    let foreign = gov::extend_delegation(&realm, &intruder.pubkey(), &one, &delegate);
    community.world.fails_with(foreign, &[&intruder], ADDRESS);
    let wallet = community.wallet(1);
    let of_other_pool = gov::extend_delegation(&realm, &wallet.pubkey(), &one, &other);
    community
        .world
        .fails_with(of_other_pool, &[&wallet], error(GovernanceError::NotADelegator));
    let second = community.create_second_realm();
    let (mut instruction, wallet) = community.extension_instruction(1);
    instruction.accounts[1].pubkey = second;
    community.world.fails_with(instruction, &[&wallet], ADDRESS);
    community.act_on(1, PersonAct::Revoke);
    refuse_extension(&mut community, 1, GovernanceError::PersonRevoked);
}

#[test]
fn a_delegation_is_not_extended_in_a_pool_of_another_realm() {
    let mut community = with_pool(2);
    community.join(1, 0);
    community.to_epoch(2);
    let mut raw = community.world.raw(&community.pool_of(0));
    raw.data[16..48].copy_from_slice(community.mint.address.as_ref());
    let elsewhere = community.world.keypair("pool elsewhere").pubkey();
    community.world.set_raw(elsewhere, raw);
    let (mut instruction, wallet) = community.extension_instruction(1);
    instruction.accounts[3].pubkey = elsewhere;
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::NotADelegator));
}
