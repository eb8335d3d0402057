use crate::prelude::*;

const PAYMENT: u64 = 1_000_000_000;

fn with_payment() -> (Community, Address, Address) {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![community.payment(0, &payee, PAYMENT)]
    });
    let payee = community.world.actor("payee").pubkey();
    (community, proposal, payee)
}

#[test]
fn anybody_executes_a_payment_out_of_the_treasury() {
    let (mut community, proposal, payee) = with_payment();
    let treasury = community.treasury(0);
    let before = (community.world.lamports(&treasury), community.world.lamports(&payee));
    let instruction = community.execution(proposal, 0);
    let receipt = community.world.succeeds(instruction, &[]);
    let after = (community.world.lamports(&treasury), community.world.lamports(&payee));
    assert_eq!(after, (before.0 - PAYMENT, before.1 + PAYMENT));
    let events = receipt.events::<quadratic_governance::events::ActionExecuted>();
    assert_eq!(events[0].outflow_lamports.get(), PAYMENT);
    let state = community.proposal_state(proposal);
    assert_eq!((state.status, state.executed_count), (Status::Executed as u8, 1));
    assert_eq!(community.realm_state().lanes[0].outflow_lamports.get(), PAYMENT);
    community.assert_invariants();
}

#[test]
fn an_action_is_executed_once() {
    let (mut community, proposal, _) = with_payment();
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction.clone(), &[]);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::NotExecutable));
}

#[test]
fn an_action_is_executed_once_while_another_waits() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![community.payment(0, &payee, 1_000_000); 2]
    });
    let second = community.execution(proposal, 1);
    community
        .world
        .fails_with(second.clone(), &[], error(GovernanceError::ActionOutOfOrder));
    let first = community.execution(proposal, 0);
    community.world.succeeds(first.clone(), &[]);
    community
        .world
        .fails_with(first, &[], error(GovernanceError::ActionExecutedAlready));
    community.world.succeeds(second, &[]);
    assert_eq!(community.proposal_state(proposal).status, Status::Executed as u8);
}

#[test]
fn before_the_timelock_and_after_the_window_nothing_is_executed() {
    let (mut community, proposal, _) = with_payment();
    let instruction = community.execution(proposal, 0);
    community.world.warp(-1, 1);
    community
        .world
        .fails_with(instruction.clone(), &[], error(GovernanceError::TimelockNotOver));
    community.to_vote_second(120);
    community
        .world
        .fails_with(instruction.clone(), &[], error(GovernanceError::ExecutionWindowOver));
    community.world.warp(-1, 1);
    community.world.succeeds(instruction, &[]);
}

#[test]
fn a_proposal_that_has_not_succeeded_executes_nothing() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    let call = community.payment(0, &ids::TOKEN, 1);
    community.add_action(proposal, call);
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction.clone(), &[], error(GovernanceError::NotExecutable));
    community.submit(proposal);
    community.to_epoch(3);
    community
        .world
        .fails_with(instruction.clone(), &[], error(GovernanceError::NotExecutable));
    community.finalize(proposal);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::NotExecutable));
}

#[test]
fn something_else_than_voted_is_refused() {
    let (mut community, proposal, _) = with_payment();
    let instruction = community.execution(proposal, 0);
    let thief = community.world.actor("thief").pubkey();
    let expected = || error(GovernanceError::ActionAccountsMismatch);
    let mut other_payee = instruction.clone();
    other_payee.accounts[7].pubkey = thief;
    community.world.fails_with(other_payee, &[], expected());
    let mut other_order = instruction.clone();
    other_order.accounts.swap(6, 7);
    community.world.fails_with(other_order, &[], expected());
    let mut fewer = instruction.clone();
    fewer.accounts.pop();
    community.world.fails_with(fewer, &[], expected());
    let mut more = instruction.clone();
    more.accounts.push(AccountMeta::new(thief, false));
    community.world.fails_with(more, &[], expected());
    let mut read_only = instruction.clone();
    read_only.accounts[7].is_writable = false;
    community.world.fails_with(read_only, &[], expected());
    let mut other_program = instruction.clone();
    other_program.accounts[4].pubkey = ids::TOKEN;
    community.world.fails_with(other_program, &[], ADDRESS);
    let mut other_lane = instruction;
    other_lane.accounts[3].pubkey = community.treasury(1);
    community.world.fails_with(other_lane, &[], ADDRESS);
}

