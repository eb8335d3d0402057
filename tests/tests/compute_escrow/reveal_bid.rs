use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::BidRevealed,
    rand::{Rng, SeedableRng},
    solana_address::Address,
};

const BIDS: [(&str, u64); 3] = [("anna", 700_000), ("ben", 800_000), ("cleo", 900_000)];

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

/// Slot and price of best and second.
fn ranking(e: &Escrow, order: &Order) -> [(Address, u64); 2] {
    let job = e.job(order);
    [
        (job.slot, job.price_atoms.get()),
        (job.second_slot(), job.second_price_atoms()),
    ]
}

#[test]
fn the_first_reveal_ends_the_bidding() {
    let mut e = ready();
    let order = e.auction_with(&BIDS);
    e.world.warp_seconds(50);
    let receipt = e.run(e.reveal_bid("ben", &order, 800_000), &["ben"]);
    let (job, slot) = (e.job(&order), e.slot_of("ben"));
    assert_eq!((job.state, job.reveals), (state_code::REVEALING, 1));
    assert_eq!(
        (job.entered_ts.get(), job.entered_slot.get()),
        (e.world.now(), e.world.clock().slot)
    );
    assert_eq!(ranking(&e, &order), [(slot, 800_000), (Address::default(), 0)]);
    let bid = e.bid_state("ben", &order);
    assert_eq!((bid.state, bid.price_atoms.get()), (2, 800_000));
    let event = receipt.events::<BidRevealed>()[0];
    assert_eq!(
        (event.uid, event.slot, event.price_atoms.get(), event.best_atoms.get()),
        (order.uid, slot, 800_000, 800_000)
    );
}

#[test]
fn nothing_is_revealed_while_bids_are_taken() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    e.run(e.place_bid("anna", &order, 700_000), &["anna", "payer"]);
    let reveal = e.reveal_bid("anna", &order, 700_000);
    e.world.warp(599, 1_000_000);
    e.fails(reveal.clone(), &["anna"], EscrowError::TooEarly);
    // a halted cluster: 750 slots have not passed
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    e.run(e.place_bid("anna", &order, 700_000), &["anna", "payer"]);
    e.world.warp(1_000_000, 748);
    e.fails(reveal.clone(), &["anna"], EscrowError::TooEarly);
    e.world.warp(0, 1);
    e.run(reveal, &["anna"]);
}

#[test]
fn best_and_second_are_the_same_in_whatever_order_bids_are_revealed() {
    for turn in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut e = ready();
        let order = e.auction_with(&BIDS);
        e.reveal_bids(&order, &turn.map(|at| BIDS[at]));
        assert_eq!(
            ranking(&e, &order),
            [(e.slot_of("anna"), 700_000), (e.slot_of("ben"), 800_000)],
            "{turn:?}"
        );
    }
}

#[test]
fn best_and_second_of_any_number_of_bids_are_those_of_a_sort() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(0);
    for _ in 0..2_000 {
        let mut job: Job = bytemuck::Zeroable::zeroed();
        let limit = rng.random_range(1..=20u64);
        job.kind = 1;
        job.price_atoms = limit.into();
        let mut placed: Vec<(u64, usize)> = Vec::new();
        for at in 0..rng.random_range(0..300usize) {
            let price = rng.random_range(0..=limit + 3);
            let slot = Address::new_from_array([u8::try_from(at % 251).unwrap() + 1; 32]);
            let taken = job.apply_revealed_bid(&slot, price).is_ok();
            assert_eq!(taken, (1..=limit).contains(&price));
            if taken {
                placed.push((price, at));
            }
        }
        // of equal prices the earlier one is ahead: a stable sort
        placed.sort_by_key(|(price, _)| *price);
        let slot = |at: usize| Address::new_from_array([u8::try_from(at % 251).unwrap() + 1; 32]);
        let best = placed
            .first()
            .map_or((Address::default(), limit), |(price, at)| (slot(*at), *price));
        let second = placed
            .get(1)
            .map_or((Address::default(), 0), |(price, at)| (slot(*at), *price));
        assert_eq!((job.slot, job.price_atoms.get()), best);
        assert_eq!((job.second_slot(), job.second_price_atoms()), second);
    }
}

#[test]
fn of_equal_bids_the_earlier_reveal_is_ahead() {
    let mut e = ready();
    let bids = [("cleo", 700_000), ("anna", 700_000), ("ben", 700_000)];
    let order = e.auction_with(&bids);
    e.reveal_bids(&order, &bids);
    assert_eq!(
        ranking(&e, &order),
        [(e.slot_of("cleo"), 700_000), (e.slot_of("anna"), 700_000)]
    );
}

