use crate::prelude::*;

fn draft() -> (Community, Address, ActionCall) {
    let mut community = Community::with_members(0, 2);
    let proposal = community.create_proposal(0, 2);
    let payee = community.world.actor("payee").pubkey();
    let call = community.payment(0, &payee, 1_000);
    (community, proposal, call)
}

#[track_caller]
fn refuse(change: impl FnOnce(&mut ActionCall), expected: GovernanceError) {
    let (mut community, proposal, mut call) = draft();
    change(&mut call);
    let wallet = community.wallet(0);
    let instruction = gov::add_action(
        &community.realm,
        &wallet.pubkey(),
        &community.members[0].person,
        &proposal,
        0,
        call,
    );
    community.world.fails_with(instruction, &[&wallet], error(expected));
}

#[test]
fn an_action_is_stored_byte_for_byte_and_its_rent_fits_it() {
    let (mut community, proposal, call) = draft();
    let address = community.add_action(proposal, call.clone());
    let raw = community.world.raw(&address);
    let action: ProposalAction = community.world.state(&address);
    assert_eq!(
        (action.index, action.choice, action.order, action.account_count),
        (0, 1, 0, 2)
    );
    assert_eq!((action.program, action.treasury), (ids::SYSTEM, community.treasury(0)));
    assert_eq!(action.outflow_lamports.get(), 1_000);
    assert_eq!(raw.data.len(), ACTION_HEADER_LEN + 2 * 33 + 12);
    let tail = &raw.data[ACTION_HEADER_LEN..];
    assert_eq!(tail[..32], call.accounts[0].address);
    assert_eq!(tail[32..64], call.accounts[1].address);
    assert_eq!(tail[64..66], [3, 1]);
    assert_eq!(tail[66..], call.data);
    assert_eq!(raw.lamports, community.world.rent(raw.data.len()));
    let state = community.proposal_state(proposal);
    assert_eq!(
        (state.action_count, state.actions_open, state.option_actions[1]),
        (1, 1, 1)
    );
}

#[test]
fn actions_of_a_choice_keep_their_order_beside_those_of_another() {
    let (mut community, proposal, call) = draft();
    let orders: Vec<u8> = [1, 2, 1, 2]
        .into_iter()
        .map(|choice| {
            let address = community.add_action(proposal, ActionCall { choice, ..call.clone() });
            community.world.state::<ProposalAction>(&address).order
        })
        .collect();
    assert_eq!(orders, [0, 0, 1, 1]);
}

#[test]
fn payments_are_normal_and_everything_else_is_high() {
    let class_after = |program: Address, data: Vec<u8>| {
        let (mut community, proposal, call) = draft();
        community.add_action(
            proposal,
            ActionCall {
                program: program.to_bytes(),
                data_len: data.len() as u16,
                data,
                ..call
            },
        );
        community.proposal_state(proposal).class
    };
    assert_eq!(class_after(ids::SYSTEM, vec![2, 0, 0, 0]), CLASS_NORMAL);
    assert_eq!(class_after(ids::TOKEN, vec![3]), CLASS_NORMAL);
    assert_eq!(class_after(ids::TOKEN_2022, vec![12]), CLASS_NORMAL);
    assert_eq!(class_after(ids::SYSTEM, vec![1, 0, 0, 0]), CLASS_HIGH);
    assert_eq!(class_after(ids::SYSTEM, vec![]), CLASS_HIGH);
    for instruction in [4, 6, 7, 9] {
        assert_eq!(class_after(ids::TOKEN, vec![instruction]), CLASS_HIGH);
    }
    assert_eq!(class_after(ids::LIQUIDITY_POOL, vec![1]), CLASS_HIGH);
    assert_eq!(class_after(ids::QUADRATIC_GOVERNANCE, vec![1]), CLASS_HIGH);
}

#[test]
fn nobody_but_the_treasury_may_sign_an_action() {
    refuse(
        |call| call.accounts[1].flags = FLAG_SIGNER,
        GovernanceError::ActionSignerRefused,
    );
    // another lane's treasury neither
    refuse(|call| call.lane = 1, GovernanceError::ActionSignerRefused);
    refuse(|call| call.accounts[1].flags = 4, GovernanceError::ActionFlagUnknown);
}

#[test]
fn lanes_choices_accounts_and_data_have_bounds() {
    refuse(|call| call.lane = 4, GovernanceError::LaneOutOfBounds);
    refuse(|call| call.choice = 0, GovernanceError::ActionChoiceInvalid);
    refuse(|call| call.choice = 3, GovernanceError::ActionChoiceInvalid);
    let account = ActionAccount {
        address: [7; 32],
        flags: 0,
    };
    refuse(
        |call| call.accounts = vec![account; 25],
        GovernanceError::TooManyActionAccounts,
    );
}

#[test]
fn another_realms_treasury_is_not_bound() {
    let (mut community, proposal, call) = draft();
    let other = community.create_second_realm();
    let wallet = community.wallet(0);
    let instruction = gov::add_action(
        &other,
        &wallet.pubkey(),
        &community.members[0].person,
        &proposal,
        0,
        call,
    );
    community.world.fails_with(instruction, &[&wallet], ADDRESS);
}

