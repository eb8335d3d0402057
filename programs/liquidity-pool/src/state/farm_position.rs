//! Somebody's stake in a farm.

use {
    crate::{constants::LAYOUT_VERSION, errors::PoolError, state::own::same},
    anchor_lang::prelude::*,
};

/// Shares one wallet has staked in one farm, and what they have earned. Address: `["position", farm, owner]`.
#[account]
pub struct FarmPosition {
    /// Layout version, 1.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved_flags: [u8; 6],
    /// The farm. Fixed.
    pub farm: Address,
    /// Whose stake it is; paid for this account. Fixed.
    pub owner: Address,
    /// The seat attached; zero for none.
    pub seat: Address,
    /// Shares staked.
    pub stake_atoms: PodU64,
    /// Rewards earned up to the last checkpoint and not yet paid; what a seat has earned comes here when it is harvested.
    pub pending_atoms: PodU64,
    /// The open lane's accumulator at the last checkpoint.
    pub open_per_weight_q64: PodU128,
    /// Zero.
    pub reserved: [u8; 32],
}

/// Bytes of a `FarmPosition` account.
pub const FARM_POSITION_SPACE: usize = 8 + core::mem::size_of::<FarmPosition>();

impl FarmPosition {
    /// Fills a new account.
    #[inline(always)]
    pub fn initialize(&mut self, bump: u8, farm: Address, owner: Address) {
        self.version = LAYOUT_VERSION;
        self.bump = bump;
        self.farm = farm;
        self.owner = owner;
    }

    /// The position is the owner's in that farm, and `seat` the one attached to it.
    #[inline(always)]
    pub fn validate(&self, farm: &Address, owner: &Address, seat: Option<&Address>) -> Result<()> {
        require!(same(&self.farm, farm), PoolError::FarmMismatch);
        require!(same(&self.owner, owner), PoolError::NotTheOwner);
        require!(
            same(&self.seat, seat.unwrap_or(&Address::default())),
            PoolError::SeatMismatch
        );
        Ok(())
    }
}

/// The size is part of the interface: clients filter by it and rent depends on it.
const _: () = assert!(FARM_POSITION_SPACE == 176);
/// Where clients filter positions by farm and owner.
const _: () = assert!(core::mem::offset_of!(FarmPosition, farm) + 8 == 16);
const _: () = assert!(core::mem::offset_of!(FarmPosition, owner) + 8 == 48);
