//! Rewards for staked shares, over time.

use {
    crate::{
        constants::{
            FARM_SEED, LAYOUT_VERSION, MAX_FARM_SECONDS, MAX_PLURAL_CAP_MULTIPLE, MAX_PLURAL_SHARE_PPM,
            MIN_FARM_SECONDS,
        },
        errors::PoolError,
        math::farm::{capped, pay_floor, split, LaneState},
        state::{FarmPosition, Seat},
    },
    anchor_lang::prelude::*,
    commonweal_interface::math::isqrt_u64,
};

/// One of a farm's two lanes.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct Lane {
    /// Atoms released a second, Q64.
    pub rate_q64: PodU128,
    /// Σ atoms released per unit of weight, Q64.64, wrapping.
    pub per_weight_q64: PodU128,
    /// What is released and not yet in the above, in 2⁻⁶⁴ atoms.
    pub carry_q64: PodU64,
    /// Σ weights: staked shares in the open lane, roots of seated positions' stakes in the plural lane.
    pub weight: PodU64,
}

/// Rewards of one mint for the staked shares of one pool. Address: `["farm", pool, reward_mint, funder, index]`.
///
/// The funding is split between an open lane, which pays per share staked, and a plural lane, which pays per root of the
/// shares staked by a verified person. Rewards accrue from the time something is funded, never for the past.
///
/// * P5: Σ pending + unreleased + unspent ≤ reward vault, after every instruction: all of them are parts of `reward_atoms`.
/// * P8: nothing pauses unstaking or harvesting; unstaking looks at neither person nor reward vault.
#[account]
pub struct Farm {
    /// Layout version, 1.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Decimal places of the reward mint.
    pub reward_decimals: u8,
    /// Zero.
    pub reserved_flags: u8,
    /// Number in this account's address, chosen by the funder.
    pub index: PodU16,
    /// κ: most the plural lane pays a position, in multiples of what the open lane pays it. Fixed.
    pub plural_cap_multiple: PodU16,
    /// The pool whose shares are staked. Fixed.
    pub pool: Address,
    /// What is paid. Fixed.
    pub reward_mint: Address,
    /// Who created the farm and gets back what nobody earned. Fixed.
    pub funder: Address,
    /// Governance realm whose persons may take seats: that of the pool's config. Fixed.
    pub realm: Address,
    /// Mint of the pool's shares. Fixed.
    pub lp_mint: Address,
    /// This farm's account of staked shares. Fixed.
    pub stake_vault: Address,
    /// This farm's account of rewards. Fixed.
    pub reward_vault: Address,
    /// Token program of the reward mint. Fixed.
    pub reward_program: Address,
    /// The plural lane's part of every funding, in ppm. Fixed.
    pub plural_share_ppm: PodU32,
    /// Positions that exist.
    pub positions: PodU32,
    /// Unix time from which rewards are released. Fixed.
    pub start_ts: PodI64,
    /// Unix time until which rewards are released. The funder may extend it.
    pub end_ts: PodI64,
    /// Unix time up to which rewards have been released; never after the end.
    pub released_ts: PodI64,
    /// Pays per share staked; its weight is all that is staked.
    pub open: Lane,
    /// Pays per root of the shares staked in seated positions.
    pub plural: Lane,
    /// Funded less paid: all that the farm accounts for in its reward vault.
    pub reward_atoms: PodU64,
    /// Part of it that nobody can earn any more and the funder gets back after the end.
    pub unspent_atoms: PodU64,
    /// State changes so far, those of positions and seats included: events of one farm are gapless by it.
    pub sequence: PodU64,
    /// Zero.
    pub reserved: [u8; 64],
}

/// Bytes of a `Farm` account.
pub const FARM_SPACE: usize = 8 + core::mem::size_of::<Farm>();

/// What a farm is created with.
#[derive(Clone, Copy, Debug, IdlType, AnchorSerialize, AnchorDeserialize)]
pub struct FarmTerms {
    /// Unix time from which rewards are released; the time of creation, if that is later.
    pub start_ts: i64,
    /// Unix time until which rewards are released: an hour or more after the start, five years from now at most.
    pub end_ts: i64,
    /// The plural lane's part of every funding, in ppm; at most 900,000.
    pub plural_share_ppm: u32,
    /// Most the plural lane pays a position, in multiples of what the open lane pays it; 1 to 1,000.
    pub plural_cap_multiple: u16,
}

