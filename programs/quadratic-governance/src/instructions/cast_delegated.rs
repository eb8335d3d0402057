//! `cast_delegated`

use {
    crate::{
        errors::GovernanceError,
        events::{log, SharesCast},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `cast_delegated`: only pool and proposal are written, so delegates on different proposals share nothing.
#[derive(Accounts)]
pub struct CastDelegated {
    /// The delegate's wallet.
    #[cfg_attr(feature = "idl-build", account(address = delegate.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &delegate.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The delegate's person, read: its wallet of the moment, and whether its registration holds.
    #[cfg_attr(feature = "idl-build", account(address = pool.delegate))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(delegate.address(), &pool.delegate) @ ErrorCode::ConstraintAddress))]
    pub delegate: Own<Person>,
    /// The delegate's pool.
    #[account(mut, constraint = same(&pool.realm, &proposal.realm) @ GovernanceError::BallotOfOtherRealm)]
    pub pool: Own<DelegatePool>,
    /// The proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - the delegate's wallet signs; the delegate is active and not suspended; pool and proposal are of one realm and one epoch, and
///   of one version of budgets
/// - the proposal is in its voting time or extension; in the latter its new leader's votes cannot rise
/// - the option is "none" or an offered choice; the share is at least one vote of the base budget, or zero
/// - Σ s² of the pool's shares stays within one (G1); each cohort gives s·R votes, s²·Q credits, n voters (G2)
pub(crate) fn handler(ctx: &mut Context<CastDelegated>, option: u8, share_q16: u32) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let (pool, proposal) = (&mut accounts.pool, &mut accounts.proposal);
    accounts.delegate.validate_active(now)?;
    let phase = proposal.validate_voting(now)?;
    // while a proposal is voted on, its epoch is the current one
    let epoch = proposal.vote_epoch.get();
    accounts.delegate.validate_not_suspended(epoch)?;
    pool.roll(epoch)?;
    require!(
        pool.budget_version == proposal.budget_version,
        GovernanceError::PoolIsStale
    );
    proposal.validate_option(option)?;
    let change = pool.validate_cast(proposal, option, share_q16)?;
    proposal.apply_late_marks(phase, now)?;
    proposal.validate_extension(phase, change.old, change.new)?;

    pool.apply_cast(proposal.index.get(), &change)?;
    proposal.apply_delegated(pool, &change)?;
    pool.invariant()?;
    proposal.invariant()?;
    log(SharesCast {
        proposal: *proposal.address(),
        pool: *pool.address(),
        spent_q32: pool.spent_q32,
        old_share_q16: change.old.1.into(),
        new_share_q16: change.new.1.into(),
        old_option: change.old.0,
        new_option: change.new.0,
        extended: u8::from(phase == Phase::Extended),
    });
    Ok(())
}
