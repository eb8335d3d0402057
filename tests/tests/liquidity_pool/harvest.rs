use {
    super::expect::{lane_pay, ANCHOR_NOT_WRITABLE, TOKEN_FROZEN},
    commonweal_interface::ids,
    commonweal_tests::fixtures::pool::{
        code,
        farming::{expire_person, move_person, revoke_person, usual_farm, FarmWorld},
    },
    liquidity_pool::{errors::PoolError, events::PositionChanged, state::farm::FarmTerms},
    solana_signer::Signer,
};

/// A farm whose lanes pay 1,000 atoms a second together: `plural_share_ppm` of it by roots, at most `cap` times the rest.
fn stage(plural_share_ppm: u32, cap: u16) -> FarmWorld {
    let mut farm = FarmWorld::prepared(0);
    let terms = FarmTerms {
        plural_share_ppm,
        plural_cap_multiple: cap,
        ..usual_farm(farm.now())
    };
    farm.open(terms, 10_000_000);
    farm
}

#[test]
fn a_harvest_computed_by_hand() {
    let mut farm = FarmWorld::new(0);
    let (small, large) = (farm.staked("small", 10_000), farm.staked("large", 990_000));
    farm.seated("person", &small);
    farm.seated("other person", &large);
    farm.wait(1_000);
    // open: 500,000 atoms, a hundredth of them. plural: roots 100 and 994, ⌊500,000 · 100 / 1,094⌋ = 45,703
    let harvest = farm.harvest(&small);
    let receipt = farm.run_by(harvest, &small);
    assert_eq!(farm.rewards(&small), 5_000 + 45_703);
    let event = &receipt.events::<PositionChanged>()[0];
    assert_eq!(
        (event.action, event.paid_atoms, event.pending_atoms, event.stake_atoms),
        (24, 5_000 + 45_703, 0, 10_000)
    );
    // 494,999 and ⌊500,000 · 994 / 1,094⌋ = 454,296
    assert_eq!(farm.harvested(&large), lane_pay(500_000, 990_000, 1_000_000) + 454_296);
    let again = farm.harvest(&small);
    farm.refuses(again, &small, PoolError::NothingToHarvest);
}

#[test]
fn the_small_are_paid_better_by_roots_than_by_shares() {
    let mut farm = stage(900_000, 1_000);
    let (small, large) = (farm.staked("small", 10_000), farm.staked("large", 1_000_000));
    farm.seated("person", &small);
    farm.seated("other person", &large);
    farm.wait(1_100);
    // 990,000 atoms by roots of 100 and 1,000
    let open = lane_pay(110_000, 10_000, 1_010_000);
    assert_eq!(farm.harvested(&small), open + lane_pay(990_000, 100, 1_100));
}

#[test]
fn splitting_a_stake_over_wallets_gains_a_person_nothing() {
    let whole = {
        let mut farm = FarmWorld::new(0);
        let (me, other) = (farm.staked("me", 1_000_000), farm.staked("other", 1_000_000));
        farm.seated("my person", &me);
        farm.seated("other person", &other);
        farm.wait(1_000);
        farm.harvested(&me)
    };
    let split = {
        let mut farm = FarmWorld::new(0);
        let (me, other) = (farm.staked("me", 500_000), farm.staked("other", 1_000_000));
        let sock = farm.staked("my other wallet", 500_000);
        let person = farm.seated("my person", &me);
        farm.seated("other person", &other);
        // the person acts through one wallet, and has one seat
        let second = farm.take_seat(&sock, &person);
        farm.refuses(second, &sock, PoolError::SeatTaken);
        farm.wait(1_000);
        farm.harvested(&me) + farm.harvested(&sock)
    };
    assert!(split < whole, "{split} of two wallets, {whole} of one");
}

#[test]
fn renting_persons_gains_the_root_of_their_number() {
    // what the README says plainly: n seats over the same stake weigh √n as much as one
    let mut farm = stage(900_000, 1_000);
    let other = farm.staked("other", 1_000_000);
    farm.seated("other person", &other);
    for rented in 0..4 {
        let wallet = farm.staked(&format!("wallet {rented}"), 250_000);
        farm.seated(&format!("rented {rented}"), &wallet);
    }
    assert_eq!(farm.state().plural.weight.get(), 1_000 + 4 * 500);
}

#[test]
fn the_cap_binds_one_dust_staker() {
    let mut farm = stage(500_000, 3);
    let dust = farm.staked("dust", 1);
    let large = farm.staked("large", 999_999);
    farm.seated("person", &dust);
    farm.wait(4_000);
    // alone in the plural lane, which has released 2,000,000; the open lane paid 2,000,000 / 10⁶, rounded down
    let open = lane_pay(2_000_000, 1, 1_000_000);
    assert!(open <= 2);
    assert_eq!(farm.harvested(&dust), open + 3 * open);
    let unspent = farm.state().unspent_atoms.get();
    assert_eq!(unspent, 2_000_000 - 3 * open);
    assert_eq!(farm.harvested(&large), lane_pay(2_000_000, 999_999, 1_000_000));
}

