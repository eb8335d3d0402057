//! `reclaim_rewards`.

use {
    crate::{
        calls::{
            self, close_state,
            farm::{burn_staked, close_vault, is_token_account},
        },
        errors::PoolError,
        instructions::farming::{announce_farm, check_rewards, now_ts, reward_transfer, RECLAIM_REWARDS},
        state::{own::same, Farm, Own},
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::ids,
};

/// Accounts of `reclaim_rewards`. Nobody signs: whoever pays the transaction may pay the funder.
#[derive(Accounts)]
pub struct ReclaimRewards {
    /// The farm.
    #[account(mut)]
    pub farm: Own<Farm>,
    /// The farm's funder, who gets the rent when everybody has left.
    #[account(mut, constraint = same(funder.address(), &farm.funder) @ PoolError::NotTheOwner)]
    pub funder: UncheckedAccount,
    /// The farm's account of staked shares.
    #[account(mut, constraint = same(stake_vault.address(), &farm.stake_vault) @ PoolError::VaultMismatch)]
    pub stake_vault: UncheckedAccount,
    /// The farm's account of rewards.
    #[account(mut, constraint = same(reward_vault.address(), &farm.reward_vault) @ PoolError::VaultMismatch)]
    pub reward_vault: UncheckedAccount,
    /// What the farm paid.
    #[account(constraint = same(reward_mint.address(), &farm.reward_mint) @ PoolError::MintMismatch)]
    pub reward_mint: UncheckedAccount,
    /// Mint of the pool's shares.
    #[account(mut, unsafe(dup), constraint = same(lp_mint.address(), &farm.lp_mint) @ PoolError::MintMismatch)]
    pub lp_mint: UncheckedAccount,
    /// Account of the reward mint, owned by the funder, that is paid.
    #[account(mut)]
    pub funder_rewards: UncheckedAccount,
    /// Token program of the reward mint.
    #[account(constraint = same(reward_program.address(), &farm.reward_program) @ PoolError::TokenProgramMismatch)]
    pub reward_program: UncheckedAccount,
    /// SPL Token, the program of the LP mint.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the farm has ended; nobody signs
/// - what nobody can earn any more goes to a token account owned by the farm's funder
/// - when no position is left, so does all the reward vault holds, roundings and donations included; shares somebody has
///   sent to the stake vault are burned, which is their value to the other providers; vaults and farm are closed, and their
///   rent is the funder's
/// - nothing to return and positions left is an error
pub fn handle_reclaim_rewards(ctx: &mut Context<ReclaimRewards>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let now = now_ts()?;
    require!(now >= accounts.farm.end_ts.get(), PoolError::FarmNotEnded);
    accounts.farm.release(now)?;
    check_rewards(&accounts.farm, accounts.reward_vault.account())?;
    let is_last = accounts.farm.positions.is_zero();
    let (spent, paid) = if is_last {
        let held = calls::vault_atoms(accounts.reward_vault.account())?;
        (accounts.farm.reward_atoms.get(), held)
    } else {
        let unspent = accounts.farm.unspent_atoms.get();
        require!(unspent != 0, PoolError::NothingToReclaim);
        (unspent, unspent)
    };
    accounts.farm.unspent_atoms = PodU64::from(0);
    accounts.farm.spend(spent)?;

    accounts.pay(paid)?;
    announce_farm(&accounts.farm, RECLAIM_REWARDS, paid, is_last);
    if is_last {
        accounts.close()?;
    }
    Ok(())
}

impl ReclaimRewards {
    fn pay(&self, atoms: u64) -> Result<()> {
        let farm = &self.farm;
        let to = self.funder_rewards.account();
        require!(
            atoms == 0 || is_token_account(to, &farm.reward_program, &farm.reward_mint, &farm.funder),
            PoolError::NotTheFundersAccount
        );
        reward_transfer(farm, self.reward_mint.account(), self.reward_vault.account(), to, atoms).push(farm)?;
        check_rewards(farm, self.reward_vault.account())
    }

    fn close(&self) -> Result<()> {
        let (farm, funder) = (&self.farm, self.funder.account());
        let stray = calls::vault_atoms(self.stake_vault.account())?;
        if stray != 0 {
            burn_staked(farm, self.lp_mint.account(), self.stake_vault.account(), stray)?;
        }
        close_vault(farm, &ids::TOKEN, self.stake_vault.account(), funder)?;
        close_vault(farm, &farm.reward_program, self.reward_vault.account(), funder)?;
        close_state(farm.account(), funder)
    }
}
