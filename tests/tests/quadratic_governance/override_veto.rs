//! `override_veto`

use {
    super::{in_timelock, overrides, refuses_veto, status, vetoes, vote, with_payment},
    crate::{
        chamber::{act, expire},
        prelude::*,
    },
    commonweal_tests::fixtures::governance::Chambers,
    quadratic_governance::events::ProposalSubmitted,
};

pub(super) fn override_by(community: &Community, member: usize, proposal: Address) -> (Instruction, Keypair) {
    let wallet = community.wallet(member);
    let person = community.members[member].person;
    (
        gov::override_veto(&community.realm, &wallet.pubkey(), &person, &proposal),
        wallet,
    )
}

#[track_caller]
fn refuses_override(community: &mut Community, member: usize, proposal: Address, expected: GovernanceError) {
    let (call, wallet) = override_by(community, member, proposal);
    community.world.fails_with(call, &[&wallet], error(expected));
}

#[test]
fn an_override_starts_from_nothing_in_the_next_epoch() {
    let (mut community, proposal) = in_timelock(3);
    let before = community.proposal_state(proposal);
    assert_eq!((before.voters.get(), before.spent_credits.get()), (3, 300));
    vetoes(&mut community, proposal, false);
    let (call, wallet) = override_by(&community, 2, proposal);
    let receipt = community.world.succeeds(call, &[&wallet]);
    let state = community.proposal_state(proposal);
    assert_eq!((state.status, state.override_vote), (Status::Submitted as u8, 1));
    assert_eq!(
        (state.vote_epoch.get(), state.voting_starts_ts.get()),
        (3, community.epoch_start(3))
    );
    assert_eq!(
        (state.voters.get(), state.spent_credits.get(), state.winner),
        (0, 0, NO_LEADER)
    );
    assert!(state.totals_q16.iter().all(|total| total.get() == 0));
    assert!(state.buckets_q16.iter().flatten().all(|votes| votes.get() == 0));
    assert!(state.bucket_voters.iter().all(|voters| voters.get() == 0));
    assert!(state.bucket_credits.iter().all(|credits| credits.get() == 0));
    assert_eq!(
        (state.late_recorded, state.late_leader, state.late_quorum),
        (0, NO_LEADER, 0)
    );
    assert_eq!(
        (state.extended, state.extension_leader, state.excluded_mask.get()),
        (0, NO_LEADER, 0)
    );
    assert_eq!((state.finalized_ts.get(), state.executable_from_ts.get()), (0, 0));
    // three ballots were opened in epoch 2: three persons are the base now, one was at the submission
    assert_eq!((before.quorum_base.get(), state.quorum_base.get()), (1, 3));
    assert_eq!((state.quorum_persons.get(), state.quorum_credits.get()), (1, 30));
    let event = receipt.events::<ProposalSubmitted>()[0];
    assert_eq!(
        (event.proposal, event.vote_epoch.get(), event.override_vote),
        (proposal, 3, 1)
    );
    community.assert_invariants();
}

#[test]
fn old_ballots_do_not_vote_on_an_override_and_new_ones_do() {
    let (mut community, proposal) = in_timelock(2);
    vetoes(&mut community, proposal, false);
    overrides(&mut community, 0, proposal);
    community.to_epoch(3);
    community.open_ballot(0);
    let (wallet, person) = (community.wallet(0), community.members[0].person);
    let old = community.ballot_of(0, 2);
    let cast = gov::cast_votes(&wallet.pubkey(), &person, &old, &proposal, 1, 9);
    community
        .world
        .fails_with(cast, &[&wallet], error(GovernanceError::BallotOfOtherEpoch));
    community.cast(0, proposal, 1, 10);
    let state = community.proposal_state(proposal);
    assert_eq!((state.voters.get(), state.total_of(1)), (1, 10 << 16));
}

