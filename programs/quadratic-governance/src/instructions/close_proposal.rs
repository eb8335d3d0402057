//! `close_proposal`

use {
    super::cancel_proposal::announce_end,
    crate::{
        calls::{close_state, move_lamports},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `close_proposal`. Nobody needs to sign.
#[derive(Accounts)]
pub struct CloseProposal {
    /// The realm, for its treasury.
    #[cfg_attr(feature = "idl-build", account(address = proposal.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &proposal.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The finished proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
    /// The proposer; it counts its open proposals.
    #[cfg_attr(feature = "idl-build", account(mut))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(person.address(), &proposal.proposer) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The wallet that paid rent and bond.
    #[cfg_attr(feature = "idl-build", account(mut, address = proposal.authority))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(authority.address(), &proposal.authority) @ ErrorCode::ConstraintAddress))]
    pub authority: UncheckedAccount,
    /// Lane 0's treasury, for a bond that was forfeited.
    #[cfg_attr(feature = "idl-build", account(mut))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(treasury.address(), &realm.treasuries[0]) @ ErrorCode::ConstraintAddress))]
    pub treasury: UncheckedAccount,
}

/// Specification:
/// - the proposal is finished and its actions are closed; a vetoed one only when no vote over the veto can be called any more
/// - a cancelled proposal's bond stays to the end of the epoch it was created in: one bond cannot double the others' again
///   and again
/// - rent and bond return to the proposer, the bond of what was vetoed as spam goes to the treasury; the index is never used again
pub(crate) fn handler(ctx: &mut Context<CloseProposal>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let proposal = &accounts.proposal;
    proposal.validate_close(now_ts()?)?;
    accounts.person.apply_closed_proposal()?;
    if proposal.forfeits_bond() {
        move_lamports(
            proposal.account(),
            accounts.treasury.account(),
            proposal.bond_lamports.get(),
        )?;
    }
    announce_end(proposal, 1);
    close_state(accounts.proposal.account(), accounts.authority.account())
}
