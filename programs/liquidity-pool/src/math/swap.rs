//! Swaps, transfer fees included: the whole of what a trade changes, as one summary.

use {
    super::{
        constant_product, fee, shares, transfer_fee,
        vesting::{self, Vesting},
        Curve, Leg, MathError, MathResult,
    },
    commonweal_interface::policy::TransferFee,
};

/// What a swap's result depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwapTerms {
    /// The curve.
    pub curve: Curve,
    /// Stored reserve of the token that comes in.
    pub reserve_in_atoms: u64,
    /// Stored reserve of the token that goes out.
    pub reserve_out_atoms: u64,
    /// Swap fee, in ppm of what arrives.
    pub rates: fee::FeeRates,
    /// The protocol's part of the fee but for the launch fee, in ppm.
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
    /// Part of the input that is owed to the treasury, apart from the reserves; the launch fee is part of it.
    pub protocol_fee_atoms: u64,
    /// What the launch fee brought, all of it the protocol's.
    pub launch_fee_atoms: u64,
    /// Reserve of the input token afterwards.
    pub reserve_in_after_atoms: u64,
    /// Reserve of the output token afterwards.
    pub reserve_out_after_atoms: u64,
    /// The stable curve's invariant after the net trade, before the providers' fee; 0 on the constant product.
    pub invariant_traded: u128,
    /// The stable curve's invariant of the reserves afterwards; 0 on the constant product.
    pub invariant_after: u128,
}

impl SwapSummary {
    /// Adds the virtual shares of the providers' fee to a vesting that has decayed to the present slot: ⌊S_eff·f / (2x + f)⌋ on
    /// the constant product, x the reserve after the net trade; ⌊S_eff·(D′ − D) / D⌋ on the stable curve.
    ///
    /// Errors: [`MathError::Overflow`] where S_eff does not fit 64 bits.
    #[inline(always)]
    pub fn vest(&self, vesting: &mut Vesting, vesting_slots: u32, lp_supply_atoms: u64) -> MathResult<()> {
        if vesting_slots == 0 || self.lp_fee_atoms == 0 {
            return Ok(());
        }
        let effective = shares::effective_shares(lp_supply_atoms, vesting.shares)?;
        let added = if self.invariant_after == 0 {
            // the fee is part of the reserve
            let traded = self.reserve_in_after_atoms.wrapping_sub(self.lp_fee_atoms);
            vesting::shares_of_fee(effective, self.lp_fee_atoms, traded)
        } else {
            vesting::shares_of_growth(effective, self.invariant_traded, self.invariant_after)
        };
        vesting.add_to(added, vesting_slots, effective)
    }
}

/// Sells exactly `sent_atoms`.
///
/// Errors: [`MathError::ZeroAmount`] for nothing sent, [`MathError::NothingOut`] where rounding leaves the trader nothing,
/// [`MathError::Overflow`] where a reserve would leave its range, and those of the stable curve's solution.
pub fn exact_in(terms: &SwapTerms, sent_atoms: u64) -> MathResult<SwapSummary> {
    shared(terms, Exact::Input, sent_atoms)
}

/// Which amount of a swap the trader fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exact {
    /// What leaves the trader.
    Input,
    /// What reaches the trader.
    Output,
}

/// [`swap`], one body for all who do not need it inlined.
#[inline(never)]
pub fn shared(terms: &SwapTerms, exact: Exact, amount_atoms: u64) -> MathResult<SwapSummary> {
    swap(terms, exact, amount_atoms)
}

/// A swap of exactly `amount_atoms`: [`exact_in`] or [`exact_out`].
#[inline(always)]
pub fn swap(terms: &SwapTerms, exact: Exact, amount_atoms: u64) -> MathResult<SwapSummary> {
    if amount_atoms == 0 {
        return Err(MathError::ZeroAmount);
    }
    let (input, output, split, invariant) = match exact {
        Exact::Input => sell(terms, amount_atoms)?,
        Exact::Output => {
            // a copy, so that the terms may stay in registers where this is not wanted
            let terms = *terms;
            buy(&terms, amount_atoms)?
        }
    };
    settle(terms, invariant, input, output, split)
}

