//! Swap fees: a rate of the gross input, split between liquidity providers and protocol.
//!
//! The rate is a config's base, plus a dynamic part that follows volatility (the idea of Trader Joe's Liquidity Book and
//! Meteora's DLMM; see [`super::volatility`]), plus a launch part that decays from a pool's creation. The launch part goes
//! wholly to the protocol: a creator who owns all shares would otherwise be the one who trades at its expense.

use {
    super::{MathError, MathResult},
    crate::constants::PPM,
    commonweal_interface::math::{mul_div_ceil, mul_div_floor},
};

const PPM_WIDE: u64 = PPM as u64;
/// (2⁴⁴ + 1)·10⁶ < 2⁶⁴: amounts of that many bits are multiplied by a rate and rounded without care.
const SHORT_BITS: u32 = 44;

/// The parts of a swap's fee rate, in ppm of what arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeRates {
    /// The config's base fee.
    pub base_ppm: u32,
    /// Added for volatility.
    pub dynamic_ppm: u32,
    /// Added after creation.
    pub launch_ppm: u32,
}

impl FeeRates {
    /// The whole rate. The ceilings keep it within 60 %; a rate above one is refused where it is used.
    #[inline(always)]
    pub fn total_ppm(&self) -> u32 {
        // 32 bits each
        let sum = u64::from(self.base_ppm)
            .wrapping_add(u64::from(self.dynamic_ppm))
            .wrapping_add(u64::from(self.launch_ppm));
        u32::try_from(sum).unwrap_or(u32::MAX)
    }
}

/// A fee and who gets which part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeSplit {
    /// What is left of the gross amount.
    pub net_atoms: u64,
    /// Stays in the reserves.
    pub lp_atoms: u64,
    /// Owed to the treasury, apart from the reserves; the launch fee is part of it.
    pub protocol_atoms: u64,
    /// What the launch fee brought, all of it the protocol's.
    pub launch_atoms: u64,
}

/// The launch fee after so many seconds: ⌈L·(T − min(T, elapsed)) / T⌉; nothing where T is zero.
#[inline(always)]
pub fn launch_ppm(at_creation_ppm: u32, launch_seconds: u32, elapsed_seconds: u64) -> u32 {
    let total = u64::from(launch_seconds);
    // 32 bits each: the product cannot wrap
    let left = total.saturating_sub(elapsed_seconds);
    let product = u64::from(at_creation_ppm).wrapping_mul(left);
    if product == 0 {
        return 0;
    }
    let whole = product.wrapping_sub(1).checked_div(total).unwrap_or(0);
    u32::try_from(whole).unwrap_or(u32::MAX).saturating_add(1)
}

/// The dynamic fee at a volatility: min(cap, ⌈volatility·slope / 10⁶⌉).
#[inline(always)]
pub fn dynamic_ppm(volatility_ppm: u32, slope_ppm: u32, cap_ppm: u32) -> u32 {
    // 32 bits each: the product cannot wrap
    let product = u64::from(volatility_ppm).wrapping_mul(u64::from(slope_ppm));
    // (2³² − 1)² + 10⁶ < 2⁶⁴
    let fee = product.wrapping_add(PPM_WIDE.wrapping_sub(1)).wrapping_div(PPM_WIDE);
    u32::try_from(fee).unwrap_or(u32::MAX).min(cap_ppm)
}

