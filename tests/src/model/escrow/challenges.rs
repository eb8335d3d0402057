//! Challenges of results.

use super::*;

/// Where burnt lamports go.
pub const INCINERATOR: Address = Address::from_str_const("1nc1nerator11111111111111111111111111111111");

/// What a case keeps of the court's parameters.
#[derive(Clone, Copy, Debug)]
pub struct CaseTerms {
    /// Each party's deposit.
    pub bond: u64,
    /// What a juror earns, and loses.
    pub fee: u64,
    /// What a crank earns.
    pub bounty: u64,
    /// Seconds: answer, seeds, votes, reveals, appeal, ruling.
    pub seconds: [u32; 6],
}

/// A challenge.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Its address.
    pub address: Address,
    /// The job.
    pub job: Address,
    /// Its uid.
    pub uid: [u8; 32],
    /// Who challenges, and the key that acts for it.
    pub challenger: [Address; 2],
    /// Who answered, the key that acts for it.
    pub defender: Option<[Address; 2]>,
    /// The person behind the provider that answered.
    pub defender_person: Option<Address>,
    /// 1 open, 2 answered, 3 proved.
    pub state: u8,
    /// The result claimed.
    pub claimed: [u8; 32],
    /// When it was made.
    pub created: Now,
    /// The court's terms then.
    pub terms: CaseTerms,
}

/// A fifth, rounded up.
pub fn fifth(lamports: u64) -> u64 {
    (u128::from(lamports) + 4).checked_div(5).unwrap() as u64
}

impl CaseTerms {
    fn of(config: &Config) -> Self {
        let court = &config.court;
        Self {
            bond: 5 * court.seat_fee_lamports + 30 * config.bounty,
            fee: court.seat_fee_lamports,
            bounty: config.bounty,
            seconds: [
                court.answer_seconds,
                court.seed_seconds,
                court.vote_seconds,
                court.reveal_seconds,
                court.appeal_seconds,
                court.ruling_seconds,
            ],
        }
    }
}

impl Challenge {
    /// When its answer is due: from the challenge, or from when the job could be challenged again.
    pub fn deadline(&self, order: &Job) -> Now {
        after(self.created.not_before(order.entered), self.terms.seconds[0])
    }
}

impl Book {
    /// `challenge_result`, or `prove_canary` with what the play knows of the proof: whether it holds, and who countersigns.
    pub fn challenge(
        &mut self,
        mut challenge: Challenge,
        config_id: u16,
        canary: Option<(bool, Option<Address>)>,
        now: Now,
    ) -> Verdict {
        let order = &self.jobs[&challenge.job];
        let mut against = Against::default();
        against.unless(order.uid == challenge.uid, EscrowError::WrongUid);
        match canary {
            None => against.unless(challenge.claimed != order.result, EscrowError::SameResult),
            Some((holds, attestor)) => {
                against.unless(order.terms.verification == 2, EscrowError::WrongKind);
                against.unless(holds, EscrowError::CanaryProofRefused);
                if let Some(attestor) = attestor {
                    against.unless(self.is_attestor(config_id, &attestor), EscrowError::NotAnAttestor);
                    challenge.state = 3;
                }
            }
        }
        against.unless(order.state == CHALLENGEABLE, EscrowError::WrongJobState);
        against.unless(!order.is_overdue(now), EscrowError::DeadlinePassed);
        against.unless(order.terms.verification != 0, EscrowError::WrongKind);
        against.unless(order.config_id == config_id, EscrowError::ConfigMismatch);
        let has_agent = challenge.challenger[1] != Address::default();
        against.unless(has_agent, EscrowError::ZeroAddress);
        against.unless(order.challenges < 255, EscrowError::TooManyChallenges);
        against.when(self.challenges.contains_key(&challenge.address), code(0));
        against.verdict()?;
        challenge.terms = CaseTerms::of(&self.configs[&config_id]);
        challenge.created = now;
        let [by, _] = challenge.challenger;
        self.fund(&by, &challenge.address, 368, 0);
        self.move_lamports(&by, &challenge.address, challenge.terms.bond);
        self.jobs.get_mut(&challenge.job).unwrap().challenges += 1;
        self.challenges.insert(challenge.address, challenge);
        Ok(())
    }

