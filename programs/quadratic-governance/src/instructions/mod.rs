//! One instruction to a file: arguments, accounts, specification, handler. A file holds two where they are one story.

pub mod act_on_person;
pub mod add_action;
pub mod add_attestor;
pub mod append_action;
pub mod cancel_proposal;
pub mod cast_delegated;
pub mod cast_votes;
pub mod chamber;
pub mod close_action;
pub mod close_ballot;
pub mod close_proposal;
pub mod close_stake;
pub mod create_proposal;
pub mod create_realm;
pub mod delegate_pool;
pub mod disable_attestor;
pub mod dividend;
pub mod exclude_bucket;
pub mod execute_action;
pub mod expire_proposal;
pub mod finalize;
pub mod join_delegate;
pub mod leave_delegate;
pub mod move_wallet;
pub mod open_ballot;
pub mod open_stake;
pub mod register_person;
pub mod retire_person;
pub mod set_parameters;
pub mod stake;
pub mod strip_votes;
pub mod submit_proposal;
pub mod unstake;
pub mod veto;

use anchor_lang::prelude::*;

// Glob re-exports: the program macro looks for what `Accounts` derives beside each struct.
pub use {
    act_on_person::*, add_action::*, add_attestor::*, append_action::*, cancel_proposal::*, cast_delegated::*,
    cast_votes::*, chamber::*, close_action::*, close_ballot::*, close_proposal::*, close_stake::*, create_proposal::*,
    create_realm::*, delegate_pool::*, disable_attestor::*, dividend::*, exclude_bucket::*, execute_action::*,
    expire_proposal::*, finalize::*, join_delegate::*, leave_delegate::*, move_wallet::*, open_ballot::*,
    open_stake::*, register_person::*, retire_person::*, set_parameters::*, stake::*, strip_votes::*,
    submit_proposal::*, unstake::*, veto::*,
};

/// The sysvar that holds a transaction's instructions.
pub const INSTRUCTIONS_SYSVAR: Address = Address::from_str_const("Sysvar1nstructions1111111111111111111111111");

/// The cluster's clock: Unix time in seconds.
#[inline(never)]
pub fn now_ts() -> Result<i64> {
    use anchor_lang::pinocchio::sysvars::Sysvar as _;
    Ok(Clock::get()?.unix_timestamp)
}
