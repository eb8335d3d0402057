//! Leases, vouchers, gangs.

pub use crate::fixtures::escrow::lease::{lease_code, LeaseTerms, Words};

use super::*;

/// The accounts of an instruction that ends a lease.
#[derive(Clone, Copy, Debug)]
pub struct Leaving {
    /// Who signs.
    pub by: Address,
    /// The lease.
    pub lease: Address,
    /// Where the refund goes.
    pub token: Address,
    /// The provider, where its side closes.
    pub provider: Option<Address>,
    /// The slot.
    pub slot: Option<Address>,
    /// The gang.
    pub gang: Option<Address>,
    /// What is wrong.
    pub spoil: Spoil,
}

impl Book {
    fn check_lease_terms(&self, lease: &Lease, config: &Config, now: Now, against: &mut Against) {
        let t = &lease.terms;
        let least = if config.is_rehearsal { 2 } else { 60 };
        let fits = t.rate_per_second_atoms > 0
            && (least..=30 * 86_400).contains(&t.open_seconds)
            && (least..=86_400).contains(&t.notice_seconds)
            && (least..=7 * 86_400).contains(&t.pause_seconds)
            && (1..=3_600).contains(&t.interval_seconds);
        against.unless(fits, EscrowError::LeaseOutOfBounds);
        against.unless(config.fee_ppm <= t.max_fee_ppm, EscrowError::FeeAboveLimit);
        let compensation = t.compensation_lamports;
        against.unless(
            compensation == 0 || compensation >= 1_000_000,
            EscrowError::CompensationTooSmall,
        );
        let is_deep = t.bond_lamports >= compensation && t.bond_lamports >= config.min_bond;
        against.unless(is_deep, EscrowError::BondTooSmall);
        against.unless(t.voucher_key != Address::default(), EscrowError::ZeroAddress);
        against.unless(t.spec_hash != [0; 32], EscrowError::ZeroHash);
        if t.rate_per_second_atoms > 0 {
            lease.check_funds(now, against);
        }
    }

