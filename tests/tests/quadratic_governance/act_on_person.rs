//! By signature; what else proves a statement is in `credentials`.

use {crate::prelude::*, quadratic_governance::events::PersonChanged};

const DAY: i64 = 86_400;

/// Two of three attestors, and members registered by the first two.
fn realm_of(members: usize) -> Community {
    let mut community = Community::two_signed(0);
    for index in 0..members {
        community.register(&format!("member {index}"), &[0, 1]);
    }
    community
}

#[track_caller]
fn refuse(
    community: &mut Community,
    member: usize,
    (act, expires_ts): (PersonAct, i64),
    slots: &[u8],
    expected: impl Into<Failure>,
) {
    let (instruction, keys) = community.act_instruction(member, act, expires_ts, slots);
    let signers: Vec<&Keypair> = keys.iter().collect();
    community.world.fails_with(instruction, &signers, expected);
}

const ALL: [PersonAct; 4] = [
    PersonAct::Renew,
    PersonAct::Revoke,
    PersonAct::Reinstate,
    PersonAct::Recover,
];

#[test]
fn a_renewal_sets_a_later_end_and_nothing_else() {
    let mut community = realm_of(1);
    let mut expected = community.person_state(0);
    let end = community.world.now() + 700 * DAY;
    let receipt = community.act(0, PersonAct::Renew, end, &[0, 1]);
    expected.expires_ts = end.into();
    expected.nonce = 2u64.into();
    let person = community.person_state(0);
    assert_eq!(bytemuck::bytes_of(&person), bytemuck::bytes_of(&expected));
    let [event] = receipt.events::<PersonChanged>()[..] else {
        panic!("one event")
    };
    assert_eq!(
        (
            event.person,
            event.act,
            event.expires_ts.get(),
            event.nonce.get(),
            event.counted
        ),
        (community.members[0].person, 0, end, 2, 1)
    );
}

#[test]
fn a_renewal_neither_shortens_nor_exceeds_two_years() {
    let mut community = realm_of(1);
    let (now, end) = (community.world.now(), community.person_state(0).expires_ts.get());
    for refused in [end, end - 1, now + 1, now, 0, i64::MIN, i64::MAX, now + 730 * DAY + 1] {
        let expected = error(GovernanceError::ExpiryOutOfBounds);
        refuse(&mut community, 0, (PersonAct::Renew, refused), &[0, 1], expected);
    }
    community.act(0, PersonAct::Renew, end + 1, &[0, 1]);
    community.act(0, PersonAct::Renew, now + 730 * DAY, &[1, 2]);
}

#[test]
fn a_revocation_leaves_the_counts_at_once() {
    let mut community = Community::two_signed(0);
    community.register("ada", &[0, 1]);
    community.register("bob", &[1, 2]);
    let receipt = community.act(1, PersonAct::Revoke, 0, &[2, 0]);
    let realm = community.realm_state();
    assert_eq!(
        (
            realm.persons.get(),
            realm.bucket_persons[0].get(),
            realm.bucket_persons[1].get()
        ),
        (1, 1, 0)
    );
    let person = community.person_state(1);
    assert_eq!((person.revoked_at_ts.get(), person.counted), (community.world.now(), 0));
    let event = receipt.events::<PersonChanged>()[0];
    assert_eq!(
        (event.act, event.revoked_at_ts.get(), event.counted),
        (1, community.world.now(), 0)
    );
}

#[test]
fn a_revoked_person_is_not_revoked_renewed_recovered_or_suspended() {
    let mut community = realm_of(1);
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    let end = community.world.now() + 700 * DAY;
    community.to_epoch(1);
    for (act, expected) in [
        (PersonAct::Revoke, GovernanceError::PersonRevokedAlready),
        (PersonAct::Renew, GovernanceError::PersonRevoked),
    ] {
        refuse(&mut community, 0, (act, end), &[0, 1], error(expected));
    }
    refuse(
        &mut community,
        0,
        (PersonAct::Suspend, 0),
        &[0],
        error(GovernanceError::PersonRevoked),
    );
    let new_wallet = community.world.actor("new wallet");
    let (instruction, signers) = community.recovery(0, &new_wallet);
    let signers: Vec<&Keypair> = signers.iter().collect();
    community
        .world
        .fails_with(instruction, &signers, error(GovernanceError::PersonRevoked));
}

