//! A program of somebody else's that calls the liquidity pool: the worked example of the pool's integration guide.
//!
//! It trades and provides liquidity in two ways: for a user who signs, and for a *desk*, a derived address that this program
//! signs for. What is checked here is what the pool cannot know: that the called program is the pool, and how much arrived.
//! All else is the pool's to check, so its accounts pass through unread. [`pool_caller::forward`] hands any bytes and accounts
//! to the pool; tests show with it what no caller may do.
#![cfg_attr(not(feature = "idl-build"), no_std)]

extern crate alloc;

#[cfg(target_arch = "bpf")]
extern crate commonweal_libcalls;

pub mod accounts_of_pool;

use {
    accounts_of_pool::*,
    alloc::vec::Vec,
    anchor_lang::{
        prelude::*,
        solana_program::instruction::{AccountMeta, Instruction},
    },
    commonweal_interface::token::amount_atoms,
};

declare_id!("2rhRmKvoWkAsiPj7GuGgmBAD6gyxBHusDiFkXY89BRdS");

/// Prefix of a desk's seeds; its owner's address follows.
pub const DESK: &[u8] = b"desk";

#[program]
pub mod pool_caller {
    use super::*;

    /// Swaps for a user who signs; returns what arrived.
    #[discrim = 0]
    pub fn swap(ctx: &mut Context<UserSwap>, input_atoms: u64, min_output_atoms: u64, deadline_ts: i64) -> Result<u64> {
        let mut extra = ctx.remaining_accounts()?;
        let UserSwap { trader, swap } = &mut ctx.accounts;
        let before = balance(&swap.trader_out)?;
        liquidity_pool::cpi::swap_exact_in(
            swap.call(trader.cpi_handle(), &mut extra, &[]),
            input_atoms,
            min_output_atoms,
            deadline_ts,
        )?;
        arrived(&swap.trader_out, before)
    }

    /// Swaps for a desk, whose owner signs; returns what arrived.
    #[discrim = 1]
    pub fn swap_for_desk(
        ctx: &mut Context<DeskSwap>,
        input_atoms: u64,
        min_output_atoms: u64,
        deadline_ts: i64,
    ) -> Result<u64> {
        let mut extra = ctx.remaining_accounts()?;
        let bump = [ctx.bumps.desk];
        let DeskSwap { owner, desk, swap } = &mut ctx.accounts;
        let before = balance(&swap.trader_out)?;
        liquidity_pool::cpi::swap_exact_in(
            swap.call(
                desk.cpi_handle(),
                &mut extra,
                &[&[DESK, owner.address().as_ref(), &bump]],
            ),
            input_atoms,
            min_output_atoms,
            deadline_ts,
        )?;
        arrived(&swap.trader_out, before)
    }

    /// Does what `swap` does for a quarter of the overhead: no heap, both tokens of one token program.
    #[discrim = 7]
    pub fn swap_lean(
        ctx: &mut Context<UserSwap>,
        input_atoms: u64,
        min_output_atoms: u64,
        deadline_ts: i64,
    ) -> Result<u64> {
        let UserSwap { trader, swap } = &mut ctx.accounts;
        let before = balance(&swap.trader_out)?;
        swap.call_lean(trader.cpi_handle(), input_atoms, min_output_atoms, deadline_ts);
        arrived(&swap.trader_out, before)
    }

    /// Deposits for a user who signs.
    #[discrim = 2]
    pub fn deposit(
        ctx: &mut Context<UserShares>,
        lp_atoms: u64,
        max_a_atoms: u64,
        max_b_atoms: u64,
        deadline_ts: i64,
    ) -> Result<()> {
        let mut extra = ctx.remaining_accounts()?;
        let UserShares { provider, shares } = &mut ctx.accounts;
        liquidity_pool::cpi::deposit(
            shares.deposit(provider.cpi_handle(), &mut extra, &[]),
            lp_atoms,
            max_a_atoms,
            max_b_atoms,
            deadline_ts,
        )
    }

    /// Deposits for a desk, whose owner signs.
    #[discrim = 3]
    pub fn deposit_for_desk(
        ctx: &mut Context<DeskShares>,
        lp_atoms: u64,
        max_a_atoms: u64,
        max_b_atoms: u64,
        deadline_ts: i64,
    ) -> Result<()> {
        let mut extra = ctx.remaining_accounts()?;
        let bump = [ctx.bumps.desk];
        let DeskShares { owner, desk, shares } = &mut ctx.accounts;
        liquidity_pool::cpi::deposit(
            shares.deposit(
                desk.cpi_handle(),
                &mut extra,
                &[&[DESK, owner.address().as_ref(), &bump]],
            ),
            lp_atoms,
            max_a_atoms,
            max_b_atoms,
            deadline_ts,
        )
    }

