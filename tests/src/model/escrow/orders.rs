//! Auctions, redundant orders, milestones, attested results.

use super::*;

/// A sealed bid.
#[derive(Clone, Debug)]
pub struct Bid {
    /// Its address.
    pub address: Address,
    /// The auction.
    pub job: Address,
    /// Its uid.
    pub uid: [u8; 32],
    /// Who bids.
    pub slot: Address,
    /// Who paid the rent.
    pub payer: Address,
    /// What seals it.
    pub commitment: [u8; 32],
    /// The price, once it is known.
    pub price: Option<u64>,
    /// What it locks.
    pub bond: u64,
}

/// A worker's part of a redundant order.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its address.
    pub address: Address,
    /// The order.
    pub job: Address,
    /// Its uid.
    pub uid: [u8; 32],
    /// Who works.
    pub slot: Address,
    /// Who paid the rent.
    pub payer: Address,
    /// 1 joined, 2 committed, 3 revealed.
    pub state: u8,
    /// Commitment or result.
    pub hash: [u8; 32],
}

/// What speaks against a part's place in an order.
fn check_part(part: &Part, order: &Job, slot: Option<&Address>, state: u8, against: &mut Against) {
    let fits = part.uid == order.uid && part.state == state && slot.is_none_or(|slot| part.slot == *slot);
    against.unless(fits, EscrowError::ContributionMismatch);
}

impl Book {
    fn check_taking_part(&self, hands: &Hands, order: &Job, uid: &[u8; 32], kind: u8, now: Now) -> Against {
        let mut against = Against::default();
        self.check_worker(&hands.by, &hands.provider, &hands.slot, &mut against);
        against.unless(order.uid == *uid, EscrowError::WrongUid);
        against.unless(order.terms.kind == kind, EscrowError::WrongKind);
        against.unless(order.state == OPEN, EscrowError::WrongJobState);
        against.unless(!order.is_overdue(now), EscrowError::DeadlinePassed);
        let bond = order.terms.bond_lamports;
        self.check_bond(&hands.slot, order.config_id, order.entered.slot, bond, &mut against);
        self.check_eligible(&hands.slot, &hands.provider, order, now, &mut against);
        against
    }

    /// `place_bid`.
    pub fn place_bid(&mut self, hands: &Hands, bid: Bid, uid: &[u8; 32], now: Now) -> Verdict {
        let order = &self.jobs[&bid.job];
        let mut against = self.check_taking_part(hands, order, uid, 1, now);
        against.unless(bid.commitment != [0; 32], EscrowError::ZeroHash);
        against.when(self.bids.contains_key(&bid.address), code(0));
        against.verdict()?;
        self.fund(&bid.payer, &bid.address, 192, 0);
        self.slots.get_mut(&bid.slot).unwrap().lock(bid.bond);
        let order = self.jobs.get_mut(&bid.job).unwrap();
        order.counts[0] = order.counts[0].saturating_add(1);
        self.bids.insert(bid.address, bid);
        Ok(())
    }

    /// Whether a state of revealing begins now, or what speaks against it.
    fn check_beginning(order: &Job, now: Now, against: &mut Against) -> bool {
        let (from, least) = match order.terms.kind {
            1 => (OPEN, 1),
            _ => (RUNNING, order.terms.redundancy_k),
        };
        if order.state != from {
            return false;
        }
        against.unless(order.is_overdue(now), EscrowError::TooEarly);
        against.unless(order.counts[0] >= least, EscrowError::TooFewTookPart);
        true
    }

    /// What speaks against a reveal, and whether it begins the time of revealing.
    fn check_reveal(&self, hands: &Hands, order: &Job, kind: u8, state: u8, now: Now) -> (Against, bool) {
        let mut against = Against::default();
        self.check_worker(&hands.by, &hands.provider, &hands.slot, &mut against);
        against.unless(order.terms.kind == kind, EscrowError::WrongKind);
        let begins = order.terms.kind == kind && Self::check_beginning(order, now, &mut against);
        if !begins {
            against.unless(order.state == state, EscrowError::WrongJobState);
            against.unless(!order.is_overdue(now), EscrowError::DeadlinePassed);
        }
        (against, begins)
    }

