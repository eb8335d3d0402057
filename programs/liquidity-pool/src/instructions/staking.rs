//! What `stake` and `unstake` share.

use {
    crate::{
        calls::{self, create_state, farm::FarmTransfer},
        constants::{LP_DECIMALS, POSITION_SEED},
        errors::PoolError,
        instructions::farming::{announce_position, checkpoint, STAKE},
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
    /// Credits the position, adds `amount_atoms` to its stake or takes them out of it, and moves the shares.
    #[inline(never)]
    pub(crate) fn change(&mut self, position: &mut FarmPosition, amount_atoms: u64, action: u8) -> Result<()> {
        require!(amount_atoms != 0, PoolError::ZeroAmount);
        let now = checkpoint(&mut self.farm, self.owner.address(), position, &mut self.seat)?;
        let stake = position.stake_atoms;
        let stake = if action == STAKE {
            self.farm.validate_running(now)?;
            stake.checked_add(amount_atoms).ok_or(PoolError::Overflow)?
        } else {
            stake.checked_sub(amount_atoms).ok_or(PoolError::StakeTooSmall)?
        };
        self.farm.restake(position, self.seat.as_deref_mut(), stake.get())?;

        let (mine, vault) = (self.owner_lp.account(), self.stake_vault.account());
        let transfer = |from, to| FarmTransfer {
            token_program: &ids::TOKEN,
            mint: self.lp_mint.account(),
            from,
            to,
            amount_atoms,
            decimals: LP_DECIMALS,
        };
        if action == STAKE {
            transfer(mine, vault).pull(self.owner.account())?;
        } else {
            transfer(vault, mine).push(&self.farm)?;
        }
        require!(
            calls::vault_atoms(vault)? >= self.farm.open.weight.get(),
            PoolError::StakeVaultShort
        );
        announce_position(&self.farm, position, action, 0);
        Ok(())
    }

    /// Makes the owner's position.
    #[inline(always)]
    pub(crate) fn create_position(&mut self) -> Result<Own<FarmPosition>> {
        let (farm, owner) = (*self.farm.address(), *self.owner.address());
        let seeds: [&[u8]; 3] = [POSITION_SEED, farm.as_ref(), owner.as_ref()];
        let (mut position, bump): (Own<FarmPosition>, u8) =
            create_state(self.owner.account(), self.position.account(), &seeds)?;
        position.initialize(bump, farm, owner);
        self.farm.positions = self.farm.positions.checked_add(1u32).ok_or(PoolError::Overflow)?;
        Ok(position)
    }
}
