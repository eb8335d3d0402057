//! `create_farm`.
// Anchor expands `#[instruction]` arguments into functions that do not all use them.
#![allow(unused_variables)]

use {
    crate::{
        calls::{create_state, farm::NewFarmVault},
        constants::{FARM_SEED, LAYOUT_VERSION, REWARD_VAULT_SEED, STAKE_VAULT_SEED},
        errors::PoolError,
        instructions::farming::{announce_farm, now_ts, CREATE_FARM},
        state::{mint, own::same, Farm, FarmTerms, Own, Pool, PoolConfig},
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::ids,
};

/// Accounts of `create_farm`.
#[derive(Accounts)]
#[instruction(index: u16)]
pub struct CreateFarm {
    /// Creates the farm, pays its rent, and gets back the rent and what nobody earned.
    #[account(mut)]
    pub funder: Signer,
    /// The pool whose shares are rewarded.
    pub pool: Own<Pool>,
    /// The pool's terms, which name the realm of persons.
    #[account(constraint = same(config.address(), &pool.config) @ ErrorCode::ConstraintAddress)]
    pub config: Own<PoolConfig>,
    /// Mint of the pool's shares.
    #[account(constraint = same(lp_mint.address(), &pool.lp_mint) @ ErrorCode::ConstraintAddress)]
    pub lp_mint: UncheckedAccount,
    /// What the farm will pay.
    pub reward_mint: UncheckedAccount,
    /// The farm to be.
    // the seeds are for the IDL; `create_state` derives and creates
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [
                FARM_SEED,
                pool.address().as_ref(),
                reward_mint.address().as_ref(),
                funder.address().as_ref(),
                index.to_le_bytes(),
            ],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub farm: UncheckedAccount,
    /// The farm's account of staked shares to be.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [STAKE_VAULT_SEED, farm.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub stake_vault: UncheckedAccount,
    /// The farm's account of rewards to be.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [REWARD_VAULT_SEED, farm.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub reward_vault: UncheckedAccount,
    /// Token program of the reward mint.
    #[account(constraint = reward_mint.account().owned_by(reward_program.address()) @ PoolError::TokenProgramMismatch)]
    pub reward_program: UncheckedAccount,
    /// SPL Token, the program of the pool's shares.
    #[cfg_attr(feature = "idl-build", account(address = ids::TOKEN))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), &ids::TOKEN) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Specification:
/// - anybody may create a farm for any pool; nothing pauses it
/// - it lasts an hour at least and ends within five years; a start in the past is now
/// - the plural lane has at most 90 % of every funding, and a cap of 1 to 1,000 times the open lane's pay
/// - the reward mint passes the extension policy and keeps no transfer fees, refused by name; it may be one of the pool's
///   mints or the LP mint, which the vaults keep apart
/// - farm and vaults stand at their derived addresses; nothing is funded yet
pub fn handle_create_farm(ctx: &mut Context<CreateFarm>, index: u16, terms: &FarmTerms) -> Result<()> {
    let start_ts = terms.validate(now_ts()?)?;
    let accounts = &ctx.accounts;
    accounts.pool.validate_version()?;
    let reward = mint::accept(accounts.reward_mint.account())?;
    require!(reward.transfer_fees.is_none(), PoolError::MintHasTransferFee);

    let mut farm = accounts.create_state(index)?;
    farm.reward_decimals = reward.state.decimals;
    farm.index = index.into();
    farm.plural_cap_multiple = terms.plural_cap_multiple.into();
    farm.plural_share_ppm = terms.plural_share_ppm.into();
    farm.start_ts = start_ts.into();
    farm.released_ts = start_ts.into();
    farm.end_ts = terms.end_ts.into();
    farm.count()?;
    accounts.create_vaults()?;
    announce_farm(&farm, CREATE_FARM, 0, false);
    Ok(())
}

impl CreateFarm {
    fn create_state(&self, index: u16) -> Result<Own<Farm>> {
        let seeds: [&[u8]; 5] = [
            FARM_SEED,
            self.pool.address().as_ref(),
            self.reward_mint.address().as_ref(),
            self.funder.address().as_ref(),
            &index.to_le_bytes(),
        ];
        let (mut farm, bump): (Own<Farm>, u8) = create_state(self.funder.account(), self.farm.account(), &seeds)?;
        farm.version = LAYOUT_VERSION;
        farm.bump = bump;
        farm.pool = *self.pool.address();
        farm.reward_mint = *self.reward_mint.address();
        farm.funder = *self.funder.address();
        farm.realm = self.config.realm;
        farm.lp_mint = *self.lp_mint.address();
        farm.stake_vault = *self.stake_vault.address();
        farm.reward_vault = *self.reward_vault.address();
        farm.reward_program = *self.reward_program.address();
        Ok(farm)
    }

    fn create_vaults(&self) -> Result<()> {
        let (payer, farm) = (self.funder.account(), self.farm.address());
        NewFarmVault {
            payer,
            vault: self.stake_vault.account(),
            mint: self.lp_mint.account(),
            token_program: &ids::TOKEN,
            farm,
        }
        .create(STAKE_VAULT_SEED)?;
        NewFarmVault {
            payer,
            vault: self.reward_vault.account(),
            mint: self.reward_mint.account(),
            token_program: self.reward_program.address(),
            farm,
        }
        .create(REWARD_VAULT_SEED)
    }
}
