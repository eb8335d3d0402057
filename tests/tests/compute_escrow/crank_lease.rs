use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        ix,
        lease::ix::Leave,
        lease::{lease_code::*, *},
        *,
    },
    solana_address::Address,
};

fn lamports(e: &Escrow, name: &str) -> u64 {
    e.world.lamports(&e.key(name))
}

/// Early by slots, early by the clock, on time with exactly this bounty; then the same crank again.
#[track_caller]
fn deadline(state: u8, seconds: i64, next: Option<u8>, bounty: u64) {
    let slots = (seconds.unsigned_abs() * 5).div_ceil(4);
    // a posting is one slot before
    let slots = if state == OPEN || state == JOINED {
        slots - 1
    } else {
        slots
    };
    let slots = if state == JOINED { slots - 1 } else { slots };
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(state);
    e.fails(e.crank_lease(&rent), &["cranker"], EscrowError::TooEarly);
    e.world.warp(seconds - 1, 1_000_000);
    e.fails(e.crank_lease(&rent), &["cranker"], EscrowError::TooEarly);

    // the cluster halts: the clock is far ahead, the slots are not
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(state);
    e.world.warp(seconds + 1_000_000, slots - 1);
    e.fails(e.crank_lease(&rent), &["cranker"], EscrowError::TooEarly);

    let mut e = Escrow::ready(0);
    let rent = e.lease_in(state);
    e.world.warp(seconds, slots);
    let (cranker, payer) = (lamports(&e, "cranker"), lamports(&e, "payer"));
    let held = e.world.lamports(&rent.lease) + e.world.lamports(&rent.vault);
    let crank = e.crank_lease(&rent);
    e.run(crank.clone(), &["cranker"]);
    assert_eq!(lamports(&e, "cranker"), cranker + bounty);
    match next {
        Some(next) => {
            assert_eq!(e.lease(&rent).state, next);
            assert_eq!(lamports(&e, "payer"), payer);
            e.fails(crank, &["cranker"], EscrowError::TooEarly);
        }
        None => {
            assert!(!e.world.exists(&rent.lease) && !e.world.exists(&rent.vault));
            assert_eq!(lamports(&e, "payer"), payer + held - bounty);
            assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
            e.fails_as(crank, &["cranker"], builtin::AccountDataTooSmall);
        }
    }
}

#[test]
fn nobody_accepted() {
    deadline(OPEN, OPEN_SECONDS, None, BOUNTY);
}

#[test]
fn the_gathering_failed() {
    deadline(JOINED, i64::from(GATHER), None, BOUNTY);
}

#[test]
fn the_funds_ended() {
    deadline(ACTIVE, FUNDED, Some(PAUSED), BOUNTY);
}

#[test]
fn the_pause_is_too_long() {
    // the pause has taken the first bounty; the second waits for the refund
    deadline(PAUSED, PAUSE, Some(SETTLING), 0);
}

#[test]
fn the_notice_is_over() {
    deadline(RECLAIMING, NOTICE, Some(SETTLING), BOUNTY);
}

#[test]
fn the_settling_is_over() {
    deadline(SETTLING, SETTLE, None, BOUNTY);
}

#[test]
fn the_last_bounty_waits_for_the_refund() {
    let mut e = Escrow::ready(0);
    let payer = lamports(&e, "payer");
    let rent = e.lease_in(ACTIVE);
    e.world.warp_seconds(FUNDED);
    let cranker = lamports(&e, "cranker");
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(lamports(&e, "cranker"), cranker + BOUNTY);
    for _ in 0..3 {
        e.run(e.top_up(&rent, 100 * RATE), &["client"]);
        e.run(e.resume(&rent), &["session"]);
        e.world.warp_seconds(100);
        e.run(e.crank_lease(&rent), &["cranker"]);
        assert_eq!(e.lease(&rent).state, PAUSED);
        assert_eq!(lamports(&e, "cranker"), cranker + BOUNTY);
    }
    e.world.warp_seconds(PAUSE);
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(lamports(&e, "cranker"), cranker + BOUNTY);
    e.world.warp_seconds(SETTLE);
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(lamports(&e, "cranker"), cranker + 2 * BOUNTY);
    assert_eq!(lamports(&e, "payer"), payer - 2 * BOUNTY);
}

#[test]
fn a_slot_is_free_from_the_settling_on() {
    for state in [PAUSED, RECLAIMING] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        e.world.warp_seconds(PAUSE);
        e.run(e.crank_lease(&rent), &["cranker"]);
        let slot = e.slot_state();
        assert_eq!(
            (slot.current_job, slot.locked_lamports.get()),
            (Address::default(), BOND)
        );
    }
}

