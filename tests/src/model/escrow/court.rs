//! The jury: who sits on it, and the seats of a case.

use super::*;

/// A jury.
#[derive(Clone, Debug)]
pub struct Jury {
    /// Its address.
    pub address: Address,
    /// Its config.
    pub config_id: u16,
    /// Places, taken or left.
    pub places: u32,
    /// Places taken.
    pub jurors: u32,
}

/// One juror.
#[derive(Clone, Debug)]
pub struct Juror {
    /// Its address.
    pub address: Address,
    /// The jury's config.
    pub config_id: u16,
    /// Its place.
    pub place: u32,
    /// The person.
    pub person: Address,
    /// Who paid the rent.
    pub payer: Address,
    /// The stake.
    pub stake: u64,
    /// What seats hold of it.
    pub held: u64,
    /// Lost so far.
    pub slashed: u64,
    /// Slot number of the enrollment.
    pub enrolled: u64,
    /// Open seats.
    pub seats: u32,
}

/// One seat.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its address.
    pub address: Address,
    /// The case.
    pub dispute: Address,
    /// The juror's account.
    pub juror: Address,
    /// The person.
    pub person: Address,
    /// Who paid the rent.
    pub payer: Address,
    /// 1 drawn, 2 committed, 3 revealed, 4 leaked.
    pub state: u8,
    /// Round and drawing.
    pub drawn: (u8, u8),
    /// What seals the vote.
    pub commitment: [u8; 32],
}

impl Book {
    /// `open_jury`.
    pub fn open_jury(&mut self, payer: &Address, config_id: u16, address: &Address) -> Verdict {
        if self.juries.contains_key(&config_id) {
            return Err(code(0).into());
        }
        self.fund(payer, address, 120, 0);
        let jury = Jury {
            address: *address,
            config_id,
            places: 0,
            jurors: 0,
        };
        self.juries.insert(config_id, jury);
        Ok(())
    }

    /// `enroll_juror`; the juror carries place, person and stake.
    pub fn enroll(&mut self, wallet: &Address, mut juror: Juror, now: Now) -> Verdict {
        let config = &self.configs[&juror.config_id];
        let jury = &self.juries[&juror.config_id];
        let person = &self.persons[&juror.person];
        let mut against = Against::default();
        against.unless(person.is_active(&config.realm, now), EscrowError::PersonRefused);
        against.unless(person.wallet == *wallet, EscrowError::NotThePerson);
        let least = config.court.juror_stake_lamports;
        against.unless(juror.stake >= least, EscrowError::StakeTooSmall);
        let is_sparse = jury.jurors < jury.places;
        let fits = if is_sparse {
            juror.place < jury.places
        } else {
            juror.place == jury.places
        };
        against.unless(fits, EscrowError::JurorPlaceRefused);
        let sits = self.links.get(&juror.person).is_some_and(|link| link.place.is_some());
        against.unless(!sits, EscrowError::AlreadyLinked);
        against.when(self.jurors.contains_key(&juror.address), code(0));
        against.verdict()?;
        self.open_link(wallet, &juror.person);
        self.links.get_mut(&juror.person).unwrap().place = Some(juror.place);
        self.fund(wallet, &juror.address, 176, 0);
        self.move_lamports(wallet, &juror.address, juror.stake);
        let jury = self.juries.get_mut(&juror.config_id).unwrap();
        jury.places = jury.places.max(juror.place + 1);
        jury.jurors += 1;
        (juror.payer, juror.enrolled) = (*wallet, now.slot);
        self.jurors.insert(juror.address, juror);
        Ok(())
    }

    /// `leave_jury`, signed by `by`; the stake goes to `wallet`.
    pub fn leave_jury(&mut self, by: &Address, juror: &Address, wallet: &Address, now: Now) -> Verdict {
        let state = self.jurors[juror].clone();
        let person = &self.persons[&state.person];
        let realm = &self.configs[&state.config_id].realm;
        let mut against = Against::default();
        let may = !person.is_active(realm, now) || person.wallet == *by;
        against.unless(may && person.wallet == *wallet, EscrowError::NotThePerson);
        against.unless(state.seats == 0, EscrowError::JurorSeated);
        against.verdict()?;
        self.juries.get_mut(&state.config_id).unwrap().jurors -= 1;
        self.links.get_mut(&state.person).unwrap().place = None;
        self.move_lamports(juror, wallet, state.stake);
        self.jurors.remove(juror);
        self.close_account(juror, &state.payer);
        Ok(())
    }

