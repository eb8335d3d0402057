//! What persons lend to a delegate, and what the delegate does with it.

use {
    super::proposal::Proposal,
    crate::{
        constants::*,
        errors::GovernanceError,
        math::{delegation, delegation::Lent, tally},
    },
    anchor_lang::prelude::*,
};

/// What the persons of one cohort lend.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct Cohort {
    /// n: persons.
    pub persons: PodU32,
    /// R: Σ ⌊√budget⌋.
    pub roots: PodU64,
    /// Q: Σ ⌊√budget⌋².
    pub squares: PodU64,
}

impl Cohort {
    /// As numbers.
    pub fn lent(&self) -> Lent {
        Lent {
            persons: self.persons.get(),
            roots: self.roots.get(),
            squares: self.squares.get(),
        }
    }

    fn set(&mut self, lent: &Lent) {
        self.persons = lent.persons.into();
        self.roots = lent.roots.into();
        self.squares = lent.squares.into();
    }

    #[inline(never)]
    fn add(&mut self, other: &Lent) -> Result<()> {
        self.set(&self.lent().plus(other)?);
        Ok(())
    }

    #[inline(never)]
    fn sub(&mut self, other: &Lent) -> Result<()> {
        self.set(&self.lent().minus(other)?);
        Ok(())
    }
}

/// What the delegate gives to one proposal. A share of zero: free.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct PoolEntry {
    /// Index of the proposal in the realm.
    pub proposal_index: PodU32,
    /// s: share of every lent root, Q16.
    pub share_q16: PodU32,
    /// The option voted for; 0 is "none".
    pub option: u8,
    /// Zero, for growth.
    pub reserved: [u8; 3],
}

const _: () = assert!(core::mem::size_of::<Cohort>() == 20 && core::mem::size_of::<PoolEntry>() == 12);

/// The budgets that persons lend to one delegate, summed up by cohort, and the delegate's votes with them.
///
/// Seeds: `pool`, realm, the delegate's person. G1: Σ s² = spent ≤ 2³². G2: what an entry gave to its proposal is s·R (votes),
/// n (voters) and ⌊s²·Q / 2³²⌋ (credits) of each cohort as it is now. Closed when nobody lends any more; rent returns.
#[account]
pub struct DelegatePool {
    /// Layout version; 1.
    pub version: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Zero, for growth.
    pub reserved_head: [u8; 2],
    /// The epoch the sums and entries are of.
    pub epoch: PodU32,
    /// The realm.
    pub realm: Address,
    /// The delegate's person.
    pub delegate: Address,
    /// Who paid for this account and gets its rent.
    pub rent_payer: Address,
    /// Version of the budgets in the sums.
    pub budget_version: PodU32,
    /// Rises when budgets change and everybody joins anew; who joined before lends nothing any more.
    pub generation: PodU32,
    /// Σ s² of the entries.
    pub spent_q32: PodU64,
    /// What counts in `epoch`, by cohort.
    pub lent: [Cohort; 16],
    /// What will count from the epoch after `epoch` on, by cohort.
    pub joining: [Cohort; 16],
    /// What ends with the beginning of an epoch, by that epoch modulo 9 and cohort; joining parts included.
    pub ending: [[Cohort; 16]; 9],
    /// The delegate's votes of `epoch`.
    pub entries: [PoolEntry; 16],
    /// Zero, for growth.
    pub reserved: [u8; 32],
}

/// Bytes of a `DelegatePool` account.
pub const DELEGATE_POOL_LEN: usize = 3_872;
const _: () = assert!(core::mem::size_of::<DelegatePool>() == DELEGATE_POOL_LEN - 8);
// the IDL wants a literal in the struct; this holds it to the constant
const _: fn(&DelegatePool) -> &[PoolEntry; POOL_ENTRIES] = |pool| &pool.entries;

/// What a delegate's cast changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareChange {
    /// Place of the entry.
    pub place: usize,
    /// Option and share before.
    pub old: (u8, u32),
    /// Option and share now.
    pub new: (u8, u32),
    /// Σ s² after.
    pub spent_q32: u64,
}

fn row_of(epoch: u32) -> usize {
    // the remainder of a division by nine fits any width
    usize::try_from(epoch).unwrap_or(0) % EXPIRY_ROWS
}

impl DelegatePool {
    /// Brings sums and entries to an epoch: who joined counts, whose time is over does not, votes of the past are forgotten.
    #[inline(never)]
    pub fn roll(&mut self, current_epoch: u32) -> Result<()> {
        let from = self.epoch.get();
        if current_epoch <= from {
            require!(current_epoch == from, GovernanceError::PoolEpochAhead);
            return Ok(());
        }
        self.entries = bytemuck::Zeroable::zeroed();
        self.spent_q32 = PodU64::ZERO;
        for (cohort, joining) in self.lent.iter_mut().zip(&self.joining) {
            if !joining.persons.is_zero() {
                cohort.add(&joining.lent())?;
            }
        }
        self.joining = bytemuck::Zeroable::zeroed();
        // after nine epochs every row has ended once and the rest of them is empty
        let last = current_epoch.min(from.saturating_add(DELEGATION_EPOCHS).saturating_add(1));
        for epoch in from.saturating_add(1)..=last {
            let Some(row) = self.ending.get_mut(row_of(epoch)) else {
                continue;
            };
            for (cohort, ending) in self.lent.iter_mut().zip(row.iter_mut()) {
                if !ending.persons.is_zero() {
                    cohort.sub(&ending.lent())?;
                    *ending = bytemuck::Zeroable::zeroed();
                }
            }
        }
        self.epoch = current_epoch.into();
        Ok(())
    }

