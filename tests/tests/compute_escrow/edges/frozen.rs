//! Frozen accounts.

use {
    super::*,
    crate::{builtin, exits::work},
    commonweal_tests::fixtures::escrow::{court::*, ix, lease::*},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Freezes an account; the step is refused and changes nothing. Thawed, it succeeds.
#[track_caller]
fn waits_for(e: &mut Escrow, account: Address, step: Instruction, by: &[&str]) {
    let mint = e.mint.clone();
    e.world.freeze(&mint, &account);
    e.fails_as(step.clone(), by, builtin::TOKEN_FROZEN);
    e.world.thaw(&mint, &account);
    e.run(step, by);
}

#[test]
fn a_frozen_payout_delays_its_own_payment_only_whatever_the_order() {
    let mut e = hired();
    let vault = e.payout_state().vault;
    let (order, other) = (e.post_with(&milestone_terms()), e.post());
    e.drive(&order, state_code::RUNNING);
    let accept = e.accept_milestone(&order, 0);
    waits_for(&mut e, vault, accept, &["client"]);
    e.drive_from_running(&order);
    e.run(e.claim_by("ben", &other), &["ben"]);
    e.world.warp_seconds(3_600);
    let settle = e.settle(&order);
    waits_for(&mut e, vault, settle, &[]);
    assert_eq!(default_payout(&e), (PROVIDER_PART, FEE_PART));
    // neither the other's payment nor the fee waits for who is frozen
    let mint = e.mint.clone();
    let (mine, treasury) = (e.tokens_of("provider"), e.tokens_of("treasury"));
    e.world.freeze(&mint, &mine);
    e.fails_as(e.withdraw_payout(mine), &["provider"], builtin::TOKEN_FROZEN);
    e.run(e.sweep(treasury), &[]);
    e.world.freeze(&mint, &treasury);
    let elsewhere = e.world.token_account_named(&mint, &e.key("provider"), "elsewhere");
    e.run(e.withdraw_payout(elsewhere), &["provider"]);
    assert_eq!(e.world.tokens(&elsewhere), PROVIDER_PART);
    assert_eq!(e.world.tokens(&treasury), FEE_PART);

    let auction = e.awarded_auction(&[("anna", 700_000)], "anna");
    e.run(e.take_up("anna", &auction), &["anna"]);
    let vault = ix::vault(&ix::payout(&e.slot_of("anna"), &e.mint.address).0).0;
    e.world.freeze(&mint, &vault);
    let (key, provider, slot) = (e.key("anna"), e.provider_of("anna"), e.slot_of("anna"));
    let hash = commitment(&RESULT, &SALT, &slot, &auction.uid);
    e.run(ix::start_job(key, provider, slot, auction.job, &INPUT), &["anna"]);
    e.run(ix::commit_result(key, provider, slot, auction.job, &hash), &["anna"]);
    e.run(
        ix::reveal_result(key, provider, slot, auction.job, &RESULT, &SALT),
        &["anna"],
    );
    e.world.thaw(&mint, &vault);
    e.world.warp_seconds(3_600);
    let settle = ix::settle(auction.job, slot, e.mint.address, e.mint.program);
    waits_for(&mut e, vault, settle, &[]);
}

#[test]
fn a_frozen_vault_delays_its_own_order_only_whatever_the_order() {
    let mut e = hired();
    let mint = e.mint.clone();
    // a job that is paid, one that is canceled, an auction and a redundant order that end without work
    let order = e.job_in(state_code::CHALLENGEABLE);
    e.world.warp_seconds(3_600);
    let settle = e.settle(&order);
    waits_for(&mut e, order.vault, settle, &[]);
    let order = e.post();
    let cancel = e.cancel(&order);
    waits_for(&mut e, order.vault, cancel, &["client"]);

    for terms in [auction_terms(), redundant_terms()] {
        let order = e.post_with(&terms);
        e.world.warp_seconds(600);
        e.world.freeze(&mint, &order.vault);
        if terms.kind == 1 {
            e.run(e.crank(&order), &["cranker"]);
        } else {
            e.run(e.compare(&order, &[]), &["cranker"]);
        }
        assert_eq!(e.job(&order).state, state_code::REFUNDABLE);
        e.fails(e.crank(&order), &["cranker"], EscrowError::ClientAccountFrozen);
        e.world.thaw(&mint, &order.vault);
        e.run(e.crank(&order), &["cranker"]);
    }
    let order = e.compared_order(&[RESULT; 3]);
    e.world.warp_seconds(3_600);
    let settle = e.settle_part("anna", &order);
    waits_for(&mut e, order.vault, settle, &["cranker"]);

    let rent = e.lease_in(lease_code::ACTIVE);
    e.world.warp_seconds(100);
    let words = e.words(&rent, 100 * RATE, 1);
    e.world.freeze(&mint, &rent.vault);
    let redemption = e.redemption(&rent, &words);
    e.redemption_fails(&redemption, builtin::TOKEN_FROZEN);
    e.world.thaw(&mint, &rent.vault);
    e.redeems(&rent, &words);

    let mut c = Court::ended(0, 6, 700_000);
    let (execute, vault) = (c.execute(), c.order.vault);
    waits_for(&mut c.e, vault, execute, &["cranker"]);
}

#[test]
fn a_frozen_client_delays_its_own_refund_only_whatever_the_order() {
    let mut e = hired();
    let (mint, account) = (e.mint.clone(), e.client_token);
    let second = e.world.token_account_named(&mint, &e.key("client"), "second");
    let won = e.awarded_auction(&[("anna", 700_000), ("ben", 800_000)], "anna");
    e.run(e.take_up("anna", &won), &["anna"]);
    let redundant = e.post_with(&redundant_terms());
    let auction = e.post_with(&auction_terms());
    e.run(e.place_bid("cleo", &auction, 1), &["cleo", "payer"]);
    e.world.freeze(&mint, &account);

    // a winner is paid; the surplus goes where the client says
    work(&mut e, "anna", &won);
    assert_eq!(payout(&e, "anna"), (686_000, 14_000));
    e.fails_as(e.close_with_surplus(&won, account), &["cranker"], builtin::TOKEN_FROZEN);
    e.run(e.claim_refund(&won, second), &["client"]);
    assert_eq!(e.world.tokens(&second), 300_003);

    // nobody joined
    e.run(e.compare(&redundant, &[]), &["cranker"]);
    e.fails(e.crank(&redundant), &["cranker"], EscrowError::ClientAccountFrozen);
    e.run(e.claim_refund(&redundant, second), &["client"]);

    // nobody revealed: the refund waits, the bidder does not
    e.run(e.end_bidding(&auction), &["cranker"]);
    e.world.warp_seconds(300);
    e.run(e.crank(&auction), &["cranker"]);
    assert_eq!(e.job(&auction).state, state_code::REFUNDABLE);
    e.run(e.reclaim_bid("cleo", &auction), &["cranker"]);
    e.fails(e.crank(&auction), &["cranker"], EscrowError::ClientAccountFrozen);
    e.world.thaw(&mint, &account);
    e.run(e.crank(&auction), &["cranker"]);
    assert_eq!(
        e.world.tokens(&account) + e.world.tokens(&second),
        CLIENT_ATOMS - 700_000
    );
}

#[test]
fn a_frozen_client_of_a_lost_case_holds_neither_bond_nor_rent() {
    let mut c = Court::ended(0, 6, 0);
    let (mint, account) = (c.e.mint.clone(), c.e.client_token);
    c.e.world.freeze(&mint, &account);
    c.e.run(c.execute(), &["cranker"]);
    c.clear(&[]);
    assert_eq!(c.e.slot_state().locked_lamports.get(), 0);
    c.e.fails_as(
        c.e.close_with_surplus(&c.order, account),
        &["cranker"],
        builtin::TOKEN_FROZEN,
    );
    let second = c.e.world.token_account_named(&mint, &c.key("client"), "second");
    c.e.run(c.e.claim_refund(&c.order, second), &["client"]);
    assert_eq!(c.e.world.tokens(&second), PRICE);
}
