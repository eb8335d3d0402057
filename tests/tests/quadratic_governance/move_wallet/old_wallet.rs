//! From the move on the old wallet can do nothing for the person, and keeps what it staked and paid.

use super::*;

/// In the vote of epoch 2, with votes of the member whose wallet has just moved, a draft, and its old wallet.
fn moved() -> (Community, Address, Address, Keypair) {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(0, proposal, 1, 5);
    let draft = community.create_proposal(0, 1);
    let old = community.move_to(0, "new wallet");
    (community, proposal, draft, old)
}

#[track_caller]
fn old_fails_and_new_succeeds(
    community: &mut Community,
    old: &Keypair,
    instruction: impl Fn(&Community, &Address) -> Instruction,
) {
    let by_old = instruction(community, &old.pubkey());
    community.world.fails_with(by_old, &[old], ADDRESS);
    let wallet = community.wallet(0);
    let by_new = instruction(community, &wallet.pubkey());
    community.world.succeeds(by_new, &[&wallet]);
}

#[test]
fn it_casts_no_votes_and_the_new_one_changes_them() {
    let (mut community, proposal, _, old) = moved();
    old_fails_and_new_succeeds(&mut community, &old, |community, wallet| {
        let person = community.members[0].person;
        gov::cast_votes(wallet, &person, &community.ballot_of(0, 2), &proposal, 2, 6)
    });
    let state = community.proposal_state(proposal);
    assert_eq!((state.voters.get(), state.spent_credits.get()), (1, 36));
    community.assert_invariants();
}

#[test]
fn it_edits_submits_and_cancels_no_draft() {
    let (mut community, _, draft, old) = moved();
    let call = community.payment(0, &old.pubkey(), 5);
    old_fails_and_new_succeeds(&mut community, &old, |community, wallet| {
        let person = community.members[0].person;
        gov::add_action(&community.realm, wallet, &person, &draft, 0, call.clone())
    });
    old_fails_and_new_succeeds(&mut community, &old, |community, wallet| {
        gov::submit_proposal(&community.realm, wallet, &community.members[0].person, &draft)
    });
    old_fails_and_new_succeeds(&mut community, &old, |community, wallet| {
        gov::cancel_proposal(wallet, &community.members[0].person, &draft)
    });
}

#[test]
fn it_creates_no_proposal_and_opens_no_pool() {
    let (mut community, _, _, old) = moved();
    let index = community.realm_state().proposal_count.get();
    old_fails_and_new_succeeds(&mut community, &old, |community, wallet| {
        let person = community.members[0].person;
        gov::create_proposal(&community.realm, wallet, &person, index, hash("text"), 1)
    });
    old_fails_and_new_succeeds(&mut community, &old, |community, wallet| {
        gov::open_pool(&community.realm, wallet, &community.members[0].person)
    });
}

#[test]
fn it_closes_no_ballot_but_gets_the_rent_it_paid() {
    let (mut community, _, _, old) = moved();
    community.to_epoch(3);
    let (person, ballot) = (community.members[0].person, community.ballot_of(0, 2));
    let instruction = gov::close_ballot(&old.pubkey(), &person, &ballot, &old.pubkey());
    let expected = error(GovernanceError::BallotGraceNotOver);
    community.world.fails_with(instruction, &[&old], expected);
    let before = community.world.lamports(&old.pubkey());
    let wallet = community.wallet(0);
    let instruction = gov::close_ballot(&wallet.pubkey(), &person, &ballot, &old.pubkey());
    community.world.succeeds(instruction, &[&wallet]);
    let rent = community.world.rent(BALLOT_LEN);
    assert_eq!(community.world.lamports(&old.pubkey()) - before, rent);
}

