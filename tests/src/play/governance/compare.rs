//! What is on the chain against what the model has, and the numbered invariants.

use {
    super::*,
    crate::model::governance::{Ballot, Person, Pool, Proposal, Status, NOBODY_LEADS},
    std::collections::BTreeSet,
};

impl Game {
    /// Everything (or everything an instruction names) is on the chain as the model has it, and the invariants hold.
    pub fn compare(&self, named: Option<&Instruction>) {
        let concerns = |address: &Address| {
            named.is_none_or(|instruction| instruction.accounts.iter().any(|meta| meta.pubkey == *address))
        };
        let book = &self.book;
        for (address, lamports) in book.lamports.iter().filter(|(address, _)| concerns(address)) {
            assert_eq!(self.world.lamports(address), *lamports, "lamports of {address}");
        }
        for (address, holding) in book.tokens.holdings.iter().filter(|(address, _)| concerns(address)) {
            assert_eq!(self.world.tokens(address), holding.atoms, "atoms of {address}");
        }
        self.compare_realm();
        book.ballots
            .values()
            .filter(|ballot| concerns(&ballot.address))
            .for_each(|ballot| self.compare_ballot(ballot));
        book.proposals
            .values()
            .filter(|proposal| concerns(&proposal.address))
            .for_each(|proposal| self.compare_proposal(proposal));
        book.persons
            .values()
            .filter(|person| concerns(&person.address))
            .for_each(|person| self.compare_person(person));
        book.pools
            .values()
            .filter(|pool| concerns(&pool.address))
            .for_each(|pool| self.compare_pool(pool));
        for stake in book.stakes.values().filter(|stake| concerns(&stake.address)) {
            let real: state::Stake = self.world.state(&stake.address);
            assert_eq!(real.amount_atoms.get(), stake.atoms());
            for epoch in [self.epoch(), self.epoch() + 1] {
                let is_pending = real.pending_epoch.get() >= epoch;
                let pending = if is_pending { real.pending_atoms.get() } else { 0 };
                let active = real.amount_atoms.get() - pending;
                assert_eq!(active, stake.active(epoch), "active stake in {epoch}");
            }
        }
        self.assert_g3();
        self.assert_g5_and_g8();
        let total: u64 = book.lamports.values().sum();
        assert_eq!(total, self.lamports_in, "lamports of the book");
    }

    fn compare_realm(&self) {
        let (book, now) = (&self.book, self.now());
        let realm: state::Realm = self.world.state(&book.realm);
        assert_eq!(u64::from(realm.persons.get()), book.counted(), "persons");
        for bucket in 0..16u8 {
            let counted = book.persons.values().filter(|p| p.is_counted && p.bucket == bucket);
            let real = realm.bucket_persons[usize::from(bucket)].get();
            assert_eq!(real as usize, counted.count(), "persons of bucket {bucket}");
        }
        assert_eq!(realm.proposal_count.get() as usize, book.made.len(), "proposals");
        assert_eq!(usize::from(realm.attestor_count), book.attestors.len(), "attestors");
        assert_eq!(
            u128::from(realm.voting_persons_q16()),
            book.voting_persons(),
            "voting persons"
        );
        assert_eq!(realm.epoch_at(now).unwrap(), book.epoch(now), "epoch");
        let next = book.epoch(now) + 1;
        assert_eq!(realm.epoch_start(next).unwrap(), book.starts(next), "next epoch");
        // G6: what left a lane in its last epoch of outflow, within 5 % of what lay there before
        for (lane, entries) in realm.lanes.iter().zip(&book.outflow) {
            let Some((epoch, (start, gone))) = entries.last_key_value() else {
                continue;
            };
            let real = (lane.epoch.get(), lane.start_lamports.get(), lane.outflow_lamports.get());
            assert_eq!(real, (*epoch, *start, *gone), "G6: book");
            assert!(gone * 20 <= *start, "G6");
        }
    }

