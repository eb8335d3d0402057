use {crate::prelude::*, quadratic_governance::AttestorChoice};

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

#[track_caller]
fn try_choice(
    change: impl FnOnce(&mut AttestorChoice, i64),
    expected: Option<GovernanceError>,
) -> (Community, Address) {
    let mut community = Community::with_attestors(0, 0);
    let founder = community.founder.insecure_clone();
    let key = community.world.actor("new attestor").pubkey();
    let mut choice = community.attestor_choice(0, 1);
    change(&mut choice, community.world.now());
    let instruction = gov::add_attestor(&community.realm, &founder.pubkey(), &key, choice);
    match expected {
        Some(refused) => community.world.fails_with(instruction, &[&founder], error(refused)),
        None => {
            community.world.succeeds(instruction, &[&founder]);
        }
    }
    let address = gov::attestor_address(&community.realm, &key);
    (community, address)
}

#[test]
fn a_term_ends_within_two_years_and_not_now() {
    let bounds = GovernanceError::TermOutOfBounds;
    try_choice(|choice, now| choice.enabled_until_ts = now, Some(bounds));
    let bounds = GovernanceError::TermOutOfBounds;
    try_choice(|choice, _| choice.enabled_until_ts = i64::MIN, Some(bounds));
    let bounds = GovernanceError::TermOutOfBounds;
    try_choice(
        |choice, now| choice.enabled_until_ts = now + 730 * 86_400 + 1,
        Some(bounds),
    );
    try_choice(|choice, now| choice.enabled_until_ts = now + 730 * 86_400, None);
    let (community, address) = try_choice(|choice, now| choice.enabled_until_ts = now + 1, None);
    let attestor: Attestor = community.world.state(&address);
    assert_eq!(attestor.enabled_until_ts.get(), community.world.now() + 1);
}

#[test]
fn kind_schema_and_label_are_kept_and_another_kind_is_refused() {
    try_choice(|choice, _| choice.kind = 2, Some(GovernanceError::AttestorKindUnknown));
    let (community, address) = try_choice(
        |choice, _| {
            choice.kind = 1;
            choice.schema = [5; 32];
            choice.label = [6; 32];
        },
        None,
    );
    let attestor: Attestor = community.world.state(&address);
    assert_eq!(
        (attestor.kind, attestor.schema.to_bytes(), attestor.label),
        (1, [5; 32], [6; 32])
    );
    assert_eq!(attestor.rent_payer, community.founder.pubkey());
}

#[test]
fn an_attestor_at_another_address_than_its_keys_is_refused() {
    let mut community = Community::with_attestors(0, 0);
    let founder = community.founder.insecure_clone();
    let key = community.world.actor("new attestor").pubkey();
    let choice = community.attestor_choice(0, 1);
    let mut instruction = gov::add_attestor(&community.realm, &founder.pubkey(), &key, choice);
    instruction.accounts[2].pubkey = gov::attestor_address(&community.realm, &founder.pubkey());
    community
        .world
        .fails_with(instruction.clone(), &[&founder], InstructionError::InvalidSeeds);
    instruction.accounts[2].pubkey = gov::attestor_address(&community.realm, &key);
    instruction.accounts[3].pubkey = key;
    community.world.fails_with(instruction, &[&founder], ADDRESS);
}
