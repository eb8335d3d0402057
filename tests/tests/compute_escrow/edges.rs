//! The edges of every kind of order: clocks that jump or step back, frozen accounts, amounts at their bounds, dust.

use {
    crate::{builtin, exits::work},
    commonweal_tests::fixtures::escrow::{court::*, ix, lease::*, orders::*, *},
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

/// ⌊price · 0.98⌋ and the rest, in wide integers.
fn parts(price: u64) -> (u64, u64) {
    let provider = u64::try_from(u128::from(price) * 98 / 100).unwrap();
    (provider, price - provider)
}

/// A state that began now ends after so many seconds on the clock, neither by a jump of it nor by slots; stepping back only delays.
#[track_caller]
fn ends_on_time(e: &mut Escrow, seconds: i64, step: Instruction) {
    e.world.warp(1_000_000, 0);
    e.fails(step.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(-1_000_500, 1_000_000);
    e.fails(step.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(500 + seconds - 1, 0);
    e.fails(step.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(1, 0);
    e.run(step, &["cranker"]);
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_job_early() {
    use state_code::*;
    for (state, seconds) in [(OPEN, 600), (CLAIMED, 120), (RUNNING, 300), (COMMITTED, 300)] {
        let mut e = Escrow::ready(0);
        let order = e.job_in(state);
        let crank = e.crank(&order);
        ends_on_time(&mut e, seconds, crank);
    }
    let mut e = Escrow::ready(0);
    let order = e.job_in(CHALLENGEABLE);
    let settle = e.settle(&order);
    ends_on_time(&mut e, 3_600, settle);
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_auction_early() {
    let mut e = hired();
    let bids = [("anna", 700_000), ("ben", 800_000)];
    let order = e.post_with(&auction_terms());
    for (name, price) in bids {
        e.run(e.place_bid(name, &order, price), &[name, "payer"]);
    }
    let end = e.end_bidding(&order);
    ends_on_time(&mut e, 600, end);
    e.reveal_bids(&order, &bids);
    let award = e.award_to(&order, None, Some("anna"));
    ends_on_time(&mut e, 300, award);
    let pass_on = e.award_to(&order, Some("anna"), Some("ben"));
    ends_on_time(&mut e, 120, pass_on);
    e.run(e.take_up("ben", &order), &["ben"]);
    let crank = e.crank(&order);
    ends_on_time(&mut e, 120, crank);
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_redundant_order_early() {
    let mut e = hired();
    let order = e.post_with(&redundant_terms());
    e.run(e.join("anna", &order), &["anna", "payer"]);
    let gather = e.compare(&order, &[]);
    ends_on_time(&mut e, 600, gather);
    e.run(e.settle_unpaid("anna", &order), &["cranker"]);

    let order = e.committed_order(&[RESULT; 2]);
    let run = e.compare(&order, &[]);
    ends_on_time(&mut e, 300, run);
    e.run(e.reveal_part("anna", &order, &RESULT), &["anna"]);
    let reveal = e.compare(&order, &["anna"]);
    ends_on_time(&mut e, 300, reveal);
    for name in TEAM {
        e.run(e.settle_unpaid(name, &order), &["cranker"]);
    }

    let order = e.compared_order(&[RESULT; 3]);
    let settle = e.settle_part("anna", &order);
    ends_on_time(&mut e, 3_600, settle);
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_lease_early() {
    use lease_code::*;
    for (state, seconds) in [
        (OPEN, OPEN_SECONDS),
        (JOINED, i64::from(GATHER)),
        (ACTIVE, FUNDED),
        (PAUSED, PAUSE),
        (RECLAIMING, NOTICE),
        (SETTLING, SETTLE),
    ] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        // a gang gathers from its opening, a second slot before
        println!("lease in state {state}");
        let crank = e.crank_lease(&rent);
        ends_on_time(&mut e, seconds, crank);
    }
}

#[test]
fn a_clock_that_jumps_or_steps_back_ends_no_phase_of_a_case_early() {
    let phases: [(fn() -> Court, i64); 5] = [
        (|| Court::disputed(0, 6), SEED_SECONDS),
        (|| Court::seeded(0, 6), SEED_SECONDS),
        (|| Court::drawn(0, 6), VOTE_SECONDS),
        (
            || {
                let mut c = Court::drawn(0, 6);
                c.commit_all(700_000);
                c
            },
            REVEAL_SECONDS,
        ),
        (|| Court::decided(0, 6, 700_000), APPEAL_SECONDS),
    ];
    for (court, seconds) in phases {
        let mut c = court();
        println!("phase {}", c.case().phase);
        let crank = c.crank();
        ends_on_time(&mut c.e, seconds, crank);
    }
    let mut c = Court::challenged(0, 0);
    let open = c.open("watcher");
    ends_on_time(&mut c.e, ANSWER_SECONDS, open);
}

/// Freezes an account; the step is refused and changes nothing. Thawed, it succeeds.
#[track_caller]
fn waits_for(e: &mut Escrow, account: Address, step: Instruction, by: &[&str]) {
    let mint = e.mint.clone();
    e.world.freeze(&mint, &account);
    e.fails_as(step.clone(), by, builtin::TOKEN_FROZEN);
    e.world.thaw(&mint, &account);
    e.run(step, by);
}

#[test]
fn a_frozen_payout_delays_its_own_payment_only_whatever_the_order() {
    let mut e = hired();
    let vault = e.payout_state().vault;
    let (order, other) = (e.post_with(&milestone_terms()), e.post());
    e.drive(&order, state_code::RUNNING);
    let accept = e.accept_milestone(&order, 0);
    waits_for(&mut e, vault, accept, &["client"]);
    e.drive_from_running(&order);
    e.run(e.claim_by("ben", &other), &["ben"]);
    e.world.warp_seconds(3_600);
    let settle = e.settle(&order);
    waits_for(&mut e, vault, settle, &[]);
    assert_eq!(default_payout(&e), (PROVIDER_PART, FEE_PART));
    // neither the other's payment nor the fee waits for who is frozen
    let mint = e.mint.clone();
    let (mine, treasury) = (e.tokens_of("provider"), e.tokens_of("treasury"));
    e.world.freeze(&mint, &mine);
    e.fails_as(e.withdraw_payout(mine), &["provider"], builtin::TOKEN_FROZEN);
    e.run(e.sweep(treasury), &[]);
    e.world.freeze(&mint, &treasury);
    let elsewhere = e.world.token_account_named(&mint, &e.key("provider"), "elsewhere");
    e.run(e.withdraw_payout(elsewhere), &["provider"]);
    assert_eq!(e.world.tokens(&elsewhere), PROVIDER_PART);
    assert_eq!(e.world.tokens(&treasury), FEE_PART);

    let auction = e.awarded_auction(&[("anna", 700_000)], "anna");
    e.run(e.take_up("anna", &auction), &["anna"]);
    let vault = ix::vault(&ix::payout(&e.slot_of("anna"), &e.mint.address).0).0;
    e.world.freeze(&mint, &vault);
    let (key, provider, slot) = (e.key("anna"), e.provider_of("anna"), e.slot_of("anna"));
    let hash = commitment(&RESULT, &SALT, &slot, &auction.uid);
    e.run(ix::start_job(key, provider, slot, auction.job, &INPUT), &["anna"]);
    e.run(ix::commit_result(key, provider, slot, auction.job, &hash), &["anna"]);
    e.run(
        ix::reveal_result(key, provider, slot, auction.job, &RESULT, &SALT),
        &["anna"],
    );
    e.world.thaw(&mint, &vault);
    e.world.warp_seconds(3_600);
    let settle = ix::settle(auction.job, slot, e.mint.address, e.mint.program);
    waits_for(&mut e, vault, settle, &[]);
}

#[test]
fn a_frozen_vault_delays_its_own_order_only_whatever_the_order() {
    let mut e = hired();
    let mint = e.mint.clone();
    // a job that is paid, one that is canceled, an auction and a redundant order that end without work
    let order = e.job_in(state_code::CHALLENGEABLE);
    e.world.warp_seconds(3_600);
    let settle = e.settle(&order);
    waits_for(&mut e, order.vault, settle, &[]);
    let order = e.post();
    let cancel = e.cancel(&order);
    waits_for(&mut e, order.vault, cancel, &["client"]);

    for terms in [auction_terms(), redundant_terms()] {
        let order = e.post_with(&terms);
        e.world.warp_seconds(600);
        e.world.freeze(&mint, &order.vault);
        if terms.kind == 1 {
            e.run(e.crank(&order), &["cranker"]);
        } else {
            e.run(e.compare(&order, &[]), &["cranker"]);
        }
        assert_eq!(e.job(&order).state, state_code::REFUNDABLE);
        e.fails(e.crank(&order), &["cranker"], EscrowError::ClientAccountFrozen);
        e.world.thaw(&mint, &order.vault);
        e.run(e.crank(&order), &["cranker"]);
    }
    let order = e.compared_order(&[RESULT; 3]);
    e.world.warp_seconds(3_600);
    let settle = e.settle_part("anna", &order);
    waits_for(&mut e, order.vault, settle, &["cranker"]);

    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 100 * RATE, 1);
    e.world.freeze(&mint, &rent.vault);
    let redemption = e.redemption(&rent, &words);
    e.redemption_fails(&redemption, builtin::TOKEN_FROZEN);
    e.world.thaw(&mint, &rent.vault);
    e.redeems(&rent, &words);

    let mut c = Court::ended(0, 6, 700_000);
    let (execute, vault) = (c.execute(), c.order.vault);
    waits_for(&mut c.e, vault, execute, &["cranker"]);
}

#[test]
fn a_frozen_client_delays_its_own_refund_only_whatever_the_order() {
    let mut e = hired();
    let (mint, account) = (e.mint.clone(), e.client_token);
    let second = e.world.token_account_named(&mint, &e.key("client"), "second");
    let won = e.awarded_auction(&[("anna", 700_000), ("ben", 800_000)], "anna");
    e.run(e.take_up("anna", &won), &["anna"]);
    let redundant = e.post_with(&redundant_terms());
    let auction = e.post_with(&auction_terms());
    e.run(e.place_bid("cleo", &auction, 1), &["cleo", "payer"]);
    e.world.freeze(&mint, &account);

    // a winner is paid; the surplus goes where the client says
    work(&mut e, "anna", &won);
    assert_eq!(payout(&e, "anna"), (686_000, 14_000));
    e.fails_as(e.close_with_surplus(&won, account), &["cranker"], builtin::TOKEN_FROZEN);
    e.run(e.claim_refund(&won, second), &["client"]);
    assert_eq!(e.world.tokens(&second), 300_003);

    // nobody joined
    e.run(e.compare(&redundant, &[]), &["cranker"]);
    e.fails(e.crank(&redundant), &["cranker"], EscrowError::ClientAccountFrozen);
    e.run(e.claim_refund(&redundant, second), &["client"]);

    // nobody revealed: the refund waits, the bidder does not
    e.run(e.end_bidding(&auction), &["cranker"]);
    e.world.warp_seconds(300);
    e.run(e.crank(&auction), &["cranker"]);
    assert_eq!(e.job(&auction).state, state_code::REFUNDABLE);
    e.run(e.reclaim_bid("cleo", &auction), &["cranker"]);
    e.fails(e.crank(&auction), &["cranker"], EscrowError::ClientAccountFrozen);
    e.world.thaw(&mint, &account);
    e.run(e.crank(&auction), &["cranker"]);
    assert_eq!(
        e.world.tokens(&account) + e.world.tokens(&second),
        CLIENT_ATOMS - 700_000
    );
}

#[test]
fn a_frozen_client_of_a_lost_case_holds_neither_bond_nor_rent() {
    let mut c = Court::ended(0, 6, 0);
    let (mint, account) = (c.e.mint.clone(), c.e.client_token);
    c.e.world.freeze(&mint, &account);
    c.e.run(c.execute(), &["cranker"]);
    c.clear(&[]);
    assert_eq!(c.e.slot_state().locked_lamports.get(), 0);
    c.e.fails_as(
        c.e.close_with_surplus(&c.order, account),
        &["cranker"],
        builtin::TOKEN_FROZEN,
    );
    let second = c.e.world.token_account_named(&mint, &c.key("client"), "second");
    c.e.run(c.e.claim_refund(&c.order, second), &["client"]);
    assert_eq!(c.e.world.tokens(&second), PRICE);
}

/// The client owns all atoms a mint can have.
fn rich() -> Escrow {
    let mut e = hired();
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.mint_into(&mint, &account, u64::MAX - CLIENT_ATOMS);
    e
}

/// An order for all atoms of a mint.
fn dear(terms: JobTerms) -> JobTerms {
    JobTerms {
        price_atoms: u64::MAX,
        ..terms
    }
}

#[test]
fn a_price_of_one_atom_is_a_fee_and_of_all_atoms_is_divided_exactly() {
    for price_atoms in [1, u64::MAX] {
        let mut e = rich();
        let order = e.post_with(&JobTerms { price_atoms, ..terms() });
        e.drive(&order, state_code::FINAL);
        assert_eq!(default_payout(&e), parts(price_atoms));
        e.run(e.close(&order), &[]);
        assert_eq!(e.world.tokens(&e.client_token), u64::MAX - price_atoms);
    }
    assert_eq!(parts(1), (0, 1));
}

#[test]
fn milestones_auctions_and_shares_of_all_atoms_are_divided_exactly() {
    let mut e = rich();
    let order = e.post_with(&dear(milestone_terms()));
    e.drive(&order, state_code::RUNNING);
    let mut paid = 0u128;
    for (index, bps) in [(0, 2_000u128), (1, 3_000), (2, 5_000)] {
        e.run(e.accept_milestone(&order, index), &["client"]);
        paid += bps;
        let total = u64::try_from(u128::from(u64::MAX) * paid / 10_000).unwrap();
        assert_eq!(default_payout(&e), parts(total));
    }

    let mut e = rich();
    let order = e.post_with(&dear(auction_terms()));
    let bids = [("anna", u64::MAX), ("ben", u64::MAX - 1), ("cleo", 1)];
    for (name, price) in bids {
        e.run(e.place_bid(name, &order, price), &[name, "payer"]);
    }
    e.world.warp_seconds(600);
    e.reveal_bids(&order, &bids);
    e.world.warp_seconds(300);
    e.run(e.award_to(&order, None, Some("cleo")), &["cranker"]);
    e.world.warp_seconds(120);
    e.run(e.award_to(&order, Some("cleo"), Some("ben")), &["cranker"]);
    e.run(e.take_up("ben", &order), &["ben"]);
    work(&mut e, "ben", &order);
    assert_eq!(payout(&e, "ben"), parts(u64::MAX - 1));
    e.run(e.close_with_surplus(&order, e.client_token), &[]);
    assert_eq!(e.world.tokens(&e.client_token), 1);

    for price_atoms in [3, u64::MAX] {
        let mut e = rich();
        let order = e.post_with(&JobTerms {
            price_atoms,
            ..redundant_terms()
        });
        for name in TEAM {
            e.run(e.join(name, &order), &[name, "payer"]);
        }
        for name in TEAM {
            e.run(e.commit_part(name, &order, &RESULT), &[name]);
        }
        for name in TEAM {
            e.run(e.reveal_part(name, &order, &RESULT), &[name]);
        }
        e.run(e.compare(&order, &TEAM), &["cranker"]);
        e.world.warp_seconds(3_600);
        for name in TEAM {
            e.run(e.settle_part(name, &order), &["cranker"]);
            assert_eq!(payout(&e, name), parts(price_atoms / 3));
        }
        assert_eq!(e.world.tokens(&order.vault), 0);
        e.run(e.close(&order), &[]);
    }
}

#[test]
fn a_lease_of_all_atoms_counts_every_one_of_them() {
    // ⌊(2^64 − 1) / 3,600⌋ atoms a second for an hour; the rest of the division pays no second
    let mut e = rich();
    let rate = u64::MAX / 3_600;
    let rent = e.rent_with(&LeaseTerms {
        rate_per_second_atoms: rate,
        deposit_atoms: u64::MAX,
        ..lease_terms(&e.world)
    });
    e.run(e.accept(&rent), &["session"]);
    e.world.warp_seconds(1);
    let words = e.words(&rent, u64::MAX, 1);
    e.redeems(&rent, &words);
    assert_eq!(default_payout(&e), parts(rate));
    e.world.warp_seconds(3_598);
    e.redeems(&rent, &words);
    assert_eq!(default_payout(&e), parts(3_599 * rate));
    e.world.warp_seconds(1_000_000);
    let words = e.words(&rent, u64::MAX, 2);
    e.redeems(&rent, &words);
    assert_eq!(default_payout(&e), parts(3_600 * rate));
    e.run(e.close_by_provider(&rent), &["session"]);
    assert_eq!(e.world.tokens(&e.client_token), u64::MAX % 3_600);

    // one atom a second, the least deposit: an interval's worth
    let mut e = Escrow::ready(0);
    let rent = e.rent_with(&LeaseTerms {
        rate_per_second_atoms: 1,
        deposit_atoms: 60,
        ..lease_terms(&e.world)
    });
    e.run(e.accept(&rent), &["session"]);
    for second in 1..=60 {
        e.world.warp(1, 3);
        let words = e.words(&rent, second, second);
        e.redeems(&rent, &words);
        assert_eq!(default_payout(&e), parts(second));
    }
    // ⌊60 · 0.98⌋ = 58
    assert_eq!(default_payout(&e), (58, 2));
}

#[test]
fn a_payout_that_has_counted_all_it_can_is_opened_anew() {
    let mut e = rich();
    let order = e.post_with(&dear(terms()));
    e.drive(&order, state_code::FINAL);
    e.run(e.close(&order), &[]);
    let (mine, treasury, client) = (e.tokens_of("provider"), e.tokens_of("treasury"), e.client_token);
    e.run(e.withdraw_payout(mine), &["provider"]);
    e.run(e.sweep(treasury), &[]);
    // all atoms come back to the client and are spent a second time: no counter holds both
    let (mint, owner) = (e.mint.clone(), e.world.keypair("provider"));
    e.world.transfer(&mint, &mine, &client, &owner, parts(u64::MAX).0);
    let owner = e.world.keypair("treasury");
    e.world.transfer(&mint, &treasury, &client, &owner, parts(u64::MAX).1);
    let order = e.post_with(&dear(terms()));
    e.drive(&order, state_code::CHALLENGEABLE);
    e.world.warp_seconds(3_600);
    e.fails(e.settle(&order), &[], EscrowError::MathOverflow);
    e.run(e.close_payout(mine), &["provider"]);
    e.run(e.open_payout(), &["payer"]);
    e.run(e.settle(&order), &[]);
    assert_eq!(default_payout(&e), parts(u64::MAX));
}

#[test]
fn a_bond_that_just_covers_a_fault_burns_nothing_and_one_that_nobody_has_takes_nobody() {
    // compensation and bounty make the bond
    let mut e = hired();
    let least = JobTerms {
        bond_lamports: MIN_BOND,
        compensation_lamports: MIN_BOND - BOUNTY,
        ..terms()
    };
    let order = e.post_with(&least);
    e.drive(&order, state_code::RUNNING);
    let (client, cranker) = (e.world.lamports(&e.key("client")), e.world.lamports(&e.key("cranker")));
    e.world.warp_seconds(300);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.lamports(&e.key("client")) - client, MIN_BOND - BOUNTY);
    assert_eq!(e.world.lamports(&e.key("cranker")) - cranker, BOUNTY);
    assert_eq!(e.slot_state().burnt_lamports.get(), 0);

    // the sum of the two must not wrap, and no slot has as much as the largest bond
    let wraps = JobTerms {
        bond_lamports: u64::MAX,
        compensation_lamports: u64::MAX,
        ..terms()
    };
    let post = e.post_job(9, &wraps);
    e.fails(post, &["client", "payer"], EscrowError::MathOverflow);
    let most = JobTerms {
        compensation_lamports: u64::MAX - BOUNTY,
        ..wraps
    };
    for (kind, redundancy_k, redundancy_n) in [(0, 0, 0), (1, 0, 0), (2, 2, 3)] {
        let order = e.post_with(&JobTerms {
            kind,
            redundancy_k,
            redundancy_n,
            ..most
        });
        let take = match kind {
            0 => e.claim_by("anna", &order),
            1 => e.place_bid("anna", &order, 1),
            _ => e.join("anna", &order),
        };
        e.fails(take, &["anna", "payer"], EscrowError::BondNotCovered);
        e.run(e.cancel(&order), &["client"]);
    }
    let rent = e.rent_with(&LeaseTerms {
        bond_lamports: u64::MAX,
        compensation_lamports: u64::MAX,
        ..lease_terms(&e.world)
    });
    e.fails(e.accept_by("anna", &rent), &["anna"], EscrowError::BondNotCovered);
    e.run(e.close_by_client(&rent), &["client"]);
}

#[test]
fn bounties_and_fees_at_their_bounds_are_paid_to_the_lamport_and_the_atom() {
    for (bounty, fee_ppm, paid) in [(10_000, 0, PRICE), (10_000_000, 50_000, 950_002)] {
        let mut e = hired();
        let set = |crank_bounty_lamports, fee_ppm| ConfigParams {
            crank_bounty_lamports,
            fee_ppm,
            ..params(&e.world)
        };
        let (admin, config) = (e.key("admin"), e.config);
        let beyond = ix::update_config(
            config,
            admin,
            &set(if fee_ppm == 0 { 9_999 } else { 10_000_001 }, fee_ppm),
        );
        let update = ix::update_config(config, admin, &set(bounty, fee_ppm));
        e.fails(beyond, &["admin"], EscrowError::BountyOutOfBounds);
        e.run(update, &["admin"]);
        let terms = JobTerms {
            max_fee_ppm: fee_ppm,
            ..terms()
        };
        // from the reserve, from a bond, and none where nobody cranks
        let cranker = |e: &Escrow| e.world.lamports(&e.key("cranker"));
        let (before, payer) = (cranker(&e), e.world.lamports(&e.key("payer")));
        let order = e.post_with(&terms);
        e.world.warp_seconds(600);
        e.run(e.crank(&order), &["cranker"]);
        assert_eq!(cranker(&e), before + bounty);
        assert_eq!(e.world.lamports(&e.key("payer")), payer - bounty);
        let order = e.post_with(&JobTerms {
            compensation_lamports: 0,
            ..terms
        });
        e.drive(&order, state_code::RUNNING);
        e.world.warp_seconds(300);
        e.run(e.crank(&order), &["cranker"]);
        assert_eq!(cranker(&e), before + 2 * bounty);
        assert_eq!(e.slot_state().burnt_lamports.get(), BOND - bounty);
        let order = e.post_with(&terms);
        e.drive(&order, state_code::FINAL);
        e.run(e.close(&order), &["cranker"]);
        assert_eq!(default_payout(&e), (paid, PRICE - paid));
        assert_eq!(e.world.lamports(&e.key("payer")), payer - bounty);
        assert_eq!(cranker(&e), before + 2 * bounty);
    }
}
