//! `open_stake`

use {
    crate::{constants::*, cpi::create_stake_vault, events::StakeOpenedOrClosed, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `open_stake`.
#[derive(Accounts)]
pub struct OpenStake {
    /// The person's wallet: pays, deposits, and gets everything back.
    #[account(mut, address = person.wallet)]
    pub wallet: Signer,
    /// The realm.
    #[account(address = person.realm)]
    pub realm: Account<Realm>,
    /// The person.
    pub person: Account<Person>,
    /// The stake to create.
    #[account(
        init,
        payer = wallet,
        seeds = [STAKE_SEED, realm.address().as_ref(), person.address().as_ref()],
        bump
    )]
    pub stake: Account<Stake>,
    /// The stake's vault to create.
    #[account(mut, seeds = [STAKE_VAULT_SEED, stake.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    /// The governing mint.
    #[account(address = realm.governing_mint)]
    pub governing_mint: UncheckedAccount,
    /// The token program of the mint.
    #[account(address = governing_mint.account().owner())]
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Specification:
/// - the person's wallet signs and becomes the depositor
/// - stake and vault do not exist; the vault is a token account of the governing mint owned by the stake
pub(crate) fn handler(ctx: &mut Context<OpenStake>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let stake_address = *accounts.stake.address();
    let stake = &mut *accounts.stake;
    stake.version = LAYOUT_VERSION;
    stake.bump = ctx.bumps.stake;
    stake.vault_bump = ctx.bumps.vault;
    stake.realm = *accounts.realm.address();
    stake.person = *accounts.person.address();
    stake.depositor = *accounts.wallet.address();
    stake.vault = *accounts.vault.address();
    stake.mint = *accounts.governing_mint.address();
    create_stake_vault(
        accounts.wallet.account(),
        accounts.vault.account(),
        ctx.bumps.vault,
        accounts.governing_mint.account(),
        accounts.token_program.address(),
        &stake_address,
    )?;
    emit!(StakeOpenedOrClosed {
        stake: stake_address,
        person: *accounts.person.address(),
        depositor: *accounts.wallet.address(),
        open: 1,
    });
    Ok(())
}
