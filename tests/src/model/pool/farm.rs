//! Farms: two lanes of rewards, positions, and seats of verified persons.

use {
    super::{big, refusal, MILLION},
    crate::model::{greatest, Refusal},
    liquidity_pool::errors::PoolError,
    num_bigint::BigUint,
    num_traits::ToPrimitive,
    solana_address::Address,
};

/// Least seconds of a farm, and most seconds ahead of its end.
const LEAST_SECONDS: i64 = 3_600;
const MOST_SECONDS: i64 = 5 * 365 * 86_400;

/// A lane of a farm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Atoms a second, Q64.
    pub rate: u128,
    /// Σ atoms per unit of weight, Q64, wrapping.
    pub per_weight: u128,
    /// Released and not yet in the above, in 2⁻⁶⁴ atoms.
    pub carry: u64,
    /// Σ weights.
    pub weight: u64,
}

/// A farm.
#[derive(Clone, Debug)]
pub struct Farm {
    /// Its address.
    pub address: Address,
    /// Whether it is still there.
    pub is_open: bool,
    /// Index of the pool.
    pub pool: usize,
    /// Index of the reward mint among the play's.
    pub mint_id: usize,
    /// What is paid.
    pub mint: Address,
    /// Who gets back what nobody earned.
    pub funder: Address,
    /// Realm of the persons that count.
    pub realm: Address,
    /// Staked shares.
    pub stake_vault: Address,
    /// Rewards.
    pub reward_vault: Address,
    /// The plural lane's part of each funding, in ppm.
    pub share: u32,
    /// Most the plural lane pays, in multiples of the open lane's pay.
    pub multiple: u16,
    /// From when rewards are released.
    pub start: i64,
    /// Until when.
    pub end: i64,
    /// Up to when they have been.
    pub released: i64,
    /// Pays per share.
    pub open: Lane,
    /// Pays per root of a verified person's shares.
    pub plural: Lane,
    /// Funded and not paid out.
    pub rewards: u64,
    /// Of it nobody's any more.
    pub unspent: u64,
    /// Positions that exist.
    pub positions: u32,
    /// Changes so far.
    pub sequence: u64,
}

/// A wallet's stake in a farm.
#[derive(Clone, Debug)]
pub struct Position {
    /// Its address.
    pub address: Address,
    /// Index of the farm.
    pub farm: usize,
    /// Whose it is.
    pub owner: Address,
    /// The seat attached.
    pub seat: Option<Address>,
    /// Shares staked.
    pub stake: u64,
    /// Earned and not paid.
    pub pending: u64,
    /// The open lane's accumulator up to which it has been paid.
    pub paid_to: u128,
}

/// A person's seat in a farm.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its address.
    pub address: Address,
    /// Index of the farm.
    pub farm: usize,
    /// The person.
    pub person: Address,
    /// The position it is attached to.
    pub position: Address,
    /// ⌊√stake⌋.
    pub weight: u64,
    /// Earned since the person was last looked at.
    pub provisional: u64,
    /// The plural lane's accumulator up to which it has been paid.
    pub paid_to: u128,
}

/// What governance knows of a person.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Its address.
    pub address: Address,
    /// The realm.
    pub realm: Address,
    /// The wallet that acts.
    pub wallet: Address,
    /// From when it is void.
    pub expires: i64,
    /// When it was revoked; 0 while it is not.
    pub revoked: i64,
}

impl Person {
    /// Whether the person counts in a farm of `realm` for a position of `wallet`.
    pub fn is_live(&self, realm: &Address, wallet: &Address, now: i64) -> bool {
        self.realm == *realm && self.wallet == *wallet && self.revoked == 0 && now < self.expires
    }
}

/// ⌊√n⌋.
fn root(n: u64) -> u64 {
    greatest(u32::MAX.into(), |root| root * root <= u128::from(n)) as u64
}

fn wrapped(number: &BigUint) -> u128 {
    (number % (BigUint::from(1u32) << 128u32)).to_u128().unwrap()
}

impl Lane {
    /// Lets `seconds` pass; what nobody was there to earn.
    fn release(&mut self, seconds: i64) -> u64 {
        let due = big(self.rate) * seconds as u64 + self.carry;
        if self.weight == 0 {
            self.carry = (&due % (BigUint::from(1u32) << 64u32)).to_u64().unwrap();
            return (due >> 64u32).to_u64().unwrap();
        }
        self.per_weight = wrapped(&(big(self.per_weight) + &due / self.weight));
        self.carry = (due % self.weight).to_u64().unwrap();
        0
    }