#[test]
fn an_expired_person_is_not_recovered_or_suspended() {
    let mut community = realm_of(1);
    let end = community.person_state(0).expires_ts.get();
    community.world.warp_to(end);
    refuse(
        &mut community,
        0,
        (PersonAct::Suspend, 0),
        &[0],
        error(GovernanceError::PersonExpired),
    );
    let new_wallet = community.world.actor("new wallet");
    let (instruction, signers) = community.recovery(0, &new_wallet);
    let signers: Vec<&Keypair> = signers.iter().collect();
    community
        .world
        .fails_with(instruction, &signers, error(GovernanceError::PersonExpired));
}

#[test]
fn every_act_but_suspending_needs_exactly_the_realms_number() {
    let mut community = realm_of(1);
    let end = community.world.now() + 700 * DAY;
    for act in ALL {
        for slots in [&[0u8][..], &[0, 1, 2][..]] {
            let (mut instruction, mut keys) = community.act_instruction(0, act, end, slots);
            if act == PersonAct::Recover {
                instruction.accounts[2].is_signer = true;
                keys.push(community.wallet(0));
            }
            let signers: Vec<&Keypair> = keys.iter().collect();
            let expected = error(GovernanceError::AttestationsMalformed);
            community.world.fails_with(instruction, &signers, expected);
        }
    }
    refuse(
        &mut community,
        0,
        (PersonAct::Suspend, 0),
        &[0, 1],
        error(GovernanceError::AttestationsMalformed),
    );
}

#[test]
fn one_attestor_does_not_count_twice() {
    let parameters = RealmParameters {
        attestations: 3,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 3, parameters);
    community.register("ada", &[0, 1, 2]);
    let end = community.person_state(0).expires_ts.get() + 1;
    let twice = error(GovernanceError::AttestorRepeated);
    refuse(&mut community, 0, (PersonAct::Renew, end), &[0, 1, 1], twice);
    refuse(&mut community, 0, (PersonAct::Renew, end), &[0, 1, 0], DUPLICATE);
}

#[test]
fn an_attestor_who_did_not_sign_or_whose_key_is_another_is_refused() {
    let mut community = realm_of(1);
    let (instruction, keys) = community.act_instruction(0, PersonAct::Revoke, 0, &[0, 1]);
    let mismatch = error(GovernanceError::AttestorKeyMismatch);
    for (place, signing) in [(4, 1), (7, 0)] {
        let mut silent = instruction.clone();
        silent.accounts[place].is_signer = false;
        community.world.fails_with(silent, &[&keys[signing]], mismatch.clone());
        let mut another = instruction.clone();
        another.accounts[place].pubkey = keys[signing].pubkey();
        community.world.fails_with(another, &[&keys[signing]], mismatch.clone());
    }
}

#[test]
fn an_attestor_passed_read_only_of_another_realm_or_disabled_is_refused() {
    for (slot, place) in [(0u8, 3), (1, 6)] {
        let mut community = realm_of(1);
        let (instruction, keys) = community.act_instruction(0, PersonAct::Revoke, 0, &[0, 1]);
        let signers: Vec<&Keypair> = keys.iter().collect();
        let mut read_only = instruction.clone();
        read_only.accounts[place].is_writable = false;
        community.world.fails_with(read_only, &signers, NOT_WRITABLE);

        let other = community.create_second_realm();
        let founder = community.founder.insecure_clone();
        let key = community.attestor_key(slot).pubkey();
        let add = gov::add_attestor(&other, &founder.pubkey(), &key, community.attestor_choice(slot, 5));
        community.world.succeeds(add, &[&founder]);
        let mut foreign = instruction.clone();
        foreign.accounts[place].pubkey = gov::attestor_address(&other, &key);
        let expected = error(GovernanceError::AttestorOfOtherRealm);
        community.world.fails_with(foreign, &signers, expected);

        let disable = gov::disable_attestor(&community.realm, &founder.pubkey(), &key, &founder.pubkey());
        community.world.succeeds(disable, &[&founder]);
        let gone = InstructionError::AccountDataTooSmall;
        community.world.fails_with(instruction, &signers, gone);
    }
}

