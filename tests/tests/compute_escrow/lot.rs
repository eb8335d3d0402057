//! The lot: who may claim when, and that it is fair.

use {
    commonweal_tests::fixtures::escrow::{ix, supply::*, *},
    commonweal_tests::world::Outcome,
    compute_escrow::{hash, math::lot as program},
    solana_address::Address,
    std::collections::BTreeMap,
};

#[test]
fn the_circle_doubles_every_sixteen_slots_until_the_lot_is_in_it() {
    for circle in [1, 2, 7, 15] {
        let mut e = Escrow::ready(0);
        let order = e.post_with(&spread_terms());
        e.draw(&order, hash_for(&e.slot, circle));
        e.to_slot_of(&order, u64::from(circle) * 16 - 1);
        e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
        e.world.warp(0, 1);
        e.run(e.claim_by_lot(&order), &["session"]);
    }
}

#[test]
fn the_first_circle_is_open_as_soon_as_there_is_a_hash() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&spread_terms());
    let (slot, opened) = (e.slot, e.job(&order).entered_slot.get());
    let lucky = hash_for(&slot, 0);
    // the hash of the opening's own slot was known to whoever posted or paid in a bond
    e.set_slot_hashes(&[(opened, lucky), (opened - 1, lucky)]);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.set_slot_hashes(&[(opened + 1, lucky), (opened, numbered_hash(1))]);
    e.run(e.claim_by_lot(&order), &["session"]);
}

#[test]
fn later_hashes_change_nothing() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&spread_terms());
    let opened = e.job(&order).entered_slot.get();
    let (lucky, unlucky) = (hash_for(&e.slot, 1), hash_for(&e.slot, 15));
    e.to_slot_of(&order, 32);
    e.set_slot_hashes(&[
        (opened + 31, lucky),
        (opened + 2, lucky),
        (opened + 1, unlucky),
        (opened, lucky),
    ]);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.set_slot_hashes(&[(opened + 31, unlucky), (opened + 1, lucky), (opened, unlucky)]);
    e.run(e.claim_by_lot(&order), &["session"]);
}

#[test]
fn after_sixteen_doublings_everybody_claims_with_or_without_the_hashes() {
    for with_hashes in [false, true] {
        let mut e = Escrow::ready(0);
        let order = e.post_with(&spread_terms());
        e.draw(&order, hash_for(&e.slot, 16));
        e.to_slot_of(&order, 255);
        e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
        e.fails(e.claim(&order), &["session"], EscrowError::SlotHashesRequired);
        e.world.warp(0, 1);
        let claim = if with_hashes {
            e.claim_by_lot(&order)
        } else {
            e.claim(&order)
        };
        e.run(claim, &["session"]);
    }
}

#[test]
fn a_spread_of_one_slot_is_over_in_sixteen() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&terms_for(Eligibility {
        spread_slots: 1,
        ..ANYBODY
    }));
    e.draw(&order, hash_for(&e.slot, 16));
    e.to_slot_of(&order, 15);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.world.warp(0, 1);
    e.run(e.claim(&order), &["session"]);
}

#[test]
fn only_the_sysvar_has_the_hashes() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&spread_terms());
    e.draw(&order, hash_for(&e.slot, 1));
    e.to_slot_of(&order, 16);
    // the same bytes, by the same owner, at another address; another sysvar; none
    let (account, at) = (e.world.raw(&SLOT_HASHES), e.key("look-alike"));
    e.world.set_raw(at, account);
    let clock = Address::from_str_const("SysvarC1ock11111111111111111111111111111111");
    for wrong in [at, clock, e.provider, ix::PROGRAM] {
        let claim = ix::with(e.claim_by_lot(&order), 4, wrong);
        e.fails(claim, &["session"], EscrowError::SlotHashesRequired);
    }
    e.run(e.claim_by_lot(&order), &["session"]);
}

#[test]
fn an_empty_sysvar_lets_nobody_in_early() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&spread_terms());
    e.to_slot_of(&order, 200);
    e.set_slot_hashes(&[]);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
}

