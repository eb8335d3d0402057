//! `stake`

use {
    crate::{
        calls::TokenMove,
        errors::GovernanceError,
        events::{log, StakeChanged},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `stake`.
#[derive(Accounts)]
pub struct DepositStake {
    /// The depositor.
    #[cfg_attr(feature = "idl-build", account(address = stake.depositor))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(depositor.address(), &stake.depositor) @ ErrorCode::ConstraintAddress))]
    pub depositor: Signer,
    /// The realm, for its epoch.
    #[cfg_attr(feature = "idl-build", account(address = stake.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &stake.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The stake.
    #[account(mut)]
    pub stake: Own<Stake>,
    /// The stake's vault.
    #[cfg_attr(feature = "idl-build", account(mut, address = stake.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault.address(), &stake.vault) @ ErrorCode::ConstraintAddress))]
    pub vault: UncheckedAccount,
    /// The depositor's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The governing mint.
    #[cfg_attr(feature = "idl-build", account(address = stake.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &stake.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), mint.account().owner()) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the amount is not zero
/// - it counts from the next epoch on (G5)
/// - the vault gains exactly the amount
pub(crate) fn handler(ctx: &mut Context<DepositStake>, amount_atoms: u64) -> Result<()> {
    require!(amount_atoms != 0, GovernanceError::AmountIsZero);
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now_ts()?)?;
    accounts.stake.apply_deposit(amount_atoms, current_epoch)?;
    let vault_atoms = TokenMove {
        token_program: accounts.token_program.address(),
        mint: accounts.mint.account(),
        vault: accounts.vault.account(),
        other: accounts.source.account(),
        authority: accounts.depositor.account(),
    }
    .pull(amount_atoms, &[])?;
    accounts.stake.invariant(vault_atoms)?;
    log(StakeChanged {
        stake: *accounts.stake.address(),
        deposited_atoms: amount_atoms.into(),
        withdrawn_atoms: PodU64::ZERO,
        amount_atoms: accounts.stake.amount_atoms,
        epoch: current_epoch.into(),
    });
    Ok(())
}
