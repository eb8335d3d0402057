use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::PartTaken,
    solana_address::Address,
};

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

#[test]
fn a_bid_locks_the_bond_and_shows_no_price() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    let payer = e.world.lamports(&e.key("payer"));
    let receipt = e.run(e.place_bid("anna", &order, 700_000), &["anna", "payer"]);
    let (bid, slot) = (e.bid_state("anna", &order), e.slot_of("anna"));
    let hash = bid_commitment(700_000, &SALT, &slot, &order.uid);
    assert_eq!(
        (bid.version, bid.bump, bid.state),
        (1, orders::bid(&order.job, &e.provider_of("anna")).1, 1)
    );
    assert_eq!(
        (bid.job, bid.uid, bid.slot, bid.rent_payer),
        (order.job, order.uid, slot, e.key("payer"))
    );
    assert_eq!(
        (bid.commitment, bid.price_atoms.get(), bid.bond_lamports.get()),
        (hash, 0, BOND)
    );
    assert_eq!(
        e.world.lamports(&e.key("payer")),
        payer - e.world.rent(192),
        "the payer pays the rent and nothing else"
    );
    let state: Slot = e.world.state(&slot);
    assert_eq!(
        (state.locked_lamports.get(), state.locked_jobs.get(), state.current_job),
        (BOND, 1, Address::default())
    );
    let job = e.job(&order);
    assert_eq!(
        (job.state, job.commitments, job.slot),
        (state_code::OPEN, 1, Address::default())
    );
    let event = receipt.events::<PartTaken>()[0];
    assert_eq!(
        (event.uid, event.slot, event.bond_lamports.get(), event.joined),
        (order.uid, slot, BOND, 0)
    );
}

#[test]
fn a_provider_bids_once() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    e.run(e.place_bid("anna", &order, 700_000), &["anna", "payer"]);
    e.fails_as(
        e.place_bid("anna", &order, 600_000),
        &["anna", "payer"],
        builtin::SYSTEM_IN_USE,
    );
}

#[test]
fn a_busy_slot_may_bid_and_a_bid_takes_no_slot() {
    let mut e = ready();
    let (batch, auction, other) = (e.post(), e.post_with(&auction_terms()), e.post_with(&auction_terms()));
    e.run(e.claim_by("anna", &batch), &["anna"]);
    e.run(e.place_bid("anna", &auction, 1), &["anna", "payer"]);
    e.run(e.place_bid("anna", &other, 1), &["anna", "payer"]);
    let state: Slot = e.world.state(&e.slot_of("anna"));
    assert_eq!((state.current_job, state.locked_lamports.get()), (batch.job, 3 * BOND));
}

#[test]
fn a_late_bid_is_refused() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    e.world.warp(599, 10_000);
    e.run(e.place_bid("anna", &order, 700_000), &["anna", "payer"]);
    e.world.warp(1, 0);
    e.fails(
        e.place_bid("ben", &order, 600_000),
        &["ben", "payer"],
        EscrowError::DeadlinePassed,
    );
    e.reveal_bids(&order, &[("anna", 700_000)]);
    e.fails(
        e.place_bid("ben", &order, 600_000),
        &["ben", "payer"],
        EscrowError::WrongJobState,
    );
}

#[test]
fn only_the_auction_meant_takes_bids() {
    let mut e = ready();
    for terms in [terms(), redundant_terms()] {
        let order = e.post_with(&terms);
        e.fails(
            e.place_bid("anna", &order, 1),
            &["anna", "payer"],
            EscrowError::WrongKind,
        );
    }
    let old = e.post_with(&auction_terms());
    e.run(e.cancel(&old), &["client"]);
    e.next_nonce -= 1;
    let new = e.post_with(&auction_terms());
    assert_eq!(old.job, new.job);
    e.fails(e.place_bid("anna", &old, 1), &["anna", "payer"], EscrowError::WrongUid);
}

#[test]
fn an_empty_commitment_is_refused() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    e.fails(
        e.place_commitment("anna", &order, &[0; 32]),
        &["anna", "payer"],
        EscrowError::ZeroHash,
    );
}

#[test]
fn the_slot_must_cover_the_bond_and_be_what_the_order_asks_for() {
    let mut e = ready();
    let order = e.post_with(&JobTerms {
        bond_lamports: DEPOSIT + 1,
        ..auction_terms()
    });
    e.fails(
        e.place_bid("anna", &order, 1),
        &["anna", "payer"],
        EscrowError::BondNotCovered,
    );
    for (eligibility, error) in [
        (Eligibility { model_id: 7, ..ANYBODY }, EscrowError::SlotNotEligible),
        (
            Eligibility {
                min_score: 1,
                ..ANYBODY
            },
            EscrowError::SlotNotEligible,
        ),
        (
            Eligibility {
                persons_only: true,
                ..ANYBODY
            },
            EscrowError::PersonRequired,
        ),
    ] {
        let order = e.post_with(&JobTerms {
            eligibility,
            ..auction_terms()
        });
        e.fails(e.place_bid("anna", &order, 1), &["anna", "payer"], error);
    }
    let order = e.post_with(&auction_terms());
    let offer = SlotOffer {
        is_paused: true,
        ..offer(e.mint.address)
    };
    let pause = ix::update_slot(e.key("anna"), e.provider_of("anna"), e.slot_of("anna"), &offer);
    e.run(pause, &["anna"]);
    e.fails(
        e.place_bid("anna", &order, 1),
        &["anna", "payer"],
        EscrowError::SlotPaused,
    );
}

#[test]
fn locked_bond_answers_for_one_bid_only() {
    let mut e = ready();
    let terms = JobTerms {
        bond_lamports: DEPOSIT,
        ..auction_terms()
    };
    let (first, second) = (e.post_with(&terms), e.post_with(&terms));
    e.run(e.place_bid("anna", &first, 1), &["anna", "payer"]);
    e.fails(
        e.place_bid("anna", &second, 1),
        &["anna", "payer"],
        EscrowError::BondNotCovered,
    );
    let withdraw = ix::withdraw_bond(e.key("anna"), e.provider_of("anna"), e.slot_of("anna"), 1);
    e.fails(withdraw, &["anna"], EscrowError::BondLocked);
}

#[test]
fn only_the_provider_bids_for_its_slot_at_the_bids_own_address() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    let place = e.place_bid("anna", &order, 1);
    e.fails(
        ix::with(place.clone(), 0, e.key("ben")),
        &["ben", "payer"],
        EscrowError::NotTheProvider,
    );
    e.fails(
        ix::with(place.clone(), 3, e.slot_of("ben")),
        &["anna", "payer"],
        EscrowError::SlotOfAnotherProvider,
    );
    let elsewhere = e.bid_of("ben", &order);
    e.fails_as(
        ix::with(place.clone(), 5, elsewhere),
        &["anna", "payer"],
        anchor_lang::ErrorCode::ConstraintSeeds,
    );
    e.fails_as(
        ix::unsigned(place.clone(), 0),
        &["payer"],
        builtin::MissingRequiredSignature,
    );
    e.fails_as(ix::unsigned(place, 1), &["anna"], builtin::MissingRequiredSignature);
}

#[test]
fn lamports_sent_before_hinder_no_bid() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    let bid = e.bid_of("anna", &order);
    e.world.airdrop(&bid, 1_000_000);
    e.run(e.place_bid("anna", &order, 1), &["anna", "payer"]);
    assert_eq!(e.world.lamports(&bid), e.world.rent(192));
}
