use crate::prelude::*;

fn emptied() -> (Community, Address) {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let instruction = gov::unstake_tokens(
        &community.realm,
        &wallet.pubkey(),
        &person,
        &tokens,
        &community.mint,
        5_000,
    );
    community.world.succeeds(instruction, &[&wallet]);
    (community, tokens)
}

#[test]
fn the_rent_of_stake_and_vault_returns() {
    let (mut community, tokens) = emptied();
    let wallet = community.wallet(0);
    let stake = community.stake_of(0);
    let before = community.world.lamports(&wallet.pubkey());
    let instruction = gov::close_stake(&wallet.pubkey(), &stake, &tokens, &community.mint);
    community.world.succeeds(instruction, &[&wallet]);
    let rent = community.world.rent(STAKE_LEN) + community.world.rent(165);
    assert_eq!(community.world.lamports(&wallet.pubkey()) - before, rent);
    assert!(!community.world.exists(&stake) && !community.world.exists(&gov::vault_address(&stake)));
}

#[test]
fn a_donation_cannot_keep_a_stake_open() {
    let (mut community, tokens) = emptied();
    let wallet = community.wallet(0);
    let stake = community.stake_of(0);
    let mint = community.mint.clone();
    community.world.mint_into(&mint, &gov::vault_address(&stake), 9);
    let instruction = gov::close_stake(&wallet.pubkey(), &stake, &tokens, &mint);
    community.world.succeeds(instruction, &[&wallet]);
    assert_eq!(community.world.tokens(&tokens), 5_009);
}

#[test]
fn a_stake_that_holds_tokens_is_not_closed() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 5_000);
    let wallet = community.wallet(0);
    let instruction = gov::close_stake(&wallet.pubkey(), &community.stake_of(0), &tokens, &community.mint);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::StakeNotEmpty));
}

#[test]
fn nobody_else_closes_it_and_donations_go_to_nobody_else() {
    let (mut community, _) = emptied();
    let stake = community.stake_of(0);
    let intruder = community.world.actor("intruder");
    let mint = community.mint.clone();
    let theirs = community.world.token_account(&mint, &intruder.pubkey());
    let instruction = gov::close_stake(&intruder.pubkey(), &stake, &theirs, &mint);
    community.world.fails_with(instruction, &[&intruder], ADDRESS);
    let wallet = community.wallet(0);
    let instruction = gov::close_stake(&wallet.pubkey(), &stake, &theirs, &mint);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::NotTheDepositorsAccount));
}

#[test]
fn vault_mint_and_token_program_are_the_stakes() {
    let (mut community, tokens) = emptied();
    let wallet = community.wallet(0);
    let stake = community.stake_of(0);
    let instruction = gov::close_stake(&wallet.pubkey(), &stake, &tokens, &community.mint);
    let other_mint = community.world.mint_without_freeze("other", 6).address;
    community.register("another", &[0]);
    community.stake(1, 5_000);
    let their_vault = gov::vault_address(&community.stake_of(1));
    for (place, wrong) in [(2, their_vault), (4, other_mint), (5, ids::TOKEN_2022)] {
        let mut substituted = instruction.clone();
        substituted.accounts[place].pubkey = wrong;
        community.world.fails_with(substituted, &[&wallet], ADDRESS);
    }
    community.world.succeeds(instruction, &[&wallet]);
}
