//! `finalize`

use {
    crate::{
        constants::NONE_OPTION,
        events::{log, ProposalFinalized},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `finalize`. Nobody needs to sign.
#[derive(Accounts)]
pub struct Finalize {
    /// The realm; it remembers how many persons decided.
    #[account(mut, address = proposal.realm)]
    pub realm: Own<Realm>,
    /// The proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - the challenge is over
/// - excluded buckets' votes, voters and credits are taken out first
/// - the winner has strictly more discounted votes than every other option, reaches the threshold of its class against
///   "none", and persons and credits reach the frozen quorum; else the proposal is defeated, a tie included
/// - the timelock counts from the end of the challenge, whenever this is called; no realm parameter is read (G7)
/// - the realm notes for its outflow caps how many persons decided; a proposal without quorum, which anybody can let fail, tells
///   nothing about them
pub(crate) fn handler(ctx: &mut Context<Finalize>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let proposal = &mut accounts.proposal;
    proposal.apply_decision(now_ts()?)?;
    proposal.invariant()?;
    if proposal.quorum_met() {
        accounts
            .realm
            .note_votes(proposal.vote_epoch.get(), proposal.voting_persons_q16()?);
    }
    log(ProposalFinalized {
        proposal: *proposal.address(),
        winner_q16: proposal.total_of(proposal.winner).into(),
        none_q16: proposal.total_of(NONE_OPTION).into(),
        spent_credits: proposal.spent_credits,
        executable_from_ts: proposal.executable_from_ts,
        voters: proposal.voters,
        excluded_mask: proposal.excluded_mask,
        status: proposal.status,
        winner: proposal.winner,
    });
    Ok(())
}
