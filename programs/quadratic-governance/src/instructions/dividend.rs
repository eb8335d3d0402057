//! `open_book`, `fund_dividend`, `claim_dividend` and `close_dividend`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    super::unstake::validate_destination,
    crate::{
        calls::{close_state, create_state, create_vault, lane_seeds, vault_atoms, TokenMove},
        constants::*,
        errors::GovernanceError,
        events::{log, BookOpened, DividendChanged, DividendClaimed},
        instructions::now_ts,
        math::{credits, epoch as epochs},
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::token::MintState,
    pinocchio::cpi::{Seed, Signer as PdaSigner},
};

/// Accounts of `open_book`.
#[derive(Accounts)]
#[cfg_attr(feature = "idl-build", instruction(lane: u8))]
pub struct OpenBook {
    /// Pays for the book; anybody.
    #[account(mut)]
    pub payer: Signer,
    /// The realm.
    pub realm: Own<Realm>,
    /// The mint.
    pub mint: UncheckedAccount,
    /// The book to create.
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [BOOK_SEED, realm.address().as_ref(), &[lane], mint.address().as_ref()],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub book: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// Specification:
/// - the lane is one of four; the mint is an initialised one of a token program
pub(crate) fn book_handler(ctx: &mut Context<OpenBook>, lane: u8) -> Result<()> {
    let accounts = &mut ctx.accounts;
    require!(usize::from(lane) < LANES, GovernanceError::LaneOutOfBounds);
    let mint = accounts.mint.account();
    // SAFETY: the bytes are only read; nothing else runs meanwhile.
    MintState::read(mint.owner(), unsafe { mint.borrow_unchecked() }).map_err(|_| GovernanceError::MintRefused)?;
    let realm = accounts.realm.address();
    let seeds: [&[u8]; 4] = [BOOK_SEED, realm.as_array(), &[lane], mint.address().as_array()];
    let payer = accounts.payer.account();
    let (mut book, bump): (Own<TokenBook>, u8) = create_state(payer, accounts.book.account(), &seeds)?;
    book.version = LAYOUT_VERSION;
    book.bump = bump;
    book.lane = lane;
    book.realm = *realm;
    book.mint = *mint.address();
    book.rent_payer = *payer.address();
    log(BookOpened {
        realm: *realm,
        book: *book.address(),
        mint: *mint.address(),
        lane,
    });
    Ok(())
}

/// Accounts of `fund_dividend`.
#[derive(Accounts)]
#[cfg_attr(feature = "idl-build", instruction(epoch: u32))]
pub struct FundDividend {
    /// Pays for dividend and vault and gets their rent back; anybody.
    #[account(mut)]
    pub payer: Signer,
    /// The realm; it counts dividends.
    #[account(mut)]
    pub realm: Own<Realm>,
    /// Lane 3's book of the mint, for what faking a person costs.
    pub book: Own<TokenBook>,
    /// Lane 3's treasury.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(treasury.address(), &realm.treasuries[3]) @ ErrorCode::ConstraintAddress))]
    pub treasury: UncheckedAccount,
    /// Its associated token account of the mint.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = book.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &book.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The dividend to create.
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [DIVIDEND_SEED, realm.address().as_ref(), mint.address().as_ref(), &epoch.to_le_bytes()],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub dividend: UncheckedAccount,
    /// Its vault to create.
    #[cfg_attr(
        feature = "idl-build",
        account(mut, seeds = [DIVIDEND_VAULT_SEED, dividend.address().as_ref()], bump)
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub vault: UncheckedAccount,
    /// The token program of the mint.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), mint.account().owner()) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

/// Specification:
/// - the epoch is the last one, so that its challenges are over and its ballots counted; one dividend for each mint and epoch, at
///   most eight an epoch
/// - everybody with a ballot of it gets ⌊what lane 3's associated account holds / ballots⌋, below a twentieth of what a vote has said faking
///   a person costs; what is over stays in the lane
/// - the vault gains exactly what is shared
pub(crate) fn fund_handler(ctx: &mut Context<FundDividend>, epoch: u32) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now)?;
    require!(
        epoch.checked_add(1) == Some(current_epoch),
        GovernanceError::EpochIsNotCurrent
    );
    accounts.realm.roll(current_epoch)?;
    // a clock that steps back over an epoch's edge would count the ballots of another epoch
    require!(
        accounts.realm.counted_epoch == current_epoch,
        GovernanceError::EpochIsNotCurrent
    );
    let realm = *accounts.realm.address();
    accounts.book.validate(&realm, DIVIDEND_LANE, accounts.mint.address())?;
    let identity_cost = accounts.book.identity_cost_atoms.get();
    require!(identity_cost != 0, GovernanceError::DividendUnbounded);
    validate_destination(accounts.source.account(), accounts.treasury.address())?;
    // anybody can open accounts for the lane: a crumb in another one would take the place of the epoch's dividend
    let source_seeds: [&[u8]; 3] = [
        accounts.treasury.address().as_array(),
        accounts.token_program.address().as_array(),
        accounts.mint.address().as_array(),
    ];
    anchor_lang::find_and_verify_program_address(&source_seeds, &ASSOCIATED_TOKEN, accounts.source.address())
        .map_err(|_| anchor_lang::ErrorCode::ConstraintSeeds)?;
    let persons = accounts.realm.ballots_before.get();
    require!(persons != 0, GovernanceError::NothingToShare);
    let held = vault_atoms(accounts.source.account())?;
    let share_atoms = credits::dividend_share_floor(held, persons, identity_cost, DIVIDEND_DIVISOR)?;
    require!(share_atoms != 0, GovernanceError::NothingToShare);
    let funded_atoms = share_atoms
        .checked_mul(u64::from(persons))
        .ok_or(GovernanceError::ArithmeticOverflow)?;
    let index = accounts.realm.dividends_in_epoch;
    require!(index < MAX_DIVIDENDS, GovernanceError::DividendsExhausted);
    accounts.realm.dividends_in_epoch = index.saturating_add(1);

