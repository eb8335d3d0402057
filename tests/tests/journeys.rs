//! One life of each program on a bank: `solana-program-test`, the runtime that validators run.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "journeys/compute_escrow.rs"]
mod compute_escrow;
#[path = "journeys/liquidity_pool.rs"]
mod liquidity_pool;
#[path = "journeys/quadratic_governance.rs"]
mod quadratic_governance;
