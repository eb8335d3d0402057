//! What stops a decision, and what overrides that.

use super::*;

impl Book {
    /// `veto`.
    pub fn veto(&mut self, by: &Address, proposal: &Address, as_spam: bool, now: i64) -> Result<(), Refusal> {
        let (guardian, sunset) = self.powers[1];
        demand_address(*by == guardian)?;
        demand(now < sunset, GovernanceError::NotAuthorized)?;
        let until_ts = self.starts(self.epoch(now) + 2);
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(!state.is_override, GovernanceError::VetoOverridden)?;
        let until = match state.status {
            Status::Submitted => state.ends()[2] + i64::from(state.rules.timelock_s),
            Status::Succeeded => state.executable_ts,
            _ => now,
        };
        let in_time = now < until;
        demand(in_time, GovernanceError::VetoTooLate)?;
        let in_review = state.status == Status::Submitted && now < state.starts_ts;
        demand(!as_spam || in_review, GovernanceError::VetoTooLate)?;
        state.status = Status::Vetoed;
        state.veto = Some(as_spam);
        state.winner = None;
        state.until_ts = until_ts;
        Ok(())
    }

    /// `override_veto`.
    pub fn override_veto(
        &mut self,
        by: &Address,
        person: &Address,
        proposal: &Address,
        now: i64,
    ) -> Result<(), Refusal> {
        let caller = &self.persons[person];
        demand_address(caller.wallet == *by)?;
        caller.check_active(now)?;
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.status == Status::Vetoed, GovernanceError::NotVetoed)?;
        demand(now < state.until_ts, GovernanceError::OverrideTooLate)?;
        state.is_override = true;
        state.votes.clear();
        state.shares.clear();
        state.excluded.clear();
        (state.late, state.extended, state.extension_leader) = (None, None, None);
        state.is_decided = false;
        state.executable_ts = 0;
        let rules = state.rules;
        self.call_vote(proposal, rules, now)
    }

    /// `resign_guardian`.
    pub fn resign(&mut self, by: &Address, now: i64) -> Result<(), Refusal> {
        demand_address(*by == self.powers[1].0)?;
        self.powers[1] = (Address::default(), now);
        Ok(())
    }

    /// `exclude_bucket`, by the guardian where no attestor follows.
    pub fn exclude(
        &mut self,
        by: &Address,
        proposal: &Address,
        keys: &[Address],
        slot: u8,
        now: i64,
    ) -> Result<(), Refusal> {
        if keys.is_empty() {
            let (guardian, sunset) = self.powers[1];
            demand(*by == guardian && now < sunset, GovernanceError::NotAuthorized)?;
        } else {
            let needed = usize::from(self.rules_at(now).attestations);
            demand(keys.len() == needed, GovernanceError::AttestationsMalformed)?;
            for key in keys {
                demand(now < self.attestors[key].until_ts, GovernanceError::AttestorExpired)?;
            }
            demand(slot < 16, GovernanceError::SlotOutOfBounds)?;
            let is_judge = keys.iter().any(|key| self.attestors[key].slot == slot);
            demand(!is_judge, GovernanceError::NotAuthorized)?;
        }
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.is_challenged(now), GovernanceError::NotInChallenge)?;
        demand(slot < 16, GovernanceError::SlotOutOfBounds)?;
        state.mark(now);
        state.excluded.insert(slot);
        demand(state.excluded.len() <= 4, GovernanceError::ExclusionsExhausted)
    }
}
