//! Liquidity pool on two curves that no admin can trap.
//!
//! Anybody creates a [`state::PoolConfig`] for a governance realm, and anybody creates [`state::Pool`]s under it. Swap fees go
//! to the liquidity providers, a bounded part of them to the realm's treasury. The config's authority sets the fee inside
//! ceilings that can never be raised and may pause what adds risk; it cannot touch a pool's tokens or stop a withdrawal.
//!
//! [`math`] is pure and public: clients quote with the functions the program executes.
#![cfg_attr(not(feature = "idl-build"), no_std)]
// the IDL is told of addresses in Anchor's words, which compare them where they stand
#![cfg_attr(feature = "idl-build", allow(unused_imports))]
// tests stop where they stand; the strict lints hold for what runs on chain
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

#[cfg(test)]
extern crate std;

#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

pub mod constants;
// Anchor's `cpi` feature makes a module of that name for callers of this program.
#[path = "cpi.rs"]
mod calls;
pub mod errors;
pub mod events;
pub mod instructions;
pub mod introspection;
pub mod math;
pub mod state;

use {
    anchor_lang::prelude::*,
    instructions::*,
    state::{ConfigTerms, ConfigUpdate, FarmTerms},
};

declare_id!("PowrPFG97KnA4WmsydYgF7JsXuDQXzvEJYTsyLwjbcE");

// Callers get the calls alone: without `interface` Anchor would export this program's whole dispatch into their binaries,
// under a name that two such dependencies would fight over.
#[cfg_attr(not(feature = "cpi"), program)]
#[cfg_attr(feature = "cpi", program(interface))]
pub mod liquidity_pool {
    use super::*;

    /// Creates a config, the terms many pools share.
    ///
    /// `id`: any number not yet taken. `terms`: curve, fees with their immutable ceilings, authority and treasury.
    #[discrim = 0]
    pub fn initialize_config(ctx: &mut Context<InitializeConfig>, id: u64, terms: ConfigTerms) -> Result<()> {
        handle_initialize_config(ctx, id, &terms)
    }

    /// Changes a config's fees, protocol share, pause bits, authority or treasury, by its authority.
    ///
    /// `update`: the new values; what is left out stays.
    #[discrim = 1]
    pub fn update_config(ctx: &mut Context<UpdateConfig>, update: ConfigUpdate) -> Result<()> {
        handle_update_config(ctx, &update)
    }

    /// Creates a pool with its vaults and LP mint and makes the first deposit.
    ///
    /// `index`: any number the creator has not used for this pair and config. `args`: amounts, deadline, and the bumps of
    /// vault A, vault B and LP mint as `find_program_address` gives them.
    #[discrim = 2]
    pub fn create_pool(ctx: &mut Context<CreatePool>, index: u16, args: CreatePoolArgs) -> Result<()> {
        handle_create_pool(ctx, index, &args)
    }

    /// Mints shares for both tokens in the pool's proportion.
    ///
    /// `lp_atoms`: shares wanted, exactly. `max_a_atoms`, `max_b_atoms`: most that may leave the provider. `deadline_ts`:
    /// Unix time after which the instruction fails.
    #[discrim = 3]
    pub fn deposit(
        ctx: &mut Context<Deposit>,
        lp_atoms: u64,
        max_a_atoms: u64,
        max_b_atoms: u64,
        deadline_ts: i64,
    ) -> Result<()> {
        handle_deposit(ctx, lp_atoms, max_a_atoms, max_b_atoms, deadline_ts)
    }

    /// Burns shares for both tokens in the pool's proportion. Nothing can pause it.
    ///
    /// `lp_atoms`: shares to burn. `min_a_atoms`, `min_b_atoms`: least that must reach the provider. `deadline_ts`: Unix time
    /// after which the instruction fails. `legs`: 3 pays both tokens; without 1 (token A) or 2 (token B) that token is set apart
    /// for the provider's claim.
    #[discrim = 4]
    pub fn withdraw(
        ctx: &mut Context<Withdraw>,
        lp_atoms: u64,
        min_a_atoms: u64,
        min_b_atoms: u64,
        deadline_ts: i64,
        legs: u8,
    ) -> Result<()> {
        handle_withdraw(ctx, lp_atoms, min_a_atoms, min_b_atoms, deadline_ts, legs)
    }

