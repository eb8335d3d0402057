//! `leave_delegate`: at once, with the epoch's end, and by others where the member is revoked or expired.

use {crate::prelude::*, commonweal_tests::fixtures::governance::delegation::WHOLE};

fn person(community: &Community, member: usize) -> Person {
    community.world.state(&community.members[member].person)
}

pub fn forgets(community: &Community, member: usize) -> bool {
    let person = person(community, member);
    person.delegate == Address::default()
        && person.delegate_root.get() == 0
        && person.delegate_from_epoch.get() == 0
        && person.delegate_until_epoch.get() == 0
        && person.delegate_generation.get() == 0
}

pub fn ballot_opening(community: &Community, member: usize, epoch: u32) -> (Instruction, Keypair) {
    let wallet = community.wallet(member);
    let person = community.members[member].person;
    let key = wallet.pubkey();
    (
        gov::open_ballot(&community.realm, &key, &key, &person, None, epoch),
        wallet,
    )
}

#[track_caller]
fn refuse(community: &mut Community, member: usize, expected: GovernanceError) {
    let wallet = community.wallet(member);
    let instruction = community.leave_instruction(member, &wallet.pubkey(), false);
    community.world.fails_with(instruction, &[&wallet], error(expected));
}

/// Extension 30, challenge 10: what is not extended is decided at 50, what is extended is voted on until 70.
fn long_extension() -> RealmParameters {
    RealmParameters {
        extension_s: 30,
        ..rehearsal_parameters()
    }
}

/// Two proposals of one epoch on which member 0 has cast half of what three members lend it. Late in the vote the second one
/// swings; now is second 55, where the first is over and the second in its extension.
pub fn one_over_and_one_extended() -> (Community, [Address; 2]) {
    let (mut community, first) = Community::with_lenders(0, long_extension(), 4);
    let second = community.create_proposal(0, 1);
    community.submit(second);
    community.to_epoch(2);
    community.cast_share(0, first, 1, WHOLE / 2);
    community.to_vote_second(35);
    community.cast_share(0, second, 1, WHOLE / 2);
    community.to_vote_second(55);
    (community, [first, second])
}

#[test]
fn who_leaves_takes_exactly_its_own_out_and_only_then_opens_a_ballot() {
    let (mut community, proposal) = Community::with_lenders(0, rehearsal_parameters(), 4);
    let other = community.create_proposal(0, 1);
    community.submit(other);
    community.to_epoch(2);
    community.cast_share(0, proposal, 1, 40_000);
    community.cast_share(0, other, 0, 50_000);
    let (open, wallet) = ballot_opening(&community, 1, 2);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::PersonDelegates));
    community.leave(1);
    assert!(forgets(&community, 1));
    let state = community.proposal_state(proposal);
    assert_eq!(state.totals_q16[1].get(), 20 * 40_000);
    // 200 credits · 40,000² / 2³² = 74.5
    assert_eq!((state.voters.get(), state.spent_credits.get()), (2, 74));
    let state = community.proposal_state(other);
    assert_eq!((state.totals_q16[0].get(), state.voters.get()), (20 * 50_000, 2));
    community.open_ballot(1);
    community.cast(1, proposal, 2, 10);
    assert_eq!(community.proposal_state(proposal).voters.get(), 3);
    // lent again, from the next epoch on
    community.join(1, 0);
    community.to_epoch(3);
    let (open, wallet) = ballot_opening(&community, 1, 3);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::PersonDelegates));
}

#[test]
fn who_leaves_last_leaves_nothing_behind() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.cast_share(0, proposal, 2, 45_678);
    for member in [2, 1] {
        community.leave(member);
    }
    let state = community.proposal_state(proposal);
    assert!(bytemuck::bytes_of(&state.buckets_q16).iter().all(|byte| *byte == 0));
    assert_eq!((state.voters.get(), state.spent_credits.get()), (0, 0));
    assert!(state.totals_q16.iter().all(|total| total.get() == 0));
    let pool = community.pool_state(0);
    assert!(pool.is_empty() && bytemuck::bytes_of(&pool.ending).iter().all(|byte| *byte == 0));
}

#[test]
fn with_the_epochs_end_nothing_changes_before_it() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.cast_share(0, proposal, 1, WHOLE);
    // also in the challenge, where leaving at once is refused
    community.to_vote_second(45);
    let before = community.proposal_state(proposal);
    community.leave_at_epoch_end(1);
    let after = community.proposal_state(proposal);
    assert!(bytemuck::bytes_of(&before) == bytemuck::bytes_of(&after));
    assert_eq!(person(&community, 1).delegate_until_epoch.get(), 3);
    let (open, wallet) = ballot_opening(&community, 1, 2);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::PersonDelegates));
    let next = community.create_proposal(0, 1);
    community.submit(next);
    community.to_epoch(3);
    community.open_ballot(1);
    community.cast_share(0, next, 1, WHOLE);
    assert_eq!(community.proposal_state(next).voters.get(), 1);
    community.cast(1, next, 1, 1);
    // what is over is only forgotten
    community.leave(1);
    assert!(forgets(&community, 1));
}

