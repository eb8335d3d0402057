//! E5 to E7: vouchers, rounding, fees.

use {
    super::*,
    crate::exits::work,
    commonweal_tests::fixtures::escrow::{
        ix,
        lease::{lease_code, *},
    },
};

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
