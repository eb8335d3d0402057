//! `override_veto` long after its proposal's submission, when votes have made epochs shorter than the vote was.

use crate::prelude::*;

fn governed(community: &mut Community, proposal: Address) {
    let execution = community.execution(proposal, 0);
    community.world.succeeds(execution, &[]);
}

/// A realm in an epoch of 16 seconds, and a vetoed proposal of the time when a vote took 60 and its timelock 600.
fn outlived() -> (Community, Address) {
    let mut community = Community::with_members(0, 3);
    let treasury = community.treasury(0);
    community.world.airdrop(&treasury, 1_000_000_000_000);
    let payee = community.world.actor("payee").pubkey();
    let long = RealmParameters {
        timelock_s: 600,
        upgrade_timelock_s: 600,
        ..rehearsal_parameters()
    };
    let shorter = RealmParameters {
        epoch_s: 60,
        voting_s: 10,
        extension_s: 2,
        late_window_s: 2,
        challenge_s: 2,
        timelock_s: 1,
        ..rehearsal_parameters()
    };
    let shortest = RealmParameters { epoch_s: 16, ..shorter };
    let genesis = community.epoch_start(0);
    community.to_epoch(1);
    community.enact(vec![community.parameter_vote(long)]);
    let change = community.propose(vec![community.parameter_vote(shorter)]);
    community.carry(change, 10);
    community.decide(change);
    // voted on in epoch 4, the first with the long timelock
    let proposal = community.propose(vec![community.payment(0, &payee, 1)]);
    community.world.warp_to(genesis + 400);
    governed(&mut community, change);
    community.carry(proposal, 10);
    community.decide(proposal);
    // epoch 6 begins at 600 and lasts 60 seconds, epoch 8 at 720 and lasts 16
    community.world.warp_to(genesis + 500);
    community.enact(vec![community.parameter_vote(shortest)]);
    community.world.warp_to(genesis + 730);
    let guardian = community.guardian.insecure_clone();
    let veto = gov::veto(&community.realm, &guardian.pubkey(), &proposal, false);
    community.world.succeeds(veto, &[&guardian]);
    (community, proposal)
}

#[test]
fn a_vote_that_outlasts_its_epoch_is_not_called() {
    let (mut community, proposal) = outlived();
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let call = gov::override_veto(&community.realm, &wallet.pubkey(), &person, &proposal);
    // its ballots could be closed and its stakes leave before the challenge ends (G5, G8)
    community
        .world
        .fails_with(call, &[&wallet], error(GovernanceError::EpochTooShort));
}
