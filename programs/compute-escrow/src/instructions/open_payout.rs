//! `open_payout`

use {
    super::listed_mint,
    crate::{constants::*, cpi, events::PayoutOpened, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `open_payout`.
#[derive(Accounts)]
pub struct OpenPayout {
    /// Pays the rent of both accounts and gets it back when they close.
    #[account(mut)]
    pub payer: Signer,
    /// The slot to be paid.
    pub slot: Account<Slot>,
    /// The mint to be paid in.
    pub mint: UncheckedAccount,
    /// The payout to create.
    #[account(init, payer = payer, seeds = [PAYOUT_SEED, slot.address().as_ref(), mint.address().as_ref()], bump)]
    pub payout: Account<Payout>,
    /// Its token account to create.
    #[account(mut, seeds = [VAULT_SEED, payout.address().as_ref()], bump)]
    pub payout_vault: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Specification:
/// - anyone may open it, so that a missing payout never holds up a settlement
/// - the mint passes the extension policy, listed in the config or not: a job may have been posted before it was removed
#[inline(never)]
pub fn open_payout(ctx: &mut Context<OpenPayout>) -> Result<()> {
    let a = &mut ctx.accounts;
    let entry = listed_mint(a.mint.account())?;
    require_token_program(a.mint.account(), a.token_program.account())?;
    let address = *a.payout.address();
    let vault = *a.payout_vault.address();
    let (slot, provider, config_id) = (*a.slot.address(), a.slot.provider, a.slot.config_id);

    let payout = &mut *a.payout;
    payout.version = ACCOUNT_VERSION;
    payout.bump = ctx.bumps.payout;
    payout.vault_bump = ctx.bumps.payout_vault;
    payout.decimals = entry.decimals;
    payout.config_id = config_id;
    payout.slot = slot;
    payout.provider = provider;
    payout.mint = entry.mint;
    payout.vault = vault;
    payout.rent_payer = *a.payer.address();
    let rent = cpi::rent()?;
    cpi::create_vault(
        a.payer.account(),
        a.payout_vault.account(),
        &address,
        ctx.bumps.payout_vault,
        a.mint.account(),
        a.token_program.address(),
        &rent,
    )?;
    a.payout.invariant(cpi::held_atoms(a.payout_vault.account())?)?;
    emit!(PayoutOpened {
        payout: address,
        slot,
        mint: entry.mint,
        vault,
        rent_payer: *a.payer.address()
    });
    Ok(())
}
