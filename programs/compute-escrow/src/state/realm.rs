//! What the escrow reads of a governance realm: its view, never its struct (the programs do not depend on each other).

use {crate::errors::EscrowError, anchor_lang::prelude::*, commonweal_interface::views::RealmView};

/// Reads a realm's rehearsal flag.
///
/// Errors: [`EscrowError::NotARealm`] for anything that is not a realm of the governance program.
#[inline(never)]
pub fn read_realm_rehearsal(realm: &AccountView) -> Result<bool> {
    // SAFETY: owner and bytes are only read, and nothing else runs meanwhile.
    let (owner, data) = unsafe { (realm.owner(), realm.borrow_unchecked()) };
    let view = RealmView::read(owner, data).map_err(|_| EscrowError::NotARealm)?;
    Ok(view.is_rehearsal)
}
