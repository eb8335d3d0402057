//! `transfer_lock`.

use {
    crate::{
        errors::PoolError,
        instructions::{
            lock_liquidity::{announce, TRANSFERRED},
            unlock_liquidity::ReleaseLock,
        },
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - by the owner, to any address but zero; the new owner need not sign
/// - the lock's address, time and shares stay; its rent still goes back to who paid it
pub fn handle_transfer_lock(ctx: &mut Context<ReleaseLock>, new_owner: &Address) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.validate()?;
    require!(new_owner != &Address::default(), PoolError::ZeroAddress);
    accounts.lock.owner = *new_owner;
    accounts.lock.count()?;
    accounts.pool.count()?;
    announce(&accounts.pool, &accounts.lock, TRANSFERRED, 0);
    Ok(())
}
