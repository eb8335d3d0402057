//! What each instruction does to the book, or why it is refused.

use super::*;

impl Book {
    fn move_lamports(&mut self, from: &Address, to: &Address, lamports: u64) {
        *self.lamports.get_mut(from).unwrap() -= lamports;
        *self.lamports.entry(*to).or_default() += lamports;
    }

    /// Whether `worker` may act for a slot through a provider account.
    fn worker(&self, worker: &Address, provider: &Address, slot: &Address) -> Result<(), Refusal> {
        let p = &self.providers[provider];
        demand(
            *worker == p.session || *worker == p.authority,
            EscrowError::NotTheProvider,
        )?;
        demand(
            self.slots[slot].provider == *provider,
            EscrowError::SlotOfAnotherProvider,
        )
    }

    /// `deposit_bond`.
    pub fn deposit_bond(
        &mut self,
        by: &Address,
        provider: &Address,
        slot: &Address,
        lamports: u64,
        now: Now,
    ) -> Result<(), Refusal> {
        demand_address(self.providers[provider].authority == *by)?;
        let state = self.slots.get_mut(slot).unwrap();
        demand(state.provider == *provider, EscrowError::SlotOfAnotherProvider)?;
        demand(lamports > 0, EscrowError::ZeroAmount)?;
        let sums = [state.bond, state.deposited].map(|sum| sum.checked_add(lamports));
        demand(sums.iter().all(Option::is_some), EscrowError::MathOverflow)?;
        if self.lamports[by] < lamports {
            return Err(code(1));
        }
        state.bond += lamports;
        state.deposited += lamports;
        state.bonded_slot = now.slot;
        self.move_lamports(by, slot, lamports);
        Ok(())
    }

    /// `withdraw_bond`.
    pub fn withdraw_bond(
        &mut self,
        by: &Address,
        provider: &Address,
        slot: &Address,
        lamports: u64,
    ) -> Result<(), Refusal> {
        demand_address(self.providers[provider].authority == *by)?;
        let state = self.slots.get_mut(slot).unwrap();
        demand(state.provider == *provider, EscrowError::SlotOfAnotherProvider)?;
        demand(lamports > 0, EscrowError::ZeroAmount)?;
        demand(lamports <= state.bond - state.locked, EscrowError::BondLocked)?;
        state.bond -= lamports;
        state.withdrawn += lamports;
        self.move_lamports(slot, by, lamports);
        Ok(())
    }

    /// `post_job`; `job` carries addresses, mint, terms and who posts and pays.
    pub fn post(&mut self, mut job: Job, client_token: &Address, spoil: Spoil, now: Now) -> Result<(), Refusal> {
        let config = &self.configs[&job.config_id];
        demand(config.mints.contains(&job.mint), EscrowError::MintNotAllowed)?;
        demand(spoil != Spoil::Program, EscrowError::WrongTokenProgram)?;
        check_terms(&job.terms, config)?;
        if self.jobs.contains_key(&job.address) {
            return Err(code(0));
        }
        job.fee_ppm = config.fee_ppm;
        job.bounty = config.bounty;
        job.reserve = config.bounty;
        job.uid = sha(&[
            b"commonweal:uid:1",
            compute_escrow::ID.as_ref(),
            job.address.as_ref(),
            &now.slot.to_le_bytes(),
        ]);
        (job.created, job.state) = (now, OPEN);
        job.entered = now;
        // what somebody has sent to the addresses before is not asked again
        for (address, need) in [(job.vault, self.rents[0]), (job.address, self.rents[1] + job.reserve)] {
            let there = self.lamports.get(&address).copied().unwrap_or(0);
            let missing = need.saturating_sub(there);
            self.move_lamports(&job.payer, &address, missing);
        }
        self.tokens.open(job.vault, job.mint, job.address);
        self.tokens
            .transfer(client_token, &job.vault, &job.client, job.terms.price_atoms, 0)?;
        self.jobs.insert(job.address, job);
        Ok(())
    }

