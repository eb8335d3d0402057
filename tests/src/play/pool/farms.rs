//! Farms, positions, seats and the persons they are for.

use {
    super::{Game, Model},
    crate::model::{
        code,
        pool::{refusal, seat_weight, Farm, Lane, Now, Person, Position, Seat},
        Refusal,
    },
    commonweal_interface::{ids, views::PERSON_DISCRIMINATOR},
    liquidity_pool::errors::PoolError,
    solana_account::Account,
    solana_address::Address,
};

/// Bytes of a farm, a position, a seat and a token account.
const FARM_BYTES: usize = 488;
const POSITION_BYTES: usize = 176;
const SEAT_BYTES: usize = 176;
const TOKEN_BYTES: usize = 165;

/// Rents of farms' accounts.
#[derive(Clone, Copy, Debug)]
pub struct FarmRents {
    /// A farm with its two vaults.
    pub farm: u64,
    /// A position.
    pub position: u64,
    /// A seat.
    pub seat: u64,
}

fn find(seeds: &[&[u8]]) -> Address {
    Address::find_program_address(seeds, &liquidity_pool::ID).0
}

impl Game {
    /// Where a farm and its vaults of stakes and rewards are.
    pub fn farm_addresses(&self, pool: usize, mint: &Address, funder: &Address, index: u16) -> [Address; 3] {
        let pool = self.model.pools[pool].address;
        let farm = find(&[
            b"farm",
            pool.as_ref(),
            mint.as_ref(),
            funder.as_ref(),
            &index.to_le_bytes(),
        ]);
        [
            farm,
            find(&[b"stake_vault", farm.as_ref()]),
            find(&[b"reward_vault", farm.as_ref()]),
        ]
    }

    /// Where somebody's position in a farm is.
    pub fn position_address(&self, farm: usize, owner: &Address) -> Address {
        find(&[b"position", self.model.farms[farm].address.as_ref(), owner.as_ref()])
    }

    /// Where a person's seat in a farm is.
    pub fn seat_address(&self, farm: usize, person: &Address) -> Address {
        find(&[b"seat", self.model.farms[farm].address.as_ref(), person.as_ref()])
    }

    /// Rents of what farms need.
    pub fn farm_rents(&self) -> FarmRents {
        FarmRents {
            farm: self.world.rent(FARM_BYTES) + 2 * self.world.rent(TOKEN_BYTES),
            position: self.world.rent(POSITION_BYTES),
            seat: self.world.rent(SEAT_BYTES),
        }
    }

    /// Puts a person in place as governance keeps it: all that a farm reads of it.
    pub fn place_person(&mut self, person: &Person) {
        let mut data = vec![0; 256];
        data[..8].copy_from_slice(&PERSON_DISCRIMINATOR);
        data[8] = 1;
        data[16..48].copy_from_slice(person.realm.as_ref());
        data[48..80].copy_from_slice(person.wallet.as_ref());
        data[112..120].copy_from_slice(&person.expires.to_le_bytes());
        data[120..128].copy_from_slice(&person.revoked.to_le_bytes());
        let account = Account {
            lamports: self.world.rent(data.len()),
            data,
            owner: ids::QUADRATIC_GOVERNANCE,
            executable: false,
            rent_epoch: u64::MAX,
        };
        self.world.set_raw(person.address, account);
    }

    pub(super) fn compare_farms(&self, concerns: impl Fn(&Address) -> bool) {
        for farm in self.model.farms.iter().filter(|farm| concerns(&farm.address)) {
            if farm.is_open {
                self.compare_farm(farm);
            } else {
                assert!(!self.world.exists(&farm.address), "a closed farm is there");
            }
        }
        for position in self
            .model
            .positions
            .values()
            .filter(|position| concerns(&position.address))
        {
            let real: liquidity_pool::state::FarmPosition = self.world.state(&position.address);
            assert_eq!(
                (real.farm, real.owner, real.seat),
                (
                    self.model.farms[position.farm].address,
                    position.owner,
                    position.seat.unwrap_or_default()
                )
            );
            assert_eq!(
                (
                    real.stake_atoms.get(),
                    real.pending_atoms.get(),
                    real.open_per_weight_q64.get()
                ),
                (position.stake, position.pending, position.paid_to),
                "position"
            );
        }
        for seat in self.model.seats.values().filter(|seat| concerns(&seat.address)) {
            let real: liquidity_pool::state::Seat = self.world.state(&seat.address);
            assert_eq!(
                (real.farm, real.person, real.position),
                (self.model.farms[seat.farm].address, seat.person, seat.position)
            );
            assert_eq!(
                (
                    real.weight.get(),
                    real.provisional_atoms.get(),
                    real.plural_per_weight_q64.get()
                ),
                (seat.weight, seat.provisional, seat.paid_to),
                "seat"
            );
        }
    }

