//! `open_pool` and `close_pool`

use crate::prelude::*;

fn opening(community: &Community, member: usize) -> (Instruction, Keypair) {
    let wallet = community.wallet(member);
    let person = community.members[member].person;
    (gov::open_pool(&community.realm, &wallet.pubkey(), &person), wallet)
}

#[test]
fn a_pool_begins_empty_in_the_current_epoch() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(3);
    let wallet = community.wallet(0).pubkey();
    let before = community.world.lamports(&wallet);
    let address = community.open_pool(0);
    let pool = community.pool_state(0);
    assert_eq!((pool.version, pool.epoch.get(), pool.generation.get()), (1, 3, 3));
    assert_eq!(
        (pool.realm, pool.delegate),
        (community.realm, community.members[0].person)
    );
    assert_eq!(pool.rent_payer, wallet);
    assert_eq!((pool.budget_version.get(), pool.spent_q32.get()), (0, 0));
    assert!(pool.is_empty());
    assert_eq!(community.world.raw(&address).data.len(), DELEGATE_POOL_LEN);
    let rent = community.world.rent(DELEGATE_POOL_LEN);
    assert_eq!(before - community.world.lamports(&wallet), rent);
    community.assert_invariants();
}

#[test]
fn only_the_persons_wallet_opens_a_pool_and_only_once() {
    let mut community = Community::with_members(0, 2);
    let intruder = community.wallet(1);
    let person = community.members[0].person;
    let foreign = gov::open_pool(&community.realm, &intruder.pubkey(), &person);
    community.world.fails_with(foreign, &[&intruder], ADDRESS);
    let (instruction, wallet) = opening(&community, 0);
    community.world.succeeds(instruction.clone(), &[&wallet]);
    // the system program's "account in use"
    community.world.fails_with(instruction, &[&wallet], 0u32);
}

#[test]
fn a_pool_elsewhere_or_under_another_realm_is_refused() {
    let mut community = Community::with_members(0, 2);
    let (mut instruction, wallet) = opening(&community, 0);
    instruction.accounts[3].pubkey = community.pool_of(1);
    community
        .world
        .fails_with(instruction, &[&wallet], InstructionError::InvalidSeeds);
    let other = community.create_second_realm();
    let foreign = gov::open_pool(&other, &wallet.pubkey(), &community.members[0].person);
    community.world.fails_with(foreign, &[&wallet], ADDRESS);
}

#[test]
fn a_revoked_or_expired_person_opens_no_pool() {
    let mut community = Community::with_members(0, 1);
    let expires = community.world.now() + 150;
    let short = community.register_until("short", expires);
    community.act_on(0, PersonAct::Revoke);
    let (instruction, wallet) = opening(&community, 0);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonRevoked));
    community.world.warp_to(expires);
    let (instruction, wallet) = opening(&community, short);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonExpired));
}

#[test]
fn an_empty_pool_is_closed_and_its_rent_returns() {
    let mut community = Community::with_members(0, 1);
    let wallet = community.wallet(0);
    let before = community.world.lamports(&wallet.pubkey());
    let pool = community.open_pool(0);
    let (instruction, wallet) = community.pool_closing(0);
    community.world.succeeds(instruction, &[&wallet]);
    assert_eq!(community.world.lamports(&wallet.pubkey()), before);
    assert!(!community.world.exists(&pool));
    community.open_pool(0);
}

#[test]
fn a_pool_stays_while_anybody_lends_to_it_or_will() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(1);
    community.open_pool(0);
    community.join(1, 0);
    // joining in epoch 1, lending from epoch 2 to epoch 9
    for (epoch, second) in [(1, 50), (2, 0), (9, 99)] {
        community.to_second_of(epoch, second);
        let (instruction, wallet) = community.pool_closing(0);
        community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::PoolNotEmpty));
    }
    community.to_epoch(10);
    let (instruction, wallet) = community.pool_closing(0);
    community.world.succeeds(instruction, &[&wallet]);
}

#[test]
fn nobody_else_closes_a_pool_and_nobody_else_gets_its_rent() {
    let mut community = Community::with_members(0, 2);
    community.open_pool(0);
    let (owner, intruder) = (community.wallet(0), community.wallet(1));
    let (person, other) = (community.members[0].person, community.members[1].person);
    let (realm, thief) = (community.realm, intruder.pubkey());
    let foreign = gov::close_pool(&realm, &thief, &person, &owner.pubkey());
    community.world.fails_with(foreign, &[&intruder], ADDRESS);
    let mut as_other = gov::close_pool(&realm, &thief, &other, &owner.pubkey());
    as_other.accounts[3].pubkey = community.pool_of(0);
    community.world.fails_with(as_other, &[&intruder], ADDRESS);
    let led_away = gov::close_pool(&realm, &owner.pubkey(), &person, &thief);
    community.world.fails_with(led_away, &[&owner], ADDRESS);
    let second = community.create_second_realm();
    let mut elsewhere = gov::close_pool(&realm, &owner.pubkey(), &person, &owner.pubkey());
    elsewhere.accounts[1].pubkey = second;
    community.world.fails_with(elsewhere, &[&owner], ADDRESS);
}
