//! `attest_slot` and `close_attestation`

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, supply::*, *},
    compute_escrow::state::Attestation,
};

fn with_attestors(names: &[&str]) -> Escrow {
    let mut e = Escrow::ready(0);
    e.appoint(names);
    e
}

#[test]
fn a_measured_speed_becomes_the_slots_score_until_its_expiry() {
    let mut e = with_attestors(&["attestor"]);
    let (claim, before) = (e.speed(1_234), e.world.lamports(&e.key("attestor")));
    e.run(e.attest("attestor", &claim), &["attestor"]);
    let slot = e.slot_state();
    assert_eq!(
        (slot.measured_score.get(), slot.score_until_ts.get()),
        (1_234, claim.expires_ts)
    );
    let (address, bump) = attestation(&e.slot, &e.key("attestor"), SPEED);
    let state: Attestation = e.world.state(&address);
    assert_eq!((state.version, state.bump, state.kind), (1, bump, SPEED));
    assert_eq!((state.slot, state.attestor), (e.slot, e.key("attestor")));
    assert_eq!(
        (state.evidence_hash, state.score.get(), state.expires_ts.get()),
        (EVIDENCE, 1_234, claim.expires_ts)
    );
    assert_eq!(e.world.lamports(&e.key("attestor")), before - e.world.rent(144));
}

#[test]
fn other_kinds_are_kept_and_change_no_score() {
    let mut e = with_attestors(&["attestor"]);
    e.run(e.attest("attestor", &e.speed(50)), &["attestor"]);
    let before = e.slot_state();
    for kind in [ENCLAVE, PLACE] {
        let claim = Claim {
            kind,
            score: 0,
            expires_ts: e.world.now() + 99,
            ..e.speed(0)
        };
        e.run(e.attest("attestor", &claim), &["attestor"]);
        let state: Attestation = e.world.state(&attestation(&e.slot, &e.key("attestor"), kind).0);
        assert_eq!((state.kind, state.score.get()), (kind, 0));
    }
    let after = e.slot_state();
    assert_eq!(
        (after.measured_score, after.score_until_ts),
        (before.measured_score, before.score_until_ts)
    );
}

#[test]
fn a_renewal_and_another_attestors_measurement_replace_the_score() {
    let mut e = with_attestors(&["attestor", "other"]);
    e.run(e.attest("attestor", &e.speed(1_000)), &["attestor"]);
    let before = e.world.lamports(&e.key("attestor"));
    e.world.warp_seconds(10);
    let renewed = Claim {
        evidence: [9; 32],
        ..e.speed(900)
    };
    e.run(e.attest("attestor", &renewed), &["attestor"]);
    assert_eq!(
        e.world.lamports(&e.key("attestor")),
        before,
        "the account is there already"
    );
    let state: Attestation = e.world.state(&attestation(&e.slot, &e.key("attestor"), SPEED).0);
    assert_eq!((state.evidence_hash, state.score.get()), ([9; 32], 900));
    assert_eq!(e.slot_state().measured_score.get(), 900);
    e.run(e.attest("other", &e.speed(800)), &["other"]);
    assert_eq!(e.slot_state().measured_score.get(), 800);
}

#[test]
fn only_an_attestor_that_the_slots_config_lists_attests() {
    let mut e = with_attestors(&["one", "two", "three"]);
    for name in ["one", "two", "three"] {
        e.run(e.attest(name, &e.speed(5)), &[name]);
    }
    e.fails(
        e.attest("stranger", &e.speed(5)),
        &["stranger"],
        EscrowError::NotAnAttestor,
    );
    e.fails(
        e.attest("provider", &e.speed(5)),
        &["provider"],
        EscrowError::NotAnAttestor,
    );
    e.fails_as(
        ix::unsigned(e.attest("one", &e.speed(5)), 0),
        &[],
        builtin::MissingRequiredSignature,
    );
    // whoever is not listed any more attests no more
    e.appoint(&["two"]);
    e.fails(e.attest("one", &e.speed(5)), &["one"], EscrowError::NotAnAttestor);
    // and a config of one's own lists nobody for the slots of another
    let own = e.another_config(777, e.realm);
    let list = update_court(own, e.key("admin"), &court(&[e.key("stranger")]));
    e.run(list, &["admin"]);
    let by_stranger = ix::with(e.attest("stranger", &e.speed(5)), 1, own);
    e.fails(by_stranger, &["stranger"], EscrowError::ConfigMismatch);
}

#[test]
fn a_claim_is_of_a_known_kind_and_speeds_alone_have_scores() {
    let mut e = with_attestors(&["attestor"]);
    for (kind, score) in [(0, 0), (0, 1), (4, 0), (255, 0), (SPEED, 0), (ENCLAVE, 1), (PLACE, 1)] {
        let claim = Claim { kind, ..e.speed(score) };
        e.fails(e.attest("attestor", &claim), &["attestor"], EscrowError::WrongKind);
    }
    let without_evidence = Claim {
        evidence: [0; 32],
        ..e.speed(1)
    };
    e.fails(
        e.attest("attestor", &without_evidence),
        &["attestor"],
        EscrowError::ZeroHash,
    );
}

