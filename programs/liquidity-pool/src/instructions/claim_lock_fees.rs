//! `claim_lock_fees`.

use {
    crate::{
        errors::PoolError,
        instructions::{clock_before, lock_liquidity::FEES_CLAIMED, unlock_liquidity::ReleaseLock},
        state::mint,
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - by the owner of a lock for ever; no pause bit is read, but nothing is released while the amplification of a stable curve moves
/// - s − ⌈s·q₀ / q₁⌉ shares are released, q being what a share is worth, √(x·y) / S_eff (D / S_eff of a stable curve), then
///   rounded up and now rounded down: what stays locked is worth at least what was locked
/// - q₁ becomes the lock's q₀, so that a second claim finds nothing until the pool has earned more
/// - after a ramp of the amplification the first claim releases nothing and counts anew from q₁: a rise of D by a ramp is no fee;
///   fees not taken before a ramp stay in the lock
/// - fees not vested yet and shares that others have burnt are counted as they are now
pub fn handle_claim_lock_fees(ctx: &mut Context<ReleaseLock>) -> Result<()> {
    let clock = clock_before(i64::MAX)?;
    let accounts = &mut ctx.accounts;
    accounts.validate()?;
    accounts
        .pool
        .settle_shares(mint::supply_atoms(accounts.lp_mint.account())?, clock.slot)?;
    let [floor_q64, ceil_q64] = accounts.pool.share_value(&accounts.config, clock.unix_timestamp)?;
    let ramp_mark = accounts.config.ramp_mark(clock.unix_timestamp);
    let released = accounts.lock.validate_claim(floor_q64, ramp_mark)?;
    let lock = &mut accounts.lock;
    lock.ramp_mark = ramp_mark.into();
    lock.share_value_q64 = ceil_q64.into();
    lock.claimed_atoms = lock.claimed_atoms.checked_add(released).ok_or(PoolError::Overflow)?;
    accounts.release(released, FEES_CLAIMED)
}
