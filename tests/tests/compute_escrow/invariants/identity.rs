//! E3: states and uids.

use {
    super::*,
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        lease::{lease_code, *},
        supply::{attest_result, attested_terms},
    },
    solana_instruction::Instruction,
};

/// An order again at the address of one that is gone.
fn again(e: &mut Escrow, old: &Order, terms: &JobTerms) -> Order {
    e.next_nonce = old.nonce;
    let order = e.post_with(terms);
    assert_eq!(order.job, old.job);
    assert_ne!(order.uid, old.uid);
    order
}

/// Posts, cancels and posts again.
fn lived_twice(e: &mut Escrow, terms: &JobTerms) -> (Order, Order) {
    let old = e.post_with(terms);
    e.run(e.cancel(&old), &["client"]);
    e.world.warp(0, 1);
    let new = again(e, &old, terms);
    (old, new)
}

#[test]
fn e3_the_uid_of_an_earlier_order_at_the_address_opens_no_job() {
    let mut e = hired();
    e.world.actor("attestor");
    let wrong = EscrowError::WrongUid;
    let (old, new) = lived_twice(&mut e, &terms());
    e.fails(e.claim(&old), &["session"], wrong);
    e.drive(&new, state_code::RUNNING);
    // a commitment made for the earlier one shows nothing here
    e.run(e.commit(&old), &["session"]);
    e.fails(e.reveal(&new), &["session"], EscrowError::CommitmentMismatch);

    let (old, new) = lived_twice(&mut e, &auction_terms());
    e.fails(e.place_bid("anna", &old, 1), &["anna", "payer"], wrong);
    e.run(e.place_bid("anna", &new, 1), &["anna", "payer"]);
    let (old, new) = lived_twice(&mut e, &redundant_terms());
    e.fails(e.join("anna", &old), &["anna", "payer"], wrong);
    e.run(e.join("anna", &new), &["anna", "payer"]);

    let (old, new) = lived_twice(&mut e, &terms());
    e.drive(&new, state_code::CHALLENGEABLE);
    e.world.actor("watcher");
    let watcher = e.key("watcher");
    let challenge = |uid| court::ix::challenge_result(watcher, e.config, new.job, uid, &OTHER_RESULT, watcher);
    let (by_old, by_new) = (challenge(&old.uid), challenge(&new.uid));
    e.fails(by_old, &["watcher"], wrong);
    e.run(by_new, &["watcher"]);
}

#[test]
fn e3_a_countersignature_and_a_ruling_are_for_one_uid() {
    let mut e = Escrow::ready(0);
    e.appoint(&["attestor"]);
    let (old, new) = lived_twice(&mut e, &attested_terms());
    e.drive(&new, state_code::CHALLENGEABLE);
    let by = e.key("attestor");
    e.fails(
        attest_result(by, e.config, &old, &[7; 32]),
        &["attestor"],
        EscrowError::WrongUid,
    );
    e.run(attest_result(by, e.config, &new, &[7; 32]), &["attestor"]);

    // by force, since a job with a case never ends before it: the address lives again under another uid
    let mut c = Court::ended(0, 6, 0);
    let uid = c.order.uid;
    let mut job = c.e.world.raw(&c.order.job);
    let at = job.data.windows(32).position(|bytes| bytes == uid).unwrap();
    job.data[at] ^= 1;
    c.e.world.set_raw(c.order.job, job);
    c.e.fails(c.execute(), &["cranker"], EscrowError::WrongUid);

    let mut c = Court::answered(0, 0);
    let mut job = c.e.world.raw(&c.order.job);
    job.data[at] ^= 1;
    c.e.world.set_raw(c.order.job, job);
    c.e.fails(c.open("watcher"), &["cranker"], EscrowError::WrongCase);
    c.e.fails(c.resolve("watcher"), &[], EscrowError::WrongCase);
}

#[test]
fn e3_what_was_kept_for_an_earlier_order_at_the_address_is_none_of_the_next() {
    // a bid
    let mut e = hired();
    let old = e.post_with(&auction_terms());
    e.run(e.place_bid("anna", &old, 1), &["anna", "payer"]);
    e.run(e.cancel(&old), &["client"]);
    e.world.warp(0, 1);
    let new = again(&mut e, &old, &auction_terms());
    e.run(e.place_bid("ben", &new, 800_000), &["ben", "payer"]);
    e.world.warp_seconds(600);
    e.fails(e.reveal_bid("anna", &old, 1), &["anna"], EscrowError::BidMismatch);
    e.reveal_bids(&new, &[("ben", 800_000)]);
    e.world.warp_seconds(300);
    e.fails(
        e.award_to(&new, None, Some("anna")),
        &["cranker"],
        EscrowError::BidMismatch,
    );
    e.run(e.reclaim_bid("anna", &old), &["cranker"]);
    assert_eq!(slot(&e, "anna").bond_lamports.get(), DEPOSIT);

    // a voucher, an acceptance and a top-up
    let old = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&old, 100 * RATE, 1);
    e.run(e.close_by_provider(&old), &["session"]);
    e.world.warp(0, 1);
    e.next_nonce = old.nonce;
    let new = e.rent();
    assert_eq!(new.lease, old.lease);
    e.fails(e.accept(&old), &["session"], EscrowError::WrongUid);
    e.fails(e.top_up(&old, 100 * RATE), &["client"], EscrowError::WrongUid);
    e.run(e.accept(&new), &["session"]);
    e.world.warp_seconds(100);
    e.redeem_fails(&new, &words, EscrowError::VoucherOfAnotherLease);
    e.run(e.top_up(&new, 100 * RATE), &["client"]);
}

