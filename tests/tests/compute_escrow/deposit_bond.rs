use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn the_bond_grows_by_exactly_the_amount() {
    let mut e = Escrow::ready(0);
    let (mine, slots) = (e.world.lamports(&e.key("provider")), e.world.lamports(&e.slot));
    e.run(e.deposit_bond(7), &["provider"]);
    assert_eq!(e.world.lamports(&e.key("provider")), mine - 7);
    assert_eq!(e.world.lamports(&e.slot), slots + 7);
    let slot = e.slot_state();
    assert_eq!(slot.bond_lamports.get(), DEPOSIT + 7);
    assert_eq!(slot.bonded_slot.get(), e.world.clock().slot);
}

#[test]
fn a_stranger_cannot_bar_a_slot_from_open_jobs_with_one_lamport() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    let attack = ix::with(e.deposit_bond(1), 0, e.key("stranger"));
    e.fails_as(attack, &["stranger"], builtin::ADDRESS);
    // lamports sent past the program are nobody's bond and bar nothing
    e.world.airdrop(&e.slot.clone(), 1);
    e.run(e.claim(&order), &["session"]);
    assert_eq!(e.slot_state().bond_lamports.get(), DEPOSIT);
}

#[test]
fn nothing_is_no_deposit_and_another_slot_is_not_mine() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    e.fails(e.deposit_bond(0), &["provider"], EscrowError::ZeroAmount);
    e.fails(
        ix::with(e.deposit_bond(1), 2, rivals),
        &["provider"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails_as(
        ix::unsigned(e.deposit_bond(1), 0),
        &[],
        builtin::MissingRequiredSignature,
    );
}
