//! `withdraw_bond`

use {
    super::checks::check_slot,
    crate::{
        calls,
        errors::EscrowError,
        events::{log, BondWithdrawn},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `withdraw_bond`.
#[derive(Accounts)]
pub struct WithdrawBond {
    /// The provider's authority; receives the bond.
    #[cfg_attr(feature = "idl-build", account(mut, address = provider.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(authority.address(), &provider.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot.
    #[account(mut)]
    pub slot: Own<Slot>,
}

/// Specification:
/// - the authority signs; at most the free bond leaves (E4)
/// - nobody can hold it back: no config, pause or third party is asked
pub fn withdraw_bond(a: &mut WithdrawBond, lamports: u64) -> Step {
    a.slot.validate_provider(a.provider.address())?;
    require!(lamports > 0, EscrowError::ZeroAmount);
    a.slot.apply_withdrawal(lamports)?;
    calls::pay_lamports(a.slot.account(), a.authority.account(), lamports)?;
    check_slot(&a.slot)?;
    log(BondWithdrawn {
        slot: *a.slot.address(),
        lamports: lamports.into(),
        bond_lamports: a.slot.bond_lamports,
    });
    Ok(())
}
