//! What happened in farms.

use anchor_lang::prelude::*;

/// A farm was created, funded, or gave back what nobody earned.
#[event(bytemuck)]
#[repr(C)]
pub struct FarmChanged {
    /// The farm.
    pub farm: Address,
    /// The pool whose shares it rewards.
    pub pool: Address,
    /// What it pays.
    pub reward_mint: Address,
    /// Who created it.
    pub funder: Address,
    /// Number of changes of this farm, those of its positions and this one included.
    pub sequence: u64,
    /// Unix time up to which rewards have been released.
    pub released_ts: i64,
    /// Unix time from which rewards are released.
    pub start_ts: i64,
    /// Unix time until which rewards are released.
    pub end_ts: i64,
    /// Atoms that came in (funding) or went out (giving back).
    pub amount_atoms: u64,
    /// All that the farm accounts for afterwards.
    pub reward_atoms: u64,
    /// Part of it that nobody can earn any more.
    pub unspent_atoms: u64,
    /// The plural lane's part of every funding, in ppm.
    pub plural_share_ppm: u32,
    /// Most the plural lane pays a position, in multiples of what the open lane pays it.
    pub plural_cap_multiple: u16,
    /// Number in the farm's address.
    pub index: u16,
    /// Number of the instruction: 20 created, 21 funded, 28 gave back.
    pub action: u8,
    /// 1 when the farm and its vaults are closed.
    pub is_closed: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

/// A position changed, or its seat.
#[event(bytemuck)]
#[repr(C)]
pub struct PositionChanged {
    /// The farm.
    pub farm: Address,
    /// Whose position it is.
    pub owner: Address,
    /// The seat attached afterwards; zero for none.
    pub seat: Address,
    /// Number of changes of this farm, this one included.
    pub sequence: u64,
    /// Unix time up to which rewards have been released.
    pub released_ts: i64,
    /// Shares staked afterwards.
    pub stake_atoms: u64,
    /// Rewards earned and not yet paid, without what a seat's person has yet to be looked at for.
    pub pending_atoms: u64,
    /// Rewards paid now.
    pub paid_atoms: u64,
    /// Shares staked in the whole farm afterwards.
    pub staked_atoms: u64,
    /// Weight of the whole plural lane afterwards.
    pub plural_weight: u64,
    /// What nobody can earn any more.
    pub unspent_atoms: u64,
    /// Number of the instruction: 22 stake, 23 unstake, 24 harvest, 25 take_seat, 26 sync_seat, 27 leave_seat.
    pub action: u8,
    /// Zero.
    pub reserved: [u8; 7],
}
