//! `veto` and `resign_guardian`; `override_veto` has a file of its own

use {
    crate::{chamber::advance_of, prelude::*},
    quadratic_governance::events::{GuardianResigned, ProposalEnded},
};

#[path = "override_veto.rs"]
mod override_veto;

const BOND: u64 = 3_000_000_000;

fn guardian_veto(community: &Community, proposal: Address, as_spam: bool) -> (Instruction, Keypair) {
    let guardian = community.guardian.insecure_clone();
    (
        gov::veto(&community.realm, &guardian.pubkey(), &proposal, as_spam),
        guardian,
    )
}

#[track_caller]
fn vetoes(community: &mut Community, proposal: Address, as_spam: bool) {
    let (veto, guardian) = guardian_veto(community, proposal, as_spam);
    community.world.succeeds(veto, &[&guardian]);
}

#[track_caller]
fn refuses_veto(community: &mut Community, proposal: Address, as_spam: bool, expected: GovernanceError) {
    let (veto, guardian) = guardian_veto(community, proposal, as_spam);
    community.world.fails_with(veto, &[&guardian], error(expected));
}

#[track_caller]
fn overrides(community: &mut Community, member: usize, proposal: Address) {
    let (call, wallet) = override_veto::override_by(community, member, proposal);
    community.world.succeeds(call, &[&wallet]);
}