#[test]
fn the_rest_returns_and_everybody_has_his_part() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(SETTLING);
    let words = e.words(&rent, 100 * RATE, 1);
    e.redeems(&rent, &words);
    e.world.warp_seconds(SETTLE);
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - 3_700);
    assert_eq!(e.world.tokens(&e.payout_state().vault), 3_700);
    let slot = e.slot_state();
    assert_eq!(
        (
            slot.jobs_completed.get(),
            slot.jobs_failed.get(),
            slot.locked_jobs.get()
        ),
        (1, 0, 0)
    );
    assert_eq!(slot.bond_lamports.get(), DEPOSIT);
}

#[test]
fn an_outage_closes_no_lease() {
    // the clock jumps a year, the cluster has produced some slots: nothing has ended, nothing is owed
    for state in [OPEN, ACTIVE, PAUSED, RECLAIMING, SETTLING] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        e.world.warp(31_536_000, 50);
        e.fails(e.crank_lease(&rent), &["cranker"], EscrowError::TooEarly);
    }
}

#[test]
fn a_clock_that_steps_back_ends_nothing_early() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(ACTIVE);
    e.world.warp_seconds(100);
    e.world.warp(-500, 10);
    e.run(e.close_by_client(&rent), &["client"]);
    let lease = e.lease(&rent);
    assert_eq!(lease.active_seconds.get(), 0);
    e.world.warp(SETTLE, 10_000);
    e.fails(e.crank_lease(&rent), &["cranker"], EscrowError::TooEarly);
    e.world.warp(400, 0);
    e.run(e.crank_lease(&rent), &["cranker"]);
}

#[test]
fn a_gang_that_failed_frees_its_slots_at_no_cost() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(JOINED);
    let gang = rent.gang.unwrap();
    e.world.warp_seconds(i64::from(GATHER));
    e.run(e.crank_lease(&rent), &["cranker"]);
    let slot = e.slot_state();
    assert_eq!((slot.current_job, slot.locked_lamports.get()), (Address::default(), 0));
    assert_eq!((slot.bond_lamports.get(), slot.jobs_failed.get()), (DEPOSIT, 0));
    assert_eq!(e.gang(&gang).leases, 0);
    let payer = lamports(&e, "payer");
    e.run(e.close_gang("cranker", gang), &["cranker"]);
    assert_eq!(lamports(&e, "payer"), payer + e.world.rent(120));
}

#[test]
fn a_complete_gang_frees_nobody() {
    let mut e = Escrow::ready(0);
    let rents = e.complete_gang();
    e.world.warp_seconds(i64::from(GATHER) + 1_000);
    e.fails(e.crank_lease(&rents[0]), &["cranker"], EscrowError::TooEarly);
    // they start and end like others
    e.run(e.start_lease(&rents[0]), &["cranker"]);
    e.run(e.close_by_client(&rents[0]), &["client"]);
    e.world.warp_seconds(SETTLE);
    let without = Leave {
        gang: None,
        ..e.leave("cranker", &rents[0])
    };
    e.fails(without.crank(), &["cranker"], EscrowError::GangRequired);
    e.run(e.crank_lease(&rents[0]), &["cranker"]);
    assert_eq!(e.gang(&rents[0].gang.unwrap()).leases, 1);
}

#[test]
fn another_gang_moves_nothing() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(JOINED);
    e.world.warp_seconds(i64::from(GATHER));
    let other = e.open_gang(2);
    let wrong = Leave {
        gang: Some(other),
        ..e.leave("cranker", &rent)
    };
    e.fails(wrong.crank(), &["cranker"], EscrowError::GangRequired);
    let without = Leave {
        gang: None,
        ..e.leave("cranker", &rent)
    };
    e.fails(without.crank(), &["cranker"], EscrowError::GangRequired);
    // nor is one of the client's failed gangs taken for a lease that has none
    let alone = e.rent();
    e.world.warp_seconds(OPEN_SECONDS);
    let odd = Leave {
        gang: rent.gang,
        ..e.leave("cranker", &alone)
    };
    e.run(odd.crank(), &["cranker"]);
    assert_eq!(e.gang(&rent.gang.unwrap()).leases, 1);
}