    /// The place a case draws next.
    pub fn next_place(&self, dispute: &Address) -> Option<u32> {
        let case = &self.disputes[dispute];
        let digest = sha(&[b"commonweal:drw:1", &case.seed, &case.next_draw.to_le_bytes()]);
        let number = u64::from_le_bytes(digest[..8].try_into().unwrap());
        number.checked_rem(u64::from(case.places)).map(|place| place as u32)
    }

    /// The juror a case draws next, if somebody is there.
    pub fn next_juror(&self, dispute: &Address) -> Option<&Juror> {
        let (case, place) = (&self.disputes[dispute], self.next_place(dispute)?);
        let mut all = self.jurors.values();
        all.find(|juror| juror.config_id == case.config_id && juror.place == place)
    }

    fn may_judge(&self, case: &Dispute, juror: &Juror, now: Now) -> bool {
        let person = &self.persons[&juror.person];
        let realm = &self.configs[&case.config_id].realm;
        let mut parties = vec![case.parties[0], case.parties[1], case.client];
        parties.extend(case.deposits[2..].iter().map(|(owner, ..)| *owner));
        let mut seats = self.seats.values();
        juror.enrolled < case.opened
            && juror.stake - juror.held >= case.terms.fee
            && person.is_active(realm, now)
            && case.defender_person != Some(juror.person)
            && !parties.contains(&person.wallet)
            && !seats.any(|seat| seat.dispute == case.address && seat.person == juror.person)
    }

    /// `draw_panel` with the right accounts; a new seat would have the address.
    pub fn draw(&mut self, by: &Address, dispute: &Address, address: &Address, now: Now) -> Verdict {
        let case = self.disputes[dispute].clone();
        case.check_time(4, now)?;
        demand(case.places > 0, EscrowError::MathOverflow)?;
        let juror = self.next_juror(dispute).cloned();
        self.disputes.get_mut(dispute).unwrap().next_draw += 1;
        let Some(juror) = juror.filter(|juror| self.may_judge(&case, juror, now)) else {
            return Ok(());
        };
        self.fund(by, address, 176, 0);
        let seat = Seat {
            address: *address,
            dispute: *dispute,
            juror: juror.address,
            person: juror.person,
            payer: *by,
            state: 1,
            drawn: (case.round, case.attempt),
            commitment: [0; 32],
        };
        self.seats.insert(*address, seat);
        let state = self.jurors.get_mut(&juror.address).unwrap();
        state.held += case.terms.fee;
        state.seats += 1;
        let live = self.disputes.get_mut(dispute).unwrap();
        live.seated += 1;
        live.seats += 1;
        if live.seated == live.needed() {
            live.enter(5, now);
        }
        self.charge(dispute, by, case.terms.bounty);
        Ok(())
    }

    fn check_vote(&self, by: &Address, seat: &Seat, phase: u8, state: u8, now: Now) -> Against {
        let case = &self.disputes[&seat.dispute];
        let person = &self.persons[&seat.person];
        let mut against = Against::default();
        if let Err(more) = case.check_time(phase, now) {
            more.0.into_iter().for_each(|one| against.when(true, one));
        }
        let realm = &self.configs[&case.config_id].realm;
        against.unless(person.is_active(realm, now), EscrowError::PersonRefused);
        against.unless(person.wallet == *by, EscrowError::NotThePerson);
        let is_asked = seat.drawn == (case.round, case.attempt);
        against.unless(is_asked, EscrowError::WrongPhase);
        against.unless(seat.state == state, EscrowError::AlreadyDone);
        against
    }

