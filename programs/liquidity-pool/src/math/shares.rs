//! Shares of a pool: what a deposit costs and a withdrawal pays.
//!
//! S_eff = LP supply + [`VIRTUAL_SHARES`] + vesting shares. A deposit of s shares takes ⌈R·s / S_eff⌉ of each token, a
//! withdrawal pays ⌊R·s / S_eff⌋, so the value of a share never falls (P3) and depositing then withdrawing never gains (P4).

use {
    super::{
        stable::{StableTerms, FIRST_SUM_LIMIT},
        transfer_fee, Leg, MathError, MathResult,
    },
    crate::constants::VIRTUAL_SHARES,
    commonweal_interface::{
        math::{isqrt_u128, mul_div_ceil, mul_div_floor},
        policy::TransferFee,
    },
};

/// What the price of a share depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareTerms {
    /// Stored reserve of token A.
    pub reserve_a_atoms: u64,
    /// Stored reserve of token B.
    pub reserve_b_atoms: u64,
    /// Atoms of the LP mint in existence.
    pub lp_supply_atoms: u64,
    /// Virtual shares that hold back fees not yet vested.
    pub vesting_shares: u64,
    /// Transfer fee of mint A in the current epoch; zero where it has none.
    pub transfer_fee_a: TransferFee,
    /// Transfer fee of mint B in the current epoch; zero where it has none.
    pub transfer_fee_b: TransferFee,
}

/// What a deposit or withdrawal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareSummary {
    /// LP atoms minted or burned.
    pub lp_atoms: u64,
    /// The transfer of token A.
    pub a: Leg,
    /// The transfer of token B.
    pub b: Leg,
    /// Reserve of token A afterwards.
    pub reserve_a_after_atoms: u64,
    /// Reserve of token B afterwards.
    pub reserve_b_after_atoms: u64,
    /// Atoms of the LP mint in existence afterwards.
    pub lp_supply_after_atoms: u64,
}

/// S_eff: LP supply, the shares that belong to nobody, and those that hold back unvested fees.
///
/// Errors: [`MathError::Overflow`] above 64 bits.
pub fn effective_shares(lp_supply_atoms: u64, vesting_shares: u64) -> MathResult<u64> {
    lp_supply_atoms
        .checked_add(VIRTUAL_SHARES)
        .and_then(|sum| sum.checked_add(vesting_shares))
        .ok_or(MathError::Overflow)
}

/// The first deposit: ⌊√(a·b)⌋ − 1000 of what arrives.
///
/// Errors: [`MathError::ZeroAmount`] where nothing of a token is sent, [`MathError::FirstDepositTooSmall`] where no share
/// would be left.
pub fn first_deposit(
    sent_a_atoms: u64,
    sent_b_atoms: u64,
    transfer_fee_a: &TransferFee,
    transfer_fee_b: &TransferFee,
) -> MathResult<ShareSummary> {
    let (a, b) = first_legs([sent_a_atoms, sent_b_atoms], [transfer_fee_a, transfer_fee_b])?;
    let product = u128::from(a.received_atoms)
        .checked_mul(u128::from(b.received_atoms))
        .ok_or(MathError::Overflow)?;
    first_summary(a, b, isqrt_u128(product))
}

