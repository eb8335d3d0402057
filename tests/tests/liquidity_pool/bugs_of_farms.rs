//! The bugs that farms of this class have had, each by name.

use {
    super::expect::lane_pay,
    commonweal_tests::fixtures::pool::farming::{move_person, usual_farm, FarmWorld, FARM_SECONDS, FUNDING},
    liquidity_pool::errors::PoolError,
};

#[test]
fn reward_dust() {
    // one atom beside a large stake, and rewards of less than an atom a second for it
    let mut farm = FarmWorld::new(0);
    let (whale, mouse) = (farm.staked("whale", 3_000_000_000), farm.staked("mouse", 1));
    farm.wait(FARM_SECONDS / 2);
    for _ in 0..3 {
        let harvest = farm.harvest(&mouse);
        farm.refuses(harvest, &mouse, PoolError::NothingToHarvest);
    }
    farm.wait_for_end();
    let open = FUNDING / 2;
    let unstake = farm.unstake(&mouse, 1);
    farm.run_by(unstake, &mouse);
    let dust = farm.harvested(&mouse);
    assert!(dust <= lane_pay(open, 1, 3_000_000_001));
    let unstake = farm.unstake(&whale, 3_000_000_000);
    farm.run_by(unstake, &whale);
    let most = farm.harvested(&whale);
    assert!(most <= open && most + 3 >= open, "{most} of {open}");
    // the rest is the funder's to the atom
    let before = farm.pool.world.tokens(&farm.funder_rewards);
    let reclaim = farm.reclaim();
    farm.run_unsigned(reclaim);
    assert_eq!(
        farm.pool.world.tokens(&farm.funder_rewards) - before + most + dust,
        FUNDING
    );
    // a dust staker with a seat cannot take the plural lane
    let mut farm = FarmWorld::prepared(1);
    let mut terms = usual_farm(farm.now());
    terms.plural_cap_multiple = 2;
    farm.open(terms, FUNDING);
    let (whale, mouse) = (farm.staked("whale", 1_000_000_000), farm.staked("mouse", 10_000));
    farm.seated("person", &mouse);
    farm.wait_for_end();
    let of_open = lane_pay(FUNDING / 2, 10_000, 1_000_010_000);
    let paid = farm.harvested(&mouse);
    assert!(
        paid <= 3 * (of_open + 1),
        "{paid} of the lane went to dust that earned {of_open}"
    );
    farm.harvested(&whale);
}

#[test]
fn rate_change_without_checkpoint() {
    // a funding in the middle pays nothing for the time before it
    let mut farm = FarmWorld::new(0);
    let early = farm.staked("early", 1_000_000);
    farm.wait(FARM_SECONDS / 2);
    let late = farm.staked("late", 1_000_000);
    let fund = farm.fund(FUNDING);
    let funder = farm.funder.insecure_clone();
    farm.run(fund, &funder);
    // open lane: the half that was released is early's alone
    let released = lane_pay(FUNDING / 2, 1, 2);
    let paid = farm.harvested(&early);
    assert!(
        paid.abs_diff(released) <= FUNDING / 1_000,
        "{paid} for the first half, not {released}"
    );
    farm.wait_for_end();
    let (first, second) = (farm.harvested(&early), farm.harvested(&late));
    assert!(
        first.abs_diff(second) <= 2,
        "equal stakes earn alike after it: {first} and {second}"
    );
}

#[test]
fn move_wallet_for_two_seats() {
    let mut farm = FarmWorld::new(0);
    let (one, two) = (farm.staked("one", 1_000_000), farm.staked("two", 1_000_000));
    let person = farm.seated("person", &one);
    farm.wait(1_000);
    let wallet = two.wallet();
    move_person(&mut farm.pool.world, &person, &wallet);
    // the person has one seat in a farm, whatever wallet it has
    let second = farm.take_seat(&two, &person);
    farm.refuses(second, &two, PoolError::SeatTaken);
    // anybody ends the first, and what it has earned since the person was last looked at is nobody's
    let unspent = farm.state().unspent_atoms.get();
    let sync = farm.sync_seat(&one, &person);
    farm.run_unsigned(sync);
    assert!(farm.state().unspent_atoms.get() > unspent);
    assert_eq!(farm.state().plural.weight.get(), 0);
    let second = farm.take_seat(&two, &person);
    farm.run_by(second, &two);
    assert_eq!(farm.state().plural.weight.get(), 1_000);
}
