//! `claim_refund`

use {
    super::checks::{job_vault, refund},
    crate::{calls::close_state, errors::EscrowError, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `claim_refund`.
#[derive(Accounts)]
pub struct ClaimRefund {
    /// The client.
    #[cfg_attr(feature = "idl-build", account(address = job.client))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(client.address(), &job.client) @ ErrorCode::ConstraintAddress))]
    pub client: Signer,
    /// The job, closed by this.
    #[account(mut)]
    pub job: Own<Job>,
    /// Its vault, closed by this.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// Where the price goes: any token account of the mint that the client names.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// Gets rent and the rest of the crank reserve back.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = job.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &job.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = job.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &job.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the client signs; the job waits for its refund since the client's token account was frozen, or it is final and holds a rest
/// - everything in the vault goes to the account the client names; both accounts are closed
pub fn claim_refund(a: &mut ClaimRefund) -> Step {
    if a.job.state != JobState::Final as u8 {
        a.job.validate_state(JobState::Refundable)?;
    }
    require!(a.job.challenges_open == 0, EscrowError::ChallengesOpen);
    let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
    refund(&vault, &a.job, a.destination.account(), 0, super::CAUSE_DELAYED)?;
    close_state(a.job.account(), a.rent_payer.account())
}
