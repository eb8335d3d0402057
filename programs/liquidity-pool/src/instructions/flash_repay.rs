//! `flash_repay`.

use {
    crate::{
        constants::LAYOUT_VERSION,
        errors::PoolError,
        events::{log, FlashLoanRepaid},
        instructions::{clock_before, FlashLoan},
        math::gift::flash_fee_ceil,
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the transaction itself calls it; a loan of this pool is out; no pause bit is read
/// - exactly what was lent and ⌈lent·fee⌉ of each token is pulled from the signer's accounts, so that too little cannot be
///   repaid; anybody may repay
/// - the fee, at the rate of the config now, is the providers': it enters the reserves and vests like the fee of a swap
pub fn handle_flash_repay(ctx: &mut Context<FlashLoan>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.validate_call()?;
    require!(
        accounts.pool.version == LAYOUT_VERSION,
        PoolError::LayoutVersionMismatch
    );
    let lent = [
        accounts.pool.flash_owed_a_atoms.get(),
        accounts.pool.flash_owed_b_atoms.get(),
    ];
    require!(lent != [0, 0], PoolError::NoFlashLoan);
    let rate = accounts.config.flash_fee_ppm.get();
    let fees = [flash_fee_ceil(lent[0], rate)?, flash_fee_ceil(lent[1], rate)?];
    let due = [sum(lent[0], fees[0])?, sum(lent[1], fees[1])?];

    let clock = clock_before(i64::MAX)?;
    accounts.pool.apply_repayment(&accounts.config, &clock, fees)?;
    accounts.move_tokens(due, true)?;
    let pool = &accounts.pool;
    log(FlashLoanRepaid {
        pool: *pool.address(),
        borrower: *accounts.borrower.address(),
        sequence: pool.sequence.get(),
        lent_a_atoms: lent[0],
        lent_b_atoms: lent[1],
        fee_a_atoms: fees[0],
        fee_b_atoms: fees[1],
        reserve_a_atoms: pool.reserve_a_atoms.get(),
        reserve_b_atoms: pool.reserve_b_atoms.get(),
    });
    Ok(())
}

fn sum(lent_atoms: u64, fee_atoms: u64) -> Result<u64> {
    lent_atoms
        .checked_add(fee_atoms)
        .ok_or_else(|| PoolError::Overflow.into())
}
