use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, orders::*, *},
    compute_escrow::{events::ContributionSettled, state::FLAG_WRONG},
    solana_address::Address,
};

const THIRD: [u8; 32] = [0xC3; 32];

fn ready() -> Escrow {
    let mut e = Escrow::ready(0);
    e.hire(&TEAM);
    e
}

fn slot(e: &Escrow, name: &str) -> Slot {
    e.world.state(&e.slot_of(name))
}

fn payout(e: &Escrow, name: &str) -> Payout {
    e.world.state(&ix::payout(&e.slot_of(name), &e.mint.address).0)
}

fn lamports(e: &Escrow, name: &str) -> u64 {
    e.world.lamports(&e.key(name))
}

/// Writes into a job what other parts of the program write there.
fn edit(e: &mut Escrow, order: &Order, change: impl FnOnce(&mut Job)) {
    let mut job = e.job(order);
    change(&mut job);
    let mut account = e.world.raw(&order.job);
    account.data[8..].copy_from_slice(bytemuck::bytes_of(&job));
    e.world.set_raw(order.job, account);
}

/// The head of a new slot's chain after its first receipt.
fn first_receipt(order: &Order, result: &[u8; 32], outcome: u8, provider: u64, fee: u64, slashed: u64) -> [u8; 32] {
    sha(&[
        b"commonweal:rcp:1",
        &[0; 32],
        &0u64.to_le_bytes(),
        &order.uid,
        &[0x11; 32],
        result,
        &[outcome],
        &provider.to_le_bytes(),
        &fee.to_le_bytes(),
        &slashed.to_le_bytes(),
    ])
}