    fn compare_farm(&self, farm: &Farm) {
        let real: liquidity_pool::state::Farm = self.world.state(&farm.address);
        let pool = &self.model.pools[farm.pool];
        assert_eq!(
            (real.pool, real.reward_mint, real.funder, real.realm, real.lp_mint),
            (pool.address, farm.mint, farm.funder, farm.realm, pool.lp_mint)
        );
        assert_eq!(
            (real.start_ts.get(), real.end_ts.get(), real.released_ts.get()),
            (farm.start, farm.end, farm.released),
            "times of a farm"
        );
        let lane = |lane: liquidity_pool::state::Lane| Lane {
            rate: lane.rate_q64.get(),
            per_weight: lane.per_weight_q64.get(),
            carry: lane.carry_q64.get(),
            weight: lane.weight.get(),
        };
        assert_eq!((lane(real.open), lane(real.plural)), (farm.open, farm.plural), "lanes");
        assert_eq!(
            (real.reward_atoms.get(), real.unspent_atoms.get(), real.positions.get()),
            (farm.rewards, farm.unspent, farm.positions),
            "rewards"
        );
        assert_eq!(real.sequence.get(), farm.sequence, "sequence of a farm");
        self.assert_p5(farm);
    }

    /// P5 on the real balance: what everybody may still get is there.
    fn assert_p5(&self, farm: &Farm) {
        let index = self
            .model
            .farms
            .iter()
            .position(|other| other.address == farm.address)
            .unwrap();
        let mut released = farm.clone();
        released.release(i64::MAX);
        let mut owed = u128::from(released.unspent);
        let mut stakes = 0u64;
        for position in self.model.positions.values().filter(|position| position.farm == index) {
            stakes += position.stake;
            let mut position = position.clone();
            let mut seat = position.seat.map(|seat| self.model.seats[&seat].clone());
            let unspent = released.unspent;
            released.settle(&mut position, seat.as_mut());
            owed += u128::from(position.pending) + u128::from(seat.map_or(0, |seat| seat.provisional));
            owed += u128::from(released.unspent - unspent);
        }
        assert!(owed <= u128::from(farm.rewards), "P5: {owed} owed of {}", farm.rewards);
        assert!(
            self.world.tokens(&farm.reward_vault) >= farm.rewards,
            "P5: the vault is short"
        );
        assert_eq!(stakes, farm.open.weight, "stakes");
        assert!(
            self.world.tokens(&farm.stake_vault) >= stakes,
            "the stake vault is short"
        );
    }
}

impl Model {
    fn checkpoint(&mut self, at: &Address, seat: Option<&Address>, now: &Now) -> Result<(), Refusal> {
        let mut position = self.positions[at].clone();
        if position.seat.as_ref() != seat {
            return Err(refusal(PoolError::SeatMismatch));
        }
        let farm = &mut self.farms[position.farm];
        farm.release(now.ts);
        let seat = position.seat;
        farm.settle(&mut position, seat.and_then(|seat| self.seats.get_mut(&seat)));
        self.positions.insert(*at, position);
        Ok(())
    }

