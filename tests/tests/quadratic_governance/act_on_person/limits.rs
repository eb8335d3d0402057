//! How many an attestor may revoke, how long an appeal and a suspension last, and how a recovery begins.

use super::*;

#[test]
fn below_two_hundred_persons_an_attestor_revokes_one_an_epoch() {
    let mut community = realm_of(5);
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    let exhausted = || error(GovernanceError::RevocationsExhausted);
    // neither as the first nor as the second of the two
    refuse(&mut community, 1, (PersonAct::Revoke, 0), &[0, 2], exhausted());
    refuse(&mut community, 1, (PersonAct::Revoke, 0), &[2, 1], exhausted());
    // suspensions count with revocations
    refuse(&mut community, 1, (PersonAct::Suspend, 0), &[0], exhausted());
    community.act(1, PersonAct::Suspend, 0, &[2]);
    refuse(&mut community, 2, (PersonAct::Suspend, 0), &[2], exhausted());
    community.to_epoch(1);
    community.act(2, PersonAct::Revoke, 0, &[0, 2]);
    let key = gov::attestor_address(&community.realm, &community.attestor_key(2).pubkey());
    let attestor: Attestor = community.world.state(&key);
    assert_eq!((attestor.revoked_epoch.get(), attestor.revoked_used.get()), (1, 1));
}

#[test]
fn what_is_refused_does_not_use_the_quota_up() {
    let mut community = realm_of(2);
    community.to_epoch(1);
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    community.to_epoch(2);
    let expected = error(GovernanceError::PersonRevokedAlready);
    refuse(&mut community, 0, (PersonAct::Revoke, 0), &[0, 1], expected);
    community.act(1, PersonAct::Revoke, 0, &[0, 1]);
}

#[test]
fn two_hundred_persons_allow_two_revocations_an_epoch() {
    let mut community = Community::with_attestors(0, 2);
    for epoch in 0..20 {
        community.to_epoch(epoch);
        for index in 0..10 {
            community.register(&format!("{epoch}/{index}"), &[0]);
        }
    }
    assert_eq!(community.realm_state().persons.get(), 200);
    community.act(0, PersonAct::Suspend, 0, &[0]);
    community.act(1, PersonAct::Revoke, 0, &[0]);
    // 199 are left: one is the most, and the attestor has used two
    let exhausted = || error(GovernanceError::RevocationsExhausted);
    refuse(&mut community, 2, (PersonAct::Revoke, 0), &[0], exhausted());
    community.act(2, PersonAct::Revoke, 0, &[1]);
    refuse(&mut community, 3, (PersonAct::Revoke, 0), &[1], exhausted());
}

#[test]
fn renewals_reinstatements_and_recoveries_use_no_quota() {
    let mut community = realm_of(3);
    let end = community.person_state(0).expires_ts.get();
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    community.act(0, PersonAct::Reinstate, 0, &[0, 1]);
    for member in 1..3 {
        community.act(member, PersonAct::Renew, end + 5, &[0, 1]);
        let new_wallet = community.world.actor(&format!("new wallet {member}"));
        community.recover(member, &new_wallet);
    }
    let key = gov::attestor_address(&community.realm, &community.attestor_key(0).pubkey());
    let attestor: Attestor = community.world.state(&key);
    // the three registrations of this epoch are all it counts besides
    assert_eq!((attestor.revoked_used.get(), attestor.quota_used.get()), (1, 3));
}

#[test]
fn a_revocation_is_taken_back_within_its_appeal_window() {
    let mut community = realm_of(2);
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    let revoked = community.world.now();
    community.world.warp_to(revoked + 19);
    let receipt = community.act(0, PersonAct::Reinstate, 0, &[0, 1]);
    assert_eq!(receipt.events::<PersonChanged>()[0].act, 2);
    let person = community.person_state(0);
    assert_eq!((person.revoked_at_ts.get(), person.counted), (0, 1));
    assert_eq!(community.realm_state().persons.get(), 2);

    community.to_epoch(1);
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    let revoked = community.world.now();
    community.world.warp_to(revoked + 20);
    let expected = error(GovernanceError::AppealOver);
    refuse(&mut community, 0, (PersonAct::Reinstate, 0), &[0, 1], expected);
}

#[test]
fn in_a_real_realm_the_appeal_lasts_two_weeks() {
    for (seconds, accepted) in [(14 * DAY - 1, true), (14 * DAY, false)] {
        let mut community = Community::empty(0, gov::real_parameters(), false);
        for slot in 0..2 {
            community.add_attestor(slot, 10);
        }
        community.register("ada", &[0, 1]);
        community.act(0, PersonAct::Revoke, 0, &[0, 1]);
        community.world.warp_seconds(seconds);
        if accepted {
            community.act(0, PersonAct::Reinstate, 0, &[0, 1]);
        } else {
            let expected = error(GovernanceError::AppealOver);
            refuse(&mut community, 0, (PersonAct::Reinstate, 0), &[0, 1], expected);
        }
    }
}

#[test]
fn who_expired_meanwhile_is_not_counted_again() {
    let mut community = realm_of(1);
    let end = community.person_state(0).expires_ts.get();
    community.world.warp_to(end - 1);
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    community.world.warp_to(end);
    community.act(0, PersonAct::Reinstate, 0, &[0, 1]);
    let person = community.person_state(0);
    assert_eq!((person.revoked_at_ts.get(), person.counted), (0, 0));
    assert_eq!(community.realm_state().persons.get(), 0);
}

