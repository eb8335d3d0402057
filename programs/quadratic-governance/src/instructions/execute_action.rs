//! `execute_action`

use {
    crate::{
        calls::{call_as_treasury, upgrade_pin, validate_action_accounts, TreasuryWatch},
        errors::GovernanceError,
        events::{log, ActionExecuted},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `execute_action`, followed by the action's accounts in the order voted on. Nobody needs to sign.
#[derive(Accounts)]
pub struct ExecuteAction {
    /// The realm; it books the outflow. May appear again among the action's accounts when the realm itself is changed.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = proposal.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(realm.address(), &proposal.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The succeeded proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
    /// The winner's next action.
    #[account(
        mut,
        constraint = same(&action.proposal, proposal.address()) @ GovernanceError::ActionOfOtherProposal
    )]
    pub action: Own<ProposalAction>,
    /// The lane's treasury.
    #[cfg_attr(feature = "idl-build", account(address = action.treasury))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(treasury.address(), &action.treasury) @ ErrorCode::ConstraintAddress))]
    pub treasury: UncheckedAccount,
    /// The program called.
    #[cfg_attr(feature = "idl-build", account(address = action.program))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(program.address(), &action.program) @ ErrorCode::ConstraintAddress))]
    pub program: UncheckedAccount,
    /// The lane's book of the declared mint, where tokens leave.
    #[account(mut)]
    pub book: Option<Own<TokenBook>>,
}

/// Specification:
/// - the proposal succeeded, its timelock has passed, its window has not
/// - the action is the winner's next and was not executed (G4); both are written before the call
/// - the accounts are those voted on, by key, order and writable flag; only the lane signs, never the executor
/// - no account of this program is written, unless the realm's own instructions are called; no program's code, unless the loader is
/// - an upgrade's buffer is still the lane's and hashes to what was pinned, and the program's code is what it was then
/// - no more than declared leaves the lane and its token accounts, their rent included; what is declared fits the lane's caps of
///   the epoch (G6)
/// - afterwards the lane and its token accounts still belong to the treasury
pub(crate) fn handler(ctx: &mut Context<ExecuteAction>, given: &[AccountView]) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    accounts.proposal.validate_execution(now)?;
    accounts
        .action
        .validate_turn(accounts.proposal.winner, accounts.proposal.executed_count)?;
    require!(
        given.len() == usize::from(accounts.action.account_count),
        GovernanceError::ActionAccountsMismatch
    );
    let current_epoch = accounts.realm.epoch_at(now)?;
    let (lane, outflow) = (accounts.action.lane, accounts.action.outflow_lamports.get());
    let treasury = *accounts.treasury.account();
    accounts
        .realm
        .open_lane_book(lane, current_epoch, treasury.lamports())?;
    accounts.realm.book_outflow(lane, current_epoch, outflow)?;
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
        unsafe { action.account().borrow_unchecked() },
        action.account_count,
        action.data_len.get(),
    )?;
    validate_action_accounts(&message, given, &action.program)?;
    if action.class == CLASS_UPGRADE {
        let (Some(program_data), Some(buffer)) = (given.first(), given.get(2)) else {
            return Err(GovernanceError::BufferMismatch.into());
        };
        let pin = upgrade_pin(action, program_data, buffer)?;
        require!(pin.hash == action.pinned_hash, GovernanceError::BufferMismatch);
        require!(
            action.pinned_code_hash == pin.code_hash,
            GovernanceError::ProgramChanged
        );
    }
    let watch = TreasuryWatch::begin(&treasury, given);
    let declared_atoms = action.outflow_atoms.get();
    if declared_atoms != 0 {
        let persons = accounts.realm.voting_persons_q16();
        let book = accounts.book.as_mut().ok_or(GovernanceError::BookMissing)?;
        book.validate(accounts.realm.address(), lane, &action.outflow_mint)?;
        book.book_outflow(
            current_epoch,
            watch.atoms_of(&action.outflow_mint),
            declared_atoms,
            persons,
        )?;
    }
    call_as_treasury(action, accounts.realm.address(), bump, &message, given);
    let (outflow_lamports, outflow_atoms) = watch.finish(action)?;
    accounts.realm.invariant()?;
    log(ActionExecuted {
        proposal: *accounts.proposal.address(),
        action: *action.address(),
        outflow_lamports: outflow_lamports.into(),
        outflow_atoms: outflow_atoms.into(),
        executed_count: accounts.proposal.executed_count,
        status: accounts.proposal.status,
    });
    Ok(())
}
