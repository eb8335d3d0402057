//! `post_lease`

use {
    super::{check_lease, log_move},
    crate::{calls, constants::*, errors::EscrowError, state::*},
    anchor_lang::prelude::*,
    pinocchio::cpi::Seed,
};

/// Accounts of `post_lease`.
#[derive(Accounts)]
pub struct PostLease {
    /// Who rents; pays the deposit.
    pub client: Signer,
    /// Pays rent and crank reserve and gets back what is left; may be the client.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The config whose parameters the lease keeps.
    pub config: Own<EscrowConfig>,
    /// The lease to create, PDA `["lease", client, nonce u64 LE]`; the runtime checks the derivation.
    #[account(mut)]
    pub lease: UncheckedAccount,
    /// Its vault to create, PDA `["vault", lease]`; the runtime checks the derivation.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The client's token account that pays.
    #[account(mut)]
    pub client_token: UncheckedAccount,
    /// The client's gang that it belongs to; left out for a lease by itself.
    #[account(mut)]
    pub gang: Option<Own<Gang>>,
    /// The payment mint, one the config lists.
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Counts a lease into its gang; returns the gang's number.
#[inline(never)]
fn enlist(gang: &mut Option<Own<Gang>>, client: &Address) -> Step<Option<PodU64>> {
    let Some(gang) = gang else {
        return Ok(None);
    };
    require!(same(&gang.client, client), EscrowError::GangRequired);
    gang.apply_posting(now()?)?;
    Ok(Some(gang.nonce))
}

/// Specification:
/// - the config lists the mint and its fee is at most what the client accepts
/// - rate, times, bond and compensation are within their bounds; the deposit pays an interval at least and a year at most
/// - a gang named is the client's, still gathers and has a place
/// - the vault is new and ends with at least the deposit; the lease holds its rent and two bounties
/// - the uid is H(tag | program | lease | slot number)
pub fn post_lease(
    a: &mut PostLease,
    nonce: u64,
    lease_bump: u8,
    vault_bump: u8,
    terms: &[u8; LEASE_TERMS_LEN],
) -> Step {
    let mint = a
        .config
        .payment_mint(a.mint.address())
        .ok_or(EscrowError::MintNotAllowed)?;
    require_token_program(a.mint.account(), a.token_program.account())?;
    let gang_nonce = enlist(&mut a.gang, a.client.address())?;
    let bounty_lamports = checked(u32::try_from(a.config.crank_bounty_lamports.get()).ok())?;

    let rent = calls::rent()?;
    let nonce_bytes = nonce.to_le_bytes();
    let bump = [lease_bump];
    let seeds = [
        Seed::from(LEASE_SEED),
        Seed::from(a.client.address().as_ref()),
        Seed::from(nonce_bytes.as_slice()),
        Seed::from(bump.as_slice()),
    ];
    let reserve = u64::from(bounty_lamports).saturating_mul(u64::from(LEASE_BOUNTIES));
    let account = a.lease.account();
    calls::create_pda(
        a.payer.account(),
        account,
        Lease::SIZE,
        &crate::ID,
        &rent,
        reserve,
        &seeds,
    )?;
    let mut lease = *account;
    let state: &mut Lease = new_state(&mut lease)?;
    state.open(
        &LeasePosting {
            lease: a.lease.address(),
            bump: lease_bump,
            vault_bump,
            nonce,
            client: a.client.address(),
            rent_payer: a.payer.address(),
            mint,
            config: &a.config,
            bounty_lamports,
            gang_nonce,
            now: now()?,
        },
        terms,
    )?;
    calls::create_vault(
        a.payer.account(),
        a.vault.account(),
        a.lease.address(),
        vault_bump,
        a.mint.account(),
        a.token_program.address(),
        &rent,
    )?;
    calls::deposit_price(
        a.token_program.address(),
        a.client_token.account(),
        a.mint.account(),
        a.vault.account(),
        a.client.account(),
        state.deposit_atoms.get(),
        state.decimals,
    )?;
    check_lease(state, a.vault.account())?;
    log_move(state, 0);
    Ok(())
}
