//! The invariants of the design, E1 to E9, each by its number, over all kinds of orders.

use {
    crate::{
        builtin,
        exits::{self, work, Exit},
    },
    commonweal_tests::fixtures::escrow::{
        court::{self, *},
        ix,
        lease::{ix::Leave, lease_code, *},
        lives::{shared, written, Cast, Market},
        orders::*,
        supply::{attest_result, attested_terms},
        *,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

fn hired() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

fn payout(e: &Escrow, name: &str) -> (u64, u64) {
    let payout: Payout = e.world.state(&ix::payout(&e.slot_of(name), &e.mint.address).0);
    (payout.claimable_atoms.get(), payout.fee_due_atoms.get())
}

fn default_payout(e: &Escrow) -> (u64, u64) {
    let payout = e.payout_state();
    (payout.claimable_atoms.get(), payout.fee_due_atoms.get())
}

fn slot(e: &Escrow, name: &str) -> Slot {
    e.world.state(&e.slot_of(name))
}

/// Goes through exits, with and without a gift to the vault.
fn through(exits: Vec<Exit>, donated: u64) {
    for exit in exits {
        exit.check(donated);
    }
}

#[test]
fn e1_what_goes_in_comes_out_by_mint_and_by_lamports_at_every_exit() {
    through(exits::of_batch_jobs(), 0);
    through(exits::of_auctions(), 0);
    through(exits::of_redundant_orders(), 0);
    through(exits::of_leases(), 0);
}

#[test]
fn e1_what_goes_in_comes_out_by_mint_and_by_lamports_at_every_exit_of_the_court() {
    through(exits::of_cases(), 0);
}

#[test]
fn e2_whatever_has_ended_is_closed_its_donations_are_the_clients_and_rent_returns_to_who_paid_it() {
    through(exits::of_batch_jobs(), 3);
    through(exits::of_auctions(), 3);
    through(exits::of_redundant_orders(), 3);
    through(exits::of_leases(), 3);
}

#[test]
fn e2_whatever_the_court_has_ended_is_closed_too() {
    through(exits::of_cases(), 3);
}

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
fn e4_a_stake_is_what_is_free_locked_slashed_and_out_whatever_it_answers_for() {
    // one slot bids, works, takes part and rents out, all at once, and is at fault in all four
    let mut e = hired();
    let auction = e.post_with(&auction_terms());
    for (name, price) in [("anna", 700_000), ("ben", 800_000)] {
        e.run(e.place_bid(name, &auction, price), &[name, "payer"]);
    }
    let batch = e.post();
    let (anna, provider, anna_slot) = (e.key("anna"), e.provider_of("anna"), e.slot_of("anna"));
    let hash = commitment(&RESULT, &SALT, &anna_slot, &batch.uid);
    e.run(e.claim_by("anna", &batch), &["anna"]);
    e.run(ix::start_job(anna, provider, anna_slot, batch.job, &INPUT), &["anna"]);
    e.run(
        ix::commit_result(anna, provider, anna_slot, batch.job, &hash),
        &["anna"],
    );
    let redundant = e.joined_order();
    for name in TEAM {
        e.run(e.commit_part(name, &redundant, &RESULT), &[name]);
    }
    let rent = e.rent();
    e.run(e.accept_by("anna", &rent), &["anna"]);

    // 4 · 50,000,000 = 200,000,000: nothing is free
    let state = slot(&e, "anna");
    assert_eq!(
        (state.locked_lamports.get(), state.bond_lamports.get()),
        (DEPOSIT, DEPOSIT)
    );
    let withdraw = |lamports| ix::withdraw_bond(anna, provider, anna_slot, lamports);
    e.fails(withdraw(1), &["anna"], EscrowError::BondLocked);
    let another = e.post_with(&auction_terms());
    let bid = e.place_bid("anna", &another, 1);
    e.fails(bid, &["anna", "payer"], EscrowError::BondNotCovered);

    e.world.warp_seconds(100);
    let leaving = Leave {
        provider: Some(provider),
        ..e.leave("anna", &rent)
    };
    e.run(leaving.close(), &["anna"]);
    for name in ["ben", "cleo"] {
        e.run(e.reveal_part(name, &redundant, &RESULT), &[name]);
    }
    e.world.warp_seconds(300);
    e.run(e.crank(&batch), &["cranker"]);
    e.run(e.compare(&redundant, &["ben", "cleo"]), &["cranker"]);
    e.world.warp_seconds(3_600);
    e.run(e.settle_unpaid("anna", &redundant), &["cranker"]);
    e.reveal_bids(&auction, &[("ben", 800_000)]);
    e.world.warp_seconds(300);
    e.run(e.reclaim_bid("anna", &auction), &["cranker"]);

    // the lease's compensation, two bonds, two bounties of the bid
    let slashed = COMPENSATION + 2 * BOND + 2 * BOUNTY;
    let left = DEPOSIT - slashed;
    e.fails(withdraw(left + 1), &["anna"], EscrowError::BondLocked);
    e.run(withdraw(left), &["anna"]);
    let state = slot(&e, "anna");
    assert_eq!(
        [
            state.deposited_lamports.get(),
            state.bond_lamports.get(),
            state.locked_lamports.get(),
            state.slashed_lamports.get(),
            state.withdrawn_lamports.get(),
        ],
        [DEPOSIT, 0, 0, slashed, left]
    );
    // what is burnt stays: two bonds less compensation and bounty each, and a bounty of the bid
    let burnt = 2 * (BOND - COMPENSATION - BOUNTY) + BOUNTY;
    assert_eq!(state.burnt_lamports.get(), burnt);
    assert_eq!(e.world.lamports(&anna_slot), e.world.rent(336) + burnt);
}

#[test]
fn e5_a_voucher_never_pays_twice_and_never_beyond_what_was_put_in() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    let paid = |e: &Escrow| e.lease(&rent).paid_atoms.get();
    // both sides have signed for everything there is, and more
    e.world.warp_seconds(100);
    let words = e.words(&rent, u64::MAX, 5);
    e.redeems(&rent, &words);
    assert_eq!(paid(&e), 100 * RATE);
    for _ in 0..3 {
        e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    }
    let older = e.words(&rent, u64::MAX, 4);
    e.redeem_fails(&rent, &older, EscrowError::VoucherStale);
    e.world.warp_seconds(FUNDED - 200);
    e.redeems(&rent, &words);
    assert_eq!(paid(&e), (3_600 - 100) * RATE);
    // empty: 3,600 · 37 = 133,200 of 133,205 atoms
    e.world.warp_seconds(100_000);
    let words = e.words(&rent, u64::MAX, 6);
    e.redeems(&rent, &words);
    assert_eq!(paid(&e), 133_200);
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    // what is put in afterwards pays the time after it
    e.run(e.top_up(&rent, 60 * RATE), &["client"]);
    e.world.warp_seconds(100);
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    e.run(e.resume(&rent), &["session"]);
    e.world.warp_seconds(10_000);
    let words = e.words(&rent, u64::MAX, 7);
    e.redeems(&rent, &words);
    assert_eq!(paid(&e), 133_200 + 2_220);
    e.run(e.close_by_client(&rent), &["client"]);
    e.redeem_fails(&rent, &words, EscrowError::NothingDue);
    e.world.warp_seconds(SETTLE);
    e.run(e.crank_lease(&rent), &["cranker"]);
    // 135,420 paid, five atoms back
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - 135_420);
    let (claimable, fee) = default_payout(&e);
    assert_eq!(claimable + fee, 135_420);
}

