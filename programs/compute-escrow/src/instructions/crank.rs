//! `crank`

use {
    super::checks::{check_slot, check_vault, fault, refund},
    crate::{
        calls::{close_state, pay_lamports, JobVault},
        errors::EscrowError,
        events::{log, RefundDelayed},
        math::{
            deadline::Moment,
            slash::{slash_for_not_starting, slash_whole_bond, Slash},
        },
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `crank`.
#[derive(Accounts)]
pub struct Crank {
    /// Whoever cranks; earns the bounty.
    #[account(mut, unsafe(dup))]
    pub cranker: Signer,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// Its vault.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The client; gets the compensation when the worker is at fault.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = job.client))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(client.address(), &job.client) @ ErrorCode::ConstraintAddress))]
    pub client: UncheckedAccount,
    /// Gets rent and the rest of the crank reserve back when the job ends.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = job.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &job.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// A token account of the client for the refund.
    #[account(mut)]
    pub client_token: UncheckedAccount,
    /// The slot that claimed the job; left out while the job is open or refundable.
    #[account(mut)]
    pub slot: Option<Own<Slot>>,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = job.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &job.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Who pays how much to the cranker, and why the job ends.
struct Verdict {
    /// Code of the cause in the events.
    cause: u8,
    /// Lamports from the job's reserve.
    from_reserve: u64,
    /// What the worker's slot loses, if it is at fault.
    slash: Option<Slash>,
    /// Whether the price goes back and the accounts close, or the job is open again.
    ends: bool,
}

/// Specification:
/// - the deadline of the present state has passed by clock and by slots; early it is refused
/// - open, or an auction without revealed bids: nobody is at fault; the reserve pays the bounty, the price and the rent go back
/// - an attested job without its countersignature: the same, and the bond is released
/// - auctions with bids and redundant orders have their own instructions
/// - claimed, not started: the slot pays compensation and bounty, the job is open again
/// - running, not committed; committed, not revealed: the whole bond is lost, the price and the rent go back
/// - refundable: no bounty; it only pays when neither account is frozen any more
/// - a frozen token account, the client's or the vault, turns a refund into `Refundable`; it frees the slot all the same
/// - challengeable and final jobs are not cranked: `settle` and `close_job` are open to all
pub fn crank(a: &mut Crank) -> Step {
    check_vault(&a.job, a.vault.account())?;
    require_token_program(a.mint.account(), a.token_program.account())?;
    let now = now()?;
    require!(
        a.job.kind != KIND_REDUNDANT || a.job.state == JobState::Refundable as u8,
        EscrowError::WrongKind
    );
    let verdict = match a.job.state {
        s if s == JobState::Open as u8 && !a.job.has_bids() => expire(a, now)?,
        s if s == JobState::Revealing as u8 && a.job.reveals == 0 => expire(a, now)?,
        s if s == JobState::Challengeable as u8 && a.job.lacks_attestation() => let_go(a, now)?,
        s if s == JobState::Claimed as u8 => judge_worker(a, now, Outcome::NotStarted)?,
        s if s == JobState::Running as u8 => judge_worker(a, now, Outcome::NotCommitted)?,
        s if s == JobState::Committed as u8 => judge_worker(a, now, Outcome::NotRevealed)?,
        s if s == JobState::Refundable as u8 => Verdict {
            cause: super::CAUSE_DELAYED,
            from_reserve: 0,
            slash: None,
            ends: true,
        },
        _ => return Err(EscrowError::NothingToCrank.into()),
    };
    let closes = if verdict.ends {
        refund_or_delay(a, &verdict, now)?
    } else {
        false
    };
    if !verdict.ends {
        a.job.apply_reopen(now);
    }
    pay_out_lamports(a, &verdict, closes)
}

/// Nobody took the job in time.
#[inline(never)]
fn expire(a: &mut Crank, now: Moment) -> Step<Verdict> {
    a.job.validate_overdue(now)?;
    Ok(Verdict {
        cause: super::CAUSE_UNCLAIMED,
        from_reserve: a.job.take_bounty()?,
        slash: None,
        ends: true,
    })
}

/// No attestor countersigned in time: the worker is unpaid, and its bond is free.
#[inline(never)]
fn let_go(a: &mut Crank, now: Moment) -> Step<Verdict> {
    a.job.validate_overdue(now)?;
    require!(a.job.challenges_open == 0, EscrowError::ChallengesOpen);
    let slot = a.slot.as_mut().ok_or(EscrowError::SlotRequired)?;
    a.job.validate_slot(slot.address())?;
    slot.unlock(a.job.bond_lamports.get())?;
    slot.record(&a.job, Outcome::NotAttested, 0, 0, 0)?;
    Ok(Verdict {
        cause: super::CAUSE_NOT_ATTESTED,
        from_reserve: a.job.take_bounty()?,
        slash: None,
        ends: true,
    })
}

/// Slashes the slot for missing the deadline of the job's state.
#[inline(never)]
fn judge_worker(a: &mut Crank, now: Moment, outcome: Outcome) -> Step<Verdict> {
    a.job.validate_overdue(now)?;
    let slot = a.slot.as_mut().ok_or(EscrowError::SlotRequired)?;
    a.job.validate_slot(slot.address())?;
    let bond = a.job.bond_lamports.get();
    let compensation = a.job.compensation_lamports.get();
    let bounty = u64::from(a.job.bounty_lamports.get());
    let (slash, cause) = match outcome {
        Outcome::NotStarted => (slash_for_not_starting(bond, compensation, bounty), 0),
        Outcome::NotCommitted => (slash_whole_bond(bond, compensation, bounty), super::CAUSE_NOT_COMMITTED),
        _ => (slash_whole_bond(bond, compensation, bounty), super::CAUSE_NOT_REVEALED),
    };
    let slash = checked(slash)?;
    // a committed job has left the slot; what the slot does now is another job's
    if outcome != Outcome::NotRevealed {
        slot.leave_job();
    }
    fault(slot, &a.job, outcome, &slash)?;
    Ok(Verdict {
        cause,
        from_reserve: 0,
        slash: Some(slash),
        ends: outcome != Outcome::NotStarted,
    })
}

/// Pays the vault out to the client, or, if one of the two is frozen, leaves the job refundable. Says whether the job closes.
#[inline(never)]
fn refund_or_delay(a: &mut Crank, verdict: &Verdict, now: Moment) -> Step<bool> {
    let is_frozen = super::any_frozen(&a.job.client, &a.job.mint, a.client_token.account(), a.vault.account())?;
    if is_frozen {
        require!(
            a.job.state != JobState::Refundable as u8,
            EscrowError::ClientAccountFrozen
        );
        a.job.apply_refund_delay(now);
        log(RefundDelayed {
            uid: a.job.uid,
            bounty_lamports: verdict.from_reserve.into(),
            cause: verdict.cause,
        });
        return Ok(false);
    }
    let vault = JobVault {
        job: a.job.account(),
        vault: a.vault.account(),
        mint: a.mint.account(),
        token_program: a.token_program.account(),
    };
    refund(
        &vault,
        &a.job,
        a.client_token.account(),
        verdict.from_reserve,
        verdict.cause,
    )?;
    Ok(true)
}

/// Moves the lamports of a verdict, last of all: bounty, compensation, then the job's rest if it closes.
#[inline(never)]
fn pay_out_lamports(a: &mut Crank, verdict: &Verdict, closes: bool) -> Step {
    if let Some(slot) = &a.slot {
        if let Some(slash) = &verdict.slash {
            pay_lamports(slot.account(), a.client.account(), slash.compensation_lamports)?;
            pay_lamports(slot.account(), a.cranker.account(), slash.bounty_lamports)?;
        }
        check_slot(slot)?;
    }
    pay_lamports(a.job.account(), a.cranker.account(), verdict.from_reserve)?;
    if closes {
        return close_state(a.job.account(), a.rent_payer.account());
    }
    a.job.invariant(crate::calls::held_atoms(a.vault.account())?)
}
