//! Proposals that call a hostile program: `tests/programs/hostile-target`.

use {
    crate::prelude::*,
    commonweal_tests::world::{program_bytes, Mint},
    hostile_target::{ASSIGN, GROW, RELAY, TAKE, WRITE},
    solana_system_interface::instruction as system,
    spl_token_2022_interface::instruction as token,
};

/// Where the hostile program lies.
const HOSTILE: Address = Address::new_from_array([66; 32]);

/// The hostile program called with these accounts.
fn call(community: &Community, data: Vec<u8>, accounts: Vec<AccountMeta>) -> ActionCall {
    let instruction = Instruction {
        program_id: HOSTILE,
        accounts,
        data,
    };
    community.governed(0, &instruction)
}

/// An instruction that the hostile program hands the lane's signature on to.
fn relayed(community: &Community, instruction: Instruction) -> ActionCall {
    let mut accounts = vec![AccountMeta::new_readonly(instruction.program_id, false)];
    accounts.extend(instruction.accounts);
    let mut data = vec![RELAY];
    data.extend(instruction.data);
    call(community, data, accounts)
}

/// A realm whose vote for these actions can be executed; its lane 0 holds 1,000 SOL.
fn voted(calls: impl FnOnce(&mut Community) -> Vec<ActionCall>) -> (Community, Address) {
    Community::executable(0, |community| {
        community
            .world
            .svm
            .add_program(HOSTILE, &program_bytes("hostile_target"))
            .unwrap();
        calls(community)
    })
}

/// The vote is carried, and its execution still fails.
#[track_caller]
fn refuse(call: impl FnOnce(&mut Community) -> ActionCall, expected: impl Into<Failure>) {
    let (mut community, proposal) = voted(|community| vec![call(community)]);
    let instruction = community.execution(proposal, 0);
    community.world.fails_with(instruction, &[], expected);
    assert_eq!(community.proposal_state(proposal).executed_count, 0);
    community.assert_invariants();
}

/// The lane, the thief, and an account of the lane with 18,000 atoms and one of the thief.
fn stage(community: &mut Community) -> (Address, Address, Mint, Address, Address) {
    let (lane, mint) = (community.treasury(0), community.mint.clone());
    let thief = community.world.actor("thief").pubkey();
    let held = community.world.funded(&mint, &lane, 18_000);
    let stolen = community.world.token_account(&mint, &thief);
    (lane, thief, mint, held, stolen)
}

#[test]
fn a_signer_leaked_into_proposal_code_moves_what_was_declared_and_no_lamport_more() {
    for (declared, leaves) in [(1_000_000, true), (999_999, false)] {
        let (mut community, proposal) = voted(|community| {
            let (lane, thief, ..) = stage(community);
            vec![ActionCall {
                outflow_lamports: declared,
                ..relayed(community, system::transfer(&lane, &thief, 1_000_000))
            }]
        });
        let thief = community.world.actor("thief").pubkey();
        let before = community.world.lamports(&thief);
        let instruction = community.execution(proposal, 0);
        if leaves {
            community.world.succeeds(instruction, &[]);
            assert_eq!(community.world.lamports(&thief), before + 1_000_000);
        } else {
            let expected = error(GovernanceError::OutflowExceedsDeclared);
            community.world.fails_with(instruction, &[], expected);
        }
    }
}

#[test]
fn a_signer_leaked_into_proposal_code_moves_no_undeclared_token() {
    let theft = |community: &mut Community| {
        let (lane, _, mint, held, stolen) = stage(community);
        let data = (mint.program, mint.address, mint.decimals);
        let steal = token::transfer_checked(&data.0, &held, &data.1, &stolen, &lane, &[], 300, data.2).unwrap();
        (relayed(community, steal), mint)
    };
    refuse(
        |community| theft(community).0,
        error(GovernanceError::OutflowExceedsDeclared),
    );
    // declared, but fewer
    refuse(
        |community| {
            let (call, mint) = theft(community);
            community.open_book(0, &mint.address);
            ActionCall {
                outflow_mint: mint.address.to_bytes(),
                outflow_atoms: 299,
                ..call
            }
        },
        error(GovernanceError::OutflowExceedsDeclared),
    );
}

