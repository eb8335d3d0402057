//! `submit_proposal`

use {
    crate::{errors::GovernanceError, events::ProposalSubmitted, instructions::now_ts, state::*},
    anchor_lang::prelude::*,
};

/// Accounts of `submit_proposal`.
#[derive(Accounts)]
pub struct SubmitProposal {
    /// The proposer's wallet.
    #[account(address = proposal.authority)]
    pub authority: Signer,
    /// The realm; its counters are brought to the current epoch.
    #[account(mut, address = proposal.realm)]
    pub realm: Account<Realm>,
    /// The draft.
    #[account(mut)]
    pub proposal: Account<Proposal>,
}

/// Specification:
/// - the proposal is a draft of the signer
/// - the vote is in the next epoch, at least the review time away
/// - with actions, the realm is old and large enough
/// - rules, cohort bounds and quorum are copied now and never read again (G7)
pub(crate) fn handler(ctx: &mut Context<SubmitProposal>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    require!(accounts.proposal.is(Status::Draft), GovernanceError::ProposalIsNotDraft);
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch);
    accounts
        .proposal
        .apply_submission(&accounts.realm, current_epoch, now)?;
    accounts.proposal.invariant()?;
    accounts.realm.invariant()?;
    let proposal = &accounts.proposal;
    emit!(ProposalSubmitted {
        proposal: *proposal.address(),
        voting_starts_ts: proposal.voting_starts_ts,
        quorum_credits: proposal.quorum_credits,
        quorum_persons: proposal.quorum_persons,
        vote_epoch: proposal.vote_epoch,
        class: proposal.class,
    });
    Ok(())
}
