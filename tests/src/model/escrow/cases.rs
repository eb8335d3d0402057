//! Disputes: seeds, panels, appeals, the ruling, the division of the deposits.

use super::*;

/// Seats of the panels.
const PANELS: [u8; 3] = [3, 7, 15];

/// A case before the court.
#[derive(Clone, Debug)]
pub struct Dispute {
    /// Its address.
    pub address: Address,
    /// The job.
    pub job: Address,
    /// Its uid.
    pub uid: [u8; 32],
    /// Its config.
    pub config_id: u16,
    /// The client.
    pub client: Address,
    /// Challenger and defender.
    pub parties: [Address; 2],
    /// The keys that act for them.
    pub agents: [Address; 2],
    /// The person behind the defender.
    pub defender_person: Option<Address>,
    /// Who paid the rent.
    pub payer: Address,
    /// 1 to 11.
    pub phase: u8,
    /// 0 to 3.
    pub round: u8,
    /// Drawings of the round before this one.
    pub attempt: u8,
    /// Seats of the panel.
    pub panel: u8,
    /// Seats of this drawing.
    pub seated: u8,
    /// Commitments of this drawing.
    pub committed: u8,
    /// Votes of this round.
    pub votes: Vec<u32>,
    /// What each party has committed to.
    pub sealed: [Option<[u8; 32]>; 2],
    /// What each party has revealed.
    pub shown: [Option<[u8; 32]>; 2],
    /// The hash pinned.
    pub pinned: [u8; 32],
    /// The slot whose next hash is pinned.
    pub pin_slot: u64,
    /// The panel's seed.
    pub seed: [u8; 32],
    /// 1 verdict, 2 default, 3 forfeited.
    pub outcome: u8,
    /// Whether a panel has decided.
    pub has_verdict: bool,
    /// The verdict.
    pub ppm: u32,
    /// Seats not closed.
    pub seats: u16,
    /// Slot number of the opening.
    pub opened: u64,
    /// Places of the jury then.
    pub places: u32,
    /// When the phase began.
    pub entered: Now,
    /// Number of the next drawing.
    pub next_draw: u32,
    /// Lamports paid.
    pub costs: u64,
    /// Deposits: who paid, for which side, how much.
    pub deposits: Vec<(Address, usize, u64)>,
    /// The proposal named.
    pub proposal: Option<Address>,
    /// The court's terms.
    pub terms: CaseTerms,
    /// Whether many workers brought the result.
    pub is_redundant: bool,
}

impl Dispute {
    /// Seats this drawing needs.
    pub fn needed(&self) -> u8 {
        self.panel - self.votes.len() as u8
    }

    /// When the phase is over.
    pub fn deadline(&self) -> Option<Now> {
        let [_, seeds, votes, reveals, appeal, ruling] = self.terms.seconds;
        let seconds = match self.phase {
            1 | 3 | 4 => seeds,
            5 => votes,
            6 => reveals,
            7 | 8 => appeal,
            9 => ruling,
            _ => return None,
        };
        Some(after(self.entered, seconds))
    }

    /// Whether it is.
    pub fn is_overdue(&self, now: Now) -> bool {
        self.deadline().is_some_and(|deadline| now.is_at(deadline))
    }

    /// What speaks against a step of a phase.
    pub(super) fn check_time(&self, phase: u8, now: Now) -> Verdict {
        let mut against = Against::default();
        against.unless(self.phase == phase, EscrowError::WrongPhase);
        against.unless(!self.is_overdue(now), EscrowError::DeadlinePassed);
        against.verdict()
    }

    pub(super) fn enter(&mut self, phase: u8, now: Now) {
        self.phase = phase;
        self.entered = now.not_before(self.entered);
    }

    fn begin(&mut self, round: u8, now: Now) {
        self.round = round;
        self.panel = PANELS[usize::from(round)];
        (self.attempt, self.seated, self.committed, self.next_draw) = (0, 0, 0, 0);
        self.votes.clear();
        (self.sealed, self.shown) = ([None; 2], [None; 2]);
        self.enter(1, now);
    }

