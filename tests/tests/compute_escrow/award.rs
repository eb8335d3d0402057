use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::{OrderAdvanced, WorkerFaulted},
    solana_address::Address,
};

const BIDS: [(&str, u64); 3] = [("anna", 700_000), ("ben", 800_000), ("cleo", 900_000)];

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

fn slot(e: &Escrow, name: &str) -> Slot {
    e.world.state(&e.slot_of(name))
}

fn cranker(e: &Escrow) -> u64 {
    e.world.lamports(&e.key("cranker"))
}

#[test]
fn the_lowest_bid_wins_at_its_price_and_the_rest_is_the_clients() {
    let mut e = ready();
    let order = e.revealed_auction(&BIDS);
    let payer = e.world.lamports(&e.key("payer"));
    let receipt = e.run(e.award_to(&order, None, Some("anna")), &["cranker"]);
    let job = e.job(&order);
    assert_eq!(
        (job.state, job.slot, job.price_atoms.get()),
        (state_code::AWARDED, e.slot_of("anna"), 700_000)
    );
    let event = receipt.events::<OrderAdvanced>()[0];
    assert_eq!(
        (event.uid, event.slot, event.state, event.price_atoms.get()),
        (order.uid, e.slot_of("anna"), state_code::AWARDED, 700_000)
    );
    assert_eq!((event.result, event.bounty_lamports.get()), ([0; 32], BOUNTY));
    // the bid is closed, what it has locked is the job's
    assert!(!e.world.exists(&e.bid_of("anna", &order)));
    assert_eq!(e.world.lamports(&e.key("payer")), payer + e.world.rent(192));
    assert_eq!(slot(&e, "anna").locked_lamports.get(), BOND);

    e.run(e.take_up("anna", &order), &["anna"]);
    assert_eq!(
        (slot(&e, "anna").locked_lamports.get(), slot(&e, "anna").current_job),
        (BOND, order.job)
    );
    let (worker, provider, slot_address) = (e.key("anna"), e.provider_of("anna"), e.slot_of("anna"));
    let hash = commitment(&RESULT, &SALT, &slot_address, &order.uid);
    e.run(
        ix::start_job(worker, provider, slot_address, order.job, &INPUT),
        &["anna"],
    );
    e.run(
        ix::commit_result(worker, provider, slot_address, order.job, &hash),
        &["anna"],
    );
    e.run(
        ix::reveal_result(worker, provider, slot_address, order.job, &RESULT, &SALT),
        &["anna"],
    );
    e.world.warp_seconds(3_600);
    e.run(
        ix::settle(order.job, slot_address, e.mint.address, e.mint.program),
        &["cranker"],
    );
    let payout: Payout = e.world.state(&ix::payout(&slot_address, &e.mint.address).0);
    // 2 % of 700,000 by hand
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (686_000, 14_000)
    );
    e.run(e.close_with_surplus(&order, e.client_token), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - 700_000);
    for name in ["ben", "cleo"] {
        e.run(e.reclaim_bid(name, &order), &["cranker"]);
    }
    for name in TEAM {
        assert_eq!(slot(&e, name).locked_lamports.get(), 0, "{name}");
        assert_eq!(slot(&e, name).bond_lamports.get(), DEPOSIT, "{name}");
    }
}

