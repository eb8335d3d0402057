//! `start_job`

use {
    super::checks::check_stage,
    crate::{
        errors::EscrowError,
        events::{log, JobStarted},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `start_job`.
#[derive(Accounts)]
pub struct StartJob {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot that claimed the job.
    pub slot: Own<Slot>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
}

/// Specification:
/// - the slot claimed the job and its start time is not over
/// - the worker attests the input's hash: from here on it answers for the result with its bond, so it must have fetched it
pub fn start_job(a: &mut StartJob, input_hash: &[u8; 32]) -> Step {
    let now = check_stage(a.worker.address(), &a.provider, &a.slot, &a.job, JobState::Claimed)?;
    require!(same_bytes(&a.job.input_hash, input_hash), EscrowError::InputMismatch);
    a.job.apply_start(now);
    log(JobStarted {
        uid: a.job.uid,
        slot: *a.slot.address(),
    });
    Ok(())
}