#[test]
fn a_copied_sealed_bid_cannot_be_revealed() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    e.run(e.place_bid("anna", &order, 700_000), &["anna", "payer"]);
    let copied = e.bid_state("anna", &order).commitment;
    e.run(e.place_commitment("ben", &order, &copied), &["ben", "payer"]);
    e.world.warp_seconds(600);
    e.reveal_bids(&order, &[("anna", 700_000)]);
    e.fails(
        e.reveal_bid("ben", &order, 700_000),
        &["ben"],
        EscrowError::CommitmentMismatch,
    );
}

#[test]
fn only_the_price_committed_to_is_revealed_and_once() {
    let mut e = ready();
    let order = e.auction_with(&BIDS);
    for price in [699_999, 700_001] {
        e.fails(
            e.reveal_bid("anna", &order, price),
            &["anna"],
            EscrowError::CommitmentMismatch,
        );
    }
    let mut salted = e.reveal_bid("anna", &order, 700_000);
    salted.data[9] ^= 1;
    e.fails(salted, &["anna"], EscrowError::CommitmentMismatch);
    e.reveal_bids(&order, &BIDS[..1]);
    e.fails(
        e.reveal_bid("anna", &order, 700_000),
        &["anna"],
        EscrowError::CommitmentMismatch,
    );
    assert_eq!(e.job(&order).reveals, 1);
}

#[test]
fn a_bid_of_nothing_or_above_the_posted_price_does_not_count() {
    let mut e = ready();
    let bids = [("anna", PRICE + 1), ("ben", 0), ("cleo", PRICE)];
    let order = e.auction_with(&bids);
    e.fails(
        e.reveal_bid("anna", &order, PRICE + 1),
        &["anna"],
        EscrowError::BidOutOfBounds,
    );
    e.fails(e.reveal_bid("ben", &order, 0), &["ben"], EscrowError::BidOutOfBounds);
    e.run(e.reveal_bid("cleo", &order, PRICE), &["cleo"]);
    // the limit is the posted price for later ones too, and a second that is none is not won
    e.fails(
        e.reveal_bid("anna", &order, PRICE + 1),
        &["anna"],
        EscrowError::BidOutOfBounds,
    );
    e.fails(e.reveal_bid("ben", &order, 0), &["ben"], EscrowError::BidOutOfBounds);
    assert_eq!(
        ranking(&e, &order),
        [(e.slot_of("cleo"), PRICE), (Address::default(), 0)]
    );
}

#[test]
fn a_later_bid_up_to_the_posted_price_is_second() {
    let mut e = ready();
    let bids = [("anna", 1), ("ben", PRICE)];
    let order = e.auction_with(&bids);
    e.reveal_bids(&order, &bids);
    assert_eq!(ranking(&e, &order), [(e.slot_of("anna"), 1), (e.slot_of("ben"), PRICE)]);
}

#[test]
fn a_late_reveal_is_refused() {
    let mut e = ready();
    let order = e.auction_with(&BIDS);
    e.reveal_bids(&order, &BIDS[2..]);
    e.world.warp(299, 10_000);
    e.reveal_bids(&order, &BIDS[1..2]);
    e.world.warp(1, 0);
    e.fails(
        e.reveal_bid("anna", &order, 700_000),
        &["anna"],
        EscrowError::DeadlinePassed,
    );
    assert_eq!(ranking(&e, &order)[0], (e.slot_of("ben"), 800_000));
    e.run(e.award_to(&order, None, Some("ben")), &["cranker"]);
    e.fails(
        e.reveal_bid("anna", &order, 700_000),
        &["anna"],
        EscrowError::WrongJobState,
    );
}

#[test]
fn a_clock_that_steps_back_does_not_shorten_the_reveal() {
    let mut e = ready();
    let order = e.auction_with(&BIDS);
    e.reveal_bids(&order, &BIDS[..1]);
    e.world.warp(-100, 10_000);
    e.reveal_bids(&order, &BIDS[1..2]);
    e.world.warp(399, 0);
    e.reveal_bids(&order, &BIDS[2..]);
}

#[test]
fn a_bid_counts_for_its_own_slot_and_job_only() {
    let mut e = ready();
    let (order, other) = (e.auction_with(&BIDS), e.auction_with(&BIDS));
    let reveal = e.reveal_bid("anna", &order, 700_000);
    let (ben, elsewhere) = (e.bid_of("ben", &order), e.bid_of("anna", &other));
    e.fails(ix::with(reveal.clone(), 4, ben), &["anna"], EscrowError::BidMismatch);
    e.fails(
        ix::with(reveal.clone(), 4, elsewhere),
        &["anna"],
        EscrowError::BidMismatch,
    );
    let batch = e.post();
    e.fails(
        ix::with(reveal.clone(), 3, batch.job),
        &["anna"],
        EscrowError::WrongKind,
    );
    e.fails(
        ix::with(reveal.clone(), 0, e.key("ben")),
        &["ben"],
        EscrowError::NotTheProvider,
    );
    e.fails(
        ix::with(reveal.clone(), 2, e.slot_of("ben")),
        &["anna"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails_as(ix::unsigned(reveal, 0), &[], builtin::MissingRequiredSignature);
}
