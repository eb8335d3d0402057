//! Running what a job asks for.

pub mod wasm;