#[test]
fn the_cap_holds_over_each_interval_by_itself() {
    let mut farm = stage(500_000, 1);
    let (one, other) = (farm.staked("one", 250_000), farm.staked("other", 750_000));
    farm.seated("person", &one);
    farm.wait(100);
    // 25% of the open lane's 50,000 bound all of the plural lane's
    let nothing = farm.stake(&one, 0);
    farm.refuses(nothing, &one, PoolError::ZeroAmount);
    let leave = farm.unstake(&other, 750_000);
    farm.run_by(leave, &other);
    farm.wait(100);
    // `one` was not touched: its interval is still whole, and the cap is the whole open pay
    let open = 12_500 + 50_000;
    assert_eq!(farm.harvested(&one), open + open);
}

#[test]
fn one_atom_of_rewards_reaches_somebody_however_large_the_stakes() {
    let mut farm = FarmWorld::prepared(0);
    let terms = FarmTerms {
        plural_share_ppm: 0,
        ..usual_farm(farm.now())
    };
    farm.open(terms, 3);
    let held = farm.pool.world.tokens(&farm.pool.creator.lp);
    let staker = farm.staked("staker", held);
    // a third of an atom every thousand seconds: what a checkpoint does not divide is carried, not lost
    for _ in 0..9 {
        farm.wait(1_000);
        let other = farm.staker("nobody", 0);
        let _ = farm.pool.world.send(&[farm.harvest(&other)], &[other.key()]);
        farm.stakers.pop();
    }
    farm.wait_for_end();
    let paid = farm.harvested(&staker);
    assert!(paid == 2 || paid == 3, "{paid} of 3 atoms");
}

#[test]
fn checkpoints_of_others_cost_nobody_their_rewards() {
    let mut farm = FarmWorld::prepared(0);
    let terms = FarmTerms {
        plural_share_ppm: 0,
        ..usual_farm(farm.now())
    };
    // a tenth of an atom a second
    farm.open(terms, 1_000);
    let held = farm.pool.world.tokens(&farm.pool.creator.lp) - 1_000;
    let large = farm.staked("large", held);
    let busy = farm.staked("busy", 100);
    for turn in 0..40 {
        farm.wait(25);
        let touch = if turn % 2 == 0 {
            farm.unstake(&busy, 1)
        } else {
            farm.stake(&busy, 1)
        };
        farm.run_by(touch, &busy);
    }
    // 1,000 seconds released 100 atoms; the large one has all of them but what 100 of its shares and one rounding weigh
    assert!(farm.harvested(&large) >= 98);
}

#[test]
fn a_dead_persons_seat_is_closed_and_its_pay_returns() {
    for death in 0..3 {
        let mut farm = FarmWorld::new(0);
        let staker = farm.staked("staker", 1 << 20);
        let person = farm.seated("person", &staker);
        farm.wait(100);
        // some of it provisional, some not yet settled
        let unstake = farm.unstake(&staker, 3 << 18);
        farm.run_by(unstake, &staker);
        farm.wait(100);
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
        let seat = farm.seat_address(&person);
        let rent = farm.pool.world.lamports(&seat);
        let before = farm.pool.world.lamports(&staker.wallet());
        assert_eq!(farm.harvested(&staker), 100_000, "the open lane's alone");
        assert!(!farm.pool.world.exists(&seat));
        assert_eq!(farm.pool.world.lamports(&staker.wallet()), before + rent);
        let state = farm.state();
        assert_eq!((state.unspent_atoms.get(), state.plural.weight.get()), (100_000, 0));
        assert!(farm.attached(&staker).is_none());
    }
}

#[test]
fn a_person_is_live_until_the_second_before_it_expires() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1 << 20);
    let person = farm.seated("person", &staker);
    farm.wait(100);
    let now = farm.now();
    expire_person(&mut farm.pool.world, &person, now + 1);
    assert_eq!(farm.harvested(&staker), 100_000);
}

#[test]
fn another_person_than_the_seats_is_refused() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000_000);
    let person = farm.seated("person", &staker);
    let better = farm.person("live person", &staker);
    revoke_person(&mut farm.pool.world, &person);
    farm.wait(100);
    let mut harvest = farm.harvest(&staker);
    harvest.accounts[4].pubkey = better;
    farm.refuses(harvest, &staker, PoolError::SeatMismatch);
    let mut harvest = farm.harvest(&staker);
    harvest.accounts[3].pubkey = liquidity_pool::ID;
    harvest.accounts[3].is_writable = false;
    farm.refuses(harvest, &staker, PoolError::SeatMismatch);
}