    /// `stake`, or `unstake` where `is_in` is false; `accounts` are the owner's shares.
    #[allow(clippy::too_many_arguments)]
    pub fn restake(
        &mut self,
        farm: usize,
        at: Address,
        owner: &Address,
        seat: Option<&Address>,
        amount: u64,
        is_in: bool,
        shares: &Address,
        rents: &FarmRents,
        now: &Now,
    ) -> Result<(), Refusal> {
        if amount == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        if !self.positions.contains_key(&at) {
            self.spend(owner, rents.position);
            self.farms[farm].positions += 1;
            self.positions.insert(
                at,
                Position {
                    address: at,
                    farm,
                    owner: *owner,
                    seat: None,
                    stake: 0,
                    pending: 0,
                    paid_to: 0,
                },
            );
        }
        self.checkpoint(&at, seat, now)?;
        let mut position = self.positions[&at].clone();
        let state = &mut self.farms[farm];
        if is_in && now.ts >= state.end {
            return Err(refusal(PoolError::FarmEnded));
        }
        let stake = if is_in {
            position.stake.checked_add(amount).ok_or(PoolError::Overflow)
        } else {
            position.stake.checked_sub(amount).ok_or(PoolError::StakeTooSmall)
        };
        let stake = stake.map_err(refusal)?;
        // shares that nobody has cannot be staked
        let others = state.open.weight - position.stake;
        others.checked_add(stake).ok_or_else(|| refusal(PoolError::Overflow))?;
        let attached = position.seat.and_then(|seat| self.seats.get_mut(&seat));
        state.restake(&mut position, attached, stake);
        let (vault, signer) = (state.stake_vault, state.address);
        self.positions.insert(at, position);
        if is_in {
            self.tokens.transfer(shares, &vault, owner, amount, now.epoch)
        } else {
            self.tokens.transfer(&vault, shares, &signer, amount, now.epoch)
        }
    }

    fn person(&self, at: &Address) -> Option<&Person> {
        self.persons.iter().find(|person| person.address == *at)
    }

    fn is_live(&self, farm: usize, person: &Address, wallet: &Address, now: &Now) -> bool {
        let realm = self.farms[farm].realm;
        self.person(person)
            .is_some_and(|person| person.is_live(&realm, wallet, now.ts))
    }

    /// Takes the seat from its position; `live` says whose its earnings are.
    fn vacate(&mut self, at: &Address, is_live: bool, rent: u64) {
        let mut position = self.positions[at].clone();
        let mut seat = self.seats.remove(&position.seat.unwrap()).unwrap();
        let farm = &mut self.farms[position.farm];
        farm.decide(&mut position, &mut seat, is_live);
        farm.plural.weight -= seat.weight;
        position.seat = None;
        let owner = position.owner;
        self.positions.insert(*at, position);
        self.refund(&owner, rent);
    }

    /// `harvest`: what is paid.
    pub fn harvest(
        &mut self,
        at: &Address,
        seat: Option<&Address>,
        person: &Address,
        to: &Address,
        rents: &FarmRents,
        now: &Now,
    ) -> Result<u64, Refusal> {
        self.checkpoint(at, seat, now)?;
        let position = self.positions[at].clone();
        let index = position.farm;
        let is_empty = position.stake == 0;
        if let Some(seat) = position.seat {
            if self.seats[&seat].person != *person {
                return Err(refusal(PoolError::SeatMismatch));
            }
            let is_live = self.is_live(index, person, &position.owner, now);
            if is_empty || !is_live {
                self.vacate(at, is_live, rents.seat);
            } else {
                let mut position = self.positions[at].clone();
                let seat = self.seats.get_mut(&seat).unwrap();
                self.farms[index].decide(&mut position, seat, true);
                self.positions.insert(*at, position);
            }
        }
        let position = self.positions.get_mut(at).unwrap();
        let paid = position.pending;
        if paid == 0 && !is_empty {
            return Err(refusal(PoolError::NothingToHarvest));
        }
        position.pending = 0;
        let farm = &mut self.farms[index];
        farm.rewards -= paid;
        farm.sequence += 1;
        if paid > 0 {
            self.tokens
                .transfer(&farm.reward_vault, to, &farm.address, paid, now.epoch)?;
        }
        if is_empty {
            farm.positions -= 1;
            let owner = self.positions.remove(at).unwrap().owner;
            self.refund(&owner, rents.position);
        }
        Ok(paid)
    }

