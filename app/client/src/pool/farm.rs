//! Farms: rewards for staked shares, in an open lane and one by the roots of verified persons' stakes.

use {
    super::{calls, instruction, metas, Located as Pool, Token, PROGRAM},
    crate::{accounts, rpc::Rpc, tokens::associated, Address, Error, Result},
    commonweal_interface::ids,
    liquidity_pool::constants::{FARM_SEED, POSITION_SEED, REWARD_VAULT_SEED, SEAT_SEED, STAKE_VAULT_SEED},
    solana_program::instruction::Instruction,
};

pub use liquidity_pool::state::{Farm, FarmPosition, FarmTerms, Lane, Seat};

/// Where a farm's pool stands in its bytes, for filters.
const FARM_POOL_OFFSET: usize = 16;
/// Where a position's owner stands in its bytes, for filters.
const POSITION_OWNER_OFFSET: usize = 48;

fn find(seeds: &[&[u8]]) -> Address {
    Address::find_program_address(seeds, &PROGRAM).0
}

/// The address of a farm.
pub fn address(pool: &Address, reward_mint: &Address, funder: &Address, index: u16) -> Address {
    find(&[
        FARM_SEED,
        pool.as_ref(),
        reward_mint.as_ref(),
        funder.as_ref(),
        &index.to_le_bytes(),
    ])
}

fn stake_vault(farm: &Address) -> Address {
    find(&[STAKE_VAULT_SEED, farm.as_ref()])
}

fn reward_vault(farm: &Address) -> Address {
    find(&[REWARD_VAULT_SEED, farm.as_ref()])
}

/// A farm to be.
pub struct NewFarm<'a> {
    /// Whose shares it rewards.
    pub pool: &'a Pool,
    /// What it pays.
    pub reward: Token,
    /// Who funds it.
    pub funder: Address,
    /// Any number not yet used by the funder for this pool and mint.
    pub index: u16,
    /// Its start, end and lanes.
    pub terms: FarmTerms,
}

impl NewFarm<'_> {
    /// Where it will be.
    pub fn address(&self) -> Address {
        address(&self.pool.address, &self.reward.mint, &self.funder, self.index)
    }

    /// Creates it and funds it from the funder's canonical account.
    pub fn create(&self, atoms: u64) -> Vec<Instruction> {
        let farm = self.address();
        let accounts = metas::CreateFarm {
            funder: self.funder,
            pool: self.pool.address,
            config: self.pool.pool.config,
            lp_mint: self.pool.pool.lp_mint,
            reward_mint: self.reward.mint,
            farm,
            stake_vault: stake_vault(&farm),
            reward_vault: reward_vault(&farm),
            reward_program: self.reward.program,
            token_program: ids::TOKEN,
            system_program: ids::SYSTEM,
        };
        let create = calls::CreateFarm {
            index: self.index,
            terms: self.terms,
        };
        let fund = fund(farm, self.funder, self.reward, atoms, self.terms.end_ts);
        vec![instruction(accounts, create), fund]
    }
}

fn fund(farm: Address, giver: Address, reward: Token, amount_atoms: u64, end_ts: i64) -> Instruction {
    let accounts = metas::FundFarm {
        giver,
        farm,
        reward_vault: reward_vault(&farm),
        reward_mint: reward.mint,
        giver_rewards: associated(&giver, &reward.mint, &reward.program),
        reward_program: reward.program,
    };
    instruction(accounts, calls::FundFarm { amount_atoms, end_ts })
}

/// A farm with its address.
#[derive(Clone, Copy)]
pub struct Located {
    /// Where.
    pub address: Address,
    /// What.
    pub farm: Farm,
}

/// What a wallet has in a farm at a moment.
#[derive(Clone, Copy)]
pub struct Holding {
    /// The position, as stored.
    pub position: FarmPosition,
    /// Its seat, as stored.
    pub seat: Option<Seat>,
    /// Rewards of the open lane, and what a verified seat was credited with.
    pub pending_atoms: u64,
    /// Rewards of the seat, paid if its person is verified at the harvest.
    pub plural_atoms: u64,
}

