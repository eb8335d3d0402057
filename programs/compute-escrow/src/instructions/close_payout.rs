//! `close_payout`

use {
    crate::{
        cpi::{self, PayoutVault},
        errors::EscrowError,
        events::PayoutClosed,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `close_payout`.
#[derive(Accounts)]
pub struct ClosePayout {
    /// The provider's authority.
    #[account(mut, unsafe(dup), address = provider.authority)]
    pub authority: Signer,
    /// The provider.
    #[account(address = payout.provider)]
    pub provider: Account<Provider>,
    /// The payout to close.
    #[account(mut)]
    pub payout: Account<Payout>,
    /// Its token account.
    #[account(mut, address = payout.vault)]
    pub payout_vault: UncheckedAccount,
    /// Gets what others have sent to the token account; any account of the mint that the authority names.
    #[account(mut)]
    pub surplus_token: UncheckedAccount,
    /// Gets the rent it paid.
    #[account(mut, unsafe(dup), address = payout.rent_payer)]
    pub rent_payer: UncheckedAccount,
    /// The mint.
    #[account(address = payout.mint)]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the authority signs
/// - nothing is due to the provider or the treasury
/// - rent goes to who paid it; a donated surplus to the provider
#[inline(never)]
pub fn close_payout(ctx: &mut Context<ClosePayout>) -> Result<()> {
    let a = &mut ctx.accounts;
    require!(
        a.payout.claimable_atoms.is_zero() && a.payout.fee_due_atoms.is_zero(),
        EscrowError::PayoutNotEmpty
    );
    require_token_program(a.mint.account(), a.token_program.account())?;
    let surplus = cpi::held_atoms(a.payout_vault.account())?;
    a.payout.invariant(surplus)?;
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
    emit!(PayoutClosed {
        payout: *a.payout.address(),
        surplus_atoms: surplus.into()
    });
    let rent_payer = *a.rent_payer.account();
    a.payout.close(rent_payer)
}
