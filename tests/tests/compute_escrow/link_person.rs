//! `link_person` and `unlink_person`

use {
    crate::builtin,
    commonweal_tests::fixtures::escrow::{ix, supply::*, *},
    compute_escrow::state::PersonLink,
    solana_address::Address,
};

const NINETY_DAYS: i64 = 90 * 86_400;

#[test]
fn a_person_stands_behind_a_provider_and_is_new_for_ninety_days() {
    let mut e = Escrow::ready(0);
    let (ann, now) = (e.person("ann"), e.world.now());
    let wallet = e.world.lamports(&e.key("ann"));
    e.run(e.link("ann", ann), &["ann", "provider"]);
    let provider = e.provider_state();
    assert_eq!((provider.person, provider.person_config_id.get()), (ann, e.config_id));
    assert_eq!(
        (provider.head_start_until_ts.get(), provider.person_until_ts.get()),
        (now + NINETY_DAYS, now + YEAR)
    );
    let (address, bump) = link(&ann);
    let state: PersonLink = e.world.state(&address);
    assert_eq!((state.version, state.bump), (1, bump));
    assert_eq!((state.person, state.provider), (ann, e.provider));
    assert_eq!(
        (state.first_linked_ts.get(), state.juror_index_plus_one.get()),
        (now, 0)
    );
    assert_eq!(e.world.lamports(&address), e.world.rent(120));
    assert_eq!(e.world.lamports(&e.key("ann")), wallet - e.world.rent(120));
}

#[test]
fn the_wallet_may_be_the_authority_itself() {
    let mut e = Escrow::ready(0);
    let (realm, wallet, until) = (e.realm, e.key("provider"), e.world.now() + YEAR);
    let me = put_person(&mut e.world, "me", &realm, &wallet, until, 0);
    e.run(link_person(wallet, wallet, me, e.config), &["provider"]);
    assert_eq!(e.provider_state().person, me);
}

#[test]
fn both_the_wallet_and_the_authority_sign() {
    let mut e = Escrow::ready(0);
    let ann = e.person("ann");
    let by = e.link("ann", ann);
    e.fails_as(
        ix::unsigned(by.clone(), 0),
        &["provider"],
        builtin::MissingRequiredSignature,
    );
    e.fails_as(ix::unsigned(by.clone(), 1), &["ann"], builtin::MissingRequiredSignature);
    // neither the machines' key nor another provider stands in for the authority
    e.fails_as(
        ix::with(by.clone(), 1, e.key("session")),
        &["ann", "session"],
        builtin::ADDRESS,
    );
    // and no other wallet for the person's
    e.fails(
        ix::with(by, 0, e.key("stranger")),
        &["stranger", "provider"],
        EscrowError::NotThePerson,
    );
}

#[test]
fn only_an_active_person_of_the_configs_realm_is_linked() {
    let mut e = Escrow::ready(0);
    e.world.actor("ann");
    let wallet = e.key("ann");
    let (realm, now) = (e.realm, e.world.now());
    let other_realm = put_realm(&mut e.world, "other realm", false);
    let cases = [
        ("expired", realm, now, 0),
        ("revoked", realm, now + YEAR, now - 5),
        ("of another realm", other_realm, now + YEAR, 0),
    ];
    for (name, realm, until, revoked) in cases {
        let person = put_person(&mut e.world, name, &realm, &wallet, until, revoked);
        e.fails(e.link("ann", person), &["ann", "provider"], EscrowError::PersonRefused);
    }
    // a second more, and it is one
    let person = put_person(&mut e.world, "nearly expired", &realm, &wallet, now + 1, 0);
    let link = e.link("ann", person);
    // a realm is no person, nor is one of another program's or of a type unknown
    e.fails(e.link("ann", realm), &["ann", "provider"], EscrowError::PersonRefused);
    let real = e.world.raw(&person);
    for change in 0..2 {
        let (mut account, at) = (real.clone(), e.key("look-alike"));
        if change == 0 {
            account.owner = e.key("stranger");
        } else {
            account.data[0] ^= 1;
        }
        e.world.set_raw(at, account);
        e.fails(e.link("ann", at), &["ann", "provider"], EscrowError::PersonRefused);
    }
    e.run(link, &["ann", "provider"]);
}

#[test]
fn a_provider_has_one_person_and_a_person_one_provider() {
    let mut e = Escrow::ready(0);
    e.rival("rival");
    let (ann, bob) = (e.linked("ann"), e.person("bob"));
    e.fails(e.link("bob", bob), &["bob", "provider"], EscrowError::AlreadyLinked);
    let elsewhere = link_person(e.key("ann"), e.key("rival"), ann, e.config);
    e.fails(elsewhere, &["ann", "rival"], EscrowError::AlreadyLinked);
}

#[test]
fn the_link_is_the_persons_own_account() {
    let mut e = Escrow::ready(0);
    let (ann, bob) = (e.linked("ann"), e.person("bob"));
    e.run(e.unlink("ann", ann), &["ann"]);
    // another person's link
    let with_anns = ix::with(e.link("bob", bob), 4, link(&ann).0);
    e.fails(with_anns, &["bob", "provider"], EscrowError::NotLinked);
    // another account of the program
    let with_slot = ix::with(e.link("bob", bob), 4, e.slot);
    e.fails_as(with_slot, &["bob", "provider"], builtin::InvalidAccountData);
    // an address that nobody derived
    let elsewhere = ix::with(e.link("bob", bob), 4, e.key("elsewhere"));
    e.fails_as(elsewhere, &["bob", "provider"], builtin::InvalidSeeds);
}