    /// Sells an exact amount.
    ///
    /// `input_atoms`: what leaves the trader. `min_output_atoms`: least that must reach the trader, after transfer fees.
    /// `deadline_ts`: Unix time after which the instruction fails.
    #[discrim = 5]
    pub fn swap_exact_in(
        ctx: &mut Context<Swap>,
        input_atoms: u64,
        min_output_atoms: u64,
        deadline_ts: i64,
    ) -> Result<()> {
        handle_swap_exact_in(ctx, input_atoms, min_output_atoms, deadline_ts)
    }

    /// Buys an exact amount.
    ///
    /// `output_atoms`: what must reach the trader, after transfer fees. `max_input_atoms`: most that may leave the trader.
    /// `deadline_ts`: Unix time after which the instruction fails.
    #[discrim = 6]
    pub fn swap_exact_out(
        ctx: &mut Context<Swap>,
        output_atoms: u64,
        max_input_atoms: u64,
        deadline_ts: i64,
    ) -> Result<()> {
        handle_swap_exact_out(ctx, output_atoms, max_input_atoms, deadline_ts)
    }

    /// Pays the treasury what swaps have set apart for it. Anybody may call it; nothing can pause it.
    ///
    /// `legs`: 1 to pay token A, 2 to pay token B, 3 for both; one side alone when the other cannot be paid.
    #[discrim = 7]
    pub fn collect_protocol_fees(ctx: &mut Context<CollectProtocolFees>, legs: u8) -> Result<()> {
        handle_collect_protocol_fees(ctx, legs)
    }

    /// Deposits one token: sells a part of it and deposits the rest with what the part bought.
    ///
    /// `side`: 0 for token A, 1 for token B. `swap_atoms`: sold of what arrives. `max_total_atoms`: most that may leave the
    /// provider. `min_lp_atoms`: least shares minted. `deadline_ts`: Unix time after which the instruction fails.
    #[discrim = 8]
    pub fn deposit_one_side(
        ctx: &mut Context<Deposit>,
        side: u8,
        swap_atoms: u64,
        max_total_atoms: u64,
        min_lp_atoms: u64,
        deadline_ts: i64,
    ) -> Result<()> {
        handle_deposit_one_side(ctx, side, swap_atoms, max_total_atoms, min_lp_atoms, deadline_ts)
    }

    /// Says in its return data what an instruction would do now, to the atom, and writes nothing.
    ///
    /// `mode`: 0 swap_exact_in, 1 swap_exact_out, 2 deposit, 3 withdraw, 4 deposit_one_side. `side`: the token that comes in, 0
    /// for A, 1 for B. `amount_atoms`: the input, the output, the shares, the shares, what is sold. The return data is a
    /// [`Quote`](instructions::quote::Quote).
    #[discrim = 9]
    pub fn quote(ctx: &mut Context<GetQuote>, mode: u8, side: u8, amount_atoms: u64) -> Result<()> {
        handle_quote(ctx, mode, side, amount_atoms)
    }

    /// Moves a stable curve's amplification in a straight line, or stops that; by the config's authority.
    ///
    /// `target`: the value at the end, at most ten times the present one or a tenth of it; 0 or the present value to stop a
    /// ramp that runs. `end_ts`: Unix time of the end, a day to 365 days from now.
    #[discrim = 10]
    pub fn ramp_amplification(ctx: &mut Context<UpdateConfig>, target: u32, end_ts: i64) -> Result<()> {
        handle_ramp_amplification(ctx, target, end_ts)
    }

    /// Takes what has been sent to the vaults into the reserves, where it vests to the providers. Anybody may call it.
    #[discrim = 11]
    pub fn skim(ctx: &mut Context<Skim>) -> Result<()> {
        handle_skim(ctx)
    }

    /// Lends reserves of the pool within one transaction, whose later `flash_repay` takes them back with the fee.
    ///
    /// `a_atoms`, `b_atoms`: what is lent; one of them may be zero.
    #[discrim = 12]
    pub fn flash_borrow(ctx: &mut Context<FlashLoan>, a_atoms: u64, b_atoms: u64) -> Result<()> {
        handle_flash_borrow(ctx, a_atoms, b_atoms)
    }

    /// Takes back what `flash_borrow` lent, and the fee, which belongs to the liquidity providers.
    #[discrim = 13]
    pub fn flash_repay(ctx: &mut Context<FlashLoan>) -> Result<()> {
        handle_flash_repay(ctx)
    }

    /// Reads both mints again and stores what their authorities can do to holders. Anybody may call it.
    #[discrim = 14]
    pub fn sync_mint_risk(ctx: &mut Context<SyncMintRisk>) -> Result<()> {
        handle_sync_mint_risk(ctx)
    }