/// A realm with a bond, whose proposal with a payment of member 0 is submitted in epoch 1.
fn with_payment(members: usize) -> (Community, Address) {
    let parameters = RealmParameters {
        proposal_bond_lamports: BOND,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for member in 0..members {
        community.register(&format!("member {member}"), &[0]);
    }
    community.to_epoch(1);
    let treasury = community.treasury(0);
    community.world.airdrop(&treasury, 1_000_000_000_000);
    let payee = community.world.actor("payee").pubkey();
    let proposal = community.create_proposal(0, 1);
    let call = community.payment(0, &payee, 1_000_000);
    community.add_action(proposal, call);
    community.submit(proposal);
    (community, proposal)
}

/// The same in its timelock, second 50 of epoch 2: everybody has voted for it with all they have.
fn in_timelock(members: usize) -> (Community, Address) {
    let (mut community, proposal) = with_payment(members);
    vote(&mut community, proposal, &vec![(1, 10); members]);
    (community, proposal)
}

/// Lets members vote with an option and votes each, in the proposal's vote epoch, and finalizes.
fn vote(community: &mut Community, proposal: Address, votes: &[(u8, u32)]) {
    community.to_epoch(community.proposal_state(proposal).vote_epoch.get());
    for (member, (option, votes)) in votes.iter().enumerate() {
        community.open_ballot(member);
        community.cast(member, proposal, *option, *votes);
    }
    let end = community.proposal_state(proposal).challenge_end().unwrap();
    community.world.warp_to(end);
    community.finalize(proposal);
}

fn status(community: &Community, proposal: Address) -> u8 {
    community.proposal_state(proposal).status
}

#[test]
fn the_guardian_vetoes_in_review_voting_challenge_and_timelock() {
    // second of the vote epoch, whether it is finalized before, epoch in which the time to override ends
    for (second, finalizes, ends) in [
        (-1, false, 3),
        (0, false, 4),
        (39, false, 4),
        (45, false, 4),
        (69, true, 4),
    ] {
        let (mut community, proposal) = with_payment(2);
        if second >= 0 {
            community.to_epoch(2);
            community.open_ballot(0);
            community.cast(0, proposal, 1, 10);
        }
        if finalizes {
            community.to_vote_second(50);
            community.finalize(proposal);
        }
        community.to_vote_second(second);
        let (veto, guardian) = guardian_veto(&community, proposal, false);
        let receipt = community.world.succeeds(veto, &[&guardian]);
        let state = community.proposal_state(proposal);
        assert_eq!((state.status, state.vetoed_by), (Status::Vetoed as u8, VETO_GUARDIAN));
        assert_eq!((state.winner, state.override_vote), (NO_LEADER, 0));
        assert_eq!(state.expires_ts.get(), community.epoch_start(ends));
        let event = receipt.events::<ProposalEnded>()[0];
        assert_eq!(
            (event.proposal, event.status, event.vetoed_by),
            (proposal, 6, VETO_GUARDIAN)
        );
        assert_eq!(event.closed, 0);
    }
}

#[test]
fn when_the_timelock_is_over_there_is_no_veto() {
    let (mut community, proposal) = in_timelock(2);
    community.to_vote_second(70);
    refuses_veto(&mut community, proposal, false, GovernanceError::VetoTooLate);
    let execution = community.execution(proposal, 0);
    community.world.succeeds(execution, &[]);
    refuses_veto(&mut community, proposal, false, GovernanceError::VetoTooLate);
}

#[test]
fn that_nobody_has_finalized_gives_the_guardian_no_more_time() {
    let (mut community, proposal) = with_payment(2);
    community.to_epoch(2);
    community.open_ballot(0);
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(70);
    refuses_veto(&mut community, proposal, false, GovernanceError::VetoTooLate);
    community.world.warp(-1, 1);
    vetoes(&mut community, proposal, false);
}

#[test]
fn what_is_no_submission_cannot_be_vetoed() {
    let (mut community, proposal) = with_payment(2);
    let draft = community.create_proposal(0, 1);
    refuses_veto(&mut community, draft, false, GovernanceError::VetoTooLate);
    let (cancel, wallet) = community.cancellation(draft);
    community.world.succeeds(cancel, &[&wallet]);
    refuses_veto(&mut community, draft, false, GovernanceError::VetoTooLate);
    vote(&mut community, proposal, &[(0, 10), (0, 10)]);
    assert_eq!(status(&community, proposal), Status::Defeated as u8);
    refuses_veto(&mut community, proposal, false, GovernanceError::VetoTooLate);
}

#[test]
fn what_is_vetoed_or_has_nothing_to_execute_is_not_vetoed_again() {
    let (mut community, proposal) = in_timelock(2);
    let without_actions = community.create_proposal(0, 1);
    community.submit(without_actions);
    vetoes(&mut community, proposal, false);
    let before = community.proposal_state(proposal).expires_ts;
    community.to_vote_second(69);
    refuses_veto(&mut community, proposal, false, GovernanceError::VetoTooLate);
    assert_eq!(community.proposal_state(proposal).expires_ts, before);
    vote(&mut community, without_actions, &[(1, 10), (1, 10)]);
    assert_eq!(status(&community, without_actions), Status::Executed as u8);
    refuses_veto(&mut community, without_actions, false, GovernanceError::VetoTooLate);
}

#[test]
fn only_the_guardian_of_the_realm_vetoes() {
    let (mut community, proposal) = with_payment(1);
    let (veto, guardian) = guardian_veto(&community, proposal, false);
    let founder = community.founder.insecure_clone();
    let other_realm = community.create_second_realm();
    let clock = Address::from_str_const("SysvarC1ock11111111111111111111111111111111");
    let with = |place: usize, address: Address| {
        let mut instruction = veto.clone();
        instruction.accounts[place].pubkey = address;
        instruction
    };
    let world = &mut community.world;
    world.fails_with(with(0, founder.pubkey()), &[&founder], ADDRESS);
    world.fails_with(with(1, other_realm), &[&guardian], ADDRESS);
    world.fails_with(with(3, clock), &[&guardian], ADDRESS);
    let mut unsigned = veto;
    unsigned.accounts[0].is_signer = false;
    world.fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);
}

