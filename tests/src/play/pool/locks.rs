//! Locks and claims.

use {
    super::{Game, Model},
    crate::{
        fixtures::pool::associated_account,
        model::{
            code,
            pool::{refusal, Claim, Lock, Now},
            Refusal,
        },
    },
    liquidity_pool::errors::PoolError,
    solana_address::Address,
};

/// Bytes of a lock, a claim and an SPL token account.
const LOCK_BYTES: usize = 264;
const CLAIM_BYTES: usize = 176;
const TOKEN_BYTES: usize = 165;
/// The end of a lock for ever.
pub const FOREVER: i64 = i64::MAX;
/// Most seconds ahead that a lock may end: a hundred years.
const MOST_SECONDS: i64 = 3_153_600_000;

impl Game {
    /// Where a lock of an owner is.
    pub fn lock_address(&self, pool: usize, owner: &Address, index: u16) -> Address {
        let pool = self.model.pools[pool].address;
        let seeds: [&[u8]; 4] = [b"lock", pool.as_ref(), owner.as_ref(), &index.to_le_bytes()];
        Address::find_program_address(&seeds, &liquidity_pool::ID).0
    }

    /// Where an owner's claim of a side is.
    pub fn claim_address(&self, pool: usize, owner: &Address, side: usize) -> Address {
        let state = &self.model.pools[pool];
        let seeds: [&[u8]; 4] = [
            b"claim",
            state.address.as_ref(),
            owner.as_ref(),
            state.mints[side].as_ref(),
        ];
        Address::find_program_address(&seeds, &liquidity_pool::ID).0
    }

    /// Lamports of a lock, of a claim and of a token account of shares.
    pub fn rents(&self) -> [u64; 3] {
        [LOCK_BYTES, CLAIM_BYTES, TOKEN_BYTES].map(|bytes| self.world.rent(bytes))
    }

    pub(super) fn compare_lock(&self, lock: &Lock) {
        let real: liquidity_pool::state::LiquidityLock = self.world.state(&lock.address);
        let pool = self.model.pools[lock.pool].address;
        assert_eq!(
            (
                real.pool,
                real.seed_owner,
                real.owner,
                real.rent_payer,
                real.index.get()
            ),
            (pool, lock.seed_owner, lock.owner, lock.rent_payer, lock.index)
        );
        assert_eq!(
            (real.forever != 0, real.lp_atoms.get(), real.unlock_ts.get()),
            (lock.is_forever, lock.shares, lock.unlock_ts)
        );
        assert_eq!(
            (
                real.share_value_q64.get(),
                real.claimed_atoms.get(),
                real.sequence.get()
            ),
            (lock.value, lock.claimed, lock.sequence)
        );
        // P6 on the real balance
        let of_pool = self.model.locks.values().filter(|other| other.pool == lock.pool);
        let all: u64 = of_pool.map(|other| other.shares).sum();
        let state = &self.model.pools[lock.pool];
        assert_eq!(all, state.locked[0] + state.locked[1], "P6");
        assert!(self.world.tokens(&self.lock_vault(lock.pool)) >= all, "P6");
    }

    pub(super) fn compare_claim(&self, claim: &Claim) {
        let real: liquidity_pool::state::Claim = self.world.state(&claim.address);
        let state = &self.model.pools[claim.pool];
        assert_eq!(
            (real.pool, real.owner, real.mint, real.rent_payer),
            (state.address, claim.owner, state.mints[claim.side], claim.rent_payer)
        );
        assert_eq!((real.atoms.get(), real.sequence.get()), (claim.atoms, claim.sequence));
        let of_pool = self
            .model
            .claims
            .values()
            .filter(|other| other.pool == claim.pool && other.side == claim.side);
        let all: u64 = of_pool.map(|other| other.atoms).sum();
        assert_eq!(all, state.deferred[claim.side], "claims");
    }
}

impl Model {
    /// What an actor pays or is paid in lamports.
    pub fn spend(&mut self, who: &Address, lamports: u64) {
        if let Some(held) = self.lamports.get_mut(who) {
            *held -= lamports;
        }
    }

    /// The rent of a closed account comes back.
    pub fn refund(&mut self, who: &Address, lamports: u64) {
        if let Some(held) = self.lamports.get_mut(who) {
            *held += lamports;
        }
    }

    /// A new lock of `lock.shares`; `lock.value` is filled in here.
    pub fn lock(&mut self, mut lock: Lock, vault: Address, rents: [u64; 3], now: &Now) -> Result<Lock, Refusal> {
        if lock.shares == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        let is_ahead = lock.unlock_ts > now.ts && lock.unlock_ts - now.ts <= MOST_SECONDS;
        if !is_ahead && lock.unlock_ts != FOREVER {
            return Err(refusal(PoolError::LockTimeOutOfRange));
        }
        if self.locks.contains_key(&lock.address) {
            // the system program refuses a second account at the address
            return Err(code(0));
        }
        let owner = lock.owner;
        self.spend(&owner, rents[0]);
        let state = &mut self.pools[lock.pool];
        if !self.tokens.holdings.contains_key(&vault) {
            self.tokens.open(vault, state.lp_mint, state.address);
            if let Some(held) = self.lamports.get_mut(&owner) {
                *held -= rents[2];
            }
        }
        state.settle_shares(&self.tokens, now);
        lock.value = state.value_of_share(&self.configs[state.config], now.ts, true)?;
        lock.mark = self.configs[state.config].ramp_mark(now.ts);
        let locked = &mut state.locked[usize::from(lock.is_forever)];
        *locked = locked
            .checked_add(lock.shares)
            .ok_or_else(|| refusal(PoolError::Overflow))?;
        state.lock_count += 1;
        state.sequence += 1;
        let from = associated_account(&owner, &state.lp_mint);
        self.tokens.transfer(&from, &vault, &owner, lock.shares, now.epoch)?;
        self.locks.insert(lock.address, lock.clone());
        Ok(lock)
    }

