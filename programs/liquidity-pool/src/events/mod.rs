//! What happened, complete enough to replay every account.
//!
//! Events are bytes of fixed-size structs in the transaction log (`sol_log_data`). `sequence` counts the changes of one
//! account without gaps, so a reader of logs sees when one is missing.

mod farm;
mod flash;
mod lock;
pub mod pool_extra;

use {anchor_lang::prelude::*, core::mem::size_of};
pub use {farm::*, flash::*, lock::*, pool_extra::*};

/// An event as it stands in the log: the bytes of Anchor's `emit!`, which makes them on the heap and copies them twice.
#[repr(C)]
struct Record<E> {
    discriminator: [u8; 8],
    event: E,
}

/// Writes an event to the log.
#[inline(always)]
pub fn log<E: Discriminator + bytemuck::Pod>(event: E) {
    const { assert!(size_of::<Record<E>>() == 8 + size_of::<E>() && E::DISCRIMINATOR.len() == 8) };
    let mut discriminator = [0; 8];
    discriminator.copy_from_slice(E::DISCRIMINATOR);
    let record = Record { discriminator, event };
    // SAFETY: the record is bytes without padding: eight, and those of a Pod, with nothing between (the assertion above).
    log_bytes(unsafe { core::slice::from_raw_parts(core::ptr::from_ref(&record).cast(), size_of::<Record<E>>()) });
}

#[inline(never)]
fn log_bytes(record: &[u8]) {
    sol_log_data(&[record]);
}

