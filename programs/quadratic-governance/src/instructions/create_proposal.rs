//! `create_proposal`

use {
    crate::{
        constants::*, cpi::hold_bond, errors::GovernanceError, events::ProposalCreated, instructions::now_ts, state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `create_proposal`.
#[derive(Accounts)]
pub struct CreateProposal {
    /// The proposer's wallet: pays rent and bond and gets both back.
    #[account(mut, address = person.wallet)]
    pub wallet: Signer,
    /// The proposer.
    pub person: Account<Person>,
    /// The realm; it counts proposals.
    #[account(mut, address = person.realm)]
    pub realm: Account<Realm>,
    /// The proposal to create.
    #[account(
        init,
        payer = wallet,
        seeds = [PROPOSAL_SEED, realm.address().as_ref(), bytemuck::bytes_of(&realm.proposal_count)],
        bump
    )]
    pub proposal: Account<Proposal>,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - an active person's wallet signs
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
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch);
    let (index, bond_lamports) = accounts.realm.count_proposal()?;
    let epoch_end_ts = accounts.realm.epoch_end(current_epoch)?;
    let realm_address = *accounts.realm.address();
    let proposal_address = *accounts.proposal.address();
    let proposer = *accounts.person.address();
    let proposal = &mut *accounts.proposal;
    proposal.version = LAYOUT_VERSION;
    proposal.bump = ctx.bumps.proposal;
    proposal.choices = choices;
    proposal.winner = NO_LEADER;
    proposal.late_leader = NO_LEADER;
    proposal.extension_leader = NO_LEADER;
    proposal.realm = realm_address;
    proposal.proposer = proposer;
    proposal.authority = *accounts.wallet.address();
    proposal.content_hash = content_hash;
    proposal.index = index.into();
    proposal.vote_epoch = NO_EPOCH.into();
    proposal.created_ts = now.into();
    proposal.expires_ts = epoch_end_ts.into();
    proposal.bond_lamports = bond_lamports.into();
    proposal.invariant()?;
    hold_bond(accounts.wallet.account(), accounts.proposal.account(), bond_lamports)?;
    accounts.realm.invariant()?;
    emit!(ProposalCreated {
        realm: realm_address,
        proposal: proposal_address,
        proposer,
        content_hash,
        bond_lamports: bond_lamports.into(),
        index: index.into(),
        choices,
    });
    Ok(())
}