#[test]
fn actions_of_a_losing_choice_and_of_other_proposals_are_refused() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        let call = community.payment(0, &payee, 1);
        vec![call.clone(), ActionCall { choice: 2, ..call }]
    });
    let losing = community.execution(proposal, 1);
    community
        .world
        .fails_with(losing, &[], error(GovernanceError::ActionOfOtherChoice));
    let other = community.create_proposal(0, 2);
    let payee = community.world.actor("payee").pubkey();
    let call = community.payment(0, &payee, 5);
    let foreign = community.add_action(other, call);
    let mut instruction = community.execution(proposal, 0);
    instruction.accounts[2].pubkey = foreign;
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::ActionOfOtherProposal));
}

#[test]
fn another_realm_books_nothing() {
    let (mut community, proposal, _) = with_payment();
    let mut instruction = community.execution(proposal, 0);
    instruction.accounts[0].pubkey = community.create_second_realm();
    community.world.fails_with(instruction, &[], ADDRESS);
}

#[test]
fn more_than_declared_does_not_leave() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![ActionCall {
            outflow_lamports: PAYMENT - 1,
            ..community.payment(0, &payee, PAYMENT)
        }]
    });
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::OutflowExceedsDeclared));
}

#[test]
fn a_twentieth_of_the_lane_leaves_in_an_epoch_and_no_lamport_more() {
    // the lane holds 10^12 lamports: 5·10^10 may leave
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![
            community.payment(0, &payee, 50_000_000_000),
            community.payment(0, &payee, 1),
        ]
    });
    let first = community.execution(proposal, 0);
    community.world.succeeds(first, &[]);
    let second = community.execution(proposal, 1);
    community
        .world
        .fails_with(second.clone(), &[], error(GovernanceError::OutflowExceedsCap));
    // in the next epoch it may, within the same execution window
    community.to_epoch(3);
    community.world.succeeds(second, &[]);
    community.assert_invariants();
}

#[test]
fn a_lone_payment_beyond_the_cap_is_refused() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![community.payment(0, &payee, 50_000_000_001)]
    });
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::OutflowExceedsCap));
}

/// An action on a token account of lane 0 that holds 18,000 atoms, of which 900 may leave in an epoch: its data, and flags of (account, mint, other, lane).
fn token_action(data: Vec<u8>, order: &[usize], outflow_atoms: u64) -> (Community, Address, Address, Address) {
    let (mut community, proposal) = Community::executable(0, |community| {
        let mint = community.mint.clone();
        let treasury = community.treasury(0);
        let held = community.world.funded(&mint, &treasury, 18_000);
        community.open_book(0, &mint.address);
        let friend = community.world.actor("friend").pubkey();
        let other = community.world.token_account(&mint, &friend);
        let all = [
            ActionAccount {
                address: held.to_bytes(),
                flags: FLAG_WRITABLE,
            },
            ActionAccount {
                address: mint.address.to_bytes(),
                flags: 0,
            },
            ActionAccount {
                address: other.to_bytes(),
                flags: FLAG_WRITABLE,
            },
            ActionAccount {
                address: treasury.to_bytes(),
                flags: FLAG_SIGNER,
            },
        ];
        vec![ActionCall {
            choice: 1,
            lane: 0,
            program: ids::TOKEN.to_bytes(),
            outflow_lamports: 0,
            outflow_mint: mint.address.to_bytes(),
            outflow_atoms,
            data_len: data.len() as u16,
            accounts: order.iter().map(|place| all[*place]).collect(),
            data,
        }]
    });
    let mint = community.mint.clone();
    let treasury = community.treasury(0);
    let held = community.world.token_account(&mint, &treasury);
    let friend = community.world.actor("friend").pubkey();
    let other = community.world.token_account(&mint, &friend);
    (community, proposal, held, other)
}

fn transfer_data(atoms: u64) -> Vec<u8> {
    let mut data = vec![12];
    data.extend_from_slice(&atoms.to_le_bytes());
    data.push(6);
    data
}

