use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::OrderAdvanced,
};

const THIRD: [u8; 32] = [0xC3; 32];

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

fn cranker(e: &Escrow) -> u64 {
    e.world.lamports(&e.key("cranker"))
}

/// That it is refused before a moment, done at it for exactly one bounty of the reserve, and refused again.
#[track_caller]
fn once_on_time(
    e: &mut Escrow,
    order: &Order,
    names: &[&str],
    seconds: i64,
    slots: u64,
    state: u8,
    again: EscrowError,
) {
    let compare = e.compare(order, names);
    e.world.warp(seconds - 1, slots - 1);
    e.fails(compare.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(0, 1);
    e.fails(compare.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(1_000_000, 0);
    let (before, reserve) = (cranker(e), e.world.lamports(&order.job));
    let receipt = e.run(compare.clone(), &["cranker"]);
    assert_eq!(cranker(e), before + BOUNTY);
    assert_eq!(e.world.lamports(&order.job), reserve - BOUNTY);
    assert_eq!(e.job(order).state, state);
    let event = receipt.events::<OrderAdvanced>()[0];
    assert_eq!(
        (event.uid, event.state, event.bounty_lamports.get()),
        (order.uid, state, BOUNTY)
    );
    e.fails(compare, &["cranker"], again);
}

#[test]
fn k_equal_results_win() {
    for (results, winner) in [
        ([RESULT, RESULT, RESULT], RESULT),
        ([RESULT, RESULT, ODD_RESULT], RESULT),
        ([ODD_RESULT, RESULT, RESULT], RESULT),
        ([RESULT, ODD_RESULT, RESULT], RESULT),
    ] {
        let mut e = ready();
        let order = e.revealed_order(&results);
        // all have revealed: nobody waits for the end of the time
        let receipt = e.run(e.compare(&order, &["cleo", "anna", "ben"]), &["cranker"]);
        let job = e.job(&order);
        assert_eq!((job.state, job.result), (state_code::CHALLENGEABLE, winner));
        assert_eq!(job.entered_ts.get(), e.world.now());
        assert_eq!(receipt.events::<OrderAdvanced>()[0].result, winner);
    }
}

#[test]
fn without_k_equal_results_the_order_is_void() {
    let mut e = ready();
    let order = e.revealed_order(&[RESULT, ODD_RESULT, THIRD]);
    e.run(e.compare(&order, &TEAM), &["cranker"]);
    let job = e.job(&order);
    assert_eq!((job.state, job.result), (state_code::RESOLVING, [0; 32]));
}

#[test]
fn sock_puppets_do_not_outvote_by_showing_one_part_twice_or_hiding_others() {
    let mut e = ready();
    let order = e.revealed_order(&[RESULT, ODD_RESULT, THIRD]);
    for names in [
        &["anna", "anna", "ben"][..],
        &["anna", "ben", "ben"],
        &["anna", "ben"],
        &["anna"],
        &[],
        &["anna", "ben", "cleo", "cleo"],
    ] {
        e.fails(
            e.compare(&order, names),
            &["cranker"],
            EscrowError::ContributionsIncomplete,
        );
    }
}

#[test]
fn only_revealed_parts_of_this_very_order_count() {
    let mut e = ready();
    let other = e.revealed_order(&[RESULT; 3]);
    let order = e.committed_order(&[RESULT; 3]);
    for name in ["anna", "ben"] {
        e.run(e.reveal_part(name, &order, &RESULT), &[name]);
    }
    e.world.warp_seconds(300);
    e.fails(
        e.compare(&order, &["anna", "cleo"]),
        &["cranker"],
        EscrowError::ContributionMismatch,
    );
    let compare = e.compare(&order, &["anna", "ben"]);
    let elsewhere = e.part_of("ben", &other);
    e.fails(
        ix::with(compare.clone(), 3, elsewhere),
        &["cranker"],
        EscrowError::ContributionMismatch,
    );
    // an account of another program that says the same
    let mut account = e.world.raw(&e.part_of("ben", &order));
    account.owner = e.key("stranger");
    let look_alike = e.key("look-alike");
    e.world.set_raw(look_alike, account);
    e.fails_as(
        ix::with(compare.clone(), 3, look_alike),
        &["cranker"],
        builtin::IllegalOwner,
    );
    e.fails_as(
        ix::with(compare.clone(), 3, e.config),
        &["cranker"],
        builtin::InvalidAccountData,
    );
    e.fails_as(ix::unsigned(compare, 0), &[], builtin::MissingRequiredSignature);
}

#[test]
fn an_order_that_not_all_join_is_void_when_its_time_is_over() {
    let mut e = ready();
    let order = e.post_with(&redundant_terms());
    e.run(e.join("anna", &order), &["anna", "payer"]);
    // the posting is one slot before
    once_on_time(
        &mut e,
        &order,
        &[],
        600,
        749,
        state_code::RESOLVING,
        EscrowError::NothingToCrank,
    );
    assert_eq!(e.job(&order).result, [0; 32]);
}

#[test]
fn an_order_that_nobody_joins_is_refunded() {
    let mut e = ready();
    let order = e.post_with(&redundant_terms());
    once_on_time(
        &mut e,
        &order,
        &[],
        600,
        749,
        state_code::REFUNDABLE,
        EscrowError::NothingToCrank,
    );
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn fewer_than_k_commitments_make_an_order_void() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT]);
    once_on_time(
        &mut e,
        &order,
        &[],
        300,
        375,
        state_code::RESOLVING,
        EscrowError::NothingToCrank,
    );
    assert_eq!(e.job(&order).result, [0; 32]);
}

