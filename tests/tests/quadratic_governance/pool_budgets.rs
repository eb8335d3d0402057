//! Pools when a vote changes what budgets are.

use {
    super::{
        cast_delegated::{refuse, total},
        leave_delegate::ballot_opening,
    },
    crate::prelude::*,
    commonweal_tests::fixtures::governance::delegation::WHOLE,
};

/// What a vote changes of the budgets: twice the base.
fn doubled() -> RealmParameters {
    RealmParameters {
        base_credits: 200,
        ..rehearsal_parameters()
    }
}

#[test]
fn a_pool_of_other_budgets_does_not_cast_until_everybody_joins_anew() {
    let (mut community, first) = Community::with_lenders(0, rehearsal_parameters(), 3);
    // voted on in epoch 2, in force from epoch 4 on
    assert_eq!(community.pass_parameters(doubled()), 4);
    assert_eq!(community.proposal_state(first).budget_version.get(), 0);
    let under_old = community.create_proposal(1, 1);
    community.submit(under_old);
    community.to_epoch(3);
    community.cast_share(0, under_old, 1, WHOLE);
    let under_new = community.create_proposal(1, 1);
    community.submit(under_new);
    assert_eq!(community.proposal_state(under_new).budget_version.get(), 1);
    community.to_epoch(4);
    refuse(&mut community, under_new, 1, WHOLE, GovernanceError::PoolIsStale);
    community.leave(1);
    community.join(1, 0);
    let later = community.create_proposal(1, 1);
    community.submit(later);
    community.to_epoch(5);
    // ⌊√200⌋ = 14; member 2 has not joined anew
    community.cast_share(0, later, 1, WHOLE);
    assert_eq!(total(&community, later, 1), 14 << 16);
}

#[test]
fn a_change_that_leaves_the_budgets_alone_leaves_pools_alone() {
    let (mut community, _) = Community::with_lenders(0, rehearsal_parameters(), 3);
    let parameters = RealmParameters {
        quorum_persons_ppm: 200_000,
        ..rehearsal_parameters()
    };
    community.pass_parameters(parameters);
    community.to_epoch(4);
    let proposal = community.create_proposal(1, 1);
    community.submit(proposal);
    community.to_epoch(5);
    community.cast_share(0, proposal, 1, WHOLE);
    assert_eq!(total(&community, proposal, 1), 20 << 16);
}

#[test]
fn nobody_can_empty_a_pool_in_the_last_epoch_of_the_old_budgets() {
    let (mut community, _) = Community::with_lenders(0, rehearsal_parameters(), 4);
    let stranger = community.register("stranger", &[0]);
    community.pass_parameters(doubled());
    let proposal = community.create_proposal(1, 1);
    community.submit(proposal);
    community.to_epoch(3);
    // a join now would be of the new budgets, while the pool still votes with the old ones
    let (instruction, wallet) = community.join_instruction(stranger, 0);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PoolIsStale));
    community.cast_share(0, proposal, 1, WHOLE);
    assert_eq!(total(&community, proposal, 1), 30 << 16);
    community.to_epoch(4);
    community.join(stranger, 0);
}

#[test]
fn who_lent_before_a_change_of_budgets_is_out_and_only_forgotten() {
    let (mut community, _) = Community::with_lenders(0, rehearsal_parameters(), 4);
    let parameters = RealmParameters {
        base_credits: 200,
        ..rehearsal_parameters()
    };
    assert_eq!(community.pass_parameters(parameters), 4);
    community.to_epoch(4);
    // not until somebody joins anew: the old sums are still there
    community.leave(3);
    assert_eq!(community.pool_state(0).lent[0].persons.get(), 2);
    community.join(3, 0);
    let pool = community.pool_state(0);
    assert_eq!((pool.budget_version.get(), pool.generation.get()), (1, 2));
    assert_eq!((pool.lent[0].persons.get(), pool.joining[0].roots.get()), (0, 14));
    let (extend, wallet) = community.extension_instruction(1);
    community
        .world
        .fails_with(extend, &[&wallet], error(GovernanceError::NotADelegator));
    // the old delegation still stands in the way of a ballot, until it is left
    let (open, wallet) = ballot_opening(&community, 1, 4);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::PersonDelegates));
    community.leave(1);
    let ballot = community.open_ballot(1);
    assert_eq!(community.world.state::<Ballot>(&ballot).budget_credits.get(), 200);
    community.leave(2);
    community.join(2, 0);
    let pool = community.pool_state(0);
    assert_eq!((pool.lent[0].persons.get(), pool.joining[0].persons.get()), (0, 2));
}