    /// `claim_job`.
    pub fn claim(
        &mut self,
        by: &Address,
        provider: &Address,
        slot: &Address,
        job: &Address,
        uid: &[u8; 32],
        now: Now,
    ) -> Result<(), Refusal> {
        self.worker(by, provider, slot)?;
        let order = self.jobs.get_mut(job).unwrap();
        let state = self.slots.get_mut(slot).unwrap();
        demand(order.uid == *uid, EscrowError::WrongUid)?;
        demand(order.state == OPEN, EscrowError::WrongJobState)?;
        demand(!order.is_overdue(now), EscrowError::DeadlinePassed)?;
        demand(state.config_id == order.config_id, EscrowError::ConfigMismatch)?;
        demand(!state.is_paused, EscrowError::SlotPaused)?;
        demand(state.current.is_none(), EscrowError::SlotBusy)?;
        demand(state.bonded_slot < order.entered.slot, EscrowError::BondTooRecent)?;
        demand(
            state.bond - state.locked >= order.terms.bond_lamports,
            EscrowError::BondNotCovered,
        )?;
        state.current = Some(*job);
        state.locked += order.terms.bond_lamports;
        state.locked_jobs += 1;
        order.slot = Some(*slot);
        order.enter(CLAIMED, now);
        Ok(())
    }

    /// What decline, start, commit and reveal ask first.
    fn step(
        &mut self,
        by: &Address,
        provider: &Address,
        slot: &Address,
        job: &Address,
        from: u8,
        now: Now,
    ) -> Result<(&mut Job, &mut Slot), Refusal> {
        self.worker(by, provider, slot)?;
        let order = self.jobs.get_mut(job).unwrap();
        demand(order.state == from, EscrowError::WrongJobState)?;
        demand(order.slot == Some(*slot), EscrowError::NotTheAssignedSlot)?;
        demand(!order.is_overdue(now), EscrowError::DeadlinePassed)?;
        Ok((order, self.slots.get_mut(slot).unwrap()))
    }

    /// `decline_job`.
    pub fn decline(
        &mut self,
        by: &Address,
        provider: &Address,
        slot: &Address,
        job: &Address,
        now: Now,
    ) -> Result<(), Refusal> {
        let (order, state) = self.step(by, provider, slot, job, CLAIMED, now)?;
        state.current = None;
        state.unlock(order.terms.bond_lamports);
        order.slot = None;
        order.enter(OPEN, now);
        Ok(())
    }

    /// `start_job`.
    pub fn start(
        &mut self,
        by: &Address,
        provider: &Address,
        slot: &Address,
        job: &Address,
        input: &[u8; 32],
        now: Now,
    ) -> Result<(), Refusal> {
        let (order, _) = self.step(by, provider, slot, job, CLAIMED, now)?;
        demand(order.terms.input_hash == *input, EscrowError::InputMismatch)?;
        order.enter(RUNNING, now);
        Ok(())
    }

    /// `commit_result`.
    pub fn commit(
        &mut self,
        by: &Address,
        provider: &Address,
        slot: &Address,
        job: &Address,
        hash: &[u8; 32],
        now: Now,
    ) -> Result<(), Refusal> {
        let (order, state) = self.step(by, provider, slot, job, RUNNING, now)?;
        demand(*hash != [0; 32], EscrowError::ZeroHash)?;
        state.current = None;
        order.result = *hash;
        order.enter(COMMITTED, now);
        Ok(())
    }

    /// `reveal_result`.
    pub fn reveal(
        &mut self,
        by: &Address,
        provider: &Address,
        slot: &Address,
        job: &Address,
        parts: &[[u8; 32]; 2],
        now: Now,
    ) -> Result<(), Refusal> {
        let (order, _) = self.step(by, provider, slot, job, COMMITTED, now)?;
        let hash = sha(&[b"commonweal:res:1", &parts[0], &parts[1], slot.as_ref(), &order.uid]);
        demand(order.result == hash, EscrowError::CommitmentMismatch)?;
        order.result = parts[0];
        order.enter(CHALLENGEABLE, now);
        Ok(())
    }

    /// `settle` into a payout.
    pub fn settle(
        &mut self,
        job: &Address,
        slot: &Address,
        payout: &Address,
        spoil: Spoil,
        now: Now,
    ) -> Result<(), Refusal> {
        let order = self.jobs[job].clone();
        demand_address(order.slot.unwrap_or(NOBODY) == *slot)?;
        demand_address(spoil != Spoil::Mint)?;
        demand(order.state == CHALLENGEABLE, EscrowError::WrongJobState)?;
        demand(order.is_overdue(now), EscrowError::TooEarly)?;
        demand(now.slot > order.created.slot, EscrowError::SameSlot)?;
        demand(spoil != Spoil::Vault, EscrowError::NotTheVault)?;
        let account = self.payouts.get_mut(payout).unwrap();
        demand(
            account.slot == *slot && account.mint == order.mint,
            EscrowError::PayoutMismatch,
        )?;
        demand(spoil != Spoil::Program, EscrowError::WrongTokenProgram)?;
        let (provider, fee) = order.split();
        for (atoms, part) in [(&mut account.provider_atoms, provider), (&mut account.fee_atoms, fee)] {
            atoms[0] += part;
            atoms[1] += part;
        }
        let state = self.slots.get_mut(slot).unwrap();
        state.unlock(order.terms.bond_lamports);
        state.record(&order, 1, provider, fee, 0);
        let vault = account.vault;
        self.tokens
            .transfer(&order.vault, &vault, job, order.terms.price_atoms, 0)?;
        self.jobs.get_mut(job).unwrap().enter(FINAL, now);
        Ok(())
    }

