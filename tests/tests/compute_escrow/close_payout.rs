use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn an_empty_payout_returns_its_rent_to_who_paid_it() {
    let mut e = Escrow::ready(0);
    let account = e.tokens_of("provider");
    let before = e.world.lamports(&e.key("payer"));
    e.run(e.close_payout(account), &["provider"]);
    assert_eq!(
        e.world.lamports(&e.key("payer")),
        before + e.world.rent(256) + e.world.rent(165)
    );
    assert!(!e.world.exists(&e.payout));
    // it can be opened again
    e.run(e.open_payout(), &["payer"]);
}

#[test]
fn a_donated_atom_goes_to_the_provider_and_blocks_nothing() {
    let mut e = Escrow::ready(0);
    let account = e.tokens_of("provider");
    let (mint, vault) = (e.mint.clone(), ix::vault(&e.payout).0);
    e.world.mint_into(&mint, &vault, 1);
    e.run(e.close_payout(account), &["provider"]);
    assert_eq!(e.world.tokens(&account), 1);
}

#[test]
fn it_stays_while_anything_is_due_to_anyone() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::FINAL);
    let (account, treasury) = (e.tokens_of("provider"), e.tokens_of("treasury"));
    e.fails(e.close_payout(account), &["provider"], EscrowError::PayoutNotEmpty);
    e.run(e.withdraw_payout(account), &["provider"]);
    e.fails(e.close_payout(account), &["provider"], EscrowError::PayoutNotEmpty);
    e.run(e.sweep(treasury), &[]);
    e.run(e.close_payout(account), &["provider"]);
}

#[test]
fn only_the_authority_closes_it_and_only_its_payer_gets_the_rent() {
    let mut e = Escrow::ready(0);
    let account = e.tokens_of("provider");
    let close = e.close_payout(account);
    e.fails_as(
        ix::with(close.clone(), 0, e.key("session")),
        &["session"],
        builtin::ADDRESS,
    );
    e.fails_as(
        ix::with(close.clone(), 5, e.key("stranger")),
        &["provider"],
        builtin::ADDRESS,
    );
    e.fails_as(ix::with(close, 3, e.client_token), &["provider"], builtin::ADDRESS);
}

#[test]
fn a_provider_that_opened_it_itself_gets_the_rent() {
    let mut e = Escrow::ready(0);
    let mint = e.world.mint("gold", 9);
    let provider = e.key("provider");
    e.run(
        ix::open_payout(provider, e.slot, mint.address, mint.program),
        &["provider"],
    );
    let account = e.world.token_account(&mint, &provider);
    let before = e.world.lamports(&provider);
    e.run(
        ix::close_payout(provider, e.slot, account, provider, mint.address, mint.program),
        &["provider"],
    );
    assert_eq!(
        e.world.lamports(&provider),
        before + e.world.rent(256) + e.world.rent(165)
    );
}
