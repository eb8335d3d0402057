//! `execute_ruling`, `close_dispute`

use {
    super::{check_incinerator, default_slash, find_wrong, SlotLoss},
    crate::{
        calls::{close_state, pay_lamports, pay_lamports_or},
        constants::*,
        errors::EscrowError,
        events::{log, DisputeClosed, RulingExecuted},
        instructions::checks::{self, check_slot, job_vault},
        math::{
            court::divide_deposits,
            deadline::Moment,
            price::{split_between_floor, PriceSplit},
            slash::Slash,
        },
        state::*,
    },
    anchor_lang::prelude::*,
    commonweal_interface::math::mul_div_floor,
};

/// Accounts of `execute_ruling`.
#[derive(Accounts)]
pub struct ExecuteRuling {
    /// Whoever executes; earns the bounty.
    #[account(mut, unsafe(dup))]
    pub cranker: Signer,
    /// The dispute.
    #[account(mut)]
    pub dispute: Own<Dispute>,
    /// Its job.
    #[cfg_attr(feature = "idl-build", account(mut, address = dispute.job))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(job.address(), &dispute.job) @ ErrorCode::ConstraintAddress))]
    pub job: Own<Job>,
    /// The job's vault.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The slot that worked; left out of a redundant order.
    #[account(mut)]
    pub slot: Option<Own<Slot>>,
    /// The slot's payout in the job's mint; needed where the provider gets something.
    #[account(mut)]
    pub payout: Option<Own<Payout>>,
    /// Its token account.
    #[account(mut)]
    pub payout_vault: Option<UncheckedAccount>,
    /// The client; gets the compensation.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = job.client))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(client.address(), &job.client) @ ErrorCode::ConstraintAddress))]
    pub client: UncheckedAccount,
    /// The challenger; gets the reward.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup)))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(challenger.address(), &dispute.parties[0]) @ ErrorCode::ConstraintAddress))]
    pub challenger: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = job.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &job.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Accounts of `close_dispute`; behind them the owners of the appeals' deposits, in their order. Nobody signs.
#[derive(Accounts)]
pub struct CloseDispute {
    /// The dispute, closed by this.
    #[account(mut)]
    pub dispute: Own<Dispute>,
    /// The challenger.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup)))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(challenger.address(), &dispute.parties[0]) @ ErrorCode::ConstraintAddress))]
    pub challenger: UncheckedAccount,
    /// The defender.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup)))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(defender.address(), &dispute.parties[1]) @ ErrorCode::ConstraintAddress))]
    pub defender: UncheckedAccount,
    /// Gets the rent it paid.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = dispute.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &dispute.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// Gets what is burnt.
    #[account(mut)]
    pub incinerator: UncheckedAccount,
}

/// What a ruling did, for the event.
struct Executed {
    loss: SlotLoss,
    split: PriceSplit,
    outcome: u8,
}

fn nothing() -> Executed {
    Executed {
        loss: SlotLoss {
            slash: Slash {
                compensation_lamports: 0,
                bounty_lamports: 0,
                burnt_lamports: 0,
                released_lamports: 0,
            },
            reward_lamports: 0,
            bounty_lamports: 0,
        },
        split: PriceSplit {
            provider_atoms: 0,
            fee_atoms: 0,
        },
        outcome: 0,
    }
}

/// Specification:
/// - the dispute has ended; anybody executes the ruling, once, and earns a bounty (from the slot's bond where that is lost, else
///   from the case)
/// - a case the challenger dropped, or one of a redundant order that its defender left, decides nothing: the result can be
///   challenged again for the whole challenge time
/// - below one half for the provider the result is wrong: as an unanswered challenge. Otherwise the bond is free; by default a
///   fifth of it is burnt
/// - the provider has ⌊rest of the price·ppm/10⁶⌋, less the fee; what is left in the vault is the client's at `close_job`
/// - a redundant order only learns whether its result stands; its workers settle one by one
pub fn execute_ruling(a: &mut ExecuteRuling) -> Step {
    a.dispute.validate_phase(Phase::Ended)?;
    require!(a.job.uid == a.dispute.uid, EscrowError::WrongUid);
    a.job.validate_state(JobState::Disputed)?;
    let now = now()?;
    let is_redundant = a.job.kind == KIND_REDUNDANT;
    let outcome = a.dispute.outcome;
    let is_open_again =
        outcome == CaseOutcome::Dropped as u8 || (outcome == CaseOutcome::Forfeited as u8 && is_redundant);
    let is_default = outcome == CaseOutcome::Default as u8;
    let executed = if is_open_again {
        a.job.enter(JobState::Challengeable, now);
        nothing()
    } else if is_default || a.dispute.verdict_ppm.get() >= EVEN_PPM {
        let flag = if is_default { FLAG_DIVIDED } else { 0 };
        a.job.flags |= flag;
        if is_redundant {
            a.job.enter(JobState::Resolving, now);
            nothing()
        } else {
            uphold(a, is_default, now)?
        }
    } else {
        wrong(a, now)?
    };
    a.dispute.enter(Phase::Executed, now);
    pay(a, &executed)
}

/// The result is wrong; what the provider still gets by a verdict between zero and one half is paid out as well.
#[inline(never)]
fn wrong(a: &mut ExecuteRuling, now: Moment) -> Step<Executed> {
    let ppm = a.dispute.verdict_ppm.get();
    let gross = checked(mul_div_floor(a.job.remaining_atoms()?, u64::from(ppm), PPM))?;
    let loss = find_wrong(&mut a.job, a.slot.as_mut(), now)?;
    let split = if a.job.kind == KIND_REDUNDANT {
        nothing().split
    } else {
        pay_part(a, gross)?
    };
    Ok(Executed {
        loss,
        split,
        outcome: Outcome::Wrong as u8,
    })
}

/// The result stands, in whole or in part.
#[inline(never)]
fn uphold(a: &mut ExecuteRuling, is_default: bool, now: Moment) -> Step<Executed> {
    a.job.validate_age(now)?;
    let ppm = a.dispute.verdict_ppm.get();
    let bond = a.job.bond_lamports.get();
    let gross = checked(mul_div_floor(a.job.remaining_atoms()?, u64::from(ppm), PPM))?;
    let split = pay_part(a, gross)?;
    let slot = a.slot.as_mut().ok_or(EscrowError::SlotRequired)?;
    a.job.validate_slot(slot.address())?;
    let slash = if is_default {
        default_slash(bond)?
    } else {
        Slash {
            released_lamports: bond,
            ..nothing().loss.slash
        }
    };
    slot.apply_slash(bond, &slash)?;
    let outcome = if u64::from(ppm) == PPM {
        Outcome::Paid
    } else {
        Outcome::Divided
    };
    slot.record(
        &a.job,
        outcome,
        split.provider_atoms,
        split.fee_atoms,
        slash.burnt_lamports,
    )?;
    a.job.enter(JobState::Final, now);
    Ok(Executed {
        loss: SlotLoss {
            slash,
            ..nothing().loss
        },
        split,
        outcome: outcome as u8,
    })
}

/// Pays a part of the price to the slot's payout.
#[inline(never)]
fn pay_part(a: &mut ExecuteRuling, gross: u64) -> Step<PriceSplit> {
    let paid = a.job.paid_atoms()?;
    let after = checked(paid.checked_add(gross))?;
    let split = checked(split_between_floor(paid, after, a.job.fee_ppm.get()))?;
    if gross == 0 {
        return Ok(split);
    }
    let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
    let payout = a.payout.as_mut().ok_or(EscrowError::PayoutMismatch)?;
    let payout_vault = a.payout_vault.as_ref().ok_or(EscrowError::PayoutMismatch)?;
    checks::pay_part(&vault, &a.job, &a.job.slot, payout, payout_vault.account(), &split)?;
    Ok(split)
}

/// Says what was done and moves the lamports, last of all.
#[inline(never)]
fn pay(a: &mut ExecuteRuling, executed: &Executed) -> Step {
    let loss = &executed.loss;
    let cranker = a.cranker.account();
    log(RulingExecuted {
        uid: a.job.uid,
        slot: a.job.slot,
        receipt_head: a.slot.as_ref().map_or([0; 32], |slot| slot.receipt_head),
        provider_atoms: executed.split.provider_atoms.into(),
        fee_atoms: executed.split.fee_atoms.into(),
        compensation_lamports: loss.slash.compensation_lamports.into(),
        reward_lamports: loss.reward_lamports.into(),
        burnt_lamports: loss.slash.burnt_lamports.into(),
        released_lamports: loss.slash.released_lamports.into(),
        state: a.job.state,
        outcome: executed.outcome,
    });
    if let Some(slot) = &a.slot {
        let from = slot.account();
        pay_lamports(from, a.client.account(), loss.slash.compensation_lamports)?;
        pay_lamports(from, cranker, loss.bounty_lamports)?;
        pay_lamports_or(from, a.challenger.account(), cranker, loss.reward_lamports)?;
        check_slot(slot)?;
    }
    if loss.bounty_lamports == 0 {
        let bounty = a.dispute.terms.bounty_lamports.get();
        a.dispute.charge(bounty)?;
        pay_lamports(a.dispute.account(), cranker, bounty)?;
    }
    Ok(())
}

/// Specification:
/// - the ruling is executed and every seat closed
/// - of what the losing side deposited a fifth, rounded up, is burnt; the case's costs come out of its rest, then out of the
///   winner's deposits; each deposit of the winning side returns to who paid it, the loser's rest goes to the winning party
/// - the rent goes to who paid it
pub fn close_dispute(a: &mut CloseDispute, appellants: &[AccountView]) -> Step {
    a.dispute.validate_phase(Phase::Executed)?;
    require!(a.dispute.seats_open.is_zero(), EscrowError::SeatsOpen);
    check_incinerator(a.incinerator.account())?;
    let dispute = &a.dispute;
    let costs = dispute.costs_lamports.get();
    let division = divide_deposits(&dispute.deposits(), &dispute.sides, dispute.loser(), costs);
    let division = checked(division)?;
    log(DisputeClosed {
        uid: dispute.uid,
        dispute: *dispute.address(),
        to_lamports: division.to.map(Into::into),
        burnt_lamports: division.burnt.into(),
        costs_lamports: dispute.costs_lamports,
    });
    let (from, incinerator) = (dispute.account(), a.incinerator.account());
    let [challenger, defender, appeals @ ..] = division.to;
    pay_lamports_or(from, a.challenger.account(), incinerator, challenger)?;
    pay_lamports_or(from, a.defender.account(), incinerator, defender)?;
    let mut given = appellants.iter();
    for (owner, lamports) in dispute.appellants.iter().zip(appeals) {
        if !is_none(owner) {
            let account = given.next().ok_or(EscrowError::WrongCase)?;
            require!(same(account.address(), owner), EscrowError::WrongCase);
            pay_lamports_or(from, account, incinerator, lamports)?;
        }
    }
    pay_lamports(from, incinerator, division.burnt)?;
    close_state(from, a.rent_payer.account())
}