impl Located {
    /// Fetches a farm.
    pub async fn fetch(rpc: &Rpc, address: Address) -> Result<Self> {
        Ok(Self {
            address,
            farm: accounts::fetch(rpc, &PROGRAM, &address).await?,
        })
    }

    /// What it pays.
    pub fn reward(&self) -> Token {
        Token {
            mint: self.farm.reward_mint,
            program: self.farm.reward_program,
        }
    }

    /// A wallet's account of what it pays.
    pub fn rewards_of(&self, wallet: &Address) -> Address {
        associated(wallet, &self.farm.reward_mint, &self.farm.reward_program)
    }

    fn shares_of(&self, wallet: &Address) -> Address {
        associated(wallet, &self.farm.lp_mint, &ids::TOKEN)
    }

    /// Where a wallet's position is.
    pub fn position_address(&self, owner: &Address) -> Address {
        find(&[POSITION_SEED, self.address.as_ref(), owner.as_ref()])
    }

    /// Where a person's seat is.
    pub fn seat_address(&self, person: &Address) -> Address {
        find(&[SEAT_SEED, self.address.as_ref(), person.as_ref()])
    }

    /// A wallet's position, if there is one.
    pub async fn position(&self, rpc: &Rpc, owner: &Address) -> Result<Option<FarmPosition>> {
        accounts::find(rpc, &PROGRAM, &self.position_address(owner)).await
    }

    /// A seat.
    pub async fn seat(&self, rpc: &Rpc, seat: &Address) -> Result<Seat> {
        accounts::fetch(rpc, &PROGRAM, seat).await
    }

    /// The farm as the program's own arithmetic leaves it at a moment.
    pub fn at(&self, now_ts: i64) -> Result<Farm> {
        let mut farm = self.farm;
        farm.release(now_ts).map_err(|error| {
            Error::refused(
                format!("farm {}: {error:?}", self.address),
                "Check the client's version",
            )
        })?;
        Ok(farm)
    }

    /// What a wallet has in the farm at a moment.
    pub async fn holding(&self, rpc: &Rpc, owner: &Address, now_ts: i64) -> Result<Option<Holding>> {
        let Some(stored) = self.position(rpc, owner).await? else {
            return Ok(None);
        };
        let seat = match seat_of(&stored) {
            None => None,
            Some(seat) => Some(self.seat(rpc, &seat).await?),
        };
        let (mut farm, mut settled, mut settled_seat) = (self.at(now_ts)?, stored, seat);
        farm.settle(&mut settled, settled_seat.as_mut());
        Ok(Some(Holding {
            position: stored,
            seat,
            pending_atoms: settled.pending_atoms.get(),
            plural_atoms: settled_seat.map_or(0, |seat| seat.provisional_atoms.get()),
        }))
    }

    /// Adds to what the farm pays. Only its funder may move the end.
    pub fn fund(&self, giver: Address, amount_atoms: u64, end_ts: i64) -> Instruction {
        fund(self.address, giver, self.reward(), amount_atoms, end_ts)
    }

    fn staking(&self, owner: Address, seat: Option<Address>) -> metas::Staking {
        metas::Staking {
            owner,
            farm: self.address,
            position: self.position_address(&owner),
            seat,
            stake_vault: self.farm.stake_vault,
            lp_mint: self.farm.lp_mint,
            owner_lp: self.shares_of(&owner),
            token_program: ids::TOKEN,
            system_program: ids::SYSTEM,
        }
    }

    /// Stakes shares; `seat` is the position's, if it has one.
    pub fn stake(&self, owner: Address, amount_atoms: u64, seat: Option<Address>) -> Instruction {
        instruction(self.staking(owner, seat), calls::Stake { amount_atoms })
    }

    /// Takes staked shares back.
    pub fn unstake(&self, owner: Address, amount_atoms: u64, seat: Option<Address>) -> Instruction {
        instruction(self.staking(owner, seat), calls::Unstake { amount_atoms })
    }

