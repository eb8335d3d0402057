//! Programs are upgraded through the loader itself, by bytecode that was voted on.

use {
    crate::prelude::*,
    commonweal_tests::{fixtures::governance::code_address, world::program_bytes},
    hostile_target::RELAY,
};

/// What the community governs here: first the hostile target, then the libcalls' probe.
pub(crate) const OLD: &str = "hostile_target";
const NEW: &str = "libcalls_probe";

/// A realm of three in epoch 1 whose lane 0 may upgrade a program, and a buffer of the new code that is the lane's.
pub(crate) fn governed() -> (Community, Address, Address) {
    let mut community = Community::with_members(0, 3);
    let lane = community.treasury(0);
    let program = community.world.keypair("governed program").pubkey();
    community.deploy(program, OLD, &lane);
    let buffer = community.buffer(NEW, &lane);
    community.to_epoch(1);
    (community, program, buffer)
}

/// The same with the upgrade voted on; it can be executed.
pub(crate) fn voted() -> (Community, Address, Address, Address) {
    let (mut community, program, buffer) = governed();
    let proposal = community.propose_upgrade(&program, &buffer);
    win(&mut community, proposal);
    (community, program, buffer, proposal)
}

fn win(community: &mut Community, proposal: Address) {
    community.carry(proposal, 7);
    community.decide(proposal);
    let from = community.proposal_state(proposal).executable_from_ts.get();
    community.world.warp_to(from);
}

/// What the probe's product of one vector is; the old code does not know the instruction.
fn probe(community: &mut Community, program: Address) -> Option<u64> {
    let mut data = vec![0];
    data.extend(3u64.to_le_bytes());
    data.extend(1u64.to_le_bytes());
    let instruction = Instruction {
        program_id: program,
        accounts: vec![],
        data,
    };
    match community.world.send(&[instruction], &[]) {
        commonweal_tests::world::Outcome::Succeeded(receipt) => {
            Some(u64::from_le_bytes(receipt.return_data.try_into().unwrap()))
        }
        commonweal_tests::world::Outcome::Failed { .. } => None,
    }
}

#[test]
fn a_vote_replaces_a_programs_code_by_what_was_pinned() {
    let (mut community, program, buffer, proposal) = voted();
    assert_eq!(probe(&mut community, program), None);
    let spill = community.world.actor("spill").pubkey();
    let before = community.world.lamports(&spill);
    let spilt = community.world.lamports(&buffer);
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
    // the runtime runs new code from the next slot on
    community.world.warp_seconds(1);
    assert_eq!(probe(&mut community, program), Some(libcalls_probe::fold(0, 3, 1)));
    let code = community.world.raw(&code_address(&program)).data;
    let new = program_bytes(NEW);
    assert_eq!(code[gov::CODE_HEAD_LEN..][..new.len()], new);
    assert_eq!(
        code[12..gov::CODE_HEAD_LEN],
        [&[1], community.treasury(0).as_ref()].concat()
    );
    assert!(!community.world.exists(&buffer));
    assert!(community.world.lamports(&spill) >= before + spilt);
    assert_eq!(community.proposal_state(proposal).status, Status::Executed as u8);
}

#[test]
fn an_upgrade_waits_longer_and_needs_more_than_a_payment() {
    let (mut community, program, buffer) = governed();
    let proposal = community.propose_upgrade(&program, &buffer);
    assert_eq!(community.proposal_state(proposal).class, CLASS_UPGRADE);
    community.carry(proposal, 7);
    community.decide(proposal);
    // 25 seconds, not 20
    let state = community.proposal_state(proposal);
    assert_eq!(
        state.executable_from_ts.get(),
        state.voting_starts_ts.get() + 40 + 10 + 25
    );
    let instruction = community.execution(proposal, 0);
    for second in [70, 74] {
        community.to_vote_second(second);
        let early = error(GovernanceError::TimelockNotOver);
        community.world.fails_with(instruction.clone(), &[], early);
    }
    community.to_vote_second(75);
    community.world.succeeds(instruction, &[]);
}

