//! The leaf every Commonweal program stands on.
//!
//! The three programs never depend on each other: pool and escrow read governance's `Person`, governance reads locks and
//! providers, and a dependency either way would be a cycle. What they share lives here, without state and without Anchor:
//! program ids ([`ids`]), rounding integer arithmetic ([`math`]), checked reading of SPL token accounts ([`token`]), the
//! Token-2022 extension policy ([`policy`]), the calls that move tokens ([`cpi`]), read-only views of each other's accounts
//! ([`views`]) and mean prices of a pool ([`twap`]).
#![no_std]
// tests stop where they stand; the strict lints hold for what runs on chain
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

pub mod cpi;
pub mod ids;
pub mod math;
pub mod policy;
pub mod token;
pub mod twap;
pub mod views;
