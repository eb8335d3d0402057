use {
    super::expect::{
        lane_pay, ANCHOR_NOT_WRITABLE, ANCHOR_WRONG_ADDRESS, TOKEN_INSUFFICIENT_FUNDS, TOKEN_OWNER_MISMATCH,
    },
    commonweal_interface::ids,
    commonweal_tests::fixtures::pool::{
        code,
        farming::{revoke_person, usual_farm, FarmWorld},
    },
    liquidity_pool::{errors::PoolError, events::PositionChanged},
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

#[test]
fn the_first_stake_makes_the_position() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staker("staker", 1_000_000);
    let stake = farm.stake(&staker, 400_000);
    let receipt = farm.run_by(stake, &staker);
    let position = farm.position(&staker);
    assert_eq!(
        (position.farm, position.owner, position.seat),
        (farm.farm.0, staker.wallet(), Address::default())
    );
    assert_eq!((position.stake_atoms.get(), position.pending_atoms.get()), (400_000, 0));
    assert_eq!(farm.pool.world.tokens(&farm.stake_vault), 400_000);
    assert_eq!(farm.pool.world.tokens(&staker.holder.lp), 600_000);
    assert_eq!(farm.state().positions.get(), 1);
    let event = &receipt.events::<PositionChanged>()[0];
    assert_eq!(
        (
            event.action,
            event.stake_atoms,
            event.staked_atoms,
            event.paid_atoms,
            event.sequence
        ),
        (22, 400_000, 400_000, 0, 3)
    );
    let rest = farm.stake(&staker, 600_000);
    farm.run_by(rest, &staker);
    assert_eq!(
        (farm.position(&staker).stake_atoms.get(), farm.state().positions.get()),
        (1_000_000, 1)
    );
}

#[test]
fn a_late_staker_earns_nothing_of_the_past() {
    let mut farm = FarmWorld::new(0);
    let early = farm.staked("early", 1 << 20);
    farm.wait(1_000);
    let late = farm.staked("late", 1 << 20);
    let harvest = farm.harvest(&late);
    farm.refuses(harvest, &late, PoolError::NothingToHarvest);
    farm.wait(10);
    assert_eq!(farm.harvested(&late), 10 * 250);
    assert_eq!(farm.harvested(&early), 1_000 * 500 + 10 * 250);
}

#[test]
fn a_larger_stake_earns_nothing_more_of_the_past() {
    let mut farm = FarmWorld::new(0);
    let other = farm.staked("other", 3 << 20);
    let staker = farm.staker("staker", 5 << 20);
    let first = farm.stake(&staker, 1 << 20);
    farm.run_by(first, &staker);
    farm.wait(100);
    let more = farm.stake(&staker, 4 << 20);
    farm.run_by(more, &staker);
    // a quarter of 100 seconds, credited at the old stake
    assert_eq!(farm.position(&staker).pending_atoms.get(), 12_500);
    farm.wait(100);
    assert_eq!(farm.harvested(&staker), 12_500 + 31_250);
    assert_eq!(farm.harvested(&other), 37_500 + 18_750);
}

#[test]
fn with_a_seat_the_weight_becomes_the_root_and_pay_stays_provisional() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staker("staker", 1_000_000);
    let first = farm.stake(&staker, 99);
    farm.run_by(first, &staker);
    let person = farm.seated("person", &staker);
    assert_eq!(farm.seat(&person).weight.get(), 9);
    farm.wait(10);
    let more = farm.stake(&staker, 999_901);
    farm.run_by(more, &staker);
    let seat = farm.seat(&person);
    assert_eq!((seat.weight.get(), farm.state().plural.weight.get()), (1_000, 1_000));
    // alone in both lanes: 500 a second each, rounded down
    assert_eq!(seat.provisional_atoms.get(), lane_pay(5_000, 9, 9));
    assert_eq!(farm.position(&staker).pending_atoms.get(), lane_pay(5_000, 99, 99));
}

#[test]
fn a_person_no_longer_live_does_not_stop_a_stake() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staker("staker", 1_000);
    let first = farm.stake(&staker, 500);
    farm.run_by(first, &staker);
    let person = farm.seated("person", &staker);
    revoke_person(&mut farm.pool.world, &person);
    farm.wait(10);
    let more = farm.stake(&staker, 500);
    farm.run_by(more, &staker);
}

#[test]
fn an_ended_farm_takes_no_stake_and_one_not_yet_started_does() {
    let mut farm = FarmWorld::prepared(0);
    let mut terms = usual_farm(farm.now());
    terms.start_ts += 1_000;
    farm.open(terms, 1_000_000);
    let staker = farm.staked("staker", 1_000);
    farm.wait_for_end();
    let late = farm.staker("late", 1_000);
    let stake = farm.stake(&late, 1_000);
    farm.refuses(stake, &late, PoolError::FarmEnded);
    assert!(farm.harvested(&staker) > 0);
}

