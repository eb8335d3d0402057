//! Gifts on both curves.

use {
    super::*,
    crate::math::{
        stable::StableTerms,
        testing::{amount, amplification, cases, invariant_fine},
    },
    num_bigint::BigUint,
    proptest::prelude::*,
};

fn terms(curve: Curve, reserves_atoms: [u64; 2], lp_supply_atoms: u64) -> GiftTerms {
    GiftTerms {
        curve,
        reserves_atoms,
        lp_supply_atoms,
        vesting: Vesting::default(),
        vesting_slots: 9_000,
    }
}

fn stable(amplification: u32) -> Curve {
    Curve::Stable(StableTerms {
        amplification,
        scale_in: 1,
        scale_out: 1,
        invariant: 0,
        solved_amplification: 0,
    })
}

#[test]
fn a_gift_computed_by_hand() {
    // S_eff = 2,000: side A ⌊2,000·100 / 2,100⌋ = 95, then side B ⌊2,095·50 / 2,050⌋ = 51
    let done = take_in(&terms(Curve::ConstantProduct, [1_000, 1_000], 1_000), [100, 50]).unwrap();
    assert_eq!(done.reserves_after_atoms, [1_100, 1_050]);
    assert_eq!((done.vesting.shares, done.vesting.remaining_slots), (146, 9_000));
    assert_eq!(done.invariant_after, 0);
}

#[test]
fn without_vesting_a_gift_is_the_providers_at_once() {
    let at_once = GiftTerms {
        vesting_slots: 0,
        ..terms(stable(100), [1_000, 1_000], 1_000)
    };
    let done = take_in(&at_once, [100, 100]).unwrap();
    assert_eq!((done.vesting, done.invariant_after), (Vesting::default(), 2_200));
}

#[test]
fn a_reserve_beyond_64_bits_is_refused() {
    let full = terms(Curve::ConstantProduct, [u64::MAX, 5], 5);
    assert_eq!(take_in(&full, [1, 0]), Err(MathError::Overflow));
}

#[test]
fn the_flash_fee_rounds_up() {
    assert_eq!(flash_fee_ceil(1, 900), Ok(1));
    assert_eq!(flash_fee_ceil(1_000_000, 900), Ok(900));
    assert_eq!(flash_fee_ceil(1_000_000, 0), Ok(0));
    assert_eq!(flash_fee_ceil(0, 900), Ok(0));
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn a_gift_keeps_the_value_of_a_share_and_never_lowers_it(
        a in amount(60), b in amount(60), gift_a in amount(60), gift_b in amount(60), supply in amount(60), amplification in amplification(),
    ) {
        let value = |curve: &Curve, [a, b]: [u64; 2], vesting: u64| {
            let (a, b) = (BigUint::from(a), BigUint::from(b));
            let square = match curve {
                Curve::ConstantProduct => a * b,
                Curve::Stable(_) => invariant_fine(&a, &b, amplification).pow(2),
            };
            (square, (BigUint::from(supply) + 1_000u32 + vesting).pow(2))
        };
        for curve in [Curve::ConstantProduct, stable(amplification)] {
            let Ok(done) = take_in(&terms(curve, [a, b], supply), [gift_a, gift_b]) else { continue };
            let (before, after) = (value(&curve, [a, b], 0), value(&curve, done.reserves_after_atoms, done.vesting.shares));
            prop_assert!(after.0 * before.1 >= before.0 * after.1);
        }
    }
}
