//! A pool at a moment: what has vested, what the oracle has seen, what a trade costs now, and the changes of the reserves.

use {
    crate::{
        constants::{CURVE_CONSTANT_PRODUCT, OBSERVATIONS},
        errors::PoolError,
        math::{
            fee::{self, FeeRates},
            gift::{self, GiftTerms},
            lock::Liquidity,
            one_side::{self, Beside},
            oracle::{self, Oracle},
            shares::{self, effective_shares, ShareSummary},
            stable::{self, StableTerms},
            swap::{self, Exact, SwapSummary, SwapTerms},
            vesting::Vesting,
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
    /// What is stored of the vesting.
    #[inline(always)]
    pub fn vesting(&self) -> Vesting {
        Vesting {
            shares: self.vesting_shares.get(),
            slot: self.vesting_slot.get(),
            remaining_slots: self.vesting_remaining_slots.get(),
        }
    }

    #[inline(always)]
    fn set_vesting(&mut self, vesting: &Vesting) {
        self.vesting_shares = vesting.shares.into();
        self.vesting_slot = vesting.slot.into();
        self.vesting_remaining_slots = vesting.remaining_slots.into();
    }

    #[inline(always)]
    fn set_invariant(&mut self, invariant: u128, amplification: u32) {
        self.stable_invariant = invariant.into();
        self.stable_amplification = amplification.into();
    }

    /// The curve as it is bent now and as it was last solved, with A as the token that comes in.
    #[inline(always)]
    pub fn curve_now(&self, config: &PoolConfig, now_ts: i64) -> Result<Curve> {
        if self.curve == CURVE_CONSTANT_PRODUCT {
            return Ok(Curve::ConstantProduct);
        }
        self.stable_curve(config.amplification_at(now_ts))
    }

    /// The curve as it was last solved, with A as the token that comes in.
    #[inline(always)]
    fn curve_solved(&self) -> Result<Curve> {
        if self.curve == CURVE_CONSTANT_PRODUCT {
            return Ok(Curve::ConstantProduct);
        }
        self.stable_curve(self.stable_amplification.get())
    }

    #[inline(never)]
    fn stable_curve(&self, amplification: u32) -> Result<Curve> {
        let (scale_in, scale_out) = stable::scales(self.decimals_a, self.decimals_b)?;
        Ok(Curve::Stable(StableTerms {
            amplification,
            scale_in,
            scale_out,
            invariant: self.stable_invariant.get(),
            solved_amplification: self.stable_amplification.get(),
        }))
    }

    /// Solves a stable curve for the amplification of now, unless it is solved.
    #[inline(always)]
    fn solve(&mut self, config: &PoolConfig, now_ts: i64) -> Result<()> {
        if self.curve == CURVE_CONSTANT_PRODUCT {
            return Ok(());
        }
        self.solve_stable(config.amplification_at(now_ts))
    }

    #[inline(never)]
    fn solve_stable(&mut self, amplification: u32) -> Result<()> {
        if self.stable_amplification.get() == amplification {
            return Ok(());
        }
        if let Curve::Stable(terms) = self.stable_curve(amplification)? {
            let (a, b) = (self.reserve_a_atoms.get(), self.reserve_b_atoms.get());
            self.set_invariant(terms.current_invariant(a, b)?, amplification);
        }
        Ok(())
    }

    /// The marginal price of the stored reserves; a stable curve is solved and has A as the token that comes in.
    #[inline(always)]
    fn price_q64(&self, curve: &Curve) -> Result<u128> {
        let (a, b) = (self.reserve_a_atoms.get(), self.reserve_b_atoms.get());
        Ok(match curve {
            Curve::ConstantProduct => oracle::price_q64(a, b)?,
            Curve::Stable(terms) => stable::price_q64(terms, terms.invariant, a, b)?,
        })
    }

    /// Whether the oracle has anything to take in; within one second there is nothing.
    #[inline(always)]
    fn is_oracle_due(&self, now_ts: i64) -> bool {
        now_ts > self.oracle_ts.get()
    }

    /// Brings the oracle of a solved pool to the present.
    #[inline(never)]
    fn accrue_price(&mut self, now_ts: i64) -> Result<()> {
        if self.is_oracle_due(now_ts) {
            let price = self.price_q64(&self.curve_solved()?)?;
            self.accumulate(price, now_ts);
        }
        Ok(())
    }

    /// Takes in the price that has held since the last change; before any change of the reserves.
    #[inline(never)]
    fn accumulate(&mut self, price_q64: u128, now_ts: i64) {
        let mut oracle = Oracle {
            ts: self.oracle_ts.get(),
            price_seconds: self.price_seconds.get(),
            capped_price_seconds: self.capped_price_seconds.get(),
            capped_price_q64: self.capped_price_q64.get(),
        };
        let last = self.last_observation_ts();
        let is_observed = oracle.accumulate(price_q64, self.oracle_step_ppm.get(), last, now_ts);
        self.oracle_ts = oracle.ts.into();
        self.price_seconds = oracle.price_seconds.into();
        self.capped_price_seconds = oracle.capped_price_seconds.into();
        self.last_price_q64 = price_q64.into();
        if is_observed {
            self.capped_price_q64 = oracle.capped_price_q64.into();
            self.observe(&oracle);
        }
    }

    #[inline(always)]
    fn last_observation_ts(&self) -> Option<i64> {
        if self.observation_count.is_zero() {
            return None;
        }
        let last = match usize::from(self.observation_next.get()) {
            0 => OBSERVATIONS.wrapping_sub(1),
            next => next.wrapping_sub(1),
        };
        self.observations.get(last).map(|entry| i64::from(entry.ts.get()))
    }

    #[inline(always)]
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

    /// Brings the oracle of a solved pool to the present, and says what a swap's fee consists of; the reference of the
    /// volatility moves with it.
    #[inline(always)]
    fn rates(&mut self, config: &PoolConfig, curve: &Curve, now_ts: i64) -> Result<FeeRates> {
        let mut rates = FeeRates {
            base_ppm: config.base_fee_ppm.get(),
            dynamic_ppm: 0,
            launch_ppm: self.launch_ppm(now_ts),
        };
        let cap_ppm = config.dynamic_fee_cap_ppm.get();
        let is_due = self.is_oracle_due(now_ts);
        if is_due || cap_ppm != 0 {
            let price = self.price_q64(curve)?;
            if is_due {
                self.accumulate(price, now_ts);
            }
            if cap_ppm != 0 {
                let volatility_ppm = self.volatility_ppm(price, config.volatility_threshold_ppm.get(), now_ts);
                rates.dynamic_ppm = fee::dynamic_ppm(volatility_ppm, config.dynamic_fee_slope_ppm.get(), cap_ppm);
            }
        }
        Ok(rates)
    }

    #[inline(always)]
    fn launch_ppm(&self, now_ts: i64) -> u32 {
        let at_creation = self.launch_fee_ppm.get();
        if at_creation == 0 {
            return 0;
        }
        let elapsed = oracle::seconds_since(self.created_ts.get(), now_ts);
        fee::launch_ppm(at_creation, self.launch_seconds.get(), elapsed)
    }

    #[inline(always)]
    fn volatility_ppm(&mut self, price_q64: u128, threshold_ppm: u32, now_ts: i64) -> u32 {
        let stored = Volatility {
            price_q64: self.volatility_price_q64.get(),
            volatility_ppm: self.volatility_ppm.get(),
            ts: self.volatility_ts.get(),
        };
        let (volatility_ppm, moved) = stored.observe(price_q64, threshold_ppm, now_ts);
        if let Some(moved) = moved {
            self.volatility_price_q64 = moved.price_q64.into();
            self.volatility_ppm = moved.volatility_ppm.into();
            self.volatility_ts = moved.ts.into();
        }
        volatility_ppm
    }

    /// Makes a trade: all it changes of the pool, but for the tokens.
    ///
    /// In this order: the stable curve is solved for the amplification of now, the oracle takes in the price that has held
    /// since the last change, the same price settles the dynamic fee, the amounts move through the reserves, and the
    /// providers' fee begins to vest.
    #[inline(never)]
    pub fn trade(&mut self, config: &PoolConfig, now: &Clock, trade: &Trade) -> Result<(FeeRates, SwapSummary)> {
        let now_ts = now.unix_timestamp;
        self.solve(config, now_ts)?;
        let mut curve = Curve::ConstantProduct;
        if self.curve != CURVE_CONSTANT_PRODUCT {
            curve = self.curve_solved()?;
        }
        let rates = self.rates(config, &curve, now_ts)?;
        let [transfer_fee_in, transfer_fee_out] = trade.transfer_fees;
        let mut terms = SwapTerms {
            curve: Curve::ConstantProduct,
            reserve_in_atoms: self.reserve_atoms(trade.input),
            reserve_out_atoms: self.reserve_atoms(trade.input.other()),
            rates,
            protocol_share_ppm: config.protocol_share_ppm.get(),
            transfer_fee_in,
            transfer_fee_out,
        };
        if let Curve::Stable(stable) = &curve {
            terms.curve = Curve::Stable(match trade.input {
                Side::A => *stable,
                Side::B => stable.turned(),
            });
        }
        let summary = swap::swap(&terms, trade.exact, trade.amount_atoms)?;
        let mut vesting = self.vesting();
        vesting.decay(now.slot);
        summary.vest(&mut vesting, config.vesting_slots.get(), self.lp_supply_atoms.get())?;
        self.set_vesting(&vesting);
        if summary.invariant_after != 0 {
            self.set_invariant(summary.invariant_after, self.stable_amplification.get());
        }
        self.apply_swap(trade.input, &summary)?;
        Ok((rates, summary))
    }

    /// Brings the pool to a moment before shares are made or destroyed against both reserves in proportion; `minted_atoms` is
    /// the LP mint's own supply, so that burnt shares belong to those who stay.
    ///
    /// Neither the config nor the solution of a curve takes part, so that nothing of either can hold back a withdrawal (P8).
    #[inline(never)]
    pub fn accrue_shares(&mut self, now: &Clock, minted_atoms: u64) -> Result<()> {
        self.keep_price()?;
        if self.curve == CURVE_CONSTANT_PRODUCT {
            self.accrue_price(now.unix_timestamp)?;
        } else if self.is_oracle_due(now.unix_timestamp) {
            self.accumulate(self.last_price_q64.get(), now.unix_timestamp);
        }
        self.settle_shares(minted_atoms, now.slot)
    }

    /// Stores the price of a stable curve while it is solved: reserves that move in proportion keep it, and the curve need not
    /// be solved for them.
    fn keep_price(&mut self) -> Result<()> {
        if !self.stable_amplification.is_zero() {
            self.last_price_q64 = self.price_q64(&self.curve_solved()?)?.into();
        }
        Ok(())
    }

    /// Lets fees vest up to `slot`, and gives those who stay what holders have burnt; `minted_atoms` is the LP mint's own
    /// supply.
    #[inline(never)]
    pub fn settle_shares(&mut self, minted_atoms: u64, slot: u64) -> Result<()> {
        let mut vesting = self.vesting();
        vesting.decay(slot);
        vesting.scale_for_burn(self.lp_supply_atoms.get(), minted_atoms)?;
        self.set_vesting(&vesting);
        self.lp_supply_atoms = minted_atoms.into();
        Ok(())
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
        self.keep_price()?;
        let effective = effective_shares(wanted.minted_atoms, self.vesting_shares.get())?;
        let beside = one_side::beside(&swap, effective, &wanted.transfer_fee)?;
        let (of_input, of_output) = match wanted.input {
            Side::A => (&mut self.reserve_a_atoms, &mut self.reserve_b_atoms),
            Side::B => (&mut self.reserve_b_atoms, &mut self.reserve_a_atoms),
        };
        *of_input = beside.reserve_in_after_atoms.into();
        *of_output = of_output
            .checked_add(swap.output.sent_atoms)
            .ok_or(PoolError::Overflow)?;
        self.lp_supply_atoms = wanted
            .minted_atoms
            .checked_add(beside.lp_atoms)
            .ok_or(PoolError::Overflow)?
            .into();
        // the reserves are no longer those of the swap
        self.stable_amplification = 0u32.into();
        self.count()?;
        Ok(OneSideDone { rates, swap, beside })
    }

    /// Makes the first deposit of a new pool: reserves, shares, and the oracle's first entry.
    #[inline(never)]
    pub fn open(
        &mut self,
        config: &PoolConfig,
        now: &Clock,
        sent_atoms: [u64; 2],
        transfer_fees: &[TransferFee; 2],
    ) -> Result<ShareSummary> {
        let [fee_a, fee_b] = transfer_fees;
        let now_ts = now.unix_timestamp;
        let summary = match self.curve_now(config, now_ts)? {
            Curve::ConstantProduct => shares::first_deposit(sent_atoms[0], sent_atoms[1], fee_a, fee_b)?,
            Curve::Stable(terms) => {
                let (summary, invariant) = shares::first_deposit_stable(sent_atoms, [fee_a, fee_b], &terms)?;
                self.set_invariant(invariant, terms.amplification);
                summary
            }
        };
        self.apply_reserves(&summary)?;
        let price = self.price_q64(&self.curve_solved()?)?;
        self.last_price_q64 = price.into();
        self.capped_price_q64 = price.into();
        self.oracle_ts = now_ts.into();
        self.vesting_slot = now.slot.into();
        self.observe(&Oracle {
            ts: now_ts,
            ..Oracle::default()
        });
        Ok(summary)
    }

    /// Takes atoms of token A and token B into the reserves that nobody traded for: they vest to the providers like fees.
    #[inline(never)]
    pub fn take_in(&mut self, config: &PoolConfig, now: &Clock, gifts_atoms: [u64; 2]) -> Result<()> {
        let now_ts = now.unix_timestamp;
        self.solve(config, now_ts)?;
        self.accrue_price(now_ts)?;
        let mut vesting = self.vesting();
        vesting.decay(now.slot);
        let terms = GiftTerms {
            curve: self.curve_solved()?,
            reserves_atoms: [self.reserve_a_atoms.get(), self.reserve_b_atoms.get()],
            lp_supply_atoms: self.lp_supply_atoms.get(),
            vesting,
            vesting_slots: config.vesting_slots.get(),
        };
        let summary = gift::take_in(&terms, gifts_atoms)?;
        let [after_a, after_b] = summary.reserves_after_atoms;
        self.reserve_a_atoms = after_a.into();
        self.reserve_b_atoms = after_b.into();
        self.set_vesting(&summary.vesting);
        self.set_invariant(summary.invariant_after, self.stable_amplification.get());
        self.count()
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
