//! `add_action`

use {
    crate::{constants::*, errors::GovernanceError, events::ActionAdded, state::*},
    alloc::vec::Vec,
    anchor_lang::prelude::*,
};

/// One instruction bound to a choice, and what it may take out of the treasury.
#[derive(Clone, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct ActionCall {
    /// The choice it belongs to, from one up.
    pub choice: u8,
    /// The treasury lane that may sign, 0 to 3.
    pub lane: u8,
    /// The program called.
    pub program: [u8; 32],
    /// Lamports that may leave the lane.
    pub outflow_lamports: u64,
    /// Mint of the tokens that may leave the lane's accounts; zero for none.
    pub outflow_mint: [u8; 32],
    /// Atoms of it that may leave them.
    pub outflow_atoms: u64,
    /// The instruction's accounts in order.
    pub accounts: Vec<ActionAccount>,
    /// The instruction's data.
    pub data: Vec<u8>,
}

/// Accounts of `add_action`.
#[derive(Accounts)]
pub struct AddAction {
    /// The proposer's wallet; pays for the action and gets its rent back.
    #[account(mut, address = proposal.authority)]
    pub authority: Signer,
    /// The realm, for its treasuries.
    #[account(address = proposal.realm)]
    pub realm: Account<Realm>,
    /// The draft.
    #[account(mut)]
    pub proposal: Account<Proposal>,
    /// The action to create; its size depends on its accounts and data.
    #[account(
        mut,
        seeds = [ACTION_SEED, proposal.address().as_ref(), core::slice::from_ref(&proposal.action_count)],
        bump
    )]
    pub action: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the proposal is a draft of the signer with fewer than eight actions; the choice is offered and not "none"
/// - at most 24 accounts and 1,024 bytes of data
/// - only the lane's treasury may be a signer; of this program only attestors may be added or disabled
/// - no program is upgraded: nothing pins the code to what was voted on yet
/// - an action that does more than pay from the treasury raises the proposal's threshold
pub(crate) fn handler(ctx: &mut Context<AddAction>, call: &ActionCall) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let lane = usize::from(call.lane);
    let treasury = *accounts
        .realm
        .treasuries
        .get(lane)
        .ok_or(GovernanceError::LaneOutOfBounds)?;
    let space = action_len(call.accounts.len(), call.data.len())?;
    let program = Address::new_from_array(call.program);
    validate_message(&program, &treasury, &call.accounts, &call.data)?;
    let class = class_of(&program, &call.data);
    let index = accounts.proposal.action_count;
    let order = accounts.proposal.apply_action(call.choice, class)?;
    let proposal = *accounts.proposal.address();
    accounts.proposal.invariant()?;

    let bump = ctx.bumps.action;
    let header = ProposalAction {
        version: LAYOUT_VERSION,
        bump,
        index,
        choice: call.choice,
        order,
        lane: call.lane,
        account_count: u8::try_from(call.accounts.len()).map_err(|_| GovernanceError::TooManyActionAccounts)?,
        executed: 0,
        proposal,
        program,
        treasury,
        rent_payer: *accounts.authority.address(),
        outflow_lamports: call.outflow_lamports.into(),
        outflow_mint: Address::new_from_array(call.outflow_mint),
        outflow_atoms: call.outflow_atoms.into(),
        executed_ts: PodI64::ZERO,
        data_len: u16::try_from(call.data.len())
            .map_err(|_| GovernanceError::ActionDataTooLong)?
            .into(),
        data_written: u16::try_from(call.data.len())
            .map_err(|_| GovernanceError::ActionDataTooLong)?
            .into(),
        class,
        reserved_mid: [0; 3],
        pinned_slot: PodU64::ZERO,
        pinned_hash: [0; 32],
        reserved: [0; 32],
    };
    let seeds: [&[u8]; 4] = [ACTION_SEED, proposal.as_array(), &[index], &[bump]];
    let action = accounts.action.account();
    create_account_signed(accounts.authority.account(), action, space, &crate::ID, &seeds)?;
    header.write(action, &call.accounts, &call.data)?;
    emit!(ActionAdded {
        proposal,
        action: *action.address(),
        program,
        outflow_lamports: call.outflow_lamports.into(),
        index,
        choice: call.choice,
        lane: call.lane,
        class,
    });
    Ok(())
}
