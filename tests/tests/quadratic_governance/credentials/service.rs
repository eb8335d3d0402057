//! Credentials of the Solana Attestation Service, as its accounts lie on the chain.

use {
    super::*,
    gov::persons::{credential_data, Credential, SERVICE},
};

/// Somebody with a credential of the issuer in slot 3, in a realm where one attestor is enough.
struct Attested {
    community: Community,
    member: Member,
    expires_ts: i64,
    issuer: Address,
    account: Address,
}

impl Attested {
    fn new() -> Self {
        let mut community = Community::with_attestors(0, 1);
        let (issuer, _) = community.add_issuer(3);
        let member = community.stranger("ada");
        let expires_ts = community.world.now() + 365 * DAY;
        let account = community.world.keypair("credential").pubkey();
        Self {
            community,
            member,
            expires_ts,
            issuer,
            account,
        }
    }

    /// The credential as it should be, put in place after a change of its fields and of its bytes.
    fn put(&mut self, change: impl FnOnce(&mut Credential), bend: impl FnOnce(&mut Vec<u8>)) {
        let mut credential = self.community.credential(3, &self.member, self.expires_ts);
        change(&mut credential);
        let mut bytes = credential.bytes();
        bend(&mut bytes);
        credential.put(&mut self.community.world, self.account, bytes);
    }

    fn registration(&self) -> Instruction {
        let wallet = self.member.wallet.pubkey();
        let deadline_ts = self.community.world.now() + 60;
        let mut instruction = gov::register_person(
            &self.community.realm,
            &wallet,
            &wallet,
            &[self.issuer],
            self.member.nullifier,
            self.expires_ts,
            deadline_ts,
        );
        instruction.accounts[4] = AccountMeta::new_readonly(self.account, false);
        instruction
    }

    #[track_caller]
    fn accept(&mut self) {
        let (instruction, wallet) = (self.registration(), self.member.wallet.insecure_clone());
        self.community.world.succeeds(instruction, &[&wallet]);
    }

    #[track_caller]
    fn refuse(&mut self, expected: GovernanceError) {
        let (instruction, wallet) = (self.registration(), self.member.wallet.insecure_clone());
        self.community
            .world
            .fails_with(instruction, &[&wallet], error(expected));
    }

    /// A renewal to another end by the credential; anybody sends it.
    fn renewal(&self, expires_ts: i64) -> Instruction {
        let deadline_ts = self.community.world.now() + 60;
        let mut instruction = gov::act_on_person(
            &self.community.realm,
            &self.member.person,
            &self.member.wallet.pubkey(),
            &[self.issuer],
            PersonAct::Renew,
            expires_ts,
            deadline_ts,
        );
        instruction.accounts[4] = AccountMeta::new_readonly(self.account, false);
        instruction
    }
}

#[test]
fn an_account_of_the_service_is_209_bytes_long() {
    let mut attested = Attested::new();
    attested.put(|_| {}, |_| {});
    let account = attested.community.world.raw(&attested.account);
    // 1 kind, 32 nonce, 32 credential, 32 schema, 4 + 36 data, 32 signer, 8 expiry, 32 token account
    assert_eq!((account.data.len(), account.owner), (209, SERVICE));
}

#[test]
fn a_credential_registers_its_wallet_and_counts_on_its_issuer() {
    let mut attested = Attested::new();
    attested.put(|_| {}, |_| {});
    attested.accept();
    let person: Person = attested.community.world.state(&attested.member.person);
    assert_eq!((person.bucket, person.attestor_slots.get()), (3, 1 << 3));
    assert_eq!(person.expires_ts.get(), attested.expires_ts);
    let address = gov::attestor_address(&attested.community.realm, &attested.issuer);
    let issuer: Attestor = attested.community.world.state(&address);
    assert_eq!((issuer.kind, issuer.quota_used.get()), (1, 1));
}

#[test]
fn a_credential_lasts_as_long_as_the_registration_or_without_end() {
    for (expiry, accepted) in [(0, true), (1, true), (-1, false)] {
        let mut attested = Attested::new();
        let end = attested.expires_ts;
        attested.put(|credential| credential.expiry = end + expiry, |_| {});
        if accepted {
            attested.accept();
        } else {
            attested.refuse(GovernanceError::CredentialRefused);
        }
    }
    let mut attested = Attested::new();
    attested.put(|credential| credential.expiry = 0, |_| {});
    attested.accept();
    let mut attested = Attested::new();
    attested.put(|credential| credential.expiry = i64::MIN, |_| {});
    attested.refuse(GovernanceError::CredentialRefused);
}