#[test]
fn a_frozen_destination_loses_nothing() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1 << 20);
    farm.wait(100);
    let reward = farm.reward.clone();
    farm.pool.world.freeze(&reward, &staker.rewards);
    let harvest = farm.harvest(&staker);
    farm.pool.world.fails_with(harvest, &[staker.key()], TOKEN_FROZEN);
    farm.assert_invariants();
    let other = farm
        .pool
        .world
        .token_account_named(&reward, &staker.wallet(), "another account");
    let mut harvest = farm.harvest(&staker);
    harvest.accounts[7].pubkey = other;
    farm.run_by(harvest, &staker);
    assert_eq!(farm.pool.world.tokens(&other), 50_000);
}

#[test]
fn a_position_without_stake_is_closed_with_its_seat_even_for_nothing() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1 << 20);
    let person = farm.seated("person", &staker);
    let seat = farm.seat_address(&person);
    farm.wait(100);
    let unstake = farm.unstake(&staker, 1 << 20);
    farm.run_by(unstake, &staker);
    let rents = farm.pool.world.lamports(&staker.position) + farm.pool.world.lamports(&seat);
    let before = farm.pool.world.lamports(&staker.wallet());
    assert_eq!(farm.harvested(&staker), 100_000);
    assert_eq!(farm.pool.world.lamports(&staker.wallet()), before + rents);
    assert!(!farm.pool.world.exists(&seat) && !farm.pool.world.exists(&staker.position));
    assert_eq!(farm.state().positions.get(), 0);
    // the person may sit down again, and the position begins anew
    let send = farm.stake(&staker, 1_000);
    farm.run_by(send, &staker);
    let take = farm.take_seat(&staker, &person);
    farm.run_by(take, &staker);
    let unstake = farm.unstake(&staker, 1_000);
    farm.run_by(unstake, &staker);
    assert_eq!(farm.harvested(&staker), 0);
    assert!(!farm.pool.world.exists(&staker.position));
}

#[test]
fn nothing_pauses_a_harvest_and_it_goes_on_after_the_end() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000_000);
    farm.pool.pause(7);
    farm.wait_for_end();
    farm.wait(1_000_000);
    let harvest = farm.harvest(&staker);
    assert!(harvest.accounts.iter().all(|meta| meta.pubkey != farm.pool.config));
    assert_eq!(farm.harvested(&staker), 5_000_000);
}

#[test]
fn rewards_in_shares_and_staked_shares_are_kept_apart() {
    let mut farm = FarmWorld::paying_shares(0, 1_000_000);
    let terms = FarmTerms {
        plural_share_ppm: 0,
        ..usual_farm(farm.now())
    };
    farm.open(terms, 1_000_000);
    let staker = farm.staked("staker", 1_000);
    farm.wait(100);
    assert_eq!(farm.harvested(&staker), 10_000);
    assert_eq!(farm.pool.world.tokens(&farm.stake_vault), 1_000);
    let unstake = farm.unstake(&staker, 1_000);
    farm.run_by(unstake, &staker);
    assert_eq!(farm.pool.world.tokens(&staker.holder.lp), 11_000);
    farm.wait_for_end();
    farm.harvested(&staker);
    let reclaim = farm.reclaim();
    farm.run_unsigned(reclaim);
    assert_eq!(farm.pool.world.tokens(&farm.funder_rewards), 990_000);
}

#[test]
fn only_the_owner_harvests_and_only_from_the_farms_own_vault() {
    let mut farm = FarmWorld::new(0);
    let (staker, thief) = (farm.staked("staker", 1_000), farm.staked("thief", 1_000));
    farm.wait(100);
    let mut theft = farm.harvest(&thief);
    theft.accounts[2].pubkey = staker.position;
    farm.refuses(theft, &thief, PoolError::NotTheOwner);
    let elsewhere = farm.pool.world.keypair("elsewhere").pubkey();
    for (account, like, error) in [
        (5, farm.reward_vault, PoolError::VaultMismatch),
        (6, farm.reward.address, PoolError::MintMismatch),
    ] {
        let raw = farm.pool.world.raw(&like);
        farm.pool.world.set_raw(elsewhere, raw);
        let mut harvest = farm.harvest(&staker);
        harvest.accounts[account].pubkey = elsewhere;
        farm.pool.world.fails_with(harvest, &[staker.key()], code(error));
    }
    let mut harvest = farm.harvest(&staker);
    harvest.accounts[8].pubkey = ids::TOKEN_2022;
    farm.refuses(harvest, &staker, PoolError::TokenProgramMismatch);
    let mut read_only = farm.harvest(&staker);
    read_only.accounts[2].is_writable = false;
    farm.pool
        .world
        .fails_with(read_only, &[staker.key()], ANCHOR_NOT_WRITABLE);
}

#[test]
fn p5_a_vault_that_holds_less_than_the_farm_accounts_for_stops_it() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000);
    farm.wait(100);
    // no program can take from the vault: by force
    let mut vault = farm.pool.world.raw(&farm.reward_vault);
    vault.data[64..72].copy_from_slice(&9_999_999u64.to_le_bytes());
    farm.pool.world.set_raw(farm.reward_vault, vault);
    let harvest = farm.harvest(&staker);
    farm.refuses(harvest, &staker, PoolError::RewardVaultShort);
}
