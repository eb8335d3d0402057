//! Attacks that a review of the whole program tried.

use {
    crate::builtin,
    commonweal_tests::{fixtures::escrow::*, world::program_bytes},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_signer::Signer as _,
};

/// An instruction of the token program on accounts that are writable, except the last, which signs.
fn token_call(e: &Escrow, accounts: &[Address], data: Vec<u8>) -> Instruction {
    let (signer, writables) = accounts.split_last().unwrap();
    let mut metas: Vec<AccountMeta> = writables.iter().map(|key| AccountMeta::new(*key, false)).collect();
    metas.push(AccountMeta::new_readonly(*signer, true));
    Instruction {
        program_id: e.mint.program,
        accounts: metas,
        data,
    }
}

#[test]
fn a_refund_into_an_account_that_a_cranker_prepared_is_the_clients_all_the_same() {
    // a stranger makes an account, approves itself, keeps the right to close it, gives it to the client and cranks into it
    let mut e = Escrow::ready(0);
    let order = e.post();
    let (mint, stranger, client) = (e.mint.clone(), e.world.actor("stranger"), e.key("client"));
    let by = e.key("stranger");
    let planted = e.world.token_account_named(&mint, &by, "planted");
    let approve = [vec![4], u64::MAX.to_le_bytes().to_vec()].concat();
    let keep_closing = [vec![6, 3, 1], by.to_bytes().to_vec()].concat();
    let give_away = [vec![6, 2, 1], client.to_bytes().to_vec()].concat();
    let approval = token_call(&e, &[planted, by, by], approve);
    e.world.succeeds(approval, &[&stranger]);
    for data in [keep_closing, give_away] {
        let call = token_call(&e, &[planted, by], data);
        e.world.succeeds(call, &[&stranger]);
    }
    e.world.warp_seconds(600);
    let mut crank = e.crank(&order);
    for meta in &mut crank.accounts {
        if meta.pubkey == e.client_token {
            meta.pubkey = planted;
        }
    }
    e.run(crank, &["cranker"]);
    assert_eq!(e.world.tokens(&planted), PRICE);
    let loot = e.tokens_of("stranger");
    let take = token_call(
        &e,
        &[planted, loot, by],
        [vec![3], PRICE.to_le_bytes().to_vec()].concat(),
    );
    e.fails_as(take, &["stranger"], builtin::TOKEN_OWNER);
    // SPL Token: an account that holds tokens is not closed (error 11)
    let close = token_call(&e, &[planted, by, by], vec![9]);
    e.fails_as(close, &["stranger"], 11);
}

/// Turns an actor's wallet into a program of the upgradeable loader.
fn deploy_at(e: &mut Escrow, name: &str) {
    let loader = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");
    let code = e.world.keypair(&format!("code of {name}")).pubkey();
    let mut program = e.world.raw(&e.key(name));
    let mut holder = program.clone();
    // UpgradeableLoaderState::ProgramData: tag, slot, no authority, then the code at 45
    holder.data = [vec![3, 0, 0, 0], vec![0; 41], program_bytes("libcalls_probe")].concat();
    holder.owner = loader;
    e.world.set_raw(code, holder);
    program.data = [vec![2, 0, 0, 0], code.to_bytes().to_vec()].concat();
    program.owner = loader;
    program.executable = true;
    e.world.set_raw(e.key(name), program);
}

#[test]
fn a_sponsor_that_becomes_a_program_holds_neither_the_refund_nor_the_slot() {
    // whoever paid the rent, and the client, deploy a program at their keys after the posting
    for state in [state_code::OPEN, state_code::RUNNING, state_code::COMMITTED] {
        let mut e = Escrow::ready(0);
        let order = e.job_in(state);
        deploy_at(&mut e, "client");
        deploy_at(&mut e, "payer");
        let held = e.world.lamports(&order.job) + e.world.lamports(&order.vault);
        let payer = e.key("payer");
        let before = e.world.lamports(&payer);
        e.world.warp_seconds(600);
        e.run(e.crank(&order), &["cranker"]);
        assert!(!e.world.exists(&order.job) && !e.world.exists(&order.vault));
        assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS);
        let bounty = if state == state_code::OPEN { BOUNTY } else { 0 };
        assert_eq!(e.world.lamports(&payer), before + held - bounty);
        let slot = e.slot_state();
        assert_eq!((slot.locked_lamports.get(), slot.current_job), (0, Address::default()));
    }
}

#[test]
fn a_sponsor_that_becomes_a_program_does_not_hold_what_the_client_takes_back() {
    for by in ["cancel", "claim", "close"] {
        let mut e = Escrow::ready(0);
        let order = match by {
            "cancel" => e.post(),
            "claim" => e.refundable(),
            _ => e.job_in(state_code::FINAL),
        };
        deploy_at(&mut e, "payer");
        let other = e
            .world
            .token_account_named(&e.mint.clone(), &e.key("client"), "another of the client");
        let instruction = match by {
            "cancel" => e.cancel(&order),
            "claim" => e.claim_refund(&order, other),
            _ => e.close(&order),
        };
        e.run(instruction, &["client"]);
        assert!(!e.world.exists(&order.job) && !e.world.exists(&order.vault));
    }
}
