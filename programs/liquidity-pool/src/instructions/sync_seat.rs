//! `sync_seat`.

use {
    crate::{
        errors::PoolError,
        instructions::{farming::SYNC_SEAT, seating::Leaving},
        state::{own::same, Farm, FarmPosition, Own},
    },
    anchor_lang::{prelude::*, AnchorAccount},
};

/// Accounts of `sync_seat`. Nobody signs: whoever pays the transaction may end a seat whose person is no longer live, and
/// any seat after the farm's end.
#[derive(Accounts)]
pub struct SyncSeat {
    /// The farm.
    #[account(mut)]
    pub farm: Own<Farm>,
    /// The position the seat is attached to.
    #[account(mut)]
    pub position: Own<FarmPosition>,
    /// The seat stored in the position.
    #[account(mut)]
    pub seat: UncheckedAccount,
    /// The seat's person.
    pub person: UncheckedAccount,
    /// The position's owner, who gets the seat's rent.
    #[account(mut, constraint = same(owner.address(), &position.owner) @ PoolError::NotTheOwner)]
    pub owner: UncheckedAccount,
}

/// Specification:
/// - nobody signs; the seat is the one stored in the position, the person the one stored in the seat
/// - the person has expired, is revoked or acts through another wallet; a live one is refused until the
///   farm's end; after it anybody may settle a live seat too, and its person is paid like by `leave_seat`
/// - what the seat has earned since its person was last looked at returns to the funder after the end; its weight is gone
/// - the seat is closed, its rent returns to the position's owner; stake and other rewards of the position stay as they are
pub fn handle_sync_seat(ctx: &mut Context<SyncSeat>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    // SAFETY: no other reference into its data is alive; the accounts struct names it once, as unchecked.
    let seat = unsafe { Own::load_mut(*accounts.seat.account()) }?;
    Leaving {
        farm: &mut accounts.farm,
        position: &mut accounts.position,
        person: accounts.person.account(),
        owner: accounts.owner.account(),
        action: SYNC_SEAT,
    }
    .run(seat, true)
}
