use {crate::prelude::*, quadratic_governance::events::PersonChanged};

fn refs(keys: &[Keypair]) -> Vec<&Keypair> {
    keys.iter().collect()
}

fn link(community: &Community, wallet: &Address) -> Address {
    gov::wallet_address(&community.realm, wallet)
}

#[test]
fn both_wallets_sign_and_the_link_moves_with_its_rent() {
    let mut community = Community::with_members(0, 1);
    let (old, sponsor) = (community.wallet(0).pubkey(), community.world.actor("sponsor").pubkey());
    let new_wallet = community.world.actor("new wallet");
    let mut expected = community.person_state(0);
    let before = (
        community.world.lamports(&sponsor),
        community.world.lamports(&new_wallet.pubkey()),
    );
    let (instruction, signers) = community.moving(0, &new_wallet, true);
    let receipt = community.world.succeeds(instruction, &refs(&signers));

    expected.wallet = new_wallet.pubkey();
    expected.nonce = 2u64.into();
    let person = community.person_state(0);
    assert_eq!(bytemuck::bytes_of(&person), bytemuck::bytes_of(&expected));
    let rent = community.world.rent(PERSON_BY_WALLET_LEN);
    assert_eq!(community.world.lamports(&sponsor), before.0 + rent);
    assert_eq!(community.world.lamports(&new_wallet.pubkey()), before.1 - rent);
    assert!(!community.world.exists(&link(&community, &old)));
    let state: PersonByWallet = community.world.state(&link(&community, &new_wallet.pubkey()));
    assert_eq!(
        (state.wallet, state.person, state.realm, state.rent_payer),
        (
            new_wallet.pubkey(),
            community.members[0].person,
            community.realm,
            new_wallet.pubkey()
        )
    );
    let event = receipt.events::<PersonChanged>()[0];
    assert_eq!((event.act, event.wallet), (6, new_wallet.pubkey()));
}

#[test]
fn whoever_paid_for_the_old_link_may_pay_for_the_new_one() {
    let mut community = Community::with_members(0, 1);
    let sponsor = community.world.actor("sponsor");
    let new_wallet = community.world.actor("new wallet");
    let before = community.world.lamports(&sponsor.pubkey());
    let (mut instruction, mut signers) = community.moving(0, &new_wallet, true);
    assert_eq!(instruction.accounts[5].pubkey, sponsor.pubkey());
    instruction.accounts[0].pubkey = sponsor.pubkey();
    signers.push(sponsor.insecure_clone());
    community.world.succeeds(instruction, &refs(&signers));
    // the rent of one link for the other
    assert_eq!(community.world.lamports(&sponsor.pubkey()), before);
}

#[test]
fn a_wallet_moves_there_and_back_again() {
    let mut community = Community::with_members(0, 1);
    community.move_to(0, "new wallet");
    community.move_to(0, "member 0");
    community.to_epoch(2);
    community.open_ballot(0);
    assert_eq!(community.person_state(0).nonce.get(), 3);
}

#[test]
fn one_wallet_stays_one_person() {
    let mut community = Community::with_members(0, 2);
    // to another person's wallet
    let theirs = community.wallet(1);
    let (instruction, signers) = community.moving(0, &theirs, true);
    community.world.fails_with(instruction, &refs(&signers), 0);
    // to its own
    let own = community.wallet(0);
    let (instruction, _) = community.moving(0, &own, true);
    community.world.fails_with(instruction, &[&own], DUPLICATE);
    // what was left can be another person's
    let old = community.move_to(0, "new wallet");
    let mut second = community.stranger("second");
    second.wallet = old;
    let (instruction, signers) = community.register_instruction(&second, &[0]);
    community.world.succeeds(instruction, &refs(&signers));
    community.members.push(second);
    community.assert_invariants();
}

