//! `expire_proposal`

use {
    super::cancel_proposal::announce_end,
    crate::{instructions::now_ts, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `expire_proposal`. Nobody needs to sign.
#[derive(Accounts)]
pub struct ExpireProposal {
    /// The proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - the proposal succeeded and its execution window has passed; what was not executed never will be
pub(crate) fn handler(ctx: &mut Context<ExpireProposal>) -> Result<()> {
    let proposal = &mut ctx.accounts.proposal;
    proposal.apply_expiry(now_ts()?)?;
    announce_end(proposal, 0);
    Ok(())
}
