use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

struct Purse {
    client: u64,
    payer: u64,
    cranker: u64,
    slot: u64,
}

fn purse(e: &Escrow) -> Purse {
    let of = |name: &str| e.world.lamports(&e.key(name));
    Purse {
        client: of("client"),
        payer: of("payer"),
        cranker: of("cranker"),
        slot: e.world.lamports(&e.slot),
    }
}

#[test]
fn without_a_claimant_price_and_rent_return_and_the_reserve_pays_the_bounty() {
    let mut e = Escrow::ready(0);
    let before = purse(&e);
    let order = e.post();
    e.world.warp_seconds(600);
    e.run(e.crank(&order), &["cranker"]);
    let after = purse(&e);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
    assert_eq!(after.cranker, before.cranker + BOUNTY);
    assert_eq!(after.payer, before.payer - BOUNTY);
    assert_eq!((after.client, after.slot), (before.client, before.slot));
    assert!(!e.world.exists(&order.job) && !e.world.exists(&order.vault));
}

#[test]
fn a_worker_that_never_starts_pays_and_the_job_is_open_again() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    let before = purse(&e);
    e.world.warp_seconds(120);
    e.run(e.crank(&order), &["cranker"]);
    let (after, job, slot) = (purse(&e), e.job(&order), e.slot_state());
    assert_eq!(after.cranker, before.cranker + BOUNTY);
    assert_eq!(after.client, before.client + COMPENSATION);
    assert_eq!(after.slot, before.slot - BOUNTY - COMPENSATION);
    assert_eq!(after.payer, before.payer);
    assert_eq!(
        (job.state, job.slot),
        (state_code::OPEN, solana_address::Address::default())
    );
    assert_eq!(
        u64::from(job.crank_reserve_lamports.get()),
        BOUNTY,
        "the party at fault paid, not the reserve"
    );
    assert_eq!(slot.bond_lamports.get(), DEPOSIT - BOUNTY - COMPENSATION);
    assert_eq!(
        (
            slot.locked_lamports.get(),
            slot.burnt_lamports.get(),
            slot.jobs_failed.get()
        ),
        (0, 0, 1)
    );
    e.rival("rival");
    assert_eq!(e.world.tokens(&order.vault), PRICE);
}

#[test]
fn without_a_commitment_the_client_is_refunded_and_the_bond_is_lost() {
    let mut e = Escrow::ready(0);
    let funded = purse(&e);
    let order = e.job_in(state_code::RUNNING);
    let before = purse(&e);
    e.world.warp_seconds(300);
    e.run(e.crank(&order), &["cranker"]);
    let (after, slot) = (purse(&e), e.slot_state());
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
    assert_eq!(after.client, before.client + COMPENSATION);
    assert_eq!(after.cranker, before.cranker + BOUNTY);
    assert_eq!(after.payer, funded.payer, "rent and the whole reserve are back");
    assert_eq!(
        after.slot,
        before.slot - COMPENSATION - BOUNTY,
        "the burnt rest stays on the slot's account"
    );
    assert_eq!(slot.bond_lamports.get(), DEPOSIT - BOND);
    assert_eq!(slot.burnt_lamports.get(), BOND - COMPENSATION - BOUNTY);
    assert_eq!(slot.slashed_lamports.get(), BOND);
    assert_eq!(slot.current_job, solana_address::Address::default());
    // and nobody can take it out again
    e.run(e.withdraw_bond(DEPOSIT - BOND), &["provider"]);
    e.fails(e.withdraw_bond(1), &["provider"], EscrowError::BondLocked);
    assert_eq!(
        e.world.lamports(&e.slot),
        e.world.rent(336) + BOND - COMPENSATION - BOUNTY
    );
}

