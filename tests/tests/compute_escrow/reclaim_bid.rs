use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::BidReclaimed,
};

const BIDS: [(&str, u64); 3] = [("anna", 700_000), ("ben", 800_000), ("cleo", 900_000)];

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

fn bond_and_lock(e: &Escrow, name: &str) -> (u64, u64) {
    let slot: Slot = e.world.state(&e.slot_of(name));
    (slot.bond_lamports.get(), slot.locked_lamports.get())
}

#[test]
fn a_bid_that_may_still_win_binds() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    for (name, price) in BIDS {
        e.run(e.place_bid(name, &order, price), &[name, "payer"]);
    }
    let refuse = |e: &mut Escrow, names: &[&str]| {
        for name in names {
            e.fails(e.reclaim_bid(name, &order), &["cranker"], EscrowError::BidStillBinds);
        }
    };
    refuse(&mut e, &TEAM);
    e.world.warp_seconds(600);
    // nobody has ended the bidding yet
    refuse(&mut e, &TEAM);
    e.reveal_bids(&order, &BIDS[..1]);
    e.world.warp(299, 10_000);
    refuse(&mut e, &TEAM);
    e.reveal_bids(&order, &BIDS[1..2]);
    // best and second bind; one that is not revealed is at fault from the end of the reveal
    refuse(&mut e, &TEAM);
    e.world.warp(1, 0);
    refuse(&mut e, &["anna", "ben"]);
    e.run(e.award_to(&order, None, Some("anna")), &["cranker"]);
    refuse(&mut e, &["ben"]);
    e.run(e.take_up("anna", &order), &["anna"]);
    e.run(e.reclaim_bid("ben", &order), &["cranker"]);
    assert_eq!(bond_and_lock(&e, "ben"), (DEPOSIT, 0));
}

#[test]
fn a_bid_beaten_twice_is_reclaimed_at_once() {
    let mut e = ready();
    let order = e.auction_with(&BIDS);
    e.reveal_bids(&order, &BIDS);
    let (payer, cranker) = (e.world.lamports(&e.key("payer")), e.world.lamports(&e.key("cranker")));
    let receipt = e.run(e.reclaim_bid("cleo", &order), &["cranker"]);
    assert_eq!(bond_and_lock(&e, "cleo"), (DEPOSIT, 0));
    assert!(!e.world.exists(&e.bid_of("cleo", &order)));
    assert_eq!(e.world.lamports(&e.key("payer")), payer + e.world.rent(192));
    assert_eq!(e.world.lamports(&e.key("cranker")), cranker, "nobody is at fault");
    let event = receipt.events::<BidReclaimed>()[0];
    assert_eq!(
        (event.uid, event.slot, event.released_lamports.get()),
        (order.uid, e.slot_of("cleo"), BOND)
    );
    e.fails_as(
        e.reclaim_bid("cleo", &order),
        &["cranker"],
        builtin::AccountDataTooSmall,
    );
    // the others go on
    e.world.warp_seconds(300);
    e.run(e.award_to(&order, None, Some("anna")), &["cranker"]);
    e.world.warp_seconds(120);
    e.run(e.award_to(&order, Some("anna"), Some("ben")), &["cranker"]);
    e.run(e.take_up("ben", &order), &["ben"]);
}

#[test]
fn a_bid_not_revealed_costs_two_bounties() {
    let mut e = ready();
    let order = e.auction_with(&BIDS);
    e.reveal_bids(&order, &BIDS[..2]);
    e.world.warp_seconds(300);
    let slot = e.slot_of("cleo");
    let (cranker, held) = (e.world.lamports(&e.key("cranker")), e.world.lamports(&slot));
    let receipt = e.run(e.reclaim_bid("cleo", &order), &["cranker"]);
    assert_eq!(e.world.lamports(&e.key("cranker")), cranker + BOUNTY);
    assert_eq!(
        e.world.lamports(&slot),
        held - BOUNTY,
        "the burnt half stays on the slot's account"
    );
    let state: Slot = e.world.state(&slot);
    assert_eq!(
        (state.bond_lamports.get(), state.locked_lamports.get()),
        (DEPOSIT - 2 * BOUNTY, 0)
    );
    assert_eq!(
        (state.slashed_lamports.get(), state.burnt_lamports.get()),
        (2 * BOUNTY, BOUNTY)
    );
    let event = receipt.events::<BidReclaimed>()[0];
    assert_eq!(
        (
            event.bounty_lamports.get(),
            event.burnt_lamports.get(),
            event.released_lamports.get()
        ),
        (BOUNTY, BOUNTY, BOND - 2 * BOUNTY)
    );
}

#[test]
fn not_revealing_is_no_free_option_even_for_who_reclaims_its_own_bid() {
    let mut e = ready();
    let order = e.auction_with(&BIDS);
    e.reveal_bids(&order, &BIDS[1..]);
    e.world.warp_seconds(300);
    let own = ix::with(e.reclaim_bid("anna", &order), 0, e.key("anna"));
    let before = e.world.lamports(&e.key("anna")) + bond_and_lock(&e, "anna").0;
    e.run(own, &["anna"]);
    assert_eq!(
        e.world.lamports(&e.key("anna")) + bond_and_lock(&e, "anna").0,
        before - BOUNTY
    );
}

