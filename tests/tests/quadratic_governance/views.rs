//! What other programs read of governance accounts equals what governance wrote.

use {
    crate::prelude::*,
    commonweal_interface::views::{PersonView, RealmView, ViewError},
};

#[test]
fn the_realm_view_reads_version_and_flag() {
    for rehearsal in [true, false] {
        let parameters = if rehearsal {
            rehearsal_parameters()
        } else {
            gov::real_parameters()
        };
        let community = Community::empty(0, parameters, rehearsal);
        let raw = community.world.raw(&community.realm);
        let view = RealmView::read(&raw.owner, &raw.data).unwrap();
        assert_eq!((view.version, view.is_rehearsal), (1, rehearsal));
        assert_eq!(
            RealmView::read(&ids::SYSTEM, &raw.data),
            Err(ViewError::NotOwnedByGovernance)
        );
        assert_eq!(RealmView::read(&raw.owner, &raw.data[..9]), Err(ViewError::WrongKind));
        assert_eq!(PersonView::read(&raw.owner, &raw.data), Err(ViewError::WrongKind));
    }
}

#[test]
fn the_person_view_equals_the_person() {
    let community = Community::with_members(0, 1);
    let address = community.members[0].person;
    let raw = community.world.raw(&address);
    let view = PersonView::read(&raw.owner, &raw.data).unwrap();
    let person: Person = community.world.state(&address);
    assert_eq!(view.bucket, person.bucket);
    assert_eq!(view.registered_epoch, person.registered_epoch.get());
    assert_eq!((view.realm, view.wallet), (person.realm, person.wallet));
    assert_eq!(view.expires_ts, person.expires_ts.get());
    assert_eq!(view.revoked_at_ts, person.revoked_at_ts.get());
    assert!(view.is_active(view.expires_ts - 1) && !view.is_active(view.expires_ts));
}

#[test]
fn the_person_view_follows_a_move_and_a_revocation() {
    let mut community = Community::with_members(0, 1);
    let address = community.members[0].person;
    community.move_to(0, "new wallet");
    let raw = community.world.raw(&address);
    let view = PersonView::read(&raw.owner, &raw.data).unwrap();
    assert_eq!(view.wallet, community.wallet(0).pubkey());
    assert!(view.is_active(community.world.now()));
    community.revoke(0);
    let raw = community.world.raw(&address);
    let view = PersonView::read(&raw.owner, &raw.data).unwrap();
    assert_eq!(view.revoked_at_ts, community.world.now());
    assert!(!view.is_active(community.world.now()));
}
