use {
    commonweal_tests::fixtures::pool::farming::{revoke_person, usual_farm, FarmWorld},
    liquidity_pool::{errors::PoolError, events::PositionChanged},
    solana_instruction::error::InstructionError,
};

#[test]
fn an_unstake_pays_the_shares_and_keeps_what_they_have_earned() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1 << 20);
    farm.wait(100);
    let unstake = farm.unstake(&staker, 400_000);
    let receipt = farm.run_by(unstake, &staker);
    assert_eq!(farm.pool.world.tokens(&staker.holder.lp), 400_000);
    assert_eq!(farm.pool.world.tokens(&farm.stake_vault), 648_576);
    let position = farm.position(&staker);
    assert_eq!(
        (position.stake_atoms.get(), position.pending_atoms.get()),
        (648_576, 50_000)
    );
    let event = &receipt.events::<PositionChanged>()[0];
    assert_eq!(
        (event.action, event.stake_atoms, event.pending_atoms),
        (23, 648_576, 50_000)
    );
    let rest = farm.unstake(&staker, 648_576);
    farm.run_by(rest, &staker);
    assert_eq!(farm.harvested(&staker), 50_000);
    assert!(!farm.pool.world.exists(&staker.position), "paid and empty: closed");
}

#[test]
fn nothing_stops_an_unstake() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000_000);
    let person = farm.seated("person", &staker);
    farm.wait(100);
    // the person revoked, the reward vault frozen, the reward mint gone, everything paused, the end passed
    revoke_person(&mut farm.pool.world, &person);
    let (reward, vault) = (farm.reward.clone(), farm.reward_vault);
    farm.pool.world.freeze(&reward, &vault);
    let mut mint = farm.pool.world.raw(&reward.address);
    mint.data.fill(0);
    farm.pool.world.set_raw(reward.address, mint);
    farm.pool.pause(7);
    farm.wait_for_end();
    let unstake = farm.unstake(&staker, 1_000_000);
    for forbidden in [person, farm.reward_vault, reward.address, farm.pool.config] {
        assert!(unstake.accounts.iter().all(|meta| meta.pubkey != forbidden));
    }
    farm.run_by(unstake, &staker);
    assert_eq!(farm.pool.world.tokens(&staker.holder.lp), 1_000_000);
    assert_eq!(farm.seat(&person).weight.get(), 0);
}

#[test]
fn with_a_seat_the_weight_becomes_the_root_of_what_is_left() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000_000);
    let person = farm.seated("person", &staker);
    farm.wait(10);
    let unstake = farm.unstake(&staker, 999_901);
    farm.run_by(unstake, &staker);
    let seat = farm.seat(&person);
    assert_eq!((seat.weight.get(), seat.provisional_atoms.get()), (9, 5_000));
}

#[test]
fn a_clock_that_steps_back_costs_nobody_anything() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1 << 20);
    farm.wait(100);
    let some = farm.unstake(&staker, 1);
    farm.run_by(some, &staker);
    farm.pool.world.warp(-50, 1);
    let more = farm.unstake(&staker, 1);
    farm.run_by(more, &staker);
    assert_eq!(farm.position(&staker).pending_atoms.get(), 50_000);
    farm.wait(60);
    assert_eq!(farm.harvested(&staker), 50_000 + 10 * 500 - 1, "less a rounding");
}

#[test]
fn nothing_and_more_than_is_staked_are_refused() {
    let mut farm = FarmWorld::new(0);
    farm.staked("other", 1_000);
    let staker = farm.staked("staker", 1_000);
    let zero = farm.unstake(&staker, 0);
    farm.refuses(zero, &staker, PoolError::ZeroAmount);
    for amount in [1_001, u64::MAX] {
        let unstake = farm.unstake(&staker, amount);
        farm.refuses(unstake, &staker, PoolError::StakeTooSmall);
    }
}

#[test]
fn only_the_owner_unstakes_and_only_from_the_positions_farm() {
    let mut farm = FarmWorld::new(0);
    let (staker, thief) = (farm.staked("staker", 1_000), farm.staked("thief", 1_000));
    let mut theft = farm.unstake(&thief, 1_000);
    theft.accounts[2].pubkey = staker.position;
    farm.refuses(theft, &thief, PoolError::NotTheOwner);
    let mut unsigned = farm.unstake(&staker, 1_000);
    unsigned.accounts[0].is_signer = false;
    farm.pool
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    farm.stakers.clear();
    farm.look_at(1);
    farm.open(usual_farm(farm.now()), 0);
    let elsewhere = farm.unstake(&staker, 1_000);
    farm.refuses(elsewhere, &staker, PoolError::FarmMismatch);
}

#[test]
fn a_seated_position_unstakes_with_its_seat_only() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000);
    farm.seated("person", &staker);
    let mut unstake = farm.unstake(&staker, 1_000);
    unstake.accounts[3].pubkey = liquidity_pool::ID;
    unstake.accounts[3].is_writable = false;
    farm.refuses(unstake, &staker, PoolError::SeatMismatch);
}
