use {
    super::expect::ANCHOR_NOT_WRITABLE,
    commonweal_interface::ids,
    commonweal_tests::fixtures::pool::{
        farming::{expire_person, move_person, place_person, revoke_person, usual_farm, FarmWorld},
        place_realm,
    },
    liquidity_pool::{errors::PoolError, events::PositionChanged},
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

#[test]
fn a_seat_weighs_the_root_of_its_stake_and_earns_from_now_on() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000_003);
    farm.wait(100);
    let person = farm.person("person", &staker);
    let take = farm.take_seat(&staker, &person);
    let receipt = farm.run_by(take, &staker);
    let seat = farm.seat(&person);
    assert_eq!(
        (seat.farm, seat.person, seat.position),
        (farm.farm.0, person, staker.position)
    );
    assert_eq!((seat.weight.get(), seat.provisional_atoms.get()), (1_000, 0));
    assert_eq!(farm.position(&staker).seat, farm.seat_address(&person));
    let event = &receipt.events::<PositionChanged>()[0];
    assert_eq!(
        (event.action, event.seat, event.plural_weight),
        (25, farm.seat_address(&person), 1_000)
    );
    // a hundred seconds of the plural lane went by with nobody in it
    assert_eq!(farm.state().unspent_atoms.get(), 50_000);
    farm.wait(10);
    let earned = farm.harvested(&staker);
    assert!((54_999 + 4_999..=55_000 + 5_000).contains(&earned), "{earned}");
}

#[test]
fn only_a_live_person_of_the_farms_realm_and_the_owners_wallet_takes_a_seat() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000);
    let person = farm.person("person", &staker);
    let good = farm.pool.world.raw(&person);
    let refused = |farm: &mut FarmWorld| {
        let take = farm.take_seat(&staker, &person);
        farm.refuses(take, &staker, PoolError::PersonNotLive);
        farm.pool.world.set_raw(person, good.clone());
    };
    revoke_person(&mut farm.pool.world, &person);
    refused(&mut farm);
    let now = farm.now();
    expire_person(&mut farm.pool.world, &person, now);
    refused(&mut farm);
    let other = farm.pool.world.keypair("other").pubkey();
    move_person(&mut farm.pool.world, &person, &other);
    refused(&mut farm);
    let elsewhere = place_realm(&mut farm.pool.world, "another realm", 0);
    let mut raw = good.clone();
    raw.data[16..48].copy_from_slice(elsewhere.as_ref());
    farm.pool.world.set_raw(person, raw);
    refused(&mut farm);
    let mut raw = good.clone();
    raw.owner = liquidity_pool::ID;
    farm.pool.world.set_raw(person, raw);
    refused(&mut farm);
    let mut raw = good.clone();
    raw.data[0] ^= 1;
    farm.pool.world.set_raw(person, raw);
    refused(&mut farm);
    let take = farm.take_seat(&staker, &person);
    farm.run_by(take, &staker);
}

#[test]
fn a_position_has_one_seat_and_a_person_too() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000);
    let person = farm.seated("person", &staker);
    let second = farm.person("second person", &staker);
    let take = farm.take_seat(&staker, &second);
    farm.refuses(take, &staker, PoolError::SeatTaken);
    let again = farm.take_seat(&staker, &person);
    farm.refuses(again, &staker, PoolError::SeatTaken);
}

#[test]
fn moving_to_another_wallet_makes_no_second_seat() {
    let mut farm = FarmWorld::new(0);
    let (old, new) = (
        farm.staked("old wallet", 1_000_000),
        farm.staked("new wallet", 1_000_000),
    );
    let person = farm.seated("person", &old);
    farm.wait(100);
    move_person(&mut farm.pool.world, &person, &new.wallet());
    let take = farm.take_seat(&new, &person);
    farm.refuses(take.clone(), &new, PoolError::SeatTaken);
    let sync = farm.sync_seat(&old, &person);
    farm.run_unsigned(sync);
    farm.run_by(take, &new);
    assert_eq!(farm.state().plural.weight.get(), 1_000);
    assert!(farm.attached(&old).is_none());
}

#[test]
fn a_seat_stands_at_the_persons_address_whatever_is_sent_there_first() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000);
    let person = farm.person("person", &staker);
    let mut take = farm.take_seat(&staker, &person);
    take.accounts[3].pubkey = farm.pool.world.keypair("elsewhere").pubkey();
    farm.pool
        .world
        .fails_with(take, &[staker.key()], InstructionError::InvalidSeeds);
    let seat = farm.seat_address(&person);
    farm.pool.world.airdrop(&seat, 1_000_000);
    let take = farm.take_seat(&staker, &person);
    farm.run_by(take, &staker);
}

#[test]
fn only_the_owner_seats_a_position_of_the_farm() {
    let mut farm = FarmWorld::new(0);
    let (staker, thief) = (farm.staked("staker", 1_000_000), farm.staked("thief", 1));
    let person = farm.person("person", &thief);
    let mut take = farm.take_seat(&thief, &person);
    take.accounts[2].pubkey = staker.position;
    farm.refuses(take, &thief, PoolError::NotTheOwner);
    let mut unsigned = farm.take_seat(&thief, &person);
    unsigned.accounts[0].is_signer = false;
    farm.pool
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let mut read_only = farm.take_seat(&thief, &person);
    read_only.accounts[1].is_writable = false;
    farm.pool
        .world
        .fails_with(read_only, &[thief.key()], ANCHOR_NOT_WRITABLE);
    farm.stakers.clear();
    farm.look_at(1);
    farm.open(usual_farm(farm.now()), 0);
    let elsewhere = farm.take_seat(&thief, &person);
    farm.refuses(elsewhere, &thief, PoolError::FarmMismatch);
}

#[test]
fn a_person_of_an_account_that_is_too_short_is_none() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000);
    let realm = farm.pool.config().realm;
    let person = place_person(&mut farm.pool.world, "short", &realm, &staker.wallet());
    let mut raw = farm.pool.world.raw(&person);
    raw.data.truncate(120);
    assert_eq!(raw.owner, ids::QUADRATIC_GOVERNANCE);
    farm.pool.world.set_raw(person, raw);
    let take = farm.take_seat(&staker, &person);
    farm.refuses(take, &staker, PoolError::PersonNotLive);
}