#[test]
fn nothing_and_more_than_one_holds_are_refused() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staker("staker", 1_000);
    let zero = farm.stake(&staker, 0);
    farm.refuses(zero, &staker, PoolError::ZeroAmount);
    let much = farm.stake(&staker, 1_001);
    farm.pool
        .world
        .fails_with(much, &[staker.key()], TOKEN_INSUFFICIENT_FUNDS);
    let mut theft = farm.stake(&staker, 1_000);
    theft.accounts[6].pubkey = farm.pool.creator.lp;
    farm.pool.world.fails_with(theft, &[staker.key()], TOKEN_OWNER_MISMATCH);
    farm.staked("other", 1_000);
    let first = farm.stake(&staker, 1_000);
    farm.run_by(first, &staker);
    let overflow = farm.stake(&staker, u64::MAX);
    farm.refuses(overflow, &staker, PoolError::Overflow);
}

#[test]
fn another_address_for_a_new_position_is_refused() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staker("staker", 1_000);
    let mut stake = farm.stake(&staker, 1_000);
    stake.accounts[2].pubkey = farm.pool.world.keypair("elsewhere").pubkey();
    farm.pool
        .world
        .fails_with(stake, &[staker.key()], InstructionError::InvalidSeeds);
    farm.pool.world.airdrop(&staker.position, 1_000_000);
    let stake = farm.stake(&staker, 1_000);
    farm.run_by(stake, &staker);
}

#[test]
fn somebody_elses_position_and_one_of_another_farm_are_refused() {
    let mut farm = FarmWorld::new(0);
    let other = farm.staked("other", 1_000);
    let staker = farm.staked("staker", 1_000);
    let mut stake = farm.stake(&staker, 1_000);
    stake.accounts[2].pubkey = other.position;
    farm.refuses(stake, &staker, PoolError::NotTheOwner);
    farm.stakers.clear();
    farm.look_at(1);
    farm.open(usual_farm_at(&farm), 0);
    let mut stake = farm.stake(&staker, 1_000);
    stake.accounts[2].pubkey = staker.position;
    farm.refuses(stake, &staker, PoolError::FarmMismatch);
}

fn usual_farm_at(farm: &FarmWorld) -> liquidity_pool::state::farm::FarmTerms {
    usual_farm(farm.now())
}

#[test]
fn another_seat_than_the_positions_and_none_are_refused() {
    let mut farm = FarmWorld::new(0);
    let (one, other) = (farm.staked("one", 1_000), farm.staked("other", 1_000));
    let (mine, theirs) = (farm.seated("mine", &one), farm.seated("theirs", &other));
    let mut stake = farm.stake(&one, 1);
    assert_eq!(stake.accounts[3].pubkey, farm.seat_address(&mine));
    stake.accounts[3].pubkey = farm.seat_address(&theirs);
    farm.refuses(stake, &one, PoolError::SeatMismatch);
    let mut stake = farm.stake(&one, 1);
    stake.accounts[3].pubkey = liquidity_pool::ID;
    stake.accounts[3].is_writable = false;
    farm.refuses(stake, &one, PoolError::SeatMismatch);
    let seatless = farm.staked("seatless", 1_000);
    let mut stake = farm.stake(&seatless, 1);
    stake.accounts[3].pubkey = farm.seat_address(&theirs);
    stake.accounts[3].is_writable = true;
    farm.refuses(stake, &seatless, PoolError::SeatMismatch);
}

#[test]
fn accounts_of_another_farm_an_unsigned_and_a_read_only_call_are_refused() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staker("staker", 1_000);
    let elsewhere = farm.pool.world.keypair("elsewhere").pubkey();
    for (account, like, expected) in [
        (4, farm.stake_vault, code(PoolError::VaultMismatch)),
        (5, farm.pool.at.lp_mint.0, code(PoolError::MintMismatch)),
    ] {
        let raw = farm.pool.world.raw(&like);
        farm.pool.world.set_raw(elsewhere, raw);
        let mut stake = farm.stake(&staker, 1_000);
        stake.accounts[account].pubkey = elsewhere;
        farm.pool.world.fails_with(stake, &[staker.key()], expected);
    }
    let mut stake = farm.stake(&staker, 1_000);
    stake.accounts[7].pubkey = ids::TOKEN_2022;
    farm.pool.world.fails_with(stake, &[staker.key()], ANCHOR_WRONG_ADDRESS);
    let mut unsigned = farm.stake(&staker, 1_000);
    unsigned.accounts[0].is_signer = false;
    farm.pool
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let mut read_only = farm.stake(&staker, 1_000);
    read_only.accounts[1].is_writable = false;
    farm.pool
        .world
        .fails_with(read_only, &[staker.key()], ANCHOR_NOT_WRITABLE);
}
