//! Reputation: gain by fee, decay, faults, and what is folded into the provider, against a model in big integers.

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, supply::*, *},
    num_bigint::BigUint,
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    solana_address::Address,
    std::collections::BTreeSet,
};

/// A 64th of ninety days.
const STEP: i64 = 121_500;
const NINETY_DAYS: i64 = 90 * 86_400;
/// ⌊20,001 · 2³² / 10⁶⌋, by hand: the fee of a default job in whole tokens.
const GAIN: u64 = 85_903_640;

/// A score, decayed up to a moment.
#[derive(Clone, Debug, Default)]
struct Fading {
    q: BigUint,
    ts: i64,
}

impl Fading {
    /// ⌊⌊q / 2^h⌋ · ⌊2^(32 − r/64)⌋ / 2³²⌋ after h half-lives and r 64ths; the root is taken here.
    fn fade(&mut self, now: i64) {
        if self.q == BigUint::default() {
            self.ts = self.ts.max(now);
            return;
        }
        let steps = (now - self.ts).max(0) / STEP;
        let (halvings, rest) = (steps / 64, u64::try_from(steps % 64).unwrap());
        self.q = &self.q >> u64::try_from(halvings).unwrap();
        if rest > 0 {
            let factor = (BigUint::from(1u8) << (32 * 64 - rest)).nth_root(64);
            self.q = (&self.q * factor) >> 32;
        }
        self.ts += steps * STEP;
    }

    fn cut(&mut self) {
        self.q = &self.q * 2u8 / 3u8;
    }
}

/// One slot as the model knows it.
#[derive(Clone, Debug, Default)]
struct ModelSlot {
    score: Fading,
    unfolded: BigUint,
    faults: u32,
}

impl ModelSlot {
    fn fade(&mut self, now: i64) {
        let mut rest = Fading {
            q: self.unfolded.clone(),
            ts: self.score.ts,
        };
        self.score.fade(now);
        rest.fade(now);
        self.unfolded = rest.q;
    }
    fn gain(&mut self, fee_atoms: u64, decimals: u32, now: i64) {
        let gain = (BigUint::from(fee_atoms) << 32) / BigUint::from(10u8).pow(decimals);
        if gain == BigUint::default() {
            return;
        }
        self.fade(now);
        self.score.q += &gain;
        self.unfolded += &gain;
    }
    fn fault(&mut self, now: i64) {
        self.fade(now);
        self.score.cut();
        self.unfolded = &self.unfolded * 2u8 / 3u8;
        self.faults += 1;
    }
    fn fold(&mut self, provider: &mut Fading, now: i64) {
        self.fade(now);
        provider.fade(now);
        (0..self.faults).for_each(|_| provider.cut());
        provider.q += &self.unfolded;
        self.unfolded = BigUint::default();
        self.faults = 0;
    }
}

#[track_caller]
fn assert_slot(e: &Escrow, slot: &Address, model: &ModelSlot) {
    let state: Slot = e.world.state(slot);
    assert_eq!(BigUint::from(state.score_q32.get()), model.score.q, "score");
    assert_eq!(BigUint::from(state.unfolded_gain_q32.get()), model.unfolded, "unfolded");
    assert_eq!(u32::from(state.unfolded_faults), model.faults.min(255), "faults");
    if model.score.q != BigUint::default() {
        assert_eq!(state.score_ts.get(), model.score.ts, "moment");
    }
}

/// A job that ends in a fault.
fn fault_of(e: &mut Escrow, slot: Address) {
    let order = e.post();
    e.drive_with(slot, &order, state_code::RUNNING);
    e.world.warp_seconds(300);
    e.run(e.crank(&order), &["cranker"]);
}

fn fault(e: &mut Escrow) {
    let slot = e.slot;
    fault_of(e, slot);
}

fn finish(e: &mut Escrow) {
    let order = e.job_in(state_code::FINAL);
    e.run(e.close(&order), &[]);
}

#[test]
fn a_slot_gains_the_fee_in_whole_tokens() {
    let mut e = Escrow::ready(0);
    finish(&mut e);
    let slot = e.slot_state();
    assert_eq!((slot.score_q32.get(), slot.unfolded_gain_q32.get()), (GAIN, GAIN));
    assert_eq!(slot.score_ts.get(), e.world.now());
    finish(&mut e);
    assert_eq!(e.slot_state().score_q32.get(), 2 * GAIN);
}

