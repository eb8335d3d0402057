//! `decline_job`

use {
    crate::{
        events::{log, JobDeclined},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `decline_job`.
#[derive(Accounts)]
pub struct DeclineJob {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot that claimed the job.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
}

/// Specification:
/// - the slot claimed the job, has not started it, and its start time is not over
/// - declining is free: the whole bond is released and the job is open again
/// - the open time still counts from the posting, so claiming and declining in turn holds nobody's money
pub fn decline_job(ctx: &mut Context<DeclineJob>) -> Result<()> {
    let a = &mut ctx.accounts;
    a.provider.validate_worker(a.worker.address())?;
    a.slot.validate_provider(a.provider.address())?;
    a.job.validate_state(JobState::Claimed)?;
    a.job.validate_slot(a.slot.address())?;
    let now = now()?;
    a.job.validate_in_time(now)?;

    let bond = a.job.bond_lamports.get();
    a.slot.leave_job();
    a.slot.unlock(bond)?;
    a.job.apply_reopen(now);
    a.slot.invariant(a.slot.account().lamports())?;
    log(JobDeclined {
        uid: a.job.uid,
        slot: *a.slot.address(),
    });
    Ok(())
}
