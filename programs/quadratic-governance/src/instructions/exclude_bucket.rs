//! `exclude_bucket`

use {
    crate::{
        attestation::{refuse_durable_nonce, signing_attestors},
        errors::GovernanceError,
        events::{log, BucketExcluded},
        instructions::{now_ts, INSTRUCTIONS_SYSVAR},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `exclude_bucket`, followed by a pair (attestor, key) for each attestor, unless the guardian signs.
#[derive(Accounts)]
pub struct ExcludeBucket {
    /// The guardian, or anybody with the attestors.
    pub authority: Signer,
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(address = proposal.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &proposal.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
    /// The transaction's instructions, to refuse a durable nonce.
    #[cfg_attr(feature = "idl-build", account(address = INSTRUCTIONS_SYSVAR))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(instructions.address(), &INSTRUCTIONS_SYSVAR) @ ErrorCode::ConstraintAddress))]
    pub instructions: UncheckedAccount,
}

/// Specification:
/// - the guardian signs before its sunset, or the realm's number of attestors of other buckets do
/// - the transaction does not start with a nonce advance
/// - the proposal is in its challenge; at most four buckets are left out of a decision
pub(crate) fn handler(ctx: &mut Context<ExcludeBucket>, pairs: &[AccountView], slot: u8) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    refuse_durable_nonce(accounts.instructions.account())?;
    let realm = &accounts.realm;
    let by_guardian = pairs.is_empty();
    if by_guardian {
        let is_guardian = same(accounts.authority.address(), &realm.guardian) && now < realm.guardian_sunset_ts.get();
        require!(is_guardian, GovernanceError::NotAuthorized);
    } else {
        // a change that is due may not have been rolled in yet
        let rules = realm.rules_for(realm.epoch_at(now)?);
        let needed = usize::from(rules.attestations);
        let slots = signing_attestors(pairs, realm.address(), needed, now)?;
        require!(slots & slot_bit(slot)? == 0, GovernanceError::NotAuthorized);
    }
    accounts.proposal.apply_exclusion(slot, now)?;
    log(BucketExcluded {
        proposal: *accounts.proposal.address(),
        excluded_mask: accounts.proposal.excluded_mask,
        slot,
        by_guardian: u8::from(by_guardian),
    });
    Ok(())
}
