use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::events::MilestoneAccepted,
    solana_address::Address,
};

/// A job with milestones in a state.
fn job_in(e: &mut Escrow, state: u8) -> Order {
    let order = e.post_with(&milestone_terms());
    e.drive(&order, state);
    order
}

fn edit(e: &mut Escrow, order: &Order, change: impl FnOnce(&mut Job)) {
    let mut job = e.job(order);
    change(&mut job);
    let mut account = e.world.raw(&order.job);
    account.data[8..].copy_from_slice(bytemuck::bytes_of(&job));
    e.world.set_raw(order.job, account);
}

fn due(e: &Escrow) -> (u64, u64) {
    let payout = e.payout_state();
    (payout.claimable_atoms.get(), payout.fee_due_atoms.get())
}

#[test]
fn milestones_are_paid_at_once_and_the_last_settles_the_job() {
    let mut e = Escrow::ready(0);
    let order = job_in(&mut e, state_code::RUNNING);
    // ⌊1,000,003 · 20 %⌋ = 200,000; · 50 % = 500,001; 98 % of each and of the whole, by hand
    let steps = [
        (200_000, 196_000, 4_000),
        (500_001, 490_000, 10_001),
        (PRICE, PROVIDER_PART, FEE_PART),
    ];
    for (at, (paid, provider, fee)) in steps.into_iter().enumerate() {
        let before = due(&e);
        let index = u8::try_from(at).unwrap();
        let receipt = e.run(e.accept_milestone(&order, index), &["client"]);
        assert_eq!(e.world.tokens(&order.vault), PRICE - paid);
        assert_eq!(due(&e), (provider, fee));
        assert_eq!(e.job(&order).milestones_accepted, [1, 3, 7][at]);
        let event = receipt.events::<MilestoneAccepted>()[0];
        assert_eq!(
            (event.uid, event.slot, event.payout, event.index, event.is_last),
            (order.uid, e.slot, e.payout, index, u8::from(at == 2))
        );
        assert_eq!(
            (event.provider_atoms.get(), event.fee_atoms.get()),
            (provider - before.0, fee - before.1)
        );
        assert_eq!(event.receipt_head, e.slot_state().receipt_head);
        let (state, locked, current) = if at == 2 {
            (state_code::FINAL, 0, Address::default())
        } else {
            (state_code::RUNNING, BOND, order.job)
        };
        let slot = e.slot_state();
        assert_eq!(
            (e.job(&order).state, slot.locked_lamports.get(), slot.current_job),
            (state, locked, current)
        );
    }
    let expected = sha(&[
        b"commonweal:rcp:1",
        &[0; 32],
        &0u64.to_le_bytes(),
        &order.uid,
        &[0x11; 32],
        &[0; 32],
        &[1],
        &PROVIDER_PART.to_le_bytes(),
        &FEE_PART.to_le_bytes(),
        &[0; 8],
    ]);
    assert_eq!(e.slot_state().receipt_head, expected);
    assert_eq!(e.slot_state().jobs_completed.get(), 1);
    e.run(e.close(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - PRICE);
}

#[test]
fn the_order_of_milestones_changes_nothing() {
    for turn in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut e = Escrow::ready(0);
        let order = job_in(&mut e, state_code::RUNNING);
        for index in turn {
            e.run(e.accept_milestone(&order, index), &["client"]);
        }
        assert_eq!(due(&e), (PROVIDER_PART, FEE_PART), "{turn:?}");
        assert_eq!(e.world.tokens(&order.vault), 0);
    }
}

#[test]
fn what_is_accepted_stays_paid_whatever_follows() {
    // the worker fails: the client has the rest back
    let mut e = Escrow::ready(0);
    let order = job_in(&mut e, state_code::RUNNING);
    e.run(e.accept_milestone(&order, 1), &["client"]);
    e.world.warp_seconds(300);
    e.run(e.crank(&order), &["cranker"]);
    // ⌊1,000,003 · 30 %⌋
    assert_eq!(due(&e), (294_000, 6_000));
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - 300_000);

    // the job is settled: the worker has the rest
    let mut e = Escrow::ready(0);
    let order = job_in(&mut e, state_code::RUNNING);
    e.run(e.accept_milestone(&order, 1), &["client"]);
    e.drive_from_running(&order);
    e.world.warp_seconds(3_600);
    e.run(e.settle(&order), &["cranker"]);
    let (provider, fee) = due(&e);
    assert_eq!(provider + fee, PRICE);
    assert_eq!(e.world.tokens(&order.vault), 0);
    assert!(provider <= PROVIDER_PART, "two payments never beat one");
}

