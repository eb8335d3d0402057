use {
    crate::{
        prelude::*,
        upgrades::{governed, voted, OLD},
    },
    commonweal_tests::fixtures::governance::code_address,
};

#[test]
fn an_upgrade_that_is_not_pinned_is_not_submitted() {
    let (mut community, program, buffer) = governed();
    let proposal = community.draft_upgrade(&program, &buffer);
    let (wallet, person) = (community.wallet(0), community.members[0].person);
    let submit = gov::submit_proposal(&community.realm, &wallet.pubkey(), &person, &proposal);
    let incomplete = error(GovernanceError::ActionIncomplete);
    community.world.fails_with(submit.clone(), &[&wallet], incomplete);
    let (pin, _) = community.pinning(proposal, 0, &program, &buffer);
    community.world.succeeds(pin, &[&wallet]);
    let action: ProposalAction = community.world.state(&gov::action_address(&proposal, 0));
    let slot = community.world.raw(&code_address(&program)).data[4..12].to_vec();
    assert_eq!(
        (action.pinned, action.pinned_slot.get().to_le_bytes().to_vec()),
        (1, slot)
    );
    use sha2::{Digest, Sha256};
    let expected: [u8; 32] = Sha256::digest(&community.world.raw(&buffer).data).into();
    assert_eq!(action.pinned_hash, expected);
    let code = community.world.raw(&code_address(&program)).data;
    assert_eq!(usize::try_from(action.pinned_code_len.get()).unwrap(), code.len());
    let expected: [u8; 32] = Sha256::digest(&code[gov::CODE_HEAD_LEN..]).into();
    assert_eq!(action.pinned_code_hash, expected[..28]);
    community.world.succeeds(submit, &[&wallet]);
}

#[test]
fn a_pin_names_the_actions_own_code_and_buffer() {
    let (mut community, program, buffer) = governed();
    let lane = community.treasury(0);
    let other = community.world.keypair("other program").pubkey();
    community.deploy(other, OLD, &lane);
    let other_buffer = community.buffer(OLD, &lane);
    let proposal = community.draft_upgrade(&program, &buffer);
    let mismatch = || error(GovernanceError::BufferMismatch);
    let (pin, wallet) = community.pinning(proposal, 0, &program, &other_buffer);
    community.world.fails_with(pin, &[&wallet], mismatch());
    let (pin, _) = community.pinning(proposal, 0, &other, &buffer);
    community.world.fails_with(pin, &[&wallet], mismatch());
    let (pin, _) = community.pinning(proposal, 0, &program, &buffer);
    community.world.succeeds(pin.clone(), &[&wallet]);
    // once
    community.world.fails_with(pin, &[&wallet], mismatch());
}

/// Pinning an upgrade fails after this change to buffer or code.
#[track_caller]
fn refuse_pin(change: impl FnOnce(&mut Community, Address, Address)) {
    let (mut community, program, buffer) = governed();
    change(&mut community, code_address(&program), buffer);
    let proposal = community.draft_upgrade(&program, &buffer);
    let (pin, wallet) = community.pinning(proposal, 0, &program, &buffer);
    community
        .world
        .fails_with(pin, &[&wallet], error(GovernanceError::BufferMismatch));
}

/// The same after another first or later byte, or another owner.
#[track_caller]
fn refuse_pin_of(of_buffer: bool, change: impl FnOnce(&mut solana_account::Account)) {
    refuse_pin(|community, code, buffer| {
        let address = if of_buffer { buffer } else { code };
        let mut raw = community.world.raw(&address);
        change(&mut raw);
        community.world.set_raw(address, raw);
    });
}

