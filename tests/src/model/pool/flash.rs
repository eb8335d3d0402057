//! Flash loans.

use {
    super::{part_ceil, refusal, Config, Now, Pool},
    crate::model::{tokens::Tokens, Refusal},
    liquidity_pool::errors::PoolError,
};

impl Pool {
    /// Whether a loan of these amounts may be made, whatever the transaction around it.
    pub fn may_lend(&self, tokens: &Tokens, amounts: [u64; 2]) -> Result<(), Refusal> {
        if self.mints.iter().any(|mint| tokens.fees.contains_key(mint)) {
            return Err(refusal(PoolError::FlashMintHasTransferFee));
        }
        if amounts == [0, 0] {
            return Err(refusal(PoolError::ZeroAmount));
        }
        if (0..2).any(|side| amounts[side] > self.reserves[side]) {
            return Err(refusal(PoolError::InsufficientLiquidity));
        }
        Ok(())
    }

    /// A loan comes back with its fee, which vests; what is paid per side.
    pub fn repay(&mut self, config: &Config, now: &Now, amounts: [u64; 2]) -> Result<[u64; 2], Refusal> {
        self.begin(config, now)?;
        let fees = amounts.map(|lent| part_ceil(lent.into(), config.flash_fee) as u64);
        self.take_in(config, now, fees)?;
        self.sequence += 1;
        Ok([amounts[0] + fees[0], amounts[1] + fees[1]])
    }
}
