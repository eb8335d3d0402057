//! `open_dispute`, `commit_seed`, `reveal_seed`, `pin_seed`

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix as base, *,
    },
};

#[test]
fn a_dispute_takes_both_deposits_and_pays_whoever_opens_it() {
    let mut c = Court::answered(0, 4);
    let (watcher, cranker) = (c.lamports("watcher"), c.lamports("cranker"));
    c.e.run(c.open("watcher"), &["cranker"]);
    let rent = c.e.world.rent(844);
    assert_eq!(c.e.world.lamports(&c.dispute), rent + 2 * COURT_BOND - BOUNTY);
    assert_eq!(c.lamports("watcher") - watcher, c.e.world.rent(368));
    assert_eq!(cranker - c.lamports("cranker"), rent - BOUNTY);
    let (case, job) = (c.case(), c.e.job(&c.order));
    assert_eq!((case.phase, case.round, case.panel), (phase::SEED_COMMIT, 0, 3));
    assert_eq!(case.deposits.map(|d| d.get()), [COURT_BOND, COURT_BOND, 0, 0, 0]);
    assert_eq!(case.costs_lamports.get(), BOUNTY);
    assert_eq!(case.places.get(), 4);
    assert_eq!((job.state, job.challenges_open), (state_code::DISPUTED, 0));
    assert!(!c
        .e
        .world
        .exists(&court::ix::challenge_of(&c.order.job, &c.key("watcher")).0));
}

#[test]
fn only_an_answered_challenge_of_this_job_is_disputed() {
    let mut c = Court::challenged(0, 4);
    c.e.fails(c.open("watcher"), &["cranker"], EscrowError::TooEarly);
    c.e.run(c.answer("watcher"), &["provider"]);
    let other = c.e.job_in(state_code::CHALLENGEABLE);
    let wrong_job = base::with(c.open("watcher"), 1, other.job);
    c.e.fails(wrong_job, &["cranker"], EscrowError::WrongCase);
    let wrong_rent = base::with(c.open("watcher"), 3, c.key("stranger"));
    c.e.fails_as(wrong_rent, &["cranker"], builtin::ADDRESS);
    let elsewhere = base::with(c.open("watcher"), 4, c.e.payout);
    c.e.fails_as(elsewhere, &["cranker"], builtin::InvalidSeeds);
}

#[test]
fn the_jury_is_the_one_of_the_jobs_config() {
    let mut c = Court::answered(0, 4);
    let admin = c.key("admin");
    let other = base::initialize_config(
        admin,
        60_001,
        false,
        admin,
        &params(&c.e.world),
        c.e.realm,
        c.e.mint.address,
    );
    c.e.run(other, &["admin"]);
    let config = base::config(60_001).0;
    c.e.run(court::ix::open_jury(c.key("payer"), config), &["payer"]);
    let wrong = base::with(c.open("watcher"), 5, court::ix::jury(&config).0);
    c.e.fails(wrong, &["cranker"], EscrowError::WrongCase);
}

