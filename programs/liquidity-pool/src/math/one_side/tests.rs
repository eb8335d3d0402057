//! Deposits of one token: never cheaper than a swap, never a gain, never a loss for the others.

use {
    super::*,
    crate::math::{
        fee::FeeRates,
        shares::{self, ShareTerms},
        stable::StableTerms,
        testing::{amount, amplification, cases, invariant_fine},
        Curve,
    },
    num_bigint::BigUint,
    proptest::prelude::*,
};

fn terms(curve: Curve, reserves: (u64, u64), lp_supply_atoms: u64, base_ppm: u32) -> OneSideTerms {
    OneSideTerms {
        swap: SwapTerms {
            curve,
            reserve_in_atoms: reserves.0,
            reserve_out_atoms: reserves.1,
            rates: FeeRates {
                base_ppm,
                ..FeeRates::default()
            },
            protocol_share_ppm: 200_000,
            transfer_fee_in: TransferFee::default(),
            transfer_fee_out: TransferFee::default(),
        },
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
fn a_deposit_computed_by_hand() {
    // 1,000,000 of each, S = 999,000 + 1,000; 10,000 sold without fee buy ⌊10,000·10⁶ / 1,010,000⌋ = 9,900 of 990,100 left;
    // s = ⌊9,900·10⁶ / 990,100⌋ = 9,998, beside it ⌈1,010,000·9,998 / 10⁶⌉ = 10,098
    let done = deposit(
        &terms(Curve::ConstantProduct, (1_000_000, 1_000_000), 999_000, 0),
        10_000,
    )
    .unwrap();
    assert_eq!(done.swap.output.received_atoms, 9_900);
    assert_eq!(done.lp_atoms, 9_998);
    assert_eq!(done.input.sent_atoms, 20_098);
    assert_eq!(
        (done.reserve_in_after_atoms, done.reserve_out_after_atoms),
        (1_020_098, 1_000_000)
    );
    assert_eq!(done.lp_supply_after_atoms, 1_008_998);
}

#[test]
fn what_makes_no_share_is_refused() {
    let coarse = terms(Curve::ConstantProduct, (1 << 40, 1 << 40), 1, 0);
    assert_eq!(deposit(&coarse, 2), Err(MathError::NothingOut));
    assert_eq!(deposit(&coarse, 0), Err(MathError::ZeroAmount));
}

#[test]
fn a_transfer_fee_counts_once_and_on_the_whole() {
    let mut with_fee = terms(Curve::ConstantProduct, (1_000_000, 1_000_000), 999_000, 0);
    with_fee.swap.transfer_fee_in = TransferFee {
        epoch: 0,
        maximum_atoms: u64::MAX,
        basis_points: 100,
    };
    with_fee.swap.transfer_fee_out = with_fee.swap.transfer_fee_in;
    let done = deposit(&with_fee, 10_000).unwrap();
    assert_eq!(done.swap.output.received_atoms, 9_900);
    assert_eq!((done.input.sent_atoms, done.input.received_atoms), (20_302, 20_098));
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn depositing_one_side_then_withdrawing_never_gains_and_costs_the_others_nothing(
        x in amount(50), y in amount(50), supply in amount(50), sold in amount(50), base_ppm in 0u32..=100_000,
        amplification in amplification(), on_stable: bool,
    ) {
        let curve = if on_stable { stable(amplification) } else { Curve::ConstantProduct };
        let terms = terms(curve, (x, y), supply, base_ppm);
        let Ok(done) = deposit(&terms, sold) else { return Ok(()) };
        prop_assert_eq!(x + done.input.received_atoms, done.reserve_in_after_atoms + done.swap.protocol_fee_atoms);
        prop_assert_eq!(y, done.reserve_out_after_atoms);

        let value = |x: u64, y: u64, shares: BigUint| {
            let (x, y) = (BigUint::from(x), BigUint::from(y));
            let square = if on_stable { invariant_fine(&x, &y, amplification).pow(2) } else { x * y };
            (square, shares.pow(2))
        };
        let before = value(x, y, BigUint::from(supply) + 1_000u32);
        let shares = BigUint::from(done.lp_supply_after_atoms) + 1_000u32 + done.vesting.shares;
        let after = value(done.reserve_in_after_atoms, done.reserve_out_after_atoms, shares);
        prop_assert!(after.0 * before.1 >= before.0 * after.1, "P3");

        // sold and bought back through withdrawal: no more than the same swap gives
        let Ok(left) = shares::withdraw(&ShareTerms {
            reserve_a_atoms: done.reserve_in_after_atoms,
            reserve_b_atoms: done.reserve_out_after_atoms,
            lp_supply_atoms: done.lp_supply_after_atoms,
            vesting_shares: done.vesting.shares,
            transfer_fee_a: TransferFee::default(),
            transfer_fee_b: TransferFee::default(),
        }, done.lp_atoms) else { return Ok(()) };
        prop_assert!(left.a.received_atoms <= done.input.sent_atoms - sold);
        prop_assert!(left.b.received_atoms <= done.swap.output.received_atoms);
    }
}
