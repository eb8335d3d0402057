use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, lease::*, *},
};

#[test]
fn under_notice_the_lease_goes_on_and_is_paid() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    e.run(e.notice(&rent), &["session"]);
    let lease = e.lease(&rent);
    assert_eq!((lease.state, lease.active_seconds.get()), (lease_code::RECLAIMING, 100));
    e.world.warp_seconds(200);
    let words = e.words(&rent, u64::MAX, 1);
    e.redeems(&rent, &words);
    assert_eq!(e.lease(&rent).paid_atoms.get(), 300 * RATE);
}

#[test]
fn only_the_slots_provider_gives_notice_and_once() {
    let mut e = Escrow::ready(0);
    let rent = e.lease_in(lease_code::ACTIVE);
    let notice = e.notice(&rent);
    let client = e.key("client");
    e.fails(
        ix::with(notice.clone(), 0, client),
        &["client"],
        EscrowError::NotTheProvider,
    );
    e.fails_as(ix::unsigned(notice.clone(), 0), &[], builtin::MissingRequiredSignature);
    let second = e.second_slot();
    e.fails(
        ix::with(notice.clone(), 2, second),
        &["session"],
        EscrowError::NotTheAssignedSlot,
    );
    e.run(notice.clone(), &["session"]);
    e.fails(notice, &["session"], EscrowError::WrongLeaseState);
}

#[test]
fn a_notice_is_for_running_leases() {
    for state in [lease_code::JOINED, lease_code::PAUSED, lease_code::SETTLING] {
        let mut e = Escrow::ready(0);
        let rent = e.lease_in(state);
        e.fails(e.notice(&rent), &["session"], EscrowError::WrongLeaseState);
    }
}
