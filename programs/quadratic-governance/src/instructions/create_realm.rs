//! `create_realm`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    crate::{constants::*, errors::GovernanceError, events::RealmCreated, instructions::now_ts, state::*},
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
    /// The guardian's key; it may disable attestors until its sunset.
    pub guardian: [u8; 32],
    /// Unix time in seconds from which the founder has no power; within a year.
    pub founder_sunset_ts: i64,
    /// Unix time in seconds from which the guardian has no power; within a year.
    pub guardian_sunset_ts: i64,
    /// Delays, budgets, quorums and thresholds.
    pub parameters: RealmParameters,
}

/// Accounts of `create_realm`.
#[derive(Accounts)]
#[instruction(name_hash: [u8; 32])]
pub struct CreateRealm {
    /// Pays for the realm and may change its attestors until the sunset.
    #[account(mut)]
    pub founder: Signer,
    /// The realm to create.
    #[account(init, payer = founder, seeds = [REALM_SEED, &name_hash], bump)]
    pub realm: Account<Realm>,
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
    let realm_address = *ctx.accounts.realm.address();
    let governing_mint = *mint.address();
    let founder = *ctx.accounts.founder.address();
    let bump = ctx.bumps.realm;
    let realm = &mut *ctx.accounts.realm;
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
    for ((lane, address), bump) in (0u8..)
        .zip(realm.treasuries.iter_mut())
        .zip(realm.treasury_bumps.iter_mut())
    {
        (*address, *bump) = find_program_address(&[TREASURY_SEED, realm_address.as_array(), &[lane]], &crate::ID);
    }
    realm.invariant()?;
    emit!(RealmCreated {
        realm: realm_address,
        governing_mint,
        founder,
        genesis_ts: now.into(),
        rehearsal: u8::from(choice.rehearsal),
    });
    Ok(())
}