/// Quotient and remainder of `amount · ppm / 10⁶`, without a 128-bit product.
///
/// With amount = q·10⁶ + r, amount·ppm/10⁶ = q·ppm + r·ppm/10⁶; for ppm ≤ 10⁶ neither term leaves 64 bits.
#[inline(never)]
fn parts(amount: u64, ppm: u32) -> MathResult<(u64, u64)> {
    let (scale, rate) = (u64::from(PPM), u64::from(ppm));
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
#[inline(always)]
pub fn share_floor(amount: u64, ppm: u32) -> MathResult<u64> {
    if ppm > PPM {
        return Err(MathError::Overflow);
    }
    if amount >> SHORT_BITS == 0 {
        return Ok(amount.wrapping_mul(u64::from(ppm)).wrapping_div(PPM_WIDE));
    }
    parts(amount, ppm).map(|(quotient, _)| quotient)
}

/// ⌈amount·ppm / 10⁶⌉: the fee of a gross input, rounded against the trader.
///
/// Errors: [`MathError::Overflow`] for a rate above one.
#[inline(always)]
pub fn fee_ceil(amount: u64, ppm: u32) -> MathResult<u64> {
    if ppm > PPM {
        return Err(MathError::Overflow);
    }
    if amount >> SHORT_BITS == 0 {
        let product = amount.wrapping_mul(u64::from(ppm));
        return Ok(product.wrapping_add(PPM_WIDE.wrapping_sub(1)).wrapping_div(PPM_WIDE));
    }
    let (quotient, remainder) = parts(amount, ppm)?;
    // with a remainder the quotient is below `amount`, so the sum cannot wrap
    Ok(if remainder == 0 {
        quotient
    } else {
        quotient.saturating_add(1)
    })
}

/// The fee of `gross_atoms`, split: ⌈gross·r / 10⁶⌉, of it ⌊fee·launch / r⌋ for the launch, and of the rest
/// ⌊rest·share / 10⁶⌋ for the protocol; the dust is the providers'.
#[inline(always)]
pub fn split(gross_atoms: u64, rates: &FeeRates, protocol_share_ppm: u32) -> MathResult<FeeSplit> {
    let rate = rates.total_ppm();
    let total = fee_ceil(gross_atoms, rate)?;
    let launch_atoms = if rates.launch_ppm == 0 {
        0
    } else {
        mul_div_floor(total, u64::from(rates.launch_ppm), u64::from(rate)).ok_or(MathError::Overflow)?
    };
    // each is a part of the one before, none is more than the gross amount
    let rest = total.wrapping_sub(launch_atoms);
    let share = share_floor(rest, protocol_share_ppm)?;
    Ok(FeeSplit {
        net_atoms: gross_atoms.wrapping_sub(total),
        lp_atoms: rest.wrapping_sub(share),
        protocol_atoms: share.wrapping_add(launch_atoms),
        launch_atoms,
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
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    fn base(base_ppm: u32) -> FeeRates {
        FeeRates {
            base_ppm,
            ..FeeRates::default()
        }
    }

    #[test]
    fn the_launch_part_is_the_protocols_alone() {
        // 60 % of 1,000: 600, of which ⌊600·50/60⌋ = 500 launch; of the other 100 a quarter
        let rates = FeeRates {
            base_ppm: 100_000,
            dynamic_ppm: 0,
            launch_ppm: 500_000,
        };
        assert_eq!(
            split(1_000, &rates, 250_000),
            Ok(FeeSplit {
                net_atoms: 400,
                lp_atoms: 75,
                protocol_atoms: 525,
                launch_atoms: 500
            })
        );
    }

    #[test]
    fn the_launch_fee_decays_to_nothing_and_rounds_up() {
        let grid = [
            ((500_000, 86_400, 0), 500_000),
            ((500_000, 86_400, 43_200), 250_000),
            ((500_000, 86_400, 86_399), 6),
            ((500_000, 86_400, 86_400), 0),
            ((500_000, 86_400, u64::MAX), 0),
            ((1, 3, 0), 1),
            ((1, 3, 2), 1),
            ((1, 3, 3), 0),
            ((0, 86_400, 5), 0),
            ((500_000, 0, 0), 0),
            ((500_000, 1, 0), 500_000),
        ];
        for ((launch, seconds, elapsed), expected) in grid {
            assert_eq!(
                launch_ppm(launch, seconds, elapsed),
                expected,
                "{launch} {seconds} {elapsed}"
            );
        }
    }

    #[test]
    fn the_dynamic_fee_follows_volatility_up_to_its_cap() {
        let grid = [
            ((0, 1_000_000, 100_000), 0),
            ((1, 1, 100_000), 1),
            ((10_000, 200_000, 100_000), 2_000),
            ((1_000_000, 1_000_000, 100_000), 100_000),
            ((1_000_000, 100_000, 100_000), 100_000),
            ((1_000_000, 99_999, 100_000), 99_999),
            ((1_000_000, 1_000_000, 0), 0),
        ];
        for ((volatility, slope, cap), expected) in grid {
            assert_eq!(
                dynamic_ppm(volatility, slope, cap),
                expected,
                "{volatility} {slope} {cap}"
            );
        }
    }

    #[test]
    fn a_fee_rounds_up_and_the_protocols_part_down() {
        assert_eq!(fee_ceil(1, 3_000), Ok(1));
        assert_eq!(fee_ceil(1_000_000, 3_000), Ok(3_000));
        assert_eq!(fee_ceil(1_000_001, 3_000), Ok(3_001));
        assert_eq!(
            split(1_000_001, &base(3_000), 250_000),
            Ok(FeeSplit {
                net_atoms: 997_000,
                lp_atoms: 2_251,
                protocol_atoms: 750,
                launch_atoms: 0
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
        fn a_split_equals_the_formulas_and_loses_nothing(
            gross: u64, base_ppm in 0u32..=100_000, dynamic_ppm in 0u32..=100_000, launch_ppm in 0u32..=500_000, share in 0u32..=250_000,
        ) {
            let rates = FeeRates { base_ppm, dynamic_ppm, launch_ppm };
            let parts = split(gross, &rates, share).unwrap();
            let rate = base_ppm + dynamic_ppm + launch_ppm;
            let total = (BigUint::from(gross) * rate + 999_999u32) / 1_000_000u32;
            let launch = if rate == 0 { BigUint::from(0u32) } else { &total * launch_ppm / rate };
            let protocol = (&total - &launch) * share / 1_000_000u32 + &launch;
            prop_assert_eq!(BigUint::from(parts.launch_atoms), launch);
            prop_assert_eq!(BigUint::from(parts.protocol_atoms), protocol);
            prop_assert_eq!(BigUint::from(parts.lp_atoms) + parts.protocol_atoms, total.clone());
            prop_assert_eq!(total + parts.net_atoms, BigUint::from(gross));
        }

        #[test]
        fn the_launch_fee_never_rises(launch in 0u32..=500_000, seconds in 1u32..=86_400, at in 0u64..90_000) {
            let (now, later) = (launch_ppm(launch, seconds, at), launch_ppm(launch, seconds, at + 1));
            prop_assert!(later <= now && now <= launch);
            let left = u64::from(seconds).saturating_sub(at);
            prop_assert_eq!(u64::from(now), (u64::from(launch) * left).div_ceil(u64::from(seconds)));
        }
    }
}
