//! Attestors and persons.

use super::*;

/// What attestors do with a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It lasts until then.
    Renew(i64),
    /// It is void.
    Revoke,
    /// A revocation or suspension is taken back.
    Reinstate,
    /// Another wallet may take over after an epoch.
    Recover(Address),
    /// It rests for two epochs.
    Suspend,
}

/// Who attests, and how.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// Keys of the attestors, in order.
    pub keys: Vec<Address>,
    /// One of them that does not sign.
    pub silent: Option<Address>,
    /// Until when the statement can be used.
    pub deadline_ts: i64,
}

#[derive(Clone, Copy, PartialEq)]
enum Counting {
    Registration,
    Strike,
    Nothing,
}

impl Person {
    /// Neither revoked nor expired.
    pub fn check_active(&self, now: i64) -> Result<(), Refusal> {
        demand(self.revoked_at.is_none(), GovernanceError::PersonRevoked)?;
        demand(now < self.expires_ts, GovernanceError::PersonExpired)
    }

    /// Whether it may act.
    pub fn is_active(&self, now: i64) -> bool {
        self.check_active(now).is_ok()
    }

    /// Whether a suspension covers an epoch.
    pub fn rests_in(&self, epoch: u32) -> bool {
        self.rest.is_some_and(|(from, until)| (from..until).contains(&epoch))
    }
}

impl Book {
    /// `add_attestor` by a key.
    pub fn add_attestor(&mut self, attestor: Attestor, now: i64) -> Result<(), Refusal> {
        let by = attestor.rent_payer;
        let (founder, until) = self.powers[0];
        let may = by == self.lanes[0] || (by == founder && now < until);
        demand(may, GovernanceError::NotAuthorized)?;
        demand(attestor.slot < 16, GovernanceError::SlotOutOfBounds)?;
        demand(attestor.quota > 0, GovernanceError::QuotaIsZero)?;
        let term = attestor.until_ts - now;
        demand(term > 0 && term <= 730 * 86_400, GovernanceError::TermOutOfBounds)?;
        let is_taken = self.attestors.values().any(|other| other.slot == attestor.slot);
        demand(!is_taken, GovernanceError::SlotTaken)?;
        // the account is created last
        if self.attestors.contains_key(&attestor.key) {
            return Err(code(0));
        }
        self.attestors.insert(attestor.key, attestor);
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
        let is_over = now >= self.attestors[key].until_ts;
        demand(may || is_over, GovernanceError::NotAuthorized)?;
        let attestor = self.attestors.remove(key).unwrap();
        self.close(address, &attestor.rent_payer);
        Ok(())
    }

    fn hear(&mut self, hearing: &Hearing, needed: usize, counting: Counting, now: i64) -> Result<(), Refusal> {
        let wait = hearing.deadline_ts - now;
        demand((0..=7 * 86_400).contains(&wait), GovernanceError::StatementExpired)?;
        demand(hearing.keys.len() == needed, GovernanceError::AttestationsMalformed)?;
        let (epoch, most) = (self.epoch(now), (self.counted() / 100).max(1));
        for key in &hearing.keys {
            let attestor = self.attestors.get_mut(key).unwrap();
            demand(now < attestor.until_ts, GovernanceError::AttestorExpired)?;
            demand(hearing.silent != Some(*key), GovernanceError::AttestorKeyMismatch)?;
            if counting == Counting::Registration {
                let signed = attestor.signed.entry(epoch).or_default();
                demand(*signed < attestor.quota, GovernanceError::QuotaExhausted)?;
                *signed += 1;
            }
            if counting == Counting::Strike {
                let struck = attestor.struck.entry(epoch).or_default();
                demand(u64::from(*struck) < most, GovernanceError::RevocationsExhausted)?;
                *struck += 1;
            }
        }
        Ok(())
    }

    fn check_expiry(expires_ts: i64, now: i64) -> Result<(), Refusal> {
        let seconds = expires_ts - now;
        demand(
            seconds > 0 && seconds <= 730 * 86_400,
            GovernanceError::ExpiryOutOfBounds,
        )
    }

    fn count(&mut self, person: &Address, counts: bool, now: i64) {
        let epoch = self.epoch(now);
        let state = self.persons.get_mut(person).unwrap();
        if state.is_counted != counts {
            state.is_counted = counts;
            self.counts.push((epoch, state.bucket, if counts { 1 } else { -1 }));
        }
    }

