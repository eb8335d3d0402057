use {
    super::expect::ANCHOR_WRONG_ADDRESS,
    commonweal_interface::ids,
    commonweal_tests::{
        fixtures::pool::{
            farming::{usual_farm, FarmWorld, FARM_SECONDS, PLURAL_CAP, PLURAL_SHARE_PPM},
            PoolWorld,
        },
        world::MintExtension,
    },
    liquidity_pool::{errors::PoolError, events::FarmChanged, state::farm::FarmTerms},
    solana_instruction::error::InstructionError,
    solana_signer::Signer,
};

const FIVE_YEARS: i64 = 5 * 365 * 86_400;

#[test]
fn a_farm_is_created_with_its_vaults_and_nothing_in_it() {
    let mut farm = FarmWorld::prepared(0);
    let (now, funder) = (farm.now(), farm.funder.insecure_clone());
    let create = farm.create_farm(0, usual_farm(now));
    let receipt = farm.run(create, &funder);
    let state = farm.state();
    assert_eq!(
        (state.pool, state.reward_mint, state.funder),
        (farm.pool.at.pool.0, farm.reward.address, funder.pubkey())
    );
    assert_eq!(
        (state.realm, state.lp_mint),
        (farm.pool.config().realm, farm.pool.at.lp_mint.0)
    );
    assert_eq!(
        (state.version, state.bump, state.reward_decimals, state.index.get()),
        (1, farm.farm.1, 6, 0)
    );
    assert_eq!(
        (state.plural_share_ppm.get(), state.plural_cap_multiple.get()),
        (PLURAL_SHARE_PPM, PLURAL_CAP)
    );
    assert_eq!(
        (state.start_ts.get(), state.end_ts.get(), state.released_ts.get()),
        (now, now + FARM_SECONDS, now)
    );
    assert_eq!(
        (
            state.open.rate_q64.get(),
            state.reward_atoms.get(),
            state.sequence.get()
        ),
        (0, 0, 1)
    );
    for (vault, mint) in [
        (farm.stake_vault, farm.pool.at.lp_mint.0),
        (farm.reward_vault, farm.reward.address),
    ] {
        let token = farm.pool.world.token_state(&vault);
        assert_eq!((token.owner, token.mint, token.amount_atoms), (farm.farm.0, mint, 0));
    }
    let event = &receipt.events::<FarmChanged>()[0];
    assert_eq!(
        (event.farm, event.sequence, event.action, event.amount_atoms),
        (farm.farm.0, 1, 20, 0)
    );
    assert_eq!((event.end_ts, event.is_closed), (now + FARM_SECONDS, 0));
}

#[test]
fn a_start_in_the_past_is_now_and_one_in_the_future_stays() {
    let mut farm = FarmWorld::prepared(0);
    let now = farm.now();
    let funder = farm.funder.insecure_clone();
    for (index, start_ts, expected) in [(0, i64::MIN, now), (1, now + 500, now + 500)] {
        farm.look_at(index);
        let create = farm.create_farm(
            index,
            FarmTerms {
                start_ts,
                ..usual_farm(now)
            },
        );
        farm.run(create, &funder);
        assert_eq!(farm.state().start_ts.get(), expected);
    }
}

#[test]
fn lanes_out_of_range_are_refused() {
    let mut farm = FarmWorld::prepared(0);
    let now = farm.now();
    for (plural_share_ppm, plural_cap_multiple) in
        [(900_001, 10), (u32::MAX, 10), (500_000, 0), (500_000, 1_001), (0, 0)]
    {
        let terms = FarmTerms {
            plural_share_ppm,
            plural_cap_multiple,
            ..usual_farm(now)
        };
        let create = farm.create_farm(0, terms);
        farm.refuses_funder(create, PoolError::LanesOutOfRange);
    }
    for (index, plural_share_ppm, plural_cap_multiple) in [(0, 900_000, 1), (1, 0, 1_000)] {
        farm.look_at(index);
        let terms = FarmTerms {
            plural_share_ppm,
            plural_cap_multiple,
            ..usual_farm(now)
        };
        let (create, funder) = (farm.create_farm(index, terms), farm.funder.insecure_clone());
        farm.run(create, &funder);
    }
}

#[test]
fn times_out_of_range_are_refused() {
    let mut farm = FarmWorld::prepared(0);
    let now = farm.now();
    for (start_ts, end_ts) in [
        (now, now + 3_599),
        (i64::MIN, i64::MIN),
        (now, i64::MAX),
        (now, now + FIVE_YEARS + 1),
        (now + 10, now + 3_609),
        (i64::MAX, i64::MAX),
    ] {
        let create = farm.create_farm(
            0,
            FarmTerms {
                start_ts,
                end_ts,
                ..usual_farm(now)
            },
        );
        farm.refuses_funder(create, PoolError::FarmTimeOutOfRange);
    }
    let funder = farm.funder.insecure_clone();
    for (index, end_ts) in [(0, now + 3_600), (1, now + FIVE_YEARS)] {
        farm.look_at(index);
        let create = farm.create_farm(
            index,
            FarmTerms {
                end_ts,
                ..usual_farm(now)
            },
        );
        farm.run(create, &funder);
    }
}

