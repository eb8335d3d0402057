//! `initialize_config`

use {
    super::listed_mint,
    crate::{
        calls::create_state,
        constants::*,
        events::{log, ConfigInitialized},
        state::*,
    },
    anchor_lang::{prelude::*, Address, AnchorDeserialize, AnchorSerialize, IdlType},
};

/// What a config is created with.
#[derive(Clone, Copy, AnchorDeserialize, AnchorSerialize, IdlType)]
pub struct InitializeConfigArgs {
    /// Number of the config; its address is `["config", id u16 LE]`.
    pub id: u16,
    /// Must equal the realm's flag; a rehearsal allows times of seconds.
    pub is_rehearsal: bool,
    /// Who may change the parameters later.
    pub authority: Address,
    /// Genesis hash of the cluster; never changes.
    pub genesis_hash: [u8; 32],
    /// The parameters.
    pub params: ConfigParams,
}

/// Accounts of `initialize_config`.
#[derive(Accounts)]
pub struct InitializeConfig {
    /// Pays the config's rent, for good.
    #[account(mut)]
    pub payer: Signer,
    /// The config to create.
    #[account(mut)]
    pub config: UncheckedAccount,
    /// The governance realm it belongs to.
    pub realm: UncheckedAccount,
    /// The first mint jobs may be paid in.
    pub mint: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the realm is one of the governance program and has the same rehearsal flag
/// - every parameter is within its ceiling; authority and treasury are not zero
/// - the mint passes the extension policy, exact transfers only
/// - the address says nothing of who made it: clients take a config's address from a source they trust
pub fn initialize_config(a: &mut InitializeConfig, args: &InitializeConfigArgs) -> Step {
    let seeds: [&[u8]; 2] = [CONFIG_SEED, &args.id.to_le_bytes()];
    let mut config: Own<EscrowConfig> = create_state(a.payer.account(), a.config.account(), &seeds)?;
    let is_rehearsal = read_realm_rehearsal(a.realm.account())?;
    require!(
        is_rehearsal == args.is_rehearsal,
        crate::errors::EscrowError::RehearsalMismatch
    );
    require!(!is_none(&args.authority), crate::errors::EscrowError::ZeroAddress);
    EscrowConfig::validate_params(&args.params)?;
    let entry = listed_mint(a.mint.account())?;

    config.is_rehearsal = u8::from(is_rehearsal);
    config.id = args.id.into();
    config.authority = args.authority;
    config.realm = *a.realm.address();
    config.genesis_hash = args.genesis_hash;
    config.apply_params(&args.params);
    config.court.apply(&CourtParams::initial(is_rehearsal));
    config.allow_mint(entry)?;
    config.invariant()?;

    log(ConfigInitialized {
        config: *config.address(),
        authority: args.authority,
        realm: config.realm,
        treasury: config.treasury,
        mint: entry.mint,
        crank_bounty_lamports: config.crank_bounty_lamports,
        min_bond_lamports: config.min_bond_lamports,
        fee_ppm: config.fee_ppm,
        id: config.id,
        is_rehearsal: config.is_rehearsal,
    });
    Ok(())
}
