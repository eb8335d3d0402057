//! What `stake` and `unstake` share.

use {
    crate::{
        calls::farm::{create_own, FarmTransfer},
        constants::{LP_DECIMALS, POSITION_SEED},
        errors::PoolError,
        state::{own::same, Farm, FarmPosition, Own, Seat},
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::ids,
};

/// Accounts of `stake` and `unstake`. Neither a person nor the reward vault is among them, so neither can stop them (P8).
#[derive(Accounts)]
pub struct Staking {
    /// Whose position it is; pays its rent when it is made.
    #[account(mut)]
    pub owner: Signer,
    /// The farm.
    #[account(mut)]
    pub farm: Own<Farm>,
    /// The owner's position; `stake` makes it.
    // the seeds are for the IDL; the handlers compare what it stores
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [POSITION_SEED, farm.address().as_ref(), owner.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub position: UncheckedAccount,
    /// The seat stored in the position; none where that is zero.
    #[account(mut)]
    pub seat: Option<Own<Seat>>,
    /// The farm's account of staked shares.
    #[account(mut, constraint = same(stake_vault.address(), &farm.stake_vault) @ PoolError::VaultMismatch)]
    pub stake_vault: UncheckedAccount,
    /// Mint of the pool's shares.
    #[account(constraint = same(lp_mint.address(), &farm.lp_mint) @ PoolError::MintMismatch)]
    pub lp_mint: UncheckedAccount,
    /// Account of the LP mint that pays or receives the shares.
    #[account(mut)]
    pub owner_lp: UncheckedAccount,
    /// SPL Token, the program of the LP mint.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
    /// Creates the position.
    pub system_program: Program<System>,
}

impl Staking {
    /// Makes the owner's position.
    #[inline(never)]
    pub(crate) fn create_position(&mut self) -> Result<Own<FarmPosition>> {
        let (farm, owner) = (*self.farm.address(), *self.owner.address());
        let seeds: [&[u8]; 3] = [POSITION_SEED, farm.as_ref(), owner.as_ref()];
        let (mut position, bump): (Own<FarmPosition>, u8) =
            create_own(self.owner.account(), self.position.account(), &seeds)?;
        position.initialize(bump, farm, owner);
        self.farm.positions = self.farm.positions.checked_add(1u32).ok_or(PoolError::Overflow)?;
        Ok(position)
    }

    /// Changes the stake, and the person's weight with it.
    pub(crate) fn restake(&mut self, position: &mut FarmPosition, stake_atoms: u64) -> Result<()> {
        self.farm
            .restake(position, self.seat.as_mut().map(|seat| &mut **seat), stake_atoms)
    }

    /// A transfer of shares.
    #[inline(always)]
    pub(crate) fn transfer<'a>(&'a self, from: &'a AccountView, to: &'a AccountView, atoms: u64) -> FarmTransfer<'a> {
        FarmTransfer {
            token_program: &ids::TOKEN,
            mint: self.lp_mint.account(),
            from,
            to,
            amount_atoms: atoms,
            decimals: LP_DECIMALS,
        }
    }
}
