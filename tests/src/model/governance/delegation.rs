//! Who lends to whom, as a list of persons.

use super::*;

/// What a person lends.
#[derive(Clone, Copy, Debug)]
pub struct Lending {
    /// The delegate's person.
    pub delegate: Address,
    /// ⌊√budget⌋.
    pub root: u64,
    /// First epoch.
    pub from: u32,
    /// First epoch without.
    pub until: u32,
    /// Generation of the pool.
    pub generation: u32,
    /// The stake counted, and how many atoms of it.
    pub counts: Option<(Address, u64)>,
}

/// A lender in a pool.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The person.
    pub person: Address,
    /// Its cohort.
    pub bucket: u8,
    /// ⌊√budget⌋.
    pub root: u64,
    /// First epoch.
    pub from: u32,
    /// First epoch without.
    pub until: u32,
}

/// What a delegate gives to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Number of the proposal.
    pub index: u32,
    /// The option.
    pub option: u8,
    /// The share, Q16.
    pub share: u32,
}

/// A delegate's pool.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its address.
    pub address: Address,
    /// The delegate's person.
    pub delegate: Address,
    /// Who gets its rent.
    pub rent_payer: Address,
    /// The epoch its entries are of.
    pub epoch: u32,
    /// Version of the budgets lent.
    pub version: u32,
    /// Rises when everybody is out at once.
    pub generation: u32,
    /// Who lends, now or from the next epoch on.
    pub members: Vec<Member>,
    /// What the delegate gives, in the places of the account.
    pub entries: [Option<Entry>; 16],
}

impl Pool {
    fn roll(&mut self, epoch: u32) -> Result<(), Refusal> {
        demand(epoch >= self.epoch, GovernanceError::PoolEpochAhead)?;
        if epoch > self.epoch {
            self.epoch = epoch;
            self.entries = [None; 16];
            self.members.retain(|member| member.until > epoch);
        }
        Ok(())
    }

    /// Σ s².
    pub fn spent(&self) -> u128 {
        let shares = self.entries.iter().flatten();
        shares.map(|entry| u128::from(entry.share).pow(2)).sum()
    }

    /// Who counts in its epoch.
    pub fn lenders(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.from <= self.epoch)
    }
}

impl Person {
    /// Whether what it lends counts in an epoch or later.
    pub fn lends_from(&self, epoch: u32) -> bool {
        self.lends.is_some_and(|lending| epoch < lending.until)
    }

    /// Whether anybody may take out what it lends.
    pub fn is_strippable(&self, epoch: u32, now: i64) -> bool {
        !self.is_active(now) || self.rests_in(epoch)
    }

    /// Whether its budget of an epoch is a delegate's.
    pub fn lends_in(&self, epoch: u32) -> bool {
        self.lends
            .is_some_and(|lending| (lending.from..lending.until).contains(&epoch))
    }
}

impl Book {
    /// The pool of a delegate, if there is one.
    pub fn pool_of(&self, delegate: &Address) -> Option<&Pool> {
        self.pools.values().find(|pool| pool.delegate == *delegate)
    }

