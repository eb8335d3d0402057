//! What other programs read of governance accounts equals what governance wrote, and what it reads of theirs what they wrote.

use {
    crate::prelude::*,
    commonweal_interface::views::{
        pool_config, provider_authority, LockView, PersonView, ProposalView, RealmView, SlotView, ViewError,
    },
    commonweal_tests::fixtures::{
        escrow::{Provider, Slot},
        governance::{Chambers, LOCKED},
    },
    liquidity_pool::{constants::FOREVER_TS, state::LiquidityLock},
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
fn the_lock_view_and_the_pools_config_equal_what_the_pool_wrote() {
    let mut all = Chambers::new(0, 2);
    let now = all.community.world.now();
    for (member, unlock_ts) in [(0, now + 1_000), (1, FOREVER_TS)] {
        let address = all.lock(member, 7, unlock_ts);
        let raw = all.community.world.raw(&address);
        let view = LockView::read(&raw.owner, &raw.data).unwrap();
        let lock: LiquidityLock = all.community.world.state(&address);
        assert_eq!((view.pool, view.owner), (lock.pool, lock.owner));
        assert_eq!(
            (view.lp_atoms, view.unlock_ts),
            (lock.lp_atoms.get(), lock.unlock_ts.get())
        );
        assert_eq!(
            (view.owner, view.lp_atoms),
            (all.community.wallet(member).pubkey(), LOCKED)
        );
        assert_eq!((view.pool, view.unlock_ts), (all.pool.at.pool.0, unlock_ts));
    }
    // given away, it is the heir's
    let (address, heir) = (all.lock(0, 8, FOREVER_TS), all.community.wallet(1).pubkey());
    all.give_lock(0, 8, heir);
    let raw = all.community.world.raw(&address);
    assert_eq!(LockView::read(&raw.owner, &raw.data).unwrap().owner, heir);
    assert_eq!(
        LockView::read(&ids::COMPUTE_ESCROW, &raw.data),
        Err(ViewError::NotOwnedByPool)
    );
    assert_eq!(LockView::read(&raw.owner, &raw.data[..191]), Err(ViewError::WrongKind));

    let pool = all.community.world.raw(&all.pool.at.pool.0);
    assert_eq!(pool_config(&pool.owner, &pool.data), Ok(all.pool.config));
    let state: liquidity_pool::state::Pool = all.community.world.state(&all.pool.at.pool.0);
    assert_eq!(state.config, all.pool.config);
    assert_eq!(pool_config(&ids::SYSTEM, &pool.data), Err(ViewError::NotOwnedByPool));
    assert_eq!(pool_config(&raw.owner, &raw.data), Err(ViewError::WrongKind));
    assert_eq!(LockView::read(&pool.owner, &pool.data), Err(ViewError::WrongKind));
}

#[test]
fn the_slot_view_and_the_providers_authority_equal_what_the_escrow_wrote() {
    // a number of config whose two bytes differ
    let mut all = Chambers::new(12_345, 1);
    let address = all.slot(0);
    for jobs in 0..2 {
        let raw = all.community.world.raw(&address);
        let view = SlotView::read(&raw.owner, &raw.data).unwrap();
        let slot: Slot = all.community.world.state(&address);
        assert_eq!((view.config_id, view.provider), (slot.config_id.get(), slot.provider));
        assert_eq!(view.jobs_completed, slot.jobs_completed.get());
        assert_eq!(
            (view.config_id, view.provider, view.jobs_completed),
            (12_345, all.provider(0), jobs)
        );
        all.work(0);
    }
    let slot = all.community.world.raw(&address);
    assert_eq!(
        SlotView::read(&ids::LIQUIDITY_POOL, &slot.data),
        Err(ViewError::NotOwnedByEscrow)
    );
    assert_eq!(
        SlotView::read(&slot.owner, &slot.data[..259]),
        Err(ViewError::WrongKind)
    );

    let provider = all.community.world.raw(&all.provider(0));
    let state: Provider = all.community.world.state(&all.provider(0));
    assert_eq!(provider_authority(&provider.owner, &provider.data), Ok(state.authority));
    assert_eq!(state.authority, all.community.wallet(0).pubkey());
    assert_eq!(
        provider_authority(&ids::SYSTEM, &provider.data),
        Err(ViewError::NotOwnedByEscrow)
    );
    assert_eq!(provider_authority(&slot.owner, &slot.data), Err(ViewError::WrongKind));
    assert_eq!(
        SlotView::read(&provider.owner, &provider.data),
        Err(ViewError::WrongKind)
    );
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

/// That the view of a proposal equals the proposal, which has the status.
#[track_caller]
fn assert_viewed(community: &Community, address: Address, status: Status, is_finished: bool) {
    let raw = community.world.raw(&address);
    let view = ProposalView::read(&raw.owner, &raw.data).unwrap();
    let state = community.proposal_state(address);
    assert_eq!((view.status, view.realm), (state.status, state.realm));
    assert_eq!((view.status, view.realm), (status as u8, community.realm));
    assert_eq!(view.is_finished(), is_finished, "{status:?}");
}

#[test]
fn the_proposal_view_equals_the_proposal_in_every_status() {
    let (mut community, submitted) = Community::with_submitted(0, 1);
    let draft = community.create_proposal(0, 2);
    assert_viewed(&community, draft, Status::Draft, false);
    assert_viewed(&community, submitted, Status::Submitted, false);
    let (cancel, wallet) = community.cancellation(draft);
    community.world.succeeds(cancel, &[&wallet]);
    assert_viewed(&community, draft, Status::Cancelled, true);
    // nobody votes
    community.to_epoch(4);
    community.finalize(submitted);
    assert_viewed(&community, submitted, Status::Defeated, true);

    // won, half executed, and then its window is over; another time executed to the end
    let two_payments = |community: &mut Community| {
        let payee = community.world.actor("payee").pubkey();
        vec![community.payment(0, &payee, 1_000_000); 2]
    };
    let (mut community, proposal) = Community::executable(0, two_payments);
    assert_viewed(&community, proposal, Status::Succeeded, false);
    let first = community.execution(proposal, 0);
    community.world.succeeds(first, &[]);
    assert_viewed(&community, proposal, Status::Succeeded, false);
    community.to_vote_second(120);
    community.world.succeeds(gov::expire_proposal(&proposal), &[]);
    assert_viewed(&community, proposal, Status::Expired, true);
    let (mut community, proposal) = Community::executable(0, two_payments);
    for index in 0..2 {
        let execution = community.execution(proposal, index);
        community.world.succeeds(execution, &[]);
    }
    assert_viewed(&community, proposal, Status::Executed, true);

    // a veto is no end: a vote can override it
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let guardian = community.guardian.insecure_clone();
    let veto = gov::veto(&community.realm, &guardian.pubkey(), &proposal, false);
    community.world.succeeds(veto, &[&guardian]);
    assert_viewed(&community, proposal, Status::Vetoed, false);
}

#[test]
fn the_proposal_view_reads_nothing_else() {
    let (community, proposal) = Community::with_submitted(0, 1);
    let raw = community.world.raw(&proposal);
    assert_eq!(
        ProposalView::read(&ids::SYSTEM, &raw.data),
        Err(ViewError::NotOwnedByGovernance)
    );
    assert_eq!(
        ProposalView::read(&raw.owner, &raw.data[..55]),
        Err(ViewError::WrongKind)
    );
    let realm = community.world.raw(&community.realm);
    assert_eq!(ProposalView::read(&realm.owner, &realm.data), Err(ViewError::WrongKind));
    assert_eq!(PersonView::read(&raw.owner, &raw.data), Err(ViewError::WrongKind));
}
