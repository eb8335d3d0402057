//! `disallow_mint`

use {
    crate::{
        events::{log, MintDisallowed},
        state::*,
    },
    anchor_lang::{prelude::*, Address},
};

/// Accounts of `disallow_mint`.
#[derive(Accounts)]
pub struct DisallowMint {
    /// The config.
    #[account(mut)]
    pub config: Own<EscrowConfig>,
    /// Its authority.
    #[cfg_attr(feature = "idl-build", account(address = config.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &config.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
}

/// Specification:
/// - the authority signs
/// - the mint is listed
/// - posted jobs in it go on to every exit: no exit reads the list
pub fn disallow_mint(a: &mut DisallowMint, mint: &Address) -> Step {
    let address = *a.config.address();
    let config = &mut *a.config;
    config.disallow_mint(mint)?;
    config.invariant()?;
    log(MintDisallowed {
        config: address,
        mint: *mint,
    });
    Ok(())
}
