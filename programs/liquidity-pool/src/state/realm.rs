//! What the pool reads of a governance realm: its view, never its struct (the programs do not depend on each other).

use {crate::errors::PoolError, anchor_lang::prelude::*, commonweal_interface::views::RealmView};

/// Whether the realm is a rehearsal one.
///
/// Errors: [`PoolError::NotARealm`] for an account that governance does not own or that is another of its accounts.
pub fn read_rehearsal(realm: &AccountView) -> Result<bool> {
    // SAFETY: owner and bytes are only read, and nothing else runs meanwhile.
    let (owner, data) = unsafe { (realm.owner(), realm.borrow_unchecked()) };
    let view = RealmView::read(owner, data).map_err(|_| PoolError::NotARealm)?;
    Ok(view.is_rehearsal)
}
