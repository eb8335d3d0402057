//! `enroll_chamber`, `refresh_seat`, `close_seat` and `veto_as_chamber`
// The accounts macro also writes functions that take the instruction argument and leave it unused.
#![allow(unused_variables)]

use {
    super::{cancel_proposal::announce_end, veto::override_until},
    crate::{
        calls::{close_state, create_state},
        constants::*,
        errors::GovernanceError,
        events::{log, ChamberVetoed, SeatChanged},
        instructions::now_ts,
        state::*,
    },
    anchor_lang::{prelude::*, ErrorCode},
    commonweal_interface::views::{pool_config, provider_authority, LockView, SlotView},
};

/// Accounts of `enroll_chamber`.
#[derive(Accounts)]
#[cfg_attr(feature = "idl-build", instruction(chamber: u8))]
pub struct EnrollChamber {
    /// The person's wallet; pays for the seat and gets its rent back.
    #[cfg_attr(feature = "idl-build", account(mut, address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The realm; it counts seats.
    #[cfg_attr(feature = "idl-build", account(mut, address = person.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &person.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person.
    pub person: Own<Person>,
    /// The seat to create.
    #[cfg_attr(
        feature = "idl-build",
        account(
            mut,
            seeds = [CHAMBER_SEED, realm.address().as_ref(), &[chamber], person.address().as_ref()],
            bump
        )
    )]
    #[cfg_attr(not(feature = "idl-build"), account(mut))]
    pub seat: UncheckedAccount,
    /// A lock of the wallet's in the liquidity pool, or a slot of its in the escrow.
    pub evidence: UncheckedAccount,
    /// The lock's pool, or the slot's provider.
    pub parent: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

/// The lock, if it is the wallet's own and holds something until after `until_ts`.
#[inline(never)]
fn lock_of(evidence: &AccountView, wallet: &Address, until_ts: i64) -> Option<LockView> {
    // SAFETY: the fields are copied out; nothing else runs meanwhile.
    let lock = LockView::read(evidence.owner(), unsafe { evidence.borrow_unchecked() }).ok()?;
    let holds = same(&lock.owner, wallet) && lock.lp_atoms != 0 && lock.unlock_ts > until_ts;
    holds.then_some(lock)
}

#[inline(never)]
fn slot_of(evidence: &AccountView) -> Option<SlotView> {
    // SAFETY: the fields are copied out; nothing else runs meanwhile.
    SlotView::read(evidence.owner(), unsafe { evidence.borrow_unchecked() }).ok()
}

/// Whether the slot has finished jobs that nobody has looked at: `refresh_seat` says when.
fn has_new_jobs(evidence: &AccountView, seat: &ChamberSeat) -> bool {
    slot_of(evidence).is_some_and(|slot| slot.jobs_completed > seat.jobs_seen.get())
}

impl EnrollChamber {
    /// Whether lock or slot earn a seat of the realm's. Jobs finished so far, for a slot.
    fn earned(&self, chamber: u8, now_ts: i64) -> Option<u32> {
        let (evidence, parent) = (self.evidence.account(), self.parent.account());
        let wallet = self.wallet.address();
        // SAFETY: the fields are copied out; nothing else runs meanwhile.
        let parent_data = unsafe { parent.borrow_unchecked() };
        match chamber {
            LIQUIDITY_CHAMBER => {
                let lock = lock_of(evidence, wallet, now_ts)?;
                let config = pool_config(parent.owner(), parent_data).ok()?;
                let is_ours = same(&lock.pool, parent.address()) && same(&config, &self.realm.liquidity_config);
                is_ours.then_some(0)
            }
            _ => {
                let slot = slot_of(evidence)?;
                let authority = provider_authority(parent.owner(), parent_data).ok()?;
                let is_ours = same(&slot.provider, parent.address())
                    && same(&authority, wallet)
                    && u32::from(slot.config_id).checked_add(1) == Some(self.realm.escrow_config_number.get());
                is_ours.then_some(slot.jobs_completed)
            }
        }
    }
}

