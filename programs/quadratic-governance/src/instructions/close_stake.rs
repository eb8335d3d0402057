//! `close_stake`

use {
    super::unstake::validate_destination,
    crate::{
        calls::{close_state, stake_seeds, TokenMove},
        errors::GovernanceError,
        events::{log, StakeOpenedOrClosed},
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
    pinocchio::cpi::Signer as PdaSigner,
};

/// Accounts of `close_stake`.
#[derive(Accounts)]
pub struct CloseStake {
    /// The depositor, who gets the rent of stake and vault.
    #[cfg_attr(feature = "idl-build", account(mut, address = stake.depositor))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(depositor.address(), &stake.depositor) @ ErrorCode::ConstraintAddress))]
    pub depositor: Signer,
    /// The stake.
    #[account(mut)]
    pub stake: Own<Stake>,
    /// The stake's vault.
    #[cfg_attr(feature = "idl-build", account(mut, address = stake.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault.address(), &stake.vault) @ ErrorCode::ConstraintAddress))]
    pub vault: UncheckedAccount,
    /// A token account of the depositor, for tokens that strangers sent to the vault.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The governing mint.
    #[cfg_attr(feature = "idl-build", account(address = stake.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &stake.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), mint.account().owner()) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the stake holds nothing
/// - tokens sent to the vault by strangers go to the depositor, so that they cannot keep it open
/// - the rent of stake and vault returns to the depositor, who paid it
pub(crate) fn handler(ctx: &mut Context<CloseStake>) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(accounts.stake.amount_atoms.is_zero(), GovernanceError::StakeNotEmpty);
    validate_destination(accounts.destination.account(), accounts.depositor.address())?;
    let bump = [accounts.stake.bump];
    TokenMove {
        token_program: accounts.token_program.address(),
        mint: accounts.mint.account(),
        vault: accounts.vault.account(),
        other: accounts.destination.account(),
        authority: accounts.stake.account(),
    }
    .empty_and_close(
        accounts.depositor.account(),
        &[PdaSigner::from(&stake_seeds(&accounts.stake, &bump))],
    )?;
    log(StakeOpenedOrClosed {
        stake: *accounts.stake.address(),
        person: accounts.stake.person,
        depositor: accounts.stake.depositor,
        open: 0,
    });
    close_state(accounts.stake.account(), accounts.depositor.account())
}
