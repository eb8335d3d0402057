//! `register_provider`

use {
    crate::{constants::*, errors::EscrowError, events::ProviderRegistered, state::*},
    anchor_lang::{prelude::*, Address},
};

/// Accounts of `register_provider`.
#[derive(Accounts)]
pub struct RegisterProvider {
    /// Owner of the provider; pays the rent, for good.
    #[account(mut)]
    pub authority: Signer,
    /// The provider to create.
    #[account(init, payer = authority, seeds = [PROVIDER_SEED, authority.address().as_ref()], bump)]
    pub provider: Account<Provider>,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - one provider per authority
/// - the session key is not zero (it may be the authority itself)
#[inline(never)]
pub fn register_provider(ctx: &mut Context<RegisterProvider>, session_key: &Address, region: u16) -> Result<()> {
    require!(!is_none(session_key), EscrowError::ZeroAddress);
    let now = now()?;
    let a = &mut ctx.accounts;
    let address = *a.provider.address();
    let provider = &mut *a.provider;
    provider.version = ACCOUNT_VERSION;
    provider.bump = ctx.bumps.provider;
    provider.region = region.into();
    provider.authority = *a.authority.address();
    provider.session_key = *session_key;
    provider.created_ts = now.ts.into();
    emit!(ProviderRegistered {
        provider: address,
        authority: provider.authority,
        session_key: *session_key,
        region: provider.region,
    });
    Ok(())
}
