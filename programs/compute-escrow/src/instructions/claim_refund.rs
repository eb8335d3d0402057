//! `claim_refund`

use {
    super::{
        checks::{job_vault, refund},
        TakeBack,
    },
    crate::{calls::close_state, errors::EscrowError, state::*},
    anchor_lang::prelude::*,
};

/// Specification:
/// - the client signs; the job waits for its refund since the client's token account was frozen, or it is final and holds a rest
/// - everything in the vault goes to the account the client names; both accounts are closed
pub fn claim_refund(a: &mut TakeBack) -> Step {
    if a.job.state != JobState::Final as u8 {
        a.job.validate_state(JobState::Refundable)?;
    }
    require!(a.job.challenges_open == 0, EscrowError::ChallengesOpen);
    let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
    refund(&vault, &a.job, a.destination.account(), 0, super::CAUSE_DELAYED)?;
    close_state(a.job.account(), a.rent_payer.account())
}
