//! `draw_panel`, `commit_vote`, `reveal_vote`, `report_leak`, `close_seat`

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix as base, *,
    },
    compute_escrow::state::Juror,
};

#[test]
fn a_panel_of_three_is_drawn_by_numbers_anyone_can_compute() {
    let mut c = Court::seeded(0, 6);
    let mut expected = Vec::new();
    while c.case().phase == phase::DRAW {
        let name = format!("juror {}", c.next_place());
        let is_new = !c.e.world.exists(&c.seat(&name));
        let before = c.lamports("cranker");
        c.e.run(c.draw_of(c.next_place()), &["cranker"]);
        if is_new {
            // the rent of a seat less the bounty
            assert_eq!(before - c.lamports("cranker"), c.e.world.rent(176) - BOUNTY);
            assert_eq!(c.juror_state(&name).held_lamports.get(), SEAT_FEE);
            expected.push(name);
        } else {
            assert_eq!(before, c.lamports("cranker"));
        }
    }
    expected.sort();
    assert_eq!((c.panel(), expected.len()), (expected, 3));
    assert_eq!((c.case().phase, c.case().seats_open.get()), (phase::VOTE_COMMIT, 3));
}

#[test]
fn only_the_place_that_was_drawn_is_seated() {
    let mut c = Court::seeded(0, 6);
    let place = c.next_place();
    let other = (place + 1) % 6;
    c.e.fails(c.draw_of(other), &["cranker"], EscrowError::WrongCase);
    // the right juror with another person, whose seat would be made
    let mixed = court::ix::draw_panel(
        c.key("cranker"),
        c.dispute,
        court::ix::juror(&c.jury, place).0,
        c.person(&format!("juror {other}")),
    );
    c.e.fails(mixed, &["cranker"], EscrowError::WrongCase);
    // somebody else's seat at the right place's expense: an address that is no seat of it
    let elsewhere = base::with(c.draw_of(place), 4, c.seat(&format!("juror {other}")));
    c.e.fails_as(elsewhere, &["cranker"], builtin::InvalidSeeds);
    // a place that is taken is not passed over as an empty one
    let nobody = base::with(c.draw_of(place), 2, c.key("stranger"));
    c.e.fails(nobody, &["cranker"], EscrowError::WrongCase);
}

#[test]
fn nobody_is_passed_over_by_showing_anothers_seat() {
    let mut c = Court::seeded(0, 6);
    c.e.run(c.draw_of(c.next_place()), &["cranker"]);
    let taken = c.seated()[0].clone();
    while c.e.world.exists(&c.seat(&format!("juror {}", c.next_place()))) {
        c.e.run(c.draw_of(c.next_place()), &["cranker"]);
    }
    let wrong = base::with(c.draw_of(c.next_place()), 4, c.seat(&taken));
    c.e.fails(wrong, &["cranker"], EscrowError::WrongCase);
}

/// Draws until this juror's place is drawn, and says whether it got a seat.
fn is_seated_when_drawn(c: &mut Court, name: &str) -> bool {
    for _ in 0..500 {
        if c.case().phase != phase::DRAW {
            return c.e.world.exists(&c.seat(name));
        }
        let drawn = c.e.world.exists(&court::ix::juror(&c.jury, c.next_place()).0)
            && c.jurors.get(c.next_place() as usize).is_some_and(|juror| juror == name);
        c.e.run(c.draw_of(c.next_place()), &["cranker"]);
        if drawn {
            return c.e.world.exists(&c.seat(name));
        }
    }
    panic!("never drawn");
}

#[test]
fn parties_do_not_judge() {
    // the client, the challenger, the defender, and the person behind the provider are all on the jury
    for who in ["client", "watcher", "provider"] {
        let mut c = Court::new(0, 5);
        Court::enroll_in(&mut c.e, who, 5);
        c.jurors.push(who.into());
        c.e.world.warp(0, 1);
        c.e.run(c.challenge("watcher"), &["watcher"]);
        c.e.run(c.answer("watcher"), &["provider"]);
        c.e.run(c.open("watcher"), &["cranker"]);
        c.e.world.warp(0, 1);
        c.seed();
        assert!(!is_seated_when_drawn(&mut c, who), "{who} judges");
    }
}

