//! `draw_panel`, `commit_vote`, `reveal_vote`, `report_leak`, `close_seat`

use {
    super::{check_incinerator, log_case, log_step, Marks},
    crate::{
        calls::{close_state, create_state, pay_lamports, pay_lamports_or},
        constants::*,
        errors::EscrowError,
        hash::{drawing, vote_commitment},
        math::deadline::Moment,
        state::*,
    },
    anchor_lang::{prelude::*, Address},
};

/// Accounts of `draw_panel`.
#[derive(Accounts)]
pub struct DrawPanel {
    /// Whoever draws; pays the seat's rent and gets it back; earns the bounty of a seat.
    #[account(mut)]
    pub cranker: Signer,
    /// The dispute.
    #[account(mut)]
    pub dispute: Own<Dispute>,
    /// The place drawn next, PDA `["juror", jury, index u32 LE]`; there may be nobody.
    #[account(mut)]
    pub juror: UncheckedAccount,
    /// The juror's person; any account of an empty place.
    pub person: UncheckedAccount,
    /// The person's seat in this dispute, PDA `["seat", dispute, person]`.
    #[account(mut)]
    pub seat: UncheckedAccount,
    /// Creates the seat.
    #[cfg(feature = "idl-build")]
    pub system_program: Program<System>,
    #[cfg(not(feature = "idl-build"))]
    #[allow(missing_docs)]
    pub system_program: UncheckedAccount,
}

/// Accounts of `commit_vote` and `reveal_vote`.
#[derive(Accounts)]
pub struct Vote {
    /// The person's wallet; is paid for the reveal.
    #[account(mut)]
    pub wallet: Signer,
    /// The dispute.
    #[account(mut)]
    pub dispute: Own<Dispute>,
    /// The seat.
    #[cfg_attr(feature = "idl-build", account(mut))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(&seat.dispute, dispute.address()) @ EscrowError::WrongCase))]
    pub seat: Own<JurorSeat>,
    /// Its person.
    #[cfg_attr(feature = "idl-build", account(address = seat.person))]
    #[cfg_attr(not(feature = "idl-build"), account(constraint = same(person.address(), &seat.person) @ ErrorCode::ConstraintAddress))]
    pub person: UncheckedAccount,
}

/// Accounts of `report_leak` and `close_seat`.
#[derive(Accounts)]
pub struct EndSeat {
    /// Whoever reports or closes; earns the part of a lost stake.
    #[account(mut, unsafe(dup))]
    pub actor: Signer,
    /// The dispute.
    #[account(mut)]
    pub dispute: Own<Dispute>,
    /// The seat; `close_seat` closes it.
    #[cfg_attr(feature = "idl-build", account(mut))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(&seat.dispute, dispute.address()) @ EscrowError::WrongCase))]
    pub seat: Own<JurorSeat>,
    /// The juror.
    #[cfg_attr(feature = "idl-build", account(mut, address = seat.juror))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, constraint = same(juror.address(), &seat.juror) @ ErrorCode::ConstraintAddress))]
    pub juror: Own<Juror>,
    /// Gets the seat's rent when it is closed.
    #[cfg_attr(feature = "idl-build", account(mut, unsafe(dup), address = seat.rent_payer))]
    #[cfg_attr(not(feature = "idl-build"), account(mut, unsafe(dup), constraint = same(rent_payer.address(), &seat.rent_payer) @ ErrorCode::ConstraintAddress))]
    pub rent_payer: UncheckedAccount,
    /// Gets what is burnt.
    #[account(mut)]
    pub incinerator: UncheckedAccount,
}

/// The place that is drawn next.
fn next_place(dispute: &Dispute) -> Step<u32> {
    let [seed, _] = &dispute.seeds;
    let number = drawing(seed, dispute.next_draw.get());
    let place = checked(number.checked_rem(u64::from(dispute.places.get())))?;
    checked(u32::try_from(place).ok())
}

/// The juror at the place, if somebody there may judge this dispute: enrolled before it was opened, an active person, no party, not
/// seated in it, with stake for another seat.
#[inline(never)]
fn candidate(a: &DrawPanel, index: u32, now: Moment) -> Step<Option<Own<Juror>>> {
    let dispute = &a.dispute;
    let account = a.juror.account();
    if !account.owned_by(&crate::ID) {
        // an empty place: the address shows which
        let seeds: [&[u8]; 3] = [JUROR_SEED, dispute.jury.as_array(), &index.to_le_bytes()];
        anchor_lang::find_and_verify_program_address(&seeds, &crate::ID, account.address())
            .map_err(|_| EscrowError::WrongCase)?;
        return Ok(None);
    }
    // SAFETY: no other reference to the juror's state is alive.
    let juror = unsafe { <Own<Juror> as anchor_lang::AnchorAccount>::load_mut(*account)? };
    require!(
        same(&juror.jury, &dispute.jury) && juror.index.get() == index && same(a.person.address(), &juror.person),
        EscrowError::WrongCase
    );
    let may = juror.enrolled_slot.get() < dispute.opened_slot.get()
        && juror.can_sit(dispute.terms.seat_fee_lamports.get())
        && may_judge(a, &juror.person, now)?;
    Ok(may.then_some(juror))
}