#[test]
fn there_must_be_something_to_take_back() {
    let mut community = realm_of(1);
    let nothing = || error(GovernanceError::NothingToReinstate);
    refuse(&mut community, 0, (PersonAct::Reinstate, 0), &[0, 1], nothing());
    community.act(0, PersonAct::Suspend, 0, &[0]);
    community.to_epoch(3);
    refuse(&mut community, 0, (PersonAct::Reinstate, 0), &[0, 1], nothing());
}

#[test]
fn a_lone_attestor_suspends_for_the_next_two_epochs() {
    let mut community = realm_of(1);
    community.to_epoch(2);
    let receipt = community.act(0, PersonAct::Suspend, 0, &[2]);
    let person = community.person_state(0);
    assert_eq!(
        (
            person.suspended_from_epoch.get(),
            person.suspended_until_epoch.get(),
            person.counted
        ),
        (3, 5, 1)
    );
    let event = receipt.events::<PersonChanged>()[0];
    assert_eq!(
        (
            event.act,
            event.suspended_from_epoch.get(),
            event.suspended_until_epoch.get()
        ),
        (4, 3, 5)
    );
}

#[test]
fn after_a_suspension_nobody_suspends_again_for_eight_epochs() {
    let mut community = realm_of(1);
    community.to_epoch(2);
    community.act(0, PersonAct::Suspend, 0, &[0]);
    // it ends with epoch 4
    for epoch in [2, 4, 12] {
        community.to_epoch(epoch);
        for slot in [1, 2] {
            let recently = error(GovernanceError::SuspendedRecently);
            refuse(&mut community, 0, (PersonAct::Suspend, 0), &[slot], recently);
        }
    }
    community.to_epoch(13);
    community.act(0, PersonAct::Suspend, 0, &[1]);
    assert_eq!(community.person_state(0).suspended_from_epoch.get(), 14);
}

#[test]
fn a_suspension_is_taken_back_before_and_while_it_lasts_and_the_rest_is_kept() {
    for (epoch, ends, again) in [(2, 2, 10), (3, 3, 11), (4, 4, 12)] {
        let mut community = realm_of(1);
        community.to_epoch(2);
        community.act(0, PersonAct::Suspend, 0, &[0]);
        community.to_epoch(epoch);
        community.act(0, PersonAct::Reinstate, 0, &[1, 2]);
        assert_eq!(community.person_state(0).suspended_until_epoch.get(), ends);
        community.open_ballot(0);
        community.to_epoch(again - 1);
        let recently = error(GovernanceError::SuspendedRecently);
        refuse(&mut community, 0, (PersonAct::Suspend, 0), &[0], recently);
        community.to_epoch(again);
        community.act(0, PersonAct::Suspend, 0, &[0]);
    }
}

#[test]
fn in_the_first_epoch_a_suspension_is_taken_back_too() {
    let mut community = realm_of(1);
    community.act(0, PersonAct::Suspend, 0, &[0]);
    community.act(0, PersonAct::Reinstate, 0, &[0, 1]);
    let nothing = error(GovernanceError::NothingToReinstate);
    community.to_epoch(1);
    refuse(&mut community, 0, (PersonAct::Reinstate, 0), &[0, 1], nothing);
    let recently = error(GovernanceError::SuspendedRecently);
    refuse(&mut community, 0, (PersonAct::Suspend, 0), &[1], recently);
}

#[test]
fn of_both_the_revocation_is_taken_back_first() {
    let mut community = realm_of(1);
    community.act(0, PersonAct::Suspend, 0, &[2]);
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    community.act(0, PersonAct::Reinstate, 0, &[0, 1]);
    let person = community.person_state(0);
    assert_eq!((person.revoked_at_ts.get(), person.suspended_until_epoch.get()), (0, 3));
    community.act(0, PersonAct::Reinstate, 0, &[0, 1]);
    assert_eq!(community.person_state(0).suspended_until_epoch.get(), 1);
}

#[test]
fn a_recovery_waits_an_epoch_for_the_wallet_that_signed() {
    let mut community = realm_of(1);
    let new_wallet = community.world.actor("new wallet");
    community.world.warp_seconds(7);
    let receipt = community.recover(0, &new_wallet);
    let person = community.person_state(0);
    assert_eq!(
        (person.wallet, person.recovery_wallet, person.recovery_from_ts.get()),
        (
            community.wallet(0).pubkey(),
            new_wallet.pubkey(),
            community.world.now() + 100
        )
    );
    let event = receipt.events::<PersonChanged>()[0];
    assert_eq!(
        (event.act, event.recovery_wallet, event.recovery_from_ts.get()),
        (3, new_wallet.pubkey(), community.world.now() + 100)
    );
    // a second one begins anew
    let newer = community.world.actor("newer wallet");
    community.world.warp_seconds(50);
    community.recover(0, &newer);
    let person = community.person_state(0);
    assert_eq!(
        (person.recovery_wallet, person.recovery_from_ts.get()),
        (newer.pubkey(), community.world.now() + 100)
    );
}

#[test]
fn what_counted_at_an_epochs_start_is_kept_when_it_begins_with_a_revocation() {
    let mut community = realm_of(2);
    community.to_epoch(1);
    community.act(0, PersonAct::Revoke, 0, &[0, 1]);
    let realm = community.realm_state();
    assert_eq!(
        (
            realm.counted_epoch.get(),
            realm.persons_at_start.get(),
            realm.persons.get()
        ),
        (1, 2, 1)
    );
    assert_eq!(realm.bucket_persons_at_start[0].get(), 2);
}
