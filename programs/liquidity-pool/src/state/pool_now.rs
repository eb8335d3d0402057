//! A pool at a moment: what has vested, what the oracle has seen, what a trade costs now, and the changes that need it.

use {
    crate::{
        constants::{CURVE_CONSTANT_PRODUCT, OBSERVATIONS},
        errors::PoolError,
        math::{
            fee::{self, FeeRates},
            one_side::{self, Beside},
            oracle::{self, Oracle},
            shares::effective_shares,
            stable::{self, StableTerms},
            swap::{self, Exact, SwapSummary, SwapTerms},
            volatility::Volatility,
            Curve,
        },
        state::{Observation, Pool, PoolConfig, Side},
    },
    anchor_lang::prelude::*,
    commonweal_interface::policy::TransferFee,
};

/// What a trader wants.
#[derive(Clone, Copy)]
pub struct Trade {
    /// The token that comes in.
    pub input: Side,
    /// Which amount is fixed.
    pub exact: Exact,
    /// That amount.
    pub amount_atoms: u64,
    /// Transfer fees of the input's and the output's mint.
    pub transfer_fees: [TransferFee; 2],
}

/// What a provider of one token wants.
#[derive(Clone, Copy)]
pub struct OneSide {
    /// The token that comes in.
    pub input: Side,
    /// Atoms of what arrives that are sold for the other token.
    pub sold_atoms: u64,
    /// The LP mint's own supply.
    pub minted_atoms: u64,
    /// Transfer fee of the token's mint.
    pub transfer_fee: TransferFee,
}

/// What a deposit of one token has done.
pub struct OneSideDone {
    /// The fee's parts.
    pub rates: FeeRates,
    /// The swap, whose output stayed in the vault.
    pub swap: SwapSummary,
    /// The deposit.
    pub beside: Beside,
}

impl Pool {
    /// Brings the pool to a moment before its reserves change: fees vest, the stable curve is solved for the amplification of
    /// now, and the oracle takes in the price that has held since the last change.
    #[inline(never)]
    pub fn accrue(&mut self, config: &PoolConfig, now: &Clock) -> Result<()> {
        let vesting = self.vesting_at(now.slot);
        self.apply_vesting(&vesting);
        let curve = self.solve(config, now.unix_timestamp)?;
        let mut oracle = Oracle {
            ts: self.oracle_ts.get(),
            price_seconds: self.price_seconds.get(),
            capped_price_seconds: self.capped_price_seconds.get(),
            capped_price_q64: self.capped_price_q64.get(),
        };
        if !oracle.is_due(now.unix_timestamp) {
            return Ok(());
        }
        let price = self.price_q64(&curve)?;
        let last = self.last_observation_ts();
        let is_observed = oracle.accumulate(price, config.oracle_step_ppm.get(), last, now.unix_timestamp);
        self.oracle_ts = oracle.ts.into();
        self.price_seconds = oracle.price_seconds.into();
        self.capped_price_seconds = oracle.capped_price_seconds.into();
        self.capped_price_q64 = oracle.capped_price_q64.into();
        self.last_price_q64 = price.into();
        if is_observed {
            self.observe(&oracle);
        }
        Ok(())
    }

    fn last_observation_ts(&self) -> Option<i64> {
        let last = match usize::from(self.observation_next.get()) {
            0 => OBSERVATIONS.wrapping_sub(1),
            next => next.wrapping_sub(1),
        };
        if self.observation_count.is_zero() {
            return None;
        }
        self.observations.get(last).map(|entry| i64::from(entry.ts.get()))
    }

    fn observe(&mut self, oracle: &Oracle) {
        let next = usize::from(self.observation_next.get());
        if let Some(entry) = self.observations.get_mut(next) {
            *entry = Observation {
                // until the year 2106
                ts: u32::try_from(oracle.ts).unwrap_or(u32::MAX).into(),
                price_seconds: oracle.price_seconds.into(),
                capped_price_seconds: oracle.capped_price_seconds.into(),
            };
        }
        let after = self.observation_next.get().wrapping_add(1);
        self.observation_next = if usize::from(after) < OBSERVATIONS { after } else { 0 }.into();
        if usize::from(self.observation_count.get()) < OBSERVATIONS {
            self.observation_count = self.observation_count.get().wrapping_add(1).into();
        }
    }

