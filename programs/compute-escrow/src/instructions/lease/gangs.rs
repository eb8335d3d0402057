//! `open_gang`, `close_gang`

use {
    crate::{
        calls::{close_state, create_state},
        constants::*,
        errors::EscrowError,
        events::{log, GangClosed, GangOpened},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `open_gang`.
#[derive(Accounts)]
pub struct OpenGang {
    /// Who rents.
    pub client: Signer,
    /// Pays the rent and gets it back; may be the client.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The config; says whether it is a rehearsal.
    pub config: Own<EscrowConfig>,
    /// The gang to create, PDA `["gang", client, nonce u64 LE]`.
    #[account(mut)]
    pub gang: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Accounts of `close_gang`.
#[derive(Accounts)]
pub struct CloseGang {
    /// The client, or anybody once the gathering is over.
    pub closer: Signer,
    /// The gang, closed by this.
    #[account(mut)]
    pub gang: Own<Gang>,
    /// Gets the rent back.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = gang.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &gang.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - 2 to 16 leases, and a gathering time within its bounds; it counts from now
/// - the client's leases join it by naming it when they are posted
pub fn open_gang(a: &mut OpenGang, nonce: u64, size: u8, gather_seconds: u32) -> Step {
    let least = if a.config.is_rehearsal == 1 {
        MIN_REHEARSAL_SECONDS
    } else {
        MIN_STAGE_SECONDS
    };
    let fits = (2..=MAX_GANG_SIZE).contains(&size) && (least..=MAX_GATHER_SECONDS).contains(&gather_seconds);
    require!(fits, EscrowError::LeaseOutOfBounds);
    let (client, address) = (*a.client.address(), *a.gang.address());
    let number = nonce.to_le_bytes();
    let seeds: [&[u8]; 3] = [GANG_SEED, client.as_ref(), &number];
    let mut gang: Own<Gang> = create_state(a.payer.account(), a.gang.account(), &seeds)?;
    gang.size = size;
    gang.client = client;
    gang.rent_payer = *a.payer.address();
    gang.nonce = nonce.into();
    gang.gather_seconds = gather_seconds.into();
    gang.open(now()?);
    log(GangOpened {
        gang: address,
        client,
        nonce: gang.nonce,
        gather_seconds: gang.gather_seconds,
        size,
    });
    Ok(())
}

/// Specification:
/// - no lease of it is left
/// - the client may close it at any time; anybody when its gathering is over, complete or not
pub fn close_gang(a: &mut CloseGang) -> Step {
    let is_over = a.gang.is_active == 1 || a.gang.has_failed(now()?)?;
    let may = is_over || same(a.closer.address(), &a.gang.client);
    require!(may && a.gang.leases == 0, EscrowError::GangInUse);
    log(GangClosed {
        gang: *a.gang.address(),
    });
    close_state(a.gang.account(), a.rent_payer.account())
}
