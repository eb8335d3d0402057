use commonweal_tests::fixtures::escrow::{ix, *};

#[test]
fn a_commit_frees_the_slot_and_not_the_bond() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    e.run(e.commit(&order), &["session"]);
    let (job, slot) = (e.job(&order), e.slot_state());
    assert_eq!(job.state, state_code::COMMITTED);
    assert_eq!(job.result, commitment(&RESULT, &SALT, &e.slot, &order.uid));
    assert_eq!(
        (slot.current_job, slot.locked_lamports.get()),
        (solana_address::Address::default(), BOND)
    );
}

#[test]
fn a_late_commit_is_refused() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    e.world.warp_seconds(300);
    e.fails(e.commit(&order), &["session"], EscrowError::DeadlinePassed);
}

#[test]
fn only_a_running_job_is_committed_and_only_once() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    e.fails(e.commit(&order), &["session"], EscrowError::WrongJobState);
    e.run(e.start(&order), &["session"]);
    e.run(e.commit(&order), &["session"]);
    e.fails(e.commit(&order), &["session"], EscrowError::WrongJobState);
}

#[test]
fn a_commitment_of_zero_is_refused() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    let zero = ix::commit_result(e.key("session"), e.provider, e.slot, order.job, &[0; 32]);
    e.fails(zero, &["session"], EscrowError::ZeroHash);
}

#[test]
fn only_the_assigned_slot_commits() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let order = e.job_in(state_code::RUNNING);
    let provider = ix::provider(&e.key("rival")).0;
    let foreign = ix::commit_result(e.key("rival"), provider, rivals, order.job, &[1; 32]);
    e.fails(foreign, &["rival"], EscrowError::NotTheAssignedSlot);
    e.fails(
        ix::with(e.commit(&order), 2, rivals),
        &["session"],
        EscrowError::SlotOfAnotherProvider,
    );
    e.fails(
        ix::with(e.commit(&order), 0, e.key("stranger")),
        &["stranger"],
        EscrowError::NotTheProvider,
    );
}
