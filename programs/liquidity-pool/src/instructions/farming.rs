//! What the instructions of farms share. All of it is out of line: there is one body of each.

use {
    crate::{
        calls::farm::FarmTransfer,
        errors::PoolError,
        events::{log, FarmChanged, PositionChanged},
        instructions::clock_before,
        state::{Farm, FarmPosition, Own, Seat},
    },
    anchor_lang::{prelude::*, AnchorAccount},
};

/// Number of `create_farm`, as events of farms show it; the other instructions' follow.
pub(crate) const CREATE_FARM: u8 = 20;
pub(crate) const FUND_FARM: u8 = 21;
pub(crate) const STAKE: u8 = 22;
pub(crate) const UNSTAKE: u8 = 23;
pub(crate) const HARVEST: u8 = 24;
pub(crate) const TAKE_SEAT: u8 = 25;
pub(crate) const SYNC_SEAT: u8 = 26;
pub(crate) const LEAVE_SEAT: u8 = 27;
pub(crate) const RECLAIM_REWARDS: u8 = 28;

/// The time, by the clock.
#[inline(always)]
pub(crate) fn now_ts() -> Result<i64> {
    Ok(clock_before(i64::MAX)?.unix_timestamp)
}

/// A position given as an unchecked account: what it is, but not whose.
#[inline(never)]
pub(crate) fn load_position(account: &AccountView) -> Result<Own<FarmPosition>> {
    // SAFETY: no other reference into its data is alive; the accounts structs name it once, as unchecked.
    unsafe { Own::load_mut(*account) }
}

/// What every change of a position begins with: that position, farm, owner and seat belong together, and that both lanes
/// have paid it up to now. Returns the time.
///
/// Errors: [`PoolError::FarmMismatch`], [`PoolError::NotTheOwner`], [`PoolError::SeatMismatch`].
#[inline(never)]
pub(crate) fn checkpoint(
    farm: &mut Own<Farm>,
    owner: &Address,
    position: &mut FarmPosition,
    seat: &mut Option<Own<Seat>>,
) -> Result<i64> {
    position.validate(farm.address(), owner, seat.as_ref().map(|seat| seat.address()))?;
    let now = now_ts()?;
    farm.release(now)?;
    farm.settle(position, seat.as_deref_mut());
    Ok(now)
}

/// P5 on the reward vault's balance.
#[inline(never)]
pub(crate) fn check_rewards(farm: &Farm, reward_vault: &AccountView) -> Result<()> {
    require!(
        crate::calls::vault_atoms(reward_vault)? >= farm.reward_atoms.get(),
        PoolError::RewardVaultShort
    );
    Ok(())
}

/// A transfer of rewards.
#[inline(always)]
pub(crate) fn reward_transfer<'a>(
    farm: &'a Farm,
    mint: &'a AccountView,
    from: &'a AccountView,
    to: &'a AccountView,
    amount_atoms: u64,
) -> FarmTransfer<'a> {
    FarmTransfer {
        token_program: &farm.reward_program,
        mint,
        from,
        to,
        amount_atoms,
        decimals: farm.reward_decimals,
    }
}

/// Logs the change of a position.
#[inline(never)]
pub(crate) fn announce_position(farm: &Own<Farm>, position: &FarmPosition, action: u8, paid_atoms: u64) {
    log(PositionChanged {
        farm: *farm.address(),
        owner: position.owner,
        seat: position.seat,
        sequence: farm.sequence.get(),
        released_ts: farm.released_ts.get(),
        stake_atoms: position.stake_atoms.get(),
        pending_atoms: position.pending_atoms.get(),
        paid_atoms,
        staked_atoms: farm.open.weight.get(),
        plural_weight: farm.plural.weight.get(),
        unspent_atoms: farm.unspent_atoms.get(),
        action,
        reserved: [0; 7],
    });
}

/// Logs the change of a farm.
#[inline(never)]
pub(crate) fn announce_farm(farm: &Own<Farm>, action: u8, amount_atoms: u64, is_closed: bool) {
    log(FarmChanged {
        farm: *farm.address(),
        pool: farm.pool,
        reward_mint: farm.reward_mint,
        funder: farm.funder,
        sequence: farm.sequence.get(),
        released_ts: farm.released_ts.get(),
        start_ts: farm.start_ts.get(),
        end_ts: farm.end_ts.get(),
        amount_atoms,
        reward_atoms: farm.reward_atoms.get(),
        unspent_atoms: farm.unspent_atoms.get(),
        plural_share_ppm: farm.plural_share_ppm.get(),
        plural_cap_multiple: farm.plural_cap_multiple.get(),
        index: farm.index.get(),
        action,
        is_closed: u8::from(is_closed),
        reserved: [0; 6],
    });
}
