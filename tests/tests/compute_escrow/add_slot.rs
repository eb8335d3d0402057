use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn slots_are_numbered_and_begin_without_bond() {
    let mut e = Escrow::ready(5);
    let second = ix::slot(&e.provider, 1).0;
    e.run(
        ix::add_slot(e.key("provider"), 1, e.config, &offer(e.mint.address)),
        &["provider"],
    );
    e.slots.push(second);
    e.check();
    let slot: Slot = e.world.state(&second);
    assert_eq!(
        (slot.index.get(), slot.config_id.get(), slot.provider),
        (1, 5, e.provider)
    );
    assert_eq!((slot.bond_lamports.get(), slot.locked_lamports.get()), (0, 0));
    assert_eq!((slot.model_id.get(), slot.vram_mib.get()), (4_090, 24_576));
    assert_eq!(slot.rent_lamports.get(), e.world.rent(336));
    assert_eq!(
        (
            slot.ask_per_second_atoms.get(),
            slot.off_peak_ask_per_second_atoms.get()
        ),
        (40, 25)
    );
    assert_eq!((slot.off_peak_mask, slot.ask_mint), ([0xFF; 21], e.mint.address));
    let provider: Provider = e.world.state(&e.provider);
    assert_eq!(provider.slot_count.get(), 2);
}

#[test]
fn a_prefunded_slot_address_keeps_its_gift_apart_from_the_bond() {
    let mut e = Escrow::ready(0);
    let second = ix::slot(&e.provider, 1).0;
    e.world.airdrop(&second, 10_000_000);
    e.run(
        ix::add_slot(e.key("provider"), 1, e.config, &offer(e.mint.address)),
        &["provider"],
    );
    let slot: Slot = e.world.state(&second);
    assert_eq!((slot.bond_lamports.get(), slot.rent_lamports.get()), (0, 10_000_000));
}

#[test]
fn slots_cannot_be_skipped_or_added_for_others() {
    let mut e = Escrow::ready(0);
    let skipping = ix::add_slot(e.key("provider"), 2, e.config, &offer(e.mint.address));
    e.fails_as(skipping, &["provider"], builtin::InvalidSeeds);
    let add = ix::add_slot(e.key("provider"), 1, e.config, &offer(e.mint.address));
    e.fails_as(ix::with(add, 0, e.key("stranger")), &["stranger"], builtin::ADDRESS);
}

#[test]
fn an_off_peak_ask_above_the_ask_is_refused() {
    let mut e = Escrow::ready(0);
    let mut wrong = offer(e.mint.address);
    wrong.off_peak_ask_per_second_atoms = 41;
    let add = ix::add_slot(e.key("provider"), 1, e.config, &wrong);
    e.fails(add, &["provider"], EscrowError::OffPeakAboveAsk);
}
