//! `cast_votes`

use {
    crate::{
        errors::GovernanceError,
        events::{log, VotesCast},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `cast_votes`: only ballot and proposal are written, so voters on different proposals share nothing.
#[derive(Accounts)]
pub struct CastVotes {
    /// The person's wallet.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(voter.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub voter: Signer,
    /// The person, read: its wallet of the moment, and whether its registration holds.
    #[cfg_attr(feature = "idl-build", account(address = ballot.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &ballot.person) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The ballot.
    #[account(mut, constraint = same(&ballot.realm, &proposal.realm) @ GovernanceError::BallotOfOtherRealm)]
    pub ballot: Own<Ballot>,
    /// The proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - ballot and proposal are of one realm and one epoch; the person is active
/// - the proposal is in its voting time or extension; in the latter its new leader's votes cannot rise
/// - the option is "none" or an offered choice
/// - the change costs v′² − v² credits, within the budget (G1); zero votes free the entry
/// - tallies, voters and credits of the proposal move by exactly the change (G2)
pub(crate) fn handler(ctx: &mut Context<CastVotes>, option: u8, votes: u32) -> Result<()> {
    let now = now_ts()?;
    ctx.accounts.person.validate_active(now)?;
    let ballot = &mut ctx.accounts.ballot;
    let proposal = &mut ctx.accounts.proposal;
    require!(ballot.epoch == proposal.vote_epoch, GovernanceError::BallotOfOtherEpoch);
    let phase = proposal.validate_voting(now)?;
    proposal.validate_option(option)?;
    let index = proposal.index.get();
    let change = ballot.validate_cast(index, option, votes)?;
    proposal.apply_late_marks(phase, now)?;
    proposal.validate_extension(
        phase,
        (change.old_option, change.old_votes),
        (change.new_option, change.new_votes),
    )?;

    ballot.apply_cast(index, &change)?;
    proposal.apply_cast(ballot.bucket, &change)?;
    ballot.invariant()?;
    proposal.invariant()?;
    announce_cast(ballot, proposal, &change, phase);
    Ok(())
}

/// Says what a ballot's votes on a proposal are now, by a cast or because they were taken out.
#[inline(always)]
pub(crate) fn announce_cast(ballot: &Own<Ballot>, proposal: &Own<Proposal>, change: &CastChange, phase: Phase) {
    log(VotesCast {
        proposal: *proposal.address(),
        ballot: *ballot.address(),
        old_votes: change.old_votes.into(),
        new_votes: change.new_votes.into(),
        spent_credits: change.spent_credits.into(),
        old_option: change.old_option,
        new_option: change.new_option,
        extended: u8::from(phase == Phase::Extended),
    });
}
