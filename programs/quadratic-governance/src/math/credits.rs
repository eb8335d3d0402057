//! Voice credits: a budget of B credits an epoch, v votes on a proposal cost v² of it.

use super::MathError;

/// B = b₀ + min(b_max, ⌊stake / atoms per credit⌋).
pub fn budget_floor(
    base_credits: u32,
    max_bonus_credits: u32,
    atoms_per_credit: u64,
    stake_atoms: u64,
) -> Result<u32, MathError> {
    let bonus = stake_atoms.checked_div(atoms_per_credit).ok_or(MathError::Overflow)?;
    let bonus = u32::try_from(bonus).unwrap_or(u32::MAX).min(max_bonus_credits);
    base_credits.checked_add(bonus).ok_or(MathError::Overflow)
}

/// The cost of v votes: v² credits.
pub fn cost(votes: u32) -> Result<u32, MathError> {
    votes.checked_mul(votes).ok_or(MathError::BudgetExceeded)
}

/// What is spent after an entry's votes went from `old_votes` to `new_votes`: spent − old² + new², at most the budget.
pub fn respend(budget: u32, spent: u32, old_votes: u32, new_votes: u32) -> Result<u32, MathError> {
    let without = spent.checked_sub(cost(old_votes)?).ok_or(MathError::Overflow)?;
    let spent = without.checked_add(cost(new_votes)?).ok_or(MathError::BudgetExceeded)?;
    if spent > budget {
        return Err(MathError::BudgetExceeded);
    }
    Ok(spent)
}

/// Persons that may register in one epoch: max(10, ⌊5 % of N⌋).
pub fn growth_cap_floor(persons_at_start: u32, floor: u32, growth_ppm: u64) -> Result<u32, MathError> {
    let part = u64::from(persons_at_start)
        .checked_mul(growth_ppm)
        .ok_or(MathError::Overflow)?;
    let part = part.checked_div(crate::constants::PPM).ok_or(MathError::Overflow)?;
    Ok(u32::try_from(part).map_err(|_| MathError::Overflow)?.max(floor))
}

/// The bond of the next proposal: it doubles with every full step of proposals in the epoch.
pub fn bond(first_lamports: u64, proposals_in_epoch: u32, step: u32, max_doublings: u32) -> Result<u64, MathError> {
    let doublings = proposals_in_epoch
        .checked_div(step)
        .ok_or(MathError::Overflow)?
        .min(max_doublings);
    let factor = 1u64.checked_shl(doublings).ok_or(MathError::Overflow)?;
    first_lamports.checked_mul(factor).ok_or(MathError::Overflow)
}

/// What a lane may let go in an epoch: ⌊balance · cap⌋.
pub fn outflow_cap_floor(start_lamports: u64, cap_ppm: u64) -> Result<u64, MathError> {
    commonweal_interface::math::mul_div_floor(start_lamports, cap_ppm, crate::constants::PPM).ok_or(MathError::Overflow)
}

/// What a lane may let go in an epoch for its voters: ⌊cost of an identity · persons⌋, so that buying a majority costs more than
/// it can take. Saturates: the lane's balance bounds it too.
pub fn identity_cap_floor(identity_cost: u64, persons_q16: u64) -> u64 {
    let (low, high) = commonweal_interface::math::mul_wide(identity_cost, persons_q16);
    if high >> crate::constants::Q16_BITS != 0 {
        return u64::MAX;
    }
    (high << (64 - crate::constants::Q16_BITS)) | (low >> crate::constants::Q16_BITS)
}

/// How many persons with the largest budget could have cast these votes, Q16: ⌊votes / √budget⌋. The root is rounded up, so
/// that the persons are never more than they are.
pub fn voting_persons_q16_floor(votes_q16: u64, largest_budget: u32) -> Result<u64, MathError> {
    let root = root_q16_ceil(largest_budget);
    commonweal_interface::math::mul_div_floor(votes_q16, 1 << crate::constants::Q16_BITS, root)
        .ok_or(MathError::Overflow)
}

/// ⌈√b⌉ in Q16.
fn root_q16_ceil(budget: u32) -> u64 {
    let square = u64::from(budget) << 32;
    let root = square.isqrt();
    if root.checked_mul(root) == Some(square) {
        root
    } else {
        root.saturating_add(1)
    }
}