    /// `reveal_bid`.
    pub fn reveal_bid(
        &mut self,
        hands: &Hands,
        job: &Address,
        bid: &Address,
        price: u64,
        salt: &[u8; 32],
        now: Now,
    ) -> Verdict {
        let (order, sealed) = (&self.jobs[job], &self.bids[bid]);
        let (mut against, begins) = self.check_reveal(hands, order, 1, REVEALING, now);
        let is_it = sealed.uid == order.uid && sealed.slot == hands.slot;
        against.unless(is_it, EscrowError::BidMismatch);
        let commitment = sha(&[
            b"commonweal:bid:1",
            &price.to_le_bytes(),
            salt,
            hands.slot.as_ref(),
            &sealed.uid,
        ]);
        against.unless(
            sealed.price.is_none() && sealed.commitment == commitment,
            EscrowError::CommitmentMismatch,
        );
        let is_within = price > 0 && price <= order.terms.price_atoms;
        against.unless(is_within, EscrowError::BidOutOfBounds);
        against.verdict()?;
        self.bids.get_mut(bid).unwrap().price = Some(price);
        let order = self.jobs.get_mut(job).unwrap();
        if begins {
            order.enter(REVEALING, now);
        }
        order.counts[1] = order.counts[1].saturating_add(1);
        order.bids.push((price, hands.slot));
        let [best, second] = order.ranking();
        (order.price, order.slot) = (best.unwrap().0, best.map(|(_, slot)| slot));
        order.result = second.map_or([0; 32], |(_, slot)| slot.to_bytes());
        Ok(())
    }

    /// `award`; `slot` and `bid` are those given.
    pub fn award(
        &mut self,
        by: &Address,
        job: &Address,
        slot: Option<&Address>,
        bid: Option<&Address>,
        now: Now,
    ) -> Verdict {
        let order = self.jobs[job].clone();
        let mut against = Against::default();
        against.unless(order.terms.kind == 1, EscrowError::WrongKind);
        let [best, second] = order.ranking();
        let is_late = order.state == AWARDED;
        let winner = match order.state {
            OPEN => {
                Self::check_beginning(&order, now, &mut against);
                None
            }
            REVEALING => {
                against.unless(order.is_overdue(now), EscrowError::TooEarly);
                against.unless(best.is_some(), EscrowError::TooFewTookPart);
                best
            }
            AWARDED => {
                against.unless(order.is_overdue(now), EscrowError::TooEarly);
                against.unless(slot.is_some(), EscrowError::SlotRequired);
                let is_it = slot.is_none() || order.slot.as_ref() == slot;
                against.unless(is_it, EscrowError::NotTheAssignedSlot);
                second
            }
            _ => {
                against.unless(false, EscrowError::NothingToCrank);
                None
            }
        };
        if let Some((_, winner)) = winner {
            against.unless(bid.is_some(), EscrowError::BidRequired);
            let given = bid.map(|bid| &self.bids[bid]);
            let is_it = given.is_none_or(|given| given.uid == order.uid && given.slot == winner);
            against.unless(is_it, EscrowError::BidMismatch);
        }
        against.verdict()?;
        if is_late {
            // the same as of a job claimed and not started; the second bid's slot is no result
            let (bond, compensation) = (order.terms.bond_lamports, order.terms.compensation_lamports);
            let (late, paid, decimals) = (
                order.slot.unwrap(),
                compensation + order.bounty,
                self.decimals[&order.mint],
            );
            let state = self.slots.get_mut(&late).unwrap();
            state.lose(bond, paid, 0);
            state.record_job(&order, &[0; 32], 4, [0, 0, paid], decimals, now);
            self.move_lamports(&late, &order.client, compensation);
            self.move_lamports(&late, by, order.bounty);
        } else {
            let bounty = self.jobs.get_mut(job).unwrap().spend();
            self.move_lamports(job, by, bounty);
        }
        let live = self.jobs.get_mut(job).unwrap();
        match winner {
            Some((price, winner)) => {
                if is_late {
                    live.bids = vec![(price, winner)];
                    live.result = [0; 32];
                }
                (live.price, live.slot) = (price, Some(winner));
                live.enter(AWARDED, now);
                let won = self.bids.remove(bid.unwrap()).unwrap();
                self.close_account(&won.address, &won.payer);
            }
            None if is_late => live.enter(REFUNDABLE, now),
            None => live.enter(REVEALING, now),
        }
        Ok(())
    }

