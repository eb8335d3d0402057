//! Random play of the real bytecode against independent models.
//!
//! `COMMONWEAL_FUZZ_STEPS` and `COMMONWEAL_FUZZ_SEED` (numbers, or `first..end`) widen it.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    missing_docs
)]

#[path = "random/escrow.rs"]
mod escrow;
#[path = "random/governance.rs"]
mod governance;
#[path = "random/pool.rs"]
mod pool;
