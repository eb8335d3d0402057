//! `cancel_proposal`

use {
    crate::{events::ProposalEnded, instructions::now_ts, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `cancel_proposal`.
#[derive(Accounts)]
pub struct CancelProposal {
    /// The proposer's wallet.
    #[account(address = proposal.authority)]
    pub authority: Signer,
    /// The proposal.
    #[account(mut)]
    pub proposal: Account<Proposal>,
}

/// Specification:
/// - the proposer signs
/// - the vote has not started: nobody's credits can be parked by a late cancellation
pub(crate) fn handler(ctx: &mut Context<CancelProposal>) -> Result<()> {
    let proposal = &mut ctx.accounts.proposal;
    proposal.apply_cancellation(now_ts()?)?;
    proposal.invariant()?;
    emit!(ProposalEnded {
        proposal: *proposal.address(),
        status: proposal.status,
        closed: 0
    });
    Ok(())
}
