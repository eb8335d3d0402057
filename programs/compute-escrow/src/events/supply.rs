//! Events of persons, attestations and reputation.

use anchor_lang::{prelude::*, Address};

/// The court's parameters are these from now on; disputes keep those of their opening.
#[event(bytemuck)]
#[repr(C)]
pub struct CourtUpdated {
    /// The config.
    pub config: Address,
    /// Keys that may countersign and measure.
    pub attestors: [Address; 3],
    /// Pay of a juror's seat.
    pub seat_fee_lamports: PodU64,
    /// Least stake of a juror.
    pub juror_stake_lamports: PodU64,
    /// A challenge to its answer.
    pub answer_seconds: PodU32,
    /// Each step of the parties' randomness.
    pub seed_seconds: PodU32,
    /// Jurors' time to commit.
    pub vote_seconds: PodU32,
    /// Jurors' time to reveal.
    pub reveal_seconds: PodU32,
    /// Time to appeal.
    pub appeal_seconds: PodU32,
    /// Time for a quadratic vote to rule.
    pub ruling_seconds: PodU32,
}

/// A person stands behind a provider, or does not any more.
#[event(bytemuck)]
#[repr(C)]
pub struct PersonLinked {
    /// The provider.
    pub provider: Address,
    /// The person.
    pub person: Address,
    /// Until when the person is new to the network.
    pub head_start_until_ts: PodI64,
    /// 1 when linked, 0 when unlinked.
    pub is_linked: u8,
}

/// An attestor has said something about a slot.
#[event(bytemuck)]
#[repr(C)]
pub struct SlotAttested {
    /// The slot.
    pub slot: Address,
    /// The attestor.
    pub attestor: Address,
    /// SHA-256 of the evidence.
    pub evidence_hash: [u8; 32],
    /// Measured speed.
    pub score: PodU64,
    /// Until when it counts.
    pub expires_ts: PodI64,
    /// 1 speed, 2 trusted execution environment, 3 place.
    pub kind: u8,
}

/// An attestation is gone: expired or taken back.
#[event(bytemuck)]
#[repr(C)]
pub struct AttestationClosed {
    /// The slot.
    pub slot: Address,
    /// The attestor.
    pub attestor: Address,
    /// Its kind.
    pub kind: u8,
}

/// A provider's reputation knows its slot's.
#[event(bytemuck)]
#[repr(C)]
pub struct ReputationFolded {
    /// The provider.
    pub provider: Address,
    /// The slot.
    pub slot: Address,
    /// The provider's reputation, Q32.
    pub score_q32: PodU64,
    /// The provider's completed jobs.
    pub jobs_completed: PodU64,
    /// The provider's failed jobs.
    pub jobs_failed: PodU64,
}

/// An attestor has countersigned a job's result.
#[event(bytemuck)]
#[repr(C)]
pub struct ResultAttested {
    /// The job.
    pub uid: [u8; 32],
    /// The attestor.
    pub attestor: Address,
    /// The result.
    pub result: [u8; 32],
    /// SHA-256 of the evidence.
    pub evidence_hash: [u8; 32],
}
