//! `stake`.

use {
    crate::{
        errors::PoolError,
        instructions::{
            farming::{announce_position, check_stakes, checkpoint, load_position, STAKE},
            staking::Staking,
        },
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the farm has not ended; it may not have started
/// - the owner's position is made where there is none
/// - what the position has earned is credited first, at the old stake; the new stake earns from now on, nothing of the past
/// - with a seat, the person's weight becomes the root of the new stake; what the seat has earned stays provisional until its
///   person is looked at
/// - exactly the amount arrives in the stake vault
pub fn handle_stake(ctx: &mut Context<Staking>, amount_atoms: u64) -> Result<()> {
    require!(amount_atoms != 0, PoolError::ZeroAmount);
    let accounts = &mut ctx.accounts;
    let mut position = if accounts.position.account().owned_by(&crate::ID) {
        load_position(accounts.position.account())?
    } else {
        accounts.create_position()?
    };
    let owner = *accounts.owner.address();
    let now = checkpoint(&mut accounts.farm, &owner, &mut position, &mut accounts.seat)?;
    accounts.farm.validate_running(now)?;
    let stake = position
        .stake_atoms
        .checked_add(amount_atoms)
        .ok_or(PoolError::Overflow)?;
    accounts.restake(&mut position, stake.get())?;

    let (from, to) = (accounts.owner_lp.account(), accounts.stake_vault.account());
    accounts
        .transfer(from, to, amount_atoms)
        .pull(accounts.owner.account())?;
    check_stakes(&accounts.farm, to)?;
    announce_position(&accounts.farm, &position, STAKE, 0);
    Ok(())
}
