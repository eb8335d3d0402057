//! `unstake`.

use {
    crate::{
        errors::PoolError,
        instructions::{
            farming::{announce_position, check_stakes, checkpoint, load_position, UNSTAKE},
            staking::Staking,
        },
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - no switch, config, authority, person or reward vault takes part; only the position's stake can refuse it (P8)
/// - what the position has earned is credited first, at the old stake, and stays to be harvested
/// - with a seat, the person's weight becomes the root of what is left; what the seat has earned stays provisional until its
///   person is looked at
/// - the shares go to the account of the owner's choice
pub fn handle_unstake(ctx: &mut Context<Staking>, amount_atoms: u64) -> Result<()> {
    require!(amount_atoms != 0, PoolError::ZeroAmount);
    let accounts = &mut ctx.accounts;
    let mut position = load_position(accounts.position.account())?;
    let owner = *accounts.owner.address();
    checkpoint(&mut accounts.farm, &owner, &mut position, &mut accounts.seat)?;
    let stake = position
        .stake_atoms
        .checked_sub(amount_atoms)
        .ok_or(PoolError::StakeTooSmall)?;
    accounts.restake(&mut position, stake.get())?;

    let (from, to) = (accounts.stake_vault.account(), accounts.owner_lp.account());
    accounts.transfer(from, to, amount_atoms).push(&accounts.farm)?;
    check_stakes(&accounts.farm, from)?;
    announce_position(&accounts.farm, &position, UNSTAKE, 0);
    Ok(())
}
