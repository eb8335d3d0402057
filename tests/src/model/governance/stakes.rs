//! Stakes and ballots.

use super::*;

impl Stake {
    /// Everything staked.
    pub fn atoms(&self) -> u64 {
        self.deposits.iter().map(|(_, atoms)| atoms).sum()
    }

    /// What was deposited before an epoch.
    pub fn active(&self, epoch: u32) -> u64 {
        let before = self.deposits.iter().filter(|(of, _)| *of < epoch);
        before.map(|(_, atoms)| atoms).sum()
    }
}

impl Book {
    /// `stake`.
    pub fn deposit(
        &mut self,
        by: &Address,
        stake: &Address,
        source: &Address,
        atoms: u64,
        now: i64,
    ) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let state = self.stakes.get_mut(stake).unwrap();
        demand_address(state.depositor == *by)?;
        demand(atoms > 0, GovernanceError::AmountIsZero)?;
        let fits = state.atoms().checked_add(atoms).is_some();
        demand(fits, GovernanceError::ArithmeticOverflow)?;
        self.tokens.transfer(source, &state.vault, by, atoms, 0)?;
        state.deposits.push((epoch, atoms));
        Ok(())
    }

    /// `unstake`.
    pub fn unstake(
        &mut self,
        by: &Address,
        stake: &Address,
        to: &Address,
        atoms: u64,
        now: i64,
    ) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let state = self.stakes.get_mut(stake).unwrap();
        demand_address(state.depositor == *by)?;
        demand(atoms > 0, GovernanceError::AmountIsZero)?;
        let person = &self.persons[&state.person];
        demand(!person.ballots.contains(&epoch), GovernanceError::StakeCounts)?;
        demand(!person.lends_from(epoch), GovernanceError::StakeDelegated)?;
        let is_theirs = self.tokens.holdings[to].owner == *by;
        demand(is_theirs, GovernanceError::NotTheDepositorsAccount)?;
        demand(atoms <= state.atoms(), GovernanceError::StakeTooSmall)?;
        // the youngest deposits leave first
        let mut left = atoms;
        while let Some((_, last)) = state.deposits.last_mut().filter(|_| left > 0) {
            let part = left.min(*last);
            *last -= part;
            left -= part;
            if *last == 0 {
                state.deposits.pop();
            }
        }
        self.tokens.transfer(&state.vault, to, stake, atoms, 0)
    }

    /// `close_stake`.
    pub fn close_stake(&mut self, by: &Address, stake: &Address, to: &Address) -> Result<(), Refusal> {
        let state = self.stakes[stake].clone();
        demand_address(state.depositor == *by)?;
        demand(state.atoms() == 0, GovernanceError::StakeNotEmpty)?;
        let is_theirs = self.tokens.holdings[to].owner == *by;
        demand(is_theirs, GovernanceError::NotTheDepositorsAccount)?;
        let surplus = self.tokens.atoms(&state.vault);
        if surplus > 0 {
            self.tokens.transfer(&state.vault, to, stake, surplus, 0)?;
        }
        self.tokens.holdings.remove(&state.vault);
        self.close(&state.vault, by);
        self.close(stake, by);
        self.stakes.remove(stake);
        Ok(())
    }

    /// Credits of a person in an epoch, and what of a stake they count.
    pub(super) fn budget(
        &self,
        person: &Address,
        stake: Option<&Address>,
        epoch: u32,
    ) -> Result<(u64, Option<(Address, u64)>), Refusal> {
        let rules = self.rules(epoch);
        let counts = match stake.map(|stake| &self.stakes[stake]) {
            Some(stake) => {
                demand(stake.person == *person, GovernanceError::StakeOfOtherPerson)?;
                Some((stake.address, stake.active(epoch)))
            }
            None => None,
        };
        let active = counts.map_or(0, |(_, atoms)| atoms);
        let bonus = (active / rules.stake_atoms_per_credit).min(u64::from(rules.max_bonus_credits));
        Ok((u64::from(rules.base_credits) + bonus, counts))
    }

    /// `open_ballot` by a wallet; `stake` is the one passed.
    pub fn open_ballot(
        &mut self,
        by: &Address,
        mut ballot: Ballot,
        stake: Option<&Address>,
        now: i64,
    ) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let state = &self.persons[&ballot.person];
        demand_address(state.wallet == *by)?;
        demand(epoch == ballot.epoch, GovernanceError::EpochIsNotCurrent)?;
        state.check_active(now)?;
        demand(!state.rests_in(epoch), GovernanceError::PersonSuspended)?;
        demand(!state.lends_in(epoch), GovernanceError::PersonDelegates)?;
        demand(epoch >= state.registered + 2, GovernanceError::PersonTooYoung)?;
        demand(!state.ballots.contains(&epoch), GovernanceError::BallotOpenedAlready)?;
        (ballot.budget, ballot.counts) = self.budget(&ballot.person, stake, epoch)?;
        ballot.bucket = state.bucket;
        self.persons.get_mut(&ballot.person).unwrap().ballots.push(epoch);
        self.ballots.insert(ballot.address, ballot);
        Ok(())
    }

    /// `close_ballot`.
    pub fn close_ballot(&mut self, by: &Address, ballot: &Address, now: i64) -> Result<(), Refusal> {
        let state = self.ballots[ballot].clone();
        let end = self.starts(state.epoch + 1);
        demand(now >= end, GovernanceError::BallotEpochNotOver)?;
        let grace = i64::from(self.rules(state.epoch).epoch_s) * 8;
        let is_allowed = *by == self.persons[&state.person].wallet || now >= end + grace;
        demand(is_allowed, GovernanceError::BallotGraceNotOver)?;
        self.ballots.remove(ballot);
        self.close(ballot, &state.rent_payer);
        Ok(())
    }
}
