//! Votes, their end and what comes of them.

use super::*;

impl Book {
    /// `cast_votes`.
    pub fn cast(
        &mut self,
        by: &Address,
        ballot: &Address,
        proposal: &Address,
        (option, votes): (u8, u32),
        now: i64,
    ) -> Result<(), Refusal> {
        let paper = self.ballots.get_mut(ballot).unwrap();
        let person = &self.persons[&paper.person];
        let state = self.proposals.get_mut(proposal).unwrap();
        demand_address(person.wallet == *by)?;
        person.check_active(now)?;
        demand(
            Some(paper.epoch) == state.vote_epoch,
            GovernanceError::BallotOfOtherEpoch,
        )?;
        demand(state.is_open(now), GovernanceError::VotingIsNotOpen)?;
        demand(option <= state.choices, GovernanceError::OptionNotOffered)?;
        let old = paper.votes.get(&state.index).copied();
        demand(old.is_some() || paper.votes.len() < 16, GovernanceError::BallotFull)?;
        demand(old.is_some() || votes > 0, GovernanceError::NothingToChange)?;
        let mut after = paper.votes.clone();
        after.insert(state.index, (option, votes));
        let cost: u128 = after.values().map(|(_, votes)| u128::from(*votes).pow(2)).sum();
        demand(cost <= u128::from(paper.budget), GovernanceError::BudgetExceeded)?;
        let is_extension = now >= state.ends()[0];
        state.mark(now);
        if is_extension && votes > 0 {
            // who leads at its first cast cannot rise
            let own = old.filter(|(of, _)| *of == option).map_or(0, |(_, votes)| votes);
            let rises = state.extension_leader == Some(option) && votes > own;
            demand(!rises, GovernanceError::LeaderCannotRise)?;
        }
        if votes == 0 {
            after.remove(&state.index);
            state.votes.remove(ballot);
        } else {
            state.votes.insert(*ballot, (paper.bucket, option, votes));
        }
        paper.votes = after;
        Ok(())
    }

    /// `strip_votes`.
    pub fn strip(&mut self, ballot: &Address, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let paper = self.ballots.get_mut(ballot).unwrap();
        let state = self.proposals.get_mut(proposal).unwrap();
        let holds = self.persons[&paper.person].is_active(now);
        demand(!holds, GovernanceError::PersonNotStrippable)?;
        demand(
            Some(paper.epoch) == state.vote_epoch,
            GovernanceError::BallotOfOtherEpoch,
        )?;
        demand(paper.votes.contains_key(&state.index), GovernanceError::NothingToStrip)?;
        let in_time = state.is_open(now) || state.is_challenged(now);
        demand(in_time, GovernanceError::VotingIsNotOpen)?;
        state.mark(now);
        paper.votes.remove(&state.index);
        state.votes.remove(ballot);
        Ok(())
    }

    /// `finalize`.
    pub fn finalize(&mut self, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.status == Status::Submitted, GovernanceError::NotDecidable)?;
        let end = state.ends()[2];
        demand(now >= end, GovernanceError::ChallengeNotOver)?;
        state.is_decided = true;
        let winner = state.leader();
        let threshold = if state.is_override {
            750_000
        } else if state.is_high() {
            state.rules.high_threshold_ppm
        } else {
            state.rules.normal_threshold_ppm
        };
        let has_won = winner != NOBODY_LEADS && winner != 0 && state.has_quorum() && {
            let (won, none) = (state.total(winner), state.total(0));
            won * MILLION >= (won + none) * u128::from(threshold)
        };
        // what nobody heeds bounds nothing
        if state.has_quorum() {
            self.decided.push((state.vote_epoch.unwrap(), state.whole_persons()));
        }
        if !has_won {
            state.status = Status::Defeated;
            return Ok(());
        }
        state.executable_ts = end + i64::from(state.rules.timelock_s);
        state.until_ts = state.executable_ts + i64::from(state.rules.execution_window_s);
        state.winner = Some(winner);
        let is_done = state.actions_of(winner).is_empty();
        state.status = if is_done { Status::Executed } else { Status::Succeeded };
        Ok(())
    }

    /// The fewer persons of the last two epochs in which anything was decided; of each the most voted decision counts.
    pub fn voting_persons(&self) -> u128 {
        let epochs: BTreeSet<u32> = self.decided.iter().map(|(epoch, _)| *epoch).collect();
        let of = |epoch: &u32| {
            self.decided
                .iter()
                .filter(|(e, _)| e == epoch)
                .map(|(_, persons)| *persons)
                .max()
        };
        epochs.iter().rev().take(2).filter_map(of).min().unwrap_or(0)
    }
}