#[test]
fn e6_many_settlements_never_beat_one_and_the_rest_is_the_refunds() {
    // one settlement of 1,000,003 atoms pays 980,002. Eight milestones that divide nothing evenly pay no atom more or less
    let mut e = hired();
    let order = e.post_with(&JobTerms {
        milestone_bps: [1_111, 1_113, 1_117, 1_123, 1_129, 1_151, 1_153, 2_103],
        ..terms()
    });
    e.drive(&order, state_code::RUNNING);
    for index in [7, 0, 6, 1, 5, 2, 4, 3] {
        e.run(e.accept_milestone(&order, index), &["client"]);
        let (claimable, fee) = default_payout(&e);
        assert_eq!(claimable, (claimable + fee) * 98 / 100, "after milestone {index}");
    }
    assert_eq!(default_payout(&e), (PROVIDER_PART, FEE_PART));

    // three shares of 333,334: three times 326,667 is less than 980,002; the odd atom goes back
    let order = e.compared_order(&[RESULT; 3]);
    e.world.warp_seconds(3_600);
    for name in TEAM {
        e.run(e.settle_part(name, &order), &["cranker"]);
        assert_eq!(payout(&e, name), (SHARE_PROVIDER, SHARE_FEE));
    }
    assert_eq!(e.world.tokens(&order.vault), PRICE - 3 * 333_334);

    // ninety-nine settlements of a lease and one
    let before = default_payout(&e);
    let rent = e.lease_in(lease_code::ACTIVE);
    for second in 1..=99 {
        e.world.warp(1, 3);
        let words = e.words(&rent, second * RATE, second);
        e.redeems(&rent, &words);
    }
    // 99 · 37 = 3,663 atoms: ⌊3,663 · 0.98⌋ = 3,589; each alone would have paid 36 of 37
    let (claimable, fee) = default_payout(&e);
    assert_eq!((claimable - before.0, fee - before.1), (3_589, 74));
    e.run(e.close_by_provider(&rent), &["session"]);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(99);
    let words = e.words(&rent, 99 * RATE, 1);
    e.redeems(&rent, &words);
    assert_eq!(default_payout(&e), (claimable + 3_589, fee + 74));
}

