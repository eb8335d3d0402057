//! A proposal: its choices, its frozen rules, its tallies and its way from draft to the end.

use {
    super::{ballot::CastChange, phase::Phase, realm::Realm, rules::Rules},
    crate::{
        constants::*,
        errors::GovernanceError,
        math::{epoch, outcome, tally},
    },
    anchor_lang::prelude::*,
};

/// Stored milestones of a proposal. What lies between them (review, voting, extension, challenge, timelock) follows from times and tallies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Actions can be added.
    Draft = 0,
    /// Frozen; review, voting, extension and challenge follow by time.
    Submitted = 1,
    /// Won; its actions wait for the timelock or are being executed.
    Succeeded = 2,
    /// Lost, tied, or without quorum.
    Defeated = 3,
    /// Won, and nothing is left to execute.
    Executed = 4,
    /// Withdrawn before its vote.
    Cancelled = 5,
    /// Vetoed; not reachable yet.
    Vetoed = 6,
    /// Won but not executed in its window.
    Expired = 7,
}

/// Proposals whose actions only pay from the treasury.
pub const CLASS_NORMAL: u8 = 0;
/// Proposals with any other action.
pub const CLASS_HIGH: u8 = 1;

/// A proposal and its tallies. Closed when finished; rent and bond return to the proposer.
///
/// Seeds: `proposal`, realm, index. State is a function of times and tallies and only moves forward (G4);
/// rules are copied at submission and never read again (G7).
#[account]
pub struct Proposal {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Milestone: 0 draft, 1 submitted, 2 succeeded, 3 defeated, 4 executed, 5 cancelled, 6 vetoed, 7 expired.
    pub status: u8,
    /// Choices offered besides "none".
    pub choices: u8,
    /// 0 normal, 1 high: which threshold applies.
    pub class: u8,
    /// The choice that won; 255 before or without one.
    pub winner: u8,
    /// 1 once the leader before the late window is recorded.
    pub late_recorded: u8,
    /// Leader before the late window; 255 for none.
    pub late_leader: u8,
    /// Whether the quorum was met before the late window.
    pub late_quorum: u8,
    /// 1 once a vote was cast in the extension.
    pub extended: u8,
    /// Leader when the extension began: its votes cannot rise in it.
    pub extension_leader: u8,
    /// Actions added.
    pub action_count: u8,
    /// Actions not closed yet.
    pub actions_open: u8,
    /// Actions of the winner executed.
    pub executed_count: u8,
    /// Buckets left out at finalize; zero until used.
    pub excluded_mask: PodU16,
    /// The realm.
    pub realm: Address,
    /// The proposer's person.
    pub proposer: Address,
    /// The proposer's wallet: edits the draft, submits, cancels, paid the rent and gets rent and bond back.
    pub authority: Address,
    /// SHA-256 of the text people vote on.
    pub content_hash: [u8; 32],
    /// Index in the realm.
    pub index: PodU32,
    /// Epoch of the vote; `NO_EPOCH` before submission.
    pub vote_epoch: PodU32,
    /// Creation, Unix time in seconds.
    pub created_ts: PodI64,
    /// Submission, Unix time in seconds.
    pub submitted_ts: PodI64,
    /// Start of the vote, Unix time in seconds.
    pub voting_starts_ts: PodI64,
    /// Decision, Unix time in seconds.
    pub finalized_ts: PodI64,
    /// First moment of execution, Unix time in seconds.
    pub executable_from_ts: PodI64,
    /// End of the execution window, Unix time in seconds; until decided, the end of the epoch it was created in.
    pub expires_ts: PodI64,
    /// Bond in lamports, held by this account besides its rent.
    pub bond_lamports: PodU64,
    /// The realm's rules at submission.
    pub rules: Rules,
    /// Quorum base in persons, frozen at submission.
    pub quorum_base: PodU32,
    /// Voters needed.
    pub quorum_persons: PodU32,
    /// Credits needed.
    pub quorum_credits: PodU64,
    /// Persons with votes on this proposal.
    pub voters: PodU32,
    /// Veto: seats against; zero until used.
    pub veto_seats: PodU32,
    /// Credits spent on this proposal: Σ v².
    pub spent_credits: PodU64,
    /// Actions bound to each option.
    pub option_actions: [u8; 9],
    /// Zero, for growth.
    pub reserved_mid: [u8; 7],
    /// M: votes of each bucket that count in full, Q16, frozen at submission.
    pub caps_q16: [PodU64; 16],
    /// T: discounted votes of each option, Q16.
    pub totals_q16: [PodU64; 9],
    /// S: votes of each option by bucket, Q16.
    pub buckets_q16: [[PodU64; 16]; 9],
    /// Zero, for growth: chamber, veto, override, upgrade pins.
    pub reserved: [u8; 128],
}

/// Bytes of a `Proposal` account.
pub const PROPOSAL_LEN: usize = 1_836;
const _: () = assert!(core::mem::size_of::<Proposal>() == PROPOSAL_LEN - 8);
const _: () = assert!(core::mem::offset_of!(Proposal, realm) == 24 - 8);