#[test]
fn data_of_1_025_bytes_is_refused_and_no_part_is_longer_than_the_whole() {
    refuse(|call| call.data_len = 1_025, GovernanceError::ActionDataTooLong);
    refuse(|call| call.data_len = 11, GovernanceError::PartOutOfBounds);
}

#[test]
fn of_this_program_only_what_a_vote_may_change_is_called() {
    for instruction in 0..48u8 {
        let (mut community, proposal, call) = draft();
        let wallet = community.wallet(0);
        let call = ActionCall {
            program: ids::QUADRATIC_GOVERNANCE.to_bytes(),
            data_len: 1,
            data: vec![instruction],
            ..call
        };
        let person = community.members[0].person;
        let add = gov::add_action(&community.realm, &wallet.pubkey(), &person, &proposal, 0, call);
        // add_attestor, disable_attestor; set_parameters, set_chambers, set_identity_cost
        if [1, 2, 20, 21, 22].contains(&instruction) {
            community.world.succeeds(add, &[&wallet]);
        } else {
            community
                .world
                .fails_with(add, &[&wallet], error(GovernanceError::SelfCallRefused));
        }
    }
    // an instruction without a first byte is none of them
    refuse(
        |call| {
            call.program = ids::QUADRATIC_GOVERNANCE.to_bytes();
            call.data_len = 0;
            call.data = vec![];
        },
        GovernanceError::SelfCallRefused,
    );
}

#[test]
fn what_names_a_chambers_program_or_its_code_touches_it() {
    let loader: Address = "BPFLoaderUpgradeab1e11111111111111111111111".parse().unwrap();
    let code = |program: Address| Address::find_program_address(&[program.as_ref()], &loader).0;
    // the constants of the program, derived again
    assert_eq!(LIQUIDITY_POOL_CODE, code(ids::LIQUIDITY_POOL));
    assert_eq!(COMPUTE_ESCROW_CODE, code(ids::COMPUTE_ESCROW));
    let touched = |change: &dyn Fn(&mut ActionCall)| {
        let (mut community, proposal, mut call) = draft();
        change(&mut call);
        community.add_action(proposal, call);
        community.proposal_state(proposal).touches
    };
    assert_eq!(touched(&|_| {}), 0);
    for (bit, program) in [(1, ids::LIQUIDITY_POOL), (2, ids::COMPUTE_ESCROW)] {
        assert_eq!(touched(&|call| call.program = program.to_bytes()), bit);
        assert_eq!(touched(&|call| call.accounts[1].address = program.to_bytes()), bit);
        assert_eq!(
            touched(&|call| call.accounts[1].address = code(program).to_bytes()),
            bit
        );
    }
    let both = |call: &mut ActionCall| {
        call.program = ids::LIQUIDITY_POOL.to_bytes();
        call.accounts[1].address = code(ids::COMPUTE_ESCROW).to_bytes();
    };
    assert_eq!(touched(&both), 3);
}

#[test]
fn twenty_four_accounts_fit_one_transaction() {
    let (mut community, proposal, call) = draft();
    let accounts = (0..24)
        .map(|byte| ActionAccount {
            address: [byte; 32],
            flags: 0,
        })
        .collect();
    community.add_action(
        proposal,
        ActionCall {
            accounts,
            data_len: 4,
            data: vec![2, 0, 0, 0],
            ..call
        },
    );
}

#[test]
fn a_ninth_action_is_refused() {
    let (mut community, proposal, call) = draft();
    for _ in 0..8 {
        community.add_action(proposal, call.clone());
    }
    let wallet = community.wallet(0);
    let instruction = gov::add_action(
        &community.realm,
        &wallet.pubkey(),
        &community.members[0].person,
        &proposal,
        8,
        call,
    );
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::TooManyActions));
}

#[test]
fn after_submission_nothing_is_added() {
    let (mut community, proposal, call) = draft();
    community.to_epoch(1);
    community.submit(proposal);
    let wallet = community.wallet(0);
    let instruction = gov::add_action(
        &community.realm,
        &wallet.pubkey(),
        &community.members[0].person,
        &proposal,
        0,
        call,
    );
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::ProposalIsNotDraft));
}

#[test]
fn nobody_else_adds_to_a_draft() {
    let (mut community, proposal, call) = draft();
    let intruder = community.wallet(1);
    for member in [0, 1] {
        let person = community.members[member].person;
        let instruction = gov::add_action(
            &community.realm,
            &intruder.pubkey(),
            &person,
            &proposal,
            0,
            call.clone(),
        );
        community.world.fails_with(instruction, &[&intruder], ADDRESS);
    }
}

#[test]
fn an_action_account_in_place_is_not_overwritten() {
    let (mut community, proposal, call) = draft();
    community.add_action(proposal, call.clone());
    let wallet = community.wallet(0);
    let instruction = gov::add_action(
        &community.realm,
        &wallet.pubkey(),
        &community.members[0].person,
        &proposal,
        0,
        call,
    );
    community
        .world
        .fails_with(instruction, &[&wallet], InstructionError::InvalidSeeds);
}
