//! The accounts of the program, one per file: layout, address, checks and changes.

pub mod claim;
pub mod farm;
pub mod farm_position;
pub mod lock;
pub mod mint;
pub mod own;
pub mod pool;
pub mod pool_config;
pub mod pool_loan;
pub mod pool_now;
pub mod realm;
pub mod seat;

pub use {
    claim::Claim,
    farm::{Farm, FarmTerms, Lane},
    farm_position::FarmPosition,
    lock::LiquidityLock,
    own::Own,
    pool::{Observation, Pool, Side},
    pool_config::{ConfigTerms, ConfigUpdate, PoolConfig},
    seat::Seat,
};

#[cfg(test)]
mod layout_tests;
