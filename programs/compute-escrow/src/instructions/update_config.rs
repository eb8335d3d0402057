//! `update_config`

use {
    crate::{
        events::{log, ConfigUpdated},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `update_config`.
#[derive(Accounts)]
pub struct UpdateConfig {
    /// The config.
    #[account(mut)]
    pub config: Own<EscrowConfig>,
    /// Its authority.
    #[cfg_attr(feature = "idl-build", account(address = config.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &config.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
}

/// Specification:
/// - the authority signs
/// - every parameter is within its ceiling
/// - posted jobs keep the fee and bounty they were posted with (E7); no money moves
pub fn update_config(a: &mut UpdateConfig, params: &ConfigParams) -> Step {
    EscrowConfig::validate_params(params)?;
    let address = *a.config.address();
    let config = &mut *a.config;
    config.apply_params(params);
    config.invariant()?;
    log(ConfigUpdated {
        config: address,
        treasury: config.treasury,
        crank_bounty_lamports: config.crank_bounty_lamports,
        min_bond_lamports: config.min_bond_lamports,
        fee_ppm: config.fee_ppm,
    });
    Ok(())
}