    /// `answer_challenge`; `part` is a contribution given beside the slot.
    pub fn answer(
        &mut self,
        hands: &Hands,
        job: &Address,
        challenge: &Address,
        part: Option<&Address>,
        agent: &Address,
        now: Now,
    ) -> Verdict {
        let (order, case) = (&self.jobs[job], &self.challenges[challenge]);
        let p = &self.providers[&hands.provider];
        let mut against = Against::default();
        against.unless_address(p.authority == hands.by);
        against.unless(case.job == *job && case.uid == order.uid, EscrowError::WrongCase);
        against.unless(order.state == CHALLENGEABLE, EscrowError::WrongJobState);
        self.check_defence(hands, order, part, &mut against);
        against.unless(case.state == 1, EscrowError::WrongChallengeState);
        against.unless(!now.is_at(case.deadline(order)), EscrowError::DeadlinePassed);
        against.unless(*agent != Address::default(), EscrowError::ZeroAddress);
        against.verdict()?;
        let person = p.person;
        let case = self.challenges.get_mut(challenge).unwrap();
        case.state = 2;
        case.defender = Some([hands.by, *agent]);
        case.defender_person = person;
        let bond = case.terms.bond;
        self.move_lamports(&hands.by, challenge, bond);
        Ok(())
    }

    /// Who may defend a result: the provider whose slot brought it, of a redundant order one of those that won.
    fn check_defence(&self, hands: &Hands, order: &Job, part: Option<&Address>, against: &mut Against) {
        let is_theirs = self.slots[&hands.slot].provider == hands.provider;
        against.unless(is_theirs, EscrowError::SlotOfAnotherProvider);
        if order.terms.kind != 2 {
            let is_its = order.slot == Some(hands.slot);
            against.unless(is_its, EscrowError::NotTheAssignedSlot);
            return;
        }
        let has_won = part.map(|part| &self.parts[part]).is_some_and(|part| {
            part.uid == order.uid && part.state == 3 && part.slot == hands.slot && part.hash == order.result
        });
        against.unless(has_won, EscrowError::ContributionMismatch);
    }

    /// `resolve_challenge`; defender, slot and provider are those given.
    pub fn resolve(
        &mut self,
        challenge: &Address,
        defender: &Address,
        slot: Option<&Address>,
        provider: Option<&Address>,
    ) -> Verdict {
        let case = self.challenges[challenge].clone();
        let order = self.jobs[&case.job].clone();
        let mut against = Against::default();
        let is_decided = [FINAL, RESOLVING].contains(&order.state);
        against.unless(is_decided, EscrowError::WrongJobState);
        let (bond, is_answered) = (case.terms.bond, case.state == 2);
        let (is_wrong, is_even) = (order.flags & 4 != 0 || case.state == 3, order.flags & 32 != 0);
        let answer = if is_answered { bond } else { 0 };
        // what each of the two gets; the rest is burnt
        let (mut theirs, mine) = if is_wrong {
            (0, bond + answer - fifth(answer))
        } else if is_even {
            (answer, bond)
        } else {
            (answer + bond - fifth(bond), 0)
        };
        if theirs > 0 && is_answered {
            against.unless(case.defender.unwrap()[0] == *defender, EscrowError::NotAParty);
        } else if order.terms.kind == 2 {
            theirs = 0;
        } else if theirs > 0 {
            against.unless(slot.is_some(), EscrowError::SlotRequired);
            let is_its = slot.is_none() || order.slot.as_ref() == slot;
            against.unless(is_its, EscrowError::NotTheAssignedSlot);
            let owner = slot.map(|slot| self.slots[slot].provider);
            let is_theirs = provider.is_none() || owner.is_none_or(|owner| Some(&owner) == provider);
            against.unless(is_theirs, EscrowError::SlotOfAnotherProvider);
            let is_authority = provider.is_some_and(|provider| self.providers[provider].authority == *defender);
            against.unless(is_authority, EscrowError::NotAParty);
        }
        against.verdict()?;
        self.jobs.get_mut(&case.job).unwrap().challenges -= 1;
        self.move_lamports(challenge, &INCINERATOR, bond + answer - theirs - mine);
        self.move_lamports(challenge, defender, theirs);
        self.challenges.remove(challenge);
        self.close_account(challenge, &case.challenger[0]);
        Ok(())
    }
}
