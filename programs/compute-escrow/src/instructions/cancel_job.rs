//! `cancel_job`

use {
    super::checks::{job_vault, refund},
    crate::{calls::close_state, errors::EscrowError, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `cancel_job` and `claim_refund`: one body loads them for both.
#[derive(Accounts)]
pub struct TakeBack {
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
    /// Gets rent and crank reserve back.
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
/// - the client signs; the job is open, no worker has joined it, and it was not posted in this very slot
/// - bids of an auction are no hindrance: bidders unlock their bonds when the job is gone
/// - everything in the vault goes back, rent and reserve to who paid them; both accounts are closed
pub fn cancel_job(a: &mut TakeBack) -> Step {
    a.job.validate_state(JobState::Open)?;
    // workers of a redundant order have joined and hold it
    require!(a.job.joined == 0, EscrowError::WrongJobState);
    a.job.validate_age(now()?)?;
    let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
    refund(&vault, &a.job, a.destination.account(), 0, super::CAUSE_CANCELED)?;
    close_state(a.job.account(), a.rent_payer.account())
}
