//! Events of locks and claims.

use anchor_lang::prelude::*;

/// Shares were locked, unlocked or paid out as fees, or a lock changed hands: the lock as it is afterwards.
#[event(bytemuck)]
#[repr(C)]
pub struct LockChanged {
    /// The pool.
    pub pool: Address,
    /// The lock.
    pub lock: Address,
    /// Its owner.
    pub owner: Address,
    /// Number of changes of the pool, this one included.
    pub sequence: u64,
    /// Number of changes of the lock, this one included.
    pub lock_sequence: u64,
    /// Shares that moved into the lock vault or out of it.
    pub moved_atoms: u64,
    /// Shares the lock holds.
    pub lp_atoms: u64,
    /// Unix time from which they can be unlocked; the largest number for ever.
    pub unlock_ts: i64,
    /// Shares of the pool locked until a time.
    pub lp_locked_atoms: u64,
    /// Shares of the pool locked for ever.
    pub lp_locked_forever_atoms: u64,
    /// What happened: 0 locked, 1 unlocked, 2 fees claimed, 3 transferred.
    pub kind: u8,
    /// Zero.
    pub reserved: [u8; 7],
}

/// A leg of a withdrawal was set apart instead of paid.
#[event(bytemuck)]
#[repr(C)]
pub struct WithdrawalDeferred {
    /// The pool.
    pub pool: Address,
    /// Who withdrew.
    pub owner: Address,
    /// The token.
    pub mint: Address,
    /// Number of changes of the pool, the withdrawal included: its `Withdrawn` has the same.
    pub sequence: u64,
    /// Atoms set apart by this withdrawal.
    pub deferred_atoms: u64,
    /// Atoms of the claim afterwards.
    pub claim_atoms: u64,
}

/// What withdrawals had set apart was paid; the claim is closed.
#[event(bytemuck)]
#[repr(C)]
pub struct ClaimPaid {
    /// The pool.
    pub pool: Address,
    /// Who was paid.
    pub owner: Address,
    /// The token.
    pub mint: Address,
    /// Number of changes of the pool, this one included.
    pub sequence: u64,
    /// Atoms that left the vault: all of the claim.
    pub paid_atoms: u64,
    /// Atoms that reached the owner, after the mint's transfer fee.
    pub received_atoms: u64,
}
