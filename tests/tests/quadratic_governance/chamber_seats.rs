//! `refresh_seat` and `close_seat`

use {
    super::{act, counted, expire, with},
    crate::prelude::*,
    commonweal_tests::fixtures::{
        governance::{Chambers, LOCKED},
        pool::DAY,
    },
    liquidity_pool::constants::FOREVER_TS,
    quadratic_governance::events::SeatChanged,
};

#[test]
fn jobs_in_two_epochs_in_a_row_make_a_providers_seat_count_from_the_next() {
    let mut all = Chambers::new(0, 1);
    all.enroll_slot(0);
    all.work_in(0, 1);
    let seat = all.seat_state(0, PROVIDER_CHAMBER);
    assert_eq!(
        (seat.working_epochs, seat.jobs_seen.get(), seat.work_epoch.get()),
        (1, 1, 1)
    );
    assert_eq!((seat.active_from_epoch.get(), counted(&all)), (NO_EPOCH, [0, 0]));
    all.community.to_epoch(2);
    all.work(0);
    let refresh = all.refreshing(0);
    let receipt = all.community.world.succeeds(refresh, &[]);
    let seat = all.seat_state(0, PROVIDER_CHAMBER);
    assert_eq!(
        (seat.working_epochs, seat.jobs_seen.get(), seat.work_epoch.get()),
        (2, 2, 2)
    );
    assert_eq!((seat.active_from_epoch.get(), counted(&all)), (3, [0, 1]));
    let event = receipt.events::<SeatChanged>()[0];
    assert_eq!((event.active_from_epoch.get(), event.work_epoch.get()), (3, 2));
    assert_eq!((event.chamber, event.working_epochs, event.open), (1, 2, 1));
    // once counted, it is not counted again
    all.work_in(0, 3);
    let seat = all.seat_state(0, PROVIDER_CHAMBER);
    assert_eq!(
        (seat.active_from_epoch.get(), seat.work_epoch.get(), counted(&all)),
        (3, 3, [0, 1])
    );
}

#[test]
fn an_epoch_without_a_job_starts_the_row_anew() {
    let mut all = Chambers::new(0, 1);
    all.enroll_slot(0);
    all.work_in(0, 1);
    all.work_in(0, 3);
    assert_eq!(all.seat_state(0, PROVIDER_CHAMBER).working_epochs, 0);
    all.work_in(0, 4);
    assert_eq!(
        (all.seat_state(0, PROVIDER_CHAMBER).working_epochs, counted(&all)),
        (1, [0, 0])
    );
    all.work_in(0, 5);
    let seat = all.seat_state(0, PROVIDER_CHAMBER);
    assert_eq!(
        (seat.working_epochs, seat.active_from_epoch.get(), counted(&all)),
        (2, 6, [0, 1])
    );
}

#[test]
fn a_look_needs_a_new_job_in_a_later_epoch() {
    let mut all = Chambers::new(0, 1);
    all.enroll_slot(0);
    all.work(0);
    // a job, but in the epoch of the last look
    let refresh = all.refreshing(0);
    let refused = error(GovernanceError::SeatNotEligible);
    all.community.world.fails_with(refresh.clone(), &[], refused.clone());
    all.community.to_epoch(1);
    all.community.world.succeeds(refresh.clone(), &[]);
    // a later epoch, but no job
    all.community.to_epoch(2);
    all.community.world.fails_with(refresh, &[], refused);
}

#[test]
fn only_a_providers_seat_is_refreshed_by_its_own_slot_in_its_own_realm() {
    let mut all = Chambers::new(0, 2);
    let lock = all.enroll_lock(0);
    all.enroll_slot(0);
    let others = all.slot(1);
    all.community.to_epoch(1);
    all.work(0);
    all.work(1);
    let of_lock = gov::refresh_seat(&all.community.realm, &all.seat(0, LIQUIDITY_CHAMBER), &lock);
    let refresh = all.refreshing(0);
    let other_realm = all.community.create_second_realm();
    let world = &mut all.community.world;
    world.fails_with(of_lock, &[], error(GovernanceError::ChamberUnknown));
    world.fails_with(with(refresh.clone(), 2, others), &[], ADDRESS);
    world.fails_with(with(refresh.clone(), 0, other_realm), &[], ADDRESS);
    world.succeeds(refresh, &[]);
}