#[test]
fn e7_the_fee_has_a_ceiling_and_a_raised_one_reaches_nothing_that_was_posted() {
    let mut e = Escrow::ready(0);
    let batch = e.post();
    let rent = e.rent();
    let raise = |e: &Escrow, fee_ppm| {
        let params = ConfigParams {
            fee_ppm,
            ..params(&e.world)
        };
        ix::update_config(e.config, e.key("admin"), &params)
    };
    e.fails(raise(&e, 50_001), &["admin"], EscrowError::FeeAboveCeiling);
    e.run(raise(&e, 50_000), &["admin"]);
    e.fails(
        e.post_job(9, &terms()),
        &["client", "payer"],
        EscrowError::FeeAboveLimit,
    );
    let lease_terms = lease_terms(&e.world);
    let dearer = e.post_lease(9, &lease_terms, None);
    e.fails(dearer, &["client", "payer"], EscrowError::FeeAboveLimit);

    // everything else at 2 %
    e.run(e.accept(&rent), &["session"]);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 100 * RATE, 1);
    e.redeems(&rent, &words);
    assert_eq!(default_payout(&e), (3_626, 74));
    e.run(e.close_by_provider(&rent), &["session"]);
    e.drive(&batch, state_code::FINAL);
    assert_eq!(default_payout(&e), (3_626 + PROVIDER_PART, 74 + FEE_PART));

    // at the ceiling: 95 % of 1,000,003 rounded down
    let order = e.post_with(&JobTerms {
        max_fee_ppm: 50_000,
        ..terms()
    });
    e.drive(&order, state_code::FINAL);
    assert_eq!(
        default_payout(&e),
        (3_626 + PROVIDER_PART + 950_002, 74 + FEE_PART + 50_001)
    );
}