#[test]
fn a_bond_of_one_bounty_pays_no_more_than_it_is() {
    let mut e = Escrow::ready(0);
    let params = ConfigParams {
        min_bond_lamports: 0,
        ..params(&e.world)
    };
    e.run(ix::update_config(e.config, e.key("admin"), &params), &["admin"]);
    e.hire(&["anna"]);
    let order = e.post_with(&JobTerms {
        bond_lamports: BOUNTY + 7,
        compensation_lamports: 0,
        ..auction_terms()
    });
    e.run(e.place_bid("anna", &order, 1), &["anna", "payer"]);
    e.world.warp_seconds(600);
    e.run(e.end_bidding(&order), &["cranker"]);
    e.world.warp_seconds(300);
    e.run(e.reclaim_bid("anna", &order), &["cranker"]);
    assert_eq!(bond_and_lock(&e, "anna"), (DEPOSIT - BOUNTY - 7, 0));
}

#[test]
fn fake_orders_drain_no_bids() {
    let mut e = ready();
    // canceled while bids are taken, and bid for again at the same address: neither costs the bidders anything
    let order = e.post_with(&auction_terms());
    for (name, price) in BIDS {
        e.run(e.place_bid(name, &order, price), &[name, "payer"]);
    }
    e.run(e.cancel(&order), &["client"]);
    e.run(e.reclaim_bid("anna", &order), &["cranker"]);
    assert_eq!(bond_and_lock(&e, "anna"), (DEPOSIT, 0));
    e.next_nonce -= 1;
    e.world.warp(0, 1);
    let again = e.post_with(&auction_terms());
    assert_eq!(again.job, order.job);
    e.fails_as(e.place_bid("ben", &again, 1), &["ben", "payer"], builtin::SYSTEM_IN_USE);
    for name in ["ben", "cleo"] {
        e.run(e.reclaim_bid(name, &order), &["cranker"]);
        assert_eq!(bond_and_lock(&e, name), (DEPOSIT, 0), "{name}");
    }
    e.run(e.place_bid("ben", &again, 1), &["ben", "payer"]);
}

#[test]
fn an_old_bid_does_not_count_for_another_job_at_the_same_address() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    e.run(e.place_bid("anna", &order, 1), &["anna", "payer"]);
    e.run(e.cancel(&order), &["client"]);
    e.next_nonce -= 1;
    e.world.warp(0, 1);
    let again = e.post_with(&auction_terms());
    e.run(e.place_bid("ben", &again, 800_000), &["ben", "payer"]);
    e.world.warp_seconds(600);
    e.fails(e.reveal_bid("anna", &order, 1), &["anna"], EscrowError::BidMismatch);
    e.reveal_bids(&again, &[("ben", 800_000)]);
    e.world.warp_seconds(300);
    e.fails(
        e.award_to(&again, None, Some("anna")),
        &["cranker"],
        EscrowError::BidMismatch,
    );
}

#[test]
fn a_job_that_is_gone_holds_no_bid_and_asks_no_price_for_it() {
    let mut e = ready();
    let order = e.auction_with(&BIDS);
    e.run(e.end_bidding(&order), &["cranker"]);
    e.world.warp_seconds(300);
    e.run(e.crank(&order), &["cranker"]);
    for name in TEAM {
        e.run(e.reclaim_bid(name, &order), &["cranker"]);
        assert_eq!(bond_and_lock(&e, name), (DEPOSIT, 0), "{name}");
    }
}

#[test]
fn a_bid_never_holds_up_the_vault() {
    let mut e = ready();
    let order = e.awarded_auction(&BIDS, "anna");
    e.world.warp_seconds(120);
    e.run(e.award_to(&order, Some("anna"), Some("ben")), &["cranker"]);
    e.world.warp_seconds(120);
    e.run(e.award_to(&order, Some("ben"), None), &["cranker"]);
    e.run(e.crank(&order), &["cranker"]);
    assert!(!e.world.exists(&order.job) && !e.world.exists(&order.vault));
    assert!(e.world.exists(&e.bid_of("cleo", &order)));
}

#[test]
fn a_bid_is_reclaimed_by_its_own_accounts() {
    let mut e = ready();
    let other = e.post_with(&auction_terms());
    let order = e.auction_with(&BIDS);
    e.reveal_bids(&order, &BIDS[..2]);
    e.world.warp_seconds(300);
    let (reclaim, stranger, bens) = (e.reclaim_bid("cleo", &order), e.key("stranger"), e.slot_of("ben"));
    // another job, or none, would let a bid go that is at fault
    for job in [other.job, stranger] {
        e.fails_as(ix::with(reclaim.clone(), 2, job), &["cranker"], builtin::ADDRESS);
    }
    e.fails_as(ix::with(reclaim.clone(), 3, bens), &["cranker"], builtin::ADDRESS);
    e.fails_as(ix::with(reclaim.clone(), 4, stranger), &["cranker"], builtin::ADDRESS);
    e.fails_as(ix::unsigned(reclaim, 0), &[], builtin::MissingRequiredSignature);
}
