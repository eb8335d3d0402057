//! Swaps, transfer fees included: the whole of what a trade changes, as one summary.

use {
    super::{constant_product, fee, transfer_fee, Leg, MathError, MathResult},
    commonweal_interface::policy::TransferFee,
};

/// What a swap's result depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwapTerms {
    /// Stored reserve of the token that comes in.
    pub reserve_in_atoms: u64,
    /// Stored reserve of the token that goes out.
    pub reserve_out_atoms: u64,
    /// Swap fee, in ppm of what arrives.
    pub fee_ppm: u32,
    /// The protocol's part of the fee, in ppm.
    pub protocol_share_ppm: u32,
    /// Transfer fee of the input's mint in the current epoch; zero where it has none.
    pub transfer_fee_in: TransferFee,
    /// Transfer fee of the output's mint in the current epoch; zero where it has none.
    pub transfer_fee_out: TransferFee,
}

/// What a swap does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwapSummary {
    /// From the trader to the vault.
    pub input: Leg,
    /// From the vault to the trader.
    pub output: Leg,
    /// Part of the input that stays in the reserves as the providers' fee.
    pub lp_fee_atoms: u64,
    /// Part of the input that is owed to the treasury, apart from the reserves.
    pub protocol_fee_atoms: u64,
    /// Reserve of the input token afterwards.
    pub reserve_in_after_atoms: u64,
    /// Reserve of the output token afterwards.
    pub reserve_out_after_atoms: u64,
}

/// Sells exactly `sent_atoms`.
///
/// Errors: [`MathError::ZeroAmount`] for nothing sent, [`MathError::NothingOut`] where rounding leaves the trader nothing,
/// [`MathError::Overflow`] where a reserve would leave 64 bits.
pub fn exact_in(terms: &SwapTerms, sent_atoms: u64) -> MathResult<SwapSummary> {
    swap(terms, Exact::Input, sent_atoms)
}

/// Which amount of a swap the trader fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exact {
    /// What leaves the trader.
    Input,
    /// What reaches the trader.
    Output,
}

/// A swap of exactly `amount_atoms`: [`exact_in`] or [`exact_out`].
#[inline(always)]
pub fn swap(terms: &SwapTerms, exact: Exact, amount_atoms: u64) -> MathResult<SwapSummary> {
    if amount_atoms == 0 {
        return Err(MathError::ZeroAmount);
    }
    let (input, output, split) = match exact {
        Exact::Input => sell(terms, amount_atoms)?,
        Exact::Output => buy(terms, amount_atoms)?,
    };
    settle(terms, input, output, split)
}

#[inline(always)]
fn sell(terms: &SwapTerms, sent_atoms: u64) -> MathResult<(Leg, Leg, fee::FeeSplit)> {
    let input = transfer_fee::leg_of_sent(&terms.transfer_fee_in, sent_atoms)?;
    let split = fee::split(input.received_atoms, terms.fee_ppm, terms.protocol_share_ppm)?;
    let net = net_of(input.received_atoms, &split)?;
    let bought = constant_product::output_floor(net, terms.reserve_in_atoms, terms.reserve_out_atoms)?;
    let output = transfer_fee::leg_of_sent(&terms.transfer_fee_out, bought)?;
    Ok((input, output, split))
}

/// Buys at least `received_atoms`, as the trader receives them.
///
/// Without a transfer fee on the output exactly that much arrives; with one, the least that delivers it is sent.
///
/// Errors: [`MathError::ZeroAmount`] for nothing wanted, [`MathError::InsufficientLiquidity`] for the whole reserve or more,
/// [`MathError::TransferFeeUnbounded`] where a transfer fee takes everything, [`MathError::Overflow`] out of range.
pub fn exact_out(terms: &SwapTerms, received_atoms: u64) -> MathResult<SwapSummary> {
    swap(terms, Exact::Output, received_atoms)
}

#[inline(always)]
fn buy(terms: &SwapTerms, received_atoms: u64) -> MathResult<(Leg, Leg, fee::FeeSplit)> {
    let output = transfer_fee::leg_of_received(&terms.transfer_fee_out, received_atoms)?;
    let net = constant_product::input_ceil(output.sent_atoms, terms.reserve_in_atoms, terms.reserve_out_atoms)?;
    let gross = fee::gross_of_net_ceil(net, terms.fee_ppm)?;
    let input = transfer_fee::leg_of_received(&terms.transfer_fee_in, gross)?;
    // rounding may deliver a little more than needed; the fee is taken of what arrives
    let split = fee::split(input.received_atoms, terms.fee_ppm, terms.protocol_share_ppm)?;
    Ok((input, output, split))
}

fn net_of(arrived_atoms: u64, split: &fee::FeeSplit) -> MathResult<u64> {
    arrived_atoms
        .checked_sub(split.lp_atoms)
        .and_then(|rest| rest.checked_sub(split.protocol_atoms))
        .ok_or(MathError::Overflow)
}

/// Moves the amounts through the reserves and holds P2: the product of the reserves, net of the fees, does not fall.
#[inline(always)]
fn settle(terms: &SwapTerms, input: Leg, output: Leg, split: fee::FeeSplit) -> MathResult<SwapSummary> {
    if output.received_atoms == 0 {
        return Err(MathError::NothingOut);
    }
    let traded_in = terms
        .reserve_in_atoms
        .checked_add(net_of(input.received_atoms, &split)?)
        .ok_or(MathError::Overflow)?;
    let reserve_in_after_atoms = traded_in.checked_add(split.lp_atoms).ok_or(MathError::Overflow)?;
    let reserve_out_after_atoms = terms
        .reserve_out_atoms
        .checked_sub(output.sent_atoms)
        .ok_or(MathError::InsufficientLiquidity)?;
    constant_product::product_kept(
        (terms.reserve_in_atoms, terms.reserve_out_atoms),
        (traded_in, reserve_out_after_atoms),
    )?;
    Ok(SwapSummary {
        input,
        output,
        lp_fee_atoms: split.lp_atoms,
        protocol_fee_atoms: split.protocol_atoms,
        reserve_in_after_atoms,
        reserve_out_after_atoms,
    })
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    fn terms(reserve_in_atoms: u64, reserve_out_atoms: u64, fee_ppm: u32) -> SwapTerms {
        SwapTerms {
            reserve_in_atoms,
            reserve_out_atoms,
            fee_ppm,
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
                reserve_in_atoms: x, reserve_out_atoms: y, fee_ppm, protocol_share_ppm: share,
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
}
