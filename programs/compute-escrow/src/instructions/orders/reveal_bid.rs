//! `reveal_bid`

use {
    crate::{
        errors::EscrowError,
        events::{log, BidRevealed},
        hash::bid_commitment,
        instructions::checks::check_worker,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `reveal_bid`.
#[derive(Accounts)]
pub struct RevealBid {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot that bids.
    pub slot: Own<Slot>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The bid.
    #[account(mut)]
    pub bid: Own<Bid>,
}

/// Specification:
/// - the bidding is over by clock and slots, the reveal is not; the first reveal begins it
/// - H(tag | price | salt | slot | uid) is what the slot committed to, once
/// - the price is above zero and at most the price posted; the job keeps the best bid and the second, whatever their number
/// - of equal prices the one revealed first is ahead
pub fn reveal_bid(ctx: &mut Context<RevealBid>, price_atoms: u64, salt: &[u8; 32]) -> Step {
    let a = &mut ctx.accounts;
    check_worker(a.worker.address(), &a.provider, &a.slot)?;
    a.job.validate_kind(KIND_AUCTION)?;
    let now = now()?;
    a.job.begin_reveal(now)?;
    a.job.validate_state(JobState::Revealing)?;
    a.job.validate_in_time(now)?;
    let slot = *a.slot.address();
    a.bid.validate(&a.job, &slot)?;
    require!(
        a.bid.state == BID_SEALED && bid_commitment(price_atoms, salt, &slot, &a.bid.uid) == a.bid.commitment,
        EscrowError::CommitmentMismatch
    );
    a.bid.state = BID_REVEALED;
    a.bid.price_atoms = price_atoms.into();
    a.job.apply_revealed_bid(&slot, price_atoms)?;
    log(BidRevealed {
        uid: a.job.uid,
        slot,
        price_atoms: price_atoms.into(),
        best_atoms: a.job.price_atoms,
    });
    Ok(())
}
