//! `join_delegate` and `extend_delegation`

use {
    super::open_ballot::budget_in,
    crate::{
        constants::*,
        errors::GovernanceError,
        events::{log, DelegationChanged},
        instructions::now_ts,
        math::epoch,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `join_delegate`.
#[derive(Accounts)]
pub struct JoinDelegate {
    /// The person's wallet.
    #[cfg_attr(feature = "idl-build", account(address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person who lends its budget.
    #[account(mut)]
    pub person: Own<Person>,
    /// The person's stake, if it should count.
    pub stake: Option<Own<Stake>>,
    /// The delegate's person.
    #[cfg_attr(feature = "idl-build", account(address = pool.delegate))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(delegate.address(), &pool.delegate) @ ErrorCode::ConstraintAddress))]
    pub delegate: Own<Person>,
    /// The delegate's pool.
    #[account(mut, constraint = same(&pool.realm, realm.address()) @ GovernanceError::NotADelegator)]
    pub pool: Own<DelegatePool>,
}

/// The first epoch in which a delegation given now cannot count: eight epochs after the next one begins, or the one in which the
/// registration ends.
fn end_of(realm: &Realm, person: &Person, current_epoch: u32) -> Result<u32> {
    let from = epoch::add(current_epoch, 1)?;
    let longest = epoch::add(from, DELEGATION_EPOCHS)?;
    Ok(longest.min(realm.epoch_at(person.expires_ts.get())?))
}

/// Specification:
/// - the person's wallet signs; the person is active, not suspended, old enough for the next epoch, has no ballot of it, and lends to
///   nobody now or later
/// - the delegate is another, active person who lends to nobody
/// - it counts from the next epoch on, for eight epochs at most and only for epochs that end before the registration does (G3)
/// - what is lent is ⌊√budget⌋ of the next epoch; the stake stays while it is lent (G5)
pub(crate) fn handler(ctx: &mut Context<JoinDelegate>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now)?;
    let from = epoch::add(current_epoch, 1)?;
    accounts.person.validate_active(now)?;
    accounts.person.validate_not_suspended(from)?;
    accounts.person.validate_age(from)?;
    require!(
        !accounts.person.delegation_lives(current_epoch),
        GovernanceError::AlreadyDelegates
    );
    // a clock that stepped back over an epoch's edge leaves ballots of the epoch that is the next one again
    require!(!accounts.person.votes_live(from), GovernanceError::BallotOpenedAlready);
    accounts.delegate.validate_active(now)?;
    let is_other = !same(accounts.delegate.address(), accounts.person.address());
    require!(
        is_other && !accounts.delegate.delegation_lives(current_epoch),
        GovernanceError::DelegateInvalid
    );
    let until = end_of(&accounts.realm, &accounts.person, current_epoch)?;
    require!(until > from, GovernanceError::DelegationTooShort);
    let rules = accounts.realm.rules_for(from);
    let person = *accounts.person.address();
    let (_, budget) = budget_in(rules, &person, accounts.stake.as_ref(), from)?;
    let root = budget.isqrt();

    let versions = (
        accounts.realm.budget_version_for(current_epoch),
        accounts.realm.budget_version_for(from),
    );
    accounts.pool.roll(current_epoch)?;
    accounts.pool.apply_version(versions.0, versions.1)?;
    accounts.pool.apply_join(accounts.person.bucket, root, until)?;
    let generation = accounts.pool.generation;
    let member = &mut accounts.person;
    member.delegate = accounts.pool.delegate;
    member.delegate_root = root.into();
    member.delegate_from_epoch = from.into();
    member.delegate_until_epoch = until.into();
    member.delegate_generation = generation;
    announce_delegation(member, accounts.pool.address());
    Ok(())
}

/// Accounts of `extend_delegation`.
#[derive(Accounts)]
pub struct ExtendDelegation {
    /// The person's wallet.
    #[cfg_attr(feature = "idl-build", account(address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person who lends its budget.
    #[account(mut, constraint = same(&person.delegate, &pool.delegate) @ GovernanceError::NotADelegator)]
    pub person: Own<Person>,
    /// The delegate's pool.
    #[account(mut, constraint = same(&pool.realm, realm.address()) @ GovernanceError::NotADelegator)]
    pub pool: Own<DelegatePool>,
}

/// Specification:
/// - the person's wallet signs; the person is active and its delegation to this pool has not ended
/// - it lasts as long as one given now would; what is lent stays what it was
pub(crate) fn extend_handler(ctx: &mut Context<ExtendDelegation>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now)?;
    let person = &mut accounts.person;
    person.validate_active(now)?;
    accounts.pool.roll(current_epoch)?;
    let lives = person.delegation_lives(current_epoch) && person.delegate_generation == accounts.pool.generation;
    require!(lives, GovernanceError::NotADelegator);
    let until = end_of(&accounts.realm, person, current_epoch)?;
    let old = person.delegate_until_epoch.get();
    require!(until > old, GovernanceError::DelegationUnchanged);
    accounts
        .pool
        .apply_end(person.bucket, person.delegate_root.get(), old, until)?;
    person.delegate_until_epoch = until.into();
    announce_delegation(person, accounts.pool.address());
    Ok(())
}

/// Says what a person lends to whom, and how long.
#[inline(never)]
pub(crate) fn announce_delegation(person: &Own<Person>, pool: &Address) {
    log(DelegationChanged {
        person: *person.address(),
        pool: *pool,
        delegate: person.delegate,
        root: person.delegate_root,
        from_epoch: person.delegate_from_epoch,
        until_epoch: person.delegate_until_epoch,
        bucket: person.bucket,
    });
}