/// Specification:
/// - an active person's wallet signs; the person has no seat in the chamber
/// - liquidity: the wallet's own lock, not over yet, in a pool of the realm's config; the seat counts from the next epoch on
/// - providers: a slot of the wallet's own provider under the realm's escrow config; the seat counts when the slot has finished
///   jobs in two epochs in a row (`refresh_seat`)
pub(crate) fn enroll_handler(ctx: &mut Context<EnrollChamber>, chamber: u8) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    require!(usize::from(chamber) < CHAMBERS, GovernanceError::ChamberUnknown);
    accounts.person.validate_active(now)?;
    let jobs = accounts.earned(chamber, now).ok_or(GovernanceError::SeatRefused)?;
    let current_epoch = accounts.realm.epoch_at(now)?;
    accounts.realm.roll(current_epoch)?;
    let counts = chamber == LIQUIDITY_CHAMBER;
    let active_from = if counts {
        accounts.realm.count_seat(chamber)?;
        crate::math::epoch::add(current_epoch, 1)?
    } else {
        NO_EPOCH
    };
    accounts.realm.invariant()?;
    let (realm, person) = (accounts.realm.address(), accounts.person.address());
    let seeds: [&[u8]; 4] = [CHAMBER_SEED, realm.as_array(), &[chamber], person.as_array()];
    let wallet = accounts.wallet.account();
    let (mut seat, bump): (Own<ChamberSeat>, u8) = create_state(wallet, accounts.seat.account(), &seeds)?;
    seat.version = LAYOUT_VERSION;
    seat.bump = bump;
    seat.chamber = chamber;
    seat.active_from_epoch = active_from.into();
    seat.realm = *realm;
    seat.person = *person;
    seat.evidence = *accounts.evidence.address();
    seat.rent_payer = *wallet.address();
    seat.jobs_seen = jobs.into();
    seat.work_epoch = current_epoch.into();
    announce_seat(&seat, 1);
    Ok(())
}

#[inline(never)]
fn announce_seat(seat: &Own<ChamberSeat>, open: u8) {
    log(SeatChanged {
        seat: *seat.address(),
        person: seat.person,
        evidence: seat.evidence,
        active_from_epoch: seat.active_from_epoch,
        work_epoch: seat.work_epoch,
        chamber: seat.chamber,
        working_epochs: seat.working_epochs,
        open,
    });
}

/// Accounts of `refresh_seat`. Nobody needs to sign.
#[derive(Accounts)]
pub struct RefreshSeat {
    /// The realm; it counts seats.
    #[cfg_attr(feature = "idl-build", account(mut, address = seat.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &seat.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The provider's seat.
    #[account(mut)]
    pub seat: Own<ChamberSeat>,
    /// Its slot.
    #[cfg_attr(feature = "idl-build", account(address = seat.evidence))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(evidence.address(), &seat.evidence) @ ErrorCode::ConstraintAddress))]
    pub evidence: UncheckedAccount,
}

/// Specification:
/// - the slot has finished jobs since the seat was last refreshed, in an earlier epoch
/// - after two such epochs in a row the seat counts from the next epoch on
pub(crate) fn refresh_handler(ctx: &mut Context<RefreshSeat>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now_ts()?)?;
    require!(
        accounts.seat.chamber == PROVIDER_CHAMBER,
        GovernanceError::ChamberUnknown
    );
    let slot = slot_of(accounts.evidence.account()).ok_or(GovernanceError::SeatRefused)?;
    require!(
        current_epoch > accounts.seat.work_epoch.get() && slot.jobs_completed > accounts.seat.jobs_seen.get(),
        GovernanceError::SeatNotEligible
    );
    accounts.realm.roll(current_epoch)?;
    if accounts.seat.apply_work(slot.jobs_completed, current_epoch)? {
        accounts.realm.count_seat(PROVIDER_CHAMBER)?;
    }
    announce_seat(&accounts.seat, 1);
    Ok(())
}

/// Accounts of `close_seat`.
#[derive(Accounts)]
pub struct CloseSeat {
    /// The person's wallet; anybody where the seat is not earned any more.
    pub authority: Signer,
    /// The realm; it counts seats.
    #[cfg_attr(feature = "idl-build", account(mut, address = seat.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(realm.address(), &seat.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person.
    #[cfg_attr(feature = "idl-build", account(address = seat.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &seat.person) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The seat.
    #[account(mut)]
    pub seat: Own<ChamberSeat>,
    /// Its lock or slot.
    #[cfg_attr(feature = "idl-build", account(address = seat.evidence))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(evidence.address(), &seat.evidence) @ ErrorCode::ConstraintAddress))]
    pub evidence: UncheckedAccount,
    /// Who paid for the seat; may be the authority.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = seat.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &seat.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
}

