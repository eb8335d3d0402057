//! `flash_borrow`.

use {
    crate::{errors::PoolError, instructions::FlashLoan, introspection},
    anchor_lang::prelude::*,
};

/// Specification:
/// - the transaction itself calls it, not a program; flash loans are not paused; no loan of this pool is out
/// - exactly one later instruction of the transaction is this program's `flash_repay` of this pool, and none borrows from this
///   pool again; instructions that programs call do not count
/// - neither mint has the transfer-fee extension; at most the reserves are lent, at least an atom
/// - until the repayment everything else of this pool fails; the reserves stay as they are (P1 counts what is lent)
/// - no event and no change of `sequence`: without its repayment a loan never happened
pub fn handle_flash_borrow(ctx: &mut Context<FlashLoan>, a_atoms: u64, b_atoms: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.validate_call()?;
    accounts.config.validate_flash()?;
    accounts.pool.validate_version()?;
    accounts.pool.validate_loan(a_atoms, b_atoms)?;
    accounts.validate_repayment()?;

    accounts.pool.apply_loan(a_atoms, b_atoms);
    accounts.move_tokens([a_atoms, b_atoms], false)
}

impl FlashLoan {
    fn validate_repayment(&self) -> Result<()> {
        let sysvar = self.instructions.account().try_borrow()?;
        let loans = introspection::loans_ahead(&sysvar, &crate::ID, self.pool.address());
        require!(loans.borrows == 0, PoolError::FlashLoanNested);
        require!(loans.repays == 1, PoolError::FlashRepayMissing);
        Ok(())
    }
}
