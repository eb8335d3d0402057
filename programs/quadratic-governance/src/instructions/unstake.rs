//! `unstake`

use {
    crate::{
        calls::{stake_seeds, TokenMove},
        errors::GovernanceError,
        events::{log, StakeChanged},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::token::TokenState,
    pinocchio::cpi::Signer as PdaSigner,
};

/// Accounts of `unstake`.
#[derive(Accounts)]
pub struct WithdrawStake {
    /// The depositor.
    #[cfg_attr(feature = "idl-build", account(address = stake.depositor))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(depositor.address(), &stake.depositor) @ ErrorCode::ConstraintAddress))]
    pub depositor: Signer,
    /// The realm, for its epoch.
    #[cfg_attr(feature = "idl-build", account(address = stake.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &stake.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person, for its last ballot.
    #[cfg_attr(feature = "idl-build", account(address = stake.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &stake.person) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The stake.
    #[account(mut)]
    pub stake: Own<Stake>,
    /// The stake's vault.
    #[cfg_attr(feature = "idl-build", account(mut, address = stake.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault.address(), &stake.vault) @ ErrorCode::ConstraintAddress))]
    pub vault: UncheckedAccount,
    /// A token account of the depositor.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The governing mint.
    #[cfg_attr(feature = "idl-build", account(address = stake.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &stake.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), mint.account().owner()) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// The account is a token account of the depositor, so that a stake cannot be led elsewhere.
#[inline(never)]
pub fn validate_destination(destination: &AccountView, depositor: &Address) -> Result<()> {
    // SAFETY: the fields are copied out; nothing else runs meanwhile.
    let state = TokenState::read(destination.owner(), unsafe { destination.borrow_unchecked() })
        .map_err(|_| GovernanceError::NotTheDepositorsAccount)?;
    require!(&state.owner == depositor, GovernanceError::NotTheDepositorsAccount);
    Ok(())
}

/// Specification:
/// - the amount is not zero and within the stake
/// - no ballot of the current epoch was opened by the person, and nothing is delegated (G5)
/// - the destination belongs to the depositor; the vault loses exactly the amount
pub(crate) fn handler(ctx: &mut Context<WithdrawStake>, amount_atoms: u64) -> Result<()> {
    require!(amount_atoms != 0, GovernanceError::AmountIsZero);
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now_ts()?)?;
    require!(!accounts.person.votes_live(current_epoch), GovernanceError::StakeCounts);
    require!(
        !accounts.person.delegation_lives(current_epoch),
        GovernanceError::StakeDelegated
    );
    validate_destination(accounts.destination.account(), accounts.depositor.address())?;
    accounts.stake.apply_withdrawal(amount_atoms)?;
    let bump = [accounts.stake.bump];
    let vault_atoms = TokenMove {
        token_program: accounts.token_program.address(),
        mint: accounts.mint.account(),
        vault: accounts.vault.account(),
        other: accounts.destination.account(),
        authority: accounts.stake.account(),
    }
    .push(amount_atoms, &[PdaSigner::from(&stake_seeds(&accounts.stake, &bump))])?;
    accounts.stake.invariant(vault_atoms)?;
    log(StakeChanged {
        stake: *accounts.stake.address(),
        deposited_atoms: PodU64::ZERO,
        withdrawn_atoms: amount_atoms.into(),
        amount_atoms: accounts.stake.amount_atoms,
        epoch: current_epoch.into(),
    });
    Ok(())
}
