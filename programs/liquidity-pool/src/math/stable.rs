//! The stable curve of two assets: Ann·(a+b) + D = Ann·D + D³/(4ab), Ann = 2A (M. Egorov, "StableSwap – efficient mechanism
//! for Stablecoin liquidity", 2019, equation of the invariant for n = 2).
//!
//! Balances are scaled to the larger of the two decimals. Both unknowns are defined as integers of one polynomial with
//! integer coefficients, so that results depend on nothing but the balances, never on where a search began:
//!
//! * **D** is the greatest integer with F(D) = D³ − 4ab·(Ann·(a+b−D) + D) ≤ 0. F rises and is convex for D > 0.
//! * **y**, the balance that goes with another balance x at invariant E, is the least integer with
//!   G(y) = 4x·y·(Ann·(x+y−E) + E) − E³ ≥ 0. G is convex and has one positive root.
//!
//! A trade keeps E = D + 1, which is above the true, fractional invariant before it: so that one never falls (P2). Solving
//! with D itself lowers it in a third of the swaps without fee.
//!
//! Newton's method finds both. Each step evaluates its polynomial exactly and divides only the highest bits; a result is
//! returned when the exact values on both sides of it have the right signs, and not otherwise ([`MathError::NotConverged`]).

use super::{
    wide::{bit_length_u128, bit_length_u64, times_short, widening, U256},
    MathError, MathResult,
};

/// Scaled balances stay below 2⁷⁷, their sum S below 2⁷⁸: with Ann < 2²¹ every term (at most Ann·S³) fits 256 bits.
pub const SCALED_LIMIT: u128 = 1 << 77;
/// Scaled reserves a pool may be created with, together: its first shares, D − 1000, fit 64 bits with room to grow.
pub const FIRST_SUM_LIMIT: u128 = 1 << 63;
/// Most decimals two mints may be apart.
pub const DECIMALS_APART: u8 = 12;
/// Highest amplification A.
pub const MAX_AMPLIFICATION: u32 = 1_000_000;
/// Steps of a search before it is given up. From the bounds where cold searches start the method needs at most 12 (of a
/// million pools, imbalances up to 2⁷⁶ : 1); twice that is an error, so that no balance can make a trade cost without end.
pub const MAX_STEPS: u32 = 24;

/// What a trade on the stable curve depends on besides the reserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StableTerms {
    /// Amplification A at the time of the trade.
    pub amplification: u32,
    /// Factor that scales the token that comes in (or token A where nothing is traded).
    pub scale_in: u64,
    /// Factor that scales the token that goes out (or token B where nothing is traded).
    pub scale_out: u64,
    /// The invariant as last solved; 0 for none.
    pub invariant: u128,
    /// Amplification it was solved at for the present reserves; 0 where it is only where the search begins.
    pub solved_amplification: u32,
}

impl StableTerms {
    /// The same terms with the tokens' parts exchanged.
    #[inline(always)]
    pub fn turned(&self) -> Self {
        Self {
            scale_in: self.scale_out,
            scale_out: self.scale_in,
            ..*self
        }
    }

    /// The invariant D of the reserves: the stored one where it is of this amplification, else solved.
    #[inline(always)]
    pub fn current_invariant(&self, reserve_in_atoms: u64, reserve_out_atoms: u64) -> MathResult<u128> {
        if self.solved_amplification == self.amplification && self.invariant != 0 {
            return Ok(self.invariant);
        }
        self.invariant_of(reserve_in_atoms, reserve_out_atoms, self.invariant)
    }

    /// The invariant D of other reserves; the search begins at `guess`, 0 for none.
    #[inline(never)]
    pub fn invariant_of(&self, reserve_in_atoms: u64, reserve_out_atoms: u64, guess: u128) -> MathResult<u128> {
        let (x, y) = (
            scaled(reserve_in_atoms, self.scale_in),
            scaled(reserve_out_atoms, self.scale_out),
        );
        invariant(x, y, self.amplification, guess)
    }

