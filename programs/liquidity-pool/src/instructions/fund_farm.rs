//! `fund_farm`.

use {
    crate::{
        errors::PoolError,
        instructions::farming::{announce_farm, check_rewards, now_ts, reward_transfer, FUND_FARM},
        state::{own::same, Farm, Own},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `fund_farm`.
#[derive(Accounts)]
pub struct FundFarm {
    /// Owns (or is delegate of) the account that pays; anybody, but only the farm's funder may extend its end.
    pub giver: Signer,
    /// The farm.
    #[account(mut)]
    pub farm: Own<Farm>,
    /// The farm's account of rewards.
    #[account(mut, constraint = same(reward_vault.address(), &farm.reward_vault) @ PoolError::VaultMismatch)]
    pub reward_vault: UncheckedAccount,
    /// What the farm pays.
    #[account(constraint = same(reward_mint.address(), &farm.reward_mint) @ PoolError::MintMismatch)]
    pub reward_mint: UncheckedAccount,
    /// Account of the reward mint that pays.
    #[account(mut)]
    pub giver_rewards: UncheckedAccount,
    /// Token program of the reward mint.
    #[account(constraint = same(reward_program.address(), &farm.reward_program) @ PoolError::TokenProgramMismatch)]
    pub reward_program: UncheckedAccount,
}

/// Specification:
/// - the farm has not ended; what it owes until now is released at the old rate first
/// - what is left unreleased and the amount are spread evenly from now (or the start) to the end, in each lane
/// - the end may be extended, by the farm's funder alone, to five years from now at most; no lane's rate may fall
/// - exactly the amount arrives; what nobody earns of it returns to the farm's funder, whoever gave it
pub fn handle_fund_farm(ctx: &mut Context<FundFarm>, amount_atoms: u64, end_ts: i64) -> Result<()> {
    require!(amount_atoms != 0, PoolError::ZeroAmount);
    let accounts = &mut ctx.accounts;
    let now = now_ts()?;
    accounts.farm.validate_running(now)?;
    require!(
        end_ts == accounts.farm.end_ts.get() || same(accounts.giver.address(), &accounts.farm.funder),
        PoolError::NotTheOwner
    );
    accounts.farm.release(now)?;
    accounts.farm.fund(amount_atoms, end_ts, now)?;

    reward_transfer(
        &accounts.farm,
        accounts.reward_mint.account(),
        accounts.giver_rewards.account(),
        accounts.reward_vault.account(),
        amount_atoms,
    )
    .pull(accounts.giver.account())?;
    check_rewards(&accounts.farm, accounts.reward_vault.account())?;
    announce_farm(&accounts.farm, FUND_FARM, amount_atoms, false);
    Ok(())
}