#[test]
fn who_has_appealed_does_not_judge() {
    // three of ten sit already; without the appellant six are left for seven seats, so every place is drawn
    let mut c = Court::decided(0, 10, 0);
    let seated = c.seated();
    let appellant = c.jurors.iter().find(|name| !seated.contains(name)).cloned().unwrap();
    c.e.run(c.appeal(&appellant), &[&appellant]);
    c.e.world.warp(0, 1);
    c.seed();
    assert!(!is_seated_when_drawn(&mut c, &appellant));
}

#[test]
fn the_person_behind_the_provider_does_not_judge() {
    let mut c = Court::new(0, 5);
    Court::enroll_in(&mut c.e, "friend", 5);
    c.jurors.push("friend".into());
    // by force: the provider's person, which another part of the program links
    let mut provider = c.e.world.raw(&c.e.provider);
    let person = c.person("friend");
    provider.data[8 + 8 + 96..8 + 8 + 128].copy_from_slice(person.as_ref());
    c.e.world.set_raw(c.e.provider, provider);
    c.e.world.warp(0, 1);
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    assert_eq!(
        c.e.world
            .state::<Challenge>(&court::ix::challenge_of(&c.order.job, &c.key("watcher")).0)
            .defender_person,
        person
    );
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
    c.seed();
    assert!(!is_seated_when_drawn(&mut c, "friend"));
}

#[test]
fn who_came_after_the_opening_does_not_judge_it() {
    let mut c = Court::disputed(0, 5);
    c.e.run(c.leave("juror 2"), &["juror 2"]);
    Court::enroll_in(&mut c.e, "late", 2);
    c.jurors[2] = "late".into();
    c.seed();
    assert!(!is_seated_when_drawn(&mut c, "late"));
}

#[test]
fn who_is_no_active_person_any_more_does_not_judge() {
    for (expires, revoked) in [(i64::MAX, 1), (0, 0)] {
        let mut c = Court::seeded(0, 5);
        put_person(&mut c.e.world, "juror 2", c.e.realm, expires, revoked);
        assert!(!is_seated_when_drawn(&mut c, "juror 2"));
    }
}

#[test]
fn who_has_no_free_stake_does_not_judge() {
    let mut c = Court::seeded(0, 5);
    let address = c.juror("juror 2");
    let mut juror = c.e.world.raw(&address);
    let held = (STAKE - SEAT_FEE + 1).to_le_bytes();
    // 8 + 8 + 96 + 8
    juror.data[120..128].copy_from_slice(&held);
    c.e.world.set_raw(address, juror);
    assert_eq!(
        c.e.world.state::<Juror>(&address).held_lamports.get(),
        STAKE - SEAT_FEE + 1
    );
    assert!(!is_seated_when_drawn(&mut c, "juror 2"));
}

#[test]
fn an_empty_place_is_passed_over_only_at_its_own_address() {
    let mut c = Court::disputed(0, 5);
    c.e.run(c.leave("juror 2"), &["juror 2"]);
    c.seed();
    while c.next_place() != 2 {
        c.e.run(c.draw_of(c.next_place()), &["cranker"]);
    }
    let before = c.case().next_draw.get();
    let nobody = base::with(c.draw_of(2), 2, c.key("stranger"));
    c.e.fails(nobody, &["cranker"], EscrowError::WrongCase);
    c.e.run(c.draw_of(2), &["cranker"]);
    assert_eq!(c.case().next_draw.get(), before + 1);
}

#[test]
fn a_panel_that_is_not_drawn_in_time_ends_in_the_default_and_costs_no_juror() {
    let mut c = Court::seeded(0, 2);
    for _ in 0..12 {
        c.e.run(c.draw_of(c.next_place()), &["cranker"]);
    }
    assert_eq!(c.seated().len(), 2);
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.fails(c.draw_of(c.next_place()), &["cranker"], EscrowError::DeadlinePassed);
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!((c.case().outcome, c.case().verdict_ppm.get()), (2, 500_000));
    c.e.run(c.execute(), &["cranker"]);
    c.clear(&[]);
    for name in ["juror 0", "juror 1"] {
        assert_eq!(c.juror_state(name).stake_lamports.get(), STAKE);
        assert_eq!(c.juror_state(name).held_lamports.get(), 0);
    }
}

