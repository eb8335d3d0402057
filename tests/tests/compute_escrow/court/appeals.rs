//! `appeal`, `link_proposal`, `rule`, `crank_dispute`

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix as base, *,
    },
};

#[test]
fn an_appeal_deposits_twice_the_bond_and_begins_anew_before_a_larger_panel() {
    let mut c = Court::decided(0, 12, 499_999);
    let before = c.lamports("stranger");
    // anybody may, for the side that lost
    c.e.run(c.appeal("stranger"), &["stranger"]);
    assert_eq!(before - c.lamports("stranger"), 2 * COURT_BOND);
    let case = c.case();
    assert_eq!((case.round, case.panel, case.phase), (1, 7, phase::SEED_COMMIT));
    assert_eq!((case.sides[2], case.deposits[2].get()), (1, 2 * COURT_BOND));
    assert_eq!(case.appellants[0], c.key("stranger"));
    c.round(500_000);
    assert_eq!(c.seated().len(), 10);
    // the other side now
    c.e.run(c.appeal("watcher"), &["watcher"]);
    let case = c.case();
    assert_eq!(
        (case.sides[3], case.deposits[3].get(), case.panel),
        (0, 4 * COURT_BOND, 15)
    );
}

#[test]
fn a_late_appeal_is_refused_and_the_verdict_stands() {
    let mut c = Court::decided(0, 12, 0);
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(APPEAL_SECONDS);
    c.e.fails(c.appeal("provider"), &["provider"], EscrowError::DeadlinePassed);
    let cranker = c.lamports("cranker");
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!(c.lamports("cranker") - cranker, BOUNTY);
    assert_eq!((c.case().phase, c.case().outcome), (phase::ENDED, 1));
    c.e.fails(c.crank(), &["cranker"], EscrowError::WrongPhase);
    c.e.fails(c.appeal("provider"), &["provider"], EscrowError::WrongPhase);
}

#[test]
fn an_appeal_is_signed_and_paid() {
    let mut c = Court::decided(0, 12, 0);
    c.e.fails_as(
        base::unsigned(c.appeal("provider"), 0),
        &[],
        builtin::MissingRequiredSignature,
    );
}

#[test]
fn secrets_of_one_round_are_none_of_the_next() {
    let mut c = Court::decided(0, 12, 0);
    c.e.run(c.appeal("provider"), &["provider"]);
    let old = seed_commitment(&secret("watcher", 0), &c.order.uid, 0, 0);
    let commit = court::ix::move_case(49, &[&old], c.key("watcher"), c.dispute, None);
    c.e.run(commit, &["watcher"]);
    c.e.run(c.commit_seed("session", 1), &["session"]);
    c.e.world.warp(1, 5);
    put_slot_hashes(&mut c.e.world, 512);
    c.e.run(c.pin(), &["cranker"]);
    let reveal = court::ix::move_case(50, &[&secret("watcher", 0)], c.key("watcher"), c.dispute, None);
    c.e.fails(reveal, &["watcher"], EscrowError::CommitmentMismatch);
}

#[test]
fn a_panel_that_a_small_jury_cannot_make_leaves_the_verdict_below() {
    // six jurors: no seven
    let mut c = Court::decided(0, 6, 0);
    c.e.run(c.appeal("provider"), &["provider"]);
    c.e.world.warp(0, 1);
    c.seed();
    c.e.world.warp_seconds(SEED_SECONDS);
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!((c.case().outcome, c.case().verdict_ppm.get()), (1, 0));
}

#[test]
fn the_last_appeal_goes_to_a_quadratic_vote() {
    let mut c = Court::linking(0);
    let case = c.case();
    assert_eq!((case.phase, case.round), (phase::LINKING, 3));
    assert_eq!(
        case.deposits.map(|deposit| deposit.get()),
        [1, 1, 2, 4, 8].map(|factor| factor * COURT_BOND)
    );
    let (realm, other) = (c.e.realm, put_realm(&mut c.e.world, "other realm", false));
    let foreign = put_proposal(&mut c.e.world, "foreign", other, 1);
    c.e.fails(c.link("provider", foreign), &["provider"], EscrowError::ProposalRefused);
    for status in [3, 4, 5, 7] {
        let over = put_proposal(&mut c.e.world, "over", realm, status);
        c.e.fails(c.link("provider", over), &["provider"], EscrowError::ProposalRefused);
    }
    let thing = c.e.config;
    c.e.fails(c.link("provider", thing), &["provider"], EscrowError::ProposalRefused);
    c.e.fails(c.rule(1), &["admin"], EscrowError::WrongPhase);
    let proposal = put_proposal(&mut c.e.world, "proposal", realm, 0);
    c.e.fails(c.link("watcher", proposal), &["watcher"], EscrowError::NotAParty);
    c.e.run(c.link("provider", proposal), &["provider"]);
    assert_eq!((c.case().phase, c.case().proposal), (phase::RULING, proposal));
    c.e.fails(c.link("provider", proposal), &["provider"], EscrowError::WrongPhase);
}

