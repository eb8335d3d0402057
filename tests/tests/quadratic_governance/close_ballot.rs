use crate::prelude::*;

fn opened() -> (Community, Address) {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(2);
    let ballot = community.open_ballot(0);
    (community, ballot)
}

#[test]
fn all_rent_returns_to_whoever_paid() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(2);
    let sponsor = community.world.actor("sponsor");
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let open = gov::open_ballot(&community.realm, &sponsor.pubkey(), &wallet.pubkey(), &person, None, 2);
    let before = community.world.lamports(&sponsor.pubkey());
    community.world.succeeds(open, &[&sponsor, &wallet]);
    assert!(community.world.lamports(&sponsor.pubkey()) < before);
    community.to_epoch(3);
    let ballot = community.ballot_of(0, 2);
    community.world.succeeds(
        gov::close_ballot(&wallet.pubkey(), &person, &ballot, &sponsor.pubkey()),
        &[&wallet],
    );
    assert_eq!(community.world.lamports(&sponsor.pubkey()), before);
    assert!(!community.world.exists(&ballot));
}

#[test]
fn before_the_epochs_end_nobody_closes_it() {
    let (mut community, ballot) = opened();
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let instruction = gov::close_ballot(&wallet.pubkey(), &person, &ballot, &wallet.pubkey());
    let end = community.epoch_start(3);
    community.world.warp_to(end - 1);
    community.world.fails_with(
        instruction.clone(),
        &[&wallet],
        error(GovernanceError::BallotEpochNotOver),
    );
    community.world.warp_to(end);
    community.world.succeeds(instruction, &[&wallet]);
}

#[test]
fn others_wait_eight_epochs_longer() {
    let (mut community, ballot) = opened();
    let wallet = community.wallet(0).pubkey();
    let anybody = community.world.actor("anybody");
    let person = community.members[0].person;
    let instruction = gov::close_ballot(&anybody.pubkey(), &person, &ballot, &wallet);
    let grace_end = community.epoch_start(11);
    community.world.warp_to(grace_end - 1);
    community.world.fails_with(
        instruction.clone(),
        &[&anybody],
        error(GovernanceError::BallotGraceNotOver),
    );
    community.world.warp_to(grace_end);
    community.world.succeeds(instruction, &[&anybody]);
}

#[test]
fn the_rent_goes_to_nobody_else() {
    let (mut community, ballot) = opened();
    let wallet = community.wallet(0);
    community.to_epoch(3);
    let person = community.members[0].person;
    let thief = community.world.actor("thief").pubkey();
    community.world.fails_with(
        gov::close_ballot(&wallet.pubkey(), &person, &ballot, &thief),
        &[&wallet],
        ADDRESS,
    );
}

#[test]
fn another_persons_wallet_does_not_close_it() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(2);
    let ballot = community.open_ballot(0);
    community.to_epoch(3);
    let (intruder, payer) = (community.wallet(1), community.wallet(0).pubkey());
    let own = community.members[1].person;
    let instruction = gov::close_ballot(&intruder.pubkey(), &own, &ballot, &payer);
    community.world.fails_with(instruction, &[&intruder], ADDRESS);
    let person = community.members[0].person;
    let mut unsigned = gov::close_ballot(&payer, &person, &ballot, &payer);
    unsigned.accounts[0].is_signer = false;
    community
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
}

#[test]
fn who_was_revoked_or_has_expired_still_gets_the_rent() {
    let (mut community, ballot) = opened();
    community.revoke(0);
    let end = community.person_state(0).expires_ts.get();
    community.world.warp_to(end);
    let (wallet, person) = (community.wallet(0), community.members[0].person);
    let before = community.world.lamports(&wallet.pubkey());
    let instruction = gov::close_ballot(&wallet.pubkey(), &person, &ballot, &wallet.pubkey());
    community.world.succeeds(instruction, &[&wallet]);
    let rent = community.world.rent(BALLOT_LEN);
    assert_eq!(community.world.lamports(&wallet.pubkey()) - before, rent);
}
