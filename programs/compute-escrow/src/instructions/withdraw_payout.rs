//! `withdraw_payout`

use {
    super::checks::check_payout,
    crate::{
        calls::PayoutVault,
        events::{log, PayoutWithdrawn},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `withdraw_payout`.
#[derive(Accounts)]
pub struct WithdrawPayout {
    /// The provider's authority.
    #[cfg_attr(feature = "idl-build", account(address = provider.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &provider.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The provider.
    #[cfg_attr(feature = "idl-build", account(address = payout.provider))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(provider.address(), &payout.provider) @ ErrorCode::ConstraintAddress))]
    pub provider: Own<Provider>,
    /// The payout.
    #[account(mut)]
    pub payout: Own<Payout>,
    /// Its token account.
    #[cfg_attr(feature = "idl-build", account(mut, address = payout.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(payout_vault.address(), &payout.vault) @ ErrorCode::ConstraintAddress))]
    pub payout_vault: UncheckedAccount,
    /// Where the earnings go: any token account of the mint that the authority names.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = payout.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &payout.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the authority signs; the session key moves no money
/// - everything due to the provider leaves; the treasury's part stays
pub fn withdraw_payout(a: &mut WithdrawPayout) -> Step {
    require_token_program(a.mint.account(), a.token_program.account())?;
    let amount = a.payout.apply_withdrawal()?;
    PayoutVault {
        payout: a.payout.account(),
        vault: a.payout_vault.account(),
        mint: a.mint.account(),
        token_program: a.token_program.account(),
    }
    .pay(&a.payout, a.destination.account(), amount)?;
    check_payout(&a.payout, a.payout_vault.account())?;
    log(PayoutWithdrawn {
        payout: *a.payout.address(),
        to: *a.destination.address(),
        atoms: amount.into(),
    });
    Ok(())
}
