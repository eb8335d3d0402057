//! A proposal: its choices, its frozen rules, its tallies and its way from draft to the end.

use {
    super::{ballot::CastChange, phase::Phase, realm::Realm, rules::Rules},
    crate::{
        constants::*,
        errors::GovernanceError,
        math::{credits, delegation::Given, epoch, outcome, tally},
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
    /// Vetoed; a vote of three quarters in the next epoch can override it.
    Vetoed = 6,
    /// Won but not executed in its window.
    Expired = 7,
}

/// Proposals whose actions only pay from the treasury.
pub const CLASS_NORMAL: u8 = 0;
/// Proposals with any other action.
pub const CLASS_HIGH: u8 = 1;
/// Proposals that call the loader, to replace a program's code or to hand it on: the high threshold and a longer timelock.
pub const CLASS_UPGRADE: u8 = 2;

/// Nobody has decided yet whether voting is extended.
pub const EXTENSION_OPEN: u8 = 0;
/// Voting is extended.
pub const EXTENSION_ON: u8 = 1;
/// Voting ended without extension; what is stripped afterwards does not reopen it.
pub const EXTENSION_OFF: u8 = 2;

/// Nobody has vetoed.
pub const VETO_NONE: u8 = 0;
/// The guardian has vetoed.
pub const VETO_GUARDIAN: u8 = 1;
/// The guardian has vetoed it as spam, before its vote: the bond is forfeited unless a vote overrides that.
pub const VETO_SPAM: u8 = 2;
/// A chamber has vetoed.
pub const VETO_CHAMBER: u8 = 3;

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
    /// 0 normal, 1 high, 2 upgrade: which threshold and timelock apply.
    pub class: u8,
    /// The choice that won; 255 before or without one.
    pub winner: u8,
    /// 1 once the leader before the late window is recorded.
    pub late_recorded: u8,
    /// Leader before the late window; 255 for none.
    pub late_leader: u8,
    /// Whether the quorum was met before the late window.
    pub late_quorum: u8,
    /// 1 once voting is extended for certain, 2 once it is certain that it is not.
    pub extended: u8,
    /// Leader when the extension began: its votes cannot rise in it.
    pub extension_leader: u8,
    /// Actions added.
    pub action_count: u8,
    /// Actions not closed yet.
    pub actions_open: u8,
    /// Actions of the winner executed.
    pub executed_count: u8,
    /// Bit g is set for each bucket left out at the decision.
    pub excluded_mask: PodU16,
    /// The realm.
    pub realm: Address,
    /// The proposer's person.
    pub proposer: Address,
    /// The wallet that paid rent and bond and gets both back. The person's wallet of the moment edits, submits and cancels.
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
    /// Seats of each chamber that have vetoed.
    pub veto_seats: [PodU32; 2],
    /// Seats of each chamber that count, frozen at submission.
    pub chamber_seats: [PodU32; 2],
    /// Version of the budgets of the vote epoch.
    pub budget_version: PodU32,
    /// Credits spent on this proposal: Σ v².
    pub spent_credits: PodU64,
    /// Actions bound to each option.
    pub option_actions: [u8; 9],
    /// Actions whose data is not complete or whose upgrade is not pinned.
    pub actions_incomplete: u8,
    /// Bit c is set if an action touches the program of chamber c.
    pub touches: u8,
    /// 0 not vetoed, 1 by the guardian, 2 by the guardian as spam, 3 by a chamber.
    pub vetoed_by: u8,
    /// 1 once a vote over the veto was called: three quarters are needed, and nobody can veto again.
    pub override_vote: u8,
    /// Zero, for growth.
    pub reserved_mid: [u8; 3],
    /// Persons with votes by bucket.
    pub bucket_voters: [PodU32; 16],
    /// Credits spent by bucket.
    pub bucket_credits: [PodU64; 16],
    /// M: votes of each bucket that count in full, Q16, frozen at submission.
    pub caps_q16: [PodU64; 16],
    /// T: discounted votes of each option, Q16.
    pub totals_q16: [PodU64; 9],
    /// S: votes of each option by bucket, Q16.
    pub buckets_q16: [[PodU64; 16]; 9],
    /// Zero, for growth.
    pub reserved: [u8; 64],
}

