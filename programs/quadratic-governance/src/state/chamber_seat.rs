//! A seat of a chamber: who has liquidity locked, or GPUs at work, may object to what touches their program.

use {
    crate::{constants::*, errors::GovernanceError},
    anchor_lang::prelude::*,
};

/// A veto that waits for its proposal's timelock.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct SeatVeto {
    /// Index of the proposal in the realm.
    pub proposal_index: PodU32,
    /// End of its timelock, Unix time in seconds; from then on the place is free. Zero: free.
    pub until_ts: PodI64,
}

/// One person's seat in one chamber. Closed by its person, or by anybody when it is not earned any more; rent returns.
///
/// Seeds: `chamber`, realm, chamber, person.
#[account]
pub struct ChamberSeat {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// 0 for locked liquidity, 1 for GPU providers.
    pub chamber: u8,
    /// Epochs in a row in which the provider finished jobs.
    pub working_epochs: u8,
    /// First epoch in which the seat counts; `NO_EPOCH` while it does not.
    pub active_from_epoch: PodU32,
    /// The realm.
    pub realm: Address,
    /// The person.
    pub person: Address,
    /// The lock, or the slot.
    pub evidence: Address,
    /// Who paid for this account and gets its rent.
    pub rent_payer: Address,
    /// Jobs the slot had finished when last looked at.
    pub jobs_seen: PodU32,
    /// The epoch in which the slot was last looked at with new jobs.
    pub work_epoch: PodU32,
    /// Vetoes that wait for their timelocks.
    pub vetoes: [SeatVeto; 16],
    /// Zero, for growth.
    pub reserved: [u8; 16],
}

/// Bytes of a `ChamberSeat` account.
pub const CHAMBER_SEAT_LEN: usize = 360;
const _: () = assert!(core::mem::size_of::<ChamberSeat>() == CHAMBER_SEAT_LEN - 8);
// the IDL wants a literal in the struct; this holds it to the constant
const _: fn(&ChamberSeat) -> &[SeatVeto; SEAT_VETOES] = |seat| &seat.vetoes;

impl ChamberSeat {
    /// Whether the seat is among those its realm counts.
    pub fn is_counted(&self) -> bool {
        self.active_from_epoch != NO_EPOCH
    }

    /// Looks at a provider's finished jobs. Whether the seat counts from the next epoch on, by this look.
    pub fn apply_work(&mut self, jobs: u32, current_epoch: u32) -> Result<bool> {
        let last = self.work_epoch.get();
        if current_epoch <= last || jobs <= self.jobs_seen.get() {
            return Ok(false);
        }
        let in_a_row = last.checked_add(1) == Some(current_epoch);
        self.working_epochs = if in_a_row {
            self.working_epochs.saturating_add(1)
        } else {
            0
        };
        self.jobs_seen = jobs.into();
        self.work_epoch = current_epoch.into();
        if self.is_counted() || self.working_epochs < WORKING_EPOCHS {
            return Ok(false);
        }
        self.active_from_epoch = crate::math::epoch::add(current_epoch, 1)?.into();
        Ok(true)
    }

    /// Whether a provider's seat has seen no finished job for some epochs.
    pub fn is_idle(&self, current_epoch: u32) -> bool {
        current_epoch >= self.work_epoch.get().saturating_add(IDLE_EPOCHS)
    }

    /// The seat counts for a proposal with this vote epoch: it did before the submission's epoch began.
    pub fn validate_for(&self, vote_epoch: u32) -> Result<()> {
        let counts = self.active_from_epoch.get() < vote_epoch;
        require!(counts, GovernanceError::SeatNotEligible);
        Ok(())
    }

    /// Notes a veto: once for each proposal, until its timelock ends.
    pub fn apply_veto(&mut self, proposal_index: u32, until_ts: i64, now_ts: i64) -> Result<()> {
        let mut free = None;
        for veto in self.vetoes.iter_mut() {
            if now_ts >= veto.until_ts.get() {
                free = free.or(Some(veto));
            } else {
                require!(veto.proposal_index != proposal_index, GovernanceError::SeatVotedAlready);
            }
        }
        let free = free.ok_or(GovernanceError::SeatVetoesFull)?;
        free.proposal_index = proposal_index.into();
        free.until_ts = until_ts.into();
        Ok(())
    }
}
