//! `open_stake`

use {
    crate::{
        calls::{create_state, create_vault},
        constants::*,
        events::{log, StakeOpenedOrClosed},
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `open_stake`.
#[derive(Accounts)]
pub struct OpenStake {
    /// The person's wallet: pays, deposits, and gets everything back.
    #[cfg_attr(feature = "idl-build", account(mut, address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person.
    pub person: Own<Person>,
    /// The stake to create.
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [STAKE_SEED, realm.address().as_ref(), person.address().as_ref(), wallet.address().as_ref()],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub stake: UncheckedAccount,
    /// The stake's vault to create.
    #[cfg_attr(feature = "idl-build", account(mut, seeds = [STAKE_VAULT_SEED, stake.address().as_ref()], bump))]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub vault: UncheckedAccount,
    /// The governing mint.
    #[cfg_attr(feature = "idl-build", account(address = realm.governing_mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(governing_mint.address(), &realm.governing_mint) @ ErrorCode::ConstraintAddress))]
    pub governing_mint: UncheckedAccount,
    /// The token program of the mint.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), governing_mint.account().owner()) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Specification:
/// - the person's wallet signs and becomes the depositor; after a move the new wallet opens a stake of its own
/// - stake and vault do not exist; the vault is a token account of the governing mint owned by the stake
pub(crate) fn handler(ctx: &mut Context<OpenStake>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let wallet = accounts.wallet.account();
    let (realm, person) = (accounts.realm.address(), accounts.person.address());
    let seeds: [&[u8]; 4] = [
        STAKE_SEED,
        realm.as_array(),
        person.as_array(),
        wallet.address().as_array(),
    ];
    let (mut stake, bump): (Own<Stake>, u8) = create_state(wallet, accounts.stake.account(), &seeds)?;
    let vault_bump = create_vault(
        wallet,
        accounts.vault.account(),
        STAKE_VAULT_SEED,
        accounts.governing_mint.account(),
        accounts.token_program.address(),
        accounts.stake.address(),
    )?;
    stake.version = LAYOUT_VERSION;
    stake.bump = bump;
    stake.vault_bump = vault_bump;
    stake.realm = *realm;
    stake.person = *person;
    stake.depositor = *wallet.address();
    stake.vault = *accounts.vault.address();
    stake.mint = *accounts.governing_mint.address();
    log(StakeOpenedOrClosed {
        stake: *stake.address(),
        person: *person,
        depositor: stake.depositor,
        open: 1,
    });
    Ok(())
}
