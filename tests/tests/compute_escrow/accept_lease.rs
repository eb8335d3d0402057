use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, lease::ix as lease_ix, lease::*, *},
};

#[test]
fn a_slot_takes_a_lease_and_locks_its_bond() {
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    let (ts, number) = (e.world.now(), e.world.clock().slot);
    e.run(e.accept(&rent), &["session"]);
    let (lease, slot) = (e.lease(&rent), e.slot_state());
    assert_eq!((lease.state, lease.slot), (lease_code::ACTIVE, e.slot));
    assert_eq!((lease.entered_ts.get(), lease.entered_slot.get()), (ts, number));
    assert_eq!((slot.current_job, slot.locked_lamports.get()), (rent.lease, BOND));
    assert_eq!(slot.locked_jobs.get(), 1);
}

#[test]
fn the_authority_may_accept_too_and_nobody_else() {
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    let accept = e.accept(&rent);
    let (stranger, provider) = (e.key("stranger"), e.key("provider"));
    e.fails(
        ix::with(accept.clone(), 0, stranger),
        &["stranger"],
        EscrowError::NotTheProvider,
    );
    let rivals = e.rival("rival");
    e.fails(
        ix::with(accept.clone(), 2, rivals),
        &["session"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails_as(ix::unsigned(accept.clone(), 0), &[], builtin::MissingRequiredSignature);
    e.run(ix::with(accept, 0, provider), &["provider"]);
}

#[test]
fn a_lease_is_taken_once() {
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    e.rival("rival");
    e.run(e.accept(&rent), &["session"]);
    e.fails(e.accept_by("rival", &rent), &["rival"], EscrowError::WrongLeaseState);
    e.fails(e.accept(&rent), &["session"], EscrowError::WrongLeaseState);
}

#[test]
fn another_uid_is_refused() {
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    let wrong = Rent { uid: [9; 32], ..rent };
    e.fails(e.accept(&wrong), &["session"], EscrowError::WrongUid);
}

#[test]
fn a_late_acceptance_is_refused_and_cancels_nothing() {
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    e.world.warp(OPEN_SECONDS - 1, 10_000);
    let mut other = Escrow::ready(1);
    let in_time = other.rent();
    other.world.warp(OPEN_SECONDS - 1, 10_000);
    other.run(other.accept(&in_time), &["session"]);
    e.world.warp(1, 0);
    e.fails(e.accept(&rent), &["session"], EscrowError::DeadlinePassed);
    assert_eq!(e.lease(&rent).state, lease_code::OPEN);
}

#[test]
fn a_lease_for_one_slot_is_for_no_other() {
    let mut e = Escrow::ready(0);
    e.rival("rival");
    let rent = e.rent_with(&LeaseTerms {
        slot: e.slot,
        ..lease_terms(&e.world)
    });
    e.fails(
        e.accept_by("rival", &rent),
        &["rival"],
        EscrowError::LeaseForAnotherSlot,
    );
    e.run(e.accept(&rent), &["session"]);
}

#[test]
fn the_gpu_must_be_what_the_client_asks_for() {
    let mut e = Escrow::ready(0);
    let terms = lease_terms(&e.world);
    // the slot says model 4090 and 24 GiB; nobody has measured it
    for asked in [
        LeaseTerms {
            model_id: 4_091,
            ..terms
        },
        LeaseTerms {
            min_vram_gib: 25,
            ..terms
        },
        LeaseTerms { min_score: 1, ..terms },
    ] {
        let rent = e.rent_with(&asked);
        e.fails(e.accept(&rent), &["session"], EscrowError::SlotNotEligible);
    }
    let rent = e.rent_with(&LeaseTerms {
        persons_only: true,
        ..terms
    });
    e.fails(e.accept(&rent), &["session"], EscrowError::PersonRequired);
    let rent = e.rent_with(&LeaseTerms {
        model_id: 4_090,
        min_vram_gib: 24,
        ..terms
    });
    e.run(e.accept(&rent), &["session"]);
}

#[test]
fn a_measured_slot_of_a_person_takes_what_asks_for_both() {
    let mut e = Escrow::ready(0);
    e.appoint(&["attestor"]);
    let measured = e.speed(80);
    e.run(e.attest("attestor", &measured), &["attestor"]);
    e.linked("person");
    let asked = |min_score| LeaseTerms {
        min_score,
        persons_only: true,
        ..lease_terms(&e.world)
    };
    let (fits, more) = (asked(80), asked(81));
    let rent = e.rent_with(&more);
    e.fails(e.accept(&rent), &["session"], EscrowError::SlotNotEligible);
    let rent = e.rent_with(&fits);
    e.run(e.accept(&rent), &["session"]);
}

#[test]
fn a_slot_without_time_or_bond_is_refused() {
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    // paused
    let session = e.key("session");
    let mut paused = offer(e.mint.address);
    paused.is_paused = true;
    e.run(ix::update_slot(session, e.provider, e.slot, &paused), &["session"]);
    e.fails(e.accept(&rent), &["session"], EscrowError::SlotPaused);
    e.run(
        ix::update_slot(session, e.provider, e.slot, &offer(e.mint.address)),
        &["session"],
    );
    // busy with a job, then with a lease
    let order = e.job_in(state_code::CLAIMED);
    e.fails(e.accept(&rent), &["session"], EscrowError::SlotBusy);
    e.run(e.decline(&order), &["session"]);
    e.run(e.accept(&rent), &["session"]);
    let second = e.rent();
    e.fails(e.accept(&second), &["session"], EscrowError::SlotBusy);
    let job = e.post();
    e.fails(e.claim(&job), &["session"], EscrowError::SlotBusy);
    // bonded after the posting
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    e.run(e.deposit_bond(1), &["provider"]);
    e.fails(e.accept(&rent), &["session"], EscrowError::BondTooRecent);
    // one lamport short
    let mut e = Escrow::ready(0);
    let rent = e.rent();
    e.run(e.withdraw_bond(DEPOSIT - BOND + 1), &["provider"]);
    e.fails(e.accept(&rent), &["session"], EscrowError::BondNotCovered);
}

#[test]
fn a_slot_of_another_config_is_refused() {
    let mut e = Escrow::ready(0);
    let admin = e.key("admin");
    let other = ix::initialize_config(admin, 777, false, admin, &params(&e.world), e.realm, e.mint.address);
    e.run(other, &["admin"]);
    let post = e.post_lease(5, &lease_terms(&e.world), None);
    let rent = e.rent_of(5, None);
    e.leases.push(rent.lease);
    e.run(ix::with(post, 2, ix::config(777).0), &["client", "payer"]);
    e.world.warp(0, 1);
    e.fails(e.accept(&rent), &["session"], EscrowError::ConfigMismatch);
}

#[test]
fn a_lease_of_a_gang_waits_for_the_others() {
    let mut e = Escrow::ready(0);
    e.rival("rival");
    let gang = e.open_gang(2);
    let terms = lease_terms(&e.world);
    let rents = [e.rent_in(&terms, Some(gang)), e.rent_in(&terms, Some(gang))];
    let without = Rent { gang: None, ..rents[0] };
    e.fails(e.accept(&without), &["session"], EscrowError::GangRequired);
    let other = e.open_gang(2);
    let wrong = Rent {
        gang: Some(other),
        ..rents[0]
    };
    e.fails(e.accept(&wrong), &["session"], EscrowError::GangRequired);
    e.run(e.accept(&rents[0]), &["session"]);
    assert_eq!(e.lease(&rents[0]).state, lease_code::JOINED);
    assert_eq!((e.gang(&gang).joined, e.gang(&gang).is_active), (1, 0));
    e.world.warp_seconds(100);
    let (ts, slot) = (e.world.now(), e.world.clock().slot);
    e.run(e.accept_by("rival", &rents[1]), &["rival"]);
    let gang = e.gang(&gang);
    assert_eq!((gang.joined, gang.is_active), (2, 1));
    assert_eq!((gang.entered_ts.get(), gang.entered_slot.get()), (ts, slot));
}

#[test]
fn nobody_joins_when_the_gathering_is_over() {
    let mut e = Escrow::ready(0);
    let gang = e.open_gang(2);
    let terms = lease_terms(&e.world);
    let rent = e.rent_in(&terms, Some(gang));
    // posted one slot after the opening
    e.world.warp(i64::from(GATHER), 375 - 3);
    let mut early = Escrow::ready(1);
    let theirs = early.open_gang(2);
    let terms = lease_terms(&early.world);
    let joined = early.rent_in(&terms, Some(theirs));
    early.world.warp(i64::from(GATHER), 375 - 3);
    early.run(early.accept(&joined), &["session"]);
    e.world.warp(0, 1);
    e.fails(e.accept(&rent), &["session"], EscrowError::GangClosed);
}

#[test]
fn a_stranger_cannot_pass_a_gang_of_its_own() {
    let mut e = Escrow::ready(0);
    let gang = e.open_gang(2);
    let terms = lease_terms(&e.world);
    let rent = e.rent_in(&terms, Some(gang));
    // the same number, another client
    let nonce = e.gang(&gang).nonce.get();
    let stranger = e.key("stranger");
    e.run(
        lease_ix::open_gang(stranger, stranger, e.config, nonce, 2, GATHER),
        &["stranger"],
    );
    let theirs = Rent {
        gang: Some(lease_ix::gang(&stranger, nonce).0),
        ..rent
    };
    e.fails(e.accept(&theirs), &["session"], EscrowError::GangRequired);
}