    /// Withdraws for a user who signs; `legs` says what is paid and what is set apart.
    #[discrim = 4]
    pub fn withdraw(
        ctx: &mut Context<UserShares>,
        lp_atoms: u64,
        min_a_atoms: u64,
        min_b_atoms: u64,
        deadline_ts: i64,
        legs: u8,
    ) -> Result<()> {
        let mut extra = ctx.remaining_accounts()?;
        let UserShares { provider, shares } = &mut ctx.accounts;
        liquidity_pool::cpi::withdraw(
            shares.withdraw(provider.cpi_handle(), &mut extra, &[]),
            lp_atoms,
            min_a_atoms,
            min_b_atoms,
            deadline_ts,
            legs,
        )
    }

    /// Withdraws for a desk, whose owner signs; `legs` says what is paid and what is set apart.
    #[discrim = 5]
    pub fn withdraw_for_desk(
        ctx: &mut Context<DeskShares>,
        lp_atoms: u64,
        min_a_atoms: u64,
        min_b_atoms: u64,
        deadline_ts: i64,
        legs: u8,
    ) -> Result<()> {
        let mut extra = ctx.remaining_accounts()?;
        let bump = [ctx.bumps.desk];
        let DeskShares { owner, desk, shares } = &mut ctx.accounts;
        liquidity_pool::cpi::withdraw(
            shares.withdraw(
                desk.cpi_handle(),
                &mut extra,
                &[&[DESK, owner.address().as_ref(), &bump]],
            ),
            lp_atoms,
            min_a_atoms,
            min_b_atoms,
            deadline_ts,
            legs,
        )
    }

    /// Calls the pool with these bytes and with all accounts that follow, each as writable and signing as it came.
    #[discrim = 6]
    pub fn forward(ctx: &mut Context<Forward>, data: Vec<u8>) -> Result<()> {
        let mut passed = ctx.remaining_accounts()?;
        let accounts = passed
            .iter()
            .map(|account| AccountMeta {
                pubkey: *account.address(),
                is_signer: account.is_signer(),
                is_writable: account.is_writable(),
            })
            .collect();
        let handles = handles(&mut passed);
        let instruction = Instruction {
            program_id: liquidity_pool::ID,
            accounts,
            data,
        };
        anchor_lang::solana_program::program::invoke(&instruction, &handles)
    }
}

/// Accounts of a swap for a user. What the pool wants after its listed accounts follows.
#[derive(Accounts)]
pub struct UserSwap {
    /// Signs here, and thereby there.
    pub trader: Signer,
    /// The pool's accounts.
    pub swap: Nested<PoolSwap>,
}

/// Accounts of a swap for a desk. What the pool wants after its listed accounts follows.
#[derive(Accounts)]
pub struct DeskSwap {
    /// Whose desk it is.
    pub owner: Signer,
    /// Signs for the desk's tokens.
    #[account(seeds = [b"desk", owner.address().as_ref()], bump)]
    pub desk: UncheckedAccount,
    /// The pool's accounts.
    pub swap: Nested<PoolSwap>,
}

/// Accounts of a deposit or withdrawal for a user. What the pool wants after its listed accounts follows.
#[derive(Accounts)]
pub struct UserShares {
    /// Signs here, and thereby there.
    pub provider: Signer,
    /// The pool's accounts.
    pub shares: Nested<PoolShares>,
}

/// Accounts of a deposit or withdrawal for a desk. What the pool wants after its listed accounts follows.
#[derive(Accounts)]
pub struct DeskShares {
    /// Whose desk it is.
    pub owner: Signer,
    /// Signs for the desk's tokens.
    #[account(seeds = [b"desk", owner.address().as_ref()], bump)]
    pub desk: UncheckedAccount,
    /// The pool's accounts.
    pub shares: Nested<PoolShares>,
}

/// Accounts of `forward`. The pool's follow.
#[derive(Accounts)]
pub struct Forward {
    /// The pool's program.
    #[account(address = liquidity_pool::ID)]
    pub pool_program: UncheckedAccount,
}

fn balance(account: &UncheckedAccount) -> Result<u64> {
    amount_atoms(account.account()).ok_or(ProgramError::InvalidAccountData)
}

fn arrived(account: &UncheckedAccount, before: u64) -> Result<u64> {
    balance(account)?
        .checked_sub(before)
        .ok_or(ProgramError::ArithmeticOverflow)
}
