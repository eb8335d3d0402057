//! Token-2022 transfer fees: what arrives of what is sent, and the inverse.
//!
//! The fee of a transfer is min(⌈amount·bps / 10⁴⌉, maximum) (Token-2022, extension `transfer_fee`).

use {
    super::{Leg, MathError, MathResult},
    commonweal_interface::{math::mul_div_ceil, policy::TransferFee},
};

const BASIS_POINTS: u64 = 10_000;

/// The transfer that sends exactly `sent_atoms`.
#[inline(always)]
pub fn leg_of_sent(fee: &TransferFee, sent_atoms: u64) -> MathResult<Leg> {
    if fee.basis_points == 0 {
        return Ok(whole(sent_atoms));
    }
    // a copy, so that the caller's may stay in registers
    let fee = *fee;
    charged_of_sent(&fee, sent_atoms)
}

#[inline(always)]
fn whole(atoms: u64) -> Leg {
    Leg {
        sent_atoms: atoms,
        received_atoms: atoms,
    }
}

#[inline(never)]
fn charged_of_sent(fee: &TransferFee, sent_atoms: u64) -> MathResult<Leg> {
    let withheld = fee.of_atoms(sent_atoms).ok_or(MathError::Overflow)?;
    let received_atoms = sent_atoms.checked_sub(withheld).ok_or(MathError::Overflow)?;
    Ok(Leg {
        sent_atoms,
        received_atoms,
    })
}

/// The least transfer that delivers at least `received_atoms`.
///
/// What arrives is max(s − ⌈s·b⌉, s − maximum); the least s for the first term is ⌈r / (1 − b)⌉, for the second
/// r + maximum, and the answer is the smaller of the two. At 10,000 basis points only the second exists.
///
/// Errors: [`MathError::TransferFeeUnbounded`] where neither fits 64 bits.
#[inline(always)]
pub fn leg_of_received(fee: &TransferFee, received_atoms: u64) -> MathResult<Leg> {
    if fee.basis_points == 0 {
        return Ok(whole(received_atoms));
    }
    let fee = *fee;
    charged_of_received(&fee, received_atoms)
}

#[inline(never)]
fn charged_of_received(fee: &TransferFee, received_atoms: u64) -> MathResult<Leg> {
    if received_atoms == 0 {
        return Ok(whole(0));
    }
    let kept = BASIS_POINTS
        .checked_sub(u64::from(fee.basis_points))
        .ok_or(MathError::TransferFeeUnbounded)?;
    let by_rate = mul_div_ceil(received_atoms, BASIS_POINTS, kept);
    let by_maximum = received_atoms.checked_add(fee.maximum_atoms);
    let sent_atoms = match (by_rate, by_maximum) {
        (Some(rate), Some(maximum)) => rate.min(maximum),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => return Err(MathError::TransferFeeUnbounded),
    };
    leg_of_sent(fee, sent_atoms)
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    fn fee(basis_points: u16, maximum_atoms: u64) -> TransferFee {
        TransferFee {
            epoch: 0,
            maximum_atoms,
            basis_points,
        }
    }

    #[test]
    fn fee_grid_of_rates_and_maxima() {
        for bps in [0, 1, 9_999, 10_000] {
            for maximum in [0, 1, 5_000, u64::MAX] {
                let fee = fee(bps, maximum);
                for wanted in [1u64, 2, 9_999, 10_000, 10_001, 1_000_000] {
                    let Ok(leg) = leg_of_received(&fee, wanted) else {
                        assert_eq!(
                            (bps, maximum),
                            (10_000, u64::MAX),
                            "only an unbounded fee of everything is refused"
                        );
                        continue;
                    };
                    assert!(leg.received_atoms >= wanted);
                    let less = leg_of_sent(&fee, leg.sent_atoms - 1).unwrap();
                    assert!(
                        less.received_atoms < wanted,
                        "bps {bps}, maximum {maximum}, wanted {wanted}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_fee_of_everything_is_an_error_unless_its_maximum_bounds_it() {
        assert_eq!(
            leg_of_received(&fee(10_000, u64::MAX), 1),
            Err(MathError::TransferFeeUnbounded)
        );
        assert_eq!(
            leg_of_received(&fee(10_000, 7), 5),
            Ok(Leg {
                sent_atoms: 12,
                received_atoms: 5
            })
        );
    }

    proptest! {
        #[test]
        fn what_is_sent_is_the_least_that_delivers(wanted in 1u64..1 << 50, bps in 0u16..10_000, maximum in 0u64..1 << 50) {
            let fee = fee(bps, maximum);
            let leg = leg_of_received(&fee, wanted).unwrap();
            prop_assert!(leg.received_atoms >= wanted);
            prop_assert!(leg_of_sent(&fee, leg.sent_atoms - 1).unwrap().received_atoms < wanted);
        }
    }
}
