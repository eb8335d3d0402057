//! `move_wallet` and `cancel_recovery`

use {
    super::{act_on_person::announce_person, register_person::create_link},
    crate::{calls::close_state, errors::GovernanceError, instructions::now_ts, state::*},
    anchor_lang::{prelude::*, ErrorCode},
};

/// Accounts of `move_wallet`.
#[derive(Accounts)]
pub struct MoveWallet {
    /// Pays for the new link; may be either wallet.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The present wallet; signs, unless a recovery is due.
    #[cfg_attr(feature = "idl-build", account(address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: UncheckedAccount,
    /// The wallet to be.
    pub new_wallet: Signer,
    /// The person.
    #[account(mut)]
    pub person: Own<Person>,
    /// The present wallet's link, closed by this.
    #[account(
        mut,
        constraint = same(&old_link.person, person.address()) @ GovernanceError::WalletMismatch,
        constraint = same(&old_link.wallet, wallet.address()) @ GovernanceError::WalletMismatch
    )]
    pub old_link: Own<PersonByWallet>,
    /// Who paid for that link; may be any of the wallets.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = old_link.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &old_link.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// The new wallet's link to create.
    // derived and created by the handler
    #[account(mut)]
    pub new_link: UncheckedAccount,
    /// Creates the link.
    pub system_program: Program<System>,
}

/// Specification:
/// - the registration is active; the new wallet signs and has no person in the realm
/// - the present wallet signs, or a recovery to the new one has waited its epoch
/// - from this instruction on the old wallet can do nothing for the person: ballots, drafts and pools ask for the wallet of the
///   moment; what was staked still returns to who deposited it
pub(crate) fn handler(ctx: &mut Context<MoveWallet>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    accounts.person.validate_active(now)?;
    let new_wallet = *accounts.new_wallet.address();
    if !accounts.wallet.account().is_signer() {
        let person = &accounts.person;
        let is_due = same(&person.recovery_wallet, &new_wallet) && now >= person.recovery_from_ts.get();
        require!(is_due, GovernanceError::RecoveryNotDue);
    }
    let realm = accounts.person.realm;
    let person = &mut accounts.person;
    person.wallet = new_wallet;
    person.recovery_wallet = Address::default();
    person.recovery_from_ts = PodI64::ZERO;
    person.count_statement()?;
    create_link(
        accounts.payer.account(),
        accounts.new_link.account(),
        &realm,
        &new_wallet,
        accounts.person.address(),
    )?;
    // after the call that creates: the runtime would see a payer who has the old link's rent, and that link still full
    close_state(accounts.old_link.account(), accounts.rent_payer.account())?;
    announce_person(&accounts.person, 6);
    Ok(())
}

/// Accounts of `cancel_recovery`.
#[derive(Accounts)]
pub struct CancelRecovery {
    /// The present wallet.
    #[cfg_attr(feature = "idl-build", account(address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The person.
    #[account(mut)]
    pub person: Own<Person>,
}

/// Specification:
/// - a recovery is under way; the present wallet signs, and it is over
pub(crate) fn cancel_handler(ctx: &mut Context<CancelRecovery>) -> Result<()> {
    let person = &mut ctx.accounts.person;
    require!(
        person.recovery_wallet != Address::default(),
        GovernanceError::NoRecovery
    );
    person.recovery_wallet = Address::default();
    person.recovery_from_ts = PodI64::ZERO;
    announce_person(person, 7);
    Ok(())
}
