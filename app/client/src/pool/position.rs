//! What became of a position: worth now, worth if its tokens had been kept, impermanent loss, fees. Pure, in wide integers.
//!
//! Of each deposit its two amounts and its *liquidity* are noted: √(a·b), or D(a, b) for a stable curve. Both measures scale
//! with the amounts, so that without fees a share's liquidity would never change, whatever the price does. Hence, with the
//! liquidity u₀ of the entry and u₁ of what the same shares would be paid now:
//!
//! * *worth* = what the shares would be paid, at today's price;
//! * *kept* = the entry's amounts at today's price;
//! * *fees* = worth · (u₁ − u₀)/u₁, what the growth of liquidity is worth;
//! * *impermanent loss* = kept − (worth − fees), what the price's move took; so worth = kept − loss + fees, exactly.
//!
//! Shares that leave take their part of the entry with them (average cost), rounded so that never too little stays.

// wide integers neither overflow nor wrap, and every divisor is compared with zero first
#![allow(clippy::arithmetic_side_effects)]

use num_bigint::{BigInt, BigUint};

/// Fractional bits of a price.
const PRICE_BITS: u32 = 64;

/// Two amounts, of token A and token B.
pub type Pair = [u64; 2];

/// The liquidity of two amounts under a constant product: ⌊√(a·b)·2⁶⁴⌋.
pub fn constant_product_liquidity([a, b]: Pair) -> BigUint {
    let product = BigUint::from(a) * BigUint::from(b);
    (product << (2 * PRICE_BITS)).sqrt()
}

/// One change of a wallet's shares by the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Shares were minted for these amounts.
    Deposit {
        /// Shares.
        shares: u64,
        /// What left the wallet.
        atoms: Pair,
    },
    /// Shares were burned for these amounts.
    Withdrawal {
        /// Shares.
        shares: u64,
        /// What the wallet got.
        atoms: Pair,
    },
}

/// What the shares that are still held were had for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Shares whose origin is known.
    pub shares: u64,
    /// Their part of the deposits.
    pub atoms: Pair,
    /// Their liquidity, as the measure gave it.
    pub liquidity: BigUint,
    /// All that was ever deposited.
    pub deposited: [u128; 2],
    /// All that was ever withdrawn.
    pub withdrawn: [u128; 2],
    /// Number of flows.
    pub flows: usize,
}

fn plus(totals: &mut [u128; 2], atoms: Pair) {
    for (total, atoms) in totals.iter_mut().zip(atoms) {
        *total = total.saturating_add(u128::from(atoms));
    }
}

impl Entry {
    /// Follows a wallet's flows, oldest first.
    pub fn of(flows: &[Flow], measure: impl Fn(Pair) -> BigUint) -> Self {
        let mut entry = Self::default();
        for flow in flows {
            entry.flows = entry.flows.saturating_add(1);
            match flow {
                Flow::Deposit { shares, atoms } => {
                    entry.shares = entry.shares.saturating_add(*shares);
                    for (kept, atoms) in entry.atoms.iter_mut().zip(atoms) {
                        *kept = kept.saturating_add(*atoms);
                    }
                    entry.liquidity += measure(*atoms);
                    plus(&mut entry.deposited, *atoms);
                }
                Flow::Withdrawal { shares, atoms } => {
                    entry.keep(entry.shares.saturating_sub(*shares));
                    plus(&mut entry.withdrawn, *atoms);
                }
            }
        }
        entry
    }

    /// Leaves the part of `shares` of those whose origin is known; the rest was burned or sent away.
    pub fn keep(&mut self, shares: u64) {
        if shares >= self.shares {
            return;
        }
        // shares < self.shares, so the divisor is not zero and the quotients are no larger than before
        let part = |whole: BigUint| (whole * shares + (self.shares - 1)) / self.shares;
        self.atoms = self
            .atoms
            .map(|atoms| u64::try_from(part(BigUint::from(atoms))).unwrap_or(atoms));
        self.liquidity = part(std::mem::take(&mut self.liquidity));
        self.shares = shares;
    }
}

/// ⌊a·price⌋ + b: two amounts in atoms of token B.
pub fn value([a, b]: Pair, price_q64: u128) -> BigUint {
    ((BigUint::from(a) * BigUint::from(price_q64)) >> PRICE_BITS) + BigUint::from(b)
}

/// How a position did, in atoms of token B but for the amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Performance {
    /// Worth now.
    pub worth: BigInt,
    /// Worth if the entry's tokens had been kept.
    pub kept: BigInt,
    /// What the price's move took; negative only by rounding.
    pub impermanent_loss: BigInt,
    /// What fees and donations added.
    pub fees: BigInt,
    /// The same as amounts of both tokens.
    pub fee_atoms: [BigInt; 2],
}

/// Compares an entry with the amounts that its shares would be paid now.
pub fn performance(entry: &Entry, paid: Pair, price_q64: u128, measure: impl Fn(Pair) -> BigUint) -> Performance {
    let liquidity = BigInt::from(measure(paid));
    let grown = &liquidity - BigInt::from(entry.liquidity.clone());
    let earned = |whole: &BigInt| {
        if liquidity == BigInt::ZERO {
            BigInt::ZERO
        } else {
            // BigInt divides towards zero: gains and losses are both told a little too small
            whole * &grown / &liquidity
        }
    };
    let worth = BigInt::from(value(paid, price_q64));
    let kept = BigInt::from(value(entry.atoms, price_q64));
    let fees = earned(&worth);
    Performance {
        impermanent_loss: &kept - (&worth - &fees),
        fee_atoms: paid.map(|atoms| earned(&BigInt::from(atoms))),
        worth,
        kept,
        fees,
    }
}