/// The first deposit on the stable curve: D − 1000 of what arrives, in scaled units. Returns D as well.
///
/// `stable`: scales with A as the token that comes in; its invariant is not read.
///
/// Errors: as for [`first_deposit`]; [`MathError::StableReservesTooLarge`] above [`FIRST_SUM_LIMIT`].
pub fn first_deposit_stable(
    sent_atoms: [u64; 2],
    transfer_fees: [&TransferFee; 2],
    stable: &StableTerms,
) -> MathResult<(ShareSummary, u128)> {
    let (a, b) = first_legs(sent_atoms, transfer_fees)?;
    // 64 bits each, then 128: neither the products nor what is left of the sum can wrap
    let scaled = |leg: &Leg, scale: u64| u128::from(leg.received_atoms).wrapping_mul(u128::from(scale));
    let sum = scaled(&a, stable.scale_in).saturating_add(scaled(&b, stable.scale_out));
    if sum > FIRST_SUM_LIMIT {
        return Err(MathError::StableReservesTooLarge);
    }
    if a.received_atoms == 0 || b.received_atoms == 0 {
        return Err(MathError::FirstDepositTooSmall);
    }
    let invariant = stable.invariant_of(a.received_atoms, b.received_atoms, 0)?;
    let shares = u64::try_from(invariant).map_err(|_| MathError::Overflow)?;
    Ok((first_summary(a, b, shares)?, invariant))
}

fn first_legs([sent_a, sent_b]: [u64; 2], [fee_a, fee_b]: [&TransferFee; 2]) -> MathResult<(Leg, Leg)> {
    if sent_a == 0 || sent_b == 0 {
        return Err(MathError::ZeroAmount);
    }
    let a = transfer_fee::leg_of_sent(fee_a, sent_a)?;
    let b = transfer_fee::leg_of_sent(fee_b, sent_b)?;
    Ok((a, b))
}

fn first_summary(a: Leg, b: Leg, effective_shares: u64) -> MathResult<ShareSummary> {
    let lp_atoms = effective_shares
        .checked_sub(VIRTUAL_SHARES)
        .filter(|shares| *shares != 0)
        .ok_or(MathError::FirstDepositTooSmall)?;
    Ok(ShareSummary {
        lp_atoms,
        a,
        b,
        reserve_a_after_atoms: a.received_atoms,
        reserve_b_after_atoms: b.received_atoms,
        lp_supply_after_atoms: lp_atoms,
    })
}

/// A deposit for exactly `lp_atoms`.
///
/// Errors: [`MathError::ZeroAmount`] for no shares, [`MathError::TransferFeeUnbounded`] where a transfer fee takes
/// everything, [`MathError::Overflow`] where a reserve or the supply would leave 64 bits.
pub fn deposit(terms: &ShareTerms, lp_atoms: u64) -> MathResult<ShareSummary> {
    if lp_atoms == 0 {
        return Err(MathError::ZeroAmount);
    }
    let shares = effective_shares(terms.lp_supply_atoms, terms.vesting_shares)?;
    let leg = |reserve: u64, fee: &TransferFee| -> MathResult<(Leg, u64)> {
        let needed = mul_div_ceil(reserve, lp_atoms, shares).ok_or(MathError::Overflow)?;
        let leg = transfer_fee::leg_of_received(fee, needed)?;
        let after = reserve.checked_add(leg.received_atoms).ok_or(MathError::Overflow)?;
        Ok((leg, after))
    };
    let (a, reserve_a_after_atoms) = leg(terms.reserve_a_atoms, &terms.transfer_fee_a)?;
    let (b, reserve_b_after_atoms) = leg(terms.reserve_b_atoms, &terms.transfer_fee_b)?;
    let lp_supply_after_atoms = terms.lp_supply_atoms.checked_add(lp_atoms).ok_or(MathError::Overflow)?;
    // later withdrawals compute S_eff again: it must fit
    effective_shares(lp_supply_after_atoms, terms.vesting_shares)?;
    Ok(ShareSummary {
        lp_atoms,
        a,
        b,
        reserve_a_after_atoms,
        reserve_b_after_atoms,
        lp_supply_after_atoms,
    })
}