#[test]
fn a_lane_assigned_or_given_data_is_taken_back() {
    for direct in [true, false] {
        for give_away in [
            (|lane: &Address| system::assign(lane, &HOSTILE)) as fn(&Address) -> Instruction,
            |lane| system::allocate(lane, 8),
        ] {
            refuse(
                |community| {
                    let lane = community.treasury(0);
                    let instruction = give_away(&lane);
                    if direct {
                        community.governed(0, &instruction)
                    } else {
                        relayed(community, instruction)
                    }
                },
                error(GovernanceError::TreasuryGivenAway),
            );
        }
    }
}

#[test]
fn a_lanes_tokens_approved_or_signed_away_are_taken_back() {
    type Theft = fn(&Address, &Address, &Address, &Address) -> Instruction;
    let thefts: [Theft; 3] = [
        |program, held, lane, thief| token::approve(program, held, thief, lane, &[], 1).unwrap(),
        |program, held, lane, thief| {
            let kind = token::AuthorityType::AccountOwner;
            token::set_authority(program, held, Some(thief), kind, lane, &[]).unwrap()
        },
        |program, held, lane, thief| {
            let kind = token::AuthorityType::CloseAccount;
            token::set_authority(program, held, Some(thief), kind, lane, &[]).unwrap()
        },
    ];
    for theft in thefts {
        refuse(
            |community| {
                let (lane, thief, mint, held, _) = stage(community);
                let instruction = theft(&mint.program, &held, &lane, &thief);
                relayed(community, instruction)
            },
            error(GovernanceError::TreasuryGivenAway),
        );
    }
}

#[test]
fn an_empty_token_account_of_the_lane_is_not_closed_for_its_rent() {
    refuse(
        |community| {
            let (lane, mint) = (community.treasury(0), community.mint.clone());
            let thief = community.world.actor("thief").pubkey();
            let held = community.world.token_account(&mint, &lane);
            let close = token::close_account(&mint.program, &held, &thief, &lane, &[]).unwrap();
            relayed(community, close)
        },
        error(GovernanceError::OutflowExceedsDeclared),
    );
}

/// `execute_action` of a proposal's action as the hostile program would call it from within an action.
fn recursion(community: &Community, proposal: Address, writable: bool) -> ActionCall {
    let meta = |address, is_writable: bool| AccountMeta {
        pubkey: address,
        is_signer: false,
        is_writable: is_writable && writable,
    };
    let program = quadratic_governance::ID;
    let again = Instruction {
        program_id: program,
        accounts: vec![
            meta(community.realm, true),
            meta(proposal, true),
            meta(gov::action_address(&proposal, 0), true),
            meta(community.treasury(0), false),
            meta(ids::SYSTEM, false),
            meta(program, false),
        ],
        data: vec![16],
    };
    relayed(community, again)
}

#[test]
fn recursion_into_execute_is_refused() {
    // of the proposal that is being executed: it is named twice
    for writable in [true, false] {
        refuse(
            |community| recursion(community, *community.proposals.last().unwrap(), writable),
            DUPLICATE,
        );
    }
    // of another one
    for (writable, expected) in [
        (true, error(GovernanceError::GovernanceAccountWritable)),
        (false, InstructionError::ReentrancyNotAllowed.into()),
    ] {
        refuse(
            |community| {
                let other = community.create_proposal(1, 1);
                let payment = community.payment(0, &ids::TOKEN, 0);
                community.add_action(other, payment);
                recursion(community, other, writable)
            },
            expected,
        );
    }
}

#[test]
fn the_executors_signature_does_not_reach_the_called_program() {
    let (mut community, proposal) = voted(|community| {
        let (executor, thief) = (
            community.world.actor("executor").pubkey(),
            community.world.actor("thief").pubkey(),
        );
        let steal = system::transfer(&executor, &thief, 1);
        let mut call = relayed(community, steal);
        assert!(call.accounts.iter().all(|account| account.flags & FLAG_SIGNER == 0));
        call.outflow_lamports = 0;
        vec![call]
    });
    let executor = community.world.actor("executor");
    let mut instruction = community.execution(proposal, 0);
    for meta in &mut instruction.accounts {
        meta.is_signer |= meta.pubkey == executor.pubkey();
    }
    community
        .world
        .fails_with(instruction, &[&executor], InstructionError::MissingRequiredSignature);
}

