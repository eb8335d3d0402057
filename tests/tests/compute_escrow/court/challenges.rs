//! `challenge_result`, `prove_canary`, `answer_challenge`, `resolve_challenge`

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix as base, *,
    },
    solana_address::Address,
};

fn challenge_of(c: &Court, name: &str) -> Address {
    court::ix::challenge_of(&c.order.job, &c.key(name)).0
}

#[test]
fn a_challenge_pays_its_bond_in_and_is_counted() {
    let mut c = Court::new(0, 0);
    let before = c.lamports("watcher");
    c.e.run(c.challenge("watcher"), &["watcher"]);
    let account = challenge_of(&c, "watcher");
    let rent = c.e.world.rent(368);
    assert_eq!(c.e.world.lamports(&account), rent + COURT_BOND);
    assert_eq!(before - c.lamports("watcher"), rent + COURT_BOND);
    let state: Challenge = c.e.world.state(&account);
    assert_eq!((state.state, state.claimed_result), (1, OTHER_RESULT));
    assert_eq!(c.e.job(&c.order).challenges_open, 1);
    // one each
    c.e.fails_as(c.challenge("watcher"), &["watcher"], builtin::SYSTEM_IN_USE);
    c.e.run(c.challenge("stranger"), &["stranger"]);
    assert_eq!(c.e.job(&c.order).challenges_open, 2);
}

#[test]
fn the_result_that_was_revealed_is_no_challenge() {
    let mut c = Court::new(0, 0);
    let key = c.key("watcher");
    let same = court::ix::challenge_result(key, c.e.config, c.order.job, &c.order.uid, &RESULT, key);
    c.e.fails(same, &["watcher"], EscrowError::SameResult);
    let other_uid = court::ix::challenge_result(key, c.e.config, c.order.job, &[1; 32], &OTHER_RESULT, key);
    c.e.fails(other_uid, &["watcher"], EscrowError::WrongUid);
    let nobody = court::ix::challenge_result(
        key,
        c.e.config,
        c.order.job,
        &c.order.uid,
        &OTHER_RESULT,
        Address::default(),
    );
    c.e.fails(nobody, &["watcher"], EscrowError::ZeroAddress);
}

#[test]
fn a_challenge_is_signed_and_paid_by_the_challenger() {
    let mut c = Court::new(0, 0);
    let unsigned = base::unsigned(c.challenge("watcher"), 0);
    c.e.fails_as(unsigned, &[], builtin::MissingRequiredSignature);
    let elsewhere = base::with(c.challenge("watcher"), 3, challenge_of(&c, "stranger"));
    c.e.fails_as(elsewhere, &["watcher"], builtin::InvalidSeeds);
}

#[test]
fn a_late_challenge_is_refused() {
    let mut c = Court::new(0, 0);
    c.e.world.warp_seconds(3_600);
    c.e.fails(c.challenge("watcher"), &["watcher"], EscrowError::DeadlinePassed);
}

#[test]
fn only_a_public_result_can_be_challenged() {
    let mut c = Court::new(0, 0);
    let open = c.e.job_in(state_code::COMMITTED);
    let key = c.key("watcher");
    let early = court::ix::challenge_result(key, c.e.config, open.job, &open.uid, &OTHER_RESULT, key);
    c.e.fails(early, &["watcher"], EscrowError::WrongJobState);
}

#[test]
fn an_unverified_result_cannot_be_challenged() {
    let unverified = JobTerms {
        verification: 0,
        ..terms()
    };
    let mut c = Court::with_terms(0, 0, &unverified);
    c.e.fails(c.challenge("watcher"), &["watcher"], EscrowError::WrongKind);
}

#[test]
fn the_config_is_the_jobs() {
    let mut c = Court::new(0, 0);
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
    let wrong = base::with(c.challenge("watcher"), 1, base::config(60_001).0);
    c.e.fails(wrong, &["watcher"], EscrowError::ConfigMismatch);
}

#[test]
fn challenges_beyond_what_a_job_counts_are_refused() {
    let mut c = Court::new(0, 0);
    let mut job = c.e.world.raw(&c.order.job);
    // 8 + 8 + 32 + 2 + 4 before `challenges_open`
    assert_eq!(job.data[54], 0);
    job.data[54] = 255;
    c.e.world.set_raw(c.order.job, job);
    c.e.fails(c.challenge("watcher"), &["watcher"], EscrowError::TooManyChallenges);
}

#[test]
fn an_open_challenge_keeps_the_price_in_the_vault() {
    let mut c = Court::challenged(0, 0);
    c.e.world.warp_seconds(3_600);
    c.e.fails(c.e.settle(&c.order), &[], EscrowError::ChallengesOpen);
    c.e.fails(c.e.crank(&c.order), &["cranker"], EscrowError::NothingToCrank);
}

