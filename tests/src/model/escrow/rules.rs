//! What each instruction does to the book, or why it is refused.

use super::*;

/// Who acts for which slot of which provider.
#[derive(Clone, Copy, Debug)]
pub struct Hands {
    /// The signer.
    pub by: Address,
    /// The provider account given.
    pub provider: Address,
    /// The slot.
    pub slot: Address,
}

impl Book {
    pub(super) fn move_lamports(&mut self, from: &Address, to: &Address, lamports: u64) {
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
    pub fn post(&mut self, mut job: Job, client_token: &Address, spoil: Spoil, now: Now) -> Verdict {
        let config = &self.configs[&job.config_id];
        let mut against = Against::default();
        against.unless(config.mints.contains(&job.mint), EscrowError::MintNotAllowed);
        against.unless(spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        check_terms(&job.terms, config, &mut against);
        against.when(self.jobs.contains_key(&job.address), code(0));
        against.verdict()?;
        job.fee_ppm = config.fee_ppm;
        job.bounty = config.bounty;
        // every deadline that can pass without anybody's fault
        job.reserve = config.bounty * if job.terms.kind == 0 { 1 } else { 3 };
        job.price = job.terms.price_atoms;
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
    pub fn claim(&mut self, hands: &Hands, job: &Address, uid: &[u8; 32], shows_hashes: bool, now: Now) -> Verdict {
        let Hands { by, provider, slot } = hands;
        let order = &self.jobs[job];
        let mut against = Against::default();
        self.check_worker(by, provider, slot, &mut against);
        against.unless(order.uid == *uid, EscrowError::WrongUid);
        let is_award = order.state == AWARDED;
        against.unless(is_award || order.state == OPEN, EscrowError::WrongJobState);
        against.unless(is_award || order.terms.kind == 0, EscrowError::WrongKind);
        against.unless(!order.is_overdue(now), EscrowError::DeadlinePassed);
        against.unless(self.slots[slot].current.is_none(), EscrowError::SlotBusy);
        let bond = order.terms.bond_lamports;
        if is_award {
            against.unless(order.slot == Some(*slot), EscrowError::NotTheAssignedSlot);
        } else {
            self.check_bond(slot, order.config_id, order.entered.slot, bond, &mut against);
            self.check_eligible(slot, provider, order, now, &mut against);
            if order.state == OPEN {
                let lot = self.check_lot(slot, provider, order, shows_hashes, now);
                if let Err(more) = lot.verdict() {
                    more.0.into_iter().for_each(|one| against.when(true, one));
                }
            }
        }
        against.verdict()?;
        let (order, state) = (self.jobs.get_mut(job).unwrap(), self.slots.get_mut(slot).unwrap());
        state.current = Some(*job);
        if is_award {
            order.result = [0; 32];
        } else {
            state.lock(bond);
            order.slot = Some(*slot);
        }
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
    pub fn decline(&mut self, by: &Address, provider: &Address, slot: &Address, job: &Address, now: Now) -> Verdict {
        let kind = self.jobs[job].terms.kind;
        let tried = self.step(by, provider, slot, job, CLAIMED, now);
        if kind == 1 {
            // the bid binds
            let mut all = vec![refusal(EscrowError::WrongKind)];
            all.extend(tried.err());
            return Err(Refusals(all));
        }
        let (order, state) = tried?;
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
    pub fn settle(&mut self, job: &Address, slot: &Address, payout: &Address, spoil: Spoil, now: Now) -> Verdict {
        let order = self.jobs[job].clone();
        let mut against = Against::default();
        against.unless_address(order.slot.unwrap_or(NOBODY) == *slot && spoil != Spoil::Mint);
        against.unless(order.state == CHALLENGEABLE, EscrowError::WrongJobState);
        against.unless(order.terms.kind != 2, EscrowError::WrongKind);
        against.unless(order.is_overdue(now), EscrowError::TooEarly);
        against.unless(now.slot > order.created.slot, EscrowError::SameSlot);
        against.unless(order.challenges == 0, EscrowError::ChallengesOpen);
        against.unless(
            order.terms.verification != 3 || order.flags & 8 != 0,
            EscrowError::NotAttested,
        );
        against.unless(spoil != Spoil::Vault, EscrowError::NotTheVault);
        let account = &self.payouts[payout];
        against.unless(
            account.slot == *slot && account.mint == order.mint,
            EscrowError::PayoutMismatch,
        );
        against.unless(spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        against.verdict()?;
        // parts of the price are differences of divided totals; the receipt shows the whole
        let [provider, fee] = split(order.price, order.fee_ppm);
        let before = split(order.paid(), order.fee_ppm);
        self.credit(payout, [provider - before[0], fee - before[1]], &order.vault, job)?;
        let decimals = self.decimals[&order.mint];
        let state = self.slots.get_mut(slot).unwrap();
        state.unlock(order.terms.bond_lamports);
        state.record_job(&order, &order.result, 1, [provider, fee, 0], decimals, now);
        self.jobs.get_mut(job).unwrap().enter(FINAL, now);
        Ok(())
    }

    /// A payout is credited and its token account paid out of a vault.
    pub(super) fn credit(&mut self, payout: &Address, parts: [u64; 2], vault: &Address, owner: &Address) -> Verdict {
        let account = self.payouts.get_mut(payout).unwrap();
        for (atoms, part) in [&mut account.provider_atoms, &mut account.fee_atoms]
            .into_iter()
            .zip(parts)
        {
            atoms[0] += part;
            atoms[1] += part;
        }
        let to = account.vault;
        Ok(self.tokens.transfer(vault, &to, owner, parts[0] + parts[1], 0)?)
    }

    /// Everything in the vault goes to `to`; vault and job close, their lamports go to the rent payer.
    fn end(&mut self, job: &Address, to: &Address) -> Result<(), Refusal> {
        let order = self.jobs[job].clone();
        let held = self.tokens.atoms(&order.vault);
        self.tokens.transfer(&order.vault, to, job, held, 0)?;
        self.close_vault(&order.vault, &order.payer);
        self.jobs.remove(job);
        self.close_account(job, &order.payer);
        Ok(())
    }

    pub(super) fn close_vault(&mut self, vault: &Address, payer: &Address) {
        self.tokens.holdings.remove(vault);
        let rest = self.lamports[vault];
        self.move_lamports(vault, payer, rest);
    }

    /// `cancel_job` (from open) or `claim_refund` (from refundable, or a final one's rest).
    pub fn refund_by_client(
        &mut self,
        by: &Address,
        job: &Address,
        to: &Address,
        from: u8,
        spoil: Spoil,
        now: Now,
    ) -> Verdict {
        let order = &self.jobs[job];
        let mut against = Against::default();
        against.unless_address(order.client == *by && spoil != Spoil::Mint);
        let cancels = from == OPEN;
        let may = order.state == from || (!cancels && order.state == FINAL);
        // whoever has joined a redundant order holds it
        against.unless(may && (!cancels || order.counts[2] == 0), EscrowError::WrongJobState);
        against.unless(!cancels || now.slot > order.created.slot, EscrowError::SameSlot);
        against.unless(cancels || order.challenges == 0, EscrowError::ChallengesOpen);
        against.unless(spoil != Spoil::Vault, EscrowError::NotTheVault);
        against.unless(spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        against.verdict()?;
        Ok(self.end(job, to)?)
    }

    /// `close_job`.
    pub fn close(&mut self, job: &Address, client_token: Option<&Address>, spoil: Spoil) -> Verdict {
        let order = self.jobs[job].clone();
        let mut against = Against::default();
        against.unless_address(spoil != Spoil::Mint);
        against.unless(order.state == FINAL, EscrowError::WrongJobState);
        against.unless(order.challenges == 0, EscrowError::ChallengesOpen);
        against.unless(spoil != Spoil::Vault, EscrowError::NotTheVault);
        against.unless(spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        against.verdict()?;
        let surplus = self.tokens.atoms(&order.vault);
        if surplus > 0 {
            let account = client_token.ok_or_else(|| refusal(EscrowError::SurplusAccountRequired))?;
            self.clients_account(&order, account)?;
            self.tokens.transfer(&order.vault, account, job, surplus, 0)?;
        }
        self.close_vault(&order.vault, &order.payer);
        self.jobs.remove(job);
        self.close_account(job, &order.payer);
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
    ) -> Verdict {
        let order = self.jobs[job].clone();
        let mut against = Against::default();
        against.unless_address(spoil != Spoil::Mint);
        against.unless(spoil != Spoil::Vault, EscrowError::NotTheVault);
        against.unless(spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        let is_refundable = order.state == REFUNDABLE;
        against.unless(order.terms.kind != 2 || is_refundable, EscrowError::WrongKind);
        let lacks_evidence = order.terms.verification == 3 && order.flags & 8 == 0;
        let has_bids = order.terms.kind == 1 && order.counts[0] > 0;
        let (by_reserve, by_bond) = match order.state {
            OPEN => (!has_bids, false),
            REVEALING => (order.bids.is_empty(), false),
            CHALLENGEABLE => (lacks_evidence, false),
            CLAIMED | RUNNING | COMMITTED => (false, true),
            _ => (false, false),
        };
        against.unless(by_reserve || by_bond || is_refundable, EscrowError::NothingToCrank);
        against.unless(is_refundable || order.is_overdue(now), EscrowError::TooEarly);
        let asks_slot = by_bond || order.state == CHALLENGEABLE;
        against.unless(!asks_slot || slot.is_some(), EscrowError::SlotRequired);
        against.unless(
            !asks_slot || slot.is_none() || order.slot.as_ref() == slot,
            EscrowError::NotTheAssignedSlot,
        );
        against.unless(
            order.state != CHALLENGEABLE || order.challenges == 0,
            EscrowError::ChallengesOpen,
        );
        let returns = order.state != CLAIMED;
        let frozen = self.clients_account(&order, client_token);
        against.unless(!returns || frozen.is_ok(), EscrowError::NotTheClientsAccount);
        let is_frozen = frozen == Ok(true) || self.tokens.holdings[&order.vault].is_frozen;
        against.unless(!(is_refundable && is_frozen), EscrowError::ClientAccountFrozen);
        against.verdict()?;
        if by_bond {
            self.punish(by, &order, now);
        }
        if by_reserve {
            let bounty = self.jobs.get_mut(job).unwrap().spend();
            self.move_lamports(job, by, bounty);
        }
        if order.state == CHALLENGEABLE {
            let decimals = self.decimals[&order.mint];
            let state = self.slots.get_mut(slot.unwrap()).unwrap();
            state.unlock(order.terms.bond_lamports);
            state.record_job(&order, &order.result, 5, [0; 3], decimals, now);
        }
        let live = self.jobs.get_mut(job).unwrap();
        if !returns {
            live.slot = None;
            // an auction's bids are used up
            (live.counts[0], live.counts[1]) = (0, 0);
            live.bids.clear();
            live.enter(OPEN, now);
            return Ok(());
        }
        if is_frozen {
            live.enter(REFUNDABLE, now);
            return Ok(());
        }
        Ok(self.end(job, client_token)?)
    }

    /// A worker that let a deadline pass: not starting costs what the client stated, a missing or hidden result the bond.
    fn punish(&mut self, by: &Address, order: &Job, now: Now) {
        let slot = order.slot.unwrap();
        let (bond, compensation) = (order.terms.bond_lamports, order.terms.compensation_lamports);
        let paid = compensation + order.bounty;
        let burnt = if order.state == CLAIMED { 0 } else { bond - paid };
        let decimals = self.decimals[&order.mint];
        let state = self.slots.get_mut(&slot).unwrap();
        if order.state != COMMITTED {
            state.current = None;
        }
        state.lose(bond, paid, burnt);
        let outcome = match order.state {
            CLAIMED => 4,
            RUNNING => 2,
            _ => 3,
        };
        state.record_job(order, &order.result, outcome, [0, 0, paid + burnt], decimals, now);
        self.move_lamports(&slot, &order.client, compensation);
        self.move_lamports(&slot, by, order.bounty);
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
