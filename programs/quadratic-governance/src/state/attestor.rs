//! An attestor: a key that vouches for persons.

use {crate::errors::GovernanceError, anchor_lang::prelude::*};

/// A key that vouches for persons, within a quota. Closed when disabled; rent returns to whoever added it.
///
/// Seeds: `attestor`, realm, key.
#[account]
pub struct Attestor {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Slot 0 to 15: the cohort bucket of its persons.
    pub slot: u8,
    /// Zero, for growth.
    pub reserved_head: [u8; 5],
    /// The realm it attests for.
    pub realm: Address,
    /// The key that signs.
    pub key: Address,
    /// Who paid for this account and gets its rent.
    pub rent_payer: Address,
    /// Unix time in seconds from which it may not attest; i64::MAX when open-ended.
    pub enabled_until_ts: PodI64,
    /// Registrations it may sign in an epoch.
    pub quota_per_epoch: PodU32,
    /// The epoch `quota_used` counts for.
    pub quota_epoch: PodU32,
    /// Registrations signed in `quota_epoch`.
    pub quota_used: PodU32,
    /// Revocations signed in `revoked_epoch`; zero until used.
    pub revoked_used: PodU32,
    /// The epoch `revoked_used` counts for; zero until used.
    pub revoked_epoch: PodU32,
    /// Zero, for growth.
    pub reserved: [u8; 48],
}

/// Bytes of an `Attestor` account.
pub const ATTESTOR_LEN: usize = 188;
const _: () = assert!(core::mem::size_of::<Attestor>() == ATTESTOR_LEN - 8);

impl Attestor {
    /// Counts a registration this attestor signed.
    pub fn count_attestation(&mut self, current_epoch: u32, now_ts: i64) -> Result<()> {
        require!(now_ts < self.enabled_until_ts.get(), GovernanceError::NotAuthorized);
        if self.quota_epoch.get() != current_epoch {
            self.quota_epoch = current_epoch.into();
            self.quota_used = PodU32::ZERO;
        }
        require!(
            self.quota_used.get() < self.quota_per_epoch.get(),
            GovernanceError::QuotaExhausted
        );
        self.quota_used = self
            .quota_used
            .checked_add(1u32)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }
}
