//! Redundant orders and milestones before the court, two cases at once, and attempts to steal or to block.

use {
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix as base,
        orders::*,
        *,
    },
    solana_instruction::Instruction,
};

/// A redundant order whose three workers agree, challenged by the watcher, and a jury.
fn redundant(jurors: u32) -> Court {
    let mut c = Court::new(0, jurors);
    c.e.hire(&TEAM);
    c.order = c.e.compared_order(&[RESULT, RESULT, ODD_RESULT]);
    c.dispute = court::ix::dispute(&c.order.job).0;
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c
}

fn answer_by(c: &Court, name: &str) -> Instruction {
    let challenge = court::ix::challenge_of(&c.order.job, &c.key("watcher")).0;
    let part = c.e.part_of(name, &c.order);
    let (key, provider, slot) = (c.key(name), c.e.provider_of(name), c.e.slot_of(name));
    court::ix::answer_challenge(key, provider, c.order.job, challenge, slot, Some(part), key)
}

fn execute_redundant(c: &Court) -> Instruction {
    court::ix::execute_ruling(
        c.key("cranker"),
        c.order.job,
        None,
        c.key("client"),
        c.key("watcher"),
        c.e.mint.address,
        c.e.mint.program,
    )
}

/// The same, answered by anna and disputed.
fn disputed_redundant(jurors: u32) -> Court {
    let mut c = redundant(jurors);
    c.e.run(answer_by(&c, "anna"), &["anna"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
    c
}

fn judged_redundant(ppm: u32) -> Court {
    let mut c = disputed_redundant(6);
    c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
    c.e.run(c.commit_seed("anna", 1), &["anna"]);
    c.e.world.warp(1, 5);
    put_slot_hashes(&mut c.e.world, 512);
    c.e.run(c.pin(), &["cranker"]);
    c.e.run(c.reveal_seed("watcher"), &["watcher"]);
    c.e.run(c.reveal_seed("anna"), &["anna"]);
    c.draw();
    c.vote_all(ppm);
    c.e.world.warp_seconds(APPEAL_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(execute_redundant(&c), &["cranker"]);
    c
}

#[test]
fn nobody_defends_a_redundant_result_and_its_workers_are_slashed_one_by_one() {
    let mut c = redundant(0);
    c.e.world.warp_seconds(ANSWER_SECONDS);
    let watcher = c.lamports("watcher");
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.run(execute_redundant(&c), &["cranker"]);
    let key = c.key("watcher");
    let close = court::ix::close_dispute(c.order.job, key, key, c.key("cranker"), &[]);
    c.e.run(close, &[]);
    // the execution is paid from the case: there is no single slot at fault
    assert_eq!(
        c.lamports("watcher") - watcher,
        c.e.world.rent(368) + COURT_BOND - BOUNTY
    );
    let job = c.e.job(&c.order);
    assert_eq!((job.state, job.flags & 4), (state_code::RESOLVING, 4));
    for name in TEAM {
        c.e.run(c.e.settle_unpaid(name, &c.order), &["cranker"]);
    }
    let lost = TEAM.map(|name| c.e.world.state::<Slot>(&c.e.slot_of(name)).slashed_lamports.get());
    assert_eq!(lost, [BOND, BOND, 0]);
    assert_eq!(c.e.job(&c.order).state, state_code::FINAL);
}

#[test]
fn only_a_worker_whose_result_won_defends_a_redundant_order() {
    let mut c = redundant(0);
    c.e.fails(answer_by(&c, "cleo"), &["cleo"], EscrowError::ContributionMismatch);
    let without = base::with(answer_by(&c, "anna"), 5, base::PROGRAM);
    c.e.fails(without, &["anna"], EscrowError::ContributionMismatch);
    let borrowed = base::with(answer_by(&c, "cleo"), 5, c.e.part_of("anna", &c.order));
    c.e.fails(borrowed, &["cleo"], EscrowError::ContributionMismatch);
    c.e.run(answer_by(&c, "ben"), &["ben"]);
}

#[test]
fn a_defended_redundant_result_is_paid_and_the_defender_rewarded() {
    let mut c = judged_redundant(500_000);
    let job = c.e.job(&c.order);
    assert_eq!((job.state, job.flags & 36), (state_code::RESOLVING, 0));
    for name in ["anna", "ben"] {
        c.e.run(c.e.settle_part(name, &c.order), &["cranker"]);
        let slot: Slot = c.e.world.state(&c.e.slot_of(name));
        assert_eq!((slot.slashed_lamports.get(), slot.jobs_completed.get()), (0, 1));
    }
    let anna = c.lamports("anna");
    for name in c.seated() {
        c.e.run(c.close_seat(&name), &["cranker"]);
    }
    let close = court::ix::close_dispute(c.order.job, c.key("watcher"), c.key("anna"), c.key("cranker"), &[]);
    c.e.run(close, &[]);
    // three seats; opening, pin, three drawings, the end of the appeal time, the execution
    let costs = 3 * SEAT_FEE + 7 * BOUNTY;
    assert_eq!(c.lamports("anna") - anna, 2 * COURT_BOND - COURT_BURN - costs);
}

#[test]
fn a_redundant_result_found_wrong_slashes_those_who_brought_it() {
    let mut c = judged_redundant(0);
    for name in TEAM {
        c.e.run(c.e.settle_unpaid(name, &c.order), &["cranker"]);
    }
    let lost = TEAM.map(|name| c.e.world.state::<Slot>(&c.e.slot_of(name)).slashed_lamports.get());
    assert_eq!(lost, [BOND, BOND, 0]);
}

/// The panel decides a redundant order for the workers.
fn judge_for_the_workers(c: &mut Court) {
    c.judge(1_000_000);
    c.e.run(execute_redundant(c), &["cranker"]);
    let job = c.e.job(&c.order);
    assert_eq!((job.state, job.flags & 36), (state_code::RESOLVING, 0));
    for name in ["anna", "ben"] {
        c.e.run(c.e.settle_part(name, &c.order), &["cranker"]);
        let slot: Slot = c.e.world.state(&c.e.slot_of(name));
        assert_eq!((slot.slashed_lamports.get(), slot.jobs_completed.get()), (0, 1));
    }
}

#[test]
fn a_defender_cannot_forfeit_for_the_other_workers() {
    let mut c = disputed_redundant(6);
    assert_eq!(c.case().is_redundant, 1);
    c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
    c.e.world.warp_seconds(SEED_SECONDS);
    let now = c.e.world.clock().slot;
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!((c.case().phase, c.case().pin_slot.get()), (phase::PIN, now));
    let pinned = c.pin_now();
    c.e.run(c.reveal_seed("watcher"), &["watcher"]);
    // it has nothing to reveal, whatever it shows
    c.e.fails(c.reveal_seed("anna"), &["anna"], EscrowError::CommitmentMismatch);
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    let expected = panel_seed(&secret("watcher", 0), &[0; 32], pinned);
    assert_eq!((c.case().phase, c.case().seeds[0]), (phase::DRAW, expected));
    judge_for_the_workers(&mut c);
}

#[test]
fn a_defender_of_many_that_commits_and_does_not_reveal_has_no_part_in_the_seed() {
    let mut c = disputed_redundant(6);
    c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
    c.e.run(c.commit_seed("anna", 1), &["anna"]);
    let pinned = c.pin_now();
    c.e.run(c.reveal_seed("watcher"), &["watcher"]);
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.fails(c.reveal_seed("anna"), &["anna"], EscrowError::DeadlinePassed);
    c.e.run(c.crank(), &["cranker"]);
    let expected = panel_seed(&secret("watcher", 0), &[0; 32], pinned);
    assert_eq!((c.case().phase, c.case().seeds[0]), (phase::DRAW, expected));
    judge_for_the_workers(&mut c);
}

#[test]
fn a_redundant_order_whose_parties_are_both_silent_has_a_panel_all_the_same() {
    for commit in [false, true] {
        let mut c = disputed_redundant(6);
        if commit {
            c.e.run(c.commit_seed("anna", 1), &["anna"]);
            c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
        } else {
            c.e.world.warp_seconds(SEED_SECONDS);
            c.e.run(c.crank(), &["cranker"]);
        }
        let pinned = c.pin_now();
        c.e.world.warp_seconds(SEED_SECONDS);
        c.e.run(c.crank(), &["cranker"]);
        let expected = panel_seed(&[0; 32], &[0; 32], pinned);
        assert_eq!((c.case().phase, c.case().seeds[0]), (phase::DRAW, expected));
        judge_for_the_workers(&mut c);
    }
}

#[test]
fn a_challenge_that_nobody_answered_of_a_redundant_order_that_stands_is_burnt_or_divided() {
    let mut c = disputed_redundant(0);
    // by force: decided otherwise, with the stranger's challenge riding along
    let mut job = c.e.world.raw(&c.order.job);
    job.data[8 + 3] = state_code::CHALLENGEABLE;
    c.e.world.set_raw(c.order.job, job);
    c.e.world.warp(-100_000, 1);
    c.e.run(c.challenge("stranger"), &["stranger"]);
    let mut job = c.e.world.raw(&c.order.job);
    job.data[8 + 3] = state_code::RESOLVING;
    c.e.world.set_raw(c.order.job, job);
    let burnt = c.burnt();
    let resolve = court::ix::resolve_challenge(c.order.job, c.key("stranger"), c.key("payer"), None, None);
    let payer = c.lamports("payer");
    c.e.run(resolve, &[]);
    assert_eq!(c.burnt() - burnt, COURT_BOND);
    assert_eq!(c.lamports("payer"), payer);
}

#[test]
fn accepted_milestones_are_paid_whatever_the_court_says() {
    let terms = milestone_terms();
    let first = u64::from(terms.milestone_bps[0]);
    let mut c = Court::with_terms(0, 2, &terms);
    c.e.run(c.e.accept_milestone(&c.order, 0), &["client"]);
    let paid = PRICE * first / 10_000;
    assert_eq!(c.e.world.tokens(&c.order.vault), PRICE - paid);
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
    c.seed();
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    c.e.run(c.execute(), &["cranker"]);
    // the default halves the rest
    let half = (PRICE - paid) / 2;
    assert_eq!(c.e.world.tokens(&c.order.vault), PRICE - paid - half);
    assert_eq!(c.e.world.tokens(&base::vault(&c.e.payout).0), paid + half);
}

#[test]
fn seats_and_votes_belong_to_one_case() {
    let mut c = Court::drawn(0, 5);
    let panel = c.panel();
    let (order, dispute) = (c.order, c.dispute);
    // a second job, another case with the same jurors
    c.order = c.e.job_in(state_code::CHALLENGEABLE);
    c.dispute = court::ix::dispute(&c.order.job).0;
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    let second = c.dispute;
    (c.order, c.dispute) = (order, dispute);
    let vote = base::with(c.commit_vote(&panel[0], 1), 1, second);
    c.e.fails(vote, &[&panel[0]], EscrowError::WrongCase);
    let close = base::with(c.close_seat(&panel[0]), 1, second);
    c.e.fails(close, &["cranker"], EscrowError::WrongCase);
    let execute = base::with(c.execute(), 1, second);
    c.e.fails_as(execute, &["cranker"], crate::builtin::ADDRESS);
}

#[test]
fn one_juror_sits_in_two_cases_and_each_holds_its_own_stake() {
    let mut c = Court::drawn(0, 3);
    c.order = c.e.job_in(state_code::CHALLENGEABLE);
    c.dispute = court::ix::dispute(&c.order.job).0;
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
    c.seed();
    c.draw();
    let juror = c.juror_state("juror 0");
    assert_eq!((juror.held_lamports.get(), juror.seats.get()), (2 * SEAT_FEE, 2));
}

#[test]
fn a_frozen_payout_delays_the_ruling_and_loses_nothing() {
    let mut c = Court::ended(0, 6, 700_000);
    let (mint, vault) = (c.e.mint.clone(), base::vault(&c.e.payout).0);
    c.e.world.freeze(&mint, &vault);
    c.e.fails_as(c.execute(), &["cranker"], crate::builtin::TOKEN_FROZEN);
    c.e.world.thaw(&mint, &vault);
    c.e.run(c.execute(), &["cranker"]);
}

#[test]
fn emptied_wallets_block_no_division() {
    let mut c = Court::ended(0, 6, 1_000_000);
    c.e.run(c.execute(), &["cranker"]);
    for name in ["watcher", "provider"] {
        let key = c.key(name);
        c.e.world.set_raw(key, solana_account::Account::default());
    }
    c.clear(&[]);
    assert_eq!(c.lamports("watcher"), 0);
    assert_eq!(
        c.lamports("provider"),
        2 * COURT_BOND - COURT_BURN - 3 * SEAT_FEE - 7 * BOUNTY
    );
}

#[test]
fn what_a_wallet_cannot_hold_is_burnt() {
    let mut c = Court::ended(0, 6, 0);
    let mut case = c.e.world.raw(&c.dispute);
    // by force: costs that leave the challenger 1,000 lamports of its deposit; the account holds them
    let at = case.data.len() - 8 - 32 - 48 - 32 - 60 - 96 - 40 + 8 - 8;
    let costs = c.case().costs_lamports.get();
    assert_eq!(case.data[at..at + 8], costs.to_le_bytes());
    let more = 2 * COURT_BOND - COURT_BURN - 1_000;
    case.data[at..at + 8].copy_from_slice(&more.to_le_bytes());
    case.lamports -= more - costs;
    c.e.world.set_raw(c.dispute, case);
    c.e.run(c.execute(), &["cranker"]);
    let key = c.key("watcher");
    c.e.world.set_raw(key, solana_account::Account::default());
    let burnt = c.burnt();
    c.clear(&[]);
    assert_eq!(c.lamports("watcher"), 0);
    assert_eq!(c.burnt() - burnt, COURT_BURN + 1_000);
}

#[test]
fn a_job_opened_again_at_the_address_waits_for_the_old_case() {
    let mut c = Court::ended(0, 6, 0);
    c.e.run(c.execute(), &["cranker"]);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
    let again = c.e.post_job(c.order.nonce, &terms());
    let order = c.e.order(c.order.nonce);
    c.e.orders.push(order);
    c.e.run(again, &["client", "payer"]);
    c.e.world.warp(0, 1);
    c.e.drive(&order, state_code::CHALLENGEABLE);
    c.order = order;
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.fails_as(c.open("watcher"), &["cranker"], crate::builtin::SYSTEM_IN_USE);
    c.clear(&[]);
    c.e.run(c.open("watcher"), &["cranker"]);
}

#[test]
fn a_prefunded_address_is_no_obstacle() {
    let mut c = Court::new(0, 4);
    let challenge = court::ix::challenge_of(&c.order.job, &c.key("watcher")).0;
    c.e.world.airdrop(&challenge, 1);
    c.e.world.airdrop(&c.dispute.clone(), 1);
    c.e.run(c.challenge("watcher"), &["watcher"]);
    assert_eq!(c.e.world.lamports(&challenge), c.e.world.rent(368) + COURT_BOND);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.warp(0, 1);
    c.seed();
    let seat = c.draw_of(c.next_place()).accounts[4].pubkey;
    c.e.world.airdrop(&seat, 1);
    c.e.run(c.draw_of(c.next_place()), &["cranker"]);
}
