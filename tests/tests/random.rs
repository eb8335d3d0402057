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

#[path = "random/escrow/mod.rs"]
mod escrow;
#[path = "random/governance/mod.rs"]
mod governance;
#[path = "random/pool/mod.rs"]
mod pool;
