//! What each instruction does to the book, or why it is refused.

use super::*;

impl Book {
    /// Moves lamports.
    pub fn move_lamports(&mut self, from: &Address, to: &Address, lamports: u64) {
        *self.lamports.get_mut(from).unwrap() -= lamports;
        *self.lamports.entry(*to).or_default() += lamports;
    }

    /// An account is made; the payer fills it up to its rent.
    pub fn create(&mut self, payer: &Address, account: &Address, rent: u64) {
        let there = self.lamports.get(account).copied().unwrap_or(0);
        self.move_lamports(payer, account, rent.saturating_sub(there));
    }

    /// An account closes.
    pub fn close(&mut self, account: &Address, to: &Address) {
        let all = self.lamports[account];
        self.move_lamports(account, to, all);
    }

    /// The epoch of a moment.
    pub fn epoch(&self, ts: i64) -> u32 {
        ((ts - self.genesis) / i64::from(self.rules.epoch_s)) as u32
    }

    /// The first moment of an epoch.
    pub fn starts(&self, epoch: u32) -> i64 {
        self.genesis + i64::from(epoch) * i64::from(self.rules.epoch_s)
    }

    fn ballots_of(&self, epoch: u32) -> u64 {
        self.persons
            .values()
            .filter(|person| person.ballots.contains(&epoch))
            .count() as u64
    }

    /// `add_attestor` by a key.
    pub fn add_attestor(&mut self, by: &Address, key: &Address, slot: u8, quota: u32, now: i64) -> Result<(), Refusal> {
        if self.attestors.contains_key(key) {
            return Err(code(0));
        }
        let (founder, until) = self.powers[0];
        let may = *by == self.lanes[0] || (*by == founder && now < until);
        demand(may, GovernanceError::NotAuthorized)?;
        demand(slot < 16, GovernanceError::SlotOutOfBounds)?;
        demand(quota > 0, GovernanceError::QuotaIsZero)?;
        let is_taken = self.attestors.values().any(|attestor| attestor.slot == slot);
        demand(!is_taken, GovernanceError::SlotTaken)?;
        let attestor = Attestor {
            key: *key,
            slot,
            quota,
            signed: BTreeMap::new(),
            rent_payer: *by,
        };
        self.attestors.insert(*key, attestor);
        Ok(())
    }

    /// `disable_attestor` by a key.
    pub fn disable_attestor(
        &mut self,
        by: &Address,
        key: &Address,
        address: &Address,
        now: i64,
    ) -> Result<(), Refusal> {
        let may = self.powers.iter().any(|(power, until)| by == power && now < *until);
        demand(may, GovernanceError::NotAuthorized)?;
        let attestor = self.attestors.remove(key).unwrap();
        self.close(address, &attestor.rent_payer);
        Ok(())
    }

