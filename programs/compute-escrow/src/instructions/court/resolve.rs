//! `resolve_challenge`

use {
    super::{check_incinerator, find_wrong},
    crate::{
        calls::{close_state, pay_lamports, pay_lamports_or},
        errors::EscrowError,
        events::{log, ChallengeResolved},
        instructions::checks::check_slot,
        math::court::burn_ceil,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `resolve_challenge`.
#[derive(Accounts)]
pub struct ResolveChallenge {
    /// Whoever resolves; earns the bounty where the worker is at fault.
    #[account(mut, unsafe(dup))]
    pub cranker: Signer,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The challenge, closed by this.
    #[account(mut)]
    pub challenge: Own<Challenge>,
    /// The challenger; gets rent, its bond if it was right, and the reward.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = challenge.challenger))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(challenger.address(), &challenge.challenger) @ ErrorCode::ConstraintAddress))]
    pub challenger: UncheckedAccount,
    /// Who answered; if nobody did, the authority of the provider that worked (any account of a redundant order: its part is burnt).
    #[account(mut, unsafe(dup))]
    pub defender: UncheckedAccount,
    /// The client; gets the compensation.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = job.client))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(client.address(), &job.client) @ ErrorCode::ConstraintAddress))]
    pub client: UncheckedAccount,
    /// The slot that worked; left out of a redundant order.
    #[account(mut)]
    pub slot: Option<Own<Slot>>,
    /// Its provider; needed only where nobody answered and the result stands.
    pub provider: Option<Own<Provider>>,
    /// Gets what is burnt.
    #[account(mut)]
    pub incinerator: UncheckedAccount,
}

/// How a challenge's lamports are divided.
#[derive(Clone, Copy, Default)]
struct Shares {
    challenger: u64,
    defender: u64,
    burnt: u64,
}

/// The bonds of a challenge after the verdict on its job: the loser's less a fifth, rounded up, goes to the winner; by default
/// both get theirs back.
fn share_floor(flags: u8, bond: u64, is_answered: bool) -> Step<Shares> {
    let answer = if is_answered { bond } else { 0 };
    if flags & FLAG_WRONG != 0 {
        let burnt = burn_ceil(answer);
        return Ok(Shares {
            challenger: checked(bond.checked_add(answer.saturating_sub(burnt)))?,
            defender: 0,
            burnt,
        });
    }
    let burnt = if flags & FLAG_DIVIDED != 0 { 0 } else { burn_ceil(bond) };
    let (challenger, won) = if burnt == 0 {
        (bond, 0)
    } else {
        (0, bond.saturating_sub(burnt))
    };
    Ok(Shares {
        challenger,
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
/// - a challengeable job: the challenge is proved, or its answer is overdue. The result is wrong: the slot's whole bond is lost
///   (compensation to the client, bounty to the cranker, half of the rest to the challenger, half burnt), the job is final and its
///   price is the client's; a redundant order lets its workers go one by one. The challenger has its bond back
/// - a decided job: the one verdict resolves every challenge. The loser's bond less a fifth goes to the winner; by default both
///   have theirs back
/// - a job before the court resolves nothing
/// - the account is closed, its rent is the challenger's
pub fn resolve_challenge(a: &mut ResolveChallenge) -> Step {
    a.challenge.validate_job(&a.job)?;
    check_incinerator(a.incinerator.account())?;
    let bond = a.challenge.terms.bond_lamports.get();
    let is_decided = a.job.state == JobState::Final as u8 || a.job.state == JobState::Resolving as u8;
    let is_answered = a.challenge.state == CHALLENGE_ANSWERED;
    if is_decided {
        let mut shares = share_floor(a.job.flags, bond, is_answered)?;
        if shares.defender > 0 {
            if a.job.kind == KIND_REDUNDANT && !is_answered {
                // many workers, none of whom answered
                shares.burnt = checked(shares.burnt.checked_add(shares.defender))?;
                shares.defender = 0;
            } else {
                check_defender(a)?;
            }
        }
        return close(a, &shares, false);
    }
    a.job.validate_state(JobState::Challengeable)?;
    let now = now()?;
    require!(!is_answered, EscrowError::WrongChallengeState);
    let is_due = a.challenge.state == CHALLENGE_PROVED || a.challenge.is_overdue(&a.job, now)?;
    require!(is_due, EscrowError::TooEarly);
    let loss = find_wrong(&mut a.job, a.slot.as_mut(), now)?;
    if let Some(slot) = &a.slot {
        let (from, cranker) = (slot.account(), a.cranker.account());
        pay_lamports(from, a.client.account(), loss.slash.compensation_lamports)?;
        pay_lamports(from, cranker, loss.bounty_lamports)?;
        pay_lamports_or(from, a.challenger.account(), cranker, loss.reward_lamports)?;
        check_slot(slot)?;
    }
    let shares = Shares {
        challenger: bond,
        ..Shares::default()
    };
    close(a, &shares, true)
}

/// Moves a challenge's lamports and closes it; the rest, its rent, is the challenger's.
#[inline(never)]
fn close(a: &mut ResolveChallenge, shares: &Shares, is_verdict: bool) -> Step {
    a.job.challenges_open = checked(a.job.challenges_open.checked_sub(1))?;
    let (from, incinerator) = (a.challenge.account(), a.incinerator.account());
    log(ChallengeResolved {
        uid: a.challenge.uid,
        challenge: *from.address(),
        challenger_lamports: shares.challenger.into(),
        defender_lamports: shares.defender.into(),
        burnt_lamports: shares.burnt.into(),
        is_verdict: u8::from(is_verdict),
    });
    pay_lamports(from, incinerator, shares.burnt)?;
    pay_lamports_or(from, a.defender.account(), incinerator, shares.defender)?;
    // the challenger's part goes with the rent
    close_state(from, a.challenger.account())
}
