//! `set_parameters`, `set_chambers` and `set_identity_cost`: the realm changes itself by votes alone.

use {
    crate::prelude::*,
    quadratic_governance::{
        events::{ChambersSet, IdentityCostSet, ParametersSet},
        ChamberChoice,
    },
};

/// A realm of three in epoch 1.
fn realm() -> Community {
    let mut community = Community::with_members(0, 3);
    community.to_epoch(1);
    community
}

/// A realm in which a vote for other parameters can be executed, in epoch 2.
fn voted(change: impl FnOnce(&mut RealmParameters)) -> (Community, Address) {
    let mut community = realm();
    let mut parameters = community.parameters;
    change(&mut parameters);
    let proposal = community.pass(vec![community.parameter_vote(parameters)]);
    (community, proposal)
}

/// A realm in epoch 2 that has enacted other parameters, from epoch 4 on.
fn enacted(change: impl FnOnce(&mut RealmParameters)) -> Community {
    let (mut community, proposal) = voted(change);
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
    community
}

#[track_caller]
fn refuse(change: impl FnOnce(&mut RealmParameters), expected: GovernanceError) {
    let (mut community, proposal) = voted(change);
    let instruction = community.execution(proposal, 0);
    community.world.fails_with(instruction, &[], error(expected));
}

/// Budget of member 0 in the epoch of that number.
fn budget_in(community: &mut Community, epoch: u32) -> u32 {
    community.to_epoch(epoch);
    let ballot = community.open_ballot(0);
    community.world.state::<Ballot>(&ballot).budget_credits.get()
}

#[test]
fn parameters_hold_from_the_epoch_after_next_and_not_before() {
    let (mut community, proposal) = voted(|p| p.base_credits = 400);
    let instruction = community.execution(proposal, 0);
    let receipt = community.world.succeeds(instruction, &[]);
    let event = receipt.events::<ParametersSet>()[0];
    assert_eq!((event.from_epoch.get(), event.epoch_s.get()), (4, 100));
    assert_eq!((event.rules.base_credits.get(), event.budget_version.get()), (400, 1));
    assert_eq!(budget_in(&mut community, 3), 100);
    let last = community.epoch_start(4) - 1;
    community.world.warp_to(last);
    community.open_ballot(1);
    let before: Ballot = community.world.state(&community.ballot_of(1, 3));
    assert_eq!(before.budget_credits.get(), 100);
    assert_eq!(budget_in(&mut community, 4), 400);
    assert_eq!(budget_in(&mut community, 5), 400);
}

#[test]
fn only_other_budgets_raise_the_budgets_version() {
    type Change = fn(&mut RealmParameters);
    let changes: [(u32, Change); 5] = [
        (0, |p| p.timelock_s = 24),
        (0, |p| p.quorum_persons_ppm = 1),
        (1, |p| p.base_credits = 101),
        (1, |p| p.max_bonus_credits = 299),
        (1, |p| p.stake_atoms_per_credit = 1_001),
    ];
    for (version, change) in changes {
        let mut community = enacted(change);
        let before = community.realm_state();
        assert_eq!(
            (before.budget_version.get(), before.next_budget_version.get()),
            (0, version)
        );
        community.to_epoch(4);
        community.open_ballot(0);
        assert_eq!(community.realm_state().budget_version.get(), version);
    }
}

#[test]
fn a_submitted_proposal_meets_no_changed_parameter() {
    // G7: one voted on before the change, one in its last old epoch, one submitted under the old rules for the first new epoch
    let (mut community, vote) = voted(|p| {
        p.base_credits = 400;
        p.timelock_s = 24;
        p.normal_threshold_ppm = 600_000;
        p.quorum_persons_ppm = 500_000;
    });
    let in_old = community.propose(vec![]);
    let frozen = community.proposal_state(in_old);
    let instruction = community.execution(vote, 0);
    community.world.succeeds(instruction, &[]);
    let in_old_too = community.propose(vec![]);
    community.to_epoch(3);
    let in_new = community.propose(vec![]);
    let of = |community: &Community, proposal: Address| {
        let state = community.proposal_state(proposal);
        (
            state.vote_epoch.get(),
            state.rules.timelock_s.get(),
            state.rules.normal_threshold_ppm.get(),
            state.budget_version.get(),
            // of three persons: a tenth, and a half
            state.quorum_persons.get(),
        )
    };
    for proposal in [in_old, in_old_too] {
        assert_eq!(of(&community, proposal), (3, 20, 500_000, 0, 1));
    }
    assert_eq!(of(&community, in_new), (4, 24, 600_000, 1, 2));
    community.carry(in_old, 7);
    // twice as long as it takes, so that the new rules are in force when it is decided
    community.to_epoch(4);
    community.open_ballot(0);
    assert_eq!(community.realm_state().rules.timelock_s.get(), 24);
    community.finalize(in_old);
    let decided = community.proposal_state(in_old);
    assert_eq!(bytemuck::bytes_of(&decided.rules), bytemuck::bytes_of(&frozen.rules));
    assert_eq!(
        decided.executable_from_ts.get(),
        frozen.voting_starts_ts.get() + 40 + 10 + 20
    );
}

