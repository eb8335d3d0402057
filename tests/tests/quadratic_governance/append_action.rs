use crate::prelude::*;

/// A draft with an action of `len` bytes of data of which the first `first` are there; the action.
fn drafted(len: u16, first: usize) -> (Community, Address, Address) {
    let mut community = Community::with_members(0, 3);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    let call = part_of(&community, len, first);
    let action = community.add_action(proposal, call);
    (community, proposal, action)
}

/// A call of a program nobody calls here.
fn part_of(community: &Community, len: u16, first: usize) -> ActionCall {
    ActionCall {
        program: [9; 32],
        data_len: len,
        data: bytes(0..first),
        ..community.payment(0, &ids::TOKEN, 0)
    }
}

/// Bytes that say where they belong.
fn bytes(places: std::ops::Range<usize>) -> Vec<u8> {
    places.map(|place| (place * 7 + 1) as u8).collect()
}

fn append(community: &Community, proposal: Address, part: Vec<u8>) -> (Instruction, Keypair) {
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    (
        gov::append_action(&wallet.pubkey(), &person, &proposal, 0, part),
        wallet,
    )
}

#[track_caller]
fn refused(community: &mut Community, proposal: Address, part: Vec<u8>, expected: GovernanceError) {
    let (instruction, wallet) = append(community, proposal, part);
    community.world.fails_with(instruction, &[&wallet], error(expected));
}

#[test]
fn parts_follow_each_other_until_all_is_there_and_none_is_written_twice() {
    let (mut community, proposal, action) = drafted(100, 16);
    let header = community.world.raw(&action).data[..ACTION_HEADER_LEN + 66].to_vec();
    for (from, to) in [(16, 17), (17, 90), (90, 100)] {
        assert_eq!(community.proposal_state(proposal).actions_incomplete, 1);
        let (instruction, wallet) = append(&community, proposal, bytes(from..to));
        let receipt = community.world.succeeds(instruction, &[&wallet]);
        let state: ProposalAction = community.world.state(&action);
        assert_eq!(usize::from(state.data_written.get()), to);
        let data = &community.world.raw(&action).data;
        assert_eq!(data[ACTION_HEADER_LEN + 66..][..to], bytes(0..to));
        assert!(data[ACTION_HEADER_LEN + 66 + to..].iter().all(|byte| *byte == 0));
        let events = receipt.events::<quadratic_governance::events::ActionCompleted>();
        assert_eq!(
            (usize::from(events[0].data_written.get()), events[0].actions_incomplete),
            (to, u8::from(to < 100))
        );
    }
    assert_eq!(community.proposal_state(proposal).actions_incomplete, 0);
    // the keys and flags before the data are as they were
    assert_eq!(
        community.world.raw(&action).data[ACTION_HEADER_LEN..ACTION_HEADER_LEN + 66],
        header[ACTION_HEADER_LEN..]
    );
    refused(&mut community, proposal, vec![1], GovernanceError::PartOutOfBounds);
}

#[test]
fn a_part_is_neither_empty_nor_longer_than_what_is_missing() {
    let (mut community, proposal, _) = drafted(20, 16);
    refused(&mut community, proposal, vec![], GovernanceError::PartOutOfBounds);
    refused(&mut community, proposal, vec![1; 5], GovernanceError::PartOutOfBounds);
    let (instruction, wallet) = append(&community, proposal, vec![1; 4]);
    community.world.succeeds(instruction, &[&wallet]);
}

#[test]
fn the_first_part_holds_the_first_sixteen_bytes_or_all_of_fewer() {
    for (len, first, fits) in [
        (100, 15, false),
        (100, 16, true),
        (16, 15, false),
        (15, 14, false),
        (15, 15, true),
    ] {
        let mut community = Community::with_members(0, 1);
        let proposal = community.create_proposal(0, 2);
        let call = part_of(&community, len, first);
        let (wallet, person) = (community.wallet(0), community.members[0].person);
        let instruction = gov::add_action(&community.realm, &wallet.pubkey(), &person, &proposal, 0, call);
        if fits {
            community.world.succeeds(instruction, &[&wallet]);
        } else {
            let short = error(GovernanceError::FirstPartTooShort);
            community.world.fails_with(instruction, &[&wallet], short);
        }
    }
}