    fn compare_person(&self, person: &Person) {
        let real: state::Person = self.world.state(&person.address);
        assert_eq!(real.wallet, person.wallet);
        assert_eq!(
            (real.bucket, real.registered_epoch.get()),
            (person.bucket, person.registered)
        );
        let last = person.ballots.iter().max().copied().unwrap_or(u32::MAX);
        assert_eq!(real.last_ballot_epoch.get(), last);
        assert_eq!(real.expires_ts.get(), person.expires_ts, "expiry");
        assert_eq!(real.revoked_at_ts.get(), person.revoked_at.unwrap_or(0), "revocation");
        assert_eq!(
            (real.counted, real.nonce.get()),
            (u8::from(person.is_counted), person.statements)
        );
        let rest = (real.suspended_from_epoch.get(), real.suspended_until_epoch.get());
        assert_eq!(rest, person.rest.unwrap_or((0, 0)), "suspension");
        let wallet = person.recovery.map_or(Address::default(), |(wallet, _)| wallet);
        assert_eq!(real.recovery_wallet, wallet, "recovery");
        assert_eq!(
            usize::from(real.open_proposals),
            self.book.open_proposals(&person.address)
        );
        let lends = person.lends.map_or((Address::default(), 0, 0, 0, 0), |lending| {
            (
                lending.delegate,
                lending.root,
                lending.from,
                lending.until,
                lending.generation,
            )
        });
        let real = (
            real.delegate,
            u64::from(real.delegate_root.get()),
            real.delegate_from_epoch.get(),
            real.delegate_until_epoch.get(),
            real.delegate_generation.get(),
        );
        assert_eq!(real, lends, "delegation");
    }

    fn compare_pool(&self, pool: &Pool) {
        let real: state::DelegatePool = self.world.state(&pool.address);
        assert_eq!(real.epoch.get(), pool.epoch, "epoch of the pool");
        assert_eq!(
            (real.budget_version.get(), real.generation.get()),
            (pool.version, pool.generation)
        );
        for (place, entry) in pool.entries.iter().enumerate() {
            let real = &real.entries[place];
            let real = (real.proposal_index.get(), real.option, real.share_q16.get());
            let model = entry.map_or((0, 0, 0), |entry| (entry.index, entry.option, entry.share));
            assert_eq!(real, model, "entry {place}");
        }
        // G1
        assert_eq!(u128::from(real.spent_q32.get()), pool.spent(), "G1: Σ s²");
        assert!(pool.spent() <= 1 << 32, "G1");
        let sums = |cohorts: &[state::Cohort; 16], belongs: &dyn Fn(u32, u32) -> bool, what: &str| {
            for (bucket, cohort) in cohorts.iter().enumerate() {
                let theirs = pool
                    .members
                    .iter()
                    .filter(|m| usize::from(m.bucket) == bucket && belongs(m.from, m.until));
                let roots: Vec<u64> = theirs.map(|member| member.root).collect();
                let squares: u64 = roots.iter().map(|root| root * root).sum();
                assert_eq!(
                    (cohort.persons.get() as usize, cohort.roots.get(), cohort.squares.get()),
                    (roots.len(), roots.iter().sum(), squares),
                    "{what} of bucket {bucket}"
                );
            }
        };
        let epoch = pool.epoch;
        sums(&real.lent, &|from, _| from <= epoch, "lent");
        sums(&real.joining, &|from, _| from > epoch, "joining");
        for until in epoch + 1..=epoch + 9 {
            let row = &real.ending[until as usize % 9];
            sums(row, &|_, end| end == until, &format!("ending with {until}"));
        }
    }

    fn compare_ballot(&self, ballot: &Ballot) {
        let real: state::Ballot = self.world.state(&ballot.address);
        assert_eq!(u64::from(real.budget_credits.get()), ballot.budget, "budget");
        assert_eq!(u64::from(real.spent_credits.get()), ballot.spent(), "spent");
        // G1 on the account's own entries
        let live = real.entries.iter().filter(|entry| entry.votes.get() > 0);
        let entries: BTreeMap<u32, (u8, u32)> = live
            .map(|entry| (entry.proposal_index.get(), (entry.option, u32::from(entry.votes.get()))))
            .collect();
        assert_eq!(entries, ballot.votes, "entries");
        let squares: u64 = entries.values().map(|(_, votes)| u64::from(*votes).pow(2)).sum();
        assert!(squares <= ballot.budget, "G1");
    }

