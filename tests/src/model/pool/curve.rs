//! The two curves: what a trade gives, by exact inequalities over big integers.

use {
    super::{big, refusal, Pool},
    crate::model::{greatest, least, Refusal},
    liquidity_pool::{
        errors::PoolError,
        math::stable::{price_q64, StableTerms},
    },
    num_bigint::{BigInt, BigUint},
    num_traits::ToPrimitive,
};

/// Most that the scaled balances of a stable pool may sum up to at creation.
const MOST_STABLE_SUM: u128 = 1 << 63;

/// Scaled balances of a stable pool stay below this.
const SCALED_LIMIT: u128 = 1 << 77;

fn within(balance: u128) -> Option<u128> {
    (balance < SCALED_LIMIT).then_some(balance)
}

/// A stable pool's balances, both in units of the larger decimals.
#[derive(Clone, Copy, Debug)]
pub struct Scaled {
    /// Scaled balances.
    pub balances: [u128; 2],
    /// What an atom of each token is in scaled units.
    pub units: [u128; 2],
}

/// What an atom of each token counts in units of the larger decimals.
pub fn units(decimals: [u8; 2]) -> [u128; 2] {
    let most = decimals[0].max(decimals[1]);
    decimals.map(|decimals| 10u128.pow(u32::from(most - decimals)))
}

/// The invariant D: the greatest integer with D³ + 4ab·(Ann − 1)·D ≤ 4ab·Ann·(a + b), Ann = 2A.
pub fn invariant(balances: [u128; 2], amplification: u32) -> u128 {
    let [a, b] = balances;
    let ann = BigUint::from(2u32) * amplification;
    let four_ab = BigUint::from(4u32) * a * b;
    let most = &ann * (big(a) + b) * &four_ab;
    let slope = (&ann - 1u32) * &four_ab;
    // D is at most the sum of the balances, and equal to it where they are
    greatest(a + b, |d| &slope * d + big(d) * d * d <= most)
}

/// The other balance that goes with `x` at an invariant d: the least y with 4x·y·(Ann·(x + y − d) + d) ≥ d³.
fn balance(x: u128, d: u128, amplification: u32) -> Option<u128> {
    let ann = BigInt::from(2u32) * amplification;
    let (x, d) = (BigInt::from(x), BigInt::from(d));
    let cube = &d * &d * &d;
    let square = BigInt::from(4u32) * &x * &ann;
    let linear = BigInt::from(4u32) * &x * (&ann * &x + &d - &ann * &d);
    least(1, SCALED_LIMIT, |y| {
        let y = BigInt::from(y);
        &square * &y * &y + &linear * &y >= cube
    })
}

impl Pool {
    /// The balances in units of the larger decimals.
    pub fn scaled(&self) -> Scaled {
        let units = units(self.decimals);
        Scaled {
            balances: [0, 1].map(|side| u128::from(self.reserves[side]) * units[side]),
            units,
        }
    }

    /// Whether the pool's curve is the stable one.
    pub fn is_stable(&self) -> bool {
        self.curve == 1
    }

    /// Refuses balances of a stable pool that are too large for its curve.
    pub fn within_range(&self) -> Result<(), Refusal> {
        if self.is_stable() && self.scaled().balances.iter().any(|balance| *balance >= SCALED_LIMIT) {
            return Err(refusal(PoolError::Overflow));
        }
        Ok(())
    }

    /// D of the stored reserves at an amplification.
    pub fn stable_invariant(&self, amplification: u32) -> u128 {
        invariant(self.scaled().balances, amplification)
    }

    /// The marginal price of the stored reserves: atoms of B for an atom of A, Q64.64, rounded down.
    ///
    /// Stable: b·(Ann·a + K) / (a·(Ann·b + K)) of the scaled balances, K = D³/4ab. The program says of its own figure that it is
    /// at most that and short of it by less than 2⁻⁵⁹ and one: held here, and the program's figure is taken.
    pub fn price(&self, amplification: u32) -> u128 {
        if !self.is_stable() {
            return ((big(self.reserves[1].into()) << 64u32) / self.reserves[0])
                .to_u128()
                .unwrap();
        }
        let Scaled { balances, units } = self.scaled();
        let [a, b] = balances.map(big);
        let invariant = self.stable_invariant(amplification);
        let ann = BigUint::from(2u32) * amplification;
        // both terms times 4ab, so that K is whole
        let four_ab = BigUint::from(4u32) * &a * &b;
        let cube = big(invariant) * invariant * invariant;
        let above = &b * (&ann * &a * &four_ab + &cube) * units[0];
        let below = &a * (&ann * &b * &four_ab + &cube) * units[1];
        let exact = (above << 64u32) / below;
        let terms = StableTerms {
            amplification,
            scale_in: units[0] as u64,
            scale_out: units[1] as u64,
            invariant,
            solved_amplification: amplification,
        };
        let given = price_q64(&terms, invariant, self.reserves[0], self.reserves[1]).unwrap();
        let is_near = big(given) <= &exact + 1u32 && big(given) + (&exact >> 59u32) + 2u32 >= exact;
        assert!(
            is_near || given == u128::MAX,
            "price {given} of {balances:?} at {amplification}, where {exact} is right"
        );
        given
    }

