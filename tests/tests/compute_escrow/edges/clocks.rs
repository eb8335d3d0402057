//! Clocks.

use {
    super::*,
    commonweal_tests::fixtures::escrow::{court::*, lease::*},
    solana_instruction::Instruction,
};

/// A state that began now ends after so many seconds on the clock, neither by a jump of it nor by slots; stepping back only delays.
#[track_caller]
fn ends_on_time(e: &mut Escrow, seconds: i64, step: Instruction) {
    e.world.warp(1_000_000, 0);
    e.fails(step.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(-1_000_500, 1_000_000);
    e.fails(step.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(500 + seconds - 1, 0);
    e.fails(step.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(1, 0);
    e.run(step, &["cranker"]);
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_job_early() {
    use state_code::*;
    for (state, seconds) in [(OPEN, 600), (CLAIMED, 120), (RUNNING, 300), (COMMITTED, 300)] {
        let mut e = Escrow::ready(0);
        let order = e.job_in(state);
        let crank = e.crank(&order);
        ends_on_time(&mut e, seconds, crank);
    }
    let mut e = Escrow::ready(0);
    let order = e.job_in(CHALLENGEABLE);
    let settle = e.settle(&order);
    ends_on_time(&mut e, 3_600, settle);
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_auction_early() {
    let mut e = hired();
    let bids = [("anna", 700_000), ("ben", 800_000)];
    let order = e.post_with(&auction_terms());
    for (name, price) in bids {
        e.run(e.place_bid(name, &order, price), &[name, "payer"]);
    }
    let end = e.end_bidding(&order);
    ends_on_time(&mut e, 600, end);
    e.reveal_bids(&order, &bids);
    let award = e.award_to(&order, None, Some("anna"));
    ends_on_time(&mut e, 300, award);
    let pass_on = e.award_to(&order, Some("anna"), Some("ben"));
    ends_on_time(&mut e, 120, pass_on);
    e.run(e.take_up("ben", &order), &["ben"]);
    let crank = e.crank(&order);
    ends_on_time(&mut e, 120, crank);
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_redundant_order_early() {
    let mut e = hired();
    let order = e.post_with(&redundant_terms());
    e.run(e.join("anna", &order), &["anna", "payer"]);
    let gather = e.compare(&order, &[]);
    ends_on_time(&mut e, 600, gather);
    e.run(e.settle_unpaid("anna", &order), &["cranker"]);

    let order = e.committed_order(&[RESULT; 2]);
    let run = e.compare(&order, &[]);
    ends_on_time(&mut e, 300, run);
    e.run(e.reveal_part("anna", &order, &RESULT), &["anna"]);
    let reveal = e.compare(&order, &["anna"]);
    ends_on_time(&mut e, 300, reveal);
    for name in TEAM {
        e.run(e.settle_unpaid(name, &order), &["cranker"]);
    }

    let order = e.compared_order(&[RESULT; 3]);
    let settle = e.settle_part("anna", &order);
    ends_on_time(&mut e, 3_600, settle);
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_lease_early() {
    use lease_code::*;
    for (state, seconds) in [
        (OPEN, OPEN_SECONDS),
        (JOINED, i64::from(GATHER)),
        (ACTIVE, FUNDED),
        (PAUSED, PAUSE),
        (RECLAIMING, NOTICE),
        (SETTLING, SETTLE),
    ] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        // a gang gathers from its opening, a second slot before
        println!("lease in state {state}");
        let crank = e.crank_lease(&rent);
        ends_on_time(&mut e, seconds, crank);
    }
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_phase_of_a_case_early() {
    let phases: [(fn() -> Court, i64); 5] = [
        (|| Court::disputed(0, 6), SEED_SECONDS),
        (|| Court::seeded(0, 6), SEED_SECONDS),
        (|| Court::drawn(0, 6), VOTE_SECONDS),
        (
            || {
                let mut c = Court::drawn(0, 6);
                c.commit_all(700_000);
                c
            },
            REVEAL_SECONDS,
        ),
        (|| Court::decided(0, 6, 700_000), APPEAL_SECONDS),
    ];
    for (court, seconds) in phases {
        let mut c = court();
        println!("phase {}", c.case().phase);
        let crank = c.crank();
        ends_on_time(&mut c.e, seconds, crank);
    }
    let mut c = Court::challenged(0, 0);
    let open = c.open("watcher");
    ends_on_time(&mut c.e, ANSWER_SECONDS, open);
}