    /// Solves the stable curve for the amplification of now, unless it is solved; the curve, with A as the token that comes in.
    fn solve(&mut self, config: &PoolConfig, now_ts: i64) -> Result<Curve> {
        let mut curve = self.curve_now(config, now_ts)?;
        if let Curve::Stable(terms) = &mut curve {
            terms.invariant = terms.current_invariant(self.reserve_a_atoms.get(), self.reserve_b_atoms.get())?;
            terms.solved_amplification = terms.amplification;
            self.set_invariant(terms.invariant, terms.amplification);
        }
        Ok(curve)
    }

    #[inline(always)]
    fn set_invariant(&mut self, invariant: u128, amplification: u32) {
        self.stable_invariant = invariant.into();
        self.stable_amplification = amplification.into();
    }

    /// The curve of a pool that [`Pool::accrue`] has brought to the present.
    fn curve(&self, input: Side) -> Result<Curve> {
        if self.curve == CURVE_CONSTANT_PRODUCT {
            return Ok(Curve::ConstantProduct);
        }
        let (scale_a, scale_b) = stable::scales(self.decimals_a, self.decimals_b)?;
        let (scale_in, scale_out) = match input {
            Side::A => (scale_a, scale_b),
            Side::B => (scale_b, scale_a),
        };
        Ok(Curve::Stable(StableTerms {
            amplification: self.stable_amplification.get(),
            scale_in,
            scale_out,
            invariant: self.stable_invariant.get(),
            solved_amplification: self.stable_amplification.get(),
        }))
    }

    /// The marginal price of the stored reserves; the curve is one with A as the token that comes in.
    #[inline(never)]
    fn price_q64(&self, curve: &Curve) -> Result<u128> {
        let (a, b) = (self.reserve_a_atoms.get(), self.reserve_b_atoms.get());
        Ok(match curve {
            Curve::ConstantProduct => oracle::price_q64(a, b),
            Curve::Stable(terms) => stable::price_q64(terms, terms.invariant, a, b),
        }?)
    }

    /// The fee's parts now; the reference of the volatility moves with them.
    #[inline(never)]
    fn rates(&mut self, config: &PoolConfig, now_ts: i64) -> Result<FeeRates> {
        let elapsed = now_ts.saturating_sub(self.created_ts.get()).max(0).unsigned_abs();
        let cap_ppm = config.dynamic_fee_cap_ppm.get();
        let mut rates = FeeRates {
            base_ppm: config.base_fee_ppm.get(),
            dynamic_ppm: 0,
            launch_ppm: fee::launch_ppm(self.launch_fee_ppm.get(), self.launch_seconds.get(), elapsed),
        };
        if cap_ppm != 0 {
            let price = self.price_q64(&self.curve(Side::A)?)?;
            let stored = Volatility {
                price_q64: self.volatility_price_q64.get(),
                volatility_ppm: self.volatility_ppm.get(),
                ts: self.volatility_ts.get(),
            };
            let (volatility_ppm, moved) = stored.observe(price, config.volatility_threshold_ppm.get(), now_ts);
            if let Some(moved) = moved {
                self.volatility_price_q64 = moved.price_q64.into();
                self.volatility_ppm = moved.volatility_ppm.into();
                self.volatility_ts = moved.ts.into();
            }
            rates.dynamic_ppm = fee::dynamic_ppm(volatility_ppm, config.dynamic_fee_slope_ppm.get(), cap_ppm);
        }
        Ok(rates)
    }

