//! `sync_mint_risk`.

use {
    crate::{
        errors::PoolError,
        events::{log, MintRiskSynced},
        instructions::clock_before,
        state::{mint, own::same, Own, Pool},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `sync_mint_risk`. Nobody signs: whoever pays the transaction may have the mints read.
#[derive(Accounts)]
pub struct SyncMintRisk {
    /// The pool.
    #[account(mut)]
    pub pool: Own<Pool>,
    /// Mint of token A, whatever has become of it.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_a @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_a.address(), &pool.mint_a) @ PoolError::MintMismatch))]
    pub mint_a: UncheckedAccount,
    /// Mint of token B, whatever has become of it.
    #[cfg_attr(feature = "idl-build", account(address = pool.mint_b @ PoolError::MintMismatch))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint_b.address(), &pool.mint_b) @ PoolError::MintMismatch))]
    pub mint_b: UncheckedAccount,
}

/// Specification:
/// - nobody signs and nothing can pause it; no token moves and nothing depends on the flags but the reading of transfer fees
/// - both mints' flags become what the mints say now, so that a revoked authority counts for the pool
/// - a mint that no longer passes the policy of creation, or is no mint any more, gets `RISK_REFUSED` and keeps only its
///   transfer-fee flag: swaps then go on failing in the mint's own words, and this instruction never fails because of a mint
pub fn handle_sync_mint_risk(ctx: &mut Context<SyncMintRisk>) -> Result<()> {
    let clock = clock_before(i64::MAX)?;
    let accounts = &mut ctx.accounts;
    let pool = &mut accounts.pool;
    pool.validate_version()?;
    let (old_a, old_b) = (pool.risk_flags_a.get(), pool.risk_flags_b.get());
    let new_a = mint::risk_flags_now(accounts.mint_a.account(), old_a);
    let new_b = mint::risk_flags_now(accounts.mint_b.account(), old_b);
    pool.apply_risk_flags([new_a, new_b], clock.unix_timestamp)?;

    log(MintRiskSynced {
        pool: *pool.address(),
        sequence: pool.sequence.get(),
        checked_ts: clock.unix_timestamp,
        old_flags_a: old_a,
        old_flags_b: old_b,
        risk_flags_a: new_a,
        risk_flags_b: new_b,
    });
    Ok(())
}
