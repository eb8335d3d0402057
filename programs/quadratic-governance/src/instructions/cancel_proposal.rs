//! `cancel_proposal`

use {
    crate::{
        events::{log, ProposalEnded},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `cancel_proposal`.
#[derive(Accounts)]
pub struct CancelProposal {
    /// The proposer's wallet.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The proposer, for its wallet of the moment.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &proposal.proposer) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - the proposer signs
/// - the vote has not started: nobody's credits can be parked by a late cancellation
pub(crate) fn handler(ctx: &mut Context<CancelProposal>) -> Result<()> {
    let proposal = &mut ctx.accounts.proposal;
    proposal.apply_cancellation(now_ts()?)?;
    announce_end(proposal, 0);
    Ok(())
}

/// Says how a proposal ended, and whether its account is closed.
#[inline(never)]
pub(crate) fn announce_end(proposal: &Own<Proposal>, closed: u8) {
    log(ProposalEnded {
        proposal: *proposal.address(),
        status: proposal.status,
        vetoed_by: proposal.vetoed_by,
        closed,
    });
}
