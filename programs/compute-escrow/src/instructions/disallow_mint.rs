//! `disallow_mint`

use {
    crate::{events::MintDisallowed, state::*},
    anchor_lang::{prelude::*, Address},
};

/// Accounts of `disallow_mint`.
#[derive(Accounts)]
pub struct DisallowMint {
    /// The config.
    #[account(mut)]
    pub config: Account<EscrowConfig>,
    /// Its authority.
    #[account(address = config.authority)]
    pub authority: Signer,
}

/// Specification:
/// - the authority signs
/// - the mint is listed
/// - posted jobs in it go on to every exit: no exit reads the list
#[inline(never)]
pub fn disallow_mint(ctx: &mut Context<DisallowMint>, mint: &Address) -> Result<()> {
    let address = *ctx.accounts.config.address();
    let config = &mut *ctx.accounts.config;
    config.disallow_mint(mint)?;
    config.invariant()?;
    emit!(MintDisallowed {
        config: address,
        mint: *mint
    });
    Ok(())
}