impl Proposal {
    /// Whether the milestone is this one.
    pub fn is(&self, status: Status) -> bool {
        self.status == status as u8
    }

    /// Discounted votes of an option.
    pub fn total_of(&self, option: u8) -> u64 {
        self.totals_q16.get(usize::from(option)).map_or(0, PodU64::get)
    }

    /// The option that leads now.
    pub fn leader(&self) -> u8 {
        let offered = usize::from(self.choices).saturating_add(1);
        outcome::leader(self.totals_q16.iter().take(offered).map(PodU64::get))
    }

    /// Whether enough persons and credits took part.
    pub fn quorum_met(&self) -> bool {
        self.voters >= self.quorum_persons && self.spent_credits >= self.quorum_credits
    }

    /// The option is "none" or an offered choice.
    pub fn validate_option(&self, option: u8) -> Result<()> {
        require!(option <= self.choices, GovernanceError::OptionNotOffered);
        Ok(())
    }

    /// Moves a cast into the tallies, the voters and the credits (G2).
    pub fn apply_cast(&mut self, bucket: u8, change: &CastChange) -> Result<()> {
        if change.old_option == change.new_option {
            self.shift(bucket, change.new_option, change.old_votes, change.new_votes)?;
        } else {
            self.shift(bucket, change.old_option, change.old_votes, 0)?;
            self.shift(bucket, change.new_option, 0, change.new_votes)?;
        }
        let voters = self.voters.get();
        let voters = match (change.old_votes, change.new_votes) {
            (0, _) => voters.checked_add(1),
            (_, 0) => voters.checked_sub(1),
            _ => Some(voters),
        };
        self.voters = voters.ok_or(GovernanceError::ArithmeticOverflow)?.into();
        let old_cost = u64::from(crate::math::credits::cost(change.old_votes)?);
        let new_cost = u64::from(crate::math::credits::cost(change.new_votes)?);
        let without = self
            .spent_credits
            .checked_sub(old_cost)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        self.spent_credits = without
            .checked_add(new_cost)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        Ok(())
    }

    fn shift(&mut self, bucket: u8, option: u8, old_votes: u32, new_votes: u32) -> Result<()> {
        let bucket = usize::from(bucket);
        let option = usize::from(option);
        let cap = self.caps_q16.get(bucket).ok_or(GovernanceError::SlotOutOfBounds)?.get();
        let total = self
            .totals_q16
            .get_mut(option)
            .ok_or(GovernanceError::OptionNotOffered)?;
        let cell = self
            .buckets_q16
            .get_mut(option)
            .and_then(|row| row.get_mut(bucket))
            .ok_or(GovernanceError::OptionNotOffered)?;
        let change = tally::shift(cell.get(), total.get(), cap, old_votes, new_votes)?;
        *cell = change.bucket_q16.into();
        *total = change.total_q16.into();
        Ok(())
    }

    /// Freezes rules, cohort bounds and quorum, and fixes the vote to the next epoch. `realm` is rolled to the current one.
    pub fn apply_submission(&mut self, realm: &Realm, current_epoch: u32, now_ts: i64) -> Result<()> {
        let vote_epoch = current_epoch
            .checked_add(1)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        let starts_ts = realm.epoch_start(vote_epoch)?;
        let rules = realm.rules;
        require!(
            epoch::later(now_ts, rules.review_s.get())? <= starts_ts,
            GovernanceError::ReviewTooShort
        );
        if self.action_count != 0 {
            let floors = Floors::of(realm.is_rehearsal());
            let unlocked = vote_epoch >= floors.action_epoch && realm.persons_at_start.get() >= floors.action_persons;
            require!(unlocked, GovernanceError::ActionsLocked);
        }
        let root = tally::base_root_q16_floor(rules.base_credits.get());
        for (cap, persons) in self.caps_q16.iter_mut().zip(realm.bucket_persons_at_start.iter()) {
            *cap = tally::cohort_cap_q16_floor(rules.cohort_floor_votes.get(), persons.get(), root)?.into();
        }
        let quorum = outcome::quorum_ceil(
            realm.ballots_before.get().max(realm.ballots_in_epoch.get()),
            realm.persons_at_start.get(),
            rules.min_persons.get(),
            rules.quorum_persons_ppm.get(),
            rules.quorum_credits_ppm.get(),
            rules.base_credits.get(),
        )?;
        self.quorum_base = quorum.base_persons.into();
        self.quorum_persons = quorum.persons.into();
        self.quorum_credits = quorum.credits.into();
        self.rules = rules;
        self.vote_epoch = vote_epoch.into();
        self.voting_starts_ts = starts_ts.into();
        self.submitted_ts = now_ts.into();
        self.status = Status::Submitted as u8;
        Ok(())
    }

