//! `submit_proposal`

use {
    crate::{
        errors::GovernanceError,
        events::{log, ProposalSubmitted},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `submit_proposal`.
#[derive(Accounts)]
pub struct SubmitProposal {
    /// The proposer's wallet.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The proposer, for its wallet of the moment.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &proposal.proposer) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The realm; its counters are brought to the current epoch.
    #[cfg_attr(feature = "idl-build", account(mut, address = proposal.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &proposal.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The draft.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - the proposal is a draft of the signer
/// - the vote is in the next epoch, at least the review time away
/// - with actions, the realm is old and large enough
/// - no action waits for data or a pin
/// - rules, cohort bounds and quorum and the chambers' seats are copied now and never read again (G7)
pub(crate) fn handler(ctx: &mut Context<SubmitProposal>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    require!(accounts.proposal.is(Status::Draft), GovernanceError::ProposalIsNotDraft);
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch)?;
    accounts
        .proposal
        .apply_submission(&accounts.realm, current_epoch, now)?;
    accounts.proposal.invariant()?;
    accounts.realm.invariant()?;
    announce_vote(&accounts.proposal);
    Ok(())
}

/// Says when a proposal is voted on, and what it needs.
#[inline(never)]
pub(crate) fn announce_vote(proposal: &Own<Proposal>) {
    log(ProposalSubmitted {
        proposal: *proposal.address(),
        voting_starts_ts: proposal.voting_starts_ts,
        quorum_credits: proposal.quorum_credits,
        quorum_persons: proposal.quorum_persons,
        vote_epoch: proposal.vote_epoch,
        class: proposal.class,
        override_vote: proposal.override_vote,
    });
}
