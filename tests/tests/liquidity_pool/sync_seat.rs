use {
    commonweal_tests::fixtures::pool::farming::{expire_person, move_person, revoke_person, FarmWorld},
    liquidity_pool::{errors::PoolError, events::PositionChanged},
    solana_signer::Signer,
};

#[test]
fn anybody_ends_the_seat_of_a_person_no_longer_live_and_its_pay_returns() {
    for death in 0..3 {
        let mut farm = FarmWorld::new(0);
        let staker = farm.staked("staker", 1 << 20);
        let person = farm.seated("person", &staker);
        let seat = farm.seat_address(&person);
        farm.wait(100);
        let stake = farm.unstake(&staker, 1);
        farm.run_by(stake, &staker);
        farm.wait(100);
        let live = farm.sync_seat(&staker, &person);
        farm.pool.refuses_unsigned(live, PoolError::SeatIsLive);
        let world = &mut farm.pool.world;
        match death {
            0 => revoke_person(world, &person),
            1 => {
                let now = world.now();
                expire_person(world, &person, now);
            }
            _ => {
                let other = world.keypair("new wallet").pubkey();
                move_person(world, &person, &other);
            }
        }
        let rent = farm.pool.world.lamports(&seat);
        let before = farm.pool.world.lamports(&staker.wallet());
        let sync = farm.sync_seat(&staker, &person);
        let receipt = farm.run_unsigned(sync);
        assert!(!farm.pool.world.exists(&seat));
        assert_eq!(farm.pool.world.lamports(&staker.wallet()), before + rent);
        let state = farm.state();
        assert_eq!(state.plural.weight.get(), 0);
        // 200 seconds of the lane, in two intervals, each rounded down
        let returned = state.unspent_atoms.get();
        assert!((99_998..=100_000).contains(&returned), "{returned}");
        let event = &receipt.events::<PositionChanged>()[0];
        assert_eq!(
            (event.action, event.seat, event.plural_weight),
            (26, Default::default(), 0)
        );
        let open = farm.harvested(&staker);
        assert!((99_998..=100_000).contains(&open), "the open lane's pay stays: {open}");
    }
}

#[test]
fn after_the_end_anybody_settles_a_live_seat_and_its_person_is_paid() {
    // an idle dust position must not keep what the cap cuts off from the funder
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1);
    let person = farm.seated("person", &staker);
    farm.wait(100);
    let early = farm.sync_seat(&staker, &person);
    farm.pool.refuses_unsigned(early, PoolError::SeatIsLive);
    farm.wait_for_end();
    let unspent_before = farm.state().unspent_atoms.get();
    let sync = farm.sync_seat(&staker, &person);
    farm.run_unsigned(sync);
    assert!(!farm.pool.world.exists(&farm.seat_address(&person)));
    let state = farm.state();
    assert_eq!(state.plural.weight.get(), 0);
    let paid = farm.harvested(&staker);
    // both lanes to their ends: what one position may have of the plural lane is paid, the rest is the funder's
    assert!(paid > 0);
    assert!(state.unspent_atoms.get() >= unspent_before);
    let held = state.reward_atoms.get();
    assert!(
        paid + state.unspent_atoms.get() <= held && held - paid - state.unspent_atoms.get() <= 4,
        "{held}"
    );
}

#[test]
fn another_person_or_seat_than_the_stored_ones_ends_nothing() {
    let mut farm = FarmWorld::new(0);
    let (staker, other) = (farm.staked("staker", 1_000), farm.staked("other", 1_000));
    let person = farm.seated("person", &staker);
    let dead = farm.seated("dead", &other);
    revoke_person(&mut farm.pool.world, &dead);
    // the live seat with a dead person, no person at all, another's seat, another's position, another owner
    for (account, address, error) in [
        (3, dead, PoolError::SeatMismatch),
        (3, farm.farm.0, PoolError::SeatMismatch),
        (2, farm.seat_address(&dead), PoolError::SeatMismatch),
        (1, other.position, PoolError::NotTheOwner),
        (4, other.wallet(), PoolError::NotTheOwner),
    ] {
        let mut sync = farm.sync_seat(&staker, &person);
        if account == 3 && address == farm.farm.0 {
            sync.accounts[3].pubkey = farm.pool.world.keypair("nothing").pubkey();
        } else {
            sync.accounts[account].pubkey = address;
        }
        farm.pool.refuses_unsigned(sync, error);
    }
    assert_eq!(farm.state().plural.weight.get(), 62);
    assert_eq!(farm.seat(&person).weight.get(), 31);
}

#[test]
fn a_dead_seat_dilutes_the_lane_until_it_is_ended() {
    let mut farm = FarmWorld::new(0);
    let (dead, live) = (farm.staked("dead", 1 << 20), farm.staked("live", 1 << 20));
    let gone = farm.seated("gone", &dead);
    farm.seated("person", &live);
    revoke_person(&mut farm.pool.world, &gone);
    farm.wait(100);
    let sync = farm.sync_seat(&dead, &gone);
    farm.run_unsigned(sync);
    farm.wait(100);
    // half of 100 seconds, then all of 100 more, and half of the open lane's
    assert_eq!(farm.harvested(&live), 25_000 + 50_000 + 50_000);
}