/// A config was created.
#[event(bytemuck)]
#[repr(C)]
pub struct ConfigInitialized {
    /// The config.
    pub config: Address,
    /// Governance realm it belongs to.
    pub realm: Address,
    /// Who may update it.
    pub authority: Address,
    /// Owner of the accounts protocol fees are paid to.
    pub treasury: Address,
    /// Number in its address.
    pub id: u64,
    /// Swap fee, in ppm.
    pub base_fee_ppm: u32,
    /// Highest swap fee it can ever have, in ppm.
    pub max_base_fee_ppm: u32,
    /// The protocol's part of each fee, in ppm.
    pub protocol_share_ppm: u32,
    /// Highest such part it can ever have, in ppm.
    pub max_protocol_share_ppm: u32,
    /// Highest fee added for volatility, in ppm.
    pub dynamic_fee_cap_ppm: u32,
    /// Highest such cap it can ever have, in ppm.
    pub max_dynamic_fee_cap_ppm: u32,
    /// Fee added per unit of volatility, in ppm.
    pub dynamic_fee_slope_ppm: u32,
    /// Least price move that moves the volatility's reference, in ppm.
    pub volatility_threshold_ppm: u32,
    /// Fee added at a pool's creation, in ppm.
    pub launch_fee_ppm: u32,
    /// Highest such fee it can ever have, in ppm.
    pub max_launch_fee_ppm: u32,
    /// Seconds in which that fee decays.
    pub launch_seconds: u32,
    /// Fee of a flash loan, in ppm.
    pub flash_fee_ppm: u32,
    /// Highest such fee it can ever have, in ppm.
    pub max_flash_fee_ppm: u32,
    /// Slots in which a fee vests to the providers.
    pub vesting_slots: u32,
    /// Most the capped oracle follows the price each minute, in ppm.
    pub oracle_step_ppm: u32,
    /// Amplification of a stable curve; 0 for a constant product.
    pub amplification: u32,
    /// 1 for a rehearsal realm.
    pub rehearsal: u8,
    /// Curve.
    pub curve: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

/// A config's changeable terms, as they are after an update.
#[event(bytemuck)]
#[repr(C)]
pub struct ConfigUpdated {
    /// The config.
    pub config: Address,
    /// Who may update it.
    pub authority: Address,
    /// Owner of the accounts protocol fees are paid to.
    pub treasury: Address,
    /// Number of updates of this config, this one included.
    pub sequence: u64,
    /// Swap fee, in ppm.
    pub base_fee_ppm: u32,
    /// The protocol's part of each fee, in ppm.
    pub protocol_share_ppm: u32,
    /// Highest fee added for volatility, in ppm.
    pub dynamic_fee_cap_ppm: u32,
    /// Fee added per unit of volatility, in ppm.
    pub dynamic_fee_slope_ppm: u32,
    /// Least price move that moves the volatility's reference, in ppm.
    pub volatility_threshold_ppm: u32,
    /// Fee added at the creation of pools to come, in ppm.
    pub launch_fee_ppm: u32,
    /// Fee of a flash loan, in ppm.
    pub flash_fee_ppm: u32,
    /// What is paused: 1 creating pools, 2 depositing, 4 swapping, 8 flash loans.
    pub pause_bits: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

/// A pool was created, with its first deposit.
#[event(bytemuck)]
#[repr(C)]
pub struct PoolCreated {
    /// The pool.
    pub pool: Address,
    /// Its config.
    pub config: Address,
    /// The mint with the smaller address.
    pub mint_a: Address,
    /// The other mint.
    pub mint_b: Address,
    /// Who created it and holds the first shares.
    pub creator: Address,
    /// Mint of the shares.
    pub lp_mint: Address,
    /// Number of changes of this pool, this one included.
    pub sequence: u64,
    /// Reserve of token A.
    pub reserve_a_atoms: u64,
    /// Reserve of token B.
    pub reserve_b_atoms: u64,
    /// Shares minted to the creator.
    pub lp_atoms: u64,
    /// Unix time of creation.
    pub created_ts: i64,
    /// Number in its address.
    pub index: u16,
    /// What mint A's authorities can do to holders.
    pub risk_flags_a: u16,
    /// What mint B's authorities can do to holders.
    pub risk_flags_b: u16,
    /// Curve.
    pub curve: u8,
    /// Zero.
    pub reserved: u8,
}

/// Shares were minted for a deposit.
#[event(bytemuck)]
#[repr(C)]
pub struct Deposited {
    /// The pool.
    pub pool: Address,
    /// Who deposited.
    pub provider: Address,
    /// Number of changes of this pool, this one included.
    pub sequence: u64,
    /// Shares minted.
    pub lp_atoms: u64,
    /// Atoms of token A that left the provider.
    pub sent_a_atoms: u64,
    /// Atoms of token B that left the provider.
    pub sent_b_atoms: u64,
    /// Reserve of token A afterwards.
    pub reserve_a_atoms: u64,
    /// Reserve of token B afterwards.
    pub reserve_b_atoms: u64,
    /// Shares in existence afterwards.
    pub lp_supply_atoms: u64,
}

/// Shares were burned for a withdrawal.
#[event(bytemuck)]
#[repr(C)]
pub struct Withdrawn {
    /// The pool.
    pub pool: Address,
    /// Who withdrew.
    pub provider: Address,
    /// Number of changes of this pool, this one included.
    pub sequence: u64,
    /// Shares burned.
    pub lp_atoms: u64,
    /// Atoms of token A that reached the provider.
    pub received_a_atoms: u64,
    /// Atoms of token B that reached the provider.
    pub received_b_atoms: u64,
    /// Reserve of token A afterwards.
    pub reserve_a_atoms: u64,
    /// Reserve of token B afterwards.
    pub reserve_b_atoms: u64,
    /// Shares in existence afterwards.
    pub lp_supply_atoms: u64,
}

/// A swap.
#[event(bytemuck)]
#[repr(C)]
pub struct Swapped {
    /// The pool.
    pub pool: Address,
    /// Who traded.
    pub trader: Address,
    /// Number of changes of this pool, this one included.
    pub sequence: u64,
    /// Atoms that left the trader.
    pub input_sent_atoms: u64,
    /// Atoms that reached the vault.
    pub input_received_atoms: u64,
    /// Atoms that left the vault.
    pub output_sent_atoms: u64,
    /// Atoms that reached the trader.
    pub output_received_atoms: u64,
    /// Part of the input kept for the providers.
    pub lp_fee_atoms: u64,
    /// Part of the input owed to the treasury.
    pub protocol_fee_atoms: u64,
    /// Reserve of token A afterwards.
    pub reserve_a_atoms: u64,
    /// Reserve of token B afterwards.
    pub reserve_b_atoms: u64,
    /// Virtual shares that hold back fees not yet vested, afterwards.
    pub vesting_shares: u64,
    /// Part of the fee's rate for volatility, in ppm.
    pub dynamic_fee_ppm: u32,
    /// Part of the fee's rate for a new pool, in ppm; what it brought is in the treasury's part.
    pub launch_fee_ppm: u32,
    /// 1 when A was sold for B, 0 when B for A.
    pub is_a_to_b: u8,
    /// Zero.
    pub reserved: [u8; 7],
}

/// What swaps had set apart was paid to the treasury.
#[event(bytemuck)]
#[repr(C)]
pub struct ProtocolFeesCollected {
    /// The pool.
    pub pool: Address,
    /// Owner of the accounts that were paid.
    pub treasury: Address,
    /// Number of changes of this pool, this one included.
    pub sequence: u64,
    /// Atoms of token A that left the vault: all that was owed, or zero if token A was not paid.
    pub collected_a_atoms: u64,
    /// Atoms of token B that left the vault: all that was owed, or zero if token B was not paid.
    pub collected_b_atoms: u64,
    /// Atoms of token A that reached the treasury, after the mint's transfer fee.
    pub received_a_atoms: u64,
    /// Atoms of token B that reached the treasury, after the mint's transfer fee.
    pub received_b_atoms: u64,
}
