//! Whoever offers GPUs.

use {
    super::is_none,
    crate::{constants::SESSION_KEY_OVERLAP_SECONDS, errors::EscrowError},
    anchor_lang::{prelude::*, Address},
};

/// A provider: one authority, any number of slots. Rarely written, so that its slots never wait for each other (E9).
#[account]
pub struct Provider {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Region code the provider states (ISO 3166-1 numeric), 0 if it says nothing.
    pub region: PodU16,
    /// Slots added so far; the next one's index.
    pub slot_count: PodU16,
    /// Zero.
    pub flags: PodU16,
    /// Owner: moves bonds and payouts, adds slots, replaces the session key.
    pub authority: Address,
    /// Key of the machines: claims, starts, commits, reveals, pauses; moves no money.
    pub session_key: Address,
    /// The session key before it, zero if none. It works no jobs; it answers only for vouchers signed before.
    pub previous_session_key: Address,
    /// The person behind the provider, zero while none is linked.
    pub person: Address,
    /// Until when vouchers of the previous session key can be redeemed, Unix seconds.
    pub previous_valid_until_ts: PodI64,
    /// Zero; what those vouchers may be worth at most, in atoms.
    pub previous_dues_cap_atoms: PodU64,
    /// Zero; folded reputation, Q32.
    pub score_q32: PodU64,
    /// Zero; when the reputation was folded.
    pub score_ts: PodI64,
    /// Zero; completed jobs folded from the slots.
    pub jobs_completed: PodU64,
    /// Zero; failed jobs folded from the slots.
    pub jobs_failed: PodU64,
    /// When it was registered, Unix seconds.
    pub created_ts: PodI64,
    /// Zero.
    pub reserved: [u8; 64],
}

impl Provider {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// That `worker` may act for this provider's slots.
    #[inline(always)]
    pub fn validate_worker(&self, worker: &Address) -> Result<()> {
        require!(
            anchor_lang::address_eq(worker, &self.session_key) || anchor_lang::address_eq(worker, &self.authority),
            EscrowError::NotTheProvider
        );
        Ok(())
    }

    /// Replaces the session key. The old one works no more jobs from this moment.
    pub fn rotate(&mut self, session_key: &Address, now_ts: i64) -> Result<()> {
        require!(!is_none(session_key), EscrowError::ZeroAddress);
        self.previous_session_key = self.session_key;
        self.previous_valid_until_ts = super::checked(now_ts.checked_add(SESSION_KEY_OVERLAP_SECONDS))?.into();
        self.session_key = *session_key;
        Ok(())
    }
}

const _: () = assert!(Provider::SIZE == 264);