#[test]
fn three_quarters_override_and_less_does_not() {
    // 30 of 40 votes are exactly three quarters, 29 of 39 are 74.4 %
    for (votes, expected) in [(10, Status::Succeeded), (9, Status::Defeated)] {
        let (mut community, proposal) = in_timelock(4);
        vetoes(&mut community, proposal, false);
        overrides(&mut community, 3, proposal);
        vote(&mut community, proposal, &[(1, 10), (1, 10), (1, votes), (0, 10)]);
        assert_eq!(status(&community, proposal), expected as u8);
    }
}

#[test]
fn what_three_quarters_want_is_executed_after_another_timelock() {
    let (mut community, proposal) = in_timelock(2);
    vetoes(&mut community, proposal, false);
    overrides(&mut community, 0, proposal);
    vote(&mut community, proposal, &[(1, 10), (1, 10)]);
    let execution = community.execution(proposal, 0);
    let start = community.epoch_start(3);
    community.world.warp_to(start + 69);
    community
        .world
        .fails_with(execution.clone(), &[], error(GovernanceError::TimelockNotOver));
    community.world.warp_to(start + 70);
    let payee = community.world.keypair("payee").pubkey();
    let before = community.world.lamports(&payee);
    community.world.succeeds(execution, &[]);
    assert_eq!(community.world.lamports(&payee) - before, 1_000_000);
}

#[test]
fn nobody_vetoes_twice() {
    let (mut all, proposal) = Chambers::in_timelock(0, 3);
    all.veto_by_seat(0, LIQUIDITY_CHAMBER, proposal);
    overrides(&mut all.community, 1, proposal);
    let refused = GovernanceError::VetoOverridden;
    refuses_veto(&mut all.community, proposal, false, refused);
    // the chamber that vetoed is not asked again, nor the guardian, in review, vote or timelock
    all.community.to_epoch(3);
    let refused = GovernanceError::VetoOverridden;
    refuses_veto(&mut all.community, proposal, false, refused);
    vote(&mut all.community, proposal, &[(1, 10), (1, 10), (1, 10)]);
    assert_eq!(status(&all.community, proposal), Status::Succeeded as u8);
    let refused = GovernanceError::VetoOverridden;
    refuses_veto(&mut all.community, proposal, false, refused);
    let (veto, wallet) = all.seat_veto(1, LIQUIDITY_CHAMBER, proposal);
    let refused = error(GovernanceError::VetoOverridden);
    all.community.world.fails_with(veto, &[&wallet], refused);
}

#[test]
fn any_active_person_of_the_realm_and_nobody_else_calls_the_vote() {
    let (mut community, proposal) = in_timelock(4);
    vetoes(&mut community, proposal, false);
    act(&mut community, 1, PersonAct::Revoke, 0);
    refuses_override(&mut community, 1, proposal, GovernanceError::PersonRevoked);
    expire(&mut community, 2);
    refuses_override(&mut community, 2, proposal, GovernanceError::PersonExpired);
    // a person of another realm, whatever realm is named
    let other_realm = community.create_second_realm();
    let (founder, key) = (community.founder.insecure_clone(), community.attestor_key(0));
    let choice = community.attestor_choice(0, 10);
    let add = gov::add_attestor(&other_realm, &founder.pubkey(), &key.pubkey(), choice);
    let foreigner = community.stranger("foreigner");
    let from = foreigner.wallet.pubkey();
    let now = community.world.now();
    let (expires_ts, deadline_ts) = (now + 1_000, now + 60);
    let nullifier = foreigner.nullifier;
    let register = gov::register_person(
        &other_realm,
        &from,
        &from,
        &[key.pubkey()],
        nullifier,
        expires_ts,
        deadline_ts,
    );
    let person = gov::person_address(&other_realm, &nullifier);
    let of_own = gov::override_veto(&other_realm, &from, &person, &proposal);
    let of_theirs = gov::override_veto(&community.realm, &from, &person, &proposal);
    let of_anothers = gov::override_veto(&community.realm, &from, &community.members[0].person, &proposal);
    let world = &mut community.world;
    world.succeeds(add, &[&founder]);
    world.succeeds(register, &[&foreigner.wallet, &key]);
    world.fails_with(of_own, &[&foreigner.wallet], ADDRESS);
    world.fails_with(of_theirs, &[&foreigner.wallet], error(GovernanceError::NotAuthorized));
    world.fails_with(of_anothers, &[&foreigner.wallet], ADDRESS);
    let (mut unsigned, _) = override_by(&community, 3, proposal);
    unsigned.accounts[0].is_signer = false;
    community
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
    overrides(&mut community, 3, proposal);
}

