use commonweal_tests::fixtures::escrow::{ix, *};

#[test]
fn a_start_attests_the_input() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    e.world.warp_seconds(7);
    e.run(e.start(&order), &["session"]);
    let job = e.job(&order);
    assert_eq!((job.state, job.entered_ts.get()), (state_code::RUNNING, e.world.now()));
    assert_eq!(e.slot_state().current_job, order.job);
}

#[test]
fn another_input_is_refused() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    let wrong = ix::start_job(e.key("session"), e.provider, e.slot, order.job, &[9; 32]);
    e.fails(wrong, &["session"], EscrowError::InputMismatch);
}

#[test]
fn a_late_start_is_refused() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    e.world.warp_seconds(120);
    e.fails(e.start(&order), &["session"], EscrowError::DeadlinePassed);
}

#[test]
fn only_a_claimed_job_starts_and_only_once() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    e.fails(e.start(&order), &["session"], EscrowError::WrongJobState);
    e.drive(&order, state_code::RUNNING);
    e.fails(e.start(&order), &["session"], EscrowError::WrongJobState);
}

#[test]
fn only_the_assigned_slot_starts() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let order = e.job_in(state_code::CLAIMED);
    let provider = ix::provider(&e.key("rival")).0;
    let foreign = ix::start_job(e.key("rival"), provider, rivals, order.job, &INPUT);
    e.fails(foreign, &["rival"], EscrowError::NotTheAssignedSlot);
    e.fails(
        ix::with(e.start(&order), 2, rivals),
        &["session"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails(
        ix::with(e.start(&order), 0, e.key("stranger")),
        &["stranger"],
        EscrowError::NotTheProvider,
    );
}
