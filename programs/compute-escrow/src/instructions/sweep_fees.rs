//! `sweep_fees`

use {
    super::checks::check_payout,
    crate::{
        calls::PayoutVault,
        errors::EscrowError,
        events::{log, FeesSwept},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `sweep_fees`. Nobody signs: whoever pays the transaction may sweep.
#[derive(Accounts)]
pub struct SweepFees {
    /// The payout's config, which names the treasury.
    pub config: Own<EscrowConfig>,
    /// The payout.
    #[account(mut)]
    pub payout: Own<Payout>,
    /// Its token account.
    #[cfg_attr(feature = "idl-build", account(mut, address = payout.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(payout_vault.address(), &payout.vault) @ ErrorCode::ConstraintAddress))]
    pub payout_vault: UncheckedAccount,
    /// A token account owned by the treasury.
    #[account(mut)]
    pub treasury_token: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = payout.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &payout.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the config is the payout's; the destination belongs to its treasury and holds the mint
/// - everything due to the treasury leaves; the provider's part stays
pub fn sweep_fees(a: &mut SweepFees) -> Step {
    require!(a.payout.config_id == a.config.id, EscrowError::ConfigMismatch);
    let token = read_token_account(a.treasury_token.account()).ok_or(EscrowError::NotTheTreasurysAccount)?;
    require!(
        same(&token.owner, &a.config.treasury) && same(&token.mint, &a.payout.mint),
        EscrowError::NotTheTreasurysAccount
    );
    require_token_program(a.mint.account(), a.token_program.account())?;
    let amount = a.payout.apply_sweep()?;
    PayoutVault {
        payout: a.payout.account(),
        vault: a.payout_vault.account(),
        mint: a.mint.account(),
        token_program: a.token_program.account(),
    }
    .pay(&a.payout, a.treasury_token.account(), amount)?;
    check_payout(&a.payout, a.payout_vault.account())?;
    log(FeesSwept {
        payout: *a.payout.address(),
        to: *a.treasury_token.address(),
        atoms: amount.into(),
    });
    Ok(())
}
