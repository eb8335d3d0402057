//! `append_action` and `pin_upgrade`

use {
    crate::{
        calls::{upgrade_pin, UpgradePin},
        errors::GovernanceError,
        events::{log, ActionCompleted},
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `append_action`.
#[derive(Accounts)]
pub struct AppendAction {
    /// The proposer's wallet.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The proposer, for its wallet of the moment.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &proposal.proposer) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The draft.
    #[account(mut)]
    pub proposal: Own<Proposal>,
    /// The action whose data goes on.
    #[account(
        mut,
        constraint = same(&action.proposal, proposal.address()) @ GovernanceError::ActionOfOtherProposal
    )]
    pub action: Own<ProposalAction>,
}

/// Specification:
/// - the proposal is a draft of the signer
/// - the part is not empty and fits; parts follow each other, and none is ever written again
pub(crate) fn handler(ctx: &mut Context<AppendAction>, part: &[u8]) -> Result<()> {
    let accounts = &mut ctx.accounts;
    require!(accounts.proposal.is(Status::Draft), GovernanceError::ProposalIsNotDraft);
    let account = *accounts.action.account();
    if accounts.action.apply_part(&account, part)? {
        accounts.proposal.apply_completion()?;
    }
    announce_completion(&accounts.proposal, &accounts.action);
    Ok(())
}

/// Accounts of `pin_upgrade`.
#[derive(Accounts)]
pub struct PinUpgrade {
    /// The proposer's wallet.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The proposer, for its wallet of the moment.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &proposal.proposer) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The draft.
    #[account(mut)]
    pub proposal: Own<Proposal>,
    /// The action that upgrades.
    #[account(
        mut,
        constraint = same(&action.proposal, proposal.address()) @ GovernanceError::ActionOfOtherProposal
    )]
    pub action: Own<ProposalAction>,
    /// The code to be replaced, as the action names it.
    pub program_data: UncheckedAccount,
    /// The code to be, as the action names it.
    pub buffer: UncheckedAccount,
}

/// Specification:
/// - the proposal is a draft of the signer, the action an upgrade that is not pinned
/// - the buffer's authority is the lane, so that from here on nobody can write to it or hand it on but an executed action
/// - the buffer's hash and that of the program's present code are stored; execution asks for the same again
pub(crate) fn pin_handler(ctx: &mut Context<PinUpgrade>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let is_open = accounts.action.class == CLASS_UPGRADE && accounts.action.pinned == 0;
    require!(is_open, GovernanceError::BufferMismatch);
    let UpgradePin {
        slot,
        hash,
        code_len,
        code_hash,
    } = upgrade_pin(
        &accounts.action,
        accounts.program_data.account(),
        accounts.buffer.account(),
    )?;
    accounts.action.pinned = 1;
    accounts.action.pinned_slot = slot.into();
    accounts.action.pinned_hash = hash;
    accounts.action.pinned_code_len = code_len.into();
    accounts.action.pinned_code_hash = code_hash;
    accounts.proposal.apply_completion()?;
    announce_completion(&accounts.proposal, &accounts.action);
    Ok(())
}

#[inline(never)]
fn announce_completion(proposal: &Own<Proposal>, action: &Own<ProposalAction>) {
    log(ActionCompleted {
        proposal: *proposal.address(),
        action: *action.address(),
        pinned_hash: action.pinned_hash,
        pinned_slot: action.pinned_slot,
        data_written: action.data_written,
        actions_incomplete: proposal.actions_incomplete,
    });
}
