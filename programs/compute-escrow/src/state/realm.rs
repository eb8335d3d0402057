//! What the escrow reads of a governance realm, without depending on that program.

use {crate::errors::EscrowError, anchor_lang::prelude::*, commonweal_interface::ids::QUADRATIC_GOVERNANCE};

/// First eight bytes of sha256("account:Realm").
const REALM_DISCRIMINATOR: [u8; 8] = [0xc5, 0xec, 0xa4, 0x9b, 0x78, 0x38, 0x98, 0x38];
/// Where a realm says whether it is a rehearsal.
const REHEARSAL_OFFSET: usize = 10;

/// Reads a realm's rehearsal flag.
///
/// Errors: [`EscrowError::NotARealm`] for anything that is not a realm of the governance program.
#[inline(never)]
pub fn read_realm_rehearsal(realm: &AccountView) -> Result<bool> {
    require!(realm.owned_by(&QUADRATIC_GOVERNANCE), EscrowError::NotARealm);
    // SAFETY: the bytes are only read, and nothing else runs meanwhile.
    let data = unsafe { realm.borrow_unchecked() };
    require!(
        data.get(..8) == Some(REALM_DISCRIMINATOR.as_slice()),
        EscrowError::NotARealm
    );
    match data.get(REHEARSAL_OFFSET) {
        Some(0) => Ok(false),
        Some(1) => Ok(true),
        _ => Err(EscrowError::NotARealm.into()),
    }
}