#[test]
fn those_who_agree_are_paid_equal_shares_and_the_rest_is_the_clients() {
    let mut e = ready();
    let order = e.compared_order(&[RESULT, RESULT, ODD_RESULT]);
    e.world.warp_seconds(3_600);
    let (payer, cranker) = (lamports(&e, "payer"), lamports(&e, "cranker"));
    for name in ["anna", "ben"] {
        let receipt = e.run(e.settle_part(name, &order), &["cranker"]);
        let payout = payout(&e, name);
        assert_eq!(
            (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
            (SHARE_PROVIDER, SHARE_FEE)
        );
        let (slot, address) = (slot(&e, name), e.slot_of(name));
        assert_eq!(
            (
                slot.bond_lamports.get(),
                slot.locked_lamports.get(),
                slot.jobs_completed.get()
            ),
            (DEPOSIT, 0, 1)
        );
        let head = first_receipt(&order, &RESULT, 1, SHARE_PROVIDER, SHARE_FEE, 0);
        assert_eq!(slot.receipt_head, head);
        let event = receipt.events::<ContributionSettled>()[0];
        assert_eq!(
            (event.uid, event.slot, event.receipt_head, event.outcome),
            (order.uid, address, head, 1)
        );
        assert_eq!(
            (
                event.provider_atoms.get(),
                event.fee_atoms.get(),
                event.released_lamports.get()
            ),
            (SHARE_PROVIDER, SHARE_FEE, BOND)
        );
        assert_eq!(e.job(&order).state, state_code::RESOLVING);
    }
    e.run(e.settle_unpaid("cleo", &order), &["cranker"]);
    assert_eq!(payout(&e, "cleo").claimable_atoms.get(), 0);
    let cleo = slot(&e, "cleo");
    assert_eq!(
        (
            cleo.bond_lamports.get(),
            cleo.locked_lamports.get(),
            cleo.jobs_failed.get()
        ),
        (DEPOSIT, 0, 0)
    );
    // the receipt shows what cleo brought, not what won
    assert_eq!(cleo.receipt_head, first_receipt(&order, &ODD_RESULT, 8, 0, 0, 0));
    assert_eq!((e.job(&order).state, e.job(&order).result), (state_code::FINAL, RESULT));
    assert_eq!(e.world.tokens(&order.vault), PRICE - 2 * SHARE);
    assert_eq!(lamports(&e, "payer"), payer + 3 * e.world.rent(144));
    assert_eq!(lamports(&e, "cranker"), cranker, "nobody is at fault");
    e.run(e.close_with_surplus(&order, e.client_token), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - 2 * SHARE);
}

#[test]
fn when_all_agree_only_dust_of_the_price_is_left() {
    let mut e = ready();
    let order = e.compared_order(&[RESULT; 3]);
    e.world.warp_seconds(3_600);
    for name in TEAM {
        e.run(e.settle_part(name, &order), &["cranker"]);
    }
    // 1,000,003 − 3 · 333,334
    assert_eq!(e.world.tokens(&order.vault), 1);
}

#[test]
fn the_challenge_time_comes_first() {
    let mut e = ready();
    let order = e.compared_order(&[RESULT; 3]);
    let settle = e.settle_part("anna", &order);
    e.world.warp(3_599, 1_000_000);
    e.fails(settle.clone(), &["cranker"], EscrowError::TooEarly);
    e.world.warp(1, 0);
    edit(&mut e, &order, |job| job.challenges_open = 1);
    e.fails(settle.clone(), &["cranker"], EscrowError::ChallengesOpen);
    edit(&mut e, &order, |job| job.challenges_open = 0);
    e.run(settle.clone(), &["cranker"]);
    e.fails_as(settle, &["cranker"], builtin::AccountDataTooSmall);
}

#[test]
fn an_unverified_order_is_settled_at_once() {
    let mut e = ready();
    let order = e.post_with(&JobTerms {
        verification: 0,
        challenge_seconds: 0,
        ..redundant_terms()
    });
    for name in TEAM {
        e.run(e.join(name, &order), &[name, "payer"]);
    }
    for name in TEAM {
        e.run(e.commit_part(name, &order, &RESULT), &[name]);
    }
    e.fails(e.settle_part("anna", &order), &["cranker"], EscrowError::WrongJobState);
    for name in TEAM {
        e.run(e.reveal_part(name, &order, &RESULT), &[name]);
    }
    e.fails(e.settle_part("anna", &order), &["cranker"], EscrowError::WrongJobState);
    e.run(e.compare(&order, &TEAM), &["cranker"]);
    for name in TEAM {
        e.run(e.settle_part(name, &order), &["cranker"]);
    }
    assert_eq!(e.job(&order).state, state_code::FINAL);
}

#[test]
fn an_order_that_does_not_fill_costs_its_workers_nothing() {
    let mut e = ready();
    let order = e.post_with(&redundant_terms());
    for name in ["anna", "ben"] {
        e.run(e.join(name, &order), &[name, "payer"]);
    }
    e.world.warp_seconds(600);
    e.run(e.compare(&order, &[]), &["cranker"]);
    for name in ["anna", "ben"] {
        e.run(e.settle_unpaid(name, &order), &["cranker"]);
        let slot = slot(&e, name);
        assert_eq!(
            (slot.current_job, slot.locked_lamports.get(), slot.bond_lamports.get()),
            (Address::default(), 0, DEPOSIT)
        );
        assert_eq!(slot.receipt_head, first_receipt(&order, &[0; 32], 8, 0, 0, 0));
    }
    assert_eq!(e.job(&order).state, state_code::FINAL);
    e.run(e.close_with_surplus(&order, e.client_token), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn who_keeps_the_others_waiting_loses_the_bond_and_the_client_is_compensated_once() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT]);
    e.world.warp_seconds(300);
    e.run(e.compare(&order, &[]), &["cranker"]);
    let (client, cranker) = (lamports(&e, "client"), lamports(&e, "cranker"));
    let receipt = e.run(e.settle_unpaid("ben", &order), &["cranker"]);
    assert_eq!(lamports(&e, "client"), client + COMPENSATION);
    assert_eq!(lamports(&e, "cranker"), cranker + BOUNTY);
    let ben = slot(&e, "ben");
    assert_eq!(
        (ben.bond_lamports.get(), ben.locked_lamports.get(), ben.current_job),
        (DEPOSIT - BOND, 0, Address::default())
    );
    assert_eq!(
        (
            ben.slashed_lamports.get(),
            ben.burnt_lamports.get(),
            ben.jobs_failed.get()
        ),
        (BOND, BOND - COMPENSATION - BOUNTY, 1)
    );
    assert_eq!(ben.receipt_head, first_receipt(&order, &[0; 32], 2, 0, 0, BOND));
    let event = receipt.events::<ContributionSettled>()[0];
    assert_eq!(
        (
            event.compensation_lamports.get(),
            event.bounty_lamports.get(),
            event.burnt_lamports.get(),
            event.released_lamports.get()
        ),
        (COMPENSATION, BOUNTY, BOND - COMPENSATION - BOUNTY, 0)
    );
    // the second loses as much; the client has had its compensation
    e.run(e.settle_unpaid("cleo", &order), &["cranker"]);
    assert_eq!(lamports(&e, "client"), client + COMPENSATION);
    assert_eq!(lamports(&e, "cranker"), cranker + 2 * BOUNTY);
    assert_eq!(slot(&e, "cleo").burnt_lamports.get(), BOND - BOUNTY);
    assert_eq!(slot(&e, "cleo").slashed_lamports.get(), BOND);
    // anna has committed and never got to reveal
    e.run(e.settle_unpaid("anna", &order), &["cranker"]);
    assert_eq!(
        (
            slot(&e, "anna").bond_lamports.get(),
            slot(&e, "anna").locked_lamports.get()
        ),
        (DEPOSIT, 0)
    );
    let hash = commitment(&RESULT, &SALT, &e.slot_of("anna"), &order.uid);
    assert_eq!(slot(&e, "anna").receipt_head, first_receipt(&order, &hash, 8, 0, 0, 0));
}