    /// `register_person`; the account and its link are new.
    pub fn register(&mut self, person: Person, keys: &[Address], now: i64) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let days = person.expires_ts - now;
        demand(days > 0 && days <= 730 * 86_400, GovernanceError::ExpiryOutOfBounds)?;
        demand(
            keys.len() == usize::from(self.rules.attestations),
            GovernanceError::AttestationsMalformed,
        )?;
        for key in keys {
            let attestor = self.attestors.get_mut(key).unwrap();
            let signed = attestor.signed.entry(epoch).or_default();
            demand(*signed < attestor.quota, GovernanceError::QuotaExhausted)?;
            *signed += 1;
        }
        let before = self.persons.values().filter(|known| known.registered < epoch).count() as u64;
        let growth = (before / 20).max(10);
        let so_far = self.persons.values().filter(|known| known.registered == epoch).count() as u64;
        demand(so_far < growth, GovernanceError::GrowthExhausted)?;
        self.persons.insert(
            person.address,
            Person {
                bucket: self.attestors[&keys[0]].slot,
                registered: epoch,
                ..person
            },
        );
        Ok(())
    }

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
        let counts = self.persons[&state.person].ballots.contains(&epoch);
        demand(!counts, GovernanceError::StakeCounts)?;
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

    /// `open_ballot` at an address; `stake` is the one passed.
    pub fn open_ballot(
        &mut self,
        mut ballot: Ballot,
        person: &Address,
        stake: Option<&Address>,
        now: i64,
    ) -> Result<(), Refusal> {
        // accounts are created before addresses are compared
        if self.ballots.contains_key(&ballot.address) {
            return Err(code(0));
        }
        let state = self.persons.get_mut(person).unwrap();
        demand_address(state.wallet == ballot.voter)?;
        let elapsed = (now - self.genesis) / i64::from(self.rules.epoch_s);
        demand(elapsed == i64::from(ballot.epoch), GovernanceError::EpochIsNotCurrent)?;
        demand(now < state.expires_ts, GovernanceError::PersonExpired)?;
        demand(ballot.epoch >= state.registered + 2, GovernanceError::PersonTooYoung)?;
        demand(
            !state.ballots.contains(&ballot.epoch),
            GovernanceError::BallotOpenedAlready,
        )?;
        let active = match stake.map(|stake| &self.stakes[stake]) {
            Some(stake) => {
                demand(stake.person == *person, GovernanceError::StakeOfOtherPerson)?;
                stake.active(ballot.epoch)
            }
            None => 0,
        };
        let bonus = (active / self.rules.stake_atoms_per_credit).min(u64::from(self.rules.max_bonus_credits));
        ballot.budget = u64::from(self.rules.base_credits) + bonus;
        ballot.bucket = state.bucket;
        state.ballots.push(ballot.epoch);
        self.ballots.insert(ballot.address, ballot);
        Ok(())
    }

    /// `close_ballot`.
    pub fn close_ballot(&mut self, by: &Address, ballot: &Address, now: i64) -> Result<(), Refusal> {
        let state = self.ballots[ballot].clone();
        demand(now >= self.starts(state.epoch + 1), GovernanceError::BallotEpochNotOver)?;
        let is_allowed = *by == state.voter || now >= self.starts(state.epoch + 9);
        demand(is_allowed, GovernanceError::BallotGraceNotOver)?;
        self.ballots.remove(ballot);
        self.close(ballot, &state.rent_payer);
        Ok(())
    }

    /// `create_proposal` at an address; says the bond.
    pub fn propose(&mut self, proposal: Proposal, person: &Address, now: i64) -> Result<u64, Refusal> {
        let state = &self.persons[person];
        demand_address(state.wallet == proposal.authority)?;
        demand(now < state.expires_ts, GovernanceError::PersonExpired)?;
        demand((1..=8).contains(&proposal.choices), GovernanceError::ChoicesOutOfBounds)?;
        let epoch = self.epoch(now);
        let earlier = self.made.iter().filter(|of| **of == epoch).count() as u32;
        let bond = self.rules.proposal_bond_lamports << (earlier / 16).min(20);
        self.made.push(epoch);
        self.proposals.insert(proposal.address, Proposal { bond, ..proposal });
        Ok(bond)
    }

    /// `submit_proposal`.
    pub fn submit(&mut self, by: &Address, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let starts_ts = self.starts(epoch + 1);
        let before = |bucket: Option<u8>| {
            let persons = self.persons.values();
            let persons = persons.filter(|p| p.registered < epoch && bucket.is_none_or(|bucket| p.bucket == bucket));
            persons.count() as u128
        };
        let last = epoch.checked_sub(1).map_or(0, |last| self.ballots_of(last));
        let base = u128::from(last.max(self.ballots_of(epoch))).max(before(None).div_ceil(4));
        let part = |of: u128, ppm: u32| (of * u128::from(ppm)).div_ceil(MILLION);
        let persons = part(base, self.rules.quorum_persons_ppm).max(u128::from(self.rules.min_persons));
        let credits = part(
            base * u128::from(self.rules.base_credits),
            self.rules.quorum_credits_ppm,
        );
        // √b₀ in Q16, rounded down
        let root = root_floor(&(BigUint::from(self.rules.base_credits) << 32u32));
        let floor = u128::from(self.rules.cohort_floor_votes) * ONE;
        let caps = std::array::from_fn(|bucket| (before(Some(bucket as u8)) * root / 4).max(floor));
        let has_persons = before(None) >= 1;
        let review = i64::from(self.rules.review_s);
        let state = self.proposals.get_mut(proposal).unwrap();
        demand_address(state.authority == *by)?;
        demand(state.status == Status::Draft, GovernanceError::ProposalIsNotDraft)?;
        demand(now + review <= starts_ts, GovernanceError::ReviewTooShort)?;
        demand(state.action_count == 0 || has_persons, GovernanceError::ActionsLocked)?;
        state.caps = caps;
        state.quorum = (persons.to_u64().unwrap(), credits);
        state.vote_epoch = Some(epoch + 1);
        state.starts_ts = starts_ts;
        state.status = Status::Submitted;
        Ok(())
    }

    /// `cancel_proposal`.
    pub fn cancel(&mut self, by: &Address, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let state = self.proposals.get_mut(proposal).unwrap();
        demand_address(state.authority == *by)?;
        let is_before = state.status == Status::Submitted && now < state.starts_ts;
        demand(
            state.status == Status::Draft || is_before,
            GovernanceError::CancelTooLate,
        )?;
        state.status = Status::Cancelled;
        Ok(())
    }

    /// Ends of voting, of the extension and of the challenge of a proposal as they stand now.
    pub fn ends(&self, state: &Proposal) -> [i64; 3] {
        let voting = state.starts_ts + i64::from(self.rules.voting_s);
        let extension = if state.is_extended() {
            i64::from(self.rules.extension_s)
        } else {
            0
        };
        [
            voting,
            voting + extension,
            voting + extension + i64::from(self.rules.challenge_s),
        ]
    }

    /// `cast_votes`.
    pub fn cast(
        &mut self,
        by: &Address,
        ballot: &Address,
        proposal: &Address,
        option: u8,
        votes: u32,
        now: i64,
    ) -> Result<(), Refusal> {
        let ends = self.ends(&self.proposals[proposal]);
        let late_from = ends[0] - i64::from(self.rules.late_window_s);
        let paper = self.ballots.get_mut(ballot).unwrap();
        let state = self.proposals.get_mut(proposal).unwrap();
        demand_address(paper.voter == *by)?;
        demand(
            Some(paper.epoch) == state.vote_epoch,
            GovernanceError::BallotOfOtherEpoch,
        )?;
        let is_open = state.status == Status::Submitted && state.starts_ts <= now && now < ends[1];
        demand(is_open, GovernanceError::VotingIsNotOpen)?;
        demand(option <= state.choices, GovernanceError::OptionNotOffered)?;
        let old = paper.votes.get(&state.index).copied();
        demand(old.is_some() || paper.votes.len() < 16, GovernanceError::BallotFull)?;
        demand(old.is_some() || votes > 0, GovernanceError::NothingToChange)?;
        let mut after = paper.votes.clone();
        after.insert(state.index, (option, votes));
        let cost: u128 = after.values().map(|(_, votes)| u128::from(*votes).pow(2)).sum();
        demand(cost <= u128::from(paper.budget), GovernanceError::BudgetExceeded)?;
        if now >= ends[0] {
            // the extension: who leads at its first cast cannot rise
            let leader = state.extension.unwrap_or_else(|| state.leader());
            state.extension = Some(leader);
            let own = old.filter(|(of, _)| *of == option).map_or(0, |(_, votes)| votes);
            demand(option != leader || votes <= own, GovernanceError::LeaderCannotRise)?;
        } else if now >= late_from && state.late.is_none() {
            state.late = Some((state.leader(), state.has_quorum()));
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

    /// `finalize`.
    pub fn finalize(&mut self, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let ends = self.ends(&self.proposals[proposal]);
        let rules = self.rules;
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.status == Status::Submitted, GovernanceError::NotDecidable)?;
        demand(now >= ends[2], GovernanceError::ChallengeNotOver)?;
        let winner = state.leader();
        let threshold = if state.is_high() {
            rules.high_threshold_ppm
        } else {
            rules.normal_threshold_ppm
        };
        let has_won = winner != NOBODY_LEADS && winner != 0 && state.has_quorum() && {
            let (won, none) = (state.total(winner), state.total(0));
            won * MILLION >= (won + none) * u128::from(threshold)
        };
        if !has_won {
            state.status = Status::Defeated;
            return Ok(());
        }
        let from = ends[2] + i64::from(rules.timelock_s);
        state.winner = Some(winner);
        state.executable = (from, from + i64::from(rules.execution_window_s));
        let is_done = state.actions_of(winner).is_empty();
        state.status = if is_done { Status::Executed } else { Status::Succeeded };
        Ok(())
    }

    /// `execute_action`; `attestor` is the account an added attestor gets, `rent` its rent.
    pub fn execute(
        &mut self,
        proposal: &Address,
        index: usize,
        attestor: &Address,
        rent: u64,
        now: i64,
    ) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let state = self.proposals.get_mut(proposal).unwrap();
        let action = state.actions[index].clone();
        demand(state.status == Status::Succeeded, GovernanceError::NotExecutable)?;
        demand(now >= state.executable.0, GovernanceError::TimelockNotOver)?;
        demand(now < state.executable.1, GovernanceError::ExecutionWindowOver)?;
        demand(
            Some(action.choice) == state.winner,
            GovernanceError::ActionOfOtherChoice,
        )?;
        demand(!action.is_executed, GovernanceError::ActionExecutedAlready)?;
        let next = state
            .actions_of(action.choice)
            .into_iter()
            .find(|action| !action.is_executed);
        demand(next.unwrap().index == action.index, GovernanceError::ActionOutOfOrder)?;
        state.actions[index].is_executed = true;
        if state.actions_of(action.choice).iter().all(|action| action.is_executed) {
            state.status = Status::Executed;
        }
        let lane = self.lanes[usize::from(action.lane)];
        let balance = self.lamports[&lane];
        let (start, gone) = self.outflow[usize::from(action.lane)]
            .entry(epoch)
            .or_insert((balance, 0));
        *gone += action.declared;
        let cap = u128::from(*start) * 50_000 / MILLION;
        demand(u128::from(*gone) <= cap, GovernanceError::OutflowExceedsCap)?;
        let cost = match action.deed {
            Deed::Pay { to, lamports } => {
                if lamports > balance {
                    return Err(code(1));
                }
                self.move_lamports(&lane, &to, lamports);
                lamports
            }
            Deed::AddAttestor { key, slot } => {
                self.create(&lane, attestor, rent);
                self.add_attestor(&lane, &key, slot, 9, now)?;
                balance - self.lamports[&lane]
            }
        };
        demand(cost <= action.declared, GovernanceError::OutflowExceedsDeclared)
    }

    /// `expire_proposal`.
    pub fn expire(&mut self, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.status == Status::Succeeded, GovernanceError::NotExecutable)?;
        demand(now >= state.executable.1, GovernanceError::NotExpired)?;
        state.status = Status::Expired;
        Ok(())
    }

    /// `close_action`.
    pub fn close_action(&mut self, proposal: &Address, index: usize) -> Result<(), Refusal> {
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.is_finished(), GovernanceError::ProposalNotFinished)?;
        let (action, authority) = (state.actions.remove(index), state.authority);
        self.close(&action.address, &authority);
        Ok(())
    }

    /// `close_proposal`.
    pub fn close_proposal(&mut self, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let state = self.proposals[proposal].clone();
        demand(state.is_finished(), GovernanceError::ProposalNotFinished)?;
        // a bond that was cancelled has raised those of its epoch, and stays as long
        let is_over = now >= self.starts(state.created_epoch + 1);
        demand(
            state.status != Status::Cancelled || state.bond == 0 || is_over,
            GovernanceError::BondHeld,
        )?;
        demand(state.actions.is_empty(), GovernanceError::ActionsNotClosed)?;
        self.proposals.remove(proposal);
        self.close(proposal, &state.authority);
        Ok(())
    }
}
