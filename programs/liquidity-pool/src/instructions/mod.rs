//! One instruction per file: its accounts, its specification, its handler.

pub mod claim_deferred;
pub mod claim_lock_fees;
pub mod collect_protocol_fees;
pub mod create_pool;
pub mod deposit;
pub mod deposit_one_side;
pub mod flash;
pub mod flash_borrow;
pub mod flash_repay;
pub mod initialize_config;
pub mod lock_liquidity;
pub mod quote;
pub mod ramp_amplification;
pub mod skim;
pub mod swap;
pub mod swap_exact_in;
pub mod swap_exact_out;
pub mod sync_mint_risk;
pub mod transfer_lock;
pub mod unlock_liquidity;
pub mod update_config;
pub mod withdraw;

pub mod create_farm;
pub(crate) mod farming;
pub mod fund_farm;
pub mod harvest;
pub mod leave_seat;
pub mod reclaim_rewards;
pub mod seating;
pub mod stake;
pub mod staking;
pub mod sync_seat;
pub mod take_seat;
pub mod unstake;

// whole modules: `#[program]` finds the generated client structs next to the accounts structs
pub use {
    claim_deferred::*, claim_lock_fees::*, collect_protocol_fees::*, create_pool::*, deposit::*, deposit_one_side::*,
    flash::*, flash_borrow::*, flash_repay::*, initialize_config::*, lock_liquidity::*, quote::*,
    ramp_amplification::*, skim::*, swap::*, swap_exact_in::*, swap_exact_out::*, sync_mint_risk::*, transfer_lock::*,
    unlock_liquidity::*, update_config::*, withdraw::*,
};

pub use {
    create_farm::*, fund_farm::*, harvest::*, leave_seat::*, reclaim_rewards::*, seating::*, stake::*, staking::*,
    sync_seat::*, take_seat::*, unstake::*,
};

use {
    crate::errors::PoolError,
    anchor_lang::{prelude::*, solana_program::sysvar::Sysvar},
};
#[cfg(target_os = "solana")]
use {
    core::mem::size_of,
    pinocchio::account::{RuntimeAccount, MAX_PERMITTED_DATA_INCREASE},
};

/// Where the loader puts the account records of the running instruction.
#[cfg(target_os = "solana")]
const ACCOUNTS_START: usize = 0x4_0000_0000;
/// First byte of a record that stands for itself, as the loader writes it.
#[cfg(target_os = "solana")]
const NOT_REPEATED: u8 = u8::MAX;

/// The clock, if `deadline_ts` (Unix seconds) has not passed; the deadline's own second still counts.
#[inline(never)]
pub(crate) fn clock_before(deadline_ts: i64) -> Result<Clock> {
    clock_before_inlined(deadline_ts)
}

/// The same for the swap.
#[inline(always)]
pub(crate) fn clock_before_inlined(deadline_ts: i64) -> Result<Clock> {
    let clock = Clock::get()?;
    require!(clock.unix_timestamp <= deadline_ts, PoolError::DeadlineExpired);
    Ok(clock)
}

/// The account after the `listed` ones must be the second token program.
///
/// The token program's own call would fail without it, in the runtime's words. Anchor's `remaining_accounts` would do, but
/// it is an allocation and 1,700 bytes in every instruction that asks.
#[inline(never)]
pub(crate) fn require_trailing_program(listed: usize, program: &Address) -> Result<()> {
    require!(
        account_at(listed).is_some_and(|account| anchor_lang::address_eq(account.address(), program)),
        PoolError::TokenProgramMissing
    );
    Ok(())
}

/// The running instruction's account of that number, listed or not; none for a repeated account.
///
/// Those after the listed ones must not be in use while another of them is looked for.
// the lengths are the runtime's, of accounts of ten megabytes at most
#[allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]
#[cfg(target_os = "solana")]
#[inline(never)]
pub(crate) fn account_at(number: usize) -> Option<AccountView> {
    // SAFETY: the layout is the loader's, which Anchor's cursor walks likewise: the number of accounts, then a record each,
    // of a header, the data, room to grow, padding to eight bytes and eight more; a repeated account has eight bytes, the
    // number of the other and zeros. Anchor counts borrows in the first byte of a header, of accounts with data only, and
    // has written its length to the bytes that are zeros in a repetition.
    unsafe {
        let start = ACCOUNTS_START as *const u8;
        if start.cast::<u64>().read() <= number as u64 {
            return None;
        }
        let mut record = start.add(size_of::<u64>());
        for _ in 0..number {
            if record.read() == NOT_REPEATED || record.add(4).cast::<u32>().read() != 0 {
                let header = record.cast::<RuntimeAccount>();
                let data_len = (*header).data_len as usize;
                record = record.add(size_of::<RuntimeAccount>() + MAX_PERMITTED_DATA_INCREASE + ((data_len + 7) & !7));
            }
            record = record.add(size_of::<u64>());
        }
        (record.read() == NOT_REPEATED).then(|| AccountView::new_unchecked(record.cast_mut().cast::<RuntimeAccount>()))
    }
}

#[cfg(not(target_os = "solana"))]
pub(crate) fn account_at(_number: usize) -> Option<AccountView> {
    None
}
