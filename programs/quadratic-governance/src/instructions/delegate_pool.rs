//! `open_pool` and `close_pool`

use {
    crate::{
        calls::{close_state, create_state},
        constants::*,
        errors::GovernanceError,
        events::{log, PoolOpenedOrClosed},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `open_pool`.
#[derive(Accounts)]
pub struct OpenPool {
    /// The delegate's wallet; pays for the pool and gets its rent back.
    #[cfg_attr(feature = "idl-build", account(mut, address = delegate.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(wallet.address(), &delegate.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(address = delegate.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &delegate.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The delegate's person.
    pub delegate: Own<Person>,
    /// The pool to create.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [POOL_SEED, realm.address().as_ref(), delegate.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub pool: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - an active person's wallet signs; the person has no pool
pub(crate) fn open_handler(ctx: &mut Context<OpenPool>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    accounts.delegate.validate_active(now)?;
    let current_epoch = accounts.realm.epoch_at(now)?;
    let (realm, delegate) = (accounts.realm.address(), accounts.delegate.address());
    let seeds: [&[u8]; 3] = [POOL_SEED, realm.as_array(), delegate.as_array()];
    let wallet = accounts.wallet.account();
    let (mut pool, bump): (Own<DelegatePool>, u8) = create_state(wallet, accounts.pool.account(), &seeds)?;
    pool.version = LAYOUT_VERSION;
    pool.bump = bump;
    pool.epoch = current_epoch.into();
    pool.realm = *realm;
    pool.delegate = *delegate;
    pool.rent_payer = *wallet.address();
    pool.budget_version = accounts
        .realm
        .budget_version_for(crate::math::epoch::add(current_epoch, 1)?)
        .into();
    // what was lent to a pool of this address before is of another generation
    pool.generation = current_epoch.into();
    log(PoolOpenedOrClosed {
        pool: *pool.address(),
        delegate: *delegate,
        epoch: current_epoch.into(),
        open: 1,
    });
    Ok(())
}

/// Accounts of `close_pool`.
#[derive(Accounts)]
pub struct ClosePool {
    /// The delegate's wallet.
    #[cfg_attr(feature = "idl-build", account(address = delegate.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &delegate.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The realm, for its epoch.
    #[cfg_attr(feature = "idl-build", account(address = pool.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &pool.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The delegate's person.
    #[cfg_attr(feature = "idl-build", account(address = pool.delegate))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(delegate.address(), &pool.delegate) @ ErrorCode::ConstraintAddress))]
    pub delegate: Own<Person>,
    /// The pool.
    #[account(mut)]
    pub pool: Own<DelegatePool>,
    /// Who paid for the pool; may be the wallet.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = pool.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &pool.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - the delegate's wallet signs
/// - nobody lends to the pool in this epoch or from the next one on
/// - all rent returns to whoever paid it
pub(crate) fn close_handler(ctx: &mut Context<ClosePool>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now_ts()?)?;
    accounts.pool.roll(current_epoch)?;
    require!(accounts.pool.is_empty(), GovernanceError::PoolNotEmpty);
    log(PoolOpenedOrClosed {
        pool: *accounts.pool.address(),
        delegate: accounts.pool.delegate,
        epoch: current_epoch.into(),
        open: 0,
    });
    close_state(accounts.pool.account(), accounts.rent_payer.account())
}