#[test]
fn without_a_reveal_the_result_counts_as_wrong_and_the_slots_next_job_goes_on() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::COMMITTED);
    let next = e.post();
    e.run(e.claim(&next), &["session"]);
    e.world.warp(0, 1);
    let before = purse(&e);
    e.run(e.start(&next), &["session"]);
    e.world.warp_seconds(300);
    e.run(e.crank(&order), &["cranker"]);
    let (after, slot) = (purse(&e), e.slot_state());
    assert_eq!(after.client, before.client + COMPENSATION);
    assert_eq!(slot.current_job, next.job, "the live job is another one");
    assert_eq!((slot.locked_lamports.get(), slot.slashed_lamports.get()), (BOND, BOND));
    let expected = sha(&[
        b"commonweal:rcp:1",
        &[0; 32],
        &0u64.to_le_bytes(),
        &order.uid,
        &[0x11; 32],
        &commitment(&RESULT, &SALT, &e.slot, &order.uid),
        &[3],
        &[0; 16],
        &BOND.to_le_bytes(),
    ]);
    assert_eq!(slot.receipt_head, expected);
}

#[test]
fn cranking_early_by_clock_or_by_slots_is_refused() {
    for (state, seconds, slots) in [
        (state_code::OPEN, 600, 750),
        (state_code::CLAIMED, 120, 150),
        (state_code::RUNNING, 300, 375),
        (state_code::COMMITTED, 300, 375),
    ] {
        let mut e = Escrow::ready(0);
        let order = e.job_in(state);
        // a job's posting is one slot before
        let slots = if state == state_code::OPEN { slots - 1 } else { slots };
        e.fails(e.crank(&order), &["cranker"], EscrowError::TooEarly);
        // the cluster halts: the clock is far ahead, the slots are not
        e.world.warp(1_000_000, slots - 1);
        e.fails(e.crank(&order), &["cranker"], EscrowError::TooEarly);
        e.world.warp(0, 1);
        e.run(e.crank(&order), &["cranker"]);

        let mut e = Escrow::ready(0);
        let order = e.job_in(state);
        e.world.warp(seconds - 1, 1_000_000);
        e.fails(e.crank(&order), &["cranker"], EscrowError::TooEarly);
        e.world.warp(1, 0);
        e.run(e.crank(&order), &["cranker"]);
    }
}

#[test]
fn cranking_twice_pays_once() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    e.world.warp_seconds(300);
    let crank = e.crank(&order);
    e.run(crank.clone(), &["cranker"]);
    e.fails_as(crank, &["cranker"], builtin::AccountDataTooSmall);

    let order = e.job_in(state_code::CLAIMED);
    e.world.warp_seconds(120);
    let crank = e.crank(&order);
    e.run(crank.clone(), &["cranker"]);
    // open again, and its open time of 600 s is not over
    e.fails(crank, &["cranker"], EscrowError::TooEarly);
}

#[test]
fn revealed_and_paid_jobs_are_not_cranked() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CHALLENGEABLE);
    e.world.warp_seconds(1_000_000);
    e.fails(e.crank(&order), &["cranker"], EscrowError::NothingToCrank);
    e.run(e.settle(&order), &[]);
    e.fails(e.crank(&order), &["cranker"], EscrowError::NothingToCrank);
}

#[test]
fn timeouts_do_not_revert_when_the_clients_account_is_frozen() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    let (mint, account) = (e.mint.clone(), e.client_token);
    e.world.freeze(&mint, &account);
    e.world.warp_seconds(300);
    let before = purse(&e);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.job(&order).state, state_code::REFUNDABLE);
    assert_eq!(purse(&e).cranker, before.cranker + BOUNTY);
    assert_eq!(purse(&e).client, before.client + COMPENSATION);
    let slot = e.slot_state();
    assert_eq!(
        (slot.current_job, slot.locked_lamports.get()),
        (solana_address::Address::default(), 0),
        "slot freed"
    );
    // while frozen nothing more happens; thawed, anyone finishes it, without another bounty
    e.fails(e.crank(&order), &["cranker"], EscrowError::ClientAccountFrozen);
    e.world.thaw(&mint, &account);
    let before = purse(&e);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(purse(&e).cranker, before.cranker);
    assert_eq!(e.world.tokens(&account), CLIENT_ATOMS);
}

