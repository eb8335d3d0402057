//! `stake`.

use {
    crate::instructions::{
        farming::{load_position, STAKE},
        staking::Staking,
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
    let accounts = &mut ctx.accounts;
    let mut position = if accounts.position.account().owned_by(&crate::ID) {
        load_position(accounts.position.account())?
    } else {
        accounts.create_position()?
    };
    accounts.change(&mut position, amount_atoms, STAKE)
}