impl FarmTerms {
    /// Refuses lanes and times out of range; returns the start.
    #[inline(always)]
    pub fn validate(&self, now_ts: i64) -> Result<i64> {
        require!(
            self.plural_share_ppm <= MAX_PLURAL_SHARE_PPM
                && self.plural_cap_multiple >= 1
                && self.plural_cap_multiple <= MAX_PLURAL_CAP_MULTIPLE,
            PoolError::LanesOutOfRange
        );
        let start_ts = self.start_ts.max(now_ts);
        require!(
            self.end_ts >= start_ts.saturating_add(MIN_FARM_SECONDS)
                && self.end_ts <= now_ts.saturating_add(MAX_FARM_SECONDS),
            PoolError::FarmTimeOutOfRange
        );
        Ok(start_ts)
    }
}

/// Seconds from one time to a later one; zero if it is not later.
fn seconds_between(from_ts: i64, to_ts: i64) -> u64 {
    u64::try_from(to_ts.saturating_sub(from_ts)).unwrap_or(0)
}

impl Lane {
    fn state(&self) -> LaneState {
        LaneState {
            rate_q64: self.rate_q64.get(),
            per_weight_q64: self.per_weight_q64.get(),
            carry_q64: self.carry_q64.get(),
            weight: self.weight.get(),
        }
    }

    /// Releases what is due; returns what nobody was there to earn.
    #[inline(never)]
    fn release(&mut self, seconds: u64) -> u64 {
        let mut state = self.state();
        let unspent_atoms = state.release(seconds);
        self.per_weight_q64 = state.per_weight_q64.into();
        self.carry_q64 = state.carry_q64.into();
        unspent_atoms
    }

    /// Adds to what is left of `seconds_left` and spreads it over `seconds`.
    #[inline(never)]
    fn fund(&mut self, seconds_left: u64, added_atoms: u64, seconds: u64) -> Result<()> {
        let rate_q64 = self
            .state()
            .funded_rate(seconds_left, added_atoms, seconds)
            .ok_or(PoolError::Overflow)?;
        require!(rate_q64 >= self.rate_q64.get(), PoolError::RateWouldFall);
        self.rate_q64 = rate_q64.into();
        Ok(())
    }

    fn reweigh(&mut self, old: u64, new: u64) -> Result<()> {
        let others = self.weight.get().checked_sub(old).ok_or(PoolError::Overflow)?;
        self.weight = others.checked_add(new).ok_or(PoolError::Overflow)?.into();
        Ok(())
    }
}

impl Farm {
    /// Refuses a farm that has ended.
    #[inline(always)]
    pub fn validate_running(&self, now_ts: i64) -> Result<()> {
        require!(now_ts < self.end_ts.get(), PoolError::FarmEnded);
        Ok(())
    }

    /// Releases rewards up to now. Everything that changes a rate, a weight or an end comes after it.
    ///
    /// A clock that steps back releases nothing.
    #[inline(never)]
    pub fn release(&mut self, now_ts: i64) -> Result<()> {
        require!(self.version == LAYOUT_VERSION, PoolError::LayoutVersionMismatch);
        let until_ts = now_ts.min(self.end_ts.get());
        let seconds = seconds_between(self.released_ts.get(), until_ts);
        if seconds == 0 {
            return Ok(());
        }
        self.released_ts = until_ts.into();
        let unspent = self.open.release(seconds).saturating_add(self.plural.release(seconds));
        self.unspent_atoms = self.unspent_atoms.saturating_add(unspent);
        Ok(())
    }

    /// Adds a funding, from now on. The farm has been released up to `now_ts` and has not ended.
    #[inline(always)]
    pub fn fund(&mut self, amount_atoms: u64, end_ts: i64, now_ts: i64) -> Result<()> {
        require!(
            end_ts >= self.end_ts.get() && end_ts <= now_ts.saturating_add(MAX_FARM_SECONDS),
            PoolError::FarmTimeOutOfRange
        );
        // the start, or now, or the latest time a clock that stepped back has shown
        let from_ts = self.released_ts.get();
        let left = seconds_between(from_ts, self.end_ts.get());
        let seconds = seconds_between(from_ts, end_ts);
        let (open, plural) = split(amount_atoms, self.plural_share_ppm.get());
        self.open.fund(left, open, seconds)?;
        self.plural.fund(left, plural, seconds)?;
        self.end_ts = end_ts.into();
        self.reward_atoms = self.reward_atoms.checked_add(amount_atoms).ok_or(PoolError::Overflow)?;
        self.count()
    }

