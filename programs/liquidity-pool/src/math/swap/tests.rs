//! Swaps on both curves against independent formulas.

use {super::*, proptest::prelude::*};

fn base(base_ppm: u32) -> fee::FeeRates {
    fee::FeeRates {
        base_ppm,
        ..fee::FeeRates::default()
    }
}

fn terms(reserve_in_atoms: u64, reserve_out_atoms: u64, fee_ppm: u32) -> SwapTerms {
    SwapTerms {
        reserve_in_atoms,
        reserve_out_atoms,
        curve: Curve::ConstantProduct,
        rates: base(fee_ppm),
        protocol_share_ppm: 200_000,
        transfer_fee_in: TransferFee::default(),
        transfer_fee_out: TransferFee::default(),
    }
}

#[test]
fn a_trade_computed_by_hand() {
    // 1,000,000 in at 0.3 %: fee 3,000 (protocol 600), net 997,000; ⌊997,000·2·10⁹ / 1,000,997,000⌋ = 1,992,013
    let summary = exact_in(&terms(1_000_000_000, 2_000_000_000, 3_000), 1_000_000).unwrap();
    assert_eq!(
        summary.output,
        Leg {
            sent_atoms: 1_992_013,
            received_atoms: 1_992_013
        }
    );
    assert_eq!((summary.lp_fee_atoms, summary.protocol_fee_atoms), (2_400, 600));
    assert_eq!(summary.reserve_in_after_atoms, 1_000_999_400);
    assert_eq!(summary.reserve_out_after_atoms, 1_998_007_987);
}

#[test]
fn selling_nothing_or_dust_is_refused() {
    assert_eq!(exact_in(&terms(100, 100, 3_000), 0), Err(MathError::ZeroAmount));
    assert_eq!(exact_in(&terms(100, 100, 3_000), 1), Err(MathError::NothingOut));
    assert_eq!(exact_out(&terms(100, 100, 3_000), 0), Err(MathError::ZeroAmount));
}

#[test]
fn output_is_what_arrives_after_the_transfer_fee() {
    let with_fee = SwapTerms {
        transfer_fee_out: TransferFee {
            epoch: 0,
            maximum_atoms: u64::MAX,
            basis_points: 100,
        },
        ..terms(1_000_000, 1_000_000, 0)
    };
    let summary = exact_out(&with_fee, 9_900).unwrap();
    assert_eq!(
        summary.output,
        Leg {
            sent_atoms: 10_000,
            received_atoms: 9_900
        }
    );
}

#[test]
fn a_hundred_tiny_trades_never_lower_the_product() {
    for (x, y) in [(1u64, 1u64), (1, 30), (30, 1), (7, 13), (30, 30)] {
        let mut state = terms(x, y, 3_000);
        for step in 0..100u64 {
            if let Ok(done) = exact_in(&state, 1 + step % 29) {
                assert!(done.reserve_out_after_atoms >= 1);
                let before = u128::from(state.reserve_in_atoms) * u128::from(state.reserve_out_atoms);
                let after = u128::from(done.reserve_in_after_atoms) * u128::from(done.reserve_out_after_atoms);
                assert!(after >= before);
                state.reserve_in_atoms = done.reserve_out_after_atoms;
                state.reserve_out_atoms = done.reserve_in_after_atoms;
            }
        }
    }
}

fn any_fee() -> impl Strategy<Value = TransferFee> {
    (0u16..=10_000, 0u64..1 << 40).prop_map(|(basis_points, maximum_atoms)| TransferFee {
        epoch: 0,
        maximum_atoms,
        basis_points,
    })
}

proptest! {
    #[test]
    fn no_swap_loses_an_atom_or_lowers_the_product(
        x in 1u64..1 << 50, y in 1u64..1 << 50, amount in 1u64..1 << 50, fee_ppm in 0u32..100_000,
        share in 0u32..=250_000, fee_in in any_fee(), fee_out in any_fee(), buy: bool,
    ) {
        let terms = SwapTerms {
            curve: Curve::ConstantProduct,
            reserve_in_atoms: x, reserve_out_atoms: y, rates: base(fee_ppm), protocol_share_ppm: share,
            transfer_fee_in: fee_in, transfer_fee_out: fee_out,
        };
        let Ok(s) = (if buy { exact_out(&terms, amount) } else { exact_in(&terms, amount) }) else { return Ok(()) };
        prop_assert_eq!(x + s.input.received_atoms, s.reserve_in_after_atoms + s.protocol_fee_atoms);
        prop_assert_eq!(y, s.reserve_out_after_atoms + s.output.sent_atoms);
        prop_assert!(u128::from(s.reserve_in_after_atoms) * u128::from(s.reserve_out_after_atoms) >= u128::from(x) * u128::from(y));
        if buy { prop_assert!(s.output.received_atoms >= amount); } else { prop_assert_eq!(s.input.sent_atoms, amount); }
    }

    #[test]
    fn buying_exactly_what_an_amount_bought_never_costs_more(x in 1u64..1 << 50, y in 1u64..1 << 50, amount in 1u64..1 << 50, fee_ppm in 0u32..100_000) {
        let terms = terms(x, y, fee_ppm);
        let Ok(sold) = exact_in(&terms, amount) else { return Ok(()) };
        let bought = exact_out(&terms, sold.output.received_atoms).unwrap();
        prop_assert!(bought.input.sent_atoms <= amount);
    }

    #[test]
    fn a_round_trip_never_gains(x in 1u64..1 << 50, y in 1u64..1 << 50, amount in 1u64..1 << 50, fee_ppm in 0u32..100_000) {
        let Ok(there) = exact_in(&terms(x, y, fee_ppm), amount) else { return Ok(()) };
        let back = terms(there.reserve_out_after_atoms, there.reserve_in_after_atoms, fee_ppm);
        let Ok(back) = exact_in(&back, there.output.received_atoms) else { return Ok(()) };
        prop_assert!(back.output.received_atoms <= amount);
    }
}

