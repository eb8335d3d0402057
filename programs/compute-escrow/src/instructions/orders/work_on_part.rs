//! `reveal_bid`, `commit_contribution`, `reveal_contribution`

use {
    crate::{
        errors::EscrowError,
        events::{log, BidRevealed, ResultCommitted, ResultRevealed},
        hash::{bid_commitment, result_commitment},
        instructions::checks::check_worker,
        math::deadline::Moment,
        state::*,
    },
    anchor_lang::{prelude::*, AnchorAccount},
};

/// Accounts of `reveal_bid`, `commit_contribution` and `reveal_contribution`.
#[derive(Accounts)]
pub struct WorkOnPart {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot that bids or works.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The slot's bid, or its contribution.
    #[account(mut)]
    pub part: UncheckedAccount,
}

impl WorkOnPart {
    /// That the worker acts for its slot and the job is in a state whose time is not over. A state of revealing begins here when
    /// the one before is over. Returns the moment.
    #[inline(never)]
    fn check(&mut self, kind: u8, state: JobState) -> Step<Moment> {
        check_worker(self.worker.address(), &self.provider, &self.slot)?;
        self.job.validate_kind(kind)?;
        let now = now()?;
        if state != JobState::Running {
            self.job.begin_reveal(now)?;
        }
        self.job.validate_state(state)?;
        self.job.validate_in_time(now)?;
        Ok(now)
    }

    /// The slot's contribution, which is in a state.
    #[inline(never)]
    fn contribution(&self, state: u8) -> Step<Own<Contribution>> {
        // SAFETY: nothing else refers to the account's state.
        let part: Own<Contribution> = unsafe { Own::load_mut(*self.part.account()) }?;
        part.validate_worker(&self.job, self.slot.address(), state)?;
        Ok(part)
    }
}

/// Specification:
/// - the slot has joined, all have, and the run time is not over
/// - the commitment is H(tag | result | salt | slot | uid), so none can be copied; zero is refused
/// - the slot is free for other work; its bond stays locked. The last commitment begins the reveal
pub fn commit_contribution(a: &mut WorkOnPart, commitment: &[u8; 32]) -> Step {
    let now = a.check(KIND_REDUNDANT, JobState::Running)?;
    let mut part = a.contribution(PART_JOINED)?;
    require!(commitment != &[0u8; 32], EscrowError::ZeroHash);
    a.slot.leave_job();
    part.state = PART_COMMITTED;
    part.hash = *commitment;
    a.job.apply_contribution(now)?;
    log(ResultCommitted {
        uid: a.job.uid,
        slot: *a.slot.address(),
        commitment: *commitment,
    });
    Ok(())
}

/// Specification:
/// - all have committed, or the run time is over and at least k have: the first reveal begins the reveal time
/// - the reveal time is not over; H(tag | result | salt | slot | uid) is the commitment; the result is not zero, which means none
pub fn reveal_contribution(a: &mut WorkOnPart, result: &[u8; 32], salt: &[u8; 32]) -> Step {
    a.check(KIND_REDUNDANT, JobState::Committed)?;
    let mut part = a.contribution(PART_COMMITTED)?;
    require!(result != &[0u8; 32], EscrowError::ZeroHash);
    require!(
        result_commitment(result, salt, a.slot.address(), &a.job.uid) == part.hash,
        EscrowError::CommitmentMismatch
    );
    part.state = PART_REVEALED;
    part.hash = *result;
    a.job.reveals = checked(a.job.reveals.checked_add(1))?;
    log(ResultRevealed {
        uid: a.job.uid,
        slot: *a.slot.address(),
        result: *result,
    });
    Ok(())
}

/// Specification:
/// - the bidding is over by clock and slots, the reveal is not; the first reveal begins it
/// - H(tag | price | salt | slot | uid) is what the slot committed to, once
/// - the price is above zero and at most the price posted; the job keeps the best bid and the second, whatever their number
/// - of equal prices the one revealed first is ahead
pub fn reveal_bid(a: &mut WorkOnPart, price_atoms: u64, salt: &[u8; 32]) -> Step {
    a.check(KIND_AUCTION, JobState::Revealing)?;
    // SAFETY: nothing else refers to the account's state.
    let mut bid: Own<Bid> = unsafe { Own::load_mut(*a.part.account()) }?;
    let slot = *a.slot.address();
    bid.validate(&a.job, &slot)?;
    require!(
        bid.state == BID_SEALED && bid_commitment(price_atoms, salt, &slot, &bid.uid) == bid.commitment,
        EscrowError::CommitmentMismatch
    );
    bid.state = BID_REVEALED;
    bid.price_atoms = price_atoms.into();
    a.job.apply_revealed_bid(&slot, price_atoms)?;
    log(BidRevealed {
        uid: a.job.uid,
        slot,
        price_atoms: price_atoms.into(),
        best_atoms: a.job.price_atoms,
    });
    Ok(())
}
