//! What proves a statement that no attestor signs as a transaction's signer: the Ed25519 precompile, which really runs here,
//! and credentials of the Solana Attestation Service.

use {
    crate::prelude::*,
    gov::{
        persons::{unsigned, Precompile, Words, ED25519, RECOVER, REGISTER, RENEW, REVOKE, THIS},
        Member,
    },
};

const DAY: i64 = 86_400;

/// One thing changed of what was right.
type Change<T> = fn(&mut T);

/// The registration of somebody who pays alone, as attestors state it, without their signatures.
struct Case {
    community: Community,
    member: Member,
    words: Words,
    keys: Vec<Keypair>,
}

impl Case {
    /// By the attestors of these slots; the realm needs as many.
    fn new(slots: &[u8]) -> Self {
        let parameters = RealmParameters {
            attestations: slots.len() as u8,
            ..rehearsal_parameters()
        };
        let mut community = Community::with_parameters(0, 3, parameters);
        let member = community.stranger("ada");
        let words = community.words(REGISTER, &member, slots[0], community.world.now() + 365 * DAY);
        let keys = slots.iter().map(|slot| community.attestor_key(*slot)).collect();
        Self {
            community,
            member,
            words,
            keys,
        }
    }

    fn registration(&self) -> Instruction {
        let keys: Vec<Address> = self.keys.iter().map(Signer::pubkey).collect();
        let wallet = self.member.wallet.pubkey();
        unsigned(
            gov::register_person(
                &self.community.realm,
                &wallet,
                &wallet,
                &keys,
                self.member.nullifier,
                self.words.expires_ts,
                self.words.deadline_ts,
            ),
            9,
        )
    }

    fn verified(&self) -> Instruction {
        self.words.verified_by(&self.keys.iter().collect::<Vec<_>>())
    }

    #[track_caller]
    fn accept(&mut self, instructions: &[Instruction]) {
        let wallet = self.member.wallet.insecure_clone();
        self.community.world.all_succeed(instructions, &[&wallet]);
        let person: Person = self.community.world.state(&self.member.person);
        assert_eq!((person.wallet, person.nonce.get()), (wallet.pubkey(), 1));
    }

    #[track_caller]
    fn refuse(&mut self, instructions: &[Instruction], expected: GovernanceError) {
        let wallet = self.member.wallet.insecure_clone();
        self.community
            .world
            .all_fail_with(instructions, &[&wallet], error(expected));
        assert!(!self.community.world.exists(&self.member.person));
    }
}

/// An instruction that does nothing for anybody: no lamports from the wallet to itself.
fn idle(case: &Case) -> Instruction {
    let wallet = case.member.wallet.pubkey();
    solana_system_interface::instruction::transfer(&wallet, &wallet, 0)
}

#[test]
fn a_person_pays_and_submits_alone() {
    let mut case = Case::new(&[1, 2]);
    let wallet = case.member.wallet.insecure_clone();
    let instructions = [case.verified(), case.registration()];
    let world = &mut case.community.world;
    let transaction = world.transaction(&wallet, &instructions, &[]);
    // the signatures with their count; the message with its packed lengths
    let message = transaction.message.serialize();
    assert_eq!(transaction.signatures.len(), 1);
    assert!(1 + 64 + message.len() <= 1_232, "it fits a packet");
    world.send_paid_by(&wallet, &instructions, &[]).succeeded();
    let person: Person = world.state(&case.member.person);
    assert_eq!((person.bucket, person.attestor_slots.get()), (1, 0b110));
    assert_eq!(person.expires_ts.get(), case.words.expires_ts);
    let link: PersonByWallet = world.state(&gov::wallet_address(&case.community.realm, &wallet.pubkey()));
    assert_eq!(link.rent_payer, wallet.pubkey());
}

#[test]
fn the_precompile_really_runs() {
    let mut case = Case::new(&[0]);
    let mut verified = case.verified();
    // the last byte of the signature
    verified.data[2 + 14 + 95] ^= 1;
    let outcome = case.community.world.send(
        &[verified, case.registration()],
        &[&case.member.wallet.insecure_clone()],
    );
    // the precompile's «invalid signature», before the program is asked
    assert_eq!(outcome.failure(), Some(&Failure::from(2)));
    assert!(!case.community.world.exists(&case.member.person));
}

#[test]
fn every_word_of_the_statement_counts() {
    let changes: [(&str, Change<Words>); 11] = [
        ("domain", |words| words.domain[15] = b'2'),
        ("cluster", |words| words.cluster = hash("another cluster")),
        ("program", |words| words.program = ids::COMPUTE_ESCROW),
        ("act", |words| words.act = RENEW),
        ("realm", |words| {
            words.realm = gov::realm_address(&hash("another realm"))
        }),
        ("nullifier", |words| words.nullifier = hash("another nullifier")),
        ("wallet", |words| words.wallet = Address::new_from_array([7; 32])),
        ("bucket", |words| words.bucket = 1),
        ("expiry", |words| words.expires_ts += 1),
        ("deadline", |words| words.deadline_ts -= 1),
        ("nonce", |words| words.nonce += 1),
    ];
    for (name, change) in changes {
        let mut case = Case::new(&[0]);
        let registration = case.registration();
        change(&mut case.words);
        println!("{name}");
        case.refuse(&[case.verified(), registration], GovernanceError::StatementMalformed);
    }
    let mut case = Case::new(&[0]);
    case.accept(&[case.verified(), case.registration()]);
}

