//! What is the providers' besides the reserves of a trade: vesting, shares burnt, fees of loans.

use {
    crate::{
        constants::{PPM, RISK_TRANSFER_FEE, VIRTUAL_SHARES},
        errors::PoolError,
        math::lock::ShareValue,
        state::{Pool, PoolConfig},
    },
    anchor_lang::prelude::*,
    commonweal_interface::math::{mul_div_ceil, mul_div_floor},
};

impl Pool {
    /// Lets fees vest up to now, and gives those who stay what holders have burnt; `minted_atoms` is the LP mint's own supply.
    #[inline(never)]
    pub fn settle_shares(&mut self, minted_atoms: u64, slot: u64) {
        let (passed, left) = (
            slot.saturating_sub(self.vesting_slot.get()),
            u64::from(self.vesting_remaining_slots.get()),
        );
        let held = self.vesting_shares.get();
        let vested = mul_div_floor(held, passed.min(left), left).unwrap_or(held);
        let mut vesting = held.saturating_sub(vested);
        let left = left.saturating_sub(passed);
        self.vesting_remaining_slots = u32::try_from(left).unwrap_or(u32::MAX).into();
        self.vesting_slot = slot.into();
        let stored = self.lp_supply_atoms.get();
        if minted_atoms < stored {
            let (now, then) = (
                minted_atoms.saturating_add(VIRTUAL_SHARES),
                stored.saturating_add(VIRTUAL_SHARES),
            );
            vesting = mul_div_floor(vesting, now, then).unwrap_or(vesting);
            self.lp_supply_atoms = minted_atoms.into();
        }
        self.vesting_shares = vesting.into();
    }

    /// What a share is worth, as [`Pool::settle_shares`] left it.
    #[inline(never)]
    pub fn share_value(&self) -> Result<ShareValue> {
        let shares = u128::from(self.lp_supply_atoms.get())
            .saturating_add(VIRTUAL_SHARES.into())
            .saturating_add(self.vesting_shares.get().into());
        Ok(ShareValue::of_product(
            self.reserve_a_atoms.get(),
            self.reserve_b_atoms.get(),
            shares,
        )?)
    }

    /// What may be lent: at least an atom, at most the reserves, of mints that deliver what is sent.
    pub fn validate_loan(&self, a_atoms: u64, b_atoms: u64) -> Result<()> {
        let flags = self.risk_flags_a.get() | self.risk_flags_b.get();
        require!(flags & RISK_TRANSFER_FEE == 0, PoolError::FlashMintHasTransferFee);
        require!(a_atoms | b_atoms != 0, PoolError::ZeroAmount);
        require!(
            a_atoms <= self.reserve_a_atoms.get() && b_atoms <= self.reserve_b_atoms.get(),
            PoolError::InsufficientLiquidity
        );
        Ok(())
    }

    /// Applies a loan: nothing else of the pool works until it is settled.
    pub fn apply_loan(&mut self, a_atoms: u64, b_atoms: u64) {
        self.flash_owed_a_atoms = a_atoms.into();
        self.flash_owed_b_atoms = b_atoms.into();
    }

    /// The fee on what is lent of token A and token B: ⌈lent·fee⌉ each.
    pub fn loan_fees(&self, config: &PoolConfig) -> Result<[u64; 2]> {
        let rate = config.flash_fee_ppm.get().into();
        let fee = |lent: PodU64| mul_div_ceil(lent.get(), rate, PPM.into()).ok_or(PoolError::Overflow);
        Ok([fee(self.flash_owed_a_atoms)?, fee(self.flash_owed_b_atoms)?])
    }

    /// Applies a repayment: the loan is settled and its fees are the providers'.
    pub fn apply_repayment(&mut self, [fee_a_atoms, fee_b_atoms]: [u64; 2]) -> Result<()> {
        self.apply_loan(0, 0);
        self.credit_lp_fees(fee_a_atoms, fee_b_atoms)?;
        self.count()
    }

    /// Adds what is the providers' to the reserves.
    pub fn credit_lp_fees(&mut self, a_atoms: u64, b_atoms: u64) -> Result<()> {
        let add = |reserve: PodU64, fee: u64| reserve.get().checked_add(fee).ok_or(PoolError::Overflow);
        self.reserve_a_atoms = add(self.reserve_a_atoms, a_atoms)?.into();
        self.reserve_b_atoms = add(self.reserve_b_atoms, b_atoms)?.into();
        Ok(())
    }
}
