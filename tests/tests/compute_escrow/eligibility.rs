//! Who may claim: model, memory, attested speed, persons.

use commonweal_tests::fixtures::escrow::{ix, supply::*, *};

/// The default slot says 4,090 and 24,576 MiB.
const MODEL: u32 = 4_090;

fn post_for(e: &mut Escrow, change: impl Fn(&mut Eligibility)) -> Order {
    let mut who = ANYBODY;
    change(&mut who);
    e.post_with(&terms_for(who))
}

/// Claims and gives it back.
fn may_claim(e: &mut Escrow, order: &Order) {
    e.run(e.claim(order), &["session"]);
    e.run(e.decline(order), &["session"]);
    e.world.warp(0, 1);
}

#[test]
fn the_model_is_the_one_asked_for_or_any() {
    let mut e = Escrow::ready(0);
    for (model_id, fits) in [(0, true), (MODEL, true), (MODEL + 1, false), (MODEL - 1, false)] {
        let order = post_for(&mut e, |who| who.model_id = model_id);
        if fits {
            may_claim(&mut e, &order);
        } else {
            e.fails(e.claim(&order), &["session"], EscrowError::SlotNotEligible);
        }
    }
}

#[test]
fn the_memory_is_what_is_asked_for_at_least() {
    let mut e = Escrow::ready(0);
    for (gib, fits) in [(0, true), (24, true), (25, false), (255, false)] {
        let order = post_for(&mut e, |who| who.min_vram_gib = gib);
        if fits {
            may_claim(&mut e, &order);
        } else {
            e.fails(e.claim(&order), &["session"], EscrowError::SlotNotEligible);
        }
    }
}

/// Open for a week to slots of that score.
fn asking(min_score: u32) -> JobTerms {
    JobTerms {
        open_seconds: 604_800,
        ..terms_for(Eligibility { min_score, ..ANYBODY })
    }
}

#[test]
fn a_score_is_measured_high_enough_and_has_not_expired() {
    let mut e = Escrow::ready(0);
    e.appoint(&["attestor"]);
    let (any, exact, more) = (
        e.post_with(&asking(0)),
        e.post_with(&asking(100)),
        e.post_with(&asking(101)),
    );
    // unmeasured
    e.fails(e.claim(&exact), &["session"], EscrowError::SlotNotEligible);
    may_claim(&mut e, &any);
    let claim = e.speed(100);
    e.run(e.attest("attestor", &claim), &["attestor"]);
    may_claim(&mut e, &exact);
    e.fails(e.claim(&more), &["session"], EscrowError::SlotNotEligible);
    // the last second counts, the next does not
    let seconds = claim.expires_ts - 1 - e.world.now();
    e.world.warp_seconds(seconds);
    may_claim(&mut e, &exact);
    e.world.warp(1, 1);
    e.fails(e.claim(&exact), &["session"], EscrowError::SlotNotEligible);
    may_claim(&mut e, &any);
    // measured again, it counts again
    e.run(e.attest("attestor", &e.speed(101)), &["attestor"]);
    may_claim(&mut e, &more);
    // taken back, it does not
    let by = e.key("attestor");
    e.run(close_attestation(by, by, e.slot, SPEED), &["attestor"]);
    e.fails(e.claim(&more), &["session"], EscrowError::SlotNotEligible);
}

#[test]
fn a_jumped_clock_ends_a_score_and_no_job() {
    let mut e = Escrow::ready(0);
    e.appoint(&["attestor"]);
    e.run(e.attest("attestor", &e.speed(100)), &["attestor"]);
    let order = post_for(&mut e, |who| who.min_score = 100);
    let other = e.post();
    // a halted cluster: two days and two slots
    e.world.warp(172_800, 2);
    e.fails(e.claim(&order), &["session"], EscrowError::SlotNotEligible);
    may_claim(&mut e, &other);
    // a clock that was wrong and steps back
    e.world.warp(-172_800, 1);
    may_claim(&mut e, &order);
}

#[test]
fn orders_for_persons_are_claimed_with_a_person_of_the_same_config() {
    let mut e = Escrow::ready(0);
    let week = JobTerms {
        open_seconds: 2_592_000,
        ..terms_for(Eligibility {
            persons_only: true,
            ..ANYBODY
        })
    };
    let order = e.post_with(&week);
    e.fails(e.claim(&order), &["session"], EscrowError::PersonRequired);
    // a person of the same realm, linked under a config that anybody can make
    let other = e.another_config(777, e.realm);
    let ann = e.person("ann");
    let under_other = ix::with(e.link("ann", ann), 5, other);
    e.run(under_other, &["ann", "provider"]);
    e.fails(e.claim(&order), &["session"], EscrowError::PersonRequired);
    let unlink = ix::with(e.unlink("ann", ann), 4, other);
    e.run(unlink, &["ann"]);
    // a person of a realm of the provider's own making
    let realm = put_realm(&mut e.world, "own realm", false);
    let own = e.another_config(778, realm);
    let (wallet, until) = (e.key("ann"), e.world.now() + YEAR);
    let puppet = put_person(&mut e.world, "puppet", &realm, &wallet, until, 0);
    e.run(ix::with(e.link("ann", puppet), 5, own), &["ann", "provider"]);
    e.fails(e.claim(&order), &["session"], EscrowError::PersonRequired);
    let unlink = ix::with(e.unlink("ann", puppet), 4, own);
    e.run(unlink, &["ann"]);
    e.run(e.link("ann", ann), &["ann", "provider"]);
    may_claim(&mut e, &order);
    // other orders ask for nobody
    e.run(e.unlink("ann", ann), &["ann"]);
    e.fails(e.claim(&order), &["session"], EscrowError::PersonRequired);
    let open = e.post();
    may_claim(&mut e, &open);
}