#[test]
fn its_person_gives_up_a_seat_and_may_take_it_again() {
    let mut all = Chambers::new(0, 1);
    all.enroll_lock(0);
    let (wallet, address) = (all.community.wallet(0), all.seat(0, LIQUIDITY_CHAMBER));
    let before = all.community.world.lamports(&wallet.pubkey());
    let rent = all.community.world.lamports(&address);
    let close = all.seat_closing(0, LIQUIDITY_CHAMBER, &wallet.pubkey());
    let receipt = all.community.world.succeeds(close, &[&wallet]);
    assert_eq!(all.community.world.lamports(&wallet.pubkey()) - before, rent);
    assert!(!all.community.world.exists(&address));
    assert_eq!(counted(&all), [0, 0]);
    let event = receipt.events::<SeatChanged>()[0];
    assert_eq!((event.seat, event.open), (address, 0));
    all.community.to_epoch(2);
    let second = all.lock(0, 1, FOREVER_TS);
    let (enroll, wallet) = all.enrollment(0, LIQUIDITY_CHAMBER, second);
    all.community.world.succeeds(enroll, &[&wallet]);
    assert_eq!(all.seat_state(0, LIQUIDITY_CHAMBER).active_from_epoch.get(), 3);
    assert_eq!(counted(&all), [1, 0]);
}

/// Anybody's closing of member 0's seat: refused, then after `change` accepted.
fn anybody_may_close_after(chamber: u8, change: impl FnOnce(&mut Chambers)) -> Chambers {
    let mut all = Chambers::new(0, 2);
    if chamber == LIQUIDITY_CHAMBER {
        all.enroll_lock(0);
    } else {
        all.enroll_slot(0);
    }
    let anybody = all.community.world.actor("anybody");
    let close = all.seat_closing(0, chamber, &anybody.pubkey());
    all.community
        .world
        .fails_with(close.clone(), &[&anybody], error(GovernanceError::SeatInUse));
    change(&mut all);
    let payer = all.community.wallet(0).pubkey();
    let (before, rent) = (
        all.community.world.lamports(&payer),
        all.community.world.lamports(&all.seat(0, chamber)),
    );
    all.community.world.succeeds(close, &[&anybody]);
    assert_eq!(all.community.world.lamports(&payer) - before, rent);
    assert_eq!(counted(&all), [0, 0]);
    all
}

#[test]
fn anybody_closes_the_seat_of_a_revoked_or_expired_person() {
    for chamber in [LIQUIDITY_CHAMBER, PROVIDER_CHAMBER] {
        anybody_may_close_after(chamber, |all| act(&mut all.community, 0, PersonAct::Revoke, 0));
        anybody_may_close_after(chamber, |all| expire(&mut all.community, 0));
    }
}

#[test]
fn anybody_closes_a_seat_whose_lock_is_over() {
    anybody_may_close_after(LIQUIDITY_CHAMBER, |all| {
        let end = all.community.world.now() + 365 * DAY;
        // the person stays registered
        all.community.world.warp_to(end - 10);
        act(&mut all.community, 0, PersonAct::Renew, end + DAY);
        all.community.world.warp_to(end - 1);
        let anybody = all.community.world.actor("anybody");
        let close = all.seat_closing(0, LIQUIDITY_CHAMBER, &anybody.pubkey());
        all.community
            .world
            .fails_with(close, &[&anybody], error(GovernanceError::SeatInUse));
        all.community.world.warp_to(end);
    });
}

#[test]
fn anybody_closes_a_seat_whose_lock_was_emptied() {
    anybody_may_close_after(LIQUIDITY_CHAMBER, |all| {
        let end = all.community.world.now() + 365 * DAY;
        all.community.world.warp_to(end - 1);
        act(&mut all.community, 0, PersonAct::Renew, end + DAY);
        all.community.world.warp_to(end);
        all.unlock(0, 0, LOCKED);
    });
}

