//! `add_attestor`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    crate::{
        constants::*, cpi::refuse_durable_nonce, errors::GovernanceError, events::AttestorAdded, instructions::now_ts,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `add_attestor`.
#[derive(Accounts)]
#[instruction(key: [u8; 32])]
pub struct AddAttestor {
    /// The founder before the sunset, or treasury lane 0 in an executed proposal; pays for the account.
    #[account(mut)]
    pub authority: Signer,
    /// The realm.
    #[account(mut)]
    pub realm: Account<Realm>,
    /// The attestor to create.
    #[account(init, payer = authority, seeds = [ATTESTOR_SEED, realm.address().as_ref(), &key], bump)]
    pub attestor: Account<Attestor>,
    /// The transaction's instructions, to refuse a durable nonce.
    pub instructions: Sysvar<SysvarInstructions>,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the founder signs before the sunset, or lane 0 by an executed proposal; the guardian may not
/// - the transaction does not start with a nonce advance
/// - the slot is free and the quota is not zero
pub(crate) fn handler(ctx: &mut Context<AddAttestor>, key: [u8; 32], slot: u8, quota_per_epoch: u32) -> Result<()> {
    let now = now_ts()?;
    let power = ctx.accounts.realm.attestor_power(ctx.accounts.authority.address(), now);
    let may_add = matches!(power, Some(AttestorPower::Founder | AttestorPower::Treasury));
    require!(may_add, GovernanceError::NotAuthorized);
    refuse_durable_nonce(&ctx.accounts.instructions)?;
    require!(usize::from(slot) < BUCKETS, GovernanceError::SlotOutOfBounds);
    require!(quota_per_epoch != 0, GovernanceError::QuotaIsZero);
    ctx.accounts.realm.occupy_slot(slot)?;
    let realm = *ctx.accounts.realm.address();
    let rent_payer = *ctx.accounts.authority.address();
    let bump = ctx.bumps.attestor;
    let attestor = &mut *ctx.accounts.attestor;
    attestor.version = LAYOUT_VERSION;
    attestor.bump = bump;
    attestor.slot = slot;
    attestor.realm = realm;
    attestor.key = Address::new_from_array(key);
    attestor.rent_payer = rent_payer;
    attestor.enabled_until_ts = i64::MAX.into();
    attestor.quota_per_epoch = quota_per_epoch.into();
    ctx.accounts.realm.invariant()?;
    emit!(AttestorAdded {
        realm,
        key: Address::new_from_array(key),
        quota_per_epoch: quota_per_epoch.into(),
        slot,
    });
    Ok(())
}
