//! Leases that begin together or not at all.

use {
    super::{checked, require_step, same, Lease, Step},
    crate::{
        errors::EscrowError,
        math::deadline::{has_passed, Moment},
    },
    anchor_lang::{prelude::*, Address},
};

/// Leases that count from the moment the last of them has a slot. If that moment does not come within the gathering time, the
/// slots are free again and the deposits return.
///
/// Seeds: `["gang", client, nonce u64 LE]`.
#[account]
pub struct Gang {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Leases it is made of.
    pub size: u8,
    /// Leases posted and not ended.
    pub leases: u8,
    /// Leases that have a slot.
    pub joined: u8,
    /// 1 since all have joined.
    pub is_active: u8,
    /// Zero.
    pub reserved_a: [u8; 2],
    /// The client.
    pub client: Address,
    /// Who paid the rent and gets it back.
    pub rent_payer: Address,
    /// The client's number for it.
    pub nonce: PodU64,
    /// When it was opened or, since it is active, when the last lease got its slot, Unix seconds.
    pub entered_ts: PodI64,
    /// Slot number of that moment.
    pub entered_slot: PodU64,
    /// Time to gather, in seconds from the opening.
    pub gather_seconds: PodU32,
    /// Zero.
    pub reserved: [u8; 12],
}

impl Gang {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// When it was opened or became active.
    pub fn entered(&self) -> Moment {
        Moment {
            ts: self.entered_ts.get(),
            slot: self.entered_slot.get(),
        }
    }

    fn enter(&mut self, now: Moment) {
        self.entered_ts = now.ts.into();
        self.entered_slot = now.slot.into();
    }

    /// Opens a new account, which is all zero.
    pub fn open(&mut self, now: Moment) {
        self.enter(now);
    }

    /// Whether it was not complete in time.
    #[inline(never)]
    pub fn has_failed(&self, now: Moment) -> Step<bool> {
        let over = checked(has_passed(self.entered(), self.gather_seconds.get(), now))?;
        Ok(self.is_active == 0 && over)
    }

    /// That it still gathers.
    #[inline(never)]
    fn validate_gathering(&self, now: Moment) -> Step {
        let closed = self.is_active == 1 || self.has_failed(now)?;
        require_step(!closed, EscrowError::GangClosed)
    }

    /// That it is the one of a lease.
    pub fn validate_lease(&self, lease: &Lease) -> Step {
        let fits = same(&self.client, &lease.client) && self.nonce == lease.gang_nonce && lease.is_in_gang();
        require_step(fits, EscrowError::GangRequired)
    }

    /// One more lease is posted.
    pub fn apply_posting(&mut self, now: Moment) -> Step {
        self.validate_gathering(now)?;
        require_step(self.leases < self.size, EscrowError::GangClosed)?;
        self.leases = checked(self.leases.checked_add(1))?;
        Ok(())
    }

    /// One more lease has a slot; the last makes it active.
    pub fn apply_join(&mut self, now: Moment) -> Step {
        self.validate_gathering(now)?;
        self.joined = checked(self.joined.checked_add(1))?;
        if self.joined == self.size {
            self.is_active = 1;
            self.enter(now.not_before(self.entered()));
        }
        Ok(())
    }

    /// One of its leases has ended.
    pub fn apply_end(&mut self) -> Step {
        self.leases = checked(self.leases.checked_sub(1))?;
        Ok(())
    }
}

const _: () = assert!(Gang::SIZE == 120);