    /// The side a key acts for.
    pub fn side_of(&self, key: &Address) -> Option<usize> {
        (0..2).find(|side| self.parties[*side] == *key || self.agents[*side] == *key)
    }

    /// The median is the verdict.
    pub(super) fn decide(&mut self, now: Now) {
        let mut sorted = self.votes.clone();
        sorted.sort_unstable();
        self.ppm = sorted[(sorted.len() - 1) / 2];
        self.has_verdict = true;
        self.enter(7, now);
    }

    fn end(&mut self, outcome: u8, now: Now) {
        self.outcome = outcome;
        self.enter(10, now);
    }

    fn fail(&mut self, now: Now) {
        if self.has_verdict {
            return self.end(1, now);
        }
        self.ppm = 500_000;
        self.end(2, now);
    }

    /// The defender of an order with one worker has left its part out.
    fn forfeit(&mut self, now: Now) {
        self.ppm = 0;
        self.end(3, now);
    }

    /// The panel's seed is of both parts; what a party did not reveal is zero.
    fn mix(&mut self, now: Now) {
        let [first, second] = self.shown.map(Option::unwrap_or_default);
        self.seed = sha(&[b"commonweal:pnl:1", &first, &second, &self.pinned]);
        self.enter(4, now);
    }

    fn advance(&mut self, now: Now) {
        match self.phase {
            1 if self.sealed[1].is_none() && !self.is_redundant => self.forfeit(now),
            1 => {
                self.pin_slot = now.slot;
                self.enter(2, now);
            }
            3 if self.shown[1].is_none() && !self.is_redundant => self.forfeit(now),
            3 => self.mix(now),
            5 => self.enter(6, now),
            6 if 2 * self.votes.len() > usize::from(self.panel) => self.decide(now),
            6 if self.attempt < 2 => {
                self.attempt += 1;
                (self.seated, self.committed) = (0, 0);
                self.enter(4, now);
            }
            _ => self.fail(now),
        }
    }

    /// What each deposit's owner gets after a fifth of the losing ones is burnt and the costs are paid; and what is burnt.
    pub fn division(&self) -> (Vec<u64>, u64) {
        let side = |side: usize| -> u64 {
            let mine = self.deposits.iter().filter(|(_, of, _)| *of == side);
            mine.map(|(_, _, lamports)| lamports).sum()
        };
        let mut to = vec![0; self.deposits.len()];
        if self.outcome == 2 {
            let (a, b) = (side(0), side(1));
            to[0] = a - fifth(a) - self.costs.div_ceil(2);
            to[1] = b - fifth(b) - self.costs / 2;
            return (to, fifth(a) + fifth(b));
        }
        let loser = if self.ppm >= 500_000 { 0 } else { 1 };
        let lost = side(loser);
        let burnt = fifth(lost);
        let mut costs = self.costs;
        let by_loser = costs.min(lost - burnt);
        costs -= by_loser;
        for (part, (_, of, lamports)) in to.iter_mut().zip(&self.deposits) {
            if *of != loser {
                let taken = costs.min(*lamports);
                costs -= taken;
                *part = lamports - taken;
            }
        }
        assert_eq!(costs, 0, "the deposits cover the costs");
        to[1 - loser] += lost - burnt - by_loser;
        (to, burnt)
    }
}

impl Book {
    /// A case pays somebody.
    pub(super) fn charge(&mut self, dispute: &Address, to: &Address, lamports: u64) {
        self.disputes.get_mut(dispute).unwrap().costs += lamports;
        self.move_lamports(dispute, to, lamports);
    }