#[test]
fn an_incomplete_draft_is_not_submitted() {
    let (mut community, proposal, _) = drafted(20, 16);
    let (wallet, person) = (community.wallet(0), community.members[0].person);
    let submit = gov::submit_proposal(&community.realm, &wallet.pubkey(), &person, &proposal);
    let incomplete = error(GovernanceError::ActionIncomplete);
    community.world.fails_with(submit.clone(), &[&wallet], incomplete);
    let (instruction, _) = append(&community, proposal, vec![1; 4]);
    community.world.succeeds(instruction, &[&wallet]);
    community.world.succeeds(submit, &[&wallet]);
}

#[test]
fn one_complete_action_does_not_stand_for_another() {
    let (mut community, proposal, _) = drafted(20, 16);
    let call = part_of(&community, 20, 16);
    community.add_action(proposal, call);
    assert_eq!(community.proposal_state(proposal).actions_incomplete, 2);
    let (instruction, wallet) = append(&community, proposal, vec![1; 4]);
    community.world.succeeds(instruction, &[&wallet]);
    let person = community.members[0].person;
    let submit = gov::submit_proposal(&community.realm, &wallet.pubkey(), &person, &proposal);
    let incomplete = error(GovernanceError::ActionIncomplete);
    community.world.fails_with(submit, &[&wallet], incomplete);
}

#[test]
fn nobody_else_adds_a_part() {
    let (mut community, proposal, _) = drafted(20, 16);
    let intruder = community.wallet(1);
    for member in [0, 1] {
        let person = community.members[member].person;
        let instruction = gov::append_action(&intruder.pubkey(), &person, &proposal, 0, vec![1]);
        community.world.fails_with(instruction, &[&intruder], ADDRESS);
    }
}

#[test]
fn a_part_goes_to_an_action_of_the_draft_alone() {
    let (mut community, proposal, _) = drafted(20, 16);
    let other = community.create_proposal(0, 1);
    let call = part_of(&community, 20, 16);
    let foreign = community.add_action(other, call);
    let (mut instruction, wallet) = append(&community, proposal, vec![1]);
    instruction.accounts[3].pubkey = foreign;
    let expected = error(GovernanceError::ActionOfOtherProposal);
    community.world.fails_with(instruction, &[&wallet], expected);
}

#[test]
fn after_a_cancellation_nothing_is_added() {
    let (mut community, proposal, _) = drafted(20, 16);
    let (cancel, wallet) = community.cancellation(proposal);
    community.world.succeeds(cancel, &[&wallet]);
    refused(&mut community, proposal, vec![1], GovernanceError::ProposalIsNotDraft);
}

#[test]
fn an_action_of_1_024_bytes_is_executed_whole() {
    // a transfer reads its first ten bytes; what follows is carried along
    let mut community = Community::with_members(0, 3);
    let (mint, treasury) = (community.mint.clone(), community.treasury(0));
    let held = community.world.funded(&mint, &treasury, 20_000);
    let friend = community.world.actor("friend").pubkey();
    let to = community.world.token_account(&mint, &friend);
    community.open_book(0, &mint.address);
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    let mut whole = community.token_payment(0, &mint, &held, &to, 700);
    whole.data.extend(bytes(whole.data.len()..1_024));
    whole.data_len = 1_024;
    let data = std::mem::take(&mut whole.data);
    whole.data = data[..16].to_vec();
    let action = community.add_action(proposal, whole);
    for part in data[16..].chunks(700) {
        let (instruction, wallet) = append(&community, proposal, part.to_vec());
        community.world.succeeds(instruction, &[&wallet]);
    }
    let raw = community.world.raw(&action);
    assert_eq!(raw.data.len(), ACTION_HEADER_LEN + 4 * 33 + 1_024);
    assert_eq!(raw.data[ACTION_HEADER_LEN + 4 * 33..], data);
    assert_eq!(raw.lamports, community.world.rent(raw.data.len()));
    community.submit(proposal);
    community.carry(proposal, 10);
    community.decide(proposal);
    let from = community.proposal_state(proposal).executable_from_ts.get();
    community.world.warp_to(from);
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
    assert_eq!(community.world.tokens(&to), 700);
}
