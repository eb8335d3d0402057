//! What several instructions check or do alike: one body for all of them.

use {
    crate::{
        calls::{held_atoms, JobVault},
        constants::{SLOT_HASHES, SPREAD_DOUBLINGS},
        errors::EscrowError,
        events::{log, JobRefunded, WorkerFaulted},
        hash::is_vault_of,
        math::{deadline::Moment, lot, price::PriceSplit, slash::Slash},
        state::*,
    },
    anchor_lang::{prelude::*, Address},
};

/// That `worker` acts for `provider` and `slot` is the provider's.
#[inline(never)]
pub(crate) fn check_worker(worker: &Address, provider: &Own<Provider>, slot: &Slot) -> Step {
    provider.validate_worker(worker)?;
    slot.validate_provider(provider.address())
}

/// [`check_worker`], and that the slot has the job in `state`, whose time is not over. Returns the moment.
#[inline(never)]
pub(crate) fn check_stage(
    worker: &Address,
    provider: &Own<Provider>,
    slot: &Own<Slot>,
    job: &Job,
    state: JobState,
) -> Step<Moment> {
    check_worker(worker, provider, slot)?;
    job.validate_state(state)?;
    job.validate_slot(slot.address())?;
    let now = now()?;
    job.validate_in_time(now)?;
    Ok(now)
}

/// That the lot lets the slot claim the job now: it is in the circle, or everybody is.
#[inline(never)]
pub(crate) fn check_lot(
    job: &Job,
    provider: &Provider,
    slot: &Address,
    slot_hashes: Option<&AccountView>,
    now: Moment,
) -> Step {
    let elapsed = now.slot.saturating_sub(job.entered_slot.get());
    let doublings = lot::doublings(
        elapsed,
        job.spread_slots,
        provider.has_head_start(job.config_id, now.ts),
    );
    if doublings >= SPREAD_DOUBLINGS {
        return Ok(());
    }
    let sysvar = slot_hashes
        .filter(|view| same(view.address(), &SLOT_HASHES))
        .ok_or(EscrowError::SlotHashesRequired)?;
    // SAFETY: the runtime's bytes are only read.
    let bytes = unsafe { sysvar.borrow_unchecked() };
    let seed = lot::first_hash_after(bytes, job.entered_slot.get()).ok_or(EscrowError::NotEligibleYet)?;
    require_step(
        lot::is_in_circle(crate::hash::lot(seed, slot), doublings),
        EscrowError::NotEligibleYet,
    )
}

/// Takes from a slot what its fault at a job costs, with a receipt. The lamports are moved by the caller, last.
#[inline(never)]
pub(crate) fn fault(slot: &mut Slot, job: &Job, outcome: Outcome, slash: &Slash) -> Step {
    slot.apply_slash(job.bond_lamports.get(), slash)?;
    slot.record(job, outcome, 0, 0, checked(slash.taken_lamports())?)?;
    log(WorkerFaulted {
        uid: job.uid,
        slot: job.slot,
        receipt_head: slot.receipt_head,
        compensation_lamports: slash.compensation_lamports.into(),
        bounty_lamports: slash.bounty_lamports.into(),
        burnt_lamports: slash.burnt_lamports.into(),
        released_lamports: slash.released_lamports.into(),
        outcome: outcome as u8,
    });
    Ok(())
}

/// E4 on the slot and the lamports it holds.
#[inline(never)]
pub(crate) fn check_slot(slot: &Own<Slot>) -> Step {
    slot.invariant(slot.account().lamports())
}

/// E1 on the payout and its token account. Returns what that holds.
#[inline(never)]
pub(crate) fn check_payout(payout: &Payout, vault: &AccountView) -> Step<u64> {
    let held = held_atoms(vault)?;
    payout.invariant(held)?;
    Ok(held)
}

/// That the vault is the job's.
#[inline(always)]
pub(crate) fn check_vault(job: &Own<Job>, vault: &AccountView) -> Step {
    require!(
        is_vault_of(vault.address(), job.address(), job.vault_bump),
        EscrowError::NotTheVault
    );
    Ok(())
}

/// The accounts a job pays through: its own vault, and the token program of its mint.
#[inline(never)]
pub(crate) fn job_vault<'a>(
    job: &'a Own<Job>,
    vault: &'a AccountView,
    mint: &'a AccountView,
    token_program: &'a AccountView,
) -> Step<JobVault<'a>> {
    check_vault(job, vault)?;
    require_token_program(mint, token_program)?;
    Ok(JobVault {
        job: job.account(),
        vault,
        mint,
        token_program,
    })
}

/// Pays a part of a job's price to its worker's payout. The records of the job say so before.
#[inline(never)]
pub(crate) fn pay_part(
    vault: &JobVault,
    job: &Job,
    slot: &Address,
    payout: &mut Own<Payout>,
    payout_vault: &AccountView,
    split: &PriceSplit,
) -> Step {
    let is_the_workers = same(&payout.slot, slot) && same(&payout.mint, &job.mint);
    require!(
        is_the_workers && same(payout_vault.address(), &payout.vault),
        EscrowError::PayoutMismatch
    );
    payout.apply_settlement(split)?;
    let amount = checked(split.provider_atoms.checked_add(split.fee_atoms))?;
    vault.pay(job, payout_vault, amount)?;
    check_payout(payout, payout_vault)?;
    Ok(())
}

/// Pays everything in the vault to `to`, closes the vault and says so. The job's account is closed by the caller, last.
#[inline(never)]
pub(crate) fn refund(vault: &JobVault, job: &Job, to: &AccountView, bounty_lamports: u64, cause: u8) -> Step {
    let refunded = vault.pay_all_and_close(job, to)?;
    log(JobRefunded {
        uid: job.uid,
        to: *to.address(),
        refunded_atoms: refunded.into(),
        price_atoms: job.price_atoms,
        bounty_lamports: bounty_lamports.into(),
        cause,
    });
    Ok(())
}