#[test]
fn milestones_are_accepted_while_the_worker_works_or_waits() {
    for state in [state_code::RUNNING, state_code::COMMITTED, state_code::CHALLENGEABLE] {
        let mut e = Escrow::ready(0);
        let order = job_in(&mut e, state);
        // the slot's next job is not touched when this one ends
        let next = (state != state_code::RUNNING).then(|| e.job_in(state_code::CLAIMED));
        for index in 0..3 {
            e.run(e.accept_milestone(&order, index), &["client"]);
        }
        assert_eq!(e.job(&order).state, state_code::FINAL);
        assert_eq!(
            e.slot_state().current_job,
            next.map_or(Address::default(), |next| next.job)
        );
        e.fails(e.accept_milestone(&order, 0), &["client"], EscrowError::WrongJobState);
    }
    let mut e = Escrow::ready(0);
    let order = job_in(&mut e, state_code::CLAIMED);
    e.fails(e.accept_milestone(&order, 0), &["client"], EscrowError::WrongJobState);
}

#[test]
fn a_milestone_exists_and_is_paid_once() {
    let mut e = Escrow::ready(0);
    let order = job_in(&mut e, state_code::RUNNING);
    e.run(e.accept_milestone(&order, 0), &["client"]);
    for index in [0, 3, 7, 8, 9, 32, 64, 255] {
        e.fails(
            e.accept_milestone(&order, index),
            &["client"],
            EscrowError::MilestoneRefused,
        );
    }
    let plain = e.post();
    e.rival("rival");
    e.fails_as(
        ix::with(ix::with(e.accept_milestone(&order, 1), 1, plain.job), 2, plain.vault),
        &["client"],
        builtin::ADDRESS,
    );
}

#[test]
fn a_job_without_milestones_has_none_to_accept() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    e.fails(
        e.accept_milestone(&order, 0),
        &["client"],
        EscrowError::MilestoneRefused,
    );
}

#[test]
fn a_milestone_cuts_off_no_challenger() {
    let mut e = Escrow::ready(0);
    let order = job_in(&mut e, state_code::CHALLENGEABLE);
    edit(&mut e, &order, |job| job.challenges_open = 1);
    e.fails(e.accept_milestone(&order, 0), &["client"], EscrowError::ChallengesOpen);
}

#[test]
fn a_job_does_not_end_by_milestones_in_the_slot_it_was_posted_in() {
    let mut e = Escrow::ready(0);
    let order = job_in(&mut e, state_code::RUNNING);
    let slot = e.world.clock().slot;
    edit(&mut e, &order, |job| job.created_slot = slot.into());
    e.fails(e.accept_milestone(&order, 0), &["client"], EscrowError::SameSlot);
}

#[test]
fn only_the_client_accepts_and_only_the_worker_is_paid() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let open = ix::open_payout(e.key("payer"), rivals, e.mint.address, e.mint.program);
    e.run(open, &["payer"]);
    let order = job_in(&mut e, state_code::RUNNING);
    let other = e.post();
    let accept = e.accept_milestone(&order, 0);
    let payout = ix::payout(&rivals, &e.mint.address).0;
    let with = |at: usize, address: Address| ix::with(accept.clone(), at, address);
    e.fails_as(with(0, e.key("stranger")), &["stranger"], builtin::ADDRESS);
    e.fails_as(ix::unsigned(accept.clone(), 0), &[], builtin::MissingRequiredSignature);
    e.fails(with(2, other.vault), &["client"], EscrowError::NotTheVault);
    e.fails_as(with(3, rivals), &["client"], builtin::ADDRESS);
    e.fails(with(4, payout), &["client"], EscrowError::PayoutMismatch);
    e.fails(with(5, ix::vault(&payout).0), &["client"], EscrowError::PayoutMismatch);
    e.fails(
        ix::with(with(4, payout), 5, ix::vault(&payout).0),
        &["client"],
        EscrowError::PayoutMismatch,
    );
    e.fails_as(with(6, e.client_token), &["client"], builtin::ADDRESS);
    let token_2022 = commonweal_interface::ids::TOKEN_2022;
    e.fails(with(7, token_2022), &["client"], EscrowError::WrongTokenProgram);
}

#[test]
fn dust_milestones_pay_what_one_payment_does() {
    // of a price of 7 atoms most milestones pay nothing or one atom
    let mut e = Escrow::ready(0);
    let order = e.post_with(&JobTerms {
        price_atoms: 7,
        milestone_bps: [1_250; 8],
        ..terms()
    });
    e.drive(&order, state_code::RUNNING);
    for index in 0..8 {
        e.run(e.accept_milestone(&order, index), &["client"]);
    }
    // ⌊7 · 0.98⌋ = 6
    assert_eq!(due(&e), (6, 1));
    assert_eq!(e.job(&order).state, state_code::FINAL);
}
