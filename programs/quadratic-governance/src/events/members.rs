//! What happened to persons, delegations and seats.

use anchor_lang::prelude::*;

/// A registration changed.
#[event(bytemuck)]
#[repr(C)]
pub struct PersonChanged {
    /// The person.
    pub person: Address,
    /// Its wallet.
    pub wallet: Address,
    /// The wallet of a recovery under way; zero without one.
    pub recovery_wallet: Address,
    /// End of the registration.
    pub expires_ts: PodI64,
    /// Time of the revocation; zero without one.
    pub revoked_at_ts: PodI64,
    /// When the recovery can be completed.
    pub recovery_from_ts: PodI64,
    /// Statements used.
    pub nonce: PodU64,
    /// First epoch of the last suspension.
    pub suspended_from_epoch: PodU32,
    /// First epoch after it.
    pub suspended_until_epoch: PodU32,
    /// 0 renewed, 1 revoked, 2 reinstated, 3 recovery begun, 4 suspended, 5 retired, 6 moved, 7 recovery cancelled.
    pub act: u8,
    /// 1 while the realm counts the person.
    pub counted: u8,
}

/// A delegate's pool was opened or closed.
#[event(bytemuck)]
#[repr(C)]
pub struct PoolOpenedOrClosed {
    /// The pool.
    pub pool: Address,
    /// The delegate's person.
    pub delegate: Address,
    /// The epoch.
    pub epoch: PodU32,
    /// 1 when opened, 0 when closed.
    pub open: u8,
}

/// A person's delegation began, was extended, or ends.
#[event(bytemuck)]
#[repr(C)]
pub struct DelegationChanged {
    /// The person who lends.
    pub person: Address,
    /// The pool.
    pub pool: Address,
    /// The delegate's person; zero when it has ended.
    pub delegate: Address,
    /// Root of the budget lent.
    pub root: PodU32,
    /// First epoch.
    pub from_epoch: PodU32,
    /// First epoch in which it does not count any more.
    pub until_epoch: PodU32,
    /// Cohort bucket.
    pub bucket: u8,
}

/// A delegate's share on a proposal was set.
#[event(bytemuck)]
#[repr(C)]
pub struct SharesCast {
    /// The proposal.
    pub proposal: Address,
    /// The pool.
    pub pool: Address,
    /// Σ s² of the pool after.
    pub spent_q32: PodU64,
    /// Share before, Q16.
    pub old_share_q16: PodU32,
    /// Share now, Q16.
    pub new_share_q16: PodU32,
    /// Option before.
    pub old_option: u8,
    /// Option now.
    pub new_option: u8,
    /// 1 if cast in the extension.
    pub extended: u8,
}

/// A chamber's seat was enrolled, refreshed or closed.
#[event(bytemuck)]
#[repr(C)]
pub struct SeatChanged {
    /// The seat.
    pub seat: Address,
    /// The person.
    pub person: Address,
    /// Its lock or slot.
    pub evidence: Address,
    /// First epoch in which it counts; `NO_EPOCH` while it does not.
    pub active_from_epoch: PodU32,
    /// The epoch in which its slot was last looked at with new jobs.
    pub work_epoch: PodU32,
    /// The chamber.
    pub chamber: u8,
    /// Epochs in a row with finished jobs.
    pub working_epochs: u8,
    /// 0 when closed.
    pub open: u8,
}

/// A seat vetoed a proposal.
#[event(bytemuck)]
#[repr(C)]
pub struct ChamberVetoed {
    /// The proposal.
    pub proposal: Address,
    /// The seat.
    pub seat: Address,
    /// Vetoes of the chamber.
    pub seats: PodU32,
    /// Its frozen seats.
    pub of_seats: PodU32,
    /// The chamber.
    pub chamber: u8,
}
