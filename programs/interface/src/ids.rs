//! Addresses of the programs of the suite and of the programs they call.
//!
//! These are the ids of a local network; their keys are committed under `migrations/localnet-keys`. A deployment elsewhere
//! replaces the three constants here and each program's `declare_id!`, which a test holds equal to them.

use pinocchio::Address;

/// The liquidity-pool program.
pub const LIQUIDITY_POOL: Address = Address::from_str_const("PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE");
/// The quadratic-governance program.
pub const QUADRATIC_GOVERNANCE: Address = Address::from_str_const("GoESLczUu9cu54pSsMQiSiCYn5tAgXTBgr6tCmFHkMTQ");
/// The compute-escrow program.
pub const COMPUTE_ESCROW: Address = Address::from_str_const("JoASPwhRUkkd7oZtZDSNk5ipoo2Rnc2HohPpPEka3f4");
/// The SPL Token program (p-token where the cluster has replaced it).
pub const TOKEN: Address = Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// The Token-2022 program.
pub const TOKEN_2022: Address = Address::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
/// The system program.
pub const SYSTEM: Address = Address::from_str_const("11111111111111111111111111111111");
