use crate::prelude::*;

#[test]
fn a_deposit_is_pending_in_its_epoch_and_the_vault_gains_it() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    let stake: Stake = community.world.state(&community.stake_of(0));
    assert_eq!(
        (
            stake.amount_atoms.get(),
            stake.pending_atoms.get(),
            stake.pending_epoch.get()
        ),
        (5_000, 5_000, 0)
    );
    assert_eq!(community.world.tokens(&stake.vault), 5_000);
    assert_eq!(community.world.tokens(&tokens), 0);
    community.to_epoch(1);
    community.stake(0, 700);
    let stake: Stake = community.world.state(&community.stake_of(0));
    assert_eq!(
        (
            stake.amount_atoms.get(),
            stake.pending_atoms.get(),
            stake.pending_epoch.get()
        ),
        (5_700, 700, 1)
    );
    community.assert_invariants();
}

#[test]
fn an_amount_of_zero_is_refused() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5);
    let wallet = community.wallet(0);
    let stake = community.stake_of(0);
    let instruction = gov::stake_tokens(&community.realm, &wallet.pubkey(), &stake, &tokens, &community.mint, 0);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::AmountIsZero));
}

#[test]
fn more_than_the_source_holds_is_refused_by_the_token_program() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5);
    let wallet = community.wallet(0);
    let stake = community.stake_of(0);
    let instruction = gov::stake_tokens(&community.realm, &wallet.pubkey(), &stake, &tokens, &community.mint, 1);
    // the token program's «insufficient funds»
    community.world.fails_with(instruction, &[&wallet], 1);
}

#[test]
fn only_the_depositor_deposits_into_its_own_vault() {
    let mut community = Community::with_members(0, 2);
    community.stake(0, 5);
    let tokens = community.stake(1, 5);
    let intruder = community.wallet(1);
    let stake = community.stake_of(0);
    let instruction = gov::stake_tokens(
        &community.realm,
        &intruder.pubkey(),
        &stake,
        &tokens,
        &community.mint,
        1,
    );
    community.world.fails_with(instruction, &[&intruder], ADDRESS);
    let own = community.stake_of(1);
    let mut instruction = gov::stake_tokens(&community.realm, &intruder.pubkey(), &own, &tokens, &community.mint, 1);
    instruction.accounts[3].pubkey = gov::vault_address(&stake);
    community.world.fails_with(instruction, &[&intruder], ADDRESS);
}

#[test]
fn realm_mint_and_token_program_are_the_stakes() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5);
    let mint = community.mint.clone();
    community.world.mint_into(&mint, &tokens, 9);
    let wallet = community.wallet(0);
    let stake = community.stake_of(0);
    let instruction = gov::stake_tokens(&community.realm, &wallet.pubkey(), &stake, &tokens, &mint, 9);
    // the other realm counts its own epochs: what is deposited now would count at once
    community.to_epoch(3);
    let other = community.create_second_realm();
    let other_mint = community.world.mint_without_freeze("other", 6).address;
    for (place, wrong) in [(1, other), (5, other_mint), (6, ids::TOKEN_2022)] {
        let mut substituted = instruction.clone();
        substituted.accounts[place].pubkey = wrong;
        community.world.fails_with(substituted, &[&wallet], ADDRESS);
    }
    community.world.succeeds(instruction, &[&wallet]);
}
