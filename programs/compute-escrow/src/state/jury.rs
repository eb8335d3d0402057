//! The jurors of a config, their stakes and their seats.

use {
    super::{checked, require_step, Step},
    crate::errors::EscrowError,
    anchor_lang::{prelude::*, Address},
};

/// The jury of one config: how many places there are. A place that a juror leaves is taken by the next one; nobody ever moves, so
/// that nobody steers a drawing by leaving.
///
/// Seeds: `["jury", config]`.
#[account]
pub struct Jury {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// The config's number.
    pub config_id: PodU16,
    /// Places, taken or left.
    pub places: PodU32,
    /// Places taken.
    pub jurors: PodU32,
    /// Zero.
    pub reserved_a: [u8; 4],
    /// The config.
    pub config: Address,
    /// The realm whose persons may sit.
    pub realm: Address,
    /// Zero.
    pub reserved: [u8; 32],
}

impl Jury {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// Takes a place: an empty one while there is any, else a new one. That it is empty the creation of the juror proves.
    pub fn apply_enrollment(&mut self, index: u32) -> Step {
        let places = self.places.get();
        let has_empty = self.jurors.get() < places;
        let fits = if has_empty { index < places } else { index == places };
        require_step(fits, EscrowError::JurorPlaceRefused)?;
        if !has_empty {
            self.places = checked(places.checked_add(1))?.into();
        }
        self.jurors = checked(self.jurors.get().checked_add(1))?.into();
        Ok(())
    }

    /// Leaves a place.
    pub fn apply_departure(&mut self) -> Step {
        self.jurors = checked(self.jurors.get().checked_sub(1))?.into();
        Ok(())
    }
}

const _: () = assert!(Jury::SIZE == 120);

/// One person on the jury and its stake in lamports, held above the rent.
///
/// Seeds: `["juror", jury, index u32 LE]`.
#[account]
pub struct Juror {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Zero.
    pub reserved_a: [u8; 2],
    /// Its place.
    pub index: PodU32,
    /// The jury.
    pub jury: Address,
    /// The person, an account of the governance program.
    pub person: Address,
    /// Who paid the rent and gets it back.
    pub rent_payer: Address,
    /// The stake, in lamports.
    pub stake_lamports: PodU64,
    /// The part of it that open seats hold, in lamports.
    pub held_lamports: PodU64,
    /// Stake ever lost, in lamports.
    pub slashed_lamports: PodU64,
    /// Slot number of the enrollment: older disputes are not judged.
    pub enrolled_slot: PodU64,
    /// Open seats.
    pub seats: PodU32,
    /// Zero.
    pub reserved: [u8; 28],
}

impl Juror {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// Whether the free part of the stake covers another seat.
    pub fn can_sit(&self, seat_fee_lamports: u64) -> bool {
        let free = self.stake_lamports.get().saturating_sub(self.held_lamports.get());
        free >= seat_fee_lamports
    }

    /// Takes a seat: as much of the stake as it pays is held.
    pub fn apply_seat(&mut self, seat_fee_lamports: u64) -> Step {
        self.held_lamports = checked(self.held_lamports.get().checked_add(seat_fee_lamports))?.into();
        self.seats = checked(self.seats.get().checked_add(1))?.into();
        Ok(())
    }

    /// Releases what a seat held, or takes it.
    pub fn apply_release(&mut self, seat_fee_lamports: u64, is_lost: bool) -> Step {
        self.held_lamports = checked(self.held_lamports.get().checked_sub(seat_fee_lamports))?.into();
        if is_lost {
            self.stake_lamports = checked(self.stake_lamports.get().checked_sub(seat_fee_lamports))?.into();
            self.slashed_lamports = checked(self.slashed_lamports.get().checked_add(seat_fee_lamports))?.into();
        }
        Ok(())
    }

    /// Counts a seat as closed.
    pub fn apply_closed_seat(&mut self) -> Step {
        self.seats = checked(self.seats.get().checked_sub(1))?.into();
        Ok(())
    }
}

const _: () = assert!(Juror::SIZE == 176);

/// The juror has not committed.
pub const SEAT_DRAWN: u8 = 1;
/// The juror has committed to a vote.
pub const SEAT_COMMITTED: u8 = 2;
/// The juror has revealed its vote and is paid.
pub const SEAT_REVEALED: u8 = 3;
/// The vote was known before its time: the seat is lost.
pub const SEAT_LEAKED: u8 = 4;

/// One juror's seat in one dispute; closed when the dispute has ended.
///
/// Seeds: `["seat", dispute, person]`: nobody sits twice in one dispute.
#[account]
pub struct JurorSeat {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// State: 1 drawn, 2 committed, 3 revealed, 4 leaked.
    pub state: u8,
    /// The round it was drawn in.
    pub round: u8,
    /// Which drawing of the round: 0 for the first.
    pub attempt: u8,
    /// Zero.
    pub reserved_a: [u8; 3],
    /// The dispute.
    pub dispute: Address,
    /// The juror's account.
    pub juror: Address,
    /// The person.
    pub person: Address,
    /// Who paid the rent and gets it back.
    pub rent_payer: Address,
    /// [`crate::hash::vote_commitment`], zero before.
    pub commitment: [u8; 32],
}

impl JurorSeat {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();
}

const _: () = assert!(JurorSeat::SIZE == 176);
