//! `create_proposal`

use {
    crate::{
        calls::{create_state, hold_bond},
        constants::*,
        errors::GovernanceError,
        events::{log, ProposalCreated},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `create_proposal`.
#[derive(Accounts)]
pub struct CreateProposal {
    /// The proposer's wallet: pays rent and bond and gets both back.
    #[cfg_attr(feature = "idl-build", account(mut, address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The proposer; it counts its open proposals.
    #[account(mut)]
    pub person: Own<Person>,
    /// The realm; it counts proposals.
    #[cfg_attr(feature = "idl-build", account(mut, address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The proposal to create.
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [PROPOSAL_SEED, realm.address().as_ref(), bytemuck::bytes_of(&realm.proposal_count)],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub proposal: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - an active person's wallet signs; fewer than eight of the person's proposals are open
/// - one to eight choices; "none" is always offered besides
/// - the bond doubles with every sixteen proposals of the epoch and is held by the proposal's account
pub(crate) fn handler(ctx: &mut Context<CreateProposal>, content_hash: [u8; 32], choices: u8) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    accounts.person.validate_active(now)?;
    require!(
        (1..=MAX_CHOICES).contains(&choices),
        GovernanceError::ChoicesOutOfBounds
    );
    accounts.person.apply_open_proposal()?;
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch)?;
    let (index, bond_lamports) = accounts.realm.count_proposal()?;
    let epoch_end_ts = accounts.realm.epoch_end(current_epoch)?;
    accounts.realm.invariant()?;
    let realm = *accounts.realm.address();
    let proposer = *accounts.person.address();
    let wallet = accounts.wallet.account();
    let seeds: [&[u8]; 3] = [PROPOSAL_SEED, realm.as_array(), &index.to_le_bytes()];
    let (mut proposal, bump): (Own<Proposal>, u8) = create_state(wallet, accounts.proposal.account(), &seeds)?;
    proposal.version = LAYOUT_VERSION;
    proposal.bump = bump;
    proposal.choices = choices;
    proposal.winner = NO_LEADER;
    proposal.late_leader = NO_LEADER;
    proposal.extension_leader = NO_LEADER;
    proposal.realm = realm;
    proposal.proposer = proposer;
    proposal.authority = *wallet.address();
    proposal.content_hash = content_hash;
    proposal.index = index.into();
    proposal.vote_epoch = NO_EPOCH.into();
    proposal.created_ts = now.into();
    proposal.expires_ts = epoch_end_ts.into();
    proposal.bond_lamports = bond_lamports.into();
    proposal.invariant()?;
    hold_bond(wallet, accounts.proposal.account(), bond_lamports)?;
    log(ProposalCreated {
        realm,
        proposal: *proposal.address(),
        proposer,
        content_hash,
        bond_lamports: bond_lamports.into(),
        index: index.into(),
        choices,
    });
    Ok(())
}