    /// Decides a proposal whose challenge is over; reads only what this account holds.
    pub fn apply_decision(&mut self, now_ts: i64) -> Result<()> {
        require!(self.is(Status::Submitted), GovernanceError::NotDecidable);
        require!(self.phase(now_ts)? == Phase::Over, GovernanceError::ChallengeNotOver);
        let leader = self.leader();
        let threshold = if self.class == CLASS_HIGH {
            self.rules.high_threshold_ppm.get()
        } else {
            self.rules.normal_threshold_ppm.get()
        };
        let won = outcome::passes(
            leader,
            self.total_of(leader),
            self.total_of(NONE_OPTION),
            threshold,
            self.quorum_met(),
        );
        self.finalized_ts = now_ts.into();
        if !won {
            self.status = Status::Defeated as u8;
            return Ok(());
        }
        let from = epoch::later(self.challenge_end()?, self.rules.timelock_s.get())?;
        self.winner = leader;
        self.executable_from_ts = from.into();
        self.expires_ts = epoch::later(from, self.rules.execution_window_s.get())?.into();
        self.status = if self.winner_actions() == 0 {
            Status::Executed
        } else {
            Status::Succeeded
        } as u8;
        Ok(())
    }

    /// Actions bound to the winner.
    pub fn winner_actions(&self) -> u8 {
        self.option_actions.get(usize::from(self.winner)).copied().unwrap_or(0)
    }

    /// Whether an action may be executed now.
    pub fn validate_execution(&self, now_ts: i64) -> Result<()> {
        require!(self.is(Status::Succeeded), GovernanceError::NotExecutable);
        require!(
            now_ts >= self.executable_from_ts.get(),
            GovernanceError::TimelockNotOver
        );
        require!(now_ts < self.expires_ts.get(), GovernanceError::ExecutionWindowOver);
        Ok(())
    }

    /// Counts an execution; the last one ends the proposal.
    pub fn apply_execution(&mut self) -> Result<()> {
        self.executed_count = self
            .executed_count
            .checked_add(1)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        if self.executed_count == self.winner_actions() {
            self.status = Status::Executed as u8;
        }
        Ok(())
    }

    /// Withdraws a draft, or a submission whose vote has not started.
    pub fn apply_cancellation(&mut self, now_ts: i64) -> Result<()> {
        let in_time = self.is(Status::Draft) || (self.is(Status::Submitted) && now_ts < self.voting_starts_ts.get());
        require!(in_time, GovernanceError::CancelTooLate);
        self.status = Status::Cancelled as u8;
        Ok(())
    }

    /// Ends a succeeded proposal whose window has passed.
    pub fn apply_expiry(&mut self, now_ts: i64) -> Result<()> {
        require!(self.is(Status::Succeeded), GovernanceError::NotExecutable);
        require!(now_ts >= self.expires_ts.get(), GovernanceError::NotExpired);
        self.status = Status::Expired as u8;
        Ok(())
    }

    /// Whether nothing can change any more.
    pub fn is_finished(&self) -> bool {
        self.status >= Status::Defeated as u8
    }

    /// Nothing can change any more, and a bond that ended in a cancellation has stayed its epoch: it doubled the next ones'.
    pub fn validate_close(&self, now_ts: i64) -> Result<()> {
        require!(self.is_finished(), GovernanceError::ProposalNotFinished);
        let is_held = self.is(Status::Cancelled) && !self.bond_lamports.is_zero() && now_ts < self.expires_ts.get();
        require!(!is_held, GovernanceError::BondHeld);
        require!(self.actions_open == 0, GovernanceError::ActionsNotClosed);
        Ok(())
    }

    /// Counts an action of a draft; its order within its option.
    pub fn apply_action(&mut self, choice: u8, class: u8) -> Result<u8> {
        require!(self.is(Status::Draft), GovernanceError::ProposalIsNotDraft);
        require!(self.action_count < MAX_ACTIONS, GovernanceError::TooManyActions);
        require!(
            choice != NONE_OPTION && choice <= self.choices,
            GovernanceError::ActionChoiceInvalid
        );
        let counter = self
            .option_actions
            .get_mut(usize::from(choice))
            .ok_or(GovernanceError::ActionChoiceInvalid)?;
        let order = *counter;
        *counter = order.checked_add(1).ok_or(GovernanceError::ArithmeticOverflow)?;
        self.action_count = self
            .action_count
            .checked_add(1)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        self.actions_open = self
            .actions_open
            .checked_add(1)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        self.class = self.class.max(class);
        Ok(order)
    }

    /// What holds after every instruction: discounted votes never exceed the row they come from would be 144 roots, so the
    /// tests assert G2 in full; here, the counters.
    pub fn invariant(&self) -> Result<()> {
        let holds = self.executed_count <= self.action_count
            && self.actions_open <= self.action_count
            && self.spent_credits.get() >= u64::from(self.voters.get())
            && self.choices <= MAX_CHOICES;
        require!(holds, GovernanceError::InvariantViolated);
        Ok(())
    }
}
