use crate::prelude::*;

fn two_signed() -> Community {
    Community::with_parameters(
        0,
        3,
        RealmParameters {
            attestations: 2,
            ..rehearsal_parameters()
        },
    )
}

fn refs(keys: &[Keypair]) -> Vec<&Keypair> {
    keys.iter().collect()
}

#[test]
fn a_person_is_registered_in_the_bucket_of_its_first_attestor() {
    let mut community = two_signed();
    let place = community.register("ada", &[2, 0]);
    let member = &community.members[place];
    let person: Person = community.world.state(&member.person);
    assert_eq!(
        (person.bucket, person.registered_epoch.get(), person.wallet),
        (2, 0, member.wallet.pubkey())
    );
    assert_eq!(person.attestor_slots.get(), 0b101);
    assert_eq!(person.last_ballot_epoch.get(), NO_EPOCH);
    let link: PersonByWallet = community
        .world
        .state(&gov::wallet_address(&community.realm, &member.wallet.pubkey()));
    assert_eq!(link.person, member.person);
    assert_eq!(community.realm_state().bucket_persons[2].get(), 1);
    community.assert_invariants();
}

#[test]
fn one_nullifier_is_one_person() {
    let mut community = two_signed();
    community.register("ada", &[0, 1]);
    let mut twin = community.stranger("ada's other wallet");
    twin.nullifier = community.members[0].nullifier;
    let (instruction, signers) = community.register_instruction(&twin, &[0, 1]);
    community.world.fails_with(instruction, &refs(&signers), 0);
}

#[test]
fn one_wallet_is_one_person() {
    let mut community = two_signed();
    community.register("ada", &[0, 1]);
    let mut second = community.stranger("ada's second self");
    second.wallet = community.wallet(0);
    let (instruction, signers) = community.register_instruction(&second, &[0, 1]);
    community.world.fails_with(instruction, &refs(&signers), 0);
}

#[test]
fn the_wallet_must_agree_by_signing() {
    let mut community = two_signed();
    let member = community.stranger("ada");
    let (mut instruction, mut signers) = community.register_instruction(&member, &[0, 1]);
    instruction.accounts[1].is_signer = false;
    signers.remove(1);
    community
        .world
        .fails_with(instruction, &refs(&signers), InstructionError::MissingRequiredSignature);
}

#[test]
fn fewer_or_more_attestors_than_the_realm_needs_are_refused() {
    let mut community = two_signed();
    let member = community.stranger("ada");
    for slots in [&[0u8][..], &[0, 1, 2][..]] {
        let (instruction, signers) = community.register_instruction(&member, slots);
        let expected = error(GovernanceError::AttestationsMalformed);
        community.world.fails_with(instruction, &refs(&signers), expected);
    }
}

#[test]
fn one_attestor_does_not_count_twice() {
    let mut community = Community::with_parameters(
        0,
        3,
        RealmParameters {
            attestations: 3,
            ..rehearsal_parameters()
        },
    );
    let member = community.stranger("ada");
    // twice among the further ones
    let (instruction, signers) = community.register_instruction(&member, &[0, 1, 1]);
    community
        .world
        .fails_with(instruction, &refs(&signers), error(GovernanceError::AttestorRepeated));
    // the first one again
    let (instruction, signers) = community.register_instruction(&member, &[0, 1, 0]);
    community.world.fails_with(instruction, &refs(&signers), DUPLICATE);
}

#[test]
fn an_attestor_who_did_not_sign_or_whose_key_is_another_is_refused() {
    let mut community = two_signed();
    let member = community.stranger("ada");
    let (instruction, signers) = community.register_instruction(&member, &[0, 1]);
    let mut unsigned = instruction.clone();
    unsigned.accounts[10].is_signer = false;
    community.world.fails_with(
        unsigned,
        &refs(&signers[..3]),
        error(GovernanceError::AttestorKeyMismatch),
    );
    let mut swapped = instruction.clone();
    swapped.accounts[10].pubkey = signers[2].pubkey();
    community.world.fails_with(
        swapped,
        &refs(&signers[..3]),
        error(GovernanceError::AttestorKeyMismatch),
    );
    let mut first = instruction;
    first.accounts[4].pubkey = signers[3].pubkey();
    let without_first: Vec<&Keypair> = signers
        .iter()
        .filter(|key| key.pubkey() != signers[2].pubkey())
        .collect();
    community
        .world
        .fails_with(first, &without_first, error(GovernanceError::AttestorKeyMismatch));
}

