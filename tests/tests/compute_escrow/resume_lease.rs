use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, lease::*, *},
};

#[test]
fn a_funded_lease_goes_on_and_the_pause_costs_nothing() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::PAUSED);
    assert_eq!(e.lease(&rent).active_seconds.get(), 3_600);
    e.world.warp_seconds(500);
    e.run(e.top_up(&rent, 100 * RATE), &["client"]);
    e.run(e.resume(&rent), &["session"]);
    assert_eq!(e.lease(&rent).state, lease_code::ACTIVE);
    e.world.warp_seconds(40);
    let words = e.words(&rent, u64::MAX, 1);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 3_640 * RATE);
}

#[test]
fn an_empty_lease_is_not_resumed() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::PAUSED);
    e.fails(e.resume(&rent), &["session"], EscrowError::LeaseUnderfunded);
}

#[test]
fn a_pause_that_is_over_is_not_resumed() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::PAUSED);
    e.run(e.top_up(&rent, 100 * RATE), &["client"]);
    e.world.warp(PAUSE, 1_125 - 1);
    let mut early = Escrow::ready(1);
    let other = early.lease_in(lease_code::PAUSED);
    early.run(early.top_up(&other, 100 * RATE), &["client"]);
    early.world.warp(PAUSE, 1_125 - 1);
    early.run(early.resume(&other), &["session"]);
    e.world.warp(0, 1);
    e.fails(e.resume(&rent), &["session"], EscrowError::DeadlinePassed);
}

#[test]
fn only_the_slots_provider_resumes_and_only_a_pause() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::PAUSED);
    e.run(e.top_up(&rent, 100 * RATE), &["client"]);
    let resume = e.resume(&rent);
    let client = e.key("client");
    e.fails(
        ix::with(resume.clone(), 0, client),
        &["client"],
        EscrowError::NotTheProvider,
    );
    e.fails_as(ix::unsigned(resume.clone(), 0), &[], builtin::MissingRequiredSignature);
    let second = e.second_slot();
    e.fails(
        ix::with(resume.clone(), 2, second),
        &["session"],
        EscrowError::NotTheAssignedSlot,
    );
    e.run(resume.clone(), &["session"]);
    e.fails(resume, &["session"], EscrowError::WrongLeaseState);
}
