//! `swap_exact_out`.

use {
    crate::{
        instructions::{swap, Swap},
        math::swap::Exact,
    },
    anchor_lang::prelude::*,
};

/// Specification:
/// - the deadline has not passed and swapping is not paused
/// - at least `output_atoms` reach the trader after transfer fees; exactly that many where the mint has none
/// - input is the least that buys it: ⌈x·Δy / (y − Δy)⌉ net, ⌈net / (1 − r)⌉ with the fee (P2)
/// - what leaves the trader, transfer fees included, is at most `max_input_atoms`
/// - a transfer fee of everything without a maximum has no exact output and is an error
pub fn handle_swap_exact_out(
    ctx: &mut Context<Swap>,
    output_atoms: u64,
    max_input_atoms: u64,
    deadline_ts: i64,
) -> Result<()> {
    swap::swap(
        &mut ctx.accounts,
        Exact::Output,
        output_atoms,
        max_input_atoms,
        deadline_ts,
    )
}
