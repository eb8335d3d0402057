//! Where a proposal is in time: a pure function of the clock and the tallies, late swings included.

use {
    super::{
        ballot::CastChange,
        proposal::{Proposal, Status},
    },
    crate::{errors::GovernanceError, math::epoch},
    anchor_lang::prelude::*,
};

/// Where a submitted proposal is in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before its vote.
    Review,
    /// In its voting time.
    Voting,
    /// In the extension after a late swing.
    Extended,
    /// After voting; only stripping runs.
    Challenge,
    /// Ready for `finalize`.
    Over,
}

impl Proposal {
    /// Whether leader or quorum changed in the late window, or an extension has begun: voting lasts X longer.
    pub fn is_extended(&self) -> bool {
        self.extended == 1
            || (self.late_recorded == 1
                && (self.late_leader != self.leader() || (self.late_quorum == 1) != self.quorum_met()))
    }

    /// End of voting without extension.
    fn regular_end(&self) -> Result<i64> {
        Ok(epoch::later(self.voting_starts_ts.get(), self.rules.voting_s.get())?)
    }

    /// End of the challenge: from then on the result stands.
    pub fn challenge_end(&self) -> Result<i64> {
        let mut end = self.regular_end()?;
        if self.is_extended() {
            end = epoch::later(end, self.rules.extension_s.get())?;
        }
        Ok(epoch::later(end, self.rules.challenge_s.get())?)
    }

    /// Where a submitted proposal is in time.
    pub fn phase(&self, now_ts: i64) -> Result<Phase> {
        if now_ts < self.voting_starts_ts.get() {
            return Ok(Phase::Review);
        }
        let end = self.regular_end()?;
        if now_ts < end {
            return Ok(Phase::Voting);
        }
        if self.is_extended() && now_ts < epoch::later(end, self.rules.extension_s.get())? {
            return Ok(Phase::Extended);
        }
        Ok(if now_ts < self.challenge_end()? {
            Phase::Challenge
        } else {
            Phase::Over
        })
    }

    /// Whether a vote may be cast now, and in which phase.
    pub fn validate_voting(&self, now_ts: i64) -> Result<Phase> {
        require!(self.is(Status::Submitted), GovernanceError::VotingIsNotOpen);
        match self.phase(now_ts)? {
            phase @ (Phase::Voting | Phase::Extended) => Ok(phase),
            _ => Err(GovernanceError::VotingIsNotOpen.into()),
        }
    }

    /// Records what the late window and the extension need to know, before a cast changes the tallies.
    pub fn apply_late_marks(&mut self, phase: Phase, now_ts: i64) -> Result<()> {
        if phase == Phase::Extended {
            if self.extended == 0 {
                self.extension_leader = self.leader();
                self.extended = 1;
            }
            return Ok(());
        }
        let late_from = self
            .regular_end()?
            .saturating_sub(i64::from(self.rules.late_window_s.get()));
        if now_ts >= late_from && self.late_recorded == 0 {
            self.late_leader = self.leader();
            self.late_quorum = u8::from(self.quorum_met());
            self.late_recorded = 1;
        }
        Ok(())
    }

    /// In the extension the votes of the option that led at its start cannot rise.
    pub fn validate_extension(&self, phase: Phase, change: &CastChange) -> Result<()> {
        if phase != Phase::Extended || change.new_option != self.extension_leader {
            return Ok(());
        }
        let before = if change.old_option == change.new_option {
            change.old_votes
        } else {
            0
        };
        require!(change.new_votes <= before, GovernanceError::LeaderCannotRise);
        Ok(())
    }
}
