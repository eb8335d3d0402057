//! `attest_result`

use {
    crate::{
        errors::EscrowError,
        events::{log, ResultAttested},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `attest_result`.
#[derive(Accounts)]
pub struct AttestResult {
    /// An attestor of the config.
    pub attestor: Signer,
    /// The job's config.
    #[account(constraint = config.id == job.config_id @ EscrowError::ConfigMismatch)]
    pub config: Own<EscrowConfig>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
}

/// Specification:
/// - the signer is an attestor the job's config lists, and has seen evidence for the revealed result of this very job
/// - it says so within the challenge time; the job is paid after it, as others are
pub fn attest_result(a: &mut AttestResult, uid: &[u8; 32], evidence_hash: &[u8; 32]) -> Step {
    require!(
        a.config.court.is_attestor(a.attestor.address()),
        EscrowError::NotAnAttestor
    );
    a.job.validate_uid(uid)?;
    a.job.validate_state(JobState::Challengeable)?;
    require!(a.job.verification == VERIFY_ATTESTED, EscrowError::WrongKind);
    a.job.validate_in_time(now()?)?;
    require!(evidence_hash != &[0; 32], EscrowError::ZeroHash);
    a.job.flags |= FLAG_ATTESTED;
    log(ResultAttested {
        uid: a.job.uid,
        attestor: *a.attestor.address(),
        result: a.job.result,
        evidence_hash: *evidence_hash,
    });
    Ok(())
}
