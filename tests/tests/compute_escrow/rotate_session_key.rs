use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
    solana_address::Address,
};

#[test]
fn a_replaced_session_key_works_no_more_jobs() {
    let mut e = Escrow::ready(0);
    let order = e.job_in(state_code::CLAIMED);
    e.run(
        ix::rotate_session_key(e.provider, e.key("provider"), e.key("new session")),
        &["provider"],
    );
    let provider: Provider = e.world.state(&e.provider);
    assert_eq!(
        (provider.session_key, provider.previous_session_key),
        (e.key("new session"), e.key("session"))
    );
    assert_eq!(provider.previous_valid_until_ts.get(), e.world.now() + 3_600);

    e.fails(e.start(&order), &["session"], EscrowError::NotTheProvider);
    e.run(ix::with(e.start(&order), 0, e.key("new session")), &["new session"]);
    // the authority can always act for its machines
    e.run(ix::with(e.commit(&order), 0, e.key("provider")), &["provider"]);
}

#[test]
fn only_the_authority_replaces_it() {
    let mut e = Escrow::ready(0);
    let by_session = ix::rotate_session_key(e.provider, e.key("session"), e.key("stranger"));
    e.fails_as(by_session, &["session"], builtin::ADDRESS);
    let to_zero = ix::rotate_session_key(e.provider, e.key("provider"), Address::default());
    e.fails(to_zero, &["provider"], EscrowError::ZeroAddress);
}
