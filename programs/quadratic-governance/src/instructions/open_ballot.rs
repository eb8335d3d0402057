//! `open_ballot`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    crate::{
        constants::*,
        errors::GovernanceError,
        events::BallotOpened,
        instructions::now_ts,
        math::{credits, epoch as epochs},
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `open_ballot`.
#[derive(Accounts)]
#[instruction(epoch: u32)]
pub struct OpenBallot {
    /// Pays for the ballot and gets its rent back; may be the voter.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The person's wallet.
    #[account(address = person.wallet)]
    pub wallet: Signer,
    /// The realm; it counts ballots.
    #[account(mut, address = person.realm)]
    pub realm: Account<Realm>,
    /// The person; it remembers the epoch.
    #[account(mut)]
    pub person: Account<Person>,
    /// The person's stake, if it should count.
    pub stake: Option<Account<Stake>>,
    /// The ballot to create.
    #[account(
        init,
        payer = payer,
        seeds = [BALLOT_SEED, realm.address().as_ref(), person.address().as_ref(), &epoch.to_le_bytes()],
        bump
    )]
    pub ballot: Account<Ballot>,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the epoch is the current one; the person's wallet signs
/// - the person is active, registered two epochs ago or earlier, delegates nothing, and has opened no ballot of this epoch (G3)
/// - the budget is b₀ + min(b_max, ⌊stake deposited before the epoch / atoms per credit⌋); only the person's own stake counts
pub(crate) fn handler(ctx: &mut Context<OpenBallot>, epoch: u32) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    require!(
        accounts.realm.epoch_at(now)? == epoch,
        GovernanceError::EpochIsNotCurrent
    );
    accounts.person.validate_can_open_ballot(epoch, now)?;
    let person_address = *accounts.person.address();
    let stake_atoms = match &accounts.stake {
        Some(stake) => {
            require!(stake.person == person_address, GovernanceError::StakeOfOtherPerson);
            stake.active_atoms(epoch)
        }
        None => 0,
    };
    let rules = &accounts.realm.rules;
    let budget = credits::budget_floor(
        rules.base_credits.get(),
        rules.max_bonus_credits.get(),
        rules.stake_atoms_per_credit.get(),
        stake_atoms,
    )?;
    let closable_from_ts = accounts.realm.epoch_end(epoch)?;
    let grace = accounts.realm.epoch_s.get().saturating_mul(BALLOT_GRACE_EPOCHS);

    accounts.person.last_ballot_epoch = epoch.into();
    accounts.realm.roll(epoch);
    accounts.realm.count_ballot()?;
    let realm_address = *accounts.realm.address();
    let ballot_address = *accounts.ballot.address();
    let ballot = &mut *accounts.ballot;
    ballot.version = LAYOUT_VERSION;
    ballot.bump = ctx.bumps.ballot;
    ballot.bucket = accounts.person.bucket;
    ballot.epoch = epoch.into();
    ballot.realm = realm_address;
    ballot.person = person_address;
    ballot.voter = *accounts.wallet.address();
    ballot.rent_payer = *accounts.payer.address();
    ballot.closable_from_ts = closable_from_ts.into();
    ballot.closable_by_all_from_ts = epochs::later(closable_from_ts, grace)?.into();
    ballot.stake_atoms = stake_atoms.into();
    ballot.budget_credits = budget.into();
    ballot.invariant()?;
    accounts.realm.invariant()?;
    emit!(BallotOpened {
        ballot: ballot_address,
        person: person_address,
        stake_atoms: stake_atoms.into(),
        budget_credits: budget.into(),
        epoch: epoch.into(),
    });
    Ok(())
}