#[test]
fn who_does_not_reveal_loses_the_bond_whether_a_result_won_or_not() {
    for odd in [RESULT, ODD_RESULT] {
        let mut e = ready();
        let order = e.committed_order(&[RESULT, odd, THIRD]);
        e.run(e.reveal_part("anna", &order, &RESULT), &["anna"]);
        e.run(e.reveal_part("ben", &order, &odd), &["ben"]);
        e.world.warp_seconds(300);
        e.run(e.compare(&order, &["anna", "ben"]), &["cranker"]);
        e.world.warp_seconds(3_600);
        let client = lamports(&e, "client");
        e.run(e.settle_unpaid("cleo", &order), &["cranker"]);
        assert_eq!(lamports(&e, "client"), client + COMPENSATION);
        assert_eq!(slot(&e, "cleo").bond_lamports.get(), DEPOSIT - BOND);
        let hash = commitment(&THIRD, &SALT, &e.slot_of("cleo"), &order.uid);
        assert_eq!(
            slot(&e, "cleo").receipt_head,
            first_receipt(&order, &hash, 3, 0, 0, BOND)
        );
        for name in ["anna", "ben"] {
            e.run(e.settle_part(name, &order), &["cranker"]);
            let paid = if odd == RESULT { SHARE_PROVIDER } else { 0 };
            assert_eq!(payout(&e, name).claimable_atoms.get(), paid);
            assert_eq!(slot(&e, name).bond_lamports.get(), DEPOSIT);
        }
        assert_eq!(e.job(&order).state, state_code::FINAL);
    }
}