#[test]
fn a_person_counts_until_the_end_of_its_registration_whether_or_not_somebody_unlinks_it() {
    let mut e = Escrow::ready(0);
    e.world.actor("ann");
    let (realm, wallet, until) = (e.realm, e.key("ann"), e.world.now() + 1_000);
    let ann = put_person(&mut e.world, "ann's person", &realm, &wallet, until, 0);
    e.run(e.link("ann", ann), &["ann", "provider"]);
    let order = e.post_with(&JobTerms {
        open_seconds: 604_800,
        ..terms_for(Eligibility {
            persons_only: true,
            ..ANYBODY
        })
    });
    let seconds = until - 1 - e.world.now();
    e.world.warp_seconds(seconds);
    may_claim(&mut e, &order);
    e.world.warp(1, 1);
    e.fails(e.claim(&order), &["session"], EscrowError::PersonRequired);
    // governance renews it; so does the provider
    e.poke(ann, 104, &(until + 1_000).to_le_bytes());
    e.fails(e.claim(&order), &["session"], EscrowError::PersonRequired);
    e.run(e.link("ann", ann), &["ann", "provider"]);
    may_claim(&mut e, &order);
}

#[test]
fn auctions_and_redundant_orders_are_not_claimed() {
    let mut e = Escrow::ready(0);
    let auction = e.post_with(&JobTerms { kind: 1, ..terms() });
    let redundant = e.post_with(&JobTerms {
        kind: 2,
        redundancy_k: 2,
        redundancy_n: 3,
        ..terms()
    });
    for order in [auction, redundant] {
        e.fails(e.claim(&order), &["session"], EscrowError::WrongKind);
    }
}

#[test]
fn a_provider_drains_its_slot_and_leaves_with_its_bond() {
    let mut e = Escrow::ready(0);
    let running = e.job_in(state_code::RUNNING);
    let paused = SlotOffer {
        is_paused: true,
        ..offer(e.mint.address)
    };
    e.run(
        ix::update_slot(e.key("session"), e.provider, e.slot, &paused),
        &["session"],
    );
    let next = e.post();
    e.drive_from_running(&running);
    e.fails(e.claim(&next), &["session"], EscrowError::SlotPaused);
    // what is locked stays until the end
    e.run(e.withdraw_bond(DEPOSIT - BOND), &["provider"]);
    e.fails(e.withdraw_bond(1), &["provider"], EscrowError::BondLocked);
    e.world.warp_seconds(3_600);
    e.run(e.settle(&running), &[]);
    e.run(e.withdraw_bond(BOND), &["provider"]);
    assert_eq!(e.world.lamports(&e.slot), e.world.rent(336));
}

#[test]
fn session_keys_follow_each_other_and_only_the_present_one_works() {
    let mut e = Escrow::ready(0);
    let rotate = |e: &Escrow, to: &str| ix::rotate_session_key(e.provider, e.key("provider"), e.key(to));
    e.run(rotate(&e, "second"), &["provider"]);
    e.world.warp_seconds(10);
    e.run(rotate(&e, "third"), &["provider"]);
    let provider = e.provider_state();
    assert_eq!(
        (provider.session_key, provider.previous_session_key),
        (e.key("third"), e.key("second"))
    );
    assert_eq!(provider.rotated_slot.get(), e.world.clock().slot);
    let order = e.post();
    for old in ["session", "second"] {
        e.fails(
            ix::with(e.claim(&order), 0, e.key(old)),
            &[old],
            EscrowError::NotTheProvider,
        );
    }
    e.run(ix::with(e.claim(&order), 0, e.key("third")), &["third"]);
    e.fails(
        ix::with(e.decline(&order), 0, e.key("second")),
        &["second"],
        EscrowError::NotTheProvider,
    );
    e.run(ix::with(e.decline(&order), 0, e.key("provider")), &["provider"]);
}

#[test]
fn a_clock_that_steps_back_shortens_no_stage() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    let entered = e.job(&order).entered_ts.get();
    e.world.warp(-500, 10);
    e.run(e.start(&order), &["session"]);
    assert_eq!(
        e.job(&order).entered_ts.get(),
        entered,
        "a state never begins before the one before"
    );
    e.world.warp(500 + 299, 10_000);
    e.fails(e.crank(&order), &["cranker"], EscrowError::TooEarly);
    e.world.warp(1, 0);
    e.run(e.crank(&order), &["cranker"]);
}