#[test]
fn lowering_the_quorum_revives_no_old_proposal() {
    let mut community = Community::with_parameters(
        0,
        1,
        RealmParameters {
            quorum_persons_ppm: 500_000,
            ..rehearsal_parameters()
        },
    );
    for name in ["ada", "bob", "cyn", "dan"] {
        community.register(name, &[0]);
    }
    community.to_epoch(2);
    community.open_all_ballots();
    let lowered = RealmParameters {
        quorum_persons_ppm: 0,
        quorum_credits_ppm: 0,
        ..community.parameters
    };
    let vote = community.propose(vec![community.parameter_vote(lowered)]);
    // four ballots were open: two persons are the quorum, and only one will vote
    let tiny = community.propose(vec![]);
    assert_eq!(community.proposal_state(tiny).quorum_persons.get(), 2);
    community.carry(vote, 7);
    community.cast(0, tiny, 1, 7);
    community.decide(vote);
    let instruction = community.execution(vote, 0);
    let from = community.proposal_state(vote).executable_from_ts.get();
    community.world.warp_to(from);
    community.world.succeeds(instruction, &[]);
    // decided when the realm asks for no quorum at all
    community.to_epoch(6);
    community.open_ballot(0);
    assert_eq!(community.realm_state().rules.quorum_persons_ppm.get(), 0);
    community.finalize(tiny);
    assert_eq!(community.proposal_state(tiny).status, Status::Defeated as u8);
    let again = gov::finalize(&community.realm, &tiny);
    community
        .world
        .fails_with(again, &[], error(GovernanceError::NotDecidable));
}

#[test]
fn another_change_waits_until_the_first_is_in_force() {
    let mut community = realm();
    let parameters = RealmParameters {
        base_credits: 120,
        ..community.parameters
    };
    let vote = community.parameter_vote(parameters);
    let proposal = community.pass(vec![vote.clone(), vote.clone(), vote]);
    let executions: Vec<Instruction> = (0..3).map(|index| community.execution(proposal, index)).collect();
    community.world.succeeds(executions[0].clone(), &[]);
    let pending = error(GovernanceError::ParametersPending);
    community.world.fails_with(executions[1].clone(), &[], pending.clone());
    // in epoch 3 it still waits; the window of this proposal ends with second 120
    community.to_epoch(3);
    community.world.fails_with(executions[1].clone(), &[], pending);
    let next = community.propose(vec![community.parameter_vote(parameters)]);
    community.carry(next, 7);
    community.decide(next);
    let from = community.proposal_state(next).executable_from_ts.get();
    community.world.warp_to(from);
    let instruction = community.execution(next, 0);
    community.world.succeeds(instruction, &[]);
    assert_eq!(community.realm_state().next_rules_epoch.get(), 6);
}

#[test]
fn nobody_but_lane_0_in_an_executed_proposal_sets_anything() {
    let mut community = realm();
    let (realm, mint) = (community.realm, community.mint.address);
    community.open_book(0, &mint);
    let set = |authority: &Address| {
        [
            gov::set_parameters(&realm, authority, rehearsal_parameters()),
            gov::set_chambers(&realm, authority, ChamberChoice::default()),
            gov::set_identity_cost(&realm, authority, 0, &mint, 1_000),
        ]
    };
    for key in [
        community.founder.insecure_clone(),
        community.guardian.insecure_clone(),
        community.wallet(0),
    ] {
        for instruction in set(&key.pubkey()) {
            community
                .world
                .fails_with(instruction, &[&key], error(GovernanceError::NotAuthorized));
        }
    }
    for mut instruction in set(&community.treasury(0)) {
        instruction.accounts[0].is_signer = false;
        community
            .world
            .fails_with(instruction, &[], InstructionError::MissingRequiredSignature);
    }
    // nor another lane, with a vote
    let calls: Vec<ActionCall> = set(&community.treasury(1))
        .iter()
        .map(|instruction| community.governed(1, instruction))
        .collect();
    for call in calls {
        let proposal = community.pass(vec![call]);
        let instruction = community.execution(proposal, 0);
        community
            .world
            .fails_with(instruction, &[], error(GovernanceError::NotAuthorized));
    }
}

