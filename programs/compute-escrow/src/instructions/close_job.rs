//! `close_job`

use {
    super::checks::job_vault,
    crate::{
        calls::{self, close_state},
        errors::EscrowError,
        events::{log, JobClosed},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `close_job`. Nobody signs: whoever pays the transaction may close.
#[derive(Accounts)]
pub struct CloseJob {
    /// The job, closed by this.
    #[account(mut)]
    pub job: Own<Job>,
    /// Its vault, closed by this.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// Gets rent and crank reserve back.
    #[cfg_attr(feature = "idl-build", account(mut, address = job.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(rent_payer.address(), &job.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// A token account of the client for what others have sent to the vault; needed only then.
    #[account(mut)]
    pub client_token: Option<UncheckedAccount>,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = job.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &job.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the job is final: nothing of its price is due to a worker any more, and every challenge is resolved
/// - what is left in the vault goes to the client: what no worker earned, and donations, so that no donated atom keeps it open
/// - rent and the unspent reserve go to who paid them
pub fn close_job(a: &mut CloseJob) -> Step {
    a.job.validate_state(JobState::Final)?;
    require!(a.job.challenges_open == 0, EscrowError::ChallengesOpen);
    let vault = job_vault(&a.job, a.vault.account(), a.mint.account(), a.token_program.account())?;
    let surplus = calls::held_atoms(a.vault.account())?;
    if surplus > 0 {
        let client_token = a.client_token.as_ref().ok_or(EscrowError::SurplusAccountRequired)?;
        super::client_account(&a.job.client, &a.job.mint, client_token.account())?;
        vault.pay(&a.job, client_token.account(), surplus)?;
    }
    vault.close(&a.job)?;
    log(JobClosed {
        uid: a.job.uid,
        surplus_atoms: surplus.into(),
        reserve_lamports: u64::from(a.job.crank_reserve_lamports.get()).into(),
    });
    close_state(a.job.account(), a.rent_payer.account())
}
