use crate::prelude::*;

#[test]
fn a_stake_has_a_vault_of_its_own_and_belongs_to_the_wallet() {
    let mut community = Community::with_members(0, 1);
    community.stake(0, 5);
    let address = community.stake_of(0);
    let stake: Stake = community.world.state(&address);
    assert_eq!(stake.depositor, community.wallet(0).pubkey());
    assert_eq!(stake.vault, gov::vault_address(&address));
    let vault = community.world.token_state(&stake.vault);
    assert_eq!((vault.owner, vault.mint), (address, community.mint.address));
}

#[test]
fn nobody_else_opens_a_persons_stake() {
    let mut community = Community::with_members(0, 2);
    let intruder = community.wallet(1);
    let person = community.members[0].person;
    let instruction = gov::open_stake(&community.realm, &intruder.pubkey(), &person, &community.mint);
    community.world.fails_with(instruction, &[&intruder], ADDRESS);
}

#[test]
fn a_stake_is_not_opened_twice() {
    let mut community = Community::with_members(0, 1);
    community.stake(0, 5);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let instruction = gov::open_stake(&community.realm, &wallet.pubkey(), &person, &community.mint);
    community.world.fails_with(instruction, &[&wallet], 0);
}

#[test]
fn another_mint_is_refused() {
    let mut community = Community::with_members(0, 1);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let other = community.world.mint_without_freeze("other", 6);
    let instruction = gov::open_stake(&community.realm, &wallet.pubkey(), &person, &other);
    community.world.fails_with(instruction, &[&wallet], ADDRESS);
}

#[test]
fn the_wallet_signs_and_the_realm_is_the_persons_own() {
    let mut community = Community::with_members(0, 1);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let instruction = gov::open_stake(&community.realm, &wallet.pubkey(), &person, &community.mint);
    let mut unsigned = instruction.clone();
    unsigned.accounts[0].is_signer = false;
    community
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let mut foreign = instruction.clone();
    foreign.accounts[1].pubkey = community.create_second_realm();
    community.world.fails_with(foreign, &[&wallet], ADDRESS);
    let mut by_another_program = instruction;
    by_another_program.accounts[6].pubkey = ids::TOKEN_2022;
    community.world.fails_with(by_another_program, &[&wallet], ADDRESS);
}

#[test]
fn stake_and_vault_are_at_their_own_addresses() {
    let mut community = Community::with_members(0, 2);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let instruction = gov::open_stake(&community.realm, &wallet.pubkey(), &person, &community.mint);
    for (place, theirs) in [
        (3, community.stake_of(1)),
        (4, gov::vault_address(&community.stake_of(1))),
    ] {
        let mut elsewhere = instruction.clone();
        elsewhere.accounts[place].pubkey = theirs;
        community
            .world
            .fails_with(elsewhere, &[&wallet], InstructionError::InvalidSeeds);
    }
}
