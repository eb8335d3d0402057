//! One party's word against a revealed result, with its bond.

use {
    super::{checked, require_step, Court, Job, Step},
    crate::{
        errors::EscrowError,
        math::deadline::{has_passed, Moment},
    },
    anchor_lang::{bytemuck, prelude::*, Address, IdlType},
};

/// What a case keeps of the court's parameters: no change reaches it.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
pub struct CourtTerms {
    /// Either party's deposit in the first instance, in lamports.
    pub bond_lamports: PodU64,
    /// Lamports a juror earns for revealing a vote.
    pub seat_fee_lamports: PodU64,
    /// Lamports a crank earns.
    pub bounty_lamports: PodU64,
    /// A challenge to its answer, in seconds.
    pub answer_seconds: PodU32,
    /// Each of the parties' commitments and reveals, and the drawing of a panel, in seconds.
    pub seed_seconds: PodU32,
    /// Time for jurors to commit, in seconds.
    pub vote_seconds: PodU32,
    /// Time for jurors to reveal, in seconds.
    pub reveal_seconds: PodU32,
    /// Time to appeal and to name the proposal of the last appeal, in seconds.
    pub appeal_seconds: PodU32,
    /// Time for the quadratic vote, in seconds.
    pub ruling_seconds: PodU32,
}

impl CourtTerms {
    /// The terms in force.
    pub fn of(court: &Court, bounty_lamports: u64) -> Step<Self> {
        Ok(Self {
            bond_lamports: checked(court.bond_lamports(bounty_lamports))?.into(),
            seat_fee_lamports: court.seat_fee_lamports,
            bounty_lamports: bounty_lamports.into(),
            answer_seconds: court.answer_seconds,
            seed_seconds: court.seed_seconds,
            vote_seconds: court.vote_seconds,
            reveal_seconds: court.reveal_seconds,
            appeal_seconds: court.appeal_seconds,
            ruling_seconds: court.ruling_seconds,
        })
    }
}

/// The challenge waits for an answer.
pub const CHALLENGE_OPEN: u8 = 1;
/// The defender has answered with a deposit of its own.
pub const CHALLENGE_ANSWERED: u8 = 2;
/// A wrong canary that an attestor has countersigned: nothing can be answered.
pub const CHALLENGE_PROVED: u8 = 3;

/// Bit of [`Job::flags`]: the job was divided by default; nobody was right.
pub const FLAG_DIVIDED: u8 = 32;

/// One challenge of a job's result. It holds the challenger's bond in lamports, and the defender's once it is answered.
///
/// The first verdict on the job resolves every challenge of it. Seeds: `["challenge", job, challenger]`.
#[account]
pub struct Challenge {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// State: 1 open, 2 answered, 3 proved.
    pub state: u8,
    /// 1 if a canary was shown to be wrong, else 0.
    pub has_canary: u8,
    /// The config of the job.
    pub config_id: PodU16,
    /// Zero.
    pub reserved_a: [u8; 2],
    /// The job.
    pub job: Address,
    /// The job's name for ever.
    pub uid: [u8; 32],
    /// Who challenges; paid rent and bond.
    pub challenger: Address,
    /// The key that acts for the challenger before the court; moves no money.
    pub challenger_agent: Address,
    /// The authority of the provider that answered, zero before.
    pub defender: Address,
    /// The key that acts for it before the court; moves no money.
    pub defender_agent: Address,
    /// The person behind that provider, zero if none.
    pub defender_person: Address,
    /// The result the challenger claims; of a canary, the output it should have had.
    pub claimed_result: [u8; 32],
    /// When it was made, Unix seconds.
    pub created_ts: PodI64,
    /// Slot number at which it was made.
    pub created_slot: PodU64,
    /// The court's terms at that time.
    pub terms: CourtTerms,
    /// Zero.
    pub reserved: [u8; 32],
}

impl Challenge {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// That it is one of this job.
    pub fn validate_job(&self, job: &super::Own<Job>) -> Step {
        require_step(
            super::same(&self.job, job.address()) && self.uid == job.uid,
            EscrowError::WrongCase,
        )
    }

    /// Whether the time to answer is over. It counts from the challenge, but never from before the reveal it follows: a clock that
    /// has stepped back between the two shortens nobody's time.
    pub fn is_overdue(&self, job: &Job, now: Moment) -> Step<bool> {
        let created = Moment {
            ts: self.created_ts.get(),
            slot: self.created_slot.get(),
        };
        let start = created.not_before(Moment {
            ts: job.entered_ts.get(),
            slot: job.entered_slot.get(),
        });
        checked(has_passed(start, self.terms.answer_seconds.get(), now))
    }
}

const _: () = assert!(Challenge::SIZE == 368);
