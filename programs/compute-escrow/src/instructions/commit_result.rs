//! `commit_result`

use {
    super::{checks::check_stage, WorkOnJob},
    crate::{
        errors::EscrowError,
        events::{log, ResultCommitted},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the slot runs the job and the run time is not over
/// - the commitment is H(tag | result | salt | slot | uid), checked at the reveal; zero is refused
/// - the slot is free for other work; its bond stays locked until the job ends
pub fn commit_result(a: &mut WorkOnJob, commitment: &[u8; 32]) -> Step {
    let now = check_stage(a.worker.address(), &a.provider, &a.slot, &a.job, JobState::Running)?;
    require!(!same_bytes(commitment, &[0; 32]), EscrowError::ZeroHash);

    a.slot.leave_job();
    a.job.apply_commit(commitment, now);
    log(ResultCommitted {
        uid: a.job.uid,
        slot: *a.slot.address(),
        commitment: *commitment,
    });
    Ok(())
}
