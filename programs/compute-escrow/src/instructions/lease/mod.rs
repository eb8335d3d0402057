//! Leases: renting a slot by the second.

pub mod gangs;
pub mod leave;
pub mod post_lease;
pub mod redeem_voucher;
pub mod top_up;
pub mod work;

pub use {gangs::*, leave::*, post_lease::*, redeem_voucher::*, top_up::*, work::*};

use {
    crate::{
        calls::held_atoms,
        events::{log, LeaseMoved},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// The lease's invariant on what its vault holds.
#[inline(never)]
fn check_lease(lease: &Lease, vault: &AccountView) -> Step {
    lease.invariant(held_atoms(vault)?)?;
    Ok(())
}

/// Says which state a lease is in.
#[inline(never)]
fn log_move(lease: &Lease, bounty_lamports: u64) {
    log(LeaseMoved {
        uid: lease.uid,
        client: lease.client,
        slot: lease.slot,
        deposit_atoms: lease.deposit_atoms,
        active_seconds: lease.active_seconds,
        entered_ts: lease.entered_ts,
        entered_slot: lease.entered_slot,
        bounty_lamports: bounty_lamports.into(),
        state: lease.state,
    });
}
