//! `add_attestor`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    crate::{
        attestation::refuse_durable_nonce,
        calls::create_state,
        constants::*,
        errors::GovernanceError,
        events::{log, AttestorAdded},
        instructions::{now_ts, INSTRUCTIONS_SYSVAR},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// What an attestor is and may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct AttestorChoice {
    /// Slot 0 to 15: the cohort bucket of its persons.
    pub slot: u8,
    /// 0: the key signs; 1: the key is an issuer of the Solana Attestation Service, whose credentials count.
    pub kind: u8,
    /// Registrations it may sign in an epoch.
    pub quota_per_epoch: u32,
    /// End of its term, Unix time in seconds; within two years.
    pub enabled_until_ts: i64,
    /// The schema of its credentials; zero for a key.
    pub schema: [u8; 32],
    /// The name of its cohort for people to read, UTF-8, filled up with zeros.
    pub label: [u8; 32],
}

/// Accounts of `add_attestor`.
#[derive(Accounts)]
#[cfg_attr(feature = "idl-build", instruction(key: [u8; 32]))]
pub struct AddAttestor {
    /// The founder before the sunset, or treasury lane 0 in an executed proposal; pays for the account.
    #[account(mut)]
    pub authority: Signer,
    /// The realm.
    #[account(mut)]
    pub realm: Own<Realm>,
    /// The attestor to create.
    #[cfg_attr(feature = "idl-build", account(mut, seeds = [ATTESTOR_SEED, realm.address().as_ref(), &key], bump))]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub attestor: UncheckedAccount,
    /// The transaction's instructions, to refuse a durable nonce.
    #[cfg_attr(feature = "idl-build", account(address = INSTRUCTIONS_SYSVAR))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(instructions.address(), &INSTRUCTIONS_SYSVAR) @ ErrorCode::ConstraintAddress))]
    pub instructions: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the founder signs before the sunset, or lane 0 by an executed proposal; the guardian may not
/// - the transaction does not start with a nonce advance
/// - the slot is free, the quota is not zero, the term ends within two years, the kind is known
pub(crate) fn handler(ctx: &mut Context<AddAttestor>, key: [u8; 32], choice: &AttestorChoice) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let power = accounts.realm.attestor_power(accounts.authority.address(), now);
    let may_add = matches!(power, Some(AttestorPower::Founder | AttestorPower::Treasury));
    require!(may_add, GovernanceError::NotAuthorized);
    refuse_durable_nonce(accounts.instructions.account())?;
    require!(usize::from(choice.slot) < BUCKETS, GovernanceError::SlotOutOfBounds);
    require!(choice.quota_per_epoch != 0, GovernanceError::QuotaIsZero);
    require!(
        choice.kind <= AttestorKind::Issuer as u8,
        GovernanceError::AttestorKindUnknown
    );
    let until = choice.enabled_until_ts;
    let in_bounds = until > now && until.saturating_sub(now) <= MAX_ATTESTOR_TERM_S;
    require!(in_bounds, GovernanceError::TermOutOfBounds);
    accounts.realm.occupy_slot(choice.slot)?;
    accounts.realm.invariant()?;
    let realm = *accounts.realm.address();
    let seeds: [&[u8]; 3] = [ATTESTOR_SEED, realm.as_array(), &key];
    let (mut attestor, bump): (Own<Attestor>, u8) =
        create_state(accounts.authority.account(), accounts.attestor.account(), &seeds)?;
    attestor.version = LAYOUT_VERSION;
    attestor.bump = bump;
    attestor.slot = choice.slot;
    attestor.kind = choice.kind;
    attestor.realm = realm;
    attestor.key = Address::new_from_array(key);
    attestor.rent_payer = *accounts.authority.address();
    attestor.enabled_until_ts = until.into();
    attestor.quota_per_epoch = choice.quota_per_epoch.into();
    attestor.schema = Address::new_from_array(choice.schema);
    attestor.label = choice.label;
    log(AttestorAdded {
        realm,
        key: attestor.key,
        label: choice.label,
        enabled_until_ts: until.into(),
        quota_per_epoch: choice.quota_per_epoch.into(),
        slot: choice.slot,
        kind: choice.kind,
    });
    Ok(())
}