#[test]
fn a_vote_of_one_realm_does_not_change_another() {
    let mut community = realm();
    let other = community.create_second_realm();
    let foreign = gov::set_parameters(&other, &community.treasury(0), rehearsal_parameters());
    let proposal = community.pass(vec![community.governed(0, &foreign)]);
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::NotAuthorized));
}

#[test]
fn self_bricking_parameters_are_refused() {
    use GovernanceError::*;
    // no delay reaches beyond ninety days or below its floor
    refuse(|p| p.epoch_s = 90 * 86_400 + 1, DelayOutOfBounds);
    refuse(|p| p.voting_s = 3, DelayOutOfBounds);
    refuse(|p| p.extension_s = 0, DelayOutOfBounds);
    refuse(|p| p.late_window_s = 41, DelayOutOfBounds);
    refuse(|p| p.challenge_s = 0, DelayOutOfBounds);
    refuse(|p| p.timelock_s = 0, DelayOutOfBounds);
    refuse(|p| p.timelock_s = 90 * 86_400 + 1, DelayOutOfBounds);
    refuse(|p| p.execution_window_s = 4, DelayOutOfBounds);
    // an upgrade never waits less than what can be vetoed anyway
    refuse(|p| p.upgrade_timelock_s = 19, DelayOutOfBounds);
    // half of an epoch remains to submit in
    refuse(|p| p.review_s = 51, DelayOutOfBounds);
    // the epoch holds its vote, and the one under way by the old rules
    refuse(|p| p.voting_s = 81, EpochTooShort);
    refuse(
        |p| (p.epoch_s, p.voting_s, p.extension_s, p.challenge_s) = (59, 20, 10, 10),
        EpochTooShort,
    );
    refuse(|p| p.base_credits = 0, CreditsOutOfBounds);
    refuse(|p| p.base_credits = 1_000_001, CreditsOutOfBounds);
    refuse(|p| p.max_bonus_credits = 801, CreditsOutOfBounds);
    refuse(|p| p.stake_atoms_per_credit = 0, CreditsOutOfBounds);
}

#[test]
fn quorums_thresholds_and_costs_that_nobody_could_meet_are_refused() {
    use GovernanceError::*;
    refuse(|p| p.min_persons = 0, QuorumOutOfBounds);
    refuse(|p| p.quorum_persons_ppm = 500_001, QuorumOutOfBounds);
    refuse(|p| p.quorum_credits_ppm = 500_001, QuorumOutOfBounds);
    // of three persons one is at most half
    refuse(|p| p.min_persons = 2, QuorumUnreachable);
    refuse(|p| p.normal_threshold_ppm = 499_999, ThresholdOutOfBounds);
    refuse(|p| p.normal_threshold_ppm = 670_001, ThresholdOutOfBounds);
    refuse(|p| p.high_threshold_ppm = 599_999, ThresholdOutOfBounds);
    refuse(|p| p.high_threshold_ppm = 670_001, ThresholdOutOfBounds);
    refuse(|p| p.cohort_floor_votes = 0, LimitOutOfBounds);
    refuse(|p| p.proposal_bond_lamports = MAX_BOND_LAMPORTS + 1, LimitOutOfBounds);
    refuse(|p| p.identity_cost_lamports = 0, LimitOutOfBounds);
    refuse(|p| p.identity_cost_lamports = 110_000_000_001, IdentityCostRise);
    refuse(|p| p.attestations = 0, AttestationsOutOfBounds);
    refuse(|p| p.attestations = 9, AttestationsOutOfBounds);
    // with one attestor a registration needs one
    refuse(|p| p.attestations = 2, AttestorsTooFew);
}

#[test]
fn what_is_at_the_bounds_is_taken() {
    let community = enacted(|p| {
        p.epoch_s = 90 * 86_400;
        p.review_s = 45 * 86_400;
        p.timelock_s = 1;
        p.upgrade_timelock_s = 2;
        p.max_bonus_credits = 800;
        p.quorum_persons_ppm = 500_000;
        p.high_threshold_ppm = 670_000;
        p.proposal_bond_lamports = MAX_BOND_LAMPORTS;
        p.identity_cost_lamports = 110_000_000_000;
    });
    assert_eq!(community.realm_state().next_epoch_s.get(), 90 * 86_400);
    let shorter = enacted(|p| (p.epoch_s, p.voting_s, p.extension_s, p.challenge_s) = (60, 20, 10, 10));
    assert_eq!(shorter.realm_state().next_epoch_s.get(), 60);
    let mut community = Community::with_members(0, 4);
    community.to_epoch(1);
    let parameters = RealmParameters {
        min_persons: 2,
        ..community.parameters
    };
    community.enact(vec![community.parameter_vote(parameters)]);
    assert_eq!(community.realm_state().next_rules.min_persons.get(), 2);
}

