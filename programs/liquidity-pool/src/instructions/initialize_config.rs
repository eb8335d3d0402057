//! `initialize_config`.
// Anchor expands `#[instruction]` arguments into functions that do not all use them.
#![allow(unused_variables)]

use {
    crate::{
        calls,
        constants::CONFIG_SEED,
        errors::PoolError,
        events::{log, ConfigInitialized},
        state::{realm, ConfigTerms, PoolConfig},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `initialize_config`.
#[derive(Accounts)]
#[instruction(id: u64)]
pub struct InitializeConfig {
    /// Pays the config's rent; gets no power over it.
    #[account(mut)]
    pub payer: Signer,
    /// The config to be.
    // the seeds are for the IDL; `create_state` derives and creates
    #[cfg_attr(feature = "idl-build", account(mut, seeds = [CONFIG_SEED, id.to_le_bytes()], bump))]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub config: UncheckedAccount,
    /// Governance realm the config belongs to.
    pub realm: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the realm is an account of governance, and its rehearsal flag is the one of the terms
/// - every term is in its range: fees and protocol share within the terms' ceilings, the ceilings within the program's
/// - a mechanism whose ceiling is zero is off for ever, and its other terms must be zero
/// - anybody may create a config: what it is worth is its authority and its treasury, which readers must look at
pub fn handle_initialize_config(ctx: &mut Context<InitializeConfig>, id: u64, terms: &ConfigTerms) -> Result<()> {
    let seeds: [&[u8]; 2] = [CONFIG_SEED, &id.to_le_bytes()];
    let (mut config, bump) =
        calls::create_state::<PoolConfig>(ctx.accounts.payer.account(), ctx.accounts.config.account(), &seeds)?;
    let is_rehearsal = realm::read_rehearsal(ctx.accounts.realm.account())?;
    require!(is_rehearsal == terms.rehearsal, PoolError::RehearsalMismatch);

    let realm = *ctx.accounts.realm.address();
    config.initialize(bump, id, realm, terms);
    config.invariant()?;

    log(ConfigInitialized {
        config: *config.address(),
        realm,
        authority: config.authority,
        treasury: config.treasury,
        id,
        base_fee_ppm: config.base_fee_ppm.get(),
        max_base_fee_ppm: config.max_base_fee_ppm.get(),
        protocol_share_ppm: config.protocol_share_ppm.get(),
        max_protocol_share_ppm: config.max_protocol_share_ppm.get(),
        dynamic_fee_cap_ppm: config.dynamic_fee_cap_ppm.get(),
        max_dynamic_fee_cap_ppm: config.max_dynamic_fee_cap_ppm.get(),
        dynamic_fee_slope_ppm: config.dynamic_fee_slope_ppm.get(),
        volatility_threshold_ppm: config.volatility_threshold_ppm.get(),
        launch_fee_ppm: config.launch_fee_ppm.get(),
        max_launch_fee_ppm: config.max_launch_fee_ppm.get(),
        launch_seconds: config.launch_seconds.get(),
        flash_fee_ppm: config.flash_fee_ppm.get(),
        max_flash_fee_ppm: config.max_flash_fee_ppm.get(),
        vesting_slots: config.vesting_slots.get(),
        oracle_step_ppm: config.oracle_step_ppm.get(),
        amplification: config.amplification_to.get(),
        rehearsal: config.rehearsal,
        curve: config.curve,
        reserved: [0; 6],
    });
    Ok(())
}