    /// `reclaim_bid`.
    pub fn reclaim_bid(&mut self, by: &Address, bid: &Address, now: Now) -> Verdict {
        let lost = self.bids[bid].clone();
        let live = self.jobs.get(&lost.job).filter(|order| order.uid == lost.uid);
        let (mut bounty, mut burnt) = (0, 0);
        if let Some(order) = live {
            let is_sealed = lost.price.is_none();
            let is_placed = order.ranking().iter().flatten().any(|(_, slot)| *slot == lost.slot);
            let is_free = match order.state {
                OPEN => false,
                REVEALING if is_sealed => order.is_overdue(now),
                REVEALING | AWARDED => !is_placed,
                _ => true,
            };
            demand(is_free, EscrowError::BidStillBinds)?;
            if is_sealed {
                bounty = order.bounty;
                burnt = order.bounty.min(lost.bond - bounty);
            }
        }
        self.slots.get_mut(&lost.slot).unwrap().lose(lost.bond, bounty, burnt);
        self.move_lamports(&lost.slot, by, bounty);
        self.bids.remove(bid);
        self.close_account(bid, &lost.payer);
        Ok(())
    }

    /// `join_job`.
    pub fn join(&mut self, hands: &Hands, part: Part, uid: &[u8; 32], now: Now) -> Verdict {
        let order = &self.jobs[&part.job];
        let mut against = self.check_taking_part(hands, order, uid, 2, now);
        against.unless(self.slots[&hands.slot].current.is_none(), EscrowError::SlotBusy);
        against.when(self.parts.contains_key(&part.address), code(0));
        against.verdict()?;
        self.fund(&part.payer, &part.address, 144, 0);
        let state = self.slots.get_mut(&part.slot).unwrap();
        let order = self.jobs.get_mut(&part.job).unwrap();
        state.lock(order.terms.bond_lamports);
        state.current = Some(part.job);
        order.counts[2] += 1;
        if order.counts[2] == order.terms.redundancy_n {
            order.enter(RUNNING, now);
        }
        self.parts.insert(part.address, part);
        Ok(())
    }

    /// `commit_contribution`.
    pub fn commit_part(&mut self, hands: &Hands, job: &Address, part: &Address, hash: &[u8; 32], now: Now) -> Verdict {
        let (order, mine) = (&self.jobs[job], &self.parts[part]);
        let mut against = Against::default();
        self.check_worker(&hands.by, &hands.provider, &hands.slot, &mut against);
        against.unless(order.terms.kind == 2, EscrowError::WrongKind);
        against.unless(order.state == RUNNING, EscrowError::WrongJobState);
        against.unless(!order.is_overdue(now), EscrowError::DeadlinePassed);
        check_part(mine, order, Some(&hands.slot), 1, &mut against);
        against.unless(*hash != [0; 32], EscrowError::ZeroHash);
        against.verdict()?;
        self.slots.get_mut(&hands.slot).unwrap().current = None;
        let mine = self.parts.get_mut(part).unwrap();
        (mine.state, mine.hash) = (2, *hash);
        let order = self.jobs.get_mut(job).unwrap();
        order.counts[0] += 1;
        if order.counts[0] == order.counts[2] {
            order.enter(COMMITTED, now);
        }
        Ok(())
    }

    /// `reveal_contribution` of a result and its salt.
    pub fn reveal_part(
        &mut self,
        hands: &Hands,
        job: &Address,
        part: &Address,
        shown: &[[u8; 32]; 2],
        now: Now,
    ) -> Verdict {
        let (order, mine) = (&self.jobs[job], &self.parts[part]);
        let (mut against, begins) = self.check_reveal(hands, order, 2, COMMITTED, now);
        check_part(mine, order, Some(&hands.slot), 2, &mut against);
        against.unless(shown[0] != [0; 32], EscrowError::ZeroHash);
        let hash = sha(&[
            b"commonweal:res:1",
            &shown[0],
            &shown[1],
            hands.slot.as_ref(),
            &order.uid,
        ]);
        against.unless(mine.hash == hash, EscrowError::CommitmentMismatch);
        against.verdict()?;
        let mine = self.parts.get_mut(part).unwrap();
        (mine.state, mine.hash) = (3, shown[0]);
        let order = self.jobs.get_mut(job).unwrap();
        if begins {
            order.enter(COMMITTED, now);
        }
        order.counts[1] += 1;
        Ok(())
    }

