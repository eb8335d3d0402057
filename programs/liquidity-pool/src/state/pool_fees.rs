//! What is the providers' besides the reserves of a trade: vesting, shares burnt, fees of loans.

use {
    crate::{
        constants::{CURVE_CONSTANT_PRODUCT, RISK_TRANSFER_FEE},
        errors::PoolError,
        math::{
            gift::{self, GiftTerms},
            lock::Liquidity,
            shares::effective_shares,
            stable::{self, StableTerms},
            vesting::Vesting,
            Curve,
        },
        state::{Pool, PoolConfig},
    },
    anchor_lang::{prelude::*, solana_program::clock::Clock},
};

impl Pool {
    /// The curve as it is bent now, with token A as the one that comes in.
    #[inline(never)]
    pub fn curve_now(&self, config: &PoolConfig, now_ts: i64) -> Result<Curve> {
        if self.curve == CURVE_CONSTANT_PRODUCT {
            return Ok(Curve::ConstantProduct);
        }
        let (scale_in, scale_out) = stable::scales(self.decimals_a, self.decimals_b)?;
        Ok(Curve::Stable(StableTerms {
            amplification: config.amplification_at(now_ts),
            scale_in,
            scale_out,
            invariant: self.stable_invariant.get(),
            solved_amplification: self.stable_amplification.get(),
        }))
    }

    /// Vesting as stored, decayed to `slot`.
    pub(super) fn vesting_at(&self, slot: u64) -> Vesting {
        let mut vesting = Vesting {
            shares: self.vesting_shares.get(),
            slot: self.vesting_slot.get(),
            remaining_slots: self.vesting_remaining_slots.get(),
        };
        vesting.decay(slot);
        vesting
    }

    pub(super) fn apply_vesting(&mut self, vesting: &Vesting) {
        self.vesting_shares = vesting.shares.into();
        self.vesting_slot = vesting.slot.into();
        self.vesting_remaining_slots = vesting.remaining_slots.into();
    }

    /// Lets fees vest up to `slot`, and gives those who stay what holders have burnt; `minted_atoms` is the LP mint's own
    /// supply.
    #[inline(never)]
    pub fn settle_shares(&mut self, minted_atoms: u64, slot: u64) -> Result<()> {
        let mut vesting = self.vesting_at(slot);
        let stored = self.lp_supply_atoms.get();
        vesting.scale_for_burn(stored, minted_atoms)?;
        self.lp_supply_atoms = stored.min(minted_atoms).into();
        self.apply_vesting(&vesting);
        Ok(())
    }

    /// What a share is worth in Q64.64, rounded down and rounded up, as [`Pool::settle_shares`] left it.
    #[inline(never)]
    pub fn share_value(&self, config: &PoolConfig, now_ts: i64) -> Result<[u128; 2]> {
        let (a, b) = (self.reserve_a_atoms.get(), self.reserve_b_atoms.get());
        let liquidity = match self.curve_now(config, now_ts)? {
            Curve::ConstantProduct => Liquidity::of_product(a, b),
            Curve::Stable(terms) => Liquidity::of_invariant(terms.current_invariant(a, b)?),
        };
        let shares = effective_shares(self.lp_supply_atoms.get(), self.vesting_shares.get())?;
        Ok([liquidity.value_floor_q64(shares)?, liquidity.value_ceil_q64(shares)?])
    }

    /// Takes what is the providers' into the reserves, and lets it vest.
    #[inline(never)]
    pub fn credit_lp_fees(&mut self, config: &PoolConfig, clock: &Clock, fees_atoms: [u64; 2]) -> Result<()> {
        let terms = GiftTerms {
            curve: self.curve_now(config, clock.unix_timestamp)?,
            reserves_atoms: [self.reserve_a_atoms.get(), self.reserve_b_atoms.get()],
            lp_supply_atoms: self.lp_supply_atoms.get(),
            vesting: self.vesting_at(clock.slot),
            vesting_slots: config.vesting_slots.get(),
        };
        let summary = gift::take_in(&terms, fees_atoms)?;
        let [a, b] = summary.reserves_after_atoms;
        self.reserve_a_atoms = a.into();
        self.reserve_b_atoms = b.into();
        self.apply_vesting(&summary.vesting);
        if let Curve::Stable(solved) = terms.curve {
            self.stable_invariant = summary.invariant_after.into();
            self.stable_amplification = solved.amplification.into();
        }
        Ok(())
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

    /// Applies a repayment: the loan is settled and its fees are the providers'.
    pub fn apply_repayment(&mut self, config: &PoolConfig, clock: &Clock, fees_atoms: [u64; 2]) -> Result<()> {
        self.apply_loan(0, 0);
        self.credit_lp_fees(config, clock, fees_atoms)?;
        self.count()
    }
}
