//! One instruction to a file: arguments, accounts, specification, handler.

pub mod add_action;
pub mod add_attestor;
pub mod cancel_proposal;
pub mod cast_votes;
pub mod close_action;
pub mod close_ballot;
pub mod close_proposal;
pub mod close_stake;
pub mod create_proposal;
pub mod create_realm;
pub mod disable_attestor;
pub mod execute_action;
pub mod expire_proposal;
pub mod finalize;
pub mod open_ballot;
pub mod open_stake;
pub mod register_person;
pub mod stake;
pub mod submit_proposal;
pub mod unstake;

use anchor_lang::prelude::*;

// Glob re-exports: the program macro looks for what `Accounts` derives beside each struct.
pub use {
    add_action::*, add_attestor::*, cancel_proposal::*, cast_votes::*, close_action::*, close_ballot::*,
    close_proposal::*, close_stake::*, create_proposal::*, create_realm::*, disable_attestor::*, execute_action::*,
    expire_proposal::*, finalize::*, open_ballot::*, open_stake::*, register_person::*, stake::*, submit_proposal::*,
    unstake::*,
};

/// The cluster's clock: Unix time in seconds.
pub fn now_ts() -> Result<i64> {
    use anchor_lang::pinocchio::sysvars::Sysvar as _;
    Ok(Clock::get()?.unix_timestamp)
}
