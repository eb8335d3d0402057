use {
    commonweal_tests::fixtures::pool::farming::{revoke_person, FarmWorld},
    liquidity_pool::{errors::PoolError, events::PositionChanged},
    solana_instruction::error::InstructionError,
};

#[test]
fn who_leaves_a_seat_keeps_what_it_has_earned_and_may_sit_down_again() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1 << 20);
    let person = farm.seated("person", &staker);
    let seat = farm.seat_address(&person);
    farm.wait(100);
    let rent = farm.pool.world.lamports(&seat);
    let before = farm.pool.world.lamports(&staker.wallet());
    let leave = farm.leave_seat(&staker, &person);
    let receipt = farm.run_by(leave, &staker);
    assert_eq!(farm.position(&staker).pending_atoms.get(), 100_000);
    assert_eq!(farm.pool.world.lamports(&staker.wallet()), before + rent);
    assert!(!farm.pool.world.exists(&seat));
    let event = &receipt.events::<PositionChanged>()[0];
    assert_eq!(
        (event.action, event.pending_atoms, event.plural_weight),
        (27, 100_000, 0)
    );
    farm.wait(100);
    assert_eq!(farm.harvested(&staker), 150_000);
    let take = farm.take_seat(&staker, &person);
    farm.run_by(take, &staker);
}

#[test]
fn a_person_no_longer_live_leaves_with_nothing_of_the_seats() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1 << 20);
    let person = farm.seated("person", &staker);
    farm.wait(100);
    revoke_person(&mut farm.pool.world, &person);
    let leave = farm.leave_seat(&staker, &person);
    farm.run_by(leave, &staker);
    assert_eq!(farm.position(&staker).pending_atoms.get(), 50_000);
    assert_eq!(farm.state().unspent_atoms.get(), 50_000);
}

#[test]
fn only_the_owner_leaves_and_only_the_positions_own_seat() {
    let mut farm = FarmWorld::new(0);
    let (staker, other) = (farm.staked("staker", 1_000), farm.staked("other", 1_000));
    let (person, theirs) = (farm.seated("person", &staker), farm.seated("theirs", &other));
    let mut stolen = farm.leave_seat(&other, &person);
    stolen.accounts[2].pubkey = staker.position;
    farm.refuses(stolen, &other, PoolError::NotTheOwner);
    let mut mixed = farm.leave_seat(&other, &person);
    mixed.accounts[4].pubkey = theirs;
    farm.refuses(mixed, &other, PoolError::SeatMismatch);
    let mut dead = farm.leave_seat(&staker, &person);
    dead.accounts[4].pubkey = theirs;
    farm.refuses(dead, &staker, PoolError::SeatMismatch);
    let mut unsigned = farm.leave_seat(&staker, &person);
    unsigned.accounts[0].is_signer = false;
    farm.pool
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
}