    #[inline(never)]
    fn end_row(&mut self, until_epoch: u32, bucket: u8) -> Result<&mut Cohort> {
        self.ending
            .get_mut(row_of(until_epoch))
            .and_then(|row| row.get_mut(usize::from(bucket)))
            .ok_or(GovernanceError::SlotOutOfBounds.into())
    }

    fn cohort(cohorts: &mut [Cohort; 16], bucket: u8) -> Result<&mut Cohort> {
        cohorts
            .get_mut(usize::from(bucket))
            .ok_or(GovernanceError::SlotOutOfBounds.into())
    }

    /// Whether nobody lends anything now or from the next epoch on.
    #[inline(never)]
    pub fn is_empty(&self) -> bool {
        let nobody = |cohorts: &[Cohort; 16]| cohorts.iter().all(|cohort| cohort.persons.is_zero());
        nobody(&self.lent) && nobody(&self.joining)
    }

    /// Whether the delegate has votes on proposals of the pool's epoch.
    pub fn has_votes(&self) -> bool {
        !self.spent_q32.is_zero()
    }

    /// Makes the pool's budgets those of the next epoch. Where they were others, everybody who lent them is out, and joins anew; not
    /// while they still hold in the current epoch: nobody's joining takes a vote from those who lend.
    pub fn apply_version(&mut self, current: u32, next: u32) -> Result<()> {
        if self.budget_version == next {
            return Ok(());
        }
        if !self.is_empty() {
            require!(
                self.budget_version != current && !self.has_votes(),
                GovernanceError::PoolIsStale
            );
            self.generation = crate::math::epoch::add(self.generation.get(), 1)?.into();
            self.lent = bytemuck::Zeroable::zeroed();
            self.joining = bytemuck::Zeroable::zeroed();
            self.ending = bytemuck::Zeroable::zeroed();
        }
        self.budget_version = next.into();
        Ok(())
    }

    /// Takes a person in from the next epoch on.
    pub fn apply_join(&mut self, bucket: u8, root: u32, until_epoch: u32) -> Result<()> {
        let one = Lent::one(root);
        Self::cohort(&mut self.joining, bucket)?.add(&one)?;
        self.end_row(until_epoch, bucket)?.add(&one)
    }

    /// Moves the end of a person's lending.
    #[inline(never)]
    pub fn apply_end(&mut self, bucket: u8, root: u32, old_until: u32, new_until: u32) -> Result<()> {
        let one = Lent::one(root);
        self.end_row(old_until, bucket)?.sub(&one)?;
        self.end_row(new_until, bucket)?.add(&one)
    }

    /// Takes a person out who does not count yet.
    pub fn apply_withdrawn_join(&mut self, bucket: u8, root: u32, until_epoch: u32) -> Result<()> {
        let one = Lent::one(root);
        Self::cohort(&mut self.joining, bucket)?.sub(&one)?;
        self.end_row(until_epoch, bucket)?.sub(&one)
    }

    /// Takes a person out who counts. The sums of the cohort before and after, for the proposals.
    pub fn apply_leave(&mut self, bucket: u8, root: u32, until_epoch: u32) -> Result<(Lent, Lent)> {
        let one = Lent::one(root);
        let cohort = Self::cohort(&mut self.lent, bucket)?;
        let before = cohort.lent();
        cohort.sub(&one)?;
        let after = cohort.lent();
        self.end_row(until_epoch, bucket)?.sub(&one)?;
        Ok((before, after))
    }

    /// Works out what setting a share for an option of a proposal changes, within one whole.
    pub fn validate_cast(&self, proposal: &Proposal, option: u8, share_q16: u32) -> Result<ShareChange> {
        let index = proposal.index.get();
        let mut free = None;
        let mut found = None;
        for (place, entry) in self.entries.iter().enumerate() {
            if entry.share_q16.is_zero() {
                free = free.or(Some(place));
            } else if entry.proposal_index == index {
                found = Some((place, entry.option, entry.share_q16.get()));
                break;
            }
        }
        let (place, old_option, old_share) = match found {
            Some(found) => found,
            None => (free.ok_or(GovernanceError::BallotFull)?, option, 0),
        };
        require!(old_share != 0 || share_q16 != 0, GovernanceError::NothingToChange);
        // s·√b₀ ≥ 1: who counts as a voter gives a vote at least
        let least = u64::from(share_q16).saturating_mul(tally::base_root_q16_floor(proposal.rules.base_credits.get()));
        require!(share_q16 == 0 || least >= WHOLE_SHARES, GovernanceError::ShareTooSmall);
        let spent_q32 = delegation::respend(self.spent_q32.get(), old_share, share_q16, WHOLE_SHARES)
            .map_err(|_| GovernanceError::SharesExceeded)?;
        let new_option = if share_q16 == 0 { old_option } else { option };
        Ok(ShareChange {
            place,
            old: (old_option, old_share),
            new: (new_option, share_q16),
            spent_q32,
        })
    }