/// The dividend of one person: ⌊balance / persons⌋, below a twentieth of what faking one costs.
pub fn dividend_share_floor(balance: u64, persons: u32, identity_cost: u64, divisor: u64) -> Result<u64, MathError> {
    let equal = balance.checked_div(u64::from(persons)).ok_or(MathError::Overflow)?;
    let most = identity_cost
        .saturating_sub(1)
        .checked_div(divisor)
        .ok_or(MathError::Overflow)?;
    Ok(equal.min(most))
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    #[test]
    fn the_bonus_is_floored_and_capped() {
        assert_eq!(budget_floor(100, 50, 10, 0), Ok(100));
        assert_eq!(budget_floor(100, 50, 10, 99), Ok(109));
        assert_eq!(budget_floor(100, 50, 10, u64::MAX), Ok(150));
        assert_eq!(budget_floor(100, 50, 0, 1), Err(MathError::Overflow));
    }

    #[test]
    fn ten_votes_cost_a_hundred_credits() {
        assert_eq!(respend(100, 0, 0, 10), Ok(100));
        assert_eq!(respend(100, 0, 0, 11), Err(MathError::BudgetExceeded));
        assert_eq!(respend(100, 100, 10, 0), Ok(0));
    }

    #[test]
    fn the_bond_doubles_every_sixteen_proposals() {
        assert_eq!(bond(5, 0, 16, 20), Ok(5));
        assert_eq!(bond(5, 15, 16, 20), Ok(5));
        assert_eq!(bond(5, 16, 16, 20), Ok(10));
        assert_eq!(bond(5, 48, 16, 20), Ok(40));
        assert_eq!(bond(1, u32::MAX, 16, 20), Ok(1 << 20));
    }

    #[test]
    fn growth_is_ten_or_five_percent() {
        assert_eq!(growth_cap_floor(0, 10, 50_000), Ok(10));
        assert_eq!(growth_cap_floor(219, 10, 50_000), Ok(10));
        assert_eq!(growth_cap_floor(1_000, 10, 50_000), Ok(50));
    }

    #[test]
    fn a_twentieth_may_leave() {
        assert_eq!(outflow_cap_floor(1_000, 50_000), Ok(50));
        assert_eq!(outflow_cap_floor(19, 50_000), Ok(0));
        assert_eq!(outflow_cap_floor(u64::MAX, 50_000), Ok(922_337_203_685_477_580));
    }

    #[test]
    fn an_outflow_is_bounded_by_what_its_voters_would_cost_to_fake() {
        assert_eq!(identity_cap_floor(1_000, 3 << 16), 3_000);
        assert_eq!(identity_cap_floor(1_000, (3 << 16) / 2), 1_500);
        assert_eq!(identity_cap_floor(1_000, 0), 0);
        assert_eq!(identity_cap_floor(u64::MAX, u64::MAX), u64::MAX);
        assert_eq!(identity_cap_floor(u64::MAX, 1 << 16), u64::MAX);
        assert_eq!(identity_cap_floor(1 << 63, 1 << 15), 1 << 62);
    }

    #[test]
    fn voters_are_counted_by_the_largest_budget() {
        // thirty votes of persons who can have twenty each are one and a half
        assert_eq!(voting_persons_q16_floor(30 << 16, 400), Ok(3 << 15));
        assert_eq!(voting_persons_q16_floor(0, 400), Ok(0));
        // √2 rounded up: never more than a person for her own votes
        assert!(voting_persons_q16_floor((2u64 << 32).isqrt(), 2).unwrap() <= 1 << 16);
    }

    #[test]
    fn a_dividend_stays_below_a_twentieth_of_an_identity() {
        assert_eq!(dividend_share_floor(1_000, 3, 1_000_000, 20), Ok(333));
        assert_eq!(dividend_share_floor(1_000_000, 3, 1_000, 20), Ok(49));
        assert_eq!(dividend_share_floor(1_000_000, 3, 0, 20), Ok(0));
        assert_eq!(dividend_share_floor(1, 0, 5, 20), Err(MathError::Overflow));
    }

    proptest! {
        #[test]
        fn spending_is_the_sum_of_squares_in_any_order(changes in proptest::collection::vec((0usize..4, 0u32..60), 1..40)) {
            let mut entries = [0u32; 4];
            let mut spent = 0u32;
            for (slot, votes) in changes {
                let others: u64 = entries.iter().enumerate().filter(|(i, _)| *i != slot).map(|(_, v)| u64::from(*v).pow(2)).sum();
                match respend(3_000, spent, entries[slot], votes) {
                    Ok(next) => {
                        prop_assert!(others + u64::from(votes).pow(2) <= 3_000);
                        spent = next;
                        entries[slot] = votes;
                    }
                    Err(_) => prop_assert!(others + u64::from(votes).pow(2) > 3_000),
                }
                prop_assert_eq!(u64::from(spent), entries.iter().map(|v| u64::from(*v).pow(2)).sum::<u64>());
            }
        }
    }
}