#[test]
fn tokens_leave_as_declared() {
    let (mut community, proposal, held, other) = token_action(transfer_data(300), &[0, 1, 2, 3], 300);
    let instruction = community.execution(proposal, 0);
    let receipt = community.world.succeeds(instruction, &[]);
    assert_eq!(
        (community.world.tokens(&held), community.world.tokens(&other)),
        (17_700, 300)
    );
    let events = receipt.events::<quadratic_governance::events::ActionExecuted>();
    assert_eq!(
        (events[0].outflow_lamports.get(), events[0].outflow_atoms.get()),
        (0, 300)
    );
}

#[test]
fn more_tokens_than_declared_do_not_leave() {
    let (mut community, proposal, ..) = token_action(transfer_data(300), &[0, 1, 2, 3], 299);
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::OutflowExceedsDeclared));
}

#[test]
fn a_token_account_of_the_treasury_is_not_approved_away() {
    // Approve: source, delegate, owner
    let mut data = vec![4];
    data.extend_from_slice(&u64::MAX.to_le_bytes());
    let (mut community, proposal, ..) = token_action(data, &[0, 2, 3], 900);
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::TreasuryGivenAway));
}

#[test]
fn neither_owner_nor_close_authority_of_a_treasury_token_account_changes() {
    for authority in [2u8, 3] {
        // SetAuthority: account, owner; kind, some, new key
        let mut data = vec![6, authority, 1];
        data.extend_from_slice(&[9; 32]);
        let (mut community, proposal, ..) = token_action(data, &[0, 3], 900);
        let instruction = community.execution(proposal, 0);
        community
            .world
            .fails_with(instruction, &[], error(GovernanceError::TreasuryGivenAway));
    }
}

#[test]
fn an_executed_proposal_adds_an_attestor_after_the_sunset_and_nobody_else_can() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let key = community.world.actor("elected attestor").pubkey();
        let treasury = community.treasury(0);
        let choice = community.attestor_choice(7, 20);
        let instruction = gov::add_attestor(&community.realm, &treasury, &key, choice);
        vec![ActionCall {
            outflow_lamports: 10_000_000,
            ..community.governed(0, &instruction)
        }]
    });
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
    let key = community.world.actor("elected attestor").pubkey();
    let attestor: Attestor = community.world.state(&gov::attestor_address(&community.realm, &key));
    assert_eq!((attestor.slot, attestor.rent_payer), (7, community.treasury(0)));
    let realm = community.realm_state();
    assert_eq!((realm.attestor_slots.get(), realm.attestor_count), (0b1000_0001, 2));
    assert_eq!(realm.lanes[0].outflow_lamports.get(), 10_000_000);
    community.assert_invariants();
}

#[test]
fn an_executed_proposal_disables_an_attestor() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let (founder, key) = (community.founder.pubkey(), community.attestor_key(0).pubkey());
        let instruction = gov::disable_attestor(&community.realm, &community.treasury(0), &key, &founder);
        vec![community.governed(0, &instruction)]
    });
    assert_eq!(community.proposal_state(proposal).class, CLASS_HIGH);
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
    let realm = community.realm_state();
    assert_eq!((realm.attestor_slots.get(), realm.attestor_count), (0, 0));
}

#[test]
fn eight_actions_of_two_choices_are_executed_in_order_and_resumed() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        (0..8)
            .map(|index| ActionCall {
                choice: 1 + index % 2,
                ..community.payment(0, &payee, 1_000_000 + u64::from(index))
            })
            .collect()
    });
    let payee = community.world.actor("payee").pubkey();
    let before = community.world.lamports(&payee);
    // choice 1 has the actions 0, 2, 4 and 6
    for (done, index) in [0u8, 2, 4, 6].into_iter().enumerate() {
        let state = community.proposal_state(proposal);
        assert_eq!(
            (state.status, usize::from(state.executed_count)),
            (Status::Succeeded as u8, done)
        );
        for other in (0..8).filter(|other| *other != index) {
            let wrong = community.execution(proposal, other);
            let outcome = community.world.send(&[wrong], &[]);
            assert!(outcome.failure().is_some(), "action {other} instead of {index}");
        }
        // hours may lie in between
        community.world.warp_seconds(1);
        let instruction = community.execution(proposal, index);
        community.world.succeeds(instruction, &[]);
    }
    assert_eq!(community.proposal_state(proposal).status, Status::Executed as u8);
    assert_eq!(community.world.lamports(&payee), before + 4_000_000 + 12);
}