#[test]
fn only_a_buffer_of_the_lane_and_deployed_code_are_pinned() {
    // another kind, no authority, somebody's, another program's, too short
    refuse_pin_of(true, |raw| raw.data[0] = 3);
    refuse_pin_of(true, |raw| raw.data[4] = 0);
    refuse_pin_of(true, |raw| raw.data[5] ^= 1);
    refuse_pin_of(true, |raw| raw.owner = ids::SYSTEM);
    refuse_pin_of(true, |raw| raw.data.truncate(36));
    refuse_pin_of(false, |raw| raw.data[0] = 1);
    refuse_pin_of(false, |raw| raw.owner = ids::SYSTEM);
    refuse_pin_of(false, |raw| raw.data.truncate(11));
}

#[test]
fn nobody_else_pins_and_nothing_but_an_upgrade_of_a_draft_is_pinned() {
    let (mut community, program, buffer) = governed();
    let proposal = community.draft_upgrade(&program, &buffer);
    let intruder = community.wallet(1);
    let (mut pin, wallet) = community.pinning(proposal, 0, &program, &buffer);
    let right = pin.clone();
    pin.accounts[0].pubkey = intruder.pubkey();
    community.world.fails_with(pin.clone(), &[&intruder], ADDRESS);
    pin.accounts[1].pubkey = community.members[1].person;
    community.world.fails_with(pin, &[&intruder], ADDRESS);
    // an action of another proposal
    let other = community.draft_upgrade(&program, &buffer);
    let mut foreign = right.clone();
    foreign.accounts[3].pubkey = gov::action_address(&other, 0);
    let expected = error(GovernanceError::ActionOfOtherProposal);
    community.world.fails_with(foreign, &[&wallet], expected);
    // a payment
    let call = community.payment(0, &ids::TOKEN, 0);
    let payment = community.add_action(proposal, call);
    let mut no_upgrade = right.clone();
    no_upgrade.accounts[3].pubkey = payment;
    let expected = error(GovernanceError::BufferMismatch);
    community.world.fails_with(no_upgrade, &[&wallet], expected);
    // a cancelled draft
    let (cancel, _) = community.cancellation(proposal);
    community.world.succeeds(cancel, &[&wallet]);
    let expected = error(GovernanceError::ProposalIsNotDraft);
    community.world.fails_with(right, &[&wallet], expected);
}

#[test]
fn an_upgrade_by_another_authority_than_the_lane_is_not_proposed() {
    let (mut community, program, buffer) = governed();
    let proposal = community.create_proposal(0, 1);
    let mut call = community.upgrade(&program, &buffer);
    call.accounts[6].address = community.wallet(0).pubkey().to_bytes();
    call.accounts[6].flags = 0;
    let (wallet, person) = (community.wallet(0), community.members[0].person);
    let add = gov::add_action(&community.realm, &wallet.pubkey(), &person, &proposal, 0, call);
    let expected = error(GovernanceError::UpgradeNotPinned);
    community.world.fails_with(add, &[&wallet], expected);
}

#[test]
fn every_byte_of_the_code_is_pinned_and_neither_slot_nor_authority() {
    let (mut community, program, _, proposal) = voted();
    let instruction = community.execution(proposal, 0);
    let code = code_address(&program);
    let right = community.world.raw(&code);
    let changed = || error(GovernanceError::ProgramChanged);
    for place in [gov::CODE_HEAD_LEN, gov::CODE_HEAD_LEN + 1_000, right.data.len() - 1] {
        let mut other = right.clone();
        other.data[place] ^= 1;
        community.world.set_raw(code, other);
        community.world.fails_with(instruction.clone(), &[], changed());
    }
    let mut shorter = right.clone();
    shorter.data.pop();
    community.world.set_raw(code, shorter);
    community.world.fails_with(instruction.clone(), &[], changed());
    // the loader itself asks for the lane's authority
    let mut others = right.clone();
    others.data[13] ^= 1;
    community.world.set_raw(code, others);
    community
        .world
        .fails_with(instruction.clone(), &[], InstructionError::IncorrectAuthority);
    let mut slot = right;
    slot.data[4] ^= 1;
    community.world.set_raw(code, slot);
    community.world.succeeds(instruction, &[]);
}