    let payer = accounts.payer.account();
    let mint = accounts.mint.account();
    let seeds: [&[u8]; 4] = [
        DIVIDEND_SEED,
        realm.as_array(),
        mint.address().as_array(),
        &epoch.to_le_bytes(),
    ];
    let (mut dividend, bump): (Own<Dividend>, u8) = create_state(payer, accounts.dividend.account(), &seeds)?;
    let vault_bump = create_vault(
        payer,
        accounts.vault.account(),
        DIVIDEND_VAULT_SEED,
        mint,
        accounts.token_program.address(),
        accounts.dividend.address(),
    )?;
    let grace = accounts.realm.epoch_s.get().saturating_mul(BALLOT_GRACE_EPOCHS);
    dividend.version = LAYOUT_VERSION;
    dividend.bump = bump;
    dividend.vault_bump = vault_bump;
    dividend.index = index;
    dividend.epoch = epoch.into();
    dividend.realm = realm;
    dividend.mint = *mint.address();
    dividend.vault = *accounts.vault.address();
    dividend.rent_payer = *payer.address();
    dividend.funded_atoms = funded_atoms.into();
    dividend.share_atoms = share_atoms.into();
    dividend.persons = persons.into();
    // as long as anybody else can close the ballots that claim
    dividend.closable_from_ts = epochs::later(accounts.realm.epoch_start(current_epoch)?, grace)?.into();
    let (lane, lane_bump) = ([DIVIDEND_LANE], [accounts.realm.treasury_bumps[3]]);
    let vault_atoms = TokenMove {
        token_program: accounts.token_program.address(),
        mint,
        vault: accounts.vault.account(),
        other: accounts.source.account(),
        authority: accounts.treasury.account(),
    }
    .pull(funded_atoms, &[PdaSigner::from(&lane_seeds(&realm, &lane, &lane_bump))])?;
    dividend.invariant(vault_atoms)?;
    announce_dividend(&dividend, PodU64::ZERO, 1);
    Ok(())
}

/// Seeds of a dividend's signature.
fn dividend_seeds<'a>(dividend: &'a Dividend, bump: &'a [u8; 1]) -> [Seed<'a>; 5] {
    [
        Seed::from(DIVIDEND_SEED),
        Seed::from(dividend.realm.as_array()),
        Seed::from(dividend.mint.as_array()),
        Seed::from(bytemuck::bytes_of(&dividend.epoch)),
        Seed::from(bump),
    ]
}

#[inline(never)]
fn announce_dividend(dividend: &Own<Dividend>, returned_atoms: PodU64, open: u8) {
    log(DividendChanged {
        realm: dividend.realm,
        dividend: *dividend.address(),
        mint: dividend.mint,
        funded_atoms: dividend.funded_atoms,
        share_atoms: dividend.share_atoms,
        returned_atoms,
        epoch: dividend.epoch,
        persons: dividend.persons,
        claims: dividend.claims,
        index: dividend.index,
        open,
    });
}

