//! `close_action`

use {
    crate::{
        calls::close_state,
        errors::GovernanceError,
        events::{log, ActionClosed},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `close_action`. Nobody needs to sign.
#[derive(Accounts)]
pub struct CloseAction {
    /// The finished proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
    /// The action to close.
    #[account(
        mut,
        constraint = same(&action.proposal, proposal.address()) @ GovernanceError::ActionOfOtherProposal
    )]
    pub action: Own<ProposalAction>,
    /// Who paid for the action.
    #[cfg_attr(feature = "idl-build", account(mut, address = action.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(rent_payer.address(), &action.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - the proposal is finished; a vetoed one only when no vote over the veto can be called any more
/// - all rent returns to whoever paid it
pub(crate) fn handler(ctx: &mut Context<CloseAction>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let proposal = &mut accounts.proposal;
    require!(proposal.is_finished(now_ts()?), GovernanceError::ProposalNotFinished);
    proposal.actions_open = proposal
        .actions_open
        .checked_sub(1)
        .ok_or(GovernanceError::InvariantViolated)?;
    log(ActionClosed {
        proposal: *proposal.address(),
        action: *accounts.action.address(),
    });
    close_state(accounts.action.account(), accounts.rent_payer.account())
}