    /// What a swap's arithmetic needs, of a pool brought to the present.
    #[inline(never)]
    fn terms_now(
        &mut self,
        config: &PoolConfig,
        now_ts: i64,
        input: Side,
        transfer_fees: &[TransferFee; 2],
    ) -> Result<SwapTerms> {
        let [transfer_fee_in, transfer_fee_out] = *transfer_fees;
        Ok(SwapTerms {
            curve: self.curve(input)?,
            reserve_in_atoms: self.reserve_atoms(input),
            reserve_out_atoms: self.reserve_atoms(input.other()),
            rates: self.rates(config, now_ts)?,
            protocol_share_ppm: config.protocol_share_ppm.get(),
            transfer_fee_in,
            transfer_fee_out,
        })
    }

    /// Makes a trade: all it changes of the pool, but for the tokens.
    #[inline(never)]
    pub fn trade(&mut self, config: &PoolConfig, now: &Clock, trade: &Trade) -> Result<(FeeRates, SwapSummary)> {
        self.accrue(config, now)?;
        let terms = self.terms_now(config, now.unix_timestamp, trade.input, &trade.transfer_fees)?;
        let summary = swap::shared(&terms, trade.exact, trade.amount_atoms)?;
        let mut vesting = self.vesting_at(now.slot);
        summary.vest(&mut vesting, config.vesting_slots.get(), self.lp_supply_atoms.get())?;
        self.apply_vesting(&vesting);
        self.set_invariant(summary.invariant_after, self.stable_amplification.get());
        self.apply_swap(trade.input, &summary)?;
        Ok((terms.rates, summary))
    }

    /// Makes a deposit of one token: all it changes of the pool, but for the tokens and shares. Counts two changes, the swap
    /// and the deposit.
    #[inline(never)]
    pub fn provide_one_side(&mut self, config: &PoolConfig, now: &Clock, wanted: &OneSide) -> Result<OneSideDone> {
        self.settle_shares(wanted.minted_atoms, now.slot)?;
        let trade = Trade {
            input: wanted.input,
            exact: Exact::Input,
            amount_atoms: wanted.sold_atoms,
            // nothing leaves the vaults, and what enters them does so once
            transfer_fees: [TransferFee::default(); 2],
        };
        let (rates, swap) = self.trade(config, now, &trade)?;
        let effective = effective_shares(self.lp_supply_atoms.get(), self.vesting_shares.get())?;
        let beside = one_side::beside(&swap, effective, &wanted.transfer_fee)?;
        let (of_input, of_output) = match wanted.input {
            Side::A => (&mut self.reserve_a_atoms, &mut self.reserve_b_atoms),
            Side::B => (&mut self.reserve_b_atoms, &mut self.reserve_a_atoms),
        };
        *of_input = beside.reserve_in_after_atoms.into();
        *of_output = of_output
            .checked_add(swap.output.sent_atoms)
            .ok_or(PoolError::Overflow)?;
        self.lp_supply_atoms = self
            .lp_supply_atoms
            .checked_add(beside.lp_atoms)
            .ok_or(PoolError::Overflow)?
            .into();
        // the reserves are no longer those of the swap
        self.stable_amplification = 0u32.into();
        self.count()?;
        Ok(OneSideDone { rates, swap, beside })
    }

    /// What the vaults hold beyond what the pool accounts for, of token A and token B.
    ///
    /// Errors: [`PoolError::VaultShort`] where a vault holds less, [`PoolError::NothingToSkim`] where neither holds more.
    pub fn validate_surplus(&self, vault_atoms: [u64; 2]) -> Result<[u64; 2]> {
        let [vault_a, vault_b] = vault_atoms;
        let beyond = |vault: u64, reserve: PodU64, owed: PodU64, deferred: PodU64| {
            vault
                .checked_sub(reserve.get())
                .and_then(|rest| rest.checked_sub(owed.get()))
                .and_then(|rest| rest.checked_sub(deferred.get()))
                .ok_or(PoolError::VaultShort)
        };
        let surplus = [
            beyond(
                vault_a,
                self.reserve_a_atoms,
                self.protocol_owed_a_atoms,
                self.deferred_a_atoms,
            )?,
            beyond(
                vault_b,
                self.reserve_b_atoms,
                self.protocol_owed_b_atoms,
                self.deferred_b_atoms,
            )?,
        ];
        require!(surplus != [0, 0], PoolError::NothingToSkim);
        Ok(surplus)
    }
}
