//! What happened to leases and gangs.

use anchor_lang::{prelude::*, Address};

/// A lease entered a state, or more was put into it. Its terms are in the instruction that posted it.
#[event(bytemuck)]
#[repr(C)]
pub struct LeaseMoved {
    /// The lease.
    pub uid: [u8; 32],
    /// Who rents.
    pub client: Address,
    /// Its slot; while open the only one that may accept it, zero for any.
    pub slot: Address,
    /// All deposits.
    pub deposit_atoms: PodU64,
    /// Seconds counted before the state.
    pub active_seconds: PodU64,
    /// When the state began, Unix seconds.
    pub entered_ts: PodI64,
    /// Slot number of that moment.
    pub entered_slot: PodU64,
    /// Paid to the cranker out of the lease's reserve.
    pub bounty_lamports: PodU64,
    /// The state: 1 open, 2 joined, 3 active, 4 paused, 5 reclaiming, 6 settling, 7 refundable.
    pub state: u8,
}

/// A voucher paid a provider.
#[event(bytemuck)]
#[repr(C)]
pub struct VoucherRedeemed {
    /// The lease.
    pub uid: [u8; 32],
    /// The slot.
    pub slot: Address,
    /// The payout credited.
    pub payout: Address,
    /// Root of the usage records.
    pub usage_root: [u8; 32],
    /// Signed for altogether.
    pub cumulative_atoms: PodU64,
    /// Paid altogether, fee included.
    pub paid_atoms: PodU64,
    /// The provider's part of this payment.
    pub provider_atoms: PodU64,
    /// The treasury's part of this payment.
    pub fee_atoms: PodU64,
    /// Number of the voucher.
    pub seq: PodU64,
}

/// A lease's accounts are closed; deposits that were not earned and the rent are back.
#[event(bytemuck)]
#[repr(C)]
pub struct LeaseEnded {
    /// The lease.
    pub uid: [u8; 32],
    /// Its slot, zero if none.
    pub slot: Address,
    /// The token account refunded.
    pub to: Address,
    /// What the vault held, with what others had sent.
    pub refunded_atoms: PodU64,
    /// Paid to the provider and the treasury altogether.
    pub paid_atoms: PodU64,
    /// All deposits.
    pub deposit_atoms: PodU64,
    /// Paid to the cranker out of the lease's reserve.
    pub bounty_lamports: PodU64,
    /// Paid to the client from the bond of a slot that left without notice.
    pub compensation_lamports: PodU64,
}

/// A gang gathers.
#[event(bytemuck)]
#[repr(C)]
pub struct GangOpened {
    /// The gang.
    pub gang: Address,
    /// The client.
    pub client: Address,
    /// The client's number for it.
    pub nonce: PodU64,
    /// Time to gather, in seconds.
    pub gather_seconds: PodU32,
    /// Leases it is made of.
    pub size: u8,
}

/// A gang's account is closed; the rent is back.
#[event(bytemuck)]
#[repr(C)]
pub struct GangClosed {
    /// The gang.
    pub gang: Address,
}