#[inline(always)]
fn sell(terms: &SwapTerms, sent_atoms: u64) -> MathResult<(Leg, Leg, fee::FeeSplit, u128)> {
    let input = transfer_fee::leg_of_sent(&terms.transfer_fee_in, sent_atoms)?;
    let split = fee::split(input.received_atoms, &terms.rates, terms.protocol_share_ppm)?;
    let net = split.net_atoms;
    let (reserve_in, reserve_out) = (terms.reserve_in_atoms, terms.reserve_out_atoms);
    let (bought, invariant) = match &terms.curve {
        Curve::ConstantProduct => {
            let output = constant_product::output_floor(net, reserve_in, reserve_out)?;
            constant_product::remainder_kept(net, output, reserve_in.wrapping_add(net), reserve_out)?;
            (output, 0)
        }
        Curve::Stable(stable) => {
            let stable = *stable;
            let invariant = stable.current_invariant(reserve_in, reserve_out)?;
            (stable.output_floor(invariant, net, reserve_in, reserve_out)?, invariant)
        }
    };
    let output = transfer_fee::leg_of_sent(&terms.transfer_fee_out, bought)?;
    Ok((input, output, split, invariant))
}

/// Buys at least `received_atoms`, as the trader receives them.
///
/// Without a transfer fee on the output exactly that much arrives; with one, the least that delivers it is sent.
///
/// Errors: [`MathError::ZeroAmount`] for nothing wanted, [`MathError::InsufficientLiquidity`] for the whole reserve or more,
/// [`MathError::TransferFeeUnbounded`] where a transfer fee takes everything, [`MathError::Overflow`] out of range, and those
/// of the stable curve's solution.
pub fn exact_out(terms: &SwapTerms, received_atoms: u64) -> MathResult<SwapSummary> {
    shared(terms, Exact::Output, received_atoms)
}

#[inline(never)]
fn buy(terms: &SwapTerms, received_atoms: u64) -> MathResult<(Leg, Leg, fee::FeeSplit, u128)> {
    let output = transfer_fee::leg_of_received(&terms.transfer_fee_out, received_atoms)?;
    let (reserve_in, reserve_out) = (terms.reserve_in_atoms, terms.reserve_out_atoms);
    let (net, invariant) = match &terms.curve {
        Curve::ConstantProduct => (
            constant_product::input_ceil(output.sent_atoms, reserve_in, reserve_out)?,
            0,
        ),
        Curve::Stable(stable) => {
            let invariant = stable.current_invariant(reserve_in, reserve_out)?;
            let net = stable.input_ceil(invariant, output.sent_atoms, reserve_in, reserve_out)?;
            (net, invariant)
        }
    };
    let gross = fee::gross_of_net_ceil(net, terms.rates.total_ppm())?;
    let input = transfer_fee::leg_of_received(&terms.transfer_fee_in, gross)?;
    // rounding may deliver a little more than needed; the fee is taken of what arrives
    let split = fee::split(input.received_atoms, &terms.rates, terms.protocol_share_ppm)?;
    if matches!(terms.curve, Curve::ConstantProduct) {
        let traded_in = reserve_in.checked_add(split.net_atoms).ok_or(MathError::Overflow)?;
        // above zero: the input has been found for it
        let traded = (traded_in, reserve_out.wrapping_sub(output.sent_atoms));
        constant_product::product_kept((reserve_in, reserve_out), traded)?;
    }
    Ok((input, output, split, invariant))
}

/// Moves the amounts through the reserves; D, net of the fees, does not fall (P2). For x·y that has been held.
#[inline(always)]
fn settle(
    terms: &SwapTerms,
    invariant: u128,
    input: Leg,
    output: Leg,
    split: fee::FeeSplit,
) -> MathResult<SwapSummary> {
    if output.received_atoms == 0 {
        return Err(MathError::NothingOut);
    }
    let room = u64::MAX.wrapping_sub(terms.reserve_in_atoms);
    if input.received_atoms > room {
        return Err(MathError::Overflow);
    }
    // both are parts of what arrived
    let traded_in = terms.reserve_in_atoms.wrapping_add(split.net_atoms);
    let reserve_in_after_atoms = traded_in.wrapping_add(split.lp_atoms);
    let reserve_out_after_atoms = terms
        .reserve_out_atoms
        .checked_sub(output.sent_atoms)
        .ok_or(MathError::InsufficientLiquidity)?;
    let (invariant_traded, invariant_after) = match &terms.curve {
        Curve::ConstantProduct => (0, 0),
        Curve::Stable(stable) => {
            let stable = *stable;
            let reserves = (traded_in, reserve_out_after_atoms);
            stable.invariant_kept(invariant, reserves, split.lp_atoms)?
        }
    };
    Ok(SwapSummary {
        input,
        output,
        lp_fee_atoms: split.lp_atoms,
        protocol_fee_atoms: split.protocol_atoms,
        launch_fee_atoms: split.launch_atoms,
        reserve_in_after_atoms,
        reserve_out_after_atoms,
        invariant_traded,
        invariant_after,
    })
}

#[cfg(test)]
mod tests;
