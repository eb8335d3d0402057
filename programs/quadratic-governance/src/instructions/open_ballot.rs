//! `open_ballot`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    crate::{
        calls::create_state,
        constants::*,
        errors::GovernanceError,
        events::{log, BallotOpened},
        instructions::now_ts,
        math::{credits, epoch as epochs},
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `open_ballot`.
#[derive(Accounts)]
#[cfg_attr(feature = "idl-build", instruction(epoch: u32))]
pub struct OpenBallot {
    /// Pays for the ballot and gets its rent back; may be the voter.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The person's wallet.
    #[cfg_attr(feature = "idl-build", account(address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The realm; it counts ballots.
    #[cfg_attr(feature = "idl-build", account(mut, address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person; it remembers the epoch.
    #[account(mut)]
    pub person: Own<Person>,
    /// The person's stake, if it should count.
    pub stake: Option<Own<Stake>>,
    /// The ballot to create.
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [BALLOT_SEED, realm.address().as_ref(), person.address().as_ref(), &epoch.to_le_bytes()],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub ballot: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// The budget of a person in an epoch: b₀ + min(b_max, ⌊stake deposited before it / atoms per credit⌋). Atoms and credits.
#[inline(never)]
pub(crate) fn budget_in(rules: &Rules, person: &Address, stake: Option<&Own<Stake>>, epoch: u32) -> Result<(u64, u32)> {
    let stake_atoms = match stake {
        Some(stake) => {
            require!(same(&stake.person, person), GovernanceError::StakeOfOtherPerson);
            stake.active_atoms(epoch)
        }
        None => 0,
    };
    let budget = credits::budget_floor(
        rules.base_credits.get(),
        rules.max_bonus_credits.get(),
        rules.stake_atoms_per_credit.get(),
        stake_atoms,
    )?;
    Ok((stake_atoms, budget))
}

/// Specification:
/// - the epoch is the current one; the person's wallet signs
/// - the person is active, not suspended, registered two epochs ago or earlier, delegates nothing in this epoch, and has opened no
///   ballot of it (G3)
/// - the budget is b₀ + min(b_max, ⌊stake deposited before the epoch / atoms per credit⌋); only the person's own stake counts
pub(crate) fn handler(ctx: &mut Context<OpenBallot>, epoch: u32) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    require!(
        accounts.realm.epoch_at(now)? == epoch,
        GovernanceError::EpochIsNotCurrent
    );
    accounts.person.validate_can_open_ballot(epoch, now)?;
    accounts.realm.roll(epoch)?;
    let person = *accounts.person.address();
    let (stake_atoms, budget) = budget_in(&accounts.realm.rules, &person, accounts.stake.as_ref(), epoch)?;
    let closable_from_ts = accounts.realm.epoch_end(epoch)?;
    let grace = accounts.realm.epoch_s.get().saturating_mul(BALLOT_GRACE_EPOCHS);

    accounts.person.last_ballot_epoch = epoch.into();
    accounts.realm.count_ballot()?;
    let realm = *accounts.realm.address();
    let seeds: [&[u8]; 4] = [BALLOT_SEED, realm.as_array(), person.as_array(), &epoch.to_le_bytes()];
    let payer = accounts.payer.account();
    let (mut ballot, bump): (Own<Ballot>, u8) = create_state(payer, accounts.ballot.account(), &seeds)?;
    ballot.version = LAYOUT_VERSION;
    ballot.bump = bump;
    ballot.bucket = accounts.person.bucket;
    ballot.epoch = epoch.into();
    ballot.realm = realm;
    ballot.person = person;
    ballot.rent_payer = *payer.address();
    ballot.closable_from_ts = closable_from_ts.into();
    ballot.closable_by_all_from_ts = epochs::later(closable_from_ts, grace)?.into();
    ballot.stake_atoms = stake_atoms.into();
    ballot.budget_credits = budget.into();
    accounts.realm.invariant()?;
    log(BallotOpened {
        ballot: *ballot.address(),
        person,
        stake_atoms: stake_atoms.into(),
        budget_credits: budget.into(),
        epoch: epoch.into(),
    });
    Ok(())
}
