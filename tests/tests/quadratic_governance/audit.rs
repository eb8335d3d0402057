//! Attacks that a review of the whole program tried.

use {crate::prelude::*, solana_account::Account};

/// The loader that programs are upgraded through.
const LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");
/// The mint of wrapped lamports.
const NATIVE_MINT: Address = Address::from_str_const("So11111111111111111111111111111111111111112");
/// Where a token account says what of its lamports is not its amount (SPL Token `state.rs`).
const IS_NATIVE: core::ops::Range<usize> = 109..121;

fn account(address: Address, flags: u8) -> ActionAccount {
    ActionAccount {
        address: address.to_bytes(),
        flags,
    }
}

/// A call of a token program by lane 0: an account of the lane, where its lamports go, the lane.
fn token_call(community: &mut Community, program: Address, held: Address, to: Address, data: Vec<u8>) -> ActionCall {
    ActionCall {
        choice: 1,
        lane: 0,
        program: program.to_bytes(),
        outflow_lamports: 0,
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        data_len: data.len() as u16,
        accounts: vec![
            account(held, FLAG_WRITABLE),
            account(to, FLAG_WRITABLE),
            account(community.treasury(0), FLAG_SIGNER),
        ],
        data,
    }
}

/// A vote to close an empty token account of the lane in favour of somebody, or of the lane itself.
fn closing(to_the_lane: bool, declared_lamports: u64) -> (Community, Address) {
    Community::executable(0, |community| {
        let (mint, treasury) = (community.mint.clone(), community.treasury(0));
        let held = community.world.token_account(&mint, &treasury);
        let friend = community.world.actor("friend").pubkey();
        let to = if to_the_lane { treasury } else { friend };
        let call = token_call(community, ids::TOKEN, held, to, vec![9]);
        vec![ActionCall {
            outflow_lamports: declared_lamports,
            ..call
        }]
    })
}

#[test]
fn the_rent_of_a_treasury_token_account_does_not_leave_undeclared() {
    let rent = Community::with_members(0, 1).world.rent(165);
    for declared in [0, rent - 1] {
        let (mut community, proposal) = closing(false, declared);
        let instruction = community.execution(proposal, 0);
        community
            .world
            .fails_with(instruction, &[], error(GovernanceError::OutflowExceedsDeclared));
    }
    let (mut community, proposal) = closing(false, rent);
    let instruction = community.execution(proposal, 0);
    let receipt = community.world.succeeds(instruction, &[]);
    let events = receipt.events::<quadratic_governance::events::ActionExecuted>();
    assert_eq!(events[0].outflow_lamports.get(), rent);
}

#[test]
fn the_rent_of_a_treasury_token_account_returns_to_the_treasury_without_outflow() {
    let (mut community, proposal) = closing(true, 0);
    let before = community.world.lamports(&community.treasury(0));
    let instruction = community.execution(proposal, 0);
    let receipt = community.world.succeeds(instruction, &[]);
    let events = receipt.events::<quadratic_governance::events::ActionExecuted>();
    assert_eq!(events[0].outflow_lamports.get(), 0);
    let after = community.world.lamports(&community.treasury(0));
    assert_eq!(after - before, community.world.rent(165));
}

#[test]
fn lamports_sent_to_a_treasury_token_account_do_not_leave_undeclared() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let mint = community.world.mint_2022("held 2022", 6, &[]);
        let treasury = community.treasury(0);
        let held = community.world.token_account(&mint, &treasury);
        community.world.airdrop(&held, 7_000_000);
        let friend = community.world.actor("friend").pubkey();
        // WithdrawExcessLamports: source, destination, owner
        vec![token_call(community, ids::TOKEN_2022, held, friend, vec![38])]
    });
    let instruction = community.execution(proposal, 0);
    community
        .world
        .fails_with(instruction, &[], error(GovernanceError::OutflowExceedsDeclared));
}

/// Puts that many wrapped lamports into a token account of the lane: there is no mint of theirs in the VM.
fn wrap(community: &mut Community, name: &str, lamports: u64) -> Address {
    let (mint, treasury) = (community.mint.clone(), community.treasury(0));
    let native = Account {
        lamports: 1_000_000_000,
        ..community.world.raw(&mint.address)
    };
    community.world.set_raw(NATIVE_MINT, native);
    let held = community.world.token_account_named(&mint, &treasury, name);
    let mut raw = community.world.raw(&held);
    let rent = raw.lamports;
    raw.lamports += lamports;
    raw.data[..32].copy_from_slice(NATIVE_MINT.as_ref());
    raw.data[64..72].copy_from_slice(&lamports.to_le_bytes());
    raw.data[IS_NATIVE].copy_from_slice(&[&[1, 0, 0, 0][..], &rent.to_le_bytes()].concat());
    community.world.set_raw(held, raw);
    held
}

/// A vote to close a wrapped-lamports account of the lane that holds 900 atoms, in favour of somebody. Another one that it names
/// holds 17,100, so that 900 are what may leave in an epoch.
fn unwrapping(declared_lamports: u64, declared_atoms: u64) -> (Community, Address) {
    Community::executable(0, |community| {
        let held = wrap(community, "wrapped", 900);
        let rest = wrap(community, "more wrapped", 17_100);
        community.open_book(0, &NATIVE_MINT);
        let friend = community.world.actor("friend").pubkey();
        let mut call = token_call(community, ids::TOKEN, held, friend, vec![9]);
        call.accounts.push(account(rest, 0));
        vec![ActionCall {
            outflow_lamports: declared_lamports,
            outflow_mint: NATIVE_MINT.to_bytes(),
            outflow_atoms: declared_atoms,
            ..call
        }]
    })
}

