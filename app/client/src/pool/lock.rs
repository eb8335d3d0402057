//! Locks: shares held until a time or for ever.

use {
    super::{calls, instruction, metas, Located, PROGRAM},
    crate::{accounts, rpc::Rpc, tokens::associated, Address, Error, Result},
    commonweal_interface::ids,
    liquidity_pool::{
        constants::{FOREVER_TS, LOCK_SEED, LOCK_VAULT_SEED},
        state::LiquidityLock,
    },
    solana_program::instruction::Instruction,
    std::fmt,
};

/// Where a lock's pool and its owner stand in its bytes, for filters.
const LOCK_POOL_OFFSET: usize = 16;
/// See [`LOCK_POOL_OFFSET`].
const LOCK_OWNER_OFFSET: usize = 80;

/// How long shares are locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockTime {
    /// Until this Unix time.
    Until(i64),
    /// For ever.
    Forever,
}

impl LockTime {
    /// The argument of the instruction.
    pub fn unlock_ts(self) -> i64 {
        match self {
            Self::Until(until) => until,
            Self::Forever => FOREVER_TS,
        }
    }
}

impl fmt::Display for LockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Until(until) => write!(f, "until Unix time {until}"),
            Self::Forever => f.write_str("for ever"),
        }
    }
}

/// Where a lock is, by its first owner.
pub fn lock_address(pool: &Address, first_owner: &Address, index: u16) -> Address {
    let seeds = [LOCK_SEED, pool.as_ref(), first_owner.as_ref(), &index.to_le_bytes()];
    Address::find_program_address(&seeds, &PROGRAM).0
}

/// Where a pool's locked shares are.
pub fn lock_vault_address(pool: &Address) -> Address {
    Address::find_program_address(&[LOCK_VAULT_SEED, pool.as_ref()], &PROGRAM).0
}

/// Locks shares of the owner's canonical account. The pool need not exist yet: it may be created in the same transaction.
pub fn lock_liquidity(
    owner: Address,
    pool: Address,
    config: Address,
    index: u16,
    lp_atoms: u64,
    time: LockTime,
) -> Instruction {
    let lp_mint = super::lp_mint_address(&pool);
    let accounts = metas::LockLiquidity {
        owner,
        pool,
        config,
        lp_mint,
        owner_lp: associated(&owner, &lp_mint, &ids::TOKEN),
        lock: lock_address(&pool, &owner, index),
        lock_vault: lock_vault_address(&pool),
        token_program: ids::TOKEN,
        system_program: ids::SYSTEM,
    };
    let data = calls::LockLiquidity {
        index,
        lp_atoms,
        unlock_ts: time.unlock_ts(),
    };
    instruction(accounts, data)
}

fn release_accounts(located: &Located, address: Address, lock: &LiquidityLock) -> metas::ReleaseLock {
    metas::ReleaseLock {
        owner: lock.owner,
        pool: located.address,
        config: located.pool.config,
        lp_mint: located.pool.lp_mint,
        owner_lp: located.shares_of(&lock.owner),
        lock: address,
        lock_vault: lock.lock_vault,
        rent_payer: lock.rent_payer,
        token_program: ids::TOKEN,
    }
}

/// Takes shares out of a lock whose time has come, to its owner's canonical account.
pub fn unlock_liquidity(located: &Located, address: Address, lock: &LiquidityLock, lp_atoms: u64) -> Instruction {
    instruction(
        release_accounts(located, address, lock),
        calls::UnlockLiquidity { lp_atoms },
    )
}

/// Takes out of a lock for ever the shares its fees have made superfluous.
pub fn claim_lock_fees(located: &Located, address: Address, lock: &LiquidityLock) -> Instruction {
    instruction(release_accounts(located, address, lock), calls::ClaimLockFees {})
}

/// Gives a lock to another owner.
pub fn transfer_lock(located: &Located, address: Address, lock: &LiquidityLock, new_owner: Address) -> Instruction {
    instruction(
        release_accounts(located, address, lock),
        calls::TransferLock { new_owner },
    )
}

/// Fetches a lock.
pub async fn lock(rpc: &Rpc, address: &Address) -> Result<LiquidityLock> {
    accounts::fetch(rpc, &PROGRAM, address).await
}

/// The locks of a pool, of an owner, of both, or all.
pub async fn locks(rpc: &Rpc, pool: Option<Address>, owner: Option<Address>) -> Result<Vec<(Address, LiquidityLock)>> {
    let filters: Vec<_> = [(LOCK_POOL_OFFSET, pool), (LOCK_OWNER_OFFSET, owner)]
        .into_iter()
        .filter_map(|(offset, address)| Some((offset, address?.as_ref().to_vec())))
        .collect();
    accounts::list(rpc, &PROGRAM, &filters).await
}

/// The first index that an owner has not used for a pool.
pub async fn free_lock_index(rpc: &Rpc, pool: &Address, owner: &Address) -> Result<u16> {
    const TRIED: u16 = 100;
    let addresses: Vec<Address> = (0..TRIED).map(|index| lock_address(pool, owner, index)).collect();
    let states = rpc.accounts(&addresses).await?;
    (0..TRIED)
        .zip(states)
        // somebody may have sent lamports there; only the program's own account is a lock
        .find(|(_, state)| state.as_ref().is_none_or(|state| state.owner != PROGRAM))
        .map(|(index, _)| index)
        .ok_or_else(|| {
            Error::refused(
                format!("wallet {owner} has {TRIED} locks of pool {pool}"),
                "Name a free number with --index",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_stand_where_the_fields_are() {
        use std::mem::offset_of;
        let at = |field: usize| field.saturating_add(crate::accounts::DISCRIMINATOR_LEN);
        assert_eq!(at(offset_of!(LiquidityLock, pool)), LOCK_POOL_OFFSET);
        assert_eq!(at(offset_of!(LiquidityLock, owner)), LOCK_OWNER_OFFSET);
    }

    #[test]
    fn a_time_is_told_in_words() {
        assert_eq!(LockTime::Forever.to_string(), "for ever");
        assert_eq!(LockTime::Until(7).to_string(), "until Unix time 7");
        assert_eq!(LockTime::Forever.unlock_ts(), i64::MAX);
    }
}
