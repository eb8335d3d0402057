//! A real realm from its creation to its first payment, at the floors of real realms.

use crate::prelude::*;

const DAY: i64 = 86_400;

#[test]
fn fifty_persons_pay_out_of_their_treasury_in_the_seventh_week() {
    let mut community = Community::empty(0, gov::real_parameters(), false);
    for slot in 0..2 {
        community.add_attestor(slot, 10);
    }
    for epoch in 0..5 {
        community.to_epoch(epoch);
        for index in 0..10 {
            community.register(&format!("person {epoch}/{index}"), &[0, 1]);
        }
    }
    let treasury = community.treasury(0);
    let payee = community.world.actor("payee").pubkey();
    community.world.airdrop(&treasury, 100_000_000_000);

    // in the fifth epoch only forty registered before it: too few for actions
    let proposal = community.create_proposal(0, 1);
    let call = community.payment(0, &payee, 5_000_000_000);
    community.add_action(proposal, call);
    let wallet = community.wallet(0);
    let submit = gov::submit_proposal(
        &community.realm,
        &wallet.pubkey(),
        &community.members[0].person,
        &proposal,
    );
    community
        .world
        .fails_with(submit, &[&wallet], error(GovernanceError::ActionsLocked));
    community.to_epoch(5);
    community.submit(proposal);
    // a quarter of fifty is thirteen; a tenth of it is below the floor of five voters; 130 of 1,300 credits
    let state = community.proposal_state(proposal);
    assert_eq!(
        (
            state.quorum_base.get(),
            state.quorum_persons.get(),
            state.quorum_credits.get()
        ),
        (13, 5, 130)
    );

    community.to_epoch(6);
    for member in [0, 11, 22, 33, 44] {
        community.open_ballot(member);
        community.cast(member, proposal, 1, 8);
    }
    let start = community.epoch_start(6);
    community.world.warp_to(start + 4 * DAY - 1);
    community.world.fails_with(
        gov::finalize(&community.realm, &proposal),
        &[],
        error(GovernanceError::ChallengeNotOver),
    );
    community.world.warp_to(start + 4 * DAY);
    community.finalize(proposal);
    let execution = community.execution(proposal, 0);
    community.world.warp_to(start + 6 * DAY - 1);
    community
        .world
        .fails_with(execution.clone(), &[], error(GovernanceError::TimelockNotOver));
    community.world.warp_to(start + 6 * DAY);
    let before = community.world.lamports(&payee);
    community.world.succeeds(execution, &[]);
    assert_eq!(community.world.lamports(&payee) - before, 5_000_000_000);
    community.assert_invariants();
}