/// Specification:
/// - the person's wallet signs, or the seat is not earned any more: the person is revoked or expired, the lock is over, empty or
///   another's, or no job was finished for three epochs; so that what a third of the seats is follows who sits there
/// - the seat leaves the count, and rent returns to whoever paid it
pub(crate) fn close_handler(ctx: &mut Context<CloseSeat>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let current_epoch = accounts.realm.epoch_at(now)?;
    let (seat, person) = (&accounts.seat, &accounts.person);
    let is_earned = !person.is_strippable(now)
        && match seat.chamber {
            LIQUIDITY_CHAMBER => lock_of(accounts.evidence.account(), &person.wallet, now).is_some(),
            _ => !seat.is_idle(current_epoch) || has_new_jobs(accounts.evidence.account(), seat),
        };
    require!(
        !is_earned || same(accounts.authority.address(), &person.wallet),
        GovernanceError::SeatInUse
    );
    accounts.realm.roll(current_epoch)?;
    if seat.is_counted() {
        accounts.realm.discount_seat(seat.chamber)?;
    }
    announce_seat(&accounts.seat, 0);
    close_state(accounts.seat.account(), accounts.rent_payer.account())
}

/// Accounts of `veto_as_chamber`.
#[derive(Accounts)]
pub struct VetoAsChamber {
    /// The person's wallet.
    #[cfg_attr(feature = "idl-build", account(address = person.wallet))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(wallet.address(), &person.wallet) @ ErrorCode::ConstraintAddress))]
    pub wallet: Signer,
    /// The realm, for its clock.
    #[cfg_attr(feature = "idl-build", account(address = proposal.realm))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(realm.address(), &proposal.realm) @ ErrorCode::ConstraintAddress))]
    pub realm: Own<Realm>,
    /// The person.
    #[cfg_attr(feature = "idl-build", account(address = seat.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &seat.person) @ ErrorCode::ConstraintAddress))]
    pub person: Own<Person>,
    /// The person's seat.
    #[account(mut, constraint = same(&seat.realm, realm.address()) @ GovernanceError::SeatNotEligible)]
    pub seat: Own<ChamberSeat>,
    /// Its lock or slot.
    #[cfg_attr(feature = "idl-build", account(address = seat.evidence))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(evidence.address(), &seat.evidence) @ ErrorCode::ConstraintAddress))]
    pub evidence: UncheckedAccount,
    /// The proposal in its timelock.
    #[account(mut)]
    pub proposal: Own<Proposal>,
}

/// Specification:
/// - an active person's wallet signs; the seat counted before the proposal's submission epoch began
/// - the lock outlasts the timelock, or the provider has finished a job in the last epochs
/// - the proposal touches the chamber's program, is in its timelock, and no vote over a veto was called
/// - each seat once; with a third of the chamber's frozen seats, five at least, the proposal is vetoed
pub(crate) fn veto_handler(ctx: &mut Context<VetoAsChamber>) -> Result<()> {
    let now = now_ts()?;
    let accounts = &mut ctx.accounts;
    let (seat, proposal) = (&mut accounts.seat, &mut accounts.proposal);
    accounts.person.validate_active(now)?;
    proposal.validate_veto(now)?;
    require!(proposal.is(Status::Succeeded), GovernanceError::VetoTooLate);
    let chamber = seat.chamber;
    require!(
        proposal.touches & (1 << chamber) != 0,
        GovernanceError::ProposalNotTouching
    );
    seat.validate_for(proposal.vote_epoch.get())?;
    let until_ts = proposal.executable_from_ts.get();
    let holds = match chamber {
        LIQUIDITY_CHAMBER => lock_of(accounts.evidence.account(), accounts.wallet.address(), until_ts).is_some(),
        _ => !seat.is_idle(accounts.realm.epoch_at(now)?),
    };
    require!(holds, GovernanceError::SeatNotEligible);
    seat.apply_veto(proposal.index.get(), until_ts, now)?;
    let least = Floors::of(accounts.realm.is_rehearsal()).chamber_seats;
    let (seats, of) = proposal.apply_chamber_veto(chamber)?;
    log(ChamberVetoed {
        proposal: *proposal.address(),
        seat: *seat.address(),
        seats: seats.into(),
        of_seats: of.into(),
        chamber,
    });
    let enough = seats >= least && u64::from(seats).saturating_mul(u64::from(VETO_DIVISOR)) >= u64::from(of);
    if enough {
        proposal.apply_veto(VETO_CHAMBER, override_until(&accounts.realm, now)?);
        announce_end(proposal, 0);
    }
    Ok(())
}