#[test]
fn an_identity_cost_below_ten_rises_again() {
    let mut community = Community::with_parameters(
        0,
        1,
        RealmParameters {
            identity_cost_lamports: 1,
            ..rehearsal_parameters()
        },
    );
    for name in ["ada", "bob", "cyn"] {
        community.register(name, &[0]);
    }
    community.to_epoch(1);
    let costing = |community: &Community, lamports| {
        community.parameter_vote(RealmParameters {
            identity_cost_lamports: lamports,
            ..community.parameters
        })
    };
    let proposal = community.pass(vec![costing(&community, 3)]);
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::IdentityCostRise));
    community.enact(vec![costing(&community, 2)]);
    assert_eq!(community.realm_state().next_rules.identity_cost_lamports.get(), 2);
}

#[test]
fn a_clock_that_steps_back_does_not_bring_a_change_forward() {
    let (mut community, vote) = voted(|p| p.base_credits = 400);
    community.to_epoch(3);
    // votes in epoch 4, under the old rules
    let submitted = community.propose(vec![]);
    community.world.warp(-2, 1);
    assert_eq!(community.epoch(), 2);
    let instruction = community.execution(vote, 0);
    community.world.succeeds(instruction, &[]);
    assert_eq!(community.realm_state().next_rules_epoch.get(), 5);
    assert_eq!(community.proposal_state(submitted).rules.base_credits.get(), 100);
    assert_eq!(budget_in(&mut community, 4), 100);
}

#[test]
fn the_chambers_are_set_by_a_vote_at_once() {
    let mut community = realm();
    let choice = ChamberChoice {
        liquidity_config: [8; 32],
        escrow_config_number: 5,
    };
    let call = community.governed(0, &gov::set_chambers(&community.realm, &community.treasury(0), choice));
    let proposal = community.pass(vec![call]);
    assert_eq!(community.proposal_state(proposal).class, CLASS_HIGH);
    let instruction = community.execution(proposal, 0);
    let receipt = community.world.succeeds(instruction, &[]);
    let state = community.realm_state();
    assert_eq!(state.liquidity_config.to_bytes(), [8; 32]);
    assert_eq!(state.escrow_config_number.get(), 5);
    assert_eq!(receipt.events::<ChambersSet>()[0].escrow_config_number.get(), 5);
}

#[test]
fn an_identity_cost_of_tokens_is_anything_at_first_and_then_rises_by_a_tenth_an_epoch() {
    let mut community = realm();
    let mint = community.mint.address;
    let book = community.open_book(1, &mint);
    let votes = |community: &Community, costs: &[u64]| -> Vec<ActionCall> {
        costs.iter().map(|cost| community.cost_vote(1, &mint, *cost)).collect()
    };
    let refused = error(GovernanceError::IdentityCostRise);
    let zero = community.pass(votes(&community, &[0]));
    let instruction = community.execution(zero, 0);
    community.world.fails_with(instruction, &[], refused.clone());
    // set once; a second time in the epoch not even lower
    let proposal = community.pass(votes(&community, &[1_000, 900]));
    let first = community.execution(proposal, 0);
    let receipt = community.world.succeeds(first, &[]);
    let event = receipt.events::<IdentityCostSet>()[0];
    assert_eq!((event.identity_cost_atoms.get(), event.lane), (1_000, 1));
    let second = community.execution(proposal, 1);
    community.world.fails_with(second, &[], refused.clone());
    let above = community.pass(votes(&community, &[1_101]));
    let instruction = community.execution(above, 0);
    community.world.fails_with(instruction, &[], refused);
    community.enact(votes(&community, &[1_100]));
    community.enact(votes(&community, &[7]));
    community.enact(votes(&community, &[8]));
    let state: TokenBook = community.world.state(&book);
    assert_eq!(state.identity_cost_atoms.get(), 8);
    assert_eq!(state.cost_epoch.get(), community.epoch());
}

#[test]
fn the_book_of_another_realm_keeps_its_cost() {
    let mut community = realm();
    let (other, mint) = (community.create_second_realm(), community.mint.address);
    let payer = community.world.actor("bookkeeper");
    let open = gov::open_book(&other, &payer.pubkey(), 1, &mint);
    community.world.succeeds(open, &[&payer]);
    let mut call = community.cost_vote(1, &mint, 1_000);
    call.accounts[2].address = gov::book_address(&other, 1, &mint).to_bytes();
    let proposal = community.pass(vec![call]);
    let instruction = community.execution(proposal, 0);
    community.world.fails_with(instruction, &[], ADDRESS);
}
