use crate::prelude::*;

fn opening(community: &Community, member: usize, stake: Option<Address>, epoch: u32) -> (Instruction, Keypair) {
    let wallet = community.wallet(member);
    let person = community.members[member].person;
    (
        gov::open_ballot(
            &community.realm,
            &wallet.pubkey(),
            &wallet.pubkey(),
            &person,
            stake,
            epoch,
        ),
        wallet,
    )
}

#[test]
fn without_stake_the_budget_is_the_base() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(2);
    let address = community.open_ballot(0);
    let ballot: Ballot = community.world.state(&address);
    assert_eq!(
        (
            ballot.budget_credits.get(),
            ballot.spent_credits.get(),
            ballot.epoch.get()
        ),
        (100, 0, 2)
    );
    assert_eq!(ballot.closable_from_ts.get(), community.epoch_start(3));
    let person: Person = community.world.state(&community.members[0].person);
    assert_eq!(person.last_ballot_epoch.get(), 2);
    let realm = community.realm_state();
    assert_eq!((realm.ballots_in_epoch.get(), realm.counted_epoch.get()), (1, 2));
    assert_eq!(community.world.raw(&address).data.len(), BALLOT_LEN);
    assert!(community.world.rent(BALLOT_LEN) <= 4_000_000);
}

#[test]
fn stake_gives_a_floored_and_capped_bonus() {
    // 7,999 atoms at 1,000 a credit are 7 credits; a million are the cap of 300
    for (atoms, budget) in [(7_999, 107), (999, 100), (1_000_000, 400)] {
        let mut community = Community::with_members(0, 1);
        community.stake(0, atoms);
        community.to_epoch(2);
        let address = community.open_ballot(0);
        let ballot: Ballot = community.world.state(&address);
        assert_eq!(ballot.budget_credits.get(), budget);
        assert_eq!(ballot.stake_atoms.get(), atoms);
    }
}

#[test]
fn a_deposit_of_the_same_epoch_does_not_count() {
    let mut community = Community::with_members(0, 1);
    community.stake(0, 5_000);
    community.to_epoch(2);
    community.stake(0, 100_000);
    let address = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&address).budget_credits.get(), 105);
}

#[test]
fn a_ballot_of_another_epoch_than_the_current_is_refused() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(3);
    for epoch in [2, 4, u32::MAX] {
        let (instruction, wallet) = opening(&community, 0, None, epoch);
        community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::EpochIsNotCurrent));
    }
}

#[test]
fn the_first_ballot_opens_two_epochs_after_registration() {
    let mut community = Community::with_members(0, 1);
    let end = community.epoch_start(2);
    for (moment, epoch) in [(end - 101, 0), (end - 1, 1)] {
        community.world.warp_to(moment);
        let (instruction, wallet) = opening(&community, 0, None, epoch);
        community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::PersonTooYoung));
    }
    community.world.warp_to(end);
    community.open_ballot(0);
}

#[test]
fn a_second_ballot_of_the_epoch_is_refused() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(2);
    community.open_ballot(0);
    let (instruction, wallet) = opening(&community, 0, None, 2);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::BallotOpenedAlready));
}

#[test]
fn an_expired_person_opens_no_ballot() {
    let mut community = Community::with_members(0, 1);
    let expires = community
        .world
        .state::<Person>(&community.members[0].person)
        .expires_ts
        .get();
    community.world.warp_to(expires);
    let epoch = community.epoch();
    let (instruction, wallet) = opening(&community, 0, None, epoch);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonExpired));
}

#[test]
fn only_the_persons_wallet_opens_its_ballot_but_anybody_may_pay() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(2);
    let (victim, intruder) = (community.members[0].person, community.wallet(1));
    let instruction = gov::open_ballot(
        &community.realm,
        &intruder.pubkey(),
        &intruder.pubkey(),
        &victim,
        None,
        2,
    );
    community.world.fails_with(instruction, &[&intruder], ADDRESS);
    let wallet = community.wallet(0);
    let instruction = gov::open_ballot(&community.realm, &intruder.pubkey(), &wallet.pubkey(), &victim, None, 2);
    community.world.succeeds(instruction, &[&intruder, &wallet]);
    let ballot: Ballot = community.world.state(&community.ballot_of(0, 2));
    assert_eq!((ballot.person, ballot.rent_payer), (victim, intruder.pubkey()));
}

#[test]
fn another_persons_stake_does_not_count() {
    let mut community = Community::with_members(0, 2);
    community.stake(1, 100_000);
    community.to_epoch(2);
    let (instruction, wallet) = opening(&community, 0, Some(community.stake_of(1)), 2);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::StakeOfOtherPerson));
}

#[test]
fn a_revoked_person_opens_no_ballot() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(2);
    community.revoke(0);
    let (instruction, wallet) = opening(&community, 0, None, 2);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonRevoked));
}

#[test]
fn a_delegating_person_opens_no_ballot_of_an_epoch_it_lends() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(2);
    gov::persons::lend(&mut community, 1, 0, None);
    // it counts from the next epoch on: the ballot of this one is still the person's own
    community.open_ballot(1);
    community.to_epoch(3);
    let (instruction, wallet) = opening(&community, 1, None, 3);
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::PersonDelegates));
}

#[test]
fn a_suspended_person_opens_no_ballot_of_the_two_epochs_after_the_suspension() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(2);
    community.act(0, PersonAct::Suspend, 0, &[0]);
    community.open_ballot(0);
    for epoch in [3, 4] {
        community.to_epoch(epoch);
        let (instruction, wallet) = opening(&community, 0, None, epoch);
        community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::PersonSuspended));
    }
    community.to_epoch(5);
    community.open_ballot(0);
}

#[test]
fn realm_stake_and_ballot_are_the_persons() {
    let mut community = Community::with_members(0, 2);
    community.to_epoch(2);
    let (instruction, wallet) = opening(&community, 0, None, 2);
    let mut unsigned = instruction.clone();
    unsigned.accounts[1].is_signer = false;
    let sponsor = community.world.actor("sponsor");
    unsigned.accounts[0].pubkey = sponsor.pubkey();
    community
        .world
        .fails_with(unsigned, &[&sponsor], InstructionError::MissingRequiredSignature);
    let mut elsewhere = instruction.clone();
    elsewhere.accounts[5].pubkey = community.ballot_of(1, 2);
    community
        .world
        .fails_with(elsewhere, &[&wallet], InstructionError::InvalidSeeds);
    let mut foreign = instruction;
    foreign.accounts[2].pubkey = community.create_second_realm();
    community.world.fails_with(foreign, &[&wallet], ADDRESS);
}

#[test]
fn a_renewed_person_opens_a_ballot_and_its_bucket_is_its_own() {
    let mut community = Community::with_attestors(0, 3);
    community.register("ada", &[2]);
    let end = community.person_state(0).expires_ts.get();
    community.world.warp_to(end);
    community.act(0, PersonAct::Renew, end + 1_000, &[1]);
    let ballot = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&ballot).bucket, 2);
}
