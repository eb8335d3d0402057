//! Persons, attestations, eligibility, the lot.

use super::*;

/// A person of governance.
#[derive(Clone, Debug)]
pub struct Person {
    /// Its address.
    pub address: Address,
    /// Who acts for it.
    pub wallet: Address,
    /// Its realm.
    pub realm: Address,
    /// When the registration ends.
    pub expires_ts: i64,
    /// When it was revoked, 0 if it was not.
    pub revoked_ts: i64,
}

impl Person {
    /// Whether it counts under a realm.
    pub fn is_active(&self, realm: &Address, now: Now) -> bool {
        self.realm == *realm && self.revoked_ts == 0 && now.ts < self.expires_ts
    }
}

/// What ties a person to the escrow.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// Its address.
    pub address: Address,
    /// The provider it stands behind.
    pub provider: Option<Address>,
    /// Its place on a jury.
    pub place: Option<u32>,
    /// When it first stood behind a provider, 0 before.
    pub first_ts: i64,
}

/// What an attestor says.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// Its address.
    pub address: Address,
    /// Of whom.
    pub slot: Address,
    /// Who.
    pub attestor: Address,
    /// 1 speed, 2 enclave, 3 place.
    pub kind: u8,
    /// The speed.
    pub score: u32,
    /// Until when.
    pub expires_ts: i64,
}

/// What an order asks of a slot.
pub struct Asked {
    /// Model, 0 for any.
    pub model_id: u32,
    /// Speed, 0 for any.
    pub min_score: u32,
    /// Memory in GiB.
    pub min_vram_gib: u8,
    /// Whether only persons.
    pub persons_only: bool,
    /// Config.
    pub config_id: u16,
}

/// The model every slot of a play has, and its memory in MiB.
pub const MODEL: (u32, u32) = (4_090, 24_576);

impl Provider {
    /// Its person, if it counts under a config.
    pub fn person_under(&self, config_id: u16, now: Now) -> Option<Address> {
        let (config, until, _) = self.person_terms;
        self.person.filter(|_| config == config_id && now.ts < until)
    }
}

/// The cluster produces four slots of five; the hash of one.
pub fn slot_hash(slot: u64) -> Option<[u8; 32]> {
    (slot % 5 != 3).then(|| sha(&[b"slot hash", &slot.to_le_bytes()]))
}

/// Hashes the sysvar remembers.
const REMEMBERED: usize = 512;

/// Slot numbers of the SlotHashes sysvar at a slot, the latest first.
pub fn remembered_slots(now_slot: u64) -> impl Iterator<Item = u64> {
    (0..now_slot).rev().filter(|slot| slot % 5 != 3).take(REMEMBERED)
}

/// The first hash remembered after a slot.
pub fn first_hash_after(slot: u64, now_slot: u64) -> Option<[u8; 32]> {
    let first = remembered_slots(now_slot).take_while(|number| *number > slot).last();
    first.and_then(slot_hash)
}

impl Book {
    /// Rent of an account of so many bytes.
    pub fn rent(&self, bytes: u64) -> u64 {
        self.rent_parts[0] + self.rent_parts[1] * bytes
    }

    /// An account is made; what somebody has sent there before is not asked again.
    pub(super) fn fund(&mut self, payer: &Address, account: &Address, bytes: u64, more: u64) {
        let there = self.lamports.get(account).copied().unwrap_or(0);
        let missing = (self.rent(bytes) + more).saturating_sub(there);
        self.move_lamports(payer, account, missing);
    }

    /// An account is closed; all of it goes to somebody.
    pub(super) fn close_account(&mut self, account: &Address, to: &Address) {
        let rest = self.lamports.insert(*account, 0).unwrap();
        *self.lamports.entry(*to).or_default() += rest;
    }

    /// What speaks against a worker acting for a slot.
    pub(super) fn check_worker(&self, by: &Address, provider: &Address, slot: &Address, against: &mut Against) {
        let p = &self.providers[provider];
        against.unless(*by == p.session || *by == p.authority, EscrowError::NotTheProvider);
        against.unless(
            self.slots[slot].provider == *provider,
            EscrowError::SlotOfAnotherProvider,
        );
    }

