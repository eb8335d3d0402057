//! The test bench: one world for every test that needs a VM.
//!
//! [`world::World`] runs the real bytecode of the three programs in LiteSVM beside the real token programs. [`fixtures`]
//! builds realms, pools and jobs in it; [`scenario`] names, for every instruction, a state in which it succeeds, from which
//! the compute-unit snapshot, the transaction sizes and the substitution matrix are made.
// A test that cannot go on should stop where it stands.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

pub mod fixtures;
pub mod idl;
pub mod matrix;
pub mod model;
pub mod play;
pub mod scenario;
pub mod snapshot;
pub mod world;
