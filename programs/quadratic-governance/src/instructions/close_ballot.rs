//! `close_ballot`

use {
    crate::{events::BallotClosed, instructions::now_ts, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `close_ballot`.
#[derive(Accounts)]
pub struct CloseBallot {
    /// The voter; after the grace period anybody.
    pub closer: Signer,
    /// The ballot.
    #[account(mut, close = rent_payer)]
    pub ballot: Account<Ballot>,
    /// Who paid for the ballot; may be the closer.
    #[account(mut, unsafe(dup), address = ballot.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - the ballot's epoch has ended; it cannot be opened again, since only the current epoch's can
/// - the voter signs, or eight further epochs have passed
/// - all rent returns to whoever paid it
pub(crate) fn handler(ctx: &mut Context<CloseBallot>) -> Result<()> {
    let ballot = &ctx.accounts.ballot;
    ballot.validate_close(ctx.accounts.closer.address(), now_ts()?)?;
    emit!(BallotClosed {
        ballot: *ballot.address(),
        person: ballot.person,
        epoch: ballot.epoch
    });
    Ok(())
}