#[test]
fn a_majority_that_carries_a_payment_does_not_carry_an_upgrade() {
    // 7 of 12 votes are 58 %: above a half, below 60 %
    let (mut community, program, buffer) = governed();
    let upgrade = community.propose_upgrade(&program, &buffer);
    let call = community.payment(0, &ids::TOKEN, 0);
    let payment = community.propose(vec![call]);
    community.to_epoch(2);
    community.open_all_ballots();
    for proposal in [upgrade, payment] {
        community.cast(0, proposal, 1, 7);
        community.cast(1, proposal, 0, 5);
    }
    community.decide(upgrade);
    community.decide(payment);
    assert_eq!(community.proposal_state(upgrade).status, Status::Defeated as u8);
    assert_eq!(community.proposal_state(payment).status, Status::Succeeded as u8);
}

/// The loader's `Write` of a byte into a buffer's code.
fn write(buffer: &Address, authority: &Address) -> Instruction {
    let mut data = vec![1, 0, 0, 0];
    data.extend(7u32.to_le_bytes());
    data.extend(1u64.to_le_bytes());
    data.push(0xff);
    Instruction {
        program_id: UPGRADEABLE_LOADER,
        accounts: vec![
            AccountMeta::new(*buffer, false),
            AccountMeta::new_readonly(*authority, true),
        ],
        data,
    }
}

#[test]
fn code_swapped_after_the_vote_is_not_deployed() {
    let (mut community, program, buffer) = governed();
    // the author can write until the buffer is handed over, and only what is handed over can be pinned
    let author = community.wallet(0);
    let authors = community.buffer(NEW, &author.pubkey());
    community.world.succeeds(write(&authors, &author.pubkey()), &[&author]);
    let unpinnable = community.draft_upgrade(&program, &authors);
    let (pin, wallet) = community.pinning(unpinnable, 0, &program, &authors);
    let mismatch = || error(GovernanceError::BufferMismatch);
    community.world.fails_with(pin, &[&wallet], mismatch());
    let proposal = community.propose_upgrade(&program, &buffer);
    community.world.fails_with(
        write(&buffer, &author.pubkey()),
        &[&author],
        InstructionError::IncorrectAuthority,
    );
    win(&mut community, proposal);
    let instruction = community.execution(proposal, 0);
    // were it written all the same, or handed on and back: every byte of it is in the hash
    let right = community.world.raw(&buffer);
    for place in [
        5,
        gov::BUFFER_HEAD_LEN,
        gov::BUFFER_HEAD_LEN + 1_000,
        right.data.len() - 1,
    ] {
        let mut swapped = right.clone();
        swapped.data[place] ^= 1;
        community.world.set_raw(buffer, swapped);
        community.world.fails_with(instruction.clone(), &[], mismatch());
    }
    let mut longer = right.clone();
    longer.data.push(0);
    community.world.set_raw(buffer, longer);
    community.world.fails_with(instruction.clone(), &[], mismatch());
    community.world.set_raw(buffer, right);
    community.world.succeeds(instruction, &[]);
}

#[test]
fn another_buffer_than_the_pinned_one_is_refused() {
    let (mut community, _, buffer, proposal) = voted();
    let mut instruction = community.execution(proposal, 0);
    let stranger = community.wallet(1).pubkey();
    let other = community.buffer(NEW, &stranger);
    for meta in &mut instruction.accounts {
        if meta.pubkey == buffer {
            meta.pubkey = other;
        }
    }
    let expected = error(GovernanceError::ActionAccountsMismatch);
    community.world.fails_with(instruction, &[], expected);
}

#[test]
fn a_program_deployed_anew_since_is_not_upgraded_by_an_old_vote() {
    let (mut community, program, buffer) = governed();
    let lane = community.treasury(0);
    let first = community.propose_upgrade(&program, &buffer);
    let second_buffer = community.buffer(OLD, &lane);
    let second = community.propose_upgrade(&program, &second_buffer);
    community.carry(first, 7);
    community.carry(second, 7);
    community.decide(first);
    community.decide(second);
    let from = community.proposal_state(first).executable_from_ts.get();
    community.world.warp_to(from);
    let execution = community.execution(first, 0);
    community.world.succeeds(execution, &[]);
    community.world.warp_seconds(1);
    let execution = community.execution(second, 0);
    let changed = error(GovernanceError::ProgramChanged);
    community.world.fails_with(execution, &[], changed);
}