#[test]
fn a_vote_is_committed_once_by_the_wallet_of_the_seats_person() {
    let mut c = Court::drawn(0, 5);
    let panel = c.panel();
    let stolen = base::with(c.commit_vote(&panel[0], 1), 0, c.key("stranger"));
    c.e.fails(stolen, &["stranger"], EscrowError::NotThePerson);
    let others_person = base::with(c.commit_vote(&panel[0], 1), 3, c.person(&panel[1]));
    c.e.fails_as(others_person, &[&panel[0]], builtin::ADDRESS);
    c.e.run(c.commit_vote(&panel[0], 1), &[&panel[0]]);
    c.e.fails(c.commit_vote(&panel[0], 2), &[&panel[0]], EscrowError::AlreadyDone);
    c.e.fails(c.reveal_vote(&panel[0], 1), &[&panel[0]], EscrowError::WrongPhase);
    put_person(&mut c.e.world, &panel[1], c.e.realm, i64::MAX, 1);
    c.e.fails(c.commit_vote(&panel[1], 1), &[&panel[1]], EscrowError::PersonRefused);
    c.e.world.warp_seconds(VOTE_SECONDS);
    c.e.fails(c.commit_vote(&panel[2], 1), &[&panel[2]], EscrowError::DeadlinePassed);
}

#[test]
fn a_reveal_is_paid_at_once_whatever_it_says() {
    let mut c = Court::drawn(0, 5);
    let panel = c.panel();
    for (name, ppm) in panel.iter().zip([0, 1_000_000, 3]) {
        c.e.run(c.commit_vote(name, ppm), &[name]);
    }
    assert_eq!(c.case().phase, phase::VOTE_REVEAL);
    c.e.fails(
        c.reveal_vote(&panel[0], 1),
        &[&panel[0]],
        EscrowError::CommitmentMismatch,
    );
    for (name, ppm) in panel.iter().zip([0, 1_000_000, 3]) {
        let (before, held) = (c.lamports(name), c.e.world.lamports(&c.dispute));
        c.e.run(c.reveal_vote(name, ppm), &[name]);
        assert_eq!(c.lamports(name) - before, SEAT_FEE);
        assert_eq!(held - c.e.world.lamports(&c.dispute), SEAT_FEE);
        if c.case().phase == phase::VOTE_REVEAL {
            c.e.fails(c.reveal_vote(name, ppm), &[name], EscrowError::AlreadyDone);
        }
    }
    assert_eq!((c.case().phase, c.case().verdict_ppm.get()), (phase::APPEAL, 3));
}

#[test]
fn a_vote_above_the_whole_cannot_be_revealed() {
    let mut c = Court::drawn(0, 5);
    c.commit_all(1_000_001);
    let name = c.panel()[0].clone();
    c.e.fails(c.reveal_vote(&name, 1_000_001), &[&name], EscrowError::VoteOutOfBounds);
}

#[test]
fn a_copied_commitment_cannot_be_revealed() {
    let mut c = Court::drawn(0, 5);
    let panel = c.panel();
    let copied = vote_commitment(7, &VOTE_SALT, &c.seat(&panel[0]), &c.order.uid, 0);
    for name in &panel {
        let commit = court::ix::vote(53, &[&copied], c.key(name), c.dispute, c.person(name));
        c.e.run(commit, &[name]);
    }
    c.e.fails(
        c.reveal_vote(&panel[1], 7),
        &[&panel[1]],
        EscrowError::CommitmentMismatch,
    );
}

