//! One worker's part in a redundant order, and what the order's job counts.

use {
    super::{checked, require_step, same, Job, JobState, Outcome, Provider, Step, FLAG_PERSONS_ONLY, FLAG_WRONG},
    crate::{
        errors::EscrowError,
        math::{
            deadline::Moment,
            slash::{slash_whole_bond, Slash},
        },
    },
    anchor_lang::{prelude::*, Address},
};

/// State of a [`Contribution`]: its worker has joined.
pub const PART_JOINED: u8 = 1;
/// State of a [`Contribution`]: a result is committed to.
pub const PART_COMMITTED: u8 = 2;
/// State of a [`Contribution`]: the result is public.
pub const PART_REVEALED: u8 = 3;

/// Bit of [`Job::flags`]: a worker of the redundant order has paid the compensation; the client gets it once.
pub const FLAG_COMPENSATED: u8 = 16;

/// One worker's part in a redundant order. It holds nothing but its rent; the bond is locked in the slot. The order ends when
/// every part is settled, so it lives no longer than its job.
///
/// Seeds: `["contribution", job, identity]`, see [`Job::identity`].
#[account]
pub struct Contribution {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// 1 joined, 2 committed, 3 revealed.
    pub state: u8,
    /// Zero.
    pub reserved: [u8; 5],
    /// The job's uid.
    pub uid: [u8; 32],
    /// The slot that works; its bond is locked.
    pub slot: Address,
    /// Who paid the rent and gets it back.
    pub rent_payer: Address,
    /// While committed: the commitment, the same hash as of a batch job. From the reveal on: the hash of the result.
    pub hash: [u8; 32],
}

impl Contribution {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// That it is a part in this very job, in a state.
    #[inline(never)]
    pub fn validate(&self, job: &Job, state: u8) -> Step {
        require_step(
            self.uid == job.uid && self.state == state,
            EscrowError::ContributionMismatch,
        )
    }

    /// [`Self::validate`], and that it is the slot's.
    pub fn validate_worker(&self, job: &Job, slot: &Address, state: u8) -> Step {
        self.validate(job, state)?;
        require_step(same(&self.slot, slot), EscrowError::ContributionMismatch)
    }

    /// How it ends, the job being resolved. Whoever kept the others waiting is at fault; whoever had no chance to go on is not.
    #[inline(never)]
    pub fn outcome(&self, job: &Job) -> Outcome {
        let has_run = job.joined == job.redundancy_n;
        let has_revealed = job.commitments >= job.redundancy_k;
        match self.state {
            PART_JOINED if has_run => Outcome::NotCommitted,
            PART_COMMITTED if has_revealed => Outcome::NotRevealed,
            PART_REVEALED if self.hash == job.result => {
                if job.flags & FLAG_WRONG != 0 {
                    Outcome::Wrong
                } else {
                    Outcome::Paid
                }
            }
            _ => Outcome::Unmatched,
        }
    }
}

const _: () = assert!(Contribution::SIZE == 144);

impl Job {
    /// Who a worker of a redundant order is: the person where only persons may take part, else the provider. Providers are free
    /// to make; a client who wants workers to be different people asks for persons.
    pub fn identity(&self, provider: &Address, state: &Provider) -> Address {
        let is_for_persons = self.flags & FLAG_PERSONS_ONLY != 0;
        *if is_for_persons { &state.person } else { provider }
    }

    /// One worker more; the last starts the run.
    pub fn apply_join(&mut self, now: Moment) -> Step {
        self.joined = checked(self.joined.checked_add(1))?;
        if self.joined == self.redundancy_n {
            self.enter(JobState::Running, now);
        }
        Ok(())
    }

    /// One commitment more; the last begins the reveal.
    pub fn apply_contribution(&mut self, now: Moment) -> Step {
        self.commitments = checked(self.commitments.checked_add(1))?;
        if self.commitments == self.joined {
            self.enter(JobState::Committed, now);
        }
        Ok(())
    }

    /// The results are compared: `result` won, or none did if it is zero.
    pub fn apply_comparison(&mut self, result: &[u8; 32], now: Moment) {
        self.result = *result;
        let is_void = result == &[0; 32];
        self.enter(
            if is_void {
                JobState::Resolving
            } else {
                JobState::Challengeable
            },
            now,
        );
    }

    /// Lets the workers be settled once the challenge time is over and no challenge is open.
    #[inline(never)]
    pub fn begin_resolving(&mut self, now: Moment) -> Step {
        if self.state == JobState::Challengeable as u8 {
            self.validate_overdue(now)?;
            require!(self.challenges_open == 0, EscrowError::ChallengesOpen);
            self.enter(JobState::Resolving, now);
        }
        self.validate_state(JobState::Resolving)
    }

    /// What a fault costs a worker: the whole bond. The client's compensation is in the first one only.
    #[inline(never)]
    pub fn take_slash(&mut self) -> Step<Slash> {
        let compensation = if self.flags & FLAG_COMPENSATED != 0 {
            0
        } else {
            self.compensation_lamports.get()
        };
        self.flags |= FLAG_COMPENSATED;
        checked(slash_whole_bond(
            self.bond_lamports.get(),
            compensation,
            u64::from(self.bounty_lamports.get()),
        ))
    }

    /// One worker is settled; the last makes the job final.
    pub fn apply_resolved(&mut self, now: Moment) -> Step {
        self.resolved = checked(self.resolved.checked_add(1))?;
        if self.resolved == self.joined {
            self.enter(JobState::Final, now);
        }
        Ok(())
    }
}