    /// What speaks against a slot answering for an order opened at a slot number.
    pub(super) fn check_bond(&self, slot: &Address, config_id: u16, opened: u64, bond: u64, against: &mut Against) {
        let state = &self.slots[slot];
        against.unless(state.config_id == config_id, EscrowError::ConfigMismatch);
        against.unless(!state.is_paused, EscrowError::SlotPaused);
        against.unless(state.bonded_slot < opened, EscrowError::BondTooRecent);
        against.unless(state.bond - state.locked >= bond, EscrowError::BondNotCovered);
    }

    /// What speaks against a slot being what is asked for.
    pub fn check_asked(&self, slot: &Address, provider: &Address, asked: &Asked, now: Now, against: &mut Against) {
        let (score, until) = self.slots[slot].measured;
        let is_fast = asked.min_score == 0 || (now.ts < until && score >= u64::from(asked.min_score));
        let fits = (asked.model_id == 0 || asked.model_id == MODEL.0)
            && MODEL.1 >= 1_024 * u32::from(asked.min_vram_gib)
            && is_fast;
        against.unless(fits, EscrowError::SlotNotEligible);
        let person = self.providers[provider].person_under(asked.config_id, now);
        against.unless(!asked.persons_only || person.is_some(), EscrowError::PersonRequired);
    }

    /// [`Self::check_asked`] of a job.
    pub fn check_eligible(&self, slot: &Address, provider: &Address, job: &Job, now: Now, against: &mut Against) {
        let who = &job.terms.eligibility;
        let asked = Asked {
            model_id: who.model_id,
            min_score: who.min_score,
            min_vram_gib: who.min_vram_gib,
            persons_only: who.persons_only,
            config_id: job.config_id,
        };
        self.check_asked(slot, provider, &asked, now, against);
    }

    /// What speaks against a slot by lot.
    pub fn check_lot(&self, slot: &Address, provider: &Address, job: &Job, shows_hashes: bool, now: Now) -> Against {
        let mut against = Against::default();
        let spread = u64::from(job.terms.eligibility.spread_slots);
        let elapsed = now.slot - job.entered.slot;
        let p = &self.providers[provider];
        let is_small = p.slots <= 8;
        let is_new = is_small && p.person_under(job.config_id, now).is_some() && now.ts < p.person_terms.2;
        let circle = elapsed.checked_div(spread).unwrap_or(16) + if is_new { 2 } else { 0 };
        if circle >= 16 {
            return against;
        }
        against.unless(shows_hashes, EscrowError::SlotHashesRequired);
        let is_in = first_hash_after(job.entered.slot, now.slot).is_some_and(|seed| {
            let digest = sha(&[b"commonweal:lot:1", &seed, slot.as_ref()]);
            let lot = u64::from_le_bytes(digest[..8].try_into().unwrap());
            u128::from(lot) < 1u128 << (48 + circle)
        });
        against.unless(is_in, EscrowError::NotEligibleYet);
        against
    }

    /// `link_person`.
    pub fn link_person(
        &mut self,
        wallet: &Address,
        authority: &Address,
        provider: &Address,
        person: &Address,
        config_id: u16,
        now: Now,
    ) -> Verdict {
        let (config, human) = (&self.configs[&config_id], self.persons[person].clone());
        let p = &self.providers[provider];
        let mut against = Against::default();
        against.unless_address(p.authority == *authority);
        against.unless(human.is_active(&config.realm, now), EscrowError::PersonRefused);
        against.unless(human.wallet == *wallet, EscrowError::NotThePerson);
        let linked = self.links.get(person).and_then(|link| link.provider);
        let renews = linked == Some(*provider) && p.person == Some(*person);
        against.unless(
            renews || (linked.is_none() && p.person.is_none()),
            EscrowError::AlreadyLinked,
        );
        against.verdict()?;
        self.open_link(wallet, person);
        let link = self.links.get_mut(person).unwrap();
        link.provider = Some(*provider);
        if link.first_ts == 0 {
            link.first_ts = now.ts;
        }
        let head_start = link.first_ts + 90 * 86_400;
        let p = self.providers.get_mut(provider).unwrap();
        p.person = Some(*person);
        p.person_terms = (config_id, human.expires_ts, head_start);
        Ok(())
    }

    pub(super) fn open_link(&mut self, payer: &Address, person: &Address) {
        if self.links.contains_key(person) {
            return;
        }
        let address = crate::fixtures::escrow::supply::link(person).0;
        self.fund(payer, &address, 120, 0);
        let link = Link {
            address,
            ..Link::default()
        };
        self.links.insert(*person, link);
    }

