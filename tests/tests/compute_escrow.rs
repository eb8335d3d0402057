//! The escrow, instruction by instruction, and whole lives of jobs.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

/// Builtin errors as the runtime names them.
mod builtin {
    pub use solana_instruction::error::InstructionError::{
        AccountDataTooSmall, IllegalOwner, InvalidAccountData, InvalidSeeds, MissingRequiredSignature,
        PrivilegeEscalation, ProgramFailedToComplete,
    };
    /// Anchor: an account is not the one that is named elsewhere.
    pub const ADDRESS: u32 = 2012;
    /// Anchor: an account must be writable.
    pub const MUT: u32 = 2000;
    /// SPL Token: too few tokens.
    pub const TOKEN_INSUFFICIENT: u32 = 1;
    /// SPL Token: another mint.
    pub const TOKEN_MINT: u32 = 3;
    /// SPL Token: another owner.
    pub const TOKEN_OWNER: u32 = 4;
    /// SPL Token: the account is frozen.
    pub const TOKEN_FROZEN: u32 = 17;
    /// System program: the account exists.
    pub const SYSTEM_IN_USE: u32 = 0;
}

#[path = "compute_escrow/accept_lease.rs"]
mod accept_lease;
#[path = "compute_escrow/accept_milestone.rs"]
mod accept_milestone;
#[path = "compute_escrow/add_slot.rs"]
mod add_slot;
#[path = "compute_escrow/allow_mint.rs"]
mod allow_mint;
#[path = "compute_escrow/attest_result.rs"]
mod attest_result;
#[path = "compute_escrow/attest_slot.rs"]
mod attest_slot;
#[path = "compute_escrow/audit.rs"]
mod audit;
#[path = "compute_escrow/award.rs"]
mod award;
#[path = "compute_escrow/cancel_job.rs"]
mod cancel_job;
#[path = "compute_escrow/claim_job.rs"]
mod claim_job;
#[path = "compute_escrow/claim_refund.rs"]
mod claim_refund;
#[path = "compute_escrow/close_job.rs"]
mod close_job;
#[path = "compute_escrow/close_lease.rs"]
mod close_lease;
#[path = "compute_escrow/close_payout.rs"]
mod close_payout;
#[path = "compute_escrow/commit_contribution.rs"]
mod commit_contribution;
#[path = "compute_escrow/commit_result.rs"]
mod commit_result;
#[path = "compute_escrow/compare_results.rs"]
mod compare_results;
#[path = "compute_escrow/court.rs"]
mod court;
#[path = "compute_escrow/crank.rs"]
mod crank;
#[path = "compute_escrow/crank_lease.rs"]
mod crank_lease;
#[path = "compute_escrow/decline_job.rs"]
mod decline_job;
#[path = "compute_escrow/deposit_bond.rs"]
mod deposit_bond;
#[path = "compute_escrow/disallow_mint.rs"]
mod disallow_mint;
#[path = "compute_escrow/edges.rs"]
mod edges;
#[path = "compute_escrow/eligibility.rs"]
mod eligibility;
#[path = "compute_escrow/exits.rs"]
mod exits;
#[path = "compute_escrow/fold_reputation.rs"]
mod fold_reputation;
#[path = "compute_escrow/gangs.rs"]
mod gangs;
#[path = "compute_escrow/independence.rs"]
mod independence;
#[path = "compute_escrow/initialize_config.rs"]
mod initialize_config;
#[path = "compute_escrow/invariants.rs"]
mod invariants;
#[path = "compute_escrow/join_job.rs"]
mod join_job;
#[path = "compute_escrow/journey.rs"]
mod journey;
#[path = "compute_escrow/lease_journey.rs"]
mod lease_journey;
#[path = "compute_escrow/link_person.rs"]
mod link_person;
#[path = "compute_escrow/lot.rs"]
mod lot;
#[path = "compute_escrow/open_payout.rs"]
mod open_payout;
#[path = "compute_escrow/pay_in_any_token.rs"]
mod pay_in_any_token;
#[path = "compute_escrow/persons.rs"]
mod persons;
#[path = "compute_escrow/place_bid.rs"]
mod place_bid;
#[path = "compute_escrow/post_job.rs"]
mod post_job;
#[path = "compute_escrow/post_job_terms.rs"]
mod post_job_terms;
#[path = "compute_escrow/post_lease.rs"]
mod post_lease;
#[path = "compute_escrow/reclaim_bid.rs"]
mod reclaim_bid;
#[path = "compute_escrow/reclaim_notice.rs"]
mod reclaim_notice;
#[path = "compute_escrow/redeem_voucher.rs"]
mod redeem_voucher;
#[path = "compute_escrow/register_provider.rs"]
mod register_provider;
#[path = "compute_escrow/resume_lease.rs"]
mod resume_lease;
#[path = "compute_escrow/reveal_bid.rs"]
mod reveal_bid;
#[path = "compute_escrow/reveal_contribution.rs"]
mod reveal_contribution;
#[path = "compute_escrow/reveal_result.rs"]
mod reveal_result;
#[path = "compute_escrow/rotate_session_key.rs"]
mod rotate_session_key;
#[path = "compute_escrow/settle.rs"]
mod settle;
#[path = "compute_escrow/settle_contribution.rs"]
mod settle_contribution;
#[path = "compute_escrow/start_job.rs"]
mod start_job;
#[path = "compute_escrow/start_lease.rs"]
mod start_lease;
#[path = "compute_escrow/supply.rs"]
mod supply;
#[path = "compute_escrow/sweep_fees.rs"]
mod sweep_fees;
#[path = "compute_escrow/top_up.rs"]
mod top_up;
#[path = "compute_escrow/update_config.rs"]
mod update_config;
#[path = "compute_escrow/update_court.rs"]
mod update_court;
#[path = "compute_escrow/update_slot.rs"]
mod update_slot;
#[path = "compute_escrow/voucher_keys.rs"]
mod voucher_keys;
#[path = "compute_escrow/voucher_shape.rs"]
mod voucher_shape;
#[path = "compute_escrow/withdraw_bond.rs"]
mod withdraw_bond;
#[path = "compute_escrow/withdraw_payout.rs"]
mod withdraw_payout;