#[test]
fn a_veto_signed_long_ago_is_refused() {
    let (mut community, proposal) = with_payment(1);
    let (veto, guardian) = guardian_veto(&community, proposal, false);
    let advance = advance_of(&mut community, &guardian);
    let outcome = community.world.send(&[advance, veto], &[&guardian]);
    assert_eq!(outcome.failure(), Some(&error(GovernanceError::DurableNonceRefused)));
    assert_eq!(status(&community, proposal), Status::Submitted as u8);
}

#[test]
fn at_its_sunset_the_guardians_power_ends() {
    let mut community = Community::with_members(0, 1);
    let sunset = community.realm_state().guardian_sunset_ts.get();
    community.world.warp_to(sunset - 50);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    community.world.warp_to(sunset);
    refuses_veto(&mut community, proposal, false, GovernanceError::NotAuthorized);
    community.world.warp(-1, 1);
    vetoes(&mut community, proposal, false);
}

#[test]
fn a_guardian_that_resigned_has_no_power_left() {
    let (mut community, proposal) = with_payment(1);
    let guardian = community.guardian.insecure_clone();
    let founder = community.founder.insecure_clone();
    let resign = gov::resign_guardian(&community.realm, &guardian.pubkey());
    let by_founder = gov::resign_guardian(&community.realm, &founder.pubkey());
    community.world.fails_with(by_founder, &[&founder], ADDRESS);
    let mut unsigned = resign.clone();
    unsigned.accounts[0].is_signer = false;
    community
        .world
        .fails_with(unsigned, &[], InstructionError::MissingRequiredSignature);

    let receipt = community.world.succeeds(resign.clone(), &[&guardian]);
    let realm = community.realm_state();
    assert_eq!(realm.guardian, Address::default());
    assert_eq!(realm.guardian_sunset_ts.get(), community.world.now());
    let event = receipt.events::<GuardianResigned>()[0];
    assert_eq!((event.realm, event.guardian), (community.realm, guardian.pubkey()));

    let (veto, _) = guardian_veto(&community, proposal, false);
    let key = community.attestor_key(0).pubkey();
    let disable = gov::disable_attestor(&community.realm, &guardian.pubkey(), &key, &founder.pubkey());
    community.world.fails_with(veto, &[&guardian], ADDRESS);
    community.world.fails_with(resign, &[&guardian], ADDRESS);
    community
        .world
        .fails_with(disable, &[&guardian], error(GovernanceError::NotAuthorized));
}

#[test]
fn as_spam_only_before_the_vote() {
    let (mut community, proposal) = with_payment(2);
    community.to_epoch(2);
    refuses_veto(&mut community, proposal, true, GovernanceError::VetoTooLate);
    community.world.warp(-1, 1);
    vetoes(&mut community, proposal, true);
    assert_eq!(community.proposal_state(proposal).vetoed_by, VETO_SPAM);

    let (mut community, proposal) = in_timelock(2);
    refuses_veto(&mut community, proposal, true, GovernanceError::VetoTooLate);
    vetoes(&mut community, proposal, false);
}

/// Closes the actions and the proposal; what the proposer's wallet and lane 0 gain.
fn close_all(community: &mut Community, proposal: Address) -> (u64, u64) {
    let wallet = community.proposer(proposal).pubkey();
    let treasury = community.treasury(0);
    let close_action = gov::close_action(&proposal, &gov::action_address(&proposal, 0), &wallet);
    community.world.succeeds(close_action, &[]);
    let before = (community.world.lamports(&wallet), community.world.lamports(&treasury));
    let close = community.closing(proposal);
    community.world.succeeds(close, &[]);
    (
        community.world.lamports(&wallet) - before.0,
        community.world.lamports(&treasury) - before.1,
    )
}

#[test]
fn the_bond_of_spam_goes_to_lane_0_and_that_of_other_vetoes_back() {
    for (as_spam, forfeited) in [(true, BOND), (false, 0)] {
        let (mut community, proposal) = with_payment(1);
        vetoes(&mut community, proposal, as_spam);
        community.to_epoch(3);
        let rent = community.world.rent(PROPOSAL_LEN);
        assert_eq!(
            close_all(&mut community, proposal),
            (rent + BOND - forfeited, forfeited)
        );
    }
}