#[test]
fn an_answer_deposits_as_much_as_the_challenge() {
    let mut c = Court::challenged(0, 0);
    let before = c.lamports("provider");
    c.e.run(c.answer("watcher"), &["provider"]);
    let account = challenge_of(&c, "watcher");
    let state: Challenge = c.e.world.state(&account);
    assert_eq!(
        (state.state, state.defender, state.defender_agent),
        (2, c.key("provider"), c.key("session"))
    );
    assert_eq!(before - c.lamports("provider"), COURT_BOND);
    assert_eq!(c.e.world.lamports(&account), c.e.world.rent(368) + 2 * COURT_BOND);
    c.e.fails(c.answer("watcher"), &["provider"], EscrowError::WrongChallengeState);
}

#[test]
fn only_the_worker_answers() {
    let mut c = Court::challenged(0, 0);
    let rivals = c.e.rival("rival");
    let theirs = base::provider(&c.key("rival")).0;
    let challenge = challenge_of(&c, "watcher");
    let rival = c.key("rival");
    let other_slot = court::ix::answer_challenge(rival, theirs, c.order.job, challenge, rivals, None, rival);
    c.e.fails(other_slot, &["rival"], EscrowError::NotTheAssignedSlot);
    let foreign_slot = court::ix::answer_challenge(rival, theirs, c.order.job, challenge, c.e.slot, None, rival);
    c.e.fails(foreign_slot, &["rival"], EscrowError::SlotOfAnotherProvider);
    let not_owner = court::ix::answer_challenge(rival, c.e.provider, c.order.job, challenge, c.e.slot, None, rival);
    c.e.fails_as(not_owner, &["rival"], builtin::ADDRESS);
    let agentless = court::ix::answer_challenge(
        c.key("provider"),
        c.e.provider,
        c.order.job,
        challenge,
        c.e.slot,
        None,
        Address::default(),
    );
    c.e.fails(agentless, &["provider"], EscrowError::ZeroAddress);
    let other_job = c.e.job_in(state_code::CHALLENGEABLE);
    let wrong_job = base::with(c.answer("watcher"), 2, other_job.job);
    c.e.fails(wrong_job, &["provider"], EscrowError::WrongCase);
}

#[test]
fn a_late_answer_is_refused() {
    let mut c = Court::challenged(0, 0);
    c.e.world.warp_seconds(ANSWER_SECONDS);
    c.e.fails(c.answer("watcher"), &["provider"], EscrowError::DeadlinePassed);
}

#[test]
fn an_unanswered_challenge_wins_to_the_lamport() {
    let mut c = Court::challenged(0, 0);
    c.e.world.warp(ANSWER_SECONDS - 1, 200_000);
    c.e.fails(c.open("watcher"), &["cranker"], EscrowError::TooEarly);
    c.e.world.warp_seconds(1);
    let names = ["watcher", "client", "cranker", "provider"];
    let before = names.map(|name| c.lamports(name));
    c.win("watcher");
    let after = names.map(|name| c.lamports(name));
    assert_eq!(after[0] - before[0], c.e.world.rent(368) + COURT_BOND + REWARD);
    assert_eq!(after[1] - before[1], COMPENSATION);
    assert_eq!(after[2] - before[2], BOUNTY);
    assert_eq!((after[3], c.burnt()), (before[3], 0));
    assert_eq!(COMPENSATION + BOUNTY + REWARD + REWARD, BOND);
    let (job, slot) = (c.e.job(&c.order), c.e.slot_state());
    assert_eq!(
        (job.state, job.flags & 4, job.challenges_open),
        (state_code::FINAL, 4, 0)
    );
    assert_eq!(
        (
            slot.slashed_lamports.get(),
            slot.burnt_lamports.get(),
            slot.jobs_failed.get()
        ),
        (BOND, REWARD, 1)
    );
    assert_eq!(slot.bond_lamports.get(), DEPOSIT - BOND);
    // the receipt says that the result was wrong
    let receipt = sha(&[
        b"commonweal:rcp:1",
        &[0; 32],
        &0u64.to_le_bytes(),
        &c.order.uid,
        &[0x11; 32],
        &RESULT,
        &[6],
        &[0; 16],
        &BOND.to_le_bytes(),
    ]);
    assert_eq!(slot.receipt_head, receipt);
    // a second time there is nothing
    c.e.fails_as(c.open("watcher"), &["cranker"], builtin::AccountDataTooSmall);
    // the price is the client's
    let held = c.e.world.tokens(&c.e.client_token);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
    assert_eq!(c.e.world.tokens(&c.e.client_token) - held, PRICE);
}

