//! `open_jury`, `enroll_juror`, `leave_jury`

use {
    super::{log_step, Marks},
    crate::{
        calls::{close_state, create_state, pay_lamports_or, transfer_lamports},
        constants::*,
        errors::EscrowError,
        instructions::link_person::open_link,
        state::*,
    },
    anchor_lang::prelude::*,
};

/// Accounts of `open_jury`.
#[derive(Accounts)]
pub struct OpenJury {
    /// Pays the rent, for good.
    #[account(mut)]
    pub payer: Signer,
    /// The config.
    pub config: Own<EscrowConfig>,
    /// The jury to create, PDA `["jury", config]`.
    #[account(mut)]
    pub jury: UncheckedAccount,
    /// Creates the account.
    #[cfg(feature = "idl-build")]
    pub system_program: Program<System>,
    #[cfg(not(feature = "idl-build"))]
    #[allow(missing_docs)]
    pub system_program: UncheckedAccount,
}

/// Accounts of `enroll_juror`.
#[derive(Accounts)]
pub struct EnrollJuror {
    /// The person's wallet; pays stake and rent.
    #[account(mut)]
    pub wallet: Signer,
    /// The config.
    #[cfg_attr(feature = "idl-build", account(address = jury.config))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(config.address(), &jury.config) @ ErrorCode::ConstraintAddress))]
    pub config: Own<EscrowConfig>,
    /// The jury.
    #[account(mut)]
    pub jury: Own<Jury>,
    /// The person, an account of the governance program.
    pub person: UncheckedAccount,
    /// The person's link, PDA `["link", person]`; created by its first use.
    #[account(mut)]
    pub link: UncheckedAccount,
    /// The juror to create, PDA `["juror", jury, index u32 LE]`.
    #[account(mut)]
    pub juror: UncheckedAccount,
    /// Creates the accounts and moves the stake.
    #[cfg(feature = "idl-build")]
    pub system_program: Program<System>,
    #[cfg(not(feature = "idl-build"))]
    #[allow(missing_docs)]
    pub system_program: UncheckedAccount,
}

/// Accounts of `leave_jury`.
#[derive(Accounts)]
pub struct LeaveJury {
    /// The person's wallet; anybody where the registration is revoked or expired.
    pub signer: Signer,
    /// The jury.
    #[account(mut)]
    pub jury: Own<Jury>,
    /// The juror, closed by this.
    #[cfg_attr(feature = "idl-build", account(mut))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(&juror.jury, jury.address()) @ EscrowError::WrongCase))]
    pub juror: Own<Juror>,
    /// The person.
    #[cfg_attr(feature = "idl-build", account(address = juror.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &juror.person) @ ErrorCode::ConstraintAddress))]
    pub person: UncheckedAccount,
    /// The person's link.
    #[cfg_attr(feature = "idl-build", account(mut))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(&link.person, &juror.person) @ EscrowError::NotLinked))]
    pub link: Own<PersonLink>,
    /// The person's wallet; gets the stake.
    #[account(mut, unsafe(dup))]
    pub wallet: UncheckedAccount,
    /// Gets the rent it paid.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = juror.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &juror.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - one jury a config; anybody opens it
pub fn open_jury(a: &mut OpenJury) -> Step {
    let seeds: [&[u8]; 2] = [JURY_SEED, a.config.address().as_array()];
    let mut jury: Own<Jury> = create_state(a.payer.account(), a.jury.account(), &seeds)?;
    jury.config_id = a.config.id;
    jury.config = *a.config.address();
    jury.realm = a.config.realm;
    let marks = Marks {
        step: 45,
        ..Marks::default()
    };
    log_step(
        a.config.address().as_array(),
        jury.address(),
        a.payer.address(),
        0,
        marks,
    );
    Ok(())
}

/// Specification:
/// - the wallet of an active person of the config's realm signs; a person is on one jury and in one place
/// - it takes an empty place while there is any, else the next: the jury is never sparser than it has to be
/// - the stake is at least what the config asks
/// - disputes that are open already are not for it
pub fn enroll_juror(a: &mut EnrollJuror, index: u32, stake_lamports: u64) -> Step {
    let now = now()?;
    let person = *a.person.address();
    let view = read_active_person(a.person.account(), &a.config.realm, now.ts)?;
    require!(same(&view.wallet, a.wallet.address()), EscrowError::NotThePerson);
    require!(
        stake_lamports >= a.config.court.juror_stake_lamports.get(),
        EscrowError::StakeTooSmall
    );
    a.jury.apply_enrollment(index)?;
    let wallet = a.wallet.account();
    let mut link = open_link(wallet, a.link.account(), &person)?;
    require!(link.juror_index_plus_one.is_zero(), EscrowError::AlreadyLinked);
    link.juror_index_plus_one = checked(index.checked_add(1))?.into();
    let seeds: [&[u8]; 3] = [JUROR_SEED, a.jury.address().as_array(), &index.to_le_bytes()];
    let mut juror: Own<Juror> = create_state(wallet, a.juror.account(), &seeds)?;
    juror.index = index.into();
    juror.jury = *a.jury.address();
    juror.person = person;
    juror.rent_payer = *wallet.address();
    juror.stake_lamports = stake_lamports.into();
    juror.enrolled_slot = now.slot.into();
    transfer_lamports(wallet, a.juror.account(), stake_lamports);
    log_move(&juror, 46);
    Ok(())
}

fn log_move(juror: &Own<Juror>, step: u8) {
    let marks = Marks {
        step,
        ..Marks::default()
    };
    log_step(
        juror.person.as_array(),
        juror.address(),
        &juror.rent_payer,
        juror.stake_lamports.get(),
        marks,
    );
}

/// Specification:
/// - the person's wallet signs; anybody where the registration is revoked or expired
/// - no seat of the juror is open
/// - the stake goes to the person's wallet, the rent to who paid it; the place is for the next one
pub fn leave_jury(a: &mut LeaveJury) -> Step {
    let view = read_person(a.person.account())?;
    let is_active = same(&view.realm, &a.jury.realm) && view.is_active(now()?.ts);
    require!(
        !is_active || same(&view.wallet, a.signer.address()),
        EscrowError::NotThePerson
    );
    require!(same(&view.wallet, a.wallet.address()), EscrowError::NotThePerson);
    require!(a.juror.seats.is_zero(), EscrowError::JurorSeated);
    a.jury.apply_departure()?;
    a.link.juror_index_plus_one = PodU32::ZERO;
    log_move(&a.juror, 47);
    let (juror, rent_payer) = (a.juror.account(), a.rent_payer.account());
    pay_lamports_or(juror, a.wallet.account(), rent_payer, a.juror.stake_lamports.get())?;
    close_state(juror, rent_payer)
}