#[test]
fn a_further_attestor_passed_read_only_is_refused() {
    let mut community = two_signed();
    let member = community.stranger("ada");
    let (mut instruction, signers) = community.register_instruction(&member, &[0, 1]);
    instruction.accounts[9].is_writable = false;
    community.world.fails_with(instruction, &refs(&signers), NOT_WRITABLE);
}

#[test]
fn a_further_attestor_that_is_another_account_or_of_another_realm_is_refused() {
    let mut community = two_signed();
    let member = community.stranger("ada");
    let (instruction, signers) = community.register_instruction(&member, &[0, 1]);
    let mut cosplay = instruction.clone();
    cosplay.accounts[9].pubkey = community.treasury(0);
    let treasury = community.treasury(0);
    community.world.airdrop(&treasury, 1_000_000_000);
    community
        .world
        .fails_with(cosplay, &refs(&signers), InstructionError::AccountDataTooSmall);
    let other = community.create_second_realm();
    let founder = community.founder.insecure_clone();
    let choice = community.attestor_choice(1, 5);
    let add = gov::add_attestor(&other, &founder.pubkey(), &signers[3].pubkey(), choice);
    community.world.succeeds(add, &[&founder]);
    let mut foreign = instruction.clone();
    foreign.accounts[9].pubkey = gov::attestor_address(&other, &signers[3].pubkey());
    community
        .world
        .fails_with(foreign, &refs(&signers), error(GovernanceError::AttestorOfOtherRealm));
    let choice = community.attestor_choice(0, 5);
    let add = gov::add_attestor(&other, &founder.pubkey(), &signers[2].pubkey(), choice);
    community.world.succeeds(add, &[&founder]);
    let mut first = instruction;
    first.accounts[3].pubkey = gov::attestor_address(&other, &signers[2].pubkey());
    community
        .world
        .fails_with(first, &refs(&signers), error(GovernanceError::AttestorOfOtherRealm));
}

#[test]
fn a_disabled_attestor_cannot_attest() {
    let mut community = Community::with_attestors(0, 1);
    let founder = community.founder.insecure_clone();
    let key = community.attestor_key(0).pubkey();
    let disable = gov::disable_attestor(&community.realm, &founder.pubkey(), &key, &founder.pubkey());
    community.world.succeeds(disable, &[&founder]);
    let member = community.stranger("ada");
    let (instruction, signers) = community.register_instruction(&member, &[0]);
    community
        .world
        .fails_with(instruction, &refs(&signers), InstructionError::UninitializedAccount);
}

#[test]
fn an_attestor_stops_at_its_quota_until_the_next_epoch() {
    let mut community = Community::with_attestors(0, 0);
    community.add_attestor(0, 2);
    community.register("ada", &[0]);
    community.register("bob", &[0]);
    let member = community.stranger("cleo");
    let (instruction, signers) = community.register_instruction(&member, &[0]);
    community.world.fails_with(
        instruction.clone(),
        &refs(&signers),
        error(GovernanceError::QuotaExhausted),
    );
    community.to_epoch(1);
    community.world.succeeds(instruction, &refs(&signers));
}

#[test]
fn a_small_realm_grows_by_ten_persons_an_epoch() {
    let mut community = Community::with_members(0, 10);
    let member = community.stranger("eleventh");
    let (instruction, signers) = community.register_instruction(&member, &[0]);
    community.world.fails_with(
        instruction.clone(),
        &refs(&signers),
        error(GovernanceError::GrowthExhausted),
    );
    community.to_epoch(1);
    community.world.succeeds(instruction, &refs(&signers));
}

#[test]
fn an_expiry_in_the_past_or_beyond_two_years_is_refused() {
    let mut community = Community::with_attestors(0, 1);
    let member = community.stranger("ada");
    let now = community.world.now();
    for expires_ts in [now, now - 1, now + MAX_PERSON_VALIDITY_S + 1, i64::MAX, i64::MIN] {
        let (mut instruction, signers) = community.register_instruction(&member, &[0]);
        let end = instruction.data.len();
        instruction.data[end - 16..end - 8].copy_from_slice(&expires_ts.to_le_bytes());
        community
            .world
            .fails_with(instruction, &refs(&signers), error(GovernanceError::ExpiryOutOfBounds));
    }
}

