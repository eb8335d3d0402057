//! The court's arithmetic: panels, the median, and how deposits are divided.

/// Jurors of the first panel and of the two above it: each is more than twice the one before.
pub const PANELS: [u8; 3] = [3, 7, 15];
/// Seats of the largest panel.
pub const MAX_PANEL: usize = 15;
/// How often the missing seats of a panel are drawn again.
pub const MAX_REDRAWS: u8 = 2;
/// Deposits of one dispute: one of each party, and one of each appeal.
pub const MAX_DEPOSITS: usize = 5;
/// Number of the side that challenges the result.
pub const CHALLENGER: u8 = 0;
/// Number of the side that defends it.
pub const DEFENDER: u8 = 1;
/// Stands for both sides losing.
pub const BOTH: u8 = 2;

/// The median of votes; of an even number the lower of the two in the middle, which is against the provider.
#[inline(never)]
pub fn median_floor(votes: &[u32]) -> Option<u32> {
    let middle = votes.len().checked_sub(1)? >> 1;
    votes.iter().copied().find(|vote| {
        let below = votes.iter().filter(|other| *other < vote).count();
        let equal = votes.iter().filter(|other| *other == vote).count();
        below <= middle && middle < below.saturating_add(equal)
    })
}

/// The fifth of a losing deposit that nobody gets, rounded up.
pub fn burn_ceil(lamports: u64) -> u64 {
    lamports.div_ceil(5)
}

/// Where the deposits of an ended dispute go. The parts and the costs make the deposits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    /// Lamports to the owner of each deposit.
    pub to: [u64; MAX_DEPOSITS],
    /// Lamports to nobody.
    pub burnt: u64,
}

/// Divides deposits after `costs` have been paid out of them. A fifth of what the losing side deposited is burnt; costs are
/// charged to its rest first, then to the winner's deposits in their order; what the loser has left goes to the winning party.
/// Where both lose, a fifth of each deposit is burnt and each side bears half of the costs, an odd lamport the challenger.
///
/// None where the deposits do not cover the costs, which no history reaches (see the tests).
#[inline(never)]
pub fn divide_deposits(
    deposits: &[u64; MAX_DEPOSITS],
    sides: &[u8; MAX_DEPOSITS],
    loser: u8,
    costs: u64,
) -> Option<Division> {
    let lost = |side: u8| -> Option<u64> {
        let is_lost = loser == BOTH || loser == side;
        let mut total = 0u64;
        for (deposit, of) in deposits.as_slice().iter().zip(sides) {
            if is_lost && *of == side {
                total = total.checked_add(*deposit)?;
            }
        }
        Some(total)
    };
    let (challenger, defender) = (lost(CHALLENGER)?, lost(DEFENDER)?);
    let (burnt, burnt_too) = (burn_ceil(challenger), burn_ceil(defender));
    let mut division = Division {
        to: [0; MAX_DEPOSITS],
        burnt: burnt.checked_add(burnt_too)?,
    };
    let (challenger, defender) = (challenger.checked_sub(burnt)?, defender.checked_sub(burnt_too)?);
    if loser == BOTH {
        let half = costs >> 1;
        division.to[0] = challenger.checked_sub(costs.checked_sub(half)?)?;
        division.to[1] = defender.checked_sub(half)?;
        return Some(division);
    }
    let rest = challenger.checked_add(defender)?;
    let mut due = costs.saturating_sub(rest);
    for (at, deposit) in deposits.as_slice().iter().enumerate() {
        if sides.get(at) != Some(&loser) {
            let taken = due.min(*deposit);
            due = due.checked_sub(taken)?;
            *division.to.get_mut(at)? = deposit.checked_sub(taken)?;
        }
    }
    if due > 0 {
        return None;
    }
    let winner = division.to.get_mut(usize::from(loser ^ 1))?;
    *winner = winner.checked_add(rest.saturating_sub(costs))?;
    Some(division)
}