    /// Whether x·y is kept when `net` comes in and `out` goes out.
    pub fn keeps_product(&self, input: usize, net: u128, out: u128) -> bool {
        let (x, y) = (u128::from(self.reserves[input]), u128::from(self.reserves[1 - input]));
        out <= y && big(x + net) * (y - out) >= big(x) * y
    }

    /// What `net` buys.
    pub fn bought(&self, input: usize, net: u128, amplification: u32) -> Result<u64, Refusal> {
        let reserve_out = u128::from(self.reserves[1 - input]);
        if !self.is_stable() {
            return Ok(greatest(reserve_out, |out| self.keeps_product(input, net, out)) as u64);
        }
        let Scaled { balances, units } = self.scaled();
        let d = self.stable_invariant(amplification);
        let x = balances[input] + net * units[input];
        // D + 1 is kept: the true invariant lies between D and that
        let y = within(x).and_then(|x| balance(x, d + 1, amplification));
        let y = y.ok_or_else(|| refusal(PoolError::Overflow))?;
        Ok((balances[1 - input].saturating_sub(y) / units[1 - input]) as u64)
    }

    /// P2's other half on a stable curve: no more than ⌈3·dy/dD⌉ + 1 atoms beyond `out` could have been paid for `net`.
    pub fn is_nearly_most(&self, input: usize, net: u128, out: u64, amplification: u32) -> bool {
        let Scaled { balances, units } = self.scaled();
        let d = self.stable_invariant(amplification);
        let x = balances[input] + net * units[input];
        let (Some(low), Some(high)) = (balance(x, d, amplification), balance(x, d + 1, amplification)) else {
            return true;
        };
        let slack = (3 * (high - low)).div_ceil(units[1 - input]) + 1;
        let gone = (u128::from(out) + slack) * units[1 - input];
        // nothing would be left, or too little
        gone >= balances[1 - input] || invariant([x, balances[1 - input] - gone], amplification) < d
    }

    /// The least net input that buys `out`, which is less than the reserve.
    pub fn cost(&self, input: usize, out: u64, amplification: u32) -> Result<u128, Refusal> {
        if !self.is_stable() {
            return Ok(least(1, u128::MAX >> 1, |net| self.keeps_product(input, net, u128::from(out))).unwrap());
        }
        let Scaled { balances, units } = self.scaled();
        let d = self.stable_invariant(amplification);
        let y = balances[1 - input] - u128::from(out) * units[1 - input];
        let x = balance(y, d + 1, amplification).ok_or_else(|| refusal(PoolError::Overflow))?;
        Ok(x.saturating_sub(balances[input]).div_ceil(units[input]))
    }

    /// What P3 holds dear, squared where it is a root: x·y, or D².
    pub fn worth_squared(&self, amplification: u32) -> BigUint {
        if self.is_stable() {
            let d = big(self.stable_invariant(amplification));
            &d * &d
        } else {
            big(self.reserves[0].into()) * self.reserves[1]
        }
    }
}

/// Shares of a first deposit before those of nobody are taken off: ⌊√xy⌋, or D in scaled units.
pub fn first_worth(curve: u8, decimals: [u8; 2], amplification: u32, received: [u64; 2]) -> Result<u128, Refusal> {
    if curve == 0 {
        let product = u128::from(received[0]) * u128::from(received[1]);
        // ⌊√p⌋ is the greatest number whose square is at most p
        return Ok(greatest(u64::MAX.into(), |root| big(root) * root <= big(product)));
    }
    if decimals[0].abs_diff(decimals[1]) > 12 {
        return Err(refusal(PoolError::DecimalsTooFarApart));
    }
    let units = units(decimals);
    let balances = [0, 1].map(|side| u128::from(received[side]) * units[side]);
    if balances[0] + balances[1] > MOST_STABLE_SUM {
        return Err(refusal(PoolError::StableReservesTooLarge));
    }
    if received.contains(&0) {
        return Err(refusal(PoolError::FirstDepositTooSmall));
    }
    Ok(invariant(balances, amplification))
}
