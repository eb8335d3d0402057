use {
    super::expect::TOKEN_FROZEN,
    commonweal_interface::ids,
    commonweal_tests::fixtures::pool::{
        code,
        farming::{revoke_person, send_shares, FarmWorld, FUNDING},
    },
    liquidity_pool::{errors::PoolError, events::FarmChanged},
    solana_signer::Signer,
};

/// What the funder has got back.
fn returned(farm: &FarmWorld) -> u64 {
    farm.pool.world.tokens(&farm.funder_rewards) + FUNDING - u64::MAX / 2
}

#[test]
fn what_nobody_earned_returns_to_the_funder_after_the_end() {
    let mut farm = FarmWorld::new(0);
    // 1,000 seconds without anybody, then a stake without a seat
    farm.wait(1_000);
    let staker = farm.staked("staker", 1_000_000);
    let early = farm.reclaim();
    farm.pool.refuses_unsigned(early, PoolError::FarmNotEnded);
    farm.wait_for_end();
    let reclaim = farm.reclaim();
    let receipt = farm.run_unsigned(reclaim.clone());
    assert_eq!(returned(&farm), 1_000 * 500 + 10_000 * 500);
    let event = &receipt.events::<FarmChanged>()[0];
    assert_eq!(
        (event.action, event.amount_atoms, event.unspent_atoms, event.is_closed),
        (28, 5_500_000, 0, 0)
    );
    farm.pool.refuses_unsigned(reclaim, PoolError::NothingToReclaim);
    assert_eq!(farm.harvested(&staker), 9_000 * 500);
}

#[test]
fn what_a_dead_seat_and_the_cap_gave_back_returns_too() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000_000);
    let person = farm.seated("person", &staker);
    farm.wait_for_end();
    revoke_person(&mut farm.pool.world, &person);
    let reclaim = farm.reclaim();
    farm.pool.refuses_unsigned(reclaim.clone(), PoolError::NothingToReclaim);
    let sync = farm.sync_seat(&staker, &person);
    farm.run_unsigned(sync);
    farm.run_unsigned(reclaim);
    assert_eq!(returned(&farm), 5_000_000);
}

#[test]
fn when_everybody_has_left_everything_is_closed_and_all_of_it_returns() {
    let mut farm = FarmWorld::new(0);
    let (one, other) = (farm.staked("one", 333_333), farm.staked("other", 777_777));
    farm.wait_for_end();
    let mut paid = 0;
    for staker in [&one, &other] {
        let stake = farm.position(staker).stake_atoms.get();
        let unstake = farm.unstake(staker, stake);
        farm.run_by(unstake, staker);
        paid += farm.harvested(staker);
    }
    // gifts to both vaults: the rewards go to the funder, the shares to the pool's providers
    let (reward, vault) = (farm.reward.clone(), farm.reward_vault);
    farm.pool.world.mint_into(&reward, &vault, 17);
    let (creator, stakes) = (farm.pool.creator.clone(), farm.stake_vault);
    send_shares(&mut farm.pool, &creator, &stakes, 19);
    let supply = farm.pool.world.supply(&farm.pool.at.lp_mint.0);
    let rents: u64 = [farm.farm.0, farm.stake_vault, farm.reward_vault]
        .iter()
        .map(|it| farm.pool.world.lamports(it))
        .sum();
    let before = farm.pool.world.lamports(&farm.funder.pubkey());
    let reclaim = farm.reclaim();
    let receipt = farm.run_unsigned(reclaim);
    assert_eq!(returned(&farm) + paid, FUNDING + 17);
    assert_eq!(farm.pool.world.supply(&farm.pool.at.lp_mint.0), supply - 19);
    assert_eq!(farm.pool.world.lamports(&farm.funder.pubkey()), before + rents);
    for closed in [farm.farm.0, farm.stake_vault, farm.reward_vault] {
        assert!(!farm.pool.world.exists(&closed));
    }
    assert_eq!(receipt.events::<FarmChanged>()[0].is_closed, 1);
}

#[test]
fn a_farm_nobody_funded_is_closed_after_its_end() {
    let mut farm = FarmWorld::prepared(0);
    farm.open(commonweal_tests::fixtures::pool::farming::usual_farm(farm.now()), 0);
    farm.wait_for_end();
    let mut reclaim = farm.reclaim();
    // nothing is paid, so the destination does not matter
    reclaim.accounts[6].pubkey = farm.pool.world.keypair("anything").pubkey();
    farm.run_unsigned(reclaim);
    assert!(!farm.pool.world.exists(&farm.farm.0));
}

#[test]
fn a_position_keeps_the_farm_open() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1_000);
    farm.wait_for_end();
    let unstake = farm.unstake(&staker, 1_000);
    farm.run_by(unstake, &staker);
    let reclaim = farm.reclaim();
    farm.run_unsigned(reclaim);
    assert!(
        farm.pool.world.exists(&farm.farm.0),
        "5,000,000 are still to be harvested"
    );
    assert_eq!(farm.harvested(&staker), 5_000_000);
}

#[test]
fn only_an_account_of_the_funder_is_paid() {
    let mut farm = FarmWorld::new(0);
    let thief = farm.staker("thief", 0);
    farm.staked("staker", 1_000);
    farm.wait_for_end();
    let mut theft = farm.reclaim();
    theft.accounts[6].pubkey = thief.rewards;
    farm.pool.refuses_unsigned(theft, PoolError::NotTheFundersAccount);
    let mut rent = farm.reclaim();
    rent.accounts[1].pubkey = thief.wallet();
    farm.pool.refuses_unsigned(rent, PoolError::NotTheOwner);
    let other_mint = farm.pool.world.mint("other", 6);
    let funder = farm.funder.pubkey();
    let wrong = farm.pool.world.token_account(&other_mint, &funder);
    let mut other = farm.reclaim();
    other.accounts[6].pubkey = wrong;
    farm.pool.refuses_unsigned(other, PoolError::NotTheFundersAccount);
}

#[test]
fn accounts_of_another_farm_are_refused() {
    let mut farm = FarmWorld::new(0);
    farm.wait_for_end();
    let elsewhere = farm.pool.world.keypair("elsewhere").pubkey();
    for (account, like, error) in [
        (2, farm.stake_vault, PoolError::VaultMismatch),
        (3, farm.reward_vault, PoolError::VaultMismatch),
        (4, farm.reward.address, PoolError::MintMismatch),
        (5, farm.pool.at.lp_mint.0, PoolError::MintMismatch),
    ] {
        let raw = farm.pool.world.raw(&like);
        farm.pool.world.set_raw(elsewhere, raw);
        let mut reclaim = farm.reclaim();
        reclaim.accounts[account].pubkey = elsewhere;
        farm.pool.world.fails_with(reclaim, &[], code(error));
    }
    let mut reclaim = farm.reclaim();
    reclaim.accounts[7].pubkey = ids::TOKEN_2022;
    farm.pool.refuses_unsigned(reclaim, PoolError::TokenProgramMismatch);
}

#[test]
fn a_frozen_vault_loses_nothing() {
    let mut farm = FarmWorld::new(0);
    farm.wait_for_end();
    let (reward, vault) = (farm.reward.clone(), farm.reward_vault);
    farm.pool.world.freeze(&reward, &vault);
    let reclaim = farm.reclaim();
    farm.pool.world.fails_with(reclaim.clone(), &[], TOKEN_FROZEN);
    farm.pool.world.thaw(&reward, &vault);
    farm.run_unsigned(reclaim);
    assert_eq!(returned(&farm), FUNDING);
}