#[test]
fn it_opens_no_ballot_and_a_move_gives_no_second_one() {
    let (mut community, _, _, old) = moved();
    let (realm, person, wallet) = (community.realm, community.members[0].person, community.wallet(0));
    let again = gov::open_ballot(&realm, &wallet.pubkey(), &wallet.pubkey(), &person, None, 2);
    let expected = error(GovernanceError::BallotOpenedAlready);
    community.world.fails_with(again, &[&wallet], expected);
    community.to_epoch(3);
    old_fails_and_new_succeeds(&mut community, &old, |_, wallet| {
        gov::open_ballot(&realm, wallet, wallet, &person, None, 3)
    });
}

#[test]
fn it_moves_nothing_back() {
    let (mut community, _, _, old) = moved();
    let (mut instruction, _) = community.moving(0, &old, true);
    instruction.accounts[1].pubkey = old.pubkey();
    community.world.fails_with(instruction, &[&old], ADDRESS);
}

#[test]
fn its_stake_returns_to_it_and_to_nobody_else() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    let old = community.move_to(0, "new wallet");
    let (realm, mint, person) = (community.realm, community.mint.clone(), community.members[0].person);
    let stake = gov::stake_address(&realm, &person, &old.pubkey());

    // the new wallet neither withdraws nor adds nor closes
    let wallet = community.wallet(0);
    let theirs = community.world.funded(&mint, &wallet.pubkey(), 9);
    let mut theft = gov::unstake_tokens(&realm, &wallet.pubkey(), &person, &theirs, &mint, 5_000);
    theft.accounts[3].pubkey = stake;
    theft.accounts[4].pubkey = gov::vault_address(&stake);
    community.world.fails_with(theft, &[&wallet], ADDRESS);
    let addition = gov::stake_tokens(&realm, &wallet.pubkey(), &stake, &theirs, &mint, 9);
    community.world.fails_with(addition, &[&wallet], ADDRESS);
    let closing = gov::close_stake(&wallet.pubkey(), &stake, &theirs, &mint);
    community.world.fails_with(closing, &[&wallet], ADDRESS);

    let withdrawal = gov::unstake_tokens(&realm, &old.pubkey(), &person, &tokens, &mint, 5_000);
    community.world.succeeds(withdrawal, &[&old]);
    let closing = gov::close_stake(&old.pubkey(), &stake, &tokens, &mint);
    community.world.succeeds(closing, &[&old]);
    assert_eq!(community.world.tokens(&tokens), 5_000);
}

#[test]
fn it_opens_no_stake_and_the_new_wallet_opens_its_own() {
    let mut community = Community::with_members(0, 1);
    community.stake(0, 5_000);
    let old = community.move_to(0, "new wallet");
    let (realm, mint, person) = (community.realm, community.mint.clone(), community.members[0].person);
    let opening = gov::open_stake(&realm, &old.pubkey(), &person, &mint);
    community.world.fails_with(opening, &[&old], ADDRESS);
    // the fixture opens the new wallet's, at an address of its own
    community.stake(0, 7_000);
    let own: Stake = community.world.state(&community.stake_of(0));
    assert_eq!(
        (own.depositor, own.person, own.amount_atoms.get()),
        (community.wallet(0).pubkey(), person, 7_000)
    );
    community.to_epoch(2);
    // one of both counts, not their sum: 100 + 7
    let ballot = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&ballot).budget_credits.get(), 107);
}

#[test]
fn what_counts_in_a_ballot_stays_staked_after_the_move() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    community.to_epoch(2);
    let ballot = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&ballot).budget_credits.get(), 105);
    let old = community.move_to(0, "new wallet");
    let (realm, mint, person) = (community.realm, community.mint.clone(), community.members[0].person);
    let withdrawal = gov::unstake_tokens(&realm, &old.pubkey(), &person, &tokens, &mint, 5_000);
    let counts = error(GovernanceError::StakeCounts);
    community.world.fails_with(withdrawal.clone(), &[&old], counts);
    community.to_epoch(3);
    community.world.succeeds(withdrawal, &[&old]);
}
