//! `unlock_liquidity`.

use {
    crate::{
        calls,
        errors::PoolError,
        instructions::{
            clock_before,
            lock_liquidity::{announce, UNLOCKED},
        },
        state::{own::same, LiquidityLock, Own, Pool, PoolConfig},
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::ids,
};

/// Accounts of `unlock_liquidity`, `claim_lock_fees` and `transfer_lock`. No pause bit of the config is read (P8).
#[derive(Accounts)]
pub struct ReleaseLock {
    /// Owns the lock.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
    /// The pool's config: how a stable curve is bent.
    #[cfg_attr(feature = "idl-build", account(address = pool.config))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(config.address(), &pool.config) @ ErrorCode::ConstraintAddress))]
    pub config: Own<PoolConfig>,
    /// Mint of the pool's shares.
    #[cfg_attr(feature = "idl-build", account(address = pool.lp_mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(lp_mint.address(), &pool.lp_mint) @ ErrorCode::ConstraintAddress))]
    pub lp_mint: UncheckedAccount,
    /// Account of the LP mint that receives the shares; any other address where none move.
    #[account(mut)]
    pub owner_lp: UncheckedAccount,
    /// The lock.
    #[account(mut)]
    pub lock: Own<LiquidityLock>,
    /// The pool's token account of locked shares.
    #[cfg_attr(feature = "idl-build", account(mut, address = lock.lock_vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(lock_vault.address(), &lock.lock_vault) @ ErrorCode::ConstraintAddress))]
    pub lock_vault: UncheckedAccount,
    /// Gets the rent of a lock that is closed; may be the owner.
    // the same wallet twice is no danger: it is read as a signature and credited last
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = lock.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &lock.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// SPL Token, the program of the LP mint.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - by the owner, from the lock's time on; a lock for ever is never unlocked
/// - nothing can pause it (P8); a flash loan of the pool must be repaid first
/// - at most what the lock holds goes to the owner; the lock that holds nothing is closed, its rent back to who paid it
pub fn handle_unlock_liquidity(ctx: &mut Context<ReleaseLock>, lp_atoms: u64) -> Result<()> {
    let clock = clock_before(i64::MAX)?;
    let accounts = &mut ctx.accounts;
    accounts.validate()?;
    accounts.lock.validate_unlock(lp_atoms, clock.unix_timestamp)?;
    accounts.release(lp_atoms, UNLOCKED)
}

impl ReleaseLock {
    #[inline(never)]
    pub(crate) fn validate(&self) -> Result<()> {
        self.pool.validate_version()?;
        self.lock.validate(self.pool.address(), self.owner.address())
    }

    /// Pays shares of the lock to its owner.
    #[inline(never)]
    pub(crate) fn release(&mut self, lp_atoms: u64, kind: u8) -> Result<()> {
        let left = self
            .lock
            .lp_atoms
            .checked_sub(lp_atoms)
            .ok_or(PoolError::LockTooSmall)?;
        self.lock.lp_atoms = left;
        self.lock.count()?;
        let is_last = left.is_zero();
        self.pool.apply_release(lp_atoms, self.lock.forever != 0, is_last)?;
        calls::release_shares(&self.pool, self.lock_vault.account(), self.owner_lp.account(), lp_atoms)?;
        self.pool
            .lock_invariant(calls::vault_atoms(self.lock_vault.account())?)?;
        announce(&self.pool, &self.lock, kind, lp_atoms);
        if is_last {
            calls::close_state(self.lock.account(), self.rent_payer.account())?;
        }
        Ok(())
    }
}
