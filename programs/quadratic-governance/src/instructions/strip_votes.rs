//! `strip_votes`

use {
    super::cast_votes::announce_cast,
    crate::{errors::GovernanceError, instructions::now_ts, state::*},
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `strip_votes`. Nobody needs to sign.
#[derive(Accounts)]
pub struct StripVotes {
    /// The revoked or expired person.
    #[cfg_attr(feature = "idl-build", account(address = ballot.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &ballot.person) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The person's ballot.
    #[account(mut, constraint = same(&ballot.realm, &proposal.realm) @ GovernanceError::BallotOfOtherRealm)]
    pub ballot: Own<Ballot>,
    /// The proposal.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - the person is revoked or expired; voting has begun and the challenge has not ended (G8)
/// - tallies, voters and credits are what they would be had the votes never been cast (G2)
/// - whether voting was extended stays as it was: what is taken out in the challenge reopens no vote
pub(crate) fn handler(ctx: &mut Context<StripVotes>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let (ballot, proposal) = (&mut accounts.ballot, &mut accounts.proposal);
    require!(accounts.person.is_strippable(now), GovernanceError::PersonNotStrippable);
    require!(ballot.epoch == proposal.vote_epoch, GovernanceError::BallotOfOtherEpoch);
    let index = proposal.index.get();
    let change = ballot.validate_strip(index)?;
    let phase = proposal.prepare_strip(now)?;
    ballot.apply_cast(index, &change)?;
    proposal.apply_cast(ballot.bucket, &change)?;
    ballot.invariant()?;
    proposal.invariant()?;
    announce_cast(ballot, proposal, &change, phase);
    Ok(())
}
