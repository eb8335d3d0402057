//! Parties that are silent, and the order of the reveals: who may end a case by it, and who may choose a panel.

use commonweal_tests::fixtures::escrow::{
    court::{self, *},
    *,
};

const HALF: i64 = SEED_SECONDS / 2;
const NOTHING: [u8; 32] = [0; 32];

/// Disputed; the defender alone commits, and the first hash after the time of the commitments is pinned.
fn without_a_challenger(c: &mut Court) -> u64 {
    c.e.run(c.commit_seed("session", 1), &["session"]);
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(SEED_SECONDS);
    let (cranker, now) = (c.lamports("cranker"), c.e.world.clock().slot);
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!(c.lamports("cranker") - cranker, BOUNTY);
    assert_eq!((c.case().phase, c.case().pin_slot.get()), (phase::PIN, now));
    c.pin_now()
}

#[test]
fn a_challenger_that_does_not_commit_has_no_part_in_the_seed_and_the_case_goes_on() {
    let mut c = Court::disputed(0, 6);
    assert_eq!(c.case().is_redundant, 0);
    let pinned = without_a_challenger(&mut c);
    c.e.fails(c.reveal_seed("watcher"), &["watcher"], EscrowError::CommitmentMismatch);
    c.e.fails(c.reveal_seed("session"), &["session"], EscrowError::TooEarly);
    c.e.world.warp_seconds(HALF);
    c.e.run(c.reveal_seed("session"), &["session"]);
    let expected = panel_seed(&NOTHING, &secret("session", 0), pinned);
    assert_eq!((c.case().phase, c.case().seeds[0]), (phase::DRAW, expected));
    c.judge(0);
    c.e.run(c.execute(), &["cranker"]);
    let job = c.e.job(&c.order);
    assert_eq!((job.state, job.flags & 36), (state_code::FINAL, 4));
    let watcher = c.lamports("watcher");
    c.clear(&[]);
    // it has won the case it brought: three seats; opening, the end of the commitments, pin, three drawings, the end of the appeal time
    let costs = 3 * SEAT_FEE + 7 * BOUNTY;
    assert_eq!(c.lamports("watcher") - watcher, 2 * COURT_BOND - COURT_BURN - costs);
}

#[test]
fn a_challenger_that_does_not_reveal_has_no_part_in_the_seed_and_the_case_goes_on() {
    let mut c = Court::pinned(0, 6);
    let pinned = c.case().pin_slot.get() + 1;
    c.e.world.warp_seconds(HALF);
    c.e.run(c.reveal_seed("session"), &["session"]);
    let expected = panel_seed(&NOTHING, &secret("session", 0), pinned);
    assert_eq!((c.case().phase, c.case().seeds[0]), (phase::DRAW, expected));
    c.judge(1_000_000);
    c.e.run(c.execute(), &["cranker"]);
    assert_eq!(c.e.job(&c.order).state, state_code::FINAL);
}

#[test]
fn the_challenger_reveals_in_the_first_half_and_the_defender_after_it_or_in_the_second() {
    // first half, in order
    let mut c = Court::pinned(0, 6);
    c.e.fails(c.reveal_seed("session"), &["session"], EscrowError::TooEarly);
    // a second before half of the time, by the clock; 21,600 s are 27,000 slots
    c.e.world.warp(HALF - 1, 100_000);
    c.e.fails(c.reveal_seed("session"), &["session"], EscrowError::TooEarly);
    c.e.run(c.reveal_seed("watcher"), &["watcher"]);
    assert_eq!(c.case().phase, phase::SEED_REVEAL);
    c.e.run(c.reveal_seed("session"), &["session"]);
    assert_eq!(c.case().phase, phase::DRAW);
    // the second half
    let mut c = Court::pinned(0, 6);
    c.e.world.warp(HALF, 26_999);
    c.e.fails(c.reveal_seed("session"), &["session"], EscrowError::TooEarly);
    c.e.world.warp(0, 1);
    c.e.fails(c.reveal_seed("watcher"), &["watcher"], EscrowError::DeadlinePassed);
    c.e.run(c.reveal_seed("session"), &["session"]);
    assert_eq!(c.case().phase, phase::DRAW);
}

#[test]
fn a_halted_cluster_ends_no_half() {
    let mut c = Court::pinned(0, 6);
    c.e.world.warp(10_000_000, 26_999);
    c.e.fails(c.reveal_seed("session"), &["session"], EscrowError::TooEarly);
    c.e.run(c.reveal_seed("watcher"), &["watcher"]);
}

#[test]
fn nobody_who_knows_both_secrets_chooses_by_silence() {
    // the challenger learns the defender's secret only with the seed that is made of it
    let mut c = Court::pinned(0, 6);
    c.e.world.warp_seconds(HALF);
    c.e.run(c.reveal_seed("session"), &["session"]);
    let seed = c.case().seeds[0];
    c.e.fails(c.reveal_seed("watcher"), &["watcher"], EscrowError::WrongPhase);
    assert_eq!(c.case().seeds[0], seed);
    // the defender knows both, and loses the job by keeping its own back
    let mut c = Court::pinned(0, 6);
    c.e.run(c.reveal_seed("watcher"), &["watcher"]);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.fails(c.reveal_seed("session"), &["session"], EscrowError::DeadlinePassed);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(c.execute(), &["cranker"]);
    assert_eq!(c.e.slot_state().slashed_lamports.get(), BOND);
}

