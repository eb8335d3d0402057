//! The accounts of the program, one per file: layout, address, checks and changes.

pub mod farm;
pub mod farm_position;
pub mod mint;
pub mod own;
pub mod pool;
pub mod pool_config;
pub mod realm;
pub mod seat;

pub use {
    farm::{Farm, FarmTerms, Lane},
    farm_position::FarmPosition,
    own::Own,
    pool::{Observation, Pool, Side},
    pool_config::{ConfigTerms, ConfigUpdate, PoolConfig},
    seat::Seat,
};
