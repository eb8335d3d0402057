//! One instruction per file: its accounts, its specification, its handler.

pub mod collect_protocol_fees;
pub mod create_pool;
pub mod deposit;
pub mod initialize_config;
pub mod swap;
pub mod swap_exact_in;
pub mod swap_exact_out;
pub mod update_config;
pub mod withdraw;

// whole modules: `#[program]` finds the generated client structs next to the accounts structs
pub use {
    collect_protocol_fees::*, create_pool::*, deposit::*, initialize_config::*, swap::*, swap_exact_in::*,
    swap_exact_out::*, update_config::*, withdraw::*,
};

use {
    crate::errors::PoolError,
    anchor_lang::{prelude::*, solana_program::sysvar::Sysvar},
};

/// The clock, if `deadline_ts` (Unix seconds) has not passed; the deadline's own second still counts.
#[inline(always)]
pub(crate) fn clock_before(deadline_ts: i64) -> Result<Clock> {
    let clock = Clock::get()?;
    require!(clock.unix_timestamp <= deadline_ts, PoolError::DeadlineExpired);
    Ok(clock)
}

/// The account after the listed ones must be the second token program.
#[inline(never)]
pub(crate) fn require_trailing_program(trailing: &[AccountView], program: &Address) -> Result<()> {
    let is_there = trailing
        .first()
        .is_some_and(|account| anchor_lang::address_eq(account.address(), program));
    require!(is_there, PoolError::TokenProgramMissing);
    Ok(())
}
