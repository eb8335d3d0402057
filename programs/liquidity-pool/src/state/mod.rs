//! The accounts of the program, one per file: layout, address, checks and changes.

pub mod mint;
pub mod pool;
pub mod pool_config;
pub mod realm;

pub use {
    pool::{Observation, Pool, Side},
    pool_config::{ConfigTerms, ConfigUpdate, PoolConfig},
};

#[cfg(test)]
mod layout_tests;
