//! `reveal_result`

use {
    super::{checks::check_stage, WorkOnJob},
    crate::{
        errors::EscrowError,
        events::{log, ResultRevealed},
        hash::result_commitment,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the slot committed and the reveal time is not over
/// - H(tag | result | salt | slot | uid) is the commitment
/// - the challenge time begins
pub fn reveal_result(a: &mut WorkOnJob, result: &[u8; 32], salt: &[u8; 32]) -> Step {
    let now = check_stage(a.worker.address(), &a.provider, &a.slot, &a.job, JobState::Committed)?;
    require!(
        same_bytes(
            &result_commitment(result, salt, a.slot.address(), &a.job.uid),
            &a.job.result
        ),
        EscrowError::CommitmentMismatch
    );
    a.job.apply_reveal(result, now);
    log(ResultRevealed {
        uid: a.job.uid,
        slot: *a.slot.address(),
        result: *result,
    });
    Ok(())
}