    /// The invariants after a net trade and after the fee that follows it; refuses a trade that lowers the first below
    /// `before` (P2).
    #[inline(never)]
    pub fn invariant_kept(&self, before: u128, traded: (u64, u64), fee_atoms: u64) -> MathResult<(u128, u128)> {
        let (reserve_in, reserve_out) = traded;
        let after_trade = self.invariant_of(reserve_in, reserve_out, before.wrapping_add(1))?;
        if after_trade < before {
            return Err(MathError::InvariantFell);
        }
        if fee_atoms == 0 {
            return Ok((after_trade, after_trade));
        }
        let with_fee = reserve_in.checked_add(fee_atoms).ok_or(MathError::Overflow)?;
        // near balance the invariant is the sum of the balances
        let guess = after_trade.saturating_add(scaled(fee_atoms, self.scale_in));
        Ok((after_trade, self.invariant_of(with_fee, reserve_out, guess)?))
    }

    /// What `input` (net of fees) buys: the most that keeps the invariant at `invariant` + 1.
    #[inline(never)]
    pub fn output_floor(&self, invariant: u128, input: u64, reserve_in: u64, reserve_out: u64) -> MathResult<u64> {
        let reserve_in_after = reserve_in.checked_add(input).ok_or(MathError::Overflow)?;
        let y = scaled(reserve_out, self.scale_out);
        // near balance the curve trades one for one
        let guess = y.saturating_sub(scaled(input, self.scale_in));
        let kept = other_balance(
            scaled(reserve_in_after, self.scale_in),
            invariant.wrapping_add(1),
            self.amplification,
            guess,
        )?;
        let freed = y.saturating_sub(kept);
        narrow(unscaled(freed, self.scale_out))
    }

    /// What `output` costs (net of fees): the least that keeps the invariant at `invariant` + 1.
    ///
    /// Errors: [`MathError::InsufficientLiquidity`] for the whole reserve or more.
    #[inline(never)]
    pub fn input_ceil(&self, invariant: u128, output: u64, reserve_in: u64, reserve_out: u64) -> MathResult<u64> {
        let reserve_out_after = reserve_out
            .checked_sub(output)
            .filter(|rest| *rest != 0)
            .ok_or(MathError::InsufficientLiquidity)?;
        let x = scaled(reserve_in, self.scale_in);
        let guess = x.wrapping_add(scaled(output, self.scale_out));
        let needed = other_balance(
            scaled(reserve_out_after, self.scale_out),
            invariant.wrapping_add(1),
            self.amplification,
            guess,
        )?;
        let paid = needed.saturating_sub(x);
        narrow(Some(paid.div_ceil(u128::from(self.scale_in.max(1)))))
    }
}

#[inline(never)]
fn scaled(atoms: u64, scale: u64) -> u128 {
    if scale == 1 {
        return u128::from(atoms);
    }
    widening(atoms, scale)
}

/// An amount in atoms, rounded down.
#[inline(always)]
fn unscaled(balance: u128, scale: u64) -> Option<u128> {
    if scale == 1 {
        return Some(balance);
    }
    balance.checked_div(u128::from(scale))
}

fn narrow(value: Option<u128>) -> MathResult<u64> {
    value
        .and_then(|value| u64::try_from(value).ok())
        .ok_or(MathError::Overflow)
}

/// The factors that scale tokens A and B to the larger of their decimals.
///
/// Errors: [`MathError::DecimalsTooFarApart`] beyond [`DECIMALS_APART`].
pub fn scales(decimals_a: u8, decimals_b: u8) -> MathResult<(u64, u64)> {
    if decimals_a.abs_diff(decimals_b) > DECIMALS_APART {
        return Err(MathError::DecimalsTooFarApart);
    }
    let factor = |own: u8, other: u8| 10u64.wrapping_pow(u32::from(other.saturating_sub(own)));
    Ok((factor(decimals_a, decimals_b), factor(decimals_b, decimals_a)))
}

/// A at a moment of a ramp from one value to another: linear in time, rounded down.
pub fn amplification_at(from: u32, to: u32, start_ts: i64, end_ts: i64, now_ts: i64) -> u32 {
    if from == to || now_ts >= end_ts {
        return to;
    }
    let seconds = |until: i64| until.saturating_sub(start_ts).max(0).unsigned_abs();
    let (elapsed, length) = (u128::from(seconds(now_ts)), u128::from(seconds(end_ts)));
    let moved = |rise: u32, up: u128| -> u32 {
        u128::from(rise)
            .wrapping_mul(elapsed)
            .wrapping_add(up)
            .checked_div(length)
            .and_then(|part| u32::try_from(part).ok())
            .unwrap_or(rise)
    };
    if to > from {
        from.saturating_add(moved(to.saturating_sub(from), 0))
    } else {
        // what is taken off rounds up, so that the value rounds down
        from.saturating_sub(moved(from.saturating_sub(to), length.saturating_sub(1)))
    }
}

