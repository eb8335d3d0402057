//! A person: registered by attestors, revocable, not transferable.

use {
    crate::{constants::*, errors::GovernanceError},
    anchor_lang::prelude::*,
};

/// A person of the realm. Never closed: a nullifier is used once for ever (G3).
///
/// Seeds: `person`, realm, nullifier. Read by the pool and the escrow (`PersonView`).
#[account]
pub struct Person {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Cohort bucket: the slot of the first attestor.
    pub bucket: u8,
    /// Zero, for growth.
    pub reserved_head: u8,
    /// Epoch of the registration.
    pub registered_epoch: PodU32,
    /// The realm.
    pub realm: Address,
    /// The wallet that acts for the person.
    pub wallet: Address,
    /// What attestors derived from the person by the realm's scheme.
    pub nullifier: [u8; 32],
    /// Unix time in seconds from which the registration is void.
    pub expires_ts: PodI64,
    /// Unix time in seconds of the revocation; zero while there is none.
    pub revoked_at_ts: PodI64,
    /// Epoch of the last ballot opened; `NO_EPOCH` before the first.
    pub last_ballot_epoch: PodU32,
    /// Isqrt of the budget lent to a delegate; zero until used.
    pub delegate_root: PodU32,
    /// The delegate's person; zero until used.
    pub delegate: Address,
    /// First epoch of the delegation; zero until used.
    pub delegate_from_epoch: PodU32,
    /// Bit g is set for each slot whose attestor signed.
    pub attestor_slots: PodU16,
    /// Zero, for growth.
    pub reserved_slots: [u8; 2],
    /// Counts renewals, moves and revocations; zero until used.
    pub nonce: PodU64,
    /// Who paid for this account.
    pub rent_payer: Address,
    /// Zero, for growth.
    pub reserved: [u8; 64],
}

/// Bytes of a `Person` account.
pub const PERSON_LEN: usize = 280;
const _: () = assert!(core::mem::size_of::<Person>() == PERSON_LEN - 8);
const _: () = assert!(core::mem::offset_of!(Person, realm) == 16 - 8);

impl Person {
    /// The registration is neither revoked nor expired.
    pub fn validate_active(&self, now_ts: i64) -> Result<()> {
        require!(self.revoked_at_ts.is_zero(), GovernanceError::PersonRevoked);
        require!(now_ts < self.expires_ts.get(), GovernanceError::PersonExpired);
        Ok(())
    }

    /// May open the ballot of this epoch: active, two epochs old, not delegating, no ballot of this epoch yet.
    pub fn validate_can_open_ballot(&self, current_epoch: u32, now_ts: i64) -> Result<()> {
        self.validate_active(now_ts)?;
        require!(self.delegate == Address::default(), GovernanceError::PersonDelegates);
        require!(
            current_epoch >= self.registered_epoch.get().saturating_add(EPOCHS_BEFORE_FIRST_BALLOT),
            GovernanceError::PersonTooYoung
        );
        require!(!self.votes_live(current_epoch), GovernanceError::BallotOpenedAlready);
        Ok(())
    }

    /// Whether a ballot of this epoch was opened: its votes live until the epoch ends, and so its stake stays (G5).
    pub fn votes_live(&self, current_epoch: u32) -> bool {
        let last = self.last_ballot_epoch.get();
        last != NO_EPOCH && last >= current_epoch
    }
}