    /// `take_seat`.
    pub fn take_seat(
        &mut self,
        at: &Address,
        seat: Address,
        person: &Address,
        rents: &FarmRents,
        now: &Now,
    ) -> Result<(), Refusal> {
        let position = self.positions[at].clone();
        if position.seat.is_some() || self.seats.contains_key(&seat) {
            return Err(refusal(PoolError::SeatTaken));
        }
        self.checkpoint(at, None, now)?;
        if !self.is_live(position.farm, person, &position.owner, now) {
            return Err(refusal(PoolError::PersonNotLive));
        }
        self.spend(&position.owner, rents.seat);
        let farm = &mut self.farms[position.farm];
        let weight = seat_weight(position.stake);
        farm.plural.weight += weight;
        farm.sequence += 1;
        self.seats.insert(
            seat,
            Seat {
                address: seat,
                farm: position.farm,
                person: *person,
                position: *at,
                weight,
                provisional: 0,
                paid_to: farm.plural.per_weight,
            },
        );
        self.positions.get_mut(at).unwrap().seat = Some(seat);
        Ok(())
    }

    /// `leave_seat`, or `sync_seat` where a live person is refused.
    pub fn end_seat(
        &mut self,
        at: &Address,
        seat: &Address,
        person: &Address,
        refuses_live: bool,
        rents: &FarmRents,
        now: &Now,
    ) -> Result<(), Refusal> {
        self.checkpoint(at, Some(seat), now)?;
        if self.seats[seat].person != *person {
            return Err(refusal(PoolError::SeatMismatch));
        }
        let position = &self.positions[at];
        let (farm, owner) = (position.farm, position.owner);
        let is_live = self.is_live(farm, person, &owner, now);
        if is_live && refuses_live && now.ts < self.farms[farm].end {
            return Err(refusal(PoolError::SeatIsLive));
        }
        self.vacate(at, is_live, rents.seat);
        self.farms[farm].sequence += 1;
        Ok(())
    }

    /// `reclaim_rewards`: what the funder is paid.
    pub fn reclaim(&mut self, index: usize, to: &Address, rents: &FarmRents, now: &Now) -> Result<u64, Refusal> {
        let farm = &mut self.farms[index];
        if now.ts < farm.end {
            return Err(refusal(PoolError::FarmNotEnded));
        }
        farm.release(now.ts);
        let is_last = farm.positions == 0;
        let held = self.tokens.atoms(&farm.reward_vault);
        let (spent, paid) = if is_last {
            (farm.rewards, held)
        } else {
            (farm.unspent, farm.unspent)
        };
        if !is_last && paid == 0 {
            return Err(refusal(PoolError::NothingToReclaim));
        }
        farm.rewards -= spent;
        farm.unspent = 0;
        farm.sequence += 1;
        if paid > 0 {
            let account = self.tokens.holdings.get(to);
            if !account.is_some_and(|held| held.owner == farm.funder && held.mint == farm.mint) {
                return Err(refusal(PoolError::NotTheFundersAccount));
            }
            self.tokens
                .transfer(&farm.reward_vault, to, &farm.address, paid, now.epoch)?;
        }
        if is_last {
            let (stakes, lp_mint) = (farm.stake_vault, self.pools[farm.pool].lp_mint);
            farm.is_open = false;
            let (funder, reward_vault) = (farm.funder, farm.reward_vault);
            let stray = self.tokens.atoms(&stakes);
            *self.tokens.supply.get_mut(&lp_mint).unwrap() -= stray;
            self.tokens.holdings.remove(&stakes);
            self.tokens.holdings.remove(&reward_vault);
            self.refund(&funder, rents.farm);
        }
        Ok(paid)
    }

    /// `create_farm`.
    pub fn create_farm(&mut self, farm: Farm, rents: &FarmRents) -> Result<(), Refusal> {
        if self
            .farms
            .iter()
            .any(|known| known.is_open && known.address == farm.address)
        {
            // the system program refuses a second account at the address
            return Err(code(0));
        }
        self.spend(&farm.funder, rents.farm);
        self.tokens
            .open(farm.stake_vault, self.pools[farm.pool].lp_mint, farm.address);
        self.tokens.open(farm.reward_vault, farm.mint, farm.address);
        // the address of a closed farm is free again
        for known in self.farms.iter_mut().filter(|known| known.address == farm.address) {
            known.address = Address::new_from_array([255; 32]);
        }
        self.farms.push(farm);
        Ok(())
    }
}
