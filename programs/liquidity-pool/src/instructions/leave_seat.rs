//! `leave_seat`.

use {
    crate::{
        instructions::{
            farming::LEAVE_SEAT,
            seating::{Leaving, Seating},
        },
        state::Own,
    },
    anchor_lang::{prelude::*, AnchorAccount},
};

/// Specification:
/// - the position's owner signs; the seat is the one stored in the position, the person the one stored in the seat
/// - what the seat has earned is credited to the position if the person is live, else it returns to the funder after the end
/// - the seat is closed and its rent returns; the person may take a seat again, with any position of its wallet
pub fn handle_leave_seat(ctx: &mut Context<Seating>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    // SAFETY: no other reference into its data is alive; the accounts struct names it once, as unchecked.
    let seat = unsafe { Own::load_mut(*accounts.seat.account()) }?;
    Leaving {
        farm: &mut accounts.farm,
        position: &mut accounts.position,
        person: accounts.person.account(),
        owner: accounts.owner.account(),
        action: LEAVE_SEAT,
    }
    .run(seat, false)
}