#[test]
fn a_frozen_client_delays_its_own_money_only() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(SETTLING);
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &account);
    e.world.warp_seconds(SETTLE);
    let cranker = lamports(&e, "cranker");
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(e.lease(&rent).state, REFUNDABLE);
    assert_eq!(lamports(&e, "cranker"), cranker + BOUNTY);
    assert_eq!(e.slot_state().locked_lamports.get(), 0);
    e.fails(e.crank_lease(&rent), &["cranker"], EscrowError::ClientAccountFrozen);
    e.world.thaw(&mint, &account);
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(lamports(&e, "cranker"), cranker + BOUNTY, "no second bounty");
    assert_eq!(e.world.tokens(&account), CLIENT_ATOMS);
}

#[test]
fn a_frozen_vault_holds_no_slot() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(SETTLING);
    let mint = e.mint.clone();
    e.world.freeze(&mint, &rent.vault);
    e.world.warp_seconds(SETTLE);
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(e.lease(&rent).state, REFUNDABLE);
    assert_eq!(e.slot_state().locked_lamports.get(), 0);
    e.fails_as(e.close_by_client(&rent), &["client"], builtin::TOKEN_FROZEN);
    e.world.thaw(&mint, &rent.vault);
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn a_gangs_lease_that_waits_for_its_refund_holds_no_gang() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(JOINED);
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &account);
    e.world.warp_seconds(i64::from(GATHER));
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(e.lease(&rent).state, REFUNDABLE);
    e.run(e.close_gang("cranker", rent.gang.unwrap()), &["cranker"]);
    e.world.thaw(&mint, &account);
    let alone = Rent { gang: None, ..rent };
    e.run(e.crank_lease(&alone), &["cranker"]);
    assert_eq!(e.world.tokens(&account), CLIENT_ATOMS);
}

#[test]
fn refunds_and_lamports_go_to_those_the_lease_names() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let other = e.rent();
    let rent = e.lease_in(SETTLING);
    e.world.warp_seconds(SETTLE);
    let strangers = e.tokens_of("stranger");
    let stranger = e.key("stranger");
    let crank = e.crank_lease(&rent);
    let by = &["cranker"];
    e.fails(ix::with(crank.clone(), 2, other.vault), by, EscrowError::NotTheVault);
    e.fails_as(ix::with(crank.clone(), 3, stranger), by, builtin::ADDRESS);
    e.fails_as(ix::with(crank.clone(), 4, stranger), by, builtin::ADDRESS);
    e.fails(
        ix::with(crank.clone(), 5, strangers),
        by,
        EscrowError::NotTheClientsAccount,
    );
    e.fails(ix::with(crank.clone(), 7, rivals), by, EscrowError::NotTheAssignedSlot);
    let without = Leave {
        slot: None,
        ..e.leave("cranker", &rent)
    };
    e.fails(without.crank(), by, EscrowError::SlotRequired);
    e.fails_as(ix::with(crank.clone(), 9, strangers), by, builtin::ADDRESS);
    let token_2022 = commonweal_interface::ids::TOKEN_2022;
    e.fails(
        ix::with(crank.clone(), 10, token_2022),
        by,
        EscrowError::WrongTokenProgram,
    );
    e.fails_as(ix::unsigned(crank, 0), &[], builtin::MissingRequiredSignature);
}

#[test]
fn a_rehearsal_settles_in_two_seconds() {
    let mut e = Escrow::rehearsal(0);
    let rent = e.lease_in(SETTLING);
    e.world.warp(2, 2);
    e.fails(e.crank_lease(&rent), &["cranker"], EscrowError::TooEarly);
    e.world.warp(0, 1);
    e.run(e.crank_lease(&rent), &["cranker"]);
}

#[test]
fn a_lease_forgotten_by_all_ends_by_cranks_alone() {
    // no state without a timed exit: whoever has left, the money comes back
    for state in [OPEN, JOINED, ACTIVE, PAUSED, RECLAIMING, SETTLING] {
        let mut e = Escrow::ready(0);
        let payer = lamports(&e, "payer");
        let rent = e.lease_in(state);
        let mut cranks = 0;
        while e.world.exists(&rent.lease) {
            e.world.warp_seconds(3_600);
            e.run(e.crank_lease(&rent), &["cranker"]);
            cranks += 1;
        }
        assert!(cranks <= 3, "{cranks} cranks from {state}");
        assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
        let slot = e.slot_state();
        assert_eq!((slot.locked_lamports.get(), slot.current_job), (0, Address::default()));
        if let Some(gang) = rent.gang {
            e.run(e.close_gang("cranker", gang), &["cranker"]);
        }
        assert!(lamports(&e, "payer") >= payer - 2 * BOUNTY);
    }
}