    /// Everything in the vault goes to `to`; vault and job close, their lamports go to the rent payer.
    fn end(&mut self, job: &Address, to: &Address) -> Result<(), Refusal> {
        let order = self.jobs[job].clone();
        let held = self.tokens.atoms(&order.vault);
        self.tokens.transfer(&order.vault, to, job, held, 0)?;
        self.close_vault(&order.vault, &order.payer);
        self.jobs.remove(job);
        let rest = self.lamports[job];
        self.move_lamports(job, &order.payer, rest);
        Ok(())
    }

    fn close_vault(&mut self, vault: &Address, payer: &Address) {
        self.tokens.holdings.remove(vault);
        let rest = self.lamports[vault];
        self.move_lamports(vault, payer, rest);
    }

    /// `cancel_job` (from open) or `claim_refund` (from refundable).
    pub fn refund_by_client(
        &mut self,
        by: &Address,
        job: &Address,
        to: &Address,
        from: u8,
        spoil: Spoil,
        now: Now,
    ) -> Result<(), Refusal> {
        let order = &self.jobs[job];
        demand_address(order.client == *by && spoil != Spoil::Mint)?;
        demand(order.state == from, EscrowError::WrongJobState)?;
        demand(from != OPEN || now.slot > order.created.slot, EscrowError::SameSlot)?;
        demand(spoil != Spoil::Vault, EscrowError::NotTheVault)?;
        demand(spoil != Spoil::Program, EscrowError::WrongTokenProgram)?;
        self.end(job, to)
    }

    /// `close_job`.
    pub fn close(&mut self, job: &Address, client_token: Option<&Address>, spoil: Spoil) -> Result<(), Refusal> {
        let order = self.jobs[job].clone();
        demand_address(spoil != Spoil::Mint)?;
        demand(order.state == FINAL, EscrowError::WrongJobState)?;
        demand(spoil != Spoil::Vault, EscrowError::NotTheVault)?;
        demand(spoil != Spoil::Program, EscrowError::WrongTokenProgram)?;
        let surplus = self.tokens.atoms(&order.vault);
        if surplus > 0 {
            let account = client_token.ok_or_else(|| refusal(EscrowError::SurplusAccountRequired))?;
            self.clients_account(&order, account)?;
            self.tokens.transfer(&order.vault, account, job, surplus, 0)?;
        }
        self.close_vault(&order.vault, &order.payer);
        self.jobs.remove(job);
        let rest = self.lamports[job];
        self.move_lamports(job, &order.payer, rest);
        Ok(())
    }

    fn clients_account(&self, order: &Job, account: &Address) -> Result<bool, Refusal> {
        let holding = self.tokens.holdings.get(account);
        let is_theirs = holding.is_some_and(|h| h.owner == order.client && h.mint == order.mint);
        demand(is_theirs, EscrowError::NotTheClientsAccount)?;
        Ok(holding.unwrap().is_frozen)
    }

    /// `crank`; `slot` is the one passed, if one is.
    pub fn crank(
        &mut self,
        by: &Address,
        job: &Address,
        client_token: &Address,
        slot: Option<&Address>,
        spoil: Spoil,
        now: Now,
    ) -> Result<(), Refusal> {
        let order = self.jobs[job].clone();
        demand_address(spoil != Spoil::Mint)?;
        demand(spoil != Spoil::Vault, EscrowError::NotTheVault)?;
        demand(spoil != Spoil::Program, EscrowError::WrongTokenProgram)?;
        demand(
            ![CHALLENGEABLE, FINAL].contains(&order.state),
            EscrowError::NothingToCrank,
        )?;
        demand(
            order.state == REFUNDABLE || order.is_overdue(now),
            EscrowError::TooEarly,
        )?;
        match order.state {
            OPEN => {
                self.jobs.get_mut(job).unwrap().reserve -= order.bounty;
                self.move_lamports(job, by, order.bounty);
            }
            REFUNDABLE => {}
            _ => self.punish(by, &order, slot)?,
        }
        if order.state == CLAIMED {
            let job = self.jobs.get_mut(job).unwrap();
            job.slot = None;
            job.enter(OPEN, now);
            return Ok(());
        }
        let is_client_frozen = self.clients_account(&order, client_token)?;
        if is_client_frozen || self.tokens.holdings[&order.vault].is_frozen {
            demand(order.state != REFUNDABLE, EscrowError::ClientAccountFrozen)?;
            self.jobs.get_mut(job).unwrap().enter(REFUNDABLE, now);
            return Ok(());
        }
        self.end(job, client_token)
    }

