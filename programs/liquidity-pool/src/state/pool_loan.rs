//! Flash loans of a pool.

use {
    crate::{
        constants::RISK_TRANSFER_FEE,
        errors::PoolError,
        state::{Pool, PoolConfig},
    },
    anchor_lang::prelude::*,
};

impl Pool {
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
        self.take_in(config, clock, fees_atoms)
    }
}
