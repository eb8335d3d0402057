//! `disable_attestor`

use {
    crate::{
        attestation::refuse_durable_nonce,
        calls::close_state,
        errors::GovernanceError,
        events::{log, AttestorDisabled},
        instructions::{now_ts, INSTRUCTIONS_SYSVAR},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `disable_attestor`.
#[derive(Accounts)]
pub struct DisableAttestor {
    /// Founder or guardian before their sunsets, or treasury lane 0 in an executed proposal; anybody after the attestor's term.
    pub authority: Signer,
    /// The realm.
    #[account(mut)]
    pub realm: Own<Realm>,
    /// The attestor to disable.
    #[account(
        mut,
        constraint = same(&attestor.realm, realm.address()) @ GovernanceError::AttestorOfOtherRealm
    )]
    pub attestor: Own<Attestor>,
    /// Who paid for the attestor's account; may be the authority.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = attestor.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &attestor.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// The transaction's instructions, to refuse a durable nonce.
    #[cfg_attr(feature = "idl-build", account(address = INSTRUCTIONS_SYSVAR))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(instructions.address(), &INSTRUCTIONS_SYSVAR) @ ErrorCode::ConstraintAddress))]
    pub instructions: UncheckedAccount,
}

/// Specification:
/// - founder or guardian sign before their sunsets, or lane 0 by an executed proposal; after the attestor's term anybody
/// - the transaction does not start with a nonce advance
/// - the slot is free again; persons of the attestor keep their bucket
pub(crate) fn handler(ctx: &mut Context<DisableAttestor>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let power = accounts.realm.attestor_power(accounts.authority.address(), now);
    let is_over = accounts.attestor.validate_term(now).is_err();
    require!(power.is_some() || is_over, GovernanceError::NotAuthorized);
    refuse_durable_nonce(accounts.instructions.account())?;
    let (key, slot) = (accounts.attestor.key, accounts.attestor.slot);
    accounts.realm.vacate_slot(slot)?;
    accounts.realm.invariant()?;
    log(AttestorDisabled {
        realm: *accounts.realm.address(),
        key,
        slot,
    });
    close_state(accounts.attestor.account(), accounts.rent_payer.account())
}