#[test]
fn a_defender_that_leaves_the_case_has_lost_it() {
    // who commits, who reveals, and the bounties: opening and crank, and the pin; the execution is paid from the slot's bond
    type Silence = (&'static [(&'static str, u8)], bool, u64);
    let silences: [Silence; 4] = [
        (&[], false, 2),
        (&[("watcher", 0)], false, 2),
        (&[("watcher", 0), ("session", 1)], false, 3),
        (&[("watcher", 0), ("session", 1)], true, 3),
    ];
    for (commits, is_revealed, bounties) in silences {
        let mut c = Court::disputed(0, 4);
        for (name, side) in commits {
            c.e.run(c.commit_seed(name, *side), &[name]);
        }
        if commits.len() == 2 {
            c.pin_now();
        }
        if is_revealed {
            c.e.run(c.reveal_seed("watcher"), &["watcher"]);
        }
        c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
        c.e.world.warp_seconds(SEED_SECONDS);
        c.e.run(c.crank(), &["cranker"]);
        let case = c.case();
        assert_eq!(
            (case.phase, case.outcome, case.verdict_ppm.get()),
            (phase::ENDED, 3, 0),
            "{commits:?} {is_revealed}"
        );
        c.e.run(c.execute(), &["cranker"]);
        let job = c.e.job(&c.order);
        assert_eq!((job.state, job.flags & 36), (state_code::FINAL, 4));
        assert_eq!(c.e.slot_state().slashed_lamports.get(), BOND);
        let (watcher, burnt) = (c.lamports("watcher"), c.burnt());
        c.clear(&[]);
        assert_eq!(
            c.lamports("watcher") - watcher,
            2 * COURT_BOND - COURT_BURN - bounties * BOUNTY
        );
        assert_eq!(c.burnt() - burnt, COURT_BURN);
    }
}

#[test]
fn a_defender_that_has_won_before_must_defend_the_appeal() {
    let mut c = Court::decided(0, 12, 1_000_000);
    c.e.run(c.appeal("watcher"), &["watcher"]);
    c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!((c.case().outcome, c.case().verdict_ppm.get()), (3, 0));
}

#[test]
fn a_silent_challenger_has_no_part_in_the_seed_of_a_higher_panel_either() {
    let mut c = Court::decided(0, 12, 0);
    c.e.run(c.appeal("provider"), &["provider"]);
    let first = c.case().seeds;
    assert_ne!(first[0], NOTHING);
    c.e.world.warp(0, 1);
    let pinned = without_a_challenger(&mut c);
    // what the first round left is no commitment
    let old = court::ix::move_case(50, &[&first[0]], c.key("watcher"), c.dispute, None);
    c.e.fails(old, &["watcher"], EscrowError::CommitmentMismatch);
    c.e.world.warp_seconds(HALF);
    c.e.run(c.reveal_seed("session"), &["session"]);
    let expected = panel_seed(&NOTHING, &secret("session", 1), pinned);
    assert_eq!((c.case().phase, c.case().seeds[0]), (phase::DRAW, expected));
}

#[test]
fn a_worker_with_a_puppet_challenger_keeps_no_job_before_the_court() {
    // the watcher is the worker's: it challenges so that nobody else is heard, and then says nothing
    let mut c = Court::answered(0, 6);
    c.e.run(c.challenge("stranger"), &["stranger"]);
    let begun = c.e.world.now();
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
    without_a_challenger(&mut c);
    c.e.world.warp_seconds(HALF);
    c.e.run(c.reveal_seed("session"), &["session"]);
    c.judge(0);
    // 43,200 for the commitments, 21,600 for the challenger's reveal, 259,200 for appeals, a second for the pin
    assert_eq!(c.e.world.now() - begun, 43_200 + 21_600 + 259_200 + 1);
    c.e.run(c.execute(), &["cranker"]);
    let (job, slot) = (c.e.job(&c.order), c.e.slot_state());
    assert_eq!((job.state, job.flags & 36), (state_code::FINAL, 4));
    assert_eq!((slot.slashed_lamports.get(), slot.jobs_completed.get()), (BOND, 0));
    c.clear(&[]);
    // no other case of this job: neither the puppet's nor anybody's
    c.e.fails(c.challenge("watcher"), &["watcher"], EscrowError::WrongJobState);
    c.e.fails(c.answer("stranger"), &["provider"], EscrowError::WrongJobState);
    c.e.fails(c.open("stranger"), &["cranker"], EscrowError::WrongJobState);
    // the honest challenge that waited has its bond back, and the client its price
    let stranger = c.lamports("stranger");
    c.e.run(c.resolve("stranger"), &[]);
    assert_eq!(c.lamports("stranger") - stranger, c.e.world.rent(368) + COURT_BOND);
    let held = c.e.world.tokens(&c.e.client_token);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
    assert_eq!(c.e.world.tokens(&c.e.client_token) - held, PRICE);
}

#[test]
fn an_unanswered_challenge_that_rode_along_does_not_open_a_second_case() {
    let mut c = Court::answered(0, 4);
    c.e.run(c.challenge("stranger"), &["stranger"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.world.warp_seconds(ANSWER_SECONDS);
    c.e.run(c.execute(), &["cranker"]);
    c.clear(&[]);
    c.e.fails(c.open("stranger"), &["cranker"], EscrowError::WrongJobState);
    c.e.run(c.resolve("stranger"), &[]);
}