/// Whether a person is active, no party of the case and not seated in it.
#[inline(never)]
fn may_judge(a: &DrawPanel, person: &Address, now: Moment) -> Step<bool> {
    let dispute = &a.dispute;
    let view = read_person(a.person.account())?;
    let is_active = same(&view.realm, &dispute.realm) && view.is_active(now.ts);
    let [challenger, defender] = &dispute.parties;
    let is_party = same(person, &dispute.defender_person)
        || [challenger, defender, &dispute.client]
            .into_iter()
            .chain(&dispute.appellants)
            .any(|party| same(party, &view.wallet));
    let seat = a.seat.account();
    let is_seated = seat.owned_by(&crate::ID);
    if is_seated {
        let seat = <Own<JurorSeat> as anchor_lang::AnchorAccount>::load(*seat)?;
        require!(
            same(&seat.dispute, dispute.address()) && same(&seat.person, person),
            EscrowError::WrongCase
        );
    }
    Ok(is_active && !is_party && !is_seated)
}

/// Specification:
/// - the panel is being drawn and its time is not over; anybody draws the next place, which the seed and the number of the drawing
///   decide among the places there were at the opening
/// - an empty place, a juror enrolled later, a revoked or expired person, a party, a person seated in this dispute before, and a
///   juror without free stake are passed over
/// - else the juror has a seat and as much of its stake as the seat pays is held; the bounty comes out of the case
/// - the last seat opens the vote
pub fn draw_panel(a: &mut DrawPanel) -> Step {
    let now = now()?;
    a.dispute.validate_in_time(Phase::Draw, now)?;
    let index = next_place(&a.dispute)?;
    let juror = candidate(a, index, now)?;
    a.dispute.next_draw = checked(a.dispute.next_draw.get().checked_add(1))?.into();
    let Some(mut juror) = juror else {
        return Ok(());
    };
    juror.apply_seat(a.dispute.terms.seat_fee_lamports.get())?;
    let cranker = a.cranker.account();
    let seeds: [&[u8]; 3] = [SEAT_SEED, a.dispute.address().as_array(), juror.person.as_array()];
    let mut seat: Own<JurorSeat> = create_state(cranker, a.seat.account(), &seeds)?;
    seat.state = SEAT_DRAWN;
    seat.round = a.dispute.round;
    seat.attempt = a.dispute.attempt;
    seat.dispute = *a.dispute.address();
    seat.juror = *juror.address();
    seat.person = juror.person;
    seat.rent_payer = *cranker.address();
    a.dispute.apply_seat(now)?;
    let bounty = a.dispute.terms.bounty_lamports.get();
    a.dispute.charge(bounty)?;
    log_seat(&a.dispute, &seat, 52, 0, bounty);
    pay_lamports(a.dispute.account(), cranker, bounty)
}

/// That the wallet may vote from the seat now: its person is active, and the seat is of the present drawing and in `state`.
#[inline(never)]
fn check_vote(a: &Vote, phase: Phase, state: u8) -> Step<Moment> {
    let now = now()?;
    a.dispute.validate_in_time(phase, now)?;
    let view = read_active_person(a.person.account(), &a.dispute.realm, now.ts)?;
    require!(same(&view.wallet, a.wallet.address()), EscrowError::NotThePerson);
    require!(a.dispute.asks(&a.seat), EscrowError::WrongPhase);
    require!(a.seat.state == state, EscrowError::AlreadyDone);
    Ok(now)
}

/// Says what became of a seat.
#[inline(never)]
fn log_seat(dispute: &Dispute, seat: &Own<JurorSeat>, step: u8, ppm: u32, lamports: u64) {
    log_step(
        &dispute.uid,
        seat.address(),
        &seat.juror,
        lamports,
        Marks {
            ppm,
            step,
            state: seat.state,
            round: seat.round,
            outcome: 0,
        },
    );
}