#[test]
fn a_statement_is_good_until_its_deadline_and_at_most_a_week_ahead() {
    for (seconds, accepted) in [(-1, false), (0, true), (7 * DAY, true), (7 * DAY + 1, false)] {
        let mut case = Case::new(&[0]);
        case.words.deadline_ts = case.community.world.now() + seconds;
        let instructions = [case.verified(), case.registration()];
        if accepted {
            case.accept(&instructions);
        } else {
            case.refuse(&instructions, GovernanceError::StatementExpired);
        }
    }
}

#[test]
fn a_statement_that_was_used_is_used_up() {
    let mut case = Case::new(&[0]);
    let instructions = [case.verified(), case.registration()];
    case.accept(&instructions);
    let wallet = case.member.wallet.insecure_clone();
    // the person exists
    case.community.world.all_fail_with(&instructions, &[&wallet], 0);

    case.community.members.push(case.member);
    let end = case.words.expires_ts + DAY;
    let words = case.community.words(RENEW, &case.community.members[0], 0, end);
    let (renewal, _) = case.community.act_instruction(0, PersonAct::Renew, end, &[0]);
    let instructions = [words.verified_by(&[&case.keys[0]]), unsigned(renewal, 6)];
    case.community.world.all_succeed(&instructions, &[]);
    assert_eq!(case.community.person_state(0).expires_ts.get(), end);
    let used = error(GovernanceError::StatementMalformed);
    case.community.world.all_fail_with(&instructions, &[], used);
}

#[test]
fn an_act_is_not_another_one() {
    let mut community = Community::with_members(0, 1);
    let key = community.attestor_key(0);
    for (stated, act) in [
        (REVOKE, PersonAct::Reinstate),
        (RENEW, PersonAct::Revoke),
        (REVOKE, PersonAct::Suspend),
    ] {
        let words = community.words(stated, &community.members[0], 0, 0);
        let (instruction, _) = community.act_instruction(0, act, 0, &[0]);
        let malformed = error(GovernanceError::StatementMalformed);
        let instructions = [words.verified_by(&[&key]), unsigned(instruction, 6)];
        community.world.all_fail_with(&instructions, &[], malformed);
    }
    let words = community.words(REVOKE, &community.members[0], 0, 0);
    let (instruction, _) = community.act_instruction(0, PersonAct::Revoke, 0, &[0]);
    community
        .world
        .all_succeed(&[words.verified_by(&[&key]), unsigned(instruction, 6)], &[]);
    assert_eq!(community.person_state(0).counted, 0);
}

#[test]
fn a_recovery_is_stated_for_the_wallet_to_be() {
    let mut community = Community::with_members(0, 1);
    let key = community.attestor_key(0);
    let new_wallet = community.world.actor("new wallet");
    let (instruction, _) = community.recovery(0, &new_wallet);
    let mut words = community.words(RECOVER, &community.members[0], 0, 0);
    let recovery = unsigned(instruction, 6);
    let old = [words.verified_by(&[&key]), recovery.clone()];
    let malformed = error(GovernanceError::StatementMalformed);
    community.world.all_fail_with(&old, &[&new_wallet], malformed);
    words.wallet = new_wallet.pubkey();
    let instructions = [words.verified_by(&[&key]), recovery];
    community.world.all_succeed(&instructions, &[&new_wallet]);
    assert_eq!(community.person_state(0).recovery_wallet, new_wallet.pubkey());
}

#[test]
fn an_attestor_whose_term_has_ended_or_who_was_disabled_proves_nothing() {
    let mut case = Case::new(&[0]);
    let end = case.community.world.now() + MAX_ATTESTOR_TERM_S;
    for (moment, accepted) in [(end, false), (end - 1, true)] {
        case.community.world.warp(moment - case.community.world.now(), 1);
        case.words.deadline_ts = moment + 60;
        case.words.expires_ts = moment + DAY;
        let instructions = [case.verified(), case.registration()];
        if accepted {
            case.accept(&instructions);
        } else {
            case.refuse(&instructions, GovernanceError::AttestorExpired);
        }
    }
    let mut case = Case::new(&[0]);
    let founder = case.community.founder.insecure_clone();
    let key = case.keys[0].pubkey();
    let disable = gov::disable_attestor(&case.community.realm, &founder.pubkey(), &key, &founder.pubkey());
    case.community.world.succeeds(disable, &[&founder]);
    let wallet = case.member.wallet.insecure_clone();
    let gone = InstructionError::UninitializedAccount;
    let instructions = [case.verified(), case.registration()];
    case.community.world.all_fail_with(&instructions, &[&wallet], gone);
}

#[test]
fn a_registration_in_the_past_is_refused_whatever_is_signed() {
    let mut case = Case::new(&[0]);
    case.words.expires_ts = case.community.world.now();
    case.refuse(
        &[case.verified(), case.registration()],
        GovernanceError::ExpiryOutOfBounds,
    );
}

#[path = "credentials/precompile.rs"]
mod precompile;
#[path = "credentials/service.rs"]
mod service;