    /// Credits a position with what its weights have earned since its last checkpoint. The farm has been released.
    ///
    /// κ holds for each interval: what the plural lane would pay beyond it is nobody's.
    #[inline(never)]
    pub fn settle(&mut self, position: &mut FarmPosition, seat: Option<&mut Seat>) {
        let (open_q64, plural_q64) = (self.open.per_weight_q64, self.plural.per_weight_q64);
        let grown = open_q64.get().wrapping_sub(position.open_per_weight_q64.get());
        let open_atoms = pay_floor(position.stake_atoms.get(), grown);
        position.open_per_weight_q64 = open_q64;
        position.pending_atoms = position.pending_atoms.saturating_add(open_atoms);
        let Some(seat) = seat else { return };
        let grown = plural_q64.get().wrapping_sub(seat.plural_per_weight_q64.get());
        let plural_atoms = pay_floor(seat.weight.get(), grown);
        let kept_atoms = capped(plural_atoms, open_atoms, self.plural_cap_multiple.get());
        seat.plural_per_weight_q64 = plural_q64;
        seat.provisional_atoms = seat.provisional_atoms.saturating_add(kept_atoms);
        self.unspent_atoms = self
            .unspent_atoms
            .saturating_add(plural_atoms.saturating_sub(kept_atoms));
    }

    /// Changes a position's stake and, with a seat, the person's weight, its root. Both have been settled.
    #[inline(never)]
    pub fn restake(&mut self, position: &mut FarmPosition, seat: Option<&mut Seat>, stake_atoms: u64) -> Result<()> {
        self.open.reweigh(position.stake_atoms.get(), stake_atoms)?;
        position.stake_atoms = stake_atoms.into();
        if let Some(seat) = seat {
            let weight = isqrt_u64(stake_atoms);
            self.plural.reweigh(seat.weight.get(), weight)?;
            seat.weight = weight.into();
        }
        self.count()
    }

    /// What a seat's person has earned goes to the position if the person is live, else it is nobody's.
    #[inline(never)]
    pub fn decide(&mut self, position: &mut FarmPosition, seat: &mut Seat, is_live: bool) {
        let to = if is_live {
            &mut position.pending_atoms
        } else {
            &mut self.unspent_atoms
        };
        *to = to.saturating_add(seat.provisional_atoms);
        seat.provisional_atoms = PodU64::from(0);
    }

    /// Takes a seat's weight out of the plural lane and the seat from its position. It has been settled and decided.
    #[inline(never)]
    pub fn vacate(&mut self, position: &mut FarmPosition, seat: &mut Seat) -> Result<()> {
        self.plural.reweigh(seat.weight.get(), 0)?;
        seat.weight = PodU64::from(0);
        position.seat = Address::default();
        Ok(())
    }

    /// Takes what is paid out of what the farm accounts for.
    #[inline(always)]
    pub fn spend(&mut self, paid_atoms: u64) -> Result<()> {
        self.reward_atoms = self.reward_atoms.checked_sub(paid_atoms).ok_or(PoolError::Overflow)?;
        self.count()
    }

    /// Counts a change.
    #[inline(always)]
    pub fn count(&mut self) -> Result<()> {
        self.sequence = self.sequence.checked_add(1u64).ok_or(PoolError::Overflow)?;
        Ok(())
    }

    /// The seeds that sign for the farm, but for index and bump, which the caller keeps alive.
    #[inline(always)]
    pub fn seeds<'a>(&'a self, index: &'a [u8; 2], bump: &'a [u8; 1]) -> [&'a [u8]; 6] {
        [
            FARM_SEED,
            self.pool.as_ref(),
            self.reward_mint.as_ref(),
            self.funder.as_ref(),
            index,
            bump,
        ]
    }
}

/// The size is part of the interface: clients filter by it and rent depends on it.
const _: () = assert!(FARM_SPACE == 488);
/// Where clients filter farms by pool, reward mint and funder.
const _: () = assert!(core::mem::offset_of!(Farm, pool) + 8 == 16);
const _: () = assert!(core::mem::offset_of!(Farm, reward_mint) + 8 == 48);
const _: () = assert!(core::mem::offset_of!(Farm, funder) + 8 == 80);