/// Accounts of `claim_dividend`.
#[derive(Accounts)]
pub struct ClaimDividend {
    /// The person's wallet.
    #[cfg_attr(feature = "idl-build", account(address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The person.
    #[cfg_attr(feature = "idl-build", account(address = ballot.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &ballot.person) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The person's ballot of the dividend's epoch; it remembers the claim.
    #[account(mut)]
    pub ballot: Own<Ballot>,
    /// The dividend.
    #[account(
        mut,
        constraint = same(&dividend.realm, &ballot.realm) && dividend.epoch == ballot.epoch
            @ GovernanceError::DividendMismatch
    )]
    pub dividend: Own<Dividend>,
    /// Its vault.
    #[cfg_attr(feature = "idl-build", account(mut, address = dividend.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault.address(), &dividend.vault) @ ErrorCode::ConstraintAddress))]
    pub vault: UncheckedAccount,
    /// A token account of the wallet.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = dividend.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &dividend.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), mint.account().owner()) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the wallet of an active person signs; the ballot is hers, of the dividend's epoch, and has not claimed it (G9)
/// - one share goes to a token account of the wallet; the vault loses exactly that and holds what the others can claim
pub(crate) fn claim_handler(ctx: &mut Context<ClaimDividend>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    accounts.person.validate_active(now)?;
    accounts.ballot.apply_dividend(accounts.dividend.index)?;
    accounts.dividend.apply_claim()?;
    validate_destination(accounts.destination.account(), accounts.wallet.address())?;
    let dividend = &accounts.dividend;
    let bump = [dividend.bump];
    let vault_atoms = TokenMove {
        token_program: accounts.token_program.address(),
        mint: accounts.mint.account(),
        vault: accounts.vault.account(),
        other: accounts.destination.account(),
        authority: dividend.account(),
    }
    .push(
        dividend.share_atoms.get(),
        &[PdaSigner::from(&dividend_seeds(dividend, &bump))],
    )?;
    dividend.invariant(vault_atoms)?;
    log(DividendClaimed {
        dividend: *dividend.address(),
        person: *accounts.person.address(),
        share_atoms: dividend.share_atoms,
        claims: dividend.claims,
    });
    Ok(())
}

/// Accounts of `close_dividend`. Nobody needs to sign.
#[derive(Accounts)]
pub struct CloseDividend {
    /// The realm, for its treasury.
    #[cfg_attr(feature = "idl-build", account(address = dividend.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &dividend.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The dividend.
    #[account(mut)]
    pub dividend: Own<Dividend>,
    /// Its vault.
    #[cfg_attr(feature = "idl-build", account(mut, address = dividend.vault))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(vault.address(), &dividend.vault) @ ErrorCode::ConstraintAddress))]
    pub vault: UncheckedAccount,
    /// A token account of lane 3.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// Who paid for dividend and vault.
    #[cfg_attr(feature = "idl-build", account(mut, address = dividend.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(rent_payer.address(), &dividend.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// The mint.
    #[cfg_attr(feature = "idl-build", account(address = dividend.mint))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(mint.address(), &dividend.mint) @ ErrorCode::ConstraintAddress))]
    pub mint: UncheckedAccount,
    /// The token program of the mint.
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(token_program.address(), mint.account().owner()) @ ErrorCode::ConstraintAddress))]
    pub token_program: UncheckedAccount,
}

/// Specification:
/// - the dividend's grace is over, or everybody has claimed and the epoch it was funded in has ended
/// - what nobody claimed returns to lane 3, rent to whoever paid it
pub(crate) fn close_handler(ctx: &mut Context<CloseDividend>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let dividend = &accounts.dividend;
    // while the same epoch could be shared, a dividend that closes would make room for another of the same voters
    let is_past = accounts.realm.epoch_at(now)?.saturating_sub(1) > dividend.epoch.get();
    let is_over = now >= dividend.closable_from_ts.get() || (is_past && dividend.claims == dividend.persons);
    require!(is_over, GovernanceError::DividendOpen);
    validate_destination(accounts.destination.account(), &accounts.realm.treasuries[3])?;
    let bump = [dividend.bump];
    let returned = TokenMove {
        token_program: accounts.token_program.address(),
        mint: accounts.mint.account(),
        vault: accounts.vault.account(),
        other: accounts.destination.account(),
        authority: dividend.account(),
    }
    .empty_and_close(
        accounts.rent_payer.account(),
        &[PdaSigner::from(&dividend_seeds(dividend, &bump))],
    )?;
    announce_dividend(dividend, returned.into(), 0);
    close_state(dividend.account(), accounts.rent_payer.account())
}
