//! `harvest`.

use {
    crate::{
        calls::close_state,
        errors::PoolError,
        instructions::farming::{announce_position, check_rewards, checkpoint, reward_transfer, HARVEST},
        state::{own::same, seat::is_live, Farm, FarmPosition, Own, Seat},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `harvest`.
#[derive(Accounts)]
pub struct Harvest {
    /// Whose position it is; gets back the rent of what is closed.
    #[account(mut)]
    pub owner: Signer,
    /// The farm.
    #[account(mut)]
    pub farm: Own<Farm>,
    /// The owner's position.
    #[account(mut)]
    pub position: Own<FarmPosition>,
    /// The seat stored in the position; none where that is zero.
    #[account(mut)]
    pub seat: Option<Own<Seat>>,
    /// The seat's person; this program's address where there is no seat.
    pub person: UncheckedAccount,
    /// The farm's account of rewards.
    #[account(mut, constraint = same(reward_vault.address(), &farm.reward_vault) @ PoolError::VaultMismatch)]
    pub reward_vault: UncheckedAccount,
    /// What the farm pays.
    #[account(constraint = same(reward_mint.address(), &farm.reward_mint) @ PoolError::MintMismatch)]
    pub reward_mint: UncheckedAccount,
    /// Account of the reward mint that is paid.
    #[account(mut)]
    pub owner_rewards: UncheckedAccount,
    /// Token program of the reward mint.
    #[account(constraint = same(reward_program.address(), &farm.reward_program) @ PoolError::TokenProgramMismatch)]
    pub reward_program: UncheckedAccount,
}

/// Specification:
/// - no switch, config or authority takes part (P8)
/// - everything the position has earned up to now is paid
/// - a live person is paid what the seat has earned; that of a person no longer live returns to the funder after the end,
///   and the seat is closed: its weight is nobody's from now on
/// - a position without stake is closed once paid, with its seat; nothing to pay is an error while there is stake
/// - no extension of the reward mint is read
pub fn handle_harvest(ctx: &mut Context<Harvest>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let owner = *accounts.owner.address();
    let now = checkpoint(&mut accounts.farm, &owner, &mut accounts.position, &mut accounts.seat)?;
    let is_empty = accounts.position.stake_atoms.is_zero();
    let loses_seat = accounts.decide_seat(is_empty, now)?;
    let paid = accounts.position.pending_atoms.get();
    require!(is_empty || paid != 0, PoolError::NothingToHarvest);
    accounts.position.pending_atoms = PodU64::from(0);
    accounts.farm.spend(paid)?;

    reward_transfer(
        &accounts.farm,
        accounts.reward_mint.account(),
        accounts.reward_vault.account(),
        accounts.owner_rewards.account(),
        paid,
    )
    .push(&accounts.farm)?;
    check_rewards(&accounts.farm, accounts.reward_vault.account())?;
    announce_position(&accounts.farm, &accounts.position, HARVEST, paid);
    if let (true, Some(seat)) = (loses_seat, &accounts.seat) {
        close_state(seat.account(), accounts.owner.account())?;
    }
    if is_empty {
        accounts.farm.positions = accounts.farm.positions.checked_sub(1u32).ok_or(PoolError::Overflow)?;
        close_state(accounts.position.account(), accounts.owner.account())?;
    }
    Ok(())
}

impl Harvest {
    /// Looks at the seat's person, if there is a seat; whether the position loses it.
    #[inline(always)]
    fn decide_seat(&mut self, is_empty: bool, now_ts: i64) -> Result<bool> {
        let Some(seat) = &mut self.seat else {
            return Ok(false);
        };
        require!(same(self.person.address(), &seat.person), PoolError::SeatMismatch);
        let is_live = is_live(self.person.account(), &self.farm.realm, self.owner.address(), now_ts);
        self.farm.decide(&mut self.position, seat, is_live);
        let is_lost = is_empty || !is_live;
        if is_lost {
            self.farm.vacate(&mut self.position, seat)?;
        }
        Ok(is_lost)
    }
}
