//! What a lease counts and owes.

use super::*;

/// A lease.
#[derive(Clone)]
pub struct Lease {
    /// Its address.
    pub address: Address,
    /// Its vault.
    pub vault: Address,
    /// Who rents.
    pub client: Address,
    /// Who paid the rent.
    pub payer: Address,
    /// Its config.
    pub config_id: u16,
    /// Its mint.
    pub mint: Address,
    /// Its terms.
    pub terms: LeaseTerms,
    /// Fee of its posting.
    pub fee_ppm: u32,
    /// Bounty of its posting.
    pub bounty: u64,
    /// Bounties left.
    pub bounties: u8,
    /// Its name for ever.
    pub uid: [u8; 32],
    /// State code.
    pub state: u8,
    /// Who has it.
    pub slot: Option<Address>,
    /// Its gang.
    pub gang: Option<Address>,
    /// The client's number.
    pub nonce: u64,
    /// Whether its config is a rehearsal.
    pub is_rehearsal: bool,
    /// When its state began.
    pub entered: Now,
    /// All that was put in.
    pub deposit: u64,
    /// All that was paid.
    pub paid: u64,
    /// Amount and number of the last voucher.
    pub voucher: (u64, u64),
    /// Usage root of it.
    pub usage: [u8; 32],
    /// Seconds counted before the present state.
    pub seconds: u64,
}

/// Leases that begin together.
#[derive(Clone, Debug)]
pub struct Gang {
    /// Its address.
    pub address: Address,
    /// Who rents.
    pub client: Address,
    /// Who paid the rent.
    pub payer: Address,
    /// Leases it is made of.
    pub size: u8,
    /// Leases posted and not ended.
    pub leases: u8,
    /// Leases that have a slot.
    pub joined: u8,
    /// Whether all have.
    pub is_active: bool,
    /// Opened, or complete.
    pub entered: Now,
    /// Time to gather.
    pub seconds: u32,
}

impl Gang {
    /// Whether its time ended without all.
    pub fn has_failed(&self, now: Now) -> bool {
        !self.is_active && now.is_at(after(self.entered, self.seconds))
    }
}

/// Seconds that count between two moments: those of the clock, but four for five slots at most.
fn elapsed(since: Now, now: Now) -> u64 {
    let by_clock = u64::try_from(now.ts - since.ts).unwrap_or(0);
    let slots = u128::from(now.slot.saturating_sub(since.slot));
    by_clock.min(u64::try_from(slots * 4 / 5).unwrap())
}

impl Lease {
    /// Seconds the deposits pay.
    pub fn funded(&self) -> u64 {
        self.deposit / self.terms.rate_per_second_atoms
    }

    /// Whether its seconds count.
    pub fn is_running(&self) -> bool {
        [lease_code::ACTIVE, lease_code::RECLAIMING].contains(&self.state)
    }

    /// Whether it holds a bond.
    pub fn has_slot(&self) -> bool {
        (lease_code::JOINED..=lease_code::SETTLING).contains(&self.state)
    }

    /// Seconds counted by now.
    pub fn counted(&self, now: Now) -> u64 {
        let more = if self.is_running() {
            elapsed(self.entered, now)
        } else {
            0
        };
        (self.seconds + more).min(self.funded())
    }

    /// Whether it runs and is used up.
    pub fn is_empty(&self, now: Now) -> bool {
        self.is_running() && self.counted(now) == self.funded()
    }

    /// When its state is over; none where only funds or a gang decide.
    pub fn deadline(&self) -> Option<Now> {
        let seconds = match self.state {
            lease_code::OPEN => self.terms.open_seconds,
            lease_code::PAUSED => self.terms.pause_seconds,
            lease_code::RECLAIMING => self.terms.notice_seconds,
            lease_code::SETTLING if self.is_rehearsal => 2,
            lease_code::SETTLING => 3_600,
            _ => return None,
        };
        Some(after(self.entered, seconds))
    }

    /// Whether it is.
    pub fn is_overdue(&self, now: Now) -> bool {
        self.deadline().is_some_and(|deadline| now.is_at(deadline))
    }

    pub(super) fn enter(&mut self, state: u8, now: Now) {
        self.seconds = self.counted(now);
        self.state = state;
        self.entered = now.not_before(self.entered);
    }

    /// Seconds counted when a key was replaced: of the present stint exactly, of an earlier one at least.
    pub(super) fn counted_at(&self, rotated: Now, now: Now) -> u64 {
        if rotated.ts >= self.entered.ts {
            let then = Now {
                ts: rotated.ts.min(now.ts),
                slot: rotated.slot.min(now.slot),
            };
            return self.counted(then);
        }
        self.seconds.saturating_sub(self.entered.ts.abs_diff(rotated.ts))
    }

    /// What speaks against its funds: an interval ahead at least, a year at most.
    pub(super) fn check_funds(&self, now: Now, against: &mut Against) {
        let ahead = self.funded().saturating_sub(self.counted(now));
        against.unless(
            ahead >= u64::from(self.terms.interval_seconds),
            EscrowError::LeaseUnderfunded,
        );
        against.unless(ahead <= 365 * 86_400, EscrowError::LeaseOverfunded);
    }

    /// A bounty of the reserve: one for a move, the last for the end.
    pub(super) fn spend(&mut self, ends: bool) -> u64 {
        let kept = if ends { 0 } else { 1 };
        if self.bounties <= kept {
            return 0;
        }
        self.bounties -= 1;
        self.bounty
    }
}
