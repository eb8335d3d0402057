use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
};

#[test]
fn the_provider_takes_its_part_and_leaves_the_fee() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::FINAL);
    e.job_in(state_code::FINAL);
    let account = e.tokens_of("provider");
    e.run(e.withdraw_payout(account), &["provider"]);
    assert_eq!(e.world.tokens(&account), 2 * PROVIDER_PART);
    let payout = e.payout_state();
    assert_eq!(
        (payout.claimable_atoms.get(), payout.fee_due_atoms.get()),
        (0, 2 * FEE_PART)
    );
    assert_eq!(e.world.tokens(&payout.vault), 2 * FEE_PART);
    e.fails(e.withdraw_payout(account), &["provider"], EscrowError::NothingDue);
}

#[test]
fn the_authority_names_any_account() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::FINAL);
    let account = e.tokens_of("stranger");
    e.run(e.withdraw_payout(account), &["provider"]);
    assert_eq!(e.world.tokens(&account), PROVIDER_PART);
}

#[test]
fn the_session_key_and_others_move_no_money() {
    let mut e = Escrow::ready(0);
    e.rival("rival");
    e.job_in(state_code::FINAL);
    let account = e.tokens_of("stranger");
    for thief in ["session", "stranger", "admin", "client"] {
        e.fails_as(
            ix::with(e.withdraw_payout(account), 0, e.key(thief)),
            &[thief],
            builtin::ADDRESS,
        );
    }
    let rivals = ix::provider(&e.key("rival")).0;
    let theft = ix::with(ix::with(e.withdraw_payout(account), 0, e.key("rival")), 1, rivals);
    e.fails_as(theft, &["rival"], builtin::ADDRESS);
    e.fails_as(
        ix::unsigned(e.withdraw_payout(account), 0),
        &[],
        builtin::MissingRequiredSignature,
    );
    e.fails_as(
        ix::with(e.withdraw_payout(account), 3, e.client_token),
        &["provider"],
        builtin::ADDRESS,
    );
}

#[test]
fn a_destination_of_another_mint_or_frozen_changes_nothing() {
    let mut e = Escrow::ready(0);
    e.job_in(state_code::FINAL);
    let gold = e.world.mint("gold", 6);
    let owner = e.key("provider");
    let other = e.world.token_account(&gold, &owner);
    e.fails_as(e.withdraw_payout(other), &["provider"], builtin::TOKEN_MINT);
    let (mint, account) = (e.mint.clone(), e.tokens_of("provider"));
    e.world.freeze(&mint, &account);
    e.fails_as(e.withdraw_payout(account), &["provider"], builtin::TOKEN_FROZEN);
}
