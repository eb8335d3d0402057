//! `add_action`

use {
    crate::{
        calls::create_derived,
        constants::*,
        errors::GovernanceError,
        events::{log, ActionAdded},
        state::*,
    },
    alloc::vec::Vec,
    anchor_lang::{prelude::*, ErrorCode},
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
    /// Bytes of the instruction's data in all; what `data` leaves out is added with `append_action`.
    pub data_len: u16,
    /// The instruction's accounts in order.
    pub accounts: Vec<ActionAccount>,
    /// The instruction's data, or its first part.
    pub data: Vec<u8>,
}

/// Accounts of `add_action`.
#[derive(Accounts)]
pub struct AddAction {
    /// The proposer's wallet; pays for the action and gets its rent back.
    #[cfg_attr(feature = "idl-build", account(mut))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(authority.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub authority: Signer,
    /// The proposer, for its wallet of the moment.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &proposal.proposer) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The realm, for its treasuries.
    #[cfg_attr(feature = "idl-build", account(address = proposal.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &proposal.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The draft.
    #[account(mut)]
    pub proposal: Own<Proposal>,
    /// The action to create; its size depends on its accounts and data.
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [ACTION_SEED, proposal.address().as_ref(), core::slice::from_ref(&proposal.action_count)],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub action: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the proposal is a draft of the signer with fewer than eight actions; the choice is offered and not "none"
/// - at most 24 accounts and 1,024 bytes of data, of which the first sixteen are here; the rest may follow in parts
/// - only the lane's treasury may be a signer; of this program only what `is_allowed_self_call` lists is called
/// - an upgrade must be pinned before the draft is submitted
/// - an action that does more than pay from the treasury raises the proposal's threshold, a call of the loader its timelock too
pub(crate) fn handler(ctx: &mut Context<AddAction>, call: &ActionCall) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let lane = usize::from(call.lane);
    let treasury = *accounts
        .realm
        .treasuries
        .get(lane)
        .ok_or(GovernanceError::LaneOutOfBounds)?;
    let data_len = usize::from(call.data_len);
    let space = action_len(call.accounts.len(), data_len)?;
    require!(call.data.len() <= data_len, GovernanceError::PartOutOfBounds);
    require!(
        call.data.len() >= data_len.min(FIRST_PART_BYTES),
        GovernanceError::FirstPartTooShort
    );
    let program = Address::new_from_array(call.program);
    validate_message(&program, &treasury, &call.accounts, &call.data)?;
    let class = class_of(&program, &call.data);
    let touches = touched_chambers(&program, &call.accounts);
    let missing = u8::from(call.data.len() < data_len).saturating_add(u8::from(class == CLASS_UPGRADE));
    let index = accounts.proposal.action_count;
    // what else the loader does can end in other code as well: whoever is handed the authority deploys at will
    let weight = if program == UPGRADEABLE_LOADER {
        CLASS_UPGRADE
    } else {
        class
    };
    let order = accounts.proposal.apply_action(call.choice, weight, touches, missing)?;
    accounts.proposal.invariant()?;
    let proposal = *accounts.proposal.address();
    let (payer, action) = (accounts.authority.account(), accounts.action.account());
    let seeds: [&[u8]; 3] = [ACTION_SEED, proposal.as_array(), &[index]];
    let bump = create_derived(payer, action, &seeds, space as u64, &crate::ID)?;
    ProposalAction {
        version: LAYOUT_VERSION,
        bump,
        index,
        choice: call.choice,
        order,
        lane: call.lane,
        account_count: u8::try_from(call.accounts.len()).map_err(|_| GovernanceError::TooManyActionAccounts)?,
        proposal,
        program,
        treasury,
        rent_payer: *payer.address(),
        outflow_lamports: call.outflow_lamports.into(),
        outflow_mint: Address::new_from_array(call.outflow_mint),
        outflow_atoms: call.outflow_atoms.into(),
        data_len: call.data_len.into(),
        data_written: u16::try_from(call.data.len())
            .map_err(|_| GovernanceError::ActionDataTooLong)?
            .into(),
        class,
        ..bytemuck::Zeroable::zeroed()
    }
    .write(action, &call.accounts, &call.data)?;
    log(ActionAdded {
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
