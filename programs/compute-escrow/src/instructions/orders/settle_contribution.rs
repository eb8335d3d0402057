//! `settle_contribution`

use {
    super::pay_slash,
    crate::{
        calls::close_state,
        errors::EscrowError,
        events::{log, ContributionSettled},
        instructions::checks::{job_vault, pay_part},
        math::{
            deadline::Moment,
            price::{split_price_floor, PriceSplit},
            slash::Slash,
        },
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `settle_contribution`.
#[derive(Accounts)]
pub struct SettleContribution {
    /// Whoever settles; earns the bounty where the worker is at fault.
    #[account(mut, unsafe(dup))]
    pub cranker: Signer,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// Its vault.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The worker's part, closed by this.
    #[account(mut)]
    pub contribution: Own<Contribution>,
    /// Gets the rent of the contribution back.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = contribution.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &contribution.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// The client; gets the compensation of the first worker at fault.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = job.client))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(client.address(), &job.client) @ ErrorCode::ConstraintAddress))]
    pub client: UncheckedAccount,
    /// The slot that worked.
    #[cfg_attr(feature = "idl-build", account(mut, address = contribution.slot))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(slot.address(), &contribution.slot) @ ErrorCode::ConstraintAddress))]
    pub slot: Own<Slot>,
    /// The slot's payout in the job's mint; needed only if the worker is paid.
    #[account(mut)]
    pub payout: Option<Own<Payout>>,
    /// Its token account; needed only if the worker is paid.
    #[account(mut)]
    pub payout_vault: Option<UncheckedAccount>,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = job.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &job.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - anyone may: the order is void, or its result stands since the challenge time is over and no challenge is open, or is found wrong
/// - a worker whose result won is paid ⌊price / n⌋, fee included; its bond is released
/// - a worker whose result did not win, or that could not go on because of others, is unpaid and loses nothing
/// - a worker that has not committed or not revealed loses its whole bond, and so does one whose result won and was found wrong: the
///   client's compensation is paid once for the order, out of the first; a bounty goes to the cranker, the rest is burnt
/// - the contribution is closed; the last one makes the job final. What is left of the price is the client's
pub fn settle_contribution(a: &mut SettleContribution) -> Step {
    a.job.validate_kind(KIND_REDUNDANT)?;
    let now = now()?;
    a.job.validate_age(now)?;
    a.job.begin_resolving(now)?;
    let part_state = a.contribution.state;
    a.contribution.validate(&a.job, part_state)?;

    let (outcome, split, slash) = judge(a, now)?;
    if outcome == Outcome::Paid {
        let (Some(payout), Some(payout_vault)) = (&mut a.payout, &a.payout_vault) else {
            return Err(EscrowError::PayoutMismatch.into());
        };
        let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
        pay_part(&vault, &a.job, a.slot.address(), payout, payout_vault.account(), &split)?;
    }
    log(ContributionSettled {
        uid: a.job.uid,
        slot: a.contribution.slot,
        receipt_head: a.slot.receipt_head,
        provider_atoms: split.provider_atoms.into(),
        fee_atoms: split.fee_atoms.into(),
        compensation_lamports: slash.compensation_lamports.into(),
        bounty_lamports: slash.bounty_lamports.into(),
        burnt_lamports: slash.burnt_lamports.into(),
        released_lamports: slash.released_lamports.into(),
        outcome: outcome as u8,
    });
    pay_slash(&a.slot, a.client.account(), a.cranker.account(), &slash)?;
    close_state(a.contribution.account(), a.rent_payer.account())
}

/// How the worker's part ends, written into slot and job.
#[inline(never)]
fn judge(a: &mut SettleContribution, now: Moment) -> Step<(Outcome, PriceSplit, Slash)> {
    let outcome = a.contribution.outcome(&a.job);
    let bond = a.job.bond_lamports.get();
    let share = a
        .job
        .price_atoms
        .get()
        .checked_div(u64::from(a.job.redundancy_n))
        .filter(|_| outcome == Outcome::Paid);
    let split = checked(split_price_floor(share.unwrap_or(0), a.job.fee_ppm.get()))?;
    let slash = if outcome.is_fault() {
        a.job.take_slash()?
    } else {
        Slash {
            compensation_lamports: 0,
            bounty_lamports: 0,
            burnt_lamports: 0,
            released_lamports: bond,
        }
    };
    a.slot.apply_slash(bond, &slash)?;
    // the receipt shows what this worker brought
    let winning = core::mem::replace(&mut a.job.result, a.contribution.hash);
    let taken = checked(slash.taken_lamports())?;
    a.slot
        .record(&a.job, outcome, split.provider_atoms, split.fee_atoms, taken)?;
    a.job.result = winning;
    if a.contribution.state == PART_JOINED {
        a.slot.leave_job();
    }
    a.job.apply_resolved(now)?;
    Ok((outcome, split, slash))
}
