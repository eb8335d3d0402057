//! `swap_exact_in`.

use {
    crate::{
        instructions::{swap, Swap},
        math::swap::Exact,
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the deadline has not passed and swapping is not paused
/// - exactly `input_atoms` leave the trader; the fee is taken of what arrives, rounded up
/// - output is ⌊Δx·y / (x + Δx)⌋: one atom more would break x·y (P2); the dust is the providers' (P3)
/// - what reaches the trader, after transfer fees, is at least `min_output_atoms` and above zero
/// - the protocol's part of the fee is owed apart from the reserves (P7)
pub fn handle_swap_exact_in(
    ctx: &mut Context<Swap>,
    input_atoms: u64,
    min_output_atoms: u64,
    deadline_ts: i64,
) -> Result<()> {
    swap::swap(
        &mut ctx.accounts,
        Exact::Input,
        input_atoms,
        min_output_atoms,
        deadline_ts,
    )
}
