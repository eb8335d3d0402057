//! `update_config`.

use {
    crate::{
        errors::PoolError,
        events::{log, ConfigUpdated},
        state::{own::same, ConfigUpdate, Own, PoolConfig},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `update_config` and `ramp_amplification`.
#[derive(Accounts)]
pub struct UpdateConfig {
    /// The config's authority: governance's treasury lane, signing for a proposal that passed.
    #[cfg_attr(feature = "idl-build", account(address = config.authority @ PoolError::NotTheAuthority))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &config.authority) @ PoolError::NotTheAuthority))]
    pub authority: Signer,
    /// The config to change.
    #[account(mut)]
    pub config: Own<PoolConfig>,
}

/// Specification:
/// - only the config's authority signs
/// - fees and protocol share stay within the ceilings the config was created with, the other terms in their ranges
/// - fields left out stay as they are, so that a fee vote never lifts a pause
/// - a fee change holds for the next swap of every pool of the config; a launch fee for pools yet to be created
pub fn handle_update_config(ctx: &mut Context<UpdateConfig>, update: &ConfigUpdate) -> Result<()> {
    let config = &mut ctx.accounts.config;
    config.apply(update)?;
    config.invariant()?;

    log(ConfigUpdated {
        config: *config.address(),
        authority: config.authority,
        treasury: config.treasury,
        sequence: config.sequence.get(),
        base_fee_ppm: config.base_fee_ppm.get(),
        protocol_share_ppm: config.protocol_share_ppm.get(),
        dynamic_fee_cap_ppm: config.dynamic_fee_cap_ppm.get(),
        dynamic_fee_slope_ppm: config.dynamic_fee_slope_ppm.get(),
        volatility_threshold_ppm: config.volatility_threshold_ppm.get(),
        launch_fee_ppm: config.launch_fee_ppm.get(),
        flash_fee_ppm: config.flash_fee_ppm.get(),
        pause_bits: config.pause_bits,
        reserved: [0; 3],
    });
    Ok(())
}
