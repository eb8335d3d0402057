//! Fees that vest: a fee enters the reserves at once, together with virtual shares that take its value up and decay.
//!
//! S_eff = LP supply + 1000 + V. A fee would raise the value of a share by √((x+f)/x) (constant product) or D′/D (stable); V
//! grows by at most as much, so that the value stays where it was (P3), and then decays to nothing slot by slot. Who provides
//! liquidity around one trade takes almost none of its fee, and no price moves without a trade.

use {
    super::{shares::effective_shares, MathError, MathResult},
    crate::{constants::VIRTUAL_SHARES, math::wide},
    commonweal_interface::math::mul_div_floor,
};

/// What a pool stores of its vesting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vesting {
    /// Virtual shares V.
    pub shares: u64,
    /// Slot up to which they have decayed.
    pub slot: u64,
    /// Slots until the rest has vested.
    pub remaining_slots: u32,
}

impl Vesting {
    /// Lets shares decay up to `slot`: V −= ⌊V·dt / remaining⌋, all of them at the end. A slot in the past changes nothing.
    #[inline(always)]
    pub fn decay(&mut self, slot: u64) {
        if slot <= self.slot {
            return;
        }
        let elapsed = slot.wrapping_sub(self.slot);
        self.slot = slot;
        let remaining = u64::from(self.remaining_slots);
        if elapsed >= remaining {
            self.shares = 0;
            self.remaining_slots = 0;
            return;
        }
        // ⌊V·dt/rem⌋ = ⌊V/rem⌋·dt + ⌊(V mod rem)·dt/rem⌋; dt < rem < 2³², so neither product wraps
        let per_slot = self.shares.checked_div(remaining).unwrap_or(0);
        let rest = self.shares.checked_rem(remaining).unwrap_or(0);
        let part = rest.wrapping_mul(elapsed).checked_div(remaining).unwrap_or(0);
        let vested = per_slot.wrapping_mul(elapsed).wrapping_add(part);
        // less than all of them have vested
        self.shares = self.shares.wrapping_sub(vested);
        self.remaining_slots = u32::try_from(remaining.wrapping_sub(elapsed)).unwrap_or(u32::MAX);
    }

    /// Adds the shares of a new fee, to vest over `vesting_slots`; after [`Vesting::decay`] to the present slot.
    ///
    /// remaining += ⌊ΔV·(N − remaining) / (V + ΔV)⌋: what is older keeps vesting sooner. S_eff stays within 64 bits: shares
    /// beyond that are not added, and the part of the fee they would hold back vests at once.
    #[inline(always)]
    pub fn add(&mut self, added: u64, vesting_slots: u32, lp_supply_atoms: u64) -> MathResult<()> {
        let effective = effective_shares(lp_supply_atoms, self.shares)?;
        self.add_to(added, vesting_slots, effective)
    }

    /// The same where S_eff is known.
    #[inline(always)]
    pub fn add_to(&mut self, added: u64, vesting_slots: u32, effective_shares: u64) -> MathResult<()> {
        let added = added.min(u64::MAX.wrapping_sub(effective_shares));
        if added == 0 || vesting_slots == 0 {
            return Ok(());
        }
        let total = self.shares.wrapping_add(added);
        let longer = u64::from(vesting_slots.saturating_sub(self.remaining_slots));
        // 32 bits each are multiplied in a word, where a division is one instruction
        let longer = if added >> 32 == 0 {
            added.wrapping_mul(longer).checked_div(total)
        } else {
            mul_div_floor(added, longer, total)
        };
        let longer = longer
            .and_then(|slots| u32::try_from(slots).ok())
            .ok_or(MathError::Overflow)?;
        // at most the config's slots
        self.remaining_slots = self.remaining_slots.wrapping_add(longer);
        self.shares = total;
        Ok(())
    }

    /// Takes note that holders burned shares: V ← ⌊V·(minted + 1000) / (stored + 1000)⌋ for a mint that has less than is stored.
    ///
    /// V over S keeps its proportion, so that a burn gives no more of the unvested fees than of the rest.
    #[inline(always)]
    pub fn scale_for_burn(&mut self, stored_supply_atoms: u64, minted_supply_atoms: u64) -> MathResult<()> {
        if self.shares == 0 || minted_supply_atoms >= stored_supply_atoms {
            return Ok(());
        }
        let with_virtual = |supply: u64| supply.checked_add(VIRTUAL_SHARES).ok_or(MathError::Overflow);
        self.shares = mul_div_floor(
            self.shares,
            with_virtual(minted_supply_atoms)?,
            with_virtual(stored_supply_atoms)?,
        )
        .ok_or(MathError::Overflow)?;
        Ok(())
    }
}

/// The virtual shares of a fee on the constant product: ⌊S_eff·f / (2x + f)⌋, x the reserve before the fee.
///
/// √(1 + u) ≥ 1 + u/(2 + u) for u = f/x ≥ 0, so the value of a share does not fall.
#[inline(always)]
pub fn shares_of_fee(effective_shares: u64, fee_atoms: u64, reserve_before_atoms: u64) -> u64 {
    if fee_atoms == 0 {
        return 0;
    }
    if (reserve_before_atoms | fee_atoms) >> 62 == 0 {
        let divisor = (reserve_before_atoms << 1).wrapping_add(fee_atoms);
        // at most S_eff, since the divisor is at least the fee
        return mul_div_floor(effective_shares, fee_atoms, divisor).unwrap_or(0);
    }
    shares_of_large_fee(effective_shares, fee_atoms, reserve_before_atoms)
}

#[inline(never)]
fn shares_of_large_fee(effective_shares: u64, fee_atoms: u64, reserve_before_atoms: u64) -> u64 {
    let divisor = (u128::from(reserve_before_atoms) << 1).wrapping_add(u128::from(fee_atoms));
    u128::from(effective_shares)
        .wrapping_mul(u128::from(fee_atoms))
        .checked_div(divisor)
        .and_then(|shares| u64::try_from(shares).ok())
        .unwrap_or(0)
}

/// The virtual shares of a fee on the stable curve: ⌊S_eff·(D′ − D) / D⌋, saturated.
///
/// `invariant_before` must not be below the true, fractional invariant: after a trade the solved one is above what the true
/// one was before it; elsewhere the caller rounds up.
#[inline(always)]
pub fn shares_of_growth(effective_shares: u64, invariant_before: u128, invariant_after: u128) -> u64 {
    let growth = invariant_after.saturating_sub(invariant_before);
    let shares = match u64::try_from(growth) {
        Ok(growth) => u128::from(effective_shares)
            .wrapping_mul(u128::from(growth))
            .checked_div(invariant_before),
        Err(_) => wide::mul_div_floor(u128::from(effective_shares), growth, invariant_before),
    };
    shares.and_then(|shares| u64::try_from(shares).ok()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
