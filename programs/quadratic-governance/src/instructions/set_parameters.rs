//! `set_parameters`, `set_chambers` and `set_identity_cost`: what a vote can change of the realm itself.

use {
    super::create_realm::ChamberChoice,
    crate::{
        constants::*,
        errors::GovernanceError,
        events::{log, ChambersSet, IdentityCostSet, ParametersSet},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `set_parameters` and `set_chambers`.
#[derive(Accounts)]
pub struct SetParameters {
    /// Treasury lane 0, in an executed proposal.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &realm.treasuries[0]) @ GovernanceError::NotAuthorized))]
    pub authority: Signer,
    /// The realm.
    #[account(mut)]
    pub realm: Own<Realm>,
}

/// Specification:
/// - lane 0 signs, which only an executed proposal makes it do
/// - every parameter is within the bounds of its kind of realm, and none can brick it: the epoch holds the votes under way, the
///   quorum's floor is at most half of the persons, attestors are enough, the identity cost rises by a tenth at most
/// - they hold from the epoch after next on, so that no submitted proposal meets them (G7); until then nothing else is set
pub(crate) fn handler(ctx: &mut Context<SetParameters>, parameters: &RealmParameters) -> Result<()> {
    let realm = &mut ctx.accounts.realm;
    let current_epoch = realm.epoch_at(now_ts()?)?;
    realm.roll(current_epoch)?;
    parameters.validate(realm.is_rehearsal())?;
    let floors = Floors::of(realm.is_rehearsal());
    parameters.validate_change(
        &realm.rules,
        realm.persons.get(),
        realm.attestor_count,
        floors.min_persons,
    )?;
    let from_epoch = realm.apply_parameters(&parameters.to_rules(), parameters.epoch_s, current_epoch)?;
    log(ParametersSet {
        realm: *realm.address(),
        rules: realm.next_rules,
        epoch_s: realm.next_epoch_s,
        from_epoch: from_epoch.into(),
        budget_version: realm.next_budget_version,
    });
    Ok(())
}

/// Specification:
/// - lane 0 signs, which only an executed proposal makes it do
/// - seats that are there stay; new ones are earned by the new configs
pub(crate) fn chambers_handler(ctx: &mut Context<SetParameters>, chambers: &ChamberChoice) -> Result<()> {
    let realm = &mut ctx.accounts.realm;
    realm.apply_chambers(chambers);
    log(ChambersSet {
        realm: *realm.address(),
        liquidity_config: realm.liquidity_config,
        escrow_config_number: realm.escrow_config_number,
    });
    Ok(())
}

/// Accounts of `set_identity_cost`.
#[derive(Accounts)]
pub struct SetIdentityCost {
    /// Treasury lane 0, in an executed proposal.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(authority.address(), &realm.treasuries[0]) @ GovernanceError::NotAuthorized))]
    pub authority: Signer,
    /// The realm.
    #[cfg_attr(feature = "idl-build", account(address = book.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &book.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The book of a lane and mint.
    #[account(mut)]
    pub book: Own<TokenBook>,
}

/// Specification:
/// - lane 0 signs, which only an executed proposal makes it do
/// - not zero; once set it rises by a tenth at most, once an epoch
pub(crate) fn cost_handler(ctx: &mut Context<SetIdentityCost>, identity_cost_atoms: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now_ts()?)?;
    accounts.book.apply_identity_cost(identity_cost_atoms, current_epoch)?;
    log(IdentityCostSet {
        realm: accounts.book.realm,
        book: *accounts.book.address(),
        mint: accounts.book.mint,
        identity_cost_atoms: accounts.book.identity_cost_atoms,
        lane: accounts.book.lane,
    });
    Ok(())
}
