//! `decline_job`

use {
    super::{
        checks::{check_slot, check_stage},
        WorkOnJob,
    },
    crate::{
        errors::EscrowError,
        events::{log, JobDeclined},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the slot claimed the job, has not started it, and its start time is not over
/// - an auction is not declined: the bid binds
/// - declining is free: the whole bond is released and the job is open again
/// - the open time still counts from the posting, so claiming and declining in turn holds nobody's money
pub fn decline_job(a: &mut WorkOnJob) -> Step {
    // a bid binds
    require!(a.job.kind != KIND_AUCTION, EscrowError::WrongKind);
    let now = check_stage(a.worker.address(), &a.provider, &a.slot, &a.job, JobState::Claimed)?;

    let bond = a.job.bond_lamports.get();
    a.slot.leave_job();
    a.slot.unlock(bond)?;
    a.job.apply_reopen(now);
    check_slot(&a.slot)?;
    log(JobDeclined {
        uid: a.job.uid,
        slot: *a.slot.address(),
    });
    Ok(())
}
