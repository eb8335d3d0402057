//! Executions and ends.

use super::*;

impl Book {
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
        let persons = self.voting_persons();
        let cost = u128::from(self.rules(epoch).identity_cost_lamports);
        let state = self.proposals.get_mut(proposal).unwrap();
        let action = state.actions[index].clone();
        demand(state.status == Status::Succeeded, GovernanceError::NotExecutable)?;
        demand(now >= state.executable_ts, GovernanceError::TimelockNotOver)?;
        demand(now < state.until_ts, GovernanceError::ExecutionWindowOver)?;
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
        // G6: 5 % of the lane, and what its voters would cost to fake
        let cap = (u128::from(*start) * 50_000 / MILLION).min((cost * persons) >> 16);
        // what takes nothing out is no outflow
        let is_within = action.declared == 0 || u128::from(*gone) <= cap;
        demand(is_within, GovernanceError::OutflowExceedsCap)?;
        let spent = match action.deed {
            Deed::Pay { to, lamports } => {
                if lamports > balance {
                    return Err(code(1));
                }
                self.move_lamports(&lane, &to, lamports);
                lamports
            }
            Deed::AddAttestor { key, slot, until_ts } => {
                let added = Attestor {
                    key,
                    slot,
                    quota: 9,
                    until_ts,
                    signed: BTreeMap::new(),
                    struck: BTreeMap::new(),
                    rent_payer: lane,
                };
                self.add_attestor(added, now)?;
                self.create(&lane, attestor, rent);
                balance - self.lamports[&lane]
            }
            Deed::SetParameters(parameters) => {
                self.set_parameters(&parameters, now)?;
                0
            }
        };
        demand(spent <= action.declared, GovernanceError::OutflowExceedsDeclared)
    }

    /// `expire_proposal`.
    pub fn expire(&mut self, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.status == Status::Succeeded, GovernanceError::NotExecutable)?;
        demand(now >= state.until_ts, GovernanceError::NotExpired)?;
        state.status = Status::Expired;
        Ok(())
    }

    /// `close_action`.
    pub fn close_action(&mut self, proposal: &Address, index: usize, now: i64) -> Result<(), Refusal> {
        let state = self.proposals.get_mut(proposal).unwrap();
        demand(state.is_finished(now), GovernanceError::ProposalNotFinished)?;
        let action = state.actions.remove(index);
        self.close(&action.address, &action.rent_payer);
        Ok(())
    }

    /// `close_proposal`.
    pub fn close_proposal(&mut self, proposal: &Address, now: i64) -> Result<(), Refusal> {
        let state = self.proposals[proposal].clone();
        demand(state.is_finished(now), GovernanceError::ProposalNotFinished)?;
        // a bond that was cancelled has raised those of its epoch, and stays as long
        let is_held = state.status == Status::Cancelled && state.bond > 0 && now < state.until_ts;
        demand(!is_held, GovernanceError::BondHeld)?;
        demand(state.actions.is_empty(), GovernanceError::ActionsNotClosed)?;
        if state.veto == Some(true) && state.winner.is_none() {
            self.move_lamports(proposal, &self.lanes[0].clone(), state.bond);
        }
        self.proposals.remove(proposal);
        self.close(proposal, &state.authority);
        Ok(())
    }
}
