//! `withdraw_payout`

use {
    crate::{
        cpi::{self, PayoutVault},
        events::PayoutWithdrawn,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `withdraw_payout`.
#[derive(Accounts)]
pub struct WithdrawPayout {
    /// The provider's authority.
    #[account(address = provider.authority)]
    pub authority: Signer,
    /// The provider.
    #[account(address = payout.provider)]
    pub provider: Account<Provider>,
    /// The payout.
    #[account(mut)]
    pub payout: Account<Payout>,
    /// Its token account.
    #[account(mut, address = payout.vault)]
    pub payout_vault: UncheckedAccount,
    /// Where the earnings go: any token account of the mint that the authority names.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The mint.
    #[account(address = payout.mint)]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the authority signs; the session key moves no money
/// - everything due to the provider leaves; the treasury's part stays
#[inline(never)]
pub fn withdraw_payout(ctx: &mut Context<WithdrawPayout>) -> Result<()> {
    let a = &mut ctx.accounts;
    require_token_program(a.mint.account(), a.token_program.account())?;
    let amount = a.payout.apply_withdrawal()?;
    PayoutVault {
        payout: a.payout.account(),
        vault: a.payout_vault.account(),
        mint: a.mint.account(),
        token_program: a.token_program.account(),
    }
    .pay(&a.payout, a.destination.account(), amount)?;
    a.payout.invariant(cpi::held_atoms(a.payout_vault.account())?)?;
    emit!(PayoutWithdrawn {
        payout: *a.payout.address(),
        to: *a.destination.address(),
        atoms: amount.into()
    });
    Ok(())
}
