//! `retire_person`

use {
    super::act_on_person::{announce_person, discount},
    crate::{errors::GovernanceError, instructions::now_ts, state::*},
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `retire_person`. Nobody needs to sign.
#[derive(Accounts)]
pub struct RetirePerson {
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(mut, address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The expired person.
    #[account(mut)]
    pub person: Own<Person>,
}

/// Specification:
/// - the registration has expired and still counts; from now on it does not, so that quorums follow the living realm
/// - attestors can renew it at any time, and it counts again
pub(crate) fn handler(ctx: &mut Context<RetirePerson>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let is_due = accounts.person.counted != 0 && now >= accounts.person.expires_ts.get();
    require!(is_due, GovernanceError::PersonNotExpired);
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch)?;
    discount(&mut accounts.realm, &mut accounts.person)?;
    accounts.realm.invariant()?;
    announce_person(&accounts.person, 5);
    Ok(())
}
