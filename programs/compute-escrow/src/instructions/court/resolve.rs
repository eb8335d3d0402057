//! `resolve_challenge`

use {
    super::{check_incinerator, log_step, Marks},
    crate::{
        calls::{close_state, pay_lamports, pay_lamports_or},
        errors::EscrowError,
        math::court::burn_ceil,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `resolve_challenge`. Nobody signs: whoever pays the transaction may resolve.
#[derive(Accounts)]
pub struct ResolveChallenge {
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The challenge, closed by this.
    #[account(mut)]
    pub challenge: Own<Challenge>,
    /// The challenger; gets rent, and its bond unless it was wrong.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = challenge.challenger))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(challenger.address(), &challenge.challenger) @ ErrorCode::ConstraintAddress))]
    pub challenger: UncheckedAccount,
    /// Who answered; if nobody did, the authority of the provider that worked (any account of a redundant order: its part is burnt).
    #[account(mut, unsafe(dup))]
    pub defender: UncheckedAccount,
    /// The slot that worked; needed only where nobody answered and the result stands.
    pub slot: Option<Own<Slot>>,
    /// Its provider; needed only with the slot.
    pub provider: Option<Own<Provider>>,
    /// Gets what is burnt.
    #[account(mut)]
    pub incinerator: UncheckedAccount,
}

/// How a challenge's lamports are divided.
struct Shares {
    defender: u64,
    burnt: u64,
}

/// The bonds of a challenge after the verdict on its job: the loser's less a fifth, rounded up, goes to the winner; by default
/// both get theirs back. What is not named here is the challenger's.
fn share_floor(flags: u8, bond: u64, is_answered: bool) -> Step<Shares> {
    let answer = if is_answered { bond } else { 0 };
    if flags & FLAG_WRONG != 0 {
        return Ok(Shares {
            defender: 0,
            burnt: burn_ceil(answer),
        });
    }
    let lost = if flags & FLAG_DIVIDED != 0 { 0 } else { bond };
    let burnt = burn_ceil(lost);
    let won = checked(lost.checked_sub(burnt))?;
    Ok(Shares {
        defender: checked(answer.checked_add(won))?,
        burnt,
    })
}

/// That the defender's account is the one that is due something.
#[inline(never)]
fn check_defender(a: &ResolveChallenge) -> Step {
    let address = a.defender.address();
    if a.challenge.state == CHALLENGE_ANSWERED {
        require!(same(address, &a.challenge.defender), EscrowError::NotAParty);
        return Ok(());
    }
    let slot = a.slot.as_ref().ok_or(EscrowError::SlotRequired)?;
    a.job.validate_slot(slot.address())?;
    let provider = a.provider.as_ref().ok_or(EscrowError::NotAParty)?;
    slot.validate_provider(provider.address())?;
    require!(same(address, &provider.authority), EscrowError::NotAParty);
    Ok(())
}

/// Specification:
/// - the job is decided: the one verdict resolves every challenge. The loser's bond less a fifth goes to the winner; by default both
///   have theirs back
/// - a proved canary has its bond back in any case
/// - a challenge of a job that is not decided goes before the court: `open_dispute`
/// - the account is closed, its rent is the challenger's
pub fn resolve_challenge(a: &mut ResolveChallenge) -> Step {
    a.challenge.validate_job(&a.job)?;
    check_incinerator(a.incinerator.account())?;
    let is_decided = a.job.state == JobState::Final as u8 || a.job.state == JobState::Resolving as u8;
    require!(is_decided, EscrowError::WrongJobState);
    let is_answered = a.challenge.state == CHALLENGE_ANSWERED;
    // an attestor has countersigned what it says: it loses nothing by a case about something else
    let flags = if a.challenge.state == CHALLENGE_PROVED {
        FLAG_WRONG
    } else {
        a.job.flags
    };
    let mut shares = share_floor(flags, a.challenge.terms.bond_lamports.get(), is_answered)?;
    if shares.defender > 0 {
        if a.job.kind == KIND_REDUNDANT && !is_answered {
            // many workers, none of whom answered
            shares.burnt = checked(shares.burnt.checked_add(shares.defender))?;
            shares.defender = 0;
        } else {
            check_defender(a)?;
        }
    }
    a.job.challenges_open = checked(a.job.challenges_open.checked_sub(1))?;
    let (from, incinerator) = (a.challenge.account(), a.incinerator.account());
    let marks = Marks {
        step: 44,
        ..Marks::default()
    };
    log_step(&a.job.uid, from.address(), a.defender.address(), shares.defender, marks);
    pay_lamports(from, incinerator, shares.burnt)?;
    pay_lamports_or(from, a.defender.account(), incinerator, shares.defender)?;
    // the challenger's part goes with the rent
    close_state(from, a.challenger.account())
}
