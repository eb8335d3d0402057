use commonweal_tests::fixtures::escrow::{ix, *};

#[test]
fn declining_is_free_and_the_job_is_open_again() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    e.world.warp_seconds(5);
    let held = e.world.lamports(&e.slot);
    e.run(e.decline(&order), &["session"]);
    let (job, slot) = (e.job(&order), e.slot_state());
    assert_eq!(
        (job.state, job.slot),
        (state_code::OPEN, solana_address::Address::default())
    );
    assert_eq!(job.entered_slot.get(), e.world.clock().slot, "it was opened anew");
    assert_eq!(
        (
            slot.locked_lamports.get(),
            slot.bond_lamports.get(),
            slot.locked_jobs.get()
        ),
        (0, DEPOSIT, 0)
    );
    assert_eq!(e.world.lamports(&e.slot), held);
    e.run(e.claim(&order), &["session"]);
}

#[test]
fn claiming_and_declining_in_turn_does_not_hold_the_clients_money() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    for _ in 0..5 {
        e.world.warp_seconds(115);
        e.run(e.claim(&order), &["session"]);
        e.run(e.decline(&order), &["session"]);
        e.world.warp(0, 1);
    }
    // 600 s after the posting the open time is over, whatever happened since
    e.world.warp_seconds(25);
    e.fails(e.claim(&order), &["session"], EscrowError::DeadlinePassed);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn a_started_job_cannot_be_declined() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    e.fails(e.decline(&order), &["session"], EscrowError::WrongJobState);
}

#[test]
fn declining_after_the_start_time_does_not_escape_the_penalty() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    e.world.warp_seconds(120);
    e.fails(e.decline(&order), &["session"], EscrowError::DeadlinePassed);
}

#[test]
fn only_the_assigned_slot_declines() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let order = e.job_in(state_code::CLAIMED);
    e.fails(
        ix::with(e.decline(&order), 0, e.key("stranger")),
        &["stranger"],
        EscrowError::NotTheProvider,
    );
    let provider = ix::provider(&e.key("rival")).0;
    let foreign = ix::decline_job(e.key("rival"), provider, rivals, order.job);
    e.fails(foreign, &["rival"], EscrowError::NotTheAssignedSlot);
    e.fails(
        ix::with(e.decline(&order), 2, rivals),
        &["session"],
        EscrowError::SlotOfAnotherProvider,
    );
}
