//! Incidents of governance programs elsewhere that have no better place: each shows that it cannot happen here.

use {
    crate::prelude::*,
    commonweal_tests::world::Outcome,
    solana_account::Account,
    solana_message::{v0, AddressLookupTableAccount, VersionedMessage},
    solana_transaction::versioned::VersionedTransaction,
    spl_token_2022_interface::instruction as token,
};

const LOOKUP_TABLES: Address = Address::from_str_const("AddressLookupTab1e1111111111111111111111111");

#[test]
fn re_initialisation_is_refused() {
    let mut community = Community::with_members(0, 1);
    let in_use = || InstructionError::Custom(0);
    // a realm of the same name, by its founder and by somebody else
    let founder = community.founder.insecure_clone();
    let again = community.create_realm_instruction();
    community.world.fails_with(again.clone(), &[&founder], in_use());
    let thief = community.world.actor("thief");
    let mut stolen = again;
    stolen.accounts[0].pubkey = thief.pubkey();
    community.world.fails_with(stolen, &[&thief], in_use());
    // an attestor in another slot
    let key = community.attestor_key(0).pubkey();
    let choice = community.attestor_choice(5, 9);
    let attestor = gov::add_attestor(&community.realm, &founder.pubkey(), &key, choice);
    community.world.fails_with(attestor, &[&founder], in_use());
    // a proposal under an index that was given
    community.create_proposal(0, 1);
    let (wallet, person) = (community.wallet(0), community.members[0].person);
    let proposal = gov::create_proposal(&community.realm, &wallet.pubkey(), &person, 0, [0; 32], 1);
    let seeds = anchor_lang::ErrorCode::ConstraintSeeds;
    community.world.fails_with(proposal, &[&wallet], seeds);
}

/// A lookup table with these addresses, as its program keeps it: kind, never deactivated, extended long ago, without authority.
fn lookup_table(community: &mut Community, addresses: &[Address]) -> Address {
    let table = community.world.keypair("lookup table").pubkey();
    let mut data = vec![1, 0, 0, 0];
    data.extend(u64::MAX.to_le_bytes());
    data.resize(56, 0);
    for address in addresses {
        data.extend_from_slice(address.as_ref());
    }
    let account = Account {
        lamports: community.world.rent(data.len()),
        data,
        owner: LOOKUP_TABLES,
        ..Account::default()
    };
    community.world.set_raw(table, account);
    table
}

/// Sends the instruction with every account that does not sign looked up in the table.
fn send_by_table(
    community: &mut Community,
    instruction: &Instruction,
    table: Address,
    addresses: &[Address],
) -> Outcome {
    let payer = community.world.fee_payer.insecure_clone();
    community.world.svm.expire_blockhash();
    let table = AddressLookupTableAccount {
        key: table,
        addresses: addresses.to_vec(),
    };
    let blockhash = community.world.svm.latest_blockhash();
    let message =
        v0::Message::try_compile(&payer.pubkey(), std::slice::from_ref(instruction), &[table], blockhash).unwrap();
    assert!(!message.address_table_lookups.is_empty());
    let transaction = VersionedTransaction::try_new(VersionedMessage::V0(message), &[&payer]).unwrap();
    match community.world.svm.send_transaction(transaction) {
        Ok(meta) => Outcome::Succeeded(commonweal_tests::world::Receipt {
            compute_units: meta.compute_units_consumed,
            logs: meta.logs,
            return_data: vec![],
        }),
        Err(failed) => Outcome::Failed {
            failure: failed.err.into(),
            logs: failed.meta.logs,
        },
    }
}

#[test]
fn a_lookup_table_closed_after_the_vote_stops_no_execution() {
    // what was voted on are full keys; a table is the executor's own choice
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![community.payment(0, &payee, 1_000_000); 3]
    });
    let first = community.execution(proposal, 0);
    let addresses: Vec<Address> = first.accounts.iter().map(|meta| meta.pubkey).collect();
    let table = lookup_table(&mut community, &addresses);
    send_by_table(&mut community, &first, table, &addresses).succeeded();
    community.world.set_raw(table, Account::default());
    let second = community.execution(proposal, 1);
    let closed = send_by_table(&mut community, &second, table, &addresses);
    assert!(closed.failure().is_some());
    // without one
    community.world.succeeds(second, &[]);
    // by another one
    let third = community.execution(proposal, 2);
    let addresses: Vec<Address> = third.accounts.iter().rev().map(|meta| meta.pubkey).collect();
    let table = lookup_table(&mut community, &addresses);
    send_by_table(&mut community, &third, table, &addresses).succeeded();
    assert_eq!(community.proposal_state(proposal).status, Status::Executed as u8);
}

#[test]
fn relinquishing_after_the_end_and_burning_the_supply_changes_no_quorum() {
    // elsewhere the quorum was a part of the supply of the moment of finalizing; here it is persons, frozen at submission
    let finished = |burn: bool| {
        let mut community = Community::with_members(0, 3);
        let tokens = community.stake(0, 300 * gov::ATOMS_PER_CREDIT);
        community.to_epoch(1);
        let proposal = community.propose(vec![]);
        community.to_epoch(2);
        community.open_all_ballots();
        community.cast(0, proposal, 1, 20);
        community.to_epoch(3);
        if burn {
            let (wallet, person) = (community.wallet(0), community.members[0].person);
            let mint = community.mint.clone();
            let atoms = 300 * gov::ATOMS_PER_CREDIT;
            let out = gov::unstake_tokens(&community.realm, &wallet.pubkey(), &person, &tokens, &mint, atoms);
            community.world.succeeds(out, &[&wallet]);
            let ballot = community.ballot_of(0, 2);
            let close = gov::close_ballot(&wallet.pubkey(), &person, &ballot, &wallet.pubkey());
            community.world.succeeds(close, &[&wallet]);
            let burn = token::burn(&mint.program, &tokens, &mint.address, &wallet.pubkey(), &[], atoms).unwrap();
            community.world.succeeds(burn, &[&wallet]);
            assert_eq!(community.world.supply(&mint.address), 0);
        }
        community.finalize(proposal);
        let state = community.proposal_state(proposal);
        (
            state.status,
            state.voters.get(),
            state.spent_credits.get(),
            state.quorum_persons.get(),
            state.quorum_credits.get(),
        )
    };
    assert_eq!(finished(true), finished(false));
    assert_eq!(finished(true).0, Status::Executed as u8);
}
