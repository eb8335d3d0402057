//! What has gone wrong elsewhere, and must not here.

use crate::prelude::*;

#[test]
fn deposit_vote_withdraw_in_one_transaction() {
    let (mut community, proposal) = Community::with_submitted(0, 1);
    let tokens = community.stake(0, 5_000);
    let mint = community.mint.clone();
    community.world.mint_into(&mint, &tokens, 1_000_000);
    community.to_epoch(2);
    let wallet = community.wallet(0);
    let (key, realm, stake) = (wallet.pubkey(), community.realm, community.stake_of(0));
    let person = community.members[0].person;
    let ballot = community.ballot_of(0, 2);
    let deposit = gov::stake_tokens(&realm, &key, &stake, &tokens, &mint, 1_000_000);
    let open = gov::open_ballot(&realm, &key, &key, &person, Some(stake), 2);
    let withdraw = gov::unstake_tokens(&realm, &key, &person, &tokens, &mint, 1_000_000);
    // with the borrowed million the budget would be 400; it is 105
    let greedy = [
        deposit.clone(),
        open.clone(),
        gov::cast_votes(&key, &person, &ballot, &proposal, 1, 20),
    ];
    community
        .world
        .all_fail_with(&greedy, &[&wallet], error(GovernanceError::BudgetExceeded));
    let modest = [
        deposit,
        open,
        gov::cast_votes(&key, &person, &ballot, &proposal, 1, 10),
        withdraw,
    ];
    community
        .world
        .all_fail_with(&modest, &[&wallet], error(GovernanceError::StakeCounts));
}

#[test]
fn stale_weight_after_withdrawal() {
    let mut community = Community::with_members(0, 1);
    let tokens = community.stake(0, 300_000);
    community.to_epoch(2);
    let first = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&first).budget_credits.get(), 400);
    community.to_epoch(3);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let withdraw = gov::unstake_tokens(
        &community.realm,
        &wallet.pubkey(),
        &person,
        &tokens,
        &community.mint,
        300_000,
    );
    community.world.succeeds(withdraw, &[&wallet]);
    let second = community.open_ballot(0);
    assert_eq!(community.world.state::<Ballot>(&second).budget_credits.get(), 100);
}

#[test]
fn close_and_reopen_a_ballot_for_a_fresh_budget() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    community.cast(0, proposal, 1, 10);
    let wallet = community.wallet(0);
    let (key, person, ballot) = (wallet.pubkey(), community.members[0].person, community.ballot_of(0, 2));
    let close = gov::close_ballot(&key, &person, &ballot, &key);
    let open = gov::open_ballot(&community.realm, &key, &key, &person, None, 2);
    let both = [close.clone(), open.clone()];
    community
        .world
        .all_fail_with(&both, &[&wallet], error(GovernanceError::BallotEpochNotOver));
    community.to_epoch(3);
    let both = [close, open];
    community
        .world
        .all_fail_with(&both, &[&wallet], error(GovernanceError::EpochIsNotCurrent));
}

#[test]
fn a_clock_that_steps_back_over_an_epoch_gives_no_second_ballot() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(3);
    community.open_ballot(0);
    community.world.warp(-1, 1);
    let wallet = community.wallet(0);
    let person = community.members[0].person;
    let open = gov::open_ballot(&community.realm, &wallet.pubkey(), &wallet.pubkey(), &person, None, 2);
    community
        .world
        .fails_with(open, &[&wallet], error(GovernanceError::BallotOpenedAlready));
}

#[test]
fn last_minute_cancel_parking_opponents_credits() {
    let (mut community, proposal) = Community::in_vote(0, 2);
    community.cast(1, proposal, 0, 10);
    community.to_vote_second(39);
    let (cancel, wallet) = community.cancellation(proposal);
    community
        .world
        .fails_with(cancel, &[&wallet], error(GovernanceError::CancelTooLate));
}

#[test]
fn lowering_quorum_does_not_revive_old_proposals() {
    let parameters = RealmParameters {
        min_persons: 3,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for index in 0..4 {
        community.register(&format!("member {index}"), &[0]);
    }
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 1);
    community.submit(proposal);
    // set_parameters never reaches an epoch whose proposals may be submitted; even if it did, the copy is what counts
    let realm = community.realm;
    community.force(realm, |realm: &mut Realm| {
        realm.rules.min_persons = 0u32.into();
        realm.rules.timelock_s = 0u32.into();
    });
    community.to_epoch(2);
    community.open_all_ballots();
    community.cast(0, proposal, 1, 10);
    community.to_vote_second(60);
    community.finalize(proposal);
    let state = community.proposal_state(proposal);
    assert_eq!((state.status, state.quorum_persons.get()), (Status::Defeated as u8, 3));
}

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
fn ten_thousand_sybils_from_one_attestor() {
    // scaled down: an attestor's twenty puppets against four persons of four other attestors
    let parameters = RealmParameters {
        cohort_floor_votes: 10,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 5, parameters);
    for slot in 1..5 {
        community.register(&format!("person {slot}"), &[slot]);
    }
    for index in 0..6 {
        community.register(&format!("puppet {index}"), &[0]);
    }
    // the growth of an epoch is used up, whatever the attestor signs
    let puppet = community.stranger("puppet 6");
    let (instruction, signers) = community.register_instruction(&puppet, &[0]);
    let signers: Vec<&Keypair> = signers.iter().collect();
    community
        .world
        .fails_with(instruction, &signers, error(GovernanceError::GrowthExhausted));
    community.to_epoch(1);
    let proposal = community.create_proposal(0, 2);
    community.submit(proposal);
    community.to_epoch(2);
    community.open_all_ballots();
    for member in 0..4 {
        community.cast(member, proposal, 1, 8);
    }
    for member in 4..10 {
        community.cast(member, proposal, 2, 10);
    }
    community.to_vote_second(60);
    community.finalize(proposal);
    // 60 puppet votes count √(15·60) = 30, four persons' 32 votes count in full
    let state = community.proposal_state(proposal);
    assert_eq!(
        (state.totals_q16[1].get(), state.totals_q16[2].get()),
        (32 << 16, 30 << 16)
    );
    assert_eq!(state.winner, 1);
}

#[test]
fn splitting_a_stake_over_proposals_or_options_gains_nothing() {
    let (mut community, proposal) = Community::in_vote(0, 1);
    community.cast(0, proposal, 1, 10);
    community.cast(0, proposal, 2, 10);
    let state = community.proposal_state(proposal);
    assert_eq!((state.totals_q16[1].get(), state.totals_q16[2].get()), (0, 10 << 16));
    assert_eq!(state.voters.get(), 1);
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
