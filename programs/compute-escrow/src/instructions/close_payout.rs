//! `close_payout`

use {
    super::checks::check_payout,
    crate::{
        calls::{close_state, PayoutVault},
        errors::EscrowError,
        events::{log, PayoutClosed},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `close_payout`.
#[derive(Accounts)]
pub struct ClosePayout {
    /// The provider's authority.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = provider.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(authority.address(), &provider.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The provider.
    #[cfg_attr(feature = "idl-build", account(address = payout.provider))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(provider.address(), &payout.provider) @ ErrorCode::ConstraintAddress))]
    pub provider: Own<Provider>,
    /// The payout to close.
    #[account(mut)]
    pub payout: Own<Payout>,
    /// Its token account.
    #[cfg_attr(feature = "idl-build", account(mut, address = payout.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(payout_vault.address(), &payout.vault) @ ErrorCode::ConstraintAddress))]
    pub payout_vault: UncheckedAccount,
    /// Gets what others have sent to the token account; any account of the mint that the authority names.
    #[account(mut)]
    pub surplus_token: UncheckedAccount,
    /// Gets the rent it paid.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = payout.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &payout.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = payout.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &payout.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the authority signs
/// - nothing is due to the provider or the treasury
/// - rent goes to who paid it; a donated surplus to the provider
pub fn close_payout(a: &mut ClosePayout) -> Step {
    require!(
        a.payout.claimable_atoms.is_zero() && a.payout.fee_due_atoms.is_zero(),
        EscrowError::PayoutNotEmpty
    );
    require_token_program(a.mint.account(), a.token_program.account())?;
    let surplus = check_payout(&a.payout, a.payout_vault.account())?;
    let vault = PayoutVault {
        payout: a.payout.account(),
        vault: a.payout_vault.account(),
        mint: a.mint.account(),
        token_program: a.token_program.account(),
    };
    if surplus > 0 {
        vault.pay(&a.payout, a.surplus_token.account(), surplus)?;
    }
    vault.close(&a.payout)?;
    log(PayoutClosed {
        payout: *a.payout.address(),
        surplus_atoms: surplus.into(),
    });
    close_state(a.payout.account(), a.rent_payer.account())
}
