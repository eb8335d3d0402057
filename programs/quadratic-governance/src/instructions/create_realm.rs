//! `create_realm`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    crate::{
        calls::create_state,
        constants::*,
        errors::GovernanceError,
        events::{log, RealmCreated},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::prelude::*,
    commonweal_interface::policy::accept_mint,
};

/// What the founder chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct RealmChoice {
    /// Whether this is a rehearsal, with floors of seconds; never changes.
    pub rehearsal: bool,
    /// Scheme the attestors derive nullifiers by; never changes.
    pub nullifier_scheme: u8,
    /// Genesis hash of the cluster, which attestors sign; never changes.
    pub cluster: [u8; 32],
    /// What earns seats in the chambers.
    pub chambers: ChamberChoice,
    /// The guardian's key; it may disable attestors until its sunset.
    pub guardian: [u8; 32],
    /// Unix time in seconds from which the founder has no power; within a year.
    pub founder_sunset_ts: i64,
    /// Unix time in seconds from which the guardian has no power; within a year.
    pub guardian_sunset_ts: i64,
    /// Delays, budgets, quorums and thresholds.
    pub parameters: RealmParameters,
}

/// What earns seats in the chambers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct ChamberChoice {
    /// Pool config whose pools' locks earn seats of the liquidity chamber; zero for no such chamber.
    pub liquidity_config: [u8; 32],
    /// Number of the escrow config whose slots earn seats of the provider chamber, plus one; zero for no such chamber.
    pub escrow_config_number: u32,
}

/// Accounts of `create_realm`.
#[derive(Accounts)]
#[cfg_attr(feature = "idl-build", instruction(name_hash: [u8; 32]))]
pub struct CreateRealm {
    /// Pays for the realm and may change its attestors until the sunset.
    #[account(mut)]
    pub founder: Signer,
    /// The realm to create.
    #[cfg_attr(feature = "idl-build", account(mut, seeds = [REALM_SEED, &name_hash], bump))]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub realm: UncheckedAccount,
    /// Mint of the stake.
    pub governing_mint: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - every parameter is within the bounds of its kind of realm
/// - both sunsets lie ahead, at most a year
/// - the mint is plain: no extension or authority can change, move or freeze stakes
/// - the treasuries' addresses and bumps are derived here once
pub(crate) fn handler(ctx: &mut Context<CreateRealm>, name_hash: [u8; 32], choice: &RealmChoice) -> Result<()> {
    let now = now_ts()?;
    choice.parameters.validate(choice.rehearsal)?;
    for sunset in [choice.founder_sunset_ts, choice.guardian_sunset_ts] {
        let in_bounds = sunset > now && sunset.saturating_sub(now) <= MAX_SUNSET_S;
        require!(in_bounds, GovernanceError::SunsetOutOfBounds);
    }
    let mint = ctx.accounts.governing_mint.account();
    {
        // SAFETY: the bytes are only read, within this block.
        let data = unsafe { mint.borrow_unchecked() };
        let accepted = accept_mint(mint.owner(), data, false).map_err(|_| GovernanceError::MintRefused)?;
        require!(
            accepted.state.freeze_authority.is_none(),
            GovernanceError::MintFreezable
        );
    }
    let (founder, account) = (ctx.accounts.founder.account(), ctx.accounts.realm.account());
    let (mut realm, bump): (Own<Realm>, u8) = create_state(founder, account, &[REALM_SEED, &name_hash])?;
    let realm_address = *account.address();
    let governing_mint = *mint.address();
    let founder = *ctx.accounts.founder.address();
    realm.version = LAYOUT_VERSION;
    realm.bump = bump;
    realm.rehearsal = u8::from(choice.rehearsal);
    realm.governing_mint = governing_mint;
    realm.founder = founder;
    realm.guardian = Address::new_from_array(choice.guardian);
    realm.name_hash = name_hash;
    realm.founder_sunset_ts = choice.founder_sunset_ts.into();
    realm.guardian_sunset_ts = choice.guardian_sunset_ts.into();
    realm.genesis_ts = now.into();
    realm.epoch_s = choice.parameters.epoch_s.into();
    realm.rules = choice.parameters.to_rules();
    realm.nullifier_scheme = choice.nullifier_scheme;
    realm.cluster = choice.cluster;
    realm.apply_chambers(&choice.chambers);
    for voted in realm.voted.iter_mut() {
        voted.epoch = NO_EPOCH.into();
    }
    let realm = &mut *realm;
    for ((lane, address), bump) in (0u8..)
        .zip(realm.treasuries.iter_mut())
        .zip(realm.treasury_bumps.iter_mut())
    {
        (*address, *bump) = find_program_address(&[TREASURY_SEED, realm_address.as_array(), &[lane]], &crate::ID);
    }
    realm.invariant()?;
    log(RealmCreated {
        realm: realm_address,
        governing_mint,
        founder,
        genesis_ts: now.into(),
        rehearsal: u8::from(choice.rehearsal),
    });
    Ok(())
}
