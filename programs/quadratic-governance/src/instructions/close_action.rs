//! `close_action`

use {
    crate::{errors::GovernanceError, events::ActionClosed, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `close_action`. Nobody needs to sign.
#[derive(Accounts)]
pub struct CloseAction {
    /// The finished proposal.
    #[account(mut)]
    pub proposal: Account<Proposal>,
    /// The action to close.
    #[account(
        mut,
        close = rent_payer,
        constraint = action.proposal == *proposal.address() @ GovernanceError::ActionOfOtherProposal
    )]
    pub action: Account<ProposalAction>,
    /// Who paid for the action.
    #[account(mut, address = action.rent_payer)]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - the proposal is finished
/// - all rent returns to whoever paid it
pub(crate) fn handler(ctx: &mut Context<CloseAction>) -> Result<()> {
    let proposal = &mut ctx.accounts.proposal;
    require!(proposal.is_finished(), GovernanceError::ProposalNotFinished);
    proposal.actions_open = proposal
        .actions_open
        .checked_sub(1)
        .ok_or(GovernanceError::InvariantViolated)?;
    proposal.invariant()?;
    emit!(ActionClosed {
        proposal: *proposal.address(),
        action: *ctx.accounts.action.address()
    });
    Ok(())
}
