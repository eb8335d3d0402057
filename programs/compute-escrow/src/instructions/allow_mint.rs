//! `allow_mint`

use {
    crate::{
        errors::EscrowError,
        events::{log, MintAllowed},
        state::*,
    },
    anchor_lang::{bytemuck::Zeroable, prelude::*},
    commonweal_interface::policy::accept_mint,
};

/// Accounts of `allow_mint`.
#[derive(Accounts)]
pub struct AllowMint {
    /// The config.
    #[account(mut)]
    pub config: Own<EscrowConfig>,
    /// Its authority.
    #[cfg_attr(feature = "idl-build", account(address = config.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &config.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The mint to list.
    pub mint: UncheckedAccount,
}

/// Reads a mint, holds it against the extension policy and makes its list entry.
///
/// Checking once is enough: extensions that matter cannot be added to a mint later, and a mint that can be closed is refused.
#[inline(never)]
pub fn listed_mint(mint: &AccountView) -> Step<PaymentMint> {
    // SAFETY: the bytes are only read, and nothing else runs meanwhile.
    let (owner, data) = unsafe { (mint.owner(), mint.borrow_unchecked()) };
    let accepted = accept_mint(owner, data, false).map_err(|_| EscrowError::MintRefused)?;
    let mut entry = PaymentMint::zeroed();
    entry.mint = *mint.address();
    entry.decimals = accepted.state.decimals;
    entry.flags = if accepted.state.freeze_authority.is_some() {
        FLAG_FREEZABLE
    } else {
        0
    };
    Ok(entry)
}

/// Specification:
/// - the authority signs
/// - the mint passes the extension policy; a freeze authority is allowed and flagged
/// - it is not listed yet and the list has a free place
pub fn allow_mint(a: &mut AllowMint) -> Step {
    let entry = listed_mint(a.mint.account())?;
    let address = *a.config.address();
    let config = &mut *a.config;
    config.allow_mint(entry)?;
    config.invariant()?;
    log(MintAllowed {
        config: address,
        mint: entry.mint,
        is_freezable: entry.flags & FLAG_FREEZABLE,
    });
    Ok(())
}