/// Specification:
/// - the wallet of a seat's person commits once, in time: [`vote_commitment`]
/// - the last commitment opens the reveal
pub fn commit_vote(a: &mut Vote, commitment: &[u8; 32]) -> Step {
    let now = check_vote(a, Phase::VoteCommit, SEAT_DRAWN)?;
    a.seat.commitment = *commitment;
    a.seat.state = SEAT_COMMITTED;
    a.dispute.apply_commitment(now);
    log_seat(&a.dispute, &a.seat, 53, 0, 0);
    Ok(())
}

/// Specification:
/// - the wallet reveals in time what it committed to; at most a million parts are the provider's
/// - it is paid the seat's fee at once, whatever it voted
/// - the last reveal decides: the median, of an even number the lower one
pub fn reveal_vote(a: &mut Vote, ppm: u32, salt: &[u8; 32]) -> Step {
    let now = check_vote(a, Phase::VoteReveal, SEAT_COMMITTED)?;
    require!(u64::from(ppm) <= PPM, EscrowError::VoteOutOfBounds);
    check_preimage(&a.dispute, &a.seat, ppm, salt)?;
    a.seat.state = SEAT_REVEALED;
    let fee = a.dispute.terms.seat_fee_lamports.get();
    a.dispute.charge(fee)?;
    a.dispute.apply_vote(ppm, now)?;
    log_seat(&a.dispute, &a.seat, 54, ppm, fee);
    log_case(&a.dispute, a.wallet.address(), 54);
    pay_lamports(a.dispute.account(), a.wallet.account(), fee)
}

/// That vote and salt are what the seat committed to.
#[inline(never)]
fn check_preimage(dispute: &Dispute, seat: &Own<JurorSeat>, ppm: u32, salt: &[u8; 32]) -> Step {
    let commitment = vote_commitment(ppm, salt, seat.address(), &dispute.uid, seat.round);
    require_step(seat.commitment == commitment, EscrowError::CommitmentMismatch)
}

/// Specification:
/// - anybody who knows a committed vote of the present drawing before the reveal shows it
/// - the seat cannot vote any more; its juror loses a seat's fee of the stake, half of it to the reporter, half burnt
pub fn report_leak(a: &mut EndSeat, ppm: u32, salt: &[u8; 32]) -> Step {
    check_incinerator(a.incinerator.account())?;
    a.dispute.validate_phase(Phase::VoteCommit)?;
    // a vote of an earlier drawing is no secret any more, and counts among no commitments
    require!(a.dispute.asks(&a.seat), EscrowError::WrongPhase);
    require!(a.seat.state == SEAT_COMMITTED, EscrowError::AlreadyDone);
    check_preimage(&a.dispute, &a.seat, ppm, salt)?;
    a.seat.state = SEAT_LEAKED;
    a.dispute.committed = checked(a.dispute.committed.checked_sub(1))?;
    let fee = a.dispute.terms.seat_fee_lamports.get();
    a.juror.apply_release(fee, true)?;
    log_seat(&a.dispute, &a.seat, 55, ppm, fee);
    let reward = fee >> 1;
    let (juror, incinerator) = (a.juror.account(), a.incinerator.account());
    pay_lamports_or(juror, a.actor.account(), incinerator, reward)?;
    pay_lamports(juror, incinerator, checked(fee.checked_sub(reward))?)
}

/// Specification:
/// - the dispute has ended; anybody closes its seats, each rent goes to who paid it
/// - a juror who was asked and did not reveal loses a seat's fee of the stake: the bounty to whoever closes, the rest burnt
/// - a panel that was never complete was never asked
pub fn close_seat(a: &mut EndSeat) -> Step {
    check_incinerator(a.incinerator.account())?;
    require!(a.dispute.phase >= Phase::Ended as u8, EscrowError::WrongPhase);
    let fee = a.dispute.terms.seat_fee_lamports.get();
    let was_silent = matches!(a.seat.state, SEAT_DRAWN | SEAT_COMMITTED) && !a.dispute.was_never_asked(&a.seat);
    if a.seat.state != SEAT_LEAKED {
        a.juror.apply_release(fee, was_silent)?;
    }
    a.juror.apply_closed_seat()?;
    a.dispute.seats_open = checked(a.dispute.seats_open.get().checked_sub(1))?.into();
    let lost = if was_silent { fee } else { 0 };
    log_seat(&a.dispute, &a.seat, 61, 0, lost);
    let bounty = lost.min(a.dispute.terms.bounty_lamports.get());
    let (juror, incinerator) = (a.juror.account(), a.incinerator.account());
    pay_lamports_or(juror, a.actor.account(), incinerator, bounty)?;
    pay_lamports(juror, incinerator, checked(lost.checked_sub(bounty))?)?;
    close_state(a.seat.account(), a.rent_payer.account())
}
