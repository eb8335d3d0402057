//! Vesting alone, and P3 and P4 in random play of both curves with big integers.

use {
    super::*,
    crate::math::{
        fee::FeeRates,
        shares::{self, ShareTerms},
        stable::StableTerms,
        swap::{self, SwapTerms},
        testing::{amount, amplification, cases, invariant_fine},
        Curve,
    },
    commonweal_interface::policy::TransferFee,
    num_bigint::BigUint,
    proptest::prelude::*,
    std::vec::Vec,
};

fn vesting(shares: u64, slot: u64, remaining_slots: u32) -> Vesting {
    Vesting {
        shares,
        slot,
        remaining_slots,
    }
}

#[test]
fn shares_decay_by_the_slot_and_end_at_nothing() {
    let mut state = vesting(1_000, 10, 100);
    state.decay(10);
    assert_eq!(state, vesting(1_000, 10, 100));
    state.decay(9);
    assert_eq!(state, vesting(1_000, 10, 100));
    state.decay(35);
    assert_eq!(state, vesting(750, 35, 75));
    state.decay(36);
    assert_eq!(state, vesting(740, 36, 74));
    state.decay(110);
    assert_eq!(state, vesting(0, 110, 0));
    let mut large = vesting(u64::MAX, 0, 9_000);
    large.decay(8_999);
    assert_eq!(
        large,
        vesting(u64::MAX - (u128::from(u64::MAX) * 8_999 / 9_000) as u64, 8_999, 1)
    );
}

#[test]
fn new_shares_lengthen_the_time_by_their_weight() {
    let mut state = vesting(0, 0, 0);
    state.add(500, 9_000, 1).unwrap();
    assert_eq!(state, vesting(500, 0, 9_000));
    let mut state = vesting(300, 0, 1_000);
    state.add(100, 9_000, 1).unwrap();
    assert_eq!(state, vesting(400, 0, 3_000));
    state.add(7, 0, 1).unwrap();
    assert_eq!(state, vesting(400, 0, 3_000));
    state.add(0, 9_000, 1).unwrap();
    assert_eq!(state, vesting(400, 0, 3_000));
}

#[test]
fn effective_shares_never_leave_64_bits() {
    let mut state = vesting(5, 0, 10);
    state.add(u64::MAX, 9_000, u64::MAX - 1_000 - 9).unwrap();
    assert_eq!(state.shares, 9);
    assert_eq!(state.add(1, 9_000, u64::MAX - 1_000), Err(MathError::Overflow));
}

#[test]
fn a_burn_takes_its_part_of_the_virtual_shares() {
    let mut state = vesting(100, 0, 10);
    state.scale_for_burn(9_000, 9_000).unwrap();
    assert_eq!(state.shares, 100);
    state.scale_for_burn(9_000, 4_000).unwrap();
    assert_eq!(state.shares, 50);
    state.scale_for_burn(9_000, 0).unwrap();
    assert_eq!(state.shares, 5);
}

#[test]
fn fees_of_a_grid_have_the_formulas_shares() {
    for reserve in [1u64, 30, 1_000_000, u64::MAX] {
        for fee in [0u64, 1, 999, u64::MAX] {
            for shares in [1_000u64, 5_000_000, u64::MAX] {
                let expected = BigUint::from(shares) * fee / (BigUint::from(reserve) * 2u32 + fee);
                assert_eq!(BigUint::from(shares_of_fee(shares, fee, reserve)), expected);
            }
        }
    }
    assert_eq!(shares_of_growth(1_000, 100, 101), 10);
    assert_eq!(shares_of_growth(1_000, 100, 99), 0);
    assert_eq!(shares_of_growth(u64::MAX, 1 << 70, 1 << 71), u64::MAX);
    assert_eq!(shares_of_growth(u64::MAX, 1, 1 << 70), u64::MAX);
    assert_eq!(shares_of_growth(3, (1 << 70) + 1, 1 << 71), 2);
}

/// A pool in small: what the program's instructions do with the functions of this module.
#[derive(Clone, Debug)]
struct Pool {
    reserves: [u64; 2],
    supply: u64,
    vesting: Vesting,
    slots: u32,
    amplification: u32,
    rates: FeeRates,
}

#[derive(Clone, Debug)]
enum Step {
    Swap { a_to_b: bool, amount: u64, exact_out: bool },
    Deposit(u64),
    Withdraw(u64),
    Burn(u64),
    Wait(u64),
    RoundTrip(u64),
}