#[test]
fn a_majority_decides_when_the_time_is_over_and_the_absent_pays() {
    let mut c = Court::drawn(0, 5);
    let panel = c.panel();
    for (name, ppm) in panel.iter().zip([600_000, 900_000]) {
        c.e.run(c.commit_vote(name, ppm), &[name]);
    }
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(VOTE_SECONDS);
    let cranker = c.lamports("cranker");
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!(c.lamports("cranker") - cranker, BOUNTY);
    for (name, ppm) in panel.iter().zip([600_000, 900_000]) {
        c.e.run(c.reveal_vote(name, ppm), &[name]);
    }
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(REVEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    // two votes: the lower of both
    assert_eq!((c.case().phase, c.case().verdict_ppm.get()), (phase::APPEAL, 600_000));
    c.e.fails(c.close_seat(&panel[2]), &["cranker"], EscrowError::WrongPhase);
    c.e.world.warp_seconds(APPEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    let (burnt, cranker) = (c.burnt(), c.lamports("cranker"));
    c.e.run(c.close_seat(&panel[2]), &["cranker"]);
    assert_eq!(c.burnt() - burnt, SEAT_FEE - BOUNTY);
    assert_eq!(c.lamports("cranker") - cranker, c.e.world.rent(176) + BOUNTY);
    let absent = c.juror_state(&panel[2]);
    assert_eq!(
        (
            absent.stake_lamports.get(),
            absent.slashed_lamports.get(),
            absent.held_lamports.get()
        ),
        (STAKE - SEAT_FEE, SEAT_FEE, 0)
    );
    assert_eq!(
        c.e.world.lamports(&c.juror(&panel[2])),
        c.e.world.rent(176) + STAKE - SEAT_FEE
    );
    c.e.run(c.close_seat(&panel[0]), &["cranker"]);
    assert_eq!(c.juror_state(&panel[0]).stake_lamports.get(), STAKE);
    c.e.fails_as(c.close_seat(&panel[0]), &["cranker"], builtin::AccountDataTooSmall);
    c.e.run(c.leave(&panel[2]), &[&panel[2]]);
}

#[test]
fn missing_seats_are_drawn_again_twice_and_votes_kept_then_the_default() {
    let mut c = Court::drawn(0, 9);
    let first = c.panel()[0].clone();
    c.e.run(c.commit_vote(&first, 100_000), &[&first]);
    c.e.world.warp_seconds(VOTE_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(c.reveal_vote(&first, 100_000), &[&first]);
    for attempt in 1..=2 {
        c.e.world.warp_seconds(REVEAL_SECONDS);
        c.e.run(c.crank(), &["cranker"]);
        assert_eq!((c.case().phase, c.case().attempt), (phase::DRAW, attempt));
        c.draw();
        assert_eq!(c.panel().len(), 2, "only the missing");
        // who was asked before is not asked any more
        c.e.fails(c.commit_vote(&first, 1), &[&first], EscrowError::WrongPhase);
        c.e.world.warp_seconds(VOTE_SECONDS);
        c.e.run(c.crank(), &["cranker"]);
    }
    c.e.world.warp_seconds(REVEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!((c.case().phase, c.case().outcome), (phase::ENDED, 2));
    assert_eq!(c.seated().len(), 7);
    c.e.run(c.execute(), &["cranker"]);
    c.clear(&[]);
    let lost: u64 = c
        .jurors
        .iter()
        .map(|name| c.juror_state(name).slashed_lamports.get())
        .sum();
    assert_eq!(lost, 6 * SEAT_FEE);
}

#[test]
fn a_second_drawing_can_decide() {
    let mut c = Court::drawn(0, 9);
    let first = c.panel()[0].clone();
    c.e.run(c.commit_vote(&first, 100_000), &[&first]);
    c.e.world.warp_seconds(VOTE_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(c.reveal_vote(&first, 100_000), &[&first]);
    c.e.world.warp_seconds(REVEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.draw();
    c.vote_all(800_000);
    // 100,000, 800,000, 800,000
    assert_eq!(c.case().verdict_ppm.get(), 800_000);
}

#[test]
fn a_vote_of_an_earlier_drawing_is_no_secret_any_more() {
    let mut c = Court::drawn(0, 9);
    let first = c.panel()[0].clone();
    c.e.run(c.commit_vote(&first, 5), &[&first]);
    // nobody reveals: the panel is drawn again
    c.e.world.warp_seconds(VOTE_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.world.warp_seconds(REVEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.draw();
    let second = c.panel();
    c.e.run(c.commit_vote(&second[0], 7), &[&second[0]]);
    c.e.fails(
        c.report_leak("stranger", &first, 5),
        &["stranger"],
        EscrowError::WrongPhase,
    );
    assert_eq!(c.case().committed, 1, "the commitments of the present drawing count");
    c.e.run(c.report_leak("stranger", &second[0], 7), &["stranger"]);
    assert_eq!(c.case().committed, 0);
}

#[test]
fn a_leaked_vote_loses_its_seat_half_to_the_reporter() {
    let mut c = Court::drawn(0, 5);
    let panel = c.panel();
    c.e.fails(
        c.report_leak("stranger", &panel[0], 5),
        &["stranger"],
        EscrowError::AlreadyDone,
    );
    c.e.run(c.commit_vote(&panel[0], 5), &[&panel[0]]);
    c.e.fails(
        c.report_leak("stranger", &panel[0], 6),
        &["stranger"],
        EscrowError::CommitmentMismatch,
    );
    let report = c.report_leak("stranger", &panel[0], 5);
    c.e.fails(
        base::with(report.clone(), 5, c.key("payer")),
        &["stranger"],
        EscrowError::IncineratorRequired,
    );
    c.e.fails_as(
        base::with(report.clone(), 3, c.juror(&panel[1])),
        &["stranger"],
        builtin::ADDRESS,
    );
    let (stranger, burnt) = (c.lamports("stranger"), c.burnt());
    c.e.run(report.clone(), &["stranger"]);
    assert_eq!(c.lamports("stranger") - stranger, SEAT_FEE / 2);
    assert_eq!(c.burnt() - burnt, SEAT_FEE / 2);
    let juror = c.juror_state(&panel[0]);
    assert_eq!(
        (juror.stake_lamports.get(), juror.held_lamports.get()),
        (STAKE - SEAT_FEE, 0)
    );
    c.e.fails(report, &["stranger"], EscrowError::AlreadyDone);
    // it does not vote any more, neither does it count
    c.e.fails(c.commit_vote(&panel[0], 5), &[&panel[0]], EscrowError::AlreadyDone);
    for name in &panel[1..] {
        c.e.run(c.commit_vote(name, 700_000), &[name]);
    }
    assert_eq!(c.case().phase, phase::VOTE_COMMIT);
    c.e.world.warp_seconds(VOTE_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.fails(c.reveal_vote(&panel[0], 5), &[&panel[0]], EscrowError::AlreadyDone);
    // after it a reveal is no leak
    c.e.fails(
        c.report_leak("stranger", &panel[1], 700_000),
        &["stranger"],
        EscrowError::WrongPhase,
    );
    for name in &panel[1..] {
        c.e.run(c.reveal_vote(name, 700_000), &[name]);
    }
    c.e.world.warp_seconds(REVEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.world.warp_seconds(APPEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(c.close_seat(&panel[0]), &["cranker"]);
    // it lost once
    assert_eq!(c.juror_state(&panel[0]).slashed_lamports.get(), SEAT_FEE);
    assert_eq!(c.juror_state(&panel[0]).seats.get(), 0);
}

#[test]
fn a_seat_is_closed_into_the_hands_of_who_paid_it() {
    let mut c = Court::ended(0, 5, 700_000);
    let seated = c.seated();
    let close = c.close_seat(&seated[0]);
    c.e.fails_as(
        base::with(close.clone(), 4, c.key("stranger")),
        &["cranker"],
        builtin::ADDRESS,
    );
    c.e.fails_as(
        base::with(close.clone(), 3, c.juror(&seated[1])),
        &["cranker"],
        builtin::ADDRESS,
    );
    c.e.fails(
        base::with(close, 5, c.key("stranger")),
        &["cranker"],
        EscrowError::IncineratorRequired,
    );
    c.e.fails(c.close_dispute(&[]), &[], EscrowError::WrongPhase);
    c.e.run(c.execute(), &["cranker"]);
    c.e.fails(c.close_dispute(&[]), &[], EscrowError::SeatsOpen);
}
