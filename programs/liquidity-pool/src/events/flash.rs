//! Events of flash loans.

use anchor_lang::prelude::*;

/// A flash loan was repaid. Borrowing writes no event: a transaction that borrows and does not repay never happened.
#[event(bytemuck)]
#[repr(C)]
pub struct FlashLoanRepaid {
    /// The pool.
    pub pool: Address,
    /// Who repaid.
    pub borrower: Address,
    /// Number of changes of this pool, this one included.
    pub sequence: u64,
    /// Atoms of token A that were lent.
    pub lent_a_atoms: u64,
    /// Atoms of token B that were lent.
    pub lent_b_atoms: u64,
    /// Fee in token A, wholly the providers'.
    pub fee_a_atoms: u64,
    /// Fee in token B, wholly the providers'.
    pub fee_b_atoms: u64,
    /// Reserve of token A afterwards.
    pub reserve_a_atoms: u64,
    /// Reserve of token B afterwards.
    pub reserve_b_atoms: u64,
}