#[test]
fn a_frozen_vault_does_not_hold_the_slot() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::RUNNING);
    let mint = e.mint.clone();
    e.world.freeze(&mint, &order.vault);
    e.world.warp_seconds(300);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.job(&order).state, state_code::REFUNDABLE);
    assert_eq!(e.slot_state().locked_lamports.get(), 0);
    e.fails(e.crank(&order), &["cranker"], EscrowError::ClientAccountFrozen);
    e.world.thaw(&mint, &order.vault);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn an_empty_wallet_of_the_client_does_not_block_the_crank() {
    let mut e = Escrow::ready(0);
    let order = e.post_with(&JobTerms {
        compensation_lamports: 1_000_000,
        ..terms()
    });
    e.drive(&order, state_code::CLAIMED);
    e.world.warp_seconds(120);
    let client = e.key("client");
    let account = e.world.raw(&client);
    e.world
        .set_raw(client, solana_account::Account { lamports: 0, ..account });
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.lamports(&client), 1_000_000);
}

#[test]
fn one_person_in_every_role_is_paid_every_part() {
    let mut e = Escrow::ready(0);
    // the client pays its own rent and cranks its own job
    let client = e.key("client");
    let before = e.world.lamports(&client);
    let post = ix::with(e.post_job(50, &terms()), 1, client);
    let order = e.order(50);
    e.orders.push(order);
    e.run(post, &["client"]);
    e.world.warp(0, 1);
    e.drive(&order, state_code::RUNNING);
    e.world.warp_seconds(300);
    let crank = ix::with(ix::with(e.crank(&order), 0, client), 4, client);
    e.run(crank, &["client"]);
    assert_eq!(e.world.lamports(&client), before + COMPENSATION + BOUNTY);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
}

#[test]
fn a_donated_atom_does_not_block_a_refund() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    let mint = e.mint.clone();
    e.world.mint_into(&mint, &order.vault, 3);
    e.world.warp_seconds(600);
    e.run(e.crank(&order), &["cranker"]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS + 3);
}

#[test]
fn refunds_and_lamports_go_to_those_the_job_names() {
    let mut e = Escrow::ready(0);
    let rivals = e.rival("rival");
    let other = e.post();
    let order = e.job_in(state_code::RUNNING);
    e.world.warp_seconds(300);
    let strangers = e.tokens_of("stranger");
    let crank = e.crank(&order);
    let stranger = e.key("stranger");
    e.fails(
        ix::with(crank.clone(), 2, other.vault),
        &["cranker"],
        EscrowError::NotTheVault,
    );
    e.fails_as(ix::with(crank.clone(), 3, stranger), &["cranker"], builtin::ADDRESS);
    e.fails_as(ix::with(crank.clone(), 4, stranger), &["cranker"], builtin::ADDRESS);
    e.fails(
        ix::with(crank.clone(), 5, strangers),
        &["cranker"],
        EscrowError::NotTheClientsAccount,
    );
    e.fails(
        ix::with(crank.clone(), 5, e.key("nobody")),
        &["cranker"],
        EscrowError::NotTheClientsAccount,
    );
    e.fails(
        ix::with(crank.clone(), 6, rivals),
        &["cranker"],
        EscrowError::NotTheAssignedSlot,
    );
    let mut without = crank.clone();
    without.accounts[6] = solana_instruction::AccountMeta::new_readonly(ix::PROGRAM, false);
    e.fails(without, &["cranker"], EscrowError::SlotRequired);
    e.fails_as(ix::with(crank.clone(), 7, strangers), &["cranker"], builtin::ADDRESS);
    let token_2022 = commonweal_interface::ids::TOKEN_2022;
    e.fails(
        ix::with(crank.clone(), 8, token_2022),
        &["cranker"],
        EscrowError::WrongTokenProgram,
    );
    e.fails_as(ix::unsigned(crank, 0), &[], builtin::MissingRequiredSignature);
}