    /// `compare_results` of the parts given.
    pub fn compare(&mut self, by: &Address, job: &Address, given: &[Address], now: Now) -> Verdict {
        let order = &self.jobs[job];
        let t = &order.terms;
        let mut against = Against::default();
        against.unless(t.kind == 2, EscrowError::WrongKind);
        let [committed, revealed, joined, _] = order.counts;
        let mut result = order.result;
        let waits = order.state != COMMITTED || revealed < committed;
        against.unless(!waits || order.is_overdue(now), EscrowError::TooEarly);
        let next = match order.state {
            OPEN if joined == 0 => REFUNDABLE,
            OPEN => RESOLVING,
            RUNNING if committed < t.redundancy_k => RESOLVING,
            RUNNING => COMMITTED,
            COMMITTED => {
                let mut different = given.to_vec();
                different.sort_unstable();
                different.dedup();
                let is_complete = given.len() == usize::from(revealed) && different.len() == given.len();
                against.unless(is_complete, EscrowError::ContributionsIncomplete);
                let mut votes = BTreeMap::<[u8; 32], u8>::new();
                for part in given {
                    let part = &self.parts[part];
                    check_part(part, order, None, 3, &mut against);
                    *votes.entry(part.hash).or_default() += 1;
                }
                let winner = votes.iter().find(|(_, count)| **count >= t.redundancy_k);
                result = winner.map_or([0; 32], |(hash, _)| *hash);
                if winner.is_some() {
                    CHALLENGEABLE
                } else {
                    RESOLVING
                }
            }
            _ => {
                against.unless(false, EscrowError::NothingToCrank);
                0
            }
        };
        against.verdict()?;
        let live = self.jobs.get_mut(job).unwrap();
        live.result = result;
        live.enter(next, now);
        let bounty = live.spend();
        self.move_lamports(job, by, bounty);
        Ok(())
    }

    /// How a part ends.
    fn part_outcome(part: &Part, order: &Job) -> u8 {
        let [committed, _, joined, _] = order.counts;
        match part.state {
            // all had joined, so it could have
            1 if joined == order.terms.redundancy_n => 2,
            // enough had committed, so it could have
            2 if committed >= order.terms.redundancy_k => 3,
            3 if part.hash == order.result && order.flags & 4 != 0 => 6,
            3 if part.hash == order.result => 1,
            _ => 8,
        }
    }

