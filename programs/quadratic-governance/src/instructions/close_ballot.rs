//! `close_ballot`

use {
    crate::{
        calls::close_state,
        events::{log, BallotClosed},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `close_ballot`.
#[derive(Accounts)]
pub struct CloseBallot {
    /// The person's wallet; after the grace period anybody.
    pub closer: Signer,
    /// The person, for its wallet.
    #[cfg_attr(feature = "idl-build", account(address = ballot.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &ballot.person) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The ballot.
    #[account(mut)]
    pub ballot: Own<Ballot>,
    /// Who paid for the ballot; may be the closer.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = ballot.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &ballot.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - the ballot's epoch has ended; it cannot be opened again, since only the current epoch's can
/// - the person's wallet signs, or eight further epochs have passed; a dividend that was not claimed cannot be claimed any more
/// - all rent returns to whoever paid it
pub(crate) fn handler(ctx: &mut Context<CloseBallot>) -> Result<()> {
    let accounts = &ctx.accounts;
    let ballot = &accounts.ballot;
    ballot.validate_close(accounts.closer.address(), &accounts.person.wallet, now_ts()?)?;
    log(BallotClosed {
        ballot: *ballot.address(),
        person: ballot.person,
        epoch: ballot.epoch,
    });
    close_state(ballot.account(), accounts.rent_payer.account())
}
