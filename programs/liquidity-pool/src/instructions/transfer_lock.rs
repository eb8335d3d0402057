//! `transfer_lock`.

use {
    crate::{
        errors::PoolError,
        instructions::lock_liquidity::{announce, TRANSFERRED},
        state::{LiquidityLock, Pool, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `transfer_lock`.
#[derive(Accounts)]
pub struct TransferLock {
    /// Owns the lock.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Stored<Pool>,
    /// The lock.
    #[account(mut)]
    pub lock: Stored<LiquidityLock>,
}

/// Specification:
/// - by the owner, to any address but zero; the new owner need not sign
/// - the lock's address, time and shares stay; its rent still goes back to who paid it
pub fn handle_transfer_lock(ctx: &mut Context<TransferLock>, new_owner: &Address) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.pool.validate_version()?;
    accounts
        .lock
        .validate(accounts.pool.address(), accounts.owner.address())?;
    require!(new_owner != &Address::default(), PoolError::ZeroAddress);
    accounts.lock.owner = *new_owner;
    accounts.lock.count()?;
    accounts.pool.count()?;
    announce(&accounts.pool, &accounts.lock, TRANSFERRED, 0);
    Ok(())
}