    /// `open_dispute` before the jury of a config.
    pub fn open_dispute(
        &mut self,
        by: &Address,
        challenge: &Address,
        jury: u16,
        address: &Address,
        now: Now,
    ) -> Verdict {
        let case = self.challenges[challenge].clone();
        let order = &self.jobs[&case.job];
        let mut against = Against::default();
        against.unless(order.state == CHALLENGEABLE, EscrowError::WrongJobState);
        let is_answered = case.state == 2;
        let may = is_answered || case.state == 3 || now.is_at(case.deadline(order));
        against.unless(may, EscrowError::TooEarly);
        against.unless(order.config_id == jury, EscrowError::WrongCase);
        against.when(self.disputes.contains_key(address), code(0));
        against.verdict()?;
        let [challenger, agent] = case.challenger;
        // where nobody answered, the challenger is alone
        let [defender, its_agent] = case.defender.unwrap_or([challenger, NOBODY]);
        let bond = case.terms.bond;
        let answer = if is_answered { bond } else { 0 };
        let mut dispute = Dispute {
            address: *address,
            job: case.job,
            uid: case.uid,
            config_id: order.config_id,
            client: order.client,
            parties: [challenger, defender],
            agents: [agent, its_agent],
            defender_person: case.defender_person,
            payer: *by,
            phase: 0,
            round: 0,
            attempt: 0,
            panel: 0,
            seated: 0,
            committed: 0,
            votes: Vec::new(),
            sealed: [None; 2],
            shown: [None; 2],
            pinned: [0; 32],
            pin_slot: 0,
            seed: [0; 32],
            outcome: 0,
            has_verdict: false,
            ppm: 0,
            seats: 0,
            opened: now.slot,
            places: self.juries[&jury].places,
            entered: now,
            next_draw: 0,
            costs: 0,
            deposits: vec![(challenger, 0, bond), (defender, 1, answer)],
            proposal: None,
            terms: case.terms,
            is_redundant: order.terms.kind == 2,
        };
        if is_answered {
            dispute.begin(0, now);
        } else {
            dispute.end(1, now);
        }
        self.fund(by, address, 844, 0);
        self.move_lamports(challenge, address, bond + answer);
        self.disputes.insert(*address, dispute);
        self.charge(address, by, if is_answered { case.terms.bounty } else { 0 });
        let live = self.jobs.get_mut(&case.job).unwrap();
        live.enter(DISPUTED, now);
        live.challenges -= 1;
        self.challenges.remove(challenge);
        self.close_account(challenge, &case.challenger[0]);
        Ok(())
    }

    /// `commit_seed`.
    pub fn commit_seed(&mut self, by: &Address, dispute: &Address, commitment: &[u8; 32], now: Now) -> Verdict {
        let case = self.disputes.get_mut(dispute).unwrap();
        case.check_time(1, now)?;
        let side = case.side_of(by).ok_or_else(|| refusal(EscrowError::NotAParty))?;
        demand(case.sealed[side].is_none(), EscrowError::AlreadyDone)?;
        case.sealed[side] = Some(*commitment);
        if case.sealed.iter().all(Option::is_some) {
            case.pin_slot = now.slot;
            case.enter(2, now);
        }
        Ok(())
    }

    /// `pin_seed`.
    pub fn pin_seed(&mut self, by: &Address, dispute: &Address, shows_hashes: bool, now: Now) -> Verdict {
        let case = self.disputes.get_mut(dispute).unwrap();
        let mut against = Against::default();
        against.unless(case.phase == 2, EscrowError::WrongPhase);
        against.unless(shows_hashes, EscrowError::SlotHashesRequired);
        against.verdict()?;
        if now.slot > case.pin_slot + 512 {
            case.pin_slot = now.slot;
            return Ok(());
        }
        let hash = first_hash_after(case.pin_slot, now.slot);
        case.pinned = hash.ok_or_else(|| refusal(EscrowError::TooEarly))?;
        case.enter(3, now);
        let bounty = case.terms.bounty;
        self.charge(dispute, by, bounty);
        Ok(())
    }

    /// `reveal_seed`.
    pub fn reveal_seed(&mut self, by: &Address, dispute: &Address, secret: &[u8; 32], now: Now) -> Verdict {
        let case = self.disputes.get_mut(dispute).unwrap();
        case.check_time(3, now)?;
        let side = case.side_of(by).ok_or_else(|| refusal(EscrowError::NotAParty))?;
        demand(case.shown[side].is_none(), EscrowError::AlreadyDone)?;
        // the challenger in the first half of the time, the defender after it
        let is_half_over = now.is_at(after(case.entered, case.terms.seconds[1] / 2));
        if side == 0 {
            demand(!is_half_over, EscrowError::DeadlinePassed)?;
        } else {
            demand(is_half_over || case.shown[0].is_some(), EscrowError::TooEarly)?;
        }
        let hash = sha(&[b"commonweal:see:1", secret, &case.uid, &[case.round, side as u8]]);
        demand(case.sealed[side] == Some(hash), EscrowError::CommitmentMismatch)?;
        case.shown[side] = Some(*secret);
        if side == 1 {
            case.mix(now);
        }
        Ok(())
    }