#[test]
fn each_deadline_is_moved_on_once_on_time_and_pays_exactly_one_bounty() {
    let mut e = ready();
    let order = e.post_with(&auction_terms());
    for (name, price) in BIDS {
        e.run(e.place_bid(name, &order, price), &[name, "payer"]);
    }
    // bidding: 600 s and 750 slots from the posting, one of which has passed
    let end = e.end_bidding(&order);
    e.world.warp(599, 748);
    e.fails(end.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(1_000_000, 0);
    e.fails(end.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(0, 1);
    let (before, reserve) = (cranker(&e), e.world.lamports(&order.job));
    e.run(end.clone(), &["cranker"]);
    assert_eq!(cranker(&e), before + BOUNTY);
    assert_eq!(e.world.lamports(&order.job), reserve - BOUNTY);
    assert_eq!(e.job(&order).state, state_code::REVEALING);
    e.fails(end.clone(), &["cranker"], EscrowError::TooEarly);

    // revealing: 300 s and 375 slots
    e.reveal_bids(&order, &BIDS);
    let award = e.award_to(&order, None, Some("anna"));
    e.world.warp(299, 1_000);
    e.fails(award.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(1, 0);
    let before = cranker(&e);
    e.run(award.clone(), &["cranker"]);
    assert_eq!(cranker(&e), before + BOUNTY);
    e.fails_as(award, &["cranker"], builtin::AccountDataTooSmall);
    e.fails(
        e.award_to(&order, None, Some("ben")),
        &["cranker"],
        EscrowError::TooEarly,
    );

    // taking up: 120 s and 150 slots; the winner pays
    let pass = e.award_to(&order, Some("anna"), Some("ben"));
    e.world.warp(1_000, 149);
    e.fails(pass.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(0, 1);
    let (before, reserve) = (cranker(&e), e.world.lamports(&order.job));
    e.run(pass.clone(), &["cranker"]);
    assert_eq!(cranker(&e), before + BOUNTY);
    assert_eq!(e.world.lamports(&order.job), reserve, "the party at fault pays");
    e.fails_as(pass, &["cranker"], builtin::AccountDataTooSmall);
    assert_eq!(
        e.job(&order).crank_reserve_lamports.get(),
        u32::try_from(BOUNTY).unwrap()
    );
}

#[test]
fn a_no_show_pays_and_the_second_bid_wins_at_its_price() {
    let mut e = ready();
    let order = e.awarded_auction(&BIDS, "anna");
    e.world.warp_seconds(120);
    let (client, before) = (e.world.lamports(&e.key("client")), slot(&e, "anna"));
    let receipt = e.run(e.award_to(&order, Some("anna"), Some("ben")), &["cranker"]);
    assert_eq!(e.world.lamports(&e.key("client")), client + COMPENSATION);
    let anna = slot(&e, "anna");
    assert_eq!(anna.bond_lamports.get(), DEPOSIT - COMPENSATION - BOUNTY);
    assert_eq!((anna.locked_lamports.get(), anna.burnt_lamports.get()), (0, 0));
    assert_eq!(anna.jobs_failed.get(), before.jobs_failed.get() + 1);
    let expected = sha(&[
        b"commonweal:rcp:1",
        &[0; 32],
        &0u64.to_le_bytes(),
        &order.uid,
        &[0x11; 32],
        &[0; 32],
        &[4],
        &[0; 16],
        &(COMPENSATION + BOUNTY).to_le_bytes(),
    ]);
    assert_eq!(anna.receipt_head, expected, "there is no result in it");
    let event = receipt.events::<WorkerFaulted>()[0];
    assert_eq!(
        (event.slot, event.outcome, event.receipt_head),
        (e.slot_of("anna"), 4, expected)
    );
    assert_eq!(
        (
            event.compensation_lamports.get(),
            event.bounty_lamports.get(),
            event.burnt_lamports.get(),
            event.released_lamports.get()
        ),
        (COMPENSATION, BOUNTY, 0, BOND - COMPENSATION - BOUNTY)
    );
    let job = e.job(&order);
    assert_eq!(
        (job.state, job.slot, job.price_atoms.get()),
        (state_code::AWARDED, e.slot_of("ben"), 800_000)
    );
    assert_eq!((job.second_slot(), job.second_price_atoms()), (Address::default(), 0));
    e.fails(e.take_up("anna", &order), &["anna"], EscrowError::NotTheAssignedSlot);
    e.run(e.take_up("ben", &order), &["ben"]);
}

#[test]
fn when_the_second_does_not_show_up_either_the_price_goes_back() {
    let mut e = ready();
    let payer = e.world.lamports(&e.key("payer"));
    let order = e.awarded_auction(&BIDS, "anna");
    e.world.warp_seconds(120);
    e.run(e.award_to(&order, Some("anna"), Some("ben")), &["cranker"]);
    e.world.warp_seconds(120);
    e.run(e.award_to(&order, Some("ben"), None), &["cranker"]);
    assert_eq!(e.job(&order).state, state_code::REFUNDABLE);
    assert_eq!(slot(&e, "ben").bond_lamports.get(), DEPOSIT - COMPENSATION - BOUNTY);
    e.fails(
        e.award_to(&order, Some("ben"), None),
        &["cranker"],
        EscrowError::NothingToCrank,
    );
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
    e.run(e.reclaim_bid("cleo", &order), &["cranker"]);
    // of the reserve of three one bounty is spent: the no-shows paid for themselves
    assert_eq!(e.world.lamports(&e.key("payer")), payer - BOUNTY);
    assert_eq!(slot(&e, "cleo").locked_lamports.get(), 0);
}

#[test]
fn an_auction_without_bids_or_reveals_is_refunded_by_a_crank() {
    let mut e = ready();
    let order = e.auction_with(&[]);
    e.fails(e.end_bidding(&order), &["cranker"], EscrowError::TooFewTookPart);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);

    let order = e.auction_with(&BIDS[..1]);
    e.fails(e.crank(&order), &["cranker"], EscrowError::NothingToCrank);
    e.run(e.end_bidding(&order), &["cranker"]);
    e.world.warp_seconds(300);
    e.fails(
        e.award_to(&order, None, Some("anna")),
        &["cranker"],
        EscrowError::TooFewTookPart,
    );
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn two_bids_are_never_accepted() {
    let mut e = ready();
    let order = e.revealed_auction(&BIDS);
    for name in ["ben", "cleo"] {
        e.fails(
            e.award_to(&order, None, Some(name)),
            &["cranker"],
            EscrowError::BidMismatch,
        );
        e.fails(e.take_up(name, &order), &[name], EscrowError::WrongJobState);
    }
    e.run(e.award_to(&order, None, Some("anna")), &["cranker"]);
    e.fails(
        e.award_to(&order, None, Some("ben")),
        &["cranker"],
        EscrowError::TooEarly,
    );
    e.fails(e.take_up("ben", &order), &["ben"], EscrowError::NotTheAssignedSlot);
    e.run(e.take_up("anna", &order), &["anna"]);
    e.fails(
        e.award_to(&order, None, Some("ben")),
        &["cranker"],
        EscrowError::NothingToCrank,
    );
    e.fails(e.take_up("anna", &order), &["anna"], EscrowError::WrongJobState);
    e.fails(e.take_up("ben", &order), &["ben"], EscrowError::WrongJobState);
}

#[test]
fn a_winner_takes_up_in_time_and_with_a_free_slot() {
    let mut e = ready();
    let order = e.awarded_auction(&BIDS, "anna");
    let batch = e.post();
    e.run(e.claim_by("anna", &batch), &["anna"]);
    e.fails(e.take_up("anna", &order), &["anna"], EscrowError::SlotBusy);
    let decline = ix::decline_job(e.key("anna"), e.provider_of("anna"), e.slot_of("anna"), batch.job);
    e.run(decline, &["anna"]);
    e.world.warp_seconds(120);
    e.fails(e.take_up("anna", &order), &["anna"], EscrowError::DeadlinePassed);
}

#[test]
fn a_bid_binds_its_winner() {
    let mut e = ready();
    let order = e.awarded_auction(&BIDS, "anna");
    e.run(e.take_up("anna", &order), &["anna"]);
    let decline = ix::decline_job(e.key("anna"), e.provider_of("anna"), e.slot_of("anna"), order.job);
    e.fails(decline, &["anna"], EscrowError::WrongKind);
    // taken up and not started: the winner pays, the client gets everything back
    e.world.warp_seconds(120);
    let client = e.world.lamports(&e.key("client"));
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.lamports(&e.key("client")), client + COMPENSATION);
    e.world.warp_seconds(600);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn the_clients_wallet_may_be_empty() {
    let mut e = ready();
    let order = e.awarded_auction(&BIDS, "anna");
    e.world.warp_seconds(120);
    let client = e.key("client");
    let account = e.world.raw(&client);
    e.world
        .set_raw(client, solana_account::Account { lamports: 0, ..account });
    e.run(e.award_to(&order, Some("anna"), Some("ben")), &["cranker"]);
    assert_eq!(e.world.lamports(&client), COMPENSATION);
}

#[test]
fn an_award_goes_by_the_accounts_of_its_own_auction() {
    let mut e = ready();
    let other = e.revealed_auction(&BIDS);
    let order = e.revealed_auction(&BIDS);
    let (award, stranger) = (e.award_to(&order, None, Some("anna")), e.key("stranger"));
    e.fails(e.end_bidding(&order), &["cranker"], EscrowError::BidRequired);
    let mut without = award.clone();
    without.accounts[5] = solana_instruction::AccountMeta::new_readonly(ix::PROGRAM, false);
    e.fails(without, &["cranker"], EscrowError::BidRequired);
    let elsewhere = e.bid_of("anna", &other);
    e.fails(
        ix::with(award.clone(), 4, elsewhere),
        &["cranker"],
        EscrowError::BidMismatch,
    );
    e.fails_as(ix::with(award.clone(), 5, stranger), &["cranker"], builtin::ADDRESS);
    e.fails_as(ix::with(award.clone(), 2, stranger), &["cranker"], builtin::ADDRESS);
    e.fails_as(ix::unsigned(award.clone(), 0), &[], builtin::MissingRequiredSignature);
    for terms in [terms(), redundant_terms()] {
        let other = e.post_with(&terms);
        e.fails(
            ix::with(award.clone(), 1, other.job),
            &["cranker"],
            EscrowError::WrongKind,
        );
    }

    e.run(award, &["cranker"]);
    e.world.warp_seconds(120);
    e.fails(
        e.award_to(&order, None, Some("ben")),
        &["cranker"],
        EscrowError::SlotRequired,
    );
    e.fails(
        e.award_to(&order, Some("ben"), Some("ben")),
        &["cranker"],
        EscrowError::NotTheAssignedSlot,
    );
    e.fails(
        e.award_to(&order, Some("anna"), None),
        &["cranker"],
        EscrowError::BidRequired,
    );
    e.fails(
        e.award_to(&order, Some("anna"), Some("cleo")),
        &["cranker"],
        EscrowError::BidMismatch,
    );
}

#[test]
fn one_person_in_every_role_is_paid_every_part_of_an_auction() {
    let mut e = ready();
    let client = e.key("client");
    let order = e.post_with(&auction_terms());
    for (name, price) in &BIDS[..2] {
        let place = ix::with(e.place_bid(name, &order, *price), 1, client);
        e.run(place, &[name, "client"]);
    }
    e.world.warp_seconds(600);
    e.reveal_bids(&order, &BIDS[..2]);
    e.world.warp_seconds(300);
    let as_client = |instruction| ix::with(ix::with(instruction, 0, client), 5, client);
    let before = e.world.lamports(&client);
    e.run(as_client(e.award_to(&order, None, Some("anna"))), &["client"]);
    e.world.warp_seconds(120);
    e.run(as_client(e.award_to(&order, Some("anna"), Some("ben"))), &["client"]);
    assert_eq!(
        e.world.lamports(&client),
        before + 2 * BOUNTY + 2 * e.world.rent(192) + COMPENSATION
    );
}
