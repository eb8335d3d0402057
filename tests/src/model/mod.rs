//! Models of the programs, written from the designs and the public documentation, never from the programs' code.
//!
//! They define results by their properties (the least, the most that keeps an inequality) over big integers and find them
//! by bisection, where the programs have formulas: two ways to one number.

pub mod escrow;
pub mod governance;
pub mod pool;
pub mod tokens;

use solana_instruction::error::InstructionError;

/// What a model says of an instruction that fails.
pub type Refusal = crate::world::Failure;

/// A program error of a number.
pub fn code(number: u32) -> Refusal {
    Refusal::Instruction(InstructionError::Custom(number))
}

/// The least number of `low..=high` that is good; what is above a good one is good. None if none is.
pub fn least(low: u128, high: u128, is_good: impl Fn(u128) -> bool) -> Option<u128> {
    if low > high || !is_good(high) {
        return None;
    }
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_good(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

/// The greatest number of `0..=high` that is good; zero is, and what is below a good one is.
pub fn greatest(high: u128, is_good: impl Fn(u128) -> bool) -> u128 {
    let (mut low, mut high) = (0, high);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if is_good(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}
