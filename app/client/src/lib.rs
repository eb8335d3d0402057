//! The off-chain client of Commonweal.
//!
//! From the bottom up: [`amount`] and [`keys`] read what a person typed; [`rpc`] asks a cluster; [`journal`] remembers what
//! was about to be sent; [`send`] carries a transaction from its instructions to a proven outcome; [`explain`] turns codes
//! into sentences. On these stand [`tokens`], [`deploy`], [`localnet`] and the typed calls of the three programs
//! ([`pool`], [`governance`], [`escrow`]), which import the programs' own instruction and account types. [`job`] runs what a
//! job asks for.
//!
//! Two rules hold everywhere: an intent is on disk before its bytes leave, and "unknown" is never called "failed".

pub mod accounts;
pub mod amount;
pub mod deploy;
pub mod describe;
pub mod error;
pub mod escrow;
pub mod explain;
pub mod governance;
pub mod job;
pub mod journal;
pub mod keys;
pub mod localnet;
pub mod paths;
pub mod pool;
pub mod programs;
pub mod rpc;
pub mod send;
pub mod tokens;

pub use error::{Error, Result};
pub use solana_program::pubkey::Pubkey as Address;
