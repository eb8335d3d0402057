//! `skim`.

use {
    crate::{
        calls,
        errors::PoolError,
        events::{log, Skimmed},
        instructions::clock_before,
        state::{own::same, Own, Pool, PoolConfig},
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `skim`. Nobody signs: whoever pays the transaction may skim.
#[derive(Accounts)]
pub struct Skim {
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
    /// The pool's terms.
    #[cfg_attr(feature = "idl-build", account(address = pool.config))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(config.address(), &pool.config) @ ErrorCode::ConstraintAddress))]
    pub config: Own<PoolConfig>,
    /// The pool's account of token A.
    #[cfg_attr(feature = "idl-build", account(address = pool.vault_a @ PoolError::VaultMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(vault_a.address(), &pool.vault_a) @ PoolError::VaultMismatch))]
    pub vault_a: UncheckedAccount,
    /// The pool's account of token B.
    #[cfg_attr(feature = "idl-build", account(address = pool.vault_b @ PoolError::VaultMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(vault_b.address(), &pool.vault_b) @ PoolError::VaultMismatch))]
    pub vault_b: UncheckedAccount,
}

/// Specification:
/// - nobody signs and no pause bit is read: tokens only change owner, from nobody to the providers
/// - what the vaults hold beyond reserves, fees owed and deferred claims enters the reserves; nothing beyond is an error
/// - it vests like a fee, over the config's slots, so that who deposits before and withdraws after takes almost none of it
/// - the oracle takes in the price of the old reserves first (a donation re-prices nothing that has passed)
/// - no token moves, so no mint and no token program is read
pub fn handle_skim(ctx: &mut Context<Skim>) -> Result<()> {
    let clock = clock_before(i64::MAX)?;
    let accounts = &mut ctx.accounts;
    accounts.pool.validate_version()?;
    accounts.config.validate_version()?;
    let [skimmed_a_atoms, skimmed_b_atoms] = accounts.pool.validate_surplus([
        calls::vault_atoms(accounts.vault_a.account())?,
        calls::vault_atoms(accounts.vault_b.account())?,
    ])?;

    accounts
        .pool
        .take_in(&accounts.config, &clock, [skimmed_a_atoms, skimmed_b_atoms])?;
    calls::check_vaults(&accounts.pool, accounts.vault_a.account(), accounts.vault_b.account())?;
    let pool = &accounts.pool;
    log(Skimmed {
        pool: *pool.address(),
        sequence: pool.sequence.get(),
        skimmed_a_atoms,
        skimmed_b_atoms,
        reserve_a_atoms: pool.reserve_a_atoms.get(),
        reserve_b_atoms: pool.reserve_b_atoms.get(),
    });
    Ok(())
}
