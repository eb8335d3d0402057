use {crate::prelude::*, quadratic_governance::events::PersonChanged};

fn retirement(community: &Community, member: usize) -> Instruction {
    gov::retire_person(&community.realm, &community.members[member].person)
}

/// Two members; the registration of the first has just expired, the second's was renewed.
fn expired() -> Community {
    let mut community = Community::with_members(0, 2);
    let end = community.person_state(0).expires_ts.get();
    community.act(1, PersonAct::Renew, end + 1_000, &[0]);
    community.world.warp_to(end);
    community
}

#[test]
fn from_its_end_on_a_registration_is_taken_out_of_the_counts_by_anybody() {
    let mut community = expired();
    let mut expected = community.person_state(0);
    let instruction = retirement(&community, 0);
    let receipt = community.world.succeeds(instruction, &[]);
    expected.counted = 0;
    let person = community.person_state(0);
    assert_eq!(bytemuck::bytes_of(&person), bytemuck::bytes_of(&expected));
    let realm = community.realm_state();
    assert_eq!((realm.persons.get(), realm.bucket_persons[0].get()), (1, 1));
    let event = receipt.events::<PersonChanged>()[0];
    assert_eq!(
        (event.person, event.act, event.counted),
        (community.members[0].person, 5, 0)
    );
    community.assert_invariants();
}

#[test]
fn quorums_follow_the_persons_who_are_left() {
    let mut community = Community::with_members(0, 9);
    let end = community.person_state(0).expires_ts.get();
    community.act(0, PersonAct::Renew, end + 100_000, &[0]);
    community.world.warp_to(end);
    let next = community.epoch() + 1;
    community.to_epoch(next);
    let before = community.create_proposal(0, 1);
    community.submit(before);
    for member in 1..9 {
        let instruction = retirement(&community, member);
        community.world.succeeds(instruction, &[]);
    }
    community.to_epoch(next + 1);
    let after = community.create_proposal(0, 1);
    community.submit(after);
    // a quarter of nine persons is three, of one it is one
    let base = |proposal| community.proposal_state(proposal).quorum_base.get();
    assert_eq!((base(before), base(after)), (3, 1));
}

#[test]
fn before_its_end_nobody_retires_a_registration() {
    let mut community = Community::with_members(0, 1);
    let end = community.person_state(0).expires_ts.get();
    let instruction = retirement(&community, 0);
    community.world.warp_to(end - 1);
    community
        .world
        .fails_with(instruction.clone(), &[], error(GovernanceError::PersonNotExpired));
    community.world.warp_to(end);
    community.world.succeeds(instruction, &[]);
}

#[test]
fn nobody_is_taken_out_twice() {
    let mut community = expired();
    let instruction = retirement(&community, 0);
    community.world.succeeds(instruction.clone(), &[]);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::PersonNotExpired));
    // nor after a revocation
    community.act(1, PersonAct::Revoke, 0, &[0]);
    let end = community.person_state(1).expires_ts.get();
    community.world.warp_to(end);
    let instruction = retirement(&community, 1);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::PersonNotExpired));
    assert_eq!(community.realm_state().persons.get(), 0);
}

#[test]
fn who_is_renewed_counts_again_and_votes_again() {
    let mut community = expired();
    let instruction = retirement(&community, 0);
    community.world.succeeds(instruction, &[]);
    let end = community.world.now() + 1_000;
    community.act(0, PersonAct::Renew, end, &[0]);
    let realm = community.realm_state();
    assert_eq!((realm.persons.get(), realm.bucket_persons[0].get()), (2, 2));
    assert_eq!(community.person_state(0).counted, 1);
    community.open_ballot(0);
    // who was not retired is not counted a second time
    community.act(1, PersonAct::Renew, end + 500, &[0]);
    assert_eq!(community.realm_state().persons.get(), 2);
}

#[test]
fn a_retired_person_can_still_be_revoked_for_good() {
    let mut community = expired();
    let instruction = retirement(&community, 0);
    community.world.succeeds(instruction, &[]);
    community.act(0, PersonAct::Revoke, 0, &[0]);
    assert_eq!(community.realm_state().persons.get(), 1);
    // taken back, it is expired all the same
    community.act(0, PersonAct::Reinstate, 0, &[0]);
    assert_eq!(
        (community.realm_state().persons.get(), community.person_state(0).counted),
        (1, 0)
    );
}

#[test]
fn the_realm_is_the_persons_own() {
    let mut community = expired();
    let mut instruction = retirement(&community, 0);
    instruction.accounts[0].pubkey = community.create_second_realm();
    community.world.fails_with(instruction, &[], ADDRESS);
}

#[test]
fn what_counted_at_an_epochs_start_is_kept_when_it_begins_with_a_retirement() {
    let mut community = expired();
    let next = community.epoch() + 1;
    community.to_epoch(next);
    let instruction = retirement(&community, 0);
    community.world.succeeds(instruction, &[]);
    let realm = community.realm_state();
    assert_eq!(
        (
            realm.counted_epoch.get(),
            realm.persons_at_start.get(),
            realm.persons.get()
        ),
        (next, 2, 1)
    );
    assert_eq!(realm.bucket_persons_at_start[0].get(), 2);
}
