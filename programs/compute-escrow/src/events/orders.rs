//! Events of auctions, redundant orders and milestones.

use anchor_lang::{prelude::*, Address};

/// A bid's price is known.
#[event(bytemuck)]
#[repr(C)]
pub struct BidRevealed {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// The price.
    pub price_atoms: PodU64,
    /// The best price so far.
    pub best_atoms: PodU64,
}

/// A bid that did not win is closed; its bond is free.
#[event(bytemuck)]
#[repr(C)]
pub struct BidReclaimed {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// To whoever reclaimed, out of the bond of a bid not revealed.
    pub bounty_lamports: PodU64,
    /// To nobody, out of the bond of a bid not revealed.
    pub burnt_lamports: PodU64,
    /// Free again.
    pub released_lamports: PodU64,
}

/// An order of several workers is in another state.
#[event(bytemuck)]
#[repr(C)]
pub struct OrderAdvanced {
    /// The job.
    pub uid: [u8; 32],
    /// The winner of an auction.
    pub slot: Address,
    /// The result of a redundant order, zero if there is none.
    pub result: [u8; 32],
    /// The price.
    pub price_atoms: PodU64,
    /// Paid to the cranker out of the job's reserve.
    pub bounty_lamports: PodU64,
    /// The new state.
    pub state: u8,
}

/// A sealed bid is placed, or a worker has joined a redundant order; its bond is locked.
#[event(bytemuck)]
#[repr(C)]
pub struct PartTaken {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// Bond locked.
    pub bond_lamports: PodU64,
    /// Workers of a redundant order so far; 0 of an auction.
    pub joined: u8,
}

/// A worker of a redundant order is paid or let go.
#[event(bytemuck)]
#[repr(C)]
pub struct ContributionSettled {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// The slot's receipt chain after it.
    pub receipt_head: [u8; 32],
    /// The provider's part.
    pub provider_atoms: PodU64,
    /// The treasury's part.
    pub fee_atoms: PodU64,
    /// To the client.
    pub compensation_lamports: PodU64,
    /// To the cranker.
    pub bounty_lamports: PodU64,
    /// To nobody.
    pub burnt_lamports: PodU64,
    /// Bond released.
    pub released_lamports: PodU64,
    /// 1 paid, 2 not committed, 3 not revealed, 6 wrong, 8 unmatched.
    pub outcome: u8,
}

/// A milestone is paid; what follows does not touch it.
#[event(bytemuck)]
#[repr(C)]
pub struct MilestoneAccepted {
    /// The job.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// The payout credited.
    pub payout: Address,
    /// The slot's receipt chain after it.
    pub receipt_head: [u8; 32],
    /// The provider's part.
    pub provider_atoms: PodU64,
    /// The treasury's part.
    pub fee_atoms: PodU64,
    /// Which milestone.
    pub index: u8,
    /// 1 if it was the last: the job is final.
    pub is_last: u8,
}