    /// `post_lease`; the lease carries what the client chose.
    pub fn post_lease(&mut self, mut lease: Lease, from: &Address, spoil: Spoil, now: Now) -> Verdict {
        let config = &self.configs[&lease.config_id];
        let mut against = Against::default();
        against.unless(config.mints.contains(&lease.mint), EscrowError::MintNotAllowed);
        against.unless(spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        if let Some(gang) = lease.gang.map(|gang| &self.gangs[&gang]) {
            against.unless(gang.client == lease.client, EscrowError::GangRequired);
            let has_place = !gang.is_active && !gang.has_failed(now) && gang.leases < gang.size;
            against.unless(has_place, EscrowError::GangClosed);
        }
        lease.state = lease_code::OPEN;
        lease.entered = now;
        self.check_lease_terms(&lease, config, now, &mut against);
        against.when(self.leases.contains_key(&lease.address), code(0));
        against.verdict()?;
        (lease.fee_ppm, lease.bounty, lease.bounties) = (config.fee_ppm, config.bounty, 2);
        lease.is_rehearsal = config.is_rehearsal;
        lease.uid = sha(&[
            b"commonweal:uid:1",
            compute_escrow::ID.as_ref(),
            lease.address.as_ref(),
            &now.slot.to_le_bytes(),
        ]);
        self.fund(&lease.payer, &lease.address, 436, 2 * lease.bounty);
        self.fund(&lease.payer, &lease.vault, 165, 0);
        self.tokens.open(lease.vault, lease.mint, lease.address);
        self.tokens
            .transfer(from, &lease.vault, &lease.client, lease.deposit, 0)?;
        if let Some(gang) = lease.gang {
            self.gangs.get_mut(&gang).unwrap().leases += 1;
        }
        self.leases.insert(lease.address, lease);
        Ok(())
    }

    /// `accept_lease`; `gang` is the one given.
    pub fn accept_lease(
        &mut self,
        hands: &Hands,
        lease: &Address,
        gang: Option<&Address>,
        uid: &[u8; 32],
        now: Now,
    ) -> Verdict {
        let rent = &self.leases[lease];
        let t = &rent.terms;
        let mut against = Against::default();
        self.check_worker(&hands.by, &hands.provider, &hands.slot, &mut against);
        against.unless(rent.uid == *uid, EscrowError::WrongUid);
        against.unless(rent.state == lease_code::OPEN, EscrowError::WrongLeaseState);
        against.unless(!rent.is_overdue(now), EscrowError::DeadlinePassed);
        against.unless(now.slot > rent.entered.slot, EscrowError::SameSlot);
        let is_named = t.slot == Address::default() || t.slot == hands.slot;
        against.unless(is_named, EscrowError::LeaseForAnotherSlot);
        let asked = Asked {
            model_id: t.model_id,
            min_score: t.min_score,
            min_vram_gib: t.min_vram_gib,
            persons_only: t.persons_only,
            config_id: rent.config_id,
        };
        self.check_asked(&hands.slot, &hands.provider, &asked, now, &mut against);
        against.unless(self.slots[&hands.slot].current.is_none(), EscrowError::SlotBusy);
        self.check_bond(
            &hands.slot,
            rent.config_id,
            rent.entered.slot,
            t.bond_lamports,
            &mut against,
        );
        self.check_gang(rent, gang, &mut against);
        if let Some(gang) = rent.gang.and_then(|gang| self.gangs.get(&gang)) {
            against.unless(!gang.is_active && !gang.has_failed(now), EscrowError::GangClosed);
        }
        against.verdict()?;
        let rent = self.leases.get_mut(lease).unwrap();
        let state = self.slots.get_mut(&hands.slot).unwrap();
        state.lock(rent.terms.bond_lamports);
        state.current = Some(*lease);
        rent.slot = Some(hands.slot);
        match rent.gang {
            Some(gang) => {
                rent.enter(lease_code::JOINED, now);
                let gang = self.gangs.get_mut(&gang).unwrap();
                gang.joined += 1;
                if gang.joined == gang.size {
                    gang.is_active = true;
                    gang.entered = now.not_before(gang.entered);
                }
            }
            None => rent.enter(lease_code::ACTIVE, now),
        }
        Ok(())
    }

    /// A lease of a gang needs that gang.
    fn check_gang(&self, rent: &Lease, given: Option<&Address>, against: &mut Against) {
        let is_it = rent.gang.is_none() || rent.gang.as_ref() == given;
        against.unless(is_it, EscrowError::GangRequired);
    }

    /// `start_lease`.
    pub fn start_lease(&mut self, hands: &Hands, lease: &Address, gang: Option<&Address>) -> Verdict {
        let rent = &self.leases[lease];
        let mut against = Against::default();
        let is_theirs = self.slots[&hands.slot].provider == hands.provider;
        against.unless(is_theirs, EscrowError::SlotOfAnotherProvider);
        let tenant = rent.slot.unwrap_or(rent.terms.slot);
        against.unless(tenant == hands.slot, EscrowError::NotTheAssignedSlot);
        against.unless(rent.state == lease_code::JOINED, EscrowError::WrongLeaseState);
        against.unless(rent.gang.is_some(), EscrowError::GangRequired);
        self.check_gang(rent, gang, &mut against);
        let start = rent.gang.and_then(|gang| self.gangs.get(&gang));
        against.unless(start.is_none_or(|gang| gang.is_active), EscrowError::GangIncomplete);
        against.verdict()?;
        let start = start.unwrap().entered;
        self.leases.get_mut(lease).unwrap().enter(lease_code::ACTIVE, start);
        Ok(())
    }

    fn check_tenant(&self, hands: &Hands, rent: &Lease) -> Against {
        let mut against = Against::default();
        self.check_worker(&hands.by, &hands.provider, &hands.slot, &mut against);
        let tenant = rent.slot.unwrap_or(rent.terms.slot);
        against.unless(tenant == hands.slot, EscrowError::NotTheAssignedSlot);
        against
    }

    /// `resume_lease`.
    pub fn resume_lease(&mut self, hands: &Hands, lease: &Address, now: Now) -> Verdict {
        let rent = &self.leases[lease];
        let mut against = self.check_tenant(hands, rent);
        against.unless(rent.state == lease_code::PAUSED, EscrowError::WrongLeaseState);
        against.unless(!rent.is_overdue(now), EscrowError::DeadlinePassed);
        rent.check_funds(now, &mut against);
        against.verdict()?;
        self.leases.get_mut(lease).unwrap().enter(lease_code::ACTIVE, now);
        Ok(())
    }

    /// `reclaim_notice`.
    pub fn reclaim_notice(&mut self, hands: &Hands, lease: &Address, now: Now) -> Verdict {
        let rent = &self.leases[lease];
        let mut against = self.check_tenant(hands, rent);
        against.unless(rent.state == lease_code::ACTIVE, EscrowError::WrongLeaseState);
        against.verdict()?;
        self.leases.get_mut(lease).unwrap().enter(lease_code::RECLAIMING, now);
        Ok(())
    }

    /// `top_up` out of the funder's token account.
    #[allow(clippy::too_many_arguments)]
    pub fn top_up(
        &mut self,
        by: &Address,
        from: &Address,
        lease: &Address,
        uid: &[u8; 32],
        atoms: u64,
        spoil: Spoil,
        now: Now,
    ) -> Verdict {
        let mut rent = self.leases[lease].clone();
        let mut against = Against::default();
        against.unless_address(spoil != Spoil::Mint);
        against.unless(rent.uid == *uid, EscrowError::WrongUid);
        against.unless(rent.state < lease_code::SETTLING, EscrowError::WrongLeaseState);
        against.unless(spoil != Spoil::Vault, EscrowError::NotTheVault);
        against.unless(spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        if rent.is_empty(now) {
            rent.enter(lease_code::PAUSED, now);
        }
        let least = u128::from(rent.terms.rate_per_second_atoms) * u128::from(rent.terms.interval_seconds);
        against.unless(u128::from(atoms) >= least, EscrowError::LeaseUnderfunded);
        let sum = rent.deposit.checked_add(atoms);
        against.unless(sum.is_some() && u64::try_from(least).is_ok(), EscrowError::MathOverflow);
        rent.deposit = sum.unwrap_or(u64::MAX);
        rent.check_funds(now, &mut against);
        against.verdict()?;
        self.tokens.transfer(from, &rent.vault, by, atoms, 0)?;
        self.leases.insert(*lease, rent);
        Ok(())
    }

    /// `redeem_voucher`, signed by `keys`: the client's machine, the provider's.
    pub fn redeem(
        &mut self,
        lease: &Address,
        words: &Words,
        keys: [Address; 2],
        payout: &Address,
        now: Now,
    ) -> Verdict {
        let rent = self.leases[lease].clone();
        let slot = rent.slot.unwrap();
        let provider = &self.providers[&self.slots[&slot].provider];
        let account = &self.payouts[payout];
        let mut against = Against::default();
        against.unless(
            account.slot == slot && account.mint == rent.mint,
            EscrowError::PayoutMismatch,
        );
        let may = rent.has_slot() && rent.state != lease_code::JOINED;
        against.unless(may, EscrowError::WrongLeaseState);
        let is_its = words.uid == rent.uid && words.slot == slot && words.genesis == [7; 32];
        against.unless(is_its && words.tag == *b"CWL1", EscrowError::VoucherOfAnotherLease);
        let rotated = provider
            .previous
            .filter(|(key, then)| *key == keys[1] && *key != provider.session && now.ts < then.ts + 3_600);
        let are_theirs = keys[0] == rent.terms.voucher_key && (keys[1] == provider.session || rotated.is_some());
        against.unless(are_theirs, EscrowError::VoucherKeyMismatch);
        let end = if rent.state == lease_code::SETTLING {
            rent.entered.ts.min(now.ts)
        } else {
            now.ts
        };
        against.unless(words.expires_ts >= end, EscrowError::VoucherExpired);
        let (last_cumulative, last_seq) = rent.voucher;
        let is_same = (words.cumulative_atoms, words.seq) == rent.voucher;
        let is_next = words.seq > last_seq && words.cumulative_atoms >= last_cumulative;
        against.unless(is_same || is_next || rotated.is_some(), EscrowError::VoucherStale);
        let seconds = match rotated {
            Some((_, then)) => rent.counted_at(then, now),
            None => rent.counted(now),
        };
        let by_time = u128::from(rent.terms.rate_per_second_atoms) * u128::from(seconds);
        let total = u128::from(words.cumulative_atoms.min(rent.deposit)).min(by_time) as u64;
        against.unless(total > rent.paid, EscrowError::NothingDue);
        against.verdict()?;
        let (before, now_split) = (split(rent.paid, rent.fee_ppm), split(total, rent.fee_ppm));
        let parts = [now_split[0] - before[0], now_split[1] - before[1]];
        self.credit(payout, parts, &rent.vault, lease)?;
        let live = self.leases.get_mut(lease).unwrap();
        live.paid = total;
        if rotated.is_none() {
            live.voucher = (words.cumulative_atoms, words.seq);
            live.usage = words.usage_root;
        }
        Ok(())
    }

    fn check_leaving(&self, leaving: &Leaving) -> Against {
        let mut against = Against::default();
        against.unless_address(leaving.spoil != Spoil::Mint);
        against.unless(leaving.spoil != Spoil::Vault, EscrowError::NotTheVault);
        against.unless(leaving.spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        against
    }

    fn check_slot_given(rent: &Lease, given: Option<&Address>, against: &mut Against) {
        against.unless(given.is_some(), EscrowError::SlotRequired);
        let is_it = given.is_none() || rent.slot.as_ref() == given;
        against.unless(is_it, EscrowError::NotTheAssignedSlot);
    }

    /// What speaks against the end of a lease, and whether it is delayed.
    fn check_end(&self, leaving: &Leaving, rent: &Lease, by_client: bool, against: &mut Against) -> bool {
        if rent.has_slot() {
            Self::check_slot_given(rent, leaving.slot.as_ref(), against);
        }
        if rent.state != lease_code::REFUNDABLE {
            self.check_gang(rent, leaving.gang.as_ref(), against);
        }
        if by_client {
            return false;
        }
        let holding = self.tokens.holdings.get(&leaving.token);
        let is_theirs = holding.is_some_and(|h| h.owner == rent.client && h.mint == rent.mint);
        against.unless(is_theirs, EscrowError::NotTheClientsAccount);
        let is_frozen = holding.is_some_and(|h| h.is_frozen) || self.tokens.holdings[&rent.vault].is_frozen;
        let waits = rent.state == lease_code::REFUNDABLE;
        against.unless(!(waits && is_frozen), EscrowError::ClientAccountFrozen);
        is_frozen
    }

    /// A lease ends; slot and gang are let go, the rest of the vault goes to the token account.
    fn end_lease(&mut self, leaving: &Leaving, is_delayed: bool, bounty: u64, compensation: u64, now: Now) -> Verdict {
        let rent = self.leases[&leaving.lease].clone();
        if rent.has_slot() {
            self.free_tenant(&rent);
            let parts = split(rent.paid, rent.fee_ppm);
            let decimals = self.decimals[&rent.mint];
            let slot = rent.slot.unwrap();
            let state = self.slots.get_mut(&slot).unwrap();
            state.lose(rent.terms.bond_lamports, compensation, 0);
            let ended = Ended {
                of: [&rent.uid, &rent.terms.spec_hash, &rent.usage],
                outcome: 9,
                amounts: [parts[0], parts[1], compensation],
                decimals,
            };
            state.record(&ended, now);
            self.move_lamports(&slot, &rent.client, compensation);
        }
        if let Some(gang) = rent.gang.filter(|_| rent.state != lease_code::REFUNDABLE) {
            self.gangs.get_mut(&gang).unwrap().leases -= 1;
        }
        self.move_lamports(&leaving.lease, &leaving.by, bounty);
        if is_delayed {
            self.leases
                .get_mut(&leaving.lease)
                .unwrap()
                .enter(lease_code::REFUNDABLE, now);
            return Ok(());
        }
        let held = self.tokens.atoms(&rent.vault);
        self.tokens
            .transfer(&rent.vault, &leaving.token, &leaving.lease, held, 0)?;
        self.close_vault(&rent.vault, &rent.payer);
        self.leases.remove(&leaving.lease);
        self.close_account(&leaving.lease, &rent.payer);
        Ok(())
    }

    fn free_tenant(&mut self, rent: &Lease) {
        let state = self.slots.get_mut(&rent.slot.unwrap()).unwrap();
        if state.current == Some(rent.address) {
            state.current = None;
        }
    }

    /// A lease goes into a state that is not the end.
    fn move_lease(&mut self, leaving: &Leaving, state: u8, bounty: u64, now: Now) {
        let rent = self.leases[&leaving.lease].clone();
        if state == lease_code::SETTLING {
            self.free_tenant(&rent);
        }
        self.leases.get_mut(&leaving.lease).unwrap().enter(state, now);
        self.move_lamports(&leaving.lease, &leaving.by, bounty);
    }

    /// `close_lease`.
    pub fn close_lease(&mut self, leaving: &Leaving, now: Now) -> Verdict {
        let rent = self.leases[&leaving.lease].clone();
        let mut against = self.check_leaving(leaving);
        if let Some(provider) = leaving.provider {
            Self::check_slot_given(&rent, leaving.slot.as_ref(), &mut against);
            if let Some(slot) = leaving.slot {
                self.check_worker(&leaving.by, &provider, &slot, &mut against);
            }
            let may = rent.has_slot() && rent.state != lease_code::JOINED;
            against.unless(may, EscrowError::WrongLeaseState);
            let is_noticed = rent.state == lease_code::RECLAIMING && rent.is_overdue(now);
            let is_free = !rent.is_running() || rent.is_empty(now) || is_noticed;
            let compensation = if is_free { 0 } else { rent.terms.compensation_lamports };
            let is_delayed = self.check_end(leaving, &rent, false, &mut against);
            against.verdict()?;
            return self.end_lease(leaving, is_delayed, 0, compensation, now);
        }
        against.unless_address(leaving.by == rent.client);
        match rent.state {
            lease_code::OPEN | lease_code::REFUNDABLE => {
                let is_open = rent.state == lease_code::OPEN;
                against.unless(!is_open || now.slot > rent.entered.slot, EscrowError::SameSlot);
                self.check_end(leaving, &rent, true, &mut against);
                against.verdict()?;
                self.end_lease(leaving, false, 0, 0, now)
            }
            _ => {
                let may = rent.is_running() || rent.state == lease_code::PAUSED;
                against.unless(may, EscrowError::WrongLeaseState);
                Self::check_slot_given(&rent, leaving.slot.as_ref(), &mut against);
                against.verdict()?;
                self.move_lease(leaving, lease_code::SETTLING, 0, now);
                Ok(())
            }
        }
    }

    /// `crank_lease`.
    pub fn crank_lease(&mut self, leaving: &Leaving, now: Now) -> Verdict {
        let rent = self.leases[&leaving.lease].clone();
        let mut against = self.check_leaving(leaving);
        let next = match rent.state {
            lease_code::JOINED => {
                self.check_gang(&rent, leaving.gang.as_ref(), &mut against);
                let failed = self.gangs[&rent.gang.unwrap()].has_failed(now);
                against.unless(failed, EscrowError::TooEarly);
                None
            }
            lease_code::ACTIVE => {
                against.unless(rent.is_empty(now), EscrowError::TooEarly);
                Some(lease_code::PAUSED)
            }
            lease_code::REFUNDABLE => None,
            state => {
                against.unless(rent.is_overdue(now), EscrowError::TooEarly);
                let settles = [lease_code::PAUSED, lease_code::RECLAIMING].contains(&state);
                settles.then_some(lease_code::SETTLING)
            }
        };
        match next {
            Some(state) => {
                if state == lease_code::SETTLING {
                    Self::check_slot_given(&rent, leaving.slot.as_ref(), &mut against);
                }
                against.verdict()?;
                let bounty = self.leases.get_mut(&leaving.lease).unwrap().spend(false);
                self.move_lease(leaving, state, bounty, now);
                Ok(())
            }
            None => {
                let is_delayed = self.check_end(leaving, &rent, false, &mut against);
                against.verdict()?;
                let waits = rent.state == lease_code::REFUNDABLE;
                let live = self.leases.get_mut(&leaving.lease).unwrap();
                let bounty = if waits { 0 } else { live.spend(true) };
                self.end_lease(leaving, is_delayed, bounty, 0, now)
            }
        }
    }

    /// `open_gang`.
    pub fn open_gang(&mut self, gang: Gang, config_id: u16) -> Verdict {
        let least = if self.configs[&config_id].is_rehearsal { 2 } else { 60 };
        let fits = (2..=16).contains(&gang.size) && (least..=86_400).contains(&gang.seconds);
        let mut against = Against::default();
        against.unless(fits, EscrowError::LeaseOutOfBounds);
        against.when(self.gangs.contains_key(&gang.address), code(0));
        against.verdict()?;
        self.fund(&gang.payer, &gang.address, 120, 0);
        self.gangs.insert(gang.address, gang);
        Ok(())
    }

    /// `close_gang`.
    pub fn close_gang(&mut self, by: &Address, gang: &Address, now: Now) -> Verdict {
        let state = self.gangs[gang].clone();
        let may = state.is_active || state.has_failed(now) || state.client == *by;
        demand(may && state.leases == 0, EscrowError::GangInUse)?;
        self.gangs.remove(gang);
        self.close_account(gang, &state.payer);
        Ok(())
    }
}
