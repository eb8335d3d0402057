//! Persons register, vote, and the treasury pays what they voted for.

use {
    commonweal_tests::{
        fixtures::governance::{rehearsal_parameters, Community},
        world::World,
    },
    solana_signer::Signer,
};

const GRANT_LAMPORTS: u64 = 1_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn five_persons_vote_and_the_treasury_pays_once() {
    let mut community = Community::empty_in(World::on_a_bank(13), rehearsal_parameters(), true);
    community.add_attestor(0, 1_000);
    for index in 0..5 {
        community.register(&format!("member {index}"), &[0]);
    }
    // the largest staker is against it
    community.stake(4, 300_000);
    let lane = community.treasury(0);
    community.world.airdrop(&lane, 20 * GRANT_LAMPORTS);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    let grantee = community.world.keypair("grantee").pubkey();
    let payment = community.payment(0, &grantee, GRANT_LAMPORTS);
    community.add_action(proposal, payment);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    for member in 0..4 {
        community.cast(member, proposal, 1, 10);
    }
    // 100 base credits and 300 of the stake: twenty votes for four hundred credits, against forty for four hundred
    community.cast(4, proposal, 0, 20);
    let state = community.proposal_state(proposal);
    community.world.warp_to(state.voting_starts_ts.get() + 60);
    community.finalize(proposal);
    let state = community.proposal_state(proposal);
    assert_eq!(state.winner, 1);
    let execution = community.execution(proposal, 0);
    let early = community.world.send(core::slice::from_ref(&execution), &[]);
    assert!(early.failure().is_some(), "the timelock holds");
    community.world.warp_to(state.executable_from_ts.get());
    community.world.succeeds(execution.clone(), &[]);
    assert_eq!(community.world.lamports(&grantee), GRANT_LAMPORTS);
    assert_eq!(community.world.lamports(&lane), 19 * GRANT_LAMPORTS);
    let again = community.world.send(&[execution], &[]);
    assert!(again.failure().is_some(), "nothing is executed twice");
    assert_eq!(community.world.lamports(&grantee), GRANT_LAMPORTS);
    community.assert_invariants();
}
