//! `finalize`

use {
    crate::{constants::NONE_OPTION, events::ProposalFinalized, instructions::now_ts, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `finalize`. Nobody needs to sign.
#[derive(Accounts)]
pub struct Finalize {
    /// The proposal.
    #[account(mut)]
    pub proposal: Account<Proposal>,
}

/// Specification:
/// - the challenge is over
/// - the winner has strictly more discounted votes than every other option, reaches the threshold of its class against
///   "none", and persons and credits reach the frozen quorum; else the proposal is defeated, a tie included
/// - the timelock counts from the end of the challenge, whenever this is called; no realm parameter is read (G7)
pub(crate) fn handler(ctx: &mut Context<Finalize>) -> Result<()> {
    let proposal = &mut ctx.accounts.proposal;
    proposal.apply_decision(now_ts()?)?;
    proposal.invariant()?;
    emit!(ProposalFinalized {
        proposal: *proposal.address(),
        winner_q16: proposal.total_of(proposal.winner).into(),
        none_q16: proposal.total_of(NONE_OPTION).into(),
        spent_credits: proposal.spent_credits,
        executable_from_ts: proposal.executable_from_ts,
        voters: proposal.voters,
        status: proposal.status,
        winner: proposal.winner,
    });
    Ok(())
}
