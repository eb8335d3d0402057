use crate::prelude::*;

#[test]
fn founder_and_guardian_disable_and_the_rent_returns_to_the_founder() {
    for authority in ["founder", "guardian"] {
        let mut community = Community::with_attestors(0, 2);
        let authority = community.world.actor(authority);
        let founder = community.founder.pubkey();
        let key = community.attestor_key(1).pubkey();
        let before = community.world.lamports(&founder);
        let instruction = gov::disable_attestor(&community.realm, &authority.pubkey(), &key, &founder);
        community.world.succeeds(instruction, &[&authority]);
        assert!(!community.world.exists(&gov::attestor_address(&community.realm, &key)));
        assert_eq!(
            community.world.lamports(&founder) - before,
            community.world.rent(ATTESTOR_LEN)
        );
        assert_eq!(community.realm_state().attestor_slots.get(), 1);
    }
}

#[test]
fn a_freed_slot_is_given_again() {
    let mut community = Community::with_attestors(0, 2);
    let founder = community.founder.insecure_clone();
    let key = community.attestor_key(1).pubkey();
    let disable = gov::disable_attestor(&community.realm, &founder.pubkey(), &key, &founder.pubkey());
    community.world.succeeds(disable, &[&founder]);
    let successor = community.world.actor("successor").pubkey();
    let choice = community.attestor_choice(1, 1);
    let add = gov::add_attestor(&community.realm, &founder.pubkey(), &successor, choice);
    community.world.succeeds(add, &[&founder]);
}

#[test]
fn strangers_attestors_and_past_guardians_may_not() {
    let mut community = Community::with_attestors(0, 2);
    let founder = community.founder.pubkey();
    let key = community.attestor_key(1).pubkey();
    for name in ["stranger", "attestor 1"] {
        let authority = community.world.actor(name);
        let instruction = gov::disable_attestor(&community.realm, &authority.pubkey(), &key, &founder);
        community
            .world
            .fails_with(instruction, &[&authority], error(GovernanceError::NotAuthorized));
    }
    let sunset = community.realm_state().guardian_sunset_ts.get();
    community.world.warp_to(sunset);
    let guardian = community.guardian.insecure_clone();
    let instruction = gov::disable_attestor(&community.realm, &guardian.pubkey(), &key, &founder);
    community
        .world
        .fails_with(instruction, &[&guardian], error(GovernanceError::NotAuthorized));
}

#[test]
fn the_rent_goes_to_nobody_else() {
    let mut community = Community::with_attestors(0, 1);
    let guardian = community.guardian.insecure_clone();
    let key = community.attestor_key(0).pubkey();
    let instruction = gov::disable_attestor(&community.realm, &guardian.pubkey(), &key, &guardian.pubkey());
    community.world.fails_with(instruction, &[&guardian], ADDRESS);
}

#[test]
fn an_attestor_of_another_realm_is_refused() {
    let mut community = Community::with_attestors(0, 1);
    let founder = community.founder.insecure_clone();
    let key = community.attestor_key(0).pubkey();
    let other = community.create_second_realm();
    let mut instruction = gov::disable_attestor(&other, &founder.pubkey(), &key, &founder.pubkey());
    instruction.accounts[2].pubkey = gov::attestor_address(&community.realm, &key);
    community
        .world
        .fails_with(instruction, &[&founder], error(GovernanceError::AttestorOfOtherRealm));
}

#[test]
fn after_the_term_anybody_disables_and_the_rent_returns_all_the_same() {
    let mut community = Community::with_attestors(0, 1);
    let (founder, key) = (community.founder.pubkey(), community.attestor_key(0).pubkey());
    let anybody = community.world.actor("anybody");
    let address = gov::attestor_address(&community.realm, &key);
    let end = community.world.state::<Attestor>(&address).enabled_until_ts.get();
    let instruction = gov::disable_attestor(&community.realm, &anybody.pubkey(), &key, &founder);
    community.world.warp_to(end - 1);
    community
        .world
        .fails_with(instruction.clone(), &[&anybody], error(GovernanceError::NotAuthorized));
    community.world.warp_to(end);
    let before = community.world.lamports(&founder);
    community.world.succeeds(instruction, &[&anybody]);
    assert_eq!(
        community.world.lamports(&founder) - before,
        community.world.rent(ATTESTOR_LEN)
    );
    assert_eq!(community.realm_state().attestor_count, 0);
}

#[test]
fn from_the_sunset_on_the_founder_may_not() {
    let mut community = Community::with_attestors(0, 1);
    let founder = community.founder.insecure_clone();
    let key = community.attestor_key(0).pubkey();
    let sunset = community.realm_state().founder_sunset_ts.get();
    let instruction = gov::disable_attestor(&community.realm, &founder.pubkey(), &key, &founder.pubkey());
    community.world.warp_to(sunset);
    community
        .world
        .fails_with(instruction.clone(), &[&founder], error(GovernanceError::NotAuthorized));
    community.world.warp(-1, 1);
    community.world.succeeds(instruction, &[&founder]);
}

#[test]
fn a_transaction_that_starts_with_a_nonce_advance_is_refused() {
    let mut community = Community::with_attestors(0, 1);
    let founder = community.founder.insecure_clone();
    let key = community.attestor_key(0).pubkey();
    let advance = community.nonce_advance();
    let mut disable = gov::disable_attestor(&community.realm, &founder.pubkey(), &key, &founder.pubkey());
    let outcome = community.world.send(&[advance, disable.clone()], &[&founder]);
    assert_eq!(outcome.failure(), Some(&error(GovernanceError::DurableNonceRefused)));
    assert_eq!(community.realm_state().attestor_count, 1);
    // another account than the sysvar cannot hide it
    disable.accounts[4].pubkey = founder.pubkey();
    community.world.fails_with(disable, &[&founder], ADDRESS);
}

#[test]
fn persons_keep_their_bucket_and_their_votes() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    let founder = community.founder.insecure_clone();
    let key = community.attestor_key(0).pubkey();
    let disable = gov::disable_attestor(&community.realm, &founder.pubkey(), &key, &founder.pubkey());
    community.world.succeeds(disable, &[&founder]);
    community.cast(0, proposal, 1, 5);
    assert_eq!(community.proposal_state(proposal).buckets_q16[1][0].get(), 5 << 16);
    assert_eq!(community.realm_state().bucket_persons[0].get(), 1);
}
