//! `leave_delegate`

use {
    super::join_delegate::announce_delegation,
    crate::{
        constants::{POOL_SEED, PROPOSAL_SEED},
        errors::GovernanceError,
        instructions::now_ts,
        math::{delegation::Lent, epoch},
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `leave_delegate`, followed by the proposals (writable) of the pool's live entries in their order, where the person
/// counts in this epoch and leaves at once.
#[derive(Accounts)]
pub struct LeaveDelegate {
    /// The person's wallet; anybody where the person is revoked, expired or suspended.
    pub authority: Signer,
    /// The realm, for its epoch.
    #[cfg_attr(feature = "idl-build", account(address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person who lends its budget.
    #[account(mut)]
    pub person: Own<Person>,
    /// The delegate's pool; its empty address where the delegate has closed it.
    #[account(mut)]
    pub pool: UncheckedAccount,
}

/// Specification:
/// - the person's wallet signs, or the person is revoked, expired or suspended in this epoch and anybody does (G8)
/// - the pool is the one the person lends to; a closed one is only forgotten
/// - `at_epoch_end`: what is lent ends with this epoch; nothing else changes, so nothing can stand in its way
/// - else it ends now: every proposal with votes of the pool loses this person's part of them, exactly (G2), and a ballot of the
///   person's own can be opened; not once one of them is in its challenge or decided, where votes stand, unless the person is
///   stripped
pub(crate) fn handler(ctx: &mut Context<LeaveDelegate>, proposals: &[AccountView], at_epoch_end: bool) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now)?;
    let is_suspended = accounts.person.validate_not_suspended(current_epoch).is_err();
    let is_strip = is_suspended || accounts.person.is_strippable(now);
    let by_wallet = same(accounts.authority.address(), &accounts.person.wallet);
    require!(is_strip || by_wallet, GovernanceError::NotAuthorized);
    let person = &mut accounts.person;
    let account = *accounts.pool.account();
    if account.data_len() == 0 {
        let seeds: [&[u8]; 3] = [POOL_SEED, person.realm.as_array(), person.delegate.as_array()];
        anchor_lang::find_and_verify_program_address(&seeds, &crate::ID, account.address())
            .map_err(|_| GovernanceError::NotADelegator)?;
        person.clear_delegation();
        announce_delegation(person, account.address());
        return Ok(());
    }
    // SAFETY: the one wrapper of this account.
    let mut pool = unsafe { <Own<DelegatePool> as anchor_lang::AnchorAccount>::load_mut(account)? };
    let is_theirs = same(&person.delegate, &pool.delegate) && same(&person.realm, &pool.realm);
    require!(is_theirs, GovernanceError::NotADelegator);
    pool.roll(current_epoch)?;

    let (bucket, root) = (person.bucket, person.delegate_root.get());
    let (from, until) = (person.delegate_from_epoch.get(), person.delegate_until_epoch.get());
    let is_lent = person.delegation_lives(current_epoch) && person.delegate_generation == pool.generation;
    if !is_lent {
        person.clear_delegation();
    } else if current_epoch < from {
        pool.apply_withdrawn_join(bucket, root, until)?;
        person.clear_delegation();
    } else if at_epoch_end && !is_strip {
        let next = epoch::add(current_epoch, 1)?;
        pool.apply_end(bucket, root, until, next)?;
        person.delegate_until_epoch = next.into();
    } else {
        let (before, after) = pool.apply_leave(bucket, root, until)?;
        take_out_of_proposals(&pool, proposals, bucket, (&before, &after), is_strip, now)?;
        person.clear_delegation();
    }
    announce_delegation(person, pool.address());
    Ok(())
}

/// Takes one person's part out of every proposal with votes of the pool. All of them must be in their vote; to strip, their challenge
/// will do, and what is decided stays.
#[inline(never)]
fn take_out_of_proposals(
    pool: &DelegatePool,
    proposals: &[AccountView],
    bucket: u8,
    (before, after): (&Lent, &Lent),
    is_strip: bool,
    now_ts: i64,
) -> Result<()> {
    let mut given = proposals.iter();
    for entry in pool.entries.iter().filter(|entry| !entry.share_q16.is_zero()) {
        let account = given.next().ok_or(GovernanceError::PoolProposalsMismatch)?;
        if account.data_len() == 0 {
            // decided and closed: its votes have counted
            let index = entry.proposal_index.get().to_le_bytes();
            let seeds: [&[u8]; 3] = [PROPOSAL_SEED, pool.realm.as_array(), &index];
            anchor_lang::find_and_verify_program_address(&seeds, &crate::ID, account.address())
                .map_err(|_| GovernanceError::PoolProposalsMismatch)?;
            require!(is_strip, GovernanceError::PoolVotesCounted);
            continue;
        }
        // SAFETY: each wrapper is dropped before the next is made.
        let mut proposal = unsafe { <Own<Proposal> as anchor_lang::AnchorAccount>::load_mut(*account)? };
        let is_it = same(&proposal.realm, &pool.realm) && proposal.index == entry.proposal_index;
        require!(is_it, GovernanceError::PoolProposalsMismatch);
        // vetoed, or called again after a veto: these votes count nowhere any more
        if proposal.is(Status::Vetoed) || proposal.vote_epoch != pool.epoch {
            continue;
        }
        let phase = if proposal.is(Status::Submitted) {
            proposal.phase(now_ts)?
        } else {
            Phase::Over
        };
        if !is_strip {
            require!(
                matches!(phase, Phase::Voting | Phase::Extended),
                GovernanceError::PoolVotesCounted
            );
        }
        // after the challenge the result stands
        if phase == Phase::Over {
            continue;
        }
        proposal.prepare_strip(now_ts)?;
        proposal.apply_departure(bucket, entry, before, after)?;
        proposal.invariant()?;
    }
    require!(given.next().is_none(), GovernanceError::PoolProposalsMismatch);
    Ok(())
}
