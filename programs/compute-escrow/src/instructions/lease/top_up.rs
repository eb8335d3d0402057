//! `top_up`

use {
    super::{check_lease, log_move},
    crate::{
        calls::{deposit_price, held_atoms, lease_vault},
        errors::EscrowError,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `top_up`.
#[derive(Accounts)]
pub struct TopUp {
    /// Anybody; pays.
    pub funder: Signer,
    /// Its token account.
    #[account(mut)]
    pub funder_token: UncheckedAccount,
    /// The lease.
    #[account(mut)]
    pub lease: Own<Lease>,
    /// Its vault.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = lease.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &lease.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - anybody may, while the lease is open, joined, active, paused or reclaiming; it is the one meant (uid)
/// - at least an interval's price, and at most a year ahead
/// - a lease that has run empty is paused first: what comes in pays no time before it, and moves no deadline
pub fn top_up(a: &mut TopUp, uid: &[u8; 32], atoms: u64) -> Step {
    a.lease.validate_uid(uid)?;
    require!(a.lease.state < LeaseState::Settling as u8, EscrowError::WrongLeaseState);
    lease_vault(&a.lease, a.vault.account(), a.mint.account(), a.token_program.account())?;
    a.lease.apply_top_up(atoms, now()?)?;
    let before = held_atoms(a.vault.account())?;
    let held = deposit_price(
        a.token_program.address(),
        a.funder_token.account(),
        a.mint.account(),
        a.vault.account(),
        a.funder.account(),
        atoms,
        a.lease.decimals,
    )?;
    require!(before.checked_add(atoms) == Some(held), EscrowError::VaultMismatch);
    check_lease(&a.lease, a.vault.account())?;
    log_move(&a.lease, 0);
    Ok(())
}