#[test]
fn an_expiry_is_after_now_and_within_a_year() {
    let mut e = with_attestors(&["attestor"]);
    let now = e.world.now();
    for expires_ts in [now, now - 1, 0, i64::MIN, now + YEAR + 1, i64::MAX] {
        let claim = Claim {
            expires_ts,
            ..e.speed(1)
        };
        e.fails(
            e.attest("attestor", &claim),
            &["attestor"],
            EscrowError::ExpiryOutOfBounds,
        );
    }
    for expires_ts in [now + 1, now + YEAR] {
        let claim = Claim {
            expires_ts,
            ..e.speed(1)
        };
        e.run(e.attest("attestor", &claim), &["attestor"]);
    }
}

#[test]
fn an_attestation_lives_at_its_own_address() {
    let mut e = with_attestors(&["attestor", "other"]);
    let rivals = e.rival("rival");
    let claim = e.speed(7);
    let by = e.key("attestor");
    e.fails_as(
        ix::with(e.attest("attestor", &claim), 3, e.key("elsewhere")),
        &["attestor"],
        builtin::InvalidSeeds,
    );
    // those of another attestor, slot and kind, which exist
    e.run(e.attest("other", &claim), &["other"]);
    e.run(attest_slot(by, e.config, rivals, &claim), &["attestor"]);
    let place = Claim {
        kind: PLACE,
        score: 0,
        ..claim
    };
    e.run(e.attest("attestor", &place), &["attestor"]);
    for wrong in [
        attestation(&e.slot, &e.key("other"), SPEED).0,
        attestation(&rivals, &by, SPEED).0,
        attestation(&e.slot, &by, PLACE).0,
    ] {
        let at_wrong = ix::with(e.attest("attestor", &claim), 3, wrong);
        e.fails_as(at_wrong, &["attestor"], builtin::InvalidSeeds);
    }
    // another type of the program's
    e.fails_as(
        ix::with(e.attest("attestor", &claim), 3, e.payout),
        &["attestor"],
        builtin::InvalidAccountData,
    );
    // lamports at the address stop nothing
    let address = attestation(&e.slot, &by, SPEED).0;
    e.world.airdrop(&address, 5);
    e.run(e.attest("attestor", &claim), &["attestor"]);
    assert_eq!(e.world.lamports(&address), e.world.rent(144));
}

#[test]
fn an_attestor_takes_its_word_back_and_the_score_is_void() {
    let mut e = with_attestors(&["attestor"]);
    let before = e.world.lamports(&e.key("attestor"));
    e.run(e.attest("attestor", &e.speed(7)), &["attestor"]);
    let by = e.key("attestor");
    e.run(close_attestation(by, by, e.slot, SPEED), &["attestor"]);
    let slot = e.slot_state();
    assert_eq!((slot.measured_score.get(), slot.score_until_ts.get()), (0, 0));
    assert_eq!(e.world.lamports(&by), before);
    e.fails_as(
        close_attestation(by, by, e.slot, SPEED),
        &["attestor"],
        builtin::AccountDataTooSmall,
    );
}

#[test]
fn anybody_closes_an_attestation_that_has_expired_and_the_attestor_has_the_rent() {
    let mut e = with_attestors(&["attestor"]);
    let before = e.world.lamports(&e.key("attestor"));
    e.run(e.attest("attestor", &e.speed(7)), &["attestor"]);
    let close = close_attestation(e.key("stranger"), e.key("attestor"), e.slot, SPEED);
    e.fails(close.clone(), &["stranger"], EscrowError::NotAnAttestor);
    e.world.warp(86_399, 1);
    e.fails(close.clone(), &["stranger"], EscrowError::NotAnAttestor);
    e.world.warp(1, 1);
    e.fails_as(ix::unsigned(close.clone(), 0), &[], builtin::MissingRequiredSignature);
    e.fails_as(
        ix::with(close.clone(), 1, e.key("stranger")),
        &["stranger"],
        builtin::ADDRESS,
    );
    let rivals = e.rival("rival");
    e.fails_as(ix::with(close.clone(), 3, rivals), &["stranger"], builtin::ADDRESS);
    e.run(close.clone(), &["stranger"]);
    assert_eq!(e.world.lamports(&e.key("attestor")), before);
    e.fails_as(close, &["stranger"], builtin::AccountDataTooSmall);
}

#[test]
fn closing_an_older_measurement_leaves_the_newer_one() {
    for (score, seconds) in [(8, 0), (7, 1)] {
        let mut e = with_attestors(&["attestor", "other"]);
        e.run(e.attest("attestor", &e.speed(7)), &["attestor"]);
        let newer = Claim {
            expires_ts: e.world.now() + 86_400 + seconds,
            ..e.speed(score)
        };
        e.run(e.attest("other", &newer), &["other"]);
        let by = e.key("attestor");
        e.run(close_attestation(by, by, e.slot, SPEED), &["attestor"]);
        assert_eq!(e.slot_state().measured_score.get(), u64::from(score));
        assert_eq!(e.slot_state().score_until_ts.get(), newer.expires_ts);
    }
}
