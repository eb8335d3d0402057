//! Farms that pay tokens of Token-2022: the same lists as for pools, but for transfer fees, and what issuers change later.

use {
    super::{
        expect::TOKEN_FROZEN,
        token_2022::{allowed, denied, in_a_group, TAX},
    },
    commonweal_tests::{
        fixtures::pool::{
            farming::{usual_farm, FarmWorld},
            PoolWorld,
        },
        world::MintExtension as E,
    },
    liquidity_pool::errors::PoolError,
    solana_signer::Signer,
    spl_token_2022_interface::instruction::{self as token, AuthorityType},
};

const FUNDING: u64 = 1_000_000_000;

/// A farm that pays a mint with these extensions, one wallet staking in it.
fn running(extensions: &[E]) -> (FarmWorld, commonweal_tests::fixtures::pool::farming::Staker) {
    let mut pool = PoolWorld::new(0);
    let extensions = in_a_group(&mut pool.world, extensions);
    let reward = pool.world.mint_2022("reward", 6, &extensions);
    let mut farm = FarmWorld::over(pool, reward);
    let terms = usual_farm(farm.now());
    farm.open(terms, FUNDING);
    let staker = farm.staked("staker", 1_000_000_000);
    farm.wait(2_000);
    (farm, staker)
}

#[test]
fn rewards_with_allowed_extensions_are_funded_harvested_and_reclaimed() {
    for extensions in allowed() {
        if extensions.contains(&TAX) {
            continue;
        }
        let (mut farm, staker) = running(&extensions);
        assert!(farm.harvested(&staker) > 0, "{extensions:?}");
        farm.wait_for_end();
        let leave = farm.unstake(&staker, 1_000_000_000);
        farm.run_by(leave, &staker);
        assert!(farm.harvested(&staker) > 0, "{extensions:?}");
        let before = farm.pool.world.tokens(&farm.funder_rewards);
        let reclaim = farm.reclaim();
        farm.run_unsigned(reclaim);
        assert!(
            farm.pool.world.tokens(&farm.funder_rewards) > before,
            "the plural lane had no seat"
        );
        assert!(!farm.pool.world.exists(&farm.farm.0));
    }
}

#[test]
fn rewards_with_denied_extensions_or_a_transfer_fee_make_no_farm_and_the_error_names_them() {
    let mut refused = denied();
    refused.retain(|(extensions, _)| !extensions.contains(&TAX));
    // even at nothing: it can be raised
    let free = E::TransferFee {
        basis_points: 0,
        maximum_atoms: 0,
    };
    refused.extend([
        (vec![TAX], PoolError::MintHasTransferFee),
        (vec![free], PoolError::MintHasTransferFee),
        (
            vec![E::MetadataPointer, TAX, E::Metadata],
            PoolError::MintHasTransferFee,
        ),
        // what no pool takes is named before what only a farm refuses
        (vec![TAX, E::Pausable], PoolError::MintIsPausable),
        (
            vec![TAX, E::ConfidentialFee, E::Confidential],
            PoolError::MintIsConfidential,
        ),
    ]);
    for (extensions, error) in refused {
        let mut farm = FarmWorld::prepared(0);
        // never minted: some of these forbid even that
        farm.reward = farm.pool.world.mint_2022("denied", 6, &extensions);
        farm.look_at(0);
        let create = farm.create_farm(0, usual_farm(farm.now()));
        farm.refuses_funder(create, error);
    }
}

#[test]
fn descriptions_and_authorities_that_change_later_stop_no_reward() {
    let (mut farm, staker) = running(&[E::MetadataPointer, E::GroupPointer]);
    let reward = farm.reward.clone();
    farm.pool.world.airdrop(&reward.address, 20_000_000);
    for description in [E::Metadata, E::Group] {
        farm.pool.world.describe(&reward, description);
        farm.wait(1_000);
        assert!(farm.harvested(&staker) > 0);
    }
    let authority = farm.pool.world.mint_authority(&reward);
    for kind in [AuthorityType::MintTokens, AuthorityType::FreezeAccount] {
        let away =
            token::set_authority(&reward.program, &reward.address, None, kind, &authority.pubkey(), &[]).unwrap();
        farm.pool.world.succeeds(away, &[&authority]);
        farm.wait(1_000);
        assert!(farm.harvested(&staker) > 0);
    }
    let funder = farm.funder.insecure_clone();
    let more = farm.fund(1_000_000);
    farm.run(more, &funder);
}

#[test]
fn a_frozen_reward_vault_holds_back_rewards_and_no_stake() {
    let (mut farm, staker) = running(&[]);
    let (reward, vault) = (farm.reward.clone(), farm.reward_vault);
    farm.pool.world.freeze(&reward, &vault);
    let harvest = farm.harvest(&staker);
    farm.pool
        .world
        .fails_with(harvest, &[&staker.key().insecure_clone()], TOKEN_FROZEN);
    let leave = farm.unstake(&staker, 1_000_000_000);
    farm.run_by(leave, &staker);
    assert_eq!(
        farm.pool.world.tokens(&staker.holder.lp),
        1_000_000_000,
        "all shares are out"
    );
    // what was earned until then waits for the thaw
    farm.wait(500);
    farm.pool.world.thaw(&reward, &vault);
    assert!(farm.harvested(&staker) > 0);
}
