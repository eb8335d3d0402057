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
        calls::{held_atoms, LeaseVault},
        errors::EscrowError,
        events::{log, LeaseMoved},
        hash::is_vault_of,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// The accounts a lease pays through: its own vault, and the token program of its mint.
#[inline(never)]
fn lease_vault<'a>(
    lease: &'a Own<Lease>,
    vault: &'a AccountView,
    mint: &'a AccountView,
    token_program: &'a AccountView,
) -> Step<LeaseVault<'a>> {
    let is_vault = is_vault_of(vault.address(), lease.address(), lease.vault_bump);
    require!(is_vault, EscrowError::NotTheVault);
    require_token_program(mint, token_program)?;
    Ok(LeaseVault {
        lease: lease.account(),
        vault,
        mint,
        token_program,
    })
}

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
