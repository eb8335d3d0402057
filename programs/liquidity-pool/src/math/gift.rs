//! What enters the reserves without a trade: donations that are skimmed, and fees of flash loans. It vests like fees.

use super::{
    fee, shares,
    vesting::{self, Vesting},
    Curve, MathError, MathResult,
};

/// What taking in a gift depends on; the first of each pair is token A's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GiftTerms {
    /// The curve, with A as the token that comes in.
    pub curve: Curve,
    /// Stored reserves.
    pub reserves_atoms: [u64; 2],
    /// LP supply as stored.
    pub lp_supply_atoms: u64,
    /// Vesting, decayed to the present slot.
    pub vesting: Vesting,
    /// Slots in which a fee vests, of the config.
    pub vesting_slots: u32,
}

/// What a gift changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GiftSummary {
    /// Reserves afterwards.
    pub reserves_after_atoms: [u64; 2],
    /// Vesting afterwards.
    pub vesting: Vesting,
    /// The stable curve's invariant afterwards; 0 on the constant product.
    pub invariant_after: u128,
}

/// Takes `gifts_atoms` of tokens A and B into the reserves; on the constant product one after the other.
///
/// Errors: [`MathError::Overflow`] where a reserve would leave its range, and those of the stable curve's solution.
pub fn take_in(terms: &GiftTerms, gifts_atoms: [u64; 2]) -> MathResult<GiftSummary> {
    let ([reserve_a, reserve_b], [gift_a, gift_b]) = (terms.reserves_atoms, gifts_atoms);
    let sum = |reserve: u64, gift: u64| reserve.checked_add(gift).ok_or(MathError::Overflow);
    let reserves_after_atoms = [sum(reserve_a, gift_a)?, sum(reserve_b, gift_b)?];
    let mut vesting = terms.vesting;
    let invariant_after = match &terms.curve {
        Curve::ConstantProduct => {
            for (gift, reserve) in gifts_atoms.into_iter().zip(terms.reserves_atoms) {
                let effective = shares::effective_shares(terms.lp_supply_atoms, vesting.shares)?;
                vest(terms, &mut vesting, vesting::shares_of_fee(effective, gift, reserve))?;
            }
            0
        }
        Curve::Stable(stable) => {
            let before = stable.current_invariant(reserve_a, reserve_b)?;
            let [after_a, after_b] = reserves_after_atoms;
            let after = stable.invariant_of(after_a, after_b, before)?;
            // the true invariant before is below the next integer
            let effective = shares::effective_shares(terms.lp_supply_atoms, vesting.shares)?;
            let added = vesting::shares_of_growth(effective, before.saturating_add(1), after);
            vest(terms, &mut vesting, added)?;
            after
        }
    };
    Ok(GiftSummary {
        reserves_after_atoms,
        vesting,
        invariant_after,
    })
}

#[inline(never)]
fn vest(terms: &GiftTerms, vesting: &mut Vesting, added: u64) -> MathResult<()> {
    vesting.add(added, terms.vesting_slots, terms.lp_supply_atoms)
}

/// The fee of a flash loan: ⌈principal·ppm / 10⁶⌉.
///
/// Errors: [`MathError::Overflow`] for a rate above one.
pub fn flash_fee_ceil(principal_atoms: u64, flash_fee_ppm: u32) -> MathResult<u64> {
    fee::fee_ceil(principal_atoms, flash_fee_ppm)
}

#[cfg(test)]
mod tests;