impl Pool {
    fn share_terms(&self) -> ShareTerms {
        ShareTerms {
            reserve_a_atoms: self.reserves[0],
            reserve_b_atoms: self.reserves[1],
            lp_supply_atoms: self.supply,
            vesting_shares: self.vesting.shares,
            transfer_fee_a: TransferFee::default(),
            transfer_fee_b: TransferFee::default(),
        }
    }

    /// (liquidity², or (D·2³²)², and S_eff²) so that both curves compare as L²/S². D·2³² is rounded down, or up by `one`: a
    /// withdrawal in exact proportion keeps the value to the last digit, which two roundings down would not show.
    fn value(&self, one: u32) -> (BigUint, BigUint) {
        let [a, b] = self.reserves.map(BigUint::from);
        let shares = BigUint::from(self.supply) + 1_000u32 + self.vesting.shares;
        let square = if self.amplification == 0 {
            a * b
        } else {
            (invariant_fine(&a, &b, self.amplification) + one).pow(2)
        };
        (square, shares.pow(2))
    }

    fn apply(&mut self, done: &shares::ShareSummary) {
        self.reserves = [done.reserve_a_after_atoms, done.reserve_b_after_atoms];
        self.supply = done.lp_supply_after_atoms;
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match *step {
            Step::Swap {
                a_to_b,
                amount,
                exact_out,
            } => {
                let (x, y) = if a_to_b { (0, 1) } else { (1, 0) };
                let terms = SwapTerms {
                    curve: if self.amplification == 0 {
                        Curve::ConstantProduct
                    } else {
                        Curve::Stable(StableTerms {
                            amplification: self.amplification,
                            scale_in: 1,
                            scale_out: 1,
                            invariant: 0,
                            solved_amplification: 0,
                        })
                    },
                    reserve_in_atoms: self.reserves[x],
                    reserve_out_atoms: self.reserves[y],
                    rates: self.rates,
                    protocol_share_ppm: 200_000,
                    transfer_fee_in: TransferFee::default(),
                    transfer_fee_out: TransferFee::default(),
                };
                let amount = 1 + amount % (self.reserves[x].max(2) * 2);
                let result = if exact_out {
                    swap::exact_out(&terms, amount)
                } else {
                    swap::exact_in(&terms, amount)
                };
                if let Ok(done) = result {
                    done.vest(&mut self.vesting, self.slots, self.supply).unwrap();
                    self.reserves[x] = done.reserve_in_after_atoms;
                    self.reserves[y] = done.reserve_out_after_atoms;
                }
            }
            Step::Deposit(shares) => {
                if let Ok(done) = shares::deposit(&self.share_terms(), 1 + shares % (self.supply + 2_000)) {
                    self.apply(&done);
                }
            }
            Step::Withdraw(shares) => {
                if let Ok(done) =
                    shares::withdraw(&self.share_terms(), (1 + shares % self.supply.max(1)).min(self.supply))
                {
                    self.apply(&done);
                }
            }
            Step::Burn(shares) => {
                let left = self.supply - shares % (self.supply / 4 + 1);
                self.vesting.scale_for_burn(self.supply, left).unwrap();
                self.supply = left;
            }
            Step::Wait(slots) => {
                let slot = self.vesting.slot + slots % 3_000;
                self.vesting.decay(slot);
            }
            Step::RoundTrip(shares) => {
                // P4
                let wanted = 1 + shares % (self.supply + 2_000);
                let Ok(paid) = shares::deposit(&self.share_terms(), wanted) else {
                    return Ok(());
                };
                let mut after = self.clone();
                after.apply(&paid);
                let Ok(got) = shares::withdraw(&after.share_terms(), wanted) else {
                    return Ok(());
                };
                prop_assert!(got.a.received_atoms <= paid.a.sent_atoms && got.b.received_atoms <= paid.b.sent_atoms);
            }
        }
        Ok(())
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<bool>(), any::<u64>(), any::<bool>(), 0u32..64).prop_map(|(a_to_b, amount, exact_out, cut)| Step::Swap {
            a_to_b,
            amount: amount >> cut,
            exact_out
        }),
        1 => (any::<u64>(), 0u32..64).prop_map(|(n, cut)| Step::Deposit(n >> cut)),
        1 => (any::<u64>(), 0u32..64).prop_map(|(n, cut)| Step::Withdraw(n >> cut)),
        1 => any::<u64>().prop_map(Step::Burn),
        2 => any::<u64>().prop_map(Step::Wait),
        1 => (any::<u64>(), 0u32..64).prop_map(|(n, cut)| Step::RoundTrip(n >> cut)),
    ]
}

