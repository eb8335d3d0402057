//! Running what a job asks for.

pub mod canary;
pub mod kept;
pub mod salt;
pub mod wasm;
