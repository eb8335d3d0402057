//! The shape of the precompile's instruction, its place, and who must be in it.

use super::*;

#[test]
fn another_attestors_or_a_strangers_key_proves_nothing() {
    let mut case = Case::new(&[0]);
    let stranger = case.community.world.actor("stranger");
    for key in [case.community.attestor_key(1), stranger] {
        let verified = case.words.verified_by(&[&key]);
        case.refuse(
            &[verified.clone(), case.registration()],
            GovernanceError::StatementMalformed,
        );
        // nor with that key passed as the attestor's
        let mut named = case.registration();
        named.accounts[4].pubkey = key.pubkey();
        case.refuse(&[verified, named], GovernanceError::AttestorKeyMismatch);
    }
}

#[test]
fn another_realms_attestor_proves_nothing() {
    let mut case = Case::new(&[0]);
    let other = case.community.create_second_realm();
    let founder = case.community.founder.insecure_clone();
    let key = case.keys[0].pubkey();
    let add = gov::add_attestor(&other, &founder.pubkey(), &key, case.community.attestor_choice(0, 5));
    case.community.world.succeeds(add, &[&founder]);
    let mut foreign = case.registration();
    foreign.accounts[3].pubkey = gov::attestor_address(&other, &key);
    case.refuse(&[case.verified(), foreign], GovernanceError::AttestorOfOtherRealm);
}

#[test]
fn one_precompile_with_both_keys_proves_a_registration_in_any_order() {
    for order in [[0, 1], [1, 0]] {
        let mut case = Case::new(&[0, 1]);
        let keys = order.map(|slot: usize| &case.keys[slot]);
        let verified = case.words.verified_by(&keys);
        case.accept(&[verified, case.registration()]);
    }
}

#[test]
fn one_attestor_signs_and_the_precompile_proves_the_other() {
    for signing in [0, 1] {
        let mut case = Case::new(&[0, 1]);
        let mut registration = case.registration();
        registration.accounts[if signing == 0 { 4 } else { 10 }].is_signer = true;
        let verified = case.words.verified_by(&[&case.keys[1 - signing]]);
        let wallet = case.member.wallet.insecure_clone();
        let signers = [&wallet, &case.keys[signing]];
        case.community.world.all_succeed(&[verified, registration], &signers);
        let person: Person = case.community.world.state(&case.member.person);
        assert_eq!(person.attestor_slots.get(), 0b11);
    }
}

#[test]
fn a_missing_key_is_not_made_up_for_by_the_other() {
    let mut case = Case::new(&[0, 1]);
    let third = case.community.attestor_key(2);
    for keys in [
        vec![&case.keys[0]],
        vec![&case.keys[1]],
        vec![&case.keys[0], &case.keys[0]],
        vec![&case.keys[0], &third],
    ] {
        let verified = case.words.verified_by(&keys);
        let instructions = [verified, case.registration()];
        let wallet = case.member.wallet.insecure_clone();
        let malformed = error(GovernanceError::StatementMalformed);
        case.community.world.all_fail_with(&instructions, &[&wallet], malformed);
    }
}

#[test]
fn two_precompile_instructions_do_not_add_up() {
    let mut case = Case::new(&[0, 1]);
    let instructions = [
        case.words.verified_by(&[&case.keys[0]]),
        case.words.verified_by(&[&case.keys[1]]),
        case.registration(),
    ];
    case.refuse(&instructions, GovernanceError::StatementMalformed);
}

#[test]
fn the_precompile_stands_directly_before() {
    let mut case = Case::new(&[0]);
    let (verified, registration, idle) = (case.verified(), case.registration(), idle(&case));
    for instructions in [
        vec![registration.clone()],
        vec![idle.clone(), registration.clone()],
        vec![verified.clone(), idle.clone(), registration.clone()],
        vec![registration.clone(), verified.clone()],
        vec![idle.clone(), registration.clone(), verified.clone()],
    ] {
        case.refuse(&instructions, GovernanceError::AttestorKeyMismatch);
    }
    // what stands before and after does not matter
    case.accept(&[idle.clone(), verified, registration, idle]);
}

#[test]
fn shifted_and_surplus_bytes_are_refused_though_the_precompile_accepts_them() {
    let shapes = [
        Precompile {
            gap: 1,
            ..Precompile::default()
        },
        Precompile {
            tail: 1,
            ..Precompile::default()
        },
        Precompile {
            padding: 1,
            ..Precompile::default()
        },
        // the tail a whole statement long
        Precompile {
            tail: 202,
            ..Precompile::default()
        },
    ];
    for shape in shapes {
        let mut case = Case::new(&[0]);
        let verified = shape.instruction(&[&case.keys[0]], &case.words.bytes());
        // by itself the precompile has nothing against it
        let alone = case.community.world.send(std::slice::from_ref(&verified), &[]);
        assert!(alone.failure().is_none(), "{shape:?}: {alone:?}");
        case.refuse(&[verified, case.registration()], GovernanceError::StatementMalformed);
    }
}

