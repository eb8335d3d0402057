use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, *},
    solana_address::Address,
};

#[test]
fn a_provider_belongs_to_its_authority() {
    let mut e = Escrow::configured(0);
    let before = e.world.lamports(&e.key("provider"));
    e.run(
        ix::register_provider(e.key("provider"), e.key("session"), 276),
        &["provider"],
    );
    let provider: Provider = e.world.state(&e.provider);
    assert_eq!(
        (provider.authority, provider.session_key),
        (e.key("provider"), e.key("session"))
    );
    assert_eq!(
        (provider.region.get(), provider.slot_count.get(), provider.version),
        (276, 0, 1)
    );
    assert_eq!(provider.created_ts.get(), e.world.now());
    assert_eq!(e.world.lamports(&e.key("provider")), before - e.world.rent(264));
}

#[test]
fn one_authority_has_one_provider() {
    let mut e = Escrow::ready(0);
    let again = ix::register_provider(e.key("provider"), e.key("session"), 276);
    e.fails_as(again, &["provider"], builtin::SYSTEM_IN_USE);
}

#[test]
fn the_address_must_be_the_authoritys_own() {
    let mut e = Escrow::configured(0);
    let instruction = ix::register_provider(e.key("stranger"), e.key("session"), 0);
    e.fails_as(
        ix::with(instruction, 1, e.provider),
        &["stranger"],
        builtin::InvalidSeeds,
    );
}

#[test]
fn a_session_key_of_zero_is_refused() {
    let mut e = Escrow::configured(0);
    let instruction = ix::register_provider(e.key("provider"), Address::default(), 0);
    e.fails(instruction, &["provider"], EscrowError::ZeroAddress);
}