#[test]
fn k_commitments_begin_the_reveal_when_the_run_is_over() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT, RESULT]);
    once_on_time(
        &mut e,
        &order,
        &[],
        300,
        375,
        state_code::COMMITTED,
        EscrowError::TooEarly,
    );
    for name in ["anna", "ben"] {
        e.run(e.reveal_part(name, &order, &RESULT), &[name]);
    }
    e.run(e.compare(&order, &["anna", "ben"]), &["cranker"]);
    assert_eq!(e.job(&order).result, RESULT);
}

#[test]
fn those_that_do_not_reveal_hold_nobody_up() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT; 3]);
    for name in ["anna", "ben"] {
        e.run(e.reveal_part(name, &order, &RESULT), &[name]);
    }
    once_on_time(
        &mut e,
        &order,
        &["anna", "ben"],
        300,
        375,
        state_code::CHALLENGEABLE,
        EscrowError::NothingToCrank,
    );
    assert_eq!(e.job(&order).result, RESULT);
}

#[test]
fn when_nobody_reveals_the_order_is_void() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT; 3]);
    once_on_time(
        &mut e,
        &order,
        &[],
        300,
        375,
        state_code::RESOLVING,
        EscrowError::NothingToCrank,
    );
}

#[test]
fn only_redundant_orders_are_compared_and_not_by_the_crank_of_batch_jobs() {
    let mut e = ready();
    let batch = e.post();
    e.world.warp_seconds(600);
    e.fails(e.compare(&batch, &[]), &["cranker"], EscrowError::WrongKind);
    let order = e.committed_order(&[RESULT]);
    e.world.warp_seconds(300);
    e.fails(e.crank(&order), &["cranker"], EscrowError::WrongKind);
}

#[test]
fn seven_workers_fit_one_comparison() {
    let names = ["anna", "ben", "cleo", "dora", "emil", "fay", "gus"];
    let mut e = Escrow::ready(0);
    e.hire(&names);
    let order = e.post_with(&JobTerms {
        redundancy_k: 4,
        redundancy_n: 7,
        ..redundant_terms()
    });
    for name in names {
        e.run(e.join(name, &order), &[name, "payer"]);
    }
    let result_of = |at: usize| if at < 4 { RESULT } else { ODD_RESULT };
    for (at, name) in names.iter().enumerate() {
        e.run(e.commit_part(name, &order, &result_of(at)), &[name]);
    }
    for (at, name) in names.iter().enumerate() {
        e.run(e.reveal_part(name, &order, &result_of(at)), &[name]);
    }
    let units = e.run(e.compare(&order, &names), &["cranker"]).compute_units;
    assert_eq!(e.job(&order).result, RESULT);
    assert!(units < 30_000, "{units}");
}
