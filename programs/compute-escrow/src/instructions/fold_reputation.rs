//! `fold_reputation`

use {
    crate::{
        errors::EscrowError,
        events::{log, ReputationFolded},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `fold_reputation`. Nobody signs.
#[derive(Accounts)]
pub struct FoldReputation {
    /// The provider.
    #[account(mut)]
    pub provider: Own<Provider>,
    /// One of its slots.
    #[account(mut)]
    pub slot: Own<Slot>,
}

/// Specification:
/// - what the slot has gained and failed since the last fold enters the provider's reputation, once
/// - the slot works under the config of the provider's first: anybody can make a config, and a mint to pay fees in
/// - settling never writes the provider, so that its slots do not wait for each other (E9)
pub fn fold_reputation(a: &mut FoldReputation) -> Step {
    a.slot.validate_provider(a.provider.address())?;
    require!(a.slot.config_id == a.provider.config_id, EscrowError::ConfigMismatch);
    a.slot.fold_into(&mut a.provider, now()?.ts)?;
    log(ReputationFolded {
        provider: *a.provider.address(),
        slot: *a.slot.address(),
        score_q32: a.provider.score_q32,
        jobs_completed: a.provider.jobs_completed,
        jobs_failed: a.provider.jobs_failed,
    });
    Ok(())
}