#[test]
fn the_realm_is_the_persons_own() {
    let mut community = realm_of(1);
    let (mut instruction, keys) = community.act_instruction(0, PersonAct::Revoke, 0, &[0, 1]);
    instruction.accounts[0].pubkey = community.create_second_realm();
    let signers: Vec<&Keypair> = keys.iter().collect();
    community.world.fails_with(instruction, &signers, ADDRESS);
}

#[test]
fn another_wallet_than_the_persons_is_refused_and_a_wallet_to_be_signs() {
    let mut community = realm_of(2);
    let stranger = community.world.actor("stranger");
    let end = community.world.now() + 700 * DAY;
    for act in [PersonAct::Renew, PersonAct::Revoke, PersonAct::Reinstate] {
        let (mut instruction, keys) = community.act_instruction(0, act, end, &[0, 1]);
        instruction.accounts[2].pubkey = stranger.pubkey();
        let signers: Vec<&Keypair> = keys.iter().collect();
        community
            .world
            .fails_with(instruction, &signers, error(GovernanceError::WalletMismatch));
    }
    let (mut instruction, keys) = community.recovery(0, &stranger);
    instruction.accounts[2].is_signer = false;
    let signers: Vec<&Keypair> = keys[..2].iter().collect();
    community
        .world
        .fails_with(instruction, &signers, InstructionError::MissingRequiredSignature);
}

#[test]
fn a_statement_is_used_until_its_deadline_and_at_most_a_week() {
    let mut community = realm_of(1);
    let now = community.world.now();
    let end = now + 400 * DAY;
    for (deadline, accepted) in [
        (now - 1, false),
        (i64::MIN, false),
        (now + 7 * DAY + 1, false),
        (i64::MAX, false),
        (now, true),
        (now + 7 * DAY, true),
    ] {
        let nonce = community.person_state(0).nonce.get() as i64;
        let (mut instruction, keys) = community.act_instruction(0, PersonAct::Renew, end + nonce, &[0, 1]);
        let at = instruction.data.len() - 8;
        instruction.data[at..].copy_from_slice(&deadline.to_le_bytes());
        let signers: Vec<&Keypair> = keys.iter().collect();
        if accepted {
            community.world.succeeds(instruction, &signers);
        } else {
            let expected = error(GovernanceError::StatementExpired);
            community.world.fails_with(instruction, &signers, expected);
        }
    }
}

#[test]
fn a_transaction_that_starts_with_a_nonce_advance_is_refused() {
    let mut community = realm_of(1);
    let advance = community.nonce_advance();
    let (instruction, keys) = community.act_instruction(0, PersonAct::Revoke, 0, &[0, 1]);
    let owner = community.founder.insecure_clone();
    let outcome = community
        .world
        .send(&[advance, instruction], &[&owner, &keys[0], &keys[1]]);
    assert_eq!(outcome.failure(), Some(&error(GovernanceError::DurableNonceRefused)));
    assert_eq!(community.person_state(0).revoked_at_ts.get(), 0);
}

#[test]
fn the_instructions_come_from_the_sysvar() {
    let mut community = realm_of(1);
    let (mut instruction, keys) = community.act_instruction(0, PersonAct::Revoke, 0, &[0, 1]);
    instruction.accounts[5].pubkey = community.founder.pubkey();
    let signers: Vec<&Keypair> = keys.iter().collect();
    community.world.fails_with(instruction, &signers, ADDRESS);
}

#[path = "act_on_person/limits.rs"]
mod limits;