#[test]
fn a_join_is_withdrawn_before_it_counts() {
    for at_epoch_end in [false, true] {
        let (mut community, proposal) = Community::lent_vote(0, 3);
        community.leave(2);
        community.cast_share(0, proposal, 1, WHOLE);
        community.join(2, 0);
        if at_epoch_end {
            community.leave_at_epoch_end(2);
        } else {
            let wallet = community.wallet(2);
            let (one, delegate) = (community.members[2].person, community.members[0].person);
            // no proposal needs to follow
            let leave = gov::leave_delegate(&community.realm, &wallet.pubkey(), &one, &delegate, false, &[]);
            community.world.succeeds(leave, &[&wallet]);
            community.assert_invariants();
        }
        assert!(forgets(&community, 2));
        assert_eq!(community.proposal_state(proposal).voters.get(), 1);
        community.to_epoch(3);
        community.open_ballot(2);
    }
}

#[test]
fn nobody_else_ends_a_delegation() {
    let (mut community, _) = Community::lent_vote(0, 3);
    for intruder in [0, 2] {
        let intruder = community.wallet(intruder);
        for at_epoch_end in [false, true] {
            let instruction = community.leave_instruction(1, &intruder.pubkey(), at_epoch_end);
            community
                .world
                .fails_with(instruction, &[&intruder], error(GovernanceError::NotAuthorized));
        }
    }
}

#[test]
fn another_pool_or_realm_is_refused() {
    let (mut community, _) = Community::lent_vote(0, 3);
    community.open_pool(2);
    let wallet = community.wallet(1);
    let (realm, one, other) = (
        community.realm,
        community.members[1].person,
        community.members[2].person,
    );
    let instruction = gov::leave_delegate(&realm, &wallet.pubkey(), &one, &other, false, &[]);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::NotADelegator));
    // an empty address that is not the pool's
    let mut instruction = community.leave_instruction(1, &wallet.pubkey(), false);
    instruction.accounts[3].pubkey = community.world.keypair("nothing").pubkey();
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::NotADelegator));
    // a copy under another realm
    let mut raw = community.world.raw(&community.pool_of(0));
    raw.data[16..48].copy_from_slice(community.mint.address.as_ref());
    let elsewhere = community.world.keypair("pool elsewhere").pubkey();
    community.world.set_raw(elsewhere, raw);
    let mut instruction = community.leave_instruction(1, &wallet.pubkey(), false);
    instruction.accounts[3].pubkey = elsewhere;
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::NotADelegator));
    let second = community.create_second_realm();
    let mut instruction = community.leave_instruction(1, &wallet.pubkey(), false);
    instruction.accounts[1].pubkey = second;
    community.world.fails_with(instruction, &[&wallet], ADDRESS);
}

#[test]
fn the_proposals_of_the_live_entries_follow_exactly() {
    let (mut community, first) = Community::with_lenders(0, rehearsal_parameters(), 3);
    let second = community.create_proposal(0, 1);
    community.submit(second);
    community.to_epoch(2);
    community.cast_share(0, first, 1, WHOLE / 2);
    community.cast_share(0, second, 1, WHOLE / 2);
    let wallet = community.wallet(1);
    let (one, delegate) = (community.members[1].person, community.members[0].person);
    let elsewhere = community.world.keypair("nothing").pubkey();
    let mut raw = community.world.raw(&first);
    raw.data[24..56].copy_from_slice(community.mint.address.as_ref());
    let of_other_realm = community.world.keypair("proposal elsewhere").pubkey();
    community.world.set_raw(of_other_realm, raw);
    for listed in [
        vec![],
        vec![first],
        vec![second, first],
        vec![first, second, first],
        vec![first, first],
        vec![first, elsewhere],
        vec![of_other_realm, second],
    ] {
        let instruction = gov::leave_delegate(&community.realm, &wallet.pubkey(), &one, &delegate, false, &listed);
        community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::PoolProposalsMismatch));
    }
    let mut instruction = community.leave_instruction(1, &wallet.pubkey(), false);
    assert_eq!(instruction.accounts.len(), 6);
    instruction.accounts[5].is_writable = false;
    community.world.fails_with(instruction, &[&wallet], NOT_WRITABLE);
    community.leave(1);
}

