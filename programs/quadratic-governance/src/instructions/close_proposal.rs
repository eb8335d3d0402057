//! `close_proposal`

use {
    super::cancel_proposal::announce_end,
    crate::{
        cpi::{close_state, move_lamports},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `close_proposal`. Nobody needs to sign.
#[derive(Accounts)]
pub struct CloseProposal {
    /// The realm, for its treasury.
    #[account(address = proposal.realm)]
    pub realm: Own<Realm>,
    /// The finished proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
    /// The proposer; it counts its open proposals.
    #[account(mut, address = proposal.proposer)]
    pub person: Own<Person>,
    /// The wallet that paid rent and bond.
    #[account(mut, address = proposal.authority)]
    pub authority: UncheckedAccount,
    /// Lane 0's treasury, for a bond that was forfeited.
    #[account(mut, address = realm.treasuries[0])]
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
