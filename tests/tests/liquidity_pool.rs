//! The liquidity pool on its real bytecode, one file an instruction.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

#[path = "liquidity_pool/adversarial_admin.rs"]
mod adversarial_admin;
#[path = "liquidity_pool/budgets.rs"]
mod budgets;
#[path = "liquidity_pool/bugs_of_farms.rs"]
mod bugs_of_farms;
#[path = "liquidity_pool/bugs_of_the_class.rs"]
mod bugs_of_the_class;
#[path = "liquidity_pool/claim_deferred.rs"]
mod claim_deferred;
#[path = "liquidity_pool/claim_lock_fees.rs"]
mod claim_lock_fees;
#[path = "liquidity_pool/collect_protocol_fees.rs"]
mod collect_protocol_fees;
#[path = "liquidity_pool/cpi_caller.rs"]
mod cpi_caller;
#[path = "liquidity_pool/create_farm.rs"]
mod create_farm;
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
#[path = "liquidity_pool/fund_farm.rs"]
mod fund_farm;
#[path = "liquidity_pool/harvest.rs"]
mod harvest;
#[path = "liquidity_pool/incidents.rs"]
mod incidents;
#[path = "liquidity_pool/initialize_config.rs"]
mod initialize_config;
#[path = "liquidity_pool/invariants.rs"]
mod invariants;
#[path = "liquidity_pool/leave_seat.rs"]
mod leave_seat;
#[path = "liquidity_pool/lock_liquidity.rs"]
mod lock_liquidity;
#[path = "liquidity_pool/oracle.rs"]
mod oracle;
#[path = "liquidity_pool/quote.rs"]
mod quote;
#[path = "liquidity_pool/ramp_amplification.rs"]
mod ramp_amplification;
#[path = "liquidity_pool/reclaim_rewards.rs"]
mod reclaim_rewards;
#[path = "liquidity_pool/skim.rs"]
mod skim;
#[path = "liquidity_pool/stable.rs"]
mod stable;
#[path = "liquidity_pool/stable_cost.rs"]
mod stable_cost;
#[path = "liquidity_pool/stake.rs"]
mod stake;
#[path = "liquidity_pool/swap_exact_in.rs"]
mod swap_exact_in;
#[path = "liquidity_pool/swap_exact_out.rs"]
mod swap_exact_out;
#[path = "liquidity_pool/swap_fees.rs"]
mod swap_fees;
#[path = "liquidity_pool/sync_mint_risk.rs"]
mod sync_mint_risk;
#[path = "liquidity_pool/sync_seat.rs"]
mod sync_seat;
#[path = "liquidity_pool/take_seat.rs"]
mod take_seat;
#[path = "liquidity_pool/token_2022.rs"]
mod token_2022;
#[path = "liquidity_pool/token_2022_later.rs"]
mod token_2022_later;
#[path = "liquidity_pool/token_2022_rewards.rs"]
mod token_2022_rewards;
#[path = "liquidity_pool/transfer_lock.rs"]
mod transfer_lock;
#[path = "liquidity_pool/unlock_liquidity.rs"]
mod unlock_liquidity;
#[path = "liquidity_pool/unstake.rs"]
mod unstake;
#[path = "liquidity_pool/update_config.rs"]
mod update_config;
#[path = "liquidity_pool/withdraw.rs"]
mod withdraw;
