use commonweal_tests::fixtures::escrow::{ix, lease::*, *};

#[test]
fn all_leases_of_a_gang_count_from_the_moment_the_last_one_joined() {
    let mut e = Escrow::ready(0);
    let rents = e.complete_gang();
    let gang = e.gang(&rents[0].gang.unwrap());
    // anybody starts them, at different times
    e.world.warp_seconds(50);
    e.run(e.start_lease(&rents[0]), &["cranker"]);
    e.world.warp_seconds(50);
    e.run(e.start_lease(&rents[1]), &["cranker"]);
    for rent in &rents {
        let lease = e.lease(rent);
        assert_eq!(lease.state, lease_code::ACTIVE);
        assert_eq!(lease.entered_ts, gang.entered_ts);
        assert_eq!(lease.entered_slot, gang.entered_slot);
    }
    // 100 seconds have passed since
    let words = e.words(&rents[0], 10_000, 1);
    e.redeems(&rents[0], &words);
    assert_eq!(e.lease(&rents[0]).paid_atoms.get(), 100 * RATE);
}

#[test]
fn a_gang_that_is_not_complete_starts_nothing() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::JOINED);
    e.fails(e.start_lease(&rent), &["cranker"], EscrowError::GangIncomplete);
    let without = Rent { gang: None, ..rent };
    e.fails(e.start_lease(&without), &["cranker"], EscrowError::GangRequired);
    // nor does it by somebody else's complete one
    let other = e.open_gang(2);
    let wrong = Rent {
        gang: Some(other),
        ..rent
    };
    e.fails(e.start_lease(&wrong), &["cranker"], EscrowError::GangRequired);
}

#[test]
fn a_lease_starts_once_and_with_its_own_slot() {
    let mut e = Escrow::ready(0);
    let rents = e.complete_gang();
    let start = e.start_lease(&rents[0]);
    let theirs = e.start_lease(&rents[1]);
    e.fails(
        ix::with(start.clone(), 1, theirs.accounts[1].pubkey),
        &["cranker"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails(
        ix::with(theirs, 3, rents[0].lease),
        &["cranker"],
        EscrowError::NotTheAssignedSlot,
    );
    e.run(start.clone(), &["cranker"]);
    e.fails(start, &["cranker"], EscrowError::WrongLeaseState);
    let alone = e.rent();
    let start = ix::with(e.start_lease(&rents[1]), 3, alone.lease);
    e.fails(start, &["cranker"], EscrowError::NotTheAssignedSlot);
}
