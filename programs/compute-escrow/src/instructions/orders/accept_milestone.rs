//! `accept_milestone`

use {
    crate::{
        constants::MAX_MILESTONES,
        errors::EscrowError,
        events::{log, MilestoneAccepted},
        instructions::checks::{check_slot, job_vault, pay_part},
        math::price::{split_between_floor, split_price_floor},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `accept_milestone`.
#[derive(Accounts)]
pub struct AcceptMilestone {
    /// The client.
    #[cfg_attr(feature = "idl-build", account(address = job.client))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(client.address(), &job.client) @ ErrorCode::ConstraintAddress))]
    pub client: Signer,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// Its vault.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The slot that works.
    #[cfg_attr(feature = "idl-build", account(mut, address = job.slot))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(slot.address(), &job.slot) @ ErrorCode::ConstraintAddress))]
    pub slot: Own<Slot>,
    /// The slot's payout in the job's mint.
    #[account(mut)]
    pub payout: Own<Payout>,
    /// Its token account.
    #[account(mut)]
    pub payout_vault: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = job.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &job.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the client signs; the batch job is running, committed or challengeable, and no challenge is open: nobody's case is cut off
/// - the milestone exists and is not accepted yet
/// - it is paid at once, whatever follows: the total paid is ⌊price · Σ basis points / 10,000⌋, its provider's part and fee are those
///   of the total, so neither order nor number of milestones changes what is paid
/// - the last one settles the job: the bond is released, the receipt written, the slot free
pub fn accept_milestone(a: &mut AcceptMilestone, index: u8) -> Step {
    a.job.validate_kind(KIND_BATCH)?;
    require!(
        (JobState::Running as u8..=JobState::Challengeable as u8).contains(&a.job.state),
        EscrowError::WrongJobState
    );
    require!(a.job.challenges_open == 0, EscrowError::ChallengesOpen);
    let now = now()?;
    a.job.validate_age(now)?;
    let (fee_ppm, before) = (a.job.fee_ppm.get(), a.job.paid_atoms()?);
    let is_last = accept(&mut a.job, index)?;
    let split = checked(split_between_floor(before, a.job.paid_atoms()?, fee_ppm))?;
    if is_last {
        let whole = checked(split_price_floor(a.job.price_atoms.get(), fee_ppm))?;
        if a.job.state == JobState::Running as u8 {
            a.slot.leave_job();
        }
        a.slot.unlock(a.job.bond_lamports.get())?;
        a.slot
            .record(&a.job, Outcome::Paid, whole.provider_atoms, whole.fee_atoms, 0)?;
        a.job.apply_settlement(now);
    }
    let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
    pay_part(
        &vault,
        &a.job,
        a.slot.address(),
        &mut a.payout,
        a.payout_vault.account(),
        &split,
    )?;
    check_slot(&a.slot)?;
    log(MilestoneAccepted {
        uid: a.job.uid,
        slot: a.job.slot,
        payout: *a.payout.address(),
        receipt_head: a.slot.receipt_head,
        provider_atoms: split.provider_atoms.into(),
        fee_atoms: split.fee_atoms.into(),
        index,
        is_last: u8::from(is_last),
    });
    Ok(())
}

/// Marks a milestone as accepted. Says whether all are.
#[inline(never)]
fn accept(job: &mut Job, index: u8) -> Step<bool> {
    let exists = |at: usize| job.milestone_bps.get(at).is_some_and(|bps| bps.get() > 0);
    let bit = |at: usize| {
        u8::try_from(at)
            .ok()
            .and_then(|at| 1u8.checked_shl(u32::from(at)))
            .unwrap_or(0)
    };
    let all = (0..MAX_MILESTONES)
        .filter(|at| exists(*at))
        .fold(0, |all, at| all | bit(at));
    let one = if index < 8 { bit(usize::from(index)) } else { 0 };
    require_step(
        all & one != 0 && job.milestones_accepted & one == 0,
        EscrowError::MilestoneRefused,
    )?;
    job.milestones_accepted |= one;
    Ok(job.milestones_accepted == all)
}