#[test]
fn nothing_else_moves_a_job_before_the_court() {
    let mut c = Court::answered(0, 4);
    c.e.run(c.challenge("stranger"), &["stranger"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp_seconds(1_000_000);
    c.e.fails(c.e.settle(&c.order), &[], EscrowError::WrongJobState);
    c.e.fails(c.e.close(&c.order), &[], EscrowError::WrongJobState);
    c.e.fails(c.e.crank(&c.order), &["cranker"], EscrowError::NothingToCrank);
    c.e.fails(c.resolve("stranger"), &[], EscrowError::WrongJobState);
    c.e.fails(c.answer("stranger"), &["provider"], EscrowError::WrongJobState);
    c.e.fails(c.challenge("payer"), &["payer"], EscrowError::WrongJobState);
}

#[test]
fn a_second_case_waits_for_the_first() {
    let mut c = Court::answered(0, 4);
    c.e.run(c.challenge("stranger"), &["stranger"]);
    c.e.run(c.answer("stranger"), &["provider"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.fails(c.open("stranger"), &["cranker"], EscrowError::WrongJobState);
}

#[test]
fn the_panels_seed_is_a_hash_anyone_can_compute() {
    let mut c = Court::disputed(0, 4);
    c.commit_seeds();
    let pin_slot = c.case().pin_slot.get();
    c.e.run(c.pin(), &["cranker"]);
    assert_eq!(c.case().pinned, slot_hash(pin_slot + 1));
    c.e.run(c.reveal_seed("watcher"), &["watcher"]);
    c.e.run(c.reveal_seed("session"), &["session"]);
    let expected = panel_seed(&secret("watcher", 0), &secret("session", 0), pin_slot + 1);
    let case = c.case();
    assert_eq!((case.seeds[0], case.phase), (expected, phase::DRAW));
}

#[test]
fn only_parties_and_their_agents_commit_and_each_once() {
    let mut c = Court::disputed(0, 4);
    for name in ["stranger", "client", "admin"] {
        c.e.fails(c.commit_seed(name, 0), &[name], EscrowError::NotAParty);
    }
    c.e.run(c.commit_seed("provider", 1), &["provider"]);
    // authority and agent are one side
    c.e.fails(c.commit_seed("session", 1), &["session"], EscrowError::AlreadyDone);
    assert_eq!(c.case().phase, phase::SEED_COMMIT);
    c.e.fails_as(
        base::unsigned(c.commit_seed("watcher", 0), 0),
        &[],
        builtin::MissingRequiredSignature,
    );
    c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
    c.e.fails(c.commit_seed("watcher", 0), &["watcher"], EscrowError::WrongPhase);
}

#[test]
fn a_late_commitment_is_refused() {
    let mut c = Court::disputed(0, 4);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.fails(c.commit_seed("watcher", 0), &["watcher"], EscrowError::DeadlinePassed);
}

#[test]
fn a_reveal_is_what_was_committed_by_that_side_in_that_round() {
    let mut c = Court::disputed(0, 4);
    // the defender copies the challenger's commitment
    let copied = seed_commitment(&secret("watcher", 0), &c.order.uid, 0, 0);
    c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
    let copy = court::ix::move_case(49, &[&copied], c.key("session"), c.dispute, None);
    c.e.run(copy, &["session"]);
    c.e.world.warp(1, 5);
    put_slot_hashes(&mut c.e.world, 512);
    c.e.fails(c.reveal_seed("watcher"), &["watcher"], EscrowError::WrongPhase);
    c.e.run(c.pin(), &["cranker"]);
    c.e.run(c.reveal_seed("watcher"), &["watcher"]);
    c.e.fails(c.reveal_seed("watcher"), &["watcher"], EscrowError::AlreadyDone);
    let theirs = court::ix::move_case(50, &[&secret("watcher", 0)], c.key("session"), c.dispute, None);
    c.e.fails(theirs, &["session"], EscrowError::CommitmentMismatch);
    c.e.fails(c.reveal_seed("stranger"), &["stranger"], EscrowError::NotAParty);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.fails(c.reveal_seed("session"), &["session"], EscrowError::DeadlinePassed);
}

#[test]
fn the_hash_is_pinned_once_and_pays() {
    let mut c = Court::disputed(0, 4);
    c.e.fails(c.pin(), &["cranker"], EscrowError::WrongPhase);
    c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
    c.e.run(c.commit_seed("session", 1), &["session"]);
    // no hash yet of a slot after the commitments
    put_slot_hashes(&mut c.e.world, 512);
    c.e.fails(c.pin(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp(0, 3);
    put_slot_hashes(&mut c.e.world, 512);
    let fake = base::with(c.pin(), 2, c.e.realm);
    c.e.fails(fake, &["cranker"], EscrowError::SlotHashesRequired);
    c.e.fails(
        base::with(c.pin(), 2, base::PROGRAM),
        &["cranker"],
        EscrowError::WrongCase,
    );
    let before = c.lamports("cranker");
    c.e.run(c.pin(), &["cranker"]);
    assert_eq!(c.lamports("cranker") - before, BOUNTY);
    c.e.fails(c.pin(), &["cranker"], EscrowError::WrongPhase);
}

#[test]
fn a_forgotten_hash_is_replaced_by_a_later_one() {
    let mut c = Court::disputed(0, 4);
    c.commit_seeds();
    let pin_slot = c.case().pin_slot.get();
    c.e.world.warp(300, 600);
    put_slot_hashes(&mut c.e.world, 512);
    let before = c.lamports("cranker");
    c.e.run(c.pin(), &["cranker"]);
    assert_eq!(c.lamports("cranker"), before);
    let now = c.e.world.clock().slot;
    assert_eq!((c.case().phase, c.case().pin_slot.get()), (phase::PIN, now));
    assert!(now > pin_slot);
    c.e.world.warp(1, 2);
    put_slot_hashes(&mut c.e.world, 512);
    c.e.run(c.pin(), &["cranker"]);
    assert_eq!(c.case().pinned, slot_hash(now + 1));
}
