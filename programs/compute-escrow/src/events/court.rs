//! Events of challenges, jurors and disputes.

use anchor_lang::{prelude::*, Address};

/// A step before the court.
#[event(bytemuck)]
#[repr(C)]
pub struct CourtMoved {
    /// The job's uid; of a juror that comes or leaves, its person; of a new jury, its config.
    pub subject: [u8; 32],
    /// The challenge, dispute, seat, juror or jury.
    pub account: Address,
    /// Who made the step; of a drawing, the juror.
    pub actor: Address,
    /// What moved with it: the bond, deposit, stake, pay or loss; of a dispute, its costs so far.
    pub lamports: PodU64,
    /// The vote shown, or the verdict so far.
    pub ppm: PodU32,
    /// Number of the instruction.
    pub step: u8,
    /// State or phase of the account after it.
    pub state: u8,
    /// Round of the dispute; of a challenge, 1 with a wrong canary.
    pub round: u8,
    /// How a dispute ended; zero before.
    pub outcome: u8,
}

/// A ruling is executed; the job has what was ruled.
#[event(bytemuck)]
#[repr(C)]
pub struct RulingExecuted {
    /// The job.
    pub uid: [u8; 32],
    /// The slot's receipt chain after it; zero of a redundant order.
    pub receipt_head: [u8; 32],
    /// The provider's part.
    pub provider_atoms: PodU64,
    /// The treasury's part.
    pub fee_atoms: PodU64,
    /// Bond to the client.
    pub compensation_lamports: PodU64,
    /// Bond to the challenger.
    pub reward_lamports: PodU64,
    /// Bond to nobody.
    pub burnt_lamports: PodU64,
    /// The job's state after it.
    pub state: u8,
    /// How it ended for the worker; zero of a redundant order.
    pub outcome: u8,
}

/// A dispute's deposits are divided and its account is closed.
#[event(bytemuck)]
#[repr(C)]
pub struct DisputeClosed {
    /// The job.
    pub uid: [u8; 32],
    /// To the owner of each deposit.
    pub to_lamports: [PodU64; 5],
    /// To nobody.
    pub burnt_lamports: PodU64,
    /// Paid for seats and bounties.
    pub costs_lamports: PodU64,
}