    /// Locks shares until a time, or for ever.
    ///
    /// `index`: any number the owner has not used for this pool. `lp_atoms`: shares to lock. `unlock_ts`: Unix time from which
    /// they can be unlocked; 9223372036854775807 for never.
    #[discrim = 15]
    pub fn lock_liquidity(ctx: &mut Context<LockLiquidity>, index: u16, lp_atoms: u64, unlock_ts: i64) -> Result<()> {
        handle_lock_liquidity(ctx, index, lp_atoms, unlock_ts)
    }

    /// Gives back shares whose lock has expired. Nothing can pause it.
    ///
    /// `lp_atoms`: shares to unlock, at most what the lock holds; the lock that holds none is closed.
    #[discrim = 16]
    pub fn unlock_liquidity(ctx: &mut Context<ReleaseLock>, lp_atoms: u64) -> Result<()> {
        handle_unlock_liquidity(ctx, lp_atoms)
    }

    /// Pays the owner of a lock for ever the shares that fees have made superfluous: what stays locked is worth what was
    /// locked. Nothing can pause it.
    #[discrim = 17]
    pub fn claim_lock_fees(ctx: &mut Context<ReleaseLock>) -> Result<()> {
        handle_claim_lock_fees(ctx)
    }

    /// Makes somebody else the owner of a lock.
    ///
    /// `new_owner`: whose the lock is from now on.
    #[discrim = 18]
    pub fn transfer_lock(ctx: &mut Context<ReleaseLock>, new_owner: Address) -> Result<()> {
        handle_transfer_lock(ctx, &new_owner)
    }

    /// Pays what a withdrawal had to defer, all of it, and closes the claim. Nothing can pause it.
    #[discrim = 19]
    pub fn claim_deferred(ctx: &mut Context<ClaimDeferred>) -> Result<()> {
        handle_claim_deferred(ctx)
    }

    /// Creates a farm, which pays rewards of one mint for the pool's staked shares.
    ///
    /// `index`: any number the funder has not used for this pool and mint. `terms`: start, end and lanes.
    #[discrim = 20]
    pub fn create_farm(ctx: &mut Context<CreateFarm>, index: u16, terms: FarmTerms) -> Result<()> {
        handle_create_farm(ctx, index, &terms)
    }

    /// Adds rewards to a farm, to be released evenly from now to its end.
    ///
    /// `amount_atoms`: what is added. `end_ts`: the farm's end; a later one than it has extends it, by its funder alone.
    #[discrim = 21]
    pub fn fund_farm(ctx: &mut Context<FundFarm>, amount_atoms: u64, end_ts: i64) -> Result<()> {
        handle_fund_farm(ctx, amount_atoms, end_ts)
    }

    /// Stakes shares of the pool in a farm; they earn from now on.
    ///
    /// `amount_atoms`: shares added to the position.
    #[discrim = 22]
    pub fn stake(ctx: &mut Context<Staking>, amount_atoms: u64) -> Result<()> {
        handle_stake(ctx, amount_atoms)
    }

    /// Takes staked shares back. Nothing can pause it.
    ///
    /// `amount_atoms`: shares taken from the position.
    #[discrim = 23]
    pub fn unstake(ctx: &mut Context<Staking>, amount_atoms: u64) -> Result<()> {
        handle_unstake(ctx, amount_atoms)
    }

    /// Pays everything a position has earned; closes it where nothing is staked. Nothing can pause it.
    #[discrim = 24]
    pub fn harvest(ctx: &mut Context<Harvest>) -> Result<()> {
        handle_harvest(ctx)
    }

    /// Takes a verified person's seat in the plural lane for a position of the person's wallet.
    #[discrim = 25]
    pub fn take_seat(ctx: &mut Context<Seating>) -> Result<()> {
        handle_take_seat(ctx)
    }

    /// Ends the seat of a person who is no longer verified or has moved to another wallet. Anybody may call it.
    #[discrim = 26]
    pub fn sync_seat(ctx: &mut Context<SyncSeat>) -> Result<()> {
        handle_sync_seat(ctx)
    }

    /// Gives up a seat, by the position's owner.
    #[discrim = 27]
    pub fn leave_seat(ctx: &mut Context<Seating>) -> Result<()> {
        handle_leave_seat(ctx)
    }

    /// Returns what nobody earned to a farm's funder after its end; closes the farm when everybody has left. Anybody may
    /// call it.
    #[discrim = 28]
    pub fn reclaim_rewards(ctx: &mut Context<ReclaimRewards>) -> Result<()> {
        handle_reclaim_rewards(ctx)
    }
}
