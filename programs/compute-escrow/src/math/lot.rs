//! Who may claim: a circle of slots, drawn by lot, that doubles until everybody is in it.
//!
//! The seed is the first slot hash after the opening, which nobody knew when the slot's bond was paid in. A slot is in the circle
//! when the first 64 bits of H(seed | slot) are below 2^(48 + d) after d doublings: one in 65,536 at first, everybody at 16. So
//! nobody herds, and a provider with one slot has the same chance per slot as one with a hundred.

use crate::constants::{HEAD_START_DOUBLINGS, SPREAD_DOUBLINGS};

/// Doublings after `elapsed_slots`, ahead by the head start of a person new to the network.
pub fn doublings(elapsed_slots: u64, spread_slots: u8, has_head_start: bool) -> u64 {
    let ahead = if has_head_start { HEAD_START_DOUBLINGS } else { 0 };
    elapsed_slots
        .checked_div(u64::from(spread_slots))
        .unwrap_or(SPREAD_DOUBLINGS)
        .saturating_add(ahead)
}

/// Whether a lot is in the circle.
pub fn is_in_circle(lot: u64, doublings: u64) -> bool {
    if doublings >= SPREAD_DOUBLINGS {
        return true;
    }
    lot >> doublings.saturating_add(64 - SPREAD_DOUBLINGS) == 0
}

/// Bytes of one entry of the slot hashes: slot number and hash.
const ENTRY_LEN: usize = 40;

/// The hash of the first slot after `opened_slot` in the SlotHashes sysvar's bytes (their number as u64, then entries of slot and
/// hash, the latest first). None while there is none, or where the bytes are not that.
#[inline(never)]
pub fn first_hash_after(slot_hashes: &[u8], opened_slot: u64) -> Option<&[u8; 32]> {
    let entries = slot_hashes.get(8..)?;
    let entry_at = |at: usize| {
        let start = at.checked_mul(ENTRY_LEN)?;
        entries.get(start..)?.first_chunk::<ENTRY_LEN>()
    };
    let is_after = |at: usize| {
        let slot = entry_at(at)?.first_chunk::<8>()?;
        Some(u64::from_le_bytes(*slot) > opened_slot)
    };
    let count = u64::from_le_bytes(*slot_hashes.first_chunk::<8>()?);
    // entries below `low` are after the opening, those from `high` on are not
    let (mut low, mut high) = (0usize, usize::try_from(count).ok()?);
    while low < high {
        let middle = low.saturating_add(high) >> 1;
        if is_after(middle)? {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    entry_at(low.checked_sub(1)?)?.last_chunk::<32>()
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*, std::vec::Vec};

    fn sysvar(slots: &[u64]) -> Vec<u8> {
        let mut bytes = (slots.len() as u64).to_le_bytes().to_vec();
        for slot in slots {
            bytes.extend(slot.to_le_bytes());
            bytes.extend([*slot as u8; 32]);
        }
        bytes
    }

    #[test]
    fn the_circle_doubles_until_everybody_is_in_it() {
        assert!(is_in_circle((1 << 48) - 1, 0));
        assert!(!is_in_circle(1 << 48, 0));
        assert!(is_in_circle(1 << 48, 1));
        assert!(is_in_circle((1 << 63) - 1, 15));
        assert!(!is_in_circle(1 << 63, 15));
        assert!(is_in_circle(u64::MAX, 16));
        assert!(is_in_circle(u64::MAX, u64::MAX));
    }

    #[test]
    fn doublings_count_whole_spreads_and_the_head_start() {
        assert_eq!(doublings(0, 16, false), 0);
        assert_eq!(doublings(15, 16, false), 0);
        assert_eq!(doublings(16, 16, false), 1);
        assert_eq!(doublings(255, 16, false), 15);
        assert_eq!(doublings(256, 16, false), 16);
        assert_eq!(doublings(16, 16, true), 3);
        assert_eq!(doublings(0, 0, false), 16);
    }

    #[test]
    fn the_first_hash_after_skips_what_was_skipped() {
        let bytes = sysvar(&[30, 29, 25, 24, 20]);
        assert_eq!(first_hash_after(&bytes, 24), Some(&[25; 32]));
        assert_eq!(first_hash_after(&bytes, 25), Some(&[29; 32]));
        assert_eq!(first_hash_after(&bytes, 26), Some(&[29; 32]));
        assert_eq!(first_hash_after(&bytes, 0), Some(&[20; 32]));
        assert_eq!(first_hash_after(&bytes, 30), None);
        assert_eq!(first_hash_after(&bytes, 31), None);
    }

    #[test]
    fn bytes_that_are_no_slot_hashes_give_nothing() {
        assert_eq!(first_hash_after(&[], 0), None);
        assert_eq!(first_hash_after(&[0; 8], 0), None);
        assert_eq!(first_hash_after(&[9, 0, 0, 0, 0, 0, 0, 0, 1], 0), None);
        assert_eq!(first_hash_after(&[255; 100], 0), None);
    }

    proptest! {
        #[test]
        fn the_search_finds_what_a_walk_finds(mut slots in proptest::collection::vec(1u64..200, 0..60), opened in 0u64..220) {
            slots.sort_unstable();
            slots.dedup();
            let expected = slots.iter().find(|slot| **slot > opened).map(|slot| [*slot as u8; 32]);
            slots.reverse();
            let bytes = sysvar(&slots);
            prop_assert_eq!(first_hash_after(&bytes, opened).copied(), expected);
        }
    }
}
