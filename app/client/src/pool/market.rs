//! Quotes, with the very functions the program runs.

use {
    super::{Located, PoolConfig, Side, PROGRAM},
    crate::{accounts, rpc::Rpc, Address, Error, Result},
    commonweal_interface::{
        policy::{accept_mint, TransferFee},
        token::MintState,
    },
    liquidity_pool::math::{
        shares::{self, ShareSummary},
        swap::{self, SwapSummary},
        MathError,
    },
};

/// All that a quote depends on, as of one moment.
pub struct Market {
    /// The pool.
    pub located: Located,
    /// Its terms.
    pub config: PoolConfig,
    /// Shares in existence, by the LP mint.
    pub lp_supply_atoms: u64,
    fees: [TransferFee; 2],
}

fn refused(what: &str, error: MathError) -> Error {
    let remedy = match error {
        MathError::ZeroAmount => "Use an amount above zero",
        MathError::NothingOut => "Use a larger amount: this one rounds to nothing",
        MathError::InsufficientLiquidity => "Use a smaller amount: the pool does not hold so much",
        _ => "Use a smaller amount",
    };
    Error::refused(format!("{what}: {error:?}"), remedy)
}

impl Market {
    /// Fetches it.
    pub async fn fetch(rpc: &Rpc, address: Address) -> Result<Self> {
        let located = Located::fetch(rpc, address).await?;
        let pool = &located.pool;
        let config = accounts::fetch(rpc, &PROGRAM, &pool.config).await?;
        let epoch = rpc.clock().await?.epoch;
        let mut fees = [TransferFee::default(); 2];
        for (fee, mint) in fees.iter_mut().zip([pool.mint_a, pool.mint_b]) {
            let state = rpc.existing(&mint, "a mint").await?;
            let accepted = accept_mint(&state.owner, &state.data, true).map_err(|refusal| {
                Error::account(mint, "a mint the pool accepts", format!("{refusal:?}"), "Withdraw only")
            })?;
            *fee = accepted.transfer_fees.map(|fees| fees.at(epoch)).unwrap_or_default();
        }
        let lp = rpc.existing(&pool.lp_mint, "the LP mint").await?;
        let lp_supply_atoms = MintState::read(&lp.owner, &lp.data).map_or(0, |state| state.supply_atoms);
        Ok(Self {
            located,
            config,
            lp_supply_atoms,
            fees,
        })
    }

    fn fees(&self, input: Side) -> [TransferFee; 2] {
        let [a, b] = self.fees;
        match input {
            Side::A => [a, b],
            Side::B => [b, a],
        }
    }

    /// What selling exactly `atoms` would give.
    pub fn exact_in(&self, input: Side, atoms: u64) -> Result<SwapSummary> {
        let terms = self.located.pool.swap_terms(&self.config, input, self.fees(input));
        swap::exact_in(&terms, atoms).map_err(|error| refused("the swap", error))
    }

    /// What buying `atoms` would cost.
    pub fn exact_out(&self, input: Side, atoms: u64) -> Result<SwapSummary> {
        let terms = self.located.pool.swap_terms(&self.config, input, self.fees(input));
        swap::exact_out(&terms, atoms).map_err(|error| refused("the swap", error))
    }

    /// What a deposit for `lp_atoms` would take.
    pub fn deposit(&self, lp_atoms: u64) -> Result<ShareSummary> {
        let terms = self.located.pool.share_terms(self.lp_supply_atoms, self.fees);
        shares::deposit(&terms, lp_atoms).map_err(|error| refused("the deposit", error))
    }

    /// What a withdrawal of `lp_atoms` would pay.
    pub fn withdraw(&self, lp_atoms: u64) -> Result<ShareSummary> {
        let terms = self.located.pool.share_terms(self.lp_supply_atoms, self.fees);
        shares::withdraw(&terms, lp_atoms).map_err(|error| refused("the withdrawal", error))
    }

    /// The most shares that `max_a` and `max_b` atoms buy: ⌊min(a·S/Ra, b·S/Rb)⌋, one less where rounding up would pass a
    /// maximum.
    pub fn shares_for(&self, max_a: u64, max_b: u64) -> Result<u64> {
        let pool = &self.located.pool;
        let effective = shares::effective_shares(self.lp_supply_atoms, pool.vesting_shares.get())
            .map_err(|error| refused("the deposit", error))?;
        let part = |atoms: u64, reserve: u64| commonweal_interface::math::mul_div_floor(atoms, effective, reserve);
        let shares = part(max_a, pool.reserve_a_atoms.get())
            .zip(part(max_b, pool.reserve_b_atoms.get()))
            .map(|(a, b)| a.min(b))
            .ok_or_else(|| refused("the deposit", MathError::Overflow))?;
        for shares in [shares, shares.saturating_sub(1)] {
            let summary = self.deposit(shares)?;
            if summary.a.sent_atoms <= max_a && summary.b.sent_atoms <= max_b {
                return Ok(shares);
            }
        }
        Err(Error::refused(
            "the amounts are too small for these reserves or this transfer fee",
            "Use larger amounts",
        ))
    }
}