#[test]
fn who_has_not_committed_while_others_did_loses_the_bond_and_its_slot_is_free_again() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT, RESULT]);
    e.world.warp_seconds(300);
    for name in ["anna", "ben"] {
        e.run(e.reveal_part(name, &order, &RESULT), &[name]);
    }
    e.run(e.compare(&order, &["anna", "ben"]), &["cranker"]);
    e.world.warp_seconds(3_600);
    assert_eq!(slot(&e, "cleo").current_job, order.job);
    e.run(e.settle_unpaid("cleo", &order), &["cranker"]);
    let cleo = slot(&e, "cleo");
    assert_eq!(
        (cleo.current_job, cleo.bond_lamports.get()),
        (Address::default(), DEPOSIT - BOND)
    );
    // anna meanwhile works on something else, which settling does not touch
    let batch = e.post();
    e.run(e.claim_by("anna", &batch), &["anna"]);
    e.run(e.settle_part("anna", &order), &["cranker"]);
    assert_eq!(
        (slot(&e, "anna").current_job, slot(&e, "anna").locked_lamports.get()),
        (batch.job, BOND)
    );
}

#[test]
fn a_result_found_wrong_costs_those_who_shared_it_their_bonds() {
    let mut e = ready();
    let order = e.compared_order(&[RESULT, RESULT, ODD_RESULT]);
    edit(&mut e, &order, |job| {
        job.flags |= FLAG_WRONG;
        job.state = state_code::RESOLVING;
    });
    let client = lamports(&e, "client");
    for name in ["anna", "ben"] {
        e.run(e.settle_unpaid(name, &order), &["cranker"]);
        assert_eq!(slot(&e, name).bond_lamports.get(), DEPOSIT - BOND);
        assert_eq!(
            slot(&e, name).receipt_head,
            first_receipt(&order, &RESULT, 6, 0, 0, BOND)
        );
    }
    assert_eq!(lamports(&e, "client"), client + COMPENSATION);
    e.run(e.settle_unpaid("cleo", &order), &["cranker"]);
    assert_eq!(slot(&e, "cleo").bond_lamports.get(), DEPOSIT);
    e.run(e.close_with_surplus(&order, e.client_token), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn an_empty_wallet_of_the_client_holds_up_no_worker() {
    let mut e = ready();
    let order = e.committed_order(&[RESULT]);
    e.world.warp_seconds(300);
    e.run(e.compare(&order, &[]), &["cranker"]);
    let client = e.key("client");
    let account = e.world.raw(&client);
    e.world
        .set_raw(client, solana_account::Account { lamports: 0, ..account });
    for name in ["anna", "ben", "cleo"] {
        e.run(e.settle_unpaid(name, &order), &["cranker"]);
    }
    assert_eq!(e.world.lamports(&client), COMPENSATION);
}

#[test]
fn a_job_does_not_end_in_the_slot_it_was_posted_in() {
    let mut e = ready();
    let order = e.compared_order(&[RESULT; 3]);
    e.world.warp_seconds(3_600);
    let slot = e.world.clock().slot;
    edit(&mut e, &order, |job| job.created_slot = slot.into());
    e.fails(e.settle_part("anna", &order), &["cranker"], EscrowError::SameSlot);
}

#[test]
fn a_job_settled_for_one_worker_pays_no_other() {
    let mut e = ready();
    let (order, other) = (e.compared_order(&[RESULT; 3]), e.compared_order(&[RESULT; 3]));
    e.world.warp_seconds(3_600);
    let settle = e.settle_part("anna", &order);
    let stranger = e.key("stranger");
    let (bens, bens_payout) = (e.slot_of("ben"), ix::payout(&e.slot_of("ben"), &e.mint.address).0);
    let bens_vault = ix::vault(&bens_payout).0;
    let with = |at: usize, address: Address| ix::with(settle.clone(), at, address);
    e.fails(with(2, other.vault), &["cranker"], EscrowError::NotTheVault);
    let elsewhere = e.part_of("anna", &other);
    e.fails(with(3, elsewhere), &["cranker"], EscrowError::ContributionMismatch);
    e.fails_as(with(4, stranger), &["cranker"], builtin::ADDRESS);
    e.fails_as(with(5, stranger), &["cranker"], builtin::ADDRESS);
    e.fails_as(with(6, bens), &["cranker"], builtin::ADDRESS);
    e.fails(with(7, bens_payout), &["cranker"], EscrowError::PayoutMismatch);
    e.fails(with(8, bens_vault), &["cranker"], EscrowError::PayoutMismatch);
    e.fails(
        ix::with(with(7, bens_payout), 8, bens_vault),
        &["cranker"],
        EscrowError::PayoutMismatch,
    );
    e.fails(
        e.settle_unpaid("anna", &order),
        &["cranker"],
        EscrowError::PayoutMismatch,
    );
    e.fails_as(with(9, e.client_token), &["cranker"], builtin::ADDRESS);
    let token_2022 = commonweal_interface::ids::TOKEN_2022;
    e.fails(with(10, token_2022), &["cranker"], EscrowError::WrongTokenProgram);
    e.fails_as(ix::unsigned(settle, 0), &[], builtin::MissingRequiredSignature);
    // another mint's payout of the same slot
    let second = e.world.mint("second money", 6);
    let open = ix::open_payout(e.key("payer"), e.slot_of("anna"), second.address, second.program);
    e.run(open, &["payer"]);
    let odd = ix::payout(&e.slot_of("anna"), &second.address).0;
    let mut settle = e.settle_part("anna", &order);
    settle = ix::with(ix::with(settle, 7, odd), 8, ix::vault(&odd).0);
    e.fails(settle, &["cranker"], EscrowError::PayoutMismatch);
}

#[test]
fn a_redundant_order_is_not_settled_as_a_batch_job() {
    let mut e = ready();
    let order = e.compared_order(&[RESULT; 3]);
    e.world.warp_seconds(3_600);
    let settle = ix::settle(order.job, e.slot_of("anna"), e.mint.address, e.mint.program);
    e.fails_as(settle, &["cranker"], builtin::ADDRESS);
    e.fails(e.close(&order), &["cranker"], EscrowError::WrongJobState);
    e.fails(
        e.claim_refund(&order, e.client_token),
        &["client"],
        EscrowError::WrongJobState,
    );
    let mut batch = e.settle_part("anna", &order);
    let job = e.job_in(state_code::CHALLENGEABLE);
    e.world.warp_seconds(3_600);
    batch = ix::with(ix::with(batch, 1, job.job), 2, job.vault);
    e.fails(batch, &["cranker"], EscrowError::WrongKind);
}

#[test]
fn a_frozen_payout_delays_its_own_worker_only() {
    let mut e = ready();
    let order = e.compared_order(&[RESULT; 3]);
    e.world.warp_seconds(3_600);
    let (mint, vault) = (e.mint.clone(), payout(&e, "anna").vault);
    e.world.freeze(&mint, &vault);
    e.fails_as(e.settle_part("anna", &order), &["cranker"], builtin::TOKEN_FROZEN);
    for name in ["ben", "cleo"] {
        e.run(e.settle_part(name, &order), &["cranker"]);
    }
    assert_eq!(e.job(&order).state, state_code::RESOLVING);
    e.world.thaw(&mint, &vault);
    e.run(e.settle_part("anna", &order), &["cranker"]);
    assert_eq!(e.job(&order).state, state_code::FINAL);
}

#[test]
fn one_person_in_every_role_is_paid_every_part_of_a_settlement() {
    let mut e = ready();
    let client = e.key("client");
    let order = e.post_with(&redundant_terms());
    for name in TEAM {
        let join = ix::with(e.join(name, &order), 1, client);
        e.run(join, &[name, "client"]);
    }
    e.run(e.commit_part("anna", &order, &RESULT), &["anna"]);
    e.world.warp_seconds(300);
    e.run(e.compare(&order, &[]), &["cranker"]);
    let before = e.world.lamports(&client);
    for name in TEAM {
        let settle = ix::with(ix::with(e.settle_unpaid(name, &order), 0, client), 4, client);
        e.run(settle, &["client"]);
    }
    assert_eq!(
        e.world.lamports(&client),
        before + COMPENSATION + 2 * BOUNTY + 3 * e.world.rent(144)
    );
}