#[test]
fn every_name_on_the_credential_counts() {
    let changes: [(&str, Change<Credential>); 8] = [
        ("owner", |credential| credential.owner = quadratic_governance::ID),
        ("kind of a schema", |credential| credential.kind = 1),
        ("kind of a credential", |credential| credential.kind = 0),
        ("wallet", |credential| {
            credential.nonce = Address::new_from_array([1; 32])
        }),
        ("issuer", |credential| {
            credential.credential = Address::new_from_array([1; 32])
        }),
        ("schema", |credential| {
            credential.schema = Address::new_from_array([1; 32])
        }),
        ("nullifier", |credential| {
            credential.data = credential_data(&hash("somebody else"))
        }),
        ("length of the field", |credential| credential.data[0] = 31),
    ];
    for (name, change) in changes {
        println!("{name}");
        let mut attested = Attested::new();
        attested.put(change, |_| {});
        attested.refuse(GovernanceError::CredentialRefused);
    }
}

#[test]
fn a_credential_of_another_length_is_refused() {
    let bends: [(&str, Change<Vec<u8>>); 5] = [
        ("one more byte", |bytes| bytes.push(0)),
        ("one less", |bytes| bytes.truncate(208)),
        ("nothing", Vec::clear),
        ("a wrong length of the data", |bytes| bytes[97] = 37),
        ("a wrong length that fits its bytes", |bytes| {
            bytes[97] = 37;
            bytes.insert(137, 0);
        }),
    ];
    for (name, bend) in bends {
        println!("{name}");
        let mut attested = Attested::new();
        attested.put(|_| {}, bend);
        attested.refuse(GovernanceError::CredentialRefused);
    }
}

#[test]
fn a_closed_credential_proves_nothing() {
    let mut attested = Attested::new();
    // the address without an account, as the service leaves it
    attested.refuse(GovernanceError::CredentialRefused);
    attested.put(|credential| credential.owner = ids::SYSTEM, Vec::clear);
    attested.refuse(GovernanceError::CredentialRefused);
}

#[test]
fn another_wallet_cannot_use_it_and_the_wallet_signs() {
    let mut attested = Attested::new();
    attested.put(|_| {}, |_| {});
    let thief = attested.community.world.actor("thief");
    let mut theft = attested.registration();
    theft.accounts[0].pubkey = thief.pubkey();
    theft.accounts[1].is_signer = false;
    attested
        .community
        .world
        .fails_with(theft, &[&thief], InstructionError::MissingRequiredSignature);
    let owner = core::mem::replace(&mut attested.member.wallet, thief);
    attested.refuse(GovernanceError::CredentialRefused);
    attested.member.wallet = owner;
    attested.accept();
}

#[test]
fn an_issuer_neither_signs_nor_speaks_through_the_precompile() {
    let mut attested = Attested::new();
    let issuer = attested.community.world.keypair("issuer 3");
    let wallet = attested.member.wallet.insecure_clone();
    let mut signed = attested.registration();
    signed.accounts[4] = AccountMeta::new_readonly(issuer.pubkey(), true);
    let refused = || error(GovernanceError::CredentialRefused);
    attested
        .community
        .world
        .fails_with(signed.clone(), &[&wallet, &issuer], refused());
    let mut words = attested
        .community
        .words(REGISTER, &attested.member, 3, attested.expires_ts);
    words.deadline_ts = attested.community.world.now() + 60;
    signed.accounts[4].is_signer = false;
    let instructions = [words.verified_by(&[&issuer]), signed];
    attested
        .community
        .world
        .all_fail_with(&instructions, &[&wallet], refused());
}

#[test]
fn a_credential_is_no_proof_of_an_attestor_who_signs() {
    let mut attested = Attested::new();
    attested.put(|_| {}, |_| {});
    let key = attested.community.attestor_key(0).pubkey();
    let mut registration = attested.registration();
    registration.accounts[3].pubkey = gov::attestor_address(&attested.community.realm, &key);
    let wallet = attested.member.wallet.insecure_clone();
    let mismatch = error(GovernanceError::AttestorKeyMismatch);
    attested.community.world.fails_with(registration, &[&wallet], mismatch);
}