#[test]
fn reward_mints_whose_transfers_are_not_exact_or_not_free_are_refused_by_name() {
    let fee = MintExtension::TransferFee {
        basis_points: 0,
        maximum_atoms: 0,
    };
    for (extension, error) in [
        (fee, PoolError::MintHasTransferFee),
        (MintExtension::PermanentDelegate, PoolError::MintHasPermanentDelegate),
        (MintExtension::TransferHook, PoolError::MintHasTransferHook),
        (MintExtension::MintClose, PoolError::MintIsClosable),
    ] {
        let mut pool = PoolWorld::new(0);
        let reward = pool.world.mint_2022("reward", 6, &[extension]);
        let mut farm = FarmWorld::over(pool, reward);
        let create = farm.create_farm(0, usual_farm(farm.now()));
        farm.refuses_funder(create, error);
    }
}

#[test]
fn an_account_that_is_no_mint_and_a_foreign_token_program_are_refused() {
    let mut farm = FarmWorld::prepared(0);
    let mut create = farm.create_farm(0, usual_farm(farm.now()));
    create.accounts[8].pubkey = ids::TOKEN_2022;
    farm.refuses_funder(create, PoolError::TokenProgramMismatch);
    let mut create = farm.create_farm(0, usual_farm(farm.now()));
    create.accounts[4].pubkey = farm.funder_rewards;
    farm.refuses_funder(create, PoolError::NotAMint);
}

#[test]
fn farm_and_vaults_stand_at_derived_addresses_whatever_is_sent_there_first() {
    let mut farm = FarmWorld::prepared(0);
    let elsewhere = farm.pool.world.keypair("elsewhere").pubkey();
    let funder = farm.funder.insecure_clone();
    for account in [5, 6, 7] {
        let mut create = farm.create_farm(0, usual_farm(farm.now()));
        create.accounts[account].pubkey = elsewhere;
        farm.pool
            .world
            .fails_with(create, &[&funder], InstructionError::InvalidSeeds);
    }
    for address in [farm.farm.0, farm.stake_vault, farm.reward_vault] {
        farm.pool.world.airdrop(&address, 1_000_000);
    }
    farm.open(usual_farm(farm.now()), 1_000_000);
}

#[test]
fn the_same_farm_twice_is_refused_and_a_squatter_has_another_address() {
    let mut farm = FarmWorld::new(0);
    let funder = farm.funder.insecure_clone();
    let again = farm.create_farm(0, usual_farm(farm.now()));
    assert!(farm.pool.world.send(&[again], &[&funder]).failure().is_some());
    let squatter = farm.pool.world.actor("squatter");
    let mut theirs = farm.create_farm(0, usual_farm(farm.now()));
    theirs.accounts[0].pubkey = squatter.pubkey();
    farm.pool
        .world
        .fails_with(theirs, &[&squatter], InstructionError::InvalidSeeds);
}

#[test]
fn config_and_lp_mint_of_another_pool_are_refused() {
    let mut farm = FarmWorld::prepared(0);
    let funder = farm.funder.insecure_clone();
    let elsewhere = farm.pool.world.keypair("elsewhere").pubkey();
    for (account, like) in [(2, farm.pool.config), (3, farm.pool.at.lp_mint.0)] {
        let raw = farm.pool.world.raw(&like);
        farm.pool.world.set_raw(elsewhere, raw);
        let mut create = farm.create_farm(0, usual_farm(farm.now()));
        create.accounts[account].pubkey = elsewhere;
        farm.pool.world.fails_with(create, &[&funder], ANCHOR_WRONG_ADDRESS);
    }
    let mut create = farm.create_farm(0, usual_farm(farm.now()));
    create.accounts[9].pubkey = ids::TOKEN_2022;
    farm.pool.world.fails_with(create, &[&funder], ANCHOR_WRONG_ADDRESS);
}

#[test]
fn no_pause_bit_concerns_farms() {
    let mut farm = FarmWorld::prepared(0);
    farm.pool.pause(7);
    farm.open(usual_farm(farm.now()), 1_000_000);
    farm.staked("staker", 1_000);
}

#[test]
fn the_reward_may_be_a_token_of_the_pool() {
    let pool = PoolWorld::new(0);
    let reward = pool.mint_a.clone();
    let mut farm = FarmWorld::over(pool, reward);
    farm.open(usual_farm(farm.now()), 10_000_000);
    let staker = farm.staked("staker", 1_000);
    farm.wait(100);
    assert_eq!(farm.harvested(&staker), 50_000);
}
