//! A verified person's place in a farm's plural lane.

use {
    crate::{constants::LAYOUT_VERSION, state::own::same},
    anchor_lang::prelude::*,
    commonweal_interface::views::PersonView,
};

/// One person's seat in one farm, attached to one position. Address: `["seat", farm, person]`.
///
/// The person is in the address, so a person has one seat in a farm, whatever wallets it moves to.
#[account]
pub struct Seat {
    /// Layout version, 1.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved_flags: [u8; 6],
    /// The farm. Fixed.
    pub farm: Address,
    /// The person. Fixed.
    pub person: Address,
    /// The position it is attached to, whose owner paid for this account. Fixed.
    pub position: Address,
    /// ⌊√ of the position's stake⌋.
    pub weight: PodU64,
    /// What the seat has earned since its person was last looked at.
    pub provisional_atoms: PodU64,
    /// The plural lane's accumulator at the last checkpoint.
    pub plural_per_weight_q64: PodU128,
    /// Zero.
    pub reserved: [u8; 32],
}

/// Bytes of a `Seat` account.
pub const SEAT_SPACE: usize = 8 + core::mem::size_of::<Seat>();

impl Seat {
    /// Fills a new account.
    #[inline(always)]
    pub fn initialize(&mut self, bump: u8, farm: Address, person: Address, position: Address) {
        self.version = LAYOUT_VERSION;
        self.bump = bump;
        self.farm = farm;
        self.person = person;
        self.position = position;
    }
}

/// Whether an account is a person of governance that counts: of that realm, acting through that wallet, neither expired nor
/// revoked.
#[inline(never)]
pub fn is_live(person: &AccountView, realm: &Address, wallet: &Address, now_ts: i64) -> bool {
    // SAFETY: owner and bytes are only read, and nothing else runs meanwhile.
    let (owner, data) = unsafe { (person.owner(), person.borrow_unchecked()) };
    PersonView::read(owner, data)
        .is_ok_and(|view| same(&view.realm, realm) && same(&view.wallet, wallet) && view.is_active(now_ts))
}

/// The size is part of the interface: clients filter by it and rent depends on it.
const _: () = assert!(SEAT_SPACE == 176);
/// Where clients filter seats by farm, person and position.
const _: () = assert!(core::mem::offset_of!(Seat, farm) + 8 == 16);
const _: () = assert!(core::mem::offset_of!(Seat, person) + 8 == 48);
const _: () = assert!(core::mem::offset_of!(Seat, position) + 8 == 80);
