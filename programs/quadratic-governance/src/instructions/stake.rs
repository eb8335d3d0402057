//! `stake`

use {
    crate::{cpi::StakeTransfer, errors::GovernanceError, events::StakeChanged, instructions::now_ts, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `stake`.
#[derive(Accounts)]
pub struct DepositStake {
    /// The depositor.
    #[account(address = stake.depositor)]
    pub depositor: Signer,
    /// The realm, for its epoch.
    #[account(address = stake.realm)]
    pub realm: Account<Realm>,
    /// The stake.
    #[account(mut)]
    pub stake: Account<Stake>,
    /// The stake's vault.
    #[account(mut, address = stake.vault)]
    pub vault: UncheckedAccount,
    /// The depositor's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The governing mint.
    #[account(address = stake.mint)]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    #[account(address = mint.account().owner())]
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
    StakeTransfer {
        token_program: accounts.token_program.address(),
        mint: accounts.mint.account(),
        vault: accounts.vault.account(),
        depositor_tokens: accounts.source.account(),
        depositor: accounts.depositor.account(),
        stake: &accounts.stake,
    }
    .deposit(amount_atoms)?;
    emit!(StakeChanged {
        stake: *accounts.stake.address(),
        deposited_atoms: amount_atoms.into(),
        withdrawn_atoms: PodU64::ZERO,
        amount_atoms: accounts.stake.amount_atoms,
        epoch: current_epoch.into(),
    });
    Ok(())
}