#[test]
fn a_credential_and_a_key_are_two_attestors_and_one_credential_is_not() {
    let mut community = Community::two_signed(0);
    community.add_issuer(3);
    let member = community.stranger("ada");
    let expires_ts = community.world.now() + 365 * DAY;
    let credential = community.credential(3, &member, 0);
    let account = community.world.keypair("credential").pubkey();
    credential.put(&mut community.world, account, credential.bytes());
    let (key, issuer) = (community.attestor_key(0), credential.credential);
    let register = |keys: &[Address]| {
        let (wallet, deadline_ts) = (member.wallet.pubkey(), expires_ts - 365 * DAY + 60);
        let realm = &community.realm;
        gov::register_person(realm, &wallet, &wallet, keys, member.nullifier, expires_ts, deadline_ts)
    };
    let mut alone = register(&[issuer]);
    alone.accounts[4] = AccountMeta::new_readonly(account, false);
    let mut both = register(&[key.pubkey(), issuer]);
    both.accounts[10] = AccountMeta::new_readonly(account, false);
    let malformed = error(GovernanceError::AttestationsMalformed);
    community.world.fails_with(alone, &[&member.wallet], malformed);
    community.world.succeeds(both, &[&member.wallet, &key]);
    let person: Person = community.world.state(&member.person);
    assert_eq!((person.bucket, person.attestor_slots.get()), (0, 0b1001));
}

#[test]
fn a_credential_renews_as_long_as_it_lasts_and_never_shortens() {
    let mut attested = Attested::new();
    attested.put(|_| {}, |_| {});
    attested.accept();
    let end = attested.expires_ts;
    let later = attested.renewal(end + 10);
    let refused = error(GovernanceError::CredentialRefused);
    attested.community.world.fails_with(later.clone(), &[], refused);
    attested.put(|credential| credential.expiry = end + 10, |_| {});
    // nobody signs: whoever sends this must not be able to end the registration
    let now = attested.community.world.now();
    for shorter in [now + 1, end] {
        let bounds = error(GovernanceError::ExpiryOutOfBounds);
        let instruction = attested.renewal(shorter);
        attested.community.world.fails_with(instruction, &[], bounds);
    }
    attested.community.world.succeeds(later, &[]);
    let person: Person = attested.community.world.state(&attested.member.person);
    assert_eq!((person.expires_ts.get(), person.nonce.get()), (end + 10, 2));
}

#[test]
fn a_credential_neither_revokes_nor_suspends_reinstates_or_recovers() {
    let mut attested = Attested::new();
    attested.put(|_| {}, |_| {});
    attested.accept();
    let wallet = attested.member.wallet.insecure_clone();
    for act in [
        PersonAct::Revoke,
        PersonAct::Suspend,
        PersonAct::Reinstate,
        PersonAct::Recover,
    ] {
        let mut instruction = attested.renewal(attested.expires_ts + 1);
        instruction.data[1] = act as u8;
        instruction.accounts[2].is_signer = act == PersonAct::Recover;
        let signers: Vec<&Keypair> = [&wallet].into_iter().filter(|_| act == PersonAct::Recover).collect();
        let expected = error(GovernanceError::CredentialNotForThis);
        attested.community.world.fails_with(instruction, &signers, expected);
    }
}

#[test]
fn an_issuer_past_its_term_or_quota_registers_nobody() {
    let mut attested = Attested::new();
    let end = attested.community.world.now() + MAX_ATTESTOR_TERM_S;
    attested.community.world.warp_to(end);
    attested.expires_ts = end + DAY;
    attested.put(|_| {}, |_| {});
    attested.refuse(GovernanceError::AttestorExpired);

    let mut attested = Attested::new();
    attested.put(|_| {}, |_| {});
    let address = gov::attestor_address(&attested.community.realm, &attested.issuer);
    attested
        .community
        .force(address, |issuer: &mut Attestor| issuer.quota_per_epoch = 0u32.into());
    attested.refuse(GovernanceError::QuotaExhausted);
}