#[test]
fn a_halted_cluster_answers_for_nobody() {
    let mut c = Court::challenged(0, 0);
    // 86,400 s are 108,000 slots
    c.e.world.warp(10_000_000, 107_999);
    c.e.fails(c.open("watcher"), &["cranker"], EscrowError::TooEarly);
    c.e.run(c.answer("watcher"), &["provider"]);
}

#[test]
fn nothing_is_resolved_before_a_verdict() {
    for mut c in [Court::challenged(0, 0), Court::answered(0, 0)] {
        c.e.fails(c.resolve("watcher"), &[], EscrowError::WrongJobState);
        c.e.world.warp_seconds(10 * ANSWER_SECONDS);
        c.e.fails(c.resolve("watcher"), &[], EscrowError::WrongJobState);
    }
}

#[test]
fn one_verdict_resolves_every_challenge() {
    let mut c = Court::challenged(0, 0);
    c.e.run(c.challenge("stranger"), &["stranger"]);
    c.e.run(c.answer("watcher"), &["provider"]);
    c.e.world.warp_seconds(ANSWER_SECONDS);
    // nobody answered the stranger
    c.win("stranger");
    c.e.fails_as(c.e.close(&c.order), &[], err(EscrowError::ChallengesOpen));
    let (watcher, provider) = (c.lamports("watcher"), c.lamports("provider"));
    let burnt = c.burnt();
    c.e.run(c.resolve("watcher"), &[]);
    // the answer's bond less a fifth is the challenger's
    assert_eq!(
        c.lamports("watcher") - watcher,
        c.e.world.rent(368) + 2 * COURT_BOND - COURT_BURN
    );
    assert_eq!(c.lamports("provider"), provider);
    assert_eq!(c.burnt() - burnt, COURT_BURN);
    c.e.run(c.e.close_with_surplus(&c.order, c.e.client_token), &["cranker"]);
}

#[test]
fn resolving_pays_exactly_those_who_are_due() {
    let mut c = Court::answered(0, 0);
    c.e.run(c.challenge("stranger"), &["stranger"]);
    c.e.world.warp_seconds(ANSWER_SECONDS);
    c.win("stranger");
    let resolve = c.resolve("watcher");
    c.e.fails_as(base::with(resolve.clone(), 2, c.key("stranger")), &[], builtin::ADDRESS);
    c.e.fails(
        base::with(resolve.clone(), 6, c.key("stranger")),
        &[],
        EscrowError::IncineratorRequired,
    );
    let other_job = c.e.job_in(state_code::CHALLENGEABLE);
    c.e.fails(base::with(resolve, 0, other_job.job), &[], EscrowError::WrongCase);
}

#[test]
fn a_case_nobody_defends_is_executed_against_its_own_slot() {
    let mut c = Court::challenged(0, 0);
    c.e.world.warp_seconds(ANSWER_SECONDS);
    c.e.run(c.open("watcher"), &["cranker"]);
    // nobody is due anything for a wrong result: neither payout nor its accounts are asked for
    let mut execute = c.execute();
    for place in [5, 6] {
        execute = base::with(execute, place, base::PROGRAM);
    }
    let rivals = c.e.rival("rival");
    c.e.fails(
        base::with(execute.clone(), 4, rivals),
        &["cranker"],
        EscrowError::NotTheAssignedSlot,
    );
    c.e.run(execute, &["cranker"]);
}

#[test]
fn a_reward_that_an_emptied_wallet_cannot_hold_goes_to_the_cranker() {
    // 10,000,000 less compensation and bounty leaves three lamports: the reward is one, with which no wallet can begin
    let tight = JobTerms {
        bond_lamports: 10_000_000,
        compensation_lamports: 9_979_997,
        ..terms()
    };
    let mut c = Court::with_terms(0, 0, &tight);
    c.e.run(c.challenge("watcher"), &["watcher"]);
    c.e.world.warp_seconds(ANSWER_SECONDS);
    let key = c.key("watcher");
    let cranker = c.lamports("cranker");
    c.e.run(c.open("watcher"), &["cranker"]);
    c.e.world.set_raw(key, solana_account::Account::default());
    c.e.run(c.execute(), &["cranker"]);
    assert_eq!(c.lamports("watcher"), 0);
    assert_eq!(c.lamports("cranker") + c.e.world.rent(844) - cranker, BOUNTY + 1);
    let close = court::ix::close_dispute(c.order.job, key, key, c.key("cranker"), &[]);
    c.e.run(close, &[]);
    assert_eq!(c.lamports("watcher"), COURT_BOND);
}