#[test]
fn an_account_swapped_by_the_executor_is_noticed() {
    let (mut community, proposal) = voted(|community| {
        let (lane, _, mint, held, stolen) = stage(community);
        community.open_book(0, &mint.address);
        // the unchecked one, which asks for no mint among the accounts
        #[allow(deprecated)]
        let pay = token::transfer(&mint.program, &held, &stolen, &lane, &[], 300).unwrap();
        vec![ActionCall {
            outflow_mint: mint.address.to_bytes(),
            outflow_atoms: 300,
            ..relayed(community, pay)
        }]
    });
    let (_, _, mint, held, stolen) = stage(&mut community);
    let executor = community.world.actor("executor").pubkey();
    let own = community.world.token_account(&mint, &executor);
    let instruction = community.execution(proposal, 0);
    let place = instruction
        .accounts
        .iter()
        .position(|meta| meta.pubkey == stolen)
        .unwrap();
    for other in [own, held] {
        let mut swapped = instruction.clone();
        swapped.accounts[place].pubkey = other;
        let expected = error(GovernanceError::ActionAccountsMismatch);
        community.world.fails_with(swapped, &[], expected);
    }
    community.world.succeeds(instruction, &[]);
    assert_eq!(community.world.tokens(&stolen), 300);
}

#[test]
fn no_account_of_the_realm_is_handed_to_a_program_to_be_written() {
    type Pick = fn(&mut Community) -> Address;
    let accounts: [Pick; 5] = [
        |community| community.realm,
        |community| community.create_proposal(1, 1),
        |community| community.members[1].person,
        |community| gov::attestor_address(&community.realm, &community.attestor_key(0).pubkey()),
        |community| {
            let mint = community.mint.address;
            community.open_book(0, &mint)
        },
    ];
    for pick in accounts {
        for act in [WRITE, GROW, ASSIGN, TAKE] {
            refuse(
                |community| {
                    let account = pick(community);
                    let thief = community.world.actor("thief").pubkey();
                    let metas = vec![AccountMeta::new(account, false), AccountMeta::new(thief, false)];
                    call(community, vec![act], metas)
                },
                error(GovernanceError::GovernanceAccountWritable),
            );
        }
    }
}

#[test]
fn read_only_accounts_of_the_realm_stay_what_they_are() {
    for (act, expected) in [
        (WRITE, InstructionError::ReadonlyDataModified),
        (GROW, InstructionError::ReadonlyDataModified),
        (ASSIGN, InstructionError::ModifiedProgramId),
        (TAKE, InstructionError::ExternalAccountLamportSpend),
    ] {
        refuse(
            |community| {
                let thief = community.world.actor("thief").pubkey();
                let metas = vec![
                    AccountMeta::new_readonly(community.realm, false),
                    AccountMeta::new(thief, false),
                ];
                call(community, vec![act], metas)
            },
            expected,
        );
    }
}

#[test]
fn the_lane_and_its_token_accounts_stay_what_they_are() {
    for (act, expected) in [
        (GROW, InstructionError::ExternalAccountDataModified),
        (ASSIGN, InstructionError::ModifiedProgramId),
        (TAKE, InstructionError::ExternalAccountLamportSpend),
    ] {
        for of_tokens in [false, true] {
            // an empty account doubled stays empty
            if act == GROW && !of_tokens {
                continue;
            }
            refuse(
                |community| {
                    let (lane, thief, _, held, _) = stage(community);
                    let account = if of_tokens { held } else { lane };
                    let metas = vec![
                        AccountMeta::new(account, account == lane),
                        AccountMeta::new(thief, false),
                    ];
                    call(community, vec![act], metas)
                },
                expected.clone(),
            );
        }
    }
    refuse(
        |community| {
            let (_, _, _, held, _) = stage(community);
            call(community, vec![WRITE], vec![AccountMeta::new(held, false)])
        },
        InstructionError::ExternalAccountDataModified,
    );
}

#[test]
fn a_refused_theft_can_be_tried_again_and_stays_refused_until_it_expires() {
    let (mut community, proposal) = voted(|community| {
        let (lane, thief, ..) = stage(community);
        vec![relayed(community, system::transfer(&lane, &thief, 1))]
    });
    let instruction = community.execution(proposal, 0);
    let expected = || error(GovernanceError::OutflowExceedsDeclared);
    community.world.fails_with(instruction.clone(), &[], expected());
    community.to_vote_second(119);
    community.world.fails_with(instruction, &[], expected());
    community.to_vote_second(120);
    community.world.succeeds(gov::expire_proposal(&proposal), &[]);
}
