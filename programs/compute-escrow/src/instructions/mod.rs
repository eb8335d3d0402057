//! One instruction per file: arguments, accounts, a specification, the handler.

pub mod add_slot;
pub mod allow_mint;
pub mod attest_result;
pub mod attest_slot;
pub mod cancel_job;
mod checks;
pub mod claim_job;
pub mod claim_refund;
pub mod close_job;
pub mod close_payout;
pub mod commit_result;
pub mod crank;
pub mod decline_job;
pub mod deposit_bond;
pub mod disallow_mint;
pub mod fold_reputation;
pub mod initialize_config;
pub mod link_person;
pub mod open_payout;
pub mod post_job;
pub mod register_provider;
pub mod reveal_result;
pub mod rotate_session_key;
pub mod settle;
pub mod start_job;
pub mod sweep_fees;
pub mod update_config;
pub mod update_court;
pub mod update_slot;
pub mod withdraw_bond;
pub mod withdraw_payout;

pub use {
    add_slot::*, allow_mint::*, attest_result::*, attest_slot::*, cancel_job::*, claim_job::*, claim_refund::*,
    close_job::*, close_payout::*, commit_result::*, crank::*, decline_job::*, deposit_bond::*, disallow_mint::*,
    fold_reputation::*, initialize_config::*, link_person::*, open_payout::*, post_job::*, register_provider::*,
    reveal_result::*, rotate_session_key::*, settle::*, start_job::*, sweep_fees::*, update_config::*, update_court::*,
    update_slot::*, withdraw_bond::*, withdraw_payout::*,
};

use {
    crate::{errors::EscrowError, state::*},
    anchor_lang::prelude::*,
    commonweal_interface::token::TokenState,
};

/// Cause of a refund: the client canceled.
pub const CAUSE_CANCELED: u8 = 1;
/// Cause of a refund: nobody claimed in time.
pub const CAUSE_UNCLAIMED: u8 = 2;
/// Cause of a refund: no commitment in time.
pub const CAUSE_NOT_COMMITTED: u8 = 3;
/// Cause of a refund: no reveal in time.
pub const CAUSE_NOT_REVEALED: u8 = 4;
/// Cause of a refund: no attestor countersigned in time.
pub const CAUSE_NOT_ATTESTED: u8 = 6;
/// Cause of a refund: an earlier refund found the client's token account frozen.
pub const CAUSE_DELAYED: u8 = 5;

/// Reads a token account that must be the client's, for the job's mint.
#[inline(never)]
pub fn client_account(job: &Job, account: &AccountView) -> Step<TokenState> {
    let token = read_token_account(account).ok_or(EscrowError::NotTheClientsAccount)?;
    require!(
        token.owner == job.client && token.mint == job.mint,
        EscrowError::NotTheClientsAccount
    );
    Ok(token)
}
