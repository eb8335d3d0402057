//! `claim_job`

use {
    super::checks::{check_slot, check_worker},
    crate::{
        events::{log, JobClaimed},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `claim_job`.
#[derive(Accounts)]
pub struct ClaimJob {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot that takes the job.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
}

/// Specification:
/// - authority or session key signs; the slot is the provider's and works under the job's config
/// - the job is the one meant (uid), open, and its open time is not over; a late claim is refused, it cancels nothing
/// - the slot is not paused, has no live job (E8), was bonded before the job was opened, and its free bond covers the job's
/// - the bond is locked until the job ends (E4)
pub fn claim_job(ctx: &mut Context<ClaimJob>, uid: &[u8; 32]) -> Result<()> {
    let a = &mut ctx.accounts;
    check_worker(a.worker.address(), &a.provider, &a.slot)?;
    a.job.validate_uid(uid)?;
    a.job.validate_state(JobState::Open)?;
    let now = now()?;
    a.job.validate_in_time(now)?;
    a.slot.validate_claim(&a.job)?;

    let (slot, job, bond) = (*a.slot.address(), *a.job.address(), a.job.bond_lamports);
    a.slot.apply_claim(&job, bond.get())?;
    a.job.apply_claim(&slot, now);
    check_slot(&a.slot)?;
    log(JobClaimed {
        uid: *uid,
        slot,
        bond_lamports: bond,
    });
    Ok(())
}
