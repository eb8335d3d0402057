//! `unstake`.

use {
    crate::instructions::{
        farming::{load_position, UNSTAKE},
        staking::Staking,
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
    let mut position = load_position(ctx.accounts.position.account())?;
    ctx.accounts.change(&mut position, amount_atoms, UNSTAKE)
}
