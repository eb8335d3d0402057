use commonweal_tests::fixtures::escrow::{ix, *};

fn reveal(e: &Escrow, order: &Order, result: [u8; 32], salt: [u8; 32]) -> solana_instruction::Instruction {
    ix::reveal_result(e.key("session"), e.provider, e.slot, order.job, &result, &salt)
}

#[test]
fn a_reveal_opens_the_challenge_time() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::COMMITTED);
    e.world.warp_seconds(9);
    e.run(e.reveal(&order), &["session"]);
    let job = e.job(&order);
    assert_eq!(
        (job.state, job.result, job.entered_ts.get()),
        (state_code::CHALLENGEABLE, RESULT, e.world.now())
    );
}

#[test]
fn another_result_or_salt_than_committed_is_refused() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::COMMITTED);
    e.fails(
        reveal(&e, &order, [0xA2; 32], SALT),
        &["session"],
        EscrowError::CommitmentMismatch,
    );
    e.fails(
        reveal(&e, &order, RESULT, [0; 32]),
        &["session"],
        EscrowError::CommitmentMismatch,
    );
    e.fails(
        reveal(&e, &order, SALT, RESULT),
        &["session"],
        EscrowError::CommitmentMismatch,
    );
}

#[test]
fn a_commitment_copied_from_another_slot_or_job_cannot_be_revealed() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let order = e.job_in(state_code::RUNNING);
    // what the rival would have committed to for the same job
    let copied = commitment(&RESULT, &SALT, &rivals, &order.uid);
    e.run(
        ix::commit_result(e.key("session"), e.provider, e.slot, order.job, &copied),
        &["session"],
    );
    e.fails(e.reveal(&order), &["session"], EscrowError::CommitmentMismatch);

    let other = e.job_in(state_code::RUNNING);
    let old = commitment(&RESULT, &SALT, &e.slot, &order.uid);
    e.run(
        ix::commit_result(e.key("session"), e.provider, e.slot, other.job, &old),
        &["session"],
    );
    e.fails(e.reveal(&other), &["session"], EscrowError::CommitmentMismatch);
}

#[test]
fn a_late_reveal_is_refused() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::COMMITTED);
    e.world.warp_seconds(300);
    e.fails(e.reveal(&order), &["session"], EscrowError::DeadlinePassed);
}

#[test]
fn only_a_committed_job_is_revealed_and_only_once() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    e.fails(e.reveal(&order), &["session"], EscrowError::WrongJobState);
    e.drive_from_running(&order);
    e.fails(e.reveal(&order), &["session"], EscrowError::WrongJobState);
}

#[test]
fn only_the_worker_reveals() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let order = e.job_in(state_code::COMMITTED);
    let provider = ix::provider(&e.key("rival")).0;
    let foreign = ix::reveal_result(e.key("rival"), provider, rivals, order.job, &RESULT, &SALT);
    e.fails(foreign, &["rival"], EscrowError::NotTheAssignedSlot);
    e.fails(
        ix::with(e.reveal(&order), 0, e.key("stranger")),
        &["stranger"],
        EscrowError::NotTheProvider,
    );
    e.fails(
        ix::with(e.reveal(&order), 2, rivals),
        &["session"],
        EscrowError::SlotOfAnotherProvider,
    );
}
