//! Fees that vest: virtual shares that hold back what newcomers have not earned.

use {super::big, num_bigint::BigUint, num_traits::ToPrimitive};

/// The virtual shares of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vesting {
    /// How many there are.
    pub shares: u64,
    /// As of this slot.
    pub slot: u64,
    /// Slots until none is left.
    pub remaining: u32,
}

impl Vesting {
    /// Lets slots pass.
    pub fn decay(&mut self, slot: u64) {
        let passed = slot.saturating_sub(self.slot);
        if passed >= u64::from(self.remaining) {
            (self.shares, self.remaining) = (0, 0);
        } else {
            let gone = big(self.shares.into()) * passed / self.remaining;
            self.shares -= gone.to_u64().unwrap();
            self.remaining -= passed as u32;
        }
        self.slot = self.slot.max(slot);
    }

    /// New virtual shares: they vest over all `slots`, those there are over what remains of theirs. What would carry S_eff
    /// beyond 64 bits is not held back.
    pub fn add(&mut self, shares: BigUint, slots: u32, supply: u64) {
        let room = u128::from(u64::MAX) - u128::from(supply) - 1_000 - u128::from(self.shares);
        let added = shares.to_u128().unwrap_or(u128::MAX).min(room);
        if slots == 0 || added == 0 {
            return;
        }
        let all = u128::from(self.shares) + added;
        let longer = big(added) * slots.saturating_sub(self.remaining) / all;
        self.remaining += longer.to_u32().unwrap();
        self.shares = all as u64;
    }

    /// Shares burnt by their holders shrink the virtual ones alike: V·(m + 1000)/(s + 1000).
    pub fn shrink(&mut self, minted: u64, stored: u64) {
        if minted < stored {
            let kept = big(self.shares.into()) * (u128::from(minted) + 1_000) / (u128::from(stored) + 1_000);
            self.shares = kept.to_u64().unwrap();
        }
    }
}

/// ΔV of a fee f on a reserve x of a constant product: ⌊S_eff·f / (2x + f)⌋.
pub fn of_fee(effective: u128, fee: u64, reserve: u64) -> BigUint {
    if fee == 0 {
        return BigUint::ZERO;
    }
    big(effective) * fee / (u128::from(reserve) * 2 + u128::from(fee))
}

/// ΔV of a fee that lifts D: ⌊S_eff·(D′ − D) / D⌋.
pub fn of_growth(effective: u128, before: u128, after: u128) -> BigUint {
    big(effective) * after.saturating_sub(before) / before
}