#[test]
fn e7_a_raised_fee_reaches_no_auction_and_no_redundant_order() {
    let mut e = hired();
    let redundant = e.compared_order(&[RESULT; 3]);
    let auction = e.post_with(&auction_terms());
    e.run(e.place_bid("anna", &auction, 700_000), &["anna", "payer"]);
    let params = ConfigParams {
        fee_ppm: 50_000,
        ..params(&e.world)
    };
    e.run(ix::update_config(e.config, e.key("admin"), &params), &["admin"]);
    e.world.warp_seconds(3_600);
    e.run(e.settle_part("anna", &redundant), &["cranker"]);
    assert_eq!(payout(&e, "anna"), (SHARE_PROVIDER, SHARE_FEE));
    e.reveal_bids(&auction, &[("anna", 700_000)]);
    e.world.warp_seconds(300);
    e.run(e.award_to(&auction, None, Some("anna")), &["cranker"]);
    e.run(e.take_up("anna", &auction), &["anna"]);
    work(&mut e, "anna", &auction);
    assert_eq!(payout(&e, "anna"), (SHARE_PROVIDER + 686_000, SHARE_FEE + 14_000));
}

/// Kinds of live work.
const KINDS: [&str; 4] = ["batch", "redundant", "auction", "lease"];

/// Two orders of each kind that anna's slot may take.
struct Offers {
    jobs: [[Order; 2]; 3],
    rents: [Rent; 2],
}

impl Offers {
    fn new(e: &mut Escrow) -> Self {
        let won = [0, 1].map(|_| {
            let order = e.post_with(&auction_terms());
            e.run(e.place_bid("anna", &order, 700_000), &["anna", "payer"]);
            order
        });
        e.world.warp_seconds(600);
        for order in &won {
            e.reveal_bids(order, &[("anna", 700_000)]);
        }
        e.world.warp_seconds(300);
        for order in &won {
            e.run(e.award_to(order, None, Some("anna")), &["cranker"]);
        }
        let batch = [0, 1].map(|_| e.post());
        let redundant = [0, 1].map(|_| e.post_with(&redundant_terms()));
        Self {
            jobs: [batch, redundant, won],
            rents: [0, 1].map(|_| e.rent()),
        }
    }

    fn take(&self, e: &Escrow, kind: usize, which: usize) -> Instruction {
        match KINDS[kind] {
            "batch" => e.claim_by("anna", &self.jobs[0][which]),
            "redundant" => e.join("anna", &self.jobs[1][which]),
            "auction" => e.take_up("anna", &self.jobs[2][which]),
            _ => e.accept_by("anna", &self.rents[which]),
        }
    }
}

#[test]
fn e8_a_slot_has_one_live_job_whatever_its_kind() {
    for held in 0..KINDS.len() {
        let mut e = hired();
        let offers = Offers::new(&mut e);
        e.run(offers.take(&e, held, 0), &["anna", "payer"]);
        let live = match KINDS[held] {
            "lease" => offers.rents[0].lease,
            _ => offers.jobs[held][0].job,
        };
        assert_eq!(slot(&e, "anna").current_job, live);
        for other in 0..KINDS.len() {
            println!("{} while at {}", KINDS[other], KINDS[held]);
            e.fails(offers.take(&e, other, 1), &["anna", "payer"], EscrowError::SlotBusy);
        }
        assert_eq!(slot(&e, "anna").current_job, live);
        // whoever has a slot that is free takes it
        e.run(e.claim(&offers.jobs[0][1]), &["session"]);
    }
}

#[test]
fn e9_orders_of_different_people_share_no_written_account() {
    // a thousand of them, concurrency and the counterexample: independence.rs
    let market = Market::of(&Escrow::bare(0));
    let lives: Vec<_> = (0..16)
        .map(|number| written(&Cast::numbered(0, number).everything(&market)))
        .collect();
    assert!(lives.iter().all(|life| life.len() >= 10));
    assert_eq!(shared(&lives), Vec::<Address>::new());
}
