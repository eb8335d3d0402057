//! Events of challenges, jurors and disputes.

use anchor_lang::{prelude::*, Address};

/// A result is challenged.
#[event(bytemuck)]
#[repr(C)]
pub struct ResultChallenged {
    /// The job.
    pub uid: [u8; 32],
    /// The challenge.
    pub challenge: Address,
    /// Who challenges.
    pub challenger: Address,
    /// The result it claims.
    pub claimed_result: [u8; 32],
    /// Its bond.
    pub bond_lamports: PodU64,
    /// 1 open, 3 proved by a canary that an attestor countersigned.
    pub state: u8,
    /// 1 if a canary was shown to be wrong.
    pub has_canary: u8,
}

/// A challenge is answered with a deposit.
#[event(bytemuck)]
#[repr(C)]
pub struct ChallengeAnswered {
    /// The job.
    pub uid: [u8; 32],
    /// The challenge.
    pub challenge: Address,
    /// Authority of the provider that defends.
    pub defender: Address,
}

/// A challenge is over; its bonds are divided.
#[event(bytemuck)]
#[repr(C)]
pub struct ChallengeResolved {
    /// The job.
    pub uid: [u8; 32],
    /// The challenge, closed.
    pub challenge: Address,
    /// To the challenger.
    pub challenger_lamports: PodU64,
    /// To the defender.
    pub defender_lamports: PodU64,
    /// To nobody.
    pub burnt_lamports: PodU64,
    /// 1 if this ended the job: nobody defended the result.
    pub is_verdict: u8,
}

/// A config has a jury.
#[event(bytemuck)]
#[repr(C)]
pub struct JuryOpened {
    /// The jury.
    pub jury: Address,
    /// The config.
    pub config: Address,
}

/// A person came to a jury or left it.
#[event(bytemuck)]
#[repr(C)]
pub struct JurorMoved {
    /// The jury.
    pub jury: Address,
    /// The person.
    pub person: Address,
    /// The stake paid in or out.
    pub stake_lamports: PodU64,
    /// Its place.
    pub index: PodU32,
    /// 1 if it came, 0 if it left.
    pub is_enrolled: u8,
}

/// A dispute is elsewhere than before.
#[event(bytemuck)]
#[repr(C)]
pub struct CaseMoved {
    /// The job.
    pub uid: [u8; 32],
    /// The dispute.
    pub dispute: Address,
    /// Who moved it.
    pub actor: Address,
    /// Paid for seats and bounties so far.
    pub costs_lamports: PodU64,
    /// The verdict so far.
    pub verdict_ppm: PodU32,
    /// Phase, see `Phase`.
    pub phase: u8,
    /// Round, from zero.
    pub round: u8,
    /// How it ended, see `CaseOutcome`; zero before.
    pub outcome: u8,
    /// Number of the instruction.
    pub step: u8,
}

/// A juror has a seat.
#[event(bytemuck)]
#[repr(C)]
pub struct SeatDrawn {
    /// The job.
    pub uid: [u8; 32],
    /// The seat.
    pub seat: Address,
    /// The juror.
    pub juror: Address,
    /// The person.
    pub person: Address,
    /// Number of the drawing.
    pub draw: PodU32,
    /// Round, from zero.
    pub round: u8,
}

/// A juror committed to a vote, or revealed it.
#[event(bytemuck)]
#[repr(C)]
pub struct SeatVoted {
    /// The job.
    pub uid: [u8; 32],
    /// The seat.
    pub seat: Address,
    /// The vote; zero while it is sealed.
    pub ppm: PodU32,
    /// 2 committed, 3 revealed, 4 leaked.
    pub state: u8,
}

/// A seat is closed, or lost before its time.
#[event(bytemuck)]
#[repr(C)]
pub struct SeatEnded {
    /// The job.
    pub uid: [u8; 32],
    /// The seat.
    pub seat: Address,
    /// The juror.
    pub juror: Address,
    /// Stake lost.
    pub slashed_lamports: PodU64,
}

/// A ruling is executed; the job has what was ruled.
#[event(bytemuck)]
#[repr(C)]
pub struct RulingExecuted {
    /// The job.
    pub uid: [u8; 32],
    /// The slot, zero of a redundant order.
    pub slot: Address,
    /// The slot's receipt chain after it.
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
    /// Bond free again.
    pub released_lamports: PodU64,
    /// The job's state after it.
    pub state: u8,
    /// How it ended for the worker; zero of a redundant order or a dropped case.
    pub outcome: u8,
}

/// A dispute's deposits are divided and its account is closed.
#[event(bytemuck)]
#[repr(C)]
pub struct DisputeClosed {
    /// The job.
    pub uid: [u8; 32],
    /// The dispute.
    pub dispute: Address,
    /// To the owner of each deposit.
    pub to_lamports: [PodU64; 5],
    /// To nobody.
    pub burnt_lamports: PodU64,
    /// Paid for seats and bounties.
    pub costs_lamports: PodU64,
}
