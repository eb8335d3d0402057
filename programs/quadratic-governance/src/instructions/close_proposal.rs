//! `close_proposal`

use {
    crate::{events::ProposalEnded, instructions::now_ts, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `close_proposal`. Nobody needs to sign.
#[derive(Accounts)]
pub struct CloseProposal {
    /// The finished proposal.
    #[account(mut, close = authority)]
    pub proposal: Account<Proposal>,
    /// The proposer's wallet, who paid rent and bond.
    #[account(mut, address = proposal.authority)]
    pub authority: UncheckedAccount,
}

/// Specification:
/// - the proposal is finished and its actions are closed
/// - a cancelled proposal's bond stays to the end of the epoch it was created in: one bond cannot double the others' again
///   and again
/// - rent and bond return to the proposer; the index is never used again
pub(crate) fn handler(ctx: &mut Context<CloseProposal>) -> Result<()> {
    let proposal = &ctx.accounts.proposal;
    proposal.validate_close(now_ts()?)?;
    emit!(ProposalEnded {
        proposal: *proposal.address(),
        status: proposal.status,
        closed: 1
    });
    Ok(())
}