    /// `open_pool`.
    pub fn open_pool(&mut self, by: &Address, address: &Address, delegate: &Address, now: i64) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let state = &self.persons[delegate];
        demand_address(state.wallet == *by)?;
        state.check_active(now)?;
        if self.pools.contains_key(address) {
            return Err(code(0));
        }
        let pool = Pool {
            address: *address,
            delegate: *delegate,
            rent_payer: *by,
            epoch,
            version: self.version(epoch + 1),
            generation: epoch,
            members: Vec::new(),
            entries: [None; 16],
        };
        self.pools.insert(*address, pool);
        Ok(())
    }

    /// `close_pool`.
    pub fn close_pool(&mut self, by: &Address, address: &Address, now: i64) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let pool = self.pools.get_mut(address).unwrap();
        demand_address(self.persons[&pool.delegate].wallet == *by)?;
        pool.roll(epoch)?;
        demand(pool.members.is_empty(), GovernanceError::PoolNotEmpty)?;
        let payer = pool.rent_payer;
        self.pools.remove(address);
        self.close(address, &payer);
        Ok(())
    }

    /// The first epoch in which what is lent now cannot count.
    fn lending_end(&self, person: &Person, epoch: u32) -> u32 {
        (epoch + 9).min(self.epoch(person.expires_ts))
    }

    /// `join_delegate`.
    pub fn join(
        &mut self,
        by: &Address,
        person: &Address,
        stake: Option<&Address>,
        pool: &Address,
        now: i64,
    ) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let from = epoch + 1;
        let state = &self.persons[person];
        demand_address(state.wallet == *by)?;
        state.check_active(now)?;
        demand(!state.rests_in(from), GovernanceError::PersonSuspended)?;
        demand(from >= state.registered + 2, GovernanceError::PersonTooYoung)?;
        demand(!state.lends_from(epoch), GovernanceError::AlreadyDelegates)?;
        let delegate = &self.persons[&self.pools[pool].delegate];
        delegate.check_active(now)?;
        demand(!delegate.lends_from(epoch), GovernanceError::DelegateInvalid)?;
        let until = self.lending_end(state, epoch);
        demand(until > from, GovernanceError::DelegationTooShort)?;
        let (budget, counts) = self.budget(person, stake, from)?;
        let root = greatest(1 << 32, |root| root * root <= u128::from(budget)) as u64;
        let (bucket, version, present) = (state.bucket, self.version(from), self.version(epoch));

        let pool = self.pools.get_mut(pool).unwrap();
        pool.roll(epoch)?;
        if pool.version != version {
            // other budgets: everybody is out, and joins anew; not while what they lent counts
            if !pool.members.is_empty() {
                let counts = pool.version == present || pool.spent() > 0;
                demand(!counts, GovernanceError::PoolIsStale)?;
                pool.generation += 1;
                pool.members.clear();
            }
            pool.version = version;
        }
        pool.members.push(Member {
            person: *person,
            bucket,
            root,
            from,
            until,
        });
        self.persons.get_mut(person).unwrap().lends = Some(Lending {
            delegate: pool.delegate,
            root,
            from,
            until,
            generation: pool.generation,
            counts,
        });
        Ok(())
    }

    /// `extend_delegation`.
    pub fn extend(&mut self, by: &Address, person: &Address, pool: &Address, now: i64) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let state = self.persons[person].clone();
        demand_address(state.wallet == *by)?;
        let end = self.lending_end(&state, epoch);
        let pool = self.pools.get_mut(pool).unwrap();
        let lending = state.lends.filter(|lending| lending.delegate == pool.delegate);
        demand(lending.is_some(), GovernanceError::NotADelegator)?;
        state.check_active(now)?;
        pool.roll(epoch)?;
        let lending = lending.filter(|l| epoch < l.until && l.generation == pool.generation);
        demand(lending.is_some(), GovernanceError::NotADelegator)?;
        demand(end > lending.unwrap().until, GovernanceError::DelegationUnchanged)?;
        let member = pool.members.iter_mut().find(|member| member.person == *person).unwrap();
        member.until = end;
        self.persons.get_mut(person).unwrap().lends = Some(Lending {
            until: end,
            ..lending.unwrap()
        });
        Ok(())
    }

    /// `leave_delegate` of the pool at an address; `proposals` are the accounts that follow.
    pub fn leave(
        &mut self,
        by: &Address,
        person: &Address,
        pool: (&Address, &Address),
        at_epoch_end: bool,
        proposals: &[Address],
        now: i64,
    ) -> Result<(), Refusal> {
        let epoch = self.epoch(now);
        let state = self.persons[person].clone();
        let is_strip = state.is_strippable(epoch, now);
        demand(is_strip || state.wallet == *by, GovernanceError::NotAuthorized)?;
        let lending = state.lends.filter(|lending| lending.delegate == *pool.1);
        demand(lending.is_some(), GovernanceError::NotADelegator)?;
        let mut lending = lending.unwrap();
        let Some(mut state) = self.pools.get(pool.0).cloned() else {
            self.persons.get_mut(person).unwrap().lends = None;
            return Ok(());
        };
        state.roll(epoch)?;
        let is_lent = epoch < lending.until && lending.generation == state.generation;
        let mut after = None;
        if is_lent && epoch >= lending.from && at_epoch_end && !is_strip {
            lending.until = epoch + 1;
            let member = state
                .members
                .iter_mut()
                .find(|member| member.person == *person)
                .unwrap();
            member.until = epoch + 1;
            after = Some(lending);
        } else if is_lent {
            state.members.retain(|member| member.person != *person);
            if epoch >= lending.from {
                self.take_out(&state, person, proposals, is_strip, now)?;
            }
        }
        self.persons.get_mut(person).unwrap().lends = after;
        self.pools.insert(*pool.0, state);
        Ok(())
    }

    /// Takes one lender out of every proposal the pool gives to.
    fn take_out(
        &mut self,
        pool: &Pool,
        person: &Address,
        proposals: &[Address],
        is_strip: bool,
        now: i64,
    ) -> Result<(), Refusal> {
        let mut given = proposals.iter();
        for entry in pool.entries.iter().flatten() {
            let address = given.next().ok_or(refusal(GovernanceError::PoolProposalsMismatch))?;
            let Some(state) = self.proposals.get_mut(address) else {
                // a closed one was decided
                demand(is_strip, GovernanceError::PoolVotesCounted)?;
                continue;
            };
            demand(state.index == entry.index, GovernanceError::PoolProposalsMismatch)?;
            // votes of a vetoed one count nowhere any more
            if state.status == Status::Vetoed || state.vote_epoch != Some(pool.epoch) {
                continue;
            }
            demand(is_strip || state.is_open(now), GovernanceError::PoolVotesCounted)?;
            if !state.is_open(now) && !state.is_challenged(now) {
                continue;
            }
            state.mark(now);
            let share = state.shares.get_mut(&pool.address).unwrap();
            share.lenders.retain(|(lender, _, _)| lender != person);
        }
        demand(given.next().is_none(), GovernanceError::PoolProposalsMismatch)
    }

    /// `cast_delegated`.
    pub fn cast_share(
        &mut self,
        by: &Address,
        pool: &Address,
        proposal: &Address,
        (option, share): (u8, u32),
        now: i64,
    ) -> Result<(), Refusal> {
        let pool = self.pools.get_mut(pool).unwrap();
        let delegate = &self.persons[&pool.delegate];
        let state = self.proposals.get_mut(proposal).unwrap();
        demand_address(delegate.wallet == *by)?;
        delegate.check_active(now)?;
        demand(state.is_open(now), GovernanceError::VotingIsNotOpen)?;
        let epoch = state.vote_epoch.unwrap();
        demand(!delegate.rests_in(epoch), GovernanceError::PersonSuspended)?;
        pool.roll(epoch)?;
        demand(pool.version == state.version, GovernanceError::PoolIsStale)?;
        demand(option <= state.choices, GovernanceError::OptionNotOffered)?;
        let own = |entry: &Option<Entry>| entry.is_some_and(|entry| entry.index == state.index);
        let place = pool.entries.iter().position(own);
        let place = place.or_else(|| pool.entries.iter().position(Option::is_none));
        let place = place.ok_or(refusal(GovernanceError::BallotFull))?;
        let old = pool.entries[place];
        demand(old.is_some() || share > 0, GovernanceError::NothingToChange)?;
        // s·√b₀ ≥ 1, the root rounded down in Q16
        let root = root_floor(&(BigUint::from(state.rules.base_credits) << 32u32));
        let gives_a_vote = share == 0 || u128::from(share) * root >= 1 << 32;
        demand(gives_a_vote, GovernanceError::ShareTooSmall)?;
        pool.entries[place] = (share > 0).then_some(Entry {
            index: state.index,
            option,
            share,
        });
        demand(pool.spent() <= 1 << 32, GovernanceError::SharesExceeded)?;
        let is_extension = now >= state.ends()[0];
        state.mark(now);
        if is_extension && share > 0 {
            let own = old
                .filter(|entry| entry.option == option)
                .map_or(0, |entry| entry.share);
            let rises = state.extension_leader == Some(option) && share > own;
            demand(!rises, GovernanceError::LeaderCannotRise)?;
        }
        state.shares.remove(&pool.address);
        if share > 0 {
            let lenders = pool.lenders().map(|m| (m.person, m.bucket, m.root)).collect();
            let given = Share { option, share, lenders };
            state.shares.insert(pool.address, given);
        }
        Ok(())
    }
}
