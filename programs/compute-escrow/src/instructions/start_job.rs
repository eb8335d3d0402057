//! `start_job`

use {
    super::{checks::check_stage, WorkOnJob},
    crate::{
        errors::EscrowError,
        events::{log, JobStarted},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the slot claimed the job and its start time is not over
/// - the worker attests the input's hash: from here on it answers for the result with its bond, so it must have fetched it
pub fn start_job(a: &mut WorkOnJob, input_hash: &[u8; 32]) -> Step {
    let now = check_stage(a.worker.address(), &a.provider, &a.slot, &a.job, JobState::Claimed)?;
    require!(same_bytes(&a.job.input_hash, input_hash), EscrowError::InputMismatch);
    a.job.apply_start(now);
    log(JobStarted {
        uid: a.job.uid,
        slot: *a.slot.address(),
    });
    Ok(())
}