#[test]
fn a_canary_that_an_attestor_countersigns_needs_no_court() {
    let (mut c, proof) = Court::canary(0);
    c.e.world.actor("attestor");
    let (watcher, attestor) = (c.key("watcher"), c.key("attestor"));
    let prove = court::ix::prove_canary(watcher, c.e.config, c.order.job, &c.order.uid, &proof, Some(attestor));
    c.e.fails(prove.clone(), &["watcher", "attestor"], EscrowError::NotAnAttestor);
    c.list_attestor("attestor");
    c.e.fails_as(
        base::unsigned(prove.clone(), 4),
        &["watcher"],
        builtin::MissingRequiredSignature,
    );
    c.e.run(prove, &["watcher", "attestor"]);
    let state: Challenge = c.e.world.state(&challenge_of(&c, "watcher"));
    assert_eq!((state.state, state.has_canary), (3, 1));
    c.e.fails(c.answer("watcher"), &["provider"], EscrowError::WrongChallengeState);
    c.win("watcher");
    assert_eq!(c.e.job(&c.order).flags & 4, 4);
}

#[test]
fn a_canary_alone_only_opens_the_way_to_the_court() {
    let (mut c, proof) = Court::canary(0);
    let watcher = c.key("watcher");
    let prove = court::ix::prove_canary(watcher, c.e.config, c.order.job, &c.order.uid, &proof, None);
    c.e.run(prove, &["watcher"]);
    let state: Challenge = c.e.world.state(&challenge_of(&c, "watcher"));
    assert_eq!((state.state, state.has_canary), (1, 1));
    c.e.fails(c.open("watcher"), &["cranker"], EscrowError::TooEarly);
    c.e.run(c.answer("watcher"), &["provider"]);
}

#[test]
fn every_word_of_a_canary_proof_counts() {
    let (mut c, proof) = Court::canary(0);
    let watcher = c.key("watcher");
    let mut wrong = Vec::new();
    for word in 0..4 {
        let mut p = proof.clone();
        p.words[word][5] ^= 1;
        wrong.push(p);
    }
    let edits: [fn(&mut court::ix::Proof); 8] = [
        |p| p.index = 3,
        |p| p.index = 6, // the same path in a tree of four
        |p| p.position = 0,
        |p| p.canary_path[0][0] ^= 1,
        |p| p.output_path[0][0] ^= 1,
        |p| p.output_path[1][0] ^= 1,
        |p| p.canary_path.clear(),
        |p| p.output_path.truncate(1),
    ];
    for edit in edits {
        let mut p = proof.clone();
        edit(&mut p);
        wrong.push(p);
    }
    for p in wrong {
        let prove = court::ix::prove_canary(watcher, c.e.config, c.order.job, &c.order.uid, &p, None);
        c.e.fails(prove, &["watcher"], EscrowError::CanaryProofRefused);
    }
    let other = court::ix::prove_canary(watcher, c.e.config, c.order.job, &[3; 32], &proof, None);
    c.e.fails(other, &["watcher"], EscrowError::WrongUid);
}

#[test]
fn a_canary_whose_output_is_right_proves_nothing() {
    let (mut c, proof) = Court::canary_right(0);
    let watcher = c.key("watcher");
    let prove = court::ix::prove_canary(watcher, c.e.config, c.order.job, &c.order.uid, &proof, None);
    c.e.fails(prove, &["watcher"], EscrowError::CanaryProofRefused);
}

#[test]
fn canaries_are_for_canary_jobs() {
    let (_, proof) = Court::canary(0);
    let mut c = Court::new(0, 0);
    let watcher = c.key("watcher");
    let prove = court::ix::prove_canary(watcher, c.e.config, c.order.job, &c.order.uid, &proof, None);
    c.e.fails(prove, &["watcher"], EscrowError::WrongKind);
}

#[test]
fn an_old_challenge_is_none_of_a_job_at_the_same_address() {
    let mut c = Court::challenged(0, 0);
    c.e.world.warp_seconds(ANSWER_SECONDS);
    // by force: the address lives again before the challenge was resolved
    let mut job = c.e.world.raw(&c.order.job);
    let at = job.data.windows(32).position(|bytes| bytes == c.order.uid).unwrap();
    job.data[at] ^= 1;
    c.e.world.set_raw(c.order.job, job);
    c.e.fails(c.resolve("watcher"), &[], EscrowError::WrongCase);
    c.e.fails(c.open("watcher"), &["cranker"], EscrowError::WrongCase);
    c.e.fails(c.answer("watcher"), &["provider"], EscrowError::WrongCase);
}