mod stable {
    use {
        super::*,
        crate::math::{
            stable::StableTerms,
            testing::{amount, amplification, cases, invariant_fine, invariant_floor},
        },
        num_bigint::BigUint,
    };

    fn on_stable(amplification: u32, reserves: (u64, u64), fee_ppm: u32) -> SwapTerms {
        SwapTerms {
            curve: Curve::Stable(StableTerms {
                amplification,
                scale_in: 1,
                scale_out: 1,
                invariant: 0,
                solved_amplification: 0,
            }),
            ..terms(reserves.0, reserves.1, fee_ppm)
        }
    }

    #[test]
    fn a_lowered_invariant_is_refused() {
        let stable = StableTerms {
            amplification: 100,
            scale_in: 1,
            scale_out: 1,
            invariant: 0,
            solved_amplification: 0,
        };
        assert_eq!(
            stable.invariant_kept(2_001, (1_000, 1_000), 0),
            Err(MathError::InvariantFell)
        );
        assert_eq!(stable.invariant_kept(2_000, (1_000, 1_000), 10), Ok((2_000, 2_009)));
    }

    #[test]
    fn a_stored_invariant_of_another_amplification_is_solved_again() {
        let fresh = on_stable(100, (1_000_000, 3_000_000), 400);
        let expected = exact_in(&fresh, 10_000).unwrap();
        let d = invariant_floor(&BigUint::from(1_000_000u32), &BigUint::from(3_000_000u32), 100);
        let d = u128::try_from(&d).unwrap();
        for (invariant, solved_amplification) in [(d, 100), (d, 0), (d + 500, 99), (1, 99)] {
            let mut warm = fresh;
            warm.curve = Curve::Stable(StableTerms {
                amplification: 100,
                scale_in: 1,
                scale_out: 1,
                invariant,
                solved_amplification,
            });
            assert_eq!(exact_in(&warm, 10_000), Ok(expected));
        }
    }

    #[test]
    fn a_hundred_tiny_stable_trades_never_lower_the_invariant() {
        for (x, y) in [(1u64, 1u64), (1, 30), (30, 1), (7, 13), (30, 30)] {
            let mut state = on_stable(100, (x, y), 3_000);
            for step in 0..100u64 {
                if let Ok(done) = exact_in(&state, 1 + step % 29) {
                    assert!(done.reserve_out_after_atoms >= 1);
                    let fine = |x: u64, y: u64| invariant_fine(&BigUint::from(x), &BigUint::from(y), 100);
                    assert!(
                        fine(done.reserve_in_after_atoms, done.reserve_out_after_atoms)
                            >= fine(state.reserve_in_atoms, state.reserve_out_atoms)
                    );
                    state.reserve_in_atoms = done.reserve_out_after_atoms;
                    state.reserve_out_atoms = done.reserve_in_after_atoms;
                }
            }
        }
    }

    proptest! {
        #![proptest_config(cases(1_000))]

        #[test]
        fn no_stable_swap_loses_an_atom_or_lowers_the_invariant(
            x in amount(60), y in amount(60), amount in amount(60), fee_ppm in 0u32..100_000, amplification in amplification(),
            fee_in in any_fee(), fee_out in any_fee(), buy: bool,
        ) {
            let terms = SwapTerms { transfer_fee_in: fee_in, transfer_fee_out: fee_out, ..on_stable(amplification, (x, y), fee_ppm) };
            let Ok(s) = (if buy { exact_out(&terms, amount) } else { exact_in(&terms, amount) }) else { return Ok(()) };
            prop_assert_eq!(x + s.input.received_atoms, s.reserve_in_after_atoms + s.protocol_fee_atoms);
            prop_assert_eq!(y, s.reserve_out_after_atoms + s.output.sent_atoms);
            let big = |n: u64| BigUint::from(n);
            let traded = s.reserve_in_after_atoms - s.lp_fee_atoms;
            let (before, after) = (invariant_fine(&big(x), &big(y), amplification), invariant_fine(&big(traded), &big(s.reserve_out_after_atoms), amplification));
            prop_assert!(after > before, "P2 with fractions");
            prop_assert_eq!(BigUint::from(s.invariant_traded), after >> 32u32);
            prop_assert_eq!(
                BigUint::from(s.invariant_after),
                invariant_floor(&big(s.reserve_in_after_atoms), &big(s.reserve_out_after_atoms), amplification)
            );
            if buy { prop_assert!(s.output.received_atoms >= amount); } else { prop_assert_eq!(s.input.sent_atoms, amount); }
        }

        #[test]
        fn stable_round_trips_never_gain(x in amount(60), y in amount(60), amount in amount(60), fee_ppm in 0u32..10_000, amplification in amplification()) {
            let Ok(there) = exact_in(&on_stable(amplification, (x, y), fee_ppm), amount) else { return Ok(()) };
            let bought = exact_out(&on_stable(amplification, (x, y), fee_ppm), there.output.received_atoms).unwrap();
            prop_assert!(bought.input.sent_atoms <= amount);
            let back = on_stable(amplification, (there.reserve_out_after_atoms, there.reserve_in_after_atoms), fee_ppm);
            let Ok(back) = exact_in(&back, there.output.received_atoms) else { return Ok(()) };
            prop_assert!(back.output.received_atoms <= amount);
        }
    }
}
