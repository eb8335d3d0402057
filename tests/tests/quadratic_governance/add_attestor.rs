use crate::prelude::*;

#[test]
fn the_founder_gives_a_free_slot_and_pays_the_rent() {
    let mut community = Community::with_attestors(0, 0);
    let founder = community.founder.pubkey();
    let before = community.world.lamports(&founder);
    let key = community.add_attestor(3, 5);
    let attestor: Attestor = community
        .world
        .state(&gov::attestor_address(&community.realm, &key.pubkey()));
    assert_eq!(
        (attestor.slot, attestor.quota_per_epoch.get(), attestor.key),
        (3, 5, key.pubkey())
    );
    assert_eq!(
        before - community.world.lamports(&founder),
        community.world.rent(ATTESTOR_LEN)
    );
    let realm = community.realm_state();
    assert_eq!((realm.attestor_slots.get(), realm.attestor_count), (1 << 3, 1));
}

fn refuse(authority: &str, slot: u8, quota: u32, expected: GovernanceError) {
    let mut community = Community::with_attestors(0, 1);
    let authority = community.world.actor(authority);
    let key = community.world.actor("new attestor").pubkey();
    let choice = community.attestor_choice(slot, quota);
    let instruction = gov::add_attestor(&community.realm, &authority.pubkey(), &key, choice);
    community.world.fails_with(instruction, &[&authority], error(expected));
}

#[test]
fn neither_strangers_nor_the_guardian_may_add() {
    refuse("stranger", 1, 1, GovernanceError::NotAuthorized);
    refuse("guardian", 1, 1, GovernanceError::NotAuthorized);
}

#[test]
fn a_taken_or_unknown_slot_and_a_quota_of_zero_are_refused() {
    refuse("founder", 0, 1, GovernanceError::SlotTaken);
    refuse("founder", 16, 1, GovernanceError::SlotOutOfBounds);
    refuse("founder", 255, 1, GovernanceError::SlotOutOfBounds);
    refuse("founder", 1, 0, GovernanceError::QuotaIsZero);
}

#[test]
fn the_same_key_is_not_added_twice() {
    let mut community = Community::with_attestors(0, 1);
    let founder = community.founder.insecure_clone();
    let key = community.attestor_key(0).pubkey();
    let choice = community.attestor_choice(1, 1);
    let instruction = gov::add_attestor(&community.realm, &founder.pubkey(), &key, choice);
    community.world.fails_with(instruction, &[&founder], 0);
}

#[test]
fn from_the_sunset_on_the_founder_may_not_add() {
    let mut community = Community::with_attestors(0, 0);
    let founder = community.founder.insecure_clone();
    let key = community.world.actor("new attestor").pubkey();
    let sunset = community.realm_state().founder_sunset_ts.get();
    let choice = community.attestor_choice(0, 1);
    let instruction = gov::add_attestor(&community.realm, &founder.pubkey(), &key, choice);
    community.world.warp_to(sunset);
    community
        .world
        .fails_with(instruction.clone(), &[&founder], error(GovernanceError::NotAuthorized));
    community.world.warp(-1, 1);
    community.world.succeeds(instruction, &[&founder]);
}

#[test]
fn a_transaction_that_starts_with_a_nonce_advance_is_refused() {
    use solana_system_interface::instruction as system;
    let mut community = Community::with_attestors(0, 0);
    let founder = community.founder.insecure_clone();
    let key = community.world.actor("new attestor").pubkey();
    let nonce = community.world.keypair("nonce");
    let rent = community.world.rent(80);
    let create = system::create_nonce_account(&founder.pubkey(), &nonce.pubkey(), &founder.pubkey(), rent);
    community.world.all_succeed(&create, &[&founder, &nonce]);
    community.world.warp_seconds(10);
    let advance = system::advance_nonce_account(&nonce.pubkey(), &founder.pubkey());
    let choice = community.attestor_choice(0, 1);
    let add = gov::add_attestor(&community.realm, &founder.pubkey(), &key, choice);
    let outcome = community.world.send(&[advance, add], &[&founder]);
    assert_eq!(outcome.failure(), Some(&error(GovernanceError::DurableNonceRefused)));
}
