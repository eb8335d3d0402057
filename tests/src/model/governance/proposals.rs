//! Proposals before their vote.

use super::*;

impl Book {
    /// Proposals of a person that are not closed.
    pub fn open_proposals(&self, person: &Address) -> usize {
        self.proposals.values().filter(|p| p.proposer == *person).count()
    }

    /// Refuses whoever is not the proposer's wallet of the moment.
    fn demand_proposer(&self, by: &Address, proposal: &Address) -> Result<(), Refusal> {
        demand_address(self.persons[&self.proposals[proposal].proposer].wallet == *by)
    }

    /// `create_proposal` at an address; says the bond.
    pub fn propose(&mut self, proposal: Proposal, now: i64) -> Result<u64, Refusal> {
        let state = &self.persons[&proposal.proposer];
        demand_address(state.wallet == proposal.authority)?;
        state.check_active(now)?;
        demand((1..=8).contains(&proposal.choices), GovernanceError::ChoicesOutOfBounds)?;
        let open = self.open_proposals(&proposal.proposer);
        demand(open < 8, GovernanceError::TooManyOpenProposals)?;
        let epoch = self.epoch(now);
        let earlier = self.made.iter().filter(|of| **of == epoch).count() as u32;
        let bond = self.rules(epoch).proposal_bond_lamports << (earlier / 16).min(20);
        self.made.push(epoch);
        let until_ts = self.starts(epoch + 1);
        self.proposals.insert(
            proposal.address,
            Proposal {
                bond,
                until_ts,
                ..proposal
            },
        );
        Ok(bond)
    }

    /// `add_action`; `invalid` says what is wrong with its message.
    pub fn add_action(
        &mut self,
        by: &Address,
        proposal: &Address,
        action: Action,
        invalid: Option<GovernanceError>,
    ) -> Result<(), Refusal> {
        self.demand_proposer(by, proposal)?;
        if let Some(error) = invalid {
            return Err(refusal(error));
        }
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.status == Status::Draft, GovernanceError::ProposalIsNotDraft)?;
        demand(state.action_count < 8, GovernanceError::TooManyActions)?;
        let is_offered = (1..=state.choices).contains(&action.choice);
        demand(is_offered, GovernanceError::ActionChoiceInvalid)?;
        state.actions.push(action);
        state.action_count += 1;
        Ok(())
    }

    /// `append_action`.
    pub fn append_action(
        &mut self,
        by: &Address,
        proposal: &Address,
        index: usize,
        part: &[u8],
    ) -> Result<(), Refusal> {
        self.demand_proposer(by, proposal)?;
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.status == Status::Draft, GovernanceError::ProposalIsNotDraft)?;
        let rest = &mut state.actions[index].rest;
        let fits = !part.is_empty() && part.len() <= rest.len();
        demand(fits, GovernanceError::PartOutOfBounds)?;
        rest.drain(..part.len());
        Ok(())
    }

    /// Bounds of the cohorts and quorum of a vote under these rules, as they stand in an epoch.
    fn freeze(&self, rules: &RealmParameters, epoch: u32) -> ([u128; 16], (u64, u128)) {
        let before = |bucket: Option<u8>| u128::from(self.counted_before(epoch, bucket));
        let last = epoch.checked_sub(1).map_or(0, |last| self.ballots_of(last));
        let base = u128::from(last.max(self.ballots_of(epoch))).max(before(None).div_ceil(4));
        let part = |of: u128, ppm: u32| (of * u128::from(ppm)).div_ceil(MILLION);
        let persons = part(base, rules.quorum_persons_ppm).max(u128::from(rules.min_persons));
        let credits = part(base * u128::from(rules.base_credits), rules.quorum_credits_ppm);
        // √b₀ in Q16, rounded down
        let root = root_floor(&(BigUint::from(rules.base_credits) << 32u32));
        let floor = u128::from(rules.cohort_floor_votes) * ONE;
        let caps = std::array::from_fn(|bucket| (before(Some(bucket as u8)) * root / 4).max(floor));
        (caps, (u64::try_from(persons).unwrap(), credits))
    }

    /// The vote is in the next epoch, under these rules.
    pub(super) fn call_vote(&mut self, proposal: &Address, rules: RealmParameters, now: i64) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let starts_ts = self.starts(epoch + 1);
        demand(
            now + i64::from(rules.review_s) <= starts_ts,
            GovernanceError::ReviewTooShort,
        )?;
        // only a vote over a veto can be longer than its epoch
        let vote_s = rules.voting_s + rules.extension_s + rules.challenge_s;
        let end = self.starts(epoch + 2);
        demand(starts_ts + i64::from(vote_s) <= end, GovernanceError::EpochTooShort)?;
        let (caps, quorum) = self.freeze(&rules, epoch);
        let version = self.version(epoch + 1);
        let state = self.proposals.get_mut(proposal).unwrap();
        (state.caps, state.quorum, state.version) = (caps, quorum, version);
        (state.rules, state.starts_ts) = (rules, starts_ts);
        state.vote_epoch = Some(epoch + 1);
        state.status = Status::Submitted;
        Ok(())
    }

    /// `submit_proposal`.
    pub fn submit(&mut self, by: &Address, proposal: &Address, now: i64) -> Result<(), Refusal> {
        self.demand_proposer(by, proposal)?;
        let epoch = self.epoch(now);
        let state = &self.proposals[proposal];
        demand(state.status == Status::Draft, GovernanceError::ProposalIsNotDraft)?;
        let is_complete = state.actions.iter().all(|action| action.rest.is_empty());
        demand(is_complete, GovernanceError::ActionIncomplete)?;
        let has_persons = self.counted_before(epoch, None) >= 1;
        demand(state.action_count == 0 || has_persons, GovernanceError::ActionsLocked)?;
        self.call_vote(proposal, self.rules(epoch + 1), now)
    }

    /// `cancel_proposal`.
    pub fn cancel(&mut self, by: &Address, proposal: &Address, now: i64) -> Result<(), Refusal> {
        self.demand_proposer(by, proposal)?;
        let state = self.proposals.get_mut(proposal).unwrap();
        let is_before = state.status == Status::Submitted && now < state.starts_ts;
        demand(
            state.status == Status::Draft || is_before,
            GovernanceError::CancelTooLate,
        )?;
        state.status = Status::Cancelled;
        Ok(())
    }
}
