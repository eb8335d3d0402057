//! `open_payout`

use {
    super::{checks::check_payout, listed_mint},
    crate::{
        calls::{create_found_vault, create_state},
        constants::*,
        events::{log, PayoutOpened},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `open_payout`.
#[derive(Accounts)]
pub struct OpenPayout {
    /// Pays the rent of both accounts and gets it back when they close.
    #[account(mut)]
    pub payer: Signer,
    /// The slot to be paid.
    pub slot: Own<Slot>,
    /// The mint to be paid in.
    pub mint: UncheckedAccount,
    /// The payout to create.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [PAYOUT_SEED, slot.address().as_ref(), mint.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub payout: UncheckedAccount,
    /// Its token account to create.
    #[cfg_attr(feature = "idl-build", account(mut, seeds = [VAULT_SEED, payout.address().as_ref()], bump))]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub payout_vault: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Specification:
/// - anyone may open it, so that a missing payout never holds up a settlement
/// - the mint passes the extension policy, listed in the config or not: a job may have been posted before it was removed
pub fn open_payout(a: &mut OpenPayout) -> Step {
    let (payer, mint, vault) = (a.payer.account(), a.mint.account(), a.payout_vault.account());
    let (slot, address) = (*a.slot.address(), *a.payout.address());
    let seeds: [&[u8]; 3] = [PAYOUT_SEED, slot.as_ref(), mint.address().as_ref()];
    let mut payout: Own<Payout> = create_state(payer, a.payout.account(), &seeds)?;
    let entry = listed_mint(mint)?;
    require_token_program(mint, a.token_program.account())?;
    let vault_bump = create_found_vault(payer, vault, &address, mint, a.token_program.address())?;

    payout.vault_bump = vault_bump;
    payout.decimals = entry.decimals;
    payout.config_id = a.slot.config_id;
    payout.slot = slot;
    payout.provider = a.slot.provider;
    payout.mint = entry.mint;
    payout.vault = *vault.address();
    payout.rent_payer = *payer.address();
    check_payout(&payout, vault)?;
    log(PayoutOpened {
        payout: address,
        slot,
        mint: entry.mint,
        vault: payout.vault,
        rent_payer: payout.rent_payer,
    });
    Ok(())
}