#[test]
fn votes_in_a_challenge_stand() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.cast_share(0, proposal, 1, WHOLE);
    for second in [40, 50, 99] {
        community.to_vote_second(second);
        refuse(&mut community, 1, GovernanceError::PoolVotesCounted);
    }
    community.finalize(proposal);
    refuse(&mut community, 1, GovernanceError::PoolVotesCounted);
    let close = community.closing(proposal);
    community.world.succeeds(close, &[]);
    refuse(&mut community, 1, GovernanceError::PoolVotesCounted);
    community.to_epoch(3);
    community.leave(1);
    assert!(forgets(&community, 1));
}

#[test]
fn what_was_decided_with_a_budget_is_not_voted_again_in_an_extension() {
    let (mut community, [first, second]) = one_over_and_one_extended();
    refuse(&mut community, 1, GovernanceError::PoolVotesCounted);
    community.finalize(first);
    assert_eq!(community.proposal_state(first).status, Status::Executed as u8);
    refuse(&mut community, 1, GovernanceError::PoolVotesCounted);
    let close = community.closing(first);
    community.world.succeeds(close, &[]);
    refuse(&mut community, 1, GovernanceError::PoolVotesCounted);
    assert_eq!(community.proposal_state(second).voters.get(), 3);
}

#[test]
fn a_vetoed_proposal_stands_in_nobodys_way() {
    let (mut community, proposal) = Community::lent_vote(0, 3);
    community.cast_share(0, proposal, 1, WHOLE);
    let guardian = community.guardian.insecure_clone();
    let veto = gov::veto(&community.realm, &guardian.pubkey(), &proposal, false);
    community.world.succeeds(veto, &[&guardian]);
    community.to_vote_second(45);
    let before = community.proposal_state(proposal);
    community.leave(1);
    assert!(bytemuck::bytes_of(&before) == bytemuck::bytes_of(&community.proposal_state(proposal)));
    // called again after the veto: it is of another epoch, its tallies are empty
    let wallet = community.wallet(0);
    let call = gov::override_veto(
        &community.realm,
        &wallet.pubkey(),
        &community.members[0].person,
        &proposal,
    );
    community.world.succeeds(call, &[&wallet]);
    community.leave(2);
    assert_eq!(community.proposal_state(proposal).voters.get(), 0);
}

#[test]
fn a_closed_pool_is_only_forgotten() {
    let mut community = Community::with_members(0, 3);
    community.to_epoch(1);
    community.open_pool(0);
    community.join(1, 0);
    community.join(2, 0);
    community.to_epoch(10);
    let (close, wallet) = community.pool_closing(0);
    community.world.succeeds(close, &[&wallet]);
    community.leave(1);
    assert!(forgets(&community, 1));
    // opened anew it knows nobody of before
    community.open_pool(0);
    community.leave(2);
    assert!(forgets(&community, 2));
    assert!(community.pool_state(0).is_empty());
}

#[test]
fn a_pool_with_sixteen_live_entries_is_left_in_one_transaction() {
    let parameters = RealmParameters {
        cohort_floor_votes: 1,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for index in 0..4 {
        community.register(&format!("member {index}"), &[0]);
    }
    community.to_epoch(1);
    community.open_pool(0);
    for member in 1..4 {
        community.join(member, 0);
    }
    let proposals: Vec<Address> = (0..16)
        .map(|index| {
            let proposal = community.create_proposal(index % 4, 1);
            community.submit(proposal);
            proposal
        })
        .collect();
    community.to_epoch(2);
    for proposal in &proposals {
        community.cast_share(0, *proposal, 1, WHOLE / 4);
    }
    // in the late window, where every proposal is asked for its leader too
    community.to_vote_second(35);
    let wallet = community.wallet(1);
    let instruction = community.leave_instruction(1, &wallet.pubkey(), false);
    assert_eq!(instruction.accounts.len(), 4 + 16);
    let fee_payer = community.world.fee_payer.insecure_clone();
    let transaction = community
        .world
        .transaction(&fee_payer, std::slice::from_ref(&instruction), &[&wallet]);
    let bytes = 1 + 64 * transaction.signatures.len() + transaction.message.serialize().len();
    assert!(bytes <= 1_232, "{bytes} bytes");
    let receipt = community.world.succeeds(instruction, &[&wallet]);
    println!(
        "leaving sixteen live entries: {} CU, {bytes} bytes",
        receipt.compute_units
    );
    assert!(receipt.compute_units <= 40_000, "{}", receipt.compute_units);
    community.assert_invariants();
    assert!(proposals
        .iter()
        .all(|proposal| community.proposal_state(*proposal).voters.get() == 2));
}
