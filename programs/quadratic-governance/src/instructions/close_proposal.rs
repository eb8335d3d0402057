//! `close_proposal`

use {
    crate::{errors::GovernanceError, events::ProposalEnded, state::*},
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
/// - rent and bond return to the proposer; the index is never used again
pub(crate) fn handler(ctx: &mut Context<CloseProposal>) -> Result<()> {
    let proposal = &ctx.accounts.proposal;
    require!(proposal.is_finished(), GovernanceError::ProposalNotFinished);
    require!(proposal.actions_open == 0, GovernanceError::ActionsNotClosed);
    emit!(ProposalEnded {
        proposal: *proposal.address(),
        status: proposal.status,
        closed: 1
    });
    Ok(())
}
