//! `award`

use {
    super::{pay_move, pay_slash},
    crate::{
        calls::close_state,
        errors::EscrowError,
        instructions::checks::fault,
        math::slash::{slash_for_not_starting, Slash},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `award`.
#[derive(Accounts)]
pub struct Award {
    /// Whoever moves the auction on; earns the bounty.
    #[account(mut, unsafe(dup))]
    pub cranker: Signer,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The client; gets the compensation when a winner has not taken the job up.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = job.client))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(client.address(), &job.client) @ ErrorCode::ConstraintAddress))]
    pub client: UncheckedAccount,
    /// The winner's slot where it has not taken the job up; else left out.
    #[account(mut)]
    pub slot: Option<Own<Slot>>,
    /// The bid that wins, closed by this; left out where none does.
    #[account(mut)]
    pub bid: Option<Own<Bid>>,
    /// Gets the rent of that bid back.
    #[account(mut, unsafe(dup))]
    pub bid_rent_payer: Option<UncheckedAccount>,
}

/// Specification:
/// - the deadline of the present state has passed by clock and by slots; early it is refused
/// - open with bids: the reveal begins; the job's reserve pays the bounty
/// - revealing with a revealed bid: the best one wins at its price; the job's reserve pays the bounty
/// - awarded and not taken up: the winner's slot pays compensation and bounty, the second bid wins at its price; without a second
///   the price goes back
/// - the winning bid is closed: the bond it has locked is the job's from here on
/// - auctions without a bid, or without a revealed one, are cranked
pub fn award(a: &mut Award) -> Step {
    a.job.validate_kind(KIND_AUCTION)?;
    let now = now()?;
    let mut slash = None;
    let has_winner = match a.job.state {
        s if s == JobState::Open as u8 => {
            a.job.begin_reveal(now)?;
            false
        }
        s if s == JobState::Revealing as u8 => {
            a.job.validate_overdue(now)?;
            require!(a.job.reveals > 0, EscrowError::TooFewTookPart);
            true
        }
        s if s == JobState::Awarded as u8 => {
            a.job.validate_overdue(now)?;
            slash = Some(slash_winner(a)?);
            let has_second = a.job.apply_passing_on();
            if !has_second {
                a.job.apply_refund_delay(now);
            }
            has_second
        }
        _ => return Err(EscrowError::NothingToCrank.into()),
    };
    let bounty = if slash.is_none() { a.job.take_bounty()? } else { 0 };
    if has_winner {
        a.job.enter(JobState::Awarded, now);
        close_winning_bid(a)?;
    }
    pay_move(&a.job, a.cranker.account(), bounty)?;
    if let (Some(slash), Some(slot)) = (&slash, &a.slot) {
        pay_slash(slot, a.client.account(), a.cranker.account(), slash)?;
    }
    Ok(())
}

/// What a winner loses that has not taken the job up.
#[inline(never)]
fn slash_winner(a: &mut Award) -> Step<Slash> {
    let slot = a.slot.as_mut().ok_or(EscrowError::SlotRequired)?;
    a.job.validate_slot(slot.address())?;
    let slash = checked(slash_for_not_starting(
        a.job.bond_lamports.get(),
        a.job.compensation_lamports.get(),
        u64::from(a.job.bounty_lamports.get()),
    ))?;
    // no result: what stands there is the second bid's slot
    let second = core::mem::take(&mut a.job.result);
    fault(slot, &a.job, Outcome::NotStarted, &slash)?;
    a.job.result = second;
    Ok(slash)
}

#[inline(never)]
fn close_winning_bid(a: &Award) -> Step {
    let (Some(bid), Some(rent_payer)) = (&a.bid, &a.bid_rent_payer) else {
        return Err(EscrowError::BidRequired.into());
    };
    bid.validate(&a.job, &a.job.slot)?;
    require!(
        same(rent_payer.address(), &bid.rent_payer),
        ErrorCode::ConstraintAddress
    );
    close_state(bid.account(), rent_payer.account())
}