/// Of what all shares would be paid, the part of those whose origin is known, rounded down.
pub fn known_part(paid: Pair, known: u64, all: u64) -> Pair {
    if known >= all {
        return paid;
    }
    paid.map(|atoms| commonweal_interface::math::mul_div_floor(atoms, known, all).unwrap_or(0))
}

/// A part of a whole in parts per million, towards zero; none of nothing.
pub fn ppm(part: &BigInt, whole: &BigInt) -> Option<i128> {
    if *whole == BigInt::ZERO {
        return None;
    }
    i128::try_from(part * 1_000_000 / whole).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: u128 = 1 << 64;

    fn deposit(shares: u64, atoms: Pair) -> Flow {
        Flow::Deposit { shares, atoms }
    }

    fn withdrawal(shares: u64, atoms: Pair) -> Flow {
        Flow::Withdrawal { shares, atoms }
    }

    fn entry(flows: &[Flow]) -> Entry {
        Entry::of(flows, constant_product_liquidity)
    }

    fn compared(entry: &Entry, paid: Pair, price_q64: u128) -> Performance {
        performance(entry, paid, price_q64, constant_product_liquidity)
    }

    #[test]
    fn a_price_four_times_as_high_costs_a_fifth_of_what_was_kept() {
        // 100 A and 100 B at 1; at a price of 4 the same liquidity is 50 A and 200 B
        let entry = entry(&[deposit(100, [100, 100])]);
        let found = compared(&entry, [50, 200], 4 * ONE);
        assert_eq!(found.kept, BigInt::from(500));
        assert_eq!(found.worth, BigInt::from(400));
        assert_eq!(found.fees, BigInt::ZERO);
        assert_eq!(found.impermanent_loss, BigInt::from(100));
        assert_eq!(ppm(&found.impermanent_loss, &found.kept), Some(200_000));
    }

    #[test]
    fn fees_are_the_growth_of_liquidity_whatever_the_price_does() {
        let entry = entry(&[deposit(100, [1_000_000, 1_000_000])]);
        // a tenth more of both, at the same price and at four times the price
        for (paid, price) in [([1_100_000, 1_100_000], ONE), ([550_000, 2_200_000], 4 * ONE)] {
            let found = compared(&entry, paid, price);
            // a part of eleven, towards zero
            assert_eq!(found.fees, &found.worth / 11);
            assert_eq!(found.worth, &found.kept - &found.impermanent_loss + &found.fees);
        }
        let flat = compared(&entry, [1_100_000, 1_100_000], ONE);
        assert_eq!(flat.impermanent_loss, BigInt::ZERO);
        assert_eq!(flat.fee_atoms, [BigInt::from(100_000), BigInt::from(100_000)]);
    }

    #[test]
    fn what_is_withdrawn_takes_its_part_of_the_entry_with_it() {
        let mut kept = entry(&[
            deposit(300, [3_000, 6_000]),
            withdrawal(100, [1_001, 2_002]),
            deposit(100, [2_000, 500]),
        ]);
        assert_eq!(kept.shares, 300);
        assert_eq!(kept.atoms, [4_000, 4_500]);
        assert_eq!(kept.deposited, [5_000, 6_500]);
        assert_eq!(kept.withdrawn, [1_001, 2_002]);
        assert_eq!(kept.flows, 3);
        // the rest was sent away; what stays is rounded up
        kept.keep(100);
        assert_eq!(kept.atoms, [1_334, 1_500]);
        kept.keep(100);
        kept.keep(200);
        assert_eq!((kept.shares, kept.atoms), (100, [1_334, 1_500]));
        kept.keep(0);
        assert_eq!((kept.atoms, kept.liquidity), ([0, 0], BigUint::ZERO));
    }

    #[test]
    fn more_shares_than_were_deposited_end_the_entry_and_no_more() {
        let gone = entry(&[deposit(10, [5, 5]), withdrawal(25, [12, 12]), deposit(4, [2, 2])]);
        assert_eq!((gone.shares, gone.atoms), (4, [2, 2]));
    }

    #[test]
    fn the_largest_amounts_neither_overflow_nor_lose_an_atom() {
        let most = u64::MAX;
        let entry = entry(&[deposit(most, [most, most])]);
        assert_eq!(entry.liquidity, BigUint::from(most) << 64u32);
        let found = compared(&entry, [most, most], u128::MAX);
        assert_eq!(found.impermanent_loss, BigInt::ZERO);
        assert_eq!(found.worth, found.kept);
    }

    #[test]
    fn nothing_is_compared_with_nothing() {
        let found = compared(&Entry::default(), [0, 0], ONE);
        assert_eq!(found.worth, BigInt::ZERO);
        assert_eq!(found.fees, BigInt::ZERO);
        assert_eq!(ppm(&found.fees, &found.kept), None);
    }

    #[test]
    fn the_known_part_is_rounded_down() {
        assert_eq!(known_part([10, 11], 1, 3), [3, 3]);
        assert_eq!(known_part([10, 11], 3, 3), [10, 11]);
        assert_eq!(known_part([10, 11], 0, 3), [0, 0]);
    }
}