    /// Writes a cast; an entry without a share is free again.
    pub fn apply_cast(&mut self, proposal_index: u32, change: &ShareChange) -> Result<()> {
        let entry = self.entries.get_mut(change.place).ok_or(GovernanceError::BallotFull)?;
        if change.new.1 == 0 {
            *entry = bytemuck::Zeroable::zeroed();
        } else {
            entry.proposal_index = proposal_index.into();
            entry.share_q16 = change.new.1.into();
            entry.option = change.new.0;
        }
        self.spent_q32 = change.spent_q32.into();
        Ok(())
    }

    /// G1: what is spent is the sum of the squares of the shares, and at most one whole.
    #[inline(never)]
    pub fn invariant(&self) -> Result<()> {
        let (mut squares, mut widest) = (0u64, 0u64);
        for entry in &self.entries {
            let share = u64::from(entry.share_q16.get());
            widest |= share;
            // sixteen squares of 17 bits fit 64
            squares = squares.wrapping_add(share.wrapping_mul(share));
        }
        let holds = self.spent_q32 == squares && squares <= WHOLE_SHARES && widest < 1 << 17;
        require!(holds, GovernanceError::InvariantViolated);
        Ok(())
    }
}

impl Proposal {
    /// Moves a delegate's change of share into the tallies, cohort by cohort.
    #[inline(never)]
    pub fn apply_delegated(&mut self, pool: &DelegatePool, change: &ShareChange) -> Result<()> {
        let (old, new) = (change.old, change.new);
        if old.0 == new.0 {
            self.shift_shares(&pool.lent, new.0, old.1, new.1)
        } else {
            self.shift_shares(&pool.lent, old.0, old.1, 0)?;
            self.shift_shares(&pool.lent, new.0, 0, new.1)
        }
    }

    /// The same as a `shift` for each cohort; the sums over all of them are read and written once.
    #[inline(never)]
    fn shift_shares(&mut self, lent: &[Cohort; 16], option: u8, old_share: u32, new_share: u32) -> Result<()> {
        let place = usize::from(option);
        let row = self
            .buckets_q16
            .get_mut(place)
            .ok_or(GovernanceError::OptionNotOffered)?;
        let total = self
            .totals_q16
            .get_mut(place)
            .ok_or(GovernanceError::OptionNotOffered)?;
        let mut sums = (total.get(), self.voters.get(), self.spent_credits.get());
        let counters = self.bucket_voters.iter_mut().zip(&mut self.bucket_credits);
        let cells = row.iter_mut().zip(&self.caps_q16).zip(counters);
        for (cohort, ((cell, cap), (voters, credits))) in lent.iter().zip(cells) {
            if cohort.persons.is_zero() {
                continue;
            }
            let cohort = cohort.lent();
            let (old, new) = (cohort.given(old_share)?, cohort.given(new_share)?);
            let change = tally::shift(cell.get(), sums.0, cap.get(), old.votes_q16, new.votes_q16)?;
            *cell = change.bucket_q16.into();
            sums.0 = change.total_q16;
            if old.voters != new.voters {
                let counted = |count: u32| {
                    count
                        .checked_sub(old.voters)
                        .and_then(|rest| rest.checked_add(new.voters))
                        .ok_or(GovernanceError::ArithmeticOverflow)
                };
                *voters = counted(voters.get())?.into();
                sums.1 = counted(sums.1)?;
            }
            *credits = moved(credits.get(), old.credits, new.credits)
                .ok_or(GovernanceError::ArithmeticOverflow)?
                .into();
            sums.2 = moved(sums.2, old.credits, new.credits).ok_or(GovernanceError::ArithmeticOverflow)?;
        }
        *total = sums.0.into();
        self.voters = sums.1.into();
        self.spent_credits = sums.2.into();
        Ok(())
    }

    /// Takes one person's part of an entry out of the tallies.
    pub fn apply_departure(&mut self, bucket: u8, entry: &PoolEntry, before: &Lent, after: &Lent) -> Result<()> {
        let share = entry.share_q16.get();
        let (old, new) = (before.given(share)?, after.given(share)?);
        self.apply_votes(bucket, (entry.option, &old), (entry.option, &new))
    }
}

#[inline(always)]
fn moved(count: u64, old: u64, new: u64) -> Option<u64> {
    count.checked_sub(old)?.checked_add(new)
}
