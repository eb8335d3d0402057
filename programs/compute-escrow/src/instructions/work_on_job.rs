//! The accounts of a worker's steps.

use {crate::state::*, anchor_lang::prelude::*};

/// Accounts of `decline_job`, `start_job`, `commit_result` and `reveal_result`: one body loads them for all.
#[derive(Accounts)]
pub struct WorkOnJob {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot that claimed the job.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
}
