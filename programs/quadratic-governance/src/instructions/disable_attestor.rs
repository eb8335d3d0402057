//! `disable_attestor`

use {
    crate::{
        cpi::refuse_durable_nonce, errors::GovernanceError, events::AttestorDisabled, instructions::now_ts, state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `disable_attestor`.
#[derive(Accounts)]
pub struct DisableAttestor {
    /// Founder or guardian before their sunsets, or treasury lane 0 in an executed proposal.
    pub authority: Signer,
    /// The realm.
    #[account(mut)]
    pub realm: Account<Realm>,
    /// The attestor to disable.
    #[account(
        mut,
        close = rent_payer,
        constraint = attestor.realm == *realm.address() @ GovernanceError::AttestorOfOtherRealm
    )]
    pub attestor: Account<Attestor>,
    /// Who paid for the attestor's account; may be the authority.
    #[account(mut, unsafe(dup), address = attestor.rent_payer)]
    pub rent_payer: UncheckedAccount,
    /// The transaction's instructions, to refuse a durable nonce.
    pub instructions: Sysvar<SysvarInstructions>,
}

/// Specification:
/// - founder or guardian sign before their sunsets, or lane 0 by an executed proposal
/// - the transaction does not start with a nonce advance
/// - the slot is free again; persons of the attestor keep their bucket
pub(crate) fn handler(ctx: &mut Context<DisableAttestor>) -> Result<()> {
    let now = now_ts()?;
    let power = ctx.accounts.realm.attestor_power(ctx.accounts.authority.address(), now);
    require!(power.is_some(), GovernanceError::NotAuthorized);
    refuse_durable_nonce(&ctx.accounts.instructions)?;
    let (key, slot) = (ctx.accounts.attestor.key, ctx.accounts.attestor.slot);
    ctx.accounts.realm.vacate_slot(slot)?;
    ctx.accounts.realm.invariant()?;
    emit!(AttestorDisabled {
        realm: *ctx.accounts.realm.address(),
        key,
        slot
    });
    Ok(())
}
