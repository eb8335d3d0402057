use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn anyone_closes_a_paid_job_and_the_rent_returns_to_its_payer() {
    let mut e = Escrow::ready(0);
    let payer = e.world.lamports(&e.key("payer"));
    let order = e.job_in(state_code::FINAL);
    e.run(e.close(&order), &[]);
    assert_eq!(e.world.lamports(&e.key("payer")), payer, "rent and the unspent reserve");
    assert!(!e.world.exists(&order.job) && !e.world.exists(&order.vault));
}

#[test]
fn one_donated_atom_does_not_block_closing() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::FINAL);
    let mint = e.mint.clone();
    e.world.mint_into(&mint, &order.vault, 1);
    e.fails(e.close(&order), &[], EscrowError::SurplusAccountRequired);
    let strangers = e.tokens_of("stranger");
    e.fails(
        e.close_with_surplus(&order, strangers),
        &[],
        EscrowError::NotTheClientsAccount,
    );
    e.fails(
        e.close_with_surplus(&order, e.slot),
        &[],
        EscrowError::NotTheClientsAccount,
    );
    e.run(e.close_with_surplus(&order, e.client_token), &[]);
    assert_eq!(e.world.tokens(&e.client_token), CLIENT_ATOMS - PRICE + 1);
}

#[test]
fn a_frozen_client_account_and_a_donated_atom_do_not_block_closing_for_ever() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::FINAL);
    let (mint, account, client) = (e.mint.clone(), e.client_token, e.key("client"));
    e.world.mint_into(&mint, &order.vault, 1);
    e.world.freeze(&mint, &account);
    e.fails_as(e.close_with_surplus(&order, account), &[], builtin::TOKEN_FROZEN);
    // anyone can make another account of the client
    let another = e
        .world
        .token_account_named(&mint, &client, "another account of the client");
    e.run(e.close_with_surplus(&order, another), &[]);
    assert_eq!(e.world.tokens(&another), 1);
}

#[test]
fn a_live_job_is_not_closed() {
    let mut e = Escrow::ready(0);
    let order = e.post();
    e.fails(e.close(&order), &[], EscrowError::WrongJobState);
    e.drive(&order, state_code::CHALLENGEABLE);
    e.fails(e.close(&order), &[], EscrowError::WrongJobState);
}

#[test]
fn a_job_is_closed_once_and_with_its_own_vault_and_payer() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::FINAL);
    let other = e.job_in(state_code::FINAL);
    e.fails(ix::with(e.close(&order), 1, other.vault), &[], EscrowError::NotTheVault);
    e.fails_as(ix::with(e.close(&order), 2, e.key("stranger")), &[], builtin::ADDRESS);
    e.fails_as(ix::with(e.close(&order), 4, e.slot), &[], builtin::ADDRESS);
    let other_program = ix::with(e.close(&order), 5, commonweal_interface::ids::TOKEN_2022);
    e.fails(other_program, &[], EscrowError::WrongTokenProgram);
    e.run(e.close(&order), &[]);
    e.fails_as(e.close(&order), &[], builtin::AccountDataTooSmall);
}