    fn compare_proposal(&self, proposal: &Proposal) {
        let real: state::Proposal = self.world.state(&proposal.address);
        assert_eq!(real.status, proposal.status as u8, "status");
        assert_eq!(usize::from(real.actions_open), proposal.actions.len(), "open actions");
        assert_eq!(real.winner, proposal.winner.unwrap_or(NOBODY_LEADS), "winner");
        // G4: executed once each, in order (closing takes the accounts of a finished one away)
        if !proposal.is_finished(self.now()) {
            let done = proposal.actions.iter().filter(|action| action.is_executed).count();
            assert_eq!(usize::from(real.executed_count), done, "G4");
        }
        if proposal.vote_epoch.is_none() {
            return;
        }
        assert_eq!(real.vote_epoch.get(), proposal.vote_epoch.unwrap());
        assert_eq!(real.voting_starts_ts.get(), proposal.starts_ts);
        assert_g7(&real, proposal);
        let quorum = (
            u64::from(real.quorum_persons.get()),
            u128::from(real.quorum_credits.get()),
        );
        assert_eq!(quorum, proposal.quorum, "quorum");
        assert_eq!(real.caps_q16.map(|cap| u128::from(cap.get())), proposal.caps, "caps");
        let turnout = (u64::from(real.voters.get()), u128::from(real.spent_credits.get()));
        assert_eq!(turnout, proposal.turnout(), "turnout");
        // G2: tallies are what votes and loans make, whatever the order of the casts
        for option in 0..=proposal.choices {
            let at = usize::from(option);
            let total = u128::from(real.totals_q16[at].get());
            assert_eq!(total, proposal.total(option), "G2: T of {option}");
            for bucket in 0..16u8 {
                let cell = u128::from(real.buckets_q16[at][usize::from(bucket)].get());
                assert_eq!(cell, proposal.cell(option, bucket), "G2: S of {option}, {bucket}");
            }
        }
    }

    /// G3: one wallet, one person; no ballot and delegation in one epoch.
    fn assert_g3(&self) {
        let (book, epoch) = (&self.book, self.epoch());
        let wallets: BTreeSet<Address> = book.persons.values().map(|person| person.wallet).collect();
        assert_eq!(wallets.len(), book.persons.len(), "G3: wallets");
        let mut lenders = BTreeSet::new();
        for pool in book.pools.values() {
            for member in pool.members.iter().filter(|m| (m.from..m.until).contains(&epoch)) {
                assert!(lenders.insert(member.person), "G3: lends twice");
                let person = &book.persons[&member.person];
                assert!(!person.ballots.contains(&epoch), "G3: ballot and delegation");
            }
        }
    }

    /// G5: the stake that votes count is there while they can change the result. G8: whoever voted can be stripped as long.
    fn assert_g5_and_g8(&self) {
        let (book, now) = (&self.book, self.now());
        let live = book
            .proposals
            .values()
            .filter(|p| p.status == Status::Submitted && now >= p.starts_ts && now < p.ends()[2]);
        for proposal in live {
            for address in proposal.votes.keys() {
                let ballot = book
                    .ballots
                    .get(address)
                    .expect("G8: a ballot is gone before its challenge ended");
                self.assert_covered(ballot.counts);
            }
            for share in proposal.shares.values() {
                for (person, _, _) in &share.lenders {
                    let lends = book.persons[person].lends.expect("G8: a lender is gone");
                    self.assert_covered(lends.counts);
                }
            }
        }
    }

    fn assert_covered(&self, counts: Option<(Address, u64)>) {
        let Some((stake, atoms)) = counts.filter(|(_, atoms)| *atoms > 0) else {
            return;
        };
        let vault = self
            .book
            .stakes
            .get(&stake)
            .expect("G5: a stake that counts is gone")
            .vault;
        assert!(
            self.world.tokens(&vault) >= atoms,
            "G5: stake left while its votes live"
        );
    }
}

/// G7: the rules of a submitted proposal stay those of its submission.
fn assert_g7(real: &state::Proposal, proposal: &Proposal) {
    let (chain, model) = (&real.rules, &proposal.rules);
    let chain = [
        chain.voting_s,
        chain.extension_s,
        chain.late_window_s,
        chain.challenge_s,
        chain.review_s,
        chain.timelock_s,
        chain.execution_window_s,
        chain.base_credits,
        chain.max_bonus_credits,
        chain.min_persons,
        chain.normal_threshold_ppm,
        chain.high_threshold_ppm,
        chain.cohort_floor_votes,
    ];
    let model = [
        model.voting_s,
        model.extension_s,
        model.late_window_s,
        model.challenge_s,
        model.review_s,
        model.timelock_s,
        model.execution_window_s,
        model.base_credits,
        model.max_bonus_credits,
        model.min_persons,
        model.normal_threshold_ppm,
        model.high_threshold_ppm,
        model.cohort_floor_votes,
    ];
    assert_eq!(chain.map(|value| value.get()), model, "G7");
}