    /// `appeal`.
    pub fn appeal(&mut self, by: &Address, dispute: &Address, now: Now) -> Verdict {
        let case = self.disputes.get_mut(dispute).unwrap();
        case.check_time(7, now)?;
        let round = case.round + 1;
        let deposit = case.terms.bond << round;
        let loser = if case.ppm >= 500_000 { 0 } else { 1 };
        case.deposits.push((*by, loser, deposit));
        if round < 3 {
            case.begin(round, now);
        } else {
            case.round = round;
            case.enter(8, now);
        }
        self.move_lamports(by, dispute, deposit);
        Ok(())
    }

    /// `link_proposal`.
    pub fn link_proposal(&mut self, by: &Address, dispute: &Address, proposal: &Address, now: Now) -> Verdict {
        let case = self.disputes.get_mut(dispute).unwrap();
        let realm = self.configs[&case.config_id].realm;
        let mut against = Against::default();
        against.unless(case.phase == 8, EscrowError::WrongPhase);
        against.unless(!case.is_overdue(now), EscrowError::DeadlinePassed);
        let is_theirs = case.deposits.last().is_some_and(|(owner, ..)| owner == by);
        against.unless(is_theirs && case.deposits.len() == 5, EscrowError::NotAParty);
        let is_live = self.proposals.get(proposal) == Some(&(realm, true));
        against.unless(is_live, EscrowError::ProposalRefused);
        against.verdict()?;
        case.proposal = Some(*proposal);
        case.enter(9, now);
        Ok(())
    }

    /// `rule`, with a config given.
    pub fn rule(
        &mut self,
        by: &Address,
        dispute: &Address,
        config: u16,
        uid: &[u8; 32],
        ppm: u32,
        now: Now,
    ) -> Verdict {
        let case = self.disputes.get_mut(dispute).unwrap();
        let mut against = Against::default();
        against.unless(case.phase == 9, EscrowError::WrongPhase);
        against.unless(case.uid == *uid, EscrowError::WrongUid);
        against.unless(ppm <= 1_000_000, EscrowError::VoteOutOfBounds);
        against.unless(case.config_id == config, EscrowError::ConfigMismatch);
        against.unless(self.configs[&config].authority == *by, EscrowError::NotAParty);
        against.verdict()?;
        case.ppm = ppm;
        case.end(1, now);
        Ok(())
    }

    /// `crank_dispute`, with a proposal shown.
    pub fn crank_dispute(&mut self, by: &Address, dispute: &Address, shown: Option<&Address>, now: Now) -> Verdict {
        let case = self.disputes.get_mut(dispute).unwrap();
        demand(case.deadline().is_some(), EscrowError::WrongPhase)?;
        let realm = self.configs[&case.config_id].realm;
        let is_it = shown.is_some() && case.proposal.as_ref() == shown;
        let has_ended = case.phase == 9 && is_it && self.proposals.get(shown.unwrap()) != Some(&(realm, true));
        demand(case.is_overdue(now) || has_ended, EscrowError::TooEarly)?;
        case.advance(now);
        let bounty = case.terms.bounty;
        self.charge(dispute, by, bounty);
        Ok(())
    }

