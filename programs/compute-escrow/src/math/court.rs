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
    let mut lost = [0u64; 2];
    for (deposit, side) in deposits.iter().zip(sides) {
        if loser == BOTH || *side == loser {
            let total = lost.get_mut(usize::from(*side))?;
            *total = total.checked_add(*deposit)?;
        }
    }
    let burnt = [burn_ceil(lost[0]), burn_ceil(lost[1])];
    let rest = [lost[0].checked_sub(burnt[0])?, lost[1].checked_sub(burnt[1])?];
    let mut division = Division {
        to: [0; MAX_DEPOSITS],
        burnt: burnt[0].checked_add(burnt[1])?,
    };
    if loser == BOTH {
        let half = costs >> 1;
        division.to[0] = rest[0].checked_sub(costs.checked_sub(half)?)?;
        division.to[1] = rest[1].checked_sub(half)?;
        return Some(division);
    }
    let rest = rest[0].checked_add(rest[1])?;
    let mut due = costs.saturating_sub(rest);
    for ((to, deposit), side) in division.to.iter_mut().zip(deposits).zip(sides) {
        if *side != loser {
            let taken = due.min(*deposit);
            due = due.checked_sub(taken)?;
            *to = deposit.checked_sub(taken)?;
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
