//! What ties a verified person to the escrow.

use anchor_lang::{prelude::*, Address};

/// One person's ties: the provider it stands behind and the seat on the jury. Never closed, so that a person is new to the
/// network once and sits on the jury once.
///
/// Seeds: `["link", person]`.
#[account]
pub struct PersonLink {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Zero.
    pub reserved_a: [u8; 2],
    /// The juror's index plus one; 0 while the person is no juror.
    pub juror_index_plus_one: PodU32,
    /// The person, an account of the governance program.
    pub person: Address,
    /// The provider it stands behind, zero if none.
    pub provider: Address,
    /// When it first stood behind a provider, Unix seconds; 0 before.
    pub first_linked_ts: PodI64,
    /// Zero.
    pub reserved: [u8; 32],
}

impl PersonLink {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();
}

const _: () = assert!(PersonLink::SIZE == 120);
