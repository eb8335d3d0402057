//! One sealed bid of an auction, and what the auction's job keeps of all of them.

use {
    super::{checked, require_step, same, Job, JobState, Slot, Step, KIND_AUCTION, KIND_REDUNDANT, NO_ADDRESS},
    crate::{errors::EscrowError, math::deadline::Moment},
    anchor_lang::{bytemuck, prelude::*, Address},
};

/// State of a [`Bid`]: its price is not known yet.
pub const BID_SEALED: u8 = 1;
/// State of a [`Bid`]: its price is known.
pub const BID_REVEALED: u8 = 2;

/// A sealed bid. It holds nothing but its rent; the bond it answers with is locked in its slot. It is closed when it wins, its
/// lock being the job's from then on, or reclaimed by anybody when it has lost. It never holds up the job.
///
/// Seeds: `["bid", job, provider]`: one bid a provider.
#[account]
pub struct Bid {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// 1 sealed, 2 revealed.
    pub state: u8,
    /// Zero.
    pub reserved: [u8; 5],
    /// The job's address.
    pub job: Address,
    /// The job's uid: another job may live at the address one day.
    pub uid: [u8; 32],
    /// The slot that would do the work; its bond is locked.
    pub slot: Address,
    /// Who paid the rent and gets it back.
    pub rent_payer: Address,
    /// H(tag | price | salt | slot | uid), see [`crate::hash::bid_commitment`].
    pub commitment: [u8; 32],
    /// The price in atoms, fee included; zero until it is revealed.
    pub price_atoms: PodU64,
    /// Bond locked in the slot.
    pub bond_lamports: PodU64,
}

impl Bid {
    /// Bytes of the account.
    pub const SIZE: usize = 8 + core::mem::size_of::<Self>();

    /// That it is the slot's bid for this very job.
    #[inline(never)]
    pub fn validate(&self, job: &Job, slot: &Address) -> Step {
        require_step(self.uid == job.uid && same(&self.slot, slot), EscrowError::BidMismatch)
    }

    /// That its job, which lives, does not hold it any more. Says whether it should have been revealed and was not.
    #[inline(never)]
    pub fn validate_reclaim(&self, job: &Job, now: Moment) -> Step<bool> {
        let is_sealed = self.state == BID_SEALED;
        let is_free = match job.state {
            s if s == JobState::Open as u8 => false,
            s if s == JobState::Revealing as u8 && is_sealed => checked(crate::math::deadline::has_passed(
                job.entered(),
                job.reveal_seconds.get(),
                now,
            ))?,
            s if s == JobState::Revealing as u8 || s == JobState::Awarded as u8 => {
                !same(&self.slot, &job.slot) && !same(&self.slot, &job.second_slot())
            }
            _ => true,
        };
        require_step(is_free, EscrowError::BidStillBinds)?;
        Ok(is_sealed)
    }
}

const _: () = assert!(Bid::SIZE == 192);

/// What an auction's job keeps in the bytes of the milestones, which no auction has.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
struct Book {
    /// The second bid's price; zero if there is none.
    second_atoms: PodU64,
    /// The price posted, which is the highest accepted; set by the first reveal.
    limit_atoms: PodU64,
}

impl Job {
    fn book(&self) -> &Book {
        bytemuck::cast_ref(&self.milestone_bps)
    }

    fn book_mut(&mut self) -> &mut Book {
        bytemuck::cast_mut(&mut self.milestone_bps)
    }

    /// Of an auction up to its taking up: the slot of the second bid, zero if none.
    pub fn second_slot(&self) -> Address {
        Address::new_from_array(self.result)
    }

    /// Of an auction up to its taking up: the second bid's price in atoms, zero if there is none.
    pub fn second_price_atoms(&self) -> u64 {
        self.book().second_atoms.get()
    }

    /// Ends the bidding of an auction, or the running of a redundant order with enough commitments, if its time is over. Says
    /// whether it has; false if they have ended before.
    #[inline(never)]
    pub fn begin_reveal(&mut self, now: Moment) -> Step<bool> {
        let is_auction = self.kind == KIND_AUCTION;
        let (from, to, least) = if is_auction {
            (JobState::Open, JobState::Revealing, 1)
        } else {
            self.validate_kind(KIND_REDUNDANT)?;
            (JobState::Running, JobState::Committed, self.redundancy_k)
        };
        if self.state != from as u8 {
            return Ok(false);
        }
        self.validate_overdue(now)?;
        require!(self.commitments >= least, EscrowError::TooFewTookPart);
        self.enter(to, now);
        Ok(true)
    }

    /// Counts one bid more.
    pub fn apply_bid(&mut self) {
        self.commitments = self.commitments.saturating_add(1);
    }

    /// Ranks a revealed bid in constant time: the best and the second are kept. Of equal prices the one revealed first is ahead.
    #[inline(never)]
    pub fn apply_revealed_bid(&mut self, slot: &Address, price_atoms: u64) -> Step {
        let is_first = self.reveals == 0;
        let (best, book) = (self.price_atoms, *self.book());
        let limit = if is_first { best } else { book.limit_atoms };
        require_step(
            price_atoms > 0 && price_atoms <= limit.get(),
            EscrowError::BidOutOfBounds,
        )?;
        let second = book.second_atoms.get();
        self.book_mut().limit_atoms = limit;
        if is_first || price_atoms < best.get() {
            if !is_first {
                self.result = self.slot.to_bytes();
                self.book_mut().second_atoms = best;
            }
            self.slot = *slot;
            self.price_atoms = price_atoms.into();
        } else if second == 0 || price_atoms < second {
            self.result = slot.to_bytes();
            self.book_mut().second_atoms = price_atoms.into();
        }
        self.reveals = self.reveals.saturating_add(1);
        Ok(())
    }

    /// Passes a won auction that was not taken up to the second bid. Says whether there is one.
    pub fn apply_passing_on(&mut self) -> bool {
        let second = self.second_price_atoms();
        if second == 0 {
            return false;
        }
        self.slot = self.second_slot();
        self.price_atoms = second.into();
        self.result = NO_ADDRESS.to_bytes();
        self.book_mut().second_atoms = PodU64::ZERO;
        true
    }
}

impl Slot {
    /// Locks a bond without taking a job.
    pub fn lock(&mut self, bond_lamports: u64) -> Step {
        self.locked_lamports = checked(self.locked_lamports.checked_add(bond_lamports))?;
        self.locked_jobs = checked(self.locked_jobs.checked_add(1u32))?;
        Ok(())
    }
}
