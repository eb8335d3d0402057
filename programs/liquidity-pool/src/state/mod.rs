//! The accounts of the program, one per file: layout, address, checks and changes.

pub mod claim;
pub mod lock;
pub mod mint;
pub mod pool;
pub mod pool_config;
pub mod pool_fees;
pub mod pool_now;
pub mod realm;
pub mod stored;

pub use {
    claim::Claim,
    lock::LiquidityLock,
    pool::{Observation, Pool, Side},
    pool_config::{ConfigTerms, ConfigUpdate, PoolConfig},
    stored::Stored,
};

#[cfg(test)]
mod layout_tests;