#[test]
fn a_reopened_job_draws_anew() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&spread_terms());
    let (lucky, unlucky) = (hash_for(&e.slot, 1), hash_for(&e.slot, 9));
    e.draw(&order, lucky);
    e.to_slot_of(&order, 40);
    e.run(e.claim_by_lot(&order), &["session"]);
    e.run(e.decline(&order), &["session"]);
    let reopened = e.job(&order).entered_slot.get();
    assert_eq!(reopened, e.world.clock().slot);
    // its old luck is worth nothing: no hash is later than the new opening
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.draw(&order, unlucky);
    e.to_slot_of(&order, 9 * 16 - 1);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.world.warp(0, 1);
    e.run(e.claim_by_lot(&order), &["session"]);
    // the same after a no-show
    e.world.warp_seconds(120);
    e.run(e.crank(&order), &["cranker"]);
    e.draw(&order, unlucky);
    e.to_slot_of(&order, 9 * 16 - 1);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.world.warp(0, 1);
    e.run(e.claim_by_lot(&order), &["session"]);
}

#[test]
fn a_person_new_to_the_network_is_two_doublings_ahead() {
    let mut e = Escrow::ready(0);
    e.linked("ann");
    let until = e.provider_state().head_start_until_ts.get();
    let order = e.post_with(&spread_terms());
    e.draw(&order, hash_for(&e.slot, 5));
    e.to_slot_of(&order, 3 * 16 - 1);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.world.warp(0, 1);
    e.run(e.claim_by_lot(&order), &["session"]);
    e.run(e.decline(&order), &["session"]);
    // the last one is at fourteen doublings in, without a hash
    e.to_slot_of(&order, 14 * 16 - 1);
    e.fails(e.claim(&order), &["session"], EscrowError::SlotHashesRequired);
    e.world.warp(0, 1);
    e.run(e.claim(&order), &["session"]);
    e.run(e.decline(&order), &["session"]);
    e.run(e.cancel(&order), &["client"]);
    // the last second of the ninety days, and the next
    let seconds = until - 1 - e.world.now();
    e.world.warp_seconds(seconds);
    let order = e.post_with(&spread_terms());
    e.draw(&order, hash_for(&e.slot, 5));
    e.to_slot_of(&order, 3 * 16);
    e.run(e.claim_by_lot(&order), &["session"]);
    e.run(e.decline(&order), &["session"]);
    e.draw(&order, hash_for(&e.slot, 5));
    e.to_slot_of(&order, 3 * 16);
    e.world.warp(1, 0);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.to_slot_of(&order, 5 * 16);
    e.run(e.claim_by_lot(&order), &["session"]);
}

#[test]
fn nobody_is_ahead_by_a_person_of_another_config() {
    let mut e = Escrow::ready(0);
    let other = e.another_config(777, e.realm);
    let ann = e.person("ann");
    e.run(ix::with(e.link("ann", ann), 5, other), &["ann", "provider"]);
    let order = e.post_with(&spread_terms());
    e.draw(&order, hash_for(&e.slot, 5));
    e.to_slot_of(&order, 5 * 16 - 1);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.world.warp(0, 1);
    e.run(e.claim_by_lot(&order), &["session"]);
}

#[test]
fn a_bond_paid_in_after_the_opening_takes_no_part_in_the_lot() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&spread_terms());
    e.run(e.deposit_bond(1), &["provider"]);
    e.draw(&order, hash_for(&e.slot, 1));
    e.to_slot_of(&order, 256);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::BondTooRecent);
}

#[test]
fn a_halted_cluster_holds_the_circle_too() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&spread_terms());
    e.draw(&order, hash_for(&e.slot, 4));
    e.to_slot_of(&order, 63);
    // days of outage: the clock says late, the slots say nothing
    e.world.warp(500_000, 0);
    e.fails(e.claim_by_lot(&order), &["session"], EscrowError::NotEligibleYet);
    e.world.warp(-1_000_000, 1);
    e.run(e.claim_by_lot(&order), &["session"]);
}

/// Slots of a provider with one and of a provider with a hundred.
fn one_and_a_hundred() -> Vec<Address> {
    let provider = |number: u8| ix::provider(&Address::new_from_array([number; 32])).0;
    let (small, large) = (provider(1), provider(2));
    let mut slots = vec![ix::slot(&small, 0).0];
    slots.extend((0..100).map(|index| ix::slot(&large, index).0));
    slots
}

/// χ² of counts that should all be equal.
fn chi_square(counts: &[u64], trials: u64) -> f64 {
    let expected = trials as f64 / counts.len() as f64;
    counts
        .iter()
        .map(|count| (*count as f64 - expected).powi(2) / expected)
        .sum()
}