#[test]
fn a_longer_message_with_the_statement_in_it_is_refused() {
    let mut case = Case::new(&[0]);
    let bytes = case.words.bytes();
    for message in [
        [&[0][..], &bytes].concat(),
        [&bytes[..], &[0]].concat(),
        bytes[1..].to_vec(),
    ] {
        let verified = Precompile::default().instruction(&[&case.keys[0]], &message);
        case.refuse(&[verified, case.registration()], GovernanceError::StatementMalformed);
    }
}

#[test]
fn indices_other_than_this_instruction_are_refused_one_by_one() {
    for place in 0..3 {
        let mut case = Case::new(&[0]);
        let mut indices = [THIS; 3];
        // the number of the precompile's instruction itself: the same bytes, and yet it is not the one shape
        indices[place] = 0;
        let shape = Precompile {
            indices,
            ..Precompile::default()
        };
        let verified = shape.instruction(&[&case.keys[0]], &case.words.bytes());
        let alone = case.community.world.send(std::slice::from_ref(&verified), &[]);
        assert!(alone.failure().is_none(), "{alone:?}");
        case.refuse(&[verified, case.registration()], GovernanceError::StatementMalformed);
    }
}

#[test]
fn what_another_instruction_verifies_is_not_what_this_one_holds() {
    // the attacker signs the statement itself in instruction 0; instruction 1 shows the attestor's key and a made-up signature,
    // but has the precompile look at instruction 0
    let mut case = Case::new(&[0]);
    let attacker = case.community.world.actor("attacker");
    let own = case.words.verified_by(&[&attacker]);
    let mut shown = Precompile {
        indices: [0; 3],
        ..Precompile::default()
    }
    .instruction(&[&attacker], &case.words.bytes());
    shown.data[16..48].copy_from_slice(case.keys[0].pubkey().as_ref());
    shown.data[48..112].fill(9);
    let alone = case.community.world.send(&[own.clone(), shown.clone()], &[]);
    assert!(alone.failure().is_none(), "{alone:?}");
    case.refuse(&[own, shown, case.registration()], GovernanceError::StatementMalformed);
}

#[test]
fn a_statement_in_another_instruction_is_not_read() {
    // the attestor once signed other words; the precompile verifies those in instruction 0, and this one's tail is the statement
    let mut case = Case::new(&[0]);
    let mut other = case.words.clone();
    other.nullifier = hash("somebody else");
    let carrier = other.verified_by(&[&case.keys[0]]);
    let mut shown = Precompile {
        indices: [THIS, THIS, 0],
        ..Precompile::default()
    }
    .instruction(&[&case.keys[0]], &other.bytes());
    let at = shown.data.len() - 202;
    shown.data[at..].copy_from_slice(&case.words.bytes());
    let alone = case.community.world.send(&[carrier.clone(), shown.clone()], &[]);
    assert!(alone.failure().is_none(), "{alone:?}");
    case.refuse(
        &[carrier, shown, case.registration()],
        GovernanceError::StatementMalformed,
    );
}

#[test]
fn a_transaction_that_starts_with_a_nonce_advance_is_refused() {
    let mut case = Case::new(&[0]);
    let advance = case.community.nonce_advance();
    let instructions = [advance, case.verified(), case.registration()];
    let (founder, wallet) = (
        case.community.founder.insecure_clone(),
        case.member.wallet.insecure_clone(),
    );
    let outcome = case.community.world.send(&instructions, &[&founder, &wallet]);
    assert_eq!(outcome.failure(), Some(&error(GovernanceError::DurableNonceRefused)));
    assert!(!case.community.world.exists(&case.member.person));
}

#[test]
fn the_wallet_signs_and_the_instructions_come_from_the_sysvar() {
    let mut case = Case::new(&[0]);
    let sponsor = case.community.world.actor("sponsor");
    let mut unsigned = case.registration();
    unsigned.accounts[0].pubkey = sponsor.pubkey();
    unsigned.accounts[1].is_signer = false;
    let missing = InstructionError::MissingRequiredSignature;
    case.community
        .world
        .all_fail_with(&[case.verified(), unsigned], &[&sponsor], missing);
    let mut made_up = case.registration();
    made_up.accounts[7].pubkey = ED25519;
    let wallet = case.member.wallet.insecure_clone();
    case.community
        .world
        .all_fail_with(&[case.verified(), made_up], &[&wallet], ADDRESS);
}

#[test]
fn quotas_and_growth_count_what_the_precompile_proves() {
    let mut case = Case::new(&[0, 1]);
    case.accept(&[case.verified(), case.registration()]);
    for key in &case.keys {
        let address = gov::attestor_address(&case.community.realm, &key.pubkey());
        let attestor: Attestor = case.community.world.state(&address);
        assert_eq!(attestor.quota_used.get(), 1);
    }
    assert_eq!(case.community.realm_state().registered_in_epoch.get(), 1);
}
