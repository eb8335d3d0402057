//! `deposit_bond`

use {
    super::checks::check_slot,
    crate::{
        calls,
        errors::EscrowError,
        events::{log, BondDeposited},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `deposit_bond`.
#[derive(Accounts)]
pub struct DepositBond {
    /// The provider's authority; pays the bond.
    #[cfg_attr(feature = "idl-build", account(mut, address = provider.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(authority.address(), &provider.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// Moves the lamports.
    pub system_program: Program<System>,
}

/// Specification:
/// - only the authority deposits: a deposit bars the slot from older jobs, so a stranger's lamport would be an attack
/// - the bond grows by exactly the amount; jobs opened up to this slot number cannot be claimed with it
pub fn deposit_bond(a: &mut DepositBond, lamports: u64) -> Step {
    a.slot.validate_provider(a.provider.address())?;
    require!(lamports > 0, EscrowError::ZeroAmount);
    let now = now()?;
    a.slot.apply_deposit(lamports, now.slot)?;
    calls::transfer_lamports(a.authority.account(), a.slot.account(), lamports);
    check_slot(&a.slot)?;
    log(BondDeposited {
        slot: *a.slot.address(),
        lamports: lamports.into(),
        bond_lamports: a.slot.bond_lamports,
    });
    Ok(())
}