#[test]
fn the_new_wallet_signs_and_so_does_the_old_one_without_a_recovery() {
    let mut community = Community::with_members(0, 1);
    let new_wallet = community.world.actor("new wallet");
    let sponsor = community.world.actor("sponsor");
    let (mut instruction, signers) = community.moving(0, &new_wallet, true);
    instruction.accounts[0].pubkey = sponsor.pubkey();
    instruction.accounts[2].is_signer = false;
    community.world.fails_with(
        instruction,
        &[&sponsor, &signers[1]],
        InstructionError::MissingRequiredSignature,
    );
    let (instruction, signers) = community.moving(0, &new_wallet, false);
    let expected = error(GovernanceError::RecoveryNotDue);
    community.world.fails_with(instruction, &refs(&signers), expected);
}

#[test]
fn a_revoked_or_expired_person_does_not_move() {
    let mut community = Community::with_members(0, 2);
    let new_wallet = community.world.actor("new wallet");
    community.recover(0, &new_wallet);
    community.recover(1, &new_wallet);
    community.revoke(0);
    community.to_epoch(2);
    for signs in [true, false] {
        let (instruction, signers) = community.moving(0, &new_wallet, signs);
        let expected = error(GovernanceError::PersonRevoked);
        community.world.fails_with(instruction, &refs(&signers), expected);
    }
    let end = community.person_state(1).expires_ts.get();
    community.world.warp_to(end);
    for signs in [true, false] {
        let (instruction, signers) = community.moving(1, &new_wallet, signs);
        let expected = error(GovernanceError::PersonExpired);
        community.world.fails_with(instruction, &refs(&signers), expected);
    }
}

#[test]
fn wallet_link_and_rent_payer_are_the_persons() {
    let mut community = Community::with_members(0, 2);
    let new_wallet = community.world.actor("new wallet");
    let theirs = community.wallet(1);
    let (instruction, signers) = community.moving(0, &new_wallet, true);

    let mut by_another = instruction.clone();
    by_another.accounts[1].pubkey = theirs.pubkey();
    community.world.fails_with(by_another, &[&new_wallet, &theirs], ADDRESS);

    let mut of_another = instruction.clone();
    of_another.accounts[4].pubkey = link(&community, &theirs.pubkey());
    let mismatch = || error(GovernanceError::WalletMismatch);
    community.world.fails_with(of_another, &refs(&signers), mismatch());

    // a link of this person that names another wallet: only by force
    let mut own = instruction.clone();
    let address = link(&community, &theirs.pubkey());
    let person = community.members[0].person;
    community.force(address, |state: &mut PersonByWallet| state.person = person);
    own.accounts[4].pubkey = address;
    community.world.fails_with(own, &refs(&signers), mismatch());

    // and this wallet's link where it names another person
    let address = link(&community, &community.wallet(0).pubkey());
    let other = community.members[1].person;
    community.force(address, |state: &mut PersonByWallet| state.person = other);
    community
        .world
        .fails_with(instruction.clone(), &refs(&signers), mismatch());
    community.force(address, |state: &mut PersonByWallet| state.person = person);

    let mut to_a_thief = instruction.clone();
    to_a_thief.accounts[5].pubkey = theirs.pubkey();
    community.world.fails_with(to_a_thief, &refs(&signers), ADDRESS);

    let mut elsewhere = instruction;
    elsewhere.accounts[6].pubkey = link(&community, &community.founder.pubkey());
    community
        .world
        .fails_with(elsewhere, &refs(&signers), InstructionError::InvalidSeeds);
}

