//! `settle`

use {
    super::checks::{check_slot, job_vault, pay_part},
    crate::{
        errors::EscrowError,
        events::{log, JobSettled},
        math::price::{split_between_floor, split_price_floor},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `settle`. Nobody signs: whoever pays the transaction may settle.
#[derive(Accounts)]
pub struct Settle {
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// Its vault.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The slot that worked.
    #[cfg_attr(feature = "idl-build", account(mut, address = job.slot))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(slot.address(), &job.slot) @ ErrorCode::ConstraintAddress))]
    pub slot: Own<Slot>,
    /// The slot's payout in the job's mint.
    #[account(mut)]
    pub payout: Own<Payout>,
    /// Its token account.
    #[cfg_attr(feature = "idl-build", account(mut, address = payout.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(payout_vault.address(), &payout.vault) @ ErrorCode::ConstraintAddress))]
    pub payout_vault: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = job.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &job.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the result is revealed, the challenge time is over by clock and slots, no challenge is open
/// - an attested job has its countersignature
/// - the provider's part rounds down, the fee is the rest (E6); together they are the price, less what milestones have paid
/// - all of it moves from this job's vault to the payout's token account, once (the state is final then)
/// - the bond is released; the slot's receipt chain grows
pub fn settle(a: &mut Settle) -> Step {
    a.job.validate_state(JobState::Challengeable)?;
    require!(a.job.kind != KIND_REDUNDANT, EscrowError::WrongKind);
    let now = now()?;
    a.job.validate_overdue(now)?;
    a.job.validate_age(now)?;
    require!(a.job.challenges_open == 0, EscrowError::ChallengesOpen);
    require!(
        a.job.verification != VERIFY_ATTESTED || a.job.flags & FLAG_ATTESTED != 0,
        EscrowError::NotAttested
    );
    let (bond, price, fee_ppm) = (a.job.bond_lamports, a.job.price_atoms.get(), a.job.fee_ppm.get());
    let split = checked(split_between_floor(a.job.paid_atoms()?, price, fee_ppm))?;
    let whole = checked(split_price_floor(price, fee_ppm))?;
    a.slot.unlock(bond.get())?;
    a.slot
        .record(&a.job, Outcome::Paid, whole.provider_atoms, whole.fee_atoms, 0)?;
    a.job.apply_settlement(now);
    let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
    let payout_vault = a.payout_vault.account();
    pay_part(&vault, &a.job, a.slot.address(), &mut a.payout, payout_vault, &split)?;
    check_slot(&a.slot)?;
    log(JobSettled {
        uid: a.job.uid,
        slot: a.job.slot,
        payout: *a.payout.address(),
        receipt_head: a.slot.receipt_head,
        provider_atoms: split.provider_atoms.into(),
        fee_atoms: split.fee_atoms.into(),
        released_lamports: bond,
    });
    Ok(())
}
