//! The liquidity pool on its real bytecode, one file an instruction.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

#[path = "liquidity_pool/budgets.rs"]
mod budgets;
#[path = "liquidity_pool/claim_deferred.rs"]
mod claim_deferred;
#[path = "liquidity_pool/claim_lock_fees.rs"]
mod claim_lock_fees;
#[path = "liquidity_pool/collect_protocol_fees.rs"]
mod collect_protocol_fees;
#[path = "liquidity_pool/create_pool.rs"]
mod create_pool;
#[path = "liquidity_pool/deposit.rs"]
mod deposit;
#[path = "liquidity_pool/deposit_one_side.rs"]
mod deposit_one_side;
#[path = "liquidity_pool/expect.rs"]
mod expect;
#[path = "liquidity_pool/flash_borrow.rs"]
mod flash_borrow;
#[path = "liquidity_pool/flash_repay.rs"]
mod flash_repay;
#[path = "liquidity_pool/incidents.rs"]
mod incidents;
#[path = "liquidity_pool/initialize_config.rs"]
mod initialize_config;
#[path = "liquidity_pool/lock_liquidity.rs"]
mod lock_liquidity;
#[path = "liquidity_pool/oracle.rs"]
mod oracle;
#[path = "liquidity_pool/quote.rs"]
mod quote;
#[path = "liquidity_pool/ramp_amplification.rs"]
mod ramp_amplification;
#[path = "liquidity_pool/skim.rs"]
mod skim;
#[path = "liquidity_pool/stable.rs"]
mod stable;
#[path = "liquidity_pool/swap_exact_in.rs"]
mod swap_exact_in;
#[path = "liquidity_pool/swap_exact_out.rs"]
mod swap_exact_out;
#[path = "liquidity_pool/swap_fees.rs"]
mod swap_fees;
#[path = "liquidity_pool/sync_mint_risk.rs"]
mod sync_mint_risk;
#[path = "liquidity_pool/transfer_lock.rs"]
mod transfer_lock;
#[path = "liquidity_pool/unlock_liquidity.rs"]
mod unlock_liquidity;
#[path = "liquidity_pool/update_config.rs"]
mod update_config;
#[path = "liquidity_pool/withdraw.rs"]
mod withdraw;
