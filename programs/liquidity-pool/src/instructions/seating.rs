//! What `take_seat`, `leave_seat` and `sync_seat` share.

use {
    crate::{
        calls::close_state,
        errors::PoolError,
        instructions::farming::{announce_position, checkpoint},
        state::{own::same, seat::is_live, Farm, FarmPosition, Own, Seat},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `take_seat` and `leave_seat`.
#[derive(Accounts)]
pub struct Seating {
    /// Whose position it is; pays the seat's rent and gets it back.
    #[account(mut)]
    pub owner: Signer,
    /// The farm.
    #[account(mut)]
    pub farm: Own<Farm>,
    /// The owner's position.
    // the seeds are for the IDL; the handlers compare what it stores
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [crate::constants::POSITION_SEED, farm.address().as_ref(), owner.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub position: Own<FarmPosition>,
    /// The person's seat in the farm; `take_seat` makes it, `leave_seat` closes it.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [crate::constants::SEAT_SEED, farm.address().as_ref(), person.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub seat: UncheckedAccount,
    /// The person, an account of governance.
    pub person: UncheckedAccount,
    /// Creates the seat.
    pub system_program: Program<System>,
}

/// The end of a seat.
pub(crate) struct Leaving<'a> {
    /// The farm.
    pub farm: &'a mut Own<Farm>,
    /// The position the seat is attached to.
    pub position: &'a mut Own<FarmPosition>,
    /// The seat's person.
    pub person: &'a AccountView,
    /// The position's owner, who gets the seat's rent.
    pub owner: &'a AccountView,
    /// Number of the instruction.
    pub action: u8,
}

impl Leaving<'_> {
    /// Settles the position and its seat, and closes the seat.
    ///
    /// What the seat has earned is the position's if the person is live, which `refuses_live` makes an error
    /// until the farm's end; afterwards nothing is earned any more, and what the cap cut off waits for its funder.
    #[inline(never)]
    pub(crate) fn run(&mut self, seat: Own<Seat>, refuses_live: bool) -> Result<()> {
        let mut seat = Some(seat);
        let now = checkpoint(self.farm, self.owner.address(), self.position, &mut seat)?;
        let Some(seat) = &mut seat else { return Ok(()) };
        require!(same(self.person.address(), &seat.person), PoolError::SeatMismatch);
        let is_live = is_live(self.person, &self.farm.realm, self.owner.address(), now);
        let is_over = now >= self.farm.end_ts.get();
        require!(!(is_live && refuses_live) || is_over, PoolError::SeatIsLive);
        self.farm.decide(self.position, seat, is_live);
        self.farm.vacate(self.position, seat)?;
        self.farm.count()?;
        announce_position(self.farm, self.position, self.action, 0);
        close_state(seat.account(), self.owner)
    }
}
