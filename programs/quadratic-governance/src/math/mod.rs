//! Pure arithmetic: numbers in, a number or a [`MathError`] out. No accounts, no clock, no Anchor.

pub mod credits;
pub mod delegation;
pub mod epoch;
pub mod outcome;
pub mod tally;

/// Why a calculation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MathError {
    /// A result left the range of its type.
    #[error("a result left the range of its type")]
    Overflow,
    /// The votes cost more than the budget.
    #[error("the votes cost more than the budget")]
    BudgetExceeded,
}
