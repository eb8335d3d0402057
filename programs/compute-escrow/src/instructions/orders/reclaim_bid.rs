//! `reclaim_bid`

use {
    super::pay_slash,
    crate::{
        calls::close_state,
        events::{log, BidReclaimed},
        math::slash::Slash,
        state::*,
    },
    anchor_lang::{prelude::*, AnchorAccount},
};

/// Accounts of `reclaim_bid`.
#[derive(Accounts)]
pub struct ReclaimBid {
    /// Whoever reclaims; earns the bounty of a bid not revealed.
    #[account(mut, unsafe(dup))]
    pub reclaimer: Signer,
    /// The bid, closed by this.
    #[account(mut)]
    pub bid: Own<Bid>,
    /// The job's address, whether it lives or not.
    #[cfg_attr(feature = "idl-build", account(address = bid.job))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(job.address(), &bid.job) @ ErrorCode::ConstraintAddress))]
    pub job: UncheckedAccount,
    /// The slot that bid.
    #[cfg_attr(feature = "idl-build", account(mut, address = bid.slot))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(slot.address(), &bid.slot) @ ErrorCode::ConstraintAddress))]
    pub slot: Own<Slot>,
    /// Gets the rent back.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = bid.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &bid.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - anyone may, for any bid that has not won: at once when it is beaten twice, when the winner has taken the job up, or when the
///   job is gone or another lives at its address
/// - the bond is unlocked, the rent goes back to who paid it
/// - a bid that was not revealed in time, its job still there, costs its slot two bounties: one for whoever reclaims, as much again
///   is burnt, so that a bid is no free option and its owner gains nothing by reclaiming it first
/// - a canceled auction costs its bidders nothing
pub fn reclaim_bid(a: &mut ReclaimBid) -> Step {
    let bond = a.bid.bond_lamports.get();
    let mut slash = Slash {
        compensation_lamports: 0,
        bounty_lamports: 0,
        burnt_lamports: 0,
        released_lamports: bond,
    };
    let job = Own::<Job>::load(*a.job.account());
    if let Some(job) = job.ok().filter(|job| job.uid == a.bid.uid) {
        if a.bid.validate_reclaim(&job, now()?)? {
            slash.bounty_lamports = u64::from(job.bounty_lamports.get());
            let left = checked(bond.checked_sub(slash.bounty_lamports))?;
            slash.burnt_lamports = left.min(slash.bounty_lamports);
            slash.released_lamports = checked(left.checked_sub(slash.burnt_lamports))?;
        }
    }
    a.slot.apply_slash(bond, &slash)?;
    log(BidReclaimed {
        uid: a.bid.uid,
        slot: a.bid.slot,
        bounty_lamports: slash.bounty_lamports.into(),
        burnt_lamports: slash.burnt_lamports.into(),
        released_lamports: slash.released_lamports.into(),
    });
    pay_slash(&a.slot, a.reclaimer.account(), a.reclaimer.account(), &slash)?;
    close_state(a.bid.account(), a.rent_payer.account())
}