#[test]
fn a_proposal_named_late_leaves_the_verdict() {
    let mut c = Court::linking(0);
    let proposal = put_proposal(&mut c.e.world, "proposal", c.e.realm, 1);
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(APPEAL_SECONDS);
    c.e.fails(c.link("provider", proposal), &["provider"], EscrowError::DeadlinePassed);
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!((c.case().outcome, c.case().verdict_ppm.get()), (1, 0));
}

#[test]
fn the_configs_authority_rules_once_over_this_case() {
    let mut c = Court::ruling(0);
    let rule = c.rule(600_000);
    let args: [&[u8]; 2] = [&[1; 32], &600_000u32.to_le_bytes()];
    let other = court::ix::move_case(58, &args, c.key("admin"), c.dispute, Some(c.e.config));
    c.e.fails(other, &["admin"], EscrowError::WrongUid);
    c.e.fails(c.rule(1_000_001), &["admin"], EscrowError::VoteOutOfBounds);
    c.e.fails(
        base::with(rule.clone(), 0, c.key("stranger")),
        &["stranger"],
        EscrowError::NotAParty,
    );
    // the stranger's own config
    let stranger = c.key("stranger");
    let theirs = base::initialize_config(
        stranger,
        60_001,
        false,
        stranger,
        &params(&c.e.world),
        c.e.realm,
        c.e.mint.address,
    );
    c.e.run(theirs, &["stranger"]);
    let by_theirs = base::with(base::with(rule.clone(), 0, stranger), 2, base::config(60_001).0);
    c.e.fails(by_theirs, &["stranger"], EscrowError::ConfigMismatch);
    c.e.fails(
        base::with(rule.clone(), 2, base::PROGRAM),
        &["admin"],
        EscrowError::WrongCase,
    );
    c.e.run(rule.clone(), &["admin"]);
    assert_eq!((c.case().phase, c.case().verdict_ppm.get()), (phase::ENDED, 600_000));
    c.e.fails(rule, &["admin"], EscrowError::WrongPhase);
}

#[test]
fn a_vote_without_a_ruling_leaves_the_verdict_when_its_time_is_over() {
    let mut c = Court::ruling(0);
    c.e.world.warp_seconds(RULING_SECONDS - 1);
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(1);
    c.e.run(c.crank(), &["cranker"]);
    assert_eq!((c.case().phase, c.case().verdict_ppm.get()), (phase::ENDED, 0));
}

#[test]
fn a_proposal_that_ended_without_a_ruling_leaves_the_verdict_at_once() {
    for gone in [false, true] {
        let mut c = Court::ruling(0);
        let proposal = c.case().proposal;
        let show = |c: &Court, proposal| court::ix::move_case(59, &[], c.key("cranker"), c.dispute, Some(proposal));
        // lives, or is vetoed and can be overridden
        for status in [1, 2, 6] {
            put_proposal(&mut c.e.world, "proposal", c.e.realm, status);
            c.e.fails(show(&c, proposal), &["cranker"], EscrowError::TooEarly);
        }
        let other = put_proposal(&mut c.e.world, "other", c.e.realm, 3);
        c.e.fails(show(&c, other), &["cranker"], EscrowError::TooEarly);
        if gone {
            c.e.world.set_raw(proposal, solana_account::Account::default());
        } else {
            put_proposal(&mut c.e.world, "proposal", c.e.realm, 3);
        }
        c.e.run(show(&c, proposal), &["cranker"]);
        assert_eq!((c.case().phase, c.case().outcome), (phase::ENDED, 1));
    }
}

#[test]
fn phases_without_a_time_are_not_cranked() {
    let mut c = Court::disputed(0, 6);
    c.commit_seeds();
    c.e.world.warp_seconds(10 * SEED_SECONDS);
    c.e.fails(c.crank(), &["cranker"], EscrowError::WrongPhase);
    let mut c = Court::ended(0, 6, 0);
    c.e.fails(c.crank(), &["cranker"], EscrowError::WrongPhase);
    c.e.run(c.execute(), &["cranker"]);
    c.e.fails(c.crank(), &["cranker"], EscrowError::WrongPhase);
}

#[test]
fn a_halted_cluster_or_a_clock_that_goes_back_ends_no_phase() {
    let mut c = Court::disputed(0, 6);
    // 43,200 s are 54,000 slots
    c.e.world.warp(10_000_000, 53_998);
    c.e.fails(c.crank(), &["cranker"], EscrowError::TooEarly);
    c.e.run(c.commit_seed("watcher", 0), &["watcher"]);
    let entered = c.case().entered_ts.get();
    c.e.world.warp(-20_000_000, 1);
    c.e.run(c.commit_seed("session", 1), &["session"]);
    assert!(c.case().entered_ts.get() >= entered);
}