    /// `commit_vote`.
    pub fn commit_vote(&mut self, by: &Address, seat: &Address, commitment: &[u8; 32], now: Now) -> Verdict {
        let mine = &self.seats[seat];
        self.check_vote(by, mine, 5, 1, now).verdict()?;
        let live = self.disputes.get_mut(&mine.dispute).unwrap();
        live.committed += 1;
        if live.committed == live.needed() {
            live.enter(6, now);
        }
        let mine = self.seats.get_mut(seat).unwrap();
        (mine.state, mine.commitment) = (2, *commitment);
        Ok(())
    }

    fn vote_hash(&self, seat: &Seat, ppm: u32, salt: &[u8; 32]) -> [u8; 32] {
        let uid = &self.disputes[&seat.dispute].uid;
        sha(&[
            b"commonweal:vot:1",
            &ppm.to_le_bytes(),
            salt,
            seat.address.as_ref(),
            uid,
            &[seat.drawn.0],
        ])
    }

    /// `reveal_vote`.
    pub fn reveal_vote(&mut self, by: &Address, seat: &Address, ppm: u32, salt: &[u8; 32], now: Now) -> Verdict {
        let mine = self.seats[seat].clone();
        let mut against = self.check_vote(by, &mine, 6, 2, now);
        against.unless(ppm <= 1_000_000, EscrowError::VoteOutOfBounds);
        let hash = self.vote_hash(&mine, ppm, salt);
        against.unless(mine.commitment == hash, EscrowError::CommitmentMismatch);
        against.verdict()?;
        self.seats.get_mut(seat).unwrap().state = 3;
        let live = self.disputes.get_mut(&mine.dispute).unwrap();
        live.votes.push(ppm);
        if live.votes.len() == usize::from(live.panel) {
            live.decide(now);
        }
        let fee = live.terms.fee;
        self.charge(&mine.dispute, by, fee);
        Ok(())
    }

    /// `report_leak`.
    pub fn report_leak(&mut self, by: &Address, seat: &Address, ppm: u32, salt: &[u8; 32]) -> Verdict {
        let told = self.seats[seat].clone();
        let case = self.disputes[&told.dispute].clone();
        let mut against = Against::default();
        // only a vote that is still to be revealed is a secret
        let is_asked = told.drawn == (case.round, case.attempt);
        against.unless(case.phase == 5 && is_asked, EscrowError::WrongPhase);
        against.unless(told.state == 2, EscrowError::AlreadyDone);
        let hash = self.vote_hash(&told, ppm, salt);
        against.unless(told.commitment == hash, EscrowError::CommitmentMismatch);
        against.verdict()?;
        self.seats.get_mut(seat).unwrap().state = 4;
        self.disputes.get_mut(&told.dispute).unwrap().committed -= 1;
        let fee = case.terms.fee;
        self.lose_stake(&told.juror, fee);
        self.move_lamports(&told.juror, by, fee / 2);
        self.move_lamports(&told.juror, &INCINERATOR, fee - fee / 2);
        Ok(())
    }

    fn lose_stake(&mut self, juror: &Address, fee: u64) {
        let state = self.jurors.get_mut(juror).unwrap();
        state.held -= fee;
        state.stake -= fee;
        state.slashed += fee;
    }

    /// `close_seat`.
    pub fn close_seat(&mut self, by: &Address, seat: &Address) -> Verdict {
        let empty = self.seats[seat].clone();
        let case = self.disputes[&empty.dispute].clone();
        demand(case.phase >= 10, EscrowError::WrongPhase)?;
        // a panel that was never complete was never asked
        let is_last_drawing = empty.drawn == (case.round, case.attempt);
        let was_asked = !(is_last_drawing && case.seated < case.needed());
        let fee = case.terms.fee;
        if [1, 2].contains(&empty.state) && was_asked {
            self.lose_stake(&empty.juror, fee);
            let bounty = fee.min(case.terms.bounty);
            self.move_lamports(&empty.juror, by, bounty);
            self.move_lamports(&empty.juror, &INCINERATOR, fee - bounty);
        } else if empty.state != 4 {
            self.jurors.get_mut(&empty.juror).unwrap().held -= fee;
        }
        self.jurors.get_mut(&empty.juror).unwrap().seats -= 1;
        self.disputes.get_mut(&empty.dispute).unwrap().seats -= 1;
        self.seats.remove(seat);
        self.close_account(seat, &empty.payer);
        Ok(())
    }
}