    fn punish(&mut self, by: &Address, order: &Job, slot: Option<&Address>) -> Result<(), Refusal> {
        let slot = slot.ok_or_else(|| refusal(EscrowError::SlotRequired))?;
        demand(order.slot == Some(*slot), EscrowError::NotTheAssignedSlot)?;
        let (bond, compensation) = (order.terms.bond_lamports, order.terms.compensation_lamports);
        // not starting costs what the client stated; a missing or hidden result costs the bond
        let burnt = if order.state == CLAIMED {
            0
        } else {
            bond - compensation - order.bounty
        };
        let fault = Fault {
            compensation,
            bounty: order.bounty,
            burnt,
        };
        let taken = fault.compensation + fault.bounty + fault.burnt;
        let state = self.slots.get_mut(slot).unwrap();
        if order.state != COMMITTED {
            state.current = None;
        }
        state.unlock(bond);
        state.bond -= taken;
        state.slashed += taken;
        state.burnt += fault.burnt;
        let outcome = match order.state {
            CLAIMED => 4,
            RUNNING => 2,
            _ => 3,
        };
        state.record(order, outcome, 0, 0, taken);
        self.move_lamports(slot, &order.client, fault.compensation);
        self.move_lamports(slot, by, fault.bounty);
        Ok(())
    }

    /// `withdraw_payout`.
    pub fn withdraw_payout(
        &mut self,
        by: &Address,
        provider: &Address,
        payout: &Address,
        to: &Address,
        spoil: Spoil,
    ) -> Result<(), Refusal> {
        demand_address(self.providers[provider].authority == *by)?;
        let account = self.payouts.get_mut(payout).unwrap();
        demand_address(account.provider == *provider && spoil != Spoil::Mint && spoil != Spoil::Vault)?;
        demand(spoil != Spoil::Program, EscrowError::WrongTokenProgram)?;
        let due = std::mem::take(&mut account.provider_atoms[0]);
        demand(due > 0, EscrowError::NothingDue)?;
        account.provider_atoms[2] += due;
        let vault = account.vault;
        self.tokens.transfer(&vault, to, payout, due, 0)
    }

    /// `sweep_fees`.
    pub fn sweep(&mut self, config: u16, payout: &Address, to: &Address, spoil: Spoil) -> Result<(), Refusal> {
        let account = self.payouts.get_mut(payout).unwrap();
        demand_address(spoil != Spoil::Mint && spoil != Spoil::Vault)?;
        demand(account.config_id == config, EscrowError::ConfigMismatch)?;
        let holding = &self.tokens.holdings[to];
        demand(
            holding.owner == self.configs[&config].treasury && holding.mint == account.mint,
            EscrowError::NotTheTreasurysAccount,
        )?;
        demand(spoil != Spoil::Program, EscrowError::WrongTokenProgram)?;
        let due = std::mem::take(&mut account.fee_atoms[0]);
        demand(due > 0, EscrowError::NothingDue)?;
        account.fee_atoms[2] += due;
        let vault = account.vault;
        self.tokens.transfer(&vault, to, payout, due, 0)
    }

    /// `close_payout`; `provider` is the account passed.
    pub fn close_payout(
        &mut self,
        by: &Address,
        provider: &Address,
        payout: &Address,
        to: &Address,
        spoil: Spoil,
    ) -> Result<(), Refusal> {
        demand_address(self.providers[provider].authority == *by)?;
        let account = self.payouts[payout].clone();
        demand_address(account.provider == *provider && spoil != Spoil::Mint && spoil != Spoil::Vault)?;
        let is_empty = account.provider_atoms[0] == 0 && account.fee_atoms[0] == 0;
        demand(is_empty, EscrowError::PayoutNotEmpty)?;
        demand(spoil != Spoil::Program, EscrowError::WrongTokenProgram)?;
        let surplus = self.tokens.atoms(&account.vault);
        if surplus > 0 {
            self.tokens.transfer(&account.vault, to, payout, surplus, 0)?;
        }
        self.close_vault(&account.vault, &account.rent_payer);
        self.payouts.remove(payout);
        let rest = self.lamports[payout];
        self.move_lamports(payout, &account.rent_payer, rest);
        Ok(())
    }
}
