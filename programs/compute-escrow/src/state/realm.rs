//! What the escrow reads of a governance realm: its view, never its struct (the programs do not depend on each other).

use {
    super::{require_step, same, Step},
    crate::errors::EscrowError,
    anchor_lang::prelude::*,
    commonweal_interface::views::{PersonView, ProposalView, RealmView},
};

/// Reads a realm's rehearsal flag.
///
/// Errors: [`EscrowError::NotARealm`] for anything that is not a realm of the governance program.
#[inline(never)]
pub fn read_realm_rehearsal(realm: &AccountView) -> Step<bool> {
    // SAFETY: owner and bytes are only read, and nothing else runs meanwhile.
    let (owner, data) = unsafe { (realm.owner(), realm.borrow_unchecked()) };
    let view = RealmView::read(owner, data).map_err(|_| EscrowError::NotARealm)?;
    Ok(view.is_rehearsal)
}

/// Reads a person, active or not.
///
/// Errors: [`EscrowError::PersonRefused`] for anything else.
#[inline(never)]
pub fn read_person(person: &AccountView) -> Step<PersonView> {
    // SAFETY: owner and bytes are only read, and nothing else runs meanwhile.
    let (owner, data) = unsafe { (person.owner(), person.borrow_unchecked()) };
    PersonView::read(owner, data).map_err(|_| EscrowError::PersonRefused.into())
}

/// Reads a person, who must be an active one of the realm at `now_ts`.
///
/// Errors: [`EscrowError::PersonRefused`] for anything else.
#[inline(never)]
pub fn read_active_person(person: &AccountView, realm: &Address, now_ts: i64) -> Step<PersonView> {
    let view = read_person(person)?;
    let fits = same(&view.realm, realm) && view.is_active(now_ts);
    require_step(fits, EscrowError::PersonRefused)?;
    Ok(view)
}

/// Whether a proposal of the realm can still do something; a closed one, or anything else, cannot.
#[inline(never)]
pub fn is_proposal_live(proposal: &AccountView, realm: &Address) -> bool {
    // SAFETY: owner and bytes are only read, and nothing else runs meanwhile.
    let (owner, data) = unsafe { (proposal.owner(), proposal.borrow_unchecked()) };
    ProposalView::read(owner, data).is_ok_and(|view| same(&view.realm, realm) && !view.is_finished())
}
