//! `post_job`

use {
    crate::{
        calls,
        constants::*,
        errors::EscrowError,
        events::{log, JobPosted},
        state::*,
    },
    anchor_lang::prelude::*,
    pinocchio::cpi::Seed,
};

/// Accounts of `post_job`.
#[derive(Accounts)]
pub struct PostJob {
    /// Who orders; pays the price.
    pub client: Signer,
    /// Pays rent and crank reserve and gets back what is left; may be the client.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The config whose parameters the job keeps.
    pub config: Own<EscrowConfig>,
    /// The job to create, PDA `["job", client, nonce u64 LE]`; the runtime checks the derivation.
    #[account(mut)]
    pub job: UncheckedAccount,
    /// Its vault to create, PDA `["vault", job]`; the runtime checks the derivation.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The client's token account that pays.
    #[account(mut)]
    pub client_token: UncheckedAccount,
    /// The payment mint, one the config lists.
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// How many deadlines of an order can pass without anybody's fault, at most: each may cost its client a bounty. An auction's
/// bidding and its reveal end before it can be refunded; of a redundant order running and revealing end as well.
fn cranks_without_fault(kind: u8) -> u32 {
    if kind == KIND_BATCH {
        1
    } else {
        3
    }
}

/// Specification:
/// - the config lists the mint and its fee is at most what the client accepts
/// - times, bond and compensation are within their bounds; kind and verification are available
/// - the vault is new and ends with at least the price; the job holds its rent and the crank reserve
/// - the uid is H(tag | program | job | slot number)
pub fn post_job(a: &mut PostJob, nonce: u64, job_bump: u8, vault_bump: u8, terms: &[u8; JOB_TERMS_LEN]) -> Step {
    let terms = RawTerms::of(terms);
    let mint = a
        .config
        .payment_mint(a.mint.address())
        .ok_or(EscrowError::MintNotAllowed)?;
    require_token_program(a.mint.account(), a.token_program.account())?;
    terms.validate(&a.config)?;
    let bounty_lamports = checked(u32::try_from(a.config.crank_bounty_lamports.get()).ok())?;

    let rent = calls::rent()?;
    let nonce_bytes = nonce.to_le_bytes();
    let bump = [job_bump];
    let seeds = [
        Seed::from(JOB_SEED),
        Seed::from(a.client.address().as_ref()),
        Seed::from(nonce_bytes.as_slice()),
        Seed::from(bump.as_slice()),
    ];
    let reserve_lamports = bounty_lamports.saturating_mul(cranks_without_fault(terms.kind));
    let reserve = u64::from(reserve_lamports);
    calls::create_pda(
        a.payer.account(),
        a.job.account(),
        Job::SIZE,
        &crate::ID,
        &rent,
        reserve,
        &seeds,
    )?;
    let mut job = *a.job.account();
    let state: &mut Job = new_state(&mut job)?;
    state.open(
        &Posting {
            job: a.job.address(),
            bump: job_bump,
            vault_bump,
            nonce,
            client: a.client.address(),
            rent_payer: a.payer.address(),
            mint,
            config_id: a.config.id,
            fee_ppm: a.config.fee_ppm,
            bounty_lamports,
            reserve_lamports,
            now: now()?,
        },
        terms,
    );
    calls::create_vault(
        a.payer.account(),
        a.vault.account(),
        a.job.address(),
        vault_bump,
        a.mint.account(),
        a.token_program.address(),
        &rent,
    )?;
    // that the vault holds the price is checked there; what else an invariant could say of the job was written above
    calls::deposit_price(
        a.token_program.address(),
        a.client_token.account(),
        a.mint.account(),
        a.vault.account(),
        a.client.account(),
        terms.price_atoms.get(),
        state.decimals,
    )?;
    log(JobPosted {
        job: *a.job.address(),
        uid: state.uid,
        price_atoms: state.price_atoms,
        fee_ppm: state.fee_ppm,
        bounty_lamports: state.bounty_lamports,
    });
    Ok(())
}