#[test]
fn wrapped_lamports_count_as_atoms_and_their_rent_as_lamports() {
    let rent = Community::with_members(0, 1).world.rent(165);
    for (lamports, atoms) in [(rent - 1, 900), (rent, 899)] {
        let (mut community, proposal) = unwrapping(lamports, atoms);
        let instruction = community.execution(proposal, 0);
        community
            .world
            .fails_with(instruction, &[], error(GovernanceError::OutflowExceedsDeclared));
    }
    let (mut community, proposal) = unwrapping(rent, 900);
    let instruction = community.execution(proposal, 0);
    let receipt = community.world.succeeds(instruction, &[]);
    let events = receipt.events::<quadratic_governance::events::ActionExecuted>();
    assert_eq!(
        (events[0].outflow_lamports.get(), events[0].outflow_atoms.get()),
        (rent, 900)
    );
}

#[test]
fn a_clock_that_steps_back_over_an_epoch_opens_no_second_cap() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        // all of the cap, then what a fresh cap would allow
        [50_000_000_000, 40_000_000_000]
            .map(|lamports| community.payment(0, &payee, lamports))
            .to_vec()
    });
    community.to_epoch(3);
    let first = community.execution(proposal, 0);
    community.world.succeeds(first, &[]);
    community.world.warp(-2, 1);
    let second = community.execution(proposal, 1);
    community
        .world
        .fails_with(second, &[], error(GovernanceError::OutflowExceedsCap));
    assert_eq!(community.realm_state().lanes[0].epoch.get(), 3);
}

#[test]
fn a_clock_that_steps_back_over_an_epoch_does_not_ripen_a_deposit() {
    let mut community = Community::with_members(0, 1);
    community.to_epoch(2);
    community.stake(0, 100 * gov::ATOMS_PER_CREDIT);
    community.world.warp(-2, 1);
    community.stake(0, 1);
    community.to_epoch(2);
    let ballot = community.open_ballot(0);
    let ballot: Ballot = community.world.state(&ballot);
    assert_eq!(
        (ballot.stake_atoms.get(), ballot.budget_credits.get()),
        (0, gov::BASE_CREDITS)
    );
}

#[test]
fn cancelled_drafts_do_not_price_others_out_for_one_bond() {
    // without a wait, one bond's worth of capital, borrowed for a transaction, doubles everybody's bond again and again
    let parameters = RealmParameters {
        proposal_bond_lamports: 1_000_000,
        ..rehearsal_parameters()
    };
    let mut community = Community::with_parameters(0, 1, parameters);
    for name in ["ada", "bob", "cyn"] {
        community.register(name, &[0]);
    }
    let balances =
        |community: &Community| [0, 1, 2].map(|member| community.world.lamports(&community.wallet(member).pubkey()));
    let before = balances(&community);
    // a person has eight open at most
    let proposals: Vec<Address> = (0..17).map(|place| community.create_proposal(place / 8, 1)).collect();
    assert_eq!(community.proposal_state(proposals[16]).bond_lamports.get(), 2_000_000);
    for proposal in &proposals {
        let (cancel, wallet) = community.cancellation(*proposal);
        community.world.succeeds(cancel, &[&wallet]);
        let close = community.closing(*proposal);
        community.world.fails_with(close, &[], error(GovernanceError::BondHeld));
    }
    let last_second = community.epoch_start(1) - 1;
    community.world.warp_to(last_second);
    let close = community.closing(proposals[0]);
    community.world.fails_with(close, &[], error(GovernanceError::BondHeld));
    community.to_epoch(1);
    for proposal in &proposals {
        let close = community.closing(*proposal);
        community.world.succeeds(close, &[]);
    }
    assert_eq!(balances(&community), before);
}

#[test]
fn an_upgrade_that_no_hash_pins_is_not_proposed() {
    // the buffer's author would swap the code after the vote and hand the buffer to the lane just before the execution
    let mut community = Community::with_members(0, 1);
    let proposal = community.create_proposal(0, 1);
    let wallet = community.wallet(0);
    let treasury = community.treasury(0);
    let call = ActionCall {
        choice: 1,
        lane: 0,
        program: LOADER.to_bytes(),
        outflow_lamports: 0,
        outflow_mint: [0; 32],
        outflow_atoms: 0,
        data_len: 4,
        accounts: vec![account(treasury, FLAG_SIGNER)],
        data: vec![3, 0, 0, 0],
    };
    let person = community.members[0].person;
    let instruction = gov::add_action(&community.realm, &wallet.pubkey(), &person, &proposal, 0, call.clone());
    community
        .world
        .fails_with(instruction, &[&wallet], error(GovernanceError::UpgradeNotPinned));
    // handing the program's authority to somebody else needs no pin, but waits as long as an upgrade
    let hand_over = ActionCall {
        data: vec![4, 0, 0, 0],
        ..call
    };
    community.add_action(proposal, hand_over);
    let state = community.proposal_state(proposal);
    assert_eq!((state.class, state.actions_incomplete), (CLASS_UPGRADE, 0));
}

#[test]
fn the_lane_of_another_realm_does_not_sign() {
    let (mut community, proposal) = Community::executable(0, |community| {
        let payee = community.world.actor("payee").pubkey();
        vec![community.payment(0, &payee, 1_000_000)]
    });
    let other_realm = community.create_second_realm();
    let other = gov::treasury_address(&other_realm, 0);
    community.world.airdrop(&other, 1_000_000_000);
    let mut instruction = community.execution(proposal, 0);
    let own = community.treasury(0);
    for meta in &mut instruction.accounts {
        if meta.pubkey == own {
            meta.pubkey = other;
        }
    }
    community.world.fails_with(instruction, &[], ADDRESS);
}
