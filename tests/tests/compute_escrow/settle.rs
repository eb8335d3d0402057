use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn the_price_is_shared_to_the_atom_and_the_bond_is_free() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CHALLENGEABLE);
    e.world.warp_seconds(3_600);
    e.run(e.settle(&order), &[]);
    let (job, payout, slot) = (e.job(&order), e.payout_state(), e.slot_state());
    assert_eq!(job.state, state_code::FINAL);
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (PROVIDER_PART, FEE_PART)
    );
    assert_eq!(PROVIDER_PART + FEE_PART, PRICE);
    assert_eq!(
        (e.world.tokens(&order.vault), e.world.tokens(&payout.vault)),
        (0, PRICE)
    );
    assert_eq!(
        (
            slot.locked_lamports.get(),
            slot.bond_lamports.get(),
            slot.jobs_completed.get()
        ),
        (0, DEPOSIT, 1)
    );
}

#[test]
fn the_receipt_chain_grows_by_a_hash_anyone_can_compute() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::FINAL);
    let expected = sha(&[
        b"commonweal:rcp:1",
        &[0; 32],
        &0u64.to_le_bytes(),
        &order.uid,
        &[0x11; 32],
        &RESULT,
        &[1],
        &PROVIDER_PART.to_le_bytes(),
        &FEE_PART.to_le_bytes(),
        &0u64.to_le_bytes(),
    ]);
    let slot = e.slot_state();
    assert_eq!((slot.receipt_head, slot.receipt_seq.get()), (expected, 1));
}

#[test]
fn settling_early_by_clock_or_by_slots_is_refused() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CHALLENGEABLE);
    e.fails(e.settle(&order), &[], EscrowError::TooEarly);
    e.world.warp(3_599, 100_000);
    e.fails(e.settle(&order), &[], EscrowError::TooEarly);

    let order = e.job_in(state_code::CHALLENGEABLE);
    // 3,600 s are 4,500 slots
    e.world.warp(1_000_000, 4_499);
    e.fails(e.settle(&order), &[], EscrowError::TooEarly);
    e.world.warp(0, 1);
    e.run(e.settle(&order), &[]);
}

#[test]
fn one_job_is_not_settled_twice() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::FINAL);
    // another job's price is in another vault
    let other = e.job_in(state_code::CHALLENGEABLE);
    e.fails(e.settle(&order), &[], EscrowError::WrongJobState);
    e.fails(
        ix::with(e.settle(&order), 1, other.vault),
        &[],
        EscrowError::WrongJobState,
    );
    assert_eq!(e.world.tokens(&other.vault), PRICE);
}

#[test]
fn a_job_is_paid_from_its_own_vault_only() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CHALLENGEABLE);
    let other = e.job_in(state_code::CHALLENGEABLE);
    e.world.warp_seconds(3_600);
    e.fails(
        ix::with(e.settle(&order), 1, other.vault),
        &[],
        EscrowError::NotTheVault,
    );
    // a token account of the job's own, at another address, with the price in it
    let mint = e.mint.clone();
    let fake = e.world.token_account_named(&mint, &order.job, "fake vault");
    e.world.mint_into(&mint, &fake, PRICE);
    e.fails(ix::with(e.settle(&order), 1, fake), &[], EscrowError::NotTheVault);
}

#[test]
fn the_price_goes_to_the_slot_that_worked() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    e.run(
        ix::open_payout(e.key("payer"), rivals, e.mint.address, e.mint.program),
        &["payer"],
    );
    let gold = e.world.mint("gold", 6);
    e.run(
        ix::open_payout(e.key("payer"), e.slot, gold.address, gold.program),
        &["payer"],
    );
    let order = e.job_in(state_code::CHALLENGEABLE);
    e.world.warp_seconds(3_600);
    e.fails_as(ix::with(e.settle(&order), 2, rivals), &[], builtin::ADDRESS);
    for wrong in [
        ix::payout(&rivals, &e.mint.address).0,
        ix::payout(&e.slot, &gold.address).0,
    ] {
        let settle = ix::with(ix::with(e.settle(&order), 3, wrong), 4, ix::vault(&wrong).0);
        e.fails(settle, &[], EscrowError::PayoutMismatch);
    }
    e.fails_as(ix::with(e.settle(&order), 4, e.client_token), &[], builtin::ADDRESS);
    e.fails_as(ix::with(e.settle(&order), 5, gold.address), &[], builtin::ADDRESS);
    let other_program = ix::with(e.settle(&order), 6, commonweal_interface::ids::TOKEN_2022);
    e.fails(other_program, &[], EscrowError::WrongTokenProgram);
}

#[test]
fn a_silent_worker_is_not_paid() {
    let mut e = Escrow::ready(0);
    for state in [state_code::CLAIMED, state_code::RUNNING, state_code::COMMITTED] {
        let order = e.post();
        e.drive(&order, state);
        e.world.warp_seconds(10_000);
        e.fails(e.settle(&order), &[], EscrowError::WrongJobState);
        e.run(e.crank(&order), &["cranker"]);
    }
}

#[test]
fn an_unverified_job_without_challenge_time_ends_at_once_but_not_in_the_slot_of_its_posting() {
    let mut e = Escrow::ready(0);
    let t = JobTerms {
        verification: 0,
        challenge_seconds: 0,
        ..terms()
    };
    let post = e.post_job(e.next_nonce, &t);
    let order = e.order(e.next_nonce);
    e.orders.push(order);
    e.run(post, &["client", "payer"]);
    e.drive(&order, state_code::CHALLENGEABLE);
    // ended and posted again in this slot, its uid would live twice
    e.fails(e.settle(&order), &[], EscrowError::SameSlot);
    e.world.warp(0, 1);
    e.run(e.settle(&order), &[]);
}

#[test]
fn a_payout_that_was_closed_is_opened_again_by_anyone() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CHALLENGEABLE);
    let account = e.tokens_of("provider");
    e.run(e.close_payout(account), &["provider"]);
    e.world.warp_seconds(3_600);
    e.fails_as(e.settle(&order), &[], builtin::AccountDataTooSmall);
    e.run(
        ix::open_payout(e.key("stranger"), e.slot, e.mint.address, e.mint.program),
        &["stranger"],
    );
    e.run(e.settle(&order), &[]);
}
