//! Reading governance's `Realm`: only its fixed prefix, never its struct (the programs do not depend on each other).
//!
//! [0..8) discriminator, [8] version, [9] bump, [10] rehearsal flag (0 or 1).

use {
    crate::{constants::REALM_DISCRIMINATOR, errors::PoolError},
    anchor_lang::prelude::*,
    commonweal_interface::ids,
};

const REHEARSAL_OFFSET: usize = 10;

/// Whether the realm is a rehearsal one.
///
/// Errors: [`PoolError::NotARealm`] for an account that governance does not own or that is another of its accounts.
pub fn read_rehearsal(realm: &AccountView) -> Result<bool> {
    if !realm.owned_by(&ids::QUADRATIC_GOVERNANCE) {
        return Err(PoolError::NotARealm.into());
    }
    let data = realm.try_borrow()?;
    if data.get(..REALM_DISCRIMINATOR.len()) != Some(&REALM_DISCRIMINATOR[..]) {
        return Err(PoolError::NotARealm.into());
    }
    match data.get(REHEARSAL_OFFSET) {
        Some(0) => Ok(false),
        Some(1) => Ok(true),
        _ => Err(PoolError::NotARealm.into()),
    }
}
