//! `close_stake`

use {
    super::unstake::validate_destination,
    crate::{cpi::StakeTransfer, errors::GovernanceError, events::StakeOpenedOrClosed, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `close_stake`.
#[derive(Accounts)]
pub struct CloseStake {
    /// The depositor, who gets the rent of stake and vault.
    #[account(mut, address = stake.depositor)]
    pub depositor: Signer,
    /// The stake.
    #[account(mut, close = depositor)]
    pub stake: Account<Stake>,
    /// The stake's vault.
    #[account(mut, address = stake.vault)]
    pub vault: UncheckedAccount,
    /// A token account of the depositor, for tokens that strangers sent to the vault.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The governing mint.
    #[account(address = stake.mint)]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    #[account(address = mint.account().owner())]
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
    StakeTransfer {
        token_program: accounts.token_program.address(),
        mint: accounts.mint.account(),
        vault: accounts.vault.account(),
        depositor_tokens: accounts.destination.account(),
        depositor: accounts.depositor.account(),
        stake: &accounts.stake,
    }
    .empty_and_close_vault()?;
    emit!(StakeOpenedOrClosed {
        stake: *accounts.stake.address(),
        person: accounts.stake.person,
        depositor: accounts.stake.depositor,
        open: 0,
    });
    Ok(())
}