    /// `register_person`.
    pub fn register(&mut self, person: Person, hearing: &Hearing, now: i64) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        Self::check_expiry(person.expires_ts, now)?;
        let needed = usize::from(self.rules(epoch).attestations);
        self.hear(hearing, needed, Counting::Registration, now)?;
        let growth = (self.counted_before(epoch, None) / 20).max(10);
        let so_far = self.persons.values().filter(|known| known.registered == epoch).count() as u64;
        demand(so_far < growth, GovernanceError::GrowthExhausted)?;
        // G3: one nullifier, one wallet; the accounts are created last
        let is_known = |known: &Person| known.address == person.address || known.wallet == person.wallet;
        if self.persons.values().any(is_known) {
            return Err(code(0));
        }
        let address = person.address;
        let bucket = self.attestors[&hearing.keys[0]].slot;
        self.persons.insert(
            address,
            Person {
                bucket,
                registered: epoch,
                ..person
            },
        );
        self.count(&address, true, now);
        Ok(())
    }

    /// `act_on_person`; `wallet` is the one named.
    pub fn act(
        &mut self,
        person: &Address,
        wallet: &Address,
        act: Act,
        hearing: &Hearing,
        now: i64,
    ) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let rules = self.rules(epoch);
        if !matches!(act, Act::Recover(_)) {
            demand(*wallet == self.persons[person].wallet, GovernanceError::WalletMismatch)?;
        }
        let needed = if act == Act::Suspend {
            1
        } else {
            usize::from(rules.attestations)
        };
        let counting = match act {
            Act::Revoke | Act::Suspend => Counting::Strike,
            _ => Counting::Nothing,
        };
        self.hear(hearing, needed, counting, now)?;
        let state = self.persons.get_mut(person).unwrap();
        state.statements += 1;
        match act {
            Act::Renew(expires_ts) => {
                demand(state.revoked_at.is_none(), GovernanceError::PersonRevoked)?;
                Self::check_expiry(expires_ts, now)?;
                // whoever renews does not shorten
                demand(expires_ts > state.expires_ts, GovernanceError::ExpiryOutOfBounds)?;
                state.expires_ts = expires_ts;
                self.count(person, true, now);
            }
            Act::Revoke => {
                demand(state.revoked_at.is_none(), GovernanceError::PersonRevokedAlready)?;
                state.revoked_at = Some(now);
                state.recovery = None;
                self.count(person, false, now);
            }
            Act::Reinstate => self.reinstate(person, epoch, now)?,
            Act::Recover(to) => {
                state.check_active(now)?;
                state.recovery = Some((to, now + i64::from(rules.epoch_s)));
            }
            Act::Suspend => {
                state.check_active(now)?;
                let is_rested = state.rest.is_none_or(|(_, until)| epoch >= until + 8);
                demand(is_rested, GovernanceError::SuspendedRecently)?;
                state.rest = Some((epoch + 1, epoch + 3));
            }
        }
        Ok(())
    }

    fn reinstate(&mut self, person: &Address, epoch: u32, now: i64) -> Result<(), Refusal> {
        let state = self.persons.get_mut(person).unwrap();
        if let Some(since) = state.revoked_at {
            demand(now < since + 20, GovernanceError::AppealOver)?;
            state.revoked_at = None;
            if now < state.expires_ts {
                self.count(person, true, now);
            }
            return Ok(());
        }
        let (from, until) = state.rest.unwrap_or((0, 0));
        demand(epoch < until, GovernanceError::NothingToReinstate)?;
        // an end in epoch 0 would read like none
        state.rest = Some((from, epoch.max(1)));
        Ok(())
    }

    /// `retire_person`.
    pub fn retire(&mut self, person: &Address, now: i64) -> Result<(), Refusal> {
        let state = &self.persons[person];
        let is_due = state.is_counted && now >= state.expires_ts;
        demand(is_due, GovernanceError::PersonNotExpired)?;
        self.count(person, false, now);
        Ok(())
    }

    /// `move_wallet`; `links` are the accounts of the old and the new wallet.
    pub fn move_wallet(
        &mut self,
        person: &Address,
        (to, payer): (&Address, &Address),
        is_signed: bool,
        (links, rent): ([Address; 2], u64),
        now: i64,
    ) -> Result<(), Refusal> {
        let state = self.persons[person].clone();
        state.check_active(now)?;
        let is_due = state
            .recovery
            .is_some_and(|(wallet, from)| wallet == *to && now >= from);
        demand(is_signed || is_due, GovernanceError::RecoveryNotDue)?;
        if self.persons.values().any(|other| other.wallet == *to) {
            return Err(code(0));
        }
        self.persons.insert(
            *person,
            Person {
                wallet: *to,
                link_payer: *payer,
                recovery: None,
                statements: state.statements + 1,
                ..state.clone()
            },
        );
        self.close(&links[0], &state.link_payer);
        self.create(payer, &links[1], rent);
        Ok(())
    }

    /// `cancel_recovery`.
    pub fn cancel_recovery(&mut self, by: &Address, person: &Address) -> Result<(), Refusal> {
        let state = self.persons.get_mut(person).unwrap();
        demand_address(state.wallet == *by)?;
        demand(state.recovery.is_some(), GovernanceError::NoRecovery)?;
        state.recovery = None;
        Ok(())
    }
}
