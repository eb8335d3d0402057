//! `exclude_bucket`: by whom

use {
    super::{attestors_fail, by_attestors, by_guardian, challenged, parameters, refuses},
    crate::{chamber::advance_of, prelude::*},
    commonweal_tests::fixtures::governance::Chambers,
};

#[test]
fn only_the_guardian_leaves_out_alone_and_not_after_its_sunset() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10)]);
    attestors_fail(&mut community, proposal, 0, &[], GovernanceError::NotAuthorized);
    let founder = community.founder.insecure_clone();
    let by_founder = gov::exclude_bucket(&community.realm, &founder.pubkey(), &proposal, &[], 0);
    community
        .world
        .fails_with(by_founder, &[&founder], error(GovernanceError::NotAuthorized));
    let (mut unsigned, guardian) = by_guardian(&community, proposal, 0);
    unsigned.accounts[0].is_signer = false;
    community
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    let sunset = community.world.now() + 5;
    community.force::<Realm>(community.realm, |realm| realm.guardian_sunset_ts = sunset.into());
    community.world.warp_to(sunset);
    refuses(&mut community, proposal, 0, GovernanceError::NotAuthorized);
    community.world.warp(-1, 1);
    let (exclude, _) = by_guardian(&community, proposal, 0);
    community.world.succeeds(exclude, &[&guardian]);
}

#[test]
fn the_realms_number_of_attestors_of_other_buckets_leaves_out() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10)]);
    attestors_fail(
        &mut community,
        proposal,
        0,
        &[1],
        GovernanceError::AttestationsMalformed,
    );
    attestors_fail(
        &mut community,
        proposal,
        0,
        &[1, 2, 3],
        GovernanceError::AttestationsMalformed,
    );
    attestors_fail(&mut community, proposal, 0, &[1, 1], GovernanceError::AttestorRepeated);
    // not by its own attestor
    attestors_fail(&mut community, proposal, 0, &[0, 1], GovernanceError::NotAuthorized);
    attestors_fail(&mut community, proposal, 1, &[0, 1], GovernanceError::NotAuthorized);
    let (exclude, signers) = by_attestors(&mut community, proposal, 0, &[1, 2]);
    let signers: Vec<&Keypair> = signers.iter().collect();
    community.world.succeeds(exclude, &signers);
    assert_eq!(community.proposal_state(proposal).excluded_mask.get(), 1);
}

#[test]
fn attestors_must_sign_themselves() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10)]);
    let (exclude, signers) = by_attestors(&mut community, proposal, 0, &[1, 2]);
    let refused = error(GovernanceError::AttestorKeyMismatch);
    // the last one's key does not sign
    let mut unsigned = exclude.clone();
    unsigned.accounts[7].is_signer = false;
    let world = &mut community.world;
    world.fails_with(unsigned, &[&signers[0], &signers[1]], refused.clone());
    // another key signs for it
    let mut by_other = exclude.clone();
    by_other.accounts[7].pubkey = signers[0].pubkey();
    world.fails_with(by_other, &[&signers[0], &signers[1]], refused);
    // an odd account more
    let mut odd = exclude;
    odd.accounts.pop();
    let refused = error(GovernanceError::AttestationsMalformed);
    world.fails_with(odd, &[&signers[0], &signers[1]], refused);
}

#[test]
fn attestors_must_be_live_ones_of_the_realm() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10)]);
    let other_realm = community.create_second_realm();
    let founder = community.founder.insecure_clone();
    let key = community.attestor_key(1);
    let choice = community.attestor_choice(1, 10);
    let add = gov::add_attestor(&other_realm, &founder.pubkey(), &key.pubkey(), choice);
    community.world.succeeds(add, &[&founder]);
    let (exclude, signers) = by_attestors(&mut community, proposal, 0, &[1, 2]);
    let signers: Vec<&Keypair> = signers.iter().collect();
    let mut of_other = exclude.clone();
    of_other.accounts[4].pubkey = gov::attestor_address(&other_realm, &key.pubkey());
    let world = &mut community.world;
    world.fails_with(of_other, &signers, error(GovernanceError::AttestorOfOtherRealm));
    // one whose term has ended, then one that was disabled
    let now = community.world.now();
    let attestor = gov::attestor_address(&community.realm, &key.pubkey());
    let term = community.world.state::<Attestor>(&attestor).enabled_until_ts;
    community.force::<Attestor>(attestor, |attestor| attestor.enabled_until_ts = now.into());
    community
        .world
        .fails_with(exclude.clone(), &signers, error(GovernanceError::AttestorExpired));
    community.force::<Attestor>(attestor, |attestor| attestor.enabled_until_ts = term);
    let disable = gov::disable_attestor(&community.realm, &founder.pubkey(), &key.pubkey(), &founder.pubkey());
    community.world.succeeds(disable, &[&founder]);
    community
        .world
        .fails_with(exclude, &signers, InstructionError::UninitializedAccount);
}

#[test]
fn it_names_the_proposals_realm_and_the_sysvar() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10)]);
    let (exclude, guardian) = by_guardian(&community, proposal, 0);
    let other_realm = community.create_second_realm();
    let clock = Address::from_str_const("SysvarC1ock11111111111111111111111111111111");
    for (place, address) in [(1, other_realm), (3, clock)] {
        let mut other = exclude.clone();
        other.accounts[place].pubkey = address;
        community.world.fails_with(other, &[&guardian], ADDRESS);
    }
}

#[test]
fn what_was_signed_long_ago_leaves_nothing_out() {
    let (mut community, proposal) = challenged(parameters(), &[(0, 1, 10)]);
    let (exclude, guardian) = by_guardian(&community, proposal, 0);
    let advance = advance_of(&mut community, &guardian);
    let outcome = community.world.send(&[advance.clone(), exclude], &[&guardian]);
    assert_eq!(outcome.failure(), Some(&error(GovernanceError::DurableNonceRefused)));
    let (exclude, mut signers) = by_attestors(&mut community, proposal, 0, &[1, 2]);
    signers.push(guardian);
    let signers: Vec<&Keypair> = signers.iter().collect();
    let outcome = community.world.send(&[advance, exclude], &signers);
    assert_eq!(outcome.failure(), Some(&error(GovernanceError::DurableNonceRefused)));
    assert_eq!(community.proposal_state(proposal).excluded_mask.get(), 0);
}

#[test]
fn rules_that_are_due_say_how_many_attestors() {
    let mut all = Chambers::new(0, 2);
    for slot in 1..4 {
        all.community.add_attestor(slot, 10);
    }
    all.community.to_epoch(1);
    let lane = all.community.treasury(0);
    let parameters = RealmParameters {
        attestations: 2,
        ..rehearsal_parameters()
    };
    let call = all.call(gov::set_parameters(&all.community.realm, &lane, parameters));
    let change = all.submitted(call);
    all.win(&[change]);
    all.community.to_vote_second(70);
    let execution = all.community.execution(change, 0);
    let mut community = all.community;
    community.world.succeeds(execution, &[]);
    community.to_epoch(3);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    // nobody writes to the realm in epoch 4, in which two attestors are needed
    let start = community.epoch_start(4);
    community.world.warp_to(start + 40);
    assert_eq!(community.realm_state().rules.attestations, 1);
    attestors_fail(
        &mut community,
        proposal,
        0,
        &[1],
        GovernanceError::AttestationsMalformed,
    );
    let (exclude, signers) = by_attestors(&mut community, proposal, 0, &[1, 2]);
    let signers: Vec<&Keypair> = signers.iter().collect();
    community.world.succeeds(exclude, &signers);
}
