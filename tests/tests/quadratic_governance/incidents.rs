//! What has gone wrong elsewhere, and must not here.

use crate::prelude::*;

#[test]
fn signer_leaked_into_proposal_code() {
    // the action would take from the executor, whose signature is in the transaction
    let (mut community, proposal) = Community::executable(0, |community| {
        let (executor, thief) = (
            community.world.actor("executor").pubkey(),
            community.world.actor("thief").pubkey(),
        );
        let mut call = community.payment(0, &thief, 1_000_000);
        call.accounts[0] = ActionAccount {
            address: executor.to_bytes(),
            flags: FLAG_WRITABLE,
        };
        vec![call]
    });
    let executor = community.world.actor("executor");
    let mut instruction = community.execution(proposal, 0);
    for meta in &mut instruction.accounts {
        meta.is_signer = meta.pubkey == executor.pubkey();
    }
    community
        .world
        .fails_with(instruction, &[&executor], InstructionError::MissingRequiredSignature);
}

#[test]
fn recursion_into_execute() {
    let mut community = Community::with_members(0, 1);
    let proposal = community.create_proposal(0, 1);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    for discriminator in (0..=u8::MAX).filter(|discriminator| ![1, 2, 20, 21, 22].contains(discriminator)) {
        let call = ActionCall {
            program: ids::QUADRATIC_GOVERNANCE.to_bytes(),
            data_len: 1,
            data: vec![discriminator],
            ..community.payment(0, &ids::TOKEN, 1)
        };
        let instruction = gov::add_action(&community.realm, &wallet.pubkey(), &person, &proposal, 0, call);
        community
            .world
            .fails_with(instruction, &[&wallet], error(GovernanceError::SelfCallRefused));
    }
}

#[test]
fn an_action_that_would_write_a_governance_account_through_another_program() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let victim = community.members[1].person;
        vec![community.payment(0, &victim, 1)]
    });
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::GovernanceAccountWritable));
}

#[test]
fn an_action_that_names_its_own_proposal_writable() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let index = community.realm_state().proposal_count.get() - 1;
        let own = gov::proposal_address(&community.realm, index);
        vec![community.payment(0, &own, 1)]
    });
    let instruction = community.execution(proposal, 0);
    community.world.fails_with(instruction, &[], DUPLICATE);
}

#[test]
fn a_lane_assigned_away() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let mut call = community.payment(0, &ids::TOKEN, 0);
        call.accounts.truncate(1);
        call.data = [vec![1, 0, 0, 0], ids::TOKEN.to_bytes().to_vec()].concat();
        call.data_len = 36;
        vec![call]
    });
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::TreasuryGivenAway));
}

#[test]
fn a_lane_given_data() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let mut call = community.payment(0, &ids::TOKEN, 0);
        call.accounts.truncate(1);
        call.data = [vec![8, 0, 0, 0], 100u64.to_le_bytes().to_vec()].concat();
        vec![call]
    });
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::TreasuryGivenAway));
}

#[test]
fn lamports_sent_ahead_to_an_address_do_not_stop_its_creation() {
    let mut community = Community::with_attestors(0, 1);
    let (name, realm) = ("ada", community.realm);
    let member = community.stranger(name);
    let stake = gov::stake_address(&realm, &member.person, &member.wallet.pubkey());
    let proposal = gov::proposal_address(&realm, 0);
    for address in [
        member.person,
        gov::wallet_address(&realm, &member.wallet.pubkey()),
        stake,
        gov::vault_address(&stake),
        proposal,
        gov::action_address(&proposal, 0),
        gov::ballot_address(&realm, &member.person, 2),
    ] {
        community.world.airdrop(&address, 1_000_000);
    }
    community.register(name, &[0]);
    community.stake(0, 5_000);
    community.to_epoch(1);
    assert_eq!(community.create_proposal(0, 1), proposal);
    let call = community.payment(0, &ids::TOKEN, 1);
    community.add_action(proposal, call);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_ballot(0);
    community.cast(0, proposal, 1, 10);
}

#[test]
fn an_attestor_that_a_vote_added_is_disabled_by_another_and_the_rent_returns_to_the_lane() {
    let as_action = |community: &Community, instruction: Instruction| ActionCall {
        choice: 1,
        lane: 0,
        program: ids::QUADRATIC_GOVERNANCE.to_bytes(),
        outflow_lamports: 10_000_000,
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        accounts: instruction
            .accounts
            .iter()
            .map(|meta| ActionAccount {
                address: meta.pubkey.to_bytes(),
                flags: u8::from(meta.is_writable)
                    | if meta.pubkey == community.treasury(0) {
                        FLAG_SIGNER | FLAG_WRITABLE
                    } else {
                        0
                    },
            })
            .collect(),
        data_len: u16::try_from(instruction.data.len()).unwrap(),
        data: instruction.data,
    };
    let (mut community, proposal) = Community::executable(0, |community| {
        let (realm, lane) = (community.realm, community.treasury(0));
        let key = community.world.actor("elected attestor").pubkey();
        let choice = community.attestor_choice(7, 20);
        vec![
            as_action(community, gov::add_attestor(&realm, &lane, &key, choice)),
            as_action(community, gov::disable_attestor(&realm, &lane, &key, &lane)),
        ]
    });
    let treasury = community.treasury(0);
    let before = community.world.lamports(&treasury);
    for index in 0..2 {
        let instruction = community.execution(proposal, index);
        community.world.succeeds(instruction, &[]);
    }
    assert_eq!(community.world.lamports(&treasury), before);
    assert_eq!(community.realm_state().attestor_slots.get(), 1);
}

#[test]
fn a_self_call_for_another_realm_is_not_authorized() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let other = community.create_second_realm();
        let (lane, key) = (
            community.treasury(0),
            community.world.actor("elected attestor").pubkey(),
        );
        let instruction = gov::add_attestor(&other, &lane, &key, community.attestor_choice(7, 20));
        vec![ActionCall {
            choice: 1,
            lane: 0,
            program: ids::QUADRATIC_GOVERNANCE.to_bytes(),
            outflow_lamports: 10_000_000,
            outflow_mint: [0; 32],
            outflow_atoms: 0,
            accounts: instruction
                .accounts
                .iter()
                .map(|meta| ActionAccount {
                    address: meta.pubkey.to_bytes(),
                    flags: u8::from(meta.is_writable) | (u8::from(meta.is_signer) << 1),
                })
                .collect(),
            data_len: u16::try_from(instruction.data.len()).unwrap(),
            data: instruction.data,
        }]
    });
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::NotAuthorized));
}