    /// Pays what has accrued; `seat` is the position's with its person, if it has one.
    pub fn harvest(&self, owner: Address, seat: Option<(Address, Address)>) -> Instruction {
        let accounts = metas::Harvest {
            owner,
            farm: self.address,
            position: self.position_address(&owner),
            seat: seat.map(|(seat, _)| seat),
            person: seat.map_or(ids::SYSTEM, |(_, person)| person),
            reward_vault: self.farm.reward_vault,
            reward_mint: self.farm.reward_mint,
            owner_rewards: self.rewards_of(&owner),
            reward_program: self.farm.reward_program,
        };
        instruction(accounts, calls::Harvest {})
    }

    fn seating(&self, owner: Address, person: Address) -> metas::Seating {
        metas::Seating {
            owner,
            farm: self.address,
            position: self.position_address(&owner),
            seat: self.seat_address(&person),
            person,
            system_program: ids::SYSTEM,
        }
    }

    /// Takes the seat of a verified person for the position of its wallet.
    pub fn take_seat(&self, owner: Address, person: Address) -> Instruction {
        instruction(self.seating(owner, person), calls::TakeSeat {})
    }

    /// Leaves a seat.
    pub fn leave_seat(&self, owner: Address, person: Address) -> Instruction {
        instruction(self.seating(owner, person), calls::LeaveSeat {})
    }

    /// Closes the seat of a person who is no longer verified. Anybody may.
    pub fn sync_seat(&self, owner: Address, person: Address) -> Instruction {
        let accounts = metas::SyncSeat {
            farm: self.address,
            position: self.position_address(&owner),
            seat: self.seat_address(&person),
            person,
            owner,
        };
        instruction(accounts, calls::SyncSeat {})
    }

    /// Returns to the funder what nobody earned. Anybody may, after the end.
    pub fn reclaim(&self) -> Instruction {
        let accounts = metas::ReclaimRewards {
            farm: self.address,
            funder: self.farm.funder,
            stake_vault: self.farm.stake_vault,
            reward_vault: self.farm.reward_vault,
            reward_mint: self.farm.reward_mint,
            lp_mint: self.farm.lp_mint,
            funder_rewards: self.rewards_of(&self.farm.funder),
            reward_program: self.farm.reward_program,
            token_program: ids::TOKEN,
        };
        instruction(accounts, calls::ReclaimRewards {})
    }
}

/// The seat of a position, if it has one.
pub fn seat_of(position: &FarmPosition) -> Option<Address> {
    (position.seat != Address::default()).then_some(position.seat)
}

/// The farms of a pool, or all.
pub async fn list(rpc: &Rpc, pool: Option<Address>) -> Result<Vec<Located>> {
    let filters: Vec<_> = pool
        .iter()
        .map(|pool| (FARM_POOL_OFFSET, pool.as_ref().to_vec()))
        .collect();
    let farms = accounts::list::<Farm>(rpc, &PROGRAM, &filters).await?;
    Ok(farms
        .into_iter()
        .map(|(address, farm)| Located { address, farm })
        .collect())
}

/// A wallet's positions, in whatever farms.
pub async fn positions(rpc: &Rpc, owner: &Address) -> Result<Vec<(Address, FarmPosition)>> {
    accounts::list(rpc, &PROGRAM, &[(POSITION_OWNER_OFFSET, owner.as_ref().to_vec())]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_stand_where_the_fields_are() {
        use std::mem::offset_of;
        let at = |field: usize| field.saturating_add(accounts::DISCRIMINATOR_LEN);
        assert_eq!(at(offset_of!(Farm, pool)), FARM_POOL_OFFSET);
        assert_eq!(at(offset_of!(FarmPosition, owner)), POSITION_OWNER_OFFSET);
    }

    #[test]
    fn a_position_without_a_seat_has_none() {
        let mut position: FarmPosition = bytemuck::Zeroable::zeroed();
        assert_eq!(seat_of(&position), None);
        position.seat = Address::new_from_array([7; 32]);
        assert_eq!(seat_of(&position), Some(position.seat));
    }
}