#[test]
fn every_slot_is_drawn_first_as_often_as_every_other_whoever_owns_it() {
    const ROUNDS: u64 = 10_100;
    let slots = one_and_a_hundred();
    let mut first = vec![0u64; slots.len()];
    for round in 0..ROUNDS {
        let seed = numbered_hash(round);
        let winner = (0..slots.len()).min_by_key(|at| hash::lot(&seed, &slots[*at])).unwrap();
        first[winner] += 1;
    }
    // 100 degrees of freedom: mean 100, σ = √200 ≈ 14.1; four σ
    let chi = chi_square(&first, ROUNDS);
    assert!(chi < 157.0, "χ² = {chi}");
    // 100 expected for the provider with one slot, σ ≈ 10; four σ
    assert!(
        (60..=140).contains(&first[0]),
        "the small one was first {} times",
        first[0]
    );
    assert!(
        first.iter().all(|count| (50..=150).contains(count)),
        "five σ: {first:?}"
    );
}

#[test]
fn the_circle_holds_the_share_of_slots_it_promises() {
    const ROUNDS: u64 = 2_000;
    let slots = one_and_a_hundred();
    let mut within = BTreeMap::<u32, Vec<u64>>::new();
    for round in 0..ROUNDS {
        let seed = numbered_hash(1_000_000 + round);
        for (at, slot) in slots.iter().enumerate() {
            let drawn = hash::lot(&seed, slot);
            assert_eq!(drawn, lot(&seed, slot), "the program's lot is the one computed here");
            let entered = circle_of(&seed, slot);
            for doublings in [0, 3, 10, 13, 15, 16] {
                let is_in = program::is_in_circle(drawn, u64::from(doublings));
                assert_eq!(is_in, entered <= doublings);
                within.entry(doublings).or_insert_with(|| vec![0; slots.len()])[at] += u64::from(is_in);
            }
        }
    }
    let all = ROUNDS * slots.len() as u64;
    for (doublings, counts) in within {
        let (sum, share) = (counts.iter().sum::<u64>(), 0.5f64.powi(16 - doublings as i32));
        let expected = all as f64 * share;
        let sigma = (expected * (1.0 - share)).sqrt();
        assert!(
            (sum as f64 - expected).abs() <= 4.0 * sigma,
            "{sum} of {expected} after {doublings} doublings"
        );
        // the one slot of the small provider, by itself
        let (own, sigma) = (counts[0] as f64, (ROUNDS as f64 * share * (1.0 - share)).sqrt());
        assert!(
            (own - ROUNDS as f64 * share).abs() <= 4.0 * sigma + 1.0,
            "{own} after {doublings} doublings"
        );
    }
}

#[test]
fn the_chain_lets_in_exactly_whom_the_lot_names() {
    let mut e = Escrow::ready(0);
    let names = ["r0", "r1", "r2", "r3", "r4", "r5"];
    let slots: Vec<Address> = names.iter().map(|name| e.rival(name)).collect();
    let mut let_in = 0;
    for round in 0..24u64 {
        let seed = numbered_hash(round);
        let order = e.post_with(&spread_terms());
        e.draw(&order, seed);
        let doublings = 13 + round % 3;
        e.to_slot_of(&order, doublings * 16);
        for (name, slot) in names.iter().zip(&slots) {
            let provider = ix::provider(&e.key(name)).0;
            let by = e.key(name);
            let claim = ix::claim_job_by_lot(by, provider, *slot, order.job, &order.uid, SLOT_HASHES);
            if u64::from(circle_of(&seed, slot)) > doublings {
                e.fails(claim, &[name], EscrowError::NotEligibleYet);
                continue;
            }
            // it would succeed: looked at, not done, so that the others are looked at in the same state
            let key = e.world.keypair(name);
            let mut all = vec![claim];
            all.push(ix::with(e.start(&order), 0, by));
            let outcome = e.world.send(&all, &[&key]);
            let Outcome::Failed { logs, .. } = outcome else {
                panic!("a start by another provider's slot succeeded");
            };
            let claimed = format!("Program {} success", ix::PROGRAM);
            assert!(logs.contains(&claimed), "the claim itself was refused: {logs:?}");
            let_in += 1;
        }
        e.run(e.cancel(&order), &["client"]);
    }
    assert!(let_in > 10, "{let_in}");
}
