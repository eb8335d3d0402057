//! `register_provider`

use {
    crate::{
        calls::create_state,
        constants::*,
        errors::EscrowError,
        events::{log, ProviderRegistered},
        state::*,
    },
    anchor_lang::{prelude::*, Address},
};

/// Accounts of `register_provider`.
#[derive(Accounts)]
pub struct RegisterProvider {
    /// Owner of the provider; pays the rent, for good.
    #[account(mut)]
    pub authority: Signer,
    /// The provider to create.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [PROVIDER_SEED, authority.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub provider: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - one provider per authority
/// - the session key is not zero (it may be the authority itself)
pub fn register_provider(a: &mut RegisterProvider, session_key: &Address, region: u16) -> Step {
    let authority = a.authority.account();
    let seeds: [&[u8]; 2] = [PROVIDER_SEED, authority.address().as_ref()];
    let mut provider: Own<Provider> = create_state(authority, a.provider.account(), &seeds)?;
    require!(!is_none(session_key), EscrowError::ZeroAddress);
    let now = now()?;
    provider.region = region.into();
    provider.authority = *authority.address();
    provider.session_key = *session_key;
    provider.created_ts = now.ts.into();
    log(ProviderRegistered {
        provider: *provider.address(),
        authority: provider.authority,
        session_key: *session_key,
        region: provider.region,
    });
    Ok(())
}