#[test]
fn a_program_that_hands_the_lanes_signature_on_to_the_loader_upgrades_nothing() {
    // nothing of it is pinned: the called program decides what is deployed
    let (mut community, program, buffer) = governed();
    let relay = community.world.keypair("relay").pubkey();
    community.world.svm.add_program(relay, &program_bytes(OLD)).unwrap();
    let lane = community.treasury(0);
    let upgrade = community.loader_upgrade(&program, &buffer, &lane);
    let mut relayed = upgrade.clone();
    relayed.program_id = relay;
    relayed.data.insert(0, RELAY);
    relayed
        .accounts
        .insert(0, AccountMeta::new_readonly(UPGRADEABLE_LOADER, false));
    let call = community.governed(0, &relayed);
    let mut unwritten = call.clone();
    for account in &mut unwritten.accounts {
        account.flags &= !FLAG_WRITABLE;
    }
    for (call, expected) in [
        (call, error(GovernanceError::UpgradeNotPinned)),
        // read-only they reach the loader, which cannot write them
        (unwritten, InstructionError::InvalidArgument.into()),
    ] {
        let proposal = community.pass(vec![call]);
        let instruction = community.execution(proposal, 0);
        community.world.fails_with(instruction, &[], expected);
    }
    assert_eq!(probe(&mut community, program), None);
}

#[test]
fn a_programs_authority_is_handed_on_after_the_delay_of_upgrades() {
    let (mut community, program, _) = governed();
    let (lane, heir) = (community.treasury(0), community.wallet(0).pubkey());
    // SetAuthority: code, present authority, new one
    let hand_over = Instruction {
        program_id: UPGRADEABLE_LOADER,
        accounts: vec![
            AccountMeta::new(code_address(&program), false),
            AccountMeta::new_readonly(lane, true),
            AccountMeta::new_readonly(heir, false),
        ],
        data: vec![4, 0, 0, 0],
    };
    let call = community.governed(0, &hand_over);
    let proposal = community.propose(vec![call]);
    community.carry(proposal, 7);
    community.decide(proposal);
    let instruction = community.execution(proposal, 0);
    community.to_vote_second(74);
    let early = error(GovernanceError::TimelockNotOver);
    community.world.fails_with(instruction.clone(), &[], early);
    community.to_vote_second(75);
    community.world.succeeds(instruction, &[]);
    let code = community.world.raw(&code_address(&program)).data;
    assert_eq!(&code[13..gov::CODE_HEAD_LEN], heir.as_ref());
}

#[test]
fn the_realm_upgrades_its_own_program_after_the_old_codes_delay() {
    let (mut community, _, _) = governed();
    let (program, lane) = (ids::QUADRATIC_GOVERNANCE, community.treasury(0));
    let code = code_address(&program);
    let mut raw = community.world.raw(&code);
    raw.data[12] = 1;
    raw.data[13..gov::CODE_HEAD_LEN].copy_from_slice(lane.as_ref());
    community.world.set_raw(code, raw);
    let buffer = community.buffer("quadratic_governance", &lane);
    let proposal = community.propose_upgrade(&program, &buffer);
    community.carry(proposal, 7);
    community.decide(proposal);
    let instruction = community.execution(proposal, 0);
    community.to_vote_second(74);
    let early = error(GovernanceError::TimelockNotOver);
    community.world.fails_with(instruction.clone(), &[], early);
    community.to_vote_second(75);
    let units = Community::with_units(1_000_000);
    community.world.all_succeed(&[units, instruction], &[]);
    assert!(!community.world.exists(&buffer));
    // and lives on
    community.to_epoch(3);
    community.open_all_ballots();
}

#[test]
fn extending_a_program_spoils_no_pinned_upgrade() {
    // anybody may, for the rent of the bytes; the loader then writes the slot of the moment as if it were deployed anew
    let (mut community, program, _, proposal) = voted();
    let stranger = community.world.actor("stranger");
    let code = code_address(&program);
    let before = community.world.raw(&code).data;
    // ExtendProgram by 10,240 bytes
    let mut data = vec![6, 0, 0, 0];
    data.extend(10_240u32.to_le_bytes());
    let extend = Instruction {
        program_id: UPGRADEABLE_LOADER,
        accounts: vec![
            AccountMeta::new(code, false),
            AccountMeta::new(program, false),
            AccountMeta::new_readonly(ids::SYSTEM, false),
            AccountMeta::new(stranger.pubkey(), true),
        ],
        data,
    };
    community.world.succeeds(extend, &[&stranger]);
    let after = community.world.raw(&code).data;
    assert_eq!(after.len(), before.len() + 10_240);
    assert_ne!(after[4..12], before[4..12]);
    community.world.warp_seconds(1);
    let instruction = community.execution(proposal, 0);
    community.world.succeeds(instruction, &[]);
}