#[test]
fn a_gain_is_halved_in_ninety_days_and_not_a_second_before() {
    let mut e = Escrow::ready(0);
    finish(&mut e);
    let earned = e.slot_state().score_ts.get();
    let at = |e: &mut Escrow, ts: i64| {
        let seconds = ts - e.world.now();
        e.world.warp_seconds(seconds);
        e.run(e.fold(e.slot), &[]);
        e.provider_state().score_q32.get()
    };
    // 63 steps: ⌊2^(32 − 63/64)⌋ = 2,170,868,211, the last entry of the table
    let last = u64::try_from((u128::from(GAIN) * 2_170_868_211) >> 32).unwrap();
    let mut early = Escrow::ready(0);
    finish(&mut early);
    assert_eq!(at(&mut early, earned + NINETY_DAYS - 1), last);
    assert_eq!(at(&mut e, earned + NINETY_DAYS), GAIN / 2);
    // the provider's own fades the same way
    assert_eq!(at(&mut e, earned + 3 * NINETY_DAYS), GAIN / 8);
}

#[test]
fn a_fault_costs_a_third() {
    let mut e = Escrow::ready(0);
    finish(&mut e);
    fault(&mut e);
    let slot = e.slot_state();
    assert_eq!((GAIN * 2 / 3, slot.unfolded_faults), (57_269_093, 1));
    assert_eq!(
        (slot.score_q32.get(), slot.unfolded_gain_q32.get()),
        (57_269_093, 57_269_093)
    );
    assert_eq!((slot.jobs_completed.get(), slot.jobs_failed.get()), (1, 1));
}

#[test]
fn every_kind_of_fault_counts_and_no_refusal_does() {
    for (state, wait) in [
        (state_code::CLAIMED, 120),
        (state_code::RUNNING, 300),
        (state_code::COMMITTED, 300),
    ] {
        let mut e = Escrow::ready(0);
        finish(&mut e);
        let order = e.job_in(state);
        e.world.warp_seconds(wait);
        e.run(e.crank(&order), &["cranker"]);
        assert_eq!(e.slot_state().score_q32.get(), 57_269_093);
    }
    let mut e = Escrow::ready(0);
    finish(&mut e);
    let order = e.job_in(state_code::CLAIMED);
    e.run(e.decline(&order), &["session"]);
    assert_eq!(e.slot_state().score_q32.get(), GAIN);
}

#[test]
fn what_is_folded_is_folded_once() {
    let mut e = Escrow::ready(0);
    finish(&mut e);
    fault(&mut e);
    finish(&mut e);
    let sum = 57_269_093 + GAIN;
    e.run(e.fold(e.slot), &[]);
    for _ in 0..2 {
        let (provider, slot) = (e.provider_state(), e.slot_state());
        assert_eq!(provider.score_q32.get(), sum);
        assert_eq!((provider.jobs_completed.get(), provider.jobs_failed.get()), (2, 1));
        assert_eq!((slot.unfolded_gain_q32.get(), slot.unfolded_faults), (0, 0));
        assert_eq!((slot.folded_completed.get(), slot.folded_failed.get()), (2, 1));
        assert_eq!(slot.score_q32.get(), sum, "the slot keeps its own");
        e.run(e.fold(e.slot), &[]);
    }
}

#[test]
fn a_gain_that_waits_to_be_folded_is_safe_from_neither_time_nor_faults() {
    // one folds at once, the other waits a year and two faults: the same in the end, but for rounding
    let run = |folds: bool| {
        let mut e = Escrow::ready(0);
        finish(&mut e);
        for _ in 0..2 {
            if folds {
                e.run(e.fold(e.slot), &[]);
            }
            e.world.warp_seconds(2 * NINETY_DAYS);
            fault(&mut e);
        }
        e.run(e.fold(e.slot), &[]);
        e.provider_state().score_q32.get()
    };
    let (at_once, later) = (run(true), run(false));
    // GAIN · (1/4)² · (2/3)² = 2,386,212
    assert!(
        at_once.abs_diff(2_386_212) <= 3 && later.abs_diff(2_386_212) <= 3,
        "{at_once} {later}"
    );
}

#[test]
fn slots_settle_without_a_shared_account_and_fold_into_one_provider() {
    let mut e = Escrow::ready(0);
    let second = e.another_slot(1, e.config);
    let orders = [(e.slot, e.post()), (second, e.post())];
    for (slot, order) in &orders {
        e.drive_with(*slot, order, state_code::CHALLENGEABLE);
    }
    e.world.warp_seconds(3_600);
    let mut written = Vec::new();
    for (slot, order) in &orders {
        let settle = ix::settle(order.job, *slot, e.mint.address, e.mint.program);
        let accounts: BTreeSet<Address> = settle
            .accounts
            .iter()
            .filter(|meta| meta.is_writable)
            .map(|meta| meta.pubkey)
            .collect();
        assert!(!accounts.contains(&e.provider));
        written.push(accounts);
        e.run(settle, &[]);
    }
    assert!(written[0].is_disjoint(&written[1]), "E9");
    assert_eq!(e.provider_state().score_q32.get(), 0);
    e.run(e.fold(e.slot), &[]);
    assert_eq!(e.provider_state().score_q32.get(), GAIN);
    e.run(e.fold(second), &[]);
    let provider = e.provider_state();
    assert_eq!((provider.score_q32.get(), provider.jobs_completed.get()), (2 * GAIN, 2));
}