fn ann(amplification: u32) -> MathResult<u64> {
    if amplification == 0 || amplification > MAX_AMPLIFICATION {
        return Err(MathError::Overflow);
    }
    Ok(u64::from(amplification) << 1)
}

fn validate_balance(balance: u128) -> MathResult<()> {
    if balance == 0 {
        return Err(MathError::InsufficientLiquidity);
    }
    if balance >= SCALED_LIMIT {
        return Err(MathError::Overflow);
    }
    Ok(())
}

/// The invariant D of scaled balances, rounded down; the search begins at `guess`, 0 for none.
///
/// From above Newton's method never passes the root of a convex rising function; from below its first step lands above.
///
/// Errors: [`MathError::InsufficientLiquidity`] for an empty balance, [`MathError::Overflow`] beyond [`SCALED_LIMIT`],
/// [`MathError::NotConverged`] after [`MAX_STEPS`].
#[inline(never)]
pub fn invariant(a: u128, b: u128, amplification: u32, guess: u128) -> MathResult<u128> {
    invariant_within(MAX_STEPS, a, b, amplification, guess)
}

#[inline(always)]
fn invariant_within(steps: u32, a: u128, b: u128, amplification: u32, guess: u128) -> MathResult<u128> {
    let ann = ann(amplification)?;
    validate_balance(a)?;
    validate_balance(b)?;
    let sum = a.wrapping_add(b);
    let product = U256::product(a << 2, b);
    let product_slope = product.times(u128::from(ann.wrapping_sub(1)));
    // D ≤ S, since the arithmetic mean is at least the geometric
    let mut d = if guess == 0 {
        top(sum, ann, &product)
    } else {
        guess.min(sum)
    };
    for _ in 0..steps {
        let square = U256::product(d, d);
        let rest = times_short(sum.wrapping_sub(d), ann).wrapping_add(d);
        let (distance, is_below) = square.times(d).distance(&product.times(rest));
        let slope = square.plus(&square).plus(&square).plus(&product_slope);
        let is_root = distance == U256::default();
        let step;
        if is_below || is_root {
            // F(d + 1) = F(d) + F′(d) + 3d + 1
            let next = slope.plus(&U256::from((d << 1).wrapping_add(d).wrapping_add(1)));
            if distance.is_less(&next) {
                return Ok(d);
            }
            step = distance.quotient_low(&slope).max(1);
            d = d.wrapping_add(step).min(sum);
        } else {
            step = distance.quotient_low(&slope).wrapping_add(1);
            d = d.saturating_sub(step).max(1);
        }
        // the first step of a search that began far away
        if step > d >> 3 {
            d = d.min(top(sum, ann, &product));
        }
    }
    Err(MathError::NotConverged)
}

/// Not below the invariant: D ≤ S, and D³ ≤ 4ab·Ann·S.
#[inline(never)]
fn top(sum: u128, ann: u64, product: &U256) -> u128 {
    let bits = bit_length_u64(ann)
        .wrapping_add(bit_length_u128(sum))
        .wrapping_add(product.bit_length());
    sum.min(1 << bits.div_ceil(3))
}

/// The least scaled balance that together with `balance` has an invariant of at least `invariant`.
///
/// From above Newton's method never passes the root of a convex function; from below its first step lands above, and where
/// the function falls the search begins again at a bound above the root.
///
/// Errors: as for [`invariant`]; [`MathError::Overflow`] also where the result would be beyond [`SCALED_LIMIT`].
#[inline(never)]
pub fn other_balance(balance: u128, invariant: u128, amplification: u32, guess: u128) -> MathResult<u128> {
    other_balance_within(MAX_STEPS, balance, invariant, amplification, guess)
}

