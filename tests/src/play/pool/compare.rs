//! The chain held against the model.

use {
    super::Game,
    crate::model::pool::{Config, Observation, Pool, Volatility, RING},
    anchor_lang::prelude::PodU64,
    solana_address::Address,
    solana_instruction::Instruction,
};

impl Game {
    /// Everything (or everything an instruction names) is on the chain as the model has it.
    pub fn compare(&self, named: Option<&Instruction>) {
        let concerns = |address: &Address| {
            named.is_none_or(|instruction| instruction.accounts.iter().any(|meta| meta.pubkey == *address))
        };
        for (address, holding) in &self.model.tokens.holdings {
            if concerns(address) {
                assert_eq!(self.world.tokens(address), holding.atoms, "atoms of {address}");
            }
        }
        for (address, lamports) in &self.model.lamports {
            assert_eq!(self.world.lamports(address), *lamports, "lamports of {address}");
        }
        for config in self.model.configs.iter().filter(|config| concerns(&config.address)) {
            self.compare_config(config);
        }
        for pool in self.model.pools.iter().filter(|pool| concerns(&pool.address)) {
            self.compare_pool(pool);
        }
        for lock in self.model.locks.values().filter(|lock| concerns(&lock.address)) {
            self.compare_lock(lock);
        }
        for claim in self.model.claims.values().filter(|claim| concerns(&claim.address)) {
            self.compare_claim(claim);
        }
        self.compare_farms(concerns);
    }

    fn compare_config(&self, config: &Config) {
        let real: liquidity_pool::state::PoolConfig = self.world.state(&config.address);
        assert_eq!(
            (real.authority, real.treasury, real.pause_bits, real.sequence.get()),
            (config.authority, config.treasury, config.pause, config.sequence)
        );
        assert_eq!((real.realm, real.curve), (config.realm, config.curve));
        let numbers = [
            (real.base_fee_ppm, config.fee),
            (real.max_base_fee_ppm, config.max_fee),
            (real.protocol_share_ppm, config.share),
            (real.max_protocol_share_ppm, config.max_share),
            (real.dynamic_fee_cap_ppm, config.dynamic_cap),
            (real.max_dynamic_fee_cap_ppm, config.max_dynamic_cap),
            (real.dynamic_fee_slope_ppm, config.slope),
            (real.volatility_threshold_ppm, config.threshold),
            (real.launch_fee_ppm, config.launch_fee),
            (real.max_launch_fee_ppm, config.max_launch_fee),
            (real.launch_seconds, config.launch_seconds),
            (real.flash_fee_ppm, config.flash_fee),
            (real.max_flash_fee_ppm, config.max_flash_fee),
            (real.vesting_slots, config.vesting_slots),
            (real.oracle_step_ppm, config.oracle_step),
            (real.amplification_from, config.ramp.from),
            (real.amplification_to, config.ramp.to),
        ];
        for (place, (real, model)) in numbers.into_iter().enumerate() {
            assert_eq!(real.get(), model, "term {place}");
        }
        assert_eq!(
            (real.ramp_start_ts.get(), real.ramp_end_ts.get()),
            (config.ramp.start, config.ramp.end),
            "ramp"
        );
        config.within_ceilings().unwrap();
    }

    fn compare_pool(&self, pool: &Pool) {
        let real: liquidity_pool::state::Pool = self.world.state(&pool.address);
        let pair = |a: PodU64, b: PodU64| [a.get(), b.get()];
        let owed = pair(real.protocol_owed_a_atoms, real.protocol_owed_b_atoms);
        assert_eq!(
            pair(real.reserve_a_atoms, real.reserve_b_atoms),
            pool.reserves,
            "reserves"
        );
        assert_eq!(owed, pool.owed, "owed protocol fees");
        assert_eq!(
            pair(real.deferred_a_atoms, real.deferred_b_atoms),
            pool.deferred,
            "deferred"
        );
        assert_eq!(
            pair(real.flash_owed_a_atoms, real.flash_owed_b_atoms),
            [0, 0],
            "a loan is out"
        );
        assert_eq!(
            pair(real.lp_locked_atoms, real.lp_locked_forever_atoms),
            pool.locked,
            "locked shares"
        );
        assert_eq!(real.lock_count.get(), pool.lock_count, "locks");
        // P7: what swaps set apart is owed until the treasury is paid it
        let accounted = [0, 1].map(|side| u128::from(owed[side]) + pool.collected[side]);
        assert_eq!(accounted, pool.accrued, "P7");
        assert_eq!(real.lp_supply_atoms.get(), pool.recorded_supply, "recorded supply");
        assert_eq!(real.sequence.get(), pool.sequence, "sequence");
        assert_eq!(real.risk_checked_ts.get(), pool.risk_checked_ts, "risk checked");
        assert_eq!(
            self.world.supply(&pool.lp_mint),
            self.model.tokens.supply[&pool.lp_mint],
            "LP supply"
        );
        {
            self.compare_time(&real, pool);
            assert_eq!(real.stable_amplification.get(), pool.solved, "solved at");
            if pool.solved > 0 {
                assert_eq!(
                    real.stable_invariant.get(),
                    pool.stable_invariant(pool.solved),
                    "invariant"
                );
            }
        }
        // P1 on real balances
        for side in [0, 1] {
            let held = u128::from(self.world.tokens(&pool.vaults[side]));
            let due = u128::from(pool.reserves[side]) + u128::from(pool.owed[side]) + u128::from(pool.deferred[side]);
            assert!(held >= due, "P1");
            assert!(pool.reserves[side] > 0, "an empty reserve");
        }
    }

    /// What depends on time: vesting, volatility, oracle.
    fn compare_time(&self, real: &liquidity_pool::state::Pool, pool: &Pool) {
        let vesting = (real.vesting_shares.get(), real.vesting_remaining_slots.get());
        assert_eq!(vesting, (pool.vesting.shares, pool.vesting.remaining), "vesting");
        if pool.vesting.remaining > 0 {
            assert_eq!(real.vesting_slot.get(), pool.vesting.slot, "slot of vesting");
        }
        let volatility = Volatility {
            ppm: real.volatility_ppm.get(),
            price: real.volatility_price_q64.get(),
            ts: real.volatility_ts.get(),
        };
        assert_eq!(volatility, pool.volatility, "volatility");
        let oracle = &pool.oracle;
        assert_eq!(
            (
                real.oracle_ts.get(),
                real.price_seconds.get(),
                real.capped_price_seconds.get()
            ),
            (oracle.ts, oracle.raw_sum, oracle.capped_sum),
            "accumulators"
        );
        assert_eq!(
            (real.capped_price_q64.get(), real.last_price_q64.get()),
            (oracle.capped, oracle.last),
            "prices"
        );
        let written = oracle.written.len();
        assert_eq!(
            usize::from(real.observation_count.get()),
            oracle.kept().len(),
            "observations"
        );
        assert_eq!(
            usize::from(real.observation_next.get()),
            written % RING,
            "next observation"
        );
        for (age, entry) in oracle.kept().iter().rev().enumerate() {
            let ring = real.observations[(written - 1 - age) % RING];
            let ring = Observation {
                ts: ring.ts.get(),
                raw: ring.price_seconds.get(),
                capped: ring.capped_price_seconds.get(),
            };
            assert_eq!(ring, *entry, "observation {age}");
        }
    }
}
