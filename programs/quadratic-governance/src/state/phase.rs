//! Where a proposal is in time: a pure function of the clock and the tallies, late swings included.

use {
    super::proposal::{Proposal, Status, EXTENSION_OFF, EXTENSION_ON, EXTENSION_OPEN},
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
    #[inline(never)]
    pub fn is_extended(&self) -> bool {
        match self.extended {
            EXTENSION_OPEN => {
                self.late_recorded == 1
                    && (self.late_leader != self.leader() || (self.late_quorum == 1) != self.quorum_met())
            }
            extended => extended == EXTENSION_ON,
        }
    }

    /// Keeps whether voting was extended, before the challenge changes tallies: what is stripped must not reopen the vote.
    #[inline(never)]
    pub fn freeze_extension(&mut self) {
        if self.extended == EXTENSION_OPEN {
            self.extended = if self.is_extended() {
                EXTENSION_ON
            } else {
                EXTENSION_OFF
            };
        }
    }

    /// End of voting without extension.
    #[inline(never)]
    fn regular_end(&self) -> Result<i64> {
        Ok(epoch::later(self.voting_starts_ts.get(), self.rules.voting_s.get())?)
    }

    /// End of the challenge: from then on the result stands.
    #[inline(never)]
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
    #[inline(never)]
    pub fn validate_voting(&self, now_ts: i64) -> Result<Phase> {
        require!(self.is(Status::Submitted), GovernanceError::VotingIsNotOpen);
        match self.phase(now_ts)? {
            phase @ (Phase::Voting | Phase::Extended) => Ok(phase),
            _ => Err(GovernanceError::VotingIsNotOpen.into()),
        }
    }

    /// Records what the late window and the extension need to know, before a cast changes the tallies.
    #[inline(never)]
    pub fn apply_late_marks(&mut self, phase: Phase, now_ts: i64) -> Result<()> {
        if phase == Phase::Extended {
            if self.extended == EXTENSION_OPEN {
                self.extension_leader = self.leader();
                self.extended = EXTENSION_ON;
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

    /// Whether votes may be taken out now: from the start of voting to the end of the challenge (G8). Records what the time
    /// after needs to know.
    #[inline(never)]
    pub fn prepare_strip(&mut self, now_ts: i64) -> Result<Phase> {
        require!(self.is(Status::Submitted), GovernanceError::VotingIsNotOpen);
        let phase = self.phase(now_ts)?;
        match phase {
            Phase::Voting | Phase::Extended => self.apply_late_marks(phase, now_ts)?,
            Phase::Challenge => self.freeze_extension(),
            Phase::Review | Phase::Over => return Err(GovernanceError::VotingIsNotOpen.into()),
        }
        Ok(phase)
    }

    /// In the extension the votes of the option that led at its start cannot rise.
    #[inline(never)]
    pub fn validate_extension(&self, phase: Phase, old: (u8, u32), new: (u8, u32)) -> Result<()> {
        if phase != Phase::Extended || new.0 != self.extension_leader {
            return Ok(());
        }
        let before = if old.0 == new.0 { old.1 } else { 0 };
        require!(new.1 <= before, GovernanceError::LeaderCannotRise);
        Ok(())
    }
}
