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
    /// ⌊√budget⌋ lent to the delegate.
    pub delegate_root: PodU32,
    /// The delegate's person; zero without one.
    pub delegate: Address,
    /// First epoch of the delegation.
    pub delegate_from_epoch: PodU32,
    /// Bit g is set for each slot whose attestor signed the registration.
    pub attestor_slots: PodU16,
    /// 1 while the realm counts the person: neither revoked nor retired after its expiry.
    pub counted: u8,
    /// Proposals of the person that are not closed.
    pub open_proposals: u8,
    /// Counts statements used: each is good once.
    pub nonce: PodU64,
    /// Who paid for this account.
    pub rent_payer: Address,
    /// First epoch in which the delegation does not count any more.
    pub delegate_until_epoch: PodU32,
    /// The pool's generation the delegation belongs to.
    pub delegate_generation: PodU32,
    /// First epoch of the last suspension.
    pub suspended_from_epoch: PodU32,
    /// First epoch after the last suspension; zero if there was none.
    pub suspended_until_epoch: PodU32,
    /// The wallet of a recovery under way; zero without one.
    pub recovery_wallet: Address,
    /// Unix time in seconds from which the recovery can be completed.
    pub recovery_from_ts: PodI64,
    /// Zero, for growth.
    pub reserved: [u8; 8],
}

/// Bytes of a `Person` account.
pub const PERSON_LEN: usize = 280;
const _: () = assert!(core::mem::size_of::<Person>() == PERSON_LEN - 8);
const _: () = assert!(core::mem::offset_of!(Person, realm) == 16 - 8);

impl Person {
    /// The registration is neither revoked nor expired.
    #[inline(never)]
    pub fn validate_active(&self, now_ts: i64) -> Result<()> {
        require!(self.revoked_at_ts.is_zero(), GovernanceError::PersonRevoked);
        require!(now_ts < self.expires_ts.get(), GovernanceError::PersonExpired);
        Ok(())
    }

    /// No suspension covers the epoch.
    #[inline(never)]
    pub fn validate_not_suspended(&self, in_epoch: u32) -> Result<()> {
        let is_suspended = in_epoch >= self.suspended_from_epoch.get() && in_epoch < self.suspended_until_epoch.get();
        require!(!is_suspended, GovernanceError::PersonSuspended);
        Ok(())
    }

    /// Old enough to take part in an epoch.
    #[inline(never)]
    pub fn validate_age(&self, in_epoch: u32) -> Result<()> {
        require!(
            in_epoch >= self.registered_epoch.get().saturating_add(EPOCHS_BEFORE_FIRST_BALLOT),
            GovernanceError::PersonTooYoung
        );
        Ok(())
    }

    /// May open the ballot of this epoch: active, not suspended, two epochs old, not delegating in it, no ballot of it yet.
    pub fn validate_can_open_ballot(&self, current_epoch: u32, now_ts: i64) -> Result<()> {
        self.validate_active(now_ts)?;
        self.validate_not_suspended(current_epoch)?;
        require!(!self.delegates_in(current_epoch), GovernanceError::PersonDelegates);
        self.validate_age(current_epoch)?;
        require!(!self.votes_live(current_epoch), GovernanceError::BallotOpenedAlready);
        Ok(())
    }

    /// Whether a ballot of this epoch was opened: its votes live until the epoch ends, and so its stake stays (G5).
    pub fn votes_live(&self, current_epoch: u32) -> bool {
        let last = self.last_ballot_epoch.get();
        last != NO_EPOCH && last >= current_epoch
    }

    /// Whether the person's budget of an epoch is a delegate's.
    pub fn delegates_in(&self, in_epoch: u32) -> bool {
        self.delegation_lives(in_epoch) && in_epoch >= self.delegate_from_epoch.get()
    }

    /// Whether the delegation counts in this epoch or a later one.
    #[inline(never)]
    pub fn delegation_lives(&self, current_epoch: u32) -> bool {
        self.delegate != Address::default() && current_epoch < self.delegate_until_epoch.get()
    }

    /// Forgets a delegation that counts nowhere any more.
    #[inline(never)]
    pub fn clear_delegation(&mut self) {
        self.delegate = Address::default();
        self.delegate_root = PodU32::ZERO;
        self.delegate_from_epoch = PodU32::ZERO;
        self.delegate_until_epoch = PodU32::ZERO;
        self.delegate_generation = PodU32::ZERO;
    }

    /// Counts a statement.
    #[inline(never)]
    pub fn count_statement(&mut self) -> Result<()> {
        self.nonce = self
            .nonce
            .checked_add(1u64)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    /// The number of the next statement.
    pub fn next_nonce(&self) -> u64 {
        self.nonce.get().saturating_add(1)
    }

    /// A registration ends within two years and not before now.
    #[inline(never)]
    pub fn validate_expiry(expires_ts: i64, now_ts: i64) -> Result<()> {
        let in_bounds = expires_ts > now_ts && expires_ts.saturating_sub(now_ts) <= MAX_PERSON_VALIDITY_S;
        require!(in_bounds, GovernanceError::ExpiryOutOfBounds);
        Ok(())
    }

    /// Suspends from the next epoch on, for two epochs; not again within eight epochs after the last one.
    pub fn apply_suspension(&mut self, current_epoch: u32) -> Result<()> {
        let last = self.suspended_until_epoch.get();
        let rested = last == 0 || current_epoch >= last.saturating_add(SUSPENSION_COOLDOWN_EPOCHS);
        require!(rested, GovernanceError::SuspendedRecently);
        let from = current_epoch
            .checked_add(1)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        self.suspended_from_epoch = from.into();
        self.suspended_until_epoch = from.saturating_add(SUSPENSION_EPOCHS).into();
        Ok(())
    }

    /// Takes back a revocation within its appeal window, else a suspension that has not ended. Whether it was a revocation.
    pub fn apply_reinstatement(&mut self, current_epoch: u32, now_ts: i64, appeal_s: u32) -> Result<bool> {
        if !self.revoked_at_ts.is_zero() {
            let end = crate::math::epoch::later(self.revoked_at_ts.get(), appeal_s)?;
            require!(now_ts < end, GovernanceError::AppealOver);
            self.revoked_at_ts = PodI64::ZERO;
            return Ok(true);
        }
        require!(
            current_epoch < self.suspended_until_epoch.get(),
            GovernanceError::NothingToReinstate
        );
        // what is over cannot begin again, and the rest after it is kept
        self.suspended_until_epoch = self.suspended_until_epoch.get().min(current_epoch).max(1).into();
        Ok(false)
    }

    /// Counts a proposal of the person.
    pub fn apply_open_proposal(&mut self) -> Result<()> {
        require!(
            self.open_proposals < MAX_OPEN_PROPOSALS,
            GovernanceError::TooManyOpenProposals
        );
        self.open_proposals = self.open_proposals.saturating_add(1);
        Ok(())
    }

    /// Counts a proposal of the person as closed.
    #[inline(never)]
    pub fn apply_closed_proposal(&mut self) -> Result<()> {
        self.open_proposals = self
            .open_proposals
            .checked_sub(1)
            .ok_or(GovernanceError::InvariantViolated)?;
        Ok(())
    }

    /// Whether votes of the person can be taken out by anybody.
    #[inline(never)]
    pub fn is_strippable(&self, now_ts: i64) -> bool {
        !self.revoked_at_ts.is_zero() || now_ts >= self.expires_ts.get()
    }
}
