//! Events of ramps, mint risks and donations.

use anchor_lang::prelude::*;

/// A ramp of the amplification has started, or one has stopped (both ends equal, at the same time).
#[event(bytemuck)]
#[repr(C)]
pub struct AmplificationRamped {
    /// The config.
    pub config: Address,
    /// Number of updates of this config, this one included.
    pub sequence: u64,
    /// Unix time at which the ramp starts: now.
    pub start_ts: i64,
    /// Unix time at which it ends.
    pub end_ts: i64,
    /// Amplification at the start.
    pub from: u32,
    /// Amplification at the end.
    pub to: u32,
}

/// A pool's mints were read again.
#[event(bytemuck)]
#[repr(C)]
pub struct MintRiskSynced {
    /// The pool.
    pub pool: Address,
    /// Number of changes of this pool, this one included.
    pub sequence: u64,
    /// Unix time of the reading.
    pub checked_ts: i64,
    /// What mint A's authorities could do to holders at the last reading.
    pub old_flags_a: u16,
    /// What mint B's authorities could do to holders at the last reading.
    pub old_flags_b: u16,
    /// What mint A's authorities can do to holders.
    pub risk_flags_a: u16,
    /// What mint B's authorities can do to holders.
    pub risk_flags_b: u16,
}

/// What had been sent to the vaults entered the reserves.
#[event(bytemuck)]
#[repr(C)]
pub struct Skimmed {
    /// The pool.
    pub pool: Address,
    /// Number of changes of this pool, this one included.
    pub sequence: u64,
    /// Atoms of token A that entered the reserve.
    pub skimmed_a_atoms: u64,
    /// Atoms of token B that entered the reserve.
    pub skimmed_b_atoms: u64,
    /// Reserve of token A afterwards.
    pub reserve_a_atoms: u64,
    /// Reserve of token B afterwards.
    pub reserve_b_atoms: u64,
}
