//! What an attestor of the config says about a slot.

use anchor_lang::{prelude::*, Address};

/// The attestation measures the slot's speed: its score becomes the slot's.
pub const ATTESTED_SCORE: u8 = 1;
/// The attestation is evidence of a trusted execution environment.
pub const ATTESTED_ENCLAVE: u8 = 2;
/// The attestation is of the place where the machine stands.
pub const ATTESTED_PLACE: u8 = 3;

/// One statement of one attestor about one slot, until it expires or is taken back.
///
/// Seeds: `["attest", slot, attestor, kind u8]`.
#[account]
pub struct Attestation {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// What is attested: 1 speed, 2 trusted execution environment, 3 place.
    pub kind: u8,
    /// Zero.
    pub reserved_a: [u8; 5],
    /// The slot.
    pub slot: Address,
    /// The attestor, a key the config listed; it paid the rent and gets it back.
    pub attestor: Address,
    /// SHA-256 of the evidence, which is kept elsewhere.
    pub evidence_hash: [u8; 32],
    /// Measured speed; zero for other kinds.
    pub score: PodU64,
    /// Until when it counts, Unix seconds.
    pub expires_ts: PodI64,
    /// Zero.
    pub reserved: [u8; 16],
}

impl Attestation {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();
}

const _: () = assert!(Attestation::SIZE == 144);
