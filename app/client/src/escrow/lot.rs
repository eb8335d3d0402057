//! When a job's lot lets a slot claim it.

use {
    super::{Job, Moment, Provider},
    crate::{rpc::Rpc, Address, Result},
    compute_escrow::{
        constants::{HEAD_START_DOUBLINGS, SPREAD_DOUBLINGS},
        hash::lot,
        math::lot::{first_hash_after, is_in_circle},
    },
};

/// What the lot says about a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// It may claim.
    Now,
    /// It may from this slot number on.
    From(u64),
    /// The hash that decides is the next slot's.
    NotDrawnYet,
}

impl Draw {
    /// Slots to wait.
    pub fn slots_left(&self, now_slot: u64) -> u64 {
        match self {
            Self::Now => 0,
            Self::From(slot) => slot.saturating_sub(now_slot),
            Self::NotDrawnYet => 1,
        }
    }
}

/// What the lot says at `now`. `seed` is the first slot hash after the job was opened, if it is known.
pub fn draw(job: &Job, provider: &Provider, slot: &Address, seed: Option<&[u8; 32]>, now: Moment) -> Draw {
    let ahead = if provider.has_head_start(job.config_id, now.ts) {
        HEAD_START_DOUBLINGS
    } else {
        0
    };
    let spread = u64::from(job.spread_slots);
    let at = |doublings: u64| {
        let elapsed = doublings.saturating_sub(ahead).saturating_mul(spread);
        job.entered_slot.get().saturating_add(elapsed)
    };
    // after the last doubling everybody may, and no hash is asked for
    if spread == 0 || now.slot >= at(SPREAD_DOUBLINGS) {
        return Draw::Now;
    }
    let Some(seed) = seed else {
        return Draw::NotDrawnYet;
    };
    let number = lot(seed, slot);
    let needed = (0..SPREAD_DOUBLINGS).find(|doublings| is_in_circle(number, *doublings));
    let from = at(needed.unwrap_or(SPREAD_DOUBLINGS));
    if now.slot >= from {
        Draw::Now
    } else {
        Draw::From(from)
    }
}

/// [`draw`], with the cluster's slot hashes.
pub async fn ask(rpc: &Rpc, job: &Job, provider: &Provider, slot: &Address, now: Moment) -> Result<Draw> {
    let sysvar = rpc
        .existing(&solana_program::sysvar::slot_hashes::ID, "the slot hashes")
        .await?;
    let seed = first_hash_after(&sysvar.data, job.entered_slot.get());
    Ok(draw(job, provider, slot, seed, now))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use {
        super::*,
        sha2::{Digest, Sha256},
    };

    fn job(spread_slots: u8) -> Job {
        let mut job: Job = bytemuck::Zeroable::zeroed();
        job.spread_slots = spread_slots;
        job.entered_slot = 1_000u64.into();
        job
    }

    fn moment(slot: u64) -> Moment {
        Moment { ts: 0, slot }
    }

    /// The doublings a slot needs, from the definition: the lot's leading zero bits beyond the sixteen of the first circle.
    fn needed(seed: &[u8; 32], slot: &Address) -> u64 {
        let mut hasher = Sha256::new();
        hasher.update(b"commonweal:lot:1");
        hasher.update(seed);
        hasher.update(slot.as_ref());
        let digest: [u8; 32] = hasher.finalize().into();
        let number = u64::from_le_bytes(*digest.first_chunk::<8>().unwrap());
        u64::from(16u32.saturating_sub(number.leading_zeros().min(16)))
    }

    #[test]
    fn a_slot_waits_exactly_as_many_doublings_as_its_lot_asks() {
        let provider: Provider = bytemuck::Zeroable::zeroed();
        let (job, seed) = (job(16), [7; 32]);
        for byte in 0..50u8 {
            let slot = Address::from([byte; 32]);
            let from = 1_000 + needed(&seed, &slot) * 16;
            let before = draw(&job, &provider, &slot, Some(&seed), moment(from - 1));
            if from > 1_000 {
                assert_eq!(before, Draw::From(from));
                assert_eq!(before.slots_left(from - 1), 1);
            }
            assert_eq!(draw(&job, &provider, &slot, Some(&seed), moment(from)), Draw::Now);
        }
    }

    #[test]
    fn first_come_first_served_needs_no_lot() {
        let provider: Provider = bytemuck::Zeroable::zeroed();
        let slot = Address::from([1; 32]);
        assert_eq!(draw(&job(0), &provider, &slot, None, moment(1_000)), Draw::Now);
        assert_eq!(draw(&job(2), &provider, &slot, None, moment(1_001)), Draw::NotDrawnYet);
        assert_eq!(draw(&job(2), &provider, &slot, None, moment(1_032)), Draw::Now);
    }
}
