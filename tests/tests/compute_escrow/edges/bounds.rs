//! Amounts at their bounds, and dust.

use {
    super::*,
    crate::exits::work,
    commonweal_tests::fixtures::escrow::{ix, lease::*},
};

/// ⌊price · 0.98⌋ and the rest, in wide integers.
fn parts(price: u64) -> (u64, u64) {
    let provider = u64::try_from(u128::from(price) * 98 / 100).unwrap();
    (provider, price - provider)
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
