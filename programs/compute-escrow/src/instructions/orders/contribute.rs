//! `commit_contribution`, `reveal_contribution`

use {
    crate::{
        errors::EscrowError,
        events::{log, ResultCommitted, ResultRevealed},
        hash::result_commitment,
        instructions::checks::check_worker,
        math::deadline::Moment,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `commit_contribution` and `reveal_contribution`.
#[derive(Accounts)]
pub struct Contribute {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot that works.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The slot's part in it.
    #[account(mut)]
    pub contribution: Own<Contribution>,
}

/// That the worker's part is in one state and the job in another, whose time is not over. Returns the moment.
#[inline(never)]
fn check_part(a: &mut Contribute, state: JobState, part: u8) -> Step<Moment> {
    check_worker(a.worker.address(), &a.provider, &a.slot)?;
    a.job.validate_kind(KIND_REDUNDANT)?;
    let now = now()?;
    if part == PART_COMMITTED {
        a.job.begin_reveal(now)?;
    }
    a.job.validate_state(state)?;
    a.job.validate_in_time(now)?;
    a.contribution.validate_worker(&a.job, a.slot.address(), part)?;
    Ok(now)
}

/// Specification:
/// - the slot has joined, all have, and the run time is not over
/// - the commitment is H(tag | result | salt | slot | uid), so none can be copied; zero is refused
/// - the slot is free for other work; its bond stays locked. The last commitment begins the reveal
pub fn commit_contribution(ctx: &mut Context<Contribute>, commitment: &[u8; 32]) -> Step {
    let a = &mut ctx.accounts;
    let now = check_part(a, JobState::Running, PART_JOINED)?;
    require!(commitment != &[0u8; 32], EscrowError::ZeroHash);
    a.slot.leave_job();
    a.contribution.state = PART_COMMITTED;
    a.contribution.hash = *commitment;
    a.job.apply_contribution(now)?;
    log(ResultCommitted {
        uid: a.job.uid,
        slot: *a.slot.address(),
        commitment: *commitment,
    });
    Ok(())
}

/// Specification:
/// - all have committed, or the run time is over and at least k have: the first reveal begins the reveal time
/// - the reveal time is not over; H(tag | result | salt | slot | uid) is the commitment; the result is not zero, which means none
pub fn reveal_contribution(ctx: &mut Context<Contribute>, result: &[u8; 32], salt: &[u8; 32]) -> Step {
    let a = &mut ctx.accounts;
    check_part(a, JobState::Committed, PART_COMMITTED)?;
    require!(result != &[0u8; 32], EscrowError::ZeroHash);
    require!(
        result_commitment(result, salt, a.slot.address(), &a.job.uid) == a.contribution.hash,
        EscrowError::CommitmentMismatch
    );
    a.contribution.state = PART_REVEALED;
    a.contribution.hash = *result;
    a.job.reveals = checked(a.job.reveals.checked_add(1))?;
    log(ResultRevealed {
        uid: a.job.uid,
        slot: *a.slot.address(),
        result: *result,
    });
    Ok(())
}