#[test]
fn a_large_realm_grows_by_a_twentieth_an_epoch() {
    let mut community = Community::with_attestors(0, 1);
    for epoch in 0..22 {
        community.to_epoch(epoch);
        for index in 0..10 {
            community.register(&format!("{epoch}/{index}"), &[0]);
        }
    }
    // 220 at the epoch's start: eleven
    community.to_epoch(22);
    for index in 0..11 {
        community.register(&format!("22/{index}"), &[0]);
    }
    let member = community.stranger("twelfth");
    let (instruction, signers) = community.register_instruction(&member, &[0]);
    community
        .world
        .fails_with(instruction, &refs(&signers), error(GovernanceError::GrowthExhausted));
}

#[test]
fn every_attestor_counts_the_registration() {
    let mut community = two_signed();
    community.register("ada", &[2, 0]);
    for (slot, used) in [(0, 1), (1, 0), (2, 1)] {
        let key = community.attestor_key(slot).pubkey();
        let attestor: Attestor = community.world.state(&gov::attestor_address(&community.realm, &key));
        assert_eq!(attestor.quota_used.get(), used);
    }
    let realm = community.realm_state();
    assert_eq!((realm.registered_in_epoch.get(), realm.persons.get()), (1, 1));
}

#[test]
fn an_attestor_of_the_past_attests_nothing() {
    let mut community = Community::with_attestors(0, 1);
    let end = community.world.now() + MAX_ATTESTOR_TERM_S;
    community.world.warp_to(end);
    let member = community.stranger("ada");
    let (instruction, signers) = community.register_instruction(&member, &[0]);
    community
        .world
        .fails_with(instruction, &refs(&signers), error(GovernanceError::AttestorExpired));
}

#[test]
fn a_deadline_in_the_past_or_beyond_a_week_is_refused() {
    let mut community = Community::with_attestors(0, 1);
    let member = community.stranger("ada");
    let now = community.world.now();
    for deadline_ts in [now - 1, now + 7 * 86_400 + 1, i64::MAX, i64::MIN] {
        let (mut instruction, signers) = community.register_instruction(&member, &[0]);
        let end = instruction.data.len();
        instruction.data[end - 8..].copy_from_slice(&deadline_ts.to_le_bytes());
        community
            .world
            .fails_with(instruction, &refs(&signers), error(GovernanceError::StatementExpired));
    }
}

#[test]
fn a_transaction_that_starts_with_a_nonce_advance_is_refused() {
    let mut community = Community::with_attestors(0, 1);
    let advance = community.nonce_advance();
    let member = community.stranger("ada");
    let (instruction, mut signers) = community.register_instruction(&member, &[0]);
    signers.push(community.founder.insecure_clone());
    let outcome = community
        .world
        .send(&[advance.clone(), instruction.clone()], &refs(&signers));
    assert_eq!(outcome.failure(), Some(&error(GovernanceError::DurableNonceRefused)));
    // an advance that is not the first makes no transaction durable
    community.world.all_succeed(&[instruction, advance], &refs(&signers));
}

#[test]
fn person_and_link_are_at_their_own_addresses() {
    let mut community = Community::with_attestors(0, 1);
    let (member, other) = (community.stranger("ada"), community.stranger("bob"));
    let (instruction, signers) = community.register_instruction(&member, &[0]);
    let link = gov::wallet_address(&community.realm, &other.wallet.pubkey());
    for (place, theirs) in [(5, other.person), (6, link)] {
        let mut elsewhere = instruction.clone();
        elsewhere.accounts[place].pubkey = theirs;
        community
            .world
            .fails_with(elsewhere, &refs(&signers), InstructionError::InvalidSeeds);
    }
}

#[test]
fn lamports_sent_ahead_stop_no_registration() {
    let mut community = Community::with_attestors(0, 1);
    let member = community.stranger("ada");
    community.world.airdrop(&member.person, 1);
    let link = gov::wallet_address(&community.realm, &member.wallet.pubkey());
    community.world.airdrop(&link, 5_000_000_000);
    community.register("ada", &[0]);
    assert_eq!(community.person_state(0).wallet, member.wallet.pubkey());
}