#[test]
fn a_recovery_is_completed_without_the_old_wallet_after_its_epoch() {
    let mut community = Community::with_members(0, 1);
    let new_wallet = community.world.actor("new wallet");
    community.world.warp_seconds(30);
    community.recover(0, &new_wallet);
    let due = community.world.now() + 100;
    let (instruction, signers) = community.moving(0, &new_wallet, false);
    community.world.warp_to(due - 1);
    let not_due = || error(GovernanceError::RecoveryNotDue);
    community
        .world
        .fails_with(instruction.clone(), &refs(&signers), not_due());
    community.world.warp_to(due);
    // to nobody else
    let thief = community.world.actor("thief");
    let (theft, thieves) = community.moving(0, &thief, false);
    community.world.fails_with(theft, &refs(&thieves), not_due());
    community.world.succeeds(instruction, &refs(&signers));
    let person = community.person_state(0);
    assert_eq!(
        (person.wallet, person.recovery_wallet, person.recovery_from_ts.get()),
        (new_wallet.pubkey(), Address::default(), 0)
    );
    // registered, recovery begun, moved
    assert_eq!(person.nonce.get(), 3);
}

#[test]
fn the_old_wallet_cancels_a_recovery_even_when_it_is_due() {
    let mut community = Community::with_members(0, 1);
    let (wallet, new_wallet) = (community.wallet(0), community.world.actor("new wallet"));
    let person = community.members[0].person;
    community.recover(0, &new_wallet);
    community.to_epoch(2);
    let cancel = gov::cancel_recovery(&person, &wallet.pubkey());
    let mut unsigned = cancel.clone();
    unsigned.accounts[0].is_signer = false;
    community
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let theirs = gov::cancel_recovery(&person, &new_wallet.pubkey());
    community.world.fails_with(theirs, &[&new_wallet], ADDRESS);

    let receipt = community.world.succeeds(cancel.clone(), &[&wallet]);
    let event = receipt.events::<PersonChanged>()[0];
    assert_eq!(
        (event.act, event.recovery_wallet, event.recovery_from_ts.get()),
        (7, Address::default(), 0)
    );
    let (instruction, signers) = community.moving(0, &new_wallet, false);
    let expected = error(GovernanceError::RecoveryNotDue);
    community.world.fails_with(instruction, &refs(&signers), expected);
    let nothing = error(GovernanceError::NoRecovery);
    community.world.fails_with(cancel, &[&wallet], nothing);
}

#[test]
fn a_move_or_a_revocation_ends_a_recovery() {
    let mut community = Community::with_members(0, 2);
    let new_wallet = community.world.actor("new wallet");
    community.recover(0, &new_wallet);
    community.recover(1, &new_wallet);
    community.move_to(0, "own choice");
    community.revoke(1);
    community.reinstate(1);
    community.to_epoch(2);
    for member in 0..2 {
        let (instruction, signers) = community.moving(member, &new_wallet, false);
        let expected = error(GovernanceError::RecoveryNotDue);
        community.world.fails_with(instruction, &refs(&signers), expected);
        let wallet = community.wallet(member);
        let cancel = gov::cancel_recovery(&community.members[member].person, &wallet.pubkey());
        let nothing = error(GovernanceError::NoRecovery);
        community.world.fails_with(cancel, &[&wallet], nothing);
    }
}

#[test]
fn a_statement_about_the_old_wallet_is_void_after_the_move() {
    let mut community = Community::with_members(0, 1);
    let end = community.person_state(0).expires_ts.get() + 1;
    let (instruction, keys) = community.act_instruction(0, PersonAct::Renew, end, &[0]);
    let words = community.words(gov::persons::RENEW, &community.members[0], 0, end);
    let verified = words.verified_by(&[&keys[0]]);
    let proved = gov::persons::unsigned(instruction.clone(), 6);
    community.move_to(0, "new wallet");
    let mismatch = || error(GovernanceError::WalletMismatch);
    community.world.fails_with(instruction, &refs(&keys), mismatch());
    community
        .world
        .all_fail_with(&[verified.clone(), proved.clone()], &[], mismatch());
    // nor does it hold for the new one
    let mut renamed = proved;
    renamed.accounts[2].pubkey = community.wallet(0).pubkey();
    let malformed = error(GovernanceError::StatementMalformed);
    community.world.all_fail_with(&[verified, renamed], &[], malformed);
}

#[path = "move_wallet/old_wallet.rs"]
mod old_wallet;
