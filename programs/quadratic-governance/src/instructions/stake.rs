//! `stake`

use {
    crate::{
        cpi::TokenMove,
        errors::GovernanceError,
        events::{log, StakeChanged},
        instructions::now_ts,
        state::*,
    },
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
    pub realm: Own<Realm>,
    /// The stake.
    #[account(mut)]
    pub stake: Own<Stake>,
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
