//! Bounds of a rehearsal realm's parameters, and of their change by vote.

use super::*;

fn demand_within(value: u32, low: u32, high: u32, error: GovernanceError) -> Result<(), Refusal> {
    demand((low..=high).contains(&value), error)
}

/// Holds parameters of a rehearsal realm against the documented bounds.
pub fn check_parameters(p: &RealmParameters) -> Result<(), Refusal> {
    use GovernanceError as E;
    let quarter = 90 * 86_400;
    for (value, low, high) in [
        (p.epoch_s, 8, quarter),
        (p.voting_s, 4, quarter),
        (p.extension_s, 1, quarter),
        (p.late_window_s, 1, p.voting_s),
        (p.challenge_s, 1, quarter),
        (p.timelock_s, 1, quarter),
        (p.upgrade_timelock_s, p.timelock_s.max(2), quarter),
        (p.execution_window_s, 5, quarter),
        (p.review_s, 0, p.epoch_s / 2),
    ] {
        demand_within(value, low, high, E::DelayOutOfBounds)?;
    }
    let vote = u64::from(p.voting_s) + u64::from(p.extension_s) + u64::from(p.challenge_s);
    demand(u64::from(p.epoch_s) >= vote, E::EpochTooShort)?;
    demand_within(p.base_credits, 1, 1_000_000, E::CreditsOutOfBounds)?;
    demand_within(p.max_bonus_credits, 0, p.base_credits * 8, E::CreditsOutOfBounds)?;
    demand(p.stake_atoms_per_credit >= 1, E::CreditsOutOfBounds)?;
    demand_within(p.min_persons, 1, 10_000, E::QuorumOutOfBounds)?;
    demand_within(p.quorum_persons_ppm, 0, 500_000, E::QuorumOutOfBounds)?;
    demand_within(p.quorum_credits_ppm, 0, 500_000, E::QuorumOutOfBounds)?;
    demand_within(p.normal_threshold_ppm, 500_000, 670_000, E::ThresholdOutOfBounds)?;
    demand_within(p.high_threshold_ppm, 600_000, 670_000, E::ThresholdOutOfBounds)?;
    demand_within(p.cohort_floor_votes, 1, 1_000_000, E::LimitOutOfBounds)?;
    demand(p.proposal_bond_lamports <= 10_000_000_000, E::LimitOutOfBounds)?;
    demand(p.identity_cost_lamports >= 1, E::LimitOutOfBounds)?;
    demand_within(u32::from(p.attestations), 1, 8, E::AttestationsOutOfBounds)
}

impl Book {
    /// `set_parameters` by an executed proposal.
    pub(super) fn set_parameters(&mut self, new: &RealmParameters, now: i64) -> Result<(), Refusal> {
        check_parameters(new)?;
        let epoch = self.epoch(now);
        let old = self.rules(epoch);
        let vote = old.voting_s + old.extension_s + old.challenge_s;
        demand(new.epoch_s >= vote, GovernanceError::EpochTooShort)?;
        let reachable = (self.counted() / 2).max(1);
        demand(
            u64::from(new.min_persons) <= reachable,
            GovernanceError::QuorumUnreachable,
        )?;
        let there = self.attestors.len().max(usize::from(old.attestations));
        demand(usize::from(new.attestations) <= there, GovernanceError::AttestorsTooFew)?;
        let tenth = old.identity_cost_lamports.div_ceil(10);
        let dearest = old.identity_cost_lamports.saturating_add(tenth);
        demand(new.identity_cost_lamports <= dearest, GovernanceError::IdentityCostRise)?;
        // they wait for the epoch after next, one change at a time
        let last = self.eras.last().unwrap();
        demand(last.from <= epoch, GovernanceError::ParametersPending)?;
        let budgets = |p: &RealmParameters| (p.base_credits, p.max_bonus_credits, p.stake_atoms_per_credit);
        let version = last.version + u32::from(budgets(&old) != budgets(new));
        self.eras.push(Era {
            from: epoch + 2,
            starts_ts: self.starts(epoch + 2),
            rules: *new,
            version,
        });
        Ok(())
    }
}
