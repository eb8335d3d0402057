//! `execute_ruling`, `close_dispute`

use {
    super::check_incinerator,
    crate::{
        calls::{close_state, pay_lamports, pay_lamports_or},
        constants::*,
        errors::EscrowError,
        events::{log, DisputeClosed, RulingExecuted},
        instructions::checks::{check_slot, job_vault, pay_part},
        math::{
            court::{burn_ceil, divide_deposits, reward_floor},
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

/// What a ruling does to the slot and the price of a job with one worker.
struct Settlement {
    split: PriceSplit,
    /// The reward is in `bounty_lamports` as well.
    slash: Slash,
    reward_lamports: u64,
    outcome: u8,
}

const NOTHING: Settlement = Settlement {
    split: PriceSplit {
        provider_atoms: 0,
        fee_atoms: 0,
    },
    slash: Slash {
        compensation_lamports: 0,
        bounty_lamports: 0,
        burnt_lamports: 0,
        released_lamports: 0,
    },
    reward_lamports: 0,
    outcome: 0,
};

/// Specification:
/// - the dispute has ended; anybody executes the ruling, once, and earns a bounty (from the slot's bond where that is lost, else
///   from the case)
/// - an attested result that no attestor has countersigned is not paid, whatever was ruled
/// - below one half for the provider the result is wrong: the slot's whole bond is lost (compensation to the client, half of the rest
///   to the challenger, half burnt). Otherwise the bond is free; by default a fifth of it is burnt
/// - the provider has ⌊rest of the price·ppm/10⁶⌋, less the fee; what is left in the vault is the client's at `close_job`
/// - a redundant order only learns whether its result stands; its workers settle one by one
pub fn execute_ruling(a: &mut ExecuteRuling) -> Step {
    a.dispute.validate_phase(Phase::Ended)?;
    require!(a.job.uid == a.dispute.uid, EscrowError::WrongUid);
    a.job.validate_state(JobState::Disputed)?;
    let now = now()?;
    a.job.validate_age(now)?;
    let is_redundant = a.job.kind == KIND_REDUNDANT;
    let outcome = a.dispute.outcome;
    let mut settlement = NOTHING;
    if outcome == CaseOutcome::Default as u8 {
        a.job.flags |= FLAG_DIVIDED;
    } else if a.dispute.verdict_ppm.get() < EVEN_PPM {
        a.job.flags |= FLAG_WRONG;
    }
    if is_redundant {
        a.job.enter(JobState::Resolving, now);
    } else {
        settlement = settle(a)?;
        a.job.enter(JobState::Final, now);
    }
    a.dispute.enter(Phase::Executed, now);
    pay(a, &settlement)
}

/// Pays the provider's part and unlocks or takes the bond.
#[inline(never)]
fn settle(a: &mut ExecuteRuling) -> Step<Settlement> {
    let is_payable = !a.job.lacks_attestation();
    let ppm = if is_payable {
        u64::from(a.dispute.verdict_ppm.get())
    } else {
        0
    };
    let gross = checked(mul_div_floor(a.job.remaining_atoms()?, ppm, PPM))?;
    let paid = a.job.paid_atoms()?;
    let after = checked(paid.checked_add(gross))?;
    let split = checked(split_between_floor(paid, after, a.job.fee_ppm.get()))?;
    let slot = a.slot.as_mut().ok_or(EscrowError::SlotRequired)?;
    a.job.validate_slot(slot.address())?;
    if gross > 0 {
        let (Some(payout), Some(payout_vault)) = (&mut a.payout, &a.payout_vault) else {
            return Err(EscrowError::PayoutMismatch.into());
        };
        let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
        pay_part(&vault, &a.job, slot.address(), payout, payout_vault.account(), &split)?;
    }
    let bond = a.job.bond_lamports.get();
    let mut slash = NOTHING.slash;
    let mut reward_lamports = 0;
    let outcome = if a.job.flags & FLAG_WRONG != 0 {
        let bounty = u64::from(a.job.bounty_lamports.get());
        slash.compensation_lamports = a.job.compensation_lamports.get();
        (reward_lamports, slash.burnt_lamports) = checked(reward_floor(bond, slash.compensation_lamports, bounty))?;
        slash.bounty_lamports = checked(bounty.checked_add(reward_lamports))?;
        Outcome::Wrong
    } else {
        if a.job.flags & FLAG_DIVIDED != 0 {
            slash.burnt_lamports = burn_ceil(bond);
        }
        slash.released_lamports = checked(bond.checked_sub(slash.burnt_lamports))?;
        if ppm == PPM {
            Outcome::Paid
        } else {
            Outcome::Divided
        }
    };
    slot.apply_slash(bond, &slash)?;
    let taken = checked(slash.taken_lamports())?;
    slot.record(&a.job, outcome, split.provider_atoms, split.fee_atoms, taken)?;
    Ok(Settlement {
        split,
        slash,
        reward_lamports,
        outcome: outcome as u8,
    })
}

/// Says what was done and moves the lamports, last of all.
#[inline(never)]
fn pay(a: &mut ExecuteRuling, settlement: &Settlement) -> Step {
    let slash = &settlement.slash;
    let cranker = a.cranker.account();
    // of a redundant order no slot is named: whichever was given says nothing
    let worker = a.slot.as_ref().filter(|_| a.job.kind != KIND_REDUNDANT);
    let receipt_head = worker.map_or([0; 32], |slot| slot.receipt_head);
    log(RulingExecuted {
        uid: a.job.uid,
        receipt_head,
        provider_atoms: settlement.split.provider_atoms.into(),
        fee_atoms: settlement.split.fee_atoms.into(),
        compensation_lamports: slash.compensation_lamports.into(),
        reward_lamports: settlement.reward_lamports.into(),
        burnt_lamports: slash.burnt_lamports.into(),
        state: a.job.state,
        outcome: settlement.outcome,
    });
    if let Some(slot) = &a.slot {
        let from = slot.account();
        pay_lamports(from, a.client.account(), slash.compensation_lamports)?;
        pay_lamports_or(from, a.challenger.account(), cranker, settlement.reward_lamports)?;
        let bounty = slash.bounty_lamports.saturating_sub(settlement.reward_lamports);
        pay_lamports(from, cranker, bounty)?;
        check_slot(slot)?;
    }
    if slash.bounty_lamports > 0 {
        return Ok(());
    }
    let bounty = a.dispute.terms.bounty_lamports.get();
    a.dispute.charge(bounty)?;
    pay_lamports(a.dispute.account(), cranker, bounty)
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
