//! `lock_liquidity`.
// Anchor expands `#[instruction]` arguments into functions that do not all use them.
#![allow(unused_variables)]

use {
    crate::{
        calls,
        constants::{FOREVER_TS, LAYOUT_VERSION, LOCK_SEED, LOCK_VAULT_SEED},
        errors::PoolError,
        events::{log, LockChanged},
        instructions::clock_before,
        state::{lock, mint, own::same, LiquidityLock, Own, Pool, PoolConfig},
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::ids,
};

/// Accounts of `lock_liquidity`.
#[derive(Accounts)]
#[instruction(index: u16)]
pub struct LockLiquidity {
    /// Owns the shares and the lock, pays its rent, and that of the lock vault if this is the pool's first lock.
    #[account(mut)]
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
    /// The pool's config: how a stable curve is bent.
    #[cfg_attr(feature = "idl-build", account(address = pool.config))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(config.address(), &pool.config) @ ErrorCode::ConstraintAddress))]
    pub config: Own<PoolConfig>,
    /// Mint of the pool's shares.
    #[cfg_attr(feature = "idl-build", account(address = pool.lp_mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(lp_mint.address(), &pool.lp_mint) @ ErrorCode::ConstraintAddress))]
    pub lp_mint: UncheckedAccount,
    /// Account of the LP mint the shares come from.
    #[account(mut)]
    pub owner_lp: UncheckedAccount,
    /// The lock to be.
    // the seeds are for the IDL; `create_state` derives and creates
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [LOCK_SEED, pool.address().as_ref(), owner.address().as_ref(), index.to_le_bytes()],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub lock: UncheckedAccount,
    /// The pool's token account of locked shares; created by its first lock.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [LOCK_VAULT_SEED, pool.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub lock_vault: UncheckedAccount,
    /// SPL Token, the program of the LP mint.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Specification:
/// - at least a share; the end lies in the future and at most 100 years ahead, or nowhere: then the lock is for ever
/// - the shares stay part of the supply, and the pool tells how many are locked until a time and for ever (P6)
/// - what a share is worth now is stored, rounded up: the fees of a lock for ever are counted from it
pub fn handle_lock_liquidity(
    ctx: &mut Context<LockLiquidity>,
    index: u16,
    lp_atoms: u64,
    unlock_ts: i64,
) -> Result<()> {
    let clock = clock_before(i64::MAX)?;
    let accounts = &mut ctx.accounts;
    accounts.pool.validate_version()?;
    require!(lp_atoms != 0, PoolError::ZeroAmount);
    lock::validate_end(unlock_ts, clock.unix_timestamp)?;

    let is_forever = unlock_ts == FOREVER_TS;
    let mut lock = accounts.create_lock(index)?;
    accounts
        .pool
        .settle_shares(mint::supply_atoms(accounts.lp_mint.account())?, clock.slot)?;
    lock.forever = u8::from(is_forever);
    lock.index = index.into();
    lock.lp_atoms = lp_atoms.into();
    lock.unlock_ts = unlock_ts.into();
    lock.created_ts = clock.unix_timestamp.into();
    let [_, ceil_q64] = accounts.pool.share_value(&accounts.config, clock.unix_timestamp)?;
    lock.share_value_q64 = ceil_q64.into();
    lock.ramp_mark = accounts.config.ramp_mark(clock.unix_timestamp).into();
    accounts.pool.apply_lock(lp_atoms, is_forever)?;

    calls::send_shares(
        accounts.owner_lp.account(),
        accounts.lock_vault.account(),
        accounts.owner.account(),
        lp_atoms,
    )?;
    accounts
        .pool
        .lock_invariant(calls::vault_atoms(accounts.lock_vault.account())?)?;
    announce(&accounts.pool, &lock, LOCKED, lp_atoms);
    Ok(())
}

impl LockLiquidity {
    /// The lock's and, for the first lock, the vault's account, with the addresses filled in.
    #[inline(never)]
    fn create_lock(&self, index: u16) -> Result<Own<LiquidityLock>> {
        let (owner, pool) = (self.owner.address(), self.pool.address());
        let payer = self.owner.account();
        let seeds: [&[u8]; 4] = [LOCK_SEED, pool.as_ref(), owner.as_ref(), &index.to_le_bytes()];
        let (mut lock, bump) = calls::create_state::<LiquidityLock>(payer, self.lock.account(), &seeds)?;
        calls::open_share_vault(
            payer,
            self.lock_vault.account(),
            self.lp_mint.account(),
            pool,
            &[LOCK_VAULT_SEED, pool.as_ref()],
        )?;
        lock.version = LAYOUT_VERSION;
        lock.bump = bump;
        lock.pool = *pool;
        lock.seed_owner = *owner;
        lock.owner = *owner;
        lock.rent_payer = *owner;
        lock.lock_vault = *self.lock_vault.address();
        lock.count()?;
        Ok(lock)
    }
}

/// Kinds of a [`LockChanged`].
pub(crate) const LOCKED: u8 = 0;
pub(crate) const UNLOCKED: u8 = 1;
pub(crate) const FEES_CLAIMED: u8 = 2;
pub(crate) const TRANSFERRED: u8 = 3;

#[inline(never)]
pub(crate) fn announce(pool: &Own<Pool>, lock: &Own<LiquidityLock>, kind: u8, moved_atoms: u64) {
    log(LockChanged {
        pool: *pool.address(),
        lock: *lock.address(),
        owner: lock.owner,
        sequence: pool.sequence.get(),
        lock_sequence: lock.sequence.get(),
        moved_atoms,
        lp_atoms: lock.lp_atoms.get(),
        unlock_ts: lock.unlock_ts.get(),
        lp_locked_atoms: pool.lp_locked_atoms.get(),
        lp_locked_forever_atoms: pool.lp_locked_forever_atoms.get(),
        kind,
        reserved: [0; 7],
    });
}
