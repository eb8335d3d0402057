//! Shares locked until a time, or for ever.

use {
    crate::{
        constants::{FOREVER_TS, LAYOUT_VERSION, MAX_LOCK_SECONDS},
        errors::PoolError,
        math::lock::released_floor,
        state::{pool_config::RAMP_RUNNING, Pool},
    },
    anchor_lang::prelude::*,
};

/// Shares of one pool that nobody can withdraw before a time, or ever. Address: `["lock", pool, first owner, index]`.
///
/// The shares themselves lie in the pool's lock vault, one token account for all its locks, and stay part of the supply.
///
/// * P6: the lock vault holds at least `lp_locked + lp_locked_forever` of the pool, which are the sums of its locks.
/// * P8: nothing pauses unlocking. No pause bit is read by the claiming of fees, which waits while an amplification moves.
#[account]
pub struct LiquidityLock {
    /// Layout version, 1.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// 1 for ever, 0 until `unlock_ts`. Fixed.
    pub forever: u8,
    /// Zero.
    pub reserved_flags: [u8; 3],
    /// Number in this account's address.
    pub index: PodU16,
    /// The pool. Fixed.
    pub pool: Address,
    /// Who owned the lock first; part of its address. Fixed.
    pub seed_owner: Address,
    /// Who may unlock it, claim its fees and give it away.
    pub owner: Address,
    /// Gets the rent when the lock is closed. Fixed.
    pub rent_payer: Address,
    /// The pool's lock vault. Fixed.
    pub lock_vault: Address,
    /// Shares still locked.
    pub lp_atoms: PodU64,
    /// Unix time from which they can be unlocked; the largest number for ever. Fixed.
    pub unlock_ts: PodI64,
    /// Unix time of creation.
    pub created_ts: PodI64,
    /// What a share was worth, √(x·y) / S_eff (D / S_eff of a stable curve) in Q64.64 rounded up, when the shares were locked
    /// or fees last claimed.
    pub share_value_q64: PodU128,
    /// Shares paid out as fees so far.
    pub claimed_atoms: PodU64,
    /// Changes of this lock so far.
    pub sequence: PodU64,
    /// Under which amplification of a stable curve that was (see `PoolConfig::ramp_mark`): worths under two are not compared.
    pub ramp_mark: PodI64,
    /// Zero.
    pub reserved: [u8; 24],
}

/// Bytes of a `LiquidityLock` account.
pub const LIQUIDITY_LOCK_SPACE: usize = 8 + core::mem::size_of::<LiquidityLock>();

/// The end of a lock lies in the future and not beyond what anybody means, or nowhere.
pub fn validate_end(unlock_ts: i64, now_ts: i64) -> Result<()> {
    let is_in_range = unlock_ts > now_ts && unlock_ts <= now_ts.saturating_add(MAX_LOCK_SECONDS);
    require!(is_in_range || unlock_ts == FOREVER_TS, PoolError::LockTimeOutOfRange);
    Ok(())
}

impl LiquidityLock {
    /// The lock is this pool's and `owner` owns it.
    pub fn validate(&self, pool: &Address, owner: &Address) -> Result<()> {
        require!(self.version == LAYOUT_VERSION, PoolError::LayoutVersionMismatch);
        require!(anchor_lang::address_eq(&self.pool, pool), PoolError::PoolMismatch);
        require!(anchor_lang::address_eq(&self.owner, owner), PoolError::NotTheOwner);
        Ok(())
    }

    /// Unlocking `lp_atoms` is possible now.
    pub fn validate_unlock(&self, lp_atoms: u64, now_ts: i64) -> Result<()> {
        require!(
            self.forever == 0 && now_ts >= self.unlock_ts.get(),
            PoolError::LockNotExpired
        );
        require!(lp_atoms != 0, PoolError::ZeroAmount);
        require!(lp_atoms <= self.lp_atoms.get(), PoolError::LockTooSmall);
        Ok(())
    }

    /// What a lock for ever has earned at `value`: the shares above those that are worth what was locked.
    ///
    /// Nothing where the amplification has moved since, in which a rise of D is no fee; from then on it counts anew. While it
    /// moves there is nothing to count from.
    pub fn validate_claim(&self, now_q64: u128, ramp_mark: i64) -> Result<u64> {
        require!(self.forever != 0, PoolError::NotLockedForever);
        require!(ramp_mark != RAMP_RUNNING, PoolError::NoLockFees);
        if ramp_mark != self.ramp_mark.get() {
            return Ok(0);
        }
        let released = released_floor(self.lp_atoms.get(), self.share_value_q64.get(), now_q64)?;
        require!(released != 0, PoolError::NoLockFees);
        Ok(released)
    }

    /// Counts a change.
    pub fn count(&mut self) -> Result<()> {
        self.sequence = self.sequence.checked_add(1u64).ok_or(PoolError::Overflow)?;
        Ok(())
    }
}

impl Pool {
    /// Applies a new lock.
    pub fn apply_lock(&mut self, lp_atoms: u64, is_forever: bool) -> Result<()> {
        let locked = self.locked_mut(is_forever);
        *locked = locked.checked_add(lp_atoms).ok_or(PoolError::Overflow)?;
        self.lock_count = self.lock_count.checked_add(1u32).ok_or(PoolError::Overflow)?;
        self.count()
    }

    /// Applies the release of shares from a lock.
    pub fn apply_release(&mut self, lp_atoms: u64, is_forever: bool, is_last: bool) -> Result<()> {
        let locked = self.locked_mut(is_forever);
        *locked = locked.checked_sub(lp_atoms).ok_or(PoolError::Overflow)?;
        if is_last {
            self.lock_count = self.lock_count.checked_sub(1u32).ok_or(PoolError::Overflow)?;
        }
        self.count()
    }

    /// P6 on the lock vault's balance.
    pub fn lock_invariant(&self, lock_vault_atoms: u64) -> Result<()> {
        let locked = self
            .lp_locked_atoms
            .get()
            .checked_add(self.lp_locked_forever_atoms.get());
        require!(
            locked.is_some_and(|locked| locked <= lock_vault_atoms),
            PoolError::LockVaultShort
        );
        Ok(())
    }

    fn locked_mut(&mut self, is_forever: bool) -> &mut PodU64 {
        if is_forever {
            &mut self.lp_locked_forever_atoms
        } else {
            &mut self.lp_locked_atoms
        }
    }
}

/// The size is part of the interface: clients filter by it and rent depends on it.
const _: () = assert!(LIQUIDITY_LOCK_SPACE == 264);
/// Where clients filter locks by pool and owner.
const _: () = assert!(core::mem::offset_of!(LiquidityLock, pool) + 8 == 16);
const _: () = assert!(core::mem::offset_of!(LiquidityLock, owner) + 8 == 80);