#[test]
fn lamports_sent_to_the_links_address_before_do_not_stop_it() {
    let mut e = Escrow::ready(0);
    let ann = e.person("ann");
    e.world.airdrop(&link(&ann).0, 1);
    e.run(e.link("ann", ann), &["ann", "provider"]);
    assert_eq!(e.world.lamports(&link(&ann).0), e.world.rent(120));
}

#[test]
fn nobody_is_new_twice() {
    let mut e = Escrow::ready(0);
    e.rival("rival");
    let ann = e.linked("ann");
    let until = e.provider_state().head_start_until_ts.get();
    e.run(e.unlink("ann", ann), &["ann"]);
    assert_eq!(e.provider_state().head_start_until_ts.get(), 0);
    e.world.warp_seconds(NINETY_DAYS - 10);
    e.run(
        link_person(e.key("ann"), e.key("rival"), ann, e.config),
        &["ann", "rival"],
    );
    let rival: Provider = e.world.state(&ix::provider(&e.key("rival")).0);
    assert_eq!(
        rival.head_start_until_ts.get(),
        until,
        "it counts from the first link to any provider"
    );
}

#[test]
fn linking_the_same_two_again_renews_the_expiry_only() {
    let mut e = Escrow::ready(0);
    let ann = e.linked("ann");
    let before = e.provider_state();
    e.world.warp_seconds(100);
    // governance has renewed the registration
    let until = e.world.now() + 2 * YEAR;
    e.poke(ann, 104, &until.to_le_bytes());
    e.run(e.link("ann", ann), &["ann", "provider"]);
    let after = e.provider_state();
    assert_eq!(after.person_until_ts.get(), until);
    assert_eq!(after.head_start_until_ts, before.head_start_until_ts);
    assert_eq!(after.person, before.person);
    // a wallet that is not the person's any more renews nothing
    e.poke(ann, 40, e.key("new wallet").as_ref());
    e.fails(e.link("ann", ann), &["ann", "provider"], EscrowError::NotThePerson);
}

#[test]
fn either_side_unlinks_and_both_are_free() {
    for by in ["ann", "provider"] {
        let mut e = Escrow::ready(0);
        let ann = e.linked("ann");
        e.run(e.unlink(by, ann), &[by]);
        let (provider, state) = (e.provider_state(), e.world.state::<PersonLink>(&link(&ann).0));
        assert_eq!(
            (provider.person, state.provider),
            (Address::default(), Address::default())
        );
        assert_ne!(state.first_linked_ts.get(), 0);
        // once
        e.fails(e.unlink(by, ann), &[by], EscrowError::NotLinked);
        e.run(e.link("ann", ann), &["ann", "provider"]);
    }
}

#[test]
fn strangers_and_the_machines_key_unlink_nobody_whose_registration_holds() {
    let mut e = Escrow::ready(0);
    let ann = e.linked("ann");
    for by in ["stranger", "session"] {
        e.fails(e.unlink(by, ann), &[by], EscrowError::NotThePerson);
    }
    e.fails_as(
        ix::unsigned(e.unlink("ann", ann), 0),
        &[],
        builtin::MissingRequiredSignature,
    );
}

#[test]
fn anybody_unlinks_a_person_whose_registration_has_ended() {
    // offsets behind the discriminator: expiry, revocation
    for (offset, after) in [(104, 0), (112, 1)] {
        let mut e = Escrow::ready(0);
        let ann = e.linked("ann");
        let now = e.world.now() + after;
        e.poke(ann, offset, &now.to_le_bytes());
        e.run(e.unlink("stranger", ann), &["stranger"]);
    }
    // a registration that is closed altogether
    let mut e = Escrow::ready(0);
    let ann = e.linked("ann");
    let mut gone = e.world.raw(&ann);
    gone.data.clear();
    gone.owner = commonweal_interface::ids::SYSTEM;
    e.world.set_raw(ann, gone);
    e.run(e.unlink("stranger", ann), &["stranger"]);
}

#[test]
fn a_person_that_has_moved_its_wallet_unlinks_with_the_new_one() {
    let mut e = Escrow::ready(0);
    let ann = e.linked("ann");
    e.world.actor("new wallet");
    e.poke(ann, 40, e.key("new wallet").as_ref());
    e.fails(e.unlink("ann", ann), &["ann"], EscrowError::NotThePerson);
    e.run(e.unlink("new wallet", ann), &["new wallet"]);
}

#[test]
fn unlinking_names_the_provider_its_person_its_link_and_its_config() {
    let mut e = Escrow::ready(0);
    e.rival("rival");
    let (ann, bob) = (e.linked("ann"), e.person("bob"));
    let rivals = ix::provider(&e.key("rival")).0;
    e.run(
        link_person(e.key("bob"), e.key("rival"), bob, e.config),
        &["bob", "rival"],
    );
    let unlink = e.unlink("provider", ann);
    e.fails(ix::with(unlink.clone(), 2, bob), &["provider"], EscrowError::NotLinked);
    e.fails(
        ix::with(unlink.clone(), 3, link(&bob).0),
        &["provider"],
        EscrowError::NotLinked,
    );
    e.fails(
        ix::with(unlink.clone(), 1, rivals),
        &["provider"],
        EscrowError::NotLinked,
    );
    // under a config of another realm every person would look expired
    let realm = put_realm(&mut e.world, "other realm", false);
    let other = e.another_config(777, realm);
    e.world.warp(0, 1);
    let by_stranger = ix::with(e.unlink("stranger", ann), 4, other);
    e.fails(by_stranger, &["stranger"], EscrowError::ConfigMismatch);
}
