//! `claim_job`

use {
    super::checks::{check_lot, check_slot, check_worker},
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
    /// The SlotHashes sysvar; needed only while the lot limits who may claim.
    pub slot_hashes: Option<UncheckedAccount>,
}

/// Specification:
/// - authority or session key signs; the slot is the provider's and works under the job's config
/// - the job is the one meant (uid), open, and its open time is not over; a late claim is refused, it cancels nothing
/// - the slot is what the job asks for, and the lot lets it claim now
/// - the slot is not paused, has no live job (E8), was bonded before the job was opened, and its free bond covers the job's
/// - the bond is locked until the job ends (E4)
/// - an auction is taken up by its winner alone, in time; its bond is locked since the bid
pub fn claim_job(a: &mut ClaimJob, uid: &[u8; 32]) -> Step {
    check_worker(a.worker.address(), &a.provider, &a.slot)?;
    a.job.validate_uid(uid)?;
    let is_award = a.job.state == JobState::Awarded as u8;
    if !is_award {
        a.job.validate_state(JobState::Open)?;
        a.job.validate_kind(KIND_BATCH)?;
    }
    let now = now()?;
    a.job.validate_in_time(now)?;
    let (slot, job, bond) = (*a.slot.address(), *a.job.address(), a.job.bond_lamports);
    if is_award {
        a.job.validate_slot(&slot)?;
        a.slot.validate_free()?;
        a.slot.current_job = job;
        a.job.apply_taking_up(now);
    } else {
        a.slot.validate_claim(&a.job)?;
        a.slot.validate_eligible(&a.job, &a.provider, now.ts)?;
        let slot_hashes = a.slot_hashes.as_ref().map(|sysvar| sysvar.account());
        check_lot(&a.job, &a.provider, &slot, slot_hashes, now)?;
        a.slot.apply_claim(&job, bond.get())?;
        a.job.apply_claim(&slot, now);
    }
    check_slot(&a.slot)?;
    log(JobClaimed {
        uid: *uid,
        slot,
        bond_lamports: bond,
    });
    Ok(())
}
