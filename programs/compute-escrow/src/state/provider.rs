//! Whoever offers GPUs.

use {
    super::{is_none, require_step, Step},
    crate::{
        constants::{HEAD_START_MAX_SLOTS, SESSION_KEY_OVERLAP_SECONDS},
        errors::EscrowError,
        math::deadline::Moment,
    },
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
    /// The config whose realm's person is linked; says nothing while none is.
    pub person_config_id: PodU16,
    /// Owner: moves bonds and payouts, adds slots, replaces the session key.
    pub authority: Address,
    /// Key of the machines: claims, starts, commits, reveals, pauses; moves no money.
    pub session_key: Address,
    /// The session key before it, zero if none. It works no jobs; it answers only for vouchers signed before.
    pub previous_session_key: Address,
    /// The person behind the provider, zero while none is linked.
    pub person: Address,
    /// Until when vouchers of the previous session key can be redeemed, Unix seconds; the rotation was
    /// [`SESSION_KEY_OVERLAP_SECONDS`] before.
    pub previous_valid_until_ts: PodI64,
    /// Slot number of the last rotation.
    pub rotated_slot: PodU64,
    /// Folded reputation, Q32.
    pub score_q32: PodU64,
    /// When the reputation was folded, Unix seconds.
    pub score_ts: PodI64,
    /// Completed jobs folded from the slots.
    pub jobs_completed: PodU64,
    /// Failed jobs folded from the slots.
    pub jobs_failed: PodU64,
    /// When it was registered, Unix seconds.
    pub created_ts: PodI64,
    /// Until when its person is new to the network, Unix seconds; 0 while none is linked.
    pub head_start_until_ts: PodI64,
    /// When the registration of its person ends, as it was at the last link, Unix seconds; linking again renews it.
    pub person_until_ts: PodI64,
    /// The config of its first slot: only slots under it enter the reputation.
    pub config_id: PodU16,
    /// Zero.
    pub reserved_a: [u8; 6],
    /// Zero.
    pub reserved: [u8; 32],
    /// Zero.
    pub reserved_tail: [u8; 8],
}

impl Provider {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// That `worker` may act for this provider's slots.
    #[inline(always)]
    pub fn validate_worker(&self, worker: &Address) -> Step {
        require!(
            crate::state::same(worker, &self.session_key) || crate::state::same(worker, &self.authority),
            EscrowError::NotTheProvider
        );
        Ok(())
    }

    /// Replaces the session key. The old one works no more jobs from this moment.
    pub fn rotate(&mut self, session_key: &Address, now: Moment) -> Step {
        require!(!is_none(session_key), EscrowError::ZeroAddress);
        self.previous_session_key = self.session_key;
        self.previous_valid_until_ts = super::checked(now.ts.checked_add(SESSION_KEY_OVERLAP_SECONDS))?.into();
        self.rotated_slot = now.slot.into();
        self.session_key = *session_key;
        Ok(())
    }

    /// That a key signed for this provider's machines: the present session key, or the one before while its vouchers are good.
    /// Says whether it is the one before: what it signed counts up to the rotation only.
    pub fn validate_voucher_key(&self, key: &Address, now_ts: i64) -> Step<bool> {
        if super::same(key, &self.session_key) {
            return Ok(false);
        }
        let is_previous = !is_none(key)
            && super::same(key, &self.previous_session_key)
            && now_ts < self.previous_valid_until_ts.get();
        require_step(is_previous, EscrowError::NotTheProvider)?;
        Ok(true)
    }

    /// The linked person, if it is one of this config's realm and its registration has not ended.
    pub fn person_under(&self, config_id: PodU16, now_ts: i64) -> Option<&Address> {
        let counts = self.person_config_id == config_id && now_ts < self.person_until_ts.get();
        (counts && !is_none(&self.person)).then_some(&self.person)
    }

    /// Whether its person is new to the network and it is small.
    pub fn has_head_start(&self, config_id: PodU16, now_ts: i64) -> bool {
        self.slot_count.get() <= HEAD_START_MAX_SLOTS
            && now_ts < self.head_start_until_ts.get()
            && self.person_under(config_id, now_ts).is_some()
    }

    /// When the session key was last replaced.
    pub fn rotated(&self) -> Moment {
        Moment {
            ts: self
                .previous_valid_until_ts
                .get()
                .saturating_sub(SESSION_KEY_OVERLAP_SECONDS),
            slot: self.rotated_slot.get(),
        }
    }
}

const _: () = assert!(Provider::SIZE == 264);

#[cfg(test)]
mod tests {
    use {super::*, anchor_lang::bytemuck::Zeroable};

    #[test]
    fn a_head_start_is_for_new_persons_with_few_slots_under_their_own_config() {
        let mut provider = Provider::zeroed();
        provider.person = Address::new_from_array([1; 32]);
        provider.person_config_id = 7u16.into();
        provider.person_until_ts = 1_000i64.into();
        provider.head_start_until_ts = 500i64.into();
        provider.slot_count = 8u16.into();
        assert!(provider.has_head_start(7u16.into(), 499));
        assert!(!provider.has_head_start(7u16.into(), 500));
        assert!(!provider.has_head_start(8u16.into(), 499));
        provider.slot_count = 9u16.into();
        assert!(!provider.has_head_start(7u16.into(), 499), "a farm");
        provider.slot_count = 8u16.into();
        provider.person_until_ts = 499i64.into();
        assert!(
            !provider.has_head_start(7u16.into(), 499),
            "a registration that has ended"
        );
    }
}
