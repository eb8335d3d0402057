use crate::prelude::*;

fn withdrawal(community: &Community, destination: &Address, amount: u64) -> (Instruction, Keypair) {
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let mint = &community.mint;
    (
        gov::unstake_tokens(&community.realm, &wallet.pubkey(), &person, destination, mint, amount),
        wallet,
    )
}

#[test]
fn tokens_return_to_the_depositor() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    let (instruction, wallet) = withdrawal(&community, &tokens, 2_000);
    community.world.succeeds(instruction, &[&wallet]);
    assert_eq!(community.world.tokens(&tokens), 2_000);
    let stake: Stake = community.world.state(&community.stake_of(0));
    assert_eq!((stake.amount_atoms.get(), stake.pending_atoms.get()), (3_000, 3_000));
    community.assert_invariants();
}

#[test]
fn the_youngest_deposit_leaves_first() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    community.to_epoch(1);
    community.stake(0, 1_000);
    let (instruction, wallet) = withdrawal(&community, &tokens, 1_500);
    community.world.succeeds(instruction, &[&wallet]);
    let stake: Stake = community.world.state(&community.stake_of(0));
    assert_eq!((stake.amount_atoms.get(), stake.pending_atoms.get()), (4_500, 0));
}

#[test]
fn zero_and_more_than_staked_are_refused() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    let (instruction, wallet) = withdrawal(&community, &tokens, 0);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::AmountIsZero));
    let (instruction, wallet) = withdrawal(&community, &tokens, 5_001);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::StakeTooSmall));
}

#[test]
fn a_stake_stays_from_the_opening_of_the_ballot_to_the_end_of_its_epoch() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    community.to_epoch(2);
    community.open_ballot(0);
    let (instruction, wallet) = withdrawal(&community, &tokens, 1);
    community
        .world
        .fails_with(instruction.clone(), &[&wallet], error(GovernanceError::StakeCounts));
    let end = community.epoch_start(3);
    community.world.warp_to(end - 1);
    community
        .world
        .fails_with(instruction.clone(), &[&wallet], error(GovernanceError::StakeCounts));
    community.world.warp_to(end);
    community.world.succeeds(instruction, &[&wallet]);
}

#[test]
fn a_destination_of_somebody_else_is_refused() {
    let mut community = Community::with_members(0, 2);
    community.stake(0, 5_000);
    let theirs = community.stake(1, 5);
    let (instruction, wallet) = withdrawal(&community, &theirs, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::NotTheDepositorsAccount));
    let stranger = community.world.actor("stranger").pubkey();
    let (instruction, wallet) = withdrawal(&community, &stranger, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::NotTheDepositorsAccount));
}

#[test]
fn nobody_else_withdraws() {
    let mut community = Community::with_members(0, 2);
    community.stake(0, 5_000);
    let theirs = community.stake(1, 5);
    let intruder = community.wallet(1);
    let person = community.members[0].person;
    let mut instruction = gov::unstake_tokens(
        &community.realm,
        &intruder.pubkey(),
        &person,
        &theirs,
        &community.mint,
        1,
    );
    instruction.accounts[3].pubkey = community.stake_of(0);
    instruction.accounts[4].pubkey = gov::vault_address(&community.stake_of(0));
    community.world.fails_with(instruction, &[&intruder], ADDRESS);
}

#[test]
fn the_last_ballot_is_that_of_the_stakes_own_person() {
    let mut community = Community::with_members(0, 2);
    let tokens = community.stake(0, 5_000);
    community.to_epoch(2);
    community.open_ballot(0);
    let (mut instruction, wallet) = withdrawal(&community, &tokens, 1);
    instruction.accounts[2].pubkey = community.members[1].person;
    community.world.fails_with(instruction, &[&wallet], ADDRESS);
}

#[test]
fn a_delegated_stake_stays() {
    let mut community = Community::with_members(0, 2);
    let tokens = community.stake(0, 5_000);
    community.to_epoch(1);
    let stake = community.stake_of(0);
    gov::persons::lend(&mut community, 0, 1, Some(stake));
    let (instruction, wallet) = withdrawal(&community, &tokens, 1);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::StakeDelegated));
}

#[test]
fn realm_vault_mint_and_token_program_are_the_stakes() {
    let mut community = Community::with_members(0, 2);
    let tokens = community.stake(0, 5_000);
    community.stake(1, 5_000);
    let (instruction, wallet) = withdrawal(&community, &tokens, 1);
    let other = community.create_second_realm();
    let other_mint = community.world.mint_without_freeze("other", 6).address;
    let their_vault = gov::vault_address(&community.stake_of(1));
    for (place, wrong) in [(1, other), (4, their_vault), (6, other_mint), (7, ids::TOKEN_2022)] {
        let mut substituted = instruction.clone();
        substituted.accounts[place].pubkey = wrong;
        community.world.fails_with(substituted, &[&wallet], ADDRESS);
    }
    community.world.succeeds(instruction, &[&wallet]);
}
