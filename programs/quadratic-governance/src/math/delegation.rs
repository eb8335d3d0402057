//! Delegated votes in O(1): a pool knows of each cohort how many persons lend to it (n), the sum of the roots of their budgets (R)
//! and of the squares of those (Q). A share s of every budget gives the cohort s·R votes for s²·Q credits, whoever and however
//! many they are (Σ√Bᵢ, never √ΣBᵢ).

use {super::MathError, commonweal_interface::math::mul_wide};

/// Persons who lend their budgets, of one cohort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lent {
    /// n: persons.
    pub persons: u32,
    /// R: Σ ⌊√B⌋.
    pub roots: u64,
    /// Q: Σ ⌊√B⌋².
    pub squares: u64,
}

impl Lent {
    /// One person with this root.
    pub fn one(root: u32) -> Self {
        let root = u64::from(root);
        Self {
            persons: 1,
            roots: root,
            // a root of 32 bits has a square of 64
            squares: root.saturating_mul(root),
        }
    }

    /// Both together.
    pub fn plus(&self, other: &Self) -> Result<Self, MathError> {
        Ok(Self {
            persons: self.persons.checked_add(other.persons).ok_or(MathError::Overflow)?,
            roots: self.roots.checked_add(other.roots).ok_or(MathError::Overflow)?,
            squares: self.squares.checked_add(other.squares).ok_or(MathError::Overflow)?,
        })
    }

    /// These without the others.
    pub fn minus(&self, other: &Self) -> Result<Self, MathError> {
        Ok(Self {
            persons: self.persons.checked_sub(other.persons).ok_or(MathError::Overflow)?,
            roots: self.roots.checked_sub(other.roots).ok_or(MathError::Overflow)?,
            squares: self.squares.checked_sub(other.squares).ok_or(MathError::Overflow)?,
        })
    }

    /// What a share of their budgets gives: votes in Q16 exactly, credits rounded down.
    pub fn given(&self, share_q16: u32) -> Result<Given, MathError> {
        if share_q16 == 0 {
            return Ok(Given::default());
        }
        let share = u64::from(share_q16);
        let square = share.checked_mul(share).ok_or(MathError::Overflow)?;
        // `mul_wide` is four machine multiplications, `checked_mul` a call
        let (votes_q16, beyond) = mul_wide(self.roots, share);
        let (low, high) = mul_wide(self.squares, square);
        if beyond != 0 || high >> 32 != 0 {
            return Err(MathError::Overflow);
        }
        Ok(Given {
            voters: self.persons,
            votes_q16,
            credits: (high << 32) | (low >> 32),
        })
    }
}

/// What a cohort gives to an option.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Persons.
    pub voters: u32,
    /// Votes, Q16.
    pub votes_q16: u64,
    /// Credits.
    pub credits: u64,
}

/// Σ s² after one share changed, at most one whole (2³²).
pub fn respend(spent: u64, old_share_q16: u32, new_share_q16: u32, whole: u64) -> Result<u64, MathError> {
    let square = |share: u32| u64::from(share).checked_mul(u64::from(share));
    let spent = square(old_share_q16)
        .and_then(|old| spent.checked_sub(old))
        .and_then(|rest| square(new_share_q16).and_then(|new| rest.checked_add(new)))
        .ok_or(MathError::BudgetExceeded)?;
    if spent > whole {
        return Err(MathError::BudgetExceeded);
    }
    Ok(spent)
}

#[cfg(test)]
mod tests {
    use {super::*, num_bigint::BigUint, proptest::prelude::*};

    #[test]
    fn half_of_every_budget_is_seven_tenths_of_the_votes() {
        // two persons with ten votes each: s = 1/√2
        let lent = Lent::one(10).plus(&Lent::one(10)).unwrap();
        let given = lent.given(46_341).unwrap();
        assert_eq!((given.voters, given.votes_q16, given.credits), (2, 20 * 46_341, 100));
    }

    #[test]
    fn the_whole_budget_is_every_vote_and_every_credit() {
        let lent = Lent::one(20);
        let given = lent.given(1 << 16).unwrap();
        assert_eq!((given.votes_q16, given.credits), (20 << 16, 400));
        assert_eq!(lent.given(0), Ok(Given::default()));
    }

    #[test]
    fn shares_are_squares_of_one_whole() {
        assert_eq!(respend(0, 0, 1 << 16, 1 << 32), Ok(1 << 32));
        assert_eq!(respend(1 << 32, 0, 1, 1 << 32), Err(MathError::BudgetExceeded));
        assert_eq!(respend(1 << 32, 1 << 16, 1, 1 << 32), Ok(1));
        assert_eq!(respend(0, 0, u32::MAX, 1 << 32), Err(MathError::BudgetExceeded));
    }

    proptest! {
        #[test]
        fn what_is_given_is_the_wide_product(roots in proptest::collection::vec(1u32..3_000, 1..50), share in 0u32..=65_536) {
            let mut lent = Lent::default();
            for root in &roots {
                lent = lent.plus(&Lent::one(*root)).unwrap();
            }
            let given = lent.given(share).unwrap();
            let squares: u64 = roots.iter().map(|root| u64::from(*root).pow(2)).sum();
            let exact: BigUint = (BigUint::from(share).pow(2) * squares) >> 32u32;
            prop_assert_eq!(BigUint::from(given.credits), exact);
            prop_assert_eq!(given.votes_q16, roots.iter().map(|root| u64::from(*root) * u64::from(share)).sum::<u64>());
        }

        #[test]
        fn who_joins_and_leaves_changes_nothing(roots in proptest::collection::vec(1u32..3_000, 1..20), leaver in 1u32..3_000, share in 0u32..=65_536) {
            let mut lent = Lent::default();
            for root in &roots {
                lent = lent.plus(&Lent::one(*root)).unwrap();
            }
            let with = lent.plus(&Lent::one(leaver)).unwrap();
            prop_assert_eq!(with.minus(&Lent::one(leaver)).unwrap(), lent);
            let (more, less) = (with.given(share).unwrap(), lent.given(share).unwrap());
            prop_assert_eq!(more.votes_q16 - less.votes_q16, u64::from(leaver) * u64::from(share));
        }
    }
}
