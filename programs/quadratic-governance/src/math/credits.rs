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
