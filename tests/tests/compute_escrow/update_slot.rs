use commonweal_tests::fixtures::escrow::{ix, *};

#[test]
fn the_session_key_changes_the_offer() {
    let mut e = Escrow::ready(0);
    let new = SlotOffer {
        is_paused: true,
        ask_mint: e.key("other mint"),
        ask_per_second_atoms: 9,
        off_peak_ask_per_second_atoms: 9,
        off_peak_mask: [1; 21],
    };
    e.run(
        ix::update_slot(e.key("session"), e.provider, e.slot, &new),
        &["session"],
    );
    let slot = e.slot_state();
    assert_eq!(
        (slot.is_paused, slot.ask_mint, slot.off_peak_mask),
        (1, e.key("other mint"), [1; 21])
    );
    assert_eq!(
        (
            slot.ask_per_second_atoms.get(),
            slot.off_peak_ask_per_second_atoms.get()
        ),
        (9, 9)
    );
}

#[test]
fn a_paused_slot_claims_nothing_and_finishes_what_it_has() {
    let mut e = Escrow::ready(0);
    let running = e.job_in(state_code::RUNNING);
    let other = e.post();
    let paused = SlotOffer {
        is_paused: true,
        ..offer(e.mint.address)
    };
    e.run(
        ix::update_slot(e.key("provider"), e.provider, e.slot, &paused),
        &["provider"],
    );
    e.run(e.commit(&running), &["session"]);
    e.fails(e.claim(&other), &["session"], EscrowError::SlotPaused);
    e.run(
        ix::update_slot(e.key("session"), e.provider, e.slot, &offer(e.mint.address)),
        &["session"],
    );
    e.run(e.claim(&other), &["session"]);
}

#[test]
fn strangers_change_nothing() {
    let mut e = Escrow::ready(0);
    e.rival("rival");
    let o = offer(e.mint.address);
    e.fails(
        ix::update_slot(e.key("stranger"), e.provider, e.slot, &o),
        &["stranger"],
        EscrowError::NotTheProvider,
    );
    let rivals = ix::provider(&e.key("rival")).0;
    e.fails(
        ix::update_slot(e.key("rival"), rivals, e.slot, &o),
        &["rival"],
        EscrowError::SlotOfAnotherProvider,
    );
    let wrong = SlotOffer {
        off_peak_ask_per_second_atoms: 41,
        ..o
    };
    e.fails(
        ix::update_slot(e.key("session"), e.provider, e.slot, &wrong),
        &["session"],
        EscrowError::OffPeakAboveAsk,
    );
}