    /// `unlink_person`; `config_id` is of the config passed.
    pub fn unlink_person(&mut self, by: &Address, provider: &Address, config_id: u16, now: Now) -> Verdict {
        let p = &self.providers[provider];
        let person = p.person.unwrap();
        let human = &self.persons[&person];
        let mut against = Against::default();
        against.unless(p.person_terms.0 == config_id, EscrowError::ConfigMismatch);
        let is_active = human.is_active(&self.configs[&config_id].realm, now);
        let may = *by == p.authority || !is_active || human.wallet == *by;
        against.unless(may, EscrowError::NotThePerson);
        against.verdict()?;
        self.links.get_mut(&person).unwrap().provider = None;
        let p = self.providers.get_mut(provider).unwrap();
        p.person = None;
        p.person_terms.2 = 0;
        Ok(())
    }

    /// `attest_slot`; `evidence` is zero or not.
    pub fn attest_slot(&mut self, config_id: u16, claim: Attestation, has_evidence: bool, now: Now) -> Verdict {
        let slot = &self.slots[&claim.slot];
        let mut against = Against::default();
        against.unless(slot.config_id == config_id, EscrowError::ConfigMismatch);
        against.unless(self.is_attestor(config_id, &claim.attestor), EscrowError::NotAnAttestor);
        let fits = (1..=3).contains(&claim.kind) && (claim.kind == 1) == (claim.score > 0);
        against.unless(fits, EscrowError::WrongKind);
        against.unless(has_evidence, EscrowError::ZeroHash);
        let ahead = claim.expires_ts - now.ts;
        against.unless((1..=365 * 86_400).contains(&ahead), EscrowError::ExpiryOutOfBounds);
        against.verdict()?;
        if !self.attestations.contains_key(&claim.address) {
            self.fund(&claim.attestor, &claim.address, 144, 0);
        }
        if claim.kind == 1 {
            let slot = self.slots.get_mut(&claim.slot).unwrap();
            slot.measured = (u64::from(claim.score), claim.expires_ts);
        }
        self.attestations.insert(claim.address, claim);
        Ok(())
    }

    /// Whether a config lists a key.
    pub fn is_attestor(&self, config_id: u16, key: &Address) -> bool {
        *key != Address::default() && self.configs[&config_id].court.attestors.contains(key)
    }

    /// `close_attestation`.
    pub fn close_attestation(&mut self, by: &Address, address: &Address, now: Now) -> Verdict {
        let said = self.attestations[address].clone();
        let may = now.ts >= said.expires_ts || said.attestor == *by;
        demand(may, EscrowError::NotAnAttestor)?;
        let slot = self.slots.get_mut(&said.slot).unwrap();
        if said.kind == 1 && slot.measured == (u64::from(said.score), said.expires_ts) {
            slot.measured = (0, 0);
        }
        self.attestations.remove(address);
        self.close_account(address, &said.attestor);
        Ok(())
    }

    /// `fold_reputation`.
    pub fn fold(&mut self, provider: &Address, slot: &Address, now: Now) -> Verdict {
        let (p, state) = (
            self.providers.get_mut(provider).unwrap(),
            self.slots.get_mut(slot).unwrap(),
        );
        let mut against = Against::default();
        against.unless(state.provider == *provider, EscrowError::SlotOfAnotherProvider);
        against.unless(state.config_id == p.config_id, EscrowError::ConfigMismatch);
        against.verdict()?;
        state.fade(now.ts);
        p.score = p.score.at(now.ts);
        for _ in 0..state.unfolded.1 {
            p.score.q32 = reputation::after_fault(p.score.q32);
        }
        p.score.q32 = p.score.q32.saturating_add(state.unfolded.0);
        state.unfolded = (0, 0);
        let counts = [state.completed, state.failed];
        for ((sum, now), before) in p.folded.iter_mut().zip(counts).zip(state.folded) {
            *sum += u64::from(now - before);
        }
        state.folded = counts;
        Ok(())
    }

    /// `update_court`.
    pub fn update_court(&mut self, by: &Address, config_id: u16, court: &CourtParams) -> Verdict {
        let config = self.configs.get_mut(&config_id).unwrap();
        let mut against = Against::default();
        against.unless_address(config.authority == *by);
        check_court(court, config.is_rehearsal, &mut against);
        against.verdict()?;
        config.court = *court;
        Ok(())
    }
}
