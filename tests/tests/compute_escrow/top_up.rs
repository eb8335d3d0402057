use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, lease::ix as lease_ix, lease::*, *},
};

#[test]
fn anybody_puts_more_in() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    let (mint, stranger) = (e.mint.clone(), e.key("stranger"));
    let account = e.world.funded(&mint, &stranger, 10_000);
    let top_up = lease_ix::top_up(
        stranger,
        account,
        rent.lease,
        mint.address,
        mint.program,
        &rent.uid,
        9_999,
    );
    e.run(top_up, &["stranger"]);
    assert_eq!(e.world.tokens(&account), 1);
    assert_eq!(e.world.tokens(&rent.vault), LEASE_DEPOSIT + 9_999);
    let lease = e.lease(&rent);
    assert_eq!(lease.deposit_atoms.get(), LEASE_DEPOSIT + 9_999);
    assert_eq!((lease.state, lease.active_seconds.get()), (lease_code::ACTIVE, 0));
}

#[test]
fn dust_is_refused() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.fails(
        e.top_up(&rent, INTERVAL * RATE - 1),
        &["client"],
        EscrowError::LeaseUnderfunded,
    );
    e.fails(e.top_up(&rent, 0), &["client"], EscrowError::LeaseUnderfunded);
    e.run(e.top_up(&rent, INTERVAL * RATE), &["client"]);
}

#[test]
fn nothing_is_funded_beyond_a_year() {
    let mut e = Escrow::ready(0);
    let terms = LeaseTerms {
        rate_per_second_atoms: 1,
        deposit_atoms: 1_000,
        ..lease_terms(&e.world)
    };
    let rent = e.rent_with(&terms);
    e.run(e.accept(&rent), &["session"]);
    e.fails(e.top_up(&rent, 31_535_001), &["client"], EscrowError::LeaseOverfunded);
    // a second later there is room for one atom more
    e.world.warp_seconds(1);
    e.run(e.top_up(&rent, 31_535_001), &["client"]);
    e.fails(e.top_up(&rent, u64::MAX), &["client"], EscrowError::MathOverflow);
}

#[test]
fn a_top_up_of_an_empty_lease_pays_no_time_that_nobody_paid_for() {
    // overdrawn lease running free, turned round: the client owes nothing for the gap either
    for notice in [false, true] {
        let mut e = Escrow::ready(0);
        let terms = LeaseTerms {
            notice_seconds: 86_400,
            ..lease_terms(&e.world)
        };
        let rent = e.rent_with(&terms);
        e.run(e.accept(&rent), &["session"]);
        if notice {
            e.run(e.notice(&rent), &["session"]);
        }
        e.world.warp_seconds(FUNDED + 1_000);
        e.run(e.top_up(&rent, 2_000 * RATE), &["client"]);
        let lease = e.lease(&rent);
        assert_eq!((lease.state, lease.active_seconds.get()), (lease_code::PAUSED, 3_600));
        e.world.warp_seconds(100);
        let words = e.words(&rent, u64::MAX, 1);
        e.redeems(&rent, &words);
        assert_eq!(e.lease(&rent).paid_atoms.get(), 3_600 * RATE);
    }
}

#[test]
fn at_the_last_second_it_is_not_empty_yet() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(FUNDED - 1);
    e.run(e.top_up(&rent, 100 * RATE), &["client"]);
    assert_eq!(e.lease(&rent).state, lease_code::ACTIVE);
    e.world.warp_seconds(101);
    e.run(e.top_up(&rent, 100 * RATE), &["client"]);
    assert_eq!(e.lease(&rent).state, lease_code::PAUSED);
}

#[test]
fn dust_top_ups_postpone_no_close() {
    // whatever is put in, a pause ends when it would have ended
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::PAUSED);
    let entered = e.lease(&rent).entered_ts;
    for _ in 0..8 {
        e.world.warp_seconds(100);
        e.run(e.top_up(&rent, INTERVAL * RATE), &["client"]);
        assert_eq!(e.lease(&rent).entered_ts, entered);
    }
    e.world.warp_seconds(100);
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(e.lease(&rent).state, lease_code::SETTLING);
}

#[test]
fn a_top_up_front_run_stops_no_close() {
    // 1-wei top-up front-run: the client's close does not depend on what is in
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    let close = e.close_by_client(&rent);
    e.run(e.top_up(&rent, INTERVAL * RATE), &["client"]);
    e.run(close, &["client"]);
    assert_eq!(e.lease(&rent).state, lease_code::SETTLING);
}

#[test]
fn top_ups_in_every_slot_cost_the_provider_no_second() {
    // a settling of accounts at each top-up would round each down: ⌊1 · 4/5⌋ = 0 seconds a slot
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    for slot in 0..50 {
        e.world.warp(i64::from(slot % 5 != 0 && slot % 2 == 0), 1);
        e.run(e.top_up(&rent, INTERVAL * RATE), &["client"]);
    }
    let words = e.words(&rent, u64::MAX, 1);
    e.redeems(&rent, &words);
    // 20 of the 50 slots moved the clock: all of 20 seconds, which 50 slots confirm
    assert_eq!(e.lease(&rent).paid_atoms.get(), 20 * RATE);
}

#[test]
fn ended_and_unknown_leases_take_nothing() {
    for state in [lease_code::SETTLING, lease_code::REFUNDABLE] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        e.fails(e.top_up(&rent, 100 * RATE), &["client"], EscrowError::WrongLeaseState);
    }
    for state in [
        lease_code::OPEN,
        lease_code::JOINED,
        lease_code::RECLAIMING,
        lease_code::PAUSED,
    ] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        e.run(e.top_up(&rent, 100 * RATE), &["client"]);
        assert_eq!(e.lease(&rent).state, state);
        let wrong = Rent { uid: [3; 32], ..rent };
        e.fails(e.top_up(&wrong, 100 * RATE), &["client"], EscrowError::WrongUid);
    }
}

#[test]
fn it_goes_into_the_leases_own_vault_from_the_signers_account() {
    let mut e = Escrow::ready(0);
    let other = e.rent();
    let rent = e.lease_in(lease_code::ACTIVE);
    let top_up = e.top_up(&rent, 100 * RATE);
    e.fails(
        ix::with(top_up.clone(), 3, other.vault),
        &["client"],
        EscrowError::NotTheVault,
    );
    let second = e.world.mint("second", 6).address;
    e.fails_as(ix::with(top_up.clone(), 4, second), &["client"], builtin::ADDRESS);
    let token_2022 = commonweal_interface::ids::TOKEN_2022;
    e.fails(
        ix::with(top_up.clone(), 5, token_2022),
        &["client"],
        EscrowError::WrongTokenProgram,
    );
    let stranger = e.key("stranger");
    e.fails_as(
        ix::with(top_up.clone(), 0, stranger),
        &["stranger"],
        builtin::TOKEN_OWNER,
    );
    e.fails_as(ix::unsigned(top_up.clone(), 0), &[], builtin::MissingRequiredSignature);
    e.fails_as(
        ix::with(top_up, 1, rent.vault),
        &["client"],
        anchor_lang::ErrorCode::ConstraintDuplicateMutableAccount,
    );
}