    /// `execute_ruling` with the slot and the payout given.
    pub fn execute(
        &mut self,
        by: &Address,
        dispute: &Address,
        slot: Option<&Address>,
        payout: Option<&Address>,
        spoil: Spoil,
        now: Now,
    ) -> Verdict {
        let case = self.disputes[dispute].clone();
        let order = self.jobs[&case.job].clone();
        let is_redundant = order.terms.kind == 2;
        let mut against = Against::default();
        against.unless_address(spoil != Spoil::Mint);
        against.unless(case.phase == 10, EscrowError::WrongPhase);
        against.unless(order.uid == case.uid, EscrowError::WrongUid);
        against.unless(order.state == DISPUTED, EscrowError::WrongJobState);
        against.unless(now.slot > order.created.slot, EscrowError::SameSlot);
        let (is_default, is_wrong) = (case.outcome == 2, case.outcome != 2 && case.ppm < 500_000);
        // what no attestor has countersigned is not paid
        let is_payable = order.terms.verification != 3 || order.flags & 8 != 0;
        let ppm = if is_payable { case.ppm } else { 0 };
        let whole = order.remaining();
        let gross = if is_redundant {
            0
        } else {
            part_floor(whole, u64::from(ppm), 1_000_000)
        };
        let pays = gross > 0;
        against.unless(!pays || spoil != Spoil::Vault, EscrowError::NotTheVault);
        against.unless(!pays || spoil != Spoil::Program, EscrowError::WrongTokenProgram);
        let account = payout.map(|payout| &self.payouts[payout]);
        let is_its = account.is_some_and(|a| Some(a.slot) == order.slot && a.mint == order.mint);
        against.unless(!pays || is_its, EscrowError::PayoutMismatch);
        against.unless(is_redundant || slot.is_some(), EscrowError::SlotRequired);
        let is_tenant = is_redundant || slot.is_none() || order.slot.as_ref() == slot;
        against.unless(is_tenant, EscrowError::NotTheAssignedSlot);
        against.verdict()?;
        let before = split(order.paid(), order.fee_ppm);
        let after = split(order.paid() + gross, order.fee_ppm);
        let parts = [after[0] - before[0], after[1] - before[1]];
        if pays {
            self.credit(payout.unwrap(), parts, &order.vault, &case.job)?;
        }
        let live = self.jobs.get_mut(&case.job).unwrap();
        live.flags |= if is_default { 32 } else { 0 } | if is_wrong { 4 } else { 0 };
        live.enter(if is_redundant { RESOLVING } else { FINAL }, now);
        self.disputes.get_mut(dispute).unwrap().enter(11, now);
        let mut bounty = case.terms.bounty;
        if let Some(slot) = order.slot.filter(|_| !is_redundant) {
            let (bond, compensation) = (order.terms.bond_lamports, order.terms.compensation_lamports);
            let decimals = self.decimals[&order.mint];
            let state = self.slots.get_mut(&slot).unwrap();
            if is_wrong {
                let rest = bond - compensation - order.bounty;
                state.lose(bond, compensation + order.bounty + rest / 2, rest.div_ceil(2));
                state.record_job(&order, &order.result, 6, [parts[0], parts[1], bond], decimals, now);
                self.move_lamports(&slot, &order.client, compensation);
                self.move_lamports(&slot, &case.parties[0], rest / 2);
                self.move_lamports(&slot, by, order.bounty);
                bounty = 0;
            } else {
                let burnt = if is_default { fifth(bond) } else { 0 };
                let outcome = if ppm == 1_000_000 { 1 } else { 7 };
                state.lose(bond, 0, burnt);
                state.record_job(
                    &order,
                    &order.result,
                    outcome,
                    [parts[0], parts[1], burnt],
                    decimals,
                    now,
                );
            }
        }
        self.charge(dispute, by, bounty);
        Ok(())
    }

    /// `close_dispute`, with the owners of the appeals' deposits given.
    pub fn close_dispute(&mut self, dispute: &Address, given: &[Address]) -> Verdict {
        let case = self.disputes[dispute].clone();
        let mut against = Against::default();
        against.unless(case.phase == 11, EscrowError::WrongPhase);
        against.unless(case.seats == 0, EscrowError::SeatsOpen);
        let owners: Vec<Address> = case.deposits[2..].iter().map(|(owner, ..)| *owner).collect();
        against.unless(given.starts_with(&owners), EscrowError::WrongCase);
        against.verdict()?;
        let (to, burnt) = case.division();
        for ((owner, ..), lamports) in case.deposits.iter().zip(to) {
            self.move_lamports(dispute, owner, lamports);
        }
        self.move_lamports(dispute, &INCINERATOR, burnt);
        self.disputes.remove(dispute);
        self.close_account(dispute, &case.payer);
        Ok(())
    }
}
