use {
    super::expect::{ANCHOR_NOT_WRITABLE, TOKEN_INSUFFICIENT_FUNDS, TOKEN_OWNER_MISMATCH},
    commonweal_interface::ids,
    commonweal_tests::fixtures::pool::{
        code,
        farming::{usual_farm, FarmWorld, FARM_SECONDS, FUNDING},
    },
    liquidity_pool::{errors::PoolError, events::FarmChanged, state::farm::FarmTerms},
    num_bigint::BigUint,
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

const FIVE_YEARS: i64 = 5 * 365 * 86_400;

/// (rate of the open lane, rate of the plural lane), Q64.
fn rates(farm: &FarmWorld) -> (BigUint, BigUint) {
    let state = farm.state();
    (state.open.rate_q64.get().into(), state.plural.rate_q64.get().into())
}

fn per_second(atoms: u64, seconds: u64) -> BigUint {
    (BigUint::from(atoms) << 64u32) / seconds
}

#[test]
fn a_funding_is_spread_evenly_over_both_lanes_by_their_shares() {
    let mut farm = FarmWorld::prepared(0);
    let terms = FarmTerms {
        plural_share_ppm: 333_333,
        ..usual_farm(farm.now())
    };
    farm.open(terms, 0);
    let (fund, funder) = (farm.fund(1_000_001), farm.funder.insecure_clone());
    let receipt = farm.run(fund, &funder);
    // ⌊1,000,001 · 0.333333⌋
    let plural = 333_333;
    assert_eq!(
        rates(&farm),
        (per_second(1_000_001 - plural, 10_000), per_second(plural, 10_000))
    );
    let event = &receipt.events::<FarmChanged>()[0];
    assert_eq!(
        (event.action, event.amount_atoms, event.reward_atoms, event.sequence),
        (21, 1_000_001, 1_000_001, 2)
    );
    assert_eq!(farm.pool.world.tokens(&farm.reward_vault), 1_000_001);
}

#[test]
fn funding_raises_the_rate_from_now_on_only() {
    let mut farm = FarmWorld::new(0);
    let staker = farm.staked("staker", 1 << 20);
    farm.wait(4_000);
    let (fund, funder) = (farm.fund(6_000_000), farm.funder.insecure_clone());
    farm.run(fund, &funder);
    // half of 6,000,000 atoms over the 6,000 seconds left, on top of 500 a second
    assert_eq!(rates(&farm).0, per_second(6_000_000, 6_000));
    farm.wait(10);
    assert_eq!(farm.harvested(&staker), 4_000 * 500 + 10 * 1_000);
}

#[test]
fn a_rate_changes_only_after_what_the_old_one_owes_is_released() {
    let mut farm = FarmWorld::new(0);
    farm.staked("staker", 1 << 20);
    farm.wait(1_234);
    let before = farm.state();
    let (fund, funder) = (farm.fund(1), farm.funder.insecure_clone());
    farm.run(fund, &funder);
    let after = farm.state();
    assert_eq!(after.released_ts.get(), before.released_ts.get() + 1_234);
    let grown = BigUint::from(after.open.per_weight_q64.get() - before.open.per_weight_q64.get());
    assert_eq!(grown, (BigUint::from(500u32 * 1_234) << 64u32) >> 20u32);
    // the same atom a second time changes no past either
    assert_eq!(farm.state().unspent_atoms.get(), 1_234 * 500, "nobody had a seat");
}

#[test]
fn before_the_start_a_funding_is_spread_from_the_start() {
    let mut farm = FarmWorld::prepared(0);
    let now = farm.now();
    let terms = FarmTerms {
        start_ts: now + 1_000,
        end_ts: now + 5_000,
        plural_share_ppm: 0,
        plural_cap_multiple: 1,
    };
    farm.open(terms, 4_000);
    let staker = farm.staked("staker", 1_024);
    farm.wait(999);
    let harvest = farm.harvest(&staker);
    farm.refuses(harvest, &staker, PoolError::NothingToHarvest);
    let (fund, funder) = (farm.fund(4_000), farm.funder.insecure_clone());
    farm.run(fund, &funder);
    assert_eq!(rates(&farm), (per_second(8_000, 4_000), BigUint::from(0u32)));
    farm.wait(11);
    assert_eq!(farm.harvested(&staker), 20);
}

#[test]
fn anybody_may_fund_and_only_the_funder_extends() {
    let mut farm = FarmWorld::new(0);
    let giver = farm.staker("giver", 0);
    let mint = farm.reward.clone();
    farm.pool.world.mint_into(&mint, &giver.rewards, 1_000_000_000);
    let end = farm.state().end_ts.get();
    let gift = farm.fund_from(&giver.wallet(), &giver.rewards, 1_000, end);
    farm.run_by(gift, &giver);
    for end_ts in [end + 1, end - 1] {
        let extend = farm.fund_from(&giver.wallet(), &giver.rewards, 500_000_000, end_ts);
        farm.refuses(extend, &giver, PoolError::NotTheOwner);
    }
    let (extend, funder) = (
        farm.fund_until(FUNDING + 1_000, end + FARM_SECONDS),
        farm.funder.insecure_clone(),
    );
    farm.run(extend, &funder);
    assert_eq!(farm.state().end_ts.get(), end + FARM_SECONDS);
}

#[test]
fn no_funding_lowers_a_rate() {
    let mut farm = FarmWorld::new(0);
    farm.wait(5_000);
    let end = farm.state().end_ts.get();
    // 5,000,000 atoms are left for 5,000 seconds; 5,000 more seconds need as much again
    let short = farm.fund_until(4_999_998, end + 5_000);
    farm.refuses_funder(short, PoolError::RateWouldFall);
    let (enough, funder) = (farm.fund_until(5_000_000, end + 5_000), farm.funder.insecure_clone());
    farm.run(enough, &funder);
    assert_eq!(rates(&farm).0, per_second(500, 1));
    let dust = farm.fund(1);
    farm.run(dust, &funder);
    assert!(rates(&farm).0 >= per_second(500, 1));
}

#[test]
fn ends_out_of_range_are_refused() {
    let mut farm = FarmWorld::new(0);
    let (now, end) = (farm.now(), farm.state().end_ts.get());
    for end_ts in [end - 1, 0, i64::MIN, now + FIVE_YEARS + 1, i64::MAX] {
        let fund = farm.fund_until(u64::MAX / 4, end_ts);
        farm.refuses_funder(fund, PoolError::FarmTimeOutOfRange);
    }
    let (longest, funder) = (
        farm.fund_until(u64::MAX / 4, now + FIVE_YEARS),
        farm.funder.insecure_clone(),
    );
    farm.run(longest, &funder);
}

#[test]
fn an_ended_farm_takes_no_funding() {
    let mut farm = FarmWorld::new(0);
    farm.wait_for_end();
    let fund = farm.fund(1_000);
    farm.refuses_funder(fund, PoolError::FarmEnded);
}

#[test]
fn nothing_and_more_than_one_holds_are_refused() {
    let mut farm = FarmWorld::new(0);
    let nothing = farm.fund(0);
    farm.refuses_funder(nothing, PoolError::ZeroAmount);
    let poor = farm.staker("poor", 0);
    let end = farm.state().end_ts.get();
    let fund = farm.fund_from(&poor.wallet(), &poor.rewards, 1, end);
    farm.pool
        .world
        .fails_with(fund, &[poor.key()], TOKEN_INSUFFICIENT_FUNDS);
    let theft = farm.fund_from(&poor.wallet(), &farm.funder_rewards.clone(), 1, end);
    farm.pool.world.fails_with(theft, &[poor.key()], TOKEN_OWNER_MISMATCH);
}

#[test]
fn accounts_of_another_farm_an_unsigned_and_a_read_only_call_are_refused() {
    let mut farm = FarmWorld::new(0);
    let funder = farm.funder.insecure_clone();
    let elsewhere = farm.pool.world.keypair("elsewhere").pubkey();
    for (account, like, error) in [
        (2, farm.reward_vault, PoolError::VaultMismatch),
        (3, farm.reward.address, PoolError::MintMismatch),
    ] {
        let raw = farm.pool.world.raw(&like);
        farm.pool.world.set_raw(elsewhere, raw);
        let mut fund = farm.fund(1_000);
        fund.accounts[account].pubkey = elsewhere;
        farm.pool.world.fails_with(fund, &[&funder], code(error));
    }
    let mut fund = farm.fund(1_000);
    fund.accounts[5].pubkey = ids::TOKEN_2022;
    farm.refuses_funder(fund, PoolError::TokenProgramMismatch);
    let mut unsigned = farm.fund(1_000);
    unsigned.accounts[0].is_signer = false;
    farm.pool
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let mut read_only = farm.fund(1_000);
    read_only.accounts[1].is_writable = false;
    farm.pool.world.fails_with(read_only, &[&funder], ANCHOR_NOT_WRITABLE);
}

#[test]
fn rewards_of_u64_size_are_paid_out_whole() {
    let mut farm = FarmWorld::prepared(0);
    let terms = FarmTerms {
        plural_share_ppm: 0,
        ..usual_farm(farm.now())
    };
    farm.open(terms, 0);
    let (funder, mint, from) = (farm.funder.insecure_clone(), farm.reward.clone(), farm.funder_rewards);
    farm.pool.world.mint_into(&mint, &from, u64::MAX - u64::MAX / 2);
    let fund = farm.fund(u64::MAX);
    farm.run(fund, &funder);
    // one atom of stake: the accumulator runs through all of its 128 bits
    let staker = farm.staked("staker", 1);
    farm.wait_for_end();
    let paid = farm.harvested(&staker);
    assert!(paid >= u64::MAX - 1, "{paid} of all");
    let unstake = farm.unstake(&staker, 1);
    farm.run_by(unstake, &staker);
    farm.harvested(&staker);
}
