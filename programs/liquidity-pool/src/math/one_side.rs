//! A deposit of one token: a swap of one part of it with all its fees, then a proportional deposit of the other part and of
//! what the swap bought. Never a cheaper swap: who withdraws at once has paid the fee of one.

use {
    super::{
        shares::effective_shares,
        swap::{self, SwapSummary, SwapTerms},
        transfer_fee,
        vesting::Vesting,
        Leg, MathError, MathResult,
    },
    commonweal_interface::{
        math::{mul_div_ceil, mul_div_floor},
        policy::TransferFee,
    },
};

/// What a deposit of one token depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneSideTerms {
    /// The swap's terms; the transfer fee of the input's mint counts, that of the output's does not, since nothing leaves.
    pub swap: SwapTerms,
    /// Atoms of the LP mint in existence.
    pub lp_supply_atoms: u64,
    /// Vesting, decayed to the present slot and scaled for burns.
    pub vesting: Vesting,
    /// Slots in which a fee vests, of the config.
    pub vesting_slots: u32,
}

/// What a deposit of one token does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneSideSummary {
    /// The swap, without transfers: its legs say what is sold and what is bought inside the vaults.
    pub swap: SwapSummary,
    /// From the provider to the vault: what is sold and what is deposited beside it.
    pub input: Leg,
    /// LP atoms minted.
    pub lp_atoms: u64,
    /// Vesting after the swap's fee.
    pub vesting: Vesting,
    /// Reserve of the input token afterwards.
    pub reserve_in_after_atoms: u64,
    /// Reserve of the other token afterwards: what the swap bought is deposited, so it is what it was.
    pub reserve_out_after_atoms: u64,
    /// Atoms of the LP mint in existence afterwards.
    pub lp_supply_after_atoms: u64,
}

/// Sells `sold_atoms` of what arrives and deposits what they buy with as much of the input as the proportion needs.
///
/// On the stable curve the invariant has to be solved anew afterwards.
///
/// Errors: those of [`swap::exact_in`] and [`beside`].
pub fn deposit(terms: &OneSideTerms, sold_atoms: u64) -> MathResult<OneSideSummary> {
    let inside = SwapTerms {
        transfer_fee_in: TransferFee::default(),
        transfer_fee_out: TransferFee::default(),
        ..terms.swap
    };
    let swap = swap::exact_in(&inside, sold_atoms)?;
    let mut vesting = terms.vesting;
    swap.vest(&mut vesting, terms.vesting_slots, terms.lp_supply_atoms)?;
    let effective = effective_shares(terms.lp_supply_atoms, vesting.shares)?;
    let beside = beside(&swap, effective, &terms.swap.transfer_fee_in)?;
    Ok(OneSideSummary {
        swap,
        input: beside.input,
        lp_atoms: beside.lp_atoms,
        vesting,
        reserve_in_after_atoms: beside.reserve_in_after_atoms,
        reserve_out_after_atoms: terms.swap.reserve_out_atoms,
        lp_supply_after_atoms: terms
            .lp_supply_atoms
            .checked_add(beside.lp_atoms)
            .ok_or(MathError::Overflow)?,
    })
}

/// What is deposited beside what a swap has bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// From the provider to the vault: what is sold and what is deposited beside it.
    pub input: Leg,
    /// LP atoms minted.
    pub lp_atoms: u64,
    /// Reserve of the input token afterwards.
    pub reserve_in_after_atoms: u64,
}

/// The deposit that follows a swap whose output stays: s = ⌊bought·S_eff / R_out⌋ shares for it and ⌈R_in·s / S_eff⌉ atoms of
/// the input, both against the reserves and shares after the swap. The reserve of the output is then what it was before.
///
/// What the swap bought beyond ⌈R_out·s / S_eff⌉ is dust and the other providers'.
///
/// Errors: [`MathError::NothingOut`] where no share comes of it, [`MathError::TransferFeeUnbounded`] where a transfer fee takes
/// everything, [`MathError::Overflow`] where a reserve or S_eff would leave 64 bits.
#[inline(never)]
pub fn beside(swap: &SwapSummary, effective_shares: u64, transfer_fee: &TransferFee) -> MathResult<Beside> {
    let (bought, sold) = (swap.output.received_atoms, swap.input.sent_atoms);
    let lp_atoms = mul_div_floor(bought, effective_shares, swap.reserve_out_after_atoms).ok_or(MathError::Overflow)?;
    if lp_atoms == 0 {
        return Err(MathError::NothingOut);
    }
    // later withdrawals compute S_eff again: it must fit
    effective_shares.checked_add(lp_atoms).ok_or(MathError::Overflow)?;
    let beside = mul_div_ceil(swap.reserve_in_after_atoms, lp_atoms, effective_shares).ok_or(MathError::Overflow)?;
    let needed = sold.checked_add(beside).ok_or(MathError::Overflow)?;
    let input = transfer_fee::leg_of_received(transfer_fee, needed)?;
    // a transfer fee may deliver an atom more than needed; it is deposited with the rest
    let deposited = input.received_atoms.checked_sub(sold).ok_or(MathError::Overflow)?;
    Ok(Beside {
        input,
        lp_atoms,
        reserve_in_after_atoms: swap
            .reserve_in_after_atoms
            .checked_add(deposited)
            .ok_or(MathError::Overflow)?,
    })
}

#[cfg(test)]
mod tests;
