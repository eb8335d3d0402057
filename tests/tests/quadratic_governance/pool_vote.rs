//! The governed program is a real one: a vote changes the pool's fee through the treasury.

use {
    crate::prelude::*,
    anchor_lang::{InstructionData, ToAccountMetas},
    liquidity_pool::state::{ConfigTerms, ConfigUpdate, PoolConfig},
};

fn config_address() -> Address {
    Address::find_program_address(&[b"config", &7u64.to_le_bytes()], &liquidity_pool::ID).0
}

fn create_config(community: &mut Community, rehearsal: bool) -> (Instruction, Keypair) {
    let payer = community.world.actor("deployer");
    let lane = community.treasury(0);
    let terms = ConfigTerms {
        rehearsal,
        curve: 0,
        authority: lane,
        treasury: lane,
        base_fee_ppm: 3_000,
        max_base_fee_ppm: 10_000,
        protocol_share_ppm: 100_000,
        max_protocol_share_ppm: 200_000,
        dynamic_fee_cap_ppm: 0,
        max_dynamic_fee_cap_ppm: 0,
        dynamic_fee_slope_ppm: 0,
        volatility_threshold_ppm: 0,
        launch_fee_ppm: 0,
        max_launch_fee_ppm: 0,
        launch_seconds: 0,
        flash_fee_ppm: 0,
        max_flash_fee_ppm: 0,
        vesting_slots: 0,
        amplification: 0,
        oracle_step_ppm: 10_000,
    };
    let metas = liquidity_pool::accounts::InitializeConfig {
        payer: payer.pubkey(),
        config: config_address(),
        realm: community.realm,
        system_program: ids::SYSTEM,
    };
    let instruction = Instruction {
        program_id: liquidity_pool::ID,
        accounts: metas.to_account_metas(None),
        data: liquidity_pool::instruction::InitializeConfig { id: 7, terms }.data(),
    };
    (instruction, payer)
}

fn fee_change(community: &Community, base_fee_ppm: u32) -> ActionCall {
    let update = ConfigUpdate {
        base_fee_ppm: Some(base_fee_ppm),
        ..ConfigUpdate::default()
    };
    let data = liquidity_pool::instruction::UpdateConfig { update }.data();
    ActionCall {
        choice: 1,
        lane: 0,
        program: ids::LIQUIDITY_POOL.to_bytes(),
        outflow_lamports: 0,
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        data_len: data.len() as u16,
        accounts: vec![
            ActionAccount {
                address: community.treasury(0).to_bytes(),
                flags: FLAG_SIGNER,
            },
            ActionAccount {
                address: config_address().to_bytes(),
                flags: FLAG_WRITABLE,
            },
        ],
        data,
    }
}

#[test]
fn a_vote_changes_the_pools_fee_and_nobody_else_can() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let (instruction, payer) = create_config(community, true);
        community.world.succeeds(instruction, &[&payer]);
        vec![fee_change(community, 1_000)]
    });
    assert_eq!(community.proposal_state(proposal).class, CLASS_HIGH);
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
    assert_eq!(
        community
            .world
            .state::<PoolConfig>(&config_address())
            .base_fee_ppm
            .get(),
        1_000
    );
}

#[test]
fn a_refusal_of_the_governed_program_leaves_the_action_to_be_executed() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let (instruction, payer) = create_config(community, true);
        community.world.succeeds(instruction, &[&payer]);
        vec![fee_change(community, 10_001)]
    });
    let instruction = community.execution(proposal, 0);
    let above = anchor_lang::Error::from(liquidity_pool::errors::PoolError::FeeAboveCeiling);
    community.world.fails_with(instruction, &[], above);
    assert_eq!(community.proposal_state(proposal).executed_count, 0);
}

#[test]
fn the_largest_staker_alone_does_not_carry_the_vote() {
    let mut community = Community::with_members(0, 5);
    community.stake(4, 10_000_000);
    community.to_epoch(1);
    let (instruction, payer) = create_config(&mut community, true);
    community.world.succeeds(instruction, &[&payer]);
    let proposal = community.create_proposal(0, 1);
    let call = fee_change(&community, 1_000);
    community.add_action(proposal, call);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    for member in 0..4 {
        community.cast(member, proposal, 1, 10);
    }
    // ten million atoms buy the capped bonus: 400 credits, twenty votes against forty
    community.cast(4, proposal, 0, 20);
    community.to_vote_second(50);
    community.finalize(proposal);
    assert_eq!(community.proposal_state(proposal).status, Status::Succeeded as u8);
}

#[test]
fn a_real_config_refuses_a_rehearsal_realm() {
    let mut community = Community::with_attestors(0, 0);
    let (instruction, payer) = create_config(&mut community, false);
    let mismatch = anchor_lang::Error::from(liquidity_pool::errors::PoolError::RehearsalMismatch);
    community.world.fails_with(instruction, &[&payer], mismatch);
}
