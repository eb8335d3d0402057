//! An attestor: a key that vouches for persons.

use {
    crate::{constants::REVOCATIONS_DIVISOR, errors::GovernanceError},
    anchor_lang::prelude::*,
};

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
    /// 0: the key signs; 1: the key is an issuer whose credentials count.
    pub kind: u8,
    /// Zero, for growth.
    pub reserved_head: [u8; 4],
    /// The realm it attests for.
    pub realm: Address,
    /// The key that signs.
    pub key: Address,
    /// Who paid for this account and gets its rent.
    pub rent_payer: Address,
    /// End of its term, Unix time in seconds: from then on it may not attest, and anybody can disable it.
    pub enabled_until_ts: PodI64,
    /// Registrations it may sign in an epoch.
    pub quota_per_epoch: PodU32,
    /// The epoch `quota_used` counts for.
    pub quota_epoch: PodU32,
    /// Registrations signed in `quota_epoch`.
    pub quota_used: PodU32,
    /// Revocations and suspensions signed in `revoked_epoch`.
    pub revoked_used: PodU32,
    /// The epoch `revoked_used` counts for.
    pub revoked_epoch: PodU32,
    /// The schema of its credentials; zero for a key.
    pub schema: Address,
    /// The name of its cohort for people to read, UTF-8, filled up with zeros.
    pub label: [u8; 32],
    /// Zero, for growth.
    pub reserved: [u8; 16],
}

/// Bytes of an `Attestor` account.
pub const ATTESTOR_LEN: usize = 220;
const _: () = assert!(core::mem::size_of::<Attestor>() == ATTESTOR_LEN - 8);

/// What signs for an attestor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AttestorKind {
    /// A key.
    Key = 0,
    /// An issuer of credentials of the Solana Attestation Service.
    Issuer = 1,
}

impl Attestor {
    /// Its term has not ended.
    #[inline(never)]
    pub fn validate_term(&self, now_ts: i64) -> Result<()> {
        require!(now_ts < self.enabled_until_ts.get(), GovernanceError::AttestorExpired);
        Ok(())
    }

    /// Counts a revocation or suspension: at most 1 % of the persons in an epoch, at least one.
    pub fn count_revocation(&mut self, current_epoch: u32, persons: u32) -> Result<()> {
        if self.revoked_epoch.get() != current_epoch {
            self.revoked_epoch = current_epoch.into();
            self.revoked_used = PodU32::ZERO;
        }
        let most = (persons / REVOCATIONS_DIVISOR).max(1);
        require!(self.revoked_used.get() < most, GovernanceError::RevocationsExhausted);
        self.revoked_used = self
            .revoked_used
            .checked_add(1u32)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Counts a registration this attestor signed.
    pub fn count_attestation(&mut self, current_epoch: u32) -> Result<()> {
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
