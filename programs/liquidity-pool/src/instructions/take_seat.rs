//! `take_seat`.

use {
    crate::{
        calls::create_state,
        constants::SEAT_SEED,
        errors::PoolError,
        instructions::{
            farming::{announce_position, checkpoint, TAKE_SEAT},
            seating::Seating,
        },
        state::{own::same, seat::is_live, Own, Seat},
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the person is an account of governance, of the farm's realm, acts through the owner's wallet, and is neither expired nor
///   revoked
/// - the position has no seat, and the person has none in this farm, whatever wallet it had before
/// - the seat earns from now on, by the root of the position's stake
pub fn handle_take_seat(ctx: &mut Context<Seating>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    require!(
        same(&accounts.position.seat, &Address::default()) && !accounts.seat.account().owned_by(&crate::ID),
        PoolError::SeatTaken
    );
    let owner = *accounts.owner.address();
    let now = checkpoint(&mut accounts.farm, &owner, &mut accounts.position, &mut None)?;
    require!(
        is_live(accounts.person.account(), &accounts.farm.realm, &owner, now),
        PoolError::PersonNotLive
    );
    let mut seat = accounts.create_seat()?;
    seat.plural_per_weight_q64 = accounts.farm.plural.per_weight_q64;
    accounts.position.seat = *seat.address();
    let stake = accounts.position.stake_atoms.get();
    accounts.farm.restake(&mut accounts.position, Some(&mut seat), stake)?;
    announce_position(&accounts.farm, &accounts.position, TAKE_SEAT, 0);
    Ok(())
}

impl Seating {
    fn create_seat(&self) -> Result<Own<Seat>> {
        let (farm, person) = (*self.farm.address(), *self.person.address());
        let seeds: [&[u8]; 3] = [SEAT_SEED, farm.as_ref(), person.as_ref()];
        let (mut seat, bump): (Own<Seat>, u8) = create_state(self.owner.account(), self.seat.account(), &seeds)?;
        seat.initialize(bump, farm, person, *self.position.address());
        Ok(seat)
    }
}