/// A withdrawal of `lp_atoms`; a leg may round to nothing, both may not.
///
/// Errors: [`MathError::ZeroAmount`] for no shares, [`MathError::NothingOut`] where both legs round to nothing,
/// [`MathError::Overflow`] for more shares than exist.
pub fn withdraw(terms: &ShareTerms, lp_atoms: u64) -> MathResult<ShareSummary> {
    if lp_atoms == 0 {
        return Err(MathError::ZeroAmount);
    }
    let shares = effective_shares(terms.lp_supply_atoms, terms.vesting_shares)?;
    let lp_supply_after_atoms = terms.lp_supply_atoms.checked_sub(lp_atoms).ok_or(MathError::Overflow)?;
    let leg = |reserve: u64, fee: &TransferFee| -> MathResult<(Leg, u64)> {
        let paid = mul_div_floor(reserve, lp_atoms, shares).ok_or(MathError::Overflow)?;
        let after = reserve.checked_sub(paid).ok_or(MathError::Overflow)?;
        Ok((transfer_fee::leg_of_sent(fee, paid)?, after))
    };
    let (a, reserve_a_after_atoms) = leg(terms.reserve_a_atoms, &terms.transfer_fee_a)?;
    let (b, reserve_b_after_atoms) = leg(terms.reserve_b_atoms, &terms.transfer_fee_b)?;
    if a.sent_atoms == 0 && b.sent_atoms == 0 {
        return Err(MathError::NothingOut);
    }
    Ok(ShareSummary {
        lp_atoms,
        a,
        b,
        reserve_a_after_atoms,
        reserve_b_after_atoms,
        lp_supply_after_atoms,
    })
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    const NONE: TransferFee = TransferFee {
        epoch: 0,
        maximum_atoms: 0,
        basis_points: 0,
    };

    fn terms(a: u64, b: u64, supply: u64) -> ShareTerms {
        ShareTerms {
            reserve_a_atoms: a,
            reserve_b_atoms: b,
            lp_supply_atoms: supply,
            vesting_shares: 0,
            transfer_fee_a: NONE,
            transfer_fee_b: NONE,
        }
    }

    #[test]
    fn the_first_deposit_leaves_a_thousand_shares_to_nobody() {
        let summary = first_deposit(4_000_000, 1_000_000, &NONE, &NONE).unwrap();
        assert_eq!(summary.lp_atoms, 1_999_000);
        assert_eq!(
            first_deposit(1_000, 1_000, &NONE, &NONE),
            Err(MathError::FirstDepositTooSmall)
        );
        assert_eq!(first_deposit(1_001, 1_001, &NONE, &NONE).unwrap().lp_atoms, 1);
        assert_eq!(first_deposit(0, 1_000, &NONE, &NONE), Err(MathError::ZeroAmount));
    }

    #[test]
    fn the_first_stable_deposit_counts_scaled_units() {
        let stable = |scale_in, scale_out| StableTerms {
            amplification: 100,
            scale_in,
            scale_out,
            invariant: 0,
            solved_amplification: 0,
        };
        // a million of 6 decimals beside a million of 9: D = 2·10¹⁵
        let sent = [1_000_000_000_000, 1_000_000_000_000_000];
        let (summary, invariant) = first_deposit_stable(sent, [&NONE, &NONE], &stable(1_000, 1)).unwrap();
        assert_eq!(
            (summary.lp_atoms, invariant),
            (1_999_999_999_999_000, 2_000_000_000_000_000)
        );
        assert_eq!(summary.lp_supply_after_atoms, summary.lp_atoms);
        let refused = [
            ([0, 5], MathError::ZeroAmount),
            ([500, 500], MathError::FirstDepositTooSmall),
            ([1 << 62, (1 << 62) + 1], MathError::StableReservesTooLarge),
            ([u64::MAX, u64::MAX], MathError::StableReservesTooLarge),
        ];
        for (sent, error) in refused {
            assert_eq!(first_deposit_stable(sent, [&NONE, &NONE], &stable(1, 1)), Err(error));
        }
        let most = first_deposit_stable([1 << 62, 1 << 62], [&NONE, &NONE], &stable(1, 1)).unwrap();
        assert_eq!(most.1, 1 << 63);
    }

    #[test]
    fn a_deposit_rounds_up_and_a_withdrawal_down() {
        // S_eff = 3: impossible, so use 2,000 of 3,000 shares: a third of 10 is 3⅓
        let deposit = deposit(&terms(10, 10, 2_000), 1_000).unwrap();
        assert_eq!((deposit.a.sent_atoms, deposit.b.sent_atoms), (4, 4));
        let withdrawal = withdraw(&terms(10, 10, 2_000), 1_000).unwrap();
        assert_eq!((withdrawal.a.sent_atoms, withdrawal.b.sent_atoms), (3, 3));
    }

    #[test]
    fn everybody_leaving_leaves_at_least_an_atom_of_each() {
        for (a, b, supply) in [(1, 1, 1), (1, u64::MAX, u64::MAX - 1_000), (30, 7, 5_000_000_000)] {
            if let Ok(last) = withdraw(&terms(a, b, supply), supply) {
                assert!(last.reserve_a_after_atoms >= 1 && last.reserve_b_after_atoms >= 1);
            }
        }
    }

    #[test]
    fn more_shares_than_exist_cannot_leave() {
        assert_eq!(withdraw(&terms(100, 100, 5), 6), Err(MathError::Overflow));
    }

    /// √(x·y)/S never falls: x'·y'·S² ≥ x·y·S'².
    fn share_value_kept(before: &ShareTerms, after: &ShareSummary) -> bool {
        let big = |n: u64| BigUint::from(n);
        let s0 = big(before.lp_supply_atoms) + 1_000u32;
        let s1 = big(after.lp_supply_after_atoms) + 1_000u32;
        big(after.reserve_a_after_atoms) * big(after.reserve_b_after_atoms) * &s0 * &s0
            >= big(before.reserve_a_atoms) * big(before.reserve_b_atoms) * &s1 * &s1
    }

    proptest! {
        #[test]
        fn the_value_of_a_share_never_falls(a in 1u64.., b in 1u64.., supply in 1u64..u64::MAX - 1_000, part in 1u64..) {
            let before = terms(a, b, supply);
            if let Ok(done) = deposit(&before, part) {
                prop_assert!(share_value_kept(&before, &done));
            }
            if let Ok(done) = withdraw(&before, 1 + part % supply) {
                prop_assert!(share_value_kept(&before, &done));
                prop_assert!(done.reserve_a_after_atoms >= 1 && done.reserve_b_after_atoms >= 1);
            }
        }

        #[test]
        fn depositing_then_withdrawing_never_gains(
            a in 1u64..1 << 60, b in 1u64..1 << 60, supply in 1u64..1 << 60, shares in 1u64..1 << 60,
        ) {
            let Ok(paid) = deposit(&terms(a, b, supply), shares) else { return Ok(()) };
            let after = terms(paid.reserve_a_after_atoms, paid.reserve_b_after_atoms, paid.lp_supply_after_atoms);
            let Ok(got) = withdraw(&after, shares) else { return Ok(()) };
            prop_assert!(got.a.received_atoms <= paid.a.sent_atoms && got.b.received_atoms <= paid.b.sent_atoms);
        }

        #[test]
        fn splitting_a_deposit_is_never_cheaper(a in 1u64..1 << 50, b in 1u64..1 << 50, supply in 1u64..1 << 50, s in 2u64..1 << 50) {
            let whole = deposit(&terms(a, b, supply), s);
            let half = deposit(&terms(a, b, supply), s / 2);
            if let (Ok(whole), Ok(half)) = (whole, half) {
                let then = terms(half.reserve_a_after_atoms, half.reserve_b_after_atoms, half.lp_supply_after_atoms);
                let Ok(rest) = deposit(&then, s - s / 2) else { return Ok(()) };
                prop_assert!(half.a.sent_atoms + rest.a.sent_atoms >= whole.a.sent_atoms);
            }
        }
    }
}