    /// What a weight has earned since the accumulator stood at `paid_to`.
    fn earned(&self, weight: u64, paid_to: u128) -> u64 {
        let grown = self.per_weight.wrapping_sub(paid_to);
        ((big(grown) * weight) >> 64u32).to_u64().unwrap_or(u64::MAX)
    }

    /// Another `added` atoms, until `end`; what is left is spread anew.
    fn fund(&mut self, left: i64, added: u64, seconds: i64) -> Result<(), Refusal> {
        let all = big(self.rate) * left as u64 + (big(added.into()) << 64u32);
        let rate = (all / seconds as u64)
            .to_u128()
            .ok_or_else(|| refusal(PoolError::Overflow))?;
        if rate < self.rate {
            return Err(refusal(PoolError::RateWouldFall));
        }
        self.rate = rate;
        Ok(())
    }
}

/// Refuses lanes and times of a new farm; from when it releases.
pub fn farm_start(share: u32, multiple: u16, start: i64, end: i64, now: i64) -> Result<i64, Refusal> {
    if share > 900_000 || !(1..=1_000).contains(&multiple) {
        return Err(refusal(PoolError::LanesOutOfRange));
    }
    let start = start.max(now);
    if end < start.saturating_add(LEAST_SECONDS) || end > now + MOST_SECONDS {
        return Err(refusal(PoolError::FarmTimeOutOfRange));
    }
    Ok(start)
}

impl Farm {
    /// Releases rewards up to now, or to the end.
    pub fn release(&mut self, now: i64) {
        let until = now.min(self.end);
        if until > self.released {
            let seconds = until - self.released;
            self.released = until;
            self.unspent += self.open.release(seconds) + self.plural.release(seconds);
        }
    }

    /// A funding of what has arrived.
    pub fn fund(&mut self, giver: &Address, amount: u64, end: i64, now: i64) -> Result<(), Refusal> {
        if amount == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        if now >= self.end {
            return Err(refusal(PoolError::FarmEnded));
        }
        // the funder alone says when it ends
        if end != self.end && *giver != self.funder {
            return Err(refusal(PoolError::NotTheOwner));
        }
        self.release(now);
        if end < self.end || end > now + MOST_SECONDS {
            return Err(refusal(PoolError::FarmTimeOutOfRange));
        }
        let plural = (u128::from(amount) * u128::from(self.share) / MILLION) as u64;
        let (left, seconds) = (self.end - self.released, end - self.released);
        self.open.fund(left, amount - plural, seconds)?;
        self.plural.fund(left, plural, seconds)?;
        self.end = end;
        self.rewards = self
            .rewards
            .checked_add(amount)
            .ok_or_else(|| refusal(PoolError::Overflow))?;
        self.sequence += 1;
        Ok(())
    }

    /// Credits a position, and its seat provisionally, with what they have earned. The farm is released.
    pub fn settle(&mut self, position: &mut Position, seat: Option<&mut Seat>) {
        let open = self.open.earned(position.stake, position.paid_to);
        position.paid_to = self.open.per_weight;
        position.pending += open;
        if let Some(seat) = seat {
            let plural = self.plural.earned(seat.weight, seat.paid_to);
            seat.paid_to = self.plural.per_weight;
            let most = u128::from(open) * u128::from(self.multiple);
            let kept = u128::from(plural).min(most) as u64;
            seat.provisional += kept;
            self.unspent += plural - kept;
        }
    }

    /// Another stake of a settled position.
    pub fn restake(&mut self, position: &mut Position, seat: Option<&mut Seat>, stake: u64) {
        self.open.weight = self.open.weight - position.stake + stake;
        position.stake = stake;
        if let Some(seat) = seat {
            let weight = root(stake);
            self.plural.weight = self.plural.weight - seat.weight + weight;
            seat.weight = weight;
        }
        self.sequence += 1;
    }

    /// Whether the person is live decides whose the seat's earnings are.
    pub fn decide(&mut self, position: &mut Position, seat: &mut Seat, is_live: bool) {
        if is_live {
            position.pending += seat.provisional;
        } else {
            self.unspent += seat.provisional;
        }
        seat.provisional = 0;
    }
}

/// A new seat of a settled position takes its weight from now on.
pub fn seat_weight(stake: u64) -> u64 {
    root(stake)
}