/// What a wrong result costs a bond besides compensation and bounty: half of the rest to whoever showed it, half to nobody.
/// Returns (reward, burnt).
pub fn reward_floor(bond: u64, compensation: u64, bounty: u64) -> Option<(u64, u64)> {
    let rest = bond.checked_sub(compensation)?.checked_sub(bounty)?;
    let reward = rest >> 1;
    Some((reward, rest.checked_sub(reward)?))
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*, std::vec::Vec};

    #[test]
    fn the_middle_vote_decides_and_the_lower_of_two() {
        assert_eq!(median_floor(&[]), None);
        assert_eq!(median_floor(&[7]), Some(7));
        assert_eq!(median_floor(&[9, 1]), Some(1));
        assert_eq!(median_floor(&[0, 1_000_000, 3]), Some(3));
        assert_eq!(median_floor(&[5, 5, 1, 9]), Some(5));
        assert_eq!(median_floor(&[8, 6, 4, 2]), Some(4));
    }

    #[test]
    fn a_lost_case_is_divided_to_the_lamport() {
        // a fifth of 101, rounded up, is 21; 80 are left, 30 pay the costs, 50 go to the winner
        let division = divide_deposits(&[101, 101, 0, 0, 0], &[0, 1, 0, 0, 0], CHALLENGER, 30).unwrap();
        assert_eq!((division.to, division.burnt), ([0, 151, 0, 0, 0], 21));
        // costs of 90: ten out of the winner's deposit
        let division = divide_deposits(&[101, 101, 0, 0, 0], &[0, 1, 0, 0, 0], DEFENDER, 90).unwrap();
        assert_eq!((division.to, division.burnt), ([91, 0, 0, 0, 0], 21));
        // both lose: 31 are borne 16 and 15
        let division = divide_deposits(&[101, 101, 0, 0, 0], &[0, 1, 0, 0, 0], BOTH, 31).unwrap();
        assert_eq!((division.to, division.burnt), ([64, 65, 0, 0, 0], 42));
        // an appeal's deposit is the last of the winner's to pay
        let division = divide_deposits(&[100, 100, 200, 0, 0], &[0, 1, 0, 0, 0], DEFENDER, 190).unwrap();
        assert_eq!((division.to, division.burnt), ([0, 0, 190, 0, 0], 20));
        assert_eq!(
            divide_deposits(&[100, 100, 0, 0, 0], &[0, 1, 0, 0, 0], DEFENDER, 181),
            None
        );
    }

    #[test]
    fn a_reward_is_half_of_what_compensation_and_bounty_leave() {
        assert_eq!(
            reward_floor(50_000_000, 5_000_000, 20_000),
            Some((22_490_000, 22_490_000))
        );
        assert_eq!(reward_floor(13, 5, 3), Some((2, 3)));
        assert_eq!(reward_floor(8, 5, 3), Some((0, 0)));
        assert_eq!(reward_floor(7, 5, 3), None);
    }

    /// The most a history of that many panels can have paid: every seat revealed; bounties for the opening, and in every round for
    /// the end of the commitments, the pin, the end of the secrets, three drawings of the whole panel and six ends of votes; for the
    /// last end and the execution.
    fn most_costs(panels: usize, seat_fee: u64, bounty: u64) -> u64 {
        let seats: u64 = PANELS[..panels].iter().map(|panel| u64::from(*panel)).sum();
        let drawings = u64::from(MAX_REDRAWS) + 1;
        let bounties: u64 = PANELS[..panels]
            .iter()
            .map(|panel| 3 + drawings * u64::from(*panel) + 2 * drawings)
            .sum();
        seats * seat_fee + (1 + bounties + 2) * bounty
    }

    /// Every history of up to three appeals, by either side each, with every loser: what deposits there are covers every cost, at
    /// the bounds of the parameters.
    #[test]
    fn deposits_cover_the_costs_of_every_history() {
        for seat_fee in [1_000_000u64, 1_000_001, 5_000_000, 1_000_000_000] {
            for bounty in [10_000u64, 10_001, 20_000, 10_000_000] {
                let bond = 5 * seat_fee + 30 * bounty;
                for appeals in 0..=3usize {
                    for who in 0..(1u8 << appeals) {
                        let (mut deposits, mut sides) = ([bond, bond, 0, 0, 0], [0, 1, 0, 0, 0]);
                        for appeal in 0..appeals {
                            deposits[2 + appeal] = bond << (appeal + 1);
                            sides[2 + appeal] = (who >> appeal) & 1;
                        }
                        let most = most_costs((appeals + 1).min(3), seat_fee, bounty);
                        let total: u64 = deposits.iter().sum();
                        // what is paid while the case goes on is there
                        assert!(most <= total);
                        // the default needs that no panel has decided
                        let losers: &[u8] = if appeals == 0 { &[0, 1, 2] } else { &[0, 1] };
                        for loser in losers {
                            for costs in [0, 1, most / 2, most - 1, most] {
                                let division = divide_deposits(&deposits, &sides, *loser, costs).unwrap();
                                let paid: u64 = division.to.iter().sum();
                                assert_eq!(paid + division.burnt + costs, total);
                                let lost: u64 = (0..5)
                                    .filter(|at| *loser == BOTH || sides[*at] == *loser)
                                    .map(|at| deposits[at])
                                    .sum();
                                assert!(division.burnt * 5 >= lost);
                                let is_lost = |at: usize| *loser != BOTH && sides[at] == *loser;
                                assert!((0..5).all(|at| !is_lost(at) || division.to[at] == 0));
                            }
                        }
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn the_median_is_the_sorted_middle(votes in prop::collection::vec(0u32..=5, 1..=15)) {
            let mut sorted: Vec<u32> = votes.clone();
            sorted.sort_unstable();
            prop_assert_eq!(median_floor(&votes), Some(sorted[(votes.len() - 1) / 2]));
        }
    }
}