#[test]
fn e3_in_every_state_only_that_states_instructions_work() {
    use state_code::*;
    for state in [OPEN, CLAIMED, RUNNING, COMMITTED, CHALLENGEABLE, FINAL] {
        let mut e = Escrow::ready(0);
        let order = e.job_in(state);
        let account = e.client_token;
        let steps: [(&str, Instruction, &str, &[u8]); 9] = [
            ("claim", e.claim(&order), "session", &[OPEN]),
            ("cancel", e.cancel(&order), "client", &[OPEN]),
            ("decline", e.decline(&order), "session", &[CLAIMED]),
            ("start", e.start(&order), "session", &[CLAIMED]),
            ("commit", e.commit(&order), "session", &[RUNNING]),
            ("reveal", e.reveal(&order), "session", &[COMMITTED]),
            ("settle", e.settle(&order), "cranker", &[CHALLENGEABLE]),
            ("claim refund", e.claim_refund(&order, account), "client", &[FINAL]),
            ("close", e.close_with_surplus(&order, account), "cranker", &[FINAL]),
        ];
        for (name, step, by, states) in steps {
            if states.contains(&state) {
                continue;
            }
            println!("{name} in state {state}");
            if (name, state) == ("settle", OPEN) {
                // an open job has no slot that could be paid
                e.fails_as(step, &[by], builtin::ADDRESS);
            } else {
                e.fails(step, &[by], EscrowError::WrongJobState);
            }
        }
    }
}

#[test]
fn e3_auctions_redundant_orders_and_leases_keep_to_their_states() {
    let wrong = EscrowError::WrongJobState;
    let mut e = hired();
    let leave = |e: &mut Escrow, order: &Order| {
        let account = e.client_token;
        e.fails(e.cancel(order), &["client"], wrong);
        e.fails(e.claim_refund(order, account), &["client"], wrong);
        e.fails(e.close_with_surplus(order, account), &[], wrong);
    };
    let bids = [("anna", 700_000), ("ben", 800_000)];
    let order = e.auction_with(&bids);
    e.reveal_bids(&order, &bids[..1]);
    e.fails(e.place_bid("cleo", &order, 1), &["cleo", "payer"], wrong);
    e.fails(e.take_up("anna", &order), &["anna"], wrong);
    leave(&mut e, &order);
    e.world.warp_seconds(300);
    e.run(e.award_to(&order, None, Some("anna")), &["cranker"]);
    e.fails(e.place_bid("cleo", &order, 1), &["cleo", "payer"], wrong);
    e.fails(e.reveal_bid("ben", &order, 800_000), &["ben"], wrong);
    leave(&mut e, &order);
    e.run(e.take_up("anna", &order), &["anna"]);
    e.fails(e.take_up("anna", &order), &["anna"], wrong);
    leave(&mut e, &order);

    let mut e = hired();
    e.rival("fourth");
    let order = e.joined_order();
    let late = e.join("fourth", &order);
    e.fails(late.clone(), &["fourth", "payer"], wrong);
    e.fails(e.settle_part("anna", &order), &["cranker"], wrong);
    leave(&mut e, &order);
    for name in TEAM {
        e.run(e.commit_part(name, &order, &RESULT), &[name]);
    }
    e.fails(late.clone(), &["fourth", "payer"], wrong);
    e.fails(e.commit_part("anna", &order, &RESULT), &["anna"], wrong);
    e.fails(e.settle_part("anna", &order), &["cranker"], wrong);
    leave(&mut e, &order);
    for name in TEAM {
        e.run(e.reveal_part(name, &order, &RESULT), &[name]);
    }
    e.run(e.compare(&order, &TEAM), &["cranker"]);
    e.fails(late.clone(), &["fourth", "payer"], wrong);
    e.fails(e.reveal_part("anna", &order, &RESULT), &["anna"], wrong);
    e.fails(e.compare(&order, &TEAM), &["cranker"], EscrowError::NothingToCrank);
    leave(&mut e, &order);
    e.world.warp_seconds(3_600);
    e.run(e.settle_part("anna", &order), &["cranker"]);
    e.fails(e.compare(&order, &TEAM[1..]), &["cranker"], EscrowError::NothingToCrank);
    leave(&mut e, &order);

    use lease_code::*;
    for state in [ACTIVE, PAUSED, RECLAIMING, SETTLING] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        let steps = [
            ("accept", e.accept(&rent), "session", 0),
            ("start", e.start_lease(&rent), "cranker", 0),
            ("resume", e.resume(&rent), "session", PAUSED),
            ("notice", e.notice(&rent), "session", ACTIVE),
        ];
        for (name, step, by, own) in steps {
            if own != state {
                println!("{name} in state {state}");
                e.fails(step, &[by], EscrowError::WrongLeaseState);
            }
        }
    }
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(SETTLING);
    e.fails(e.top_up(&rent, 100 * RATE), &["client"], EscrowError::WrongLeaseState);
    e.fails(e.close_by_client(&rent), &["client"], EscrowError::WrongLeaseState);
}
