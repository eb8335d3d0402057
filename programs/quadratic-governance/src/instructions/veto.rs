//! `veto`, `override_veto` and `resign_guardian`

use {
    super::{cancel_proposal::announce_end, submit_proposal::announce_vote},
    crate::{
        attestation::refuse_durable_nonce,
        errors::GovernanceError,
        events::{log, GuardianResigned},
        instructions::{now_ts, INSTRUCTIONS_SYSVAR},
        math::epoch,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `veto`.
#[derive(Accounts)]
pub struct Veto {
    /// The guardian.
    #[cfg_attr(feature = "idl-build", account(address = realm.guardian))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(guardian.address(), &realm.guardian) @ ErrorCode::ConstraintAddress))]
    pub guardian: Signer,
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

/// Until when a vote over a veto of now can be called: to the end of the next epoch.
pub(crate) fn override_until(realm: &Realm, now_ts: i64) -> Result<i64> {
    let current_epoch = realm.epoch_at(now_ts)?;
    realm.epoch_end(epoch::add(current_epoch, 1)?)
}

/// Specification:
/// - the guardian signs before its sunset; the transaction does not start with a nonce advance
/// - the proposal is submitted and its timelock, counted from its vote, has not ended; no vote over a veto was called
/// - as spam only before the vote begins: then the bond is forfeited, unless a vote says otherwise; no credits are given back
pub(crate) fn handler(ctx: &mut Context<Veto>, as_spam: bool) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    require!(
        now < accounts.realm.guardian_sunset_ts.get(),
        GovernanceError::NotAuthorized
    );
    refuse_durable_nonce(accounts.instructions.account())?;
    let proposal = &mut accounts.proposal;
    proposal.validate_veto(now)?;
    let mut by = VETO_GUARDIAN;
    if as_spam {
        let in_review = proposal.is(Status::Submitted) && proposal.phase(now)? == Phase::Review;
        require!(in_review, GovernanceError::VetoTooLate);
        by = VETO_SPAM;
    }
    proposal.apply_veto(by, override_until(&accounts.realm, now)?);
    announce_end(proposal, 0);
    Ok(())
}

/// Accounts of `override_veto`.
#[derive(Accounts)]
pub struct OverrideVeto {
    /// Wallet of any active person.
    #[cfg_attr(feature = "idl-build", account(address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The person who calls the vote.
    pub person: Own<Person>,
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(mut, address = proposal.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &proposal.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The vetoed proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - an active person of the realm signs, in the epoch of the veto or the next one
/// - the proposal is voted on again in the following epoch from nothing, under the rules of its submission; three quarters pass it,
///   and nobody can veto it again
pub(crate) fn override_handler(ctx: &mut Context<OverrideVeto>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    accounts.person.validate_active(now)?;
    require!(
        same(&accounts.person.realm, accounts.realm.address()),
        GovernanceError::NotAuthorized
    );
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch)?;
    accounts.proposal.apply_override(&accounts.realm, current_epoch, now)?;
    announce_vote(&accounts.proposal);
    Ok(())
}

/// Accounts of `resign_guardian`.
#[derive(Accounts)]
pub struct ResignGuardian {
    /// The guardian.
    #[cfg_attr(feature = "idl-build", account(address = realm.guardian))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(guardian.address(), &realm.guardian) @ ErrorCode::ConstraintAddress))]
    pub guardian: Signer,
    /// The realm.
    #[account(mut)]
    pub realm: Own<Realm>,
}

/// Specification:
/// - the guardian signs, and its sunset is now: there is no guardian any more
pub(crate) fn resign_handler(ctx: &mut Context<ResignGuardian>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.realm.guardian = Address::default();
    accounts.realm.guardian_sunset_ts = now_ts()?.into();
    log(GuardianResigned {
        realm: *accounts.realm.address(),
        guardian: *accounts.guardian.address(),
    });
    Ok(())
}