#[test]
fn only_what_was_vetoed_is_called_again_and_only_once() {
    let (mut community, proposal) = with_payment(1);
    refuses_override(&mut community, 0, proposal, GovernanceError::NotVetoed);
    vetoes(&mut community, proposal, false);
    overrides(&mut community, 0, proposal);
    refuses_override(&mut community, 0, proposal, GovernanceError::NotVetoed);
    vote(&mut community, proposal, &[(0, 10)]);
    refuses_override(&mut community, 0, proposal, GovernanceError::NotVetoed);
}

#[test]
fn the_time_to_override_ends_with_the_next_epoch_less_the_review() {
    let (mut community, proposal) = in_timelock(1);
    vetoes(&mut community, proposal, false);
    let end = community.epoch_start(4);
    community.world.warp_to(end);
    refuses_override(&mut community, 0, proposal, GovernanceError::OverrideTooLate);
    community.world.warp(-1, 1);
    refuses_override(&mut community, 0, proposal, GovernanceError::ReviewTooShort);
    community.world.warp(-4, 1);
    overrides(&mut community, 0, proposal);
    assert_eq!(community.proposal_state(proposal).vote_epoch.get(), 4);
}

#[test]
fn an_override_is_voted_on_under_the_rules_of_the_submission() {
    let mut all = Chambers::new(0, 2);
    all.community.to_epoch(1);
    let (treasury, payee) = (all.community.treasury(0), all.community.world.actor("payee").pubkey());
    all.community.world.airdrop(&treasury, 1_000_000_000_000);
    let payment = all.community.payment(0, &payee, 1_000_000);
    let parameters = RealmParameters {
        voting_s: 30,
        challenge_s: 5,
        timelock_s: 11,
        base_credits: 400,
        quorum_credits_ppm: 500_000,
        ..rehearsal_parameters()
    };
    let change = all.call(gov::set_parameters(&all.community.realm, &treasury, parameters));
    let (vetoed, change) = (all.submitted(payment), all.submitted(change));
    all.win(&[vetoed, change]);
    let frozen = all.community.proposal_state(vetoed);
    vetoes(&mut all.community, vetoed, false);
    all.community.to_vote_second(70);
    let execution = all.community.execution(change, 0);
    all.community.world.succeeds(execution, &[]);
    // called in epoch 3, voted on in epoch 4, where the realm has other rules
    all.community.to_epoch(3);
    overrides(&mut all.community, 0, vetoed);
    let state = all.community.proposal_state(vetoed);
    assert_eq!(bytes_of(&state.rules), bytes_of(&frozen.rules));
    // two ballots of 100 credits in the epoch before: 10 % of 200
    assert_eq!(state.quorum_credits.get(), 20);
    all.community.to_epoch(4);
    all.community.open_all_ballots();
    assert_eq!(all.community.realm_state().rules.voting_s.get(), 30);
    let start = all.community.epoch_start(4);
    all.community.world.warp_to(start + 39);
    all.community.cast(0, vetoed, 1, 10);
    all.community.cast(1, vetoed, 1, 10);
    // quorum and leader changed in the last ten seconds: extended by ten, then a challenge of ten
    all.community.world.warp_to(start + 59);
    let finalize = gov::finalize(&all.community.realm, &vetoed);
    let refused = error(GovernanceError::ChallengeNotOver);
    all.community.world.fails_with(finalize.clone(), &[], refused);
    all.community.world.warp_to(start + 60);
    all.community.world.succeeds(finalize, &[]);
    let state = all.community.proposal_state(vetoed);
    assert_eq!(
        (state.status, state.executable_from_ts.get()),
        (Status::Succeeded as u8, start + 80)
    );
}

fn bytes_of(rules: &Rules) -> Vec<u8> {
    bytemuck::bytes_of(rules).to_vec()
}