    /// `settle_contribution` into a payout, if one is given.
    pub fn settle_part(
        &mut self,
        by: &Address,
        job: &Address,
        part: &Address,
        payout: Option<&Address>,
        spoil: Spoil,
        now: Now,
    ) -> Verdict {
        let (order, mine) = (self.jobs[job].clone(), self.parts[part].clone());
        let mut against = Against::default();
        against.unless_address(spoil != Spoil::Mint);
        against.unless(order.terms.kind == 2, EscrowError::WrongKind);
        against.unless(now.slot > order.created.slot, EscrowError::SameSlot);
        let stands = order.state == CHALLENGEABLE;
        against.unless(stands || order.state == RESOLVING, EscrowError::WrongJobState);
        against.unless(!stands || order.is_overdue(now), EscrowError::TooEarly);
        against.unless(!stands || order.challenges == 0, EscrowError::ChallengesOpen);
        check_part(&mine, &order, None, mine.state, &mut against);
        let outcome = Self::part_outcome(&mine, &order);
        let is_paid = outcome == 1;
        let account = payout.map(|payout| &self.payouts[payout]);
        let is_its = account.is_some_and(|account| account.slot == mine.slot && account.mint == order.mint);
        against.unless(!is_paid || is_its, EscrowError::PayoutMismatch);
        against.unless(!is_paid || spoil != Spoil::Vault, EscrowError::NotTheVault);
        against.unless(!is_paid || spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        against.verdict()?;
        let share = if is_paid {
            order.price / u64::from(order.terms.redundancy_n)
        } else {
            0
        };
        let parts = split(share, order.fee_ppm);
        if is_paid {
            self.credit(payout.unwrap(), parts, &order.vault, job)?;
        }
        let is_fault = [2, 3, 6].contains(&outcome);
        let bond = order.terms.bond_lamports;
        let (mut compensation, mut bounty, mut burnt) = (0, 0, 0);
        let live = self.jobs.get_mut(job).unwrap();
        if is_fault {
            // the client's compensation is in the first one
            let is_due = live.flags & 16 == 0;
            compensation = if is_due { order.terms.compensation_lamports } else { 0 };
            live.flags |= 16;
            bounty = order.bounty;
            burnt = bond - compensation - bounty;
        }
        if stands {
            live.enter(RESOLVING, now);
        }
        live.counts[3] += 1;
        if live.counts[3] == live.counts[2] {
            live.enter(FINAL, now);
        }
        let decimals = self.decimals[&order.mint];
        let state = self.slots.get_mut(&mine.slot).unwrap();
        state.lose(bond, compensation + bounty, burnt);
        if mine.state == 1 {
            state.current = None;
        }
        let amounts = [parts[0], parts[1], compensation + bounty + burnt];
        state.record_job(&order, &mine.hash, outcome, amounts, decimals, now);
        self.move_lamports(&mine.slot, &order.client, compensation);
        self.move_lamports(&mine.slot, by, bounty);
        self.parts.remove(part);
        self.close_account(part, &mine.payer);
        Ok(())
    }

    /// `accept_milestone` into a payout.
    pub fn accept_milestone(
        &mut self,
        by: &Address,
        job: &Address,
        payout: &Address,
        index: u8,
        spoil: Spoil,
        now: Now,
    ) -> Verdict {
        let order = self.jobs[job].clone();
        let mut against = Against::default();
        against.unless_address(order.client == *by && order.slot.is_some() && spoil != Spoil::Mint);
        against.unless(order.terms.kind == 0, EscrowError::WrongKind);
        let runs = (RUNNING..=CHALLENGEABLE).contains(&order.state);
        against.unless(runs, EscrowError::WrongJobState);
        against.unless(order.challenges == 0, EscrowError::ChallengesOpen);
        against.unless(now.slot > order.created.slot, EscrowError::SameSlot);
        let bps = order.terms.milestone_bps;
        let exists = index < 8 && bps[usize::from(index)] > 0;
        let is_new = exists && order.accepted & (1 << index) == 0;
        against.unless(is_new, EscrowError::MilestoneRefused);
        let account = &self.payouts[payout];
        let is_its = Some(account.slot) == order.slot && account.mint == order.mint;
        against.unless(is_its, EscrowError::PayoutMismatch);
        against.unless(spoil != Spoil::Vault, EscrowError::NotTheVault);
        against.unless(spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        against.verdict()?;
        let live = self.jobs.get_mut(job).unwrap();
        live.accepted |= 1 << index;
        let is_last = (0..8).all(|at| bps[at] == 0 || live.accepted & (1 << at) != 0);
        let (before, after) = (split(order.paid(), order.fee_ppm), split(live.paid(), order.fee_ppm));
        if is_last {
            live.enter(FINAL, now);
            let [provider, fee] = split(order.price, order.fee_ppm);
            let decimals = self.decimals[&order.mint];
            let state = self.slots.get_mut(&order.slot.unwrap()).unwrap();
            if order.state == RUNNING {
                state.current = None;
            }
            state.unlock(order.terms.bond_lamports);
            state.record_job(&order, &order.result, 1, [provider, fee, 0], decimals, now);
        }
        self.credit(payout, [after[0] - before[0], after[1] - before[1]], &order.vault, job)
    }

    /// `attest_result`.
    pub fn attest_result(
        &mut self,
        by: &Address,
        config_id: u16,
        job: &Address,
        uid: &[u8; 32],
        has_evidence: bool,
        now: Now,
    ) -> Verdict {
        let order = &self.jobs[job];
        let mut against = Against::default();
        against.unless(order.config_id == config_id, EscrowError::ConfigMismatch);
        against.unless(self.is_attestor(config_id, by), EscrowError::NotAnAttestor);
        against.unless(order.uid == *uid, EscrowError::WrongUid);
        against.unless(order.state == CHALLENGEABLE, EscrowError::WrongJobState);
        against.unless(order.terms.verification == 3, EscrowError::WrongKind);
        against.unless(!order.is_overdue(now), EscrowError::DeadlinePassed);
        against.unless(has_evidence, EscrowError::ZeroHash);
        against.verdict()?;
        self.jobs.get_mut(job).unwrap().flags |= 8;
        Ok(())
    }
}
