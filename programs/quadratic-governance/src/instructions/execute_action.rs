//! `execute_action`

use {
    crate::{
        cpi::{call_as_treasury, validate_action_accounts, TreasuryWatch},
        errors::GovernanceError,
        events::ActionExecuted,
        instructions::now_ts,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `execute_action`, followed by the action's accounts in the order voted on. Nobody needs to sign.
#[derive(Accounts)]
pub struct ExecuteAction {
    /// The realm; it books the outflow. May appear again among the action's accounts when attestors change.
    #[account(mut, unsafe(dup), address = proposal.realm)]
    pub realm: Account<Realm>,
    /// The succeeded proposal.
    #[account(mut)]
    pub proposal: Account<Proposal>,
    /// The winner's next action.
    #[account(
        mut,
        constraint = action.proposal == *proposal.address() @ GovernanceError::ActionOfOtherProposal
    )]
    pub action: Account<ProposalAction>,
    /// The lane's treasury.
    #[account(address = action.treasury)]
    pub treasury: UncheckedAccount,
    /// The program called.
    #[account(address = action.program)]
    pub program: UncheckedAccount,
}

/// Specification:
/// - the proposal succeeded, its timelock has passed, its window has not
/// - the action is the winner's next and was not executed (G4); both are written before the call
/// - the accounts are those voted on, by key, order and writable flag; only the lane signs, never the executor
/// - no account of this program is written, unless the action adds or disables an attestor
/// - no more than declared leaves the lane and its token accounts, their rent included; the declared lamports fit the lane's
///   cap of the epoch (G6)
/// - afterwards the lane and its token accounts still belong to the treasury
pub(crate) fn handler(ctx: &mut Context<ExecuteAction>) -> Result<()> {
    let now = now_ts()?;
    let accounts_given = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    accounts.proposal.validate_execution(now)?;
    accounts
        .action
        .validate_turn(accounts.proposal.winner, accounts.proposal.executed_count)?;
    require!(
        accounts_given.len() == usize::from(accounts.action.account_count),
        GovernanceError::ActionAccountsMismatch
    );
    let is_self_call = accounts.action.program == crate::ID;

    let current_epoch = accounts.realm.epoch_at(now)?;
    let (lane, outflow) = (accounts.action.lane, accounts.action.outflow_lamports.get());
    let treasury = *accounts.treasury.account();
    accounts
        .realm
        .open_lane_book(lane, current_epoch, treasury.lamports())?;
    accounts.realm.book_outflow(lane, outflow)?;
    accounts.action.apply_execution(now);
    accounts.proposal.apply_execution()?;
    accounts.proposal.invariant()?;

    let bump = accounts
        .realm
        .treasury_bumps
        .get(usize::from(lane))
        .copied()
        .ok_or(GovernanceError::LaneOutOfBounds)?;
    let action = &accounts.action;
    // SAFETY: the action's bytes are not written from here on: it is not among the accounts the call may write.
    let message = Message::read(
        unsafe { action.view().borrow_unchecked() },
        action.account_count,
        action.data_len.get(),
    )?;
    validate_action_accounts(&message, &accounts_given, is_self_call)?;
    let watch = TreasuryWatch::begin(&treasury, &accounts_given);
    call_as_treasury(action, accounts.realm.address(), bump, &message, &accounts_given);
    let (outflow_lamports, outflow_atoms) = watch.finish(action)?;
    accounts.realm.invariant()?;
    emit!(ActionExecuted {
        proposal: *accounts.proposal.address(),
        action: *action.address(),
        outflow_lamports: outflow_lamports.into(),
        outflow_atoms: outflow_atoms.into(),
        executed_count: accounts.proposal.executed_count,
        status: accounts.proposal.status,
    });
    Ok(())
}
