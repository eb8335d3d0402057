//! Swap fees: a rate of the gross input, split between liquidity providers and protocol.

use {
    super::{MathError, MathResult},
    crate::constants::PPM,
    commonweal_interface::math::mul_div_ceil,
};

/// A fee and who gets which part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeSplit {
    /// Stays in the reserves.
    pub lp_atoms: u64,
    /// Owed to the treasury, apart from the reserves.
    pub protocol_atoms: u64,
}

/// Quotient and remainder of `amount · ppm / 10⁶`, without a 128-bit product.
///
/// With amount = q·10⁶ + r, amount·ppm/10⁶ = q·ppm + r·ppm/10⁶; for ppm ≤ 10⁶ neither term leaves 64 bits.
fn parts(amount: u64, ppm: u32) -> MathResult<(u64, u64)> {
    if ppm > PPM {
        return Err(MathError::Overflow);
    }
    let (scale, rate) = (u64::from(PPM), u64::from(ppm));
    // 2⁴⁴·10⁶ < 2⁶⁴: the product of most amounts fits
    if amount >> 44 == 0 {
        let product = amount.wrapping_mul(rate);
        let (quotient, remainder) = (product.checked_div(scale), product.checked_rem(scale));
        return quotient.zip(remainder).ok_or(MathError::Overflow);
    }
    let (millions, rest) = (amount.checked_div(scale), amount.checked_rem(scale));
    let (Some(millions), Some(rest)) = (millions, rest) else {
        return Err(MathError::Overflow);
    };
    let small = rest.checked_mul(rate).ok_or(MathError::Overflow)?;
    let (whole, remainder) = (small.checked_div(scale), small.checked_rem(scale));
    let (Some(whole), Some(remainder)) = (whole, remainder) else {
        return Err(MathError::Overflow);
    };
    let quotient = millions
        .checked_mul(rate)
        .and_then(|large| large.checked_add(whole))
        .ok_or(MathError::Overflow)?;
    Ok((quotient, remainder))
}

/// ⌊amount·ppm / 10⁶⌋.
///
/// Errors: [`MathError::Overflow`] for a rate above one.
pub fn share_floor(amount: u64, ppm: u32) -> MathResult<u64> {
    parts(amount, ppm).map(|(quotient, _)| quotient)
}

/// ⌈amount·ppm / 10⁶⌉: the fee of a gross input, rounded against the trader.
///
/// Errors: [`MathError::Overflow`] for a rate above one.
pub fn fee_ceil(amount: u64, ppm: u32) -> MathResult<u64> {
    let (quotient, remainder) = parts(amount, ppm)?;
    // with a remainder the quotient is below `amount`, so the sum cannot wrap
    Ok(if remainder == 0 {
        quotient
    } else {
        quotient.saturating_add(1)
    })
}

/// The fee of `gross_atoms`, split; the protocol's part rounds down, the dust is the providers'.
pub fn split(gross_atoms: u64, fee_ppm: u32, protocol_share_ppm: u32) -> MathResult<FeeSplit> {
    let total = fee_ceil(gross_atoms, fee_ppm)?;
    let protocol_atoms = share_floor(total, protocol_share_ppm)?;
    let lp_atoms = total.checked_sub(protocol_atoms).ok_or(MathError::Overflow)?;
    Ok(FeeSplit {
        lp_atoms,
        protocol_atoms,
    })
}

/// The least gross input whose net is at least `net_atoms`: ⌈net / (1 − rate)⌉.
///
/// gross − ⌈gross·r⌉ = ⌊gross·(1 − r)⌋ ≥ net exactly when gross ≥ net / (1 − r).
///
/// Errors: [`MathError::Overflow`] where the rate is one or the result leaves 64 bits.
pub fn gross_of_net_ceil(net_atoms: u64, fee_ppm: u32) -> MathResult<u64> {
    let kept = PPM.checked_sub(fee_ppm).ok_or(MathError::Overflow)?;
    mul_div_ceil(net_atoms, u64::from(PPM), u64::from(kept)).ok_or(MathError::Overflow)
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    #[test]
    fn a_fee_rounds_up_and_the_protocols_part_down() {
        assert_eq!(fee_ceil(1, 3_000), Ok(1));
        assert_eq!(fee_ceil(1_000_000, 3_000), Ok(3_000));
        assert_eq!(fee_ceil(1_000_001, 3_000), Ok(3_001));
        assert_eq!(
            split(1_000_001, 3_000, 250_000),
            Ok(FeeSplit {
                lp_atoms: 2_251,
                protocol_atoms: 750
            })
        );
    }

    #[test]
    fn no_fee_is_no_fee_and_a_rate_of_one_takes_all() {
        assert_eq!(fee_ceil(u64::MAX, 0), Ok(0));
        assert_eq!(fee_ceil(u64::MAX, PPM), Ok(u64::MAX));
        assert_eq!(fee_ceil(1, PPM + 1), Err(MathError::Overflow));
    }

    #[test]
    fn no_gross_amount_survives_a_rate_of_one() {
        assert_eq!(gross_of_net_ceil(1, PPM), Err(MathError::Overflow));
    }

    proptest! {
        #[test]
        fn the_fee_equals_the_wide_formula(amount: u64, ppm in 0u32..=PPM) {
            let product = u128::from(amount) * u128::from(ppm);
            prop_assert_eq!(u128::from(share_floor(amount, ppm).unwrap()), product / 1_000_000);
            prop_assert_eq!(u128::from(fee_ceil(amount, ppm).unwrap()), product.div_ceil(1_000_000));
        }

        #[test]
        fn the_gross_amount_is_the_least_that_leaves_the_net(net in 1u64..1 << 60, ppm in 0u32..900_000) {
            let gross = gross_of_net_ceil(net, ppm).unwrap();
            prop_assert!(gross - fee_ceil(gross, ppm).unwrap() >= net);
            prop_assert!(gross - 1 - fee_ceil(gross - 1, ppm).unwrap() < net);
        }

        #[test]
        fn a_split_loses_nothing(gross: u64, ppm in 0u32..=PPM, share in 0u32..=PPM) {
            let parts = split(gross, ppm, share).unwrap();
            prop_assert_eq!(parts.lp_atoms + parts.protocol_atoms, fee_ceil(gross, ppm).unwrap());
        }
    }
}
