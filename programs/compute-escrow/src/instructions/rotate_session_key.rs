//! `rotate_session_key`

use {
    crate::{
        events::{log, SessionKeyRotated},
        state::*,
    },
    anchor_lang::{prelude::*, Address},
};

/// Accounts of `rotate_session_key`.
#[derive(Accounts)]
pub struct RotateSessionKey {
    /// The provider.
    #[account(mut)]
    pub provider: Own<Provider>,
    /// Its authority.
    #[cfg_attr(feature = "idl-build", account(address = provider.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &provider.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
}

/// Specification:
/// - the authority signs; the new key is not zero
/// - the old key works no jobs from now on, so that a stolen key is worth nothing after it
pub fn rotate_session_key(a: &mut RotateSessionKey, session_key: &Address) -> Step {
    let now = now()?;
    let address = *a.provider.address();
    let provider = &mut *a.provider;
    provider.rotate(session_key, now)?;
    log(SessionKeyRotated {
        provider: address,
        session_key: *session_key,
        previous_session_key: provider.previous_session_key,
    });
    Ok(())
}
