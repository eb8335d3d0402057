//! `open_gang`, `close_gang`
use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{
        ix,
        lease::ix as lease_ix,
        lease::{lease_code::*, *},
        *,
    },
};

#[test]
fn a_gang_gathers_from_its_opening() {
    let mut e = Escrow::ready(0);
    let (ts, slot) = (e.world.now(), e.world.clock().slot);
    let address = e.open_gang(16);
    let gang = e.gang(&address);
    assert_eq!((gang.size, gang.leases, gang.joined, gang.is_active), (16, 0, 0, 0));
    assert_eq!((gang.client, gang.rent_payer), (e.key("client"), e.key("payer")));
    assert_eq!((gang.entered_ts.get(), gang.entered_slot.get()), (ts, slot));
    assert_eq!(gang.gather_seconds.get(), GATHER);
}

#[test]
fn sizes_and_times_have_bounds() {
    let mut e = Escrow::ready(0);
    let (client, payer, config) = (e.key("client"), e.key("payer"), e.config);
    let by = &["client", "payer"];
    for (size, seconds) in [(0, GATHER), (1, GATHER), (17, GATHER), (2, 59), (2, 86_401)] {
        let open = lease_ix::open_gang(client, payer, config, 1, size, seconds);
        e.fails(open, by, EscrowError::LeaseOutOfBounds);
    }
    e.run(lease_ix::open_gang(client, payer, config, 1, 2, 60), by);
    e.run(lease_ix::open_gang(client, payer, config, 2, 16, 86_400), by);
    let again = lease_ix::open_gang(client, payer, config, 1, 2, 60);
    e.fails_as(again, by, builtin::SYSTEM_IN_USE);
    let mut e = Escrow::rehearsal(0);
    e.run(lease_ix::open_gang(client, payer, e.config, 1, 2, 2), by);
    let short = lease_ix::open_gang(client, payer, e.config, 2, 2, 1);
    e.fails(short, by, EscrowError::LeaseOutOfBounds);
}

#[test]
fn only_the_client_opens_its_gangs() {
    let mut e = Escrow::ready(0);
    let (client, payer, config) = (e.key("client"), e.key("payer"), e.config);
    let open = lease_ix::open_gang(client, payer, config, 1, 2, GATHER);
    e.fails_as(
        ix::unsigned(open.clone(), 0),
        &["payer"],
        builtin::MissingRequiredSignature,
    );
    e.fails_as(
        ix::unsigned(open.clone(), 1),
        &["client"],
        builtin::MissingRequiredSignature,
    );
    let stranger = e.key("stranger");
    e.fails_as(
        ix::with(open, 0, stranger),
        &["stranger", "payer"],
        anchor_lang::ErrorCode::ConstraintSeeds,
    );
}

#[test]
fn the_client_closes_an_empty_gang_at_any_time_strangers_after_the_gathering() {
    let mut e = Escrow::ready(0);
    let payer = e.world.lamports(&e.key("payer"));
    let gang = e.open_gang(2);
    e.fails(e.close_gang("stranger", gang), &["stranger"], EscrowError::GangInUse);
    e.run(e.close_gang("client", gang), &["client"]);
    assert_eq!(e.world.lamports(&e.key("payer")), payer);
    let gang = e.open_gang(2);
    e.world.warp(i64::from(GATHER), 375 - 2);
    e.fails(e.close_gang("stranger", gang), &["stranger"], EscrowError::GangInUse);
    e.world.warp(0, 1);
    let close = e.close_gang("stranger", gang);
    let stranger = e.key("stranger");
    e.fails_as(ix::with(close.clone(), 2, stranger), &["stranger"], builtin::ADDRESS);
    e.fails_as(ix::unsigned(close.clone(), 0), &[], builtin::MissingRequiredSignature);
    e.run(close, &["stranger"]);
    assert_eq!(e.world.lamports(&e.key("payer")), payer);
}

#[test]
fn a_gang_with_leases_stays() {
    let mut e = Escrow::ready(0);
    let rents = e.complete_gang();
    let gang = rents[0].gang.unwrap();
    e.fails(e.close_gang("client", gang), &["client"], EscrowError::GangInUse);
    for rent in &rents {
        e.run(e.start_lease(rent), &["cranker"]);
        e.run(e.close_by_client(rent), &["client"]);
    }
    e.world.warp_seconds(SETTLE);
    e.run(e.crank_lease(&rents[0]), &["cranker"]);
    e.fails(e.close_gang("client", gang), &["client"], EscrowError::GangInUse);
    e.run(e.crank_lease(&rents[1]), &["cranker"]);
    // complete and all ended: anybody
    e.run(e.close_gang("stranger", gang), &["stranger"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn a_gang_of_sixteen_begins_together() {
    let mut e = Escrow::ready(0);
    let gang = e.open_gang(16);
    let terms = LeaseTerms {
        deposit_atoms: 60 * RATE,
        ..lease_terms(&e.world)
    };
    let names: Vec<String> = (0..15).map(|n| format!("rival {n}")).collect();
    for name in &names {
        e.rival(name);
    }
    let rents: Vec<Rent> = (0..16).map(|_| e.rent_in(&terms, Some(gang))).collect();
    for (name, rent) in names.iter().zip(&rents) {
        e.run(e.accept_by(name, rent), &[name]);
        e.fails(e.start_lease(rent), &["cranker"], EscrowError::GangIncomplete);
    }
    e.run(e.accept(&rents[15]), &["session"]);
    for rent in &rents {
        e.run(e.start_lease(rent), &["cranker"]);
        assert_eq!(e.lease(rent).entered_ts, e.gang(&gang).entered_ts);
        assert_eq!(e.lease(rent).state, ACTIVE);
    }
}

#[test]
fn a_gang_opened_again_is_not_the_one_of_old_leases() {
    // it closes only when none is left, so no lease can outlive its gang but one that waits for its refund
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(JOINED);
    let gang = rent.gang.unwrap();
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &account);
    e.world.warp_seconds(i64::from(GATHER));
    e.run(e.crank_lease(&rent), &["cranker"]);
    let nonce = e.gang(&gang).nonce.get();
    e.run(e.close_gang("cranker", gang), &["cranker"]);
    let open = lease_ix::open_gang(e.key("client"), e.key("payer"), e.config, nonce, 2, GATHER);
    e.run(open, &["client", "payer"]);
    e.world.thaw(&mint, &account);
    let terms = lease_terms(&e.world);
    e.rent_in(&terms, Some(gang));
    e.run(e.crank_lease(&rent), &["cranker"]);
    assert_eq!(e.gang(&gang).leases, 1, "the new one's");
}
