//! Running what a job asks for.

pub mod salt;
pub mod wasm;