fn walk(mut pool: Pool, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut last = pool.value(0);
    for step in steps {
        pool.step(step)?;
        let now = pool.value(1);
        prop_assert!(&now.0 * &last.1 >= &last.0 * &now.1, "P3 after {step:?}: {pool:?}");
        prop_assert!(pool.vesting.remaining_slots <= pool.slots);
        last = pool.value(0);
    }
    Ok(())
}

fn rates() -> impl Strategy<Value = FeeRates> {
    (0u32..=100_000, 0u32..=100_000, 0u32..=500_000, 0u8..4).prop_map(|(base_ppm, dynamic_ppm, launch_ppm, kind)| {
        FeeRates {
            base_ppm: if kind == 0 { 0 } else { base_ppm },
            dynamic_ppm: if kind > 1 { dynamic_ppm } else { 0 },
            launch_ppm: if kind > 2 { launch_ppm } else { 0 },
        }
    })
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn a_share_of_the_constant_product_never_loses_value(
        a in amount(50), b in amount(50), supply in amount(50), slots in 0u32..=9_000, rates in rates(),
        steps in prop::collection::vec(step(), 1..40),
    ) {
        walk(Pool { reserves: [a, b], supply, vesting: Vesting::default(), slots, amplification: 0, rates }, &steps)?;
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn a_share_of_the_stable_curve_never_loses_value(
        a in amount(50), b in amount(50), supply in amount(50), slots in 0u32..=9_000, rates in rates(),
        amplification in amplification(), steps in prop::collection::vec(step(), 1..16),
    ) {
        walk(Pool { reserves: [a, b], supply, vesting: Vesting::default(), slots, amplification, rates }, &steps)?;
    }

    #[test]
    fn waiting_in_parts_leaves_no_more_than_a_share_a_part_beyond_waiting_at_once(
        shares: u64, remaining in 1u32..=9_000, waits in prop::collection::vec(0u64..2_000, 1..20),
    ) {
        let mut parts = vesting(shares, 0, remaining);
        let mut total = 0;
        for wait in &waits {
            total += wait;
            parts.decay(total);
        }
        let mut once = vesting(shares, 0, remaining);
        once.decay(total);
        prop_assert_eq!(parts.remaining_slots, once.remaining_slots);
        // each part vests less than one share too little, and a later one vests its proportion of that
        prop_assert!(parts.shares >= once.shares && parts.shares - once.shares <= waits.len() as u64);
        let exact = BigUint::from(shares) * u64::from(remaining).saturating_sub(total) / remaining;
        prop_assert!(BigUint::from(once.shares) >= exact && BigUint::from(once.shares) <= exact + 1u32);
    }

    #[test]
    fn additions_equal_the_formula(shares: u64, added in 1u64.., remaining in 0u32..=9_000, slots in 1u32..=9_000) {
        let mut state = vesting(shares / 4, 0, remaining.min(slots));
        let added = added / 4;
        prop_assume!(added > 0);
        state.add(added, slots, 5).unwrap();
        let longer = BigUint::from(added) * (slots - remaining.min(slots)) / (BigUint::from(shares / 4) + added);
        prop_assert_eq!(BigUint::from(state.remaining_slots), longer + remaining.min(slots));
        prop_assert_eq!(state.shares, shares / 4 + added);
    }
}

/// What a provider who comes for one trade gains by its fee.
#[test]
fn liquidity_that_comes_for_one_trade_takes_almost_none_of_its_fee() {
    let gains: Vec<i128> = [0, 9_000]
        .into_iter()
        .map(|slots| {
            let mut pool = Pool {
                reserves: [1_000_000_000_000; 2],
                supply: 1_000_000_000_000,
                vesting: Vesting::default(),
                slots,
                amplification: 0,
                rates: FeeRates {
                    base_ppm: 10_000,
                    ..FeeRates::default()
                },
            };
            let shares = 99_000_000_000_000;
            let paid = shares::deposit(&pool.share_terms(), shares).unwrap();
            pool.apply(&paid);
            let (there, back) = (10_000_000_000u64, true);
            pool.step(&Step::Swap {
                a_to_b: back,
                amount: there - 1,
                exact_out: false,
            })
            .unwrap();
            pool.step(&Step::Swap {
                a_to_b: !back,
                amount: there - 1,
                exact_out: false,
            })
            .unwrap();
            let got = shares::withdraw(&pool.share_terms(), shares).unwrap();
            i128::from(got.a.received_atoms) + i128::from(got.b.received_atoms)
                - i128::from(paid.a.sent_atoms)
                - i128::from(paid.b.sent_atoms)
        })
        .collect();
    assert!(gains[0] > 150_000_000, "{gains:?}");
    assert!(gains[1] < gains[0] / 1_000, "{gains:?}");
}