#[test]
fn a_forfeited_bond_below_the_rent_of_an_account_waits_for_a_lane_that_exists() {
    let parameters = RealmParameters {
        proposal_bond_lamports: 500_000,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    community.register("member", &[0]);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    vetoes(&mut community, proposal, true);
    community.to_epoch(3);
    let (close, treasury) = (community.closing(proposal), community.treasury(0));
    let outcome = community.world.send(std::slice::from_ref(&close), &[]);
    assert!(matches!(outcome.failure(), Some(Failure::Transaction(_))));
    let rent = community.world.rent(0);
    community.world.airdrop(&treasury, rent);
    community.world.succeeds(close, &[]);
    assert_eq!(community.world.lamports(&treasury), rent + 500_000);
}

#[test]
fn a_vote_decides_whether_it_was_spam() {
    for (option, forfeited) in [(1, 0), (0, BOND)] {
        let (mut community, proposal) = with_payment(1);
        vetoes(&mut community, proposal, true);
        overrides(&mut community, 0, proposal);
        // vetoed and called again in the review: the vote is in the epoch it was to be in
        assert_eq!(community.proposal_state(proposal).vote_epoch.get(), 2);
        vote(&mut community, proposal, &[(option, 10)]);
        if option == 1 {
            community.to_vote_second(70);
            let execution = community.execution(proposal, 0);
            community.world.succeeds(execution, &[]);
        }
        let rent = community.world.rent(PROPOSAL_LEN);
        assert_eq!(
            close_all(&mut community, proposal),
            (rent + BOND - forfeited, forfeited)
        );
    }
}

#[test]
fn a_vetoed_proposal_is_closed_only_when_nobody_can_override_any_more() {
    let (mut community, proposal) = in_timelock(1);
    vetoes(&mut community, proposal, false);
    let wallet = community.wallet(0).pubkey();
    let close_action = gov::close_action(&proposal, &gov::action_address(&proposal, 0), &wallet);
    let close = community.closing(proposal);
    let end = community.epoch_start(4);
    community.world.warp_to(end - 1);
    let refused = error(GovernanceError::ProposalNotFinished);
    community.world.fails_with(close_action, &[], refused.clone());
    community.world.fails_with(close, &[], refused);
    community.world.warp_to(end);
    let rent = community.world.rent(PROPOSAL_LEN);
    assert_eq!(close_all(&mut community, proposal), (rent + BOND, 0));
}

#[test]
fn a_vetoed_proposal_takes_no_votes_no_decision_and_no_execution() {
    let (mut community, proposal) = with_payment(2);
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, proposal, 1, 10);
    vetoes(&mut community, proposal, false);
    let (cast, wallet) = community.cast_instruction(1, proposal, 1, 5);
    let (take_back, first) = community.cast_instruction(0, proposal, 1, 0);
    let finalize = gov::finalize(&community.realm, &proposal);
    let (execution, (cancel, _)) = (community.execution(proposal, 0), community.cancellation(proposal));
    let world = &mut community.world;
    world.fails_with(cast, &[&wallet], error(GovernanceError::VotingIsNotOpen));
    // what was spent on it stays spent
    world.fails_with(take_back, &[&first], error(GovernanceError::VotingIsNotOpen));
    world.fails_with(cancel, &[&first], error(GovernanceError::CancelTooLate));
    let end = community.epoch_start(3);
    community.world.warp_to(end);
    let world = &mut community.world;
    world.fails_with(finalize, &[], error(GovernanceError::NotDecidable));
    world.fails_with(execution, &[], error(GovernanceError::NotExecutable));
    world.fails_with(
        gov::expire_proposal(&proposal),
        &[],
        error(GovernanceError::NotExecutable),
    );
}
