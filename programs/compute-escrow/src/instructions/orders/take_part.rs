//! `place_bid`, `join_job`

use {
    crate::{
        calls::create_state,
        constants::*,
        errors::EscrowError,
        events::{log, PartTaken},
        instructions::checks::{check_slot, check_worker},
        math::deadline::Moment,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `place_bid` and `join_job`.
#[derive(Accounts)]
pub struct TakePart {
    /// The provider's authority or session key.
    pub worker: Signer,
    /// Pays the rent of the new account and gets it back; may be the worker.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The provider.
    pub provider: Own<Provider>,
    /// The slot that would work.
    #[account(mut)]
    pub slot: Own<Slot>,
    /// The job.
    #[account(mut)]
    pub job: Own<Job>,
    /// The bid to create, PDA `["bid", job, provider]`, or the contribution, PDA `["contribution", job, person or provider]`.
    #[account(mut)]
    pub part: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// That the worker may take part in the job meant, which is open and of a kind. Returns the moment.
#[inline(never)]
fn check_open(a: &TakePart, uid: &[u8; 32], kind: u8) -> Step<Moment> {
    check_worker(a.worker.address(), &a.provider, &a.slot)?;
    a.job.validate_uid(uid)?;
    a.job.validate_kind(kind)?;
    a.job.validate_state(JobState::Open)?;
    let now = now()?;
    a.job.validate_in_time(now)?;
    a.slot.validate_bond(&a.job)?;
    a.slot.validate_eligible(&a.job, &a.provider, now.ts)?;
    Ok(now)
}

/// Says who takes part, the slot's records being right.
#[inline(never)]
fn say(a: &TakePart) -> Step {
    check_slot(&a.slot)?;
    log(PartTaken {
        uid: a.job.uid,
        slot: *a.slot.address(),
        bond_lamports: a.job.bond_lamports,
        joined: a.job.joined,
    });
    Ok(())
}

/// Specification:
/// - authority or session key signs; the job is the auction meant (uid), and its bidding is not over
/// - the slot is what the job asks for; it may be busy now, but a bid that wins and is not taken up in time costs bond
/// - one bid a provider; the price is sealed: H(tag | price | salt | slot | uid), zero is refused
/// - the job's bond is locked in the slot until the bid is beaten, or the job's from the award on
pub fn place_bid(a: &mut TakePart, uid: &[u8; 32], commitment: &[u8; 32]) -> Step {
    check_open(a, uid, KIND_AUCTION)?;
    require!(commitment != &[0u8; 32], EscrowError::ZeroHash);
    let seeds: [&[u8]; 3] = [BID_SEED, a.job.address().as_array(), a.provider.address().as_array()];
    let mut bid: Own<Bid> = create_state(a.payer.account(), a.part.account(), &seeds)?;

    bid.state = BID_SEALED;
    bid.job = *a.job.address();
    bid.uid = *uid;
    bid.slot = *a.slot.address();
    bid.rent_payer = *a.payer.address();
    bid.commitment = *commitment;
    bid.bond_lamports = a.job.bond_lamports;
    a.slot.lock(bid.bond_lamports.get())?;
    a.job.apply_bid();
    say(a)
}

/// Specification:
/// - authority or session key signs; the job is the redundant order meant (uid), and its open time is not over
/// - the slot is what the job asks for and has no live job (E8); its bond is locked until its part is settled
/// - one part a person where only persons may take part, else one a provider
/// - the last of the n workers starts the run
pub fn join_job(a: &mut TakePart, uid: &[u8; 32]) -> Step {
    let now = check_open(a, uid, KIND_REDUNDANT)?;
    a.slot.validate_free()?;
    let identity = a.job.identity(a.provider.address(), &a.provider);
    let job = *a.job.address();
    let seeds: [&[u8]; 3] = [CONTRIBUTION_SEED, job.as_array(), identity.as_array()];
    let mut part: Own<Contribution> = create_state(a.payer.account(), a.part.account(), &seeds)?;

    part.state = PART_JOINED;
    part.uid = *uid;
    part.slot = *a.slot.address();
    part.rent_payer = *a.payer.address();
    a.slot.apply_claim(&job, a.job.bond_lamports.get())?;
    a.job.apply_join(now)?;
    say(a)
}