    /// Takes shares out of a lock, to `to`.
    fn release(
        &mut self,
        at: &Address,
        shares: u64,
        to: &Address,
        vault: &Address,
        rent: u64,
        now: &Now,
    ) -> Result<(), Refusal> {
        let lock = self.locks.get_mut(at).unwrap();
        lock.shares -= shares;
        lock.sequence += 1;
        let lock = lock.clone();
        let state = &mut self.pools[lock.pool];
        state.locked[usize::from(lock.is_forever)] -= shares;
        state.sequence += 1;
        self.tokens.transfer(vault, to, &state.address, shares, now.epoch)?;
        if lock.shares == 0 {
            state.lock_count -= 1;
            self.locks.remove(at);
            self.refund(&lock.rent_payer, rent);
        }
        Ok(())
    }

    /// `unlock_liquidity` by `signer`.
    pub fn unlock(
        &mut self,
        at: &Address,
        shares: u64,
        signer: &Address,
        [to, vault]: [&Address; 2],
        rent: u64,
        now: &Now,
    ) -> Result<(), Refusal> {
        let lock = &self.locks[at];
        if lock.owner != *signer {
            return Err(refusal(PoolError::NotTheOwner));
        }
        if lock.is_forever || now.ts < lock.unlock_ts {
            return Err(refusal(PoolError::LockNotExpired));
        }
        if shares == 0 {
            return Err(refusal(PoolError::ZeroAmount));
        }
        if shares > lock.shares {
            return Err(refusal(PoolError::LockTooSmall));
        }
        self.release(at, shares, to, vault, rent, now)
    }

    /// `claim_lock_fees` by `signer`: what is released.
    pub fn claim_lock_fees(
        &mut self,
        at: &Address,
        signer: &Address,
        [to, vault]: [&Address; 2],
        rent: u64,
        now: &Now,
    ) -> Result<u64, Refusal> {
        let lock = self.locks[at].clone();
        if lock.owner != *signer {
            return Err(refusal(PoolError::NotTheOwner));
        }
        let state = &mut self.pools[lock.pool];
        state.settle_shares(&self.tokens, now);
        let config = &self.configs[state.config];
        let value = state.value_of_share(config, now.ts, false)?;
        if !lock.is_forever {
            return Err(refusal(PoolError::NotLockedForever));
        }
        let mark = config.ramp_mark(now.ts);
        // worths under different amplifications say nothing of fees
        let is_comparable = mark.is_some() && mark == lock.mark;
        let released = if is_comparable { lock.earned(value) } else { 0 };
        if released == 0 && (is_comparable || mark.is_none()) {
            return Err(refusal(PoolError::NoLockFees));
        }
        let kept = state.value_of_share(config, now.ts, true)?;
        let changed = self.locks.get_mut(at).unwrap();
        changed.value = kept;
        changed.mark = mark;
        changed.claimed += released;
        self.release(at, released, to, vault, rent, now)?;
        Ok(released)
    }

    /// `transfer_lock` by `signer`.
    pub fn transfer_lock(&mut self, at: &Address, signer: &Address, heir: Address) -> Result<(), Refusal> {
        let lock = self.locks.get_mut(at).unwrap();
        if lock.owner != *signer {
            return Err(refusal(PoolError::NotTheOwner));
        }
        if heir == Address::default() {
            return Err(refusal(PoolError::ZeroAddress));
        }
        lock.owner = heir;
        lock.sequence += 1;
        self.pools[lock.pool].sequence += 1;
        Ok(())
    }

    /// What a withdrawal did not pay goes to its owner's claim.
    pub fn defer(&mut self, at: Address, pool: usize, side: usize, owner: &Address, atoms: u64, rent: u64) {
        if atoms == 0 {
            return;
        }
        if !self.claims.contains_key(&at) {
            self.spend(owner, rent);
        }
        let claim = self.claims.entry(at).or_insert(Claim {
            address: at,
            pool,
            owner: *owner,
            side,
            atoms: 0,
            rent_payer: *owner,
            sequence: 0,
        });
        claim.atoms += atoms;
        claim.sequence += 1;
    }

    /// `claim_deferred` by `signer`, to `to`.
    pub fn claim_deferred(
        &mut self,
        at: &Address,
        signer: &Address,
        to: &Address,
        rent: u64,
        now: &Now,
    ) -> Result<(), Refusal> {
        let claim = self.claims[at].clone();
        if claim.owner != *signer {
            return Err(refusal(PoolError::NotTheOwner));
        }
        let state = &mut self.pools[claim.pool];
        state.deferred[claim.side] -= claim.atoms;
        state.sequence += 1;
        self.tokens
            .transfer(&state.vaults[claim.side], to, &state.address, claim.atoms, now.epoch)?;
        self.claims.remove(at);
        self.refund(&claim.rent_payer, rent);
        Ok(())
    }
}