#[test]
fn only_a_providers_own_slots_under_its_own_config_are_folded() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    e.fails(e.fold(rivals), &[], EscrowError::SlotOfAnotherProvider);
    // a config of one's own, with a mint of one's own, would make any reputation
    let own = e.another_config(777, e.realm);
    let puppet = e.another_slot(1, own);
    e.fails(e.fold(puppet), &[], EscrowError::ConfigMismatch);
    assert_eq!(
        e.provider_state().config_id.get(),
        e.config_id,
        "that of the first slot"
    );
    e.fails_as(writable(e.fold(e.slot), 0, false), &[], builtin::MUT);
    e.fails_as(writable(e.fold(e.slot), 1, false), &[], builtin::MUT);
    // a slot in the place of a provider, and the reverse
    e.fails_as(ix::with(e.fold(e.slot), 0, e.config), &[], builtin::InvalidAccountData);
    e.fails_as(ix::with(e.fold(e.slot), 1, e.config), &[], builtin::InvalidAccountData);
    e.run(e.fold(e.slot), &[]);
}

#[test]
fn a_clock_that_steps_back_gives_no_reputation_back() {
    let mut e = Escrow::ready(0);
    finish(&mut e);
    e.world.warp_seconds(NINETY_DAYS);
    finish(&mut e);
    let (sum, ts) = (e.slot_state().score_q32.get(), e.slot_state().score_ts.get());
    assert_eq!(sum, GAIN / 2 + GAIN);
    e.world.warp(-2 * NINETY_DAYS, 10);
    e.run(e.fold(e.slot), &[]);
    let slot = e.slot_state();
    assert_eq!((slot.score_q32.get(), slot.score_ts.get()), (sum, ts));
    assert_eq!(e.provider_state().score_q32.get(), sum);
}

#[test]
fn a_fee_too_small_to_weigh_and_one_beyond_the_range_gain_nothing() {
    let mut slot: Slot = bytemuck::Zeroable::zeroed();
    slot.apply_gain(0, 6, 1_000);
    slot.apply_gain(1, 19, 1_000);
    slot.apply_gain(u64::MAX, 0, 1_000);
    assert_eq!((slot.score_q32.get(), slot.score_ts.get()), (0, 0));
    slot.apply_gain(u64::from(u32::MAX), 0, 1_000);
    assert_eq!(slot.score_q32.get(), u64::from(u32::MAX) << 32);
    slot.apply_gain(u64::from(u32::MAX), 0, 1_000);
    assert_eq!(
        (slot.score_q32.get(), slot.unfolded_gain_q32.get()),
        (u64::MAX, u64::MAX)
    );
}

#[test]
fn any_life_of_a_slot_is_what_big_integers_say() {
    for seed in 0..3 {
        let mut e = Escrow::ready(seed);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let second = e.another_slot(1, e.config);
        let slots = [e.slot, second];
        let (mut models, mut provider) = ([ModelSlot::default(), ModelSlot::default()], Fading::default());
        for _ in 0..40 {
            let at = rng.random_range(0..2usize);
            let slot = slots[at];
            match rng.random_range(0..4u8) {
                0 => {
                    let seconds = rng.random_range(0..NINETY_DAYS * 2);
                    e.world.warp_seconds(seconds);
                }
                1 => {
                    e.run(e.fold(slot), &[]);
                    models[at].fold(&mut provider, e.world.now());
                    let state = e.provider_state();
                    assert_eq!(BigUint::from(state.score_q32.get()), provider.q);
                }
                2 => {
                    let state: Slot = e.world.state(&slot);
                    if state.bond_lamports.get() < BOND {
                        let authority = e.key("provider");
                        let more = ix::deposit_bond(authority, e.provider, slot, DEPOSIT);
                        e.run(more, &["provider"]);
                        e.world.warp(0, 2);
                    }
                    fault_of(&mut e, slot);
                    models[at].fault(e.world.now());
                }
                _ => {
                    let price_atoms = rng.random_range(1..PRICE);
                    let state: Slot = e.world.state(&slot);
                    if state.bond_lamports.get() < BOND {
                        continue;
                    }
                    let order = e.post_with(&JobTerms { price_atoms, ..terms() });
                    e.drive_with(slot, &order, state_code::FINAL);
                    let fee = price_atoms - price_atoms * 98 / 100;
                    models[at].gain(fee, 6, e.world.now());
                    e.run(e.close(&order), &[]);
                }
            }
            assert_slot(&e, &slot, &models[at]);
        }
    }
}
