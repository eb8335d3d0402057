//! Real persons of the governance behind providers of the escrow.

use {
    commonweal_tests::fixtures::{
        escrow::{ix, supply::*, *},
        governance::Chambers,
    },
    solana_signer::Signer as _,
};

/// Terms of a rehearsal's job for persons only, spread by lot.
fn for_persons() -> JobTerms {
    JobTerms {
        challenge_seconds: 2,
        ..terms_for(Eligibility {
            persons_only: true,
            spread_slots: 16,
            ..ANYBODY
        })
    }
}

#[test]
fn a_registered_person_works_with_a_head_start_until_it_is_revoked() {
    let mut all = Chambers::new(0, 1);
    let slot = all.slot(0);
    let (person, provider) = (all.community.members[0].person, all.provider(0));
    let (name, wallet) = (all.community.members[0].name.clone(), all.community.wallet(0).pubkey());
    all.in_escrow(|e| {
        let order = e.post_with(&for_persons());
        e.draw(&order, hash_for(&slot, 6));
        e.to_slot_of(&order, 4 * 16);
        let claim = ix::claim_job_by_lot(wallet, provider, slot, order.job, &order.uid, SLOT_HASHES);
        e.fails(claim.clone(), &[&name], EscrowError::PersonRequired);
        e.run(link_person(wallet, wallet, person, e.config), &[&name]);
        // two of the six doublings are its head start
        e.run(claim, &[&name]);
        let (by, hash) = (wallet, commitment(&RESULT, &SALT, &slot, &order.uid));
        for step in [
            ix::start_job(by, provider, slot, order.job, &INPUT),
            ix::commit_result(by, provider, slot, order.job, &hash),
            ix::reveal_result(by, provider, slot, order.job, &RESULT, &SALT),
        ] {
            e.run(step, &[&name]);
        }
        e.world.warp_seconds(2);
        e.run(ix::settle(order.job, slot, e.mint.address, e.mint.program), &[]);
        e.run(fold_reputation(provider, slot), &[]);
        let state: Provider = e.world.state(&provider);
        assert_eq!((state.person, state.jobs_completed.get()), (person, 1));
        // a stranger may not part them
        let part = unlink_person(e.key("stranger"), provider, person, e.config);
        e.fails(part, &["stranger"], EscrowError::NotThePerson);
    });
    all.community.revoke(0);
    all.in_escrow(|e| {
        // now anybody may
        e.run(
            unlink_person(e.key("stranger"), provider, person, e.config),
            &["stranger"],
        );
        let again = link_person(wallet, wallet, person, e.config);
        e.fails(again, &[&name], EscrowError::PersonRefused);
        let order = e.post_with(&for_persons());
        e.to_slot_of(&order, 256);
        let claim = ix::claim_job(wallet, provider, slot, order.job, &order.uid);
        e.fails(claim, &[&name], EscrowError::PersonRequired);
    });
    all.community.reinstate(0);
    all.in_escrow(|e| {
        let before: Provider = e.world.state(&provider);
        e.run(link_person(wallet, wallet, person, e.config), &[&name]);
        let after: Provider = e.world.state(&provider);
        assert_eq!(before.head_start_until_ts.get(), 0);
        let first: compute_escrow::state::PersonLink = e.world.state(&link(&person).0);
        assert_eq!(
            after.head_start_until_ts.get(),
            first.first_linked_ts.get() + 7_776_000,
            "nobody is new twice"
        );
    });
}

#[test]
fn a_person_that_moves_its_wallet_takes_its_link_with_it() {
    let mut all = Chambers::new(0, 1);
    all.slot(0);
    let (person, provider) = (all.community.members[0].person, all.provider(0));
    let (name, wallet) = (all.community.members[0].name.clone(), all.community.wallet(0).pubkey());
    all.in_escrow(|e| {
        e.rival("patron");
        let patron = ix::provider(&e.key("patron")).0;
        e.run(
            link_person(wallet, e.key("patron"), person, e.config),
            &[&name, "patron"],
        );
        assert_eq!(e.world.state::<Provider>(&patron).person, person);
    });
    all.community.move_to(0, "new wallet");
    all.in_escrow(|e| {
        let patron = ix::provider(&e.key("patron")).0;
        let by_old = unlink_person(wallet, patron, person, e.config);
        e.fails(by_old, &[&name], EscrowError::NotThePerson);
        let new = e.key("new wallet");
        e.run(unlink_person(new, patron, person, e.config), &["new wallet"]);
        // its old wallet's provider takes it with both signatures
        let link = link_person(new, wallet, person, e.config);
        e.run(link, &["new wallet", &name]);
        assert_eq!(e.world.state::<Provider>(&provider).person, person);
    });
}