/// Bytes of a `Proposal` account.
pub const PROPOSAL_LEN: usize = 1_980;
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
    #[inline(never)]
    pub fn leader(&self) -> u8 {
        let offered = usize::from(self.choices).saturating_add(1);
        outcome::leader(self.totals_q16.iter().take(offered).map(PodU64::get))
    }

    /// Whether enough persons and credits took part.
    #[inline(never)]
    pub fn quorum_met(&self) -> bool {
        self.voters >= self.quorum_persons && self.spent_credits >= self.quorum_credits
    }

    /// The option is "none" or an offered choice.
    #[inline(never)]
    pub fn validate_option(&self, option: u8) -> Result<()> {
        require!(option <= self.choices, GovernanceError::OptionNotOffered);
        Ok(())
    }

    /// Moves a cast into the tallies, the voters and the credits (G2).
    #[inline(never)]
    pub fn apply_cast(&mut self, bucket: u8, change: &CastChange) -> Result<()> {
        let (old, new) = (cast_of(change.old_votes)?, cast_of(change.new_votes)?);
        self.apply_votes(bucket, (change.old_option, &old), (change.new_option, &new))
    }

    /// Takes one cohort's votes from an option and gives it others, direct or delegated (G2).
    #[inline(never)]
    pub fn apply_votes(&mut self, bucket: u8, old: (u8, &Given), new: (u8, &Given)) -> Result<()> {
        if old.0 == new.0 {
            self.shift(bucket, new.0, old.1, new.1)
        } else {
            self.shift(bucket, old.0, old.1, &Given::default())?;
            self.shift(bucket, new.0, &Given::default(), new.1)
        }
    }

    #[inline(never)]
    fn shift(&mut self, bucket: u8, option: u8, old: &Given, new: &Given) -> Result<()> {
        let place = usize::from(bucket);
        let cap = self.caps_q16.get(place).ok_or(GovernanceError::SlotOutOfBounds)?.get();
        let total = self
            .totals_q16
            .get_mut(usize::from(option))
            .ok_or(GovernanceError::OptionNotOffered)?;
        let cell = self
            .buckets_q16
            .get_mut(usize::from(option))
            .and_then(|row| row.get_mut(place))
            .ok_or(GovernanceError::OptionNotOffered)?;
        let change = tally::shift(cell.get(), total.get(), cap, old.votes_q16, new.votes_q16)?;
        *cell = change.bucket_q16.into();
        *total = change.total_q16.into();
        if old.voters != new.voters {
            let voters = |count: u32| {
                count
                    .checked_sub(old.voters)
                    .and_then(|rest| rest.checked_add(new.voters))
                    .ok_or(GovernanceError::ArithmeticOverflow)
            };
            self.voters = voters(self.voters.get())?.into();
            let in_bucket = self
                .bucket_voters
                .get_mut(place)
                .ok_or(GovernanceError::SlotOutOfBounds)?;
            *in_bucket = voters(in_bucket.get())?.into();
        }
        let credits = |count: u64| {
            count
                .checked_sub(old.credits)
                .and_then(|rest| rest.checked_add(new.credits))
                .ok_or(GovernanceError::ArithmeticOverflow)
        };
        self.spent_credits = credits(self.spent_credits.get())?.into();
        let in_bucket = self
            .bucket_credits
            .get_mut(place)
            .ok_or(GovernanceError::SlotOutOfBounds)?;
        *in_bucket = credits(in_bucket.get())?.into();
        Ok(())
    }

    /// Freezes rules, cohort bounds and quorum, and fixes the vote to the next epoch. `realm` is rolled to the current one.
    pub fn apply_submission(&mut self, realm: &Realm, current_epoch: u32, now_ts: i64) -> Result<()> {
        require!(self.actions_incomplete == 0, GovernanceError::ActionIncomplete);
        let vote_epoch = epoch::add(current_epoch, 1)?;
        if self.action_count != 0 {
            let floors = Floors::of(realm.is_rehearsal());
            let unlocked = vote_epoch >= floors.action_epoch && realm.persons_at_start.get() >= floors.action_persons;
            require!(unlocked, GovernanceError::ActionsLocked);
        }
        self.rules = *realm.rules_for(vote_epoch);
        self.chamber_seats = realm.chamber_seats_at_start;
        self.submitted_ts = now_ts.into();
        self.open_vote(realm, vote_epoch, now_ts)
    }

    /// Calls a vote over a veto in the next epoch: three quarters pass it, under the rules of its submission.
    pub fn apply_override(&mut self, realm: &Realm, current_epoch: u32, now_ts: i64) -> Result<()> {
        require!(self.is(Status::Vetoed), GovernanceError::NotVetoed);
        require!(now_ts < self.expires_ts.get(), GovernanceError::OverrideTooLate);
        self.override_vote = 1;
        self.extended = EXTENSION_OPEN;
        self.late_recorded = 0;
        self.late_quorum = 0;
        self.late_leader = NO_LEADER;
        self.extension_leader = NO_LEADER;
        self.winner = NO_LEADER;
        self.excluded_mask = PodU16::ZERO;
        self.finalized_ts = PodI64::ZERO;
        self.executable_from_ts = PodI64::ZERO;
        self.voters = PodU32::ZERO;
        self.spent_credits = PodU64::ZERO;
        self.bucket_voters = bytemuck::Zeroable::zeroed();
        self.bucket_credits = bytemuck::Zeroable::zeroed();
        self.totals_q16 = bytemuck::Zeroable::zeroed();
        self.buckets_q16 = bytemuck::Zeroable::zeroed();
        self.open_vote(realm, epoch::add(current_epoch, 1)?, now_ts)
    }

    /// Fixes the vote to an epoch, with its cohort bounds, its quorum and the version of its budgets.
    fn open_vote(&mut self, realm: &Realm, vote_epoch: u32, now_ts: i64) -> Result<()> {
        let starts_ts = realm.epoch_start(vote_epoch)?;
        let rules = self.rules;
        // a vote over a veto goes by old rules, in epochs that may be shorter by now: its ballots must not close before it ends
        require!(
            epoch::later(starts_ts, rules.vote_s())? <= realm.epoch_end(vote_epoch)?,
            GovernanceError::EpochTooShort
        );
        require!(
            epoch::later(now_ts, rules.review_s.get())? <= starts_ts,
            GovernanceError::ReviewTooShort
        );
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
        self.budget_version = realm.budget_version_for(vote_epoch).into();
        self.vote_epoch = vote_epoch.into();
        self.voting_starts_ts = starts_ts.into();
        self.status = Status::Submitted as u8;
        Ok(())
    }

    /// Takes the excluded buckets' votes, voters and credits out of the result.
    fn apply_exclusions(&mut self) -> Result<()> {
        let mask = self.excluded_mask.get();
        for bucket in (0..BUCKETS).filter(|bucket| mask & (1 << bucket) != 0) {
            let cap = self.caps_q16.get(bucket).map_or(0, PodU64::get);
            for (total, row) in self.totals_q16.iter_mut().zip(&self.buckets_q16) {
                let votes = row.get(bucket).map_or(0, PodU64::get);
                *total = total
                    .checked_sub(tally::discount_floor(votes, cap))
                    .ok_or(GovernanceError::InvariantViolated)?;
            }
            let voters = self.bucket_voters.get(bucket).map_or(0, PodU32::get);
            let credits = self.bucket_credits.get(bucket).map_or(0, PodU64::get);
            self.voters = self
                .voters
                .checked_sub(voters)
                .ok_or(GovernanceError::InvariantViolated)?;
            self.spent_credits = self
                .spent_credits
                .checked_sub(credits)
                .ok_or(GovernanceError::InvariantViolated)?;
        }
        Ok(())
    }

    /// The share of (winner + none) this proposal needs.
    pub fn threshold_ppm(&self) -> u32 {
        let rules = &self.rules;
        if self.override_vote != 0 {
            OVERRIDE_THRESHOLD_PPM
        } else if self.class == CLASS_NORMAL {
            rules.normal_threshold_ppm.get()
        } else {
            rules.high_threshold_ppm.get()
        }
    }

    /// First moment of execution after a challenge that ends then.
    fn timelock_end(&self, challenge_end_ts: i64) -> Result<i64> {
        let timelock = if self.class == CLASS_UPGRADE {
            self.rules.upgrade_timelock_s
        } else {
            self.rules.timelock_s
        };
        Ok(epoch::later(challenge_end_ts, timelock.get())?)
    }

    /// Decides a proposal whose challenge is over; reads only what this account holds.
    pub fn apply_decision(&mut self, now_ts: i64) -> Result<()> {
        require!(self.is(Status::Submitted), GovernanceError::NotDecidable);
        require!(self.phase(now_ts)? == Phase::Over, GovernanceError::ChallengeNotOver);
        // before the exclusions, which must not move the end of voting
        let ends_ts = self.challenge_end()?;
        self.apply_exclusions()?;
        let leader = self.leader();
        let won = outcome::passes(
            leader,
            self.total_of(leader),
            self.total_of(NONE_OPTION),
            self.threshold_ppm(),
            self.quorum_met(),
        );
        self.finalized_ts = now_ts.into();
        if !won {
            self.status = Status::Defeated as u8;
            return Ok(());
        }
        let from = self.timelock_end(ends_ts)?;
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

    /// How many persons with the largest budget could have cast the votes of a decided proposal, Q16.
    pub fn voting_persons_q16(&self) -> Result<u64> {
        let mut votes = 0u64;
        for total in &self.totals_q16 {
            votes = votes
                .checked_add(total.get())
                .ok_or(GovernanceError::ArithmeticOverflow)?;
        }
        Ok(credits::voting_persons_q16_floor(votes, self.rules.largest_budget())?)
    }

    /// Whether it can be vetoed: up to the end of its timelock, decided or not, if no vote over a veto was called.
    #[inline(never)]
    pub fn validate_veto(&self, now_ts: i64) -> Result<()> {
        require!(self.override_vote == 0, GovernanceError::VetoOverridden);
        let until_ts = if self.is(Status::Submitted) {
            self.timelock_end(self.challenge_end()?)?
        } else {
            self.executable_from_ts.get()
        };
        let in_time = (self.is(Status::Submitted) || self.is(Status::Succeeded)) && now_ts < until_ts;
        require!(in_time, GovernanceError::VetoTooLate);
        Ok(())
    }

    /// Vetoes; until `override_until_ts` a vote over it can be called.
    #[inline(never)]
    pub fn apply_veto(&mut self, by: u8, override_until_ts: i64) {
        self.status = Status::Vetoed as u8;
        self.vetoed_by = by;
        self.winner = NO_LEADER;
        self.expires_ts = override_until_ts.into();
    }

    /// Counts a seat's veto. The chamber's vetoes and its frozen seats.
    pub fn apply_chamber_veto(&mut self, chamber: u8) -> Result<(u32, u32)> {
        let place = usize::from(chamber);
        let seats = self.veto_seats.get_mut(place).ok_or(GovernanceError::ChamberUnknown)?;
        *seats = seats.checked_add(1u32).ok_or(GovernanceError::ArithmeticOverflow)?;
        let of = self.chamber_seats.get(place).map_or(0, PodU32::get);
        Ok((seats.get(), of))
    }

    /// Leaves a bucket out of the decision.
    pub fn apply_exclusion(&mut self, slot: u8, now_ts: i64) -> Result<()> {
        let in_challenge = self.is(Status::Submitted) && self.phase(now_ts)? == Phase::Challenge;
        require!(in_challenge, GovernanceError::NotInChallenge);
        self.freeze_extension();
        let mask = self.excluded_mask.get() | super::slot_bit(slot)?;
        require!(
            mask.count_ones() <= MAX_EXCLUDED_BUCKETS,
            GovernanceError::ExclusionsExhausted
        );
        self.excluded_mask = mask.into();
        Ok(())
    }

    /// Whether the bond goes to the treasury: vetoed as spam, and no vote has said otherwise.
    pub fn forfeits_bond(&self) -> bool {
        self.vetoed_by == VETO_SPAM && self.winner == NO_LEADER
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

    /// Whether nothing can change any more: a veto only when the time to override it has passed.
    #[inline(never)]
    pub fn is_finished(&self, now_ts: i64) -> bool {
        self.status >= Status::Defeated as u8 && !(self.is(Status::Vetoed) && now_ts < self.expires_ts.get())
    }

    /// Nothing can change any more, and a bond that ended in a cancellation has stayed its epoch: it doubled the next ones'.
    pub fn validate_close(&self, now_ts: i64) -> Result<()> {
        require!(self.is_finished(now_ts), GovernanceError::ProposalNotFinished);
        let is_held = self.is(Status::Cancelled) && !self.bond_lamports.is_zero() && now_ts < self.expires_ts.get();
        require!(!is_held, GovernanceError::BondHeld);
        require!(self.actions_open == 0, GovernanceError::ActionsNotClosed);
        Ok(())
    }

    /// Counts what was missing of an action of a draft.
    #[inline(never)]
    pub fn apply_completion(&mut self) -> Result<()> {
        require!(self.is(Status::Draft), GovernanceError::ProposalIsNotDraft);
        self.actions_incomplete = self
            .actions_incomplete
            .checked_sub(1)
            .ok_or(GovernanceError::InvariantViolated)?;
        Ok(())
    }

    /// Counts an action of a draft; its order within its option.
    pub fn apply_action(&mut self, choice: u8, class: u8, touches: u8, missing: u8) -> Result<u8> {
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
        self.actions_incomplete = self
            .actions_incomplete
            .checked_add(missing)
            .ok_or(GovernanceError::ArithmeticOverflow)?;
        self.class = self.class.max(class);
        self.touches |= touches;
        Ok(order)
    }

    /// What holds after every instruction: discounted votes never exceed the row they come from would be 144 roots, so the
    /// tests assert G2 in full; here, the counters.
    #[inline(never)]
    pub fn invariant(&self) -> Result<()> {
        let holds = self.executed_count <= self.action_count
            && self.actions_open <= self.action_count
            && self.choices <= MAX_CHOICES;
        require!(holds, GovernanceError::InvariantViolated);
        Ok(())
    }
}

/// What direct votes give: one voter, v votes, v² credits.
fn cast_of(votes: u32) -> Result<Given> {
    Ok(Given {
        voters: u32::from(votes != 0),
        votes_q16: tally::votes_q16(votes),
        credits: u64::from(credits::cost(votes)?),
    })
}