#[test]
fn anybody_closes_a_seat_whose_lock_was_given_away() {
    anybody_may_close_after(LIQUIDITY_CHAMBER, |all| {
        let heir = all.community.wallet(1).pubkey();
        all.give_lock(0, 0, heir);
    });
}

#[test]
fn anybody_closes_a_seat_whose_person_left_the_locks_wallet() {
    anybody_may_close_after(LIQUIDITY_CHAMBER, |all| {
        let (old, new) = (all.community.wallet(0), all.community.world.actor("new wallet"));
        let (realm, person) = (all.community.realm, all.community.members[0].person);
        let sponsor = all.community.world.actor("sponsor");
        let (from, to, payer) = (old.pubkey(), new.pubkey(), sponsor.pubkey());
        let instruction = gov::move_wallet(&realm, &to, &person, &from, &to, &payer, true);
        all.community.world.succeeds(instruction, &[&old, &new]);
    });
}

#[test]
fn anybody_closes_a_providers_seat_after_three_epochs_without_a_job() {
    anybody_may_close_after(PROVIDER_CHAMBER, |all| {
        let anybody = all.community.world.actor("anybody");
        let end = all.community.epoch_start(3);
        all.community.world.warp_to(end - 1);
        let close = all.seat_closing(0, PROVIDER_CHAMBER, &anybody.pubkey());
        all.community
            .world
            .fails_with(close, &[&anybody], error(GovernanceError::SeatInUse));
        all.community.world.warp_to(end);
    });
    // one that counted leaves the count
    anybody_may_close_after(PROVIDER_CHAMBER, |all| {
        all.work_in(0, 1);
        all.work_in(0, 2);
        assert_eq!(counted(all), [0, 1]);
        all.community.to_epoch(5);
    });
}

#[test]
fn closing_names_realm_person_lock_and_payer_of_the_seat() {
    let mut all = Chambers::new(0, 2);
    all.enroll_lock(0);
    let others = all.lock(1, 0, FOREVER_TS);
    let wallet = all.community.wallet(0);
    let close = all.seat_closing(0, LIQUIDITY_CHAMBER, &wallet.pubkey());
    let other_realm = all.community.create_second_realm();
    let (other_person, other_wallet) = (all.community.members[1].person, all.community.wallet(1));
    let world = &mut all.community.world;
    for (place, address) in [
        (1, other_realm),
        (2, other_person),
        (4, others),
        (5, other_wallet.pubkey()),
    ] {
        world.fails_with(with(close.clone(), place, address), &[&wallet], ADDRESS);
    }
    // another's evidence would have let anybody close it
    let mut by_other = with(with(close.clone(), 0, other_wallet.pubkey()), 4, others);
    world.fails_with(by_other.clone(), &[&other_wallet], ADDRESS);
    by_other.accounts[4].pubkey = close.accounts[4].pubkey;
    world.fails_with(by_other, &[&other_wallet], error(GovernanceError::SeatInUse));
}

#[test]
fn a_provider_at_work_keeps_its_seat_though_nobody_looked() {
    let mut all = Chambers::new(0, 1);
    all.enroll_slot(0);
    all.community.to_epoch(1);
    all.work(0);
    all.community.to_epoch(9);
    let anybody = all.community.world.actor("anybody");
    let close = all.seat_closing(0, PROVIDER_CHAMBER, &anybody.pubkey());
    let refused = error(GovernanceError::SeatInUse);
    all.community.world.fails_with(close.clone(), &[&anybody], refused);
    // once somebody has looked, three epochs without another job end it
    let refresh = all.refreshing(0);
    all.community.world.succeeds(refresh, &[]);
    all.community.to_epoch(11);
    let refused = error(GovernanceError::SeatInUse);
    all.community.world.fails_with(close.clone(), &[&anybody], refused);
    all.community.to_epoch(12);
    all.community.world.succeeds(close, &[&anybody]);
}