#[inline(always)]
fn other_balance_within(
    steps: u32,
    balance: u128,
    invariant: u128,
    amplification: u32,
    guess: u128,
) -> MathResult<u128> {
    let ann = ann(amplification)?;
    validate_balance(balance)?;
    if invariant >= SCALED_LIMIT << 1 {
        return Err(MathError::Overflow);
    }
    let quadruple = balance << 2;
    let cube = U256::product(invariant, invariant).times(invariant);
    // G(y) − G(y − 1) = G′(y) − 4x·Ann
    let curvature = U256::product(quadruple, u128::from(ann));
    let stretched = times_short(invariant, ann);
    // y ≤ max(0, E − x) + √(E³ / 4x·Ann)
    let bits = cube.bit_length().saturating_sub(curvature.bit_length()).wrapping_add(1);
    let top = invariant
        .saturating_sub(balance)
        .saturating_add(1 << bits.div_ceil(2))
        .min(SCALED_LIMIT.wrapping_sub(1));
    let mut y = guess.clamp(1, top);
    for _ in 0..steps {
        let sum = times_short(balance.wrapping_add(y), ann).wrapping_add(invariant);
        let Some(factor) = sum.checked_sub(stretched).filter(|factor| *factor != 0) else {
            // far below the root, where the slope may point the wrong way
            if y == top {
                return Err(MathError::Overflow);
            }
            y = top;
            continue;
        };
        let (distance, is_below) = U256::product(quadruple, y).times(factor).distance(&cube);
        let slope = U256::product(quadruple, times_short(y, ann).wrapping_add(factor));
        if is_below {
            if y == top {
                return Err(MathError::Overflow);
            }
            let step = distance.quotient_low(&slope).wrapping_add(1);
            y = y.saturating_add(step).min(top);
        } else {
            if distance.plus(&curvature).is_less(&slope) {
                return Ok(y);
            }
            let step = distance.quotient_low(&slope).max(1);
            y = y.saturating_sub(step).max(1);
        }
    }
    Err(MathError::NotConverged)
}

/// Marginal price of token A in atoms of token B, Q64.64: (B/A) · (Ann·a + K) / (Ann·b + K) with K = D³/(4ab), scaled
/// balances in the second factor, atoms in the first (scaling cancels there).
///
/// The result is at most the exact price and short of it by less than 2⁻⁵⁹ of it and one; never zero. Each quantity is cut to
/// its 63 highest bits, numerators downwards and denominators upwards: multiplied by 4ab the fraction is
/// (4ab·Ann·a + D³) / (4ab·Ann·b + D³), whose terms are exact.
#[inline(never)]
pub fn price_q64(terms: &StableTerms, invariant: u128, reserve_a_atoms: u64, reserve_b_atoms: u64) -> MathResult<u128> {
    let ann = ann(terms.amplification)?;
    let (a, b) = (
        scaled(reserve_a_atoms, terms.scale_in),
        scaled(reserve_b_atoms, terms.scale_out),
    );
    validate_balance(a)?;
    validate_balance(b)?;
    let cube = U256::product(invariant, invariant).times(invariant);
    let common = U256::product(a << 2, b).times(u128::from(ann));
    let (above, above_cut) = common.times(a).plus(&cube).top(63);
    let (below, below_cut) = common.times(b).plus(&cube).top(63);
    let up = |word: u64, cut: u32| word.wrapping_add(u64::from(cut != 0));
    let numerator = widening(reserve_b_atoms, above);
    let denominator = widening(reserve_a_atoms, up(below, below_cut));
    let lead = 128u32.wrapping_sub(bit_length_u128(numerator));
    let (divisor, divisor_cut) = U256::from(denominator).top(63);
    let quotient = (numerator << lead)
        .checked_div(u128::from(up(divisor, divisor_cut)))
        .ok_or(MathError::Overflow)?;
    // the cuts are taken back, and 64 bits of fraction added
    let raised = above_cut.wrapping_add(64);
    let lowered = below_cut.wrapping_add(divisor_cut).wrapping_add(lead);
    Ok(if raised <= lowered {
        quotient.checked_shr(lowered.wrapping_sub(raised)).unwrap_or(0).max(1)
    } else {
        let shift = raised.wrapping_sub(lowered);
        if bit_length_u128(quotient).wrapping_add(shift) > 128 {
            u128::MAX
        } else {
            quotient << shift
        }
    })
}

#[cfg(test)]
mod tests;
